"""Every final record is to be filed where the council keeps it, once for each revision, and the record says so then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.filing_stories import agreed, council_of, filing_of, late, to_file
from tests.unit.workflows.stories import away, bounces, deadline, disputed, draft, held, sent, statuses, step
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import RecordKind, Role, SessionKind, Workflow


# -- opening
@pytest.mark.clause(
    "NS-09", "NS-84", "NS-43", "NS-63", "LDS-25", "LDS-26", "DAR-12", "DAR-26", "HAR-32", "CBC-39", "CBC-61", "CBC-62"
)
@pytest.mark.parametrize(
    ("policy", "kind", "system", "place", "clause"),
    [
        ("north-somerset", "case", "lcs", "LCS", "NS-09, NS-84"),
        ("north-somerset", "personal", "people-space", "People Space", "NS-43, NS-63"),
        ("leeds", "case", "child-file", "family’s file", "LDS-26, LDS-44"),
        ("leeds", "personal", "supervisor-file", "supervisor’s secure file", "LDS-25"),
        ("darlington", "case", "liquidlogic", "Liquid Logic", "DAR-12"),
        ("darlington", "personal", "my-view", "my view", "DAR-26"),
        ("haringey", "case", "liquidlogic", "Liquid Logic", "HAR-32"),
        ("central-bedfordshire", "case", "mosaic", "MOSAIC", "CBC-39, CBC-61"),
        ("central-bedfordshire", "personal", "box", "BOX", "CBC-62"),
    ],
)
def test_a_signed_record_is_to_be_filed_where_its_clause_says(
    policy: str, kind: str, system: str, place: str, clause: str
) -> None:
    council = council_of(policy)

    filing = to_file(council, kind)

    assert (filing.state, filing.kind, filing.data["system"]) == ("to_file", kind, system)
    assert place in filing.data["place"]
    assert step(council, filing, "open")["clause"] == clause
    assert (filing.supervisee, filing.supervisor, filing.holder) == ("wkr", "sup", "sup")
    assert filing.case == ("c1" if kind == "case" else None)


def test_a_record_that_is_not_final_is_not_to_be_filed() -> None:
    council = council_of()
    sent(council)
    disputed(council, "case")

    assert council.find(Workflow.filing) == []


def test_a_record_that_silence_accepts_is_to_be_filed() -> None:
    council = council_of("central-bedfordshire")
    record = sent(council)

    council.until("2025-03-11T09:00")

    assert council.matter(record).state == "deemed_accepted"
    assert filing_of(council, record).data["record_state"] == "deemed_accepted"


def test_a_record_is_to_be_filed_when_its_dispute_is_settled() -> None:
    council = council_of()
    record, dispute = disputed(council)
    council.move("wkr", dispute, "agree", proposal="With a note.")

    council.move("sup", dispute, "agree")

    assert filing_of(council, record).data["record_state"] == "settled"


def test_where_the_policy_names_no_place_nothing_is_to_be_filed() -> None:
    policy = shipped()["leeds"]
    personal = policy.record.personal.model_copy(update={"kept_in": None})
    record = policy.record.model_copy(update={"personal": personal})
    council = FakeCouncil(policy.model_copy(update={"record": record}))

    agreed(council)

    assert council.find(Workflow.filing) == []


def test_what_a_leaver_leaves_unsigned_is_filed_and_an_empty_draft_is_not() -> None:
    council = council_of()
    empty = draft(council)
    council.move("sup", draft(council), "write", sections={"reflection": "A quiet week."})

    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")

    assert council.matter(empty).state == "settled"
    assert [filing.parent for filing in council.find(Workflow.filing)] != [empty.id]
    assert len(council.find(Workflow.filing)) == 1


# -- by when
def test_without_a_limit_of_the_policy_a_record_is_filed_within_five_working_days_of_being_final() -> None:
    council = council_of("darlington")

    filing = to_file(council)

    assert council.due(filing, "file_by") == date(2025, 3, 10)
    assert deadline(council, filing, "file_by").receipt["clause"] == "product default"


@pytest.mark.clause("NS-42")
def test_a_case_record_that_is_signed_at_once_is_filed_within_48_hours_of_the_session() -> None:
    council = council_of()
    held(council, SessionKind.case, "2025-03-07T15:00", cases=["c1"])
    record = council.only(Workflow.record)
    council.move("sup", record, "circulate")
    council.until("2025-03-07T16:00")
    council.move("wkr", record, "sign")

    found = deadline(council, filing_of(council, record), "file_by")

    assert found.due == at("2025-03-10T23:59:59")
    assert [c["receipt"]["clause"] for c in found.receipt["candidates"]] == ["NS-42", "product default"]
    assert found.receipt["candidates"][0]["due"] == "2025-03-09T15:00:00+00:00"


@pytest.mark.clause("CBC-40")
def test_a_case_record_that_is_final_early_has_until_five_working_days_after_the_session() -> None:
    council = council_of("central-bedfordshire")
    held(council, SessionKind.case, "2025-03-04T15:00", cases=["c1"])
    record = council.only(Workflow.record)
    council.move("sup", record, "circulate")
    council.move("wkr", record, "sign")

    found = deadline(council, filing_of(council, record), "file_by")

    assert (found.due, found.receipt["clause"]) == (at("2025-03-11T23:59:59"), "CBC-40")


@pytest.mark.clause("CBC-40")
def test_a_case_record_that_is_final_late_is_filed_on_the_next_working_day() -> None:
    council = council_of("central-bedfordshire")
    held(council, SessionKind.case, "2025-03-04T15:00", cases=["c1"])
    record = council.only(Workflow.record)
    council.until("2025-03-11T15:00")
    council.move("sup", record, "circulate")
    council.move("wkr", record, "sign")

    found = deadline(council, filing_of(council, record), "file_by")

    assert (found.due, found.receipt["clause"]) == (at("2025-03-12T23:59:59"), "product default")


# -- by hand
@pytest.mark.parametrize("who", ["sup", "wkr"])
def test_one_of_the_two_says_that_it_is_filed_and_the_record_shows_where(who: str) -> None:
    council = council_of()
    record = agreed(council)
    filing = filing_of(council, record)

    filed = council.move(who, filing, "acknowledge", reference="PS-2025/118")

    assert (filed.state, filed.holder, filed.closed_at) == ("filed", None, council.now)
    assert statuses(council, filing, "file_by") == ["met"]
    assert council.matter(record).state == "agreed"
    assert council.matter(record).data["filed"] == {
        "filing": str(filing.id), "revision": 1, "system": "people-space", "place": filing.data["place"],
        "reference": "PS-2025/118", "at": council.now.isoformat(), "by": who,
    }  # fmt: skip


@pytest.mark.clause("CBC-39")
def test_whoever_wrote_a_case_record_up_for_the_supervisor_may_file_it() -> None:
    council = council_of("central-bedfordshire")
    record = council.move("sup", draft(council, "case"), "delegate", person="bs")
    council.move("bs", record, "circulate")
    council.move("wkr", record, "sign")
    filing = filing_of(council, record)

    assert (filing.holder, filing.waiting_for) == ("sup", ("bs",))
    assert council.move("bs", filing, "acknowledge", reference="M-7").state == "filed"


@pytest.mark.parametrize("who", ["wkr2", "bs", "sup2", "hr1", "lm"])
def test_nobody_else_says_that_it_is_filed(who: str) -> None:
    council = council_of()

    with pytest.raises(NotYourMove):
        council.move(who, to_file(council), "acknowledge", reference="PS-7")


@pytest.mark.parametrize("reference", ["", "Alex was upset", "x" * 101, "Żubr"])
def test_a_reference_is_no_place_for_text(reference: str) -> None:
    council = council_of()

    with pytest.raises(ValueError, match="reference"):
        council.move("sup", to_file(council), "acknowledge", reference=reference)


def test_a_record_that_is_filed_is_filed_once() -> None:
    council = council_of()
    filing = to_file(council)
    council.move("sup", filing, "acknowledge", reference="PS-7")

    with pytest.raises(Refused):
        council.move("wkr", filing, "acknowledge", reference="PS-8")

    assert council.matter(filing).data["filed"]["reference"] == "PS-7"


# -- late
@pytest.mark.clause("LDS-43")
def test_a_record_that_is_not_filed_in_time_is_late_and_both_are_told() -> None:
    council = council_of("leeds")

    filing = late(council)

    assert (filing.state, filing.holder) == ("overdue", "sup")
    assert statuses(council, filing, "file_by") == ["missed"]
    assert step(council, filing, "expire")["clause"] == "product default"
    assert council.told("sup", filing) == ["not_filed"]
    assert council.told("wkr", filing) == ["not_filed"]
    assert "acknowledge" in council.offered("wkr", filing)


def test_what_is_late_climbs_the_line_and_whoever_has_it_may_file_it() -> None:
    council = council_of()
    filing = late(council)

    council.until("2025-03-26T09:00")
    assert (council.matter(filing).state, council.matter(filing).holder) == ("with_line_manager", "lm")
    council.until("2025-04-10T09:00")
    assert (council.matter(filing).state, council.matter(filing).holder) == ("with_senior_manager", "hos")
    council.move("hos", filing, "acknowledge", reference="PS-9")

    assert council.matter(filing).state == "filed"
    assert council.told("sup", filing)[-1] == council.told("lm", filing)[-1] == "filed"
    assert "filed" not in council.told("hos", filing)


def test_what_is_late_is_filed_without_anybody_having_been_asked() -> None:
    council = council_of()
    filing = late(council)

    council.move("sup", filing, "acknowledge", reference="PS-9")

    assert council.told("wkr", filing) == ["not_filed", "filed"]


def test_whoever_has_it_is_reminded() -> None:
    council = council_of()
    filing = late(council)

    council.until("2025-03-19T09:00")

    assert council.told("sup", filing) == ["not_filed", "reminder"]


def test_a_rung_passes_on_when_its_holder_goes_away() -> None:
    council = council_of()
    filing = late(council)
    council.until("2025-03-26T09:00")

    away(council, "lm", date(2025, 3, 26))

    assert (council.matter(filing).state, council.matter(filing).holder) == ("with_line_manager", "hos")


# -- people who change
def test_a_new_supervisor_files_what_the_earlier_one_had_to() -> None:
    council = council_of()
    filing = to_file(council)

    council.relist("wkr", supervisor="sup2")

    assert (council.matter(filing).supervisor, council.matter(filing).holder) == ("sup2", "sup2")


def test_what_a_leaver_had_to_file_is_their_managers_to_file() -> None:
    council = council_of()
    filing = to_file(council)
    council.relist("wkr", end_date=date(2025, 3, 4))

    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-06T09:00")

    assert (council.matter(filing).supervisor, council.matter(filing).holder) == ("lm", "lm")


def test_a_record_outlives_its_supervisee() -> None:
    council = council_of()
    filing = to_file(council)

    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")

    assert council.matter(filing).state == "to_file"


# -- records that change after all
def unsafe_deeming() -> tuple[FakeCouncil, Any]:
    """A record that was deemed before its notice came back, and arrived later."""
    council = council_of("central-bedfordshire", people=standard_team())
    record = sent(council)
    council.until("2025-03-11T09:00")
    council.tell(record, "bounced", person="wkr", why="mailbox")
    council.tell(record, "delivered", person="wkr")
    return council, record


def test_a_deemed_record_that_is_disputed_after_all_is_filed_when_that_is_settled() -> None:
    council, record = unsafe_deeming()
    first = filing_of(council, record)

    council.move("wkr", record, "dispute", statement="I never had it.")
    dispute = council.only(Workflow.dispute)
    council.move("wkr", dispute, "agree")
    council.move("sup", dispute, "agree")

    assert council.matter(first).state == "ended"
    [_, second] = council.find(Workflow.filing, parent=record.id)
    assert (second.state, second.data["revision"], second.data["record_state"]) == ("to_file", 1, "settled")


def test_a_revision_that_is_on_file_is_not_filed_again() -> None:
    council, record = unsafe_deeming()
    council.move("sup", filing_of(council, record), "acknowledge", reference="BOX-7")

    council.move("wkr", record, "dispute", statement="I never had it.")
    dispute = council.only(Workflow.dispute)
    council.move("wkr", dispute, "agree")
    council.move("sup", dispute, "agree")

    assert council.matter(record).state == "settled"
    assert filing_of(council, record).state == "filed"


def test_the_next_revision_is_filed_beside_the_one_before() -> None:
    council, record = unsafe_deeming()
    council.move("sup", filing_of(council, record), "acknowledge", reference="BOX-7")
    council.move("wkr", record, "dispute", statement="I never had it.")
    council.move("sup", record, "amend", discussed_on=date(2025, 3, 11), sections={"equality": "Nothing to add."})
    council.move("wkr", record, "sign")

    [first, second] = council.find(Workflow.filing, parent=record.id)
    council.move("sup", second, "acknowledge", reference="BOX-8")

    assert (first.state, first.data["revision"], second.data["revision"]) == ("filed", 1, 2)
    assert council.matter(record).data["filed"]["reference"] == "BOX-8"
    council.verify()


def test_an_objection_to_a_deemed_record_leaves_its_filing_as_it_is() -> None:
    council = council_of("central-bedfordshire")
    record = sent(council)
    council.until("2025-03-11T09:00")

    council.move("wkr", record, "object_late", statement="I was in court.")

    assert filing_of(council, record).state == "to_file"


@pytest.mark.parametrize("policy", sorted(shipped()))
@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind is not RecordKind.group])
def test_every_record_of_every_council_has_a_place_and_a_date(policy: str, kind: RecordKind) -> None:
    council = council_of(policy)

    filing = to_file(council, kind)

    assert filing.data["place"]
    assert council.due(filing, "file_by") is not None


def test_business_support_has_nothing_to_file_by_its_office_alone() -> None:
    team = standard_team()
    team["wkr2"] = replace(team["wkr2"], app_roles=frozenset({Role.business_support}))
    council = council_of(people=team)
    bounces(council, "wkr2", from_now_on=False)

    assert council.offered("wkr2", to_file(council)) == set()

"""Who writes a record up: whoever the agreement or the session has named, while the supervisor stays accountable."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.agreement_stories import signed
from tests.unit.workflows.policy_texts import changed, keys
from tests.unit.workflows.stories import away, held, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import SessionKind, Workflow

ALL = {"case_management": "Seen.", "decision": "None.", "reason": "-", "action": "-", "responsible_person": "-",
       "timescale": "-"}  # fmt: skip
ADULT = Case("c1", "wkr", "adult", allocated_on=date(2025, 1, 6))
CHILD = Case("c1", "wkr", "child-in-need", allocated_on=date(2025, 1, 6))


def haringey(**named: str) -> FakeCouncil:
    """A council whose two have an agreement in force that names who records."""
    council = FakeCouncil("haringey", cases=[ADULT])
    signed(council, **named)
    return council


def case_draft(council: FakeCouncil, **more: Any) -> Matter:
    """The draft about the case of a session that was held."""
    held(council, SessionKind.case, "2025-03-03T11:00", cases=["c1"], **more)
    return council.only(Workflow.record, kind="case")


# -- named in the agreement
@pytest.mark.clause("HAR-49", "HAR-50")
@pytest.mark.parametrize(
    ("kind", "term", "other"),
    [
        ("case", "case_recorder", "development_recorder"),
        ("decision", "case_recorder", "development_recorder"),
        ("personal", "development_recorder", "case_recorder"),
    ],
)
def test_each_part_is_written_by_whoever_the_agreement_names_for_it(kind: str, term: str, other: str) -> None:
    council = haringey(**{term: "wkr2", other: "sup"})
    record = council.open(
        "sup", Workflow.record, supervisee="wkr", kind=kind, case=None if kind == "personal" else "c1"
    )
    assert (record.holder, record.supervisor, record.data["recorder"]) == ("wkr2", "sup", "wkr2")
    assert step(council, record, "open")["clause"] == "HAR-49, HAR-50"
    assert council.told("wkr2", record) == ["recorder_asked"]
    section = council.policy.record.of(kind).forms[0].sections[0].name
    council.move("wkr2", record, "write", sections={section: "Seen."})
    assert step(council, record, "write")["role"] == "recorder"
    with pytest.raises(NotYourMove):
        council.move("bs", record, "write", sections={section: "Seen."})
    assert council.move("wkr2", record, "circulate").state == "awaiting_signature"
    assert step(council, record, "circulate")["role"] == "recorder"
    council.verify()


@pytest.mark.clause("HAR-37", "HAR-50")
def test_the_supervisor_stays_accountable_and_may_write_and_send() -> None:
    council = haringey(case_recorder="wkr2")
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    council.move("sup", record, "write", sections={"case_management": "Seen."})
    assert step(council, record, "write")["role"] == "supervisor"
    assert council.matter(record).holder == "wkr2"
    council.until("2025-03-11T09:00")
    told = {who for who in ("sup", "wkr2", "lm") if "circulation_missed" in council.told(who, record)}
    assert told == {"sup", "wkr2", "lm"}
    council.until("2025-03-19T09:30")
    assert "reminder" in council.told("wkr2", record)
    assert council.move("sup", record, "circulate").state == "awaiting_signature"


@pytest.mark.clause("HAR-50")
def test_a_supervisee_who_records_does_not_sign_for_the_supervisor() -> None:
    council = haringey(case_recorder="wkr")
    record = case_draft(council)
    assert (record.holder, record.waiting_for) == ("sup", ("wkr",))
    council.move("wkr", record, "write", sections=ALL)
    assert council.matter(record).waiting_for == ()
    assert "circulate" not in council.offered("wkr", record)
    with pytest.raises(Refused, match="Your supervisor sends the record"):
        council.move("wkr", record, "circulate")
    council.move("sup", record, "circulate")
    assert council.move("wkr", record, "sign").state == "agreed"
    council.verify()


@pytest.mark.clause("HAR-50")
def test_what_the_recorder_wrote_is_theirs_to_file_as_well() -> None:
    council = haringey(case_recorder="wkr2")
    record = council.move("wkr2", case_draft(council), "circulate", sections=ALL)
    council.move("wkr", record, "sign")
    filing = council.only(Workflow.filing)
    assert (filing.holder, filing.waiting_for) == ("sup", ("wkr2",))


@pytest.mark.parametrize("named", ["sup", "gone"])
def test_where_the_supervisor_is_named_or_whoever_is_has_left_the_supervisor_writes(named: str) -> None:
    people = standard_team()
    council = FakeCouncil("haringey", people=people, cases=[ADULT])
    council.relist("gone", job_role="social_worker", line_manager="sup", start_date=date(2020, 1, 6))
    signed(council, case_recorder=named)
    council.relist("gone", end_date=date(2025, 3, 3))
    council.until("2025-03-04T09:00")
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    assert (record.holder, record.data["recorder"]) == ("sup", None)


def test_without_an_agreement_in_force_the_supervisor_writes() -> None:
    council = FakeCouncil("haringey", cases=[ADULT])
    assert case_draft(council).data["recorder"] is None


def test_whoever_covers_finds_the_same_recorder() -> None:
    council = haringey(case_recorder="wkr2")
    council.relist("wkr", cover="sup2")
    record = council.open("sup2", Workflow.record, supervisee="wkr", kind="case", case="c1")
    assert (record.supervisor, record.holder) == ("sup2", "wkr2")


# -- the recorder cannot
@pytest.mark.clause("HAR-50")
@pytest.mark.parametrize("why", ["away", "left"])
def test_a_recorder_who_is_away_or_has_left_gives_the_record_back(why: str) -> None:
    council = haringey(case_recorder="wkr2")
    record = case_draft(council)
    if why == "away":
        away(council, "wkr2", date(2025, 3, 3))
    else:
        council.relist("wkr2", end_date=date(2025, 3, 3))
        council.until("2025-03-04T09:00")
    assert council.matter(record).holder == "sup"
    assert "taken_over" in council.told("sup", record)
    assert council.move("sup", record, "write", sections={"case_management": "Seen."}).holder == "sup"
    assert council.move("sup", record, "circulate").state == "awaiting_signature"
    council.verify()


@pytest.mark.clause("HAR-50")
def test_e10_a_record_whose_supervisor_has_left_is_the_recorders_and_else_the_line_managers() -> None:
    for named, holder in (("wkr2", "wkr2"), ("sup", "lm")):
        council = haringey(case_recorder=named)
        record = case_draft(council)
        council.relist("sup", end_date=date(2025, 3, 3))
        council.until("2025-03-04T09:00")
        now = council.matter(record)
        assert (now.holder, now.supervisor, now.state) == (holder, "lm", "draft")
        assert council.move(holder, record, "circulate").state == "awaiting_signature"


def test_the_draft_of_another_supervisor_is_not_touched_by_an_absence() -> None:
    council = haringey(case_recorder="wkr2")
    record = case_draft(council)
    away(council, "sup", date(2025, 3, 3))
    assert council.matter(record).holder == "wkr2"
    assert "pass_on" not in council.history(record)


# -- chosen by the two
@pytest.mark.clause("NS-16", "NS-78")
def test_the_two_choose_who_enters_what_is_said_of_a_case() -> None:
    council = FakeCouncil("north-somerset", cases=[CHILD])
    record = case_draft(council, case_recorder="supervisee")
    assert (record.data["recorder"], record.supervisor, record.waiting_for) == ("wkr", "sup", ("wkr",))
    council.move("wkr", record, "write", sections={"lived_experience": "Sleeps at school."})
    assert step(council, record, "write")["role"] == "recorder"
    assert council.move("sup", record, "circulate").state == "awaiting_signature"
    council.verify()


@pytest.mark.clause("NS-78")
@pytest.mark.parametrize(("booked", "reported", "recorder"), [
    (None, None, None), ("supervisor", None, None), (None, "supervisee", "wkr"), ("supervisee", "supervisor", None),
])  # fmt: skip
def test_the_choice_is_the_booking_s_until_the_report_makes_another(
    booked: str | None, reported: str | None, recorder: str | None
) -> None:
    council = FakeCouncil("north-somerset", cases=[CHILD])
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="case", starts_at=at("2025-03-03T10:00"), minutes=60,
        cases=["c1"], case_recorder=booked,
    )  # fmt: skip
    council.until("2025-03-03T11:00")
    council.move("sup", session, "hold", held_at=at("2025-03-03T11:00"), minutes=60, case_recorder=reported)
    record = council.only(Workflow.record)
    assert record.data["recorder"] == recorder
    if recorder is None:
        with pytest.raises(NotYourMove):
            council.move("wkr", record, "write", sections={"lived_experience": "Sleeps at school."})


@pytest.mark.clause("NS-78")
def test_in_a_group_each_worker_enters_what_was_said_of_their_own_case() -> None:
    council = FakeCouncil("north-somerset", cases=[CHILD, Case("c2", "wkr2", "child-in-need")])
    held(council, SessionKind.group, "2025-03-03T11:00", supervisee=None, participants=["wkr", "wkr2"],
         cases=["c1", "c2"], case_recorder="supervisee")  # fmt: skip
    found = {record.case: record.data["recorder"] for record in council.find(Workflow.record)}
    assert found == {"c1": "wkr", "c2": "wkr2", None: None}


@pytest.mark.clause("NS-78")
def test_a_note_of_a_decision_may_be_left_to_the_supervisee_as_well() -> None:
    council = FakeCouncil("north-somerset", cases=[CHILD])
    note = council.open("sup", Workflow.record, supervisee="wkr", kind="decision", case="c1", recorder="supervisee")
    assert note.data["recorder"] == "wkr"
    with pytest.raises(Refused, match="Under this policy the supervisor writes this record"):
        council.open("sup", Workflow.record, supervisee="wkr", kind="personal", recorder="supervisee")


@pytest.mark.parametrize(("policy", "case", "why"), [
    ("haringey", ADULT, r"The agreement of the two names who writes this record \(HAR-49, HAR-50\)"),
    ("central-bedfordshire", Case("c1", "wkr", "family-support"), "Under this policy the supervisor writes"),
])  # fmt: skip
def test_elsewhere_there_is_nothing_to_choose(policy: str, case: Case, why: str) -> None:
    council = FakeCouncil(policy, cases=[case])
    with pytest.raises(Refused, match=why):
        case_draft(council, case_recorder="supervisee")
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="case", starts_at=at("2025-03-03T10:00"), minutes=60,
        cases=["c1"],
    )  # fmt: skip
    council.until("2025-03-03T11:00")
    with pytest.raises(Refused, match=why):
        council.move("sup", session, "hold", held_at=at("2025-03-03T11:00"), minutes=60, case_recorder="supervisee")


# -- in a policy
def test_a_recorder_is_named_in_a_field_that_names_a_person() -> None:
    named = 'named_in = "agreement"\nterm = "case_recorder"'
    lacking = changed("haringey", (named, 'named_in = "agreement"'))
    assert keys(lacking) == ["record.case.recorder.term"]
    both = changed("haringey", (named, 'named_in = "session"\nterm = "case_recorder"'))
    assert keys(both) == ["record.case.recorder.term"]
    for term in ("location", "nobody"):
        wrong = changed("haringey", (named, f'named_in = "agreement"\nterm = "{term}"'))
        assert keys(wrong) == ["record.case.recorder.term"]

"""A record is written on the council's own form, by whom the policy lets, and told when it is not sent in time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.policy_texts import changed, keys
from tests.unit.workflows.stories import C1, deadline, draft, held, incidents, sent, statuses, step
from workflows.directory import Case
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Role, SessionKind, Status, Workflow


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


# -- opening
@pytest.mark.clause("NS-06", "LDS-02", "HAR-50")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "haringey"])
def test_what_is_said_between_sessions_is_recorded_by_itself(policy: str) -> None:
    council = FakeCouncil(policy, cases=[Case("c1", "wkr", "child")])
    decision = council.open("sup", Workflow.record, supervisee="wkr", kind="decision", case="c1")
    unplanned = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    assert (decision.state, unplanned.state) == ("draft", "draft")
    assert deadline(council, decision, "circulate_by").receipt["anchors"][0]["event"] == "opened"
    council.verify()


@pytest.mark.clause("HAR-54", "NS-41")
@pytest.mark.parametrize("policy", ["haringey", "north-somerset", "central-bedfordshire"])
def test_a_remote_session_of_somebody_without_cases_is_recorded_on_the_same_form(policy: str) -> None:
    council = FakeCouncil(policy)
    held(council, SessionKind.personal, "2025-03-03T11:00", place="https://calls.example/room")
    form = council.policy.record.personal.forms[0].names()
    record = council.only(Workflow.record)
    assert {section["name"] for section in record.data["empty_sections"]} <= form
    assert council.offered("sup", record) == {"write", "circulate", "withdraw"}
    council.verify()


def test_a_decision_may_be_about_no_case_at_all(council: FakeCouncil) -> None:
    decision = council.open("sup", Workflow.record, supervisee="wkr", kind="decision")
    assert (decision.state, decision.case) == ("draft", None)


def test_only_the_supervisor_opens_a_record(council: FakeCouncil) -> None:
    with pytest.raises(NotYourMove):
        council.open("sup2", Workflow.record, supervisee="wkr", kind="personal")


@pytest.mark.parametrize(
    ("opening", "why"),
    [
        ({"kind": "case"}, "A case record says which case it is about."),
        ({"kind": "case", "case": "c9"}, "Case c9 is not with this worker."),
        ({"kind": "case", "case": "c2"}, "Case c2 is not with this worker."),
        (
            {"kind": "personal", "case": "c1"},
            "What is said about a case does not go on the personal record: open a case record.",
        ),
    ],
)
@pytest.mark.clause("NS-40", "DAR-12")
def test_a_record_is_about_the_workers_own_case_or_about_none(opening: dict[str, Any], why: str) -> None:
    council = FakeCouncil(cases=[C1, Case("c2", "wkr2", "family-support")])
    with pytest.raises(Refused, match=why):
        council.open("sup", Workflow.record, supervisee="wkr", **opening)


@pytest.mark.clause("CBC-81")
def test_a_section_that_the_form_lacks_is_refused_when_opening_writing_and_sending(council: FakeCouncil) -> None:
    unknown = {"weather": "Fine.", "actions": "None."}
    with pytest.raises(Refused, match="no section 'weather'; it has: actions, case_audit"):
        council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1", sections=unknown)
    record = draft(council, "case")
    for move in ("write", "circulate"):
        with pytest.raises(Refused, match="no section 'weather'"):
            council.move("sup", record, move, sections=unknown)


# -- writing
def names(record: Any) -> list[str]:
    return [section["name"] for section in record.data["empty_sections"]]


@pytest.mark.clause("CBC-81", "CBC-83")
def test_required_sections_that_are_empty_are_shown_with_their_clause_and_stop_nothing(council: FakeCouncil) -> None:
    sections = {"actions": "Visit weekly.", "key_dates": ""}
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1", sections=sections)
    assert names(record) == ["previous_actions", "case_discussion", "plan_and_impact"]
    assert record.data["empty_sections"][0]["clause"] == "CBC-35, CBC-81"
    record = council.move("sup", record, "write", sections={"case_discussion": "Safe at home.", "actions": ""})
    assert names(record) == ["previous_actions", "plan_and_impact", "actions"]
    assert step(council, record, "write")["data"]["sections"] == ["actions", "case_discussion"]
    record = council.move("sup", record, "circulate", sections={"previous_actions": "Done."})
    assert (record.state, names(record)) == ("awaiting_signature", ["plan_and_impact", "actions"])
    council.verify()


@pytest.mark.clause("CBC-39")
def test_business_support_writes_and_sends_a_case_record_that_it_was_given(council: FakeCouncil) -> None:
    record = draft(council, "case")
    assert council.offered("bs", record) == set()
    record = council.move("sup", record, "delegate", person="bs")
    assert (record.holder, record.waiting_for) == ("sup", ("bs",))
    assert council.told("bs", record) == ["delegated"]
    assert step(council, record, "delegate")["clause"] == "CBC-39"
    record = council.move("bs", record, "write", sections={"actions": "Visit weekly."})
    record = council.move("bs", record, "circulate")
    assert (record.state, record.holder) == ("awaiting_signature", "wkr")
    assert set(record.data["signed"]) == {"supervisor"}
    assert council.offered("bs", record) == set()
    council.verify()


@pytest.mark.parametrize("person", ["wkr2", "nobody", "gone"])
def test_a_record_is_delegated_to_business_support_alone(council: FakeCouncil, person: str) -> None:
    support = council.picture.directory.people["bs"]
    council.relist("gone", app_roles=support.app_roles, end_date=date(2025, 2, 28))
    with pytest.raises(Refused, match=f"{person} is not in business support"):
        council.move("sup", draft(council, "case"), "delegate", person=person)


@pytest.mark.clause("CBC-39")
def test_whoever_signs_a_record_is_not_asked_to_write_it_up_as_well(council: FakeCouncil) -> None:
    council.relist("wkr", app_roles=frozenset({Role.business_support}))
    record = draft(council, "case")

    with pytest.raises(Refused, match="cannot write it up as well"):
        council.move("sup", record, "delegate", person="wkr")


def test_a_personal_record_is_delegated_to_nobody(council: FakeCouncil) -> None:
    record = draft(council)
    assert "delegate" not in council.offered("sup", record)
    with pytest.raises(Refused, match="nobody but the supervisor"):
        council.move("sup", record, "delegate", person="bs")


def test_a_draft_is_withdrawn_with_a_reason(council: FakeCouncil) -> None:
    record = council.move("sup", draft(council), "withdraw", reason="Opened for the wrong person.")
    assert (record.state, record.closed_at) == ("withdrawn", council.now)
    assert statuses(council, record, "circulate_by") == [Status.superseded]
    council.verify()


# -- being late
@pytest.mark.clause("NS-42", "NS-45")
@pytest.mark.parametrize("kind", [SessionKind.case, SessionKind.personal])
def test_forty_eight_hours_run_over_a_weekend_and_a_clock_change(kind: SessionKind) -> None:
    council = FakeCouncil("north-somerset", now="2025-03-28T09:00", cases=[Case("c1", "wkr", "child-in-need")])
    held(council, kind, "2025-03-28T16:00", cases=["c1"] if kind is SessionKind.case else [])
    record = council.only(Workflow.record)
    circulate_by = deadline(council, record, "circulate_by")
    assert circulate_by.due == at("2025-03-30T17:00")
    assert circulate_by.receipt["anchors"][0]["event"] == "end of the session"
    council.until("2025-03-30T17:00")
    assert "circulation_missed" not in council.history(record)
    council.until("2025-03-30T17:00:01")
    assert council.matter(record).state == "draft"
    assert council.told("lm", record) == []
    council.until("2025-03-31T09:00")
    assert council.told("sup", record) == council.told("lm", record) == ["circulation_missed"]
    council.verify()


def test_hours_are_elapsed_in_whatever_zone_the_clock_is_read() -> None:
    council = FakeCouncil("north-somerset", now="2025-03-28T16:00")
    assert deadline(council, draft(council), "circulate_by").due == at("2025-03-30T17:00")


@pytest.mark.clause("CBC-40", "HAR-30")
@pytest.mark.parametrize(
    ("policy", "kind", "clause"),
    [
        ("central-bedfordshire", SessionKind.case, "CBC-40"),
        ("central-bedfordshire", SessionKind.personal, "product default"),
        ("leeds", SessionKind.personal, "product default"),
        ("darlington", SessionKind.personal, "product default"),
        ("haringey", SessionKind.personal, "product default"),
    ],
)
def test_elsewhere_a_record_is_sent_within_five_working_days(policy: str, kind: SessionKind, clause: str) -> None:
    council = FakeCouncil(policy, now="2025-03-28T09:00", cases=[C1])
    held(council, kind, "2025-03-28T16:00", cases=["c1"] if kind is SessionKind.case else [])
    circulate_by = deadline(council, council.only(Workflow.record), "circulate_by")
    assert circulate_by.due == at("2025-04-04T23:59:59")
    assert circulate_by.receipt["clause"] == clause
    council.verify()


def test_a_late_record_is_told_again_every_five_working_days_and_after_ten_to_the_next_one_up(
    council: FakeCouncil,
) -> None:
    record = draft(council, "case")
    council.until("2025-03-11T00:00")
    assert step(council, record, "circulation_missed")["clause"] == "CBC-40"
    assert statuses(council, record, "circulate_by") == [Status.missed]
    assert (council.due(record, "remind_by"), council.due(record, "climb_by")) == (date(2025, 3, 18), date(2025, 3, 25))
    council.until("2025-03-19T09:00")
    assert council.told("sup", record) == council.told("lm", record) == ["circulation_missed", "reminder"]
    assert council.told("hos", record) == []
    council.until("2025-03-26T09:00")
    assert council.told("hos", record) == ["escalated"]
    late = council.matter(record)
    assert (late.state, late.holder, late.data["circulation_missed"]) == ("draft", "sup", True)
    council.until("2025-04-10T09:00")
    assert council.told("ad", record) == ["escalated"]
    assert incidents(council, record) == ["top_of_the_line"]
    council.verify()


def test_a_late_record_that_is_sent_leaves_nothing_of_its_lateness_running(council: FakeCouncil) -> None:
    record = draft(council)
    council.until("2025-03-12T09:00")
    record = council.move("sup", record, "circulate")
    assert (record.ladder, [d.name for d in record.deadlines if d.live]) == (None, ["sign_by"])
    record = council.move("wkr", record, "dispute", statement="That is not what was said.")
    assert [d.name for d in record.deadlines if d.live] == []
    council.verify()


@pytest.mark.clause("DAR-32")
def test_a_record_that_was_sent_late_and_lies_unsigned_climbs_from_the_first_rung() -> None:
    council = FakeCouncil("darlington")
    record = draft(council)
    council.until("2025-03-12T09:00")
    council.move("sup", record, "circulate")
    council.until("2025-03-27T09:00")
    assert council.told("lm", record) == ["circulation_missed", "escalated"]
    assert council.told("hos", record) == []
    council.verify()


def test_whoever_is_passed_over_when_a_late_record_is_told_is_recorded_with_the_reason(council: FakeCouncil) -> None:
    council.relist("lm", end_date=date(2025, 3, 4))
    record = draft(council)
    council.until("2025-03-11T09:00")
    assert step(council, record, "circulation_missed")["data"]["skipped"] == [["lm", "left"]]
    assert council.told("hos", record) == ["circulation_missed"]
    council.verify()


def test_a_late_record_with_nobody_left_above_is_an_incident(council: FakeCouncil) -> None:
    record = draft(council)
    council.until("2025-03-11T09:00")
    for ref in ("lm", "hos", "ad"):
        council.relist(ref, end_date=date(2025, 3, 20))
    council.until("2025-03-26T09:00")
    assert incidents(council, record) == ["stranded"]
    assert deadline(council, record, "remind_by").due
    council.verify()


def test_a_late_record_of_somebody_without_a_manager_is_told_to_its_supervisor_alone(council: FakeCouncil) -> None:
    council.relist("sup", line_manager=None)
    record = draft(council)
    council.until("2025-03-19T09:00")
    assert council.told("sup", record) == ["circulation_missed", "reminder"]
    assert incidents(council, record) == ["top_of_the_line"]
    council.verify()


# -- other supervisors
def test_a_draft_passes_to_a_new_supervisor_and_whoever_writes_it_goes_on(council: FakeCouncil) -> None:
    record = council.move("sup", draft(council, "case"), "delegate", person="bs")
    council.relist("wkr", supervisor="sup2")
    passed = council.matter(record)
    assert (passed.supervisor, passed.holder, passed.waiting_for) == ("sup2", "sup2", ("bs",))
    assert council.offered("bs", record) == {"write", "circulate"}
    assert council.offered("sup", record) == set()
    council.verify()


def test_a_record_that_was_sent_keeps_its_supervisor(council: FakeCouncil) -> None:
    record = sent(council)
    council.relist("wkr", supervisor="sup2")
    assert council.matter(record).supervisor == "sup"
    council.verify()


# -- what a session leaves behind
@pytest.mark.clause("NS-09", "NS-40", "LDS-23", "LDS-26", "LDS-44", "DAR-11", "DAR-12", "HAR-32", "CBC-61")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "darlington", "haringey", "central-bedfordshire"])
def test_a_session_opens_a_record_for_the_person_and_one_for_each_case_that_was_discussed(policy: str) -> None:
    council = FakeCouncil(
        policy, cases=[Case("c1", "wkr", "child"), Case("c2", "wkr", "child"), Case("c3", "wkr", "child")]
    )
    held(council, SessionKind.combined, "2025-03-03T11:00", cases=["c1", "c2"])
    records = {record.case: record for record in council.find(Workflow.record)}
    assert {ref: record.kind for ref, record in records.items()} == {None: "personal", "c1": "case", "c2": "case"}
    for record in records.values():
        rules = council.policy.record.of(record.kind)
        assert names(record) == [section.name for section in rules.forms[0].sections if section.required]
        assert (record.supervisor, record.holder) == ("sup", "sup")
    council.verify()


@pytest.mark.clause("HAR-21")
def test_equality_and_diversity_stay_on_the_list_of_what_is_missing_until_they_are_written() -> None:
    council = FakeCouncil("haringey")
    record = draft(council)
    missing = next(s for s in record.data["empty_sections"] if s["name"] == "diversity_equality_inclusion")
    assert "HAR-21" in missing["clause"]
    record = council.move("sup", record, "write", sections={"diversity_equality_inclusion": "Talked about."})
    assert "diversity_equality_inclusion" not in names(record)
    council.verify()


@pytest.mark.clause("NS-11")
def test_a_decision_between_sessions_is_on_the_childs_record_within_forty_eight_hours_as_a_product_default() -> None:
    council = FakeCouncil("north-somerset", "2025-03-28T16:00", cases=[Case("c1", "wkr", "child-in-need")])
    decision = council.open("sup", Workflow.record, supervisee="wkr", kind="decision", case="c1")
    circulate_by = deadline(council, decision, "circulate_by")
    assert circulate_by.due == at("2025-03-30T17:00")
    assert (circulate_by.receipt["clause"], circulate_by.receipt["counted"]) == ("product default", "48 hours")
    council.verify()


# -- when the case is discussed again
@pytest.mark.clause("DAR-33")
@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-04-04", "the case is to be supervised by 2025-04-03"),
        ("soon", "is a day such as 2025-04-30"),
        ("2025-04-03", None),
        ("", None),
    ],
)
def test_a_case_is_not_discussed_again_later_than_its_interval_allows(day: str, why: str | None) -> None:
    council = FakeCouncil("darlington", cases=[Case("c1", "wkr", "rated", rating="red", allocated_on=date(2025, 1, 6))])
    held(council, SessionKind.case, "2025-03-03T11:00", cases=["c1"])
    record, sections = council.only(Workflow.record), {"next_discussion_date": day}
    moves: tuple[dict[str, Any], ...] = ({"trigger": "write"}, {"trigger": "circulate"})
    for move in moves:
        if why is None:
            council.move("sup", record, **move, sections=sections)
        else:
            with pytest.raises(Refused, match=f"{why}.*DAR-33"):
                council.move("sup", record, **move, sections=sections)
    if why is not None:
        with pytest.raises(Refused, match="DAR-33"):
            council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1", sections=sections)


@pytest.mark.clause("DAR-33")
@pytest.mark.parametrize("listed_then", [None, "care-proceedings"])
def test_once_the_case_is_overdue_no_later_day_is_named_for_it(listed_then: str | None) -> None:
    council = FakeCouncil("darlington", cases=[Case("c1", "wkr", "rated", rating="red", allocated_on=date(2025, 1, 6))])
    held(council, SessionKind.case, "2025-03-03T11:00", cases=["c1"])
    council.until("2025-04-14T09:00")
    if listed_then:
        council.relist_case(Case("c1", "wkr", "rated", frozenset({listed_then}), rating="red"))
    record = council.only(Workflow.record)
    with pytest.raises(Refused, match=r"the case is overdue since 2025-04-03.*DAR-33"):
        council.move("sup", record, "write", sections={"next_discussion_date": "2025-12-24"})
    for day in ("2025-04-03", ""):
        assert council.move("sup", record, "write", sections={"next_discussion_date": day}).state == "draft"


def test_a_day_for_a_case_that_is_not_watched_any_more_is_any_day() -> None:
    council = FakeCouncil("darlington", cases=[Case("c1", "wkr", "assessment", allocated_on=date(2025, 1, 6))])
    council.tell(council.only(Workflow.frequency), "end", why="closed")
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    assert council.move("sup", record, "write", sections={"next_discussion_date": "2029-01-01"}).state == "draft"


def test_the_day_of_the_next_discussion_is_a_section_of_the_form() -> None:
    wrong = changed("darlington", ('section = "next_discussion_date"', 'section = "weather"'))
    assert keys(wrong) == ["record.case.discussed_again.section"]

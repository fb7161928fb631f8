"""Oversight: a case that is allocated or transferred has a manager's oversight on file within the policy's days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.stories import away, deadline, incidents, statuses, step
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Matter
from workflows.policy import Policy
from workflows.policy_parts import Period
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove
from workflows.vocabulary import Status, Unit, Workflow

DARLINGTON = "darlington"
CASE = Case("c1", "wkr", "assessment", allocated_on=date(2025, 4, 17))
MAUNDY_THURSDAY, TUESDAY = "2025-04-17T09:00", "2025-04-22T09:00"
ASKED = "What have you seen, and what did you decide?"


def in_working_days() -> Policy:
    """Darlington, with its three days counted as working days."""
    policy = shipped()[DARLINGTON]
    assert policy.oversight is not None
    period = Period(value=3, unit=Unit.working_days, clause="DAR-13")
    return policy.model_copy(update={"oversight": policy.oversight.model_copy(update={"record_by": period})})


def council_with(case: Case = CASE, now: str = MAUNDY_THURSDAY, policy: str | Policy = DARLINGTON) -> FakeCouncil:
    """A council that lists a case on a day after it went live."""
    council = FakeCouncil(policy, "2025-04-14T09:00", standard_team())
    council.until(now)
    council.relist_case(case)
    return council


def transferred(council: FakeCouncil, worker: str = "wkr2", **more: Any) -> None:
    """The list names another worker."""
    council.relist_case(replace(council.cases["c1"], worker=worker, **more))


def only(council: FakeCouncil, **named: str) -> Matter:
    return council.only(Workflow.oversight, **named)


# -- allocation
@pytest.mark.clause("DAR-13")
def test_an_allocated_case_waits_for_the_supervisors_oversight_for_three_days() -> None:
    council = council_with()
    oversight = only(council)
    assert (oversight.state, oversight.holder, oversight.case) == ("due", "sup", "c1")
    assert council.due(oversight, "record_by") == date(2025, 4, 20)
    assert deadline(council, oversight, "record_by").receipt["clause"] == "DAR-13"
    assert council.told("sup", oversight) == ["oversight_due"]
    council.verify()


@pytest.mark.parametrize("policy", ["central-bedfordshire", "haringey", "leeds", "north-somerset"])
def test_where_no_clause_asks_for_it_nothing_is_opened(policy: str) -> None:
    category = shipped()[policy].frequency.rows[0].category if shipped()[policy].frequency.rows else "child"
    council = council_with(replace(CASE, category=category), policy=policy)
    transferred(council)
    assert council.find(Workflow.oversight) == []


@pytest.mark.parametrize(
    ("allocated_on", "due"),
    [(date(2025, 4, 10), None), (date(2025, 4, 11), date(2025, 4, 17)), (date(2025, 4, 14), date(2025, 4, 17))],
)
def test_no_window_begins_before_the_service_went_live_and_none_that_was_over_then(
    allocated_on: date, due: date | None
) -> None:
    council = FakeCouncil(DARLINGTON, "2025-04-14T09:00", cases=[replace(CASE, allocated_on=allocated_on)])
    found = council.find(Workflow.oversight)
    assert [council.due(m, "record_by") for m in found] == ([due] if due else [])


def test_a_case_without_a_day_of_allocation_counts_from_when_it_is_listed() -> None:
    council = council_with(replace(CASE, allocated_on=None))
    assert council.due(only(council), "record_by") == date(2025, 4, 20)


def test_a_case_that_is_closed_when_it_is_listed_asks_for_nothing() -> None:
    council = council_with(replace(CASE, closed_on=date(2025, 4, 17)))
    assert council.find(Workflow.oversight) == []


def test_an_allocation_that_is_listed_late_is_late_at_once() -> None:
    council = council_with(now="2025-04-28T09:00")
    assert only(council).state == "overdue"
    council.verify()


# -- recording
@pytest.mark.clause("DAR-13")
@pytest.mark.parametrize("who", ["sup", "lm", "hos"])
def test_the_supervisor_or_a_manager_above_records_it(who: str) -> None:
    council = council_with()
    recorded = council.move(who, only(council), "record", oversight=ASKED, allocation="To a senior worker.")
    assert (recorded.state, recorded.holder, recorded.data["recorded_by"]) == ("recorded", None, who)
    assert statuses(council, recorded, "record_by") == [Status.met]
    assert council.told("wkr", recorded) == ["oversight_recorded"]
    assert set(step(council, recorded, "record")["commitments"]) == {"oversight", "allocation"}
    council.verify()


@pytest.mark.parametrize("who", ["wkr", "sup2", "hr1"])
def test_nobody_else_records_it(who: str) -> None:
    council = council_with()
    with pytest.raises(NotYourMove):
        council.move(who, only(council), "record", oversight=ASKED)


def test_without_a_supervisor_the_workers_line_manager_is_asked_and_without_either_administrators() -> None:
    team = standard_team()
    for above, holder in (("lm", "lm"), (None, None)):
        people = {**team, "wkr": replace(team["wkr"], supervisor=None, line_manager=above)}
        council = FakeCouncil(DARLINGTON, MAUNDY_THURSDAY, people, cases=[CASE])
        assert only(council).holder == holder
        assert incidents(council, only(council)) == ([] if holder else ["stranded"])
        if holder:
            assert council.move(holder, only(council), "record", oversight=ASKED).state == "recorded"
        council.until("2025-06-02T09:00")
        council.verify()


def test_a_first_supervisor_takes_up_what_nobody_supervised_so_far() -> None:
    team = standard_team()
    people = {**team, "wkr": replace(team["wkr"], supervisor=None)}
    council = FakeCouncil(DARLINGTON, MAUNDY_THURSDAY, people, cases=[CASE])
    council.relist("wkr", supervisor="sup2")
    assert only(council).supervisor == "sup2"
    frequency = council.only(Workflow.frequency)
    assert (frequency.state, frequency.supervisor, frequency.holder) == ("on_track", "sup2", None)
    assert council.move("sup2", only(council), "record", oversight=ASKED).state == "recorded"
    assert council.find(Workflow.handover) == []
    council.verify()


# -- being late
@pytest.mark.clause("DAR-13")
def test_what_is_not_recorded_in_time_is_told_to_supervisor_and_line_manager_and_climbs() -> None:
    council = council_with()
    oversight = only(council)
    council.until("2025-04-20T23:59:59")
    assert council.matter(oversight).state == "due"
    council.until("2025-04-21T00:00:00")
    late = council.matter(oversight)
    assert (late.state, late.holder) == ("overdue", "sup")
    assert step(council, late, "expire")["clause"] == "DAR-13"
    council.until(TUESDAY)
    assert council.told("sup", late)[-1] == council.told("lm", late)[-1] == "overdue"
    council.until("2025-05-07T09:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_line_manager", "lm")
    council.until("2025-05-22T09:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_senior_manager", "hos")
    recorded = council.move("hos", late, "record", oversight=ASKED)
    assert (recorded.state, statuses(council, late, "record_by")) == ("recorded", [Status.missed])
    assert {who: council.told(who, late)[-1] for who in ("wkr", "sup", "lm")} == dict.fromkeys(
        ("wkr", "sup", "lm"), "oversight_recorded"
    )
    council.verify()


def test_a_rung_whose_holder_goes_away_passes_on() -> None:
    council = council_with()
    council.until("2025-05-07T09:00")
    away(council, "lm", date(2025, 5, 7), "planned")
    assert (only(council).state, only(council).holder) == ("with_line_manager", "hos")
    council.verify()


# -- transfer
@pytest.mark.clause("DAR-13")
@pytest.mark.parametrize(
    ("policy", "first_due", "first_is", "second_due"),
    [
        (shipped()[DARLINGTON], date(2025, 4, 20), Status.missed, date(2025, 4, 25)),
        (in_working_days(), date(2025, 4, 24), Status.superseded, date(2025, 4, 25)),
    ],
    ids=["calendar days", "working days"],
)
def test_e21_a_transfer_has_a_window_of_its_own_and_the_first_if_missed_stays_missed(
    policy: Policy, first_due: date, first_is: Status, second_due: date
) -> None:
    council = council_with(policy=policy)
    first = only(council)
    assert council.due(first, "record_by") == first_due
    council.until(TUESDAY)
    transferred(council)
    second = only(council, supervisee="wkr2")
    assert council.matter(first).state == "superseded"
    assert statuses(council, first, "record_by") == [first_is]
    assert (second.state, council.due(second, "record_by")) == ("due", second_due)
    assert council.told("sup", first)[-1] == "oversight_superseded"
    council.verify()


def test_a_transfer_counts_from_the_new_day_of_allocation_where_the_list_has_one() -> None:
    council = council_with()
    council.until("2025-04-24T09:00")
    transferred(council, allocated_on=date(2025, 4, 22))
    assert council.due(only(council, supervisee="wkr2"), "record_by") == date(2025, 4, 25)


def test_a_transfer_after_the_oversight_was_recorded_asks_for_another() -> None:
    council = council_with()
    first = council.move("sup", only(council), "record", oversight=ASKED)
    transferred(council, "sup2")
    assert council.matter(first).state == "recorded"
    assert only(council, supervisee="sup2").holder == "lm"


def test_a_case_that_is_opened_again_is_allocated_anew_and_a_closed_one_waits_for_nothing() -> None:
    council = council_with()
    council.until("2025-04-18T09:00")
    council.relist_case(replace(CASE, closed_on=date(2025, 4, 18)))
    first = only(council)
    assert (first.state, statuses(council, first, "record_by")) == ("ended", [Status.superseded])
    council.until("2025-04-28T09:00")
    council.relist_case(CASE)
    assert council.due(only(council, state="due"), "record_by") == date(2025, 5, 1)


# -- other hands
def test_a_new_supervisor_takes_it_over_and_a_leavers_passes_to_the_manager_above() -> None:
    council = council_with()
    council.relist("wkr", supervisor="sup2")
    assert (only(council).supervisor, only(council).holder) == ("sup2", "sup2")
    council.relist("sup2", end_date=date(2025, 4, 17))
    council.until("2025-04-18T09:00")
    assert (only(council).supervisor, only(council).holder) == ("lm", "lm")
    assert step(council, only(council), "reassign")["clause"] == "product default"
    council.verify()


# -- facts learned late
@pytest.mark.parametrize(
    ("allocated_on", "due"),
    [
        (date(2025, 4, 18), date(2025, 4, 21)),
        (date(2025, 4, 16), date(2025, 4, 19)),
        (date(2025, 4, 10), date(2025, 4, 18)),
    ],
    ids=["a later day", "an earlier day", "one whose window is over"],
)
def test_a_corrected_day_of_allocation_moves_a_running_window_and_never_into_the_past(
    allocated_on: date, due: date
) -> None:
    council = council_with()
    council.until("2025-04-18T09:00")
    council.relist_case(replace(CASE, allocated_on=allocated_on))
    assert (only(council).state, council.due(only(council), "record_by")) == ("due", due)
    assert statuses(council, only(council), "record_by") == [Status.superseded, Status.running]
    council.verify()


def test_a_breach_that_the_corrected_day_shows_false_leaves_the_counts() -> None:
    council = council_with()
    council.until("2025-05-07T09:00")
    late = only(council)
    council.relist_case(replace(CASE, allocated_on=date(2025, 4, 29)))
    assert council.matter(late).state == "with_line_manager"
    council.relist_case(replace(CASE, allocated_on=date(2025, 5, 5)))
    now = council.matter(late)
    assert (now.state, now.holder, council.due(now, "record_by")) == ("due", "sup", date(2025, 5, 8))
    assert statuses(council, now, "record_by") == [Status.corrected, Status.running]
    assert council.told("sup", now)[-1] == council.told("lm", now)[-1] == "breach_corrected"
    council.until("2025-05-09T09:00")
    assert council.matter(now).state == "overdue"
    council.verify()


def test_a_breach_shown_false_before_anybody_above_was_asked_is_told_to_the_supervisor() -> None:
    council = council_with()
    council.until("2025-04-22T09:00")
    council.relist_case(replace(CASE, allocated_on=date(2025, 4, 21)))
    assert council.due(only(council), "record_by") == date(2025, 4, 24)
    assert council.told("sup", only(council))[-1] == "breach_corrected"


def test_a_transfer_keeps_its_own_day_whatever_the_day_of_allocation_was() -> None:
    council = council_with()
    transferred(council)
    second = only(council, supervisee="wkr2")
    council.relist_case(replace(council.cases["c1"], allocated_on=date(2025, 4, 16)))
    council.relist_case(replace(council.cases["c1"], allocated_on=None))
    assert council.history(second) == ["open"]


def test_a_day_of_allocation_that_is_taken_away_moves_nothing() -> None:
    council = council_with()
    council.relist_case(replace(CASE, allocated_on=None))
    assert council.history(only(council)) == ["open"]


@pytest.mark.parametrize(
    ("allocated_on", "asked"),
    [(date(2025, 4, 28), True), (date(2025, 4, 20), False), (date(2025, 4, 16), False)],
    ids=["a new allocation", "one whose window is over", "a correction"],
)
def test_a_later_day_of_allocation_is_a_new_one_once_the_oversight_is_on_file(
    allocated_on: date, *, asked: bool
) -> None:
    council = council_with()
    council.move("sup", only(council), "record", oversight=ASKED)
    council.until("2025-04-29T09:00")
    council.relist_case(replace(CASE, allocated_on=allocated_on))
    assert len(council.find(Workflow.oversight, state="due")) == asked


def test_a_day_of_allocation_that_the_list_lacked_before_is_one_once_the_first_is_on_file() -> None:
    council = council_with(replace(CASE, allocated_on=None))
    council.move("sup", only(council), "record", oversight=ASKED)
    council.until("2025-04-29T09:00")
    council.relist_case(replace(CASE, allocated_on=local_day(council.now)))
    assert council.due(only(council, state="due"), "record_by") == date(2025, 5, 2)


def test_another_status_allocates_nothing() -> None:
    council = council_with()
    council.move("sup", only(council), "record", oversight=ASKED)
    council.relist_case(replace(CASE, category="rated", rating="red"))
    assert len(council.find(Workflow.oversight)) == 1


def test_a_case_that_is_allocated_after_the_supervisor_left_waits_for_the_manager_above() -> None:
    council = FakeCouncil(DARLINGTON, "2025-04-14T09:00", standard_team())
    council.relist("sup", end_date=date(2025, 4, 15))
    council.until(MAUNDY_THURSDAY)
    council.relist_case(CASE)
    oversight = only(council)
    assert (oversight.holder, council.told("lm", oversight)) == ("lm", ["oversight_due"])
    assert council.move("lm", oversight, "record", oversight=ASKED).state == "recorded"

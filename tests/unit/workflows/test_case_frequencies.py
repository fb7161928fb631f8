"""A case is supervised within its interval; what is late is told to both, and climbs until a session is held."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.case_stories import case, running, session
from tests.unit.workflows.stories import deadline, incidents, statuses
from workflows.directory import Case
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow


# -- counting
@pytest.mark.parametrize(
    ("clause", "policy", "status", "due"),
    [
        pytest.param(clause, policy, status.split(), due, marks=pytest.mark.clause(clause))
        for clause, policy, status, due in (
            ("NS-29", "north-somerset", "early-help", date(2025, 4, 28)),
            ("NS-30", "north-somerset", "child-in-need", date(2025, 4, 28)),
            ("NS-31", "north-somerset", "disability", date(2025, 4, 28)),
            ("NS-32", "north-somerset", "child-protection", date(2025, 3, 31)),
            ("NS-33", "north-somerset", "in-care-new", date(2025, 3, 31)),
            ("NS-34", "north-somerset", "in-care-stable", date(2025, 5, 26)),
            ("HAR-29", "haringey", "adult safeguarding", date(2025, 6, 3)),
            ("DAR-14", "darlington", "assessment", date(2025, 4, 3)),
            ("CBC-12", "central-bedfordshire", "early-help", date(2025, 4, 3)),
            ("CBC-14", "central-bedfordshire", "ypst-fis", date(2025, 4, 3)),
            ("CBC-17", "central-bedfordshire", "looked-after matched", date(2025, 6, 3)),
            ("CBC-18", "central-bedfordshire", "looked-after six-weekly-visits", date(2025, 5, 3)),
            ("CBC-19", "central-bedfordshire", "looked-after proceedings", date(2025, 4, 3)),
            ("CBC-21", "central-bedfordshire", "leaving-care settled", date(2025, 6, 3)),
            ("CBC-22", "central-bedfordshire", "leaving-care high-need", date(2025, 4, 3)),
            ("CBC-25", "central-bedfordshire", "disability parent-carer-assessment", date(2026, 3, 3)),
            ("CBC-27", "central-bedfordshire", "fostering matched", date(2025, 6, 3)),
            ("CBC-28", "central-bedfordshire", "fostering friends-family-private", date(2025, 6, 3)),
            ("CBC-29", "central-bedfordshire", "fostering pace-respite", date(2025, 6, 3)),
            ("CBC-30", "central-bedfordshire", "fostering intensive-support", date(2025, 5, 3)),
            ("CBC-31", "central-bedfordshire", "fostering being-assessed", date(2025, 4, 3)),
            ("CBC-32", "central-bedfordshire", "fostering parent-and-child", date(2025, 4, 3)),
            ("CBC-34", "central-bedfordshire", "adoption", date(2025, 5, 3)),
        )
    ],
)
def test_a_case_is_next_due_one_interval_after_its_last_supervision(
    clause: str, policy: str, status: list[str], due: date
) -> None:
    council = FakeCouncil(policy, cases=[case(*status)])
    session(council, "2025-03-03T11:00")
    supervise_by = deadline(council, running(council), "supervise_by")
    assert (council.due(running(council), "supervise_by"), supervise_by.receipt["clause"]) == (due, clause)
    assert supervise_by.receipt["anchors"][0]["event"] == "last session held"
    council.verify()


@pytest.mark.clause("LDS-37")
def test_a_child_in_leeds_is_watched_by_a_product_default() -> None:
    council = FakeCouncil("leeds", cases=[case("child", "looked-after")])
    session(council, "2025-03-03T11:00")
    supervise_by = deadline(council, running(council), "supervise_by")
    assert (council.due(running(council), "supervise_by"), supervise_by.receipt["clause"]) == (
        date(2025, 4, 28),
        PRODUCT_DEFAULT,
    )
    council.verify()


def test_an_opening_position_is_counted_from_and_named() -> None:
    council = FakeCouncil("haringey", cases=[case("adult", last_supervised_on=date(2025, 1, 31))])
    supervise_by = deadline(council, running(council), "supervise_by")
    assert supervise_by.receipt["anchors"] == [{"event": "last supervised (opening position)", "at": "2025-01-31"}]
    assert supervise_by.due == at("2025-04-30T23:59:59")
    council.verify()


@pytest.mark.parametrize(
    ("allocated_on", "event", "due"),
    [
        (date(2025, 3, 3), "allocated", date(2025, 6, 3)),
        (date(2024, 1, 8), "organisation live", date(2025, 6, 3)),
        (None, "organisation live", date(2025, 6, 3)),
    ],
)
def test_nothing_is_counted_from_before_the_organisation_went_live(
    allocated_on: date | None, event: str, due: date
) -> None:
    council = FakeCouncil("haringey", cases=[case("adult", allocated_on=allocated_on)])
    supervise_by = deadline(council, running(council), "supervise_by")
    assert (council.due(running(council), "supervise_by"), supervise_by.receipt["anchors"][0]["event"]) == (due, event)


@pytest.mark.clause("CBC-13", "CBC-15", "CBC-16")
@pytest.mark.parametrize("category", ["assessment", "family-support"])
def test_a_new_case_is_seen_in_ten_working_days_and_then_by_a_target_of_three_weeks_and_a_limit_of_four(
    category: str,
) -> None:
    council = FakeCouncil(now="2025-04-17T09:00", cases=[case(category, allocated_on=date(2025, 4, 17))])
    frequency = running(council)
    assert council.due(frequency, "supervise_by") == date(2025, 5, 6)
    session(council, "2025-05-06T11:00")
    assert (council.due(frequency, "target_by"), council.due(frequency, "supervise_by")) == (
        date(2025, 5, 27),
        date(2025, 6, 3),
    )
    council.until("2025-05-28T09:00")
    assert council.told("wkr", frequency)[-1] == council.told("sup", frequency)[-1] == "target_passed"
    assert statuses(council, frequency, "target_by") == [Status.met]
    council.until("2025-06-03T23:59:59")
    assert council.matter(frequency).state == "on_track"
    council.until("2025-06-04T00:00")
    assert council.matter(frequency).state == "overdue"
    council.verify()


@pytest.mark.clause("CBC-16")
def test_a_transfer_is_no_first_allocation_and_the_new_worker_is_told() -> None:
    council = FakeCouncil(now="2025-04-17T09:00", cases=[case("assessment", allocated_on=date(2025, 4, 17))])
    council.relist(
        "wkr3", job_role="social_worker", supervisor="sup2", line_manager="sup2", start_date=date(2020, 1, 6)
    )
    council.until("2025-04-22T10:00")
    frequency = running(council)
    council.tell(frequency, "transfer", worker="wkr3")
    frequency = council.matter(frequency)
    assert (frequency.supervisee, frequency.supervisor, frequency.holder) == ("wkr3", "sup2", None)
    assert council.due(frequency, "supervise_by") == date(2025, 5, 6)
    assert council.told("wkr3", frequency)[-1] == council.told("sup2", frequency)[-1] == "case_transferred"
    council.until("2025-05-07T00:00")
    council.tell(frequency, "transfer", worker="wkr")
    assert council.matter(frequency).holder == "sup"
    council.tell(frequency, "transfer", worker="ad")
    frequency = council.matter(frequency)
    assert (frequency.supervisee, frequency.supervisor, frequency.holder) == ("ad", None, None)
    council.verify()


@pytest.mark.clause("CBC-16")
def test_a_transfer_on_another_day_of_allocation_keeps_the_first_one_over_transfers_and_statuses() -> None:
    council = FakeCouncil(cases=[case("assessment")])
    council.until("2025-03-14T10:00")
    council.tell(running(council), "transfer", worker="wkr2", first_allocated_on=date(2025, 3, 3))
    council.tell(running(council), "transfer", worker="wkr", first_allocated_on=date(2025, 3, 14))
    council.relist_case(case("family-support", allocated_on=date(2025, 3, 14)))
    assert running(council).data["first_allocated_on"] == "2025-03-03"
    assert council.due(running(council), "supervise_by") == date(2025, 3, 17)
    council.verify()


def test_a_case_that_comes_to_a_worker_of_the_manager_who_has_its_lateness_goes_to_the_next_one_up() -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    council.until("2025-04-16T09:00")
    assert running(council).holder == "lm"
    council.tell(running(council), "transfer", worker="sup2")
    late = running(council)
    assert (late.state, late.supervisor, late.holder) == ("with_line_manager", "lm", "hos")
    council.verify()


@pytest.mark.parametrize(("worker", "supervisor", "holder"), [("lm", "hos", "ad"), ("hos", "ad", None)])
def test_whoever_becomes_the_worker_of_a_late_case_is_no_judge_of_it(
    worker: str, supervisor: str, holder: str | None
) -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    council.until("2025-04-16T09:00" if worker == "lm" else "2025-05-06T09:00")
    assert running(council).holder == worker
    council.tell(running(council), "transfer", worker=worker)
    late = running(council)
    assert (late.supervisee, late.supervisor, late.holder) == (worker, supervisor, holder)
    assert late.ladder is not None
    assert late.ladder.parties >= {worker, supervisor}
    council.verify()


# -- being late
@pytest.mark.clause("HAR-29")
def test_a_case_that_is_not_supervised_is_overdue_told_to_both_and_climbs() -> None:
    council = FakeCouncil("haringey", cases=[case("adult")])
    frequency = running(council)
    council.until("2025-06-03T23:59:59")
    assert council.matter(frequency).state == "on_track"
    council.until("2025-06-04T09:00")
    late = council.matter(frequency)
    assert (late.state, late.holder, late.data["breaches"]) == ("overdue", "sup", 1)
    assert council.told("wkr", late)[-1] == council.told("sup", late)[-1] == "overdue"
    council.until("2025-06-12T09:00")
    assert council.told("sup", late)[-2:] == ["overdue", "reminder"]
    council.until("2025-06-19T09:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_line_manager", "lm")
    council.until("2025-07-04T09:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_senior_manager", "hos")
    session(council, "2025-07-04T11:00")
    late = council.matter(late)
    assert (late.state, late.holder, late.ladder) == ("on_track", None, None)
    assert (statuses(council, late, "supervise_by"), late.data["breaches"]) == ([Status.missed, Status.running], 1)
    council.verify()


def test_a_case_of_somebody_without_a_supervisor_is_told_to_the_worker_alone() -> None:
    council = FakeCouncil("haringey", cases=[replace(case("adult"), worker="ad")])
    council.until("2025-06-04T09:00")
    frequency = running(council)
    assert (frequency.state, frequency.holder) == ("overdue", None)
    assert council.told("ad", frequency)[-1] == "overdue"
    assert incidents(council, frequency) == ["top_of_the_line"]
    council.until("2025-06-12T09:00")
    assert council.history(frequency)[-1] == "remind"
    council.verify()


def test_a_session_that_began_in_time_and_is_still_to_be_reported_holds_the_date_open() -> None:
    council = FakeCouncil("haringey", cases=[case("adult"), Case("c2", "wkr", "adult", allocated_on=date(2025, 3, 3))])
    one, two = (council.only(Workflow.frequency, case=ref) for ref in ("c1", "c2"))
    council.until("2025-06-03T09:00")
    booked = council.open(
        "sup",
        Workflow.session,
        supervisee="wkr",
        kind="case",
        starts_at=at("2025-06-03T16:00"),
        minutes=60,
        cases=["c1"],
    )
    council.until("2025-06-04T09:00")
    assert deadline(council, one, "supervise_by").status is Status.awaiting_report
    assert deadline(council, one, "supervise_by").receipt["due"] == "2025-06-03T23:59:59+01:00"
    assert council.matter(two).state == "overdue"
    council.move("sup", booked, "hold", held_at=at("2025-06-03T17:00"), minutes=60)
    assert council.matter(one).state == "on_track"
    assert statuses(council, one, "supervise_by") == [Status.met, Status.running]
    assert council.matter(one).data["breaches"] == 0
    council.verify()


def test_what_was_held_after_the_date_that_waited_for_a_report_was_late_all_the_same() -> None:
    council = FakeCouncil("haringey", cases=[case("adult")])
    council.until("2025-06-03T09:00")
    booked = council.open(
        "sup",
        Workflow.session,
        supervisee="wkr",
        kind="case",
        starts_at=at("2025-06-03T23:00"),
        minutes=60,
        cases=["c1"],
    )
    council.until("2025-06-04T09:00")
    council.move("sup", booked, "hold", held_at=at("2025-06-04T00:30"), minutes=90)
    frequency = running(council)
    assert (frequency.state, frequency.data["breaches"]) == ("on_track", 1)
    assert statuses(council, frequency, "supervise_by") == [Status.missed, Status.running]
    council.verify()


def test_with_nothing_reported_it_expires_when_reporting_closes_and_its_receipt_keeps_the_date() -> None:
    council = FakeCouncil("haringey", cases=[case("adult")])
    council.until("2025-06-03T09:00")
    council.open(
        "sup",
        Workflow.session,
        supervisee="wkr",
        kind="case",
        starts_at=at("2025-06-03T16:00"),
        minutes=60,
        cases=["c1"],
    )
    council.until("2025-06-04T23:59:59")
    assert running(council).state == "on_track"
    council.until("2025-06-05T00:00")
    frequency = running(council)
    assert frequency.state == "overdue"
    missed = frequency.missed("supervise_by")
    assert missed is not None
    assert missed.due == at("2025-06-03T23:59:59")
    council.verify()


def test_a_breach_that_a_late_report_shows_false_is_corrected_and_told() -> None:
    council = FakeCouncil("haringey", cases=[case("adult")])
    council.until("2025-06-03T09:00")
    booked = council.open(
        "sup",
        Workflow.session,
        supervisee="wkr",
        kind="case",
        starts_at=at("2025-06-03T16:00"),
        minutes=60,
        cases=["c1"],
    )
    council.until("2025-06-16T09:00")
    council.move("sup", booked, "hold", held_at=at("2025-06-03T17:00"), minutes=60, reason="Ill since.")
    frequency = running(council)
    assert (frequency.state, frequency.data["breaches"], frequency.missed("supervise_by")) == ("on_track", 0, None)
    assert statuses(council, frequency, "supervise_by") == [Status.corrected, Status.running]
    assert council.told("wkr", frequency)[-1] == "breach_corrected"
    assert council.due(frequency, "supervise_by") == date(2025, 9, 3)
    council.verify()

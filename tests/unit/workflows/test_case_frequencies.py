"""A case is supervised as often as its status asks; a new status takes the place of the one before, late or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import deadline, held, incidents, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Status, Workflow


def case(category: str, *criteria: str, **more: Any) -> Case:
    """The social worker's case, allocated a week before the tests begin."""
    more = {"allocated_on": date(2025, 3, 3), **more}
    return Case("c1", "wkr", category, frozenset(criteria), **more)


def running(council: FakeCouncil) -> Matter:
    """The assignment of the case that is in force."""
    return next(m for m in council.find(Workflow.frequency) if m.closed_at is None and m.state != "awaiting_approval")


def propose(council: FakeCouncil, category: str, *criteria: str, who: str = "sup", **more: Any) -> Matter:
    """A status that somebody proposes, with a reason."""
    data = {"case": "c1", "category": category, "criteria": list(criteria), "reason": "Reviewed today.", **more}
    opened = council.open(who, Workflow.frequency, **data)
    return council.matter(opened)


def session(council: FakeCouncil, ended: str) -> None:
    held(council, SessionKind.case, ended, cases=["c1"])


# -- proposing
@pytest.mark.clause("DAR-15", "DAR-16")
def test_the_supervisor_or_the_manager_above_gives_the_rating_and_changes_it_at_any_time() -> None:
    council = FakeCouncil("darlington", cases=[case("rated", "child-protection")])
    red = propose(council, "rated", "child-protection", rating="red")
    assert (red.state, red.data["every"], red.data["suggested"]) == ("on_track", "1 month", "red")
    amber = propose(council, "rated", "supervision-order", who="lm", rating="amber")
    assert (amber.state, council.matter(red).state) == ("on_track", "superseded")
    assert step(council, red, "supersede")["data"]["by"] == str(amber.id)
    assert council.told("wkr", amber) == ["frequency_set"]
    assert (council.told("sup", amber), council.told("sup", red)) == (["frequency_set"], [])
    council.verify()


@pytest.mark.clause("DAR-21")
@pytest.mark.parametrize(
    ("criteria", "suggested"),
    [(["in-need", "exploitation-risk"], "red"), (["in-need", "supervision-order"], "amber"), ([], None)],
)
def test_the_list_suggests_a_rating_and_the_manager_decides(criteria: list[str], suggested: str | None) -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    proposed = propose(council, "rated", *criteria, rating="amber")
    assert (proposed.data["suggested"], proposed.data["every"]) == (suggested, "2 months")


@pytest.mark.parametrize("who", ["wkr", "hos", "sup2"])
def test_nobody_else_proposes(who: str) -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    with pytest.raises(NotYourMove):
        propose(council, "rated", who=who, rating="red")


def test_nobody_proposes_for_a_case_that_is_not_there_or_whose_worker_nobody_supervises() -> None:
    council = FakeCouncil("darlington", cases=[replace(case("rated"), worker="ad")])
    for ref in ("c1", "c9"):
        with pytest.raises(NotYourMove):
            council.open("sup", Workflow.frequency, case=ref, category="rated", rating="red", reason="New.")


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (("unknown",), "The policy has no category 'unknown'; it has: assessment, rated."),
        (("rated", "tall"), "The policy knows no criterion 'tall'."),
        (("rated",), "Give the rating: amber, green, green-cwd, red."),
    ],
)
def test_what_the_policys_list_does_not_have_is_refused(status: tuple[str, ...], why: str) -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    with pytest.raises(Refused, match=why):
        propose(council, *status)


def test_a_rating_that_the_category_does_not_have_is_refused() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    with pytest.raises(Refused, match="Cases of this category have no rating 'red'"):
        propose(council, "assessment", rating="red")


def test_a_case_is_watched_up_to_the_day_on_which_it_is_closed() -> None:
    council = FakeCouncil("leeds", cases=[case("child")], now="2025-03-10T09:00")
    council.cases["c1"] = case("child", closed_on=date(2025, 3, 9))
    with pytest.raises(Refused, match="The case is closed"):
        propose(council, "child")
    council.cases["c1"] = case("child", closed_on=date(2025, 3, 10))
    assert propose(council, "child").state == "on_track"


def test_an_import_is_taken_as_it_comes_and_listed_as_an_exception() -> None:
    council = FakeCouncil("darlington", cases=[case("something-new", "tall")], now="2025-03-10T09:00")
    taken = running(council)
    assert (taken.state, taken.data["exception"]) == ("on_track", "No row of the policy fits this status.")
    assert deadline(council, taken, "supervise_by").receipt["clause"] == PRODUCT_DEFAULT
    council.verify()


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


def test_a_case_that_comes_to_a_worker_of_the_manager_who_has_its_lateness_goes_to_the_next_one_up() -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    council.until("2025-04-16T09:00")
    assert running(council).holder == "lm"
    council.tell(running(council), "transfer", worker="sup2")
    late = running(council)
    assert (late.state, late.supervisor, late.holder) == ("with_line_manager", "lm", "hos")
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


# -- a new status (E19)
@pytest.mark.clause("NS-30", "NS-32", "DAR-16", "DAR-17", "DAR-18", "CBC-21", "CBC-22")
@pytest.mark.parametrize(
    ("policy", "before", "rating", "after", "then", "later"),
    [
        ("north-somerset", ["child-in-need"], None, ["child-protection"], None, date(2025, 5, 5)),
        ("darlington", ["rated"], "amber", ["rated"], "red", date(2025, 5, 7)),
        (
            "central-bedfordshire",
            ["leaving-care", "settled"],
            None,
            ["leaving-care", "high-need"],
            None,
            date(2025, 5, 7),
        ),
    ],
)
def test_a_step_up_is_never_retroactively_overdue(
    policy: str, before: list[str], rating: str | None, after: list[str], then: str | None, later: date
) -> None:
    council = FakeCouncil(policy, cases=[case(*before)])
    propose(council, *before, rating=rating)
    session(council, "2025-03-03T11:00")
    council.until("2025-04-07T10:00")
    raised = propose(council, *after, rating=then)
    due = deadline(council, raised, "supervise_by")
    assert due.due == at("2025-04-07T23:59:59")
    assert (due.receipt["chosen"], len(due.receipt["candidates"])) == ("later", 2)
    session(council, "2025-04-07T12:00")
    assert council.due(raised, "supervise_by") == later
    council.verify()


def test_a_step_up_whose_shorter_date_is_still_to_come_is_due_then() -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-in-need")])
    session(council, "2025-03-03T11:00")
    council.until("2025-03-10T10:00")
    raised = propose(council, "child-protection")
    assert council.due(raised, "supervise_by") == date(2025, 3, 31)
    council.verify()


@pytest.mark.clause("NS-30", "NS-32")
def test_a_step_down_counts_from_the_last_supervision() -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    session(council, "2025-03-03T11:00")
    lowered = propose(council, "child-in-need")
    assert council.due(lowered, "supervise_by") == date(2025, 4, 28)
    council.verify()


@pytest.mark.clause("CBC-20", "CBC-23", "CBC-33", "CBC-34")
@pytest.mark.parametrize(
    ("status", "risk"),
    [
        (["looked-after", "matched"], "placement-fragile"),
        (["leaving-care", "settled"], "missing"),
        (["fostering", "matched"], "exploitation"),
        (["adoption"], "safeguarding"),
    ],
)
def test_a_risk_raises_a_quiet_case_to_monthly_as_a_product_default(status: list[str], risk: str) -> None:
    council = FakeCouncil(cases=[case(*status)])
    session(council, "2025-03-03T11:00")
    raised = propose(council, *status, risk)
    due = deadline(council, raised, "supervise_by")
    assert (council.due(raised, "supervise_by"), due.receipt["clause"]) == (date(2025, 4, 3), PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("late_on", "state", "holder"),
    [
        ("2025-04-01", "overdue", "sup"),
        ("2025-04-16", "with_line_manager", "lm"),
        ("2025-05-06", "with_senior_manager", "hos"),
    ],
)
def test_a_new_status_starts_on_the_rung_where_the_lateness_had_brought_the_one_before(
    late_on: str, state: str, holder: str
) -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    council.until(f"{late_on}T09:00")
    before = running(council)
    assert before.state == state
    after = propose(council, "in-care-new")
    assert (after.state, after.holder, after.ladder) == (state, holder, before.ladder)
    assert [d.name for d in after.deadlines if d.live] == ["remind_by", "climb_by"]
    assert after.data["breaches"] == 1
    assert council.matter(before).state == "superseded"
    council.verify()


def test_a_case_that_is_closed_ends_it() -> None:
    council = FakeCouncil("leeds", cases=[case("child")])
    frequency = running(council)
    council.tell(frequency, "end", why="closed")
    frequency = council.matter(frequency)
    assert (frequency.state, [d for d in frequency.deadlines if d.live]) == ("ended", [])
    council.verify()


# -- two rows, no row (E22, E23)
@pytest.mark.clause("CBC-15", "CBC-19", "CBC-26")
@pytest.mark.parametrize(
    "status",
    [["looked-after", "matched", "proceedings"], ["disability", "plan-reviewed", "child-protection"]],
)
def test_of_two_rows_that_fit_the_more_frequent_wins(status: list[str]) -> None:
    council = FakeCouncil(cases=[case(*status, plan_review_weeks=26)])
    session(council, "2025-03-03T11:00")
    assert council.due(running(council), "supervise_by") == date(2025, 4, 3)


@pytest.mark.clause("NS-35", "NS-36")
@pytest.mark.parametrize("category", ["leaving-care", "youth-justice"])
def test_a_status_whose_interval_the_policy_leaves_blank_is_watched_and_listed(category: str) -> None:
    council = FakeCouncil("north-somerset", cases=[case(category)])
    frequency = running(council)
    assert frequency.data["exception"] == "The policy gives no interval for this status."
    due = deadline(council, frequency, "supervise_by")
    assert (due.receipt["clause"], due.receipt["counted"]) == (PRODUCT_DEFAULT, "8 weeks")


@pytest.mark.clause("DAR-14", "DAR-15")
def test_a_case_in_darlington_that_is_not_rated_yet_runs_monthly_and_is_listed() -> None:
    council = FakeCouncil("darlington", cases=[case("rated", "in-need")])
    assert running(council).data["exception"] == "The case must be rated; supervised monthly until it is."
    assert council.due(running(council), "supervise_by") == date(2025, 4, 3)


@pytest.mark.clause("CBC-24", "CBC-82")
@pytest.mark.parametrize(("weeks", "due"), [(None, date(2025, 4, 3)), (12, date(2025, 5, 26)), (40, date(2025, 9, 1))])
def test_supervision_follows_the_review_of_the_plan_up_to_six_months(weeks: int | None, due: date) -> None:
    council = FakeCouncil(cases=[case("disability", "plan-reviewed", plan_review_weeks=weeks)])
    session(council, "2025-03-03T11:00")
    assert council.due(running(council), "supervise_by") == due
    assert bool(running(council).data["exception"]) is (weeks is None)


# -- facts that change
def recounted(council: FakeCouncil, weeks: int) -> Matter:
    """The case after its plan review interval was changed on the list."""
    frequency = running(council)
    council.cases["c1"] = replace(council.cases["c1"], plan_review_weeks=weeks)
    council.tell(frequency, "recount")
    return council.matter(frequency)


@pytest.mark.clause("CBC-24")
def test_a_plan_that_is_reviewed_more_or_less_often_moves_the_running_date_never_to_before_today() -> None:
    council = FakeCouncil(cases=[case("disability", "plan-reviewed", plan_review_weeks=12)])
    session(council, "2025-03-03T11:00")
    council.until("2025-04-14T09:00")
    assert council.due(recounted(council, 20), "supervise_by") == date(2025, 7, 21)
    shorter = recounted(council, 4)
    assert (council.due(shorter, "supervise_by"), shorter.data["every"]) == (date(2025, 4, 14), "4 weeks")
    assert council.due(recounted(council, 8), "supervise_by") == date(2025, 4, 28)
    council.until("2025-04-29T09:00")
    late = running(council)
    with pytest.raises(Refused, match="is not possible now"):
        council.tell(late, "recount")
    council.verify()


def test_a_date_that_waits_for_a_report_does_not_move() -> None:
    council = FakeCouncil(cases=[case("disability", "plan-reviewed", plan_review_weeks=12)])
    assert council.due(running(council), "supervise_by") == date(2025, 5, 26)
    council.until("2025-05-26T09:00")
    council.open(
        "sup",
        Workflow.session,
        supervisee="wkr",
        kind="case",
        starts_at=at("2025-05-26T16:00"),
        minutes=60,
        cases=["c1"],
    )
    council.until("2025-05-27T09:00")
    moved = recounted(council, 20)
    assert deadline(council, moved, "supervise_by").status is Status.awaiting_report
    assert moved.data["every"] == "20 weeks"
    council.verify()


# -- the senior review
@pytest.mark.clause("DAR-18", "DAR-23")
def test_amber_cases_are_reviewed_by_senior_management_each_month() -> None:
    council = FakeCouncil("darlington", now="2025-03-10T09:00", cases=[case("rated", allocated_on=date(2025, 3, 10))])
    amber = propose(council, "rated", "supervision-order", rating="amber")
    assert council.due(amber, "review_by") == date(2025, 5, 1)
    assert "review" in council.offered("lm", amber)
    assert "review" not in council.offered("sup", amber)
    council.until("2025-04-28T09:00")
    council.move("hos", amber, "review")
    assert council.due(amber, "review_by") == date(2025, 5, 28)
    council.until("2025-05-29T09:00")
    assert council.told("lm", amber)[-1] == council.told("hos", amber)[-1] == "review_missed"
    assert council.due(amber, "review_by") == date(2025, 6, 29)
    assert statuses(council, amber, "review_by") == [Status.met, Status.missed, Status.running]
    council.verify()


def test_a_new_version_of_the_policy_without_the_review_lets_it_end() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    amber = propose(council, "rated", "supervision-order", rating="amber")
    policy = council.policy
    rows = tuple(row.model_copy(update={"reviewed_every": None}) for row in policy.frequency.rows)
    frequency = policy.frequency.model_copy(update={"rows": rows})
    council.adopt(policy.model_copy(update={"version": "2", "frequency": frequency}))
    council.move("lm", amber, "review")
    assert council.matter(amber).live("review_by") is None
    assert (amber.policy_version, council.matter(amber).policy_version) == ("1", "2")
    council.verify()


def test_a_case_that_is_not_amber_has_no_senior_review() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    red = propose(council, "rated", "child-protection", rating="red")
    with pytest.raises(Refused, match="This case has no senior review"):
        council.move("lm", red, "review")

"""A case's status decides its interval; a new status takes the place of the one before, late or not."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import DAY, FakeCouncil, at
from tests.unit.workflows.case_stories import case, propose, running, session
from tests.unit.workflows.stories import deadline, statuses, step
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.intervals import known_categories, known_criteria
from workflows.lateness import overdue_since
from workflows.model import Matter
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow


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


# -- a new status in the place of another: E19
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


@pytest.mark.clause("CBC-16", "CBC-24", "CBC-26")
@pytest.mark.parametrize(
    ("before", "supervised_at", "changed_at", "after", "clause"),
    [
        (case("early-help"), None, "2025-03-24T09:00", case("assessment"), "CBC-16"),
        (case("early-help"), "2025-03-03T12:00", "2025-04-02T09:00", case("family-support"), "CBC-16"),
        (
            case("disability", "plan-reviewed", plan_review_weeks=26),
            "2025-03-03T12:00",
            "2025-05-02T09:00",
            case("disability", "child-protection"),
            "CBC-15, CBC-26",
        ),
        (
            case("disability", "plan-reviewed", plan_review_weeks=26),
            "2025-03-03T12:00",
            "2025-05-02T09:00",
            case("disability", "plan-reviewed", "child-protection", plan_review_weeks=4),
            "CBC-24",
        ),
    ],
)
def test_a_status_with_an_earlier_date_of_whatever_kind_is_never_retroactively_overdue(
    before: Case, supervised_at: str | None, changed_at: str, after: Case, clause: str
) -> None:
    council = FakeCouncil(cases=[before])
    if supervised_at:
        session(council, supervised_at)
    council.until(changed_at)
    council.relist_case(after)
    changed = running(council)
    due = deadline(council, changed, "supervise_by")
    assert (changed.state, due.due, due.receipt["clause"]) == ("on_track", at(f"{changed_at[:10]}T23:59:59"), clause)
    assert (council.told("wkr", changed), changed.live("target_by")) == (["frequency_set"], None)
    council.until(f"{local_day(due.due) + DAY}T09:00")
    assert (running(council).state, running(council).data["breaches"]) == ("overdue", 1)
    council.verify()


def stepped_down_while_its_date_waits() -> tuple[FakeCouncil, Matter, Matter]:
    """A session of the last day is still to be reported when the case is stepped down."""
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    session(council, "2025-03-03T11:00")
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at("2025-03-31T14:00"), "minutes": 60}
    booked = council.open("sup", Workflow.session, **booking, cases=["c1"])
    council.until("2025-04-01T10:00")
    return council, booked, propose(council, "child-in-need")


@pytest.mark.clause("NS-30", "NS-32")
def test_a_date_that_waits_for_a_report_waits_on_under_a_new_status_and_expires_when_reporting_closes() -> None:
    council, _, lowered = stepped_down_while_its_date_waits()
    waiting = deadline(council, lowered, "supervise_by")
    assert (waiting.status, waiting.due) == (Status.awaiting_report, at("2025-03-31T23:59:59"))
    council.until("2025-04-02T09:00")
    late = running(council)
    assert (late.state, late.data["breaches"], overdue_since(late)) == ("overdue", 1, at("2025-03-31T23:59:59"))
    council.verify()


@pytest.mark.clause("NS-30", "NS-32")
def test_a_report_in_time_meets_the_date_that_waited_and_the_next_one_is_that_of_the_new_status() -> None:
    council, booked, lowered = stepped_down_while_its_date_waits()
    council.move("sup", booked, "hold", held_at=at("2025-03-31T15:00"), minutes=60)
    assert statuses(council, lowered, "supervise_by") == [Status.met, Status.running]
    assert (council.due(lowered, "supervise_by"), running(council).data["breaches"]) == (date(2025, 5, 26), 0)
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
        (["fostering", "matched"], "placement-unregulated"),
        (["adoption"], "safeguarding"),
        (["adoption"], "significant-support-needs"),
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
    assert (overdue_since(after), after.data["breaches"]) == (overdue_since(before), 1)
    assert council.matter(before).state == "superseded"
    council.verify()


def test_a_case_that_is_closed_ends_it() -> None:
    council = FakeCouncil("leeds", cases=[case("child")])
    frequency = running(council)
    council.tell(frequency, "end", why="closed")
    frequency = council.matter(frequency)
    assert (frequency.state, [d for d in frequency.deadlines if d.live]) == ("ended", [])
    council.verify()


# -- two rows, no row at all: E22, E23
@pytest.mark.clause("CBC-15", "CBC-19", "CBC-26")
@pytest.mark.parametrize(
    "status",
    [["looked-after", "matched", "proceedings"], ["disability", "plan-reviewed", "child-protection"]],
)
def test_of_two_rows_that_fit_the_more_frequent_wins(status: list[str]) -> None:
    council = FakeCouncil(cases=[case(*status, plan_review_weeks=26)])
    session(council, "2025-03-03T11:00")
    assert council.due(running(council), "supervise_by") == date(2025, 4, 3)


@pytest.mark.clause("NS-32", "NS-33")
@pytest.mark.parametrize("category", sorted(known_categories(shipped()["north-somerset"])))
@pytest.mark.parametrize("criterion", sorted(known_criteria(shipped()["north-somerset"])))
def test_what_north_somerset_supervises_every_four_weeks_is_so_in_every_category(category: str, criterion: str) -> None:
    council = FakeCouncil("north-somerset", cases=[case(category, criterion)])
    frequency = running(council)
    assert (council.due(frequency, "supervise_by"), frequency.data["exception"]) == (date(2025, 3, 31), None)


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

"""From when an absence is long and who finds cover then; who is asked whether it is over, and what a return means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import away, deadline, held, incidents, sent, statuses, step
from workflows.calendar import local_day
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Status, Workflow

MONDAY = date(2025, 3, 3)
NO_LENGTH = ("darlington", "haringey", "leeds")
EVERY_CAUSE = ("sickness", "unplanned", "planned", "other")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil()


@pytest.fixture
def north_somerset() -> FakeCouncil:
    return FakeCouncil("north-somerset")


def back(council: FakeCouncil, absence: Matter, last_day: date, who: str = "hr1") -> Matter:
    """Report the return of somebody."""
    return council.move(who, absence, "return", last_day=last_day)


# -- long
@pytest.mark.clause("CBC-47", "CBC-60")
@pytest.mark.parametrize("cause", ["sickness", "unplanned"])
def test_the_fifteenth_day_goes_to_the_line_manager_with_a_plan_and_the_supervisees_are_told(
    council: FakeCouncil, cause: str
) -> None:
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=at("2025-03-25T10:00"), minutes=60
    )
    group = council.open(
        "sup",
        Workflow.session,
        kind="group",
        participants=["wkr", "wkr2"],
        starts_at=at("2025-03-26T10:00"),
        minutes=60,
    )
    absence = away(council, "sup", MONDAY, cause)
    council.until("2025-03-17T23:59:59")
    assert council.matter(absence).state == "reported"
    council.until("2025-03-18T09:00")
    absence = council.matter(absence)
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    assert step(council, absence, "long")["clause"] == "CBC-47, CBC-60"
    assert statuses(council, absence, "long_absence") == [Status.missed]
    plan = {row["supervisee"]: {m["id"] for m in row["matters"]} for row in absence.data["plan"]}
    assert set(plan) == {"wkr", "wkr2", "bs"}
    assert plan["wkr"] >= {str(session.id), str(group.id)}
    assert str(group.id) in plan["wkr2"]
    assert str(council.only(Workflow.entitlement, supervisee="bs").id) in plan["bs"]
    assert council.told("lm", absence)[-1] == "escalated"
    told = next(n for n in council.notices if (n["to"], n["kind"]) == ("wkr", "supervisor_away"))
    assert "turn to Person lm" in told["body"]
    assert council.due(absence, "cover_by") == date(2025, 3, 25)
    council.verify()


@pytest.mark.clause("CBC-47", "CBC-60")
def test_back_on_the_fifteenth_day_is_in_time(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-17T09:00")
    absence = back(council, absence, date(2025, 3, 16))
    assert absence.state == "returned"
    assert statuses(council, absence, "long_absence") == [Status.met]
    council.until("2025-04-30T09:00")
    assert council.history(absence) == ["open", "confirm_return", "return"]
    council.verify()


@pytest.mark.clause("CBC-47", "CBC-60")
@pytest.mark.parametrize("cause", ["planned", "other"])
def test_leave_is_never_long_there(council: FakeCouncil, cause: str) -> None:
    absence = away(council, "sup", MONDAY, cause)
    council.until("2025-05-30T09:00")
    assert council.matter(absence).state == "reported"
    assert statuses(council, absence, "long_absence") == []


@pytest.mark.clause("NS-67")
@pytest.mark.parametrize("cause", EVERY_CAUSE)
def test_the_twenty_eighth_day_is_long_whatever_the_cause(cause: str) -> None:
    council = FakeCouncil("north-somerset")
    absence = away(council, "sup", MONDAY, cause)
    council.until("2025-03-30T23:59:59")
    assert council.matter(absence).state == "reported"
    council.until("2025-03-31T00:00")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "lm")
    assert step(council, absence, "long")["clause"] == "NS-67"
    council.verify()


@pytest.mark.clause("NS-67")
@pytest.mark.parametrize(
    ("expected", "state"), [(date(2025, 3, 31), "awaiting_cover"), (date(2025, 3, 30), "reported")]
)
def test_where_four_weeks_are_expected_cover_is_needed_at_once(expected: date, state: str) -> None:
    council = FakeCouncil("north-somerset")
    absence = away(council, "sup", MONDAY, "planned", expected_return=expected)
    assert absence.state == state
    council.until("2025-04-10T09:00")  # the twenty-eighth day passes, whichever it was
    council.verify()


@pytest.mark.clause("NS-67")
def test_four_weeks_of_leave_that_are_known_ahead_need_cover_when_they_begin() -> None:
    council = FakeCouncil("north-somerset")
    absence = away(council, "sup", date(2025, 5, 12), "planned", expected_return=date(2025, 6, 16))
    assert (absence.state, council.told("wkr", absence)) == ("reported", [])
    council.until("2025-05-12T09:00")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "lm")
    assert "supervisor_away" in council.told("wkr", absence)
    assert council.picture.directory.supervisor_of("wkr") == "sup"
    council.verify()


@pytest.mark.clause("NS-67")
def test_whoever_supervises_nobody_needs_no_cover() -> None:
    council = FakeCouncil("north-somerset")
    absence = away(council, "wkr", MONDAY, expected_return=date(2025, 6, 2))
    council.until("2025-04-10T09:00")
    assert council.matter(absence).state == "reported"
    assert statuses(council, absence, "long_absence") == []
    council.verify()


def test_whoever_supervises_nobody_any_more_needs_none_on_the_day() -> None:
    council = FakeCouncil()
    absence = away(council, "sup", MONDAY)
    for ref in ("wkr", "wkr2", "bs"):
        council.relist(ref, supervisor="sup2")
    council.until("2025-03-18T09:00")
    assert (council.matter(absence).state, council.history(absence)[-1]) == ("reported", "long")
    council.verify()


def test_what_is_counted_together_is_long_when_it_goes_on_and_not_before(north_somerset: FakeCouncil) -> None:
    leave = away(north_somerset, "sup", MONDAY, "planned", expected_return=date(2025, 4, 11))
    north_somerset.move("lm", leave, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    north_somerset.until("2025-04-08T09:00")
    sickness = away(north_somerset, "sup", date(2025, 4, 9))
    assert (sickness.state, sickness.live("long_absence")) == ("reported", None)
    north_somerset.until("2025-04-09T00:00")
    assert north_somerset.matter(sickness).data["counted_from"] == "2025-03-03"
    assert north_somerset.history(sickness) == ["open", "begin", "long"]
    assert north_somerset.matter(sickness).state == "reported"  # everybody is covered already
    north_somerset.verify()


@pytest.mark.parametrize("policy", NO_LENGTH)
def test_elsewhere_the_first_interval_that_is_missed_makes_it_long(policy: str) -> None:
    council = FakeCouncil(policy)
    held(council, SessionKind.personal, "2025-03-03T11:00")
    absence = away(council, "sup", date(2025, 3, 4))
    due = deadline(council, council.only(Workflow.entitlement, supervisee="wkr2"), "supervise_by").due
    assert due is not None
    council.until(due)
    assert council.matter(absence).state == "reported"
    council.until(due + timedelta(seconds=1))
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "lm")
    assert step(council, absence, "first_breach")["clause"] == PRODUCT_DEFAULT
    council.verify()


@pytest.mark.parametrize("policy", NO_LENGTH)
def test_an_absence_that_is_recorded_after_the_interval_was_missed_in_it_is_long_at_once(policy: str) -> None:
    council = FakeCouncil(policy)
    missed = deadline(council, council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by").due
    assert missed is not None
    council.until(missed + timedelta(days=2))
    absence = away(council, "sup", local_day(missed) - timedelta(days=7))
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    assert step(council, absence, "open")["clause"] == PRODUCT_DEFAULT
    assert "supervisor_away" in council.told("wkr", absence)
    council.verify()


@pytest.mark.parametrize("policy", NO_LENGTH)
def test_so_is_one_whose_first_day_is_corrected_to_before_it_was_missed(policy: str) -> None:
    council = FakeCouncil(policy)
    missed = deadline(council, council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by").due
    assert missed is not None
    council.until(missed + timedelta(days=3))
    absence = away(council, "sup", local_day(missed) + timedelta(days=2))
    assert absence.state == "reported"
    first = local_day(missed) + timedelta(days=1)
    absence = council.move("hr1", absence, "amend", first_day=first, reason="Ill a day earlier.")
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    council.verify()


def test_an_interval_that_is_missed_before_the_leave_begins_makes_it_no_long_one() -> None:
    council = FakeCouncil("darlington")
    absence = away(council, "sup", date(2025, 4, 14), "planned", expected_return=date(2025, 4, 21))
    council.until("2025-04-04T09:00")
    assert council.only(Workflow.entitlement, supervisee="wkr").state == "overdue"
    assert council.matter(absence).state == "reported"


def test_the_next_manager_is_asked_where_the_line_manager_is_away_too(council: FakeCouncil) -> None:
    away(council, "lm", MONDAY, "planned", expected_return=date(2025, 4, 7))
    absence = away(council, "sup", MONDAY)
    assert council.told("hos", absence) == ["absence_reported"]
    council.until("2025-03-18T09:00")
    assert council.matter(absence).holder == "hos"
    assert step(council, absence, "long")["data"]["skipped"] == [["lm", "absent"]]
    council.verify()


def test_where_nobody_is_above_administrators_see_it() -> None:
    people = {ref: p for ref, p in standard_team().items() if ref in ("sup", "wkr")}
    council = FakeCouncil(people=people)
    council.relist("sup", line_manager=None, supervisor=None)
    absence = council.open("wkr", Workflow.absence, person="sup", first_day=MONDAY, cause="sickness")
    council.until("2025-03-18T09:00")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", None)
    assert incidents(council, absence) == ["stranded"]
    told = next(n for n in council.notices if n["kind"] == "supervisor_away")
    assert "turn to the service’s administrators" in told["body"]
    council.until("2025-03-26T00:00")
    assert incidents(council, absence) == ["stranded", "stranded"]
    assert council.due(absence, "cover_by") == date(2025, 4, 2)
    council.verify()


# -- is the person back?
def test_the_manager_is_asked_on_the_day_of_the_expected_return_and_then_every_five_working_days(
    council: FakeCouncil,
) -> None:
    absence = away(council, "wkr", MONDAY, expected_return=date(2025, 3, 7))
    council.until("2025-03-08T00:00")
    assert council.told("sup", absence) == ["absence_reported"]
    council.until("2025-03-10T09:00")
    assert council.told("sup", absence)[-1] == "confirm_return"
    assert council.due(absence, "confirm_return") == date(2025, 3, 14)
    council.until("2025-03-17T09:00")
    assert council.told("sup", absence).count("confirm_return") == 2
    council.verify()


def test_without_an_expected_return_they_are_asked_every_five_working_days(council: FakeCouncil) -> None:
    absence = away(council, "wkr", date(2025, 3, 5))
    assert council.due(absence, "confirm_return") == date(2025, 3, 12)


def test_hr_is_asked_where_nobody_is_above(council: FakeCouncil) -> None:
    absence = away(council, "ad", MONDAY)
    council.until("2025-03-11T09:00")
    assert council.told("hr1", absence) == ["confirm_return"]


# -- back
def test_a_return_is_reported_when_it_has_happened(council: FakeCouncil) -> None:
    absence = away(council, "wkr", date(2025, 3, 5))
    for last_day, why in ((date(2025, 3, 3), "not before the first"), (date(2025, 3, 4), "when it has happened")):
        with pytest.raises(Refused, match=why):
            back(council, absence, last_day)
    council.until("2025-03-05T09:00")
    assert back(council, absence, date(2025, 3, 4)).state == "returned"


def test_back_on_a_day_that_is_not_worked_is_back_on_the_next_one(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", date(2025, 3, 4))
    council.until("2025-03-08T10:00")
    back(council, absence, date(2025, 3, 7))
    assert step(council, record, "resume")["data"]["back_on"] == "2025-03-10"


@pytest.mark.clause("CBC-47", "NS-67")
@pytest.mark.parametrize(("policy", "long_on"), [("central-bedfordshire", 18), ("north-somerset", 31)])
def test_who_returns_before_cover_was_found_ends_the_search_and_the_length_stays(policy: str, long_on: int) -> None:
    council = FakeCouncil(policy)
    absence = away(council, "sup", MONDAY)
    council.until(f"2025-03-{long_on}T09:00")
    assert council.matter(absence).state == "awaiting_cover"
    absence = back(council, absence, date(2025, 3, long_on - 1))
    assert (absence.state, absence.holder) == ("returned", None)
    assert statuses(council, absence, "long_absence") == [Status.missed]
    assert statuses(council, absence, "cover_by") == [Status.superseded]
    for who in ("lm", "wkr"):
        assert council.told(who, absence)[-1] == "supervisor_back"
    council.verify()


@pytest.mark.clause("CBC-47")
def test_a_return_that_was_in_time_and_reported_late_shows_the_length_false(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-20T09:00")
    absence = back(council, absence, date(2025, 3, 16))
    assert statuses(council, absence, "long_absence") == [Status.corrected]
    assert step(council, absence, "return")["data"]["corrected"] is True
    assert "breach_corrected" in council.told("lm", absence)
    council.verify()


@pytest.mark.parametrize("policy", ["central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset"])
def test_enforcement_that_lags_by_a_month_asks_once_whether_somebody_is_back(policy: str) -> None:
    council = FakeCouncil(policy)
    absence = away(council, "wkr", date(2025, 3, 3))
    council.now = at("2025-04-07T09:00")
    council.until(council.now)
    asked = [n for n in council.notices if (n["kind"], n["matter_id"]) == ("confirm_return", absence.id)]
    assert len(asked) == 1
    again = deadline(council, absence, "confirm_return")
    assert again.due is not None
    assert again.due > council.now
    assert again.receipt["anchors"][0]["at"] == "2025-04-07"
    assert again.receipt["note"] == "enforced late: counted from the enforcement"
    council.verify()


def test_somebody_who_comes_to_a_supervisor_who_is_away_makes_the_absence_long_on_its_day() -> None:
    council = FakeCouncil()
    absence = away(council, "sup2", date(2025, 3, 3))
    assert absence.live("long_absence") is None
    council.until("2025-03-05T09:00")
    council.relist("wkr", supervisor="sup2")
    assert council.due(absence, "long_absence") == date(2025, 3, 17)

    council.until("2025-03-18T09:00")

    assert council.matter(absence).state == "awaiting_cover"
    council.verify()


def test_and_at_once_where_that_day_has_passed() -> None:
    council = FakeCouncil()
    absence = away(council, "sup2", date(2025, 3, 3))
    council.until("2025-04-01T09:00")

    council.relist("wkr", supervisor="sup2")

    assert council.matter(absence).state == "awaiting_cover"
    council.verify()

"""An absence is corrected, in whatever state it is: dates and cause change, and what follows is reckoned forward."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import away, deadline, sent, statuses, step
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Status, Workflow

MONDAY = date(2025, 3, 3)
EVERYBODY = {"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"}


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil()


@pytest.fixture
def north_somerset() -> FakeCouncil:
    return FakeCouncil("north-somerset")


def amend(council: FakeCouncil, absence: Matter, **changed: Any) -> Matter:
    """HR corrects an absence."""
    return council.move("hr1", absence, "amend", reason="As the note says.", **changed)


def awaiting_cover(council: FakeCouncil) -> Matter:
    """A supervisor's sickness of fifteen days and more."""
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    return council.matter(absence)


def covered(council: FakeCouncil) -> Matter:
    """The same, with somebody for everybody."""
    return council.move("lm", awaiting_cover(council), "assign_cover", cover=EVERYBODY)


# -- only recorded so far
def test_the_history_has_both_dates_and_the_reason(council: FakeCouncil) -> None:
    absence = amend(
        council, away(council, "wkr", MONDAY), first_day=date(2025, 2, 27), expected_return=date(2025, 3, 7)
    )
    data = step(council, absence, "amend")["data"]
    assert data["before"] == {"first_day": "2025-03-03", "expected_return": None}
    assert data["after"] == {"first_day": "2025-02-27", "expected_return": "2025-03-07"}
    assert "reason" in step(council, absence, "amend")["commitments"]
    assert council.due(absence, "confirm_return") == date(2025, 3, 7)
    council.verify()


@pytest.mark.clause("CBC-47")
def test_an_earlier_first_day_moves_the_fifteenth(council: FakeCouncil) -> None:
    absence = amend(council, away(council, "sup", MONDAY), first_day=date(2025, 2, 24))
    assert council.due(absence, "long_absence") == date(2025, 3, 10)
    absence = amend(council, absence, first_day=date(2025, 2, 3))
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    council.verify()


@pytest.mark.clause("CBC-47")
def test_another_cause_starts_or_ends_the_count(council: FakeCouncil) -> None:
    absence = amend(council, away(council, "sup", MONDAY, "planned"), cause="sickness")
    assert council.due(absence, "long_absence") == date(2025, 3, 17)
    absence = amend(council, absence, cause="planned")
    assert statuses(council, absence, "long_absence") == [Status.superseded]
    council.verify()


def test_a_cause_that_becomes_sickness_ends_the_window_to_rebook(council: FakeCouncil) -> None:
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=council.now, minutes=60
    )
    council.move("sup", session, "cancel", cause="diary", reason="A hearing.")
    absence = away(council, "wkr", MONDAY, "unplanned")
    assert council.only(Workflow.cancellation).state == "awaiting_rebooking"
    amend(council, absence, cause="sickness")
    assert council.only(Workflow.cancellation).state == "awaiting_return"


def test_a_first_day_that_is_still_to_come_undoes_the_pause_until_then(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", MONDAY)
    assert deadline(council, record, "sign_by").status is Status.paused
    absence = amend(council, absence, first_day=date(2025, 3, 6))
    assert deadline(council, record, "sign_by").status is Status.running
    assert council.due(absence, "begins") == date(2025, 3, 5)
    council.until("2025-03-06T00:00")
    assert deadline(council, record, "sign_by").status is Status.paused
    assert statuses(council, absence, "begins") == [Status.met]
    council.verify()


def test_a_first_day_that_was_still_to_come_is_today(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", date(2025, 3, 10), "planned")
    absence = amend(council, absence, first_day=MONDAY)
    assert deadline(council, record, "sign_by").status is Status.paused
    assert statuses(council, absence, "begins") == [Status.superseded]
    council.verify()


@pytest.mark.clause("NS-67")
def test_an_expected_return_after_four_weeks_needs_cover_at_once(north_somerset: FakeCouncil) -> None:
    absence = away(north_somerset, "sup", MONDAY, "planned", expected_return=date(2025, 3, 10))
    absence = amend(north_somerset, absence, expected_return=date(2025, 4, 14))
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    assert {row["supervisee"] for row in absence.data["plan"]} == {"wkr", "wkr2", "bs"}
    assert statuses(north_somerset, absence, "long_absence")[-1] is Status.superseded
    north_somerset.until("2025-04-01T09:00")
    north_somerset.verify()


@pytest.mark.clause("NS-67")
def test_an_earlier_first_day_makes_four_weeks_of_the_same_return(north_somerset: FakeCouncil) -> None:
    absence = away(north_somerset, "sup", MONDAY, "planned", expected_return=date(2025, 3, 30))
    assert absence.state == "reported"
    assert amend(north_somerset, absence, first_day=date(2025, 3, 2)).state == "awaiting_cover"


def test_an_expected_return_that_nobody_knows_any_more_is_taken_back(council: FakeCouncil) -> None:
    absence = away(council, "wkr", MONDAY, expected_return=date(2025, 3, 24))
    absence = amend(council, absence, expected_return=None, first_day=None, cause=None)
    assert (absence.data["expected_return"], absence.data["first_day"]) == (None, "2025-03-03")
    assert absence.data["cause"] == "sickness"
    assert council.due(absence, "confirm_return") == date(2025, 3, 10)


# -- cover is being found
@pytest.mark.clause("CBC-47")
def test_an_absence_that_was_not_long_needs_no_cover_and_everybody_is_told(council: FakeCouncil) -> None:
    absence = amend(council, awaiting_cover(council), first_day=date(2025, 3, 10))
    assert (absence.state, absence.holder, absence.ladder) == ("reported", None, None)
    assert statuses(council, absence, "long_absence") == [Status.corrected, Status.running]
    assert council.due(absence, "long_absence") == date(2025, 3, 24)
    assert statuses(council, absence, "cover_by") == [Status.superseded]
    assert council.told("lm", absence)[-2:] == ["breach_corrected", "cover_not_needed"]
    assert council.told("wkr", absence)[-1] == "cover_not_needed"
    council.verify()


@pytest.mark.clause("CBC-47")
def test_a_senior_manager_who_was_asked_learns_of_it_too(council: FakeCouncil) -> None:
    absence = awaiting_cover(council)
    council.until("2025-03-26T09:00")
    assert council.matter(absence).state == "with_senior_manager"
    absence = amend(council, absence, first_day=date(2025, 3, 24))
    assert (absence.state, council.due(absence, "long_absence")) == ("reported", date(2025, 4, 7))
    assert council.told("hos", absence)[-2:] == ["breach_corrected", "cover_not_needed"]
    assert council.told("lm", absence)[-1] == "breach_corrected"
    council.verify()


@pytest.mark.clause("CBC-47")
def test_leave_that_was_taken_for_sickness_was_never_long(council: FakeCouncil) -> None:
    absence = amend(council, awaiting_cover(council), cause="planned")
    assert absence.state == "reported"
    assert statuses(council, absence, "long_absence") == [Status.corrected]
    council.until("2025-05-01T09:00")
    assert council.matter(absence).state == "reported"
    council.verify()


@pytest.mark.clause("NS-67")
def test_a_return_that_is_expected_sooner_needs_no_cover_now(north_somerset: FakeCouncil) -> None:
    absence = away(north_somerset, "sup", MONDAY, "planned", expected_return=date(2025, 4, 14))
    absence = amend(north_somerset, absence, expected_return=date(2025, 3, 17))
    assert absence.state == "reported"
    assert north_somerset.due(absence, "long_absence") == date(2025, 3, 30)
    north_somerset.verify()


def test_an_absence_that_stays_long_is_still_to_be_covered(council: FakeCouncil) -> None:
    absence = amend(council, awaiting_cover(council), expected_return=date(2025, 4, 7))
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    assert council.due(absence, "confirm_return") == date(2025, 4, 7)
    council.verify()


@pytest.mark.parametrize("policy", ["darlington", "haringey", "leeds"])
def test_where_no_length_makes_it_long_none_makes_it_short(policy: str) -> None:
    council = FakeCouncil(policy)
    absence = away(council, "sup", MONDAY)
    council.until("2025-04-04T09:00")
    assert amend(council, absence, first_day=date(2025, 4, 1)).state == "awaiting_cover"
    council.verify()


@pytest.mark.parametrize("state", ["awaiting_cover", "covered"])
def test_an_absence_with_cover_does_not_move_into_the_future(council: FakeCouncil, state: str) -> None:
    absence = covered(council) if state == "covered" else awaiting_cover(council)
    with pytest.raises(Refused, match="report the later one"):
        amend(council, absence, first_day=date(2025, 3, 19))


# -- covered
def test_covered_it_stays_covered_and_only_the_asking_moves(council: FakeCouncil) -> None:
    absence = amend(council, covered(council), expected_return=date(2025, 4, 7), first_day=date(2025, 2, 24))
    assert (absence.state, council.due(absence, "confirm_return")) == ("covered", date(2025, 4, 7))
    assert absence.live("long_absence") is None
    assert council.picture.directory.supervisor_of("wkr") == "sup2"
    council.until("2025-04-30T09:00")
    council.verify()


# -- over
def test_in_returned_the_return_moves_and_what_ran_from_it(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", date(2025, 3, 3))
    council.until("2025-03-07T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 5))
    assert council.due(record, "sign_by") == date(2025, 3, 12)
    absence = amend(council, absence, last_day=date(2025, 3, 6))
    assert (absence.state, council.due(record, "sign_by")) == ("returned", date(2025, 3, 13))
    council.verify()


@pytest.mark.clause("CBC-47")
def test_in_returned_an_earlier_return_shows_the_length_false(council: FakeCouncil) -> None:
    absence = awaiting_cover(council)
    council.move("hr1", absence, "return", last_day=date(2025, 3, 17))
    assert statuses(council, absence, "long_absence") == [Status.missed]
    amend(council, absence, last_day=date(2025, 3, 16))
    assert statuses(council, absence, "long_absence") == [Status.corrected]
    assert "breach_corrected" in council.told("lm", absence)
    amend(council, absence, cause="unplanned")
    assert council.told("lm", absence).count("breach_corrected") == 1
    council.verify()


def test_permanent_the_dates_are_still_corrected(council: FakeCouncil) -> None:
    absence = council.move("lm", covered(council), "make_permanent", reason="The post was filled.")
    absence = amend(council, absence, first_day=date(2025, 3, 1))
    assert (absence.state, absence.data["first_day"]) == ("permanent", "2025-03-01")
    council.verify()


# -- what cannot be
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"cause": "left"}, "people’s list"),
        ({"last_day": MONDAY}, "Report the return"),
        ({"expected_return": MONDAY}, "after the first day"),
        ({"first_day": date(2025, 3, 20)}, "after the first day"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(council: FakeCouncil, changed: dict[str, Any], why: str) -> None:
    absence = away(council, "wkr", MONDAY, expected_return=date(2025, 3, 20))
    with pytest.raises(Refused, match=why):
        amend(council, absence, **changed)


@pytest.mark.parametrize(
    "changed", [{"last_day": date(2025, 3, 8)}, {"last_day": date(2025, 3, 1)}, {"first_day": date(2025, 3, 7)}]
)
def test_the_last_day_lies_between_the_first_and_today(council: FakeCouncil, changed: dict[str, Any]) -> None:
    absence = away(council, "wkr", MONDAY)
    council.until("2025-03-07T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 5))
    with pytest.raises(Refused, match="between the first day and today"):
        amend(council, absence, **changed)


def test_who_was_never_absent_after_all_may_still_be_corrected(council: FakeCouncil) -> None:
    absence = away(council, "wkr", MONDAY)
    council.move("hr1", absence, "return", last_day=date(2025, 3, 2))
    assert amend(council, absence, cause="other").data["cause"] == "other"


def test_what_was_withdrawn_stays_so(council: FakeCouncil) -> None:
    absence = council.move("hr1", away(council, "wkr", MONDAY), "cancel", reason="A mistake.")
    with pytest.raises(Refused, match="not possible now"):
        amend(council, absence, cause="other")


def test_an_absence_that_ran_on_from_another_counts_anew_when_that_one_is_corrected(council: FakeCouncil) -> None:
    first = away(council, "sup", date(2025, 3, 3))
    council.until("2025-03-10T09:00")
    council.move("hr1", first, "return", last_day=date(2025, 3, 9))
    second = away(council, "sup", date(2025, 3, 10), cause="unplanned")
    assert council.due(second, "long_absence") == date(2025, 3, 17)

    council.move("hr1", first, "amend", last_day=date(2025, 3, 5), reason="Back on the sixth.")

    assert council.matter(second).data["counted_from"] == "2025-03-10"
    assert council.due(second, "long_absence") == date(2025, 3, 24)
    council.verify()

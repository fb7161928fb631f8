"""A changed calendar: which running windows move, by how much, and who is told."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, england
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Matter
from workflows.receipts import Counted, Pause, Term, absence_day, count, earlier_of, later_of, on_day, recompute, slot
from workflows.recount import moved_by, recount
from workflows.vocabulary import PRODUCT_DEFAULT, Unit, Workflow

CLOSED = date(2025, 3, 7)
START = date(2025, 3, 3)
PLAIN = england()
FIVE_DAYS = Term(5, Unit.working_days, "CBC-42")


def day(counted: Counted) -> str | None:
    return local_day(counted.due).isoformat() if counted.due else None


def with_closure(*days: date) -> FakeCouncil:
    """A council with one new case, closed on these days from now on."""
    council = FakeCouncil(cases=[Case("c1", "wkr", "assessment", allocated_on=START)])
    change(council, *days)
    return council


def change(council: FakeCouncil, *days: date) -> None:
    """Let exactly these days be the council's closures."""
    council.picture = replace(council.picture, calendar=england(days))


def frequency(council: FakeCouncil) -> Matter:
    return council.only(Workflow.frequency)


# -- counting again
def test_a_window_in_working_days_is_counted_again_from_its_own_anchor() -> None:
    before = count(FIVE_DAYS, "sent", START, PLAIN, note="why")

    after = recount(before.receipt, england([CLOSED]))

    assert (day(before), day(after)) == ("2025-03-10", "2025-03-11")
    assert after.receipt["skipped"] == [{"date": "2025-03-07", "because": "closed"}]
    assert after.receipt["anchors"] == before.receipt["anchors"]
    assert after.receipt["note"] == "why"
    assert recompute(after.receipt) == after.due


def test_of_two_dates_one_that_stands_still_under_the_new_days_has_no_end_yet() -> None:
    away = Pause(date(2025, 3, 10), None, "absent")
    short = count(Term(4, Unit.working_days, "CBC-42"), "sent", START, PLAIN, [away])
    chosen = later_of(short, on_day(PRODUCT_DEFAULT, "today", START, PLAIN), ("the window", "never in the past"))

    after = recount(chosen.receipt, england([CLOSED]))

    assert (day(chosen), after.due) == ("2025-03-07", None)


def test_pauses_stay_where_they_were() -> None:
    over = Pause(date(2025, 3, 5), date(2025, 3, 6), "absent")
    going_on = Pause(date(2025, 3, 10), None, "absent")

    assert day(recount(count(FIVE_DAYS, "sent", START, PLAIN, [over]).receipt, england([CLOSED]))) == "2025-03-13"
    assert recount(count(FIVE_DAYS, "sent", START, PLAIN, [going_on]).receipt, england([CLOSED])).receipt["left"] == (
        "2 working days"
    )


@pytest.mark.parametrize(
    "counted",
    [
        count(Term(2, Unit.weeks, "NS-30"), "held", START, PLAIN),
        count(Term(1, Unit.months, "DAR-08"), "held", START, PLAIN),
        count(Term(21, Unit.calendar_days, "CBC-16"), "held", START, PLAIN),
        absence_day("CBC-47", START, 15, PLAIN),
        on_day(PRODUCT_DEFAULT, "end date", CLOSED, PLAIN),
        slot("CBC-07", "held", START, PLAIN, filled=True),
    ],
    ids=lambda counted: counted.receipt["rule"],
)
def test_nothing_else_moves(counted: Counted) -> None:
    again = recount(counted.receipt, england([CLOSED]))

    assert again.due == counted.due
    assert again.receipt == counted.receipt


@pytest.mark.parametrize(("choose", "expected"), [(later_of, "2025-03-11"), (earlier_of, "2025-03-06")])
def test_of_two_dates_each_is_counted_again(choose: type, expected: str) -> None:
    window = count(FIVE_DAYS, "sent", START, PLAIN)
    other = on_day(PRODUCT_DEFAULT, "change", date(2025, 3, 6), PLAIN)

    again = recount(choose(window, other, ("window", "day")).receipt, england([CLOSED]))

    assert day(again) == expected
    assert [c["because"] for c in again.receipt["candidates"]] == ["window", "day"]
    assert recompute(again.receipt) == again.due


# -- what moves
def test_a_day_within_the_window_moves_it() -> None:
    council = with_closure(CLOSED)

    assert [*moved_by(frequency(council), CLOSED, council.picture.calendar)] == ["supervise_by"]


@pytest.mark.parametrize("outside", [date(2025, 3, 3), date(2025, 3, 18)], ids=["day 0", "after its end"])
def test_a_day_outside_the_window_moves_nothing(outside: date) -> None:
    council = with_closure(outside)

    assert moved_by(frequency(council), outside, council.picture.calendar) == {}


def test_a_day_that_was_not_worked_anyway_moves_nothing() -> None:
    council = with_closure(date(2025, 3, 8))

    assert moved_by(frequency(council), date(2025, 3, 8), council.picture.calendar) == {}


def test_what_was_missed_does_not_move() -> None:
    council = with_closure()
    council.until("2025-03-18T10:00")
    change(council, CLOSED)

    assert frequency(council).state == "overdue"
    assert "supervise_by" not in moved_by(frequency(council), CLOSED, council.picture.calendar)


# -- the move
def test_the_date_moves_and_both_parties_are_told_once_in_working_hours() -> None:
    council = with_closure(CLOSED)

    council.tell(frequency(council), "recalendar", day=CLOSED)

    assert council.due(frequency(council), "supervise_by") == date(2025, 3, 18)
    assert council.told("wkr").count("deadline_moved") == council.told("sup").count("deadline_moved") == 1
    [notice] = [n for n in council.notices if n["kind"] == "deadline_moved" and n["to"] == "wkr"]
    assert notice["subject"] == "The date “supervise by” is 18 March 2025"
    assert notice["body"] == "7 March 2025 is not worked: closed."
    assert council.steps[-1]["data"]["day"] == "2025-03-07"
    council.verify()


def test_a_reminder_that_moves_is_nobodys_news() -> None:
    council = with_closure()
    council.until("2025-03-18T10:00")
    change(council, date(2025, 3, 20))

    council.tell(frequency(council), "recalendar", day=date(2025, 3, 20))

    assert council.due(frequency(council), "remind_by") == date(2025, 3, 26)
    assert "deadline_moved" not in council.told("sup")


def test_a_window_that_stands_still_says_that_it_waits() -> None:
    council = FakeCouncil(now="2025-03-03T09:00")
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at="2025-03-03T10:00:00Z", minutes=60
    )
    council.until("2025-03-03T11:00")
    council.move("sup", session, "hold", held_at="2025-03-03T11:00:00Z", minutes=60)
    record = council.only(Workflow.record)
    council.move("sup", record, "circulate")
    council.until("2025-03-10T09:00")
    council.open("hr1", Workflow.absence, person="wkr", first_day="2025-03-10", cause="sickness")
    change(council, CLOSED)

    council.tell(record, "recalendar", day=CLOSED)

    live = council.matter(record).live("sign_by")
    assert live is not None
    assert (live.due, live.receipt["left"]) == (None, "2 working days")
    assert [n["subject"] for n in council.notices if n["kind"] == "deadline_moved" and n["to"] == "wkr"] == [
        "The date “sign by” waits, with 2 working days left"
    ]


def test_a_closure_that_is_taken_back_shortens_nothing_into_the_past() -> None:
    council = FakeCouncil(closures=[CLOSED], cases=[Case("c1", "wkr", "assessment", allocated_on=START)])
    council.until("2025-03-18T10:00")
    change(council)

    council.tell(frequency(council), "recalendar", day=CLOSED)

    assert frequency(council).state == "on_track"
    assert council.due(frequency(council), "supervise_by") == date(2025, 3, 18)
    assert council.notices[-1]["body"] == "7 March 2025 is worked after all."

    change(council, date(2025, 3, 12), date(2025, 3, 13))
    council.tell(frequency(council), "recalendar", day=date(2025, 3, 13))

    assert council.due(frequency(council), "supervise_by") == date(2025, 3, 19)
    council.verify()


def test_a_closure_that_is_taken_back_in_time_gives_the_first_date_again() -> None:
    council = FakeCouncil(closures=[CLOSED], cases=[Case("c1", "wkr", "assessment", allocated_on=START)])
    change(council)

    council.tell(frequency(council), "recalendar", day=CLOSED)

    assert council.due(frequency(council), "supervise_by") == date(2025, 3, 17)

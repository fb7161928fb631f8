"""A closure of the council: windows in working days move, each with the reason; nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from service.closures import add_closure, remove_closure
from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.council_tables import calendar_days
from service.storage.matter_tables import deadlines, outbox, steps
from tests.integration.council import Council, london
from workflows.model import Actor, Matter
from workflows.payloads import Circulate, HoldSession, OpenSession, Return
from workflows.receipts import recompute
from workflows.refusals import Refused
from workflows.session import SESSION
from workflows.vocabulary import Role

PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref
lm,L,l@council.example,service_manager,,
sup,S,s@council.example,team_manager,lm,lm
wkr,W,w@council.example,social_worker,sup,sup
"""
CLOSED = date(2025, 3, 7)
SUP = Actor("sup")


@pytest.fixture
def council(council: Callable[[str, str], Council]) -> Council:
    found = council("central-bedfordshire", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("cases", "ref,worker_ref,category,allocated_on\nc1,wkr,assessment,2025-03-03\n")
    return found


def close(council: Council, day: date = CLOSED, reason: str = "Council staff day") -> int:
    moved: int = council.run(lambda work: add_closure(work, day, reason))
    return moved


def reopen(council: Council, day: date = CLOSED) -> int:
    moved: int = council.run(lambda work: remove_closure(work, day))
    return moved


def held(council: Council) -> Matter:
    """A session that was held at 11:00; its record is a draft."""
    data = OpenSession.model_validate(
        {"supervisee": "wkr", "kind": "case", "starts_at": london("2025-03-03T10:00"), "minutes": 60, "cases": ["c1"]}
    )
    begins = SESSION.opening.begins
    assert begins is not None

    def book(work: Work) -> Matter:
        opening = begins(SUP, data, work.opening_facts(["c1"])).with_id(new_id(work.now))
        return work.open(opening, SUP, Role.supervisor)

    session: Matter = council.run(book)
    council.at("2025-03-03T11:00")
    report = HoldSession.model_validate({"held_at": london("2025-03-03T11:00"), "minutes": 60})
    council.run(lambda work: work.fire(session.id, "hold", report, SUP))
    return council.one("record", kind="case")


def sent(council: Council) -> Matter:
    """A record that waits for its signature until 10 March."""
    record = held(council)
    council.run(lambda work: work.fire(record.id, "circulate", Circulate(), SUP))
    return council.one("record", kind="case")


# -- announcing one
def test_a_window_in_working_days_ends_a_day_later_and_says_why(council: Council) -> None:
    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-17"

    moved = close(council)

    frequency = council.one("frequency", case="c1")
    live = frequency.live("supervise_by")
    assert live is not None
    assert moved >= 1
    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-18"
    assert live.receipt["skipped"] == [{"date": "2025-03-07", "because": "Council staff day"}]
    assert live.receipt["calendar"]["version"] == "2"
    assert recompute(live.receipt) == live.due


def test_the_earlier_date_stays_in_the_books_as_superseded(council: Council) -> None:
    close(council)

    frequency = council.one("frequency", case="c1")
    assert council.statuses(frequency, "supervise_by") == ["superseded", "running"]


def test_the_history_names_the_day_and_both_dates(council: Council) -> None:
    close(council)

    frequency = council.one("frequency", case="c1")
    assert council.history(frequency)[-1] == "recalendar"
    [step] = council.rows(steps, steps.c.matter_id == frequency.id, steps.c.trigger == "recalendar")
    assert (step.actor, step.data["day"], step.data["closed"]) == (None, "2025-03-07", True)
    assert step.data["deadlines"]["supervise_by"] == ["running", "2025-03-18T23:59:59+00:00"]


def test_those_whose_date_moves_are_told_and_nobody_else(council: Council) -> None:
    close(council)

    frequency = council.one("frequency", case="c1")
    assert council.told(frequency, "deadline_moved") == {"wkr", "sup"}
    [notice] = council.rows(outbox, outbox.c.to == "wkr", outbox.c.kind == "deadline_moved")
    assert notice.body == "7 March 2025 is not worked: Council staff day."


def test_a_record_that_waits_for_its_signature_has_a_day_more(council: Council) -> None:
    sent(council)
    assert council.due("record", "sign_by", kind="case") == "2025-03-10"

    close(council)

    assert council.due("record", "sign_by", kind="case") == "2025-03-11"


def test_weeks_months_and_days_of_absence_do_not_move(council: Council) -> None:
    council.take("absences", "person_ref,first_day,expected_return,cause\nsup,2025-03-03,2025-03-20,sickness\n")
    before = [
        council.due("absence", "long_absence", person="sup"),
        council.due("absence", "confirm_return", person="sup"),
        council.due("entitlement", "supervise_by", supervisee="wkr"),
    ]

    close(council)

    assert before == [
        council.due("absence", "long_absence", person="sup"),
        council.due("absence", "confirm_return", person="sup"),
        council.due("entitlement", "supervise_by", supervisee="wkr"),
    ]
    assert council.history(council.one("absence", person="sup")) == ["open"]


def test_hours_do_not_move(council: Council) -> None:
    somerset = Council.under(council.door, "north-somerset", "2025-03-03T09:00")
    somerset.take("people", PEOPLE)
    somerset.take("cases", "ref,worker_ref,category,allocated_on\nc1,wkr,child-protection,2025-03-03\n")
    record = held(somerset)
    before = record.live("circulate_by")

    close(somerset, date(2025, 3, 4))

    assert somerset.one("record", kind="case").live("circulate_by") == before


def test_a_day_outside_the_window_moves_nothing(council: Council) -> None:
    before = council.counts()

    assert close(council, date(2025, 3, 18)) == 0

    assert council.counts() == {
        **before,
        "calendar": before["calendar"] + 1,
        "calendar_days": before["calendar_days"] + 1,
    }


def test_the_day_on_which_a_window_begins_is_no_part_of_it(council: Council) -> None:
    assert close(council, date(2025, 3, 3)) == 0


def test_what_was_enforced_stays_as_it_was(council: Council) -> None:
    council.at("2025-03-18T10:00")
    frequency = council.one("frequency", case="c1")
    assert frequency.state == "overdue"
    [missed] = [d for d in frequency.deadlines if d.name == "supervise_by"]

    close(council)

    after = council.one("frequency", case="c1")
    assert [d for d in after.deadlines if d.name == "supervise_by"] == [missed]
    assert after.state == "overdue"


def test_a_window_that_stands_still_keeps_the_day_that_was_lost_before(council: Council) -> None:
    record = sent(council)
    council.at("2025-03-10T09:00")
    council.take("absences", "person_ref,first_day,cause\nwkr,2025-03-10,sickness\n")
    paused = council.one("record", kind="case").live("sign_by")
    assert paused is not None
    assert paused.receipt["left"] == "1 working day"

    close(council)

    paused = council.one("record", kind="case").live("sign_by")
    assert paused is not None
    assert (paused.status, paused.due, paused.receipt["left"]) == ("paused", None, "2 working days")
    assert council.history(record)[-1] == "recalendar"

    council.at("2025-03-12T09:00")
    absence = council.one("absence", person="wkr")
    back = Return.model_validate({"last_day": "2025-03-11"})
    council.run(lambda work: work.fire(absence.id, "return", back, SUP))
    assert council.due("record", "sign_by", kind="case") == "2025-03-13"


def test_what_is_counted_later_counts_with_the_closure(council: Council) -> None:
    close(council)
    council.take("cases", "ref,worker_ref,category,allocated_on\nc2,wkr,assessment,2025-03-03\n")

    assert council.due("frequency", "supervise_by", case="c2") == "2025-03-18"


# -- taking one back
def test_a_closure_that_is_taken_back_moves_the_dates_back(council: Council) -> None:
    moved = close(council)

    assert reopen(council) == moved

    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-17"
    frequency = council.one("frequency", case="c1")
    assert council.statuses(frequency, "supervise_by") == ["superseded", "superseded", "running"]
    assert council.rows(calendar_days, calendar_days.c.kind == "closure") == []


def test_a_date_never_moves_into_the_past(council: Council) -> None:
    close(council)
    council.at("2025-03-18T10:00")
    assert council.one("frequency", case="c1").state == "on_track"

    reopen(council)

    frequency = council.one("frequency", case="c1")
    live = frequency.live("supervise_by")
    assert live is not None
    assert frequency.state == "on_track"
    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-18"
    assert [c["because"] for c in live.receipt["candidates"]] == ["the window without the closure", "never in the past"]
    assert recompute(live.receipt) == live.due


def test_a_date_that_was_kept_from_the_past_can_move_again(council: Council) -> None:
    close(council)
    council.at("2025-03-18T10:00")
    reopen(council)

    close(council, date(2025, 3, 12))
    close(council, date(2025, 3, 13))

    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-19"


# -- what is refused
@pytest.mark.parametrize(("day", "why"), [(date(2025, 4, 18), "Good Friday"), (date(2025, 3, 8), "weekend")])
def test_a_day_that_is_not_worked_anyway_is_no_closure(council: Council, day: date, why: str) -> None:
    before = council.counts()

    with pytest.raises(Refused, match=why):
        close(council, day)

    assert council.counts() == before


def test_a_closure_is_announced_once(council: Council) -> None:
    close(council)

    with pytest.raises(Refused, match="Council staff day"):
        close(council)


def test_a_bank_holiday_cannot_be_taken_back(council: Council) -> None:
    with pytest.raises(Refused, match="no closure on 2025-04-18"):
        reopen(council, date(2025, 4, 18))

    assert council.rows(calendar_days, calendar_days.c.day == date(2025, 4, 18)) != []


def test_every_moved_date_can_be_computed_from_its_receipt(council: Council) -> None:
    sent(council)
    close(council)
    close(council, date(2025, 3, 13), "Flood")

    for row in council.rows(deadlines, deadlines.c.status == "running"):
        assert recompute(row.receipt) == row.due

"""Employment: a start, a change on the people's list and an end act by themselves, on their own dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from workflows.directory import Person
from workflows.entrusting import Entrusted, entrust
from workflows.escalation import SYSTEM
from workflows.leaving import come_again, leave, left_behind
from workflows.model import Selector
from workflows.receipts import on_day
from workflows.relationships import begin_supervision, follow_list
from workflows.resuming import owed_looks_at, take_up_what_is_owed
from workflows.retention_period import is_another_end
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow

_DAY = timedelta(days=1)
#: The incident of somebody whom notices do not reach; it is closed when they do again.
UNREACHABLE = "unreachable"


def _person(turn: Turn) -> Person:
    return turn.facts.directory.people[turn.matter.person or ""]


# -- the list's dates
def _enter_list(turn: Turn) -> None:
    person = _person(turn)
    if person.start_date and person.start_date > turn.on:
        _expect(turn, person.start_date)
    elif _is_over(turn) is None:
        turn.columns["state"] = "left"
    else:
        turn.columns["state"] = "in_post"
        begin_supervision(turn, person)
        _watch_end(turn)


def _expect(turn: Turn, start: date) -> None:
    turn.set("starts_on", on_day(PRODUCT_DEFAULT, "start date", start - _DAY, turn.facts.calendar))
    _watch_end(turn)


def _watch_end(turn: Turn) -> None:
    end = _person(turn).end_date
    if end is None:
        turn.close("ends_on", Status.superseded)
    else:
        turn.set("ends_on", on_day(PRODUCT_DEFAULT, "end date", end, turn.facts.calendar))


def _is_to_come(turn: Turn) -> str | None:
    start = _person(turn).start_date
    return None if start is not None and start > turn.on else "The start is not still to come."


def _is_over(turn: Turn) -> str | None:
    end = _person(turn).end_date
    return None if end is not None and end < turn.on else "The employment goes on."


# -- starting
def _start(turn: Turn, _data: Any) -> None:
    turn.close("starts_on", Status.superseded)
    take_up_what_is_owed(turn)
    _watch_end(turn)
    come_again(turn)
    begin_supervision(turn, _person(turn))


def _rehire(turn: Turn, _data: Any) -> None:
    """Somebody who had left is in post again: what was owed to them before is owed no more, and a new duty begins."""
    take_up_what_is_owed(turn)
    _watch_end(turn)
    come_again(turn)
    begin_supervision(turn, _person(turn), turn.on)


def _postpone(turn: Turn, _data: Any) -> None:
    _expect(turn, _person(turn).start_date or turn.on)


def _correct_end(turn: Turn, _data: Any) -> None:
    """Another last day of somebody who has left: the time of their file is counted from that (NS-46)."""
    end = _person(turn).end_date
    file = Selector(Workflow.retention, person=turn.matter.person, accepts=lambda file: is_another_end(file, end))
    turn.then(file, "recount", left_on=end)


def _relist(turn: Turn, _data: Any) -> None:
    _watch_end(turn)
    follow_list(turn, _person(turn))


# -- notices that come back
def _unreachable(turn: Turn, _data: Any) -> None:
    """Notices to the person come back: whoever manages them can ask, and administrators can mend the list."""
    person = _person(turn)
    turn.incident(
        UNREACHABLE,
        f"Notices to {person.ref} come back. Correct the address in the people file; they are sent again then.",
    )
    subject = f"Notices to {turn.name(person.ref)} come back undelivered"
    turn.tell(
        person.line_manager,
        "undelivered",
        subject,
        "Ask for the right address, and have the list corrected.",
        urgent=True,
    )


_STATES = (
    State("expected", "The start is still to come."),
    State("in_post", "The person is in post."),
    State("left", "The person has left.", final=True),
)
_BEFORE, _NOW, _AFTER = ("expected",), ("in_post",), ("left",)

EMPLOYMENT: Definition = define(
    Workflow.employment,
    initial=("expected", "in_post", "left"),
    states=_STATES,
    moves=(
        Move("start", _BEFORE, "in_post", SYSTEM, _start),
        Move("relist", (*_BEFORE, *_AFTER), "expected", SYSTEM, _postpone, when=(_is_to_come,)),
        Move("relist", (*_BEFORE, *_NOW), "left", SYSTEM, leave, when=(_is_over,), looks_at=left_behind),
        Move("relist", _AFTER, None, SYSTEM, _correct_end, when=(_is_over,)),
        Move("relist", _BEFORE, "in_post", SYSTEM, _start),
        Move("relist", _NOW, None, SYSTEM, _relist, looks_at=owed_looks_at),
        Move("relist", _AFTER, "in_post", SYSTEM, _rehire),
        Move("leave", (*_BEFORE, *_NOW), "left", SYSTEM, leave, looks_at=left_behind),
        Move("entrust", (*_BEFORE, *_NOW), None, SYSTEM, entrust, Entrusted),
        Move("unreachable", (*_BEFORE, *_NOW), None, SYSTEM, _unreachable),
        Move("reachable", (*_BEFORE, *_NOW, *_AFTER), None, SYSTEM),
    ),
    deadlines={
        "starts_on": DeadlineRule("start", Rank.reminder, outcome=Status.met),
        "ends_on": DeadlineRule("leave", Rank.end_of_employment, looks_at=left_behind, outcome=Status.met),
    },
    opening=Open(_enter_list),
)

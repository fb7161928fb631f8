"""What somebody's going and coming back means for the matters of others."""

from __future__ import annotations

from datetime import date, timedelta

from workflows.escalation import RUNGS
from workflows.model import Matter, Selector
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Workflow

#: The workflows with rungs that pass on when their holder cannot act.
_ESCALATING = (
    Workflow.cancellation,
    Workflow.dispute,
    Workflow.frequency,
    Workflow.entitlement,
    Workflow.absence,
)
_HELD = frozenset({*RUNGS, "awaiting_approval", "awaiting_cover", "covered"})


def announce_absence(turn: Turn) -> None:
    """Windows of the absent person stand still, sickness ends a window to rebook, and their rungs pass on."""
    person = turn.matter.person
    turn.then(Selector(Workflow.record, supervisee=person), "pause", person=person, why="absent")
    if turn.data["cause"] == AbsenceCause.sickness:
        for selector in _cancellations(person):
            turn.then(selector, "fall_sick", person=person, why="sickness")
            turn.then(selector, "corrected", person=person)
    pass_on(turn, "absent")


def pass_on(turn: Turn, why: str) -> None:
    """Let every rung that the person holds go to the next one who can act."""
    for workflow in _ESCALATING:
        target = Selector(workflow, holder=turn.matter.person, accepts=_is_rung)
        turn.then(target, "pass_on", person=turn.matter.person, why=why)


def _is_rung(matter: Matter) -> bool:
    return matter.state in _HELD


def announce_return(turn: Turn, last_day: date) -> None:
    """Windows go on from the return, which is the next working day where it is none (workflows.md 7)."""
    person, back_on = turn.matter.person, day_of_return(turn, last_day)
    turn.then(Selector(Workflow.record, supervisee=person), "resume", person=person, back_on=back_on)
    if is_away_otherwise(turn, back_on):
        return
    for selector in _cancellations(person):
        turn.then(selector, "return", person=person, back_on=back_on)
        turn.then(selector, "corrected", person=person, back_on=back_on)


def day_of_return(turn: Turn, last_day: date) -> date:
    """The first working day after the last one absent (a local date)."""
    return turn.facts.calendar.first_working_day(last_day + timedelta(days=1))


def is_away_otherwise(turn: Turn, back_on: date) -> bool:
    """Whether another absence keeps the person away today, or on the day of the return: nobody is back then."""
    others = turn.facts.directory.absences.get(turn.matter.person or "", ())
    return any(a.matter != turn.matter.id and (a.covers(back_on) or a.covers(turn.on)) for a in others)


def _cancellations(person: str | None) -> tuple[Selector, ...]:
    return (
        Selector(Workflow.cancellation, supervisee=person),
        Selector(Workflow.cancellation, supervisor=person),
    )

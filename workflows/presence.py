"""What somebody's going and coming back means for the matters of others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from workflows.directory import Away
from workflows.escalation import RUNGS
from workflows.model import Matter, Selector
from workflows.recorder import draft_held_by
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Role, Workflow

#: The workflows with rungs that pass on when their holder cannot act.
_ESCALATING = (
    Workflow.cancellation,
    Workflow.dispute,
    Workflow.frequency,
    Workflow.entitlement,
    Workflow.absence,
    Workflow.concern,
    Workflow.referral,
    Workflow.oversight,
    Workflow.handover,
    Workflow.filing,
    Workflow.audit,
)
_DAY = timedelta(days=1)
_HELD = frozenset(
    {
        *RUNGS,
        "three_way_meeting",
        "awaiting_approval",
        "awaiting_cover",
        "covered",
        "to_hand_over",
        "in_progress",
        "reported",
        "with_hr",
    }
)


def _is_in_the_queue(matter: Matter) -> bool:
    return matter.holder is None


#: What any head of service may approve: a deputy is asked once none of them can act (DAR-22).
_FOR_APPROVAL = Selector(Workflow.frequency, states=frozenset({"awaiting_approval"}), accepts=_is_in_the_queue)


def announce_absence(turn: Turn) -> None:
    """Windows of the absent person stand still, sickness ends a window to rebook, and their rungs pass on."""
    person = turn.matter.person
    turn.then(Selector(Workflow.record, supervisee=person), "pause", person=person, why="absent")
    if turn.data["cause"] == AbsenceCause.sickness:
        for selector in _cancellations(person):
            turn.then(selector, "fall_sick", person=person, why="sickness")
            turn.then(selector, "corrected", person=person)
    pass_on(turn, "absent")


def announce_no_sickness(turn: Turn) -> None:
    """What was recorded as sickness is none: no return to work is waited for, and the window runs."""
    for selector in _cancellations(turn.matter.person):
        turn.then(selector, "corrected", person=turn.matter.person)


def pass_on(turn: Turn, why: str) -> None:
    """Let every rung that the person holds go to the next one who can act, and every draft that they record back."""
    for workflow in _ESCALATING:
        target = Selector(workflow, holder=turn.matter.person, states=_HELD)
        turn.then(target, "pass_on", person=turn.matter.person, why=why)
    turn.then(draft_held_by(turn.matter.person), "pass_on", person=turn.matter.person, why=why)
    person = turn.facts.directory.get(turn.matter.person)
    if person is not None and Role.head_of_service in person.app_roles:
        turn.then(_FOR_APPROVAL, "pass_on", person=turn.matter.person, why=why)


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
    """The first working day after the last one absent, past other absences that are over by then (a local date)."""
    calendar = turn.facts.calendar
    day = calendar.first_working_day(last_day + _DAY)
    for away in sorted(_others(turn), key=lambda away: away.first_day):
        if away.last_day is not None and away.covers(day):
            day = calendar.first_working_day(away.last_day + _DAY)
    return day


def is_away_otherwise(turn: Turn, back_on: date) -> bool:
    """Whether another absence, whose return is still to be reported, keeps the person away: nobody is back then."""
    latest = max(back_on, turn.on)
    return any(away.last_day is None and away.first_day <= latest for away in _others(turn))


def _others(turn: Turn) -> Iterable[Away]:
    known = turn.facts.directory.absences.get(turn.matter.person or "", ())
    return (away for away in known if away.matter != turn.matter.id)


def _cancellations(person: str | None) -> tuple[Selector, ...]:
    return (
        Selector(Workflow.cancellation, supervisee=person),
        Selector(Workflow.cancellation, supervisor=person),
    )

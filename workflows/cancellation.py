"""A cancellation: the duty to hold again what was cancelled or missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows import escalation, gap_note
from workflows.agreement_in_force import between_the_two, interval
from workflows.agreement_terms import REBOOK_WITHIN
from workflows.awaited_returns import (
    ShownFalse,
    all_back,
    awaited,
    correct_return,
    correct_return_of_one,
    cover_ends_waiting,
    fall_sick,
    fell_out_for_sickness,
    has_sickness_rule,
    has_window,
    is_about_sickness,
    is_another_return,
    is_last_one_back,
    is_not_awaited,
    is_not_ill_after_all,
    nobody_was_ill,
    one_back,
    one_was_not_ill,
    returned_later,
    shown_ill,
    shown_later,
    somebody_else_is_ill,
    take_over_waiting,
    waits_on_supervisor_alone,
    was_ill_in_time,
    was_missed,
)
from workflows.cancellation_cases import follows_cases
from workflows.cancellation_in_part import replaced_in_part
from workflows.cancellation_late import (
    SUBJECT,
    excuse,
    expire,
    later_one,
    order,
    rung_of,
    start_late,
    start_on_rung,
    superseded,
)
from workflows.consequence_payloads import Closing, NewSupervisor, Passed, ReplacedBy, Returned, Superseding
from workflows.directing import DIRECT_CHECKS
from workflows.escalation import REMINDERS, RUNGS, SYSTEM, above_supervisor
from workflows.filing_payloads import RecordFiled
from workflows.model import Facts, Matter, Opening, Selector
from workflows.payloads import Direct, Reason, Rebook
from workflows.rebooking import is_unbooked, rebook, rebook_looks_at, replaces, says_why_late
from workflows.receipts import Term
from workflows.replacing import is_named, would_replace
from workflows.reporting import reportable_until
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, SessionKind, Status, Unit, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_HOLDER = frozenset({Role.holder})


# -- opening
def _open_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    yield from (Selector(Workflow.cancellation, id=UUID(earlier)) for earlier in opening.data["supersedes"])
    if facts.policy.cancellation.agreed and opening.supervisee:
        yield from between_the_two(opening, facts)


def _owe(turn: Turn) -> None:
    """The new duty carries on from those whose place it takes: their age, their count and their rung."""
    before = [m for m in turn.facts.related if m.workflow is Workflow.cancellation]
    now = turn.now.isoformat()
    turn.keep(
        cancelled_at=now,
        first_cancelled_at=min((m.data["first_cancelled_at"] for m in before), default=now, key=datetime.fromisoformat),
        times=max((m.data["times"] for m in before), default=0) + 1,
        waits_on=awaited(turn),
        supersedes=[*turn.matter.data["supersedes"], *(ref for m in before for ref in m.data["supersedes"])],
    )
    late = next((m for m in before if rung_of(m)), None)
    passed = next((m for m in before if m.passed("rebook_by")), None)
    if late is not None:
        start_on_rung(turn, late)
    elif passed is not None and not fell_out_for_sickness(turn):
        start_late(turn, passed)
    elif turn.data["waits_on"]:
        turn.columns["state"] = "awaiting_return"
    else:
        _start_window(turn)
    note = gap_note.write(turn)
    turn.tell(turn.matter.supervisor, "rebooking_owed", "A cancelled session is to be held again", note, urgent=True)


def _start_window(turn: Turn) -> None:
    rules = turn.facts.policy.cancellation
    term = rules.window(SessionKind(turn.matter.kind or "")).term
    agreed = interval(turn, REBOOK_WITHIN)
    if agreed and rules.agreed:
        term = Term(agreed["value"], Unit(agreed["unit"]), rules.agreed)
    turn.set("rebook_by", turn.count(term, "cancelled", turn.window_start))


# -- held after all
def _replaced(turn: Turn, data: ReplacedBy) -> None:
    """The duty is met by a session held in time; one held later keeps the breach in sight."""
    turn.note(session=str(data.session), held_at=data.held_at.isoformat())
    turn.keep(replaced_by=str(data.session))
    window = turn.matter.live("rebook_by")
    if window is not None:
        in_time = window.due is None or data.held_at <= window.due
        turn.close("rebook_by", Status.met if in_time else Status.missed)
    else:
        _correct(turn, data)
    if data.session == turn.matter.parent:
        gap_note.drop(turn)
    for earlier in turn.matter.data["supersedes"]:
        target = Selector(Workflow.cancellation, id=UUID(earlier))
        turn.then(target, "replaced", session=data.session, held_at=data.held_at)


def _was_held_in_time(turn: Turn, data: ReplacedBy) -> str | None:
    missed = turn.matter.missed("rebook_by")
    shown = missed is not None and missed.due is not None and data.held_at <= missed.due
    return None if shown else "It was held after the date it was owed by."


def _correct(turn: Turn, data: ReplacedBy) -> None:
    """A session that is reported late was held in time: the breach leaves the counts, and those told of it are told."""
    if _was_held_in_time(turn, data) is None:
        turn.correct("rebook_by")
        turn.note(corrected=True)
        asked = turn.matter.ladder.asked if turn.matter.ladder else ()
        told = (*asked, turn.matter.supervisee, turn.supervisor)
        turn.tell(told, "breach_corrected", "A session reported late was held in time after all")


# -- late
def _report_looks_at(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    if matter.supervisee:
        yield Selector(Workflow.session, supervisee=matter.supervisee)
    else:
        yield Selector(Workflow.session, supervisor=matter.supervisor)


def _defer(turn: Turn) -> datetime | None:
    """Until when a session that would replace it in time may still be reported."""
    owed = turn.matter
    return reportable_until(turn, "rebook_by", lambda s: is_named(owed, s) or would_replace(owed, s, s.data["cases"]))


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


def _unbooked(turn: Turn) -> tuple[str | None, ...] | None:
    """A direction that names a supervisor and no date waits for that supervisor to book."""
    return None if turn.data.get("replacement") else (turn.supervisor,)


def _supervisor_waits(turn: Turn) -> None:
    turn.hold(turn.supervisor)


def _nobody_waits(turn: Turn) -> None:
    turn.hold(None)


_STATES = (
    State("awaiting_rebooking", "A new session is to be held.", _supervisor_waits),
    State("awaiting_return", "It waits for a return to work.", _nobody_waits),
    State("rebooked", "A new session is booked or directed.", _supervisor_waits, reminds=_unbooked, climbs=True),
    State("with_line_manager", "It is late, and with a manager.", reminds=_holder, climbs=True),
    State("with_senior_manager", "It is late, and with a senior manager.", reminds=_holder, climbs=True),
    State("replaced", "A session was held instead.", final=True),
    State("superseded", "A later cancellation has taken its place.", final=True),
    State("excused", "A manager has excused it.", final=True),
)
_OPEN = ("awaiting_rebooking", "awaiting_return", "rebooked", *RUNGS)
_RUNNING, _WAITING, _LATE = ("awaiting_rebooking", "rebooked"), ("awaiting_return",), ("rebooked", *RUNGS)
_CHECKS = (replaces, says_why_late)

CANCELLATION: Definition = define(
    Workflow.cancellation,
    initial=("awaiting_rebooking", "awaiting_return", *RUNGS),
    states=_STATES,
    moves=(
        Move(
            "rebook", ("awaiting_rebooking", *RUNGS), "rebooked", _SUPERVISOR, rebook, Rebook, checks=_CHECKS,
            looks_at=rebook_looks_at, label="Name the new session",
        ),
        Move(
            "rebook", ("rebooked",), "rebooked", _SUPERVISOR, rebook, Rebook, guards=(is_unbooked,),
            checks=_CHECKS, looks_at=rebook_looks_at, label="Name the new session",
        ),
        Move("replaced", _OPEN, "replaced", SYSTEM, _replaced, ReplacedBy),
        Move("replaced", ("superseded",), None, SYSTEM, _correct, ReplacedBy, checks=(_was_held_in_time,)),
        *replaced_in_part(_OPEN),
        *follows_cases(_WAITING, (*_RUNNING, *RUNGS)),
        Move("supersede", _OPEN, "superseded", SYSTEM, superseded, Superseding, looks_at=later_one),
        Move(
            "fall_sick", _RUNNING, "awaiting_return", SYSTEM, fall_sick, Passed,
            when=(has_sickness_rule, has_window), checks=(was_ill_in_time,),
        ),
        Move("fall_sick", _WAITING, None, SYSTEM, fall_sick, Passed, checks=(is_not_awaited,)),
        Move(
            "corrected", _LATE, "awaiting_return", SYSTEM, shown_ill, ShownFalse,
            when=(has_sickness_rule, was_missed), checks=(is_about_sickness, was_ill_in_time),
        ),
        Move(
            "corrected", _LATE, "awaiting_rebooking", SYSTEM, shown_later, ShownFalse, when=(was_missed,),
            checks=(returned_later,),
        ),
        Move(
            "corrected", _WAITING, None, SYSTEM, one_was_not_ill, ShownFalse,
            checks=(is_not_ill_after_all, somebody_else_is_ill),
        ),
        Move(
            "corrected", _WAITING, "awaiting_rebooking", SYSTEM, nobody_was_ill, ShownFalse,
            checks=(is_not_ill_after_all, is_last_one_back),
        ),
        Move("return", _WAITING, None, SYSTEM, one_back, Returned, checks=(somebody_else_is_ill,)),
        Move("return", _WAITING, "awaiting_rebooking", SYSTEM, all_back, Returned, checks=(is_last_one_back,)),
        Move("return", _WAITING, None, SYSTEM, correct_return_of_one, Returned, checks=(is_another_return,)),
        Move(
            "return", _RUNNING, None, SYSTEM, correct_return, Returned, when=(has_window,),
            checks=(is_another_return,),
        ),
        Move("expire", _RUNNING, "with_line_manager", SYSTEM, expire),
        Move("direct", RUNGS, "rebooked", _HOLDER, order, Direct, checks=DIRECT_CHECKS, label="Direct a new date"),
        Move("excuse", RUNGS, "excused", _HOLDER, excuse, Reason, label="Excuse it"),
        Move("end", _OPEN, "excused", SYSTEM, _ended, Closing),
        Move("filed", tuple(state.name for state in _STATES), None, SYSTEM, gap_note.filed, RecordFiled),
        Move(
            "reassign", _WAITING, "awaiting_rebooking", SYSTEM, cover_ends_waiting, NewSupervisor,
            when=(waits_on_supervisor_alone,),
        ),
        Move("reassign", _WAITING, None, SYSTEM, take_over_waiting, NewSupervisor),
        reassigned("awaiting_rebooking", "rebooked", *RUNGS),
        escalation.remind(_STATES, SUBJECT, above_supervisor),
        escalation.passes_on(RUNGS, SUBJECT),
        *escalation.climbs(above_supervisor, (), SUBJECT, again=("rebooked",)),
    ),
    deadlines={
        "rebook_by": DeadlineRule("expire", Rank.expiry, _defer, _report_looks_at),
        **REMINDERS,
    },
    opening=Open(_owe, looks_at=_open_looks_at),
    ladder=above_supervisor,
)  # fmt: skip

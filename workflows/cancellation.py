"""A cancellation: the duty to hold again what was cancelled or missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflows import escalation
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.model import Facts, Ladder, Matter, Opening, Selector
from workflows.payloads import (
    Closing,
    Direct,
    NewSupervisor,
    Passed,
    Reason,
    Rebook,
    ReplacedBy,
    Returned,
    Superseding,
)
from workflows.reporting import reportable_until
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned, take_over
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Cause, Role, SessionKind, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_HOLDER = frozenset({Role.holder})
_SUBJECT = "a cancelled supervision session has not been replaced"
_AGAIN = ("awaiting_rebooking", *RUNGS)


def _ladder(turn: Turn) -> Ladder:
    return escalation.line_above(turn, turn.supervisor, turn.matter.supervisee, turn.supervisor)


# -- opening
def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    earlier = opening.data.get("supersedes")
    return (Selector(Workflow.cancellation, id=UUID(earlier)),) if earlier else ()


def _owe(turn: Turn) -> None:
    earlier = next(iter(turn.facts.related), None)
    turn.keep(
        cancelled_at=turn.now.isoformat(),
        first_cancelled_at=earlier.data["first_cancelled_at"] if earlier else turn.now.isoformat(),
        times=earlier.data["times"] + 1 if earlier else 1,
        waits_on=_sick_parties(turn),
    )
    _write_gap_note(turn)
    if earlier is not None and earlier.state in RUNGS:
        _start_on_rung(turn, earlier)
    elif turn.data["waits_on"]:
        turn.columns["state"] = "awaiting_return"
    else:
        _start_window(turn)
    turn.tell(turn.matter.supervisor, "rebooking_owed", "A cancelled session is to be held again", urgent=True)


def _sick_parties(turn: Turn) -> list[str]:
    """Whose return the window waits for: only where sickness is the cause and the policy has a rule for it."""
    if turn.matter.data["cause"] != Cause.sickness or _after_sickness(turn) is None:
        return []
    sick = {turn.matter.data["whose"], *(ref for ref in _parties(turn) if _is_sick(turn, ref, turn.on))}
    return sorted(ref for ref in sick if ref)


def _parties(turn: Turn) -> list[str]:
    return [ref for ref in (turn.matter.supervisee, turn.supervisor) if ref]


def _is_sick(turn: Turn, ref: str, on: date) -> bool:
    away = turn.facts.directory.away(ref, on)
    return away is not None and away.cause is AbsenceCause.sickness


def _after_sickness(turn: Turn) -> Any:
    kind = SessionKind(turn.matter.kind or "")
    return turn.facts.policy.cancellation.window_after_sickness(kind)


def _write_gap_note(turn: Turn) -> None:
    """The note that explains the gap to whoever reads the file later (CBC-48, NS-37)."""
    rule = turn.facts.policy.cancellation.gap_note
    if rule is not None and SessionKind(turn.matter.kind or "") in rule.kinds:
        turn.keep(gap_note={"file": rule.file, "clause": rule.clause, "cases": turn.matter.data["cases"]})


def _start_on_rung(turn: Turn, earlier: Matter) -> None:
    """A replacement that was cancelled in its turn stays where its lateness had brought it."""
    turn.columns |= {"state": earlier.state, "ladder": earlier.ladder}
    turn.hold(earlier.holder)


def _start_window(turn: Turn) -> None:
    kind = SessionKind(turn.matter.kind or "")
    period = turn.facts.policy.cancellation.window(kind)
    turn.set("rebook_by", turn.count(period.term, "cancelled", turn.window_start))


# -- rebooking
def _replaces(turn: Turn, data: Any) -> str | None:
    session = next((m for m in turn.facts.related if m.id == data.session), None)
    if session is None or session.state != "scheduled":
        return "Book the new session first, and name it here while it is still to come."
    same = session.supervisee == turn.matter.supervisee and session.supervisor == turn.supervisor
    if not same or session.kind != turn.matter.kind:
        return "The new session must be of the same kind, with the same people."
    return None


def _says_why_late(turn: Turn, data: Any) -> str | None:
    session = next(m for m in turn.facts.related if m.id == data.session)
    window = turn.matter.live("rebook_by")
    starts_at = datetime.fromisoformat(session.data["starts_at"])
    late = window is None or window.due is None or starts_at > window.due
    return "The new session is after the date it is owed by: say why." if late and not data.reason else None


def _rebook_looks_at(_matter: Matter, data: Any, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.session, id=data.session),)


def _rebook(turn: Turn, data: Any) -> None:
    turn.note(session=str(data.session))
    turn.keep(replacement=str(data.session))
    turn.write(reason=data.reason)
    turn.tell(turn.matter.supervisee, "rebooked", "A cancelled session has a new date")


def _replaced(turn: Turn, data: Any) -> None:
    """The duty is met by a session held in time; one held later keeps the breach in sight."""
    turn.note(session=str(data.session), held_at=data.held_at.isoformat())
    turn.keep(replaced_by=str(data.session))
    window, missed = turn.matter.live("rebook_by"), turn.matter.missed("rebook_by")
    if window is not None:
        in_time = window.due is None or data.held_at <= window.due
        turn.close("rebook_by", Status.met if in_time else Status.missed)
    elif missed is not None and missed.due is not None and data.held_at <= missed.due:
        turn.correct("rebook_by")
        told = (turn.matter.ladder.asked if turn.matter.ladder else ()) + (turn.matter.supervisor or "",)
        turn.tell(told, "breach_corrected", "A session reported late was held in time after all")


# -- sickness in the window
def _policy_has_sickness_rule(turn: Turn) -> str | None:
    return None if _after_sickness(turn) else "The policy has no rule for sickness in the window."


def _fall_sick(turn: Turn, data: Any) -> None:
    turn.note(person=data.person)
    turn.keep(waits_on=sorted({*turn.matter.data["waits_on"], data.person}))
    turn.close("rebook_by", Status.superseded)


def _still_waits(turn: Turn, data: Any) -> str | None:
    """`when`-like: whether somebody else is still away."""
    left = set(turn.matter.data["waits_on"]) - {data.person}
    return None if left else "Nobody else is away."


def _last_one_back(turn: Turn, data: Any) -> str | None:
    return None if _still_waits(turn, data) else "Somebody else is still away."


def _one_back(turn: Turn, data: Any) -> None:
    turn.note(person=data.person, back_on=data.back_on.isoformat())
    turn.keep(waits_on=[ref for ref in turn.matter.data["waits_on"] if ref != data.person])
    turn.keep(returns={**turn.matter.data.get("returns", {}), data.person: data.back_on.isoformat()})


def _all_back(turn: Turn, data: Any) -> None:
    """The window runs from the latest return, which is its day 0 (CBC-46, CBC-59; E4)."""
    _one_back(turn, data)
    _count_from_return(turn)


def _count_from_return(turn: Turn) -> None:
    last = max(date.fromisoformat(day) for day in turn.data["returns"].values())
    turn.set("rebook_by", turn.count(_after_sickness(turn).term, "return to work", last))


def _return_known(turn: Turn, data: Any) -> str | None:
    known = turn.matter.data.get("returns", {}).get(data.person)
    return None if known and known != data.back_on.isoformat() else "This return is known already."


def _correct_return(turn: Turn, data: Any) -> None:
    before = turn.matter.data["returns"][data.person]
    turn.note(person=data.person, before=before, back_on=data.back_on.isoformat())
    turn.keep(returns={**turn.matter.data["returns"], data.person: data.back_on.isoformat()})
    _count_from_return(turn)


# -- cover and new supervisors
def _waits_on_supervisor_alone(turn: Turn) -> str | None:
    alone = turn.matter.data["waits_on"] == [turn.matter.supervisor]
    return None if alone else "It waits for somebody else as well."


def _cover_ends_waiting(turn: Turn, data: Any) -> None:
    """Whoever covers can hold it: the window runs from this day (workflows.md 2)."""
    turn.keep(waits_on=[])
    take_over(turn, data)
    turn.set("rebook_by", turn.count(_after_sickness(turn).term, "cover assigned", turn.on))


def _take_over_waiting(turn: Turn, data: Any) -> None:
    turn.keep(waits_on=[ref for ref in turn.matter.data["waits_on"] if ref != turn.matter.supervisor])
    take_over(turn, data)


# -- late
def _report_looks_at(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.session, supervisor=matter.supervisor, supervisee=matter.supervisee),)


def _defer(turn: Turn) -> datetime | None:
    """Until when a session that would replace it in time may still be reported."""
    return reportable_until(turn, "rebook_by", lambda session: session.kind == turn.matter.kind)


def _expire(turn: Turn, _data: Any) -> None:
    turn.hold(None)
    escalation.climb(turn, _ladder(turn), _SUBJECT)
    turn.tell((turn.matter.supervisee, turn.supervisor), "replacement_late", f"Late: {_SUBJECT}")


def _direct_names_something(_turn: Turn, data: Direct) -> str | None:
    return None if data.starts_at or data.supervisor else "Direct a new date, another supervisor, or both."


def _direct_supervisor_can(turn: Turn, data: Direct) -> str | None:
    ref = data.supervisor
    if ref is None:
        return None
    if not turn.facts.directory.in_post(ref, turn.on):
        return f"{ref} is not in post."
    if turn.facts.directory.away(ref, turn.on):
        return f"{turn.name(ref)} is away."
    return "Nobody supervises themselves." if ref == turn.matter.supervisee else None


def _direct_in_future(turn: Turn, data: Direct) -> str | None:
    if data.starts_at is None or data.starts_at > turn.now:
        return None
    return "The new date must be still to come."


def _direct(turn: Turn, data: Direct) -> None:
    """The holder orders a date, a supervisor, or both: the session is booked by the order itself."""
    supervisor = data.supervisor or turn.supervisor
    if data.supervisor:
        turn.columns["supervisor"] = supervisor
        turn.joined.append(data.supervisor)
    turn.keep(replacement=None)
    turn.note(supervisor=supervisor, starts_at=data.starts_at and data.starts_at.isoformat())
    turn.write(reason=data.reason)
    if data.starts_at:
        session = turn.open(
            Opening(
                Workflow.session, kind=turn.matter.kind, supervisee=turn.matter.supervisee, supervisor=supervisor,
                data={
                    "opened_by": turn.actor.ref, "starts_at": data.starts_at.isoformat(), "minutes": 60,
                    "cases": turn.matter.data["cases"], "participants": turn.matter.data["participants"], "moved": 0,
                },
            )
        )  # fmt: skip
        turn.keep(replacement=str(session))
    turn.tell((turn.matter.supervisee, supervisor), "directed", "A manager has directed when a session is held again")


def _excuse(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.tell((turn.matter.supervisee, turn.supervisor), "excused", "A cancelled session need not be replaced")


def _superseded(turn: Turn, data: Any) -> None:
    turn.note(by=str(data.by))


def _ended(turn: Turn, data: Any) -> None:
    turn.note(why=data.why)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


def _unbooked(turn: Turn) -> tuple[str | None, ...] | None:
    """A direction that names a supervisor and no date waits for that supervisor to book."""
    return None if turn.data.get("replacement") else (turn.supervisor,)


def _supervisor_waits(turn: Turn) -> None:
    turn.hold(turn.supervisor)


def _nobody_waits(turn: Turn) -> None:
    turn.hold(None, waiting_for=())


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
_CHECKS = (_replaces, _says_why_late)

CANCELLATION: Definition = define(
    Workflow.cancellation,
    initial=("awaiting_rebooking", "awaiting_return"),
    states=_STATES,
    moves=(
        Move(
            "rebook", _AGAIN, "rebooked", _SUPERVISOR, _rebook, Rebook, checks=_CHECKS,
            looks_at=_rebook_looks_at, label="Name the new session",
        ),
        Move("replaced", _OPEN, "replaced", SYSTEM, _replaced, ReplacedBy),
        Move("supersede", _OPEN, "superseded", SYSTEM, _superseded, Superseding),
        Move(
            "fall_sick", ("awaiting_rebooking", "rebooked"), "awaiting_return", SYSTEM, _fall_sick, Passed,
            when=(_policy_has_sickness_rule,),
        ),
        Move("fall_sick", ("awaiting_return",), None, SYSTEM, _fall_sick, Passed),
        Move("return", ("awaiting_return",), None, SYSTEM, _one_back, Returned, checks=(_still_waits,)),
        Move(
            "return", ("awaiting_return",), "awaiting_rebooking", SYSTEM, _all_back, Returned,
            checks=(_last_one_back,),
        ),
        Move(
            "return", ("awaiting_rebooking", "rebooked"), None, SYSTEM, _correct_return, Returned,
            checks=(_return_known,),
        ),
        Move("expire", ("awaiting_rebooking", "rebooked"), "with_line_manager", SYSTEM, _expire),
        Move(
            "direct", RUNGS, "rebooked", _HOLDER, _direct, Direct,
            checks=(_direct_names_something, _direct_supervisor_can, _direct_in_future), label="Direct a new date",
        ),
        Move("excuse", RUNGS, "excused", _HOLDER, _excuse, Reason, label="Excuse it"),
        Move("end", _OPEN, "excused", SYSTEM, _ended, Closing),
        Move(
            "reassign", ("awaiting_return",), "awaiting_rebooking", SYSTEM, _cover_ends_waiting, NewSupervisor,
            when=(_waits_on_supervisor_alone,),
        ),
        Move("reassign", ("awaiting_return",), None, SYSTEM, _take_over_waiting, NewSupervisor),
        reassigned("awaiting_rebooking", "rebooked", *RUNGS),
        escalation.remind(_STATES, _SUBJECT),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(_ladder, (), _SUBJECT, again=("rebooked",)),
    ),
    deadlines={
        "rebook_by": DeadlineRule("expire", Rank.expiry, _defer, _report_looks_at),
        **REMINDERS,
    },
    opening=Open(_owe, looks_at=_open_looks_at),
    ladder=_ladder,
)  # fmt: skip

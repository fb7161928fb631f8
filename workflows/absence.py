"""An absence: of anyone; where the absent person supervises and is away for long, who covers for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from workflows import cover, escalation
from workflows.beginning import not_recorded_yet, start
from workflows.correcting import (
    amend_covered,
    amend_ended,
    amend_reported,
    amend_to_short,
    in_order,
    is_an_absence,
    is_long_then,
    is_not_long_then,
    still_begun,
)
from workflows.cover import cover_fits, cover_looks_at, lent, plan_looks_at, uncovered
from workflows.escalation import REMINDERS, SYSTEM
from workflows.long_absence import (
    ask_again,
    confirm,
    counted_from,
    first_day,
    has_begun,
    is_for_good,
    line_above,
    manager_at_work,
    maybe_day,
    needs_cover_now,
)
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.payloads import AmendAbsence, AssignCover, Closing, OpenAbsence, Passed, Reason, Return
from workflows.returning import (
    be_followed,
    cancel,
    come_back,
    come_back_to_nobody,
    end,
    ended_in_order,
    rejoin,
    return_is_unknown,
)
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Role, Status, Workflow

_REPORTERS = frozenset({Role.person, Role.supervisee, Role.line_manager, Role.supervisor, Role.hr})
_COVERERS = frozenset({Role.holder, Role.line_manager})
_FINISHERS = frozenset({Role.holder, Role.line_manager, Role.hr})
_SUBJECT = "cover is needed for a supervisor who is away"
_RECORDED, _UNCOVERED, _COVERED = ("reported",), ("awaiting_cover", "with_senior_manager"), ("covered",)
_OPEN = (*_RECORDED, *_UNCOVERED, *_COVERED)


# -- opening
def _who(actor: Actor, data: OpenAbsence, facts: Facts) -> Role | None:
    """The person, somebody they supervise, their manager or supervisor, or HR."""
    directory, ref = facts.directory, actor.ref
    if ref is None or data.person not in directory.people:
        return None
    if ref == data.person:
        return Role.person
    if data.person in (directory.supervisor_of(ref), directory.people[ref].supervisor):
        return Role.supervisee
    if ref == directory.manager_of(data.person):
        return Role.line_manager
    if ref == directory.supervisor_of(data.person):
        return Role.supervisor
    return Role.hr if Role.hr in directory.people[ref].app_roles else None


def _begins(actor: Actor, data: OpenAbsence, _facts: Facts) -> Opening:
    return Opening(
        Workflow.absence,
        person=data.person,
        data={
            "first_day": data.first_day.isoformat(),
            "expected_return": data.expected_return and data.expected_return.isoformat(),
            "cause": data.cause.value,
            "opened_by": actor.ref,
        },
    )


def _around(person: str | None) -> Iterable[Selector]:
    """Everything that an absence of somebody may touch: their other absences, and what they supervise."""
    return (Selector(Workflow.absence, person=person), *plan_looks_at(person))


def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return _around(opening.person)


def _looks_around(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    return _around(matter.person)


def _only_system_records_leaving(turn: Turn) -> str | None:
    if turn.matter.data["cause"] == AbsenceCause.left and not turn.actor.is_system:
        return "That somebody left comes from the people's list, with their end date."
    return None


def _dates_in_order(turn: Turn) -> str | None:
    expected = maybe_day(turn.matter.data.get("expected_return"))
    if expected is not None and expected <= first_day(turn):
        return "The expected return is after the first day absent."
    return None


def _is_only_one(turn: Turn) -> str | None:
    return None if is_for_good(turn) else not_recorded_yet(turn)


def _report(turn: Turn) -> None:
    if is_for_good(turn):
        turn.columns["state"] = "awaiting_cover" if uncovered(turn) else "covered"
        return
    turn.keep(counted_from=counted_from(turn, first_day(turn), turn.data["cause"]).isoformat())
    start(turn)
    if needs_cover_now(turn):
        turn.columns["state"] = "awaiting_cover"
    manager = manager_at_work(turn)
    if manager != turn.actor.ref:
        turn.tell(manager, "absence_reported", f"{turn.name(turn.matter.person)} is away")


# -- while away
def _begin(turn: Turn, _data: Any) -> None:
    turn.keep(counted_from=counted_from(turn, first_day(turn), turn.data["cause"]).isoformat())
    start(turn)


def _needs_cover(turn: Turn) -> str | None:
    return None if needs_cover_now(turn) else "Cover is not needed at once."


def _confirm(turn: Turn, _data: Any) -> None:
    confirm(turn)


def _become_long(turn: Turn, _data: Any) -> None:
    rule = turn.facts.policy.absence
    turn.clause = rule.long.clause if rule.long else rule.long_clause


def _has_supervisees(turn: Turn) -> str | None:
    return None if uncovered(turn) else "Nobody is supervised by this person."


def _has_none(turn: Turn) -> str | None:
    return "Somebody is supervised by this person." if uncovered(turn) else None


def _is_away(turn: Turn) -> str | None:
    return None if has_begun(turn) else "The absence has not begun."


def _ask_for_cover(turn: Turn) -> None:
    """The line manager gets the plan, and the supervisees learn whom to turn to."""
    turn.keep(plan=cover.plan(turn), cover=turn.data.get("cover", {}))
    turn.close("long_absence", Status.superseded)
    turn.hold(None)
    escalation.climb(turn, line_above(turn), _SUBJECT)
    manager = turn.name(turn.holder) if turn.holder else "the service's administrators"
    says = f"{manager} decides who supervises you. Until then turn to {manager}."
    turn.tell(uncovered(turn), "supervisor_away", f"{turn.name(turn.matter.person)} {_what_happens(turn)}", says)
    _time_cover(turn)


def _what_happens(turn: Turn) -> str:
    return "no longer supervises you" if is_for_good(turn) else "cannot supervise you for now"


def _time_cover(turn: Turn) -> None:
    turn.set("cover_by", turn.count(turn.facts.policy.absence.cover_by.term, "cover is needed", turn.window_start))


def _go_up(turn: Turn, _data: Any) -> None:
    escalation.climb(turn, turn.ladder or line_above(turn), _SUBJECT)


def _stay_asked(turn: Turn, _data: Any) -> None:
    """Nobody is left above: whoever was asked is reminded, and somebody is looked for again."""
    _go_up(turn, _data)
    turn.tell(turn.holder, "reminder", f"Reminder: {_SUBJECT}")
    _time_cover(turn)


def _covers_everybody(turn: Turn, data: AssignCover) -> str | None:
    left = set(uncovered(turn)) - set(data.cover)
    return f"Not yet covered: {', '.join(sorted(left))}." if left else None


def _assign(turn: Turn, data: AssignCover) -> None:
    cover.cover_everybody(turn, data.cover)
    turn.clause = turn.facts.policy.absence.long_clause


def _covered(turn: Turn) -> None:
    """Cover for an absence waits for nobody but the return; cover for good is to be made so."""
    turn.meet("cover_by")
    if not is_for_good(turn):
        turn.hold(None)
    elif turn.holder is None:
        _go_up(turn, None)


def _to_be_finished(turn: Turn) -> tuple[str | None, ...] | None:
    return (turn.holder,) if is_for_good(turn) else None


def _pass_on(turn: Turn, data: Passed) -> None:
    """Whoever is asked instead has the whole time for it."""
    _PASSES.does(turn, data)
    if turn.live("cover_by") is not None:
        _time_cover(turn)


# -- for good
def _everybody_covered(turn: Turn) -> str | None:
    return "Assign cover for everybody first." if uncovered(turn) else None


def _make_permanent(turn: Turn, data: Reason) -> None:
    """Whoever covers becomes the supervisor; nothing goes back on a return."""
    turn.write(reason=data.reason)
    cover.make_permanent(turn)


def _nothing_left(turn: Turn) -> str | None:
    done = is_for_good(turn) and not uncovered(turn) and not lent(turn)
    return None if done else "Somebody's supervisor is still to be settled."


def _rest(turn: Turn) -> None:
    """Whether there is a return after all is still asked, so that no pause goes on for ever."""
    if is_for_good(turn):
        turn.keep(last_day=turn.on.isoformat())
    elif not turn.data.get("last_day"):
        ask_again(turn)


def _reported(turn: Turn) -> None:
    turn.hold(None)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("reported", "The absence is recorded.", _reported),
    State("awaiting_cover", "Cover is to be found.", _ask_for_cover),
    State("with_senior_manager", "Cover is to be found by a senior manager.", reminds=_holder, climbs=True),
    State("covered", "Everybody is covered.", _covered, reminds=_to_be_finished, climbs=True),
    State("returned", "The person is back.", final=True),
    State("permanent", "The cover is for good.", _rest, final=True),
    State("cancelled", "The absence was recorded by mistake.", final=True),
)
_PASSES = escalation.passes_on((*_UNCOVERED, *_COVERED), _SUBJECT)
_AMEND = "Correct the absence"

ABSENCE: Definition = define(
    Workflow.absence,
    initial=("reported", "awaiting_cover", "covered"),
    states=_STATES,
    moves=(
        Move("begin", _RECORDED, "awaiting_cover", SYSTEM, _begin, when=(_needs_cover,), looks_at=_looks_around),
        Move("begin", _RECORDED, None, SYSTEM, _begin, looks_at=_looks_around),
        Move("long", _RECORDED, "awaiting_cover", SYSTEM, _become_long, when=(_has_supervisees,),
             looks_at=_looks_around),
        Move("long", _RECORDED, None, SYSTEM, when=(_has_none,)),
        Move("first_breach", _RECORDED, "awaiting_cover", SYSTEM, _become_long, guards=(_has_supervisees, _is_away),
             looks_at=_looks_around),
        Move("confirm_return", (*_OPEN, "permanent"), None, SYSTEM, _confirm),
        Move("assign_cover", (*_UNCOVERED, *_COVERED), "covered", _COVERERS, _assign, AssignCover,
             checks=(cover_fits, _covers_everybody), looks_at=cover_looks_at, label="Assign cover"),
        Move("assign_cover", _UNCOVERED, None, _COVERERS, _assign, AssignCover, checks=(cover_fits,),
             looks_at=cover_looks_at, label="Assign cover"),
        Move("climb", _UNCOVERED, "with_senior_manager", SYSTEM, _go_up, when=(escalation.above(line_above)[0],)),
        Move("climb", _UNCOVERED, None, SYSTEM, _stay_asked),
        Move("climb", _COVERED, None, SYSTEM, _go_up),
        Move("return", _OPEN, "returned", _REPORTERS, come_back, Return, guards=(is_an_absence,),
             checks=(ended_in_order,), looks_at=_looks_around, label="Report the return"),
        Move("return", ("permanent",), "returned", _REPORTERS, come_back_to_nobody, Return,
             guards=(is_an_absence, return_is_unknown), checks=(ended_in_order,), label="Report the return"),
        Move("continue", _RECORDED, "returned", SYSTEM, be_followed, Return),
        Move("amend", _RECORDED, "awaiting_cover", _REPORTERS, amend_reported, AmendAbsence,
             checks=(in_order, is_long_then), looks_at=_looks_around, label=_AMEND),
        Move("amend", _RECORDED, None, _REPORTERS, amend_reported, AmendAbsence, checks=(in_order,),
             looks_at=_looks_around, label=_AMEND),
        Move("amend", _UNCOVERED, "reported", _REPORTERS, amend_to_short, AmendAbsence, guards=(is_an_absence,),
             checks=(in_order, still_begun, is_not_long_then), label=_AMEND),
        Move("amend", (*_UNCOVERED, *_COVERED), None, _REPORTERS, amend_covered, AmendAbsence, guards=(is_an_absence,),
             checks=(in_order, still_begun), label=_AMEND),
        Move("amend", ("returned", "permanent"), None, _REPORTERS, amend_ended, AmendAbsence, guards=(is_an_absence,),
             checks=(in_order,), label=_AMEND),
        Move("cancel", _OPEN, "cancelled", _REPORTERS, cancel, Reason, guards=(is_an_absence,),
             looks_at=_looks_around, label="Withdraw the absence"),
        Move("make_permanent", _COVERED, "permanent", _FINISHERS, _make_permanent, Reason,
             guards=(_everybody_covered,), label="Make the cover permanent"),
        Move("settle", (*_UNCOVERED, *_COVERED), "permanent", SYSTEM, when=(_nothing_left,)),
        Move("settle", _UNCOVERED, "covered", SYSTEM, when=(_has_none,)),
        Move("settle", _COVERED, "awaiting_cover", SYSTEM, when=(_has_supervisees,), looks_at=_looks_around),
        Move("end", _OPEN, "permanent", SYSTEM, end, Closing),
        Move("rejoin", _OPEN, "returned", SYSTEM, rejoin, looks_at=_looks_around),
        escalation.remind(_STATES, _SUBJECT),
        replace(_PASSES, does=_pass_on),
    ),
    deadlines={
        "begins": DeadlineRule("begin", Rank.reminder, looks_at=_looks_around, outcome=Status.met),
        "long_absence": DeadlineRule("long", Rank.expiry, looks_at=_looks_around),
        "confirm_return": DeadlineRule("confirm_return", Rank.reminder, outcome=Status.met),
        "cover_by": DeadlineRule("climb", Rank.climb),
        **REMINDERS,
    },
    opening=Open(
        _report, OpenAbsence, _who, _begins,
        checks=(_only_system_records_leaving, _dates_in_order, _is_only_one), looks_at=_open_looks_at,
    ),
    ladder=line_above,
)  # fmt: skip

"""An absence: of anyone; where the absent person supervises and is away for long, who covers for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import escalation
from workflows.beginning import not_recorded_yet, start
from workflows.calendar import local_day
from workflows.consequence_payloads import Closing
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
from workflows.cover import cover_fits, cover_looks_at, plan_looks_at
from workflows.escalation import REMINDERS, SYSTEM
from workflows.finding_cover import (
    SUBJECT,
    ask_for_cover,
    assign,
    covered,
    covers_everybody,
    finish,
    go_up,
    has_none,
    has_supervisees,
    nothing_left,
    pass_on,
    state_for_good,
    stay_asked,
    to_be_finished,
)
from workflows.long_absence import (
    ask_again,
    confirm,
    counted_from,
    first_day,
    has_begun,
    is_for_good,
    is_long,
    line_above,
    manager_at_work,
    maybe_day,
    needs_cover_now,
    supervises,
    was_breached,
    watch_length,
)
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.payloads import AmendAbsence, AssignCover, OpenAbsence, Reason, Return
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
_RECORDED, _UNCOVERED, _COVERED = ("reported",), ("awaiting_cover", "with_senior_manager"), ("covered",)
_OPEN = (*_RECORDED, *_UNCOVERED, *_COVERED)


# -- opening
def _who(actor: Actor, data: OpenAbsence, facts: Facts) -> Role | None:
    """The person, somebody they supervise, their manager or supervisor, or HR."""
    directory, ref = facts.directory, actor.ref
    if ref is None or data.person not in directory.people or not directory.in_post(ref, local_day(facts.clock)):
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


def _around(person: str | None, facts: Facts) -> Iterable[Selector]:
    """Everything that an absence of somebody may touch: their other absences, and what they supervise."""
    yield Selector(Workflow.absence, person=person)
    if facts.directory.supervised_by(person or ""):
        yield from plan_looks_at(person)


def _open_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    return _around(opening.person, facts)


def _looks_around(matter: Matter, _data: Any, facts: Facts) -> Iterable[Selector]:
    return _around(matter.person, facts)


def _only_system_records_leaving(turn: Turn) -> str | None:
    if turn.matter.data["cause"] == AbsenceCause.left and not turn.actor.is_system:
        return "That somebody left comes from the people’s list, with their end date."
    return None


def _dates_in_order(turn: Turn) -> str | None:
    expected = maybe_day(turn.matter.data.get("expected_return"))
    if expected is not None and expected <= first_day(turn):
        return "The expected return is after the first day absent."
    return None


def _is_employed(turn: Turn) -> str | None:
    if is_for_good(turn) or turn.facts.directory.in_post(turn.matter.person or "", max(turn.on, first_day(turn))):
        return None
    return f"{turn.name(turn.matter.person)} is not in post then."


def _is_only_one(turn: Turn) -> str | None:
    return None if is_for_good(turn) else not_recorded_yet(turn)


def _report(turn: Turn) -> None:
    if is_for_good(turn):
        turn.columns["state"] = state_for_good(turn)
        return
    turn.keep(counted_from=counted_from(turn, turn.matter.person, first_day(turn), turn.data["cause"]).isoformat())
    start(turn)
    if needs_cover_now(turn):
        turn.columns["state"] = "awaiting_cover"
        if was_breached(turn):
            _become_long(turn, None)
    manager = manager_at_work(turn)
    if manager != turn.actor.ref:
        turn.tell(manager, "absence_reported", f"{turn.name(turn.matter.person)} is away")


# -- while away
def _begin(turn: Turn, _data: Any) -> None:
    turn.keep(counted_from=counted_from(turn, turn.matter.person, first_day(turn), turn.data["cause"]).isoformat())
    start(turn)


def _needs_cover(turn: Turn) -> str | None:
    return None if needs_cover_now(turn) else "Cover is not needed at once."


def _confirm(turn: Turn, _data: Any) -> None:
    confirm(turn)


def _is_long_by_breach(turn: Turn) -> str | None:
    """Whether the policy that the absence was opened under gives no day of its own."""
    return "Its own day makes this absence long." if turn.facts.policy.absence.long else None


def _is_long_by_its_day(turn: Turn) -> str | None:
    """Whether the policy's day has passed: somebody may have come to be supervised by this person since."""
    return None if is_long(turn) else "The absence is not long yet."


def _count_anew(turn: Turn, _data: Any) -> None:
    """Whom the person supervises, or an absence that runs into this one, is another by now."""
    turn.keep(counted_from=counted_from(turn, turn.matter.person, first_day(turn), turn.data["cause"]).isoformat())
    if supervises(turn):
        watch_length(turn)


def _become_long(turn: Turn, _data: Any) -> None:
    rule = turn.facts.policy.absence
    turn.clause = rule.long.clause if rule.long else rule.long_clause


def _is_away(turn: Turn) -> str | None:
    return None if has_begun(turn) else "The absence has not begun."


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
    State("awaiting_cover", "Cover is to be found.", ask_for_cover),
    State("with_senior_manager", "Cover is to be found by a senior manager.", reminds=_holder, climbs=True),
    State("covered", "Everybody is covered.", covered, reminds=to_be_finished, climbs=True),
    State("returned", "The person is back.", final=True),
    State("permanent", "The cover is for good.", _rest, final=True),
    State("cancelled", "The absence was recorded by mistake.", final=True),
)
_AMEND = "Correct the absence"

ABSENCE: Definition = define(
    Workflow.absence,
    initial=("reported", "awaiting_cover", "covered", "permanent"),
    states=_STATES,
    moves=(
        Move("begin", _RECORDED, "awaiting_cover", SYSTEM, _begin, when=(_needs_cover,), looks_at=_looks_around),
        Move("begin", _RECORDED, None, SYSTEM, _begin, looks_at=_looks_around),
        Move("long", _RECORDED, "awaiting_cover", SYSTEM, _become_long, when=(has_supervisees,),
             looks_at=_looks_around),
        Move("long", _RECORDED, None, SYSTEM, when=(has_none,)),
        Move("first_breach", _RECORDED, "awaiting_cover", SYSTEM, _become_long,
             when=(_is_long_by_breach,), guards=(has_supervisees, _is_away), looks_at=_looks_around),
        Move("confirm_return", (*_OPEN, "permanent"), None, SYSTEM, _confirm),
        Move("assign_cover", (*_UNCOVERED, *_COVERED), "covered", _COVERERS, assign, AssignCover,
             checks=(cover_fits, covers_everybody), looks_at=cover_looks_at, label="Assign cover"),
        Move("assign_cover", _UNCOVERED, None, _COVERERS, assign, AssignCover, checks=(cover_fits,),
             looks_at=cover_looks_at, label="Assign cover"),
        Move("climb", _UNCOVERED, "with_senior_manager", SYSTEM, go_up, when=(escalation.above(line_above)[0],)),
        Move("climb", _UNCOVERED, None, SYSTEM, stay_asked),
        Move("climb", _COVERED, None, SYSTEM, go_up),
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
        Move("make_permanent", _COVERED, "permanent", _FINISHERS, finish, Reason,
             guards=(has_none,), label="Make the cover permanent"),
        Move("settle", _RECORDED, "awaiting_cover", SYSTEM, _become_long,
             when=(_is_long_by_its_day, has_supervisees, _is_away), looks_at=_looks_around),
        Move("settle", _RECORDED, None, SYSTEM, _count_anew),
        Move("settle", (*_UNCOVERED, *_COVERED), "permanent", SYSTEM, when=(nothing_left,)),
        Move("settle", _UNCOVERED, "covered", SYSTEM, when=(has_none,)),
        Move("settle", _COVERED, "awaiting_cover", SYSTEM, when=(has_supervisees,), looks_at=_looks_around),
        Move("end", _OPEN, "permanent", SYSTEM, end, Closing),
        Move("rejoin", _OPEN, "returned", SYSTEM, rejoin, looks_at=_looks_around),
        escalation.remind(_STATES, SUBJECT, line_above),
        pass_on((*_UNCOVERED, *_COVERED)),
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
        checks=(_only_system_records_leaving, _dates_in_order, _is_employed, _is_only_one), looks_at=_open_looks_at,
    ),
    ladder=line_above,
)  # fmt: skip

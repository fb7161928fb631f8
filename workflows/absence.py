"""An absence: of anyone; where the absent person supervises and is away for long, who covers for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from workflows import escalation
from workflows.cover import cover_everybody, cover_fits, give_back, looks_at_cover, plan, uncovered
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Actor, Facts, Ladder, Opening, Selector
from workflows.payloads import AmendAbsence, AssignCover, Closing, OpenAbsence, Reason, Return
from workflows.presence import announce_absence, announce_return
from workflows.receipts import absence_day, on_day
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, Role, Status, Workflow

_REPORTERS = frozenset({Role.person, Role.supervisee, Role.line_manager, Role.senior_manager, Role.supervisor, Role.hr})
_COVERERS = frozenset({Role.holder, Role.line_manager})
_FINISHERS = frozenset({Role.holder, Role.line_manager, Role.hr})
_SUBJECT = "cover is needed for a supervisor who is away"
_UNCOVERED = ("awaiting_cover", "with_senior_manager")
_OPEN = ("reported", *_UNCOVERED, "covered")
_AWAY = (*_OPEN, "permanent")
_DAY = timedelta(days=1)


def _ladder(turn: Turn) -> Ladder:
    return escalation.line_above(turn, turn.matter.person, turn.matter.person)


def _first_day(turn: Turn) -> date:
    return date.fromisoformat(turn.data["first_day"])


def _maybe_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


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


def _open_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    yield Selector(Workflow.absence, person=opening.person)
    yield from plan_selectors(opening.person)


def plan_selectors(person: str | None) -> Iterable[Selector]:
    """The open work of somebody who supervises, for the plan of its cover."""
    return (
        Selector(workflow, supervisor=person)
        for workflow in (Workflow.session, Workflow.record, Workflow.cancellation)
    )


def _only_system_records_leaving(turn: Turn) -> str | None:
    if turn.matter.data["cause"] == AbsenceCause.left and not turn.actor.is_system:
        return "That somebody left comes from the people's list, with their end date."
    return None


def _dates_in_order(turn: Turn) -> str | None:
    expected = _maybe_day(turn.matter.data.get("expected_return"))
    if expected is not None and expected <= _first_day(turn):
        return "The expected return is after the first day absent."
    return None


def _not_recorded_yet(turn: Turn) -> str | None:
    """One absence at a time; a new cause that follows a plain one takes its place (E17)."""
    if turn.matter.kind is not None:
        return None
    for other in turn.facts.related:
        if other.workflow is Workflow.absence and other.kind is None and other.closed_at is None:
            follows = _first_day(turn) > date.fromisoformat(other.data["first_day"])
            if not follows or other.state != "reported" or other.data["cause"] == turn.matter.data["cause"]:
                return "An absence of this person is open already: amend it instead."
    return None


def _report(turn: Turn) -> None:
    turn.keep(counted_from=_counted_from(turn).isoformat())
    _continue_earlier(turn)
    _wait_for_first_day(turn)
    _watch_length(turn)
    if _needs_cover_now(turn):
        turn.columns["state"] = "awaiting_cover"
    manager = turn.facts.directory.manager_of(turn.matter.person)
    if turn.matter.kind is None and manager != turn.actor.ref:
        turn.tell(manager, "absence_reported", f"{turn.name(turn.matter.person)} is away")


def _continue_earlier(turn: Turn) -> None:
    last_day = (_first_day(turn) - _DAY).isoformat()
    for other in turn.facts.related:
        if other.workflow is Workflow.absence and other.kind is None and other.closed_at is None and not turn.matter.kind:
            turn.then(Selector(Workflow.absence, id=other.id), "continue", why=last_day)


def _counted_from(turn: Turn) -> date:
    """The first day of absence without a break, over causes that the policy counts together (E17)."""
    rule, first = turn.facts.policy.absence.long, _first_day(turn)
    causes = rule.causes if rule else frozenset()
    if turn.data["cause"] not in causes:
        return first
    earlier = turn.facts.directory.absences.get(turn.matter.person or "", ())
    for away in sorted(earlier, key=lambda a: a.first_day, reverse=True):
        runs_on = away.last_day is None or away.last_day == first - _DAY
        if away.cause in causes and away.matter != turn.matter.id and away.first_day < first and runs_on:
            first = away.first_day
    return first


def _wait_for_first_day(turn: Turn) -> None:
    """An absence that is known ahead takes effect on its first day."""
    if turn.matter.kind is not None:
        return
    if _first_day(turn) > turn.on:
        eve = _first_day(turn) - _DAY
        turn.set("begins", on_day(PRODUCT_DEFAULT, "first day absent", eve, turn.facts.calendar))
    else:
        announce_absence(turn)


def _watch_length(turn: Turn) -> None:
    """Start or move what an absence of this length will set going."""
    if turn.matter.kind is not None:
        return
    rule = turn.facts.policy.absence.long
    if rule and turn.data["cause"] in rule.causes and _supervises(turn):
        first = date.fromisoformat(turn.data["counted_from"])
        turn.set("long_absence", absence_day(rule.clause, first, rule.day, turn.facts.calendar))
    else:
        turn.close("long_absence", Status.superseded)
    expected = _maybe_day(turn.data.get("expected_return"))
    if expected is not None and expected >= turn.on:
        turn.set("confirm_return", on_day(PRODUCT_DEFAULT, "expected return", expected, turn.facts.calendar))
    else:
        _ask_again(turn)


def _ask_again(turn: Turn) -> None:
    every = turn.facts.policy.absence.confirm_return_every.term
    turn.set("confirm_return", turn.count(every, "last asked", max(turn.on, _first_day(turn))))


def _supervises(turn: Turn) -> bool:
    return bool(turn.facts.directory.on_the_list_of(turn.matter.person or "") or uncovered(turn))


def _needs_cover_now(turn: Turn) -> bool:
    if turn.matter.kind is not None or turn.data["cause"] == AbsenceCause.left:
        return True
    rule, expected = turn.facts.policy.absence.long, _maybe_day(turn.data.get("expected_return"))
    if rule is None or not rule.at_once or expected is None or not _supervises(turn):
        return False
    counted = date.fromisoformat(turn.data["counted_from"])
    return turn.data["cause"] in rule.causes and (expected - counted).days >= rule.day


# -- while away
def _begin(turn: Turn, _data: Any) -> None:
    announce_absence(turn)


def _confirm(turn: Turn, _data: Any) -> None:
    manager = turn.facts.directory.manager_of(turn.matter.person)
    turn.tell(manager, "confirm_return", f"Is {turn.name(turn.matter.person)} back?")
    _ask_again(turn)


def _become_long(turn: Turn, _data: Any) -> None:
    rule = turn.facts.policy.absence
    turn.clause = rule.long.clause if rule.long else rule.long_clause


def _has_supervisees(turn: Turn) -> str | None:
    return None if uncovered(turn) else "Nobody is supervised by this person."


def _has_none(turn: Turn) -> str | None:
    return "Somebody is supervised by this person." if uncovered(turn) else None


def _has_begun(turn: Turn) -> str | None:
    return None if _first_day(turn) <= turn.on else "The absence has not begun."


def _ask_for_cover(turn: Turn) -> None:
    """The line manager gets the plan, and the supervisees learn whom to turn to."""
    turn.keep(plan=plan(turn), cover=turn.data.get("cover", {}))
    escalation.climb(turn, _ladder(turn), _SUBJECT)
    manager = turn.name(turn.holder)
    turn.tell(
        uncovered(turn), "supervisor_away", f"{turn.name(turn.matter.person)} cannot supervise you for now",
        f"{manager} decides who supervises you meanwhile. Until then turn to {manager}.",
    )  # fmt: skip
    turn.set("cover_by", turn.count(turn.facts.policy.absence.cover_by.term, "cover is needed", turn.window_start))


def _go_up(turn: Turn, _data: Any) -> None:
    escalation.climb(turn, turn.ladder or _ladder(turn), _SUBJECT)


def _covers_everybody(turn: Turn, data: AssignCover) -> str | None:
    left = set(uncovered(turn)) - set(data.cover)
    return f"Not yet covered: {', '.join(sorted(left))}." if left else None


def _assign(turn: Turn, data: AssignCover) -> None:
    cover_everybody(turn, data.cover)
    turn.clause = turn.facts.policy.absence.long_clause


def _covered(turn: Turn) -> None:
    turn.meet("cover_by")
    turn.hold(None)


# -- coming back
def _ended_in_order(turn: Turn, data: Return) -> str | None:
    if data.last_day < _first_day(turn) - _DAY:
        return "The last day absent is not before the first one."
    return None if data.last_day <= turn.on else "A return is reported when it has happened; amend the expected date."


def _return(turn: Turn, data: Return) -> None:
    before = turn.matter.missed("long_absence")
    _come_back(turn, data.last_day)
    if before is not None and before.due is not None and data.last_day < _long_day(turn):
        turn.correct("long_absence")
    give_back(turn)


def _long_day(turn: Turn) -> date:
    rule = turn.facts.policy.absence.long
    counted = date.fromisoformat(turn.data["counted_from"])
    return counted + _DAY * (rule.day - 1) if rule else counted


def _come_back(turn: Turn, last_day: date) -> None:
    turn.note(last_day=last_day.isoformat())
    turn.keep(last_day=last_day.isoformat())
    for name in ("long_absence", "confirm_return", "begins", "cover_by"):
        turn.close(name, Status.met)
    announce_return(turn, last_day)


def _return_from_permanent(turn: Turn, data: Return) -> None:
    _come_back(turn, data.last_day)


def _continue(turn: Turn, data: Closing) -> None:
    """Another absence follows at once: this one ends, and nobody is back."""
    turn.note(last_day=data.why)
    turn.keep(last_day=data.why)


# -- correcting
def _amend_in_order(turn: Turn, data: AmendAbsence) -> str | None:
    first = data.first_day or _first_day(turn)
    if data.cause is AbsenceCause.left:
        return "That somebody left comes from the people's list, with their end date."
    if data.last_day is not None and turn.matter.state != "returned":
        return "Report the return with its last day instead."
    last = data.last_day or _maybe_day(turn.matter.data.get("last_day"))
    if last is not None and (last < first or last > turn.on):
        return "The last day absent lies between the first day and today."
    if data.expected_return is not None and data.expected_return <= first:
        return "The expected return is after the first day absent."
    return None


def _amend(turn: Turn, data: AmendAbsence) -> None:
    given = data.model_dump(mode="json", exclude_unset=True, exclude={"reason"})
    turn.note(before={name: turn.matter.data.get(name) for name in given}, after=given)
    turn.keep(**given)
    turn.write(reason=data.reason)
    turn.keep(counted_from=_counted_from(turn).isoformat())


def _amend_open(turn: Turn, data: AmendAbsence) -> None:
    _amend(turn, data)
    turn.close("begins", Status.superseded)
    _wait_for_first_day(turn)
    _watch_length(turn)


def _amend_late(turn: Turn, data: AmendAbsence) -> None:
    """Cover is being found already; only the length can show that none is needed."""
    _amend(turn, data)
    announce_absence(turn)


def _amend_returned(turn: Turn, data: AmendAbsence) -> None:
    _amend(turn, data)
    last_day = _maybe_day(turn.data["last_day"])
    if last_day is not None:
        announce_return(turn, last_day)


def _is_long_after(turn: Turn, data: AmendAbsence) -> str | None:
    """Whether the amended absence needs cover at once (NS-67)."""
    rule, expected = turn.facts.policy.absence.long, data.expected_return
    if rule is None or not rule.at_once or expected is None or not _supervises(turn):
        return "Cover is not needed at once."
    first = data.first_day or date.fromisoformat(turn.matter.data["counted_from"])
    return None if (expected - first).days >= rule.day else "Cover is not needed at once."


def _not_long_after(turn: Turn, data: AmendAbsence) -> str | None:
    """Whether the amended dates or cause show that the absence is not long, so that the breach was none."""
    rule = turn.facts.policy.absence.long
    if rule is None or turn.matter.kind is not None:
        return "It stays as it is."
    cause = data.cause or turn.matter.data["cause"]
    first = data.first_day or date.fromisoformat(turn.matter.data["counted_from"])
    expected = data.expected_return or _maybe_day(turn.matter.data.get("expected_return"))
    at_once = rule.at_once and expected is not None and (expected - first).days >= rule.day
    long = cause in rule.causes and (at_once or turn.on > first + _DAY * (rule.day - 1))
    return "The absence is long." if long else None


def _amend_to_short(turn: Turn, data: AmendAbsence) -> None:
    turn.correct("long_absence")
    turn.note(corrected=True)
    turn.columns["ladder"] = None
    turn.close("cover_by", Status.superseded)
    told = (turn.matter.holder, *uncovered(turn))
    turn.tell(told, "cover_not_needed", f"No cover is needed for {turn.name(turn.matter.person)} now")
    _amend_open(turn, data)


def _cancel(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.keep(cancelled=True)
    announce_return(turn, turn.on - _DAY)
    give_back(turn)


# -- for good
def _everybody_covered(turn: Turn) -> str | None:
    return "Assign cover for everybody first." if uncovered(turn) else None


def _make_permanent(turn: Turn, data: Reason) -> None:
    """Whoever covers becomes the supervisor; nothing goes back on a return."""
    turn.write(reason=data.reason)
    for supervisee, cover in turn.matter.data.get("cover", {}).items():
        turn.change(supervisee, "supervisor", cover)
        turn.change(supervisee, "supervised_since", turn.on)
        turn.change(supervisee, "cover", None)
        turn.tell((supervisee, cover), "new_supervisor", f"{turn.name(cover)} now supervises {turn.name(supervisee)}")


def _reported(turn: Turn) -> None:
    turn.hold(None)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("reported", "The absence is recorded.", _reported),
    State("awaiting_cover", "Cover is to be found.", _ask_for_cover),
    State("with_senior_manager", "Cover is to be found by a senior manager.", reminds=_holder, climbs=True),
    State("covered", "Everybody is covered.", _covered),
    State("returned", "The person is back.", final=True),
    State("permanent", "The cover is for good.", final=True),
    State("cancelled", "The absence was recorded by mistake.", final=True),
)
_COVER_CHECKS = (cover_fits,)

ABSENCE: Definition = define(
    Workflow.absence,
    initial=("reported", "awaiting_cover"),
    states=_STATES,
    moves=(
        Move("begin", _OPEN, None, SYSTEM, _begin),
        Move("long", ("reported",), "awaiting_cover", SYSTEM, _become_long, when=(_has_supervisees,),
             looks_at=lambda m, _d, _f: plan_selectors(m.person)),
        Move("long", ("reported",), None, SYSTEM, when=(_has_none,)),
        Move("first_breach", ("reported",), "awaiting_cover", SYSTEM, _become_long, guards=(_has_supervisees, _has_begun),
             looks_at=lambda m, _d, _f: plan_selectors(m.person)),
        Move("confirm_return", _OPEN, None, SYSTEM, _confirm),
        Move("assign_cover", (*_UNCOVERED, "covered"), "covered", _COVERERS, _assign, AssignCover,
             checks=(*_COVER_CHECKS, _covers_everybody), looks_at=looks_at_cover, label="Assign cover"),
        Move("assign_cover", _UNCOVERED, None, _COVERERS, _assign, AssignCover, checks=_COVER_CHECKS,
             looks_at=looks_at_cover, label="Assign cover"),
        Move("climb", _UNCOVERED, "with_senior_manager", SYSTEM, _go_up, when=(escalation.above(_ladder)[0],)),
        Move("climb", _UNCOVERED, None, SYSTEM, _go_up),
        Move("return", _OPEN, "returned", _REPORTERS, _return, Return, checks=(_ended_in_order,), label="Report the return"),
        Move("return", ("permanent",), "returned", _REPORTERS, _return_from_permanent, Return,
             checks=(_ended_in_order,), label="Report the return"),
        Move("continue", ("reported",), "returned", SYSTEM, _continue, Closing),
        Move("amend", ("reported",), "awaiting_cover", _REPORTERS, _amend_open, AmendAbsence,
             checks=(_amend_in_order, _is_long_after), looks_at=lambda m, _d, _f: plan_selectors(m.person),
             label="Correct the absence"),
        Move("amend", ("reported", "covered"), None, _REPORTERS, _amend_open, AmendAbsence, checks=(_amend_in_order,),
             label="Correct the absence"),
        Move("amend", _UNCOVERED, "reported", _REPORTERS, _amend_to_short, AmendAbsence,
             checks=(_amend_in_order, _not_long_after), label="Correct the absence"),
        Move("amend", _UNCOVERED, None, _REPORTERS, _amend_late, AmendAbsence, checks=(_amend_in_order,),
             label="Correct the absence"),
        Move("amend", ("returned", "permanent"), None, _REPORTERS, _amend_returned, AmendAbsence,
             checks=(_amend_in_order,), label="Correct the absence"),
        Move("cancel", _OPEN, "cancelled", _REPORTERS, _cancel, Reason, label="Withdraw the absence"),
        Move("make_permanent", ("covered",), "permanent", _FINISHERS, _make_permanent, Reason,
             guards=(_everybody_covered,), label="Make the cover permanent"),
        escalation.remind(_STATES, _SUBJECT),
        escalation.passes_on(_UNCOVERED, _SUBJECT),
    ),
    deadlines={
        "begins": DeadlineRule("begin", Rank.reminder, outcome=Status.met),
        "long_absence": DeadlineRule("long", Rank.expiry),
        "confirm_return": DeadlineRule("confirm_return", Rank.reminder, outcome=Status.met),
        "cover_by": DeadlineRule("climb", Rank.climb),
        **REMINDERS,
    },
    opening=Open(
        _report, OpenAbsence, _who, _begins,
        checks=(_only_system_records_leaving, _dates_in_order, _not_recorded_yet), looks_at=_open_looks_at,
    ),
    ladder=_ladder,
)  # fmt: skip

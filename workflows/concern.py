"""A concern: a supervisee's supervision is not as it should be. The supervisor hears of it first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows import escalation
from workflows.agreement_in_force import between_the_two, named
from workflows.consequence_payloads import Closing
from workflows.directory import Away
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.long_absence import counted_from
from workflows.model import Actor, Facts, Ladder, Opening
from workflows.payloads import Meet, Nothing, Payload, Reason
from workflows.policy_relationship import ConcernPolicy
from workflows.reallocation import reallocation
from workflows.relationship_payloads import Attempt, OpenConcern, Outcomes
from workflows.table import Definition, Guard, Move, Open, State, define
from workflows.turn import Turn
from workflows.vocabulary import Outcome, Role, Workflow

_SUPERVISEE = frozenset({Role.supervisee})
_HOLDER = frozenset({Role.holder})
_FIRST, _MEETING = ("with_supervisor",), ("three_way_meeting",)
_ABOVE = (*RUNGS, *_MEETING)
_OPEN = (*_FIRST, *_ABOVE)
_SUBJECT = "a concern about supervision waits to be settled"


def _rules(turn: Turn) -> ConcernPolicy:
    return turn.facts.policy.concern


# -- who hears it
def _ladder(turn: Turn) -> Ladder:
    """The line above the supervisor; before it whom the agreement names, where the policy has them asked."""
    supervisee, supervisor = turn.matter.supervisee, turn.matter.supervisor
    parties = frozenset(ref for ref in (supervisee, supervisor) if ref)
    line, first = turn.facts.directory.line(supervisor), turn.data.get("third_party") or turn.data.get("named_person")
    return Ladder((first, *line) if first else line, parties, "concern")


def _chain(turn: Turn) -> str:
    """The clause by which it is with whoever has it now: that of whom the agreement names, or the line's."""
    rules, data = _rules(turn), turn.data
    named_by = {data.get("third_party"): rules.third_party_clause, data.get("named_person"): rules.named_person_clause}
    return (turn.holder and named_by.get(turn.holder)) or rules.chain_clause


# -- opening
def _who(actor: Actor, data: OpenConcern, facts: Facts) -> Role | None:  # noqa: ARG001 - the form of an opening
    return Role.supervisee if actor.ref and facts.directory.supervisor_of(actor.ref) else None


def _begins(actor: Actor, data: OpenConcern, facts: Facts) -> Opening:
    return Opening(
        Workflow.concern,
        kind=data.about,
        supervisee=actor.ref,
        supervisor=facts.directory.supervisor_of(actor.ref),
        data={"opened_by": actor.ref, "about": data.about.value, "attempts": 0},
        texts={"statement": data.statement},
    )


def _open(turn: Turn) -> None:
    rules = _rules(turn)
    turn.clause = rules.first_clause
    if turn.data["about"] in rules.third_party_about:
        turn.keep(third_party=named(turn, "third_party"))
    if turn.data["about"] in rules.named_person_about:
        turn.keep(named_person=named(turn, "dispute_person"))
    turn.tell(turn.supervisor, "concern_opened", "A concern about supervision was raised with you", urgent=True)
    above = escalation.next_up(turn, _ladder(turn)).holder
    if above:
        says = f"If it is not settled with {turn.name(turn.supervisor)}, it goes to {turn.name(above)}."
        turn.tell(turn.matter.supervisee, "concern_route", "Your concern was passed on", says)


def _with_supervisor(turn: Turn) -> None:
    turn.hold(turn.supervisor)


# -- with the supervisor
def _in_the_past(turn: Turn, data: Attempt) -> str | None:
    return None if data.on <= turn.on else "An attempt is recorded when it was made."


def _attempt(turn: Turn, data: Attempt) -> None:
    turn.clause = _rules(turn).first_clause
    turn.note(on=data.on.isoformat())
    turn.write(attempt=data.note)
    turn.keep(attempts=turn.matter.data["attempts"] + 1)


def _are_known(turn: Turn, data: Meet) -> str | None:
    unknown = [ref for ref in data.told if ref not in turn.facts.directory.people]
    return f"Nobody on the list has the ref {unknown[0]!r}." if unknown else None


def _talk(turn: Turn, data: Meet) -> None:
    """The supervisor sits down with the supervisee: that is an attempt, too."""
    _meet(turn, data)
    turn.keep(attempts=turn.matter.data["attempts"] + 1)


def _propose(turn: Turn, data: Outcomes) -> None:
    turn.keep(proposed=True)
    turn.write(outcomes="\n".join(data.outcomes))
    turn.tell(turn.matter.supervisee, "proposal", "A way to settle your concern is proposed", urgent=True)


def _is_proposed(turn: Turn) -> str | None:
    return None if turn.matter.data.get("proposed") else "The supervisor has proposed nothing yet."


def _no_change_of_supervisor(_turn: Turn, data: Outcomes) -> str | None:
    if Outcome.change_supervisor in data.outcomes:
        return "A change of supervisor is for somebody above to decide."
    return None


def _confirm(turn: Turn, _data: Any) -> None:
    turn.clause = _rules(turn).first_clause
    turn.tell(turn.supervisor, "concern_resolved", "A concern about supervision is settled")


# -- going up
def _may_skip(turn: Turn) -> str | None:
    """Whether the supervisee may pass over the supervisor, or has tried (HAR-10, DAR-30, LDS-29, CBC-47, NS-82).

    The third party whom the agreement names is there for what cannot be raised with the supervisor (HAR-07).
    """
    rules, data = _rules(turn), turn.matter.data
    if data["attempts"] or data.get("third_party") or rules.skip == "with_reason":
        return None
    if not turn.facts.directory.in_post(turn.matter.supervisor or "", turn.on):
        return None
    away = turn.facts.directory.away(turn.matter.supervisor or "", turn.on)
    long = turn.facts.policy.absence.long
    if away is not None and rules.skip == "while_absent":
        return None
    if away is not None and long and rules.skip == "while_long_absent":
        return None if away.cause in long.causes and _days_away(turn, away) >= long.day else _raise_first(rules)
    if away is not None and rules.skip == "after_attempt":
        return None
    return _raise_first(rules)


def _days_away(turn: Turn, away: Away) -> int:
    """Which day of the supervisor's absence it is, over causes that the policy counts together."""
    return (turn.on - counted_from(turn, away.person, away.first_day, away.cause)).days + 1


def _raise_first(rules: ConcernPolicy) -> str:
    return (
        "First raise it with the supervisor: record what you tried, or let them answer. "
        f"By itself it goes up when they do not ({rules.skip_clause})."
    )


def _go_up(turn: Turn, data: Any) -> None:
    if isinstance(data, Reason):
        turn.write(reason=data.reason)
    escalation.climb(turn, turn.ladder or _ladder(turn), _SUBJECT)
    turn.clause = _chain(turn)


def _up(roles: frozenset[Role], trigger: str, payload: type[Payload], label: str = "") -> tuple[Move, ...]:
    """The rows of one trigger that leads up: past the supervisor, to the next rung, or to nobody."""
    somebody, nobody = escalation.above(_ladder)
    skips = (_may_skip,) if roles == _SUPERVISEE else ()

    def row(source: tuple[str, ...], dest: str | None, when: Guard, guards: tuple[Guard, ...] = ()) -> Move:
        return Move(trigger, source, dest, roles, _go_up, payload, when=(when,), guards=guards, label=label)

    return (
        row(_FIRST, "with_line_manager", somebody, skips),
        row(_ABOVE, "with_senior_manager", somebody),
        row(_OPEN, None, nobody),
    )


# -- the meeting of the three, and the end
def _parties_were_told(turn: Turn, data: Meet) -> str | None:
    missing = {turn.matter.supervisee, turn.matter.supervisor} - set(data.told) - {None}
    return "Both must have been told of the meeting beforehand." if missing else None


def _meet(turn: Turn, data: Meet) -> None:
    turn.clause = _meeting_clause(turn) or _chain(turn)
    turn.note(at=data.at.isoformat(), told=data.told)
    turn.keep(meetings=[*turn.matter.data.get("meetings", []), {"at": data.at.isoformat(), "told": data.told}])
    turn.tell((p for p in data.told if p != turn.actor.ref), "meeting", "A meeting about a concern", urgent=True)


def _keep_holder(turn: Turn) -> None:
    turn.hold(turn.holder)


def _is_no_party(turn: Turn) -> str | None:
    if turn.actor.ref in (turn.matter.supervisee, turn.matter.supervisor):
        return "Nobody settles a concern to which they are a party."
    return None


def _meeting_clause(turn: Turn) -> str | None:
    """The clause that has the three meet: where the person whom the agreement names has it, theirs (LDS-46)."""
    rules = _rules(turn)
    required = rules.meeting_required
    return required and ((turn.holder == turn.data.get("named_person") and rules.named_person_clause) or required)


def _has_met(turn: Turn) -> str | None:
    clause = _meeting_clause(turn)
    if clause is None or _meeting_has_begun(turn):
        return None
    return f"The three of you meet first, and what was agreed is written down ({clause})."


def _meeting_has_begun(turn: Turn) -> bool:
    met_at = turn.matter.data.get("met_at")
    return met_at is not None and datetime.fromisoformat(met_at) <= turn.now


def _three_meet(turn: Turn, data: Meet) -> None:
    """The three are to meet, or have met; until they do, another date takes the place of the one before."""
    _meet(turn, data)
    if not _meeting_has_begun(turn):
        turn.keep(met_at=data.at.isoformat())


def _resolve(turn: Turn, data: Outcomes) -> None:
    turn.clause = _chain(turn)
    turn.keep(decided_by=turn.actor.ref)
    turn.write(outcomes="\n".join(data.outcomes))
    if Outcome.change_supervisor in data.outcomes:
        turn.clause = _rules(turn).change_clause
        turn.note(outcome=Outcome.change_supervisor.value)
        turn.open(reallocation(turn))
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    told = (ref for ref in (turn.matter.supervisee, turn.matter.supervisor, *asked) if ref != turn.actor.ref)
    turn.tell(told, "concern_resolved", "A concern about supervision is settled", urgent=True)


def _withdraw(turn: Turn, _data: Any) -> None:
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    turn.tell((turn.supervisor, *asked), "concern_withdrawn", "A concern about supervision was withdrawn")


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("with_supervisor", "The supervisor is to answer.", _with_supervisor, reminds=_holder, climbs=True),
    State("with_line_manager", "A manager is to settle it.", reminds=_holder, climbs=True),
    State("three_way_meeting", "The three have arranged to meet.", _keep_holder, reminds=_holder, climbs=True),
    State("with_senior_manager", "A senior manager is to settle it.", reminds=_holder, climbs=True),
    State("resolved", "It is settled, and what was agreed is written down.", final=True),
    State("withdrawn", "It was withdrawn.", final=True),
)

CONCERN: Definition = define(
    Workflow.concern,
    initial=_FIRST,
    states=_STATES,
    moves=(
        Move(
            "attempt", _FIRST, None, _SUPERVISEE, _attempt, Attempt, checks=(_in_the_past,),
            label="Record that you have tried with the supervisor",
        ),
        Move("meet", _FIRST, None, _HOLDER, _talk, Meet, checks=(_are_known,), label="Log a talk of the two"),
        Move(
            "meet", _ABOVE, "three_way_meeting", _HOLDER, _three_meet, Meet, checks=(_are_known, _parties_were_told),
            label="Arrange a meeting of the three",
        ),
        Move(
            "resolve", _FIRST, None, _HOLDER, _propose, Outcomes, checks=(_no_change_of_supervisor,),
            label="Propose how to settle it",
        ),
        Move("confirm", _FIRST, "resolved", _SUPERVISEE, _confirm, guards=(_is_proposed,), label="Accept the proposal"),
        Move(
            "resolve", _ABOVE, "resolved", _HOLDER, _resolve, Outcomes, guards=(_is_no_party, _has_met),
            label="Settle it, with what was agreed",
        ),
        *_up(_SUPERVISEE, "escalate", Reason, "Take it further up"),
        *_up(SYSTEM, "climb", Nothing),
        Move("withdraw", _OPEN, "withdrawn", _SUPERVISEE, _withdraw, label="Withdraw"),
        Move("end", _OPEN, "withdrawn", SYSTEM, _ended, Closing),
        escalation.remind(_STATES, _SUBJECT, _ladder, _ABOVE),
        escalation.passes_on(_ABOVE, _SUBJECT),
    ),
    deadlines=REMINDERS,
    opening=Open(_open, OpenConcern, _who, _begins, looks_at=between_the_two),
    ladder=_ladder,
)  # fmt: skip

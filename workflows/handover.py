"""Handover: a worker's records and open work pass to the next supervisor when the supervisor changes for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import escalation
from workflows.consequence_payloads import Closing, Superseding
from workflows.escalation import REMINDERS, SYSTEM
from workflows.handover_payloads import HandOver
from workflows.model import Facts, Ladder, Opening, Selector
from workflows.policy import HandoverPolicy
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import TAKEN_OVER
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

_GIVING, _GIVEN = ("to_hand_over",), ("handed_over",)
_OPEN = (*_GIVING, *_GIVEN)
_GIVERS = frozenset({Role.person, Role.holder})
_SUBJECT = "a worker’s records are to be handed over to a new supervisor"


def _rules(turn: Turn) -> HandoverPolicy:
    return turn.facts.policy.handover


# -- who hands over
def _before(turn: Turn) -> str | None:
    """The supervisor before, as of this move."""
    before: str | None = turn.columns.get("person", turn.matter.person)
    return before


def _ladder(turn: Turn) -> Ladder:
    """The line above whoever hands over, and once that was done above whoever receives; nobody hands to themselves."""
    given = "handed_over_by" in turn.data
    people = (turn.matter.supervisee, turn.supervisor, _before(turn))
    return escalation.line_above(turn, turn.supervisor if given else _before(turn), *people)


def _before_at_work(turn: Turn) -> str | None:
    before = _before(turn)
    return before if turn.facts.directory.at_work(before, turn.on) else None


# -- beginning
def _around(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.handover, supervisee=opening.supervisee),)


def _begin(turn: Turn) -> None:
    """The supervisor before hands over; where they never had the records themselves, whoever still has them does."""
    turn.clause = _rules(turn).clause
    for earlier in turn.facts.related:
        turn.then(Selector(Workflow.handover, id=earlier.id), "supersede", by=turn.matter.id)
        if earlier.state in _GIVING and earlier.person != turn.matter.supervisor:
            turn.columns["person"] = earlier.person
            turn.joined += [earlier.person] if earlier.person else []
    turn.keep(clause=_rules(turn).clause, covers=_covered(turn))
    turn.columns["ladder"] = _ladder(turn)


def _covered(turn: Turn) -> dict[str, Any]:
    """How many records the worker has, open and closed, and how much open work of each kind."""
    found = turn.facts.tallies
    records = found[Workflow.record].all if Workflow.record in found else 0
    work = {workflow.value: found[workflow].open for workflow in TAKEN_OVER if workflow in found}
    return {"records": records, "open": {name: number for name, number in work.items() if number}}


def _giver_is_asked(turn: Turn) -> None:
    before = _before_at_work(turn)
    if before:
        turn.hold(before)
        _say_what_is_due(turn, before)
    else:
        _ask_above(turn)
    turn.set("hand_over_by", turn.count(_rules(turn).hand_over_by.term, "supervisor changed", turn.window_start))


def _say_what_is_due(turn: Turn, giver: str | None) -> None:
    subject = f"The supervision of {turn.name(turn.matter.supervisee)} is to be handed over"
    says = f"{turn.name(turn.supervisor)} supervises from now on. Hand the records over, with what they must know."
    turn.tell(giver, "handover_due", subject, says)


def _ask_above(turn: Turn) -> None:
    """Somebody above stands in for a supervisor who has left or is away; never whoever is to receive."""
    asked = escalation.ask_next(turn, turn.ladder or _ladder(turn))
    if asked.holder is None:
        turn.note(stranded=True)
        turn.keep(stranded=turn.holder is None)
        turn.incident("stranded", f"Nobody is there to hand over {turn.name(turn.matter.supervisee)}’s records.")
        return
    turn.note(asked=asked.holder)
    turn.hold(asked.holder)
    _say_what_is_due(turn, asked.holder)


# -- handing over
def _everybody_was_told(turn: Turn, data: HandOver) -> str | None:
    """All whom it concerns meet before the records pass, where the policy asks for it (LDS-10).

    Where the supervisor before has left or is away, whoever hands over stands in for them.
    """
    if data.meeting is None:
        return "Say when everyone concerned met, and who was told." if _rules(turn).meeting.value else None
    unknown = [ref for ref in data.meeting.told if ref not in turn.facts.directory.people]
    if unknown:
        return f"Nobody on the list has the ref {unknown[0]!r}."
    giver = _before_at_work(turn) or turn.actor.ref
    missing = {turn.matter.supervisee, turn.supervisor, giver} - set(data.meeting.told)
    if missing and _rules(turn).meeting.value:
        return f"Everyone concerned must be told of the meeting: {turn.name(min(filter(None, missing)))} was not."
    return None


def _hand_over(turn: Turn, data: HandOver) -> None:
    """From now on the new supervisor reads the worker's records, those of before included."""
    turn.clause = _rules(turn).clause
    receiver, supervisee = turn.supervisor or "", turn.matter.supervisee or ""
    turn.meet("hand_over_by")
    turn.keep(handed_over_by=turn.actor.ref, covers=_covered(turn))
    turn.note(admitted=receiver, covers=_covered(turn))
    turn.write(note=data.note)
    turn.admit(receiver, Workflow.record, supervisee)
    turn.columns["ladder"] = None
    if data.meeting is not None:
        meeting = {"at": data.meeting.at.isoformat(), "told": data.meeting.told}
        turn.keep(meeting=meeting)
        turn.note(meeting=meeting)
        told = (ref for ref in data.meeting.told if ref != turn.actor.ref)
        turn.tell(told, "meeting", "A meeting about a handover of supervision", urgent=True)
    subject = f"The records of {turn.name(supervisee)} have passed to {turn.name(receiver)}"
    turn.tell((receiver, supervisee), "handed_over", subject)


def _receiver_confirms(turn: Turn) -> None:
    turn.hold(turn.supervisor)
    turn.set("receive_by", turn.count(_rules(turn).receive_by.term, "handed over", turn.window_start))


def _receive(turn: Turn, _data: Any) -> None:
    turn.clause = _rules(turn).clause
    turn.meet("receive_by")
    subject = f"{turn.name(turn.supervisor)} has received the records of {turn.name(turn.matter.supervisee)}"
    people = dict.fromkeys((turn.matter.person, turn.data["handed_over_by"], turn.matter.supervisee))
    turn.tell((ref for ref in people if ref != turn.actor.ref), "received", subject)


# -- being late
def _hand_over_missed(turn: Turn, _data: Any) -> None:
    _tell_above(turn, _rules(turn).hand_over_by.clause)


def _receive_missed(turn: Turn, _data: Any) -> None:
    _tell_above(turn, _rules(turn).receive_by.clause)


def _tell_above(turn: Turn, clause: str) -> None:
    turn.clause = clause
    above = turn.facts.directory.manager_of(turn.holder)
    subject = f"The handover of {turn.name(turn.matter.supervisee)} is late"
    turn.tell((turn.holder, above, turn.matter.supervisee), "handover_late", subject)


def _climb_giving(turn: Turn, _data: Any) -> None:
    """The next manager up is asked to hand over in the other's stead."""
    escalation.climb(turn, turn.ladder or _ladder(turn), _SUBJECT)
    _go_on_climbing(turn)


def _climb_given(turn: Turn, _data: Any) -> None:
    """The next manager up is told; it stays with the new supervisor, whom nobody can stand in for."""
    asked = escalation.ask_next(turn, turn.ladder or _ladder(turn))
    turn.joined += [asked.holder] if asked.holder else []
    subject = f"The records of {turn.name(turn.matter.supervisee)} are still not received"
    turn.tell((asked.holder, turn.holder), "escalated", subject, urgent=True)
    _go_on_climbing(turn)


def _go_on_climbing(turn: Turn) -> None:
    assert turn.ladder is not None  # noqa: S101  somebody was just asked by it
    escalation.start_climb(turn, turn.ladder)


def _nobody_has_it(turn: Turn) -> str | None:
    return None if turn.holder is None else "Somebody is asked to hand over."


def _look_again(turn: Turn, _data: Any) -> None:
    """Nobody could be found to hand over: somebody may be there by now."""
    _ask_above(turn)
    escalation.start_reminder(turn, "last reminder")


# -- ending
def _supersede(turn: Turn, data: Superseding) -> None:
    turn.note(by=str(data.by))
    subject = f"Somebody else supervises {turn.name(turn.matter.supervisee)} now: this handover is over"
    turn.tell(turn.holder, "handover_superseded", subject)


def _end(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("to_hand_over", "The records are to be handed over.", _giver_is_asked, reminds=_holder, climbs=True),
    State("handed_over", "The new supervisor is to receive them.", _receiver_confirms, reminds=_holder, climbs=True),
    State("received", "The new supervisor has the records.", final=True),
    State("superseded", "The supervisor has changed again.", final=True),
    State("ended", "The worker has left.", final=True),
)

HANDOVER: Definition = define(
    Workflow.handover,
    initial=_GIVING,
    states=_STATES,
    moves=(
        Move(
            "hand_over", _GIVING, "handed_over", _GIVERS, _hand_over, HandOver,
            checks=(_everybody_was_told,), label="Hand the records over", tallies=True,
        ),
        Move("receive", _GIVEN, "received", frozenset({Role.supervisor}), _receive, label="Confirm the handover"),
        Move("hand_over_missed", _GIVING, None, SYSTEM, _hand_over_missed),
        Move("receive_missed", _GIVEN, None, SYSTEM, _receive_missed),
        Move("remind", _GIVING, None, SYSTEM, _look_again, when=(_nobody_has_it,)),
        escalation.remind(_STATES, _SUBJECT, _ladder),
        escalation.passes_on(_GIVING, _SUBJECT),
        Move("climb", _GIVING, None, SYSTEM, _climb_giving),
        Move("climb", _GIVEN, None, SYSTEM, _climb_given),
        Move("supersede", _OPEN, "superseded", SYSTEM, _supersede, Superseding),
        Move("end", _OPEN, "ended", SYSTEM, _end, Closing),
    ),
    deadlines={
        "hand_over_by": DeadlineRule("hand_over_missed", Rank.expiry),
        "receive_by": DeadlineRule("receive_missed", Rank.expiry),
        **REMINDERS,
    },
    opening=Open(_begin, looks_at=_around, tallies=True),
    ladder=_ladder,
)  # fmt: skip

"""A filing: a final record, or the note of a gap, on its way to the system in which the council itself keeps it.

The system's own answer acknowledges it, or a person who has filed it by hand; otherwise it becomes late and climbs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows import escalation
from workflows.consequence_payloads import Closing
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.filing_payloads import Acknowledge, Failed, Sent
from workflows.gap_note import is_note
from workflows.model import Selector
from workflows.policy_parts import Store
from workflows.receipts import Counted, later_of
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

#: The two whose record it is, whoever wrote it up for them (CBC-39), and whoever has been asked since. The supervisee
#: is one of them: LDS-43 has them see to it that the file is whole.
_FILERS = frozenset({Role.supervisor, Role.supervisee, Role.business_support, Role.holder})
_SENDERS = frozenset({Role.supervisor, Role.business_support, Role.holder})
_LATE = ("overdue", *RUNGS)
_UNSENT = ("to_file", *_LATE)
_OPEN = ("to_file", "sent", *_LATE)
_SUBJECT = "a supervision record is not on its file"
#: Failures after which administrators are told that handing over does not work.
_TROUBLE = 3


def _store(turn: Turn) -> Store:
    store = turn.facts.policy.record.of(turn.matter.kind).kept_in
    assert store is not None  # noqa: S101  without a place to keep it, nothing is filed
    return store


def _clause(turn: Turn) -> str:
    """The clause that asks for what is filed, where that is a note; else the one that says where a record is kept."""
    clause: str = turn.data["clause"] if is_note(turn.matter) else _store(turn).clause
    return clause


# -- opening
def _begin(turn: Turn) -> None:
    turn.clause = _clause(turn)
    turn.set("file_by", _file_by(turn))


def _file_by(turn: Turn) -> Counted:
    """The policy's limit after the session where it has one (NS-42, CBC-40), and never before the record is final."""
    store, held_at = _store(turn), turn.data["held_at"]
    event = "cancelled" if is_note(turn.matter) else "the record became final"
    final = turn.count(store.file_by.term, event, turn.window_start)
    if store.file_by_after_session is None or held_at is None:
        return final
    term = store.file_by_after_session.term
    session = turn.count(term, "end of the session", datetime.fromisoformat(held_at))
    return later_of(session, final, ("the limit after the session", "nothing is filed before it is final"))


def _filers_wait(turn: Turn) -> None:
    """It is the supervisor's to file where no system takes it, or that of whoever wrote it up for them."""
    delegate = turn.data["delegate"]
    turn.hold(turn.supervisor, waiting_for=[delegate] if delegate else [])


def _system_has_it(turn: Turn) -> None:
    turn.hold(None)


# -- handing over
def _not_sent(turn: Turn) -> str | None:
    return "The record was handed over already." if turn.matter.data.get("sent") else None


def _sent(turn: Turn, data: Sent) -> None:
    told = {"via": data.via, "name": data.name, "document": data.document}
    turn.keep(sent={"at": turn.now.isoformat(), **told})
    turn.note(**told)


def _may_fail(turn: Turn, data: Failed) -> str | None:
    """What was handed over can only be refused for good, by the system that has it."""
    return None if data.for_good else _not_sent(turn)


def _failed(turn: Turn, data: Failed) -> None:
    """It was not taken: it is tried again later, or where that is of no use becomes a person's to file."""
    tries = turn.matter.data.get("tries", 0) + 1
    turn.keep(tries=tries, tried_at=turn.now.isoformat(), by_hand=data.for_good, sent=None)
    turn.note(why=data.why)
    if data.for_good:
        people = (turn.supervisor, turn.data["delegate"])
        turn.tell(
            people, "file_by_hand", f"A record was not taken into {_place(turn)}", "File it by hand.", urgent=True
        )
    elif tries == _TROUBLE:
        turn.incident("handing_over_fails", f"A record could not be handed over {tries} times ({data.why}).")


def _place(turn: Turn) -> str:
    place: str = turn.matter.data["place"]
    return place


def _is_by_hand(turn: Turn) -> str | None:
    return None if turn.matter.data.get("by_hand") else "The record is handed over by itself as soon as it can be."


def _send_again(turn: Turn, _data: Any) -> None:
    turn.keep(by_hand=False, tries=0, tried_at=None)


# -- on file, or late
def _acknowledge(turn: Turn, data: Acknowledge) -> None:
    matter = turn.matter
    turn.clause = _clause(turn)
    turn.meet("file_by")
    filed = {"reference": data.reference, "at": turn.now.isoformat(), "by": turn.actor.ref}
    turn.keep(filed=filed)
    turn.note(reference=data.reference)
    where = {name: matter.data[name] for name in ("revision", "place", "system")}
    parent = Workflow.cancellation if is_note(matter) else Workflow.record
    turn.then(Selector(parent, id=matter.parent), "filed", filing=matter.id, **where, **filed)
    if matter.state in _LATE:
        asked = matter.ladder.asked if matter.ladder else ()
        told = (ref for ref in (matter.supervisee, turn.supervisor, *asked) if ref != turn.actor.ref)
        turn.tell(told, "filed", "A supervision record that was missing is on its file")


def _expire(turn: Turn, _data: Any) -> None:
    late = turn.matter.live("file_by")
    assert late is not None  # noqa: S101  it has just passed
    turn.clause = late.receipt["clause"]
    people = (turn.supervisor, turn.matter.supervisee, turn.data["delegate"])
    body = f"It belongs in {_place(turn)}. File it and give the reference there, or the manager above is told."
    turn.tell(people, "not_filed", "A supervision record is not on its file", body)


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _filers(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder, turn.data["delegate"])


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("to_file", "The record is to be filed.", _filers_wait),
    State("sent", "The record was handed over, and its acknowledgement is awaited.", _system_has_it),
    State("overdue", "The record is not on its file in time.", _filers_wait, reminds=_filers, climbs=True),
    State("with_line_manager", "The record is not on its file; a manager was asked.", reminds=_holder, climbs=True),
    State(
        "with_senior_manager", "The record is not on its file; a senior manager was asked.", reminds=_holder,
        climbs=True,
    ),
    State("filed", "The record is on its file.", final=True),
    State("ended", "There is nothing to file any more.", final=True),
)  # fmt: skip

FILING: Definition = define(
    Workflow.filing,
    initial=("to_file",),
    states=_STATES,
    moves=(
        Move("sent", ("to_file",), "sent", SYSTEM, _sent, Sent),
        Move("sent", _LATE, None, SYSTEM, _sent, Sent, guards=(_not_sent,)),
        Move("failed", _UNSENT, None, SYSTEM, _failed, Failed, checks=(_may_fail,)),
        Move("failed", ("sent",), "to_file", SYSTEM, _failed, Failed, checks=(_may_fail,)),
        Move(
            "send_again", _UNSENT, None, _SENDERS, _send_again, guards=(_is_by_hand,), label="Hand it over again",
        ),
        Move(
            "acknowledge", _OPEN, "filed", _FILERS, _acknowledge, Acknowledge,
            label="Say that it is filed, with the reference",
        ),
        Move("acknowledge", _OPEN, "filed", SYSTEM, _acknowledge, Acknowledge),
        Move("expire", ("to_file", "sent"), "overdue", SYSTEM, _expire),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        reassigned(*_OPEN),
        escalation.remind(_STATES, _SUBJECT, escalation.above_supervisor),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(escalation.above_supervisor, ("overdue",), _SUBJECT),
    ),
    deadlines={"file_by": DeadlineRule("expire", Rank.expiry), **REMINDERS},
    opening=Open(_begin),
    ladder=escalation.above_supervisor,
)  # fmt: skip

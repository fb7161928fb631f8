"""A record: what was said and decided, from the draft to a signature, to silence, or to a dispute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows import escalation
from workflows.calendar import local_day
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Actor, Facts, Ladder, Opening, Selector
from workflows.payloads import (
    Amend,
    Circulate,
    Closing,
    Delegate,
    Delivered,
    DisputeRecord,
    Note,
    ObjectLate,
    OpenRecord,
    Passed,
    Reason,
    Returned,
    Settled,
    WriteSections,
)
from workflows.policy import RecordRules
from workflows.signing import open_window, pause_signing, resume_signing, start_signing
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import DisputeAbout, Outcome, RecordKind, Role, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_WRITERS = frozenset({Role.supervisor, Role.business_support})
_SUPERVISEE = frozenset({Role.supervisee})
_SUBJECT = "a supervision record waits"


def _rules(turn: Turn) -> RecordRules:
    return turn.facts.policy.record.of(turn.matter.kind)


def _ladder(turn: Turn) -> Ladder:
    return escalation.line_above(turn, turn.supervisor, turn.matter.supervisee, turn.supervisor)


# -- opening
def _who(actor: Actor, data: OpenRecord, facts: Facts) -> Role | None:
    return Role.supervisor if facts.directory.supervisor_of(data.supervisee) == actor.ref else None


def _begins(actor: Actor, data: OpenRecord, _facts: Facts) -> Opening:
    return Opening(
        Workflow.record,
        kind=data.kind,
        supervisee=data.supervisee,
        supervisor=actor.ref,
        case=data.case,
        data={"opened_by": actor.ref},
        texts={f"sections.{name}": text for name, text in data.sections.items()},
    )


def _form_fits(turn: Turn) -> str | None:
    return _unknown_section(turn, (name.removeprefix("sections.") for name in turn.texts))


def _unknown_section(turn: Turn, names: Iterable[str]) -> str | None:
    known = _rules(turn).names()
    lacking = [name for name in names if name not in known]
    if not lacking:
        return None
    return f"The council's form has no section {lacking[0]!r}; it has: {', '.join(sorted(known))}."


def _case_belongs(turn: Turn) -> str | None:
    if turn.matter.parent is not None:
        return None
    ref, needs_case = turn.matter.case, turn.matter.kind == RecordKind.case
    if ref is None:
        return "A case record says which case it is about." if needs_case else None
    if turn.matter.kind == RecordKind.personal:
        return "What is said about a case does not go on the personal record: open a case record."
    case = turn.facts.cases.get(ref)
    return None if case and case.worker == turn.matter.supervisee else f"Case {ref} is not with this worker."


def _draft(turn: Turn) -> None:
    held_at = turn.matter.data.get("held_at")
    anchor = datetime.fromisoformat(held_at) if held_at else turn.now
    turn.keep(revision=1, filled=sorted(name.removeprefix("sections.") for name in turn.texts))
    event = "end of the session" if held_at else "opened"
    turn.set("circulate_by", turn.count(_rules(turn).circulate_by.term, event, anchor))
    _tell_gaps(turn)


def _tell_gaps(turn: Turn) -> None:
    """Required sections that are empty are shown with their clause; they stop nothing (workflows.md 3)."""
    filled = set(turn.data.get("filled", ()))
    missing = [s for s in _rules(turn).form if s.required and s.name not in filled]
    turn.keep(empty_sections=[{"name": s.name, "clause": s.clause} for s in missing])


# -- writing
def _sections_fit(turn: Turn, data: Any) -> str | None:
    return _unknown_section(turn, data.sections)


def _write_sections(turn: Turn, sections: dict[str, str]) -> None:
    turn.write(**{f"sections.{name}": text for name, text in sections.items()})
    emptied = {name for name, text in sections.items() if not text}
    turn.texts |= {f"sections.{name}": "" for name in emptied}
    turn.keep(filled=sorted({*turn.matter.data.get("filled", ()), *sections} - emptied))
    turn.note(sections=sorted(sections))
    _tell_gaps(turn)


def _write(turn: Turn, data: WriteSections) -> None:
    _write_sections(turn, data.sections)


def _may_delegate(turn: Turn) -> str | None:
    if _rules(turn).delegate is not None:
        return None
    return "The policy lets nobody but the supervisor write this record."


def _is_business_support(turn: Turn, data: Delegate) -> str | None:
    person = turn.facts.directory.get(data.person)
    fits = person is not None and Role.business_support in person.app_roles and person.in_post(turn.on)
    return None if fits else f"{data.person} is not in business support."


def _delegate(turn: Turn, data: Delegate) -> None:
    turn.clause = _rules(turn).delegate
    turn.keep(delegate=data.person)
    turn.note(delegate=data.person)
    turn.joined.append(data.person)
    turn.tell(data.person, "delegated", "You are asked to write up a case record")


def _circulation_missed(turn: Turn, _data: Any) -> None:
    turn.keep(circulation_missed=True)
    turn.clause = _rules(turn).circulate_by.clause
    asked = escalation.next_up(turn, _ladder(turn))
    turn.columns["ladder"] = asked.ladder
    turn.joined += [asked.holder] if asked.holder else []
    turn.tell((turn.supervisor, asked.holder), "circulation_missed", "A supervision record was not sent in time")
    escalation.start_waiting(turn, asked.ladder)


def _tell_next_up(turn: Turn, _data: Any) -> None:
    """Tell the next one up; the work stays with whoever has it."""
    asked = escalation.next_up(turn, turn.ladder or _ladder(turn))
    turn.columns["ladder"] = asked.ladder
    if asked.holder is None:
        turn.incident("stranded", "Nobody is left to tell about this record.")
        return
    turn.note(told=asked.holder)
    turn.joined.append(asked.holder)
    turn.tell((asked.holder, turn.holder), "escalated", "A supervision record is still waiting", urgent=True)
    escalation.start_climb(turn, asked.ladder)


# -- circulating and signing
def _circulate(turn: Turn, data: Circulate) -> None:
    if data.sections:
        _write_sections(turn, data.sections)
    turn.meet("circulate_by")
    turn.keep(signed={"supervisor": turn.now.isoformat()}, circulated_at=turn.now.isoformat())
    start_signing(turn)


def _sign(turn: Turn, _data: Any) -> None:
    turn.keep(signed={**turn.matter.data.get("signed", {}), "supervisee": turn.now.isoformat()})
    turn.meet("sign_by")
    _end_dispute(turn)
    turn.tell(turn.supervisor, "signed", "A supervision record was signed")


def _end_dispute(turn: Turn) -> None:
    """An amended record that is signed or deemed ends its dispute as agreed (workflows.md 4)."""
    if turn.matter.data.get("dispute"):
        turn.then(Selector(Workflow.dispute, parent=turn.matter.id), "settle", why="amended record accepted")


def _deem(turn: Turn, _data: Any) -> None:
    rules = _rules(turn)
    turn.clause = rules.silence_clause
    turn.keep(deemed_at=turn.now.isoformat(), note_owed=rules.closure_note is not None)
    _end_dispute(turn)
    people = (turn.matter.supervisee, turn.supervisor)
    turn.tell(people, "deemed_accepted", "A supervision record was not signed in time and counts as accepted")


def _enter_deemed(turn: Turn) -> None:
    if turn.data.get("note_owed"):
        turn.hold(turn.supervisor)


def _note_owed(turn: Turn) -> str | None:
    return None if turn.matter.data.get("note_owed") else "No closing note is owed."


def _note_closure(turn: Turn, data: Note) -> None:
    turn.clause = _rules(turn).closure_note
    turn.write(note=data.note)
    turn.keep(note_owed=False)
    for name in ("remind_by", "climb_by"):
        turn.meet(name)
    turn.hold(None)


# -- disputing
def _dispute(turn: Turn, data: DisputeRecord) -> None:
    turn.close("sign_by", Status.superseded)
    _open_dispute(turn, data.statement)
    if data.passages:
        turn.write(passages="\n".join(data.passages))


def _object_late(turn: Turn, data: ObjectLate) -> None:
    _open_dispute(turn, data.statement)
    turn.note(addendum=True)


def _open_dispute(turn: Turn, statement: str) -> None:
    turn.write(statement=statement)
    if turn.matter.data.get("dispute"):
        turn.note(dispute=turn.matter.data["dispute"])
        return
    dispute = turn.open(
        Opening(
            Workflow.dispute,
            kind=DisputeAbout.record,
            supervisee=turn.matter.supervisee,
            supervisor=turn.supervisor,
            case=turn.matter.case,
            data={"opened_by": turn.actor.ref, "about": DisputeAbout.record.value},
            texts={"statement": statement},
        )
    )
    turn.keep(dispute=str(dispute))
    turn.note(dispute=str(dispute))


def _discussed_in_time(turn: Turn, data: Amend) -> str | None:
    circulated = turn.matter.data.get("circulated_at")
    first = local_day(datetime.fromisoformat(circulated)) if circulated else turn.on
    if first <= data.discussed_on <= turn.on:
        return None
    return "Say on which day, since the record was sent, it was talked over with the supervisee."


def _amend(turn: Turn, data: Amend) -> None:
    """Only the supervisor amends, after talking it over; earlier signatures are void (CBC-44)."""
    turn.note(discussed_on=data.discussed_on.isoformat())
    _write_sections(turn, data.sections)
    turn.meet("amend_by")
    turn.keep(revision=turn.matter.data["revision"] + 1, signed={"supervisor": turn.now.isoformat()})
    turn.keep(circulated_at=turn.now.isoformat())
    start_signing(turn)


def _amend_asked(turn: Turn, _data: Any) -> None:
    turn.hold(turn.supervisor)
    turn.set("amend_by", turn.count(turn.facts.policy.record.amend_by.term, "decided", turn.window_start))
    turn.tell(turn.supervisor, "amend_asked", "A record is to be amended", urgent=True)


def _amend_missed(turn: Turn, _data: Any) -> None:
    turn.keep(circulation_missed=True)
    asked = escalation.next_up(turn, turn.ladder or _ladder(turn))
    turn.columns["ladder"] = asked.ladder
    turn.tell((turn.supervisor, asked.holder), "amend_missed", "A record was not amended in time")
    escalation.start_waiting(turn, asked.ladder)


def _settle(turn: Turn, data: Settled) -> None:
    turn.note(outcome=data.outcome, dispute=str(data.dispute))
    turn.keep(outcome=data.outcome, dispute=None)
    turn.tell((turn.matter.supervisee, turn.supervisor), "settled", "A disputed record is settled")


def _attach(turn: Turn, data: Settled) -> None:
    """A deemed record stays deemed; the ruling is attached (workflows.md 3)."""
    turn.note(outcome=data.outcome, dispute=str(data.dispute))
    turn.keep(outcome=data.outcome, dispute=None)


def _asks_for_amendment(_turn: Turn, data: Settled) -> str | None:
    return None if data.outcome == Outcome.amend_record else "The record is not to be amended."


def _ends_dispute(turn: Turn, data: Settled) -> str | None:
    return "The record is to be amended first." if _asks_for_amendment(turn, data) is None else None


def _reopen(turn: Turn, data: Settled) -> None:
    """A withdrawn dispute leaves the record as it was, with a new window to sign it."""
    turn.note(dispute=str(data.dispute))
    turn.keep(dispute=None)
    start_signing(turn)


def _left(turn: Turn, data: Closing) -> None:
    """The supervisee left: closed by the service, never taken for accepted (E9)."""
    turn.keep(reason=data.why)
    turn.note(reason=data.why)


def _withdraw(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.close("circulate_by", Status.superseded)


# -- notices that come back
def _bounced(turn: Turn, data: Passed) -> None:
    turn.note(person=data.person)
    pause_signing(turn, turn.on, None, "the notice came back undelivered")


def _bounced_after_deeming(turn: Turn, data: Passed) -> None:
    """Silence of somebody who was never reached is no consent: the record may be disputed again for a full window."""
    turn.note(person=data.person, unsafe=True)
    turn.keep(unsafe=True)
    turn.incident("unsafe_deeming", "A record was deemed accepted although its notice came back undelivered.")


def _delivered(turn: Turn, data: Delivered) -> None:
    turn.note(person=data.person)
    if turn.matter.data.get("unsafe"):
        turn.keep(disputable=True)
        rules = _rules(turn)
        if rules.sign_by:
            turn.set("dispute_by", turn.count(rules.sign_by.term, "notice delivered", turn.now))
    else:
        open_window(turn)


def _unsafe(turn: Turn) -> str | None:
    safe = not turn.matter.data.get("disputable")
    return "This record was accepted by silence; you can still object to it." if safe else None


def _close_dispute_window(turn: Turn, _data: Any) -> None:
    turn.keep(disputable=False)


# -- absences of the supervisee
def _absent(turn: Turn, data: Passed) -> None:
    turn.note(person=data.person)
    resume_signing(turn)


def _back(turn: Turn, data: Returned) -> None:
    turn.note(person=data.person, back_on=data.back_on.isoformat())
    resume_signing(turn)


def _writer_waits(turn: Turn) -> None:
    turn.hold(turn.supervisor, waiting_for=(turn.data["delegate"],) if turn.data.get("delegate") else ())


def _signer_waits(turn: Turn) -> None:
    turn.hold(turn.matter.supervisee)


def _parties_wait(turn: Turn) -> None:
    turn.hold(None)


def _late_writer(turn: Turn) -> tuple[str | None, ...] | None:
    if not turn.data.get("circulation_missed"):
        return None
    return (turn.supervisor, *((turn.ladder.asked[:1]) if turn.ladder else ()))


def _unsigned(turn: Turn) -> tuple[str | None, ...] | None:
    """Without a window nobody is deemed to accept: reminders instead (product default)."""
    return None if _rules(turn).sign_by else (turn.matter.supervisee, turn.supervisor)


def _closing(turn: Turn) -> tuple[str | None, ...] | None:
    return (turn.supervisor,) if turn.data.get("note_owed") else None


_STATES = (
    State("draft", "The record is being written.", _writer_waits, reminds=_late_writer, climbs=True),
    State("awaiting_signature", "The record waits for the signature.", _signer_waits, reminds=_unsigned, climbs=True),
    State("agreed", "The record is signed and final.", final=True),
    State(
        "deemed_accepted", "The record was not signed in its window and counts as accepted.", _enter_deemed,
        final=True, reminds=_closing, climbs=True,
    ),
    State("disputed", "The record is disputed.", _parties_wait, reminds=_late_writer),
    State("settled", "The dispute about the record is settled.", final=True),
    State("withdrawn", "The draft was withdrawn.", final=True),
)  # fmt: skip
_DRAFT, _SENT, _DISPUTED, _DEEMED = ("draft",), ("awaiting_signature",), ("disputed",), ("deemed_accepted",)

RECORD: Definition = define(
    Workflow.record,
    initial=_DRAFT,
    states=_STATES,
    moves=(
        Move("write", _DRAFT, None, _WRITERS, _write, WriteSections, checks=(_sections_fit,), label="Write sections"),
        Move(
            "delegate", _DRAFT, None, _SUPERVISOR, _delegate, Delegate, guards=(_may_delegate,),
            checks=(_is_business_support,), label="Let business support write it",
        ),
        Move(
            "circulate", _DRAFT, "awaiting_signature", _WRITERS, _circulate, Circulate, checks=(_sections_fit,),
            label="Send the record to be signed",
        ),
        Move("circulation_missed", _DRAFT, None, SYSTEM, _circulation_missed),
        Move("sign", _SENT, "agreed", _SUPERVISEE, _sign, label="Sign the record"),
        Move("dispute", _SENT, "disputed", _SUPERVISEE, _dispute, DisputeRecord, label="Dispute the record"),
        Move(
            "dispute", _DEEMED, None, _SUPERVISEE, _object_late, DisputeRecord, guards=(_unsafe,),
            label="Dispute the record",
        ),
        Move("deem", _SENT, "deemed_accepted", SYSTEM, _deem),
        Move("object_late", _DEEMED, None, _SUPERVISEE, _object_late, ObjectLate, label="Object to the record"),
        Move(
            "note_closure", _DEEMED, None, _SUPERVISOR, _note_closure, Note, guards=(_note_owed,),
            label="Close with a note",
        ),
        Move(
            "amend", _DISPUTED, "awaiting_signature", _SUPERVISOR, _amend, Amend,
            checks=(_sections_fit, _discussed_in_time), label="Amend the record",
        ),
        Move("withdraw", _DRAFT, "withdrawn", _SUPERVISOR, _withdraw, Reason, label="Withdraw the draft"),
        Move("settle", _DISPUTED, None, SYSTEM, _amend_asked, Settled, checks=(_asks_for_amendment,)),
        Move("settle", _DISPUTED, "settled", SYSTEM, _settle, Settled, checks=(_ends_dispute,)),
        Move("settle", _DEEMED, None, SYSTEM, _attach, Settled),
        Move("amend_missed", _DISPUTED, None, SYSTEM, _amend_missed),
        Move("reopen", _DISPUTED, "awaiting_signature", SYSTEM, _reopen, Settled),
        Move("end", (*_DRAFT, *_SENT, *_DISPUTED), "settled", SYSTEM, _left, Closing),
        Move("bounced", _SENT, None, SYSTEM, _bounced, Passed),
        Move("bounced", _DEEMED, None, SYSTEM, _bounced_after_deeming, Passed),
        Move("delivered", (*_SENT, *_DEEMED), None, SYSTEM, _delivered, Delivered),
        Move("dispute_over", _DEEMED, None, SYSTEM, _close_dispute_window),
        Move("pause", _SENT, None, SYSTEM, _absent, Passed),
        Move("resume", _SENT, None, SYSTEM, _back, Returned),
        reassigned("draft"),
        escalation.remind(_STATES, _SUBJECT),
        Move("climb", (*_DRAFT, *_SENT, *_DEEMED, *_DISPUTED), None, SYSTEM, _tell_next_up),
    ),
    deadlines={
        "circulate_by": DeadlineRule("circulation_missed", Rank.expiry),
        "sign_by": DeadlineRule("deem", Rank.expiry),
        "amend_by": DeadlineRule("amend_missed", Rank.expiry),
        "dispute_by": DeadlineRule("dispute_over", Rank.expiry, outcome=Status.met),
        **REMINDERS,
    },
    opening=Open(_draft, OpenRecord, _who, _begins, checks=(_form_fits, _case_belongs)),
    ladder=_ladder,
)  # fmt: skip

"""A record: what was said and decided, from the draft to a signature, to silence, or to a dispute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows import (
    audit_actions,
    discussed_again,
    escalation,
    group_record,
    group_suggestions,
    handwriting,
    record_closing,
    record_disposed,
    record_disputed,
    record_filed,
    record_form,
    record_frozen,
    record_late,
    record_sending,
    record_signatories,
    recorder,
    signing,
    two_files,
)
from workflows.audit_learning import unlearn
from workflows.consequence_payloads import Closing, Delivered, NewSupervisor, Passed, Returned, Settled
from workflows.disclosure_payloads import Frozen
from workflows.escalation import REMINDERS, SYSTEM
from workflows.filing_payloads import RecordFiled
from workflows.model import Actor, Facts, Opening, Selector
from workflows.payloads import (
    Amend,
    Circulate,
    Delegate,
    DisputeRecord,
    Note,
    ObjectLate,
    OpenRecord,
    Reason,
    WriteSections,
)
from workflows.record_form import record_rules
from workflows.retention_payloads import DisposedOf
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned, take_over
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Role, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_WRITERS = frozenset({Role.supervisor, Role.business_support, Role.recorder})
_ABOVE = frozenset({Role.line_manager, Role.senior_manager})
_SUPERVISEE = frozenset({Role.supervisee})
_CONTRIBUTOR = frozenset({Role.contributor})
_SUBJECT = "a supervision record waits"


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
        data={"opened_by": actor.ref, "recorder": data.supervisee if data.recorder == "supervisee" else None},
        texts=record_form.as_texts(data.sections),
    )


def _case_belongs(turn: Turn) -> str | None:
    if turn.matter.parent is not None:
        return None
    ref = turn.matter.case
    if ref is None and turn.matter.kind == RecordKind.case:
        return "A case record says which case it is about."
    if turn.matter.kind == RecordKind.group:
        return "The record of a group is opened by reporting its session as held."
    if turn.matter.kind == RecordKind.personal:
        apart = "What is said about a case does not go on the personal record: open a case record."
        return None if ref is None else apart
    if ref is None:
        return None
    case = turn.facts.cases.get(ref)
    return None if case and case.worker == turn.matter.supervisee else f"Case {ref} is not with this worker."


def _opening_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    yield from recorder.agreements_looked_at(opening, facts)
    yield from audit_actions.opening_looks_at(opening, facts)
    yield from discussed_again.opening_looks_at(opening, facts)


def _draft(turn: Turn) -> None:
    held_at = turn.matter.data.get("held_at")
    anchor = datetime.fromisoformat(held_at) if held_at else turn.now
    turn.keep(revision=1)
    recorder.appoint(turn)
    audit_actions.mark(turn)
    two_files.keep_opening_apart(turn)
    record_form.begin_form(turn)
    event = "end of the session" if held_at else "opened"
    turn.set("circulate_by", turn.count(record_rules(turn).circulate_by.term, event, anchor))


# -- signing
def _sign(turn: Turn, _data: Any) -> None:
    turn.clause = record_rules(turn).signature_clause
    turn.keep(signed={**turn.matter.data["signed"], "supervisee": turn.now.isoformat()})
    turn.meet("sign_by")
    record_disputed.end_dispute(turn)
    turn.tell(turn.supervisor, "signed", "A supervision record was signed")


def _deem(turn: Turn, _data: Any) -> None:
    rules = record_rules(turn)
    turn.clause = rules.silence_clause
    turn.keep(deemed_at=turn.now.isoformat(), note_owed=rules.closure_note is not None)
    record_disputed.end_dispute(turn)
    people = (turn.matter.supervisee, turn.supervisor)
    turn.tell(people, "deemed_accepted", "A supervision record was not signed in time and counts as accepted")


# -- leaving, withdrawing
def _supervisor_left(turn: Turn) -> str | None:
    left = not turn.facts.directory.in_post(turn.supervisor or "", turn.on)
    return None if left else "A record that was sent keeps its supervisor while they are in post."


def _withdraw(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    unlearn(turn)


_STATES = (
    State(
        "draft", "The record is being written.", record_form.writer_waits, reminds=record_late.late_writer, climbs=True,
    ),
    State(
        "awaiting_signature", "The record waits for the signature.", signing.signer_waits,
        reminds=signing.unsigned, climbs=True,
    ),
    State("agreed", "The record is signed and final.", record_closing.enter_agreed, final=True),
    State(
        "deemed_accepted", "The record was not signed in its window and counts as accepted.",
        record_closing.enter_deemed, final=True, reminds=record_closing.closing, climbs=True,
    ),
    State("disputed", "The record is disputed.", record_disputed.disputed_waits, reminds=record_late.late_amender),
    State(
        "settled", "The record was settled: its dispute is over, or one of the two has left.",
        record_closing.enter_settled, final=True, reminds=record_closing.closing, climbs=True,
    ),
    State("shared", "The record was shared with everybody in the group.", final=True),
    State("withdrawn", "The draft was withdrawn.", final=True),
)  # fmt: skip
_DRAFT, _SENT, _DISPUTED, _DEEMED = ("draft",), ("awaiting_signature",), ("disputed",), ("deemed_accepted",)
_SIGNED, _SETTLED = ("agreed",), ("settled",)
_ALWAYS = tuple(state.name for state in _STATES)
_CLOSED = tuple(state.name for state in _STATES if state.final)
_FITS = (
    record_form.sections_fit,
    two_files.keeps_files_apart,
    record_form.no_group_decision,
    discussed_again.is_within_its_interval,
)
_WRITES = (record_form.sections_fit, record_form.sections_are_theirs, *_FITS[1:])
_SENDS = (
    *_WRITES,
    record_form.audits_are_answered,
    group_suggestions.picks_fit,
    handwriting.may_be_handwritten,
    record_frozen.not_frozen_in_sending,
)
_OPENS = (
    record_form.form_fits,
    _case_belongs,
    two_files.opens_files_apart,
    recorder.chosen_in_opening,
    discussed_again.opens_within_its_interval,
)
_SENDERS = (recorder.sends_for_another,)
_BY_ONE = (record_signatories.is_signed_by_one,)
_BY_BOTH = (record_signatories.is_signed_by_both, *_SENDERS)
_THERE = (record_disposed.not_disposed,)
_UNFROZEN = (record_frozen.not_frozen,)
_REACHED = (signing.was_undelivered,)
_THEIRS = (signing.is_supervisees,)

_WRITING = (
    Move(
        "write", _DRAFT, None, _WRITERS, record_sending.write, WriteSections, guards=_UNFROZEN, checks=_WRITES,
        looks_at=record_sending.written_looks_at, label="Write sections",
    ),
    Move(
        "write", _DRAFT, None, _CONTRIBUTOR, record_sending.write, WriteSections, guards=_UNFROZEN, checks=_WRITES,
        label="Write your part of the record",
    ),
    Move("bring_over", _DRAFT, None, SYSTEM, two_files.bring_over, WriteSections),
    Move(
        "delegate", _DRAFT, None, _SUPERVISOR, record_form.delegate, Delegate, guards=(record_form.may_delegate,),
        checks=(record_form.is_business_support,), label="Let business support write it",
    ),
    Move(
        "circulate", _DRAFT, "shared", _WRITERS, record_sending.share, Circulate, when=(group_record.is_of_a_group,),
        guards=_SENDERS, checks=_SENDS, label="Share the record with the group",
    ),
    Move(
        "circulate", _DRAFT, "agreed", _SUPERVISOR, record_signatories.sign, Circulate,
        when=(group_record.is_of_one, *_BY_ONE), checks=_SENDS, looks_at=record_sending.looked_at,
        label="Sign the record and show it to the supervisee",
    ),
    Move(
        "circulate", _DRAFT, "settled", _WRITERS, record_sending.close, Circulate,
        when=(group_record.is_of_one, record_closing.has_left), guards=_BY_BOTH, checks=_SENDS,
        looks_at=record_sending.looked_at,
        label="Close the record of somebody who has left",
    ),
    Move(
        "circulate", _DRAFT, "awaiting_signature", _WRITERS, record_sending.circulate, Circulate,
        when=(group_record.is_of_one,), guards=_BY_BOTH, checks=_SENDS, looks_at=record_sending.looked_at,
        label="Send the record to be signed",
    ),
    Move("circulation_missed", _DRAFT, None, SYSTEM, record_late.circulation_missed),
    Move(
        "withdraw", _DRAFT, "withdrawn", _SUPERVISOR, _withdraw, Reason, guards=_UNFROZEN, label="Withdraw the draft",
    ),
)  # fmt: skip
_SIGNING = (
    Move("sign", _SENT, "agreed", _SUPERVISEE, _sign, label="Sign the record"),
    Move("deem", _SENT, "settled", SYSTEM, record_closing.left_unsigned, when=(record_closing.has_left,)),
    Move("deem", _SENT, "deemed_accepted", SYSTEM, _deem),
    Move(
        "note_closure", (*_DEEMED, *_SETTLED), None, _SUPERVISOR, record_closing.note_closure, Note,
        guards=(record_closing.note_owed,), label="Close with a note",
    ),
    Move(
        "note_closure", (*_DEEMED, *_SETTLED), None, _ABOVE, record_closing.note_closure, Note,
        guards=(record_closing.note_owed, _supervisor_left), label="Close with a note",
    ),
    Move("pause", _SENT, None, SYSTEM, signing.pause, Passed),
    Move("resume", _SENT, None, SYSTEM, signing.resume, Returned),
    Move("bounced", _SENT, None, SYSTEM, signing.bounced, Passed, checks=_THEIRS),
    Move("bounced", _DEEMED, None, SYSTEM, signing.bounced_after_deeming, Passed, checks=_THEIRS),
    Move("delivered", _SENT, None, SYSTEM, signing.delivered, Delivered, guards=_REACHED, checks=_THEIRS),
    Move(
        "delivered", _DEEMED, None, SYSTEM, signing.delivered_after_deeming, Delivered, guards=_REACHED,
        checks=_THEIRS,
    ),
    Move("dispute_over", _DEEMED, None, SYSTEM, signing.close_dispute_window),
)  # fmt: skip
_DISPUTING = (
    Move(
        "dispute", _SENT, "disputed", _SUPERVISEE, record_disputed.dispute, DisputeRecord,
        label="Dispute the record",
    ),
    Move(
        "dispute", _DEEMED, "disputed", _SUPERVISEE, record_disputed.dispute, DisputeRecord,
        guards=(*_THERE, signing.may_still_dispute), label="Dispute the record",
    ),
    Move(
        "object_late", _DEEMED, None, _SUPERVISEE, record_disputed.object_late, ObjectLate,
        guards=_THERE, label="Object to the record",
    ),
    Move(
        "object_late", _SIGNED, None, _SUPERVISEE, record_disputed.object_late, ObjectLate, when=_BY_ONE,
        guards=_THERE, label="Object to the record",
    ),
    Move(
        "amend", _DISPUTED, "awaiting_signature", _SUPERVISOR, record_sending.amend, Amend, guards=_UNFROZEN,
        checks=(*_FITS, record_disputed.discussed_in_time), looks_at=record_sending.written_looks_at,
        label="Amend the record",
    ),
    Move("amend_missed", _DISPUTED, None, SYSTEM, record_late.amend_missed),
    Move(
        "settle", _DISPUTED, None, SYSTEM, record_disputed.amend_asked, Settled,
        checks=(record_disputed.asks_for_amendment,),
    ),
    Move(
        "settle", _SENT, "disputed", SYSTEM, record_disputed.amend_asked, Settled,
        checks=(record_disputed.asks_for_amendment,),
    ),
    Move(
        "settle", (*_DISPUTED, *_SENT), "settled", SYSTEM, record_disputed.settle, Settled,
        checks=(record_disputed.needs_no_amendment,),
    ),
    Move("settle", (*_DEEMED, *_SIGNED), None, SYSTEM, record_disputed.attach, Settled),
    Move("reopen", _DISPUTED, "awaiting_signature", SYSTEM, record_disputed.reopen, Settled),
    Move("reopen", _SENT, None, SYSTEM, record_disputed.reopen, Settled),
    Move("reopen", (*_DEEMED, *_SIGNED), None, SYSTEM, record_disputed.detach, Settled),
)  # fmt: skip

RECORD: Definition = define(
    Workflow.record,
    initial=_DRAFT,
    states=_STATES,
    moves=(
        *_WRITING,
        *_SIGNING,
        *_DISPUTING,
        Move("filed", (*_SIGNED, *_DEEMED, *_SETTLED), None, SYSTEM, record_filed.filed, RecordFiled),
        Move("end", (*_DRAFT, *_SENT, *_DISPUTED), "settled", SYSTEM, record_closing.left, Closing),
        Move("dispose", _CLOSED, None, SYSTEM, record_disposed.dispose, DisposedOf),
        Move("freeze", _ALWAYS, None, SYSTEM, record_frozen.freeze, Frozen),
        Move("unfreeze", _ALWAYS, None, SYSTEM, record_frozen.unfreeze, Frozen),
        Move("pass_on", _DRAFT, None, SYSTEM, recorder.pass_on, Passed, checks=(recorder.is_the_recorder,)),
        reassigned(*_DRAFT),
        Move("reassign", (*_SENT, *_DISPUTED), None, SYSTEM, take_over, NewSupervisor, when=(_supervisor_left,)),
        escalation.remind(_STATES, _SUBJECT, escalation.above_supervisor),
        Move("climb", (*_DRAFT, *_SENT, *_DEEMED, *_DISPUTED, *_SETTLED), None, SYSTEM, record_late.tell_next_up),
    ),
    deadlines={
        "circulate_by": DeadlineRule("circulation_missed", Rank.expiry),
        "sign_by": DeadlineRule("deem", Rank.expiry),
        "amend_by": DeadlineRule("amend_missed", Rank.expiry),
        "dispute_by": DeadlineRule("dispute_over", Rank.expiry, outcome=Status.met),
        **REMINDERS,
    },
    opening=Open(_draft, OpenRecord, _who, _begins, checks=_OPENS, looks_at=_opening_looks_at),
    ladder=escalation.above_supervisor,
)  # fmt: skip

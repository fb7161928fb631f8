"""A disclosure: supervision records are asked for, looked through, and given out or not, as their people know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from workflows import disclosure_redaction as redaction
from workflows import disclosure_scope as scope
from workflows import disclosure_telling as telling
from workflows import escalation, hr_queue
from workflows.disclosure_payloads import Authority, Disclose, LiftRedaction, OpenDisclosure, Redact
from workflows.disclosure_scope import release_rule
from workflows.escalation import REMINDERS, SYSTEM
from workflows.hr_queue import HR
from workflows.model import Facts, Ladder, Matter, Selector
from workflows.payloads import Payload, Reason
from workflows.table import Check, DeadlineRule, Definition, Does, Guard, Move, Open, Rank, State, define, stay
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow

_SUBJECT = "a request for supervision records"
_NEW, _REVIEW, _UNTOLD, _OUT = ("requested",), ("in_review",), ("awaiting_notice",), ("disclosed",)
_UNDECIDED = (*_NEW, *_REVIEW)
_ENDS = ("disclosed", "refused", "referred", "withdrawn")


# -- taking it in
def _open(turn: Turn) -> None:
    records = scope.in_scope(turn)
    turn.keep(
        records=[
            {"id": str(r.id), "kind": r.kind, "supervisee": r.supervisee, "supervisor": r.supervisor} for r in records
        ],
        people=scope.concerned(turn, records),
        to_information_governance=scope.goes_to_information_governance(turn),
    )
    rules = turn.facts.policy.disclosure
    turn.set("decide_by", turn.count(rules.decide_by.term, "asked for", turn.window_start))
    _freeze(turn, "freeze")
    if turn.matter.data["authorised_by"] is None:
        telling.tell_people(turn)
    else:
        telling.put_off(turn)
    turn.clause = release_rule(turn).clause
    turn.tell(_hr(turn), "disclosure_requested", "Supervision records are asked for", urgent=True)


def _freeze(turn: Turn, trigger: str) -> None:
    clause = release_rule(turn).freeze_clause
    if clause is not None:
        for record in turn.data["records"]:
            target = Selector(Workflow.record, id=UUID(record["id"]))
            turn.then(target, trigger, by=turn.matter.id, clause=clause)


def _hr(turn: Turn) -> tuple[str, ...]:
    return hr_queue.colleagues(turn, turn.data["people"])


def _waits(turn: Turn) -> None:
    hr_queue.wait_for_hr(turn, turn.data["people"])


def _ladder(turn: Turn) -> Ladder:
    return hr_queue.above_hr(turn, turn.data["people"])


def _climb(turn: Turn, _data: Any) -> None:
    escalation.tell_next_up(turn, turn.ladder or _ladder(turn), f"Still waiting for human resources: {_SUBJECT}")


def _decision_missed(turn: Turn, _data: Any) -> None:
    turn.clause = turn.facts.policy.disclosure.decide_by.clause
    turn.keep(late=True)
    asked = escalation.ask_next(turn, turn.ladder or _ladder(turn))
    turn.joined += [asked.holder] if asked.holder else []
    told = (*_hr(turn), asked.holder)
    turn.tell(told, "decision_missed", "A request for supervision records was not decided in time", urgent=True)


# -- who may act
def _is_no_party(turn: Turn) -> str | None:
    if turn.actor.ref in (*turn.matter.data["people"], turn.matter.data["subject"], turn.matter.data["requested_by"]):
        return f"Nobody handles a request about records of their own ({release_rule(turn).clause})."
    return None


def _is_decided_here(turn: Turn) -> str | None:
    if not turn.matter.data["to_information_governance"]:
        return None
    clause = release_rule(turn).personal.clause if turn.matter.data["own_request"] else PRODUCT_DEFAULT
    return f"This request is not decided here: refer it to information governance ({clause})."


# -- deciding
def _disclose(turn: Turn, data: Disclose) -> None:
    turn.clause = release_rule(turn).clause
    grounds = {row["ground"] for row in turn.matter.data["redactions"]}
    found = (turn.facts.policy.disclosure.ground(name) for name in sorted(grounds))
    elsewhere = sorted({ground.goes_to for ground in found if ground and ground.goes_to})
    turn.note(paper_notes=data.paper_notes, anonymous=data.anonymous, redactions=len(turn.matter.data["redactions"]))
    turn.keep(goes_to=elsewhere, versions={str(record.id): record.version for record in turn.facts.related})
    _end(turn, "disclosed", "Supervision records of yours were given out")


def _as_they_stand(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The records as they go out: what is written later is not what was given out."""
    return [Selector(Workflow.record, id=UUID(record["id"])) for record in matter.data["records"]]


def _refuse(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    _let_go(turn, "refused", "A request for supervision records of yours was refused")


def _refer(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    _let_go(turn, "referred", "A request for supervision records of yours went to information governance")


def _withdraw(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    _let_go(turn, "withdrawn", "A request for supervision records of yours was taken back")


def _let_go(turn: Turn, outcome: str, subject: str) -> None:
    """Nothing goes out, so nothing has to stay as it is for it."""
    _freeze(turn, "unfreeze")
    _end(turn, outcome, subject)


def _end(turn: Turn, outcome: str, subject: str) -> None:
    turn.keep(outcome=outcome)
    turn.meet("decide_by")
    if telling.is_told(turn) is None:
        turn.tell((ref for ref in turn.data["people"] if ref != turn.actor.ref), outcome, subject)


def _ending(
    trigger: str, source: tuple[str, ...], dest: str, does: Does, payload: type[Payload], label: str,
    checks: tuple[Check, ...] = (),
) -> tuple[Move, ...]:  # fmt: skip
    """The rows of one decision: it is the end, or waits for the people to be told."""

    def row(end: str, when: Guard) -> Move:
        looks = _as_they_stand if dest == "disclosed" else None
        return Move(trigger, source, end, HR, does, payload, (when,), (_is_no_party,), checks, looks, label)

    return row(dest, telling.is_told), row(*_UNTOLD, telling.is_untold)


# -- telling later
def _ended_as(outcome: str) -> Guard:
    def ended_so(turn: Turn) -> str | None:
        return None if turn.matter.data["outcome"] == outcome else f"It was not {outcome}."

    return ended_so


def _told_later(trigger: str, roles: frozenset[Any], label: str = "") -> tuple[Move, ...]:
    guards = (telling.is_untold, *((_is_no_party,) if label else ()))
    return (
        Move(trigger, _UNDECIDED, None, roles, telling.tell_people, guards=guards, label=label),
        *(
            Move(trigger, _UNTOLD, end, roles, telling.tell_people, when=(_ended_as(end),), guards=guards, label=label)
            for end in _ENDS
        ),
    )


# -- the review is over
def _is_frozen(turn: Turn) -> str | None:
    if turn.matter.data.get("released") or release_rule(turn).freeze_clause is None:
        return "No record is kept as it is for this request."
    return None


def _release(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.keep(released=True)
    _freeze(turn, "unfreeze")


_STATES = (
    State("requested", "Records are asked for.", _waits, reminds=_hr, climbs=True),
    State("in_review", "The records are looked through.", _waits, reminds=_hr, climbs=True),
    State("awaiting_notice", "It is decided, and the people concerned are still to be told.", _waits, reminds=_hr),
    State("disclosed", "The records were given out.", final=True),
    State("refused", "The request was refused.", final=True),
    State("referred", "The request went to information governance.", final=True),
    State("withdrawn", "The request was taken back.", final=True),
)

DISCLOSURE: Definition = define(
    Workflow.disclosure,
    initial=_NEW,
    states=_STATES,
    moves=(
        Move(
            "review", _NEW, "in_review", HR, stay, guards=(_is_no_party, _is_decided_here),
            label="Look the records through",
        ),
        Move(
            "redact", _REVIEW, None, HR, redaction.redact, Redact, guards=(_is_no_party,),
            checks=(redaction.has_the_section, redaction.is_a_ground), label="Withhold a section or a part of one",
        ),
        Move(
            "lift_redaction", _REVIEW, None, HR, redaction.lift, LiftRedaction, guards=(_is_no_party,),
            checks=(redaction.is_redacted,), label="Show a section after all",
        ),
        *_ending(
            "disclose", _REVIEW, "disclosed", _disclose, Disclose, "Give the records out",
            checks=(redaction.paper_was_reviewed, redaction.nobody_is_recognised),
        ),
        *_ending("refuse", _UNDECIDED, "refused", _refuse, Reason, "Refuse the request"),
        *_ending("refer", _UNDECIDED, "referred", _refer, Reason, "Refer it to information governance"),
        *_ending("withdraw", _UNDECIDED, "withdrawn", _withdraw, Reason, "Record that it was taken back"),
        *_told_later("tell_supervisee", HR, "Tell the people concerned"),
        *_told_later("notice_due", SYSTEM),
        Move(
            "delay", (*_UNDECIDED, *_UNTOLD), None, HR, telling.put_off_again, Authority,
            guards=(_is_no_party, telling.is_untold, telling.may_be_put_off), checks=(telling.has_authority,),
            label="Put off telling the people concerned",
        ),
        Move(
            "release", _OUT, None, HR, _release, Reason, guards=(_is_no_party, _is_frozen),
            label="Let the records be changed again",
        ),
        Move("decision_missed", _UNDECIDED, None, SYSTEM, _decision_missed),
        Move("climb", _UNDECIDED, None, SYSTEM, _climb),
        escalation.remind(_STATES, _SUBJECT, _ladder),
    ),
    deadlines={
        "decide_by": DeadlineRule("decision_missed", Rank.expiry),
        "tell_by": DeadlineRule("notice_due", Rank.expiry, outcome=Status.met),
        **REMINDERS,
    },
    opening=Open(
        _open, OpenDisclosure, scope.who_opens, scope.begins,
        checks=(
            scope.subject_is_known, scope.is_not_about_oneself, scope.records_fit, scope.personal_may_go,
            telling.opening_may_be_put_off,
        ),
        looks_at=scope.records_asked_for,
    ),
    ladder=_ladder,
)  # fmt: skip

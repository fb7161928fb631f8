"""An agreement: what supervisee and supervisor promise each other, signed by both, reviewed, and renewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows import agreement_terms, agreement_window, escalation
from workflows.agreement_review import (
    as_who,
    ask,
    both_of,
    calls_for_review,
    confirm,
    confirms_last,
    has_not_confirmed,
    is_renegotiated,
    miss_review,
    own_renewals,
    renegotiate,
    review,
    review_at_the_end,
    review_for,
    reviewers,
    tell_other,
    time_review,
    wait_for_review,
)
from workflows.agreement_terms import EVERY, rules_of
from workflows.consequence_payloads import Began, Closing, Superseding
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.payloads import Reason
from workflows.relationship_payloads import Event, FirstSession, OpenAgreement, Renegotiate, SupervisorChanged
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_PARTIES = frozenset({Role.supervisee, Role.supervisor})
_UNSIGNED, _SIGNED = ("draft", "awaiting_signatures"), ("active", "review_due")
_OPEN = (*_UNSIGNED, *_SIGNED)
_SUBJECT = "a supervision agreement waits for you"


# -- opening
def _who(actor: Actor, data: OpenAgreement, facts: Facts) -> Role | None:
    supervisor = facts.directory.supervisor_of(data.supervisee)
    if supervisor is None:
        return None
    if actor.ref == data.supervisee:
        return Role.supervisee
    return Role.supervisor if actor.ref == supervisor else None


def _begins(actor: Actor, data: OpenAgreement, facts: Facts) -> Opening:
    return Opening(
        Workflow.agreement,
        supervisee=data.supervisee,
        supervisor=facts.directory.supervisor_of(data.supervisee),
        data={"opened_by": actor.ref, "event": "agreement opened", "since": None, "sent": data.terms},
    )


def of_relationship(supervisee: str, supervisor: str, event: str, since: date, **more: Any) -> Opening:
    """What the service opens when somebody begins to supervise somebody (a local date)."""
    data = {"opened_by": None, "event": event, "since": since.isoformat(), **more}
    return Opening(Workflow.agreement, supervisee=supervisee, supervisor=supervisor, data=data)


def _others(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.agreement, supervisee=opening.supervisee, supervisor=opening.supervisor),)


def _is_only_one(turn: Turn) -> str | None:
    others = [m for m in turn.facts.related if m.id not in (turn.matter.id, turn.matter.parent)]
    if turn.actor.is_system or not others:
        return None
    return "The two have an agreement already: renegotiate it."


def _is_in_post(turn: Turn) -> str | None:
    person = turn.facts.directory.get(turn.matter.supervisee)
    return "Whoever has left agrees to nothing more." if person is not None and person.has_left(turn.on) else None


def _sent_fits(turn: Turn) -> str | None:
    return agreement_terms.terms_fit(turn, turn.matter.data.get("sent") or {})


def _open(turn: Turn) -> None:
    data = turn.matter.data
    signed_on, sent = data.get("signed_on"), data.get("sent")
    turn.keep(terms={}, written=[], signed={}, missing_terms=[], sent=None, since=data["since"] or turn.on.isoformat())
    if signed_on:
        turn.columns["state"] = "active"
        turn.keep(signed={"opening position": signed_on})
        return
    if sent:
        agreement_terms.take(turn, sent)
    agreement_window.start(turn)
    if not data.get("renews") and turn.actor.is_system:
        people = (turn.matter.supervisee, turn.supervisor)
        turn.tell(people, "agreement_due", "A supervision agreement is to be filled in and signed by both of you")


def _wait_for_signatures(turn: Turn) -> None:
    unsigned = [ref for role, ref in both_of(turn) if ref and role not in turn.data["signed"]]
    turn.hold(None, waiting_for=unsigned)


# -- filling in, signing
def _fill_fits(turn: Turn, data: OpenAgreement | Renegotiate) -> str | None:
    return agreement_terms.terms_fit(turn, data.terms)


def _fill(turn: Turn, data: OpenAgreement) -> None:
    agreement_terms.take(turn, data.terms)
    tell_other(turn, "agreement_filled", "A supervision agreement was filled in and waits for your signature")
    _wait_for_signatures(turn)


def _rewrite(turn: Turn, data: Renegotiate) -> None:
    turn.write(reason=data.reason)
    agreement_terms.take(turn, data.terms)
    tell_other(turn, "agreement_changed", "Other terms are proposed for a supervision agreement")


def _has_not_signed(turn: Turn) -> str | None:
    return "You have signed it already." if as_who(turn) in turn.matter.data["signed"] else None


def _is_last(turn: Turn) -> str | None:
    left = {role for role, ref in both_of(turn) if ref} - {as_who(turn), *turn.matter.data["signed"]}
    return "The other signature is still to come." if left else None


def _sign(turn: Turn, _data: Any) -> None:
    turn.clause = rules_of(turn).sign_clause
    turn.keep(signed={**turn.matter.data["signed"], as_who(turn): turn.now.isoformat()})
    tell_other(turn, "agreement_signed", "A supervision agreement was signed by the other of you")


def _sign_last(turn: Turn, data: Any) -> None:
    """In force from now on: its interval runs, both hold a copy, and what it follows is superseded (CBC-05, HAR-42)."""
    _sign(turn, data)
    turn.meet("sign_by")
    turn.keep(late=False)
    turn.columns["ladder"] = None
    _let_interval_run(turn, turn.data["terms"].get(EVERY))
    store = rules_of(turn).kept_in
    says = f"Both of you hold a copy of it; the council keeps it in {store.place}."
    turn.tell((ref for _, ref in both_of(turn)), "agreement_in_force", "Your supervision agreement is in force", says)
    if turn.matter.data.get("renews"):
        turn.then(Selector(Workflow.agreement, id=turn.matter.parent), "supersede", by=turn.matter.id)


def _let_interval_run(turn: Turn, every: dict[str, Any] | None) -> None:
    target = Selector(Workflow.entitlement, supervisee=turn.matter.supervisee, accepts=_is_line_management)
    turn.then(target, "agree", every=every)


def _is_line_management(matter: Matter) -> bool:
    return matter.kind == "line_management"


# -- in force
def _in_force(turn: Turn) -> None:
    turn.hold(None)
    turn.keep(confirmed=[])
    turn.meet("review_by")
    time_review(turn)


# -- the end
def _changes(turn: Turn, data: SupervisorChanged) -> None:
    """Another supervisor: what the two have agreed ends, and the new two begin their own."""
    turn.clause = rules_of(turn).change_clause
    turn.note(supervisor=data.supervisor, before=turn.matter.supervisor)
    if turn.matter.state in _SIGNED:
        _let_interval_run(turn, None)


def _lapses(turn: Turn, _data: SupervisorChanged) -> str | None:
    unsigned = turn.matter.state in _UNSIGNED and rules_of(turn).unsigned_at_change == "lapsed"
    return None if unsigned else "It is superseded."


def _stays(turn: Turn, data: SupervisorChanged) -> str | None:
    return "It lapses." if _lapses(turn, data) is None else None


def _superseded(turn: Turn, data: Superseding) -> None:
    turn.note(by=str(data.by))


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _unsigned_by(turn: Turn) -> tuple[str | None, ...] | None:
    """While a window runs, its end is what counts; before it has begun, and after it, both are reminded."""
    if turn.live("sign_by") is not None:
        return None
    return tuple(ref for role, ref in both_of(turn) if role not in turn.data["signed"])


_STATES = (
    State("draft", "The agreement is to be filled in and signed.", _wait_for_signatures, reminds=_unsigned_by,
          climbs=True),
    State("awaiting_signatures", "One of the two has signed.", _wait_for_signatures, reminds=_unsigned_by,
          climbs=True),
    State("active", "The agreement is in force.", _in_force),
    State("review_due", "The agreement is to be reviewed.", wait_for_review, reminds=reviewers, climbs=True),
    State("superseded", "Another agreement has taken its place.", final=True),
    State("lapsed", "It was not signed before the supervisor changed.", final=True),
    State("ended", "The supervision that it was for has ended.", final=True),
)  # fmt: skip
_READY = (_has_not_signed, agreement_terms.is_complete)

AGREEMENT: Definition = define(
    Workflow.agreement,
    initial=("draft", "active"),
    states=_STATES,
    moves=(
        Move("fill", _UNSIGNED, "draft", _PARTIES, _fill, OpenAgreement, checks=(_fill_fits,), label="Fill it in"),
        Move("sign", _UNSIGNED, "active", _PARTIES, _sign_last, when=(_is_last,), guards=_READY,
             label="Sign the agreement"),
        Move("sign", _UNSIGNED, "awaiting_signatures", _PARTIES, _sign, guards=_READY, label="Sign the agreement"),
        Move("renegotiate", _UNSIGNED, "draft", _PARTIES, _rewrite, Renegotiate, checks=(_fill_fits,),
             label="Propose other terms"),
        Move("renegotiate", _SIGNED, None, _PARTIES, renegotiate, Renegotiate, guards=(is_renegotiated,),
             checks=(_fill_fits,), looks_at=own_renewals, label="Propose other terms"),
        Move("ask_review", ("active",), "review_due", _PARTIES, ask, Reason, label="Ask for a review"),
        Move("confirm", ("review_due",), "active", _PARTIES, confirm, when=(confirms_last,),
             guards=(has_not_confirmed,), label="Confirm the agreement as it is"),
        Move("confirm", ("review_due",), None, _PARTIES, confirm, guards=(has_not_confirmed,),
             label="Confirm the agreement as it is"),
        Move("first_session", _UNSIGNED, None, SYSTEM, agreement_window.first_session, FirstSession,
             guards=(agreement_window.is_the_first,)),
        Move("begun", _UNSIGNED, None, SYSTEM, agreement_window.begun, Began),
        Move("expire", _UNSIGNED, None, SYSTEM, agreement_window.expire),
        Move("near_review", ("active",), "review_due", SYSTEM, review),
        Move("review", ("active",), "review_due", SYSTEM, review_at_the_end),
        Move("review", ("review_due",), None, SYSTEM, miss_review),
        Move("review_for", ("active",), "review_due", SYSTEM, review_for, Event, checks=(calls_for_review,)),
        Move("change_supervisor", _OPEN, "lapsed", SYSTEM, _changes, SupervisorChanged, checks=(_lapses,)),
        Move("change_supervisor", _OPEN, "superseded", SYSTEM, _changes, SupervisorChanged, checks=(_stays,)),
        Move("supersede", _OPEN, "superseded", SYSTEM, _superseded, Superseding),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        escalation.remind(_STATES, _SUBJECT, escalation.above_supervisor),
        Move("climb", (*_UNSIGNED, "review_due"), None, SYSTEM, agreement_window.tell_next_up),
    ),
    deadlines={
        "sign_by": DeadlineRule("expire", Rank.expiry),
        "review_by": DeadlineRule("review", Rank.expiry),
        "review_reminder": DeadlineRule("near_review", Rank.reminder, outcome=Status.met),
        **REMINDERS,
    },
    opening=Open(
        _open, OpenAgreement, _who, _begins, checks=(_is_only_one, _is_in_post, _sent_fits), looks_at=_others,
        fills="fill",
    ),
    ladder=escalation.above_supervisor,
)  # fmt: skip

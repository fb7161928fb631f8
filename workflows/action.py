"""An agreed action: followed from session to session until it is done and signed off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows import action_agreement as agreement
from workflows import action_hands as hands
from workflows import escalation
from workflows.action_hands import signer
from workflows.calendar import local_day
from workflows.consequence_payloads import Closing, NewSupervisor, Transfer
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Actor, Facts, Opening, Selector
from workflows.payloads import Reason
from workflows.policy_parts import Sessions
from workflows.policy_relationship import ActionPolicy
from workflows.receipts import on_day
from workflows.record_form import kept_form
from workflows.relationship_payloads import Carried, Done, OpenAction
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_OWNER = frozenset({Role.owner})
_HOLDER = frozenset({Role.holder})
_ACCOUNTABLE = frozenset({Role.accountable_manager})
_SUBJECT = "an agreed action waits"


def _rules(turn: Turn) -> ActionPolicy:
    return turn.facts.policy.action


# -- opening
def _supervisee(data: OpenAction) -> str:
    return data.supervisee or data.owner


def _who(actor: Actor, data: OpenAction, facts: Facts) -> Role | None:
    """One of the two whose action it is: the supervisee or the supervisor."""
    supervisee = _supervisee(data)
    if actor.ref == facts.directory.supervisor_of(supervisee):
        return Role.supervisor
    return Role.supervisee if actor.ref == supervisee else None


def _begins(actor: Actor, data: OpenAction, facts: Facts) -> Opening:
    supervisee, today = _supervisee(data), local_day(facts.clock)
    return Opening(
        Workflow.action,
        supervisee=supervisee,
        supervisor=facts.directory.supervisor_of(supervisee),
        parent=data.record,
        data={
            "opened_by": actor.ref,
            "owner": data.owner,
            "due": (data.due or today).isoformat(),
            "protective": data.protective,
            "sensitive": data.sensitive,
            "section": data.section,
            "carried": 0,
        },
        texts={"what": data.what, "why": data.why},
    )


def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.record, id=opening.parent),) if opening.parent else ()


def _owner_fits(turn: Turn) -> str | None:
    owner, directory = turn.matter.data["owner"], turn.facts.directory
    manager = directory.manager_of(turn.matter.supervisor)
    if owner in (turn.matter.supervisee, turn.matter.supervisor, manager) and directory.in_post(owner, turn.on):
        return None
    return "An action belongs to the supervisee, the supervisor, or the supervisor’s manager."


def _record_is_theirs(turn: Turn) -> str | None:
    if turn.matter.parent is None or turn.actor.is_system:
        return None
    record = next((m for m in turn.facts.related if m.id == turn.matter.parent), None)
    if record is not None and record.supervisee == turn.matter.supervisee:
        return None
    return "That record is not one of this person’s supervision."


def _section_is_there(turn: Turn) -> str | None:
    """Whether the record's form has the section that the action comes from (HAR-51)."""
    section = turn.matter.data.get("section")
    if section is None:
        return None
    record = next((m for m in turn.facts.related if m.id == turn.matter.parent), None)
    if record is None:
        return "Name the record whose section the action comes from."
    known = kept_form(turn.facts.policy, record.kind, record.data.get("form")).names()
    return (
        None
        if section in known
        else f"The record’s form has no section {section!r}; it has: {', '.join(sorted(known))}."
    )


def _due_is_to_come(turn: Turn) -> str | None:
    return None if _due(turn) >= turn.on else "The day until which it is to be done is in the past."


def _due(turn: Turn) -> date:
    return date.fromisoformat(turn.data["due"])


def _open(turn: Turn) -> None:
    turn.clause = _rules(turn).clause
    owner = turn.data["owner"]
    turn.joined += [owner, *turn.data.get("participants", ())]
    if owner != turn.actor.ref:
        turn.tell(owner, "action_agreed", "An action is yours to do")
    if turn.data["sensitive"] and _rules(turn).sensitive:
        agreement.ask_above(turn)


def _wait_for_owner(turn: Turn) -> None:
    turn.hold(turn.data["owner"])
    turn.set("due_by", on_day(_rules(turn).clause, "agreed", max(_due(turn), turn.on), turn.facts.calendar))


# -- doing
def _complete(turn: Turn, data: Done) -> None:
    turn.write(done=data.note)
    turn.meet("due_by")
    turn.keep(late=False)


def _wait_for_sign_off(turn: Turn) -> None:
    who = signer(turn)
    turn.hold(who)
    turn.tell(who, "action_done", "An action is done and waits to be signed off")


def _is_not_own(turn: Turn) -> str | None:
    return "Nobody signs off their own action." if turn.actor.ref == turn.matter.data["owner"] else None


def _was_supervisors(turn: Turn) -> str | None:
    own = turn.matter.data["owner"] == turn.supervisor
    return None if own else "The supervisor signs this action off."


def _sign_off(turn: Turn, _data: Any) -> None:
    turn.clause = _rules(turn).sign_off_clause
    turn.tell(turn.data["owner"], "action_signed_off", "An action was signed off")


def _reopen(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.tell(turn.data["owner"], "action_reopened", "An action is open again")


def _drop(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    turn.tell(turn.data["owner"], "action_dropped", "An action was dropped")


# -- being late, being carried
def _expire(turn: Turn, _data: Any) -> None:
    turn.keep(late=True)
    unagreed = agreement.needs_agreement(turn) is None
    people = (turn.data["owner"], turn.supervisor, agreement.accountable(turn) if unagreed else None)
    turn.tell(people, "action_late", "An agreed action was not done in time")
    if not unagreed or turn.live("remind_by") is None:
        escalation.start_waiting(turn, agreement.line_for(turn))


def _tell_next_up(turn: Turn, _data: Any) -> None:
    ladder = turn.ladder or escalation.above_supervisor(turn)
    escalation.tell_next_up(turn, ladder, "An agreed action is long overdue")


def _carry(turn: Turn, data: Carried) -> None:
    """Each session looks at what is still open; twice is a question to both, three times the line manager's (PD)."""
    carried, rules = turn.matter.data["carried"] + 1, _rules(turn)
    turn.keep(carried=carried)
    turn.note(session=str(data.session), carried=carried)
    turn.clause = rules.carried_clause
    if carried >= rules.challenge_after.value:
        _ask_both(turn, rules.challenge_after)
    if carried >= rules.tell_manager_after.value:
        _show_manager(turn, rules.tell_manager_after)


def _ask_both(turn: Turn, after: Sessions) -> None:
    turn.clause = after.clause
    subject = "An action was carried over: what keeps it from being done?"
    if _due(turn) >= turn.on:
        subject = "An action that is not due yet was carried over: is it on its way?"
    says = f"It is asked after {after.value} sessions ({after.clause})."
    turn.tell((turn.matter.supervisee, turn.supervisor), "action_challenged", subject, says)


def _show_manager(turn: Turn, after: Sessions) -> None:
    turn.clause = after.clause
    manager = turn.facts.directory.manager_of(turn.supervisor)
    turn.joined += [manager] if manager else []
    subject = "An action was carried over again and again"
    if _due(turn) >= turn.on:
        subject = "An action that is not due yet was carried over several times"
    says = f"The line manager sees it after {after.value} sessions ({after.clause})."
    turn.tell(manager, "action_carried", subject, says)


def _late_ones(turn: Turn) -> tuple[str | None, ...] | None:
    if agreement.needs_agreement(turn) is None:
        return (agreement.accountable(turn),)
    return (turn.data["owner"], turn.supervisor) if turn.data.get("late") else None


def _waiting_signer(turn: Turn) -> tuple[str | None, ...]:
    return (signer(turn),)


_STATES = (
    State("open", "The action is to be done.", _wait_for_owner, reminds=_late_ones, climbs=True),
    State("done", "The action is done and waits to be signed off.", _wait_for_sign_off, reminds=_waiting_signer,
          climbs=True),
    State("signed_off", "The action is done and signed off.", final=True),
    State("dropped", "The action was dropped.", final=True),
)  # fmt: skip
_TO_DO, _DONE = ("open",), ("done",)

ACTION: Definition = define(
    Workflow.action,
    initial=_TO_DO,
    states=_STATES,
    moves=(
        Move("complete", _TO_DO, "done", _OWNER, _complete, Done, guards=(agreement.agreed_above,), label="It is done"),
        Move(
            "agree", _TO_DO, None, _ACCOUNTABLE, agreement.agree_above, guards=(agreement.needs_agreement,),
            label="Agree to the action",
        ),
        Move("sign_off", _DONE, "signed_off", _SUPERVISOR, _sign_off, guards=(_is_not_own,), label="Sign it off"),
        Move(
            "sign_off", _DONE, "signed_off", frozenset({Role.supervisee, Role.line_manager}), _sign_off,
            when=(_was_supervisors,), label="Sign it off",
        ),
        Move("sign_off", _DONE, "signed_off", _HOLDER, _sign_off, guards=(_is_not_own,), label="Sign it off"),
        Move("reopen", _DONE, "open", _SUPERVISOR, _reopen, Reason, label="Open it again"),
        Move("drop", (*_TO_DO, *_DONE), "dropped", _SUPERVISOR, _drop, Reason, label="Drop the action"),
        Move("expire", _TO_DO, None, SYSTEM, _expire),
        Move("carry", _TO_DO, None, SYSTEM, _carry, Carried),
        Move("re_own", _TO_DO, None, SYSTEM, hands.re_own, Closing, guards=(hands.owner_left,)),
        Move("re_own", _DONE, None, SYSTEM, hands.ask_another(_wait_for_sign_off), Closing),
        Move("reassign", (*_TO_DO, *_DONE), None, SYSTEM, hands.reassign, NewSupervisor),
        Move(
            "transfer", (*_TO_DO, *_DONE), None, SYSTEM, hands.transfer, Transfer, checks=(hands.is_with_another,)
        ),
        agreement.reminds(_TO_DO),
        escalation.remind(_STATES, _SUBJECT, agreement.line_for),
        agreement.climbs(_TO_DO),
        Move("climb", (*_TO_DO, *_DONE), None, SYSTEM, _tell_next_up),
    ),
    deadlines={"due_by": DeadlineRule("expire", Rank.expiry, outcome=Status.missed), **REMINDERS},
    opening=Open(
        _open, OpenAction, _who, _begins, checks=(_owner_fits, _record_is_theirs, _section_is_there, _due_is_to_come),
        looks_at=_open_looks_at,
    ),
    ladder=agreement.line_for,
)  # fmt: skip

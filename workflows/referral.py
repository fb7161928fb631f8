"""A referral: a serious concern about somebody's work on its way to HR, known to its own people alone.

Supervision goes on beside it. Who it is about comes to it with the talk, or at the latest when it is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import escalation
from workflows.consequence_payloads import Closing
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Actor, Facts, Ladder, Matter, Opening
from workflows.payloads import Reason
from workflows.relationship_payloads import Accept, Discuss, OpenReferral, ReturnReferral
from workflows.table import Definition, Move, Open, State, define
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

_OPENER = frozenset({Role.opener})
_HOLDER = frozenset({Role.holder})
_HR = frozenset({Role.hr, Role.holder})
_SUBJECT = "a referral waits for you"
#: A referral is never told to anybody but its own people, so what waits is not named more closely.
_NEUTRAL = "Something confidential waits for you"


# -- opening
def _who(actor: Actor, data: OpenReferral, facts: Facts) -> Role | None:
    """The supervisor, or the manager above; whoever refers themself is told by the rule why not."""
    supervisor = facts.directory.supervisor_of(data.supervisee)
    if actor.ref in (supervisor, data.supervisee):
        return Role.supervisor
    return Role.line_manager if supervisor and actor.ref == facts.directory.manager_of(supervisor) else None


def _begins(actor: Actor, data: OpenReferral, _facts: Facts) -> Opening:
    return Opening(
        Workflow.referral,
        supervisee=data.supervisee,
        supervisor=actor.ref,
        data={"opened_by": actor.ref, "discussed_on": data.discussed_on and data.discussed_on.isoformat()},
        texts={"about": data.about, "facts": data.facts},
    )


def _joins(matter: Matter) -> Iterable[str | None]:
    """Its opener alone knows of it at first."""
    return (matter.data["opened_by"],)


def _is_about_somebody_else(turn: Turn) -> str | None:
    if turn.matter.supervisee != turn.matter.data["opened_by"]:
        return None
    return f"Nobody refers themself ({turn.facts.policy.referral.route_clause})."


def _talk_is_past(turn: Turn) -> str | None:
    discussed = turn.matter.data["discussed_on"]
    return None if discussed is None or discussed <= turn.on.isoformat() else "The talk is still to come."


def _open(turn: Turn) -> None:
    rules = turn.facts.policy.referral
    turn.clause = rules.route_clause
    if turn.matter.data["discussed_on"]:
        turn.clause = rules.discuss_first.clause
        _let_know(turn)
    elif rules.discuss_first.value:
        turn.clause = rules.discuss_first.clause
        turn.columns["state"] = "awaiting_supervisee_discussion"


def _let_know(turn: Turn) -> None:
    turn.joined += [turn.matter.supervisee] if turn.matter.supervisee else []
    turn.keep(told=True)


def _wait_for_opener(turn: Turn) -> None:
    turn.hold(turn.matter.data["opened_by"])


# -- talking it over
def _talk_has_been(turn: Turn, data: Discuss) -> str | None:
    return None if data.discussed_on is None or data.discussed_on <= turn.on else "The talk is still to come."


def _discuss(turn: Turn, data: Discuss) -> None:
    """The talk comes before the report; an immediate risk to somebody does not wait for it, and says why (HAR-38)."""
    turn.clause = turn.facts.policy.referral.discuss_first.clause
    turn.write(reason=data.override_reason)
    turn.note(override=data.override_reason is not None)
    if data.discussed_on is None:
        turn.keep(overridden=True)
    else:
        turn.keep(discussed_on=data.discussed_on.isoformat())
        _let_know(turn)


# -- passing it on
def _ladder(turn: Turn) -> Ladder:
    return escalation.line_above(turn, turn.matter.data["opened_by"], turn.matter.supervisee, turn.matter.supervisor)


def _submit(turn: Turn, _data: Any) -> None:
    """From here on whoever it is about knows: a written notice, where they were not spoken to (DAR-24, CBC-63)."""
    turn.clause = turn.facts.policy.referral.discuss_first.clause
    turn.hold(None)
    escalation.climb(turn, _ladder(turn), _NEUTRAL)
    if not turn.data.get("told"):
        says = "A concern about your work is with the line manager. You may see it and who has it."
        turn.tell(turn.matter.supervisee, "referral_known", "A referral about your work", says, urgent=True)
        _let_know(turn)


def _forward(turn: Turn, data: Reason) -> None:
    turn.clause = turn.facts.policy.referral.route_clause
    turn.write(reason=data.reason)


def _wait_for_hr(turn: Turn) -> None:
    turn.hold(None, Role.hr)
    turn.tell(_hr(turn), "referral_for_hr", _NEUTRAL, urgent=True)
    _ask_above_hr(turn)


def _hr(turn: Turn) -> tuple[str, ...]:
    """Everybody in HR who is no party to it."""
    parties = (turn.matter.supervisee, turn.matter.supervisor)
    return tuple(ref for ref in turn.facts.directory.with_app_role(Role.hr, turn.on) if ref not in parties)


def _ask_above_hr(turn: Turn) -> None:
    """HR's own line is asked when HR lets it lie; where there is no HR at all, it is asked at once."""
    hr = _hr(turn)
    above = turn.facts.directory.line(hr[0]) if hr else turn.facts.directory.line(turn.matter.supervisor)
    parties = frozenset(filter(None, (turn.matter.supervisee, turn.matter.supervisor)))
    turn.columns["ladder"] = Ladder(above, parties, escalation.APPROVERS)
    if not hr:
        escalation.climb(turn, turn.columns["ladder"], _NEUTRAL)


def _climb_hr(turn: Turn, _data: Any) -> None:
    assert turn.ladder is not None  # noqa: S101  it was frozen when HR's turn began
    escalation.climb(turn, turn.ladder, _NEUTRAL)
    escalation.start_waiting(turn, turn.ladder)


def _climb(turn: Turn, _data: Any) -> None:
    escalation.climb(turn, turn.ladder or _ladder(turn), _NEUTRAL)
    escalation.start_waiting(turn, turn.ladder or _ladder(turn))


# -- deciding
def _is_no_party(turn: Turn) -> str | None:
    parties = (turn.matter.supervisee, turn.matter.data["opened_by"])
    return "Nobody decides a referral to which they are a party." if turn.actor.ref in parties else None


def _tell_both(turn: Turn, kind: str, subject: str) -> None:
    turn.tell((turn.matter.supervisee, turn.matter.data["opened_by"]), kind, subject, urgent=True)


def _accept(turn: Turn, data: Accept) -> None:
    turn.clause = turn.facts.policy.referral.route_clause
    turn.keep(procedure=data.procedure, decided_by=turn.actor.ref)
    turn.note(procedure=data.procedure)
    turn.write(reference=data.reference)
    _tell_both(turn, "referral_accepted", "HR has taken a referral on")


def _return(turn: Turn, data: ReturnReferral) -> None:
    turn.keep(review_on=data.review_on.isoformat(), decided_by=turn.actor.ref)
    turn.note(review_on=data.review_on.isoformat())
    turn.write(support_plan=data.support_plan)
    _tell_both(turn, "referral_returned", "HR has given a referral back with a plan of support")


def _review_is_to_come(turn: Turn, data: ReturnReferral) -> str | None:
    return None if data.review_on > turn.on else "The day of the review is still to come."


def _close(turn: Turn, data: Reason) -> None:
    turn.keep(decided_by=turn.actor.ref)
    turn.write(reason=data.reason)
    _tell_both(turn, "referral_closed", "HR has closed a referral")


def _withdraw(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    knows = turn.matter.supervisee if turn.data.get("told") else None
    turn.tell((knows, *asked), "referral_withdrawn", "A referral was withdrawn")


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _opener(turn: Turn) -> tuple[str | None, ...]:
    return (turn.matter.data["opened_by"],)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


def _hr_or_holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,) if turn.holder else _hr(turn)


_STATES = (
    State("draft", "The referral is being prepared.", _wait_for_opener, reminds=_opener),
    State(
        "awaiting_supervisee_discussion", "It is to be talked over with the supervisee first.", _wait_for_opener,
        reminds=_opener,
    ),
    State("with_line_manager", "The line manager is to pass it on.", reminds=_holder, climbs=True),
    State("with_hr", "HR is to decide.", _wait_for_hr, reminds=_hr_or_holder, climbs=True),
    State("accepted", "HR has taken it on.", final=True),
    State("returned", "HR has given it back with a plan of support.", final=True),
    State("closed", "HR has closed it.", final=True),
    State("withdrawn", "It was withdrawn.", final=True),
)  # fmt: skip
_TALK, _DRAFT, _MANAGER, _WITH_HR = (
    ("awaiting_supervisee_discussion",), ("draft",), ("with_line_manager",), ("with_hr",),
)  # fmt: skip
_OPEN = (*_TALK, *_DRAFT, *_MANAGER, *_WITH_HR)

REFERRAL: Definition = define(
    Workflow.referral,
    initial=("draft", "awaiting_supervisee_discussion"),
    states=_STATES,
    moves=(
        Move(
            "discuss", (*_TALK, *_DRAFT), "draft", _OPENER, _discuss, Discuss, checks=(_talk_has_been,),
            label="Record the talk with the supervisee",
        ),
        Move("submit", _DRAFT, "with_line_manager", _OPENER, _submit, label="Pass it to the line manager"),
        Move(
            "forward", _MANAGER, "with_hr", _HOLDER, _forward, Reason, guards=(_is_no_party,), label="Pass it to HR",
        ),
        Move("accept", _WITH_HR, "accepted", _HR, _accept, Accept, guards=(_is_no_party,), label="Take it on"),
        Move(
            "return", _WITH_HR, "returned", _HR, _return, ReturnReferral, guards=(_is_no_party,),
            checks=(_review_is_to_come,), label="Give it back with a plan of support",
        ),
        Move("close", _WITH_HR, "closed", _HR, _close, Reason, guards=(_is_no_party,), label="Close it"),
        Move(
            "withdraw", (*_TALK, *_DRAFT, *_MANAGER), "withdrawn", _OPENER, _withdraw, Reason, label="Withdraw it",
        ),
        Move("end", _OPEN, "closed", SYSTEM, _ended, Closing),
        Move("lapse", (*_TALK, *_DRAFT), "withdrawn", SYSTEM, _ended, Closing),
        escalation.remind(_STATES, _SUBJECT, _ladder),
        escalation.passes_on(_MANAGER, _NEUTRAL),
        escalation.passes_on(_WITH_HR, _NEUTRAL, Role.hr),
        Move("climb", _MANAGER, None, SYSTEM, _climb),
        Move("climb", _WITH_HR, None, SYSTEM, _climb_hr),
    ),
    deadlines=REMINDERS,
    opening=Open(
        _open, OpenReferral, _who, _begins, checks=(_is_about_somebody_else, _talk_is_past), joins=_joins,
    ),
    ladder=_ladder,
)  # fmt: skip

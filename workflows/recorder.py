"""Who writes a record up: its supervisor, or whoever the agreement or the session has named (HAR-50, NS-78).

Whoever is named writes it, and the supervisor stays accountable for it (NS-16, HAR-37): they may write as well, and it
is theirs again when the recorder is away or has left. A supervisee who writes it does not send it, since sending signs
it for the supervisor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.consequence_payloads import Passed
from workflows.model import Facts, Opening, Selector
from workflows.policy_forms import RecorderRule
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Role, Workflow

_IN_FORCE = ("active", "review_due")


# -- choosing
def may_be_chosen(turn: Turn, data: Any) -> str | None:
    """Whether the two may say, when they book or report a session, who enters what is said of its cases (NS-78)."""
    return _not_to_choose(turn, data.case_recorder is not None, RecordKind.case)


def chosen_in_booking(turn: Turn) -> str | None:
    """The same for what a session is booked with."""
    return _not_to_choose(turn, turn.matter.data.get("case_recorder") is not None, RecordKind.case)


def chosen_in_opening(turn: Turn) -> str | None:
    """The same for a record that is opened by itself."""
    by_hand = turn.matter.data.get("recorder") is not None
    return _not_to_choose(turn, by_hand, turn.matter.kind)


def _not_to_choose(turn: Turn, chosen: bool, kind: str | None) -> str | None:  # noqa: FBT001 - what was found
    rule = turn.facts.policy.record.of(kind).recorder
    if not chosen or (rule is not None and rule.named_in == "session"):
        return None
    if rule is not None:
        return f"The agreement of the two names who writes this record ({rule.clause}): change it there."
    return "Under this policy the supervisor writes this record: leave out who does."


def agreements_looked_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    """The supervisee's agreements, where they name who writes such a record."""
    rule = facts.policy.record.of(opening.kind).recorder
    if rule is not None and rule.named_in == "agreement" and opening.supervisee:
        yield Selector(Workflow.agreement, supervisee=opening.supervisee)


def appoint(turn: Turn) -> None:
    """Keep who writes the record where that is somebody besides its supervisor, and let them know."""
    rule = turn.facts.policy.record.of(turn.matter.kind).recorder
    named = _named(turn, rule) if rule is not None else None
    recorder = named if named != turn.supervisor else None
    turn.keep(recorder=recorder)
    if recorder and rule:
        turn.clause = rule.clause
        turn.joined.append(recorder)
        turn.tell(recorder, "recorder_asked", "A supervision record is yours to write up")


def _named(turn: Turn, rule: RecorderRule) -> str | None:
    if rule.named_in == "session":
        chosen: str | None = turn.matter.data.get("recorder")
        return chosen
    agreements = [m for m in turn.facts.related if m.workflow is Workflow.agreement and m.state in _IN_FORCE]
    agreements.sort(key=lambda m: m.supervisor != turn.supervisor)
    named = (agreement.data["terms"].get(rule.term) for agreement in agreements)
    ref = next(filter(None, named), None)
    return ref if ref and turn.facts.directory.in_post(ref, turn.on) else None


# -- writing and sending
def recorder_of(turn: Turn) -> str | None:
    """Whoever writes the record besides its supervisor, while they are at work."""
    ref: str | None = turn.data.get("recorder")
    return ref if ref != turn.supervisor and turn.facts.directory.at_work(ref, turn.on) else None


def sender_of(turn: Turn) -> str | None:
    """Who owes the sending: the recorder, unless that is the supervisee or no signatory; else the supervisor."""
    recorder, rules = recorder_of(turn), turn.facts.policy.record.of(turn.matter.kind)
    sends = recorder and recorder != turn.matter.supervisee and rules.signatories == "both"
    return recorder if sends else turn.supervisor


def sends_for_another(turn: Turn) -> str | None:
    """A guard: a supervisee does not sign for their supervisor."""
    if turn.role is not Role.recorder or turn.actor.ref != turn.matter.supervisee:
        return None
    return "Your supervisor sends the record, since that signs it for them: write it, and they will look at it."


# -- other hands
def is_the_recorder(turn: Turn, data: Passed) -> str | None:
    """Whether it is the recorder who can no longer act."""
    return None if data.person == turn.matter.data.get("recorder") else "They do not write this record."


def draft_held_by(person: str | None) -> Selector:
    """The drafts that wait for somebody."""
    return Selector(Workflow.record, holder=person, states=frozenset({"draft"}))


def pass_on(turn: Turn, data: Passed) -> None:
    """The recorder is away or has left: the record is its supervisor's to write and to send."""
    turn.note(passed_over=data.person, why=data.why)
    turn.hold(turn.supervisor, waiting_for=[ref for ref in turn.matter.waiting_for if ref != data.person])
    turn.tell(turn.supervisor, "taken_over", "A supervision record is yours to write: whoever was named cannot")

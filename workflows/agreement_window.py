"""Until when an agreement is signed: from the employment, the relationship, or the day of the first formal session."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows import escalation
from workflows.agreement_terms import rules_of
from workflows.consequence_payloads import Began
from workflows.receipts import Counted, later_of, on_day
from workflows.relationship_payloads import FirstSession
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT

#: Of what the later counts where a start was corrected to so early a day that the window would be over.
_CORRECTED = ("the day of the correction", "the window from the corrected start")


def start(turn: Turn) -> None:
    """Start the window that the policy gives this relationship, if it has begun to run."""
    counted = _window(turn)
    if counted is not None:
        turn.set("sign_by", counted)


def _window(turn: Turn) -> Counted | None:
    rules, since = rules_of(turn), date.fromisoformat(turn.data["since"])
    if turn.data.get("renews"):
        return turn.count(rules.otherwise_within.term, turn.data["event"], since)
    if rules.sign_from == "first_session" and not turn.data.get("is_older"):
        return None
    employed = _employed_since(turn)
    if rules.sign_from == "employment" and employed is not None:
        assert rules.signed_within is not None  # noqa: S101  a check of the policy sees to it
        return turn.count(rules.signed_within.term, "start of employment", employed)
    if turn.data.get("is_older") or rules.sign_from == "employment":
        return turn.count(rules.otherwise_within.term, turn.data["event"], since)
    if rules.signed_within is not None:
        return turn.count(rules.signed_within.term, turn.data["event"], since)
    return on_day(rules.sign_clause, turn.data["event"], max(since, turn.on), turn.facts.calendar)


def begun(turn: Turn, data: Began) -> None:
    """The list has corrected from when the relationship is counted: a running window moves, never to before today."""
    turn.note(since=data.since.isoformat(), before=turn.matter.data["since"])
    turn.keep(event=data.event, since=data.since.isoformat(), is_older=data.is_older)
    counted = _window(turn) if turn.live("sign_by") is not None else None
    if counted is not None:
        today = on_day(counted.receipt["clause"], "start corrected", turn.on, turn.facts.calendar)
        is_past = counted.due is not None and today.due is not None and counted.due < today.due
        turn.set("sign_by", later_of(today, counted, _CORRECTED) if is_past else counted)


def _employed_since(turn: Turn) -> date | None:
    """The start of the employment, where the service was there and the window has not run out yet (CBC-03)."""
    person = turn.facts.directory.people[turn.matter.supervisee or ""]
    started, period = person.start_date, rules_of(turn).signed_within
    if started is None or period is None or started < turn.facts.live_from:
        return None
    due = turn.count(period.term, "start of employment", started).due
    return started if due is not None and due >= turn.now else None


def is_the_first(turn: Turn) -> str | None:
    """A guard: whether the two have none in force whose place this one is to take."""
    return "Another agreement is in force until both have signed this one." if turn.data.get("renews") else None


def first_session(turn: Turn, data: FirstSession) -> None:
    """The two have met formally: from now on the signatures are due, or at least asked for."""
    rules = rules_of(turn)
    turn.clause = rules.first_record_clause
    turn.note(held_on=data.held_on.isoformat())
    both = (turn.matter.supervisee, turn.supervisor)
    turn.tell(both, "agreement_missing", "You have met without an agreement that both of you have signed")
    if rules.sign_from == "first_session" and turn.live("sign_by") is None and not turn.data.get("late"):
        turn.set("sign_by", on_day(rules.sign_clause, "first formal session", data.held_on, turn.facts.calendar))


def expire(turn: Turn, _data: Any) -> None:
    """It was not signed in time: both and the manager above are told, and it climbs; one in force goes on meanwhile."""
    renews = turn.data.get("renews")
    turn.clause = PRODUCT_DEFAULT if renews else rules_of(turn).sign_clause
    turn.keep(late=True)
    asked = escalation.ask_next(turn, escalation.above_supervisor(turn))
    turn.joined += [asked.holder] if asked.holder else []
    people = (turn.matter.supervisee, turn.supervisor, asked.holder)
    subject = "A supervision agreement was not signed in time"
    if renews:
        subject = "Other terms were not signed in time: the agreement that is in force goes on"
    turn.tell(people, "agreement_late", subject)
    escalation.start_waiting(turn, asked.ladder)


def tell_next_up(turn: Turn, _data: Any) -> None:
    """The next one up is told; the form stays with the two."""
    ladder = turn.ladder or escalation.above_supervisor(turn)
    escalation.tell_next_up(turn, ladder, "A supervision agreement is still waiting")

"""The yearly review in a session that is made longer for it: when it was held, and who is told that it was not (NS-38).

The policy does not say which year: it is counted from the last review, or from the beginning of the supervision.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.consequence_payloads import Supervised
from workflows.escalation import SYSTEM
from workflows.intervals import PROFESSIONAL
from workflows.policy_parts import Period
from workflows.policy_preparation import YearlyReview
from workflows.renewal import never_backwards
from workflows.table import DeadlineRule, Move, Rank
from workflows.turn import Turn
from workflows.vocabulary import Status

REVIEW_BY, REMINDER = "review_by", "review_reminder"


def _rules(turn: Turn) -> YearlyReview | None:
    return None if turn.matter.kind == PROFESSIONAL else turn.facts.policy.entitlement.yearly_review


def watch_review(turn: Turn) -> None:
    """Begin to watch for the review when supervision begins, where the policy asks for one."""
    rules = _rules(turn)
    if rules is not None:
        _count_from(turn, rules, "supervision began", date.fromisoformat(turn.data["since"]))


def follow_beginning(turn: Turn) -> None:
    """Count from another beginning, where no review was held yet; nobody is late by it."""
    rules, live = _rules(turn), turn.live(REVIEW_BY)
    if rules is None or live is None or turn.data.get("reviewed_on"):
        return
    event, day = "supervision began", date.fromisoformat(turn.data["since"])
    turn.set(REVIEW_BY, never_backwards(turn, live.due, turn.count(rules.every.term, event, day)))
    turn.set(REMINDER, turn.count(rules.remind_after.term, event, day))


def _count_from(turn: Turn, rules: YearlyReview, event: str, day: date) -> None:
    for name, period in ((REVIEW_BY, rules.every), (REMINDER, rules.remind_after)):
        turn.set(name, turn.count(period.term, event, day))


def reviewed(turn: Turn, data: Supervised) -> None:
    """A session took in the review: the next one is counted from it; one that was reported late was in time."""
    rules, last = _rules(turn), turn.data.get("reviewed_on")
    if rules is None:
        return
    if not data.review:
        _watch_from_now_on(turn, rules, data.held_on)
    elif last is None or data.held_on > date.fromisoformat(last):
        missed = turn.matter.missed(REVIEW_BY)
        if missed is not None and missed.due is not None and data.held_at <= missed.due:
            turn.correct(REVIEW_BY)
        turn.keep(reviewed_on=data.held_on.isoformat())
        turn.meet(REVIEW_BY)
        turn.meet(REMINDER)
        _count_from(turn, rules, "last yearly review", data.held_on)


def _watch_from_now_on(turn: Turn, rules: YearlyReview, day: date) -> None:
    """A policy that asks for a review only now makes nobody late: the first year begins with a session under it."""
    if turn.live(REMINDER) is None and turn.live(REVIEW_BY) is None:
        _count_from(turn, rules, "first session since the policy asks for it", day)


def _remind(turn: Turn, _data: Any) -> None:
    """Remind the supervisor; once the year is over their manager as well, again and again."""
    rules = _rules(turn)
    if rules is None:
        return
    turn.clause = rules.every.clause
    turn.tell(
        turn.supervisor, "yearly_review_due", "A yearly review has not been held yet",
        "Make one of the next sessions longer for it, and say so when you book or report it.",
    )  # fmt: skip
    if turn.live(REVIEW_BY) is None:
        turn.tell(_above(turn), "yearly_review_late", "A yearly review is late")
        _again(turn, rules.remind_again)


def _miss(turn: Turn, _data: Any) -> None:
    """The year is over without a review: both and the manager above are told, and the reminder goes on."""
    rules = _rules(turn)
    if rules is None:
        return
    turn.clause = rules.every.clause
    people = (turn.supervisor, turn.matter.supervisee, *_above(turn))
    turn.tell(people, "yearly_review_late", "A yearly review is late", "It is held in one of the next sessions.")
    _again(turn, rules.remind_again)


def _again(turn: Turn, period: Period) -> None:
    turn.set(REMINDER, turn.count(period.term, "last told", turn.window_start))


def _above(turn: Turn) -> tuple[str, ...]:
    return turn.facts.directory.line(turn.supervisor)[:1]


def moves(states: tuple[str, ...]) -> tuple[Move, ...]:
    """The rows of the review's deadlines, from these states."""
    return (
        Move("remind_review", states, None, SYSTEM, _remind),
        Move("miss_review", states, None, SYSTEM, _miss),
    )


DEADLINES = {
    REVIEW_BY: DeadlineRule("miss_review", Rank.expiry),
    REMINDER: DeadlineRule("remind_review", Rank.reminder, outcome=Status.met),
}

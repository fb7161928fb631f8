"""A case's frequency under a new version of the policy: its duty, its target and its senior review."""

from __future__ import annotations

from datetime import date

from workflows import frequency_effect as effect
from workflows import frequency_review as reviews
from workflows.adopting import IN_FORCE, adopting
from workflows.calendar import add_months
from workflows.frequency_proposal import interval_of, keep_interval
from workflows.intervals import case_due
from workflows.receipts import Counted
from workflows.renewal import DUTY, event_of, last_supervised
from workflows.table import Move
from workflows.turn import Turn


def adopts(*states: str) -> Move:
    """The row by which a frequency adopts a policy; a target or a review that the policy asks for may begin with it."""
    anew = {DUTY: _duty, "target_by": _target, "review_by": _review}
    return adopting(states, keep_interval, anew, frozenset({"target_by", "review_by"}))


def _duty(turn: Turn, restarted: date | None) -> Counted:
    interval, last = interval_of(turn), last_supervised(turn)
    if restarted is None:
        return effect.next_due(turn, interval, last)
    limit = interval.row.then_limit if interval.row and last else None
    if limit:
        return turn.count(limit.term, IN_FORCE, restarted)
    return case_due(interval, IN_FORCE, restarted, turn.facts.calendar)


def _target(turn: Turn, restarted: date | None) -> Counted | None:
    """The shorter of two intervals, which is aimed at once a case was supervised (CBC-16)."""
    row, last = interval_of(turn).row, last_supervised(turn)
    if last is None or row is None or row.then_target is None or turn.matter.state not in effect.RUNNING:
        return None
    return turn.count(row.then_target.term, *((IN_FORCE, restarted) if restarted else (event_of(turn, last), last)))


def _review(turn: Turn, restarted: date | None) -> Counted | None:
    """A senior review (DAR-23), or the look at a rating whose case has changed."""
    anchors, kind = reviews.anchors_of(turn.matter), reviews.running(turn.matter)
    if reviews.period_of(turn, kind) is None:
        reviews.forget_change(turn)
        kind = reviews.SENIOR
    period = reviews.period_of(turn, kind)
    if period is None or turn.matter.state not in effect.RUNNING:
        return None
    if kind in anchors and restarted is None:
        return turn.count(period.term, *anchors[kind])
    if kind == reviews.CHANGED:
        return turn.count(period.term, IN_FORCE, turn.on)
    return turn.count(period.term, "month after the policy came into force", add_months(turn.on.replace(day=1), 1))

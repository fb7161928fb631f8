"""A rating is reviewed by senior management each month (DAR-23), and looked at again once the list changes its case.

Both are `review_by`: the earlier one runs, and what the other is counted from is kept until it is its turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from workflows.calendar import add_months
from workflows.frequency_proposal import interval_of
from workflows.model import Matter
from workflows.policy_parts import Period
from workflows.receipts import Counted, iso
from workflows.recount import anchor_of
from workflows.turn import Turn

REVIEW = "review_by"
#: The two reviews, and where a matter keeps the one that does not run: which it is, the event and the local date.
SENIOR, CHANGED, BEHIND = "senior", "changed", "review_behind"
#: What each review is counted from: an event, and when that was.
Anchors = Mapping[str, tuple[str, datetime | date]]


# -- beginning
def start(turn: Turn, earlier: Matter | None) -> None:
    """Begin with the reviews of the assignment before: no new assignment puts one off."""
    before = anchors_of(earlier) if earlier else {}
    anchors: dict[str, tuple[str, datetime | date]] = {}
    if period_of(turn, SENIOR):
        month_after = ("month after the assignment", add_months(turn.on.replace(day=1), 1))
        anchors[SENIOR] = before.get(SENIOR, month_after)
    if turn.facts.policy.frequency.review_changed and _is_kept_over_a_change(turn, earlier):
        turn.keep(facts_changed=True)
        anchors[CHANGED] = before.get(CHANGED, ("the case changed", turn.on))
    _run(turn, anchors)


def _is_kept_over_a_change(turn: Turn, earlier: Matter | None) -> bool:
    """Whether the list has changed the case under a rating that nobody has looked at since (DAR-15, DAR-16)."""
    data = turn.matter.data
    by_list, rating = data["opened_by"] is None, data["rating"]
    return by_list and earlier is not None and rating is not None and earlier.data["rating"] == rating


# -- what runs
def running(matter: Matter) -> str:
    """Which of the two reviews runs, or would if none does."""
    behind = matter.data.get(BEHIND)
    looked_at_again = matter.data.get("facts_changed") and (behind is None or behind[0] == SENIOR)
    return CHANGED if looked_at_again else SENIOR


def period_of(turn: Turn, review: str) -> Period | None:
    """How long the policy in force gives a review, if the case has it."""
    if review == CHANGED:
        return turn.facts.policy.frequency.review_changed if turn.data.get("facts_changed") else None
    row = interval_of(turn).row
    return row.reviewed_every if row else None


def anchors_of(matter: Matter) -> dict[str, tuple[str, datetime | date]]:
    """What each review of a case is counted from."""
    live, behind = matter.live(REVIEW), matter.data.get(BEHIND)
    found = {running(matter): anchor_of(live.receipt)} if live else {}
    return found | ({behind[0]: (behind[1], date.fromisoformat(behind[2]))} if behind else {})


def _run(turn: Turn, anchors: Anchors) -> None:
    """Let the earlier review run, and keep what the other one is counted from."""
    dues = _dues(turn, anchors)
    in_turn = sorted(dues, key=lambda name: (dues[name].due or turn.now, name))
    if in_turn:
        turn.set(REVIEW, dues[in_turn[0]])
    behind = [[name, anchors[name][0], iso(anchors[name][1])] for name in in_turn[1:]]
    if behind or turn.matter.data.get(BEHIND):
        turn.keep(**{BEHIND: behind[0] if behind else None})


def _dues(turn: Turn, anchors: Anchors) -> dict[str, Counted]:
    periods = {review: period_of(turn, review) for review in anchors}
    return {review: turn.count(period.term, *anchors[review]) for review, period in periods.items() if period}


def forget_change(turn: Turn) -> None:
    """The policy in force has no look at a change: the senior review, if any, runs in its place."""
    for name, nothing in ((BEHIND, None), ("facts_changed", False)):
        if turn.matter.data.get(name):
            turn.keep(**{name: nothing})


# -- what is done about it
def is_reviewed(turn: Turn) -> str | None:
    """Whether a review of the case is waited for."""
    return None if turn.matter.live(REVIEW) else "This case has no senior review."


def has_changed(turn: Turn) -> str | None:
    """Whether the list has changed the case since its rating was given: whoever rates looks at it again (DAR-15)."""
    return None if turn.matter.data.get("facts_changed") else "This case’s rating is as it was given."


def review(turn: Turn, _data: Any) -> None:
    """Somebody above has reviewed the case, with whatever the list has changed of it."""
    turn.meet(REVIEW)
    turn.keep(facts_changed=False)
    _run(turn, {SENIOR: ("last review", turn.on)})


def keep_rating(turn: Turn, _data: Any) -> None:
    """Whoever rates has looked at it again: that is no review by senior management, whose date stands (DAR-23)."""
    anchors = anchors_of(turn.matter)
    turn.keep(facts_changed=False)
    if running(turn.matter) == SENIOR:
        turn.keep(**{BEHIND: None})
        return
    turn.meet(REVIEW)
    _run(turn, {SENIOR: anchors.get(SENIOR, ("rating kept", turn.on))})


def missed(turn: Turn, _data: Any) -> None:
    """Those above are told, and the review is due again."""
    directory = turn.facts.directory
    line = directory.line(turn.supervisor)
    at_work = tuple(above for above in line if directory.at_work(above, turn.on))
    subject = f"Case {turn.matter.case}: its review is overdue"
    turn.tell((turn.supervisor, *(at_work or line)[:2]), "review_missed", subject)
    anchors = anchors_of(turn.matter)
    passed = (name for name, counted in _dues(turn, anchors).items() if counted.due and counted.due < turn.now)
    _run(turn, anchors | dict.fromkeys(passed, ("last review due", turn.on)))

"""What the policy says of a case of a certain status: how often it is supervised, and which rating it suggests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.pages.receipt_words import source_in_words
from workflows.intervals import case_interval, suggested_rating

if TYPE_CHECKING:
    from service.api.asking import Asking


def case_policy(asking: Asking, ref: str, status: Mapping[str, Any]) -> list[str]:
    """Sentences for a case whose status is a category, criteria and perhaps a rating."""
    policy, case = asking.policy, asking.work.known.cases[ref]
    criteria = frozenset(status.get("criteria") or ())
    interval = case_interval(policy, case, status["category"], criteria, status.get("rating"))
    said = [
        f"Supervised at least every {_without_one(interval.every.words())}.",
        f"{source_in_words(interval.every.clause)}.",
    ]
    if interval.or_every is not None:
        said.insert(1, f"The policy may also be read as {interval.or_every.words()}; the earlier date counts.")
    if interval.row is not None and interval.row.needs_approval:
        said.append(f"A head of service has to approve it ({interval.row.needs_approval}).")
    if interval.exception:
        said.append(interval.exception)
    rating = suggested_rating(policy, criteria)
    if rating is not None:
        title = next(r.title for r in policy.frequency.ratings if r.id == rating)
        said.append(f"For what applies to the case the policy suggests the rating {title}. The decision is yours.")
    return said


def _without_one(words: str) -> str:
    """What is said after "every": "month" for "1 month"."""
    return words.removeprefix("1 ")

"""What the policy says of a case of a certain status: how often it is supervised, and which rating it suggests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from service.pages.languages import SOURCE, current
from service.pages.languages import gettext as _
from service.pages.receipt_words import source_in_words
from service.pages.sentences import translated
from workflows.intervals import case_interval, suggested_rating

if TYPE_CHECKING:
    from service.api.asking import Asking


def case_policy(asking: Asking, ref: str, status: Mapping[str, Any]) -> list[str]:
    """Sentences for a case whose status is a category, criteria and perhaps a rating."""
    policy, case = asking.policy, asking.work.known.cases[ref]
    criteria = frozenset(status.get("criteria") or ())
    interval = case_interval(policy, case, status["category"], criteria, status.get("rating"))
    said = [_at_least_every(interval.every.words()), source_in_words(interval.every.clause)]
    if interval.or_every is not None:
        other = translated(interval.or_every.words())
        said.insert(1, _("The policy may also be read as %(period)s; the earlier date counts.", period=other))
    if interval.row is not None and interval.row.needs_approval:
        said.append(_("A head of service has to approve it (%(clause)s).", clause=interval.row.needs_approval))
    if interval.exception:
        said.append(translated(interval.exception))
    rating = suggested_rating(policy, criteria)
    if rating is not None:
        title = next(r.title for r in policy.frequency.ratings if r.id == rating)
        suggests = _("For what applies to the case the policy suggests the rating %(title)s.", title=title)
        said.append(f"{suggests} {_('The decision is yours.')}")
    return said


def _at_least_every(period: str) -> str:
    """The interval, which English says without its number where it is one: "every month"."""
    spoken = period.removeprefix("1 ") if current().tag == SOURCE else translated(period)
    return _("Supervised at least every %(period)s.", period=spoken)

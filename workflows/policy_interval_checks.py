"""What a policy's intervals must hold: of cases, with their ratings, and of workers, with their first year."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from workflows.policy_intervals import EntitlementPolicy, FrequencyPolicy, FrequencyRow
from workflows.policy_mistake import Problem, repeated
from workflows.policy_periods import ends_no_later
from workflows.vocabulary import PRODUCT_DEFAULT


def check_frequency(policy: FrequencyPolicy) -> Iterator[Problem]:
    """Rows that say one thing twice, never count or stop half-way, and ratings that no case could keep to."""
    rows = ((f"frequency.rows[{index}]", _meaning(row)) for index, row in enumerate(policy.rows))
    yield from repeated(rows, "a category with criteria and rating that no row before has")
    for index, row in enumerate(policy.rows):
        yield from _row(row, f"frequency.rows[{index}]")
        yield from _against_others(row, policy, f"frequency.rows[{index}]")
    yield from _ratings(policy)
    if bool(policy.raised_by) is not bool(policy.raised_to):
        yield Problem("frequency.raised_to", "raised_by and raised_to together, or neither", "one of them")


def _meaning(row: FrequencyRow) -> str:
    return " ".join(filter(None, (row.category, *sorted(row.criteria), row.rating)))


def _row(row: FrequencyRow, key: str) -> Iterator[Problem]:
    if row.exception and row.every.clause != PRODUCT_DEFAULT:
        yield Problem(f"{key}.every.clause", f"{PRODUCT_DEFAULT!r}, as the row is an exception", row.every.clause)
    then = [period for period in (row.then_target, row.then_limit) if period]
    if len(then) == 1 or (then and not row.first_within):
        given = [name for name in ("first_within", "then_target", "then_limit") if getattr(row, name)]
        yield Problem(key, "first_within alone, or with both then_target and then_limit", ", ".join(given))
    elif then and ends_no_later(then[1], then[0]):
        yield Problem(f"{key}.then_limit", "a period longer than then_target", then[1].term.words())


def _against_others(row: FrequencyRow, policy: FrequencyPolicy, key: str) -> Iterator[Problem]:
    same = [other for other in policy.rows if other.category == row.category]
    if row.rating is None and any(other.rating for other in same):
        yield Problem(f"{key}.rating", "a rating, as other rows of the category have one")
    if row.rating is not None and row.rating not in {rating.id for rating in policy.ratings}:
        yield Problem(f"{key}.rating", "the id of one of frequency.ratings", row.rating)
    wider = [other for other in same if other.rating == row.rating and not other.criteria]
    if row.criteria and any(ends_no_later(other.every, row.every) for other in wider):
        expected = "an interval shorter than that of the row for every case of the category, as the shorter one counts"
        yield Problem(f"{key}.every", expected, row.every.term.words())


def _ratings(policy: FrequencyPolicy) -> Iterator[Problem]:
    ratings = [(f"frequency.ratings[{index}]", rating) for index, rating in enumerate(policy.ratings)]
    yield from repeated(((f"{key}.id", rating.id) for key, rating in ratings), "an id that no rating before has")
    suggested = ((f"{key}.suggested_by", criterion) for key, rating in ratings for criterion in rating.suggested_by)
    yield from repeated(suggested, "criteria that suggest no rating before")
    used = {row.rating for row in policy.rows}
    for key, rating in ratings:
        if rating.id not in used:
            yield Problem(key, "a row of frequency.rows with this rating")
    if bool(policy.ratings) is not bool(policy.unrated):
        yield Problem("frequency.unrated", "ratings, and an interval until a case is rated; or neither", "one of them")


def check_entitlement(policy: EntitlementPolicy) -> Iterator[Problem]:
    """Job roles with two intervals, phases of a first year out of order, and half a professional entitlement."""
    rows = [(f"entitlement.rows[{index}].job_roles", row) for index, row in enumerate(policy.rows)]
    roles = ((key, job_role) for key, row in rows for job_role in row.job_roles)
    yield from repeated(roles, "job roles that no row before has")
    for key, row in rows:
        if not row.job_roles:
            yield Problem(key, "at least one job role", "an empty list")
    yield from _phases(policy)
    if policy.nqsw and policy.nqsw_clause:
        yield Problem("entitlement.nqsw_clause", "no such key beside phases, which have their own", policy.nqsw_clause)
    if policy.professional_roles and not policy.professional:
        yield Problem("entitlement.professional_roles", "a clause in professional beside it", "none")
    if policy.professional and not policy.professional_kinds:
        yield Problem("entitlement.professional_kinds", "at least one kind of session", "an empty list")
    if policy.professional_every and not policy.professional:
        yield Problem("entitlement.professional_every", "a clause in professional beside it", "none")


def _phases(policy: EntitlementPolicy) -> Iterator[Problem]:
    for index, (phase, following) in enumerate(pairwise(policy.nqsw)):
        if phase.until is None:
            yield Problem(f"entitlement.nqsw[{index}].until", "an end, as another phase follows")
        elif following.until and ends_no_later(following.until, phase.until):
            key = f"entitlement.nqsw[{index + 1}].until"
            yield Problem(key, "a later end than the phase before", following.until.term.words())

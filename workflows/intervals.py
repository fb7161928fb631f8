"""How often: the policy's row for a case or a person, and the date that follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

from msgspec import Struct

from workflows.calendar import Calendar, add_months
from workflows.directory import Case, Person
from workflows.policy import Policy
from workflows.policy_intervals import FrequencyRow
from workflows.receipts import Counted, Phase, Term, count, earlier_of, nqsw, slot
from workflows.vocabulary import PRODUCT_DEFAULT, Unit

#: The kinds of entitlement: the line manager's supervision, and that of somebody of the same profession (HAR-13).
LINE_MANAGEMENT, PROFESSIONAL = "line_management", "professional"
#: What the duty of a month is counted from when the one before had none: the event, on that one's last day.
EMPTY_MONTH = "a month without a session"
#: The same within a month, where an earlier day was missed: one that the two had agreed, or the day of a change.
MISSED_DAY = "a day by which none was held"
#: Days of the longest interval of each unit, to tell the more frequent of two.
_DAYS = {
    Unit.hours: 1 / 24,
    Unit.calendar_days: 1,
    Unit.working_days: 1.4,
    Unit.weeks: 7,
    Unit.months: 30.4,
    Unit.calendar_months: 30.4,
    Unit.years: 365,
}
#: The longest plan review interval that supervision follows (CBC-24: one to six months).
_WEEKS_IN_SIX_MONTHS = 26


class CaseInterval(Struct, frozen=True):
    """The interval that holds for a case, with the row that gave it."""

    every: Term
    or_every: Term | None = None
    row: FrequencyRow | None = None
    #: Why it is on the exception list, if it is.
    exception: str = ""


def length(term: Term) -> float:
    """About how many days a period lasts: for comparing intervals, never for counting."""
    return term.value * _DAYS[term.unit]


def case_interval(
    policy: Policy, case: Case, category: str, criteria: frozenset[str], rating: str | None
) -> CaseInterval:
    """The interval for a case's status: of several rows that fit, the most frequent."""
    rules = policy.frequency
    fitting = [row for row in rules.rows if _fits(row, category, criteria, rating)]
    found = [_of_row(row, case) for row in fitting]
    if not found:
        found = [_without_row(policy, category, rating)]
    if rules.raised_to and criteria & rules.raised_by:
        found.append(CaseInterval(rules.raised_to.term))
    return min(found, key=lambda interval: length(interval.every))


def _fits(row: FrequencyRow, category: str, criteria: frozenset[str], rating: str | None) -> bool:
    in_row = not row.criteria or bool(row.criteria & criteria)
    return row.category == category and in_row and row.rating == rating


def _of_row(row: FrequencyRow, case: Case) -> CaseInterval:
    every, exception = row.every.term, "The policy gives no interval for this status." if row.exception else ""
    if row.follows_plan_review:
        weeks = case.plan_review_weeks
        if weeks is None:
            exception = "The plan’s review interval is not known; supervised monthly until it is."
        else:
            every = Term(min(weeks, _WEEKS_IN_SIX_MONTHS), Unit.weeks, row.every.clause)
    return CaseInterval(every, row.or_every.term if row.or_every else None, row, exception)


def _without_row(policy: Policy, category: str, rating: str | None) -> CaseInterval:
    rules = policy.frequency
    rated = any(row.rating for row in rules.rows if row.category == category)
    if rated and rating is None and rules.unrated:
        return CaseInterval(rules.unrated.term, exception="The case must be rated; supervised monthly until it is.")
    listed = bool(rules.rows) and rules.otherwise.clause == PRODUCT_DEFAULT
    return CaseInterval(rules.otherwise.term, exception="No row of the policy fits this status." if listed else "")


def case_due(interval: CaseInterval, event: str, anchor: date, calendar: Calendar) -> Counted:
    """When a case is to be supervised next, counted from a local date."""
    due = count(interval.every, event, anchor, calendar)
    if interval.or_every is None:
        return due
    other = count(interval.or_every, event, anchor, calendar)
    return earlier_of(due, other, (interval.every.words(), interval.or_every.words()))


def person_interval(policy: Policy, person: Person, kind: str | None) -> Term:
    """The interval of somebody's own supervision, apart from the phases of a newly qualified worker."""
    rules = policy.entitlement
    if kind == PROFESSIONAL and rules.professional_every:
        return rules.professional_every.term
    row = next((row for row in rules.rows if person.job_role in row.job_roles), None)
    return (row.every if row else rules.everyone_else).term


def phase_interval(policy: Policy, person: Person, on: date) -> Term | None:
    """The interval of the phase of a newly qualified worker's first year that a local date falls in, if any."""
    if person.nqsw_start is None or on < person.nqsw_start or not policy.entitlement.nqsw:
        return None
    then = person_interval(policy, person, LINE_MANAGEMENT)
    phases = policy.entitlement.phases(person.nqsw_start, person.nqsw_extended_to, then)
    return next(phase.term for phase in phases if phase.until is None or on < phase.until)


def person_exception(policy: Policy, person: Person, kind: str | None, on: date, *, agreed: bool) -> str:
    """Why somebody's interval is on the exception list on a local date, or nothing.

    `agreed`: the two have an interval of their own, so that one which the policy leaves open is settled.
    """
    rules = policy.entitlement
    if kind == PROFESSIONAL and rules.professional_every and rules.professional_every.clause == PRODUCT_DEFAULT:
        return "The policy gives no interval for professional supervision."
    if kind != PROFESSIONAL and person.nqsw_start and person.nqsw_extended_to:
        usual = [until for _, until in rules.ends(person.nqsw_start, None)]
        if usual and usual[-1] is not None and usual[-1] <= person.nqsw_extended_to and on <= person.nqsw_extended_to:
            return f"The first year as a newly qualified worker is extended to {person.nqsw_extended_to}."
    if kind != PROFESSIONAL and rules.nqsw_clause and not agreed and _in_first_year(person, on):
        return "The policy gives no interval for the first year as a newly qualified worker."
    term = phase_interval(policy, person, on) if kind != PROFESSIONAL else None
    term = term or person_interval(policy, person, kind)
    return "The policy gives no interval for this job role." if term.clause == PRODUCT_DEFAULT else ""


def _in_first_year(person: Person, on: date) -> bool:
    """Whether a local date is in the first year of a newly qualified worker, or in its extension."""
    start, extended_to = person.nqsw_start, person.nqsw_extended_to
    return start is not None and start <= on and (on < add_months(start, 12) or bool(extended_to and on <= extended_to))


def person_due(
    policy: Policy, person: Person, kind: str | None, event: str, anchor: date, calendar: Calendar, *, held: bool
) -> Counted:
    """When somebody is to be supervised next. `held`: the anchor is a session, which fills its calendar month.

    Before the first year as a newly qualified worker begins, the role's own interval counts.
    """
    every = person_interval(policy, person, kind)
    if person.nqsw_start and policy.entitlement.nqsw and kind != PROFESSIONAL:
        phases = policy.entitlement.phases(person.nqsw_start, person.nqsw_extended_to, every)
        if anchor < person.nqsw_start:
            phases = (Phase(person.nqsw_start, every), *phases)
        return nqsw(person.nqsw_start, phases, event, anchor, calendar, filled=held)
    if every.unit is Unit.calendar_months:
        return slot(every.clause, event, anchor, calendar, filled=held)
    return count(every, event, anchor, calendar)


def empty_month(
    policy: Policy, person: Person, kind: str | None, missed: date, calendar: Calendar, *, last: date | None = None
) -> Counted | None:
    """The duty that follows a local date by which none took place, where each month has its own (CBC-07).

    It is the next month's, or this one's where its end is still to come and no session, of which `last` was the latest,
    has filled it. None where intervals roll: there only a session starts another one.
    """
    every = phase_interval(policy, person, missed) if kind != PROFESSIONAL else None
    every = every or person_interval(policy, person, kind)
    if every.unit is not Unit.calendar_months:
        return None
    had_one = last is not None and (last.year, last.month) == (missed.year, missed.month)
    is_over = add_months(missed.replace(day=1), 1) - missed == timedelta(days=1)
    event = EMPTY_MONTH if is_over and not had_one else MISSED_DAY
    return slot(every.clause, event, missed, calendar, filled=is_over or had_one)


def follows_empty_month(receipt: Mapping[str, Any]) -> bool:
    """Whether it is the duty of a month that follows one without a session, or a day by which none was held."""
    return any(anchor["event"] in (EMPTY_MONTH, MISSED_DAY) for anchor in receipt.get("anchors", ()))


def first_of_run(receipts: Sequence[Mapping[str, Any]]) -> int:
    """Where, among the receipts of what was missed, the months without a session begin that the last is one of."""
    place = len(receipts) - 1
    while place > 0 and follows_empty_month(receipts[place]):
        place -= 1
    return place


def suggested_rating(policy: Policy, criteria: frozenset[str]) -> str | None:
    """The first of the policy's ratings whose list has one of the criteria: a guide, the manager decides (DAR-21)."""
    fitting = (rating.id for rating in policy.frequency.ratings if rating.suggested_by & criteria)
    return next(fitting, None)


def known_categories(policy: Policy) -> frozenset[str]:
    """The categories that the policy's table has; none where one rule serves every case."""
    return frozenset(row.category for row in policy.frequency.rows)


def known_criteria(policy: Policy) -> frozenset[str]:
    """Every criterion that some row, rating or rise of the policy knows."""
    rules = policy.frequency
    rows = chain.from_iterable(row.criteria for row in rules.rows)
    ratings = chain.from_iterable(rating.suggested_by for rating in rules.ratings)
    noted = chain.from_iterable(note.criteria for note in rules.noted)
    return frozenset(chain(rows, ratings, noted, rules.raised_by))

"""How often cases and workers are supervised, as a policy's tables give it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflows.policy_parts import Clause, Length, Name, Part, Period, Slug
from workflows.policy_preparation import YearlyReview
from workflows.receipts import Phase, Term
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind


class FrequencyRow(Part):
    """One row of a council's table of case supervision."""

    category: Slug
    """The category as the list of cases has it: small letters and hyphens."""
    criteria: frozenset[Slug] = frozenset()
    """Any of these puts a case into the row; left out, the row fits every case of the category."""
    rating: Slug | None = None
    """The rating of the row, by its id; left out where the policy does not rate."""
    every: Period
    """The longest gap between two supervisions of a case."""
    or_every: Period | None = None
    """A second reading of the same gap; the earlier date counts."""
    follows_plan_review: bool = False
    """true where the plan's own review interval replaces `every` once it is known."""
    first_within: Period | None = None
    """How soon after allocation a case is supervised for the first time."""
    then_target: Period | None = None
    """The gap that is aimed at after the first time."""
    then_limit: Period | None = None
    """The longest gap after the first time; it replaces `every`."""
    needs_approval: Clause | None = None
    """The clause that asks for approval by a head of service; left out where none does."""
    reviewed_every: Period | None = None
    """How often senior managers review such a case besides."""
    exception: bool = False
    """true where the policy gives no value: a product default runs, and the case is on the exception list."""


class Rating(Part):
    """A rating and how it is called, where the policy rates its cases."""

    id: Slug
    """The key of the rating: small letters and hyphens."""
    title: str
    """What people call it."""
    clause: Clause
    """The clause that defines it."""
    suggested_by: frozenset[Slug] = frozenset()
    """The criteria for which the policy's list suggests it; the manager decides."""


class NotedCriteria(Part):
    """Criteria that a case of a category may carry although they change no interval."""

    category: Slug
    """The category of the cases."""
    criteria: frozenset[Slug]
    """What such cases may carry without another interval."""
    clause: Clause
    """The clause that lists them."""


class FrequencyPolicy(Part):
    """How often each case is supervised. With several rows that fit, the most frequent counts."""

    rows: tuple[FrequencyRow, ...] = ()
    """The table of case supervision; of several rows that fit a case the most frequent counts."""
    raised_by: frozenset[Slug] = frozenset()
    """Criteria that raise any case to `raised_to`, whatever its row."""
    raised_by_clause: Clause = PRODUCT_DEFAULT
    """The clause that raises such cases."""
    raised_to: Period | None = None
    """The interval that they are raised to."""
    noted: tuple[NotedCriteria, ...] = ()
    """Criteria that may stand on the list of cases and change nothing."""
    ratings: tuple[Rating, ...] = ()
    """The ratings, where the policy rates its cases."""
    unrated: Period | None = None
    """The interval of a case that must be rated and is not yet."""
    otherwise: Period
    """The interval of a case that no row fits."""
    review_changed: Period | None = None
    """How soon a rating is looked at again when its case has changed; left out where nobody rates."""


class NqswPhase(Part):
    """One phase: until so many weeks or months after the start, or open-ended."""

    until: Period | None = None
    """When the phase ends, counted from the start of the year; left out in the last phase."""
    every: Period
    """The longest gap between two sessions in this phase."""
    length: Length | None = None
    """How long a session lasts at least; left out where the role's own length holds."""


class EntitlementRow(Part):
    """How often people of some job roles are supervised."""

    job_roles: frozenset[Name]
    """The job roles as the list of people has them: small letters and underscores."""
    every: Period
    """How often they are supervised; 1 calendar month is one session in each, whatever the gap."""
    length: Length | None = None
    """How long a session lasts at least."""


class EntitlementPolicy(Part):
    """How often each worker is supervised."""

    rows: tuple[EntitlementRow, ...]
    """The table of workers' supervision, by job role."""
    everyone_else: Period
    """The interval of every job role that no row lists."""
    everyone_else_length: Length | None = None
    """How long a session of theirs lasts at least."""
    lengths_add_up: Clause | None = None
    """The clause under which several shorter sessions of a month make up the length together (HAR-53)."""
    yearly_review: YearlyReview | None = None
    """The session that is made longer once a year for a review of appraisal targets (NS-38)."""
    shorten_clause: Clause = PRODUCT_DEFAULT
    """The clause under which an agreement may shorten an interval, and never lengthen it."""
    nqsw: tuple[NqswPhase, ...] = ()
    """The phases of a newly qualified worker's first year, in order; left out where the policy has none."""
    nqsw_clause: Clause | None = None
    """The clause that asks for more in that year without an interval: the role's own runs."""
    professional: Clause | None = None
    """The clause that gives a second supervision to people whose manager has another profession."""
    professional_roles: frozenset[Name] = frozenset()
    """The job roles that it is for; left out, it is for everybody with a professional registration."""
    professional_every: Period | None = None
    """How often it takes place; left out, as often as everyone else's."""
    professional_kinds: frozenset[SessionKind] = frozenset({SessionKind.personal, SessionKind.combined})
    """The kinds of session with somebody of the same profession that count as it."""

    def ends(self, start: date, extended_to: date | None) -> Iterator[tuple[NqswPhase, date | None]]:
        """The phases of one person, each with the first local date that is no longer in it.

        A first year that was extended goes on as its last phase is, to that day; None: a phase without an end.
        """
        last = self.nqsw[-1] if self.nqsw else None
        for phase in self.nqsw:
            until = phase.until.ends(start) if phase.until else None
            if until is not None and extended_to is not None and phase is last:
                until = max(until, extended_to + timedelta(days=1))
            yield phase, until

    def phases(self, start: date, extended_to: date | None, then: Term) -> tuple[Phase, ...]:
        """The phases of one person from their start, the last of them open-ended with the role's own interval."""
        from_policy = tuple(Phase(until, phase.every.term) for phase, until in self.ends(start, extended_to))
        return from_policy if from_policy[-1].until is None else (*from_policy, Phase(None, then))

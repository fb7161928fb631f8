"""A council's policy as data: the model that every policies/*.toml must fit, each value with its clause.

Rules read these values and nothing else of a council; no council is named in code.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from workflows.calendar import add_months
from workflows.policy_values import (
    MOST,
    Clause,
    Contradiction,
    Length,
    Name,
    Part,
    Period,
    PeriodFor,
    Slug,
    Store,
    Switch,
)
from workflows.receipts import Phase, Term
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout, RecordKind, SessionKind, Unit

__all__ = ["Clause", "Contradiction", "Length", "Name", "Part", "Period", "PeriodFor", "Slug", "Store", "Switch"]


class Section(Part):
    """One section of a record's form, in the order of the form."""

    name: Name
    """The key under which the text is sent: small letters, digits and underscores."""
    title: str
    """What the section is called on the form."""
    clause: Clause
    """The clause that asks for the section."""
    required: bool = False
    """true where an empty section is shown as missing; it stops nobody."""
    wellbeing: bool = False
    """true where the text is about wellbeing and is left out of copies for audit."""


class RecordRules(Part):
    """How one kind of record is written, sent and signed."""

    circulate_by: Period
    """How long after the session the supervisor may take to send the record."""
    sign_by: Period | None = None
    """How long the supervisee has to sign or dispute it; left out where the policy has no window."""
    silence: Literal["deemed", "never"] = "never"
    """What silence is once `sign_by` has passed: "deemed" agreement, or "never" any."""
    silence_clause: Clause
    """The clause that says what silence means."""
    closure_note: Clause | None = None
    """The clause that makes the supervisor close a deemed record with a note; left out where none does."""
    delegate: Clause | None = None
    """The clause that lets business support write the record; left out where none does."""
    author_clause: Clause = PRODUCT_DEFAULT
    """The clause that makes the supervisor its author."""
    signature_clause: Clause = PRODUCT_DEFAULT
    """The clause that makes both its signatories."""
    kept_in: Store | None = None
    """The system of the council that keeps it; left out where the policy names none."""
    form: tuple[Section, ...]
    """The sections of the form, in their order."""

    def names(self) -> frozenset[str]:
        """The sections that this form has."""
        return frozenset(section.name for section in self.form)


class RecordPolicy(Part):
    """The three kinds of record, and what an absence of the supervisee does to a running window."""

    personal: RecordRules
    """Records of personal supervision."""
    case: RecordRules
    """Records of case supervision."""
    decision: RecordRules
    """Notes of decisions between sessions."""
    absence_pauses_signing: Switch
    """true where the supervisee's recorded absence stops the time to sign."""
    amend_by: Period
    """How long the supervisor may take to amend a record after a ruling."""

    def of(self, kind: str | None) -> RecordRules:
        """The rules of one kind of record."""
        if kind == RecordKind.personal:
            return self.personal
        return self.case if kind == RecordKind.case else self.decision


class SessionPolicy(Part):
    """How long a session may stay unreported, and which sessions count for whom."""

    hold_or_cancel: Period
    """How long after its start a session may stay without a report before it counts as missed."""
    report_late: Period
    """How long after that it may still be reported as held, with a reason."""
    renews_worker: frozenset[SessionKind]
    """The kinds of session that count as the worker's own supervision."""
    renews_worker_clause: Clause
    """The clause that says which kinds those are."""
    renews_case: frozenset[SessionKind]
    """The kinds of session that count as supervision of the cases discussed."""
    renews_case_clause: Clause
    """The clause that says which kinds those are."""


class GapNote(Part):
    """The note that explains a gap, and the file that it is for."""

    file: Literal["case", "individual"]
    """Whose file the note is for: the case's, or the individual worker's."""
    clause: Clause
    """The clause that asks for the note."""
    kinds: frozenset[SessionKind]
    """The kinds of session whose cancellation needs the note."""


class CancellationPolicy(Part):
    """How soon a cancelled session must be replaced."""

    rebook_by: tuple[PeriodFor, ...]
    """How soon a replacement is held after the cancellation; each kind of session once."""
    after_sickness: tuple[PeriodFor, ...] = ()
    """The same after sickness, counted from the return to work; empty where sickness changes nothing."""
    gap_note: GapNote | None = None
    """The note that explains a gap; left out where the policy asks for none."""

    def window(self, kind: SessionKind) -> Period:
        """The window for the replacement of one kind of session."""
        return next(period for period in self.rebook_by if kind in period.kinds)

    def window_after_sickness(self, kind: SessionKind) -> Period | None:
        """The window that runs from the return to work, where the policy has one for this kind."""
        return next((period for period in self.after_sickness if kind in period.kinds), None)


Route = Literal["line", "team_manager", "named_person", "mediator"]


class DisputeRoute(Part):
    """Where a disagreement of one kind goes when the two cannot settle it."""

    route: Route
    """Who is asked first: "line" the supervisor's manager, "team_manager" the worker's team manager unless a party,
    "named_person" whom the agreement names, "mediator" the manager of the supervisee's line manager."""
    clause: Clause
    """The clause that gives the route."""
    meeting_needs_notice: bool = False
    """true where both are told of a meeting before it takes place."""


class DisputePolicy(Part):
    """The routes by what the disagreement is about."""

    record: DisputeRoute
    """Disagreement about what a record says."""
    casework: DisputeRoute
    """Disagreement about casework."""
    relationship: DisputeRoute
    """Disagreement about the relationship of the two."""
    other: DisputeRoute
    """Any other disagreement."""

    def route(self, about: DisputeAbout) -> DisputeRoute:
        """The route of one kind of disagreement."""
        return {
            DisputeAbout.record: self.record,
            DisputeAbout.casework: self.casework,
            DisputeAbout.relationship: self.relationship,
        }.get(about, self.other)


class Fallback(Part):
    """Who is asked when the line of management is exhausted: a job role, where the asker works in a setting."""

    job_role: Name
    """The job role as the list of people has it: small letters and underscores."""
    clause: Clause
    """The clause that names the role."""
    setting: str = ""
    """The setting that it holds for, "school" or "cluster"; left out for everybody."""


class EscalationPolicy(Part):
    """When a holder is reminded, when a rung is climbed, and who stands behind the top of the line."""

    remind_after: Period
    """How long somebody is waited for before they are reminded."""
    climb_after: Period
    """How long until the next manager up is asked; longer than `remind_after`."""
    fallbacks: tuple[Fallback, ...] = ()
    """Who is asked when nobody is left in the line of management, in this order."""


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
    shorten_clause: Clause = PRODUCT_DEFAULT
    """The clause under which an agreement may shorten an interval, and never lengthen it."""
    nqsw: tuple[NqswPhase, ...] = ()
    """The phases of a newly qualified worker's first year, in order; left out where the policy has none."""
    nqsw_clause: Clause | None = None
    """The clause that asks for more in that year without an interval: the role's own runs."""
    professional: Clause | None = None
    """The clause that gives a second supervision to people whose manager has another profession."""
    professional_roles: frozenset[Name] = frozenset()
    """The job roles that it is for."""
    professional_every: Period | None = None
    """How often it takes place; left out, as often as everyone else's."""
    professional_kinds: frozenset[SessionKind] = frozenset({SessionKind.personal, SessionKind.combined})
    """The kinds of session with somebody of the same profession that count as it."""

    def phases(self, start: date, then: Term) -> tuple[Phase, ...]:
        """The phases of one person from their start, the last of them open-ended with the role's own interval."""
        from_policy = tuple(Phase(_until(start, phase), phase.every.term) for phase in self.nqsw)
        return from_policy if from_policy[-1].until is None else (*from_policy, Phase(None, then))


def _until(start: date, phase: NqswPhase) -> date | None:
    if phase.until is None:
        return None
    return {
        Unit.weeks: lambda n: start + timedelta(weeks=n),
        Unit.months: lambda n: add_months(start, n),
        Unit.years: lambda n: add_months(start, 12 * n),
    }[phase.until.unit](phase.until.value)


class LongAbsence(Part):
    """From which day an absence of a supervisor is long, and for which causes."""

    day: int = Field(gt=0, le=MOST)
    """The day of the absence from which it is long; its first day is 1, and every day counts."""
    causes: frozenset[AbsenceCause]
    """The causes of absence that count, "left" never."""
    at_once: bool = False
    """true where it is long at once if that many days are expected."""
    clause: Clause
    """The clause that says so."""


class AbsencePolicy(Part):
    """What a long absence sets going."""

    long: LongAbsence | None = None
    """When a supervisor's absence is long; left out, when it first makes somebody's supervision late."""
    long_clause: Clause
    """The clause that says what a long absence sets going."""
    confirm_return_every: Period
    """How often the manager above is asked whether the person is back, where no return is expected."""
    cover_by: Period
    """How soon cover is arranged once an absence is long."""


class Access(Part):
    """Who besides the parties may read a matter's content."""

    line_above: Switch
    """Whether the managers above the two may read what is written."""
    hr: Switch
    """Whether human resources may."""
    auditor: Switch
    """Whether auditors may."""


class Policy(Part):
    """One council's policy in one version."""

    id: Slug
    """The key of the policy: small letters and hyphens. It stays the same from version to version."""
    name: str
    """What the policy is called."""
    council: str
    """The council whose policy it is."""
    version: str
    """The version in this service; a later one sorts after it, as 2 does after 1."""
    service: Literal["children", "adults", "schools"]
    """Whom the council serves under it."""
    stated_from: date | None = None
    """The day from which it holds by its own words; left out where it gives none."""
    stated_to: date | None = None
    """The last day on which it holds by its own words."""
    review_due: date | None = None
    """The last day on which the policy's own review is not yet late."""
    stated_clause: Clause
    """The clause of those dates; its letters are those of all clauses in this file."""
    session: SessionPolicy
    cancellation: CancellationPolicy
    record: RecordPolicy
    dispute: DisputePolicy
    escalation: EscalationPolicy
    frequency: FrequencyPolicy
    entitlement: EntitlementPolicy
    absence: AbsencePolicy
    access: Access
    contradictions: tuple[Contradiction, ...] = ()
    """Where the policy contradicts itself, and which of its words act here."""

"""A council's policy as data: the model that every policies/*.toml must fit, each value with its clause.

Rules read these values and nothing else of a council; no council is named in code.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from workflows.calendar import add_months
from workflows.policy_disclosure import DisclosurePolicy
from workflows.policy_parts import MOST, Clause, Name, Part, Period, Slug, Switch
from workflows.policy_retention import RetentionPolicy
from workflows.receipts import Phase, Term
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout, RecordKind, SessionKind, Unit


class PeriodFor(Period):
    """A period that holds for some kinds of session."""

    kinds: frozenset[SessionKind]


class Length(Part):
    """How long a session lasts at least."""

    minutes: int = Field(gt=0, le=MOST)
    clause: Clause
    note: str = ""


class Store(Part):
    """The system in which the council itself keeps a kind of record."""

    place: str
    clause: Clause


class Section(Part):
    """One section of a record's form, in the order of the form."""

    name: Name
    title: str
    clause: Clause
    required: bool = False
    wellbeing: bool = False


class RecordRules(Part):
    """How one kind of record is written, sent and signed."""

    circulate_by: Period
    sign_by: Period | None = None
    #: What silence means when `sign_by` has passed; without a window it means nothing, for ever.
    silence: Literal["deemed", "never"] = "never"
    silence_clause: Clause
    #: The clause that makes the supervisor close a deemed record with a note, where one does.
    closure_note: Clause | None = None
    delegate: Clause | None = None
    #: The clauses that make the supervisor its author, and both its signatories.
    author_clause: Clause = PRODUCT_DEFAULT
    signature_clause: Clause = PRODUCT_DEFAULT
    kept_in: Store | None = None
    form: tuple[Section, ...]

    def names(self) -> frozenset[str]:
        """The sections that this form has."""
        return frozenset(section.name for section in self.form)


class RecordPolicy(Part):
    """The three kinds of record, and what an absence of the supervisee does to a running window."""

    personal: RecordRules
    case: RecordRules
    decision: RecordRules
    absence_pauses_signing: Switch
    amend_by: Period

    def of(self, kind: str | None) -> RecordRules:
        """The rules of one kind of record."""
        if kind == RecordKind.personal:
            return self.personal
        return self.case if kind == RecordKind.case else self.decision


class SessionPolicy(Part):
    """How long a session may stay unreported, and which sessions count for whom."""

    hold_or_cancel: Period
    report_late: Period
    #: The kinds that renew the worker's own supervision.
    renews_worker: frozenset[SessionKind]
    renews_worker_clause: Clause
    #: The kinds that renew each case that was discussed.
    renews_case: frozenset[SessionKind]
    renews_case_clause: Clause


class GapNote(Part):
    """The note that explains a gap, and the file that it is for."""

    file: Literal["case", "individual"]
    clause: Clause
    kinds: frozenset[SessionKind]


class CancellationPolicy(Part):
    """How soon a cancelled session must be replaced."""

    rebook_by: tuple[PeriodFor, ...]
    #: Empty where sickness changes nothing.
    after_sickness: tuple[PeriodFor, ...] = ()
    gap_note: GapNote | None = None

    def window(self, kind: SessionKind) -> Period:
        """The window for the replacement of one kind of session."""
        return next(period for period in self.rebook_by if kind in period.kinds)

    def window_after_sickness(self, kind: SessionKind) -> Period | None:
        """The window that runs from the return to work, where the policy has one for this kind."""
        return next((period for period in self.after_sickness if kind in period.kinds), None)


#: Who is asked first: `line` the supervisor's manager; `team_manager` the worker's team manager unless a party;
#: `named_person` whom the agreement names; `mediator` the manager of the supervisee's line manager.
Route = Literal["line", "team_manager", "named_person", "mediator"]


class DisputeRoute(Part):
    """Where a disagreement of one kind goes when the two cannot settle it."""

    route: Route
    clause: Clause
    #: The named form in which the sources let somebody outside the line be asked last, if any.
    meeting_needs_notice: bool = False


class DisputePolicy(Part):
    """The routes by what the disagreement is about."""

    record: DisputeRoute
    casework: DisputeRoute
    relationship: DisputeRoute
    other: DisputeRoute

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
    clause: Clause
    setting: str = ""


class EscalationPolicy(Part):
    """When a holder is reminded, when a rung is climbed, and who stands behind the top of the line."""

    remind_after: Period
    climb_after: Period
    fallbacks: tuple[Fallback, ...] = ()


class FrequencyRow(Part):
    """One row of a council's table of case supervision."""

    category: Slug
    #: Any of these puts a case into this row; empty fits every case of the category.
    criteria: frozenset[Slug] = frozenset()
    rating: Slug | None = None
    every: Period
    #: A second reading of the same interval; the earlier date counts (DAR-20).
    or_every: Period | None = None
    #: The case's own plan review interval replaces `every` where it is known (CBC-24).
    follows_plan_review: bool = False
    #: The note under the table: first supervision after allocation, then a target and a limit (CBC-16).
    first_within: Period | None = None
    then_target: Period | None = None
    then_limit: Period | None = None
    needs_approval: Clause | None = None
    #: A senior review runs beside it (DAR-23).
    reviewed_every: Period | None = None
    #: No value in the policy: a product default runs and the case is on the exception list (NS-35).
    exception: bool = False


class Rating(Part):
    """A rating and how it is called, where the policy rates its cases."""

    id: Slug
    title: str
    clause: Clause
    #: The criteria for which the policy's list suggests this rating; the manager decides (DAR-21).
    suggested_by: frozenset[Slug] = frozenset()


class NotedCriteria(Part):
    """Criteria that a case of a category may carry although they change no interval."""

    category: Slug
    criteria: frozenset[Slug]
    clause: Clause


class FrequencyPolicy(Part):
    """How often each case is supervised. With several rows that fit, the most frequent counts."""

    rows: tuple[FrequencyRow, ...] = ()
    #: Criteria that raise any case to this interval, whatever its row (CBC-20, CBC-23, CBC-33).
    raised_by: frozenset[Slug] = frozenset()
    #: The clause that raises it; where that gives no interval, `raised_to` is a product default of its own.
    raised_by_clause: Clause = PRODUCT_DEFAULT
    raised_to: Period | None = None
    noted: tuple[NotedCriteria, ...] = ()
    ratings: tuple[Rating, ...] = ()
    #: The interval of a case that must be rated and is not yet.
    unrated: Period | None = None
    #: How often every case is discussed where the policy has one rule for all or none at all.
    otherwise: Period
    #: How soon a rating is looked at again when what the list says of its case has changed; None where nobody rates.
    review_changed: Period | None = None


class NqswPhase(Part):
    """One phase: until so many weeks or months after the start, or open-ended."""

    until: Period | None = None
    every: Period
    #: None: as long as the sessions of the person's role.
    length: Length | None = None


class EntitlementRow(Part):
    """How often people of some job roles are supervised."""

    job_roles: frozenset[Name]
    every: Period
    length: Length | None = None


class EntitlementPolicy(Part):
    """How often each worker is supervised."""

    rows: tuple[EntitlementRow, ...]
    everyone_else: Period
    everyone_else_length: Length | None = None
    #: The clause under which an agreement may shorten an interval and never lengthen it.
    shorten_clause: Clause = PRODUCT_DEFAULT
    #: Phases of a newly qualified worker's first year, in order; empty where the policy has none.
    nqsw: tuple[NqswPhase, ...] = ()
    #: The clause that asks for more in that year and gives no interval (LDS-21, HAR-35): the role's interval runs.
    nqsw_clause: Clause | None = None
    #: The clause under which people without a manager of their profession have a second, professional, entitlement.
    professional: Clause | None = None
    #: The job roles that such an entitlement is for.
    professional_roles: frozenset[Name] = frozenset()
    #: None: as often as the role's own supervision.
    professional_every: Period | None = None
    #: The kinds of session with somebody of the same profession that renew it (HAR-13: a group may).
    professional_kinds: frozenset[SessionKind] = frozenset({SessionKind.personal, SessionKind.combined})

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
    causes: frozenset[AbsenceCause]
    #: Long at once when this many days are expected from the start (NS-67).
    at_once: bool = False
    clause: Clause


class AbsencePolicy(Part):
    """What a long absence sets going."""

    #: None: the first breach of a supervisee's interval makes it long.
    long: LongAbsence | None = None
    long_clause: Clause
    confirm_return_every: Period
    cover_by: Period


class Access(Part):
    """Who besides the parties may read a matter's content."""

    line_above: Switch
    hr: Switch
    auditor: Switch


class Policy(Part):
    """One council's policy in one version."""

    id: Slug
    name: str
    council: str
    version: str
    service: Literal["children", "adults", "schools"]
    stated_from: date | None = None
    stated_to: date | None = None
    #: The last local date on which the policy's own review is not yet late.
    review_due: date | None = None
    stated_clause: Clause
    session: SessionPolicy
    cancellation: CancellationPolicy
    record: RecordPolicy
    dispute: DisputePolicy
    escalation: EscalationPolicy
    frequency: FrequencyPolicy
    entitlement: EntitlementPolicy
    absence: AbsencePolicy
    access: Access
    disclosure: DisclosurePolicy = DisclosurePolicy()
    retention: RetentionPolicy = RetentionPolicy()

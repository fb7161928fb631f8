"""A council's policy as data: the model that every policies/*.toml must fit, each value with its clause.

Rules read these values and nothing else of a council; no council is named in code.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from workflows.policy_audit import AuditPolicy
from workflows.policy_disclosure import DisclosurePolicy
from workflows.policy_forms import RecordPolicy
from workflows.policy_group import GroupPolicy
from workflows.policy_guidance import Guidance, Prompt
from workflows.policy_intervals import EntitlementPolicy, FrequencyPolicy
from workflows.policy_parts import MOST, Clause, Contradiction, Length, Name, Part, Period, PeriodFor, Slug, Switch
from workflows.policy_preparation import PaidHours, Preparation
from workflows.policy_relationship import ActionPolicy, AgreementPolicy, ConcernPolicy, ReferralPolicy
from workflows.policy_retention import RetentionPolicy
from workflows.vocabulary import AbsenceCause, DisputeAbout, SessionKind


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
    preparation: Preparation | None = None
    """How a session is prepared; None where the policy asks for none, which is open to people all the same."""
    time_per_case: Length | None = None
    """How long the worker's own update on each case lasts at most (CBC-87)."""
    paid_hours: PaidHours | None = None
    """Booking outside these hours, or on a day of leave, is warned of (NS-65)."""
    joint: Clause | None = None
    """The clause under which a manager of the worker's profession and the line manager join each other's sessions."""


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
    agreed: Clause | None = None
    """The clause that leaves it to the agreement of the two, which may then say another time (HAR-49)."""
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


class OversightPolicy(Part):
    """How soon a manager's oversight is on file after a case was allocated or transferred."""

    record_by: Period


class HandoverPolicy(Part):
    """How a worker's records pass to the next supervisor when the supervisor changes for good."""

    clause: Clause
    """The clause that asks for the handover."""
    hand_over_by: Period
    receive_by: Period
    meeting: Switch
    """Everybody concerned meets before the records pass."""


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
    significant: bool = True
    """false where this version changes nothing for which agreements would have to be reviewed."""
    session: SessionPolicy
    cancellation: CancellationPolicy
    record: RecordPolicy
    group: GroupPolicy
    dispute: DisputePolicy
    escalation: EscalationPolicy
    frequency: FrequencyPolicy
    entitlement: EntitlementPolicy
    absence: AbsencePolicy
    agreement: AgreementPolicy
    concern: ConcernPolicy
    referral: ReferralPolicy
    action: ActionPolicy
    oversight: OversightPolicy | None = None
    """None: nothing is asked after an allocation but the first supervision."""
    handover: HandoverPolicy
    access: Access
    audit: AuditPolicy = AuditPolicy()
    """Left out: audits are opened by hand alone."""
    guidance: tuple[Guidance, ...] = ()
    """What people are told, and asked, at the moments at which it matters."""
    prompt: tuple[Prompt, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    """Where the policy contradicts itself, and which of its words act here."""
    disclosure: DisclosurePolicy = DisclosurePolicy()
    retention: RetentionPolicy = RetentionPolicy()

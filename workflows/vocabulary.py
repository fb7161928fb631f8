"""The words that rules, stored rows, pages and machines share: every member's name is its stored text."""

from __future__ import annotations

from enum import StrEnum


class Workflow(StrEnum):
    """The kinds of matter, each with a table of its own."""

    session = "session"
    cancellation = "cancellation"
    record = "record"
    dispute = "dispute"
    frequency = "frequency"
    entitlement = "entitlement"
    absence = "absence"
    employment = "employment"
    agreement = "agreement"
    concern = "concern"
    referral = "referral"
    action = "action"
    oversight = "oversight"
    handover = "handover"
    filing = "filing"
    audit = "audit"
    adoption = "adoption"
    disclosure = "disclosure"
    retention = "retention"
    grant = "grant"


class Role(StrEnum):
    """What somebody is to one matter; worked out against the matter, never kept with the person."""

    supervisee = "supervisee"
    supervisor = "supervisor"
    line_manager = "line_manager"
    senior_manager = "senior_manager"
    accountable_manager = "accountable_manager"
    head_of_service = "head_of_service"
    third_party = "third_party"
    business_support = "business_support"
    hr = "hr"
    auditor = "auditor"
    administrator = "administrator"
    holder = "holder"
    opener = "opener"
    owner = "owner"
    person = "person"
    participant = "participant"
    contributor = "contributor"
    recorder = "recorder"
    investigator = "investigator"
    system = "system"


class Cause(StrEnum):
    """Why a session was cancelled."""

    sickness = "sickness"
    leave = "leave"
    diary = "diary"
    emergency = "emergency"
    other = "other"
    missed = "missed"


class AbsenceCause(StrEnum):
    """Why somebody is away; only the system records that they left."""

    sickness = "sickness"
    unplanned = "unplanned"
    planned = "planned"
    other = "other"
    left = "left"


class SessionKind(StrEnum):
    """What a session is for, which decides what it renews."""

    personal = "personal"
    case = "case"
    combined = "combined"
    group = "group"
    unplanned = "unplanned"


class RecordKind(StrEnum):
    """Which file a record belongs to."""

    personal = "personal"
    case = "case"
    decision = "decision"
    group = "group"


class DisputeAbout(StrEnum):
    """What a disagreement is about, which decides who hears it."""

    record = "record"
    casework = "casework"
    relationship = "relationship"
    other = "other"


class ConcernAbout(StrEnum):
    """What a supervisee misses in their supervision."""

    not_happening = "not_happening"
    quality = "quality"
    relationship = "relationship"
    other = "other"


class Outcome(StrEnum):
    """How a dispute may be decided."""

    record_stands = "record_stands"
    amend_record = "amend_record"
    attach_comments = "attach_comments"
    change_supervisor = "change_supervisor"


class AuditKind(StrEnum):
    """What an audit looks at, which decides whose it is and how it ends."""

    case_sample = "case_sample"
    rated = "rated"
    themed = "themed"
    peer_observation = "peer_observation"
    survey = "survey"
    framework = "framework"


class Grade(StrEnum):
    """How far an audit found the standards met, where the auditor says so at all (product default)."""

    met = "met"
    partly_met = "partly_met"
    not_met = "not_met"


class ReleaseKind(StrEnum):
    """What supervision records are asked for."""

    access_to_files = "access_to_files"
    legal = "legal"
    regulator = "regulator"
    investigation = "investigation"
    serious_case_review = "serious_case_review"
    portfolio = "portfolio"


class GrantKind(StrEnum):
    """What somebody outside may read supervision for."""

    investigation = "investigation"
    inspection = "inspection"
    emergency = "emergency"


class Status(StrEnum):
    """Where a deadline stands."""

    running = "running"
    paused = "paused"
    awaiting_report = "awaiting_report"
    met = "met"
    missed = "missed"
    corrected = "corrected"
    superseded = "superseded"


class Moment(StrEnum):
    """When guidance matters: what people are about to do, or what the matter before them is."""

    booking = "booking"
    preparing = "preparing"
    holding = "holding"
    remote = "remote"
    group = "group"
    unplanned = "unplanned"
    writing = "writing"
    deciding = "deciding"
    signing = "signing"
    cancelling = "cancelling"
    agreement = "agreement"
    concern = "concern"
    dispute = "dispute"
    referral = "referral"
    action = "action"
    frequency = "frequency"
    entitlement = "entitlement"
    absence = "absence"
    audit = "audit"
    disclosure = "disclosure"
    handover = "handover"
    retention = "retention"
    oversight = "oversight"
    policy = "policy"


class Carry(StrEnum):
    """What becomes of a running deadline when a new version of the policy comes into force."""

    #: It stays as it is until the matter sets it again.
    keep = "keep"
    #: It is counted again from where it began.
    recompute = "recompute"
    #: It is counted anew from the day on which the version comes into force.
    restart = "restart"


class Unit(StrEnum):
    """What a period is counted in."""

    working_days = "working_days"
    calendar_days = "calendar_days"
    hours = "hours"
    weeks = "weeks"
    months = "months"
    years = "years"
    calendar_months = "calendar_months"


#: The mark of a value that no policy gives; shown to people wherever it acts.
PRODUCT_DEFAULT = "product default"

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
    disclosure = "disclosure"
    retention = "retention"


class Role(StrEnum):
    """What somebody is to one matter; worked out against the matter, never kept with the person."""

    supervisee = "supervisee"
    supervisor = "supervisor"
    line_manager = "line_manager"
    senior_manager = "senior_manager"
    head_of_service = "head_of_service"
    third_party = "third_party"
    business_support = "business_support"
    hr = "hr"
    auditor = "auditor"
    administrator = "administrator"
    holder = "holder"
    opener = "opener"
    person = "person"
    participant = "participant"
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


class DisputeAbout(StrEnum):
    """What a disagreement is about, which decides who hears it."""

    record = "record"
    casework = "casework"
    relationship = "relationship"
    other = "other"


class Outcome(StrEnum):
    """How a dispute may be decided."""

    record_stands = "record_stands"
    amend_record = "amend_record"
    attach_comments = "attach_comments"
    change_supervisor = "change_supervisor"


class ReleaseKind(StrEnum):
    """What supervision records are asked for."""

    access_to_files = "access_to_files"
    legal = "legal"
    regulator = "regulator"
    investigation = "investigation"
    serious_case_review = "serious_case_review"
    portfolio = "portfolio"


class Status(StrEnum):
    """Where a deadline stands."""

    running = "running"
    paused = "paused"
    awaiting_report = "awaiting_report"
    met = "met"
    missed = "missed"
    corrected = "corrected"
    superseded = "superseded"


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

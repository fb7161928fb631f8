"""What things are called on pages: workflows, deadlines, roles, and the fields of forms, in plain English."""

from __future__ import annotations

from service.pages.sentences import capitalised, translated
from workflows.vocabulary import Role, Workflow

#: What a matter of a workflow is called.
WORKFLOWS: dict[str, str] = {
    Workflow.session: "Supervision session",
    Workflow.cancellation: "Cancelled session",
    Workflow.record: "Supervision record",
    Workflow.dispute: "Disagreement",
    Workflow.frequency: "How often a case is supervised",
    Workflow.entitlement: "Supervision that is owed",
    Workflow.absence: "Absence",
    Workflow.employment: "Employment",
    Workflow.agreement: "Supervision agreement",
    Workflow.concern: "Concern about supervision",
    Workflow.referral: "Referral to HR",
    Workflow.action: "Agreed action",
    Workflow.oversight: "Oversight of a case",
    Workflow.handover: "Handover of records",
    Workflow.filing: "Filing of a record",
    Workflow.audit: "Audit",
    Workflow.adoption: "New version of the policy",
    Workflow.disclosure: "Request for records",
    Workflow.retention: "File of somebody who left",
    Workflow.grant: "Reading for a time",
}

#: What each deadline asks for.
DEADLINES: dict[str, str] = {
    "amend_by": "Answer to what is disputed",
    "begins": "The absence begins",
    "ends": "The grant ends",
    "circulate_by": "Send the record to be signed",
    "climb_by": "Passes to the next manager",
    "confirm_return": "Confirm the return",
    "cover_by": "Find cover",
    "decide_by": "Decide",
    "dispute_by": "Say what is not accepted",
    "draw_by": "Draw the cases",
    "due_by": "Do what was agreed",
    "ends_on": "The employment ends",
    "file_by": "Put the record on its file",
    "hand_over_by": "Hand the records over",
    "hold_or_cancel": "Say whether the session took place",
    "in_force_on": "Comes into force",
    "long_absence": "Counts as a long absence",
    "prepare_by": "Prepare for the session",
    "rebook_by": "Hold a new session",
    "receive_by": "Receive the records",
    "record_by": "Record the oversight",
    "remind_by": "Reminder",
    "report_by": "Report what was found",
    "retain_until": "Keep the file",
    "review_by": "Review",
    "review_reminder": "Reminder of the review",
    "sign_by": "Sign",
    "starts_on": "The employment starts",
    "supervise_by": "Next supervision",
    "target_by": "Next supervision, as the policy aims for",
    "tell_by": "Tell the people concerned",
}

#: What somebody is to a matter.
ROLES: dict[str, str] = {
    Role.supervisee: "supervisee",
    Role.supervisor: "supervisor",
    Role.line_manager: "line manager",
    Role.senior_manager: "senior manager",
    Role.accountable_manager: "the worker’s own line manager",
    Role.head_of_service: "head of service",
    Role.third_party: "third person",
    Role.business_support: "business support",
    Role.hr: "HR",
    Role.auditor: "auditor",
    Role.administrator: "administrator",
    Role.holder: "whoever it is with",
    Role.opener: "whoever began it",
    Role.owner: "whoever has it to do",
    Role.person: "the person themselves",
    Role.participant: "participant",
    Role.contributor: "contributor",
    Role.recorder: "whoever writes it up",
    Role.investigator: "investigator or inspector",
    Role.system: "the service itself",
}

#: What a session is for, by its kind.
SESSIONS: dict[str, str] = {
    "personal": "personal supervision",
    "case": "case supervision",
    "combined": "personal and case supervision",
    "group": "group supervision",
    "unplanned": "unplanned supervision",
}

#: What became of a session, by its state.
MEETINGS: dict[str, str] = {
    "scheduled": "booked", "held": "took place", "cancelled": "cancelled", "missed": "missed",
}  # fmt: skip

#: What a record is called by its kind.
RECORDS: dict[str, str] = {
    "personal": "Record of personal supervision",
    "case": "Record of case supervision",
    "decision": "Record of a decision",
    "group": "Record of group supervision",
}

#: How somebody came to look at a record, besides by their role.
STANDINGS: dict[str, str] = {
    "named": "named on it",
    "line_above": "manager in the line above",
    "office": "their office",
}

#: Days on which nobody works, as the council's calendar has them; a closure's reason is in the council's own words.
HOLIDAYS: frozenset[str] = frozenset(
    {
        "New Year's Day", "New Year's Day (substitute day)", "Good Friday", "Easter Monday", "May Day",
        "Spring Bank Holiday", "Late Summer Bank Holiday", "Christmas Day", "Christmas Day (substitute day)",
        "Boxing Day", "Boxing Day (substitute day)",
    }
)  # fmt: skip

#: Why somebody in the line was not asked.
SKIPPED: dict[str, str] = {"party": "they are a party to it", "left": "they are not in post", "absent": "they are away"}

#: Labels of fields by their name, or by what carries them and their name where that says it better.
_LABELS: dict[str, str] = {
    "about": "What it is about",
    "allocation": "About the allocation",
    "anonymous": "Can nobody be recognised in what goes out?",
    "at": "When they meet",
    "authorised_by": "Who has allowed it",
    "authority": "By what authority",
    "cases": "Cases",
    "case": "Case",
    "case_recorder": "Who writes down what is said of cases",
    "category": "What kind of case it is",
    "cause": "Cause",
    "confidentiality_agreed": "Has the group agreed what stays among its members?",
    "criteria": "What applies to the case",
    "discussed_on": "When you talked about it",
    "done": "What became of it",
    "due": "When it is to be done",
    "end": "Where the part ends, in characters",
    "expected_return": "First day back, if it is known",
    "facts": "The facts",
    "first_day": "First day away",
    "ground": "Ground",
    "ground_rules": "What everybody holds to",
    "held_at": "When it ended",
    "holder": "Who takes it over",
    "includes_review": "Does it take in the yearly review?",
    "interrupted": "Was it interrupted?",
    "invited": "How many people were asked",
    "items": "What you want to talk about",
    "joined_by": "Who joins the two",
    "keep_until": "Keep the file until",
    "learning": "What is to be learned",
    "kind": "Kind",
    "last_day": "Last day away",
    "minutes": "How long, in minutes",
    "note": "Note",
    "observed": "Who is observed",
    "observer": "Who observes",
    "on": "When you tried",
    "oversight": "What you found and decided",
    "owner": "Who does it",
    "outcome": "Your decision",
    "outcomes": "What was agreed",
    "override_reason": "Why it was not talked over",
    "paper_notes": "Notes on paper",
    "participants": "Who takes part",
    "passages": "The passages that you do not accept",
    "person": "Who",
    "place": "Where",
    "procedure": "Procedure",
    "programme": "Programme",
    "proposal": "How you would settle it",
    "protective": "Does it protect somebody?",
    "purpose": "What it is for",
    "rating": "Rating",
    "audit.report.rating": "How far the standards are met",
    "reason": "Reason",
    "reasons": "Reasons for your decision",
    "recorder": "Who writes it",
    "records": "Which records",
    "reference": "Reference",
    "requested_by": "Who asks, if they work here",
    "requester": "Who asks",
    "responses": "How many answered",
    "review_on": "When the plan is reviewed",
    "section": "Which section",
    "sections": "The record",
    "seed": "Seed of the draw",
    "sensitive": "Is it sensitive?",
    "start": "Where the part begins, in characters",
    "starts_at": "When it starts",
    "statement": "In your own words",
    "step": "The step of the history that the text stands in, by its number",
    "supervisee": "Whose supervision it is",
    "supervisor": "Another supervisor",
    "support_plan": "The support plan",
    "team_manager": "Team manager",
    "theme": "Theme",
    "told": "Who was told beforehand",
    "until": "Until when",
    "what": "What is to be done",
    "whose": "Whose illness or leave it is",
    "why": "Why",
    "record.dispute.statement": "What you do not accept, in your own words",
    "record.note_closure.note": "Your closing note",
    "session.hold.cases": "Cases that you talked about",
    "concern.about": "What is not as it should be",
    "action.supervisee": "Whose supervision it belongs to",
    "absence.person": "Who is away",
    "frequency.reason": "Why this is right for the case",
    "remote": "Do you meet by video or telephone?",
    "follows": "The meeting before",
    "concern.said.statement": "In their own words",
    "dispute.said.statement": "What is not accepted",
    "record.said.statement": "What is not accepted",
    "referral.supervisee": "Whose work it is about",
    "disclosure.said.authority": "Why telling the people concerned has to wait",
    "disclosure.said.reason": "Reasons",
    "referral.about": "What the concern is, in a few words",
    "referral.discussed_on": "When you talked it over with them, if you have",
    "referral.accept.reference": "HR’s own reference",
    "dispute.open.said.statement": "What they do not accept",
    "dispute.agree.said.proposal": "How they would settle it",
    "dispute.decide.said.reasons": "Reasons for the decision",
    "action.complete.note": "Note, if there is something to say",
    "handover.hand_over.note": "What the next supervisor needs to know",
}

_HINTS: dict[str, str] = {
    "items": "One point on each line.",
    "action.due": "It may be left out for what protects somebody and is done today.",
    "told": "One name or reference on each line.",
    "participants": "One name or reference on each line.",
    "joined_by": "One name or reference on each line.",
    "outcomes": "One on each line.",
    "learning": "One point on each line. Each becomes an action of the case, where the policy says so.",
    "person": "A name, or a reference such as p012.",
    "owner": "A name, or a reference such as p012.",
    "supervisee": "A name, or a reference such as p012.",
    "supervisor": "A name, or a reference such as p012.",
    "whose": "A name, or a reference such as p012.",
    "record.dispute.passages": "Tick the sentences that you do not accept. All that you leave unticked stays as it is.",
    "reference": "As it stands in the other system; without spaces.",
    "referral.accept.reference": "As it stands in HR’s own system.",
}

_OPTIONS: dict[str, str] = {
    "record_stands": "The record stands as it is",
    "amend_record": "The record is to be amended",
    "attach_comments": "The comments are attached to the record",
    "change_supervisor": "There is to be another supervisor",
    "diary": "Diaries",
    "not_happening": "Supervision does not take place",
    "concern.about.quality": "What it is like when it takes place",
    "concern.about.relationship": "How the two of you get on",
    "concern.about.other": "Something else",
    "session.kind.personal": "Personal supervision",
    "session.kind.case": "Supervision of cases",
    "session.kind.combined": "Both in one session",
    "session.kind.unplanned": "Something that came up between sessions",
    "record.kind.personal": "Of personal supervision",
    "record.kind.case": "Of the supervision of a case",
    "record.kind.decision": "Of a decision between sessions",
    "none": "There are none",
    "disclosure.disclose.paper_notes.reviewed": "They were looked through as well",
    "record": "A record",
    "access_to_files": "Access to files",
    "disclosure.kind.legal": "Legal proceedings",
    "disclosure.kind.regulator": "A regulator or an inspection",
    "disclosure.kind.investigation": "An investigation",
    "disclosure.kind.portfolio": "The worker’s own portfolio",
    "serious_case_review": "Serious case review",
}


def field_label(about: str, name: str) -> str:
    """What a field asks for; `about` is what carries it, such as "record.dispute"."""
    return translated(_LABELS.get(f"{about}.{name}") or _LABELS.get(name, "")) or plain(name)


def field_hint(about: str, name: str) -> str:
    """What helps to answer, where something does."""
    return translated(_HINTS.get(f"{about}.{name}") or _HINTS.get(name, ""))


def option_label(about: str, name: str, value: str) -> str:
    """One of the answers to choose from."""
    return translated(_OPTIONS.get(f"{about}.{name}.{value}") or _OPTIONS.get(value, "")) or plain(value)


def standing(name: str) -> str:
    """How somebody came to look at a record: by what is named there, or by their role."""
    return translated(STANDINGS.get(name) or ROLES.get(name, name))


def not_worked(because: str) -> str:
    """Why nobody works on a day: the bank holiday, or the reason that the council gave."""
    return translated(because).replace("'", "’") if because in HOLIDAYS else because


def asks(deadline: str) -> str:
    """What a deadline asks for."""
    return translated(DEADLINES[deadline]) if deadline in DEADLINES else plain(deadline)


def plain(name: str) -> str:
    """A stored name as words: "record_stands" is "Record stands"."""
    return translated(capitalised(name.replace("_", " ").replace("-", " ")))

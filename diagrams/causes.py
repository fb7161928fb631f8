"""What the service does by itself, in words: why it moves a matter on, and what a deadline does when it has passed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows.vocabulary import Workflow

#: Why the service moves a matter to another state; the same in every workflow unless the workflow says otherwise.
_EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "climb": "The next manager up is asked",
        "end": "Somebody has left, or it is no longer owed",
        "supersede": "A later one takes its place",
        "supervised": "A session was held",
        "rejoin": "The person works here again",
    }
)
#: Where it depends on where it leads, that is the third part of the key.
_OF_WORKFLOW: Mapping[tuple[Workflow, str] | tuple[Workflow, str, str | None], str] = MappingProxyType(
    {
        (Workflow.session, "lapse"): "Nobody reported it: it counts as missed",
        (Workflow.session, "end"): "One of the two has left",
        (Workflow.cancellation, "replaced"): "The session that replaces it was held",
        (Workflow.cancellation, "replaced_in_part"): "The session was held for some of its cases alone",
        (Workflow.cancellation, "follow_cases"): "Its case has another worker: nobody’s return is waited for",
        (Workflow.cancellation, "follow_cases", "excused"): "The last of its cases was closed",
        (Workflow.cancellation, "supersede"): "The replacement was cancelled as well",
        (Workflow.cancellation, "fall_sick"): "One of the two falls ill",
        (Workflow.cancellation, "corrected"): "An illness is learned late: the breach was none",
        (Workflow.cancellation, "corrected", "awaiting_rebooking"): "A later return is learned, or that nobody was ill",
        (Workflow.cancellation, "return"): "Everybody is back at work",
        (Workflow.cancellation, "expire"): "No session was held instead: a manager is asked",
        (Workflow.cancellation, "end"): "One of the two has left",
        (Workflow.cancellation, "reassign"): "Somebody covers for the supervisor",
        (Workflow.record, "deem"): "Silence counts as acceptance",
        (Workflow.record, "deem", "settled"): "The supervisee had left before the window ended",
        (Workflow.record, "settle"): "Its dispute was decided or agreed",
        (Workflow.record, "settle", "disputed"): "The dispute was decided: the record is to be amended",
        (Workflow.record, "reopen"): "Its dispute was withdrawn",
        (Workflow.record, "end"): "One of the two has left",
        (Workflow.dispute, "settle"): "The amended record was signed or accepted",
        (Workflow.dispute, "end"): "One of the two has left",
        (Workflow.frequency, "take_effect"): "The status before was late: this one begins late as well",
        (Workflow.frequency, "take_effect", "on_track"): "The status takes effect",
        (Workflow.frequency, "take_effect", "awaiting_approval"): "The status needs approval first",
        (Workflow.frequency, "expire"): "The case was not supervised in time",
        (Workflow.frequency, "end"): "The case is closed",
        (Workflow.frequency, "supersede"): "A later status takes its place",
        (Workflow.entitlement, "expire"): "No supervision took place in time",
        (Workflow.entitlement, "end"): "This supervision has ended",
        (Workflow.absence, "begin"): "It is expected to be long: cover is needed",
        (Workflow.absence, "long"): "The absence is long: cover is needed",
        (Workflow.absence, "first_breach"): "Supervision is late for the first time: cover is needed",
        (Workflow.absence, "continue"): "Another absence follows without a break",
        (Workflow.absence, "settle"): "The list names who supervises, or no longer does",
        (Workflow.absence, "end"): "The person has left",
        (Workflow.absence, "rejoin"): "The person is back in post",
        (Workflow.employment, "start"): "The start date has come",
        (Workflow.employment, "relist"): "The list of people was corrected",
        (Workflow.employment, "leave"): "The last day is over",
        (Workflow.agreement, "near_review"): "Its review comes near",
        (Workflow.agreement, "review"): "The review is due",
        (Workflow.agreement, "review_for"): "Post, team or policy has changed",
        (Workflow.agreement, "change_supervisor"): "The supervisor has changed",
        (Workflow.agreement, "supersede"): "Other terms were signed",
        (Workflow.agreement, "end"): "The supervision has ended",
        (Workflow.concern, "end"): "One of the two has left",
        (Workflow.referral, "end"): "The person has left",
        (Workflow.referral, "lapse"): "Whoever opened it has left",
        (Workflow.oversight, "expire"): "The oversight was not recorded in time",
        (Workflow.oversight, "recount"): "The day of allocation was corrected",
        (Workflow.oversight, "supersede"): "The case was allocated anew",
        (Workflow.oversight, "end"): "The case is closed",
        (Workflow.handover, "supersede"): "The supervisor has changed again",
        (Workflow.handover, "end"): "The worker has left",
        (Workflow.filing, "sent"): "It is handed over to the council’s system",
        (Workflow.filing, "failed"): "The system did not take it",
        (Workflow.filing, "acknowledge"): "The system says that it has it",
        (Workflow.filing, "expire"): "It is not on its file in time",
        (Workflow.filing, "end"): "There is nothing to file any more",
        (Workflow.audit, "draw"): "The policy no longer has this programme",
        (Workflow.audit, "pass_on"): "Whoever had it has left",
        (Workflow.audit, "learned"): "The next session’s record took it in",
        (Workflow.audit, "unlearned"): "That record was withdrawn",
        (Workflow.audit, "case_closed"): "The case was closed",
        (Workflow.adoption, "take_effect"): "It comes into force",
        (Workflow.adoption, "supersede"): "Another version is announced for that day",
        (Workflow.disclosure, "notice_due"): "The people concerned are told at the latest",
        (Workflow.retention, "fall_due"): "The time that it is kept is over",
        (Workflow.retention, "recount"): "The last day of employment was corrected",
        (Workflow.retention, "rejoin"): "The person works here again",
        (Workflow.grant, "lapse"): "Nobody has decided",
        (Workflow.grant, "expire"): "Its time is over",
    }
)  # fmt: skip
#: What a deadline does that leaves its matter where it is.
_MEANWHILE: Mapping[tuple[Workflow | None, str], str] = MappingProxyType(
    {
        (None, "remind_by"): "reminder, and again",
        (None, "climb_by"): "the next manager up is told",
        (Workflow.session, "prepare_by"): "whoever has not prepared is reminded",
        (Workflow.record, "circulate_by"): "late: the manager above is told",
        (Workflow.record, "amend_by"): "late to amend: the manager above is told",
        (Workflow.record, "dispute_by"): "a window that an undelivered notice reopened closes",
        (Workflow.frequency, "target_by"): "the two are reminded of the target",
        (Workflow.frequency, "review_by"): "late to review: managers are told",
        (Workflow.entitlement, "supervise_by"): "where each calendar month counts: another one was missed",
        (Workflow.entitlement, "review_by"): "the yearly review is late",
        (Workflow.entitlement, "review_reminder"): "reminder of the yearly review",
        (Workflow.absence, "begins"): "the absence begins to count",
        (Workflow.absence, "long_absence"): "long, and nobody to cover for",
        (Workflow.absence, "confirm_return"): "the manager is asked about the return",
        (Workflow.agreement, "sign_by"): "not signed in time: the manager above is told",
        (Workflow.agreement, "review_by"): "not reviewed in time: the manager above is told",
        (Workflow.action, "due_by"): "late: both are told",
        (Workflow.handover, "hand_over_by"): "late: the manager above is told",
        (Workflow.handover, "receive_by"): "late: the manager above is told",
        (Workflow.audit, "draw_by"): "a round of audits is drawn",
        (Workflow.audit, "report_by"): "late: the auditors are told",
        (Workflow.disclosure, "decide_by"): "late: the manager above is told",
        (Workflow.disclosure, "tell_by"): "the people concerned are told",
        (Workflow.retention, "review_by"): "is the hold still needed?",
    }
)


def cause(workflow: Workflow, trigger: str, dest: str | None) -> str:
    """Why the service moves a matter on to a state; KeyError for a move that has no words yet."""
    found = _OF_WORKFLOW.get((workflow, trigger, dest)) or _OF_WORKFLOW.get((workflow, trigger))
    return found or _EVERYWHERE[trigger]


def meanwhile(workflow: Workflow, deadline: str) -> str:
    """What a deadline does while the state stays; KeyError for one that has no words yet."""
    return _MEANWHILE.get((workflow, deadline)) or _MEANWHILE[None, deadline]

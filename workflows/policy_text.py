"""A policy for people: every value of it as a plain sentence, each with the clause that gives it or "product default".

Nothing that a policy holds is left out, so that what was agreed can be read against what the service does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from workflows.policy import (
    AbsencePolicy,
    Access,
    CancellationPolicy,
    DisputePolicy,
    EscalationPolicy,
    HandoverPolicy,
    OversightPolicy,
    Policy,
    SessionPolicy,
)
from workflows.policy_audit_text import audits
from workflows.policy_disclosure_text import disclosures, retention
from workflows.policy_guidance_text import before_sessions, review, told_and_asked
from workflows.policy_interval_text import cases, workers
from workflows.policy_parts import Contradiction
from workflows.policy_record_text import groups, records
from workflows.policy_relationship_text import actions, agreements, concerns, referrals
from workflows.policy_words import Chapter, Line, every, kinds, line, listed, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout

__all__ = ["Chapter", "Line", "describe"]

_SERVICES = MappingProxyType(
    {"children": "children’s services", "adults": "adult social care", "schools": "schools and clusters"}
)
_ABOUT = MappingProxyType(
    {
        DisputeAbout.record: "what a record says",
        DisputeAbout.casework: "casework",
        DisputeAbout.relationship: "the relationship",
        DisputeAbout.other: "anything else",
    }
)
_ROUTES = MappingProxyType(
    {
        "line": "the supervisor’s manager",
        "team_manager": "the worker’s team manager, or the next manager above who is not a party",
        "named_person": "the person whom the agreement names",
        "mediator": "the manager of the supervisee’s line manager, as mediator",
    }
)
_FILES = MappingProxyType({"case": "the case’s file", "individual": "the individual’s file"})
_READERS = MappingProxyType(
    {"line_above": "The managers above the two", "hr": "Human resources", "auditor": "Auditors"}
)


def describe(policy: Policy) -> tuple[Chapter, ...]:
    """The whole policy, chapter by chapter, in the order in which people meet its rules."""
    chapters = (
        Chapter("The policy", tuple(_itself(policy))),
        Chapter("Sessions", tuple(_sessions(policy.session))),
        Chapter("Before a session", tuple(before_sessions(policy.session))),
        Chapter("Cancelled sessions", tuple(_cancellations(policy.cancellation))),
        *records(policy.record),
        Chapter("Group supervision", tuple(groups(policy.group))),
        Chapter("Disagreements", tuple(_disagreements(policy.dispute))),
        Chapter("Reminders and escalation", tuple(_escalation(policy.escalation))),
        Chapter("How often a case is supervised", tuple(cases(policy.frequency))),
        Chapter("How often a worker is supervised", (*workers(policy.entitlement), *review(policy.entitlement))),
        Chapter("Absence", tuple(_absences(policy.absence))),
        Chapter("Agreements", tuple(agreements(policy.agreement))),
        Chapter("Concerns about supervision", tuple(concerns(policy.concern))),
        Chapter("Referrals to HR", tuple(referrals(policy.referral))),
        Chapter("Agreed actions", tuple(actions(policy.action))),
        *((Chapter("After a case is allocated", tuple(_oversight(policy.oversight))),) if policy.oversight else ()),
        Chapter("A new supervisor", tuple(_handover(policy.handover))),
        Chapter("Who else may read what is written", tuple(_access(policy.access))),
        Chapter("Audits of supervision", tuple(audits(policy.audit))),
        Chapter("What people are told and asked", tuple(told_and_asked(policy))),
        Chapter("Requests for records", tuple(disclosures(policy.disclosure))),
        Chapter("When somebody has left", tuple(retention(policy.retention))),
        Chapter("Where the policy contradicts itself", tuple(map(_contradiction, policy.contradictions))),
    )
    return tuple(chapter for chapter in chapters if chapter.lines)


def _itself(policy: Policy) -> Iterator[Line]:
    sentence = (
        f"{policy.name}: {policy.council}, {_SERVICES[policy.service]}, version {policy.version} in this service."
    )
    yield Line(sentence, policy.stated_clause)
    if policy.stated_from:
        yield Line(f"By its own words it holds from {_day(policy.stated_from)}.", policy.stated_clause)
    if policy.stated_to:
        yield Line(f"By its own words it holds until {_day(policy.stated_to)}.", policy.stated_clause)
    reviewed = "are" if policy.significant else "need not be"
    yield Line(
        f"Where agreements are reviewed on a change of policy, they {reviewed} for this version.", PRODUCT_DEFAULT
    )
    if policy.review_due:
        yield Line(f"Its own review is due by {_day(policy.review_due)}.", policy.stated_clause)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sessions(rules: SessionPolicy) -> Iterator[Line]:
    lapses = f"A session that is not reported within {within(rules.hold_or_cancel)} of its start counts as missed."
    yield line(lapses, rules.hold_or_cancel)
    late = f"A missed session may still be reported as held for {within(rules.report_late)}, with a reason."
    yield line(late, rules.report_late)
    renews = f"Only {kinds(rules.renews_worker)} sessions count as a worker’s own supervision."
    yield Line(renews, rules.renews_worker_clause)
    renews = f"Only {kinds(rules.renews_case)} sessions count as supervision of the cases that were discussed."
    yield Line(renews, rules.renews_case_clause)


def _cancellations(rules: CancellationPolicy) -> Iterator[Line]:
    for period in rules.rebook_by:
        which = f"Replacements of {kinds(period.kinds)} sessions"
        yield line(f"{which} are held within {within(period)} of the cancellation.", period)
    if rules.agreed:
        yield Line("The agreement of the two may say another time.", rules.agreed)
    for period in rules.after_sickness:
        which = f"Replacements of {kinds(period.kinds)} sessions that sickness cancelled"
        yield line(f"{which} are held within {within(period)} of the return to work.", period)
    if not rules.after_sickness:
        yield Line("Sickness changes nothing in that.", PRODUCT_DEFAULT)
    if rules.gap_note:
        file, which = _FILES[rules.gap_note.file], kinds(rules.gap_note.kinds)
        yield Line(f"For {which} sessions, a note for {file} explains the gap.", rules.gap_note.clause)


def _disagreements(rules: DisputePolicy) -> Iterator[Line]:
    for about, words in _ABOUT.items():
        route = rules.route(about)
        yield Line(f"About {words}: first the two, then {_ROUTES[route.route]}.", route.clause)
        if route.meeting_needs_notice:
            yield Line(f"About {words}: both are told of a meeting before it takes place.", route.clause)


def _escalation(rules: EscalationPolicy) -> Iterator[Line]:
    yield line(f"Whoever is waited for is reminded after {within(rules.remind_after)}.", rules.remind_after)
    yield line(f"The next manager up is asked after {within(rules.climb_after)}.", rules.climb_after)
    for fallback in rules.fallbacks:
        where = f" (for those who work in a {fallback.setting})" if fallback.setting else ""
        sentence = f"When nobody is left in the line of management, the {plain(fallback.job_role)} is asked{where}."
        yield Line(sentence, fallback.clause)


def _absences(rules: AbsencePolicy) -> Iterator[Line]:
    if rules.long:
        causes = listed(cause for cause in AbsenceCause if cause in rules.long.causes)
        sentence = f"A supervisor’s absence is long from its day {rules.long.day} on; the causes that count: {causes}."
        yield Line(sentence, rules.long.clause)
        if rules.long.at_once:
            sentence = f"It is long at once where {rules.long.day} days or more are expected."
            yield Line(sentence, rules.long.clause)
        yield Line("Cover is then arranged for everybody whom the absent person supervises.", rules.long_clause)
    else:
        sentence = (
            "A supervisor’s absence is long when it makes the supervision of a supervisee late for the first time."
        )
        yield Line(sentence, rules.long_clause)
    confirm = f"Without an expected return, the line manager confirms the absence {every(rules.confirm_return_every)}."
    yield line(confirm, rules.confirm_return_every)
    yield line(f"Cover is arranged within {within(rules.cover_by)}.", rules.cover_by)


def _oversight(rules: OversightPolicy) -> Iterator[Line]:
    sentence = (
        f"The oversight of a case by a manager is on file within {within(rules.record_by)} of its allocation, and of "
        "its transfer to another worker."
    )
    yield line(sentence, rules.record_by)


def _handover(rules: HandoverPolicy) -> Iterator[Line]:
    yield Line("When a worker’s supervisor changes for good, their records pass to the new supervisor.", rules.clause)
    yield line(f"They are handed over within {within(rules.hand_over_by)}.", rules.hand_over_by)
    yield line(f"The new supervisor confirms within {within(rules.receive_by)} to have them.", rules.receive_by)
    meeting = "must meet first" if rules.meeting.value else "may meet first"
    sentence = f"The supervisor before, the new one and the worker {meeting}."
    yield Line(with_note(sentence, rules.meeting.note), rules.meeting.clause)


def _access(rules: Access) -> Iterator[Line]:
    for key, words in _READERS.items():
        switch = getattr(rules, key)
        sentence = f"{words} {'may' if switch.value else 'may not'} read it without being a party."
        yield Line(with_note(sentence, switch.note), switch.clause)


def _contradiction(found: Contradiction) -> Line:
    return Line(f"{found.says} Here: {found.choice} Why: {found.reason}", found.clause)

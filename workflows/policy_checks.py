"""What a policy must hold beyond its form: whatever would leave a live matter without a way on is a mistake.

Each check takes one part of a policy, so that a mistake in one part hides none in another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from workflows.policy import (
    AbsencePolicy,
    CancellationPolicy,
    EscalationPolicy,
    Policy,
    SessionPolicy,
)
from workflows.policy_audit_checks import check_audit
from workflows.policy_disclosure_checks import check_disclosure, check_retention
from workflows.policy_interval_checks import check_entitlement, check_frequency
from workflows.policy_mistake import Problem, repeated
from workflows.policy_parts import PeriodFor
from workflows.policy_periods import ends_no_later
from workflows.policy_record_checks import check_record
from workflows.policy_relationship_checks import (
    check_action,
    check_agreement,
    check_concern,
    check_named_people,
    check_recorders,
)
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout, SessionKind

_SETTINGS = ("", "school", "cluster")
_CLAUSES = re.compile(r"[A-Z]{2,4}-\d{2,3}[a-z]?(, [A-Z]{2,4}-\d{2,3}[a-z]?)*")


def check_session(policy: SessionPolicy) -> Iterator[Problem]:
    """Duties that no session could meet."""
    for key in ("renews_worker", "renews_case"):
        if not getattr(policy, key):
            yield Problem(f"session.{key}", "at least one kind of session, or nothing ever renews it", "an empty list")
    hours = policy.paid_hours
    if hours and hours.closes <= hours.opens:
        yield Problem("session.paid_hours.closes", f"a time after opens, {hours.opens:%H:%M}", f"{hours.closes:%H:%M}")
    if policy.preparation:
        names = ((f"session.preparation.form[{i}].name", one.name) for i, one in enumerate(policy.preparation.form))
        yield from repeated(names, "a name that no section before has")


def check_cancellation(policy: CancellationPolicy) -> Iterator[Problem]:
    """Kinds of session whose replacement has no window or two, and notes that nothing asks for."""
    for kind in SessionKind:
        if not _windows(policy.rebook_by, kind):
            yield Problem("cancellation.rebook_by", f"a window for {kind} sessions")
        for key in ("rebook_by", "after_sickness"):
            windows = _windows(getattr(policy, key), kind)
            if windows > 1:
                yield Problem(f"cancellation.{key}", f"one window for {kind} sessions", str(windows))
    if policy.gap_note and not policy.gap_note.kinds:
        yield Problem("cancellation.gap_note.kinds", "at least one kind of session", "an empty list")


def _windows(periods: tuple[PeriodFor, ...], kind: SessionKind) -> int:
    return sum(kind in period.kinds for period in periods)


def check_escalation(policy: EscalationPolicy) -> Iterator[Problem]:
    """Climbs that would come before the reminder, and fallbacks in settings that nobody works in."""
    if ends_no_later(policy.climb_after, policy.remind_after):
        yield Problem("escalation.climb_after", "a period longer than remind_after", policy.climb_after.term.words())
    fallbacks = [(f"escalation.fallbacks[{index}]", fallback) for index, fallback in enumerate(policy.fallbacks)]
    asked = ((f"{key}.job_role", f"{fallback.job_role} {fallback.setting}".strip()) for key, fallback in fallbacks)
    yield from repeated(asked, "a job role that is not asked before in this setting")
    for key, fallback in fallbacks:
        if fallback.setting not in _SETTINGS:
            yield Problem(f"{key}.setting", "'school', 'cluster', or no such key", fallback.setting)


def check_absence(policy: AbsencePolicy) -> Iterator[Problem]:
    """A rule for long absences that no absence could meet."""
    if policy.long is None:
        return
    if not policy.long.causes:
        yield Problem("absence.long.causes", "at least one cause", "an empty list")
    if AbsenceCause.left in policy.long.causes:
        yield Problem("absence.long.causes", "causes that end: who has left is replaced at once", AbsenceCause.left)


def check_dates(policy: Policy) -> Iterator[Problem]:
    """Dates of the policy itself that contradict each other."""
    for key in ("stated_to", "review_due"):
        last = getattr(policy, key)
        if policy.stated_from and last and last < policy.stated_from:
            yield Problem(key, f"a date that is not before stated_from, {policy.stated_from}", str(last))


def check_routes(policy: Policy) -> Iterator[Problem]:
    """Routes of disputes and concerns to people whom nothing names."""
    routes = (policy.dispute.route(about).route for about in DisputeAbout)
    asks_named = "named_person" in set(routes)
    yield from check_named_people(policy.agreement, policy.concern, asks_named=asks_named)
    yield from check_recorders(policy.agreement, policy.record)


def check_clauses(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Clauses of another policy, in the policy's tables as they were read; `stated_clause` says which are its own."""
    stated = data.get("stated_clause")
    if stated == PRODUCT_DEFAULT:
        yield Problem("stated_clause", "a clause of the policy, whose letters all its clauses share", PRODUCT_DEFAULT)
    elif isinstance(stated, str):
        own = stated.partition("-")[0]
        for key, text in _texts(data, ""):
            if _CLAUSES.fullmatch(text) and {clause.partition("-")[0] for clause in text.split(", ")} != {own}:
                yield Problem(key, f"a clause of this policy ({own}-…), or {PRODUCT_DEFAULT!r}", text)


def _texts(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{key}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{key}[{index}]")
    elif isinstance(value, str):
        yield key, value


#: The checks of each part, by its key.
CHECKS: Mapping[str, Callable[[Any], Iterator[Problem]]] = MappingProxyType(
    {
        "session": check_session,
        "cancellation": check_cancellation,
        "record": check_record,
        "escalation": check_escalation,
        "frequency": check_frequency,
        "entitlement": check_entitlement,
        "absence": check_absence,
        "agreement": check_agreement,
        "concern": check_concern,
        "action": check_action,
        "audit": check_audit,
        "disclosure": check_disclosure,
        "retention": check_retention,
    }
)

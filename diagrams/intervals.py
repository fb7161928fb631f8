"""After how long each deadline acts under a policy: in words, with the clause that says so, or as a product default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from diagrams.graph import Interval
from workflows.grant import EMERGENCY, TO_DECIDE
from workflows.intervals import length
from workflows.policy import Policy
from workflows.policy_parts import Period
from workflows.policy_words import plain, within
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind, SessionKind, Unit, Workflow

_Found = Iterable[Interval]
#: With more different intervals than these, the shortest and the longest are told.
_MANY = 3
_ALL_RECORDS = {f"{kind} records" for kind in RecordKind}
_ALL_SESSIONS = {f"{kind} sessions" for kind in SessionKind}


def intervals_of(workflow: Workflow, deadline: str, state: str, policy: Policy) -> tuple[Interval, ...]:
    """How long a deadline runs in a state; what is the same for several kinds of work is told once."""
    found = _OF_STATE.get((workflow, deadline, state)) or _OF_WORKFLOW.get((workflow, deadline))
    return _together((found or _EVERYWHERE[deadline])(policy))


def known_deadlines() -> frozenset[tuple[Workflow | None, str]]:
    """The deadlines whose length is told here; None stands for every workflow."""
    return frozenset(_OF_WORKFLOW) | {(None, name) for name in _EVERYWHERE}


def _together(found: _Found) -> tuple[Interval, ...]:
    """Intervals of the same words, about several kinds of work, become one."""
    merged: dict[str, list[Interval]] = {}
    for interval in found:
        merged.setdefault(interval.words, []).append(interval)
    return tuple(
        Interval(words, _clauses(i.clause for i in same), _about(_listed(i.about for i in same)))
        for words, same in merged.items()
    )


def _clauses(found: Iterable[str]) -> str:
    """Each clause once, the mark that no policy gives a value last."""
    parts = dict.fromkeys(part for clause in found for part in clause.split(", ") if part)
    return ", ".join(sorted(parts, key=lambda clause: (clause == PRODUCT_DEFAULT, clause)))


def _about(listed: str) -> str:
    """What is the same for every kind of record, or of session, needs no list of them."""
    return "" if set(listed.split(", ")) in (_ALL_RECORDS, _ALL_SESSIONS) else listed


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, (part for text in texts for part in text.split(", ")))))


# -- lengths
def _after(period: Period, about: str = "") -> Interval:
    return Interval(f"after {within(period)}", period.clause, about)


def _maybe(period: Period | None, about: str = "") -> _Found:
    return (_after(period, about),) if period else ()


def _sessions(policy: Policy) -> _Found:
    period = policy.session.hold_or_cancel
    return (Interval(f"{within(period)} after it began", period.clause),)


def _preparation(policy: Policy) -> _Found:
    rules = policy.session.preparation
    return (Interval(f"{within(rules.remind_before)} before", rules.remind_before.clause),) if rules else ()


def _rebooking(policy: Policy) -> _Found:
    rules = policy.cancellation
    for period in rules.rebook_by:
        yield _after(period, _listed(f"{kind} sessions" for kind in SessionKind if kind in period.kinds))
    for kind in SessionKind:
        period_then, period_now = rules.window_after_sickness(kind), rules.window(kind)
        if period_then and (period_then.value, period_then.unit) != (period_now.value, period_now.unit):
            yield Interval(
                f"{within(period_then)} after a return from sickness", period_then.clause, f"{kind} sessions"
            )


def _circulation(policy: Policy) -> _Found:
    return (_after(policy.record.of(kind).circulate_by, f"{kind} records") for kind in RecordKind)


def _signing(policy: Policy) -> _Found:
    for kind in RecordKind:
        rules = policy.record.of(kind)
        if rules.sign_by:
            yield Interval(
                f"after {within(rules.sign_by)} of silence",
                _listed((rules.sign_by.clause, rules.silence_clause)), f"{kind} records",
            )  # fmt: skip


def _disputing(policy: Policy) -> _Found:
    for kind in RecordKind:
        yield from _maybe(policy.record.of(kind).sign_by, f"{kind} records")


def _cases(policy: Policy) -> _Found:
    rules = policy.frequency
    periods = [row.then_limit or row.every for row in rules.rows]
    periods += [period for period in (rules.raised_to, rules.unrated, rules.otherwise) if period]
    return _between(periods, "as the case’s status has it")


def _targets(policy: Policy) -> _Found:
    return _between([row.then_target for row in policy.frequency.rows if row.then_target], "where there is a target")


def _case_reviews(policy: Policy) -> _Found:
    rules = policy.frequency
    for row in rules.rows:
        yield from _maybe(row.reviewed_every, f"{plain(row.rating or row.category)} cases")
    yield from _maybe(rules.review_changed, "after a change of the case")


def _workers(policy: Policy) -> _Found:
    rules = policy.entitlement
    periods = [row.every for row in rules.rows] + [phase.every for phase in rules.nqsw] + [rules.everyone_else]
    if rules.professional_every:
        periods.append(rules.professional_every)
    return _between(periods, "as the job role has it")


def _between(periods: list[Period], about: str) -> _Found:
    """Few intervals one by one; of many the shortest and the longest, with all the clauses."""
    found = {period.term.words(): period for period in sorted(periods, key=lambda one: length(one.term))}
    if len(found) <= _MANY:
        words = " or ".join(_rolling(period) for period in found.values())
    else:
        first, *_, last = found.values()
        words = f"{within(first)} to {within(last)}"
    clauses = _listed(sorted(period.clause for period in periods))
    return (Interval(f"after {words}", clauses, about),) if periods else ()


def _rolling(period: Period) -> str:
    return "each calendar month" if period.unit is Unit.calendar_months else within(period)


def _long_absence(policy: Policy) -> _Found:
    rule = policy.absence.long
    if rule is None:
        return (Interval("when somebody’s supervision is first late", policy.absence.long_clause),)
    at_once = ", or at once where that long is expected" if rule.at_once else ""
    return (Interval(f"after day {rule.day}{at_once}", rule.clause),)


def _asked_back(policy: Policy) -> _Found:
    every = policy.absence.confirm_return_every
    return (Interval(f"on the expected return, else every {within(every)}", every.clause),)


def _signatures(policy: Policy) -> _Found:
    rules = policy.agreement
    start = {
        "employment": "of employment", "relationship": "of the relationship", "first_session": "",
    }[rules.sign_from]  # fmt: skip
    if rules.signed_within:
        yield Interval(f"after {within(rules.signed_within)} {start}".strip(), rules.sign_clause)
    else:
        day = "the first formal session" if rules.sign_from == "first_session" else "that the relationship begins"
        yield Interval(f"after the day of {day}".replace("of that", "on which"), rules.sign_clause)
    yield _after(rules.otherwise_within, "an earlier relationship")


def _filing(policy: Policy) -> _Found:
    for kind in RecordKind:
        store = policy.record.of(kind).kept_in
        if store and store.file_by_after_session:
            yield Interval(
                f"{within(store.file_by_after_session)} after the session, at the earliest "
                f"{within(store.file_by)} after it is final",
                _listed((store.file_by_after_session.clause, store.file_by.clause)), f"{kind} records",
            )  # fmt: skip
        elif store:
            yield _after(store.file_by, f"{kind} records")


def _rounds(policy: Policy) -> _Found:
    for programme in policy.audit.programmes:
        if programme.every:
            every = within(programme.every).removeprefix("1 ")
            yield Interval(f"every {every}", programme.every.clause, programme.title.lower())


def _yearly_review(policy: Policy) -> _Found:
    rules = policy.entitlement.yearly_review
    return _maybe(rules.every) if rules else ()


def _yearly_reminder(policy: Policy) -> _Found:
    rules = policy.entitlement.yearly_review
    return _maybe(rules.remind_after) if rules else ()


def _on(words: str) -> Callable[[Policy], _Found]:
    """A day that people's own data gives, and no policy."""
    return lambda _policy: (Interval(words, ""),)


_EVERYWHERE: Mapping[str, Callable[[Policy], _Found]] = MappingProxyType(
    {
        "remind_by": lambda policy: (_after(policy.escalation.remind_after),),
        "climb_by": lambda policy: (_after(policy.escalation.climb_after),),
    }
)
_OF_WORKFLOW: Mapping[tuple[Workflow, str], Callable[[Policy], _Found]] = MappingProxyType(
    {
        (Workflow.session, "hold_or_cancel"): _sessions,
        (Workflow.session, "prepare_by"): _preparation,
        (Workflow.cancellation, "rebook_by"): _rebooking,
        (Workflow.record, "circulate_by"): _circulation,
        (Workflow.record, "sign_by"): _signing,
        (Workflow.record, "amend_by"): lambda policy: (_after(policy.record.amend_by),),
        (Workflow.record, "dispute_by"): _disputing,
        (Workflow.frequency, "supervise_by"): _cases,
        (Workflow.frequency, "target_by"): _targets,
        (Workflow.frequency, "review_by"): _case_reviews,
        (Workflow.entitlement, "supervise_by"): _workers,
        (Workflow.entitlement, "review_by"): _yearly_review,
        (Workflow.entitlement, "review_reminder"): _yearly_reminder,
        (Workflow.absence, "begins"): _on("on the first day absent"),
        (Workflow.absence, "long_absence"): _long_absence,
        (Workflow.absence, "confirm_return"): _asked_back,
        (Workflow.absence, "cover_by"): lambda policy: (_after(policy.absence.cover_by),),
        (Workflow.employment, "starts_on"): _on("on the start date"),
        (Workflow.employment, "ends_on"): _on("at the end of the last day"),
        (Workflow.agreement, "sign_by"): _signatures,
        (Workflow.agreement, "review_reminder"): _on("four weeks before its review is due (product default)"),
        (Workflow.agreement, "review_by"): lambda policy: _maybe(policy.agreement.review_every),
        (Workflow.action, "due_by"): _on("after the day agreed"),
        (Workflow.oversight, "record_by"): lambda policy: (
            _maybe(policy.oversight.record_by if policy.oversight else None)
        ),
        (Workflow.handover, "hand_over_by"): lambda policy: (_after(policy.handover.hand_over_by),),
        (Workflow.handover, "receive_by"): lambda policy: (_after(policy.handover.receive_by),),
        (Workflow.filing, "file_by"): _filing,
        (Workflow.audit, "draw_by"): _rounds,
        (Workflow.audit, "report_by"): lambda policy: (_after(policy.audit.report_by),),
        (Workflow.adoption, "in_force_on"): _on("on its first day"),
        (Workflow.disclosure, "decide_by"): lambda policy: (_after(policy.disclosure.decide_by),),
        (Workflow.disclosure, "tell_by"): lambda policy: (_after(policy.disclosure.tell_within),),
        (Workflow.grant, "decide_by"): lambda _: (Interval(f"after {TO_DECIDE.words()}", TO_DECIDE.clause),),
        (Workflow.grant, "ends"): lambda _: (
            Interval("after the day named", PRODUCT_DEFAULT, "an investigation or inspection"),
            Interval(f"after {EMERGENCY.words()}", EMERGENCY.clause, "an emergency"),
        ),
        (Workflow.retention, "retain_until"): lambda policy: _maybe(policy.retention.keep_for),
        (Workflow.retention, "review_by"): lambda policy: (
            Interval(f"every {within(policy.retention.hold_reviewed_every)}",
                     policy.retention.hold_reviewed_every.clause),
        ),
    }
)  # fmt: skip
_OF_STATE: Mapping[tuple[Workflow, str, str], Callable[[Policy], _Found]] = MappingProxyType(
    {(Workflow.audit, "remind_by", "learning_due"): lambda policy: (_after(policy.audit.remind_learning),)}
)

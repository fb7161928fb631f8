"""Audits of a policy that could never be carried out as it has them."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policy import Policy
from workflows.policy_audit import AuditPolicy, AuditProgramme
from workflows.policy_mistake import Problem, repeated
from workflows.vocabulary import AuditKind, Unit

_SLOTS = (Unit.months, Unit.years)
#: For whom a round of each kind can be opened.
_PER = {
    AuditKind.case_sample: ("organisation", "team_manager"),
    AuditKind.rated: ("organisation", "team_manager"),
    AuditKind.peer_observation: ("supervisor",),
}


def check_audit(policy: AuditPolicy) -> Iterator[Problem]:
    """Programmes and questions that share a name, slots that no month begins, and rounds for nobody."""
    programmes = [(f"audit.programmes[{index}]", one) for index, one in enumerate(policy.programmes)]
    yield from repeated(((f"{key}.id", one.id) for key, one in programmes), "an id that no programme before has")
    for key, one in programmes:
        yield from _programme(key, one)
    names = ((f"audit.questions[{index}].name", one.name) for index, one in enumerate(policy.questions))
    yield from repeated(names, "a name that no question before has")


def _programme(key: str, programme: AuditProgramme) -> Iterator[Problem]:
    if programme.every and programme.every.unit not in _SLOTS:
        expected = "months or years, as a round is drawn when a month begins"
        yield Problem(f"{key}.every.unit", expected, programme.every.unit)
    allowed = _PER.get(programme.kind, ("organisation",))
    if programme.per not in allowed:
        yield Problem(f"{key}.per", f"one of {', '.join(allowed)} for this kind", programme.per)
    if (programme.kind is AuditKind.rated) != bool(programme.ratings):
        expected = "at least one rating for audits of rated cases, and none for others"
        yield Problem(f"{key}.ratings", expected, ", ".join(sorted(programme.ratings)))


def check_audit_fits(policy: Policy) -> Iterator[Problem]:
    """Learning for a section that the case record lacks, and ratings that no case can have."""
    section, known = policy.audit.learning_section, policy.record.case.names()
    if section is not None and known and section not in known:
        yield Problem("audit.learning_section", f"a section of record.case: {', '.join(sorted(known))}", section)
    ratings = {rating.id for rating in policy.frequency.ratings}
    for index, programme in enumerate(policy.audit.programmes):
        for rating in sorted(programme.ratings - ratings):
            yield Problem(f"audit.programmes[{index}].ratings", "ids of frequency.ratings", rating)

"""Professional supervision: somebody of the worker's own profession where the manager is of another (HAR-13)."""

from __future__ import annotations

from workflows.directory import Directory
from workflows.policy import Policy


def needs_professional(policy: Policy, directory: Directory, ref: str, supervisor: str | None) -> bool:
    """Whether the policy gives somebody professional supervision besides that of this supervisor (HAR-05, HAR-13)."""
    person, rules = directory.get(ref), policy.entitlement
    if person is None or rules.professional is None:
        return False
    if rules.professional_roles and person.job_role not in rules.professional_roles:
        return False
    above = directory.get(supervisor)
    return bool(person.registration) and (above is None or above.registration != person.registration)


def supervises_professionally(policy: Policy, directory: Directory, ref: str | None, worker: str | None) -> bool:
    """Whether a manager of the worker's own profession may hold the sessions that the worker's manager cannot."""
    if ref is None or worker is None or not directory.supervised_by(ref):
        return False
    needed = needs_professional(policy, directory, worker, directory.supervisor_of(worker))
    return needed and same_profession(directory, ref, worker)


def same_profession(directory: Directory, ref: str | None, worker: str | None) -> bool:
    """Whether two different people are registered with the same body."""
    one, other = directory.get(ref), directory.get(worker)
    return bool(one and other and ref != worker and one.registration and one.registration == other.registration)

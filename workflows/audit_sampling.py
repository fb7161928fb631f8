"""Drawing a case: from the same seed and the same cases everybody draws the same one, whatever their order.

The cases are ranked by the SHA-256 of "seed:ref" in UTF-8, and the smallest is drawn. What a step keeps of a draw is
enough for an outsider with the list of cases to repeat it, and to see that the list is the one that was drawn from.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from workflows.directory import Case, Directory
from workflows.model import Matter, Opening
from workflows.vocabulary import AuditKind, Workflow

#: The kind of the matter that opens audits by itself.
PROGRAMME = "programme"
_FROM_ALL = (AuditKind.case_sample, AuditKind.rated)
_TEAM_MANAGER = "team_manager"


def draws(about: Matter | Opening) -> bool:
    """Whether a programme's round, or an audit that is opened by hand, looks through all cases of the council."""
    if about.workflow is not Workflow.audit:
        return False
    if isinstance(about, Matter):
        return about.kind == PROGRAMME
    return about.kind in _FROM_ALL and about.case is None and about.parent is None


class Draw(Struct, frozen=True):
    """One draw: the case, None where there was none; what it was drawn from, and who was passed over for what."""

    seed: str
    case: str | None
    drawn_from: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]

    def told(self) -> dict[str, Any]:
        """What a step keeps of it."""
        return {
            "seed": self.seed,
            "case": self.case,
            "drawn_from": len(self.drawn_from),
            "commitment": commitment(self.drawn_from),
            "passed_over": [list(row) for row in self.passed_over],
        }


def draw(seed: str, cases: Iterable[Case], lately: Mapping[str, str], directory: Directory, on: date) -> Draw:
    """Draw one of these cases that is eligible on a local date.

    `lately` has the day on which each was drawn that comes only after all others (ISO 8601). Where every case was drawn
    lately, each may come again but the one that was drawn last.
    """
    unfit, fit = [], []
    for case in sorted(cases, key=lambda case: case.ref):
        why = why_unfit(case, directory, on)
        if why is None:
            fit.append(case.ref)
        else:
            unfit.append((case.ref, why))
    chosen = _after_all_others(fit, lately)
    unfit += [(ref, "drawn_lately") for ref in fit if ref not in chosen]
    return Draw(seed, min(chosen, key=lambda ref: rank(seed, ref), default=None), chosen, tuple(unfit))


def _after_all_others(fit: list[str], lately: Mapping[str, str]) -> tuple[str, ...]:
    """Those that were not drawn lately; else those that were not drawn last; else all."""
    last = max((lately.get(ref, "") for ref in fit), default="")
    fresh = [ref for ref in fit if ref not in lately]
    return tuple(fresh or [ref for ref in fit if lately[ref] != last] or fit)


def why_unfit(case: Case, directory: Directory, on: date) -> str | None:
    """The code of why a case cannot be audited on a local date, None where it can."""
    if case.closed_on is not None and case.closed_on <= on:
        return "closed"
    return None if directory.in_post(case.worker, on) else "nobodys"


def rank(seed: str, ref: str) -> str:
    """The place of a case in a draw: the smallest is drawn."""
    return hashlib.sha256(f"{seed}:{ref}".encode()).hexdigest()


def commitment(refs: Iterable[str]) -> str:
    """The SHA-256 of the refs in order, one a line: shows later what was drawn from."""
    return hashlib.sha256("\n".join(sorted(refs)).encode()).hexdigest()


# -- teams
def team_managers(directory: Directory, on: date) -> tuple[str, ...]:
    """The team managers in post, in the order of their refs."""
    return directory.with_job(_TEAM_MANAGER, "", on)


def teams(cases: Iterable[Case], directory: Directory, on: date) -> Mapping[str | None, list[Case]]:
    """The cases by the team manager whose team they are in; under None those that are in nobody's."""
    found: dict[str | None, list[Case]] = defaultdict(list)
    known: dict[str, str | None] = {}
    for case in cases:
        if case.worker not in known:
            known[case.worker] = team_manager_of(case.worker, directory, on)
        found[known[case.worker]].append(case)
    return found


def team_manager_of(worker: str, directory: Directory, on: date) -> str | None:
    """The nearest team manager above a worker, or the worker; while that post is vacant, whoever covers it (CBC-49)."""
    listed = next((ref for ref in (worker, *directory.line(worker)) if _is_team_manager(ref, directory)), None)
    if listed is not None and directory.in_post(listed, on):
        return listed
    cover = directory.supervisor_of(worker)
    around = ((cover, *directory.line(cover)) if cover else ()) + directory.line(worker)
    able = (ref for ref in around if _is_team_manager(ref, directory) and directory.in_post(ref, on))
    return next(able, None)


def _is_team_manager(ref: str, directory: Directory) -> bool:
    person = directory.get(ref)
    return person is not None and person.job_role == _TEAM_MANAGER

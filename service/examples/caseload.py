"""What the cases of an example council are: the statuses that its policy knows, by team, as often as is plausible."""

from __future__ import annotations

from typing import NamedTuple


class CaseStatus(NamedTuple):
    """A status as the list of cases has it; `share` says how often it comes, compared with the others."""

    share: int
    category: str
    criteria: str = ""
    rating: str = ""


def _rated(*statuses: tuple[int, str, str]) -> tuple[CaseStatus, ...]:
    return tuple(CaseStatus(share, "rated", criteria, rating) for share, criteria, rating in statuses)


_DISABLED = (
    CaseStatus(4, "disability", "plan-reviewed"),
    CaseStatus(1, "disability", "parent-carer-assessment"),
    CaseStatus(1, "disability", "child-protection"),
    CaseStatus(2, "fostering", "matched"),
    CaseStatus(1, "fostering", "intensive-support"),
    CaseStatus(1, "fostering", "being-assessed"),
    CaseStatus(1, "adoption"),
)
_LOOKED_AFTER = (
    CaseStatus(3, "looked-after", "matched"),
    CaseStatus(3, "looked-after", "six-weekly-visits"),
    CaseStatus(3, "looked-after", "proceedings"),
    CaseStatus(1, "looked-after", "matched;placement-fragile"),
)
_HIGH_RISK = _rated((5, "child-protection", "red"), (2, "care-proceedings", "red"), (1, "exploitation-risk", "red"))
_IN_NEED = _rated((3, "in-need-assessment", "amber"), (2, "supervision-order", "amber"), (4, "in-need", "green"))
_SETTLED = _rated((4, "long-term-matched", "green"), (1, "final-plan-undetermined", "red"), (1, "in-need", ""))

#: By policy: the statuses of the cases of each team in turn.
STATUSES: dict[str, tuple[tuple[CaseStatus, ...], ...]] = {
    "central-bedfordshire": (
        (CaseStatus(1, "assessment"),),
        (CaseStatus(5, "family-support"), CaseStatus(1, "early-help")),
        (CaseStatus(4, "family-support"), CaseStatus(2, "early-help"), CaseStatus(1, "ypst-fis", "exploitation")),
        _LOOKED_AFTER,
        (CaseStatus(3, "leaving-care", "settled"), CaseStatus(2, "leaving-care", "high-need")),
        _DISABLED,
    ),
    "north-somerset": (
        (CaseStatus(3, "early-help"), CaseStatus(1, "child-in-need")),
        (CaseStatus(3, "child-in-need"), CaseStatus(2, "child-protection")),
        (CaseStatus(2, "child-in-need"), CaseStatus(3, "child-protection")),
        (CaseStatus(2, "in-care-new"), CaseStatus(5, "in-care-stable")),
        (CaseStatus(4, "leaving-care"), CaseStatus(1, "youth-justice")),
        (CaseStatus(1, "disability"),),
    ),
    "darlington": (
        (CaseStatus(1, "assessment"),),
        _HIGH_RISK,
        _IN_NEED,
        (*_SETTLED, *_HIGH_RISK),
        _SETTLED,
        _rated((4, "disability-care-package-only", "green-cwd"), (2, "in-need", "green")),
    ),
    "haringey": (
        (
            CaseStatus(5, "adult"),
            CaseStatus(2, "adult", "complex"),
            CaseStatus(1, "adult", "high-risk"),
            CaseStatus(1, "adult", "safeguarding"),
        ),
    ),
    "leeds": (
        (
            CaseStatus(4, "child", "concern"),
            CaseStatus(2, "child", "caf"),
            CaseStatus(2, "child", "family-support"),
            CaseStatus(1, "child", "child-protection"),
            CaseStatus(1, "child", "looked-after"),
        ),
    ),
}


def statuses(policy_id: str, team: int) -> list[CaseStatus]:
    """The statuses of one team's cases, each as often as its share."""
    teams = STATUSES[policy_id]
    return [status for status in teams[team % len(teams)] for _ in range(status.share)]

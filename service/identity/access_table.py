"""Who sees, finds and does what, as a table that people can read: from the grounds that the statements have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from service.identity.grounds import GROUNDS, Ground, Office, reads
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from workflows.policy import Access

#: What holds of every cell.
CONTENT = "What people wrote is in a list for those alone whose own it is; whoever else opens a matter is written down."


class Cell(Struct, frozen=True):
    """What a ground gives to a workflow: `sees` is reads or shell; `acts` are the moves that it may have."""

    sees: str
    acts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The cell in words."""
        return f"{self.sees}, acts" if self.acts else self.sees


class Column(Struct, frozen=True):
    """One ground under one policy, for all workflows."""

    ground: Ground
    cells: dict[Workflow, Cell]


def access_table(access: Access) -> tuple[Column, ...]:
    """The table under a policy; who has none of these grounds sees nothing."""
    return tuple(_column(ground, access) for ground in GROUNDS)


def office_of(ground: Ground, access: Access) -> Office:
    """The office of somebody who has what the ground asks for, and no more."""
    roles = frozenset({ground.app_role} if ground.app_role else ())
    return Office(roles, access.hr.value, access.auditor.value)


def _column(ground: Ground, access: Access) -> Column:
    office = office_of(ground, access)
    workflows = ground.workflows(office)
    return Column(ground, {workflow: _cell(ground, workflow, access) for workflow in Workflow if workflow in workflows})


def _cell(ground: Ground, workflow: Workflow, access: Access) -> Cell:
    sees = "reads" if reads(ground.standing, line_reads=access.line_above.value) else "shell"
    return Cell(sees, _acts(ground.acts_as, workflow))


def _acts(roles: frozenset[Role], workflow: Workflow) -> tuple[str, ...]:
    moves = DEFINITIONS[workflow].moves
    return tuple(dict.fromkeys(m.trigger for m in moves if m.roles & roles and m.label and not m.with_incident))


def conditions(access: Access) -> list[str]:
    """What the policy itself decides, in sentences with its clauses."""
    return [
        _said("The line above", "what it sees", access.line_above.value, access.line_above.clause),
        _said("Human resources", "records and what belongs to them", access.hr.value, access.hr.clause),
        _said(
            "Auditors",
            "records, but for what is said about wellbeing, and what belongs to them",
            access.auditor.value,
            access.auditor.clause,
        ),
    ]


def _said(who: str, what: str, may: bool, clause: str) -> str:  # noqa: FBT001 - the policy's own switch
    return f"{who} {'read' if may else 'do not read'} {what} ({clause})."

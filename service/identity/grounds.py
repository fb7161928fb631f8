"""On what grounds somebody comes to a matter: one table, deny by default.

The statements that read matters (`service.identity.access`) and the table that people read
(`service.identity.access_table`) are both made from it, so that neither can say what the other does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    DateTime,
    String,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from service.storage.council_tables import line, people
from service.storage.matter_tables import matter_people, matters
from workflows.cover import REALLOCATION
from workflows.vocabulary import Role, Workflow

#: Sealed: known to its own people alone, whatever else somebody may see.
SEALED = frozenset({Workflow.referral})
#: Known to their own people, to their office and as a shell: neither to the line above nor to HR.
APART = frozenset({Workflow.audit})
#: What HR keeps for everybody, whatever the policy says about records.
HR_KEEPS = frozenset({Workflow.absence, Workflow.employment, Workflow.disclosure, Workflow.retention, Workflow.grant})
_ALL = frozenset(Workflow)
_OPEN = _ALL - SEALED
#: How somebody stands to a matter, nearest first; 0 is nobody.
MEMBER, OFFICE, GRANTED, ABOVE, SHELL = 5, 4, 3, 2, 1
#: Who may have been granted something; for others nobody looks.
_GRANTEES = frozenset({Role.investigator, Role.head_of_service, Role.hr})

#: The organisation whose rows are read, in every statement of a viewer.
OWN = bindparam("own", type_=Uuid)
_VIEWER = bindparam("viewer", type_=String)


class Office(Struct, frozen=True):
    """What decides, besides who asks, which rows they see: statements are made once for each."""

    roles: frozenset[Role]
    hr_reads: bool
    auditor_reads: bool


class Ground(Struct, frozen=True):
    """One ground: to whom it gives which standing, to which workflows, and where it holds of a row of `matters`."""

    name: str
    who: str
    standing: int
    #: None of them for an office that has nothing by this ground.
    workflows: Callable[[Office], frozenset[Workflow]]
    holds: Callable[[Office], ColumnElement[bool]]
    #: The app role without which the ground is nobody's.
    app_role: Role | None = None
    #: What they may be to a matter by it, for the moves that they have.
    acts_as: frozenset[Role] = frozenset()

    def condition(self, office: Office) -> ColumnElement[bool]:
        """The ground as part of a statement."""
        workflows = self.workflows(office)
        return and_(_is_one_of(workflows), self.holds(office)) if workflows else false()


def _is_one_of(workflows: frozenset[Workflow]) -> ColumnElement[bool]:
    others = _ALL - workflows
    if not others:
        return true()
    named = matters.c.workflow
    if len(others) < len(workflows):
        return named.not_in(sorted(one.value for one in others))
    return named.in_(sorted(one.value for one in workflows))


def _every(workflows: Iterable[Workflow]) -> Callable[[Office], frozenset[Workflow]]:
    found = frozenset(workflows)
    return lambda _office: found


def _anywhere(_office: Office) -> ColumnElement[bool]:
    return true()


# -- by name
def _named(_office: Office) -> ColumnElement[bool]:
    return exists().where(
        matter_people.c.organisation_id == matters.c.organisation_id,
        matter_people.c.matter_id == matters.c.id,
        matter_people.c.person == _VIEWER,
    )


# -- by an absence
_IS_ABSENCE = matters.c.kind.is_distinct_from(REALLOCATION)


def _supervisor_is_away(_office: Office) -> ColumnElement[bool]:
    above = (bindparam("viewer_supervisor", type_=String), bindparam("viewer_cover", type_=String))
    return and_(_IS_ABSENCE, matters.c.person.in_(above))


def _supervises(_office: Office) -> ColumnElement[bool]:
    """Whoever supervises somebody today hears that they are away, and reports their return; not what was before."""
    return and_(
        _IS_ABSENCE,
        or_(matters.c.closed_at.is_(None), matters.c.state == "permanent"),
        exists().where(
            people.c.organisation_id == matters.c.organisation_id, people.c.ref == matters.c.person,
            func.coalesce(people.c.cover, people.c.supervisor) == _VIEWER,
        ),
    )  # fmt: skip


def _is_reallocated(_office: Office) -> ColumnElement[bool]:
    """A decision is known to the one with whose dispute or concern it began, and to nobody supervised beside them."""
    decided = matters.alias("decided")
    return and_(
        matters.c.kind == REALLOCATION,
        exists().where(
            decided.c.organisation_id == matters.c.organisation_id, decided.c.id == matters.c.parent,
            decided.c.supervisee == _VIEWER,
        ),
    )  # fmt: skip


# -- by an office
def queue(office: Office) -> ColumnElement[bool]:
    """Whether a matter waits for a role that the viewer has."""
    return matters.c.holder_role.in_(sorted(role.value for role in office.roles) or [""])


def _hr(office: Office) -> frozenset[Workflow]:
    if Role.hr not in office.roles:
        return frozenset()
    return _OPEN - APART if office.hr_reads else HR_KEEPS


def _hr_of_referrals(office: Office) -> frozenset[Workflow]:
    return SEALED if Role.hr in office.roles else frozenset()


def _is_about_somebody_else(_office: Office) -> ColumnElement[bool]:
    return ~(matters.c.supervisee == _VIEWER)


def _auditor(office: Office) -> frozenset[Workflow]:
    if Role.auditor not in office.roles:
        return frozenset()
    return _OPEN if office.auditor_reads else APART


# -- by a grant
def _grantee(office: Office) -> frozenset[Workflow]:
    return _OPEN - APART - {Workflow.grant} if office.roles & _GRANTEES else frozenset()


def _is_granted(_office: Office) -> ColumnElement[bool]:
    """A grant that has begun and whose last instant is not over, whether or not the clock has come by."""
    grant = matters.alias("granted")
    about = or_(matters.c.supervisee == grant.c.supervisee, matters.c.person == grant.c.supervisee)
    return exists().where(
        grant.c.organisation_id == OWN, grant.c.workflow == Workflow.grant.value, grant.c.state == "active",
        grant.c.person == _VIEWER, grant.c.next_due >= bindparam("viewer_now", type_=DateTime(timezone=True)), about,
    )  # fmt: skip


# -- above, and beside
def _is_above(_office: Office) -> ColumnElement[bool]:
    below = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == _VIEWER)
    return or_(*(person.in_(below) for person in (matters.c.supervisee, matters.c.supervisor, matters.c.person)))


def _administrator(office: Office) -> frozenset[Workflow]:
    return _OPEN if Role.administrator in office.roles else frozenset()


_BY_NAME = frozenset(Role) - {
    Role.hr, Role.auditor, Role.administrator, Role.head_of_service, Role.investigator, Role.system, Role.line_manager,
    Role.senior_manager, Role.accountable_manager,
}  # fmt: skip
_HR_ACTS = frozenset({Role.hr})

GROUNDS: tuple[Ground, ...] = (
    Ground("named", "on it by name, now or before", MEMBER, _every(_ALL), _named, acts_as=_BY_NAME),
    Ground(
        "absence", "supervised by whoever is away", MEMBER, _every({Workflow.absence}), _supervisor_is_away,
        acts_as=frozenset({Role.supervisee}),
    ),
    Ground("supervising", "supervising whoever is away", MEMBER, _every({Workflow.absence}), _supervises,
           acts_as=frozenset({Role.supervisor})),
    Ground("reallocation", "whose supervisor a decision changes", MEMBER, _every({Workflow.absence}), _is_reallocated),
    Ground("queue", "in the office whose turn it is", OFFICE, _every(_ALL), queue,
           acts_as=frozenset({Role.hr, Role.auditor, Role.head_of_service, Role.administrator})),
    Ground("hr", "human resources", OFFICE, _hr, _anywhere, Role.hr, _HR_ACTS),
    Ground("referrals", "human resources, unless it is about them", OFFICE, _hr_of_referrals, _is_about_somebody_else,
           Role.hr, _HR_ACTS),
    Ground("auditor", "auditors", OFFICE, _auditor, _anywhere, Role.auditor, frozenset({Role.auditor})),
    Ground("grant", "with a grant about its person", GRANTED, _grantee, _is_granted, Role.investigator),
    Ground("line", "in the line above its people", ABOVE, _every(_OPEN - APART - {Workflow.grant}), _is_above,
           acts_as=frozenset({Role.line_manager, Role.senior_manager, Role.accountable_manager})),
    Ground("administrator", "administrators", SHELL, _administrator, _anywhere, Role.administrator,
           frozenset({Role.administrator})),
)  # fmt: skip


def by(standing: int, office: Office) -> ColumnElement[bool]:
    """Whether a viewer comes to a row of `matters` by a ground that gives this standing."""
    return or_(*(ground.condition(office) for ground in GROUNDS if ground.standing == standing))


def reads(standing: int, *, line_reads: bool) -> bool:
    """Whether somebody who stands like this reads the content, and not only the shell."""
    return line_reads if standing == ABOVE else standing in {MEMBER, OFFICE, GRANTED}


def parameters(viewer: str, supervisor: str | None, cover: str | None, now: object) -> dict[str, Any]:
    """What every condition here is filled in with, besides the organisation."""
    return {"viewer": viewer, "viewer_supervisor": supervisor, "viewer_cover": cover, "viewer_now": now}

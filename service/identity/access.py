"""Who may see which matter, as one SQL predicate for single reads, lists and counts, and who may read its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.identity.untold import untold
from service.storage.tables import line, matter_people, matters
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.picture import Picture
    from workflows.policy import Access

#: Sealed: known to its own people alone, whatever else somebody may see.
SEALED = frozenset({"referral"})
#: Known to their own people, to their office and as a shell: neither to the line above nor to HR.
APART = frozenset({Workflow.audit.value})
#: What HR keeps for everybody, whatever the policy says about records.
_HR_KEEPS = tuple(
    workflow.value for workflow in (Workflow.absence, Workflow.employment, Workflow.disclosure, Workflow.retention)
)
#: The roles by which somebody comes to what they have no part in, and perhaps to what is about them.
_OFFICES_THAT_SEE_WIDELY = frozenset({Role.hr, Role.auditor, Role.administrator})
#: How somebody stands to a matter, nearest first; 0 is nobody.
MEMBER, OFFICE, ABOVE, SHELL = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Office:
    """What decides, besides who asks, which rows they see: statements are made once for each."""

    roles: frozenset[Role]
    hr_reads: bool
    auditor_reads: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks, with what decides what they see."""

    organisation_id: UUID
    ref: str
    office: Office
    #: Whether the line above reads what it sees.
    line_reads: bool
    #: Whose absence touches them: whoever supervises them on the list, and whoever covers.
    supervisor: str | None
    cover: str | None

    @staticmethod
    def of(organisation_id: UUID, ref: str, picture: Picture, access: Access) -> Viewer:
        """Somebody in the directory; one who is not on it sees nothing."""
        person = picture.directory.get(ref)
        office = Office(person.app_roles if person else frozenset(), access.hr.value, access.auditor.value)
        supervisor, cover = (person.supervisor, person.cover) if person else (None, None)
        return Viewer(organisation_id, ref, office, access.line_above.value, supervisor, cover)

    @property
    def roles(self) -> frozenset[Role]:
        """Their roles in the service."""
        return self.office.roles

    def parameters(self) -> dict[str, Any]:
        """What the statements below are executed with."""
        return {
            "own": self.organisation_id,
            "viewer": self.ref,
            "viewer_supervisor": self.supervisor,
            "viewer_cover": self.cover,
        }

    def reads(self, standing: int) -> bool:
        """Whether somebody who stands like this reads the content, and not only the shell."""
        return self.line_reads if standing == ABOVE else standing in {MEMBER, OFFICE}


#: The organisation whose rows are read, in every statement of a viewer.
OWN = bindparam("own", type_=Uuid)


@cache
def standing(office: Office) -> ColumnElement[int]:
    """How a viewer stands to a row of `matters`: MEMBER, OFFICE, ABOVE, SHELL, or 0."""
    by_office = ((_in_office(office), OFFICE), (_above(), ABOVE), (_shell(office), SHELL))
    return case((_member(), MEMBER), (_kept_from(office), 0), *by_office, else_=0).label("standing")


@cache
def sees(office: Office) -> ColumnElement[bool]:
    """Whether a row of `matters` is the viewer's to know."""
    by_office = or_(_above(), _in_office(office), _shell(office))
    return or_(_member(), and_(by_office, ~_kept_from(office)))


def sees_all(office: Office, workflow: Workflow) -> bool:
    """Whether an office shows every matter of a workflow, so that no row needs to be asked about.

    Of what is sealed, or kept from those whom it is about, that is never so.
    """
    if workflow in SEALED | APART | {Workflow.disclosure}:
        return False
    reads = (office.hr_reads and Role.hr in office.roles) or (office.auditor_reads and Role.auditor in office.roles)
    return Role.administrator in office.roles or reads


def _member() -> ColumnElement[bool]:
    """On the matter by name, now or before; or among those whose supervisor is away."""
    named = exists().where(
        matter_people.c.organisation_id == matters.c.organisation_id,
        matter_people.c.matter_id == matters.c.id,
        matter_people.c.person == bindparam("viewer", type_=String),
    )
    above = (bindparam("viewer_supervisor", type_=String), bindparam("viewer_cover", type_=String))
    return or_(named, and_(matters.c.workflow == Workflow.absence.value, matters.c.person.in_(above)))


def _above() -> ColumnElement[bool]:
    """In the line of management above one of its people."""
    viewer = bindparam("viewer", type_=String)
    below = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == viewer)
    people = (matters.c.supervisee, matters.c.supervisor, matters.c.person)
    return and_(matters.c.workflow.not_in(SEALED | APART), or_(*(person.in_(below) for person in people)))


def _in_office(office: Office) -> ColumnElement[bool]:
    """By an office: HR, audit, or a role whose queue has the matter."""
    parts: list[ColumnElement[bool]] = [_queue(office)]
    if Role.hr in office.roles:
        everything = and_(_everything(), matters.c.workflow.not_in(APART))
        parts.append(everything if office.hr_reads else matters.c.workflow.in_(_HR_KEEPS))
        parts.append(_referred())
    if Role.auditor in office.roles:
        parts.append(_everything() if office.auditor_reads else matters.c.workflow == Workflow.audit.value)
    return or_(*parts)


def _kept_from(office: Office) -> ColumnElement[bool]:
    """What an office would show, and is not to show to this viewer, whom it is about."""
    return untold() if office.roles & _OFFICES_THAT_SEE_WIDELY else false()


def _referred() -> ColumnElement[bool]:
    """HR knows of every referral but one about its reader, who comes to it as anybody else does."""
    about = matters.c.supervisee == bindparam("viewer", type_=String)
    return and_(matters.c.workflow == Workflow.referral.value, ~about)


def _queue(office: Office) -> ColumnElement[bool]:
    return matters.c.holder_role.in_(sorted(role.value for role in office.roles) or [""])


def _shell(office: Office) -> ColumnElement[bool]:
    """An administrator sees that a matter exists and where it stands, and never a word of it."""
    return _everything() if Role.administrator in office.roles else false()


def _everything() -> ColumnElement[bool]:
    return matters.c.workflow.not_in(SEALED)


@cache
def _standing_of_one(office: Office) -> Select[Any]:
    one = bindparam("matter", type_=Uuid)
    return select(standing(office)).where(matters.c.organisation_id == OWN, matters.c.id == one)


def standing_of(connection: Connection, viewer: Viewer, matter_id: UUID) -> int:
    """How somebody stands to one matter; 0 also where there is no such matter."""
    found = connection.execute(_standing_of_one(viewer.office), viewer.parameters() | {"matter": matter_id})
    how: int | None = found.scalar_one_or_none()
    return how or 0


@cache
def waits_for(office: Office, dialect: str) -> ColumnElement[bool]:
    """Whether a matter waits for the viewer: as its holder, in a role's queue, or among several."""
    viewer = bindparam("viewer", type_=String)
    mine = select(matter_people.c.matter_id).where(
        matter_people.c.organisation_id == OWN, matter_people.c.person == viewer
    )
    among = and_(matters.c.id.in_(mine), _lists_viewer(dialect))
    return or_(matters.c.holder == viewer, and_(matters.c.holder.is_(None), _queue(office)), among)


def _lists_viewer(dialect: str) -> ColumnElement[bool]:
    """Whether the people whom a matter waits for include the viewer."""
    viewer = bindparam("viewer", type_=String)
    if dialect == "postgresql":
        return type_coerce(matters.c.waiting_for, JSONB).contains(func.jsonb_build_array(viewer))
    each = func.json_each(matters.c.waiting_for).table_valued("value")
    return exists(select(literal(1)).select_from(each).where(each.c.value == viewer))

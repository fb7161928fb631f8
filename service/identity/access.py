"""Who may see which matter, as one SQL predicate for single reads, lists and counts, and who may read its content."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
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
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.identity.grounds import (
    ABOVE,
    APART,
    GRANTED,
    MEMBER,
    OFFICE,
    OWN,
    SEALED,
    SHELL,
    Office,
    by,
    parameters,
    reads,
)
from service.identity.untold import untold
from service.storage.matter_tables import WAITS_FOR_SEVERAL, matter_people, matters
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from service.engine.picture import Organisation, Picture
    from workflows.policy import Access

#: The roles by which somebody comes to what they have no part in, and perhaps to what is about them.
_OFFICES_THAT_SEE_WIDELY = frozenset({Role.hr, Role.auditor, Role.administrator, Role.head_of_service})


class Viewer(Struct, frozen=True):
    """Somebody who asks, with what decides what they see."""

    organisation_id: UUID
    ref: str
    office: Office
    #: Whether the line above reads what it sees.
    line_reads: bool
    #: Whose absence touches them: whoever supervises them on the list, and whoever covers.
    supervisor: str | None
    cover: str | None

    #: The instant at which they ask.
    now: datetime

    @staticmethod
    def of(organisation: Organisation, ref: str, picture: Picture, access: Access) -> Viewer:
        """Somebody in the directory; one who is not on it sees nothing."""
        person = picture.directory.get(ref)
        office = Office(person.app_roles if person else frozenset(), access.hr.value, access.auditor.value)
        supervisor, cover = (person.supervisor, person.cover) if person else (None, None)
        return Viewer(organisation.id, ref, office, access.line_above.value, supervisor, cover, organisation.now)

    @property
    def roles(self) -> frozenset[Role]:
        """Their roles in the service."""
        return self.office.roles

    def parameters(self) -> dict[str, Any]:
        """What the statements below are executed with."""
        return {"own": self.organisation_id, **parameters(self.ref, self.supervisor, self.cover, self.now)}

    def reads(self, standing: int) -> bool:
        """Whether somebody who stands like this reads the content, and not only the shell."""
        return reads(standing, line_reads=self.line_reads)


@cache
def standing(office: Office) -> ColumnElement[int]:
    """How a viewer stands to a row of `matters`: by the nearest ground that they have, or 0."""
    by_office = ((by(how, office), how) for how in (OFFICE, GRANTED, ABOVE, SHELL))
    return case((by(MEMBER, office), MEMBER), (_kept_from(office), 0), *by_office, else_=0).label("standing")


@cache
def sees(office: Office) -> ColumnElement[bool]:
    """Whether a row of `matters` is the viewer's to know."""
    otherwise = or_(*(by(how, office) for how in (ABOVE, OFFICE, GRANTED, SHELL)))
    return or_(by(MEMBER, office), and_(otherwise, ~_kept_from(office)))


def sees_all(office: Office, workflow: Workflow) -> bool:
    """Whether an office shows every matter of a workflow, so that no row needs to be asked about.

    Of what is sealed, or kept from those whom it is about, that is never so.
    """
    if workflow in SEALED | APART | {Workflow.disclosure, Workflow.grant}:
        return False
    reads = (office.hr_reads and Role.hr in office.roles) or (office.auditor_reads and Role.auditor in office.roles)
    return Role.administrator in office.roles or reads


def _kept_from(office: Office) -> ColumnElement[bool]:
    """What an office would show, and is not to show to this viewer, whom it is about."""
    return untold() if office.roles & _OFFICES_THAT_SEE_WIDELY else false()


@cache
def _standing_of_one(office: Office) -> Select[Any]:
    one = bindparam("matter", type_=Uuid)
    return select(standing(office)).where(matters.c.organisation_id == OWN, matters.c.id == one)


def standing_of(connection: Connection, viewer: Viewer, matter_id: UUID) -> int:
    """How somebody stands to one matter; 0 also where there is no such matter."""
    found = connection.execute(_standing_of_one(viewer.office), viewer.parameters() | {"matter": matter_id})
    how: int | None = found.scalar_one_or_none()
    return how or 0


#: Matters as they are looked for by whom they wait for, each way by an index of its own.
_WAITING = matters.alias("waiting")


@cache
def waits_for(office: Office, dialect: str) -> ColumnElement[bool]:
    """Whether a matter waits for the viewer: as its holder, in a role's queue, or among several."""
    own, viewer = _WAITING.c.organisation_id == OWN, bindparam("viewer", type_=String)
    held = select(_WAITING.c.id).where(own, _WAITING.c.holder == viewer)
    named = and_(
        matter_people.c.organisation_id == _WAITING.c.organisation_id, matter_people.c.matter_id == _WAITING.c.id
    )
    among = (
        select(_WAITING.c.id)
        .select_from(_WAITING.join(matter_people, named))
        .where(own, matter_people.c.organisation_id == OWN, matter_people.c.person == viewer)
        .where(text(WAITS_FOR_SEVERAL.format("waiting")), _lists_viewer(dialect))
    )
    in_queue = select(_WAITING.c.id).where(
        own, _WAITING.c.holder.is_(None), _WAITING.c.holder_role.in_(sorted(role.value for role in office.roles))
    )
    return matters.c.id.in_(union_all(held, among, *([in_queue] if office.roles else [])))


def _lists_viewer(dialect: str) -> ColumnElement[bool]:
    """Whether the people whom a matter waits for include the viewer."""
    viewer = bindparam("viewer", type_=String)
    if dialect == "postgresql":
        return type_coerce(_WAITING.c.waiting_for, JSONB).contains(func.jsonb_build_array(viewer))
    each = func.json_each(_WAITING.c.waiting_for).table_valued("value")
    return exists(select(literal(1)).select_from(each).where(each.c.value == viewer))

"""Who may see which matter, as one SQL predicate for single reads, lists and counts, and who may read its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, false, func, literal, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from service.storage.tables import line, matter_people, matters
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.picture import Picture
    from workflows.policy import Access

#: Sealed: known to its own people alone, whatever else somebody may see.
SEALED = frozenset({"referral"})
#: What HR keeps for everybody, whatever the policy says about records.
_HR_KEEPS = (Workflow.absence.value, Workflow.employment.value)
#: How somebody stands to a matter, nearest first; 0 is nobody.
MEMBER, ABOVE, OFFICE, SHELL = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks, with what decides what they see."""

    organisation_id: UUID
    ref: str
    roles: frozenset[Role]
    access: Access
    #: Whose absence touches them: whoever supervises or covers them.
    supervisors: tuple[str, ...]

    @staticmethod
    def of(organisation_id: UUID, ref: str, picture: Picture, access: Access) -> Viewer:
        """Somebody in the directory; one who is not on it sees nothing."""
        person = picture.directory.get(ref)
        roles = person.app_roles if person else frozenset()
        above = (person.supervisor, person.cover) if person else ()
        return Viewer(organisation_id, ref, roles, access, tuple(s for s in above if s))

    def standing(self) -> ColumnElement[int]:
        """How they stand to a row of `matters`: MEMBER, ABOVE, OFFICE, SHELL, or 0."""
        return case(
            (self._member(), MEMBER),
            (self._above(), ABOVE),
            (self._office(), OFFICE),
            (self._shell(), SHELL),
            else_=0,
        )

    def sees(self) -> ColumnElement[bool]:
        """Whether a row of `matters` is theirs to know."""
        return or_(self._member(), self._above(), self._office(), self._shell())

    def reads(self, standing: int) -> bool:
        """Whether somebody who stands like this reads the content, and not only the shell."""
        if standing == ABOVE:
            return self.access.line_above.value
        return standing in (MEMBER, OFFICE)

    def _member(self) -> ColumnElement[bool]:
        """On the matter by name, now or before; or among those whose supervisor is away."""
        named = exists().where(
            matter_people.c.organisation_id == matters.c.organisation_id,
            matter_people.c.matter_id == matters.c.id,
            matter_people.c.person == self.ref,
        )
        if not self.supervisors:
            return named
        away = and_(matters.c.workflow == Workflow.absence.value, matters.c.person.in_(self.supervisors))
        return or_(named, away)

    def _above(self) -> ColumnElement[bool]:
        """In the line of management above one of its people."""
        below = select(line.c.below).where(line.c.organisation_id == self.organisation_id, line.c.above == self.ref)
        people = (matters.c.supervisee, matters.c.supervisor, matters.c.person)
        return and_(matters.c.workflow.not_in(SEALED), or_(*(person.in_(below) for person in people)))

    def _office(self) -> ColumnElement[bool]:
        """By an office: HR, audit, or a role whose queue has the matter."""
        queue = matters.c.holder_role.in_([role.value for role in self.roles] or [""])
        parts: list[ColumnElement[bool]] = [queue]
        if Role.hr in self.roles:
            parts.append(_everything() if self.access.hr.value else matters.c.workflow.in_(_HR_KEEPS))
        if Role.auditor in self.roles and self.access.auditor.value:
            parts.append(_everything())
        return or_(*parts)

    def _shell(self) -> ColumnElement[bool]:
        """An administrator sees that a matter exists and where it stands, and never a word of it."""
        return _everything() if Role.administrator in self.roles else false()


def _everything() -> ColumnElement[bool]:
    return matters.c.workflow.not_in(SEALED)


def standing_of(connection: Connection, viewer: Viewer, matter_id: UUID) -> int:
    """How somebody stands to one matter; 0 also where there is no such matter."""
    query = select(viewer.standing()).where(
        matters.c.organisation_id == viewer.organisation_id, matters.c.id == matter_id
    )
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found or 0


def waits_for(viewer: Viewer, dialect: str) -> ColumnElement[bool]:
    """Whether a matter waits for this person: as its holder, in a role's queue, or among several."""
    mine = select(matter_people.c.matter_id).where(
        matter_people.c.organisation_id == viewer.organisation_id, matter_people.c.person == viewer.ref
    )
    among = and_(matters.c.id.in_(mine), _lists(matters.c.waiting_for, viewer.ref, dialect))
    queue = matters.c.holder_role.in_([role.value for role in viewer.roles] or [""])
    return or_(matters.c.holder == viewer.ref, and_(matters.c.holder.is_(None), queue), among)


def _lists(column: Any, ref: str, dialect: str) -> ColumnElement[bool]:  # noqa: ANN401 - a JSON column
    if dialect == "postgresql":
        return type_coerce(column, JSONB).contains([ref])
    each = func.json_each(column).table_valued("value")
    return exists(select(literal(1)).select_from(each).where(each.c.value == ref))

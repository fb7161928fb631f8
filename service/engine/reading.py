"""Matters as people and machines read them: one shape for a single matter, a list, an inbox and a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, Uuid, bindparam, select

from service.engine.guiding import guidance_shape, offered
from service.engine.masking import Texts, masked, reads_masked
from service.engine.picture import Organisation, Picture
from service.engine.report_back import with_suggestions
from service.engine.rows import matter_of
from service.engine.texts import as_data, merged, read_texts
from service.engine.withholding import receipt_told, texts_told, told
from service.engine.work import Work
from service.identity.access import Viewer, sees, standing, standing_of
from service.identity.grounds import OWN, Office
from service.storage.fetching import fetch, one_of
from service.storage.matter_tables import deadlines, matters, steps
from service.storage.sealing import Sealer
from workflows.guidance import for_matter
from workflows.machine import available
from workflows.model import Actor, Deadline, Facts, Matter
from workflows.receipts import iso
from workflows.record_form import kept_form, shape
from workflows.roles import is_own, roles_of
from workflows.vocabulary import Status, Workflow

#: What rules keep with a matter for themselves.
_INTERNAL = frozenset(
    {
        "opened_by",
        "window_from",
        "filled",
        "replacement",
        "supersedes",
        "returns",
        "event",
        "since",
        "top_of_the_line",
        "stranded",
        "late_since",
        "contributor",
        "cancelled_by",
    }
)

#: What a session tells whoever supervises in it alone: when others are away, and what else they have to do (0010).
_TO_THE_SUPERVISOR = frozenset({"conflicts"})


@cache
def _deadlines(dialect: str) -> Select[Any]:
    own = (deadlines.c.organisation_id == OWN, one_of(deadlines.c.matter_id, "ids", dialect))
    return select(deadlines).where(*own).order_by(deadlines.c.matter_id, deadlines.c.number)


@cache
def visible(office: Office) -> Select[Any]:
    """The matters that a viewer sees, whole rows with their standing."""
    return select(matters, standing(office)).where(matters.c.organisation_id == OWN, sees(office))


@cache
def _visible_one(office: Office) -> Select[Any]:
    return visible(office).where(matters.c.id == bindparam("matter", type_=Uuid))


@cache
def _children(office: Office, dialect: str) -> Select[Any]:
    below = one_of(matters.c.parent, "ids", dialect)
    columns = (matters.c.parent, matters.c.id, matters.c.workflow, matters.c.state)
    return select(*columns).where(matters.c.organisation_id == OWN, below, sees(office)).order_by(matters.c.id)


class Below(Struct, frozen=True):
    """What there may be beside the rows of matters; what is known to be absent is not looked for."""

    children: bool = True
    texts: bool = True
    #: The matters whose texts are not read here.
    unopened: frozenset[UUID] = frozenset()
    #: Children that are at hand, and not written yet; the viewer is named on each.
    opened: tuple[Matter, ...] = ()


class Listed(NamedTuple):
    """A matter in a list: as rules know it, and as it is shown."""

    matter: Matter
    shape: dict[str, Any]


class Reader(Struct, frozen=True):
    """Reads for one person in one transaction."""

    connection: Connection
    organisation: Organisation
    picture: Picture
    sealer: Sealer
    viewer: Viewer

    def matter(self, matter_id: UUID, work: Work) -> dict[str, Any] | None:
        """One matter with the asker's own moves and guidance, or None where it is not theirs to know."""
        row = self._row(matter_id)
        if row is None:
            return None
        own = [_deadline(kept) for kept in self._deadlines([matter_id])[matter_id]]
        matter = matter_of(row, ())
        seen = {**self.shown(matter, row.standing, work, own), "guidance": self._guidance(matter, work.facts(matter))}
        offer = self._offer(matter) if self.viewer.reads(row.standing) else None
        return with_suggestions(self, {**seen, "offered": offer} if offer else seen)

    def standing(self, matter_id: UUID) -> int:
        """How the asker stands to a matter; 0 also where there is no such matter."""
        return standing_of(self.connection, self.viewer, matter_id)

    def _row(self, matter_id: UUID) -> Row[Any] | None:
        values = self.viewer.parameters() | {"matter": matter_id}
        return self.connection.execute(_visible_one(self.viewer.office), values).one_or_none()

    def _guidance(self, matter: Matter, facts: Facts) -> list[dict[str, Any]]:
        """What the asker is told and asked where the matter stands; it is no content of it."""
        return guidance_shape(for_matter(facts.policy, matter, roles_of(Actor(self.viewer.ref), matter, facts)))

    def _offer(self, matter: Matter) -> dict[str, Any] | None:
        """What was prepared for the session of a draft, for whoever may read that session as well."""
        if matter.workflow is not Workflow.record or matter.state != "draft" or matter.parent is None:
            return None
        session = self._row(matter.parent)
        if session is None or not self.viewer.reads(session.standing):
            return None
        texts = read_texts(self.connection, self.sealer, self.organisation.id, [matter.parent]).get(matter.parent, {})
        return offered(as_data(self.texts_for(matter_of(session, ()), session.standing, texts)), matter.case)

    def shown(
        self, matter: Matter, standing: int, work: Work, own: Sequence[Deadline], below: Below | None = None
    ) -> dict[str, Any]:
        """A matter at hand, as somebody who stands like this to it sees it, with their own moves."""
        moves = self.moves(matter.changed(deadlines=tuple(own)), work.facts(matter))
        shell = self._shapes([(matter, standing)], {matter.id: own}, below)[0]
        return {**shell, **self._form(matter, standing), "moves": moves}

    def _form(self, matter: Matter, standing: int) -> dict[str, Any]:
        """The form that a record was opened with, for whoever reads the record."""
        if matter.workflow is not Workflow.record or not self.viewer.reads(standing):
            return {}
        policy = self.picture.policies[matter.policy, matter.policy_version]
        return {"form": shape(kept_form(policy, matter.kind, matter.data.get("form")))}

    def moves(self, matter: Matter, facts: Facts) -> list[dict[str, Any]]:
        """The moves that the asker could make now."""
        found = available(matter, Actor(self.viewer.ref), facts, self.organisation.now)
        return [{"trigger": m.trigger, "label": m.label or m.trigger, "needs": m.payload.needs()} for m in found]

    def shapes(self, rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
        """Rows of matters with their `standing`, as lists show them; with as few statements as one row needs.

        What somebody wrote is there for those whose own it is: anybody else opens the matter, and is written down.
        """
        found = [(matter_of(row, ()), row.standing) for row in rows]
        unopened = frozenset(matter.id for matter, standing in found if self.opens(matter, standing))
        return self._shapes(found, self._deadlines([matter.id for matter, _ in found]), Below(unopened=unopened))

    def listed(self, rows: Iterable[Row[Any]]) -> list[Listed]:
        """Rows of matters with their `standing`, as a page of work goes through them, read as few times as one list.

        What is below them is not there; and of what somebody wrote only whether an agreement is filled in.
        """
        found = [(matter_of(row, ()), row.standing) for row in rows]
        deadlines_of = self._deadlines([matter.id for matter, _ in found])
        own = {matter_id: [_deadline(row) for row in kept] for matter_id, kept in deadlines_of.items()}
        unread = frozenset(m.id for m, how in found if m.workflow is not Workflow.agreement or self.opens(m, how))
        shapes = self._shapes(found, own, Below(children=False, unopened=unread))
        return [
            Listed(matter.changed(deadlines=tuple(own.get(matter.id, ()))), shape)
            for (matter, _), shape in zip(found, shapes, strict=True)
        ]

    def opens(self, matter: Matter, standing: int) -> bool:
        """Whether reading the content is written down: that of a matter that is not the asker's own."""
        return self.viewer.reads(standing) and not is_own(matter, self.viewer.ref)

    def _shapes(
        self,
        found: list[tuple[Matter, int]],
        own: Mapping[UUID, Sequence[Row[Any] | Deadline]],
        below: Below | None = None,
    ) -> list[dict[str, Any]]:
        there = below or Below()
        children = self._children([matter.id for matter, _ in found if there.children])
        for child in there.opened:
            if child.parent is not None:
                children[child.parent].append(_child_shape(child.id, child.workflow.value, child.state))
                children[child.parent].sort(key=itemgetter("id"))
        readable = [matter.id for matter, standing in found if there.texts and self.viewer.reads(standing)]
        readable = [matter_id for matter_id in readable if matter_id not in there.unopened]
        texts = read_texts(self.connection, self.sealer, self.organisation.id, readable)
        return [
            {
                **_shape(matter, [_deadline_shape(row) for row in own.get(matter.id, ())], children[matter.id]),
                "data": self._data(matter, standing, texts.get(matter.id, {})) if self.viewer.reads(standing) else {},
            }
            for matter, standing in found
        ]

    def _data(self, matter: Matter, standing: int, by_step: Texts) -> dict[str, Any]:
        hidden = _INTERNAL if matter.supervisor == self.viewer.ref else _INTERNAL | _TO_THE_SUPERVISOR
        kept = {name: value for name, value in matter.data.items() if name not in hidden}
        return merged(self.told(matter)(kept), self.texts_for(matter, standing, by_step))

    def told(self, matter: Matter) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What makes of the data of a matter, or of a step of it, what the asker is told."""
        return told(self.viewer, matter, self.picture.directory)

    def texts_for(self, matter: Matter, standing: int, by_step: Texts) -> Texts:
        """The texts of a matter as somebody who stands like this reads them."""
        by_step = texts_told(self.viewer, matter, self.picture.directory, by_step)
        if not by_step or not reads_masked(self.viewer, standing):
            return by_step
        return masked(self.picture.policies[matter.policy, matter.policy_version], matter, by_step)

    def _deadlines(self, ids: list[UUID]) -> dict[UUID, list[Row[Any]]]:
        found: dict[UUID, list[Row[Any]]] = defaultdict(list)
        query = _deadlines(self.connection.dialect.name)
        for row in fetch(self.connection, query, {"own": self.organisation.id, "ids": ids}):
            found[row.matter_id].append(row)
        return found

    def _children(self, ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
        found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        if not ids:
            return found
        query = _children(self.viewer.office, self.connection.dialect.name)
        for row in fetch(self.connection, query, self.viewer.parameters() | {"ids": ids}):
            found[row.parent].append(_child_shape(row.id, row.workflow, row.state))
        return found

    def history(self, matter_id: UUID, standing: int, after: int, limit: int) -> list[dict[str, Any]]:
        """The steps of a matter after a number, oldest first; what they say only for those who read the content."""
        query = (
            select(steps)
            .where(steps.c.organisation_id == self.organisation.id, steps.c.matter_id == matter_id)
            .where(steps.c.number > after)
            .order_by(steps.c.number)
            .limit(limit)
        )
        kept = self._row(matter_id) if self.viewer.reads(standing) else None
        found = self.connection.execute(query)
        if kept is None:
            return [_step_shape(row, _shell(row.data), {}) for row in found]
        matter = matter_of(kept, ())
        texts = read_texts(self.connection, self.sealer, self.organisation.id, [matter_id]).get(matter_id, {})
        texts, said = self.texts_for(matter, standing, texts), self.told(matter)
        return [_step_shape(row, said(row.data), texts.get(row.number, {})) for row in found]


def _shape(matter: Matter, own: list[dict[str, Any]], children: list[dict[str, Any]]) -> dict[str, Any]:
    """The shell of a matter: where it stands, and nothing that anybody wrote."""
    return {
        "id": str(matter.id), "workflow": matter.workflow.value, "kind": matter.kind, "state": matter.state,
        "version": matter.version, "policy": {"id": matter.policy, "version": matter.policy_version},
        "parties": matter.parties(), "holder": matter.holder,
        "holder_role": matter.holder_role.value if matter.holder_role else None,
        "waiting_for": list(matter.waiting_for), "case": matter.case,
        "parent": str(matter.parent) if matter.parent else None, "children": children,
        "opened_at": iso(matter.opened_at), "closed_at": iso(matter.closed_at) if matter.closed_at else None,
        "deadlines": own,
    }  # fmt: skip


def _child_shape(child_id: UUID, workflow: str, state: str) -> dict[str, Any]:
    return {"id": str(child_id), "workflow": workflow, "state": state}


def _deadline(row: Row[Any]) -> Deadline:
    return Deadline(row.number, row.name, Status(row.status), row.enforces, row.due, row.fires_at, row.receipt)


def _deadline_shape(row: Row[Any] | Deadline) -> dict[str, Any]:
    return {
        "name": row.name,
        "due": iso(row.due) if row.due else None,
        "status": row.status,
        "enforces": row.enforces,
        "receipt": receipt_told(row.receipt),
    }


def _shell(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a step says of the course of a matter, and nothing of its content, such as why somebody is away."""
    return {name: value for name, value in data.items() if name == "deadlines"}


def _step_shape(row: Row[Any], data: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    said = {name: text for name, text in texts.items() if name != "reason"}
    found = {
        "seq": row.number, "trigger": row.trigger, "source": row.source, "dest": row.dest,
        "actor": {"ref": row.actor} if row.actor else {"system": True}, "role": row.role, "at": iso(row.at),
        "clause": row.clause, "data": {**data, **said}, "hash": row.hash.hex(),
    }  # fmt: skip
    return {**found, "reason": texts["reason"]} if "reason" in texts else found

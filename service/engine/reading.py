"""Matters as people and machines read them: one shape for a single matter, a list, an inbox and a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from service.engine.picture import Organisation, Picture
from service.engine.rows import matter_of
from service.engine.texts import as_data, read_texts
from service.engine.work import Work
from service.identity.access import Viewer
from service.storage.sealing import Sealer
from service.storage.tables import deadlines, matters, steps
from workflows.machine import available
from workflows.model import Actor, Deadline, Facts, Matter
from workflows.receipts import iso
from workflows.vocabulary import Status

#: What rules keep with a matter for themselves.
_INTERNAL = frozenset({"opened_by", "window_from", "filled", "replacement", "supersedes", "returns", "event", "since"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one person in one transaction."""

    connection: Connection
    organisation: Organisation
    picture: Picture
    sealer: Sealer
    viewer: Viewer

    def matter(self, matter_id: UUID, work: Work) -> dict[str, Any] | None:
        """One matter with the asker's own moves, or None where it is not theirs to know."""
        query = self._visible().where(matters.c.id == matter_id)
        rows = list(self.connection.execute(query))
        if not rows:
            return None
        shape = self.shapes(rows)[0]
        matter = matter_of(rows[0], self._live_deadlines(matter_id))
        shape["moves"] = self.moves(matter, work.facts(matter))
        return shape

    def moves(self, matter: Matter, facts: Facts) -> list[dict[str, Any]]:
        """The moves that the asker could make now."""
        found = available(matter, Actor(self.viewer.ref), facts, self.organisation.now)
        return [{"trigger": m.trigger, "label": m.label or m.trigger, "needs": m.payload.needs()} for m in found]

    def _visible(self) -> Any:  # noqa: ANN401 - a select of whole rows
        standing = self.viewer.standing().label("standing")
        return select(matters, standing).where(
            matters.c.organisation_id == self.viewer.organisation_id, self.viewer.sees()
        )

    def shapes(self, rows: Iterable[Row[Any]], until: int | None = None) -> list[dict[str, Any]]:
        """Rows of matters with their `standing`, as they are shown; with as few statements as one row needs."""
        found = list(rows)
        ids = [row.id for row in found]
        readable = [row.id for row in found if self.viewer.reads(row.standing)]
        own = self._deadlines(ids)
        children = self._children(ids)
        texts = read_texts(self.connection, self.sealer, self.organisation.id, readable, until)
        return [
            {**shape(row, own[row.id], children[row.id]), "data": self._data(row, texts.get(row.id, {}))}
            for row in found
        ]

    def _data(self, row: Row[Any], by_step: dict[int, dict[str, str]]) -> dict[str, Any]:
        if not self.viewer.reads(row.standing):
            return {}
        kept = {name: value for name, value in row.data.items() if name not in _INTERNAL}
        return {**kept, **as_data(by_step)}

    def _deadlines(self, ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
        query = select(deadlines).where(
            deadlines.c.organisation_id == self.organisation.id, deadlines.c.matter_id.in_(ids)
        )
        found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in self.connection.execute(query.order_by(deadlines.c.matter_id, deadlines.c.number)):
            found[row.matter_id].append(_deadline_shape(row))
        return found

    def _live_deadlines(self, matter_id: UUID) -> tuple[Deadline, ...]:
        query = select(deadlines).where(
            deadlines.c.organisation_id == self.organisation.id, deadlines.c.matter_id == matter_id
        )
        return tuple(
            Deadline(r.number, r.name, Status(r.status), r.enforces, r.due, r.fires_at, r.receipt)
            for r in self.connection.execute(query.order_by(deadlines.c.number))
        )

    def _children(self, ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
        query = select(matters.c.parent, matters.c.id, matters.c.workflow, matters.c.state).where(
            matters.c.organisation_id == self.organisation.id, matters.c.parent.in_(ids), self.viewer.sees()
        )
        found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in self.connection.execute(query.order_by(matters.c.id)):
            found[row.parent].append({"id": str(row.id), "workflow": row.workflow, "state": row.state})
        return found

    def history(self, matter_id: UUID, standing: int, after: int, limit: int) -> list[dict[str, Any]]:
        """The steps of a matter after a number, oldest first; free text only for those who read the content."""
        query = (
            select(steps)
            .where(steps.c.organisation_id == self.organisation.id, steps.c.matter_id == matter_id)
            .where(steps.c.number > after)
            .order_by(steps.c.number)
            .limit(limit)
        )
        reads = self.viewer.reads(standing)
        own = [matter_id] if reads else []
        texts = read_texts(self.connection, self.sealer, self.organisation.id, own).get(matter_id, {})
        return [_step_shape(row, texts.get(row.number, {})) for row in self.connection.execute(query)]


def shape(row: Row[Any], own: list[dict[str, Any]], children: list[dict[str, Any]]) -> dict[str, Any]:
    """The shell of a matter: where it stands, and nothing that anybody wrote."""
    parties = {"supervisee": row.supervisee, "supervisor": row.supervisor, "person": row.person}
    return {
        "id": str(row.id), "workflow": row.workflow, "kind": row.kind, "state": row.state, "version": row.version,
        "policy": {"id": row.policy_id, "version": row.policy_version},
        "parties": {role: ref for role, ref in parties.items() if ref},
        "holder": row.holder, "holder_role": row.holder_role, "waiting_for": row.waiting_for, "case": row.case_ref,
        "parent": str(row.parent) if row.parent else None, "children": children,
        "opened_at": iso(row.opened_at), "closed_at": iso(row.closed_at) if row.closed_at else None,
        "deadlines": own,
    }  # fmt: skip


def _deadline_shape(row: Row[Any]) -> dict[str, Any]:
    return {
        "name": row.name,
        "due": iso(row.due) if row.due else None,
        "status": row.status,
        "enforces": row.enforces,
        "receipt": row.receipt,
    }


def _step_shape(row: Row[Any], texts: Mapping[str, str]) -> dict[str, Any]:
    said = {name: text for name, text in texts.items() if name != "reason"}
    found = {
        "seq": row.number, "trigger": row.trigger, "source": row.source, "dest": row.dest,
        "actor": {"ref": row.actor} if row.actor else {"system": True}, "role": row.role, "at": iso(row.at),
        "clause": row.clause, "data": {**row.data, **said}, "hash": row.hash.hex(),
    }  # fmt: skip
    return {**found, "reason": texts["reason"]} if "reason" in texts else found

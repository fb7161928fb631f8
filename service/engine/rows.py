"""Matters and cases between the database's rows and the values that rules take."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, Select, String, Uuid, and_, bindparam, exists, func, or_, select

from service.identity.access import Viewer, standing
from service.identity.grounds import OWN, Office
from service.storage.council_tables import cases
from service.storage.fetching import fetch, one_of
from service.storage.matter_tables import deadlines, matter_keys, matters
from workflows.directory import Case
from workflows.frequency_effect import RUNNING
from workflows.lateness import duty_due, overdue_since
from workflows.model import LIVE, Deadline, Ladder, Matter, Selector, Tally
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Role, Status, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The deadlines that rules need: what may still act, and what was missed and might be shown false.
_KNOWN = frozenset({*LIVE, Status.missed})
_DEADLINE = [c.label(f"deadline_{c.name}") for c in deadlines.c if c.name not in ("organisation_id", "matter_id")]
#: Matters as a statement found them first. Once it has waited for a lock, PostgreSQL reads the locked row anew, but not
#: what is joined to it: deadlines and key would be older than their matter.
_FIRST = matters.alias("first_found")


_CASELOAD = select(cases).where(cases.c.organisation_id == OWN, cases.c.worker == bindparam("worker", type_=String))


@cache
def _cases(dialect: str) -> Select[Any]:
    return select(cases).where(cases.c.organisation_id == OWN, one_of(cases.c.ref, "refs", dialect))


class Kept(Struct, frozen=True):
    """A matter as it was read, with what only storage knows of it."""

    matter: Matter
    head: bytes
    wrapped_key: bytes | None


class Seen(Struct, frozen=True):
    """A matter as somebody sees it: how they stand to it, and every deadline that it ever had."""

    kept: Kept
    standing: int
    has_children: bool
    deadlines: tuple[Deadline, ...]


@cache
def _query(*, whole: bool = False) -> Select[Any]:
    """One statement for matters with their keys and deadlines: those that rules need, or the `whole` list."""
    own = and_(deadlines.c.organisation_id == matters.c.organisation_id, deadlines.c.matter_id == matters.c.id)
    if not whole:
        own = and_(own, deadlines.c.status.in_(sorted(_KNOWN)))
    key = and_(matter_keys.c.organisation_id == matters.c.organisation_id, matter_keys.c.matter_id == matters.c.id)
    first = and_(_FIRST.c.organisation_id == matters.c.organisation_id, _FIRST.c.id == matters.c.id)
    joined = _FIRST.join(matters, first).outerjoin(deadlines, own).outerjoin(matter_keys, key)
    return (
        select(matters, _FIRST.c.version.label("first_version"), matter_keys.c.wrapped, *_DEADLINE)
        .select_from(joined)
        .where(matters.c.organisation_id == OWN, _FIRST.c.organisation_id == OWN)
        .order_by(_FIRST.c.id, deadlines.c.number)
    )


@cache
def _by_ids(dialect: str, *, lock: bool) -> Select[Any]:
    query = _query().where(one_of(_FIRST.c.id, "ids", dialect))
    return query.with_for_update(of=matters) if lock else query


@cache
def _seen(office: Office) -> Select[Any]:
    one = _FIRST.c.id == bindparam("matter", type_=Uuid)
    child = matters.alias("child")
    below = exists().where(child.c.organisation_id == OWN, child.c.parent == _FIRST.c.id).label("has_children")
    return _query(whole=True).where(one).add_columns(standing(office), below).with_for_update(of=matters)


@cache
def _selected(names: frozenset[str], states: frozenset[str], *, lock: bool, ever: bool) -> Select[Any]:
    """Matters by the columns and states that a selector names, open ones unless it names an id or asks for `ever`.

    They are asked of what was found first: one that fitted, and no longer does after a wait, is noticed and not lost.
    """
    query = _query().where(_FIRST.c.workflow == bindparam("wanted_workflow", type_=String))
    for name in sorted(names):
        query = query.where(_FIRST.c[name] == bindparam(f"wanted_{name}", type_=matters.c[name].type))
    if states:
        query = query.where(_FIRST.c.state.in_(sorted(states)))
    if not ever and "id" not in names:
        query = query.where(_FIRST.c.closed_at.is_(None))
    return query.with_for_update(of=matters) if lock else query


_TALLIES = (
    select(
        matters.c.supervisee,
        matters.c.workflow,
        func.count().label("all_of_them"),
        func.count(matters.c.closed_at).label("closed"),
    )
    .where(matters.c.organisation_id == OWN, matters.c.supervisee.in_(bindparam("refs", expanding=True)))
    .group_by(matters.c.supervisee, matters.c.workflow)
)


class Rows:
    """The matters and cases of one organisation, read in one transaction."""

    def __init__(self, connection: Connection, organisation_id: UUID) -> None:
        self.connection, self._own = connection, organisation_id

    def matters(self, ids: Iterable[UUID], *, lock: bool = True) -> list[Kept]:
        """Matters by id, locked in the order of their ids so that two writers cannot wait for each other."""
        wanted = list(ids)
        if not wanted:
            return []
        return _kept(self._read(_by_ids(self.connection.dialect.name, lock=lock), {"own": self._own, "ids": wanted}))

    def seen(self, matter_id: UUID, viewer: Viewer) -> Seen | None:
        """One matter, locked, with how the viewer stands to it; None where there is none."""
        found = self._read(_seen(viewer.office), viewer.parameters() | {"matter": matter_id})
        if not found:
            return None
        whole = _kept(found)[0]
        needed = tuple(d for d in whole.matter.deadlines if d.status in _KNOWN)
        kept = Kept(whole.matter.changed(deadlines=needed), whole.head, whole.wrapped_key)
        return Seen(kept, found[0].standing, found[0].has_children, whole.matter.deadlines)

    def selected(self, selector: Selector, *, lock: bool = True) -> list[Kept]:
        """The matters that a rule looks for, open ones unless it says more; `accepts` is the caller's to ask."""
        named = _columns(selector)
        values = {f"wanted_{name}": value for name, value in named.items()}
        values |= {"own": self._own, "wanted_workflow": selector.workflow.value}
        query = _selected(frozenset(named), selector.states, lock=lock, ever=selector.closed_too)
        return _kept(self._read(query, values))

    def _read(self, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """The rows of a statement; one that waited for a lock is asked again, now that nobody else has it."""
        while True:
            found = fetch(self.connection, query, values)
            if all(row.version == row.first_version for row in found):
                return found

    def cases(self, refs: Iterable[str]) -> dict[str, Case]:
        """Cases by ref; a ref that nobody has is left out."""
        query = _cases(self.connection.dialect.name)
        return {
            row.ref: case_of(row) for row in fetch(self.connection, query, {"own": self._own, "refs": sorted(refs)})
        }

    def cases_of(self, worker: str) -> dict[str, Case]:
        """Every case that is with one worker, by ref."""
        values = {"own": self._own, "worker": worker}
        return {row.ref: case_of(row) for row in self.connection.execute(_CASELOAD, values)}

    def tallies(self, supervisees: Iterable[str]) -> dict[str, dict[Workflow, Tally]]:
        """How many matters each of these people has as supervisee, open ones and all, by workflow."""
        found: dict[str, dict[Workflow, Tally]] = defaultdict(dict)
        for row in self.connection.execute(_TALLIES, {"own": self._own, "refs": sorted(supervisees)}):
            found[row.supervisee][Workflow(row.workflow)] = Tally(row.all_of_them - row.closed, row.all_of_them)
        return found

    def population(self, on: date) -> list[Case]:
        """Every case that is not closed on a local date, each with the rating in force here; nothing is locked."""
        own = self._own
        in_force = (
            matters.c.organisation_id == own, matters.c.workflow == Workflow.frequency.value,
            matters.c.closed_at.is_(None), matters.c.state.in_(RUNNING),
        )  # fmt: skip
        rated = select(matters.c.case_ref, matters.c.data["rating"].as_string()).where(*in_force)
        ratings = {row[0]: row[1] for row in self.connection.execute(rated)}
        not_closed = or_(cases.c.closed_on.is_(None), cases.c.closed_on > on)
        open_ = select(cases).where(cases.c.organisation_id == own, not_closed)
        return [replace(case_of(row), rating=ratings.get(row.ref)) for row in self.connection.execute(open_)]


def _columns(selector: Selector) -> dict[str, Any]:
    named = {
        "id": selector.id,
        "supervisee": selector.supervisee,
        "supervisor": selector.supervisor,
        "person": selector.person,
        "holder": selector.holder,
        "case_ref": selector.case,
        "parent": selector.parent,
        "kind": selector.kind,
    }
    return {name: value for name, value in named.items() if value is not None}


def selects(selector: Selector, matter: Matter) -> bool:
    """Whether a matter that is already at hand is one that a rule looks for."""
    wanted = (
        (selector.id, matter.id),
        (selector.supervisee, matter.supervisee),
        (selector.supervisor, matter.supervisor),
        (selector.person, matter.person),
        (selector.holder, matter.holder),
        (selector.case, matter.case),
        (selector.parent, matter.parent),
        (selector.kind, matter.kind),
    )
    fits = all(value is None or value == found for value, found in wanted)
    is_open = selector.id is not None or selector.closed_too or matter.closed_at is None
    in_state = not selector.states or matter.state in selector.states
    accepted = selector.accepts is None or selector.accepts(matter)
    return matter.workflow is selector.workflow and fits and is_open and in_state and accepted


def _kept(rows: Iterable[Row[Any]]) -> list[Kept]:
    found: dict[UUID, tuple[Row[Any], list[Deadline]]] = {}
    for row in rows:
        _, own = found.setdefault(row.id, (row, []))
        if row.deadline_number is not None:
            own.append(_deadline(row))
    return [Kept(matter_of(row, tuple(own)), row.head, row.wrapped) for row, own in found.values()]


def _deadline(row: Row[Any]) -> Deadline:
    return Deadline(
        row.deadline_number, row.deadline_name, Status(row.deadline_status), row.deadline_enforces,
        row.deadline_due, row.deadline_fires_at, row.deadline_receipt,
    )  # fmt: skip


def matter_of(row: Row[Any], own: tuple[Deadline, ...]) -> Matter:
    """A matter's row as rules see it."""
    return Matter(
        id=row.id, workflow=Workflow(row.workflow), state=row.state, policy=row.policy_id,
        policy_version=row.policy_version, opened_at=row.opened_at, last_at=row.last_at, kind=row.kind,
        version=row.version, supervisee=row.supervisee, supervisor=row.supervisor, person=row.person,
        case=row.case_ref, parent=row.parent, holder=row.holder,
        holder_role=Role(row.holder_role) if row.holder_role else None, waiting_for=tuple(row.waiting_for),
        closed_at=row.closed_at, data=row.data, ladder=_ladder(row.ladder), deadlines=own,
        deadline_count=row.deadline_count,
    )  # fmt: skip


def _ladder(kept: Mapping[str, Any] | None) -> Ladder | None:
    if kept is None:
        return None
    return Ladder(
        tuple(kept["rungs"]), frozenset(kept["parties"]), kept["route"], tuple(kept["asked"]), kept["starts_high"]
    )


def matter_row(organisation_id: UUID, matter: Matter, head: bytes) -> dict[str, Any]:
    """The row that keeps a matter."""
    ladder = matter.ladder and {
        "rungs": list(matter.ladder.rungs),
        "parties": sorted(matter.ladder.parties),
        "route": matter.ladder.route,
        "asked": list(matter.ladder.asked),
        "starts_high": matter.ladder.starts_high,
    }
    return {
        "organisation_id": organisation_id, "id": matter.id, "workflow": matter.workflow.value, "kind": matter.kind,
        "state": matter.state, "version": matter.version, "policy_id": matter.policy,
        "policy_version": matter.policy_version, "supervisee": matter.supervisee, "supervisor": matter.supervisor,
        "person": matter.person, "case_ref": matter.case, "parent": matter.parent, "holder": matter.holder,
        "holder_role": matter.holder_role and matter.holder_role.value, "waiting_for": list(matter.waiting_for),
        "opened_at": matter.opened_at, "closed_at": matter.closed_at, "last_at": matter.last_at,
        "data": dict(matter.data), "ladder": ladder, "next_due": _next_due(matter),
        "overdue_since": overdue_since(matter), "duty_due": duty_due(matter),
        "deadline_count": matter.deadline_count, "head": head,
    }  # fmt: skip


def _next_due(matter: Matter) -> datetime | None:
    return min((d.due for d in matter.deadlines if d.live and d.due is not None), default=None)


def deadline_row(organisation_id: UUID, matter: Matter, deadline: Deadline) -> dict[str, Any]:
    """The row that keeps a deadline."""
    return {
        "organisation_id": organisation_id, "matter_id": matter.id, "number": deadline.number, "name": deadline.name,
        "status": deadline.status.value, "enforces": deadline.enforces, "due": deadline.due,
        "fires_at": deadline.fires_at, "receipt": deadline.receipt,
        "rank": int(DEFINITIONS[matter.workflow].deadlines[deadline.name].rank),
    }  # fmt: skip


def case_of(row: Row[Any]) -> Case:
    """A case's row as rules see it."""
    return Case(
        ref=row.ref, worker=row.worker, category=row.category, criteria=frozenset(row.criteria),
        allocated_on=row.allocated_on, closed_on=row.closed_on, plan_review_weeks=row.plan_review_weeks,
        rating=row.rating, rating_approved_by=row.rating_approved_by, rating_approved_on=row.rating_approved_on,
        last_supervised_on=row.last_supervised_on,
    )  # fmt: skip

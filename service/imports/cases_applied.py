"""A changed list of cases taking effect: rows, and how often each case is to be supervised."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from service.engine.foresight import chunks, foresee, foresee_ever
from service.engine.ids import new_id
from service.engine.rows import case_of
from service.imports.cases import CaseBecomes, CaseChanges, CaseRow
from service.imports.unwritten import as_row
from service.storage.council_tables import cases
from workflows.allocation import oversight_owed
from workflows.calendar import local_day
from workflows.consequence_payloads import Closing, Transfer
from workflows.intervals import CaseInterval, case_interval
from workflows.model import SYSTEM, Matter, Opening, Selector
from workflows.payloads import Nothing, Payload
from workflows.refusals import Refused
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.engine.work import Work

_COLUMNS = tuple(c for c in cases.c if c.name != "organisation_id")
_STATUS = ("category", "criteria", "rating")
#: Assignments that somebody has yet to agree to; the one before them still counts.
_NOT_IN_FORCE = frozenset({"proposed", "awaiting_approval"})


def stored(work: Work, refs: Iterable[str]) -> dict[str, CaseRow]:
    """The cases with these refs, as the table has them."""
    found: dict[str, CaseRow] = {}
    for some in chunks(refs):
        query = select(*_COLUMNS).where(cases.c.organisation_id == work.organisation.id, cases.c.ref.in_(some))
        found |= {row["ref"]: dict(row) for row in work.connection.execute(query).mappings()}
    return found


class Status(Struct, frozen=True):
    """What decides how often a case is supervised, with who has approved its rating."""

    category: str
    criteria: tuple[str, ...]
    rating: str | None
    approved_by: str | None

    @staticmethod
    def of_list(row: CaseRow) -> Status:
        """The status on the council's list."""
        return Status(row["category"], tuple(row["criteria"]), row["rating"], row["rating_approved_by"])

    @staticmethod
    def of_matter(matter: Matter) -> Status:
        """The status of an assignment that runs."""
        data = matter.data
        return Status(data["category"], tuple(data["criteria"]), data["rating"], data.get("approved_by"))

    def is_of(self, other: Status) -> bool:
        """Whether it is the same status, whoever approved it."""
        return (self.category, self.criteria, self.rating) == (other.category, other.criteria, other.rating)

    def opens(self, approved_by: str | None, rating: str | None) -> dict[str, Any]:
        """What an assignment of this status begins with."""
        begins = {"opened_by": None, "category": self.category, "criteria": list(self.criteria), "rating": rating}
        return {**begins, "approved_by": approved_by} if approved_by else begins


# -- what follows
def follow(work: Work, changes: CaseChanges) -> list[dict[str, str]]:
    """Open, hand on, count anew or end the frequencies; the answer is the exception list: case by case, and why."""
    on = local_day(work.now)
    touched = (*changes.added, *changes.changed)
    closed = [one for one in changes.unchanged if one.is_closed(on)]
    work.known.cases |= {one.ref: case_of(as_row(one.after)) for one in touched}
    for one in changes.added:
        work.hand.holds(Selector(Workflow.frequency, case=one.ref, closed_too=True))
        work.hand.holds(Selector(Workflow.oversight, case=one.ref))
    for workflow in (Workflow.frequency, Workflow.oversight, Workflow.audit, Workflow.action):
        foresee(work, workflow, "case", [one.ref for one in (*changes.changed, *closed)])
    foresee_ever(work, Workflow.frequency, "case", [one.ref for one in changes.changed if _may_be_assigned(one)])
    foresee(work, Workflow.cancellation, "supervisee", _workers_before((*changes.changed, *closed)))
    for one in (*touched, *closed):
        _bring_up_to_date(work, one, on)
    work.settle()
    return [found for one in touched if not one.is_closed(on) for found in _exceptions(work, one, on)]


def _workers_before(some: Iterable[CaseBecomes]) -> set[str]:
    """Who may owe a session about one of these cases."""
    return {one.before["worker"] for one in some if one.before is not None}


def _bring_up_to_date(work: Work, one: CaseBecomes, on: date) -> None:
    running = work.find(Selector(Workflow.frequency, case=one.ref))
    overseen = work.find(Selector(Workflow.oversight, case=one.ref))
    if one.is_closed(on):
        _each(work, (*running, *overseen), "end", Closing(why="closed"))
        return
    _oversee(work, one, overseen)
    if one.changes("worker"):
        _each(work, running, "transfer", _transfer(work, one))
    status = _status(one, running)
    if status is not None:
        _assign(work, one, status)
    elif one.changes("plan_review_weeks") or (one.changes("allocated_on") and not one.changes("worker")):
        _each(work, running, "recount", Nothing())


def _may_be_assigned(one: CaseBecomes) -> bool:
    return one.changes(*_STATUS, "rating_approved_by", "closed_on")


def _transfer(work: Work, one: CaseBecomes) -> Transfer:
    """Another worker; a new day of allocation is then that of the transfer, and starts no first supervision anew."""
    first = None
    if one.before is not None and one.changes("allocated_on"):
        first = one.before["allocated_on"] or work.organisation.live_from
    return Transfer(worker=one.after["worker"], first_allocated_on=first)


def _oversee(work: Work, one: CaseBecomes, running: Iterable[Matter]) -> None:
    """Ask for a manager's oversight of a case that is allocated anew; another day of allocation moves what runs."""
    before = case_of(as_row(one.before)) if one.before else None
    owed = oversight_owed(work.opening_facts(()), before, case_of(as_row(one.after)), runs=bool(running))
    if owed is not None:
        work.open(owed.with_id(new_id(work.now)), SYSTEM, Role.system)
    elif one.changes("allocated_on"):
        _each(work, running, "recount", Nothing())


def _each(work: Work, running: Iterable[Matter], trigger: str, payload: Payload) -> None:
    """Move each assignment that has such a move where it stands."""
    for matter in running:
        with suppress(Refused):
            work.fire(matter.id, trigger, payload, SYSTEM)


def _status(one: CaseBecomes, running: Iterable[Matter]) -> Status | None:
    """The status to assign now, or None where the assignment that runs goes on.

    A rating that was given here stays as long as the list does not change it: most councils' lists have no ratings.
    One that waits for approval takes effect when a later list says who gave it (DAR-22).
    """
    in_force = [m for m in running if m.state not in _NOT_IN_FORCE]
    listed = Status.of_list(one.after)
    if not in_force:
        return listed
    if not one.changes(*_STATUS):
        return listed if one.changes("rating_approved_by") and _is_approved_by_list(listed, running) else None
    now = Status.of_matter(max(in_force, key=lambda m: (m.opened_at, m.id)))
    if listed.rating is None and not one.changes("category", "rating"):
        listed = Status(listed.category, listed.criteria, now.rating, now.approved_by)
    return None if listed.is_of(now) else listed


def _is_approved_by_list(listed: Status, running: Iterable[Matter]) -> bool:
    waiting = (Status.of_matter(m) for m in running if m.state == "awaiting_approval")
    return listed.approved_by is not None and any(listed.is_of(status) for status in waiting)


def _assign(work: Work, one: CaseBecomes, status: Status) -> None:
    """Open the assignment; a rating that waits for approval is proposed beside one without, which runs meanwhile."""
    waits = _needs_approval(work, one, status) and not status.approved_by
    if waits and not _runs_already(work, one):
        _open(work, one, status.opens(None, None))
    _open(work, one, status.opens(status.approved_by, status.rating))


def _needs_approval(work: Work, one: CaseBecomes, status: Status) -> bool:
    row = _interval(work, one, status).row
    return row is not None and row.needs_approval is not None


def _interval(work: Work, one: CaseBecomes, status: Status) -> CaseInterval:
    policy, case = work.picture.policy_on(local_day(work.now)), case_of(as_row(one.after))
    return case_interval(policy, case, status.category, frozenset(status.criteria), status.rating)


def _runs_already(work: Work, one: CaseBecomes) -> bool:
    return any(m.state not in _NOT_IN_FORCE for m in work.find(Selector(Workflow.frequency, case=one.ref)))


def _open(work: Work, one: CaseBecomes, data: dict[str, Any]) -> None:
    worker = one.after["worker"]
    opening = Opening(
        Workflow.frequency,
        new_id(work.now),
        supervisee=worker,
        supervisor=work.picture.directory.supervisor_of(worker),
        case=one.ref,
        data=data,
    )
    work.open(opening, SYSTEM, Role.system)


def _exceptions(work: Work, one: CaseBecomes, on: date) -> Iterable[dict[str, str]]:
    """What somebody must look at: an interval that the policy does not give, or nobody to supervise the worker."""
    worker = one.after["worker"]
    reasons = [m.data.get("exception") for m in work.find(Selector(Workflow.frequency, case=one.ref))]
    if work.picture.directory.supervisor_of(worker) is None:
        reasons.append(f"Nobody supervises {worker}.")
    if one.after["closed_on"] is not None and one.after["closed_on"] > on:
        reasons.append("The case has a closing day to come: import it again on that day.")
    return ({"ref": one.ref, "because": why} for why in dict.fromkeys(reasons) if why)


# -- what is kept
def keep(work: Work, changes: CaseChanges) -> None:
    """Write the rows; the rest is the engine's to write."""
    own = {"organisation_id": work.organisation.id}
    if changes.added:
        work.connection.execute(insert(cases), [{**own, **one.after} for one in changes.added])
    if changes.changed:
        rows = [{**_without_ref(one.after), "own": work.organisation.id, "case": one.ref} for one in changes.changed]
        work.connection.execute(_UPDATE, rows)


def _without_ref(row: CaseRow) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "ref"}


_UPDATE = (
    update(cases)
    .where(cases.c.organisation_id == bindparam("own"), cases.c.ref == bindparam("case"))
    .values({c.name: bindparam(c.name) for c in _COLUMNS if c.name != "ref"})
)

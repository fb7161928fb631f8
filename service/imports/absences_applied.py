"""A changed list of absences taking effect: each is opened, corrected and ended as if HR did it by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from service.engine.foresight import chunks, foresee, load_all
from service.engine.ids import new_id
from service.imports.absences import Absence, AbsenceBecomes, AbsenceChanges, KeptAbsence
from service.imports.problems import ImportRefused, Problem
from service.storage.matter_tables import matters
from workflows.model import Actor, Opening
from workflows.payloads import AmendAbsence, Return
from workflows.refusals import Refused
from workflows.vocabulary import AbsenceCause, Role, Workflow

if TYPE_CHECKING:
    from service.engine.work import Work

_WHY = "Corrected by an import of absences."


def kept(work: Work, people: Iterable[str]) -> dict[str, list[KeptAbsence]]:
    """Every absence that the service keeps of these people, the cancelled ones included."""
    found: dict[str, list[KeptAbsence]] = defaultdict(list)
    for some in chunks(people):
        query = select(matters.c.id, matters.c.person, matters.c.data, matters.c.state).where(
            matters.c.organisation_id == work.organisation.id,
            matters.c.workflow == Workflow.absence,
            matters.c.kind.is_(None),
            matters.c.person.in_(some),
        )
        for row in work.connection.execute(query):
            absence = _absence(row.person, row.data)
            found[row.person].append(KeptAbsence(row.id, absence, row.state == "cancelled"))
    return found


def _absence(person: str, data: dict[str, Any]) -> Absence:
    return Absence(
        person,
        date.fromisoformat(data["first_day"]),
        AbsenceCause(data["cause"]),
        _day(data.get("expected_return")),
        _day(data.get("last_day")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def follow(work: Work, changes: AbsenceChanges, importer: Actor) -> None:
    """Open, correct and end the absences. Raises ImportRefused with the line of every one that a rule forbids."""
    as_hr = Actor(importer.ref, frozenset({Role.hr}))
    load_all(work, (one.before.id for one in changes.changed if one.before))
    _read_ahead(work, (*changes.added, *changes.changed))
    problems: list[Problem] = []
    for one in sorted((*changes.added, *changes.changed), key=lambda one: (one.after.first_day, one.line)):
        try:
            _bring_up_to_date(work, one, as_hr)
        except Refused as refusal:
            problems.append(Problem(one.line, None, refusal.why))
    if problems:
        raise ImportRefused(problems)
    work.settle()


def _read_ahead(work: Work, touched: Iterable[AbsenceBecomes]) -> None:
    people = list(dict.fromkeys(one.after.person for one in touched))
    foresee(work, Workflow.absence, "person", people)
    for workflow in (Workflow.record, Workflow.cancellation):
        foresee(work, workflow, "supervisee", people)


def _bring_up_to_date(work: Work, one: AbsenceBecomes, as_hr: Actor) -> None:
    if one.before is None:
        absence_id = _open(work, one.after, as_hr)
        before = Absence(one.after.person, one.after.first_day, one.after.cause, one.after.expected_return)
    else:
        absence_id, before = one.before.id, one.before.absence
    amended = _amended(before, one.after)
    if amended:
        work.fire(absence_id, "amend", AmendAbsence(**amended, reason=_WHY), as_hr)
    if before.last_day is None and one.after.last_day is not None:
        work.fire(absence_id, "return", Return(last_day=one.after.last_day), as_hr)


def _open(work: Work, absence: Absence, as_hr: Actor) -> UUID:
    expected = absence.expected_return
    opening = Opening(
        Workflow.absence,
        new_id(work.now),
        person=absence.person,
        data={
            "first_day": absence.first_day.isoformat(),
            "expected_return": expected.isoformat() if expected else None,
            "cause": absence.cause.value,
            "opened_by": as_hr.ref,
            "is_over": absence.last_day is not None,
        },
    )
    return work.open(opening, as_hr, Role.hr).id


def _amended(before: Absence, after: Absence) -> dict[str, Any]:
    """What is to be corrected; a first last day is a return, and no correction."""
    names = ["expected_return", "cause"] if before.last_day is None else ["expected_return", "cause", "last_day"]
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}

"""The council's own facts: people and the line above them, imports, the calendar and its closures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from service.api.asking import AdminToken, Asking, Asks, ImportToken, Token, save
from service.api.bodies import Body, Sent, parsed
from service.api.replays import Answer, once
from service.closures import add_closure, remove_closure
from service.imports import IMPORTS, ImportRefused
from service.problems import Problem, invalid, not_here
from workflows.calendar import local_day
from workflows.directory import Person
from workflows.trimmed import TRIMMED
from workflows.vocabulary import Role

router = APIRouter(tags=["council"])


class Closure(BaseModel):
    """A day on which the council does not work."""

    model_config = ConfigDict(extra="forbid")

    date: date
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200), TRIMMED]


class Reopening(BaseModel):
    """A closure that is taken back; the reason may be sent along."""

    model_config = ConfigDict(extra="forbid")

    date: date
    reason: str | None = None


@router.post("/{what}/import", summary="Import a CSV file")
def import_csv(
    what: Annotated[str, Path(pattern="^(people|cases|absences)$")],
    token: ImportToken,
    body: Body,
    asks: Asks,
    dry_run: Annotated[bool, Query()] = False,  # noqa: FBT002 - the contract's name
) -> JSONResponse:
    """All rows or none; the same file twice changes nothing. `dry_run` says what would change and keeps nothing.

    People may have `nqsw_extended_to`: the last day of a newly qualified worker's first year where it was made longer.
    """

    def piece(asking: Asking) -> Answer:
        asking.must_be(Role.administrator)
        if body.content_type != "text/csv":
            raise Problem(415, "not_csv", "Send the file with the header “Content-Type: text/csv”.")
        return once(asking, body, f"{what}/import?dry_run={dry_run}", lambda: import_list(asking, what, body, dry_run))

    return asks.writing(token, piece).response()


def import_list(asking: Asking, what: str, body: Sent, dry_run: bool) -> Answer:  # noqa: FBT001 - as the contract's
    """Take a list in, or say what it would change. Raises Problem 422 that names every bad line."""
    try:
        counts = IMPORTS[what](asking.work, body.body, asking.actor, dry_run=dry_run)
    except ImportRefused as refused:
        raise invalid([{"pointer": f"/{p.line}", "line": p.line, "column": p.column, "message": p.message}
                       for p in refused.problems]) from None  # fmt: skip
    if not dry_run:
        save(asking)
    return Answer(200, counts)


@router.get("/me", summary="Who you are here")
def me(token: Token, asks: Asks) -> dict[str, Any]:
    """You, as the council's list has you."""
    with asks.reading(token) as asking:
        return _person_shape(asking, _known(asking, asking.ref))


@router.get("/people/{ref}", summary="One person")
def person(ref: str, token: Token, asks: Asks) -> dict[str, Any]:
    """A colleague: name, post and who manages them."""
    with asks.reading(token) as asking:
        return _person_shape(asking, _known(asking, ref))


@router.get("/people/{ref}/line", summary="The line of management above somebody")
def line_of(ref: str, token: Token, asks: Asks) -> dict[str, Any]:
    """The managers above a person, nearest first, with who is away today."""
    with asks.reading(token) as asking:
        _known(asking, ref)
        directory, today = asking.work.picture.directory, local_day(asking.work.now)
        rows = [
            {
                "ref": above,
                "name": directory.people[above].name if above in directory.people else above,
                "in_post": directory.in_post(above, today),
                "away": directory.away(above, today) is not None,
            }
            for above in directory.line(ref)
        ]
        return {"items": rows, "next_cursor": None}


def _known(asking: Asking, ref: str) -> Person:
    found = asking.work.picture.directory.get(ref)
    if found is None:
        raise not_here()
    return found


def _person_shape(asking: Asking, found: Person) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "ref": found.ref, "name": found.name, "job_role": found.job_role, "team": found.team,
        "line_manager": found.line_manager, "supervisor": asking.work.picture.directory.supervisor_of(found.ref),
        "in_post": found.in_post(local_day(asking.work.now)),
    }  # fmt: skip
    if asking.ref == found.ref or asking.has(Role.administrator) or asking.has(Role.hr):
        day = found.start_date, found.end_date, found.nqsw_start, found.nqsw_extended_to
        shape |= {"email": found.email, "app_roles": sorted(found.app_roles)}
        shape |= dict(zip(("start_date", "end_date", "nqsw_start", "nqsw_extended_to"), day, strict=True))
    return shape


@router.get("/calendar/{year}", summary="The days that are not worked")
def calendar(year: Annotated[int, Path(ge=1990, le=2100)], token: Token, asks: Asks) -> dict[str, Any]:
    """Bank holidays and closures of one year, in order."""
    with asks.reading(token) as asking:
        kept = asking.work.picture.calendar
        days = [{"date": day, "reason": why} for day, why in sorted(kept.closed.items()) if day.year == year]
        return {"id": kept.id, "version": kept.version, "items": days, "next_cursor": None}


@router.post("/closures", summary="Close the council for a day", status_code=201)
def close(token: AdminToken, body: Body, asks: Asks) -> JSONResponse:
    """Deadlines that are counted in working days move, each with the reason."""

    def piece(asking: Asking) -> Answer:
        asking.must_be(Role.administrator)
        closure = parsed(Closure, body.json())
        return once(asking, body, "closures", lambda: _closed(asking, closure))

    return asks.writing(token, piece).response()


def _closed(asking: Asking, closure: Closure) -> Answer:
    moved = add_closure(asking.work, closure.date, closure.reason)
    save(asking)
    return Answer(201, {"date": closure.date.isoformat(), "reason": closure.reason, "moved": moved})


@router.delete("/closures", summary="Take a closure back")
def reopen(token: AdminToken, body: Body, asks: Asks) -> dict[str, Any]:
    """Deadlines that had moved for it move back; `{"date": …}` names the day."""

    def piece(asking: Asking) -> dict[str, Any]:
        asking.must_be(Role.administrator)
        opened = parsed(Reopening, body.json())
        moved = remove_closure(asking.work, opened.date)
        save(asking)
        return {"date": opened.date.isoformat(), "moved": moved}

    return asks.writing(token, piece)

"""Tokens of programs, for administrators: who has which, what they are good for, a new one shown once, their end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, matter_id_of
from service.api.bodies import parsed
from service.api.matters import Cursor
from service.api.replays import once
from service.api.tokens import MOST_DAYS, ROUTE, USUAL_DAYS, TokenWanted, made, shape_of
from service.engine.lists import page as list_page
from service.engine.lists import read_cursor
from service.identity.scopes import GIVEN, Scope
from service.identity.tokens import find_usable, is_known, list_of_programs, revoke
from service.pages.fields import Field, Option, filled
from service.pages.languages import gettext as _
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.signed_in_lately import must_be_lately
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.vocabulary import Role

router = APIRouter()
ADDRESS = "/service/tokens"
_A_PAGE = 50
#: What a token is good for, as people choose it.
SCOPES: dict[Scope, str] = {
    Scope.read: "Read: whatever you may read",
    Scope.write: "Write: open matters and move them on, as you may",
    Scope.import_: "Import: load the lists of people, cases and absences",
    Scope.admin: "Admin: closures, policies, and other people’s tokens",
    Scope.all: "All: all of these, and making more tokens",
}


def _questions() -> tuple[Field, ...]:
    scopes = sorted(GIVEN, key=list(SCOPES).index)
    options = tuple(Option(scope.value, translated(SCOPES[scope])) for scope in scopes)
    most = _("At most %(days)s.", days=MOST_DAYS)
    return (
        Field("name", "line", _("What it is for"), _("Such as: nightly list from the HR system."), required=True),
        Field("scopes", "several", _("What it is good for"), _("As little as it needs."), required=True,
              options=options),
        Field("days", "number", _("For how many days"), most, required=True, value=str(USUAL_DAYS)),
    )  # fmt: skip


@router.get(ADDRESS)
def tokens(visit: Visiting, cursor: Cursor = None, *, ended: bool = False) -> HTMLResponse:
    """Everybody's tokens that still work, but those of browsers."""

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        moment = visit.asks.door.database.moment(asking.connection)
        after = read_cursor(cursor, UUID)[0] if cursor is not None else None
        rows = list_of_programs(asking.connection, asking.organisation_id, moment, after, _A_PAGE + 1)
        more = [str(rows[_A_PAGE - 1].id)] if len(rows) > _A_PAGE else None
        found = list_page([shape_of(row) for row in rows[:_A_PAGE]], more)
        values = {**found, "is_first": cursor is None, "ended": ended, "scopes": SCOPES}
        return page(visit, asking, "tokens.html", values)

    return visit.read(read)


@router.get(f"{ADDRESS}/new")
def ask(visit: Visiting) -> HTMLResponse:
    """The form for a new one, for whoever has just shown who they are."""
    return visit.read(lambda asking: _form(visit, asking, None))


@router.post(f"{ADDRESS}/new")
def make(visit: Visiting, posted: Form) -> Response:
    """Make one: its text stands on the page that answers, and nowhere else."""
    shown: list[str] = []

    def piece(asking: Asking) -> Response:
        shown.clear()
        asking.must_be(Role.administrator)
        must_be_lately(visit, asking, f"{ADDRESS}/new")
        typed = Typed(_questions(), posted, asking.work.picture.directory)
        if typed.errors:
            raise FormError(typed)
        wanted, database = parsed(TokenWanted, typed.data), visit.asks.door.database
        answer = once(asking, posted.sent(typed.data), ROUTE, lambda: made(asking, database, wanted, shown))
        values = {"token": answer.body, "text": shown[0] if shown else None, "scopes": SCOPES}
        return page(visit, asking, "token_made.html", values)

    try:
        return visit.write(piece)
    except (FormError, Problem) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _form(visit, asking, posted, problem))


@router.get(f"{ADDRESS}/{{token_id}}/end")
def ask_to_end(visit: Visiting, token_id: str) -> HTMLResponse:
    """What ends when it does, before it is ended."""
    wanted = matter_id_of(token_id)

    def read(asking: Asking) -> HTMLResponse:
        return page(visit, asking, "token_end.html", {"token": _found(visit, asking, wanted), "scopes": SCOPES})

    return visit.read(read)


@router.post(f"{ADDRESS}/{{token_id}}/end")
def end(visit: Visiting, posted: Form, token_id: str) -> Response:  # noqa: ARG001 - the form's proof is what counts
    """End it; pressing twice ends it once."""
    wanted = matter_id_of(token_id)

    def piece(asking: Asking) -> None:
        asking.must_be(Role.administrator)
        own = asking.organisation_id
        if not revoke(asking.connection, own, wanted, asking.work.now) and not is_known(asking.connection, own, wanted):
            raise not_here()

    visit.write(piece)
    return see_other(f"{ADDRESS}?ended=true")


def _found(visit: Visit, asking: Asking, wanted: UUID) -> dict[str, Any]:
    asking.must_be(Role.administrator)
    moment = visit.asks.door.database.moment(asking.connection)
    row = find_usable(asking.connection, asking.organisation_id, moment, wanted)
    if row is None:
        raise not_here()
    return shape_of(row)


def _form(visit: Visit, asking: Asking, posted: Posted | None, problem: Problem | None = None) -> HTMLResponse:
    asking.must_be(Role.administrator)
    must_be_lately(visit, asking, f"{ADDRESS}/new")
    if posted is None:
        return page(visit, asking, "token_new.html", {"fields": _questions(), "problems": ()})
    typed = Typed(_questions(), posted, asking.work.picture.directory)
    problems = problems_of(problem, typed)
    values = {"fields": filled(_questions(), typed.values, typed.errors), "problems": problems}
    return page(visit, asking, "token_new.html", values, 422)

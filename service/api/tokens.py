"""Tokens for machines: made by their owners and shown once; ended by them, or by an administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Row

from service.api.asking import Asking, Asks, Token, WholeToken, matter_id_of
from service.api.bodies import Body, parsed
from service.api.matters import Cursor, Limit
from service.api.replays import Answer, once
from service.engine.lists import page, read_cursor
from service.identity.scopes import Scope
from service.identity.tokens import count_usable, keep_token, kept_token, list_usable, revoke
from service.problems import Problem, not_here
from service.storage.connection import Database
from workflows.receipts import iso
from workflows.trimmed import TRIMMED
from workflows.vocabulary import Role

router = APIRouter(tags=["tokens"])
#: Under which answers are kept for retries.
ROUTE = "tokens"
#: What somebody may have at once, browsers included: a limit by token is one only where tokens are few.
MOST = 50
#: Days that a token lasts; the first of them where nothing is said.
USUAL_DAYS, MOST_DAYS = 90, 366


class TokenWanted(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=80), TRIMMED]
    scopes: Annotated[list[Literal["all", "read", "write", "import", "admin"]], Field(min_length=1, max_length=5)]
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, strict=True)] = USUAL_DAYS


@router.get("/tokens", summary="List tokens that work")
def tokens(
    token: Token,
    asks: Asks,
    person: Annotated[str | None, Query(max_length=200)] = None,
    everybody: Annotated[bool, Query()] = False,  # noqa: FBT002 - the contract's name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Yours, oldest first, browsers' among them; administrators also list somebody else's, or everybody's."""
    with asks.reading(token) as asking:
        whose = None if everybody else person or asking.ref
        if whose != asking.ref:
            _must_administer(asking)
        after = read_cursor(cursor, UUID)[0] if cursor is not None else None
        moment = asks.door.database.moment(asking.connection)
        rows = list_usable(asking.connection, asking.organisation_id, moment, whose, after, limit + 1)
        more = [str(rows[limit - 1].id)] if len(rows) > limit else None
        return page([shape_of(row) for row in rows[:limit]], more)


@router.post("/tokens", summary="Make a token", status_code=201)
def make(token: WholeToken, body: Body, asks: Asks) -> JSONResponse:
    """For yourself. Its text is in this answer alone: a repeated request answers the rest without it."""
    shown: list[str] = []

    def piece(asking: Asking) -> Answer:
        shown.clear()
        wanted = parsed(TokenWanted, body.json())
        return once(asking, body, ROUTE, lambda: made(asking, asks.door.database, wanted, shown))

    answer = asks.writing(token, piece)
    return JSONResponse({**answer.body, "token": shown[0] if shown else None}, answer.status)


def made(asking: Asking, database: Database, wanted: TokenWanted, shown: list[str]) -> Answer:
    """Make the asker a token; its text goes to `shown`, and into no answer. Raises Problem 409 for too many."""
    connection, own, now = asking.connection, asking.organisation_id, asking.work.now
    moment = database.moment(connection)
    if count_usable(connection, own, moment, asking.ref) >= MOST:
        raise Problem(409, "refused", f"You have {MOST} tokens that work: end one first.", guard="few_tokens")
    scopes = sorted(set(wanted.scopes))
    lasts = moment + timedelta(days=wanted.days)
    shown.append(keep_token(connection, own, asking.ref, wanted.name, scopes, now, expires_at=lasts))
    return Answer(201, shape_of(kept_token(connection, own, shown[0])))


@router.delete("/tokens/{token_id}", summary="End a token", status_code=204)
def end(token_id: str, token: WholeToken, asks: Asks) -> Response:
    """Yours; an administrator ends anybody's. It opens nothing from now on."""
    wanted = matter_id_of(token_id)

    def piece(asking: Asking) -> bool:
        whose = None if asking.has(Role.administrator) else asking.ref
        return revoke(asking.connection, asking.organisation_id, wanted, asking.work.now, whose)

    if not asks.writing(token, piece):
        raise not_here()
    return Response(status_code=204)


def _must_administer(asking: Asking) -> None:
    asking.must_be(Role.administrator)
    asking.must_have(Scope.admin)


def shape_of(row: Row[Any]) -> dict[str, Any]:
    """A token without its text, which nothing keeps."""
    times = {name: getattr(row, name) for name in ("created_at", "last_used_at", "expires_at")}
    return {
        "id": str(row.id), "person": row.person, "name": row.name, "scopes": list(row.scopes),
        **{name: at and iso(at) for name, at in times.items()},
    }  # fmt: skip

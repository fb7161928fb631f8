"""The sandbox: organisations to try things in, under a clock that people move. Never there in production."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints
from sqlalchemy import Connection, select

from service.api.asking import AdminToken, Asking, Asks, Token, check_scope, save
from service.api.bodies import Body, parsed
from service.engine.bounces import set_bouncing
from service.engine.due import advance
from service.identity.tokens import keep_token
from service.organisations import create_organisation
from service.problems import invalid, not_here
from service.storage.council_tables import organisations
from workflows.calendar import local_day
from workflows.policy_reader import shipped
from workflows.receipts import iso
from workflows.trimmed import TRIMMED
from workflows.vocabulary import Role


def _only_in_a_sandbox(request: Request) -> None:
    if not request.app.state.settings.sandbox:
        raise not_here()


router = APIRouter(prefix="/sandbox", tags=["sandbox"], dependencies=[Depends(_only_in_a_sandbox)])


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewOrganisation(_Sent):
    """An organisation of its own, with a clock of its own."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200), TRIMMED]
    policy: str
    now: AwareDatetime


class NewToken(_Sent):
    """A token for somebody of a sandbox organisation."""

    organisation: UUID
    person: str


class NewTime(_Sent):
    """Where the clock is to stand."""

    now: AwareDatetime


class Bouncing(_Sent):
    """Whether somebody's notices come back undelivered."""

    person: str
    bounce: bool = True


@router.post("/organisations", status_code=201, summary="Make an organisation to try things in")
def organisation(body: Body, asks: Asks) -> dict[str, Any]:
    """Answers its id and the token of its first administrator, whose ref is `admin`."""
    wanted = parsed(NewOrganisation, body.json())
    if wanted.policy not in shipped():
        known = ", ".join(sorted(shipped()))
        raise invalid([{"pointer": "/policy", "message": f"There is no such policy; there are: {known}."}])
    now = wanted.now.replace(microsecond=0)
    created = create_organisation(
        asks.door.database, asks.door.vault, name=wanted.name, policy_id=wanted.policy, live_from=local_day(now),
        admin_ref="admin", sandbox_now=now, now=now,
    )  # fmt: skip
    return {"organisation": str(created.organisation_id), "token": created.token}


@router.post("/tokens", status_code=201, summary="Sign in as somebody")
def token_for(body: Body, asks: Asks) -> dict[str, Any]:
    """A token of anybody in a sandbox organisation."""
    wanted = parsed(NewToken, body.json())
    with asks.door.database.write(wanted.organisation) as connection:
        if not _exists(connection, wanted.organisation):
            raise not_here()
        work = asks.door.work(connection, wanted.organisation)
        if wanted.person not in work.picture.directory.people:
            raise invalid([{"pointer": "/person", "message": "Nobody here has this ref."}])
        token = keep_token(
            connection, wanted.organisation, person=wanted.person, name="sandbox", scopes=["all"], now=work.now,
            expires_at=None,
        )  # fmt: skip
    return {"token": token}


def _exists(connection: Connection, organisation_id: UUID) -> bool:
    query = select(organisations.c.id).where(organisations.c.id == organisation_id)
    return connection.execute(query).scalar_one_or_none() is not None


@router.get("/clock", summary="What time it is here")
def clock(token: Token, asks: Asks) -> dict[str, str]:
    """The organisation's own clock."""
    with asks.reading(token) as asking:
        return {"now": iso(asking.work.now)}


@router.post("/clock", summary="Move the clock forward")
def move_clock(token: Token, body: Body, asks: Asks) -> JSONResponse:
    """Every deadline on the way is enforced in order; where there are very many, call again until it is there."""
    with asks.door.database.read_for_token(token.hash) as (_, owner):
        check_scope(owner.scopes, token.needs)
        own = owner.organisation_id
    wanted = parsed(NewTime, body.json())
    reached = advance(asks.door, own, wanted.now.replace(microsecond=0))
    return JSONResponse({"now": iso(reached.now), "fired": reached.fired})


@router.post("/notices/bounce", summary="Let somebody's notices bounce")
def bounce(token: AdminToken, body: Body, asks: Asks) -> dict[str, Any]:
    """From now on they come back undelivered, until it is switched off again."""

    def piece(asking: Asking) -> dict[str, Any]:
        asking.must_be(Role.administrator)
        wanted = parsed(Bouncing, body.json())
        if wanted.person not in asking.work.picture.directory.people:
            raise invalid([{"pointer": "/person", "message": "Nobody here has this ref."}])
        set_bouncing(asking.work, wanted.person, bounces=wanted.bounce)
        save(asking)
        return {"person": wanted.person, "bounce": wanted.bounce}

    return asks.writing(token, piece)

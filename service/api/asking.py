"""Who asks, in which transaction: a token becomes a person of one organisation, with the engine at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from msgspec import Struct
from msgspec.structs import replace

from service.engine.door import Door
from service.engine.picture import Organisation
from service.engine.reading import Reader
from service.engine.rows import Rows
from service.engine.work import Work
from service.engine.writing import KeyTakenError, write
from service.identity.access import Viewer
from service.identity.rates import Rates
from service.identity.scopes import Credential, Scope, allows
from service.identity.uses import Uses
from service.problems import Problem, not_here
from service.settings import Settings
from service.storage.connection import UnknownTokenError
from workflows.calendar import local_day
from workflows.model import Actor
from workflows.vocabulary import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.storage.tenancy import Owner
    from workflows.policy import Policy

_T = TypeVar("_T")
_BEARER = "bearer "


class Asking(Struct, frozen=True):
    """One person's request at work: what they may see, and the door to change it."""

    work: Work
    actor: Actor
    reader: Reader
    rows: Rows
    token_id: UUID
    scopes: tuple[str, ...]
    #: Look for a kept answer before anything is done: the key was found to be taken.
    is_replay: bool = False

    @property
    def ref(self) -> str:
        """The asker's ref."""
        return self.reader.viewer.ref

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.work.connection

    @property
    def organisation_id(self) -> UUID:
        """The asker's organisation."""
        return self.work.organisation.id

    @property
    def policy(self) -> Policy:
        """The policy in force today."""
        return self.work.picture.policy_on(local_day(self.work.now))

    @property
    def today(self) -> date:
        """The local date of the transaction."""
        return local_day(self.work.now)

    def has(self, role: Role) -> bool:
        """Whether the asker has a role in the service."""
        return role in self.reader.viewer.roles

    def must_be(self, role: Role) -> None:
        """Raises Problem 403 where the asker lacks a role in the service."""
        if not self.has(role):
            raise Problem(403, "not_your_move", f"This belongs to people with the role {role.value.replace('_', ' ')}.")

    def must_have(self, scope: Scope) -> None:
        """Raises Problem 403 where the asker's token is not good for something."""
        check_scope(self.scopes, scope)

    def reading_now(self) -> Reader:
        """A reader that sees the people as this transaction has changed them."""
        is_same = self.reader.picture is self.work.picture
        return self.reader if is_same else replace(self.reader, picture=self.work.picture)


def check_scope(scopes: Collection[str], needed: Scope) -> None:
    """Raises Problem 403 where a token with these scopes is not good for something."""
    if not allows(scopes, needed):
        has = ", ".join(scopes) or "nothing"
        raise Problem(
            403, "insufficient_scope", f"This needs a token with the scope “{needed}”; yours is for: {has}.",
            scope=needed.value,
        )  # fmt: skip


class Requests:
    """Begins the transactions of requests."""

    def __init__(self, door: Door, rates: Rates, uses: Uses) -> None:
        self.door, self.rates, self.uses = door, rates, uses

    @classmethod
    def of(cls, settings: Settings, door: Door) -> Requests:
        """As the settings limit them."""
        return cls(door, Rates.of(settings), Uses(timedelta(minutes=settings.sign_in_idle_minutes)))

    def owner_of(self, token: Credential) -> Owner:
        """Whose a token is, before anything is asked in their name. Raises UnknownTokenError."""
        with self._counting_misses(token), self.door.database.read_for_token(token.hash) as (_connection, owner):
            return owner

    @contextmanager
    def reading(self, token: Credential) -> Iterator[Asking]:
        """A reading transaction for whoever has the token. Raises Problem 401, 403 and 429."""
        with self._counting_misses(token), self.door.database.read_for_token(token.hash) as (connection, owner):
            yield self._asking(connection, owner, token)
        self.uses.note(self.door.database, owner)

    def writing(self, token: Credential, piece: Callable[[Asking], _T]) -> _T:
        """Do a piece of work for whoever has the token, written and committed as a whole. It may be called again."""
        with self._counting_misses(token):
            try:
                return self.door.attempt(lambda: self._write_once(token, piece, is_replay=False))
            except KeyTakenError:
                return self.door.attempt(lambda: self._write_once(token, piece, is_replay=True))

    def _write_once(self, token: Credential, piece: Callable[[Asking], _T], *, is_replay: bool) -> _T:
        with self.door.database.write_for_token(token.hash) as (connection, owner):
            asking = self._asking(connection, owner, token, is_replay=is_replay)
            answer = piece(asking)
            save(asking)
        self.door.committed(asking.work)
        self.uses.note(self.door.database, owner)
        return answer

    @contextmanager
    def _counting_misses(self, token: Credential) -> Iterator[None]:
        """Whoever tries tokens that nobody has is slowed down, and nobody else at the same address."""
        try:
            yield
        except UnknownTokenError:
            self.rates.attempt(token.address)
            raise

    def _asking(self, connection: Connection, owner: Owner, token: Credential, *, is_replay: bool = False) -> Asking:
        self.rates.ask(owner.organisation_id, owner.person, owner.token_id)
        check_scope(owner.scopes, token.needs)
        organisation = Organisation(
            owner.organisation_id, owner.policy_id, owner.live_from, owner.now, owner.directory_version,
            owner.calendar_version, owner.wrapped_key,
        )  # fmt: skip
        work = self.door.work_for(connection, organisation)
        today = local_day(work.now)
        person = work.picture.directory.get(owner.person)
        if person is None or not person.in_post(today):
            raise Problem(401, "left", "This token belongs to nobody who is in post today.")
        access = work.picture.policy_on(today).access
        viewer = Viewer.of(organisation, owner.person, work.picture, access)
        reader = Reader(connection, organisation, work.picture, work.sealer, viewer)
        rows = Rows(connection, organisation.id)
        return Asking(work, Actor(owner.person), reader, rows, owner.token_id, tuple(owner.scopes), is_replay)


def address_of(request: Request) -> str:
    """The address that a request came from, as far as the proxies in front can be believed."""
    return request.client.host if request.client else ""


def bearer_for(scope: Scope | None) -> Callable[..., Awaitable[Credential]]:
    """The token of a request, good for this; for None, to read where something is read and to write elsewhere."""

    async def bearer(request: Request, authorization: Annotated[str | None, Header()] = None) -> Credential:
        # Asynchronous like what follows, since a plain function would be called in a thread of its own.
        if authorization is None or not authorization.lower().startswith(_BEARER):
            raise Problem(401, "no_token", "Send your token in the header “Authorization: Bearer …”.")
        by_method = Scope.read if request.method == "GET" else Scope.write
        return Credential(authorization[len(_BEARER) :].strip(), scope or by_method, address_of(request))

    return bearer


async def requests_of(request: Request) -> Requests:
    """The application's way to transactions."""
    found: Requests = request.app.state.requests
    return found


Token = Annotated[Credential, Depends(bearer_for(None))]
ImportToken = Annotated[Credential, Depends(bearer_for(Scope.import_))]
AdminToken = Annotated[Credential, Depends(bearer_for(Scope.admin))]
#: A token that is good for everything may make others, and no other may.
WholeToken = Annotated[Credential, Depends(bearer_for(Scope.all))]
Asks = Annotated[Requests, Depends(requests_of)]


def save(asking: Asking) -> None:
    """Write what the asker's work decided, if it is not there yet, so that it can be read again."""
    if not asking.work.written:
        write(asking.work)


def matter_id_of(text: str) -> UUID:
    """An id out of an address. Raises Problem 404 for what can be no id."""
    try:
        return UUID(text)
    except ValueError:
        raise not_here() from None

"""A browser's visit: a token that its cookie carries, that ends by itself, and that is replaced at every sign-in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from service.calendar_feeds.feeds import end_feed
from service.identity.scopes import Scope, hash_of
from service.identity.tokens import keep_token, revoke, revoke_browsers
from service.storage.connection import UnknownTokenError

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from service.settings import Settings
    from service.storage.connection import Database

#: Browsers and systems as their own descriptions name them; the first that is found counts.
_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


class VisitLimits(Struct, frozen=True):
    """How long a browser stays signed in: unused, and in any case."""

    idle: timedelta
    longest: timedelta

    @classmethod
    def of(cls, settings: Settings) -> VisitLimits:
        """As the settings say."""
        return cls(timedelta(minutes=settings.sign_in_idle_minutes), timedelta(hours=settings.sign_in_hours))


class Visitor(NamedTuple):
    """Who came, with which browser, and when they last showed who they are; None where nobody says."""

    person: str
    browser: str
    authenticated_at: datetime | None


def begin_visit(
    connection: Connection, own: UUID, visitor: Visitor, now: datetime, moment: datetime, limits: VisitLimits
) -> str:
    """Sign a browser in and answer its token. `now` is the organisation's instant, `moment` the database's clock."""
    return keep_token(
        connection, own, visitor.person, visitor.browser, [Scope.browser], now,
        expires_at=moment + min(limits.idle, limits.longest), ends_at=moment + limits.longest,
        authenticated_at=visitor.authenticated_at,
    )  # fmt: skip


def end_visit(database: Database, text: str) -> None:
    """End the visit that a browser's token stands for, in whichever organisation; nothing where it has ended."""
    with suppress(UnknownTokenError), database.write_for_token(hash_of(text)) as (connection, owner):
        revoke(connection, owner.organisation_id, owner.token_id, owner.now)


def end_visits(connection: Connection, organisation_id: UUID, person: str, now: datetime) -> None:
    """End what anybody could have left behind in somebody's browsers: every visit, and the calendar feed."""
    revoke_browsers(connection, organisation_id, person, now)
    end_feed(connection, organisation_id, person)


def browser_in_words(user_agent: str) -> str:
    """A browser as its owner knows it again, and no more than that: "Firefox on Windows"."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser

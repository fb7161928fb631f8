"""When tokens were used last: written seldom, after the request, and never in its way."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import case, update
from sqlalchemy.exc import OperationalError

from service.storage.council_tables import tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from service.storage.connection import Database
    from service.storage.tenancy import Owner

#: A token that is used all the time is written down once in so long, in seconds.
EVERY = 300.0
#: Tokens to remember before those that were written down long ago are forgotten.
_MANY = 10_000


class Uses:
    """Remembers which tokens this process wrote down lately; a browser's visit goes on from its last use."""

    def __init__(self, idle: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle, self._clock = idle, clock
        self._noted: dict[UUID, float] = {}
        self._lock = Lock()

    def note(self, database: Database, owner: Owner) -> None:
        """Write down that a token was used, if that is due. A database that is busy is asked again the next time."""
        if not self._is_due(owner.token_id):
            return
        try:
            with database.write(owner.organisation_id) as connection:
                note_use(connection, owner, database.moment(connection), self._idle)
        except OperationalError:
            self._noted.pop(owner.token_id, None)

    def _is_due(self, token_id: UUID) -> bool:
        now = self._clock()
        if now - self._noted.get(token_id, now - EVERY) < EVERY:
            return False
        with self._lock:
            if len(self._noted) >= _MANY:
                self._noted = {known: at for known, at in self._noted.items() if now - at < EVERY}
            self._noted[token_id] = now
        return True


def note_use(connection: Connection, owner: Owner, moment: datetime, idle: timedelta) -> None:
    """Write down a use at the organisation's instant; a visit then lasts for `idle` from the database's `moment`."""
    until = moment + idle
    later = case((tokens.c.ends_at < until, tokens.c.ends_at), else_=until)
    goes_on = case((tokens.c.ends_at.is_(None), tokens.c.expires_at), else_=later)
    own = (tokens.c.organisation_id == owner.organisation_id, tokens.c.id == owner.token_id)
    connection.execute(update(tokens).where(*own).values(last_used_at=owner.now, expires_at=goes_on))

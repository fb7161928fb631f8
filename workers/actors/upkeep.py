"""Upkeep: what must hold is checked, histories are signed once a day, and what nobody needs is cleared away."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct, field
from sqlalchemy import delete, update

from service.api.replays import KEPT_FOR
from service.engine.incidents import FAILING, close_incident, report_incident
from service.engine.picture import read_organisation
from service.storage.checkpoints import last_checkpoint_at, make_checkpoint
from service.storage.matter_tables import idempotency_keys, incidents
from service.storage.view_chain import chain_views
from service.watching import metrics
from workers.invariants import INVARIANTS, at_of
from workers.looks import Look

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from service.engine.door import Door
    from workers.invariants import At, Broken
    from workers.looks import GoesOn

_log = structlog.get_logger()
#: Seconds between two rounds.
EVERY = 900.0
#: How old the newest checkpoint may be: signed daily, whatever the hour of the first one.
_SIGN_AFTER = timedelta(hours=24)
#: What fails again and again says so every five minutes; an incident of it that is older is over, or comes again.
_OVER_AFTER = timedelta(hours=1)


def upkeep(door: Door, key: Ed25519PrivateKey) -> Look:
    """Looks every quarter of an hour at every council. Several at once are harmless."""
    return Look("upkeep", every=EVERY, waiting=door.database.organisations, look=Upkeep(door, key).look)


class Upkeep(Struct, frozen=True):
    """Keeps the councils of one database."""

    door: Door
    key: Ed25519PrivateKey
    #: By check, the councils in which it failed when this process looked last.
    broken: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def look(self, own: UUID, _goes_on: GoesOn) -> int:
        """Everything for one council; 0, for the next round is early enough for more."""
        now = self.door.database.now()
        self._sign(own, now)
        with self.door.database.read(own) as connection:
            at = at_of(connection, own, now)
            found = {check.name: check.count_broken(connection, at) for check in INVARIANTS}
        self._clear(at, found)
        return 0

    def _sign(self, own: UUID, now: datetime) -> None:
        with self.door.database.read(own) as connection:
            signed_at = last_checkpoint_at(connection, own)
        if signed_at is not None and signed_at > now - _SIGN_AFTER:
            return
        with self.door.database.write(own) as connection:
            chain_views(connection, own, read_organisation(connection, own).now, self.key)
        signed = True
        while signed:
            with self.door.database.write(own) as connection:
                signed = make_checkpoint(connection, own, now, self.key) is not None

    def _clear(self, at: At, found: dict[str, Broken]) -> None:
        """Report what fails and close what does no more; forget the answers that no retry will ask for."""
        own = at.own
        with self.door.database.write(own) as connection:
            for check in INVARIANTS:
                broken = found[check.name]
                self._note(check.name, own, broken.in_all)
                if broken.told:
                    report_incident(connection, own, at.now, check.name, f"{check.broken_says}: {broken.told}.")
                else:
                    close_incident(connection, own, at.now, check.name)
            over = (
                incidents.c.organisation_id == own, incidents.c.closed_at.is_(None),
                incidents.c.kind.endswith(FAILING, autoescape=True), incidents.c.at < at.now - _OVER_AFTER,
            )  # fmt: skip
            connection.execute(update(incidents).where(*over).values(closed_at=at.now))
            old = (idempotency_keys.c.organisation_id == own, idempotency_keys.c.created_at < at.now - 2 * KEPT_FOR)
            connection.execute(delete(idempotency_keys).where(*old))

    def _note(self, check: str, own: UUID, count: int) -> None:
        if count:
            _log.error("invariant_broken", check=check, organisation=str(own), count=count)
            self.broken[check].add(own)
        else:
            self.broken[check].discard(own)
        metrics.INVARIANTS.labels(check).set(len(self.broken[check]))

"""How often somebody may ask: counted in Redis for all processes together, else by each for itself."""

from __future__ import annotations

import ipaddress
import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string

from service.identity.counts import OwnCounts
from service.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from limits.storage import Storage

    from service.settings import Settings

_log = structlog.get_logger()
_REQUESTS, _ATTEMPTS = 1_200, 300
#: A process tells the others of every fiftieth part of a limit, so that few requests wait for Redis.
_PARTS = 50
#: Seconds to wait for Redis, and for which nobody waits again once it did not answer.
_PATIENCE, _LEFT_ALONE = 0.25, 10.0
#: What somebody is answered who has not the secret that a route asks for.
_NO_SECRET = frozenset({401, 404})
#: What one household or office has in IPv6 is counted as one address.
_NETWORK = 64


class Rates:
    """Limits by token, by person and by address; 0 is no limit. While Redis is away each process counts for itself."""

    def __init__(
        self, shared: Storage | None, requests: int, attempts: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._shared, self._own = shared, OwnCounts(clock)
        self._token = RateLimitItemPerMinute(requests) if requests else None
        self._person = RateLimitItemPerMinute(2 * requests) if requests else None
        self._address = RateLimitItemPerMinute(attempts) if attempts else None
        self._clock, self._back_at = clock, -math.inf

    @classmethod
    def of(cls, settings: Settings) -> Rates:
        """The limits that the settings name."""
        given = (settings.requests_per_minute, settings.attempts_per_minute)
        usual = (0, 0) if settings.sandbox else (_REQUESTS, _ATTEMPTS)
        requests, attempts = (default if said is None else said for said, default in zip(given, usual, strict=True))
        return cls(shared_counts(settings.redis_url) if settings.redis_url else None, requests, attempts)

    def ask(self, organisation_id: UUID, person: str, token_id: UUID) -> None:
        """Count a request of somebody. Raises Problem 429."""
        self._take(self._token, "token", token_id.hex)
        self._take(self._person, "person", organisation_id.hex, person)

    def attempt(self, address: str) -> None:
        """Count an attempt to be somebody. Raises Problem 429."""
        self._take(self._address, "address", _network(address))

    @contextmanager
    def guessing(self, address: str) -> Iterator[None]:
        """Count as an attempt what is refused for want of a secret. Raises Problem 429, or what the block raised."""
        try:
            yield
        except Problem as problem:
            if problem.status in _NO_SECRET:
                self.attempt(address)
            raise

    def _take(self, item: RateLimitItem | None, *key: str) -> None:
        if item is None:
            return
        name = item.key_for(*key)
        count, until = self._own.add(name, item.get_expiry())
        part = max(1, item.amount // _PARTS)
        if count <= item.amount and count % part == 0:
            until = self._told(item, name, part)
        elif count <= item.amount:
            return
        seconds = math.ceil(until - self._clock())
        if seconds > 0:
            if count == item.amount + 1:
                _log.warning("limit_reached", by=key[0], who=key[-1])
            said = f"That is too often. Wait {seconds} seconds, then go on."
            raise Problem(429, "too_many", said, retry_after=seconds)

    def _told(self, item: RateLimitItem, name: str, part: int) -> float:
        """Tell the other processes of what was counted here: until when all of them together have had enough."""
        now = self._clock()
        if self._shared is None or now < self._back_at:
            return now
        try:
            if self._shared.incr(name, item.get_expiry(), part) <= item.amount:
                return now
            until = self._shared.get_expiry(name)
        except StorageError as error:
            self._back_at = now + _LEFT_ALONE
            _log.warning("rates_counted_here_alone", error=type(error.storage_error).__name__)
            return now
        self._own.fill(name, item.amount, until)
        return until


def shared_counts(redis_url: str) -> Storage:
    """The counts that all processes have together."""
    patience = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
    return cast("Storage", storage_from_string(redis_url, wrap_exceptions=True, **patience))


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, _NETWORK), strict=False)) if found.version == 6 else str(found)  # noqa: PLR2004 - IPv6

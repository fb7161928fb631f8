"""What Prometheus is given: the figures of this process, and what waits in the database at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from service.storage.heartbeats import alive
from service.watching.metrics import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client.metrics_core import Metric

    from service.storage.connection import Database

_log = structlog.get_logger()


class _Waiting(Collector):
    """Read anew for each scrape; all by indexes of what is open alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: that would read the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures; none but `supervision_database_up` while the database is away."""
        try:
            found = self._read()
        except SQLAlchemyError as error:
            _log.warning("metrics_without_database", error=type(error).__name__)
            found = []
        yield _gauge("database_up", "1 while the database answers.", float(bool(found)))
        yield from found

    def _read(self) -> list[Metric]:
        at, due = self._database.due_now()
        waits, heard = self._database.waits(), alive(self._database)
        lag = max((at - first.fires_at).total_seconds() for first in due) if due else 0.0
        oldest = (at - waits.oldest_notice).total_seconds() if waits.oldest_notice else 0.0
        return [
            _gauge("deadline_lag_seconds", "For how long the oldest deadline that passed was not enforced.", lag),
            _gauge("outbox_age_seconds", "For how long the oldest notice waits.", max(oldest, 0.0)),
            _gauge("incidents_open", "Incidents that nobody has closed.", waits.open_incidents),
            _gauge("clocks_alive", "Clocks that spoke within a minute.", heard.clocks),
            _gauge("workers_alive", "Workers that spoke within a minute.", heard.workers),
        ]


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"supervision_{name}", says, value)


class Exposed:
    """The figures of a process that has a database, in Prometheus' text format."""

    def __init__(self, database: Database) -> None:
        self._waiting = CollectorRegistry()
        self._waiting.register(_Waiting(database))

    def text(self) -> bytes:
        """All figures now."""
        return generate_latest(REGISTRY) + generate_latest(self._waiting)

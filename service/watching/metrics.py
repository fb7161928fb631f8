"""The figures of one process, for Prometheus. None of them names a council or a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

#: Whatever is counted in this process; `service.watching.exposed` adds what is read from the database.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS = (0, 1, 2, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400)
LATENESS = Histogram(
    "supervision_deadline_lateness_seconds", "From the first instant of enforcement to it, in whole seconds.",
    registry=REGISTRY, buckets=_SECONDS,
)  # fmt: skip
BATCH = Histogram(
    "supervision_deadline_batch_size", "Deadlines that one transaction enforced.",
    registry=REGISTRY, buckets=(1, 5, 10, 50, 100, 200, 300, 400, 500),
)  # fmt: skip
MOVES = Counter("supervision_moves", "Moves of people that were kept, openings too.", registry=REGISTRY)
REFUSALS = Counter("supervision_refusals", "Moves of people that were refused.", ("guard",), registry=REGISTRY)
REQUESTS = Histogram(
    "supervision_request_seconds", "Answering a request.", ("method", "status"),
    registry=REGISTRY, buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)  # fmt: skip
WAKES = Counter("supervision_wakes", "Wake-ups that were sent.", ("queue",), registry=REGISTRY)
SWEEPS_ITSELF = Gauge(
    "supervision_clock_sweeps_itself", "1 while a clock does the work itself: Redis or all workers are away.",
    registry=REGISTRY,
)  # fmt: skip
SKEW = Gauge(
    "supervision_clock_skew_seconds", "How far this machine's clock is ahead of the database's.", registry=REGISTRY
)
LAST_BEAT = Gauge("supervision_last_heartbeat_seconds", "When this process said last that it is alive, Unix time.",
                  registry=REGISTRY)  # fmt: skip
LOOKS_FAILED = Counter("supervision_looks_failed", "Looks into a council that failed.", ("queue",), registry=REGISTRY)
WEATHER = Counter(
    "supervision_looks_put_off", "Looks put off: the database was away or others were quicker.", ("queue",),
    registry=REGISTRY,
)  # fmt: skip
DEAD_LETTERS = Counter("supervision_dead_letters", "Messages that failed for good.", ("queue",), registry=REGISTRY)
INVARIANTS = Gauge(
    "supervision_invariant_broken", "Councils in which a named check fails, as this process saw it last.", ("check",),
    registry=REGISTRY,
)  # fmt: skip


def enforced(deadlines: int, seconds_late: float) -> None:
    """Note one batch, all of one instant."""
    if deadlines:
        BATCH.observe(deadlines)
        for _ in range(deadlines):
            LATENESS.observe(seconds_late)

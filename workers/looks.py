"""What happens by itself, as looks: each says which organisations wait, and does a bounded piece for one of them.

A look changes nothing when nothing waits, so that a message which asks for one may be lost or repeated without harm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from service.watching import metrics
from service.weather import is_weather

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from service.engine.work import Work
    from workers.patience import Patience

_log = structlog.get_logger()
GoesOn = Callable[[], bool]


class Look(Struct, frozen=True):
    """One kind of thing that happens by itself."""

    #: The name of its queue and actor, in logs and metrics as well.
    queue: str
    #: Seconds between two looks when nothing was found.
    every: float
    #: The organisations in which there is something to do, the most urgent first.
    waiting: Callable[[], list[UUID]]
    #: Do a piece of what there is to do in one; answers how much that was. It looks at `goes_on` between two parts.
    look: Callable[[UUID, GoesOn], int]
    #: Whether a transaction left something here that need not wait for the clock.
    left_by: Callable[[Work], bool] = lambda work: False  # noqa: ARG005 - most leave nothing


def one_pass(look: Look, found: Iterable[UUID], patience: Patience, goes_on: GoesOn) -> int:
    """Look once at each of these organisations; how much was done.

    What goes wrong in one is logged, and tried again after a while that grows; the others do not wait for it. What is
    only weather is tried again with the next look.
    """
    return sum(_one(look, own, patience, goes_on) for own in found if goes_on() and patience.allows(look.queue, own))


def until_done(look: Look, patience: Patience, goes_on: GoesOn) -> None:
    """Go round the organisations that wait until a round finds nothing to do. Raises where the database is away."""
    while goes_on() and one_pass(look, look.waiting(), patience, goes_on):
        pass


def _one(look: Look, own: UUID, patience: Patience, goes_on: GoesOn) -> int:
    try:
        done = look.look(own, goes_on)
    except SQLAlchemyError as error:
        if not is_weather(error):
            _failed(look, own, patience, error)
            return 0
        metrics.WEATHER.labels(look.queue).inc()
        _log.warning("look_put_off", look=look.queue, organisation=str(own), error=type(error).__name__)
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, the other organisations go on
        _failed(look, own, patience, error)
        return 0
    patience.succeeded(look.queue, own)
    if done:
        _log.info("looked", look=look.queue, organisation=str(own), done=done)
    return done


def _failed(look: Look, own: UUID, patience: Patience, error: Exception) -> None:
    metrics.LOOKS_FAILED.labels(look.queue).inc()
    _log.error("look_failed", look=look.queue, organisation=str(own), exc_info=error)
    patience.failed(look.queue, own, error)

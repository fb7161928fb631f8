"""What goes around every message: its place in the logs, and what becomes of it when it fails for good."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import structlog
from dramatiq.middleware import Middleware

from service.logs import correlation_id, end_correlation, start_correlation
from service.watching import metrics
from service.watching.tracing import carry, span
from service.weather import is_weather

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from dramatiq import Broker, Message
    from dramatiq.broker import MessageProxy

    from workers.patience import Patience

_log = structlog.get_logger()
_OPTION, _TRACE = "correlation_id", "trace"


class LogContext(Middleware):
    """Carries the correlation id of whoever sent a message to whoever works on it."""

    def before_enqueue(self, _broker: Broker, message: Message[Any], _delay: int | None) -> None:
        """Send along under which id we log."""
        message.options.setdefault(_OPTION, correlation_id())

    def before_process_message(self, _broker: Broker, message: MessageProxy) -> None:
        """Log under that id from here on."""
        start_correlation(message.options.get(_OPTION), look=message.queue_name)

    def after_process_message(self, *_: object, **__: object) -> None:
        """Leave nothing to the next message."""
        end_correlation()


class Traces(Middleware):
    """Puts what a worker does below the span of whoever sent the message, where traces are kept."""

    def __init__(self) -> None:
        self._mine = threading.local()

    def before_enqueue(self, _broker: Broker, message: Message[Any], _delay: int | None) -> None:
        """Send along from which span it comes."""
        carry(message.options.setdefault(_TRACE, {}))

    def before_process_message(self, _broker: Broker, message: MessageProxy) -> None:
        """Begin a span."""
        self._mine.open = ExitStack()
        self._mine.open.enter_context(span(message.queue_name, message.options.get(_TRACE)))

    def after_process_message(self, *_: object, **__: object) -> None:
        """End it."""
        self._mine.open.close()


class Untold(Middleware):
    """Leaves what went wrong to the log: `Retries` would put the words of the error into Redis with the message."""

    def before_enqueue(self, _broker: Broker, message: Message[Any], _delay: int | None) -> None:
        """Send no traceback along."""
        message.options.pop("traceback", None)


class Weather(Middleware):
    """A message that met a database which was away is no failure: it is tried again, and the clock asks as well."""

    def after_process_message(
        self,
        _broker: Broker,
        message: MessageProxy,
        *,
        result: object = None,  # noqa: ARG002 - no actor answers anything
        exception: BaseException | None = None,
    ) -> None:
        """Note it, and no more than that."""
        if exception is not None and is_weather(exception):
            metrics.WEATHER.labels(message.queue_name).inc()
            _log.warning("look_put_off", look=message.queue_name, error=type(exception).__name__)


class DeadLetters(Middleware):
    """A message that failed for good is an incident of every council, unless it was the weather."""

    def __init__(self, patience: Patience, organisations: Callable[[], list[UUID]]) -> None:
        self._patience, self._organisations = patience, organisations

    def after_process_message(
        self,
        _broker: Broker,
        message: MessageProxy,
        *,
        result: object = None,  # noqa: ARG002 - no actor answers anything
        exception: BaseException | None = None,
    ) -> None:
        """Tell people, once no more tries are left."""
        if exception is None or not message.failed or is_weather(exception):
            return
        metrics.DEAD_LETTERS.labels(message.queue_name).inc()
        _log.error("message_failed_for_good", look=message.queue_name, error=type(exception).__name__)
        for own in self._organisations():
            self._patience.tell(message.queue_name, own, exception)

"""Logs: for people in a terminal, as JSON elsewhere. An event's name is constant; what it is about comes as fields.

Everything that one request or one round causes is logged under one correlation id, in other processes as well.
"""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = "correlation_id"


def set_up_logs(level: str) -> None:
    """Send every log line to standard error, from this level on. Values of variables are never part of it.

    A terminal is told what an error says as well: it is that of whoever started the process.
    """
    in_a_terminal = sys.stderr.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if in_a_terminal
        else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if in_a_terminal else [structlog.processors.ExceptionRenderer(_without_words)]),
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Standard error as it is when a line is written: whoever runs the process may put another in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _bring_in_libraries(shared, renderer, max(number, logging.WARNING))


def _without_words(exc_info: structlog.typing.ExcInfo) -> str:
    """The way of an error and its kind, its causes first. What it says stays out: that may be what somebody wrote."""
    _, error, _ = exc_info
    found: list[str] = []
    before: BaseException | None = error
    while before is not None:
        kind = f"{type(before).__module__}.{type(before).__qualname__}"
        found.insert(0, "".join([*traceback.format_tb(before.__traceback__), kind]))
        before = before.__cause__ or (None if before.__suppress_context__ else before.__context__)
    return "\n\n".join(found)


def _bring_in_libraries(
    shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor, level: int
) -> None:
    """Let what libraries log look like the rest; only what they warn of is of interest."""
    handler = _StandardError()
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[remove, renderer], foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler, *(other for other in root.handlers if not isinstance(other, _StandardError))]
    root.setLevel(level)


class _StandardError(logging.Handler):
    """Standard error as it is when a line is written."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


def correlation_id() -> str | None:
    """The id under which this thread or request logs; None where it logs under none."""
    found: str | None = structlog.contextvars.get_contextvars().get(_ID)
    return found


def start_correlation(known: str | None = None, **more: str) -> str:
    """Log under this id from here on, or under a new one; answers it."""
    own = known or uuid4().hex
    structlog.contextvars.bind_contextvars(**{_ID: own}, **more)
    return own


def end_correlation() -> None:
    """Log under no id any more."""
    structlog.contextvars.clear_contextvars()


@contextmanager
def correlated(known: str | None = None) -> Iterator[str]:
    """Log under one id within the block."""
    with structlog.contextvars.bound_contextvars(**{_ID: known or uuid4().hex}):
        yield str(correlation_id())

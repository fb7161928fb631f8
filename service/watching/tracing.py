"""Traces by OpenTelemetry, where SUPERVISION_OTLP_URL says where they go; elsewhere a span is nothing."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.trace import Tracer

#: FastAPI's own would say in a trace what a request carried, and asks for every request whether it is to be done.
OWN_TRACES_ALONE: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
_tracer: Tracer | None = None


class TracingMissingError(Exception):
    """Traces are wanted, and the packages for them are not installed."""


def set_up_tracing(url: str, process: str) -> None:
    """Send traces to an OTLP receiver by HTTP from here on. Raises TracingMissingError."""
    global _tracer  # noqa: PLW0603 - like a log, it is one for the whole process
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter") is None:
        raise TracingMissingError(
            "SUPERVISION_OTLP_URL needs the packages for traces: pip install 'supervision-workflows[tracing]'."
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - optional
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - optional
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - optional
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - optional

    provider = TracerProvider(resource=Resource.create({"service.name": f"supervision-{process}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url)))
    _tracer = provider.get_tracer("supervision")


@contextmanager
def span(name: str, carried: MutableMapping[str, str] | None = None, **attributes: str) -> Iterator[None]:
    """A span around the block; below the one that `carried` came from, where something was carried along."""
    if _tracer is None:
        yield
        return
    from opentelemetry.propagate import extract  # noqa: PLC0415 - optional

    with _tracer.start_as_current_span(name, context=extract(carried or {}), attributes=attributes):
        yield


def carry(carrier: MutableMapping[str, str]) -> None:
    """Write into a message from which span it comes."""
    if _tracer is not None:
        from opentelemetry.propagate import inject  # noqa: PLC0415 - optional

        inject(carrier)

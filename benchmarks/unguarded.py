"""`python -m benchmarks.unguarded --port …`: the service without what guards each request, for comparison alone.

It has no doors around it (names, headers, sizes), counts no limits, asks for no scope and notes no token's use.
"""

from __future__ import annotations

from typing import Annotated

import typer

from service.api import asking
from service.api.asking import Requests
from service.app import Application, app_for
from service.engine.door import Door
from service.identity.rates import Rates
from service.identity.uses import Uses
from service.settings import Settings
from service.watching.requests import Watched
from workers.commands import serving


class _Unnoted(Uses):
    """Notes nothing."""

    def __init__(self) -> None:
        """Without anything to remember."""

    def note(self, *_: object) -> None:
        """Nothing is written down."""


def unguarded(settings: Settings, door: Door) -> Application:
    """The application as `app_for` makes it, with plain pieces in the place of its guards."""
    app = app_for(settings, door)
    app.state.requests = Requests(door, Rates(None, requests=0, attempts=0), _Unnoted())
    app.build_middleware_stack = lambda: Watched(app.routed())  # type: ignore[method-assign]
    return app


def main(port: Annotated[int, typer.Option()]) -> None:
    """Serve as `supervision serve` does."""
    asking.check_scope = lambda *_: None
    serving.app_for = unguarded  # type: ignore[attr-defined]  # where it is called
    serving.serve(port=port)


if __name__ == "__main__":
    typer.run(main)

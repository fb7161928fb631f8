"""The HTTP application, put together from its settings."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Scope

from service import problems
from service.api import (
    calendar_feeds,
    council,
    diagrams,
    disclosures,
    forms,
    guidance,
    health,
    inspection,
    matters,
    moves,
    notices,
    policies,
    repairs,
    sandbox,
    tokens,
)
from service.api.asking import Requests
from service.api.described import describe
from service.api.direct_route import DirectRoutes
from service.engine.door import Door
from service.identity.openid import OpenId
from service.pages import reference
from service.pages.application import pages_app
from service.pages.languages import language
from service.settings import Settings
from service.watching.exposed import Exposed
from service.watching.requests import Watched
from service.watching.tracing import OWN_TRACES_ALONE
from service.web_doors import WebDoors

PREFIX = "/api/v1"
_ROUTES = (
    moves, matters, notices, calendar_feeds, disclosures, forms, council, guidance, inspection, policies, diagrams,
    repairs, tokens, sandbox,
)  # fmt: skip


def app_for(settings: Settings, door: Door) -> Application:
    """The application around a door that is there already."""
    app = Application(
        title="Supervision",
        summary="Runs councils' supervision policies: sessions, records, disputes, absences and what is owed.",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry=OWN_TRACES_ALONE,
    )
    app.state.settings = settings
    app.state.requests = Requests.of(settings, door)
    app.state.exposed = Exposed(door.database)
    app.include_router(health.router)
    for routes in _ROUTES:
        app.include_router(routes.router, prefix=PREFIX)
    app.include_router(reference.router, prefix=PREFIX)
    problems.install(app)
    describe(app, PREFIX)
    pages = pages_app()
    pages.state.settings, pages.state.requests = settings, app.state.requests
    pages.state.languages = tuple(map(language, settings.languages))
    pages.state.open_id = OpenId.of(settings)
    app.router.routes.append(_Elsewhere("/", app=pages))
    return app


class Application(FastAPI):
    """The doors stand outside of everything, so that even a failure leaves by them, and is watched."""

    def build_middleware_stack(self) -> ASGIApp:
        """All routes behind the doors; what answers for an error has the request's id as well."""
        return Watched(WebDoors(self.routed(), self.state.settings))

    def routed(self) -> ASGIApp:
        """Direct routes, and all else as FastAPI builds it."""
        return DirectRoutes(super().build_middleware_stack(), moves.router.routes, PREFIX, self.state.requests)


class _Elsewhere(Mount):
    """Everything but the API, whose unknown addresses and methods are the API's own to answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the address is below the API's prefix or not."""
        return (Match.NONE, {}) if scope.get("path", "").startswith(f"{PREFIX}/") else super().matches(scope)

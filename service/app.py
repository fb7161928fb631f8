"""The HTTP application, put together from its settings."""

from __future__ import annotations

from fastapi import FastAPI

from service import problems
from service.api import council, disclosures, forms, guidance, matters, moves, policies, sandbox
from service.api.asking import Requests
from service.engine.door import Door
from service.settings import Settings

PREFIX = "/api/v1"


def app_for(settings: Settings, door: Door) -> FastAPI:
    """The application around a door that is there already."""
    app = FastAPI(
        title="Supervision",
        summary="Runs councils' supervision policies: sessions, records, disputes, absences and what is owed.",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.requests = Requests(door)
    for routes in (moves, matters, disclosures, forms, council, guidance, policies, sandbox):
        app.include_router(routes.router, prefix=PREFIX)
    problems.install(app)
    return app

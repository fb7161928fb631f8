"""Whether this process is well, and its figures. Neither says anything of a council or a person.

`/metrics` belongs to whoever watches the service: with SUPERVISION_METRICS_TOKEN set, whoever sends it; without that
setting there is no such page, for a proxy in front makes everybody look like this machine.
"""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from service.api.asking import Asks, Token
from service.problems import Problem, not_here
from service.storage.heartbeats import alive
from workflows.receipts import iso

router = APIRouter(tags=["watching"])


@router.get("/health/live", summary="Whether the process answers")
async def live() -> dict[str, str]:
    """Restart a process that does not answer this."""
    return {"status": "live"}


@router.get("/health/ready", summary="Whether the process can serve")
def ready(asks: Asks) -> JSONResponse:
    """503 while the database is away. Says too whether any clock ticks: without one, nothing happens by itself."""
    try:
        heard = alive(asks.door.database)
    except SQLAlchemyError:
        return JSONResponse({"status": "not_ready", "why": "The database does not answer."}, 503)
    last = iso(heard.last_clock) if heard.last_clock else None
    body: dict[str, Any] = {
        "status": "ready", "clocks": heard.clocks, "workers": heard.workers, "last_clock_at": last,
    }  # fmt: skip
    return JSONResponse(body)


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
def metrics(request: Request, token: Token, asks: Asks) -> Response:
    """Figures of this process and of what waits, as text."""
    wanted = request.app.state.settings.metrics_token
    if wanted is None:
        raise not_here()
    with asks.rates.guessing(token.address):
        if not secrets.compare_digest(token.text.encode(), wanted.get_secret_value().encode()):
            raise Problem(401, "unknown_token", "This is not the token that SUPERVISION_METRICS_TOKEN says.")
    return Response(request.app.state.exposed.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

"""How the service is, in plain words, for administrators; and where they go from there."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.engine.council_health import read_health
from service.engine.incident_groups import count_open_groups
from service.notices.sent import unreached
from service.notices.set_up import channels_of
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.storage.heartbeats import alive
from workflows.vocabulary import Role

router = APIRouter()


@router.get("/service")
def service_health(visit: Visiting) -> HTMLResponse:
    """What `/health/ready` and `/metrics` say to machines, of this council alone."""
    heard = alive(visit.asks.door.database)

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        values = {
            "heard": heard, "health": read_health(asking.reader), "incidents": count_open_groups(asking.reader),
            "unreached": len(unreached(asking.reader)), "set_up": list(channels_of(visit.settings).by_name),
        }  # fmt: skip
        return page(visit, asking, "service_health.html", values)

    return visit.read(read)

"""Mending incidents: for administrators, and for human resources those of what only they may know."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.api.asking import Asking, Asks, Token, matter_id_of, save
from service.api.bodies import Body, Sent, parsed
from service.api.replays import Answer, once
from service.engine.repair import BeyondRepairError, NoIncidentError, NothingToMendError, mend
from service.problems import Problem, not_here
from workflows.payloads import Payload
from workflows.repair import Repair, Reroute
from workflows.vocabulary import Role

router = APIRouter(tags=["council"])


def _route(name: str, payload: type[Payload], summary: str) -> None:
    def answer(incident_id: str, token: Token, body: Body, asks: Asks) -> JSONResponse:
        wanted = matter_id_of(incident_id)
        return asks.writing(token, lambda asking: mended(asking, wanted, body, parsed(payload, body.json()))).response()

    router.add_api_route(
        f"/incidents/{{incident_id}}/{name}", answer, methods=["POST"], summary=summary,
        operation_id=f"{name}_incident",
    )  # fmt: skip


_route("repair", Repair, "Try an incident's matter again, or let it go")
_route("reroute", Reroute, "Give what nobody has to somebody who can act")


def mended(asking: Asking, incident_id: UUID, body: Sent, mending: Payload) -> Answer:
    """Mend an incident and close it. Raises Problem 403, 404 and 409, and what the rules refuse."""
    if not asking.has(Role.hr):
        asking.must_be(Role.administrator)

    def do() -> Answer:
        try:
            mend(asking.work, asking.reader, incident_id, mending, asking.actor)
        except NoIncidentError:
            raise not_here() from None
        except NothingToMendError:
            why = "This incident belongs to no matter: it can only be let go."
            raise Problem(409, "refused", why, guard="belongs_to_a_matter") from None
        except BeyondRepairError:
            why = "No rule can be applied to this as it stands: whoever runs the service finds why in the log."
            raise Problem(409, "refused", why, guard="can_be_decided") from None
        save(asking)
        return Answer(200, {"id": str(incident_id), "closed_at": asking.work.now.isoformat()})

    return once(asking, body, f"incidents/{incident_id}", do)

"""The inspection pack over HTTP, for auditors and heads of service: what they may see, as it stood on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from service.api.asking import Asking, Asks, Token
from service.api.bodies import Day
from service.inspection.pack import inspection_pack
from service.problems import invalid
from service.settings import Settings
from service.storage.checkpoints import signing_key
from service.storage.council_tables import organisations
from workflows.calendar import local_day
from workflows.vocabulary import Role

router = APIRouter(tags=["council"])
_CHUNK = 64 * 1024


@router.get("/inspection-pack", summary="Everything for an inspection, as at a day", response_class=StreamingResponse)
def pack(request: Request, token: Token, asks: Asks, as_at: Day | None = None) -> StreamingResponse:
    """A ZIP with sheets, a summary, the histories and a program that checks them; without a day, as at yesterday."""
    with asks.reading(token) as asking:
        return packed(asking, request.app.state.settings, as_at)


def packed(asking: Asking, settings: Settings, as_at: date | None) -> StreamingResponse:
    """The pack for the asker. Raises Problem 403, and 422 for a day that is not over."""
    if not asking.has(Role.head_of_service):
        asking.must_be(Role.auditor)
    today = local_day(asking.work.now)
    day = as_at or date.fromordinal(today.toordinal() - 1)
    if day >= today:
        raise invalid([{"pointer": "/as_at", "message": "Name a day that is over: what today brings is still open."}])
    own = organisations.c.id == asking.organisation_id
    council = asking.connection.execute(select(organisations.c.name).where(own)).scalar_one()
    file = inspection_pack(asking.reader, council, day, signing_key(settings))
    headers = {"Content-Disposition": f'attachment; filename="supervision-{day.isoformat()}.zip"'}
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk

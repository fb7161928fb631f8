"""Retries: the same key and body is answered what the first call answered, and done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse
from msgspec import Struct
from pydantic_core import to_json
from sqlalchemy import and_, delete, select

from service.api.asking import Asking
from service.api.bodies import Sent
from service.engine.texts import merged, read_texts
from service.engine.views import View, note_views, unless_own
from service.engine.writing import KeyTakenError
from service.identity.access import standing_of
from service.problems import Problem, not_here
from service.storage.matter_tables import idempotency_keys
from service.storage.sets import insert_new
from workflows.refusals import Refused

#: How long an answer is kept for a retry.
KEPT_FOR = timedelta(hours=24)


class _Json(JSONResponse):
    def render(self, content: object) -> bytes:
        return to_json(content)


class Answer(Struct, frozen=True):
    """What is answered: a status and a body, and which step of which matter it shows, if it shows one."""

    status: int
    body: dict[str, Any]
    location: str | None = None
    matter_id: UUID | None = None
    version: int | None = None

    def response(self) -> JSONResponse:
        """The answer as it is sent."""
        headers = {"Location": self.location} if self.location else {}
        if self.version is not None:
            headers["ETag"] = f'"{self.version}"'
        return _Json(self.body, self.status, headers)


def once(asking: Asking, sent: Sent, route: str, do: Callable[[], Answer]) -> Answer:
    """Do a request once for its key, in the transaction of its step; without a key, just do it.

    The key is taken in the statement that writes the step, so that a first request costs no look for an earlier one.
    Raises KeyTakenError where it was taken before, and Problem 409 `key_reused` where it came with another body.
    """
    if sent.key is None:
        return do()
    if asking.is_replay:
        kept = kept_answer(asking, sent, route)
        if kept is not None:
            return kept
    try:
        answer = do()
    except (Refused, Problem):
        kept = kept_answer(asking, sent, route)
        if kept is None:
            raise
        return kept
    _keep(asking, sent, route, answer)
    return answer


def was_done(asking: Asking, sent: Sent, route: str) -> bool:
    """Whether a request with this key was done before, whatever the asker may still do now."""
    own = _own(asking, route, sent.key or "")
    query = select(idempotency_keys.c.created_at).where(own)
    return asking.connection.execute(query).first() is not None


def kept_answer(asking: Asking, sent: Sent, route: str) -> Answer | None:
    """The answer that the key was given before, if it is not too old."""
    own = _own(asking, route, sent.key or "")
    kept = asking.connection.execute(select(idempotency_keys).where(own)).one_or_none()
    if kept is None:
        return None
    if kept.created_at <= asking.work.now - KEPT_FOR:
        asking.connection.execute(delete(idempotency_keys).where(own))
        return None
    if kept.body_hash != sent.body_hash:
        raise Problem(409, "key_reused", "This Idempotency-Key was used for another request; take a new one.")
    return _again(asking, kept)


def _own(asking: Asking, route: str, key: str) -> Any:  # noqa: ANN401 - a condition
    return and_(
        idempotency_keys.c.organisation_id == asking.organisation_id,
        idempotency_keys.c.asker == asking.ref,
        idempotency_keys.c.route == route,
        idempotency_keys.c.key == key,
    )


def _keep(asking: Asking, sent: Sent, route: str, answer: Answer) -> None:
    """Keep an answer without anything that people wrote, which stays sealed. Raises KeyTakenError."""
    body = answer.body
    if answer.matter_id is not None:
        kept = asking.work.live[answer.matter_id].matter.data
        body = {**body, "data": {name: kept[name] for name in body["data"] if name in kept}}
    row = {
        "organisation_id": asking.organisation_id, "asker": asking.ref, "route": route, "key": sent.key,
        "body_hash": sent.body_hash, "status": answer.status, "matter_id": answer.matter_id,
        "version": answer.version, "answer": {"body": body, "location": answer.location},
        "created_at": asking.work.now,
    }  # fmt: skip
    if not asking.work.written:
        asking.work.writes.answers.append(row)
    elif not insert_new(asking.connection, idempotency_keys, [row]):
        raise KeyTakenError


def _again(asking: Asking, kept: Any) -> Answer:  # noqa: ANN401 - a row
    """The first answer again, for somebody who may still see it, with the texts as of its step."""
    body = kept.answer["body"]
    if kept.matter_id is not None:
        standing = standing_of(asking.connection, asking.reader.viewer, kept.matter_id)
        if not standing:
            raise not_here()
        data: dict[str, Any] = {}
        if asking.reader.viewer.reads(standing):
            _note(asking, kept.matter_id)
            own = [kept.matter_id]
            texts = read_texts(asking.connection, asking.work.sealer, asking.organisation_id, own, kept.version)
            matter = asking.work.look(kept.matter_id)
            said = asking.reader.told(matter)(body["data"])
            data = merged(said, asking.reader.texts_for(matter, standing, texts.get(kept.matter_id, {})))
        body = {**body, "data": data}
    return Answer(kept.status, body, kept.answer["location"], kept.matter_id, kept.version)


def _note(asking: Asking, matter_id: UUID) -> None:
    """Write down that what was answered is read again."""
    standing = unless_own(asking.connection, asking.reader.viewer, matter_id)
    if asking.reader.viewer.reads(standing):
        note_views(asking.reader, [View(matter_id, "move", standing)])

"""What is sent: read once as bytes, so that a repeated request can be told from another one under the same key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel, ValidationError

from service.problems import Problem, invalid, invalid_fields

_T = TypeVar("_T", bound=BaseModel)
#: No request of ours needs more; a list of 50,000 people does not.
MOST_BYTES = 16 * 1024 * 1024
_LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request with the headers that say how it is to be taken."""

    body: bytes
    content_type: str
    key: str | None
    if_match: int | None

    @property
    def body_hash(self) -> bytes:
        """What tells two bodies apart."""
        return hashlib.sha256(self.body).digest()

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Problem 415, 400 or 422."""
        if self.content_type not in ("application/json", ""):
            raise Problem(415, "not_json", "Send JSON, with the header “Content-Type: application/json”.")
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise Problem(400, "malformed", "The body is no JSON.") from None
        if not isinstance(found, dict):
            raise invalid([{"pointer": "", "message": "Send a JSON object."}])
        return found


async def sent(
    request: Request,
    idempotency_key: Annotated[str | None, Header(max_length=_LONGEST_KEY)] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Sent:
    """Read a request. Raises Problem 413 for one that is too large."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise Problem(413, "too_large", f"A request carries at most {MOST_BYTES // 1024 // 1024} MiB.")
        parts.append(part)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Sent(b"".join(parts), kind, idempotency_key, _version(if_match))


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not digits.isdigit():
        raise Problem(400, "malformed", '“If-Match” carries a version that a matter had, such as "3".')
    return int(digits)


def parsed(kind: type[_T], data: object, below: str = "") -> _T:
    """Data in the form of a payload. Raises Problem 422 that names each field."""
    try:
        return kind.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise invalid_fields(error, below) from None


Body = Annotated[Sent, Depends(sent)]

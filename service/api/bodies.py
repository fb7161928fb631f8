"""What is sent: read once as bytes, so that a repeated request can be told from another one under the same key."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from msgspec import Struct
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError
from pydantic_core import from_json

from service.problems import Problem, invalid, invalid_fields, unkeepable

_T = TypeVar("_T", bound=BaseModel)
_V = TypeVar("_V")
#: The longest Idempotency-Key, in characters.
LONGEST_KEY = 255
#: A version that a matter may have had.
_VERSION = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
#: How a day begins, and an instant.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: U+0000 in a JSON text, which no database keeps.
_NOTHING = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
#: Days outside these years are slips, and cannot be counted with.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Sent(Struct, frozen=True):
    """The body of a request with the headers that say how it is to be taken."""

    body: bytes
    content_type: str
    key: str | None
    if_match: str | None

    @property
    def body_hash(self) -> bytes:
        """What tells two bodies apart."""
        return hashlib.sha256(self.body).digest()

    @property
    def version(self) -> int | None:
        """The version that the matter must have, None for any. Raises Problem 400."""
        if self.if_match is None or self.if_match.strip() == "*":
            return None
        version = _VERSION.fullmatch(self.if_match.strip())
        if version is None:
            raise Problem(400, "malformed", '“If-Match” carries a version that a matter had, such as "3".')
        return int(version[1])

    def json(self) -> dict[str, Any]:
        """The body as a JSON object, in UTF-8. Raises Problem 415, 400 or 422."""
        if self.content_type not in ("application/json", ""):
            raise Problem(415, "not_json", "Send JSON, with the header “Content-Type: application/json”.")
        try:
            found = from_json(self.body or b"{}", allow_inf_nan=False)
        except ValueError:
            raise Problem(400, "malformed", "The body is no JSON.") from None
        if _NOTHING.search(self.body):
            raise unkeepable()
        if not isinstance(found, dict):
            raise invalid([{"pointer": "", "message": "Send a JSON object."}])
        return found


async def sent(
    request: Request,
    idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Sent:
    """Read a request. Raises Problem 413 for one that is too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Sent(await request.body(), kind, idempotency_key, if_match)


def parsed(kind: type[_T], data: object, below: str = "") -> _T:
    """Data in the form of a payload, each value of the type that it must have. Raises Problem 422 for each field."""
    try:
        found = kind.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise invalid_fields(error, below) from None
    slips = [{"pointer": f"{below}/{name}", "message": why} for name, why in _slips(found, data)]
    if slips:
        raise invalid(slips)
    return found


def written_out(value: _V) -> _V:
    """The value, unless it is a bare number where a day or an instant belongs, which Pydantic takes for seconds.

    Raises ValueError.
    """
    if isinstance(value, str) and not _DAY.match(value):
        raise ValueError("Write days as 2025-03-31, and instants as 2025-03-31T09:00:00+01:00.")
    return value


def near(value: _V) -> _V:
    """The value, unless it is a day or an instant that nobody can count with. Raises ValueError."""
    if isinstance(value, date) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"Give a day between the years {_FIRST_YEAR} and {_LAST_YEAR}.")
    return value


def _slips(found: BaseModel, sent: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever was sent
    for name in type(found).model_fields:
        value = getattr(found, name)
        try:
            near(value)
            if isinstance(value, date):
                written_out(sent.get(name))
        except ValueError as error:
            yield name, str(error)


Body = Annotated[Sent, Depends(sent)]
#: A day in an address.
Day = Annotated[date, BeforeValidator(written_out), AfterValidator(near)]

"""SQLite's values and ours, as SQLAlchemy turns one into the other, for statements that are made once.

Ids and instants come again and again in a transaction's rows; what they turn into is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from service.storage.column_types import Instant

_Turned = Callable[[Any], Any] | None
_KEPT = 16_384


def to_text(value: object) -> str:
    """A value as JSON."""
    return to_json(value).decode()


DIALECT = sqlite.dialect(json_serializer=to_text, json_deserializer=from_json)


def read_by(kind: TypeEngine[Any]) -> _Turned:
    """What makes our value of a column of this type from SQLite's; None where they are the same."""
    return _remembered(kind, kind.dialect_impl(DIALECT).result_processor(DIALECT, None))


@cache
def written_by(kind: TypeEngine[Any]) -> _Turned:
    """What makes SQLite's value for a column of this type from ours; None where they are the same."""
    return _remembered(kind, kind.dialect_impl(DIALECT).bind_processor(DIALECT))


def bound(value: Any) -> Any:  # noqa: ANN401 - whatever a statement is executed with
    """A value as a statement takes it; a list as the JSON that `one_of` reads."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        turn = written_by(_INSTANT)
        return turn(value) if turn else value
    return json.dumps([bound(one) for one in value]) if isinstance(value, list) else value


_INSTANT = Instant()


def _remembered(kind: TypeEngine[Any], turn: _Turned) -> _Turned:
    return lru_cache(_KEPT)(turn) if turn is not None and isinstance(kind, Uuid | Instant) else turn

"""SQLite's values and ours, as SQLAlchemy turns one into the other, for statements that are made once.

Ids and instants come again and again in a transaction's rows; what they turn into is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from service.storage.column_types import Instant

Turn = Callable[[Any], Any]
#: How many ids, and how many instants, are remembered in each direction.
_REMEMBERED = 8_192


def to_text(value: object) -> str:
    """A value as JSON."""
    return to_json(value).decode()


DIALECT = sqlite.dialect(json_serializer=to_text, json_deserializer=from_json)


def read_by(kind: TypeEngine[Any]) -> Turn | None:
    """What makes our value of a column of this type from SQLite's; None where they are the same."""
    return _READ.get(type(kind)) or kind.dialect_impl(DIALECT).result_processor(DIALECT, None)


def written_by(kind: TypeEngine[Any]) -> Turn | None:
    """What makes SQLite's value for a column of this type from ours; None where they are the same."""
    return _WRITTEN.get(type(kind)) or kind.dialect_impl(DIALECT).bind_processor(DIALECT)


def turned_places(turns: Iterable[Turn | None]) -> tuple[tuple[int, Turn], ...]:
    """Where in a row something is to be turned, and by what."""
    return tuple((place, turn) for place, turn in enumerate(turns) if turn is not None)


def as_list(values: Iterable[Any]) -> str:
    """Values, ids among them, as the JSON that `json_each` takes apart."""
    return json.dumps([value.hex if isinstance(value, UUID) else value for value in values])


def _remembering(turn: Turn | None) -> Turn:
    assert turn is not None  # noqa: S101  neither ids nor instants are SQLite's own
    return lru_cache(_REMEMBERED)(turn)


_OFTEN: tuple[TypeEngine[Any], ...] = (Uuid(), Instant())
_READ = {type(k): _remembering(k.dialect_impl(DIALECT).result_processor(DIALECT, None)) for k in _OFTEN}
_WRITTEN = {type(k): _remembering(k.dialect_impl(DIALECT).bind_processor(DIALECT)) for k in _OFTEN}

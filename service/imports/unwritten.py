"""Rows that are decided and not written yet, in the form in which the engine reads rows from the database."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sqlalchemy import Row


def as_row(columns: Mapping[str, Any]) -> Row[Any]:
    """The columns of a row as its attributes."""
    return cast("Row[Any]", SimpleNamespace(**columns))

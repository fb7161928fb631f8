"""Turns that the transactions of one organisation take, each until it ends; on SQLite there is one writer anyway.

They are PostgreSQL's advisory locks and not locks of the organisation's row: that row every writing transaction holds
for a moment at its end, and would wait minutes for whoever kept it all the while.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Function, func, literal, select

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection


class Turn(IntEnum):
    """What one transaction at a time does, each by itself."""

    #: Going through what is overdue.
    enforcing = 0
    #: Changing the council as a whole: its list, its calendar or its policy.
    changing = 1
    #: Looking whether an incident is known, and keeping it where it is not.
    reporting = 2


def wait_for_turn(connection: Connection, organisation_id: UUID, turn: Turn) -> None:
    """Wait until nobody else has the turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_key(organisation_id, turn))))


def takes_turn(connection: Connection, organisation_id: UUID, turn: Turn) -> bool:
    """Take the turn, alone; False where anybody has it."""
    return _taken(connection, func.pg_try_advisory_xact_lock(_key(organisation_id, turn)))


def shares_turn(connection: Connection, organisation_id: UUID, turn: Turn) -> bool:
    """Take the turn together with others that share it; False where somebody has it alone."""
    return _taken(connection, func.pg_try_advisory_xact_lock_shared(_key(organisation_id, turn)))


def _taken(connection: Connection, taking: Function[bool]) -> bool:
    return connection.dialect.name != "postgresql" or bool(connection.execute(select(taking)).scalar_one())


def _key(organisation_id: UUID, turn: Turn) -> object:
    return literal(int.from_bytes(organisation_id.bytes[-8:], signed=True) ^ turn, BigInteger)

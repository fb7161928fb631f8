"""Chained days of openings, kept apart from the database: nobody takes the newest of them away unseen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from msgspec import Struct
from sqlalchemy import select

from service.storage.faults import Fault
from service.storage.view_tables import view_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy import Connection, RowMapping

    from service.storage.faults import Report


class KeptDay(Struct, frozen=True):
    """One signed day of openings: how many there were, and the hash over all of them and the day before."""

    organisation_id: UUID
    day: date
    views: int
    previous: bytes
    hash: bytes
    signature: bytes

    @classmethod
    def of(cls, row: RowMapping) -> KeptDay:
        """A stored row."""
        return cls(**row)

    @classmethod
    def imported(cls, entry: Mapping[str, Any]) -> KeptDay:
        """What `exported` gave. Raises ValueError where it is nothing of the kind."""
        try:
            return cls(
                organisation_id=UUID(entry["organisation"]),
                day=date.fromisoformat(entry["day"]),
                views=entry["views"],
                previous=bytes.fromhex(entry["previous"]),
                hash=bytes.fromhex(entry["hash"]),
                signature=bytes.fromhex(entry["signature"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no exported day of openings: {error!r}.") from error

    def exported(self) -> dict[str, Any]:
        """As JSON, bytes in hexadecimal."""
        return {
            "organisation": str(self.organisation_id),
            "day": self.day.isoformat(),
            "views": self.views,
            "previous": self.previous.hex(),
            "hash": self.hash.hex(),
            "signature": self.signature.hex(),
        }


def export_days(connection: Connection, organisation_id: UUID, after: date | None = None) -> Iterator[dict[str, Any]]:
    """The chained days after one, or all of them, as JSON, to be kept where nobody can change them."""
    query = select(view_days).where(view_days.c.organisation_id == organisation_id)
    if after is not None:
        query = query.where(view_days.c.day > after)
    rows = connection.execute(query.order_by(view_days.c.day)).mappings()
    return (KeptDay.of(row).exported() for row in rows)


def check_kept_days(
    connection: Connection, public_key: Ed25519PublicKey, kept: Iterable[KeptDay], report: Report
) -> None:
    """Check days that were kept elsewhere, and that the database still has each of them."""
    for one in kept:
        query = select(view_days.c.hash).where(
            view_days.c.organisation_id == one.organisation_id, view_days.c.day == one.day
        )
        if connection.execute(query).scalar_one_or_none() != one.hash:
            report.faults.append(
                Fault(
                    f"the openings of {one.day.isoformat()} were exported, and the database has them otherwise or not"
                )
            )
        try:
            public_key.verify(one.signature, one.hash)
        except InvalidSignature:
            report.faults.append(
                Fault(f"the openings of {one.day.isoformat()} were exported with a signature that is not of this key")
            )

"""The log of openings, chained day by day behind the requests: nobody takes an opening out of it unseen.

    hash = SHA-256(previous hash, canonical JSON of the day and its openings by id);  signature = Ed25519 over the hash

A day is chained when it has been over for an hour: no request lasts as long.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import insert, select

from service.storage.faults import Fault
from service.storage.history import BEGINNING, canonical_json
from service.storage.view_tables import content_views, view_days
from workflows.calendar import LONDON, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from sqlalchemy import Connection, Row, Select

    from service.storage.faults import Report

_UNDER_WAY = timedelta(hours=1)
_DAY = timedelta(days=1)


def chain_views(connection: Connection, organisation_id: UUID, now: datetime, key: Ed25519PrivateKey) -> int:
    """Chain every day that is over and not chained yet; how many there were. One process at a time."""
    last = connection.execute(_days(organisation_id).order_by(view_days.c.day.desc()).limit(1)).one_or_none()
    previous = last.hash if last else BEGINNING
    since = last.day + _DAY if last else None
    made = 0
    for day, views in _by_day(connection, organisation_id, since, local_day(now - _UNDER_WAY)):
        digest = _hash(organisation_id, day, views, previous)
        row = {
            "organisation_id": organisation_id, "day": day, "views": len(views), "previous": previous, "hash": digest,
            "signature": key.sign(digest),
        }  # fmt: skip
        connection.execute(insert(view_days), row)
        previous, made = digest, made + 1
    return made


def check_views(connection: Connection, organisation_id: UUID, public_key: Ed25519PublicKey, report: Report) -> None:
    """Work out every chained day again from its openings; an opening of a chained time without a day is a fault."""
    chained = {row.day: row for row in connection.execute(_days(organisation_id).order_by(view_days.c.day))}
    if not chained:
        return
    last = max(chained)
    found = dict(_by_day(connection, organisation_id, None, last + _DAY))
    previous = BEGINNING
    for day, row in chained.items():
        report.view_days += 1
        report.faults += (
            Fault(what) for what in _faults(organisation_id, row, found.get(day, []), previous, public_key)
        )
        previous = row.hash
    report.faults += (
        Fault(f"openings of {day.isoformat()} are in no chain") for day in sorted(found.keys() - chained.keys())
    )


def _faults(
    organisation_id: UUID, row: Row[Any], views: list[Row[Any]], previous: bytes, public_key: Ed25519PublicKey
) -> Iterator[str]:
    day = row.day.isoformat()
    if row.previous != previous:
        yield f"the openings of {day} do not follow those of the day before"
    if len(views) != row.views:
        yield f"{row.views} openings of {day} were chained, and {len(views)} are there"
    elif _hash(organisation_id, row.day, views, row.previous) != row.hash:
        yield f"the openings of {day} are not what was chained"
    try:
        public_key.verify(row.signature, row.hash)
    except InvalidSignature:
        yield f"the openings of {day} are not signed with this key"


def _days(organisation_id: UUID) -> Select[Any]:
    return select(view_days).where(view_days.c.organisation_id == organisation_id)


def _by_day(
    connection: Connection, organisation_id: UUID, since: date | None, until: date
) -> Iterator[tuple[date, list[Row[Any]]]]:
    """The openings of each local day from one until another, which is no longer meant, in the order of their ids."""
    query = select(content_views).where(
        content_views.c.organisation_id == organisation_id, content_views.c.at < _begins(until)
    )
    if since is not None:
        query = query.where(content_views.c.at >= _begins(since))
    rows: Iterable[Row[Any]] = connection.execute(query.order_by(content_views.c.at, content_views.c.id))
    for day, views in groupby(rows, lambda row: local_day(row.at)):
        yield day, sorted(views, key=lambda row: str(row.id))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _hash(organisation_id: UUID, day: date, views: list[Row[Any]], previous: bytes) -> bytes:
    said = {"organisation": str(organisation_id), "day": day.isoformat(), "views": [_said(view) for view in views]}
    return sha256(previous + canonical_json(said)).digest()


def _said(view: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(view.id), "matter": str(view.matter_id), "viewer": view.viewer,
        "at": view.at.astimezone(UTC).isoformat(timespec="seconds"), "what": view.what, "standing": view.standing,
        "purpose": view.purpose, "disclosure": str(view.disclosure_id) if view.disclosure_id else None,
    }  # fmt: skip

"""Verifies an organisation's whole history from its rows: chains, receipts, commitments, checkpoints, openings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import Select, Table, func, select

from service.storage.certificates import read_certificates
from service.storage.checkpoint_checks import check_checkpoints
from service.storage.council_tables import organisations
from service.storage.faults import Fault, Report
from service.storage.matter_checks import MatterCheck, Stored
from service.storage.matter_tables import contents, deadlines, matter_keys, matters, steps
from service.storage.view_chain import check_views
from service.storage.wrapping import UnsealableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any
    from uuid import UUID

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy import Column, Connection, RowMapping

    from service.storage.sealing import Sealer, Vault

#: Matters in memory at once.
_PAGE = 200


def verify(
    connection: Connection,
    organisation_id: UUID,
    vault: Vault,
    public_key: Ed25519PublicKey,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Report:
    """Everything that is stored of an organisation, seen at one moment: the connection is one of `Database.read`.

    `progress` is told how many matters are done, and of how many.
    """
    report = Report()
    sealer = _sealer(connection, organisation_id, vault, report)
    certificates = read_certificates(connection, organisation_id)
    total = connection.execute(
        select(func.count()).select_from(matters).where(matters.c.organisation_id == organisation_id)
    ).scalar_one()
    after: UUID | None = None
    while True:
        page = _page_of_matters(connection, organisation_id, after)
        upto = page[-1]["id"] if len(page) == _PAGE else None
        for matter_id, stored in _stored(connection, organisation_id, page, after, upto).items():
            certified = certificates.get(matter_id)
            MatterCheck(organisation_id, matter_id, stored, sealer, report, certified).run()
        progress(report.matters, total)
        if upto is None:
            break
        after = upto
    check_checkpoints(connection, organisation_id, public_key, report)
    check_views(connection, organisation_id, public_key, report)
    return report


def _sealer(connection: Connection, organisation_id: UUID, vault: Vault, report: Report) -> Sealer | None:
    wrapped = connection.execute(
        select(organisations.c.wrapped_key).where(organisations.c.id == organisation_id)
    ).scalar_one()
    try:
        return vault.sealer(wrapped)
    except UnsealableError as error:
        report.faults.append(Fault(f"the organisation's key does not open, so no text was checked: {error}"))
        return None


def _page_of_matters(connection: Connection, organisation_id: UUID, after: UUID | None) -> list[RowMapping]:
    query = _within(matters, matters.c.id, organisation_id, after, None)
    return list(connection.execute(query.order_by(matters.c.id).limit(_PAGE)).mappings())


def _stored(
    connection: Connection, organisation_id: UUID, page: Iterable[RowMapping], after: UUID | None, upto: UUID | None
) -> dict[UUID, Stored]:
    """All that is stored of matters after one id up to another, of matters without a row of their own as well."""
    found: dict[UUID, Stored] = defaultdict(Stored)
    for matter in page:
        found[matter["id"]].matter = matter

    def rows(table: Table) -> Iterable[RowMapping]:
        query = _within(table, table.c.matter_id, organisation_id, after, upto).order_by(*table.primary_key)
        return connection.execute(query).mappings()

    for row in rows(steps):
        found[row["matter_id"]].steps.append(row)
    for row in rows(deadlines):
        found[row["matter_id"]].deadlines.append(row)
    for row in rows(contents):
        found[row["matter_id"]].texts[row["step"], row["field"]] = row["sealed"]
    for row in rows(matter_keys):
        found[row["matter_id"]].wrapped_key = row["wrapped"]
    return found


def _within(
    table: Table, key: Column[Any], organisation_id: UUID, after: UUID | None, upto: UUID | None
) -> Select[Any]:
    query = select(table).where(table.c.organisation_id == organisation_id)
    if after is not None:
        query = query.where(key > after)
    return query if upto is None else query.where(key <= upto)

"""`supervision verify`: work out every hash and every date again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.progress import Progress
from sqlalchemy import select

from service.engine.door import Door
from service.settings import Settings
from service.storage.checkpoint_checks import check_exported
from service.storage.checkpoints import signing_key
from service.storage.council_tables import organisations
from service.storage.kept_days import check_kept_days
from service.storage.verify import verify as verify_organisation
from workers.commands.kept_file import Kept, kept_in
from workers.commands.surroundings import console, door_or_stop, organisation_or_stop, owner_or_stop, settings_or_stop


def verify(
    organisation: Annotated[UUID | None, typer.Option(help="One council alone; all without it.")] = None,
    kept: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file to which `checkpoint --keep` has added.")
    ] = None,
) -> None:
    """Work out every hash chain, every receipt and every checkpoint again, and say what was checked.

    Ends with 1 where something does not hold; each fault is named.
    """
    settings = settings_or_stop()
    door = door_or_stop(settings)
    public = signing_key(settings).public_key()
    whole = Kept([], []) if kept is None else kept_in(kept)
    known = councils(settings, door, organisation)
    faults = sum(_verify_one(door, own, public, whole.of(own)) for own in known)
    if organisation is None:
        faults += _gone(whole.councils() - set(known))
    raise typer.Exit(int(faults > 0))


def _gone(missing: set[UUID]) -> int:
    """Name the councils of which something was kept, and which the database has no more; how many there are."""
    for own in sorted(missing):
        console.print(
            f"{own}: FAULT: it was exported, and the database has no such council", markup=False, soft_wrap=True
        )
    return len(missing)


def councils(settings: Settings, door: Door, organisation: UUID | None) -> list[UUID]:
    """The one council that is named, or all of them. Stops where there is none of that id."""
    if organisation is not None:
        return [organisation_or_stop(door, organisation)]
    with owner_or_stop(settings) as connection:
        return list(connection.execute(select(organisations.c.id).order_by(organisations.c.id)).scalars())


def _verify_one(door: Door, own: UUID, public_key: Ed25519PublicKey, kept: Kept) -> int:
    """Verify one council with a progress bar; how many faults there were."""
    with Progress(console=console, transient=True) as bar, door.database.read(own) as connection:
        task = bar.add_task(f"verifying {own}", total=None)
        report = verify_organisation(
            connection, own, door.vault, public_key, lambda done, total: bar.update(task, completed=done, total=total)
        )
        check_exported(connection, public_key, (one.exported() for one in kept.checkpoints), report)
        check_kept_days(connection, public_key, kept.days, report)
    console.print(
        f"{own}: {report.matters} matters, {report.steps} steps in their chains, {report.receipts} receipts, "
        f"{report.texts} texts ({report.texts_destroyed} destroyed), {report.checkpoints} checkpoints, "
        f"{report.view_days} days of openings: "
        f"{'all hold' if report.sound else f'{len(report.faults)} FAULTS'}",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    for fault in report.faults:
        where = fault.matter_id or (
            f"checkpoint {fault.checkpoint}" if fault.checkpoint is not None else "organisation"
        )
        console.print(f"  {where}: {fault.what}", markup=False, soft_wrap=True)
    return len(report.faults)

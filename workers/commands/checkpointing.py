"""`supervision checkpoint`: sign where every history stands, and keep what was signed apart from the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.engine.door import Door
from service.engine.picture import read_organisation
from service.storage.checkpoints import Checkpoint, export_checkpoints, make_checkpoint, signing_key
from service.storage.kept_days import export_days
from service.storage.view_chain import chain_views
from workers.commands.kept_file import Kept, add, kept_in
from workers.commands.surroundings import console, door_or_stop, settings_or_stop
from workers.commands.verifying import councils


def checkpoint(
    organisation: Annotated[UUID | None, typer.Option(help="One council alone; all without it.")] = None,
    keep: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file outside the database to which they are added.")
    ] = None,
) -> None:
    """Sign where the histories of each council stand and who opened what, since the last time.

    The service does so once a day by itself; the file gets every checkpoint and every day of openings that it has not
    yet, whoever signed it. `supervision verify --kept FILE` then finds out when newer ones were taken out of the
    database.
    """
    settings = settings_or_stop()
    door, key = door_or_stop(settings), signing_key(settings)
    there = kept_in(keep) if keep is not None and keep.exists() else Kept([], [])
    for own in councils(settings, door, organisation):
        days, count = _chain(door, own, key), 0
        while _sign(door, own, key) is not None:
            count += 1
        console.print(f"{own}: {count} checkpoints and {days} days of openings signed.", markup=False, soft_wrap=True)
        if keep is not None:
            _keep(door, own, keep, there.of(own))


def _chain(door: Door, own: UUID, key: Ed25519PrivateKey) -> int:
    with door.database.write(own) as connection:
        return chain_views(connection, own, read_organisation(connection, own).now, key)


def _sign(door: Door, own: UUID, key: Ed25519PrivateKey) -> Checkpoint | None:
    now = door.database.now()
    with door.database.write(own) as connection:
        return make_checkpoint(connection, own, now, key)


def _keep(door: Door, own: UUID, file: Path, there: Kept) -> None:
    with door.database.read(own) as connection:
        add(file, export_checkpoints(connection, own, after=there.newest_number()))
        add(file, export_days(connection, own, after=there.newest_day()))

"""`supervision checkpoint`: sign where every history stands, and keep what was signed apart from the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.engine.door import Door
from service.engine.picture import read_organisation
from service.storage.checkpoints import Checkpoint, make_checkpoint, signing_key
from service.storage.view_chain import chain_views
from workers.commands.surroundings import console, door_or_stop, settings_or_stop, stop
from workers.commands.verifying import councils


def checkpoint(
    organisation: Annotated[UUID | None, typer.Option(help="One council alone; all without it.")] = None,
    keep: Annotated[
        Path | None, typer.Option(dir_okay=False, help="A file outside the database to which they are added.")
    ] = None,
) -> None:
    """Sign where the histories of each council stand and who opened what, since the last time. Run it once a day.

    `supervision verify --kept FILE` then finds out when newer ones were taken out of the database.
    """
    settings = settings_or_stop()
    door, key = door_or_stop(settings), signing_key(settings)
    for own in councils(settings, door, organisation):
        days, count = _chain(door, own, key), 0
        while (made := _sign(door, own, key)) is not None:
            count += 1
            if keep is not None:
                _add(keep, made)
        console.print(f"{own}: {count} checkpoints and {days} days of openings signed.", markup=False, soft_wrap=True)


def _chain(door: Door, own: UUID, key: Ed25519PrivateKey) -> int:
    with door.database.write(own) as connection:
        return chain_views(connection, own, read_organisation(connection, own).now, key)


def _sign(door: Door, own: UUID, key: Ed25519PrivateKey) -> Checkpoint | None:
    now = door.database.now()
    with door.database.write(own) as connection:
        return make_checkpoint(connection, own, now, key)


def _add(file: Path, made: Checkpoint) -> None:
    try:
        with file.open("a", encoding="utf-8") as out:
            out.write(f"{json.dumps(made.exported())}\n")
    except OSError as error:
        raise stop(f"{file} cannot be written: {error.strerror}.") from None

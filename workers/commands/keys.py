"""`supervision keys`: keep the wrapped keys apart, bring back those that were lost, and wrap councils' keys anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import update

from service.engine.door import Door
from service.engine.picture import read_organisation
from service.storage.checkpoints import public_key_text
from service.storage.council_tables import organisations
from service.storage.key_backup import NotABackupError, backup_keys, restore_keys
from service.storage.wrapping import UnsealableError
from workers.commands.surroundings import console, door_or_stop, organisation_or_stop, settings_or_stop, stop
from workers.commands.verifying import councils

keys = typer.Typer(no_args_is_help=True, help="Keep a council's wrapped keys apart, and bring them back.")
Council = Annotated[UUID, typer.Option(help="The council's id, as `organisation create` printed it.")]


@keys.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to keep them; it must not exist yet.")],
    organisation: Council,
) -> None:
    """Write the wrapped keys of a council's matters into a file. Without the secret they open nothing."""
    door = door_or_stop(settings_or_stop())
    own = organisation_or_stop(door, organisation)
    count = 0
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise stop(f"{file} cannot be made: {error.strerror}.") from None
    with file.open("w", encoding="utf-8") as out, door.database.read(own) as connection:
        for line in backup_keys(connection, own):
            out.write(f"{line}\n")
            count += 1
    console.print(f"{count} wrapped keys kept in {file}.", markup=False, soft_wrap=True)


@keys.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `keys backup` wrote.")],
    organisation: Council,
) -> None:
    """Bring back the keys that are missing. The key of a matter that was disposed of never comes back."""
    door = door_or_stop(settings_or_stop())
    own = organisation_or_stop(door, organisation)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        with door.database.write(own) as connection:
            found = restore_keys(connection, own, lines)
    except (NotABackupError, UnicodeDecodeError) as error:
        raise stop(f"{file}: nothing was brought back. {error}") from None
    console.print(
        f"{found.restored} keys brought back, {found.there} were there, {found.disposed} refused because their matters "
        f"were disposed of, {found.unknown} of matters that are not in this database.",
        markup=False, soft_wrap=True,
    )  # fmt: skip


@keys.command("rewrap")
def rewrap(
    organisation: Annotated[UUID | None, typer.Option(help="One council alone; all without it.")] = None,
) -> None:
    """Wrap every council's key anew, under the secret or the key service that the settings name first.

    While it runs, and until every process has the new settings, all of them need both: see docs/security.md.
    """
    settings = settings_or_stop()
    if settings.signing_key is None and (settings.secret_keys_also.get_secret_value() or settings.key_command):
        raise stop(
            "Checkpoints are signed with a key that follows from the secret: give them one of their own first "
            "(SUPERVISION_SIGNING_KEY), or `verify` will not know those that were signed before."
        )
    door = door_or_stop(settings)
    for own in councils(settings, door, organisation):
        _rewrap(door, own)
        console.print(f"{own}: its key is wrapped anew.", markup=False, soft_wrap=True)


@keys.command("public")
def public() -> None:
    """Print the public key with which anybody checks checkpoints and inspection packs, in hexadecimal."""
    console.print(public_key_text(settings_or_stop()), markup=False, soft_wrap=True)


def _rewrap(door: Door, own: UUID) -> None:
    with door.database.write(own) as connection:
        try:
            wrapped = door.vault.rewrapped(read_organisation(connection, own).wrapped_key)
        except UnsealableError as error:
            raise stop(f"{own}: nothing was changed. {error}") from None
        connection.execute(update(organisations).where(organisations.c.id == own).values(wrapped_key=wrapped))

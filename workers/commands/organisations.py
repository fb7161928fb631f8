"""`supervision organisation`: start a council; `supervision import`: load its lists."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from service.imports import IMPORTS, ImportRefused
from service.organisations import create_organisation
from service.storage.council_tables import organisations
from workers.commands.acting import importer_or_stop
from workers.commands.policies import known_policy
from workers.commands.surroundings import (
    console,
    door_or_stop,
    organisation_or_stop,
    owner_or_stop,
    settings_or_stop,
    stop,
)

organisation = typer.Typer(no_args_is_help=True, help="Start a council and see which there are.")


@organisation.command("create")
def create(
    name: Annotated[str, typer.Option(help="What the council is called.")],
    policy: Annotated[
        str, typer.Option(help="The id of its policy (see `supervision policy show`), or a file of its own.")
    ],
    live_from: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day that counts for its duties.")
    ],
    admin: Annotated[str, typer.Option(help="The ref of its first administrator.")] = "admin",
) -> None:
    """Start a council under a policy, and print its administrator's token, which is shown this once."""
    settings = settings_or_stop()
    door = door_or_stop(settings)
    known, text = known_policy(policy)
    now = door.database.now()
    created = create_organisation(
        door.database, door.vault, name=name, policy_id=known.id, live_from=live_from.date(), admin_ref=admin,
        sandbox_now=now if settings.sandbox else None, now=now, policy_text=text,
    )  # fmt: skip
    console.print(f"organisation {created.organisation_id}", markup=False, soft_wrap=True)
    console.print(f"token        {created.token}", markup=False, soft_wrap=True)
    console.print("The token is not kept anywhere: keep it yourself, like a password.")


@organisation.command("list")
def list_all() -> None:
    """List the councils of this database: their ids, under which policy they live, and since when."""
    settings = settings_or_stop()
    door_or_stop(settings)
    with owner_or_stop(settings) as connection:
        for row in connection.execute(select(organisations).order_by(organisations.c.id)):
            said = f"{row.id}  {row.policy_id:24} since {row.live_from}  {row.name}"
            console.print(said, markup=False, highlight=False, soft_wrap=True)


def import_file(
    what: Annotated[str, typer.Argument(help="people, cases or absences")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file in UTF-8 with a header row.")],
    organisation: Annotated[UUID, typer.Option(help="The council's id, as `organisation create` printed it.")],
    importer: Annotated[
        str | None, typer.Option("--as", help="The ref of the administrator who imports; the only one without it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and keep nothing.")] = False,  # noqa: FBT002 - an option
) -> None:
    """Load a list: all of its rows or none. The same file twice changes nothing."""
    if what not in IMPORTS:
        raise stop(f"There is no list {what!r}: name people, cases or absences.")
    door = door_or_stop(settings_or_stop())
    own = organisation_or_stop(door, organisation)
    content = file.read_bytes()
    try:
        counts = door.run(
            own, lambda work: IMPORTS[what](work, content, importer_or_stop(work, what, importer), dry_run=dry_run)
        )
    except ImportRefused as refused:
        for problem in refused.problems:
            console.print(f"line {problem.line}, {problem.column}: {problem.message}", markup=False, soft_wrap=True)
        raise stop(f"Nothing was kept: {len(refused.problems)} problems.") from None
    for row in counts.pop("items", ()):
        fields = "; ".join(f"{name}: {was} → {becomes}" for name, (was, becomes) in row["fields"].items())
        console.print(f"{row['change']} {row['ref']}: {fields}", markup=False, soft_wrap=True)
    for name, value in counts.items():
        console.print(f"{name.replace('_', ' ')}: {value}", markup=False, soft_wrap=True)

"""`supervision token`: tokens for machines, made, listed and ended by whoever runs the service."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from service.api.tokens import MOST_DAYS, USUAL_DAYS
from service.engine.door import Door
from service.engine.work import Work
from service.identity.scopes import GIVEN
from service.identity.tokens import keep_token, list_usable, revoke
from service.identity.visits import end_visits
from workers.commands.surroundings import console, door_or_stop, organisation_or_stop, settings_or_stop, stop
from workflows.receipts import iso

token = typer.Typer(no_args_is_help=True, help="Make, list and end the tokens by which machines and browsers ask.")
Council = Annotated[UUID, typer.Option(help="The council's id, as `organisation create` printed it.")]
_MANY = 100_000


@token.command("create")
def create(
    organisation: Council,
    person: Annotated[str, typer.Option(help="The ref of whoever it acts as; it may do nothing that they may not.")],
    name: Annotated[str, typer.Option(help="What it is for, such as “nightly import”.")],
    scope: Annotated[list[str], typer.Option(help=f"What it is good for, several times: {', '.join(GIVEN)}.")],
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How long it lasts.")] = USUAL_DAYS,
) -> None:
    """Make a token, and print it this once."""
    unknown = set(scope) - set(GIVEN)
    if unknown:
        raise stop(f"There is no scope {', '.join(sorted(unknown))}; there are: {', '.join(GIVEN)}.")
    door, own = _council(organisation)

    def piece(work: Work) -> str:
        if work.picture.directory.get(person) is None:
            raise stop(f"Nobody on the council's list has the ref {person!r}.")
        expires_at = door.database.moment(work.connection) + timedelta(days=days)
        return keep_token(work.connection, own, person, name, sorted(set(scope)), work.now, expires_at=expires_at)

    console.print(f"token {door.run(own, piece)}", markup=False, soft_wrap=True)
    console.print("The token is not kept anywhere: keep it yourself, like a password.")


@token.command("list")
def list_tokens(
    organisation: Council, person: Annotated[str | None, typer.Option(help="The ref of one person.")] = None
) -> None:
    """List the tokens that work: whose, what for, and when they were made, were used last, and end."""
    door, own = _council(organisation)
    with door.database.read(own) as connection:
        rows = list_usable(connection, own, door.database.moment(connection), person, None, _MANY)
    for row in rows:
        used, ends = (iso(at) if at else "never" for at in (row.last_used_at, row.expires_at))
        said = (
            f"{row.id}  {row.person:12} {','.join(row.scopes):12} made {iso(row.created_at)}, used {used}, ends {ends}"
        )
        console.print(f"{said}  {row.name}", markup=False, highlight=False, soft_wrap=True)


@token.command("revoke")
def end(
    organisation: Council,
    token_id: Annotated[UUID | None, typer.Option("--id", help="The token's id, as `token list` shows it.")] = None,
    browsers_of: Annotated[
        str | None, typer.Option(help="A ref: signs this person out of every browser, and stops their calendar feed.")
    ] = None,
) -> None:
    """End a token, or somebody's visits in all browsers and their calendar feed. They open nothing from now on."""
    door, own = _council(organisation)
    if (token_id is None) == (browsers_of is None):
        raise stop("Name a token with --id, or a person with --browsers-of.")
    with door.database.write(own) as connection:
        now = door.work(connection, own).now
        if browsers_of is not None:
            end_visits(connection, own, browsers_of, now)
        elif token_id is None or not revoke(connection, own, token_id, now):
            raise stop("There is no token with this id that works.")
    console.print("Done: what it was opens nothing any more.")


def _council(organisation: UUID) -> tuple[Door, UUID]:
    door = door_or_stop(settings_or_stop())
    return door, organisation_or_stop(door, organisation)

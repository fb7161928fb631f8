"""`supervision access`: who sees, finds and does what under a policy, as the service itself has it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from service.identity.access_table import CONTENT, Column, access_table, conditions
from workers.commands.policies import policy_of
from workers.commands.surroundings import console
from workflows.vocabulary import Workflow

access = typer.Typer(no_args_is_help=True, help="Who sees, finds and does what.")


@access.callback()
def _access() -> None:
    """Keep `show` a command of its own."""


@access.command("show")
def show(which: Annotated[str, typer.Argument(help="The id of a policy, or a file.")]) -> None:
    """Print the table of access: whoever has none of its columns sees nothing.

    “reads” is everything that a matter says; “shell” is that it exists, where it stands and its dates; “acts” is that
    some of its moves may be theirs. Lists show what single matters show.
    """
    policy = policy_of(which)
    columns = access_table(policy.access)
    table = Table(title=f"Access under {policy.name} of {policy.council}", show_lines=True)
    table.add_column("workflow")
    for column in columns:
        table.add_column(column.ground.name)
    for workflow in Workflow:
        table.add_row(workflow.value, *(_words(column, workflow) for column in columns))
    console.print(table)
    for column in columns:
        console.print(f"  {column.ground.name}: {column.ground.who}", markup=False, soft_wrap=True)
    for said in (*conditions(policy.access), CONTENT):
        console.print(f"  {said}", markup=False, soft_wrap=True)


def _words(column: Column, workflow: Workflow) -> str:
    return str(column.cells[workflow]) if workflow in column.cells else "–"

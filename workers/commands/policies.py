"""`supervision policy`: check a council's own file, and print a policy for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workers.commands.surroundings import console, stop
from workflows.policy import Policy
from workflows.policy_reader import PolicyMistake, read_policy, shipped
from workflows.policy_text import describe

policy = typer.Typer(no_args_is_help=True, help="Read, check and print policies.")


@policy.command("check")
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A policy as TOML.")]) -> None:
    """Check a council's own policy file: every mistake with its key and what was expected."""
    found = _read(file)
    console.print(f"{file}: {found.name} of {found.council}, version {found.version}, can be used.", markup=False)


@policy.command("show")
def show(
    which: Annotated[str | None, typer.Argument(help="The id of a policy, or a file; none lists them.")] = None,
) -> None:
    """Print a policy in sentences, each with its clause or with “product default”."""
    if which is None:
        for known in shipped().values():
            console.print(f"{known.id:24} {known.council}: {known.name}", markup=False)
        return
    found = shipped().get(which) or _read(_file(which))
    for chapter in describe(found):
        console.print(f"\n{chapter.title}", style="bold", markup=False)
        for line in chapter.lines:
            console.print(f"  {line.sentence}  [{line.clause}]", markup=False, highlight=False)


def _file(which: str) -> Path:
    path = Path(which)
    if not path.is_file():
        raise stop(f"There is no policy and no file {which!r}; the policies are: {', '.join(sorted(shipped()))}.")
    return path


def _read(file: Path) -> Policy:
    try:
        return read_policy(file.read_text(encoding="utf-8"), str(file))
    except UnicodeDecodeError:
        raise stop(f"{file} is not in UTF-8.") from None
    except PolicyMistake as mistake:
        raise stop(str(mistake)) from None

"""`supervision policy`: begin, check, print and compare policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workers.commands.surroundings import console, stop
from workflows.policy import Policy
from workflows.policy_annotated import annotated
from workflows.policy_diff import differences
from workflows.policy_reader import PolicyMistake, read_policy, shipped, shipped_text
from workflows.policy_text import describe

policy = typer.Typer(no_args_is_help=True, help="Begin, read, check and compare policies.")


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
    for chapter in describe(_known(which)):
        console.print(f"\n{chapter.title}", style="bold", markup=False)
        for line in chapter.lines:
            console.print(f"  {line.sentence}  [{line.clause}]", markup=False, highlight=False)


@policy.command("new")
def new(
    like: Annotated[str, typer.Option(help="The id of the policy to begin with: see `supervision policy show`.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; printed without.")] = None,
) -> None:
    """Write a policy file to edit, in which every section and key is explained. `policy check` takes it as it is."""
    if like not in shipped():
        raise stop(f"There is no policy {like!r}; the policies are: {', '.join(sorted(shipped()))}.")
    text = annotated(shipped_text(like))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise stop(f"{output} is there already; nothing was written.") from None
    except OSError as error:
        raise stop(f"{output} cannot be written: {error.strerror}.") from None
    console.print(f"{output}: edit it, then `supervision policy check {output}`.", markup=False, soft_wrap=True)


@policy.command("diff")
def diff(
    before: Annotated[str, typer.Argument(help="The id of a policy, or a file.")],
    after: Annotated[str, typer.Argument(help="The id of another one, or a file.")],
) -> None:
    """Say in sentences what differs between two policies: every value with both of its clauses."""
    found = differences(_known(before), _known(after))
    for difference in found:
        console.print(f"{difference.kind:8} {difference.sentence}", markup=False, highlight=False, soft_wrap=True)
    if not found:
        console.print("The two say the same.")
    else:
        console.print("1 difference." if len(found) == 1 else f"{len(found)} differences.", highlight=False)


def _known(which: str) -> Policy:
    """A shipped policy by its id, or the one in a file."""
    return shipped().get(which) or _read(_file(which))


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

"""`supervision policy`: begin, check, print and compare policies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import Progress

from service.adoption import CARRIED, Adopted, Moved, NewVersion, apply_policy, foresee_policy
from service.engine.work import Work
from workers.commands.acting import administrator_or_stop
from workers.commands.surroundings import console, door_or_stop, organisation_or_stop, settings_or_stop, stop
from workflows.calendar import local_day
from workflows.policy import Policy
from workflows.policy_annotated import annotated
from workflows.policy_diff import differences
from workflows.policy_reader import PolicyMistake, read_policy, shipped, shipped_text
from workflows.policy_text import describe
from workflows.refusals import Refused
from workflows.vocabulary import Carry

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
    for chapter in describe(policy_of(which)):
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
    found = differences(policy_of(before), policy_of(after))
    for difference in found:
        console.print(f"{difference.kind:8} {difference.sentence}", markup=False, highlight=False, soft_wrap=True)
    if not found:
        console.print("The two say the same.")
    else:
        console.print("1 difference." if len(found) == 1 else f"{len(found)} differences.", highlight=False)


@policy.command("apply")
def apply(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The new version as TOML.")],
    organisation: Annotated[UUID, typer.Option(help="The council's id, as `organisation create` printed it.")],
    since: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of the version; today or later.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which dates would move, and keep nothing.")] = False,  # noqa: FBT002 - an option
    deadline: Annotated[
        list[str] | None,
        typer.Option(help="What becomes of running dates of a name, as in supervise_by=keep: keep, recompute (the "
                     "default) or restart. May be given several times."),
    ] = None,
    applier: Annotated[
        str | None, typer.Option("--as", help="The ref of the administrator who applies it; the only one without it.")
    ] = None,
) -> None:  # fmt: skip
    """Apply a new version of a council's policy: open entitlements and frequencies go over to it on its first day.

    Everything else keeps the version that it was opened under. Nothing is kept of a file with mistakes, or of one
    that would leave an open matter without a way on.
    """
    version = NewVersion(_text(file), str(file), since.date(), _carry(deadline or []))
    door = door_or_stop(settings_or_stop())
    own = organisation_or_stop(door, organisation)
    do = foresee_policy if dry_run else apply_policy
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("open matters", total=None)

        def piece(work: Work) -> Adopted:
            by = administrator_or_stop(work, applier)
            return do(work, version, by, lambda done, total: bar.update(task, completed=done, total=total))

        try:
            adopted = door.run(own, piece)
        except (PolicyMistake, Refused) as error:
            raise stop(f"{error}\nNothing was kept.") from None
    _report(adopted, dry_run=dry_run)


def _carry(given: list[str]) -> dict[str, Carry]:
    found: dict[str, Carry] = {}
    for text in given:
        name, _, how = text.partition("=")
        if name not in CARRIED or how not in set(Carry):
            known = f"one of {', '.join(CARRIED)}, with = and one of {', '.join(Carry)}"
            raise stop(f"--deadline {text!r}: expected {known}.")
        found[name] = Carry(how)
    return found


def _report(adopted: Adopted, *, dry_run: bool) -> None:
    if dry_run:
        for moved in adopted.moved:
            console.print(_said(moved), markup=False, highlight=False, soft_wrap=True)
    many = "1 date" if len(adopted.moved) == 1 else f"{len(adopted.moved)} dates"
    which = f"Version {adopted.policy.version} of {adopted.policy.id}, in force from {adopted.since}"
    moves = f"{many} would move; nothing was kept" if dry_run else f"{many} moved"
    console.print(f"{which}: {moves}.", markup=False, highlight=False, soft_wrap=True)


def _said(moved: Moved) -> str:
    matter, case = moved.matter, f" for case {moved.matter.case}" if moved.matter.case else ""
    whose = ", ".join(f"{role} {ref}" for role, ref in matter.parties().items())
    before, after = (
        f"{local_day(at).isoformat()} [{clause}]" if at else "none"
        for at, clause in ((moved.before, moved.clause_before), (moved.after, moved.clause_after))
    )
    return f"{matter.workflow}{case} ({whose}), {moved.deadline}: {before} becomes {after}"


def policy_of(which: str) -> Policy:
    """A shipped policy by its id, or the one in a file; ends the command where there is none."""
    return known_policy(which)[0]


def known_policy(which: str) -> tuple[Policy, str]:
    """A shipped policy by its id, or the one in a file, with its text; ends the command where there is none."""
    if which in shipped():
        return shipped()[which], shipped_text(which)
    file = _file(which)
    return _read(file), _text(file)


def _file(which: str) -> Path:
    path = Path(which)
    if not path.is_file():
        raise stop(f"There is no policy and no file {which!r}; the policies are: {', '.join(sorted(shipped()))}.")
    return path


def _read(file: Path) -> Policy:
    try:
        return read_policy(_text(file), str(file))
    except PolicyMistake as mistake:
        raise stop(str(mistake)) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise stop(f"{file} is not in UTF-8.") from None

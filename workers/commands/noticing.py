"""`supervision notices`: take in what mail servers say about mail that they could not deliver."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from service.engine.door import Door
from service.notices.failures import Failure, failure_in
from service.notices.reports import Heard, hear
from workers.commands.surroundings import console, door_or_stop, settings_or_stop

notices = typer.Typer(no_args_is_help=True, help="Hear of notices that did not arrive.")


@notices.command("bounces")
def bounces(
    place: Annotated[
        Path,
        typer.Argument(exists=True, help="A Maildir that reports of failures go to, or one mail in a file."),
    ],
) -> None:
    """Take in failure reports (RFC 3464) once; of a Maildir those that are new, which are then marked as seen."""
    door = door_or_stop(settings_or_stop())
    mails = known = 0
    for failure in _in_maildir(place) if place.is_dir() else _in_file(place):
        mails += 1
        known += failure is not None and _hear(door, failure)
    console.print(f"{mails} mails read, {known} of them about notices of this service.")


def _in_file(place: Path) -> Iterator[Failure | None]:
    yield failure_in(place.read_bytes())


def _in_maildir(place: Path) -> Iterator[Failure | None]:
    """What each new mail says; it is marked as seen once that was taken in, so that a cut one is read again."""
    folder = mailbox.Maildir(place, factory=None, create=False)
    for key in list(folder.iterkeys()):
        if folder[key].get_subdir() == "new":
            yield failure_in(folder.get_bytes(key))
            mail = folder[key]
            mail.set_subdir("cur")
            mail.add_flag("S")
            folder[key] = mail


def _hear(door: Door, failure: Failure) -> bool:
    heard = Heard.bounced if failure.for_good else Heard.given_up
    return hear(door, failure.reference, heard, f"dsn_{failure.status}")

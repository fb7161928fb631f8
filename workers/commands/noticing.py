"""`supervision notices`: take in what mail servers say about mail that they could not deliver."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import structlog
import typer

from service.notices.failure_mailbox import FailureMailbox, MailboxAwayError
from service.notices.failures import Failure, failure_in
from service.notices.reports import hear_failure
from workers.commands.surroundings import console, door_or_stop, settings_or_stop, stop

_log = structlog.get_logger()
notices = typer.Typer(no_args_is_help=True, help="Hear of notices that did not arrive.")


@notices.command("bounces")
def bounces(
    place: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            help="A Maildir that reports of failures go to, or one mail in a file; left out, the mailbox that "
            "SUPERVISION_FAILURES_URL names, which clocks and workers read by themselves.",
        ),
    ] = None,
) -> None:
    """Take in failure reports (RFC 3464) once; of a mailbox those that are new, which are then marked as seen."""
    settings = settings_or_stop()
    door = door_or_stop(settings)
    mails = known = 0
    try:
        for failure in _in(place, settings.failures_url):
            mails += 1
            known += failure is not None and hear_failure(door, failure)
    except MailboxAwayError as away:
        raise stop(f"The mailbox that SUPERVISION_FAILURES_URL names cannot be read ({away}).") from None
    console.print(f"{mails} mails read, {known} of them about notices of this service.")


def _in(place: Path | None, url: str | None) -> Iterator[Failure | None]:
    if place is not None:
        return _in_maildir(place) if place.is_dir() else iter([failure_in(place.read_bytes())])
    if url is None:
        raise stop("Name a Maildir or a file, or set SUPERVISION_FAILURES_URL.")
    return _in_mailbox(FailureMailbox(url))


def _in_mailbox(found: FailureMailbox) -> Iterator[Failure | None]:
    with found.opened() as opened:
        for uid, failure in opened.unseen():
            yield failure
            opened.mark_seen(uid)


def _in_maildir(place: Path) -> Iterator[Failure | None]:
    """What each new mail says; it is marked as seen once that was taken in, so that a cut one is read again."""
    folder = mailbox.Maildir(place, factory=None, create=False)
    for key in list(folder.iterkeys()):
        if folder[key].get_subdir() == "new":
            failure, flags = _understood(folder.get_bytes(key))
            yield failure
            mail = folder[key]
            mail.set_subdir("cur")
            mail.add_flag(flags)
            folder[key] = mail


def _understood(content: bytes) -> tuple[Failure | None, str]:
    """What a mail reports, and how it is marked: one that breaks the reading is flagged for people, too."""
    try:
        return failure_in(content), "S"
    except Exception as error:  # noqa: BLE001 - anybody may write to the address
        _log.error("report_not_understood", exc_info=error)
        return None, "FS"

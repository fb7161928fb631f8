"""In whose name a command acts: nobody signs in at a terminal, and what is done there stays in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.commands.surroundings import stop
from workflows.calendar import local_day
from workflows.model import SYSTEM, Actor
from workflows.vocabulary import Role

if TYPE_CHECKING:
    from service.engine.work import Work


def administrator_or_stop(work: Work, ref: str | None) -> Actor:
    """The administrator of this ref, or the only one where none is named: whoever may do it by the API.

    Ends the command otherwise.
    """
    there = _administrators(work)
    if not there:
        raise stop("No administrator of this council is in post: load a list of people that makes somebody one.")
    if ref is None and len(there) > 1:
        raise stop(f"Say with --as who does this: this council has several administrators, {', '.join(there)}.")
    if ref is not None and ref not in there:
        raise stop(f"--as {ref!r}: name an administrator who is in post. Those are: {', '.join(there)}.")
    return Actor(ref or there[0])


def importer_or_stop(work: Work, what: str, ref: str | None) -> Actor:
    """The same for a list. Where no administrator is left, people are listed in nobody's name, so that there is one."""
    if what == "people" and ref is None and not _administrators(work):
        return SYSTEM
    return administrator_or_stop(work, ref)


def _administrators(work: Work) -> tuple[str, ...]:
    return work.picture.directory.with_app_role(Role.administrator, local_day(work.now))

"""The file in which `checkpoint --keep` gathers checkpoints and days of openings, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from service.storage.checkpoints import Checkpoint
from service.storage.kept_days import KeptDay
from workers.commands.surroundings import stop


class Kept(NamedTuple):
    """What a file keeps, of all councils or of one."""

    checkpoints: list[Checkpoint]
    days: list[KeptDay]

    def of(self, organisation_id: UUID) -> Kept:
        """What it keeps of one council."""
        checkpoints = [one for one in self.checkpoints if one.organisation_id == organisation_id]
        return Kept(checkpoints, [one for one in self.days if one.organisation_id == organisation_id])

    def councils(self) -> set[UUID]:
        """The councils of which it keeps something."""
        return {one.organisation_id for one in self.checkpoints} | {one.organisation_id for one in self.days}

    def newest_number(self) -> int:
        """The number of the newest checkpoint; 0 where there is none."""
        return max((one.number for one in self.checkpoints), default=0)

    def newest_day(self) -> date | None:
        """The newest day of openings; None where there is none."""
        return max((one.day for one in self.days), default=None)


def kept_in(file: Path) -> Kept:
    """What is in a file to which `checkpoint --keep` has added. Stops where it is no such file."""
    kept = Kept([], [])
    try:
        for line in file.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if "day" in entry:
                kept.days.append(KeptDay.imported(entry))
            else:
                kept.checkpoints.append(Checkpoint.imported(entry))
    except (TypeError, ValueError):
        raise stop(f"{file} is no file to which `supervision checkpoint --keep` has added.") from None
    return kept


def add(file: Path, exported: Iterable[dict[str, Any]]) -> None:
    """Add lines to the file. Stops where it cannot be written."""
    try:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(f"{json.dumps(one)}\n" for one in exported)
    except OSError as error:
        raise stop(f"{file} cannot be written: {error.strerror}.") from None

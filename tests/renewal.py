"""Whether the locked packages were renewed within the time that docs/security.md gives them; no network is needed.

`python -m tests.renewal` says so, and fails where they were not; `make audit` asks it first. `make lock` notes the day
in the lock's first line with `--renewed`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
#: A quarter of a year.
AT_LEAST_EVERY = timedelta(days=92)
_NOTE = re.compile(r"\A# Renewed on (\d{4}-\d{2}-\d{2})\.\n")


def renewed_on(lock: str) -> date:
    """The day that a lock notes. Raises ValueError where it notes none."""
    noted = _NOTE.match(lock)
    if noted is None:
        raise ValueError("The lock does not say when its packages were renewed: make it with `make lock`.")
    return date.fromisoformat(noted[1])


def noting(lock: str, day: date) -> str:
    """The lock, noting a day in place of the one that it may note."""
    return f"# Renewed on {day}.\n{_NOTE.sub('', lock)}"


def main(arguments: Sequence[str]) -> int:
    """Note today, or check the day that is noted; 1 where that is too long ago."""
    today, lock = datetime.now(UTC).date(), LOCK.read_text(encoding="utf-8")
    if arguments == ["--renewed"]:
        LOCK.write_text(noting(lock, today), encoding="utf-8")
        return 0
    day = renewed_on(lock)
    late = today - day > AT_LEAST_EVERY
    says = "too long ago: `make lock`, then all tests" if late else f"again by {day + AT_LEAST_EVERY}"
    print(f"The packages were renewed on {day}, {says}.")  # noqa: T201 - this command prints
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

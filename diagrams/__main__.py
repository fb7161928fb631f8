"""`python -m diagrams` draws the kept pictures anew; `--check` only says which of them are out of date."""

from __future__ import annotations

import shutil
import sys

from diagrams.kept import FOLDER, kept_files, stale_files


def main(arguments: list[str]) -> int:
    """Draw, or check; 1 where something is out of date."""
    if arguments == ["--check"]:
        stale = stale_files()
        for path in stale:
            print(f"{path} is out of date: make diagrams", file=sys.stderr)  # noqa: T201 - a command
        return 1 if stale else 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path, content in kept_files():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The program `supervision`, also by `python -m workers`."""

from __future__ import annotations

import gc


def main() -> None:
    """Run a command. What it loads stays, and looking through that for garbage meanwhile takes a sixth of a start."""
    gc.disable()
    from workers.cli import app  # noqa: PLC0415

    gc.enable()
    app()


if __name__ == "__main__":
    main()

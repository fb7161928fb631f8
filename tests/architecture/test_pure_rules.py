"""Rules read no clock, no environment and no chance, so the same facts always give the same decision.

The list of what is banned is ruff's `banned-api` in pyproject.toml. It holds in workflows, and nowhere else.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def findings(*files: str, text: str | None = None) -> str:
    """What ruff finds of banned calls and imports, in files or in a text that is taken to be at a path."""
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "--select", "TID251", *files]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False).stdout


def banned(path: str, text: str) -> bool:
    """Whether `text` would be refused in the file `path`."""
    return "TID251" in findings("--stdin-filename", path, "-", text=text)


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "from os import environ",
        "import time",
        "from time import monotonic",
        "import random",
        "import secrets",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid1",
        "import datetime as dt\ndt.datetime.now(dt.UTC)",
        "from datetime import datetime\ndatetime.utcnow()",
        "from datetime import datetime\ndatetime.today()",
        "from datetime import date\ndate.today()",
    ],
)
def test_what_is_impure_is_banned_in_rules_and_free_at_the_edges(text: str) -> None:
    assert banned("workflows/rule.py", text)
    assert not banned("service/clock.py", text)
    assert not banned("tests/unit/test_rule.py", text)


def test_times_and_ids_that_are_handed_in_are_free_in_rules() -> None:
    text = (
        "from datetime import datetime, time\nfrom uuid import UUID\n\ndef at(day: datetime, who: UUID) -> time: ...\n"
    )

    assert not banned("workflows/rule.py", text)


def test_no_rule_is_impure() -> None:
    assert findings("workflows") == ""


def test_no_rule_asks_to_be_let_off() -> None:
    rules = sorted((ROOT / "workflows").rglob("*.py"))

    assert rules
    assert not [rule.name for rule in rules if "TID251" in rule.read_text(encoding="utf-8")]

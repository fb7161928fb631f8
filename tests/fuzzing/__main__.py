"""Send made-up requests to every route of a served sandbox, and hold every answer to the description of the API.

`python -m tests.fuzzing --requests 100000` goes on until that many were sent. Exit status 0: every answer was right.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.beginnings import CASE, agreed_terms, booked, disputed, drafted, sent
from tests.fixtures.postgres import fresh_database, some_postgres
from tests.fixtures.served import Sandbox, Story, sandbox_on
from workflows.registry import DEFINITIONS

CONFIG = Path(__file__).with_name("schemathesis.toml")
#: Somebody who may do much: what is refused to everybody at the door is not tried.
BUSY = {"ref": "sup", "job_role": "team_manager", "above": "lm", "app_roles": "administrator;hr;auditor"}
_GENERATED = re.compile(r"(\d+) generated")


def main(arguments: Sequence[str]) -> int:
    """Fuzz for as many requests as are asked for; the exit status of the first round that finds something, or 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=1_000, help="made-up requests for each route in one round")
    asked = parser.parse_args(arguments)
    with some_postgres() as server, fresh_database(server) as url, sandbox_on(url) as sandbox:
        made = 0
        while made < asked.requests:
            found, status = fuzz(sandbox, asked.examples)
            if status:
                return status
            made += found
            sys.stdout.write(f"{made} requests, and every answer was as described.\n")
    return 0


def fuzz(sandbox: Sandbox, examples: int) -> tuple[int, int]:
    """One round over every route in a council of its own: how many requests there were, and the exit status."""
    story = sandbox.story(people=[BUSY], cases=[CASE])
    with _configured(story) as config:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run",
            f"{str(sandbox.client.base_url).rstrip('/')}/openapi.json", "--max-examples", str(examples),
            "--include-path-regex", "^/api/",
            "--header", f"Authorization: Bearer {story.token('sup')}", "--no-color",
        ]  # fmt: skip
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=config.parent)
    generated = _GENERATED.search(ran.stdout)
    if ran.returncode or generated is None:
        sys.stdout.write(ran.stdout + ran.stderr)
    return int(generated[1]) if generated else 0, ran.returncode


@contextmanager
def _configured(story: Story) -> Iterator[Path]:
    """The settings of the tool beside the words of this council: ids, refs and moves that there are."""
    words = {
        "matters": [matter["id"] for matter in begun(story)],
        "people": ["wkr", "sup", "lm", "hos", "nobody"],
        "triggers": sorted({move.trigger for one in DEFINITIONS.values() for move in one.moves}),
    }
    tables = "".join(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in words.items())
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "schemathesis.toml")
        config.write_text(f"{CONFIG.read_text(encoding='utf-8')}\n{tables}", encoding="utf-8")
        yield config


def begun(story: Story) -> list[dict[str, object]]:
    """A matter of most kinds, in different states."""
    story.open("wkr", "concerns", about="quality", statement="Rare.")
    story.open("sup", "referrals", supervisee="wkr", about="record keeping", facts="None.")
    story.open("sup", "agreements", supervisee="wkr", terms=agreed_terms("central-bedfordshire"))
    story.open("sup", "actions", what="Write.", why="Late.", owner="wkr", due="2025-04-01")
    booked(story)
    drafted(story)
    sent(story)
    disputed(story)
    story.open("hr1", "disclosures", kind="legal", requester="A solicitor", about="person", supervisee="wkr")
    return story.items("sup", "/matters")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

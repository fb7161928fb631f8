"""Send made-up requests to every route of a served sandbox, and hold every answer to the description of the API.

`python -m tests.fuzzing --requests 100000` goes on round by round, each in a council of its own and from a seed of its
own, until that many were sent. Exit status 0: every answer was right.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import structlog

from tests.acceptance.beginnings import CASE, agreed_terms, booked, disputed, drafted, sent
from tests.fixtures.postgres import fresh_database, some_postgres
from tests.fixtures.served import API, Sandbox, Story, sandbox_on
from workflows.registry import DEFINITIONS

CONFIG = Path(__file__).with_name("schemathesis.toml")
#: Somebody who may do much: what is refused to everybody at the door is not tried.
BUSY = {"ref": "sup", "job_role": "team_manager", "above": "lm", "app_roles": "administrator;hr;auditor"}
#: Made-up requests for each route in one round, which then ends within a few minutes.
_EXAMPLES = 150
_GENERATED = re.compile(r"(\d+) generated")


class Round(NamedTuple):
    """One run of the tool: how many requests there were, and its exit status."""

    requests: int
    status: int


def main(arguments: Sequence[str]) -> int:
    """Fuzz for as many requests as are asked for; the exit status of the first round that finds something, or 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=_EXAMPLES, help="made-up requests for each route in one round")
    parser.add_argument("--seed", type=int, help="of the first round; the next ones count on from it")
    asked = parser.parse_args(arguments)
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    with some_postgres() as server, fresh_database(server) as url, sandbox_on(url) as sandbox:
        # What is refused is no news here.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        made, began = 0, time.monotonic()
        while made < asked.requests:
            found, status = fuzz(sandbox, asked.examples, seed)
            made += found
            said = "and every answer was as described" if status == 0 else "and not every answer was as described"
            sys.stdout.write(f"{made:,} requests in {time.monotonic() - began:.0f} s, {said} (--seed {seed})\n")
            sys.stdout.flush()
            if status:
                return status
            seed += 1
    return 0


def fuzz(sandbox: Sandbox, examples: int, seed: int) -> Round:
    """One round over every route in a council of its own."""
    story = sandbox.story(people=[BUSY], cases=[CASE])
    with _configured(story) as config:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run",
            f"{str(sandbox.client.base_url).rstrip('/')}/openapi.json", "--max-examples", str(examples),
            "--include-path-regex", "^/api/", "--seed", str(seed), "--no-color",
        ]  # fmt: skip
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=config.parent)
    generated = _GENERATED.search(ran.stdout)
    if ran.returncode or generated is None:
        sys.stdout.write(ran.stdout + ran.stderr)
    return Round(int(generated[1]) if generated else 0, ran.returncode)


@contextmanager
def _configured(story: Story) -> Iterator[Path]:
    """The settings of the tool beside whom it asks as, and the words of this council: ids, refs and moves."""
    words = {
        "matters": [matter["id"] for matter in begun(story)],
        "people": ["wkr", "wkr2", "bs", "sup", "lm", "nobody"],
        "triggers": sorted({move.trigger for one in DEFINITIONS.values() for move in one.moves}),
    }
    tables = "".join(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in words.items())
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "schemathesis.toml")
        config.write_text(f"{CONFIG.read_text(encoding='utf-8')}\n{_signed_in(story)}\n{tables}", encoding="utf-8")
        yield config


def _signed_in(story: Story) -> str:
    """How the tool signs in, and again whenever it has ended its own token: else all that follows would be 401."""
    return (
        f'[auth.dynamic.openapi.token]\npath = "{API}/sandbox/tokens"\nextract_selector = "/token"\n'
        f'payload = {{ organisation = "{story.organisation}", person = "{BUSY["ref"]}" }}\n'
    )


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

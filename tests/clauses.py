"""Which test shows which clause: `python -m tests.clauses` prints the table, and what is still open.

A test says so with `@pytest.mark.clause("CBC-42")`. With `--check` the exit status is 1 where a clause is cited that no
policy has, or where a clause of one of the five policies is shown by no test.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from msgspec import Struct

HERE = Path(__file__).parent


class Clause(Struct, frozen=True):
    """One clause of the five policies, by id; what it says stands in the policy itself."""

    id: str
    kind: str
    #: How far a machine can carry it out: full, partly (it asks, notes or checks), or display-only.
    enforceable: str


def register() -> dict[str, Clause]:
    """Every clause, in the order of the policies."""
    with (HERE / "clause_register.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: Clause(row["id"], row["kind"], row["enforceable"]) for row in rows}


class _Collector:
    """Notes the clauses of every test that pytest collects; runs none."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("clause"):
                for clause in mark.args:
                    self.found[clause].append(item.nodeid.partition("[")[0])


def citations() -> dict[str, list[str]]:
    """The tests that cite each clause. Raises RuntimeError where the tests cannot be collected."""
    collector = _Collector()
    with redirect_stdout(io.StringIO()) as output:
        status = pytest.main(["--collect-only", "-q", str(HERE)], plugins=[collector])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(output.getvalue())
    return {clause: sorted(set(tests)) for clause, tests in collector.found.items()}


def main(arguments: list[str]) -> int:
    """Print the table; with `--check` only what is wrong."""
    known, cited = register(), citations()
    unknown = sorted(set(cited) - set(known))
    still_open = [clause for clause in known if clause not in cited]
    if "--check" not in arguments:
        for clause in known.values():
            for test in cited.get(clause.id, ["(open)"]):
                print(f"{clause.id:8} {clause.enforceable:13} {clause.kind:18} {test}")  # noqa: T201 - this command prints
    for how in ("full", "partly", "display-only"):
        own = [clause.id for clause in known.values() if clause.enforceable == how]
        print(f"{how:13} {len(set(own) & set(cited)):4} of {len(own)} clauses are shown by a test")  # noqa: T201 - as above
    for label, ids in (("cited but in no policy", unknown), ("still open", still_open)):
        if ids:
            print(f"{label}: {', '.join(ids)}")  # noqa: T201 - as above
    return 1 if "--check" in arguments and (unknown or still_open) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Pages of an organisation with a million matters as browsers ask for them: a worker's start, an auditor's overview."""

from __future__ import annotations

import time

import httpx
from sqlalchemy import text

from benchmarks.council import Bench, council, postgres_url
from benchmarks.figures import Figure
from benchmarks.moves_over_http import served
from service.imports import IMPORTS
from service.storage.connection import owner_transaction
from workflows.model import Actor

MATTERS = 1_000_000
#: What waits for the worker: more than one page of it.
_WAITING = 60
_CASES = 20
_VISITS, _WARM_UP = 200, 20
#: Who looks over everybody's.
_AUDITOR = b"""ref,name,email,job_role,line_manager_ref,start_date,app_roles
aud,Audit Example,aud@council.example,quality_officer,lm,2018-01-08,auditor
"""
#: Everybody else's matters: most are over, some wait for somebody, and each is known to two people.
_OTHERS = """
INSERT INTO matters SELECT organisation_id, lpad(to_hex(n), 32, '0')::uuid, workflow, kind,
    CASE WHEN n % 10 = 0 THEN state ELSE 'agreed' END, version, policy_id, policy_version, 'x' || n % 5000,
    'y' || n % 600, person, NULL, NULL, CASE WHEN n % 10 = 0 THEN 'x' || n % 5000 END, NULL, waiting_for, opened_at,
    CASE WHEN n % 10 = 0 THEN NULL ELSE last_at END, last_at, data, ladder,
    CASE WHEN n % 10 = 0 THEN next_due + n * interval '1 second' END, deadline_count, head
  FROM (SELECT * FROM matters WHERE workflow = 'record' LIMIT 1) AS one, generate_series(1, :matters) AS n;
INSERT INTO matter_people SELECT organisation_id, id, who
  FROM matters, unnest(ARRAY[supervisee, supervisor]) AS who WHERE supervisee LIKE 'x%';
UPDATE matters SET duty_due = next_due, overdue_since = CASE WHEN supervisee LIKE 'x%00' THEN opened_at END
  WHERE closed_at IS NULL AND supervisee LIKE 'x%';
"""


def measure() -> list[Figure]:
    """How long the pages take, and how large the start page is."""
    with postgres_url() as url:
        bench = council(url, _WAITING)
        rows = "\n".join(f"c{number},wkr,family-support,2025-01-06" for number in range(_CASES))
        _take(bench, "cases", f"ref,worker_ref,category,allocated_on\n{rows}\n".encode())
        _take(bench, "people", _AUDITOR)
        _add_others(url)
        with served(url, bench) as port:
            seconds, size = _visit(bench, port, "wkr", "/")
            overviews, _ = _visit(bench, port, "aud", "/overview")
    return [
        Figure("your work among 1,000,000 matters, p95", _p95(seconds), "ms", at_most=60),
        Figure("your work among 1,000,000 matters, HTML", size / 1000, "kB", at_most=60),
        Figure("an overview of 100,000 open ones, p95", _p95(overviews), "ms"),
    ]


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


def _take(bench: Bench, what: str, content: bytes) -> None:
    bench.door.run(bench.organisation_id, lambda work: IMPORTS[what](work, content, Actor("admin"), dry_run=False))


def _add_others(url: str) -> None:
    with owner_transaction(url) as connection:
        for statement in _OTHERS.strip().split(";\n"):
            connection.execute(text(statement.rstrip(";")), {"matters": MATTERS} if ":matters" in statement else {})
    with owner_transaction(url) as connection:
        connection.execute(text("ANALYZE"))


def _visit(bench: Bench, port: int, who: str, path: str) -> tuple[list[float], int]:
    """Seconds of each visit, and the bytes of the last answer."""
    seconds: list[float] = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        client.post("/sign-in", data={"organisation": str(bench.organisation_id), "person": who})
        for _ in range(_WARM_UP + _VISITS):
            began = time.perf_counter()
            answer = client.get(path).raise_for_status()
            seconds.append(time.perf_counter() - began)
    return seconds[_WARM_UP:], len(answer.content)

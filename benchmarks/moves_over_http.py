"""One move over HTTP: a served process on PostgreSQL and eight clients, beside plain SQL writing the same rows."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import mean
from uuid import UUID

from sqlalchemy import Table, make_url, text

from benchmarks.council import Bench, council, postgres_url
from benchmarks.figures import Figure
from service.identity.scopes import hash_of
from service.storage.connection import owner_transaction
from service.storage.matter_tables import idempotency_keys, matters
from tests.fixtures.children import free_port

#: The service as it is.
SERVE = ("workers", "serve")
CLIENTS = 8
_ROUNDS = 4
_MOVES_A_ROUND = 800
_WARM_UP = 200
#: What the service signs; the floor has as many of its own, since it leaves them in between.
_SIGNED = _WARM_UP + _ROUNDS * _MOVES_A_ROUND
_FLOOR_SECONDS = 2
_READY_WITHIN = 30.0


def measure() -> list[Figure]:
    """Moves a second over HTTP, and the same rows by pgbench: by turns, since a machine's speed changes meanwhile."""
    with postgres_url() as url:
        bench = council(url, 2 * _SIGNED)
        records, seconds, floors = iter(bench.records), 0.0, []
        with served(url, bench) as port:
            drive(port, bench.token, list(islice(records, _WARM_UP)))
            _prepare(url, bench, bench.records[0])
            for _ in range(_ROUNDS):
                floors.append(_floor(url, bench))
                seconds += drive(port, bench.token, list(islice(records, _MOVES_A_ROUND)))
    found = [floor for floor in floors if floor is not None]
    floor = mean(found) if found else None
    moves = _ROUNDS * _MOVES_A_ROUND / seconds
    return [Figure("a move over HTTP, 1 process, 8 clients", moves, "moves/s", floor, at_least=0.3)]


# -- the service
@contextmanager
def served(url: str, bench: Bench, program: Sequence[str] = SERVE) -> Iterator[int]:
    """A process that serves the council's database; its port."""
    port = free_port()
    environment = os.environ | {
        "SUPERVISION_DATABASE_URL": url,
        "SUPERVISION_SANDBOX": "1",
        "SUPERVISION_EXAMPLES": "0",
        # Limits are counted like a council's, and never reached.
        "SUPERVISION_REQUESTS_PER_MINUTE": "10000000",
        "SUPERVISION_SECRET_KEY": bench.settings.secret_key.get_secret_value(),
    }
    command = [sys.executable, "-m", *program, "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + _READY_WITHIN
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the service did not start")


def drive(port: int, token: str, records: list[UUID]) -> float:
    """Sign every record once, from eight clients at a time; how many seconds that took."""
    waiting = iter(records)
    lock = threading.Lock()
    failed: list[bytes] = []

    def client() -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while True:
                with lock:
                    record = next(waiting, None)
                if record is None:
                    return
                status = _post(connection, token, record)
                if status != b"200":
                    failed.append(status)

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} moves were refused: {failed[0]!r}")
    return time.perf_counter() - began


def _post(connection: socket.socket, token: str, record: UUID) -> bytes:
    """A request by hand: a client that costs little, since it shares the machine with what is measured."""
    body = b'{"trigger":"sign","data":{}}'
    head = (
        f"POST /api/v1/matters/{record}/moves HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {record}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65_536)
    head_end = answer.index(b"\r\n\r\n") + 4
    length = int(answer[:head_end].lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(answer) < head_end + length:
        answer += connection.recv(65_536)
    return answer[9:12]


# -- the floor
#: What a signature changes of a record; the floor turns each record to and fro between two that the service wrote.
_CHANGED = (
    "state", "holder", "holder_role", "waiting_for", "closed_at", "data", "ladder", "next_due", "overdue_since",
    "duty_due", "deadline_count", "head",
)  # fmt: skip
_THIS = "(SELECT id FROM bench_ids WHERE n = :n)"
_SCRIPT = """
\\set n random(1, {records})
BEGIN;
SELECT owner.*, set_config('app.organisation', owner.organisation_id::text, true)
  FROM token_owner(decode('{token}', 'hex')) AS owner;
SELECT m.*, d.*, k.wrapped FROM bench_ids b JOIN matters m ON m.organisation_id = '{own}' AND m.id = b.id
  LEFT JOIN deadlines d ON d.organisation_id = m.organisation_id AND d.matter_id = m.id
  LEFT JOIN matter_keys k ON k.organisation_id = m.organisation_id AND k.matter_id = m.id
  WHERE b.n = :n FOR UPDATE OF m;
UPDATE matters AS m SET version = m.version + 1, last_at = now(), {changes} FROM bench_records AS v
  WHERE m.organisation_id = '{own}' AND m.id = {this} AND v.state <> m.state;
INSERT INTO steps SELECT organisation_id, matter_id, nextval('bench_step'), trigger, source, dest, actor, role, at,
  clause, data, commitments, hash FROM steps WHERE organisation_id = '{own}' AND matter_id = {this} AND number = 2;
UPDATE deadlines SET status = CASE status WHEN 'met' THEN 'running' ELSE 'met' END,
  fires_at = CASE WHEN fires_at IS NULL THEN due END
  WHERE organisation_id = '{own}' AND matter_id = {this} AND number = 1;
INSERT INTO outbox SELECT organisation_id, matter_id, nextval('bench_step'), number, "to", kind, subject, body, at,
  urgent, status FROM outbox WHERE organisation_id = '{own}' AND matter_id = {this} AND step = 2;
WITH filing AS (
  INSERT INTO matters ({columns}, id, parent) SELECT {columns}, gen_random_uuid(), {this} FROM bench_filing
  RETURNING organisation_id, id
), people AS (
  INSERT INTO matter_people SELECT organisation_id, id, person FROM filing, unnest(ARRAY['wkr', 'sup']) AS person
), step AS (
  INSERT INTO steps SELECT f.organisation_id, f.id, 1, s.trigger, s.source, s.dest, s.actor, s.role, s.at, s.clause,
    s.data, s.commitments, s.hash FROM filing f, steps s
    WHERE s.organisation_id = '{own}' AND s.matter_id = {this} AND s.number = 2
)
INSERT INTO deadlines SELECT f.organisation_id, f.id, 0, 'file_by', 'running', d.enforces, d.due, d.due, d.rank,
  d.receipt FROM filing f, deadlines d
  WHERE d.organisation_id = '{own}' AND d.matter_id = {this} AND d.number = 1;
SELECT EXISTS (SELECT FROM matters WHERE organisation_id = '{own}' AND parent = {this});
INSERT INTO idempotency_keys ({answer}, key) SELECT {answer}, nextval('bench_step')::text FROM bench_answer;
COMMIT;
"""


def _floor(url: str, bench: Bench) -> float | None:
    """The same reads and writes as plain SQL by pgbench, transactions a second; None where there is no pgbench."""
    program = shutil.which("pgbench")
    if program is None:
        return None
    where = make_url(url)
    script = _SCRIPT.format(
        records=_SIGNED, token=hash_of(bench.token).hex(), own=bench.organisation_id, this=_THIS,
        changes=", ".join(f"{name} = v.{name}" for name in _CHANGED), columns=_others(matters, "id", "parent"),
        answer=_others(idempotency_keys, "key"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "move.sql"
        path.write_text(script, encoding="utf-8")
        environment = os.environ | {"PGPASSWORD": where.password or "", "PGOPTIONS": "-c role=supervision_app"}
        command = [
            program, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(_FLOOR_SECONDS), "-f", str(path),
            "-h", where.host or "127.0.0.1", "-p", str(where.port or 5432), "-U", where.username or "postgres",
            where.database or "",
        ]  # fmt: skip
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])


def _others(table: Table, *names: str) -> str:
    """The other columns of a table."""
    return ", ".join(column.name for column in table.c if column.name not in names)


def _prepare(url: str, bench: Bench, signed: UUID) -> None:
    """Keep what the floor writes again: a record before and after its signature, its filing, and the answer."""
    waiting = bench.records[-1]
    with owner_transaction(url) as connection:
        connection.execute(text("CREATE TABLE bench_ids (n integer PRIMARY KEY, id uuid)"))
        connection.execute(text("CREATE SEQUENCE bench_step START 1000"))
        rows = [{"n": n, "id": record} for n, record in enumerate(bench.records[_SIGNED:], 1)]
        connection.execute(text("INSERT INTO bench_ids VALUES (:n, :id)"), rows)
        for kept, found in (
            ("bench_records", f"matters WHERE id IN ('{signed}', '{waiting}')"),
            ("bench_filing", f"matters WHERE parent = '{signed}'"),
            ("bench_answer", f"idempotency_keys WHERE key = '{signed}'"),
        ):
            connection.execute(text(f"CREATE TABLE {kept} AS SELECT * FROM {found}"))  # noqa: S608 - our own ids
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO supervision_app"))
        connection.execute(text("GRANT ALL ON bench_step TO supervision_app"))
        connection.execute(text("ANALYZE"))

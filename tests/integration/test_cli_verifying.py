"""`supervision verify` and `supervision checkpoint`: what they say, and what shows that somebody changed something."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select

from service.settings import Settings
from service.storage.checkpoints import public_key_text
from service.storage.connection import Database, make_engine
from service.storage.matter_tables import matters
from service.storage.view_tables import content_views
from tests.integration.terminal import SECRET, Terminal


def test_verify_says_what_it_has_checked(terminal: Terminal) -> None:
    own, _ = terminal.council()
    said = terminal.run("verify")

    assert said.exit_code == 0
    assert f"{own}: 1 matters, 1 steps" in said.output
    assert "all hold" in said.output


def test_verify_finds_a_step_that_somebody_has_changed(terminal: Terminal) -> None:
    own, _ = terminal.council()
    with sqlite3.connect(terminal.database) as tampering:
        tampering.execute("DROP TRIGGER steps_refuse_update")
        tampering.execute("UPDATE steps SET role = 'hr'")
    tampering.close()
    said = terminal.run("verify", "--organisation", own)

    assert said.exit_code == 1
    assert "FAULT" in said.output


def test_a_checkpoint_that_was_kept_shows_that_the_database_has_it_no_more(terminal: Terminal) -> None:
    own, _ = terminal.council()
    kept = str(terminal.folder / "kept.jsonl")
    assert f"{own}: 1 checkpoints and 0 days of openings signed." in terminal.run("checkpoint", "--keep", kept).output
    assert f"{own}: 0 checkpoints and 0 days of openings signed." in terminal.run("checkpoint", "--keep", kept).output
    said = terminal.run("verify", "--kept", kept)
    assert "1 checkpoints, 0 days of openings: all hold" in said.output

    with sqlite3.connect(terminal.database) as tampering:
        tampering.execute("DROP TRIGGER checkpoints_refuse_delete")
        tampering.execute("DELETE FROM checkpoints")
    tampering.close()

    assert terminal.run("verify").exit_code == 0
    said = terminal.run("verify", "--kept", kept)
    assert said.exit_code == 1
    assert "the database has it no more" in said.output


def look(terminal: Terminal, own: str) -> None:
    """Somebody opens what is not their own, on a day that is long over."""
    database = Database(make_engine(f"sqlite:///{terminal.database}"))
    with database.write(UUID(own)) as connection:
        matter = connection.execute(select(matters.c.id)).scalars().first()
        row = {
            "organisation_id": UUID(own), "id": uuid4(), "matter_id": matter, "viewer": "p1", "what": "matter",
            "at": datetime(2025, 3, 3, 9, tzinfo=UTC), "standing": "line_above",
        }  # fmt: skip
        connection.execute(insert(content_views), row)
    database.engine.dispose()


def test_a_day_of_openings_that_was_kept_shows_that_the_database_has_it_no_more(terminal: Terminal) -> None:
    own, _ = terminal.council()
    kept = terminal.folder / "kept.jsonl"
    look(terminal, own)
    assert (
        f"{own}: 1 checkpoints and 1 days of openings signed." in terminal.run("checkpoint", "--keep", str(kept)).output
    )
    terminal.run("checkpoint", "--keep", str(kept))
    assert len(kept.read_text("utf-8").splitlines()) == 2
    assert "1 checkpoints, 1 days of openings: all hold" in terminal.run("verify", "--kept", str(kept)).output

    with sqlite3.connect(terminal.database) as tampering:
        for table in ("content_views", "view_days"):
            tampering.execute(f"DROP TRIGGER {table}_refuse_delete")
            tampering.execute(f"DELETE FROM {table}")  # noqa: S608 - of this test
    tampering.close()

    assert terminal.run("verify").exit_code == 0
    said = terminal.run("verify", "--kept", str(kept))
    assert said.exit_code == 1
    assert "the openings of 2025-03-03 were exported" in said.output


def test_a_council_that_was_kept_and_is_gone_is_a_fault(terminal: Terminal) -> None:
    own, _ = terminal.council()
    kept = terminal.folder / "kept.jsonl"
    terminal.run("checkpoint", "--keep", str(kept))
    gone = str(uuid4())
    kept.write_text(kept.read_text("utf-8").replace(own, gone), "utf-8")

    assert f"{gone}: FAULT" in terminal.run("verify", "--kept", str(kept)).output
    assert terminal.run("verify", "--kept", str(kept)).exit_code == 1
    assert terminal.run("verify", "--kept", str(kept), "--organisation", own).exit_code == 0


@pytest.mark.parametrize("line", ["{}", "[]", "7", '{"day": "2025-03-03"}', "no JSON"])
def test_a_file_that_keeps_no_checkpoints_is_refused(terminal: Terminal, line: str) -> None:
    terminal.council()
    other = terminal.folder / "other.jsonl"
    other.write_text(f"{line}\n", "utf-8")
    said = terminal.run("verify", "--kept", str(other))
    assert said.exit_code == 1
    assert "checkpoint --keep" in said.output


# -- who signed
def test_the_public_key_is_printed_for_whoever_checks_what_was_signed(terminal: Terminal) -> None:
    said = terminal.run("keys", "public")

    assert said.exit_code == 0
    assert said.output.strip() == public_key_text(Settings(secret_key=SecretStr(SECRET), sandbox=True))


def test_a_signing_key_that_is_none_is_said_to_be_none(terminal: Terminal) -> None:
    terminal.environment["SUPERVISION_SIGNING_KEY"] = "short"

    assert "32 random bytes" in terminal.run("keys", "public").output

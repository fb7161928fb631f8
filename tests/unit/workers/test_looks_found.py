"""What is looked for by itself follows from the settings."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from pydantic import SecretStr

from service.settings import Settings
from workers.actors import looks

if TYPE_CHECKING:
    from service.engine.door import Door

_DOOR = cast("Door", SimpleNamespace(database=SimpleNamespace(filing_organisations=list, organisations=list)))


def settings(**more: object) -> Settings:
    given = {"database_url": "sqlite:///x.sqlite3", "sandbox": False, "secret_key": "0123456789abcdef" * 3, **more}
    return Settings.model_validate(given)


def queues(given: Settings) -> list[str]:
    return [look.queue for look in looks(given, _DOOR)]


def test_where_people_file_by_hand_nobody_hands_over() -> None:
    assert "filing" not in queues(settings())


def test_where_a_way_out_is_set_records_are_handed_over(tmp_path: Path) -> None:
    assert "filing" in queues(settings(filing_folder=tmp_path))


def test_where_a_mailbox_of_failures_is_set_it_is_read() -> None:
    assert "bounces" not in queues(settings())
    assert "bounces" in queues(settings(failures_url="imaps://failures:secret@mail.council.example/Failures"))


def test_a_key_that_signs_nothing_stops_the_start(tmp_path: Path) -> None:
    short = SecretStr(base64.b64encode(b"short").decode())

    with pytest.raises(ValueError, match="SUPERVISION_SIGNING_KEY"):
        looks(settings(filing_folder=tmp_path, signing_key=short), _DOOR)


def test_notices_are_sent_in_every_real_council_and_in_no_sandbox() -> None:
    assert "notices" in queues(settings())
    assert "notices" not in queues(settings(sandbox=True))

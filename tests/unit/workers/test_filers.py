"""Records are handed over beside the clock only where a way out is set."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from pydantic import SecretStr

from service.settings import Settings
from workers.commands.serving import filers
from workers.filing import Filer

if TYPE_CHECKING:
    from service.engine.door import Door

_DOOR = cast("Door", None)


def settings(**more: object) -> Settings:
    given = {"database_url": "sqlite:///x.sqlite3", "sandbox": False, "secret_key": "0123456789abcdef" * 3, **more}
    return Settings.model_validate(given)


def test_where_people_file_by_hand_nobody_hands_over() -> None:
    assert filers(settings(), _DOOR) == []


def test_where_a_way_out_is_set_one_filer_hands_over(tmp_path: Path) -> None:
    [found] = filers(settings(filing_folder=tmp_path), _DOOR)

    assert isinstance(found, Filer)


def test_a_key_that_signs_nothing_stops_the_start(tmp_path: Path) -> None:
    short = SecretStr(base64.b64encode(b"short").decode())

    with pytest.raises(ValueError, match="SUPERVISION_SIGNING_KEY"):
        filers(settings(filing_folder=tmp_path, signing_key=short), _DOOR)

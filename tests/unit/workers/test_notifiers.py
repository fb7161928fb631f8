"""Notices are sent beside the clock in every real council, and in no sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from service.settings import Settings
from workers.commands.serving import notifiers
from workers.notices import Notifier

if TYPE_CHECKING:
    from service.engine.door import Door

_DOOR = cast("Door", None)


def settings(*, sandbox: bool) -> Settings:
    given = {"database_url": "sqlite:///x.sqlite3", "sandbox": sandbox, "secret_key": "0123456789abcdef" * 3}
    return Settings.model_validate(given)


def test_a_real_council_has_a_notifier_even_without_any_channel() -> None:
    [found] = notifiers(settings(sandbox=False), _DOOR)

    assert isinstance(found, Notifier)


def test_a_sandbox_has_none() -> None:
    assert notifiers(settings(sandbox=True), _DOOR) == []

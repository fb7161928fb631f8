"""The lock says when its packages were renewed, and the audit fails where that is more than a quarter ago."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests import renewal
from tests.renewal import AT_LEAST_EVERY, LOCK, main, noting, renewed_on

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime.now(UTC).date()


def test_the_lock_of_this_project_says_when_its_packages_were_renewed() -> None:
    assert renewed_on(LOCK.read_text(encoding="utf-8")) <= TODAY + timedelta(days=1)


def test_a_lock_that_was_just_made_notes_its_day_once() -> None:
    first = noting("alembic==1.20.1\n", date(2026, 1, 2))

    assert renewed_on(first) == date(2026, 1, 2)
    assert noting(first, date(2026, 4, 2)) == "# Renewed on 2026-04-02.\nalembic==1.20.1\n"


def test_a_lock_without_a_day_is_no_answer() -> None:
    with pytest.raises(ValueError, match="make lock"):
        renewed_on("alembic==1.20.1\n")


@pytest.mark.parametrize(("over", "status"), [(timedelta(0), 0), (timedelta(days=1), 1)])
def test_the_check_fails_after_a_quarter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], over: timedelta, status: int
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(noting("", TODAY - AT_LEAST_EVERY - over), encoding="utf-8")
    monkeypatch.setattr(renewal, "LOCK", lock)

    assert main([]) == status
    assert ("too long ago" in capsys.readouterr().out) == bool(status)

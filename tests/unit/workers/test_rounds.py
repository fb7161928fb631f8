"""Whatever goes wrong in a round, somebody goes round again."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from workers.looks import Look
from workers.rounds import Rounds


@pytest.mark.parametrize(
    ("error", "level"),
    [(OperationalError("SELECT", None, Exception("away")), "warning"), (ValueError("nobody thought of that"), "error")],
)
def test_a_round_that_fails_is_logged_and_ends_no_thread(error: Exception, level: str) -> None:
    def fails() -> list[object]:
        raise error

    look = Look("bounces", every=60.0, waiting=fails, look=lambda _own, _goes_on: 0)  # type: ignore[arg-type]

    with capture_logs() as logs:
        assert Rounds(look, lambda _look, _found, _goes_on: 1).go_round() == 0

    assert [(one["event"], one["log_level"]) for one in logs] == [("round_failed", level)]

"""Whoever runs the service sees whether it is well, without seeing anything of anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import create_engine

from service.app import app_for
from service.logs import set_up_logs
from service.settings import Settings
from service.storage.migrate import migrate
from tests.acceptance.beginnings import sent
from tests.fixtures.served import SECRET, Sandbox, Story, door_to, served
from workers.heart import Heart

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "a token for those who watch"  # noqa: S105 - it opens nothing outside the tests


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox with a token for its figures."""
    url = f"sqlite:///{tmp_path}/watched.sqlite3"
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=True, metrics_token=SecretStr(TOKEN))
    migrate(settings)
    with door_to(url) as door, served(app_for(settings, door)) as client:
        yield Sandbox(client, door)


def root(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    """An answer from outside the API."""
    return client.get(str(client.base_url.copy_with(path=path)), headers=headers)


def figures(sandbox: Sandbox) -> dict[str, float]:
    answer = root(sandbox.client, "/metrics", authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 200
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    return {f"{sample.name}{json.dumps(sample.labels) if sample.labels else ''}": sample.value for sample in samples}


# -- health
def test_a_process_that_answers_is_live_and_one_whose_database_answers_is_ready(watched: Sandbox) -> None:
    assert root(watched.client, "/health/live").json() == {"status": "live"}
    ready = root(watched.client, "/health/ready")

    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "clocks": 0, "workers": 0, "last_clock_at": None}


def test_who_asks_whether_it_is_ready_learns_when_a_clock_spoke_last(watched: Sandbox) -> None:
    Heart(watched.door.database, "clock").beat()

    ready = root(watched.client, "/health/ready").json()

    assert ready["clocks"] == 1
    assert ready["last_clock_at"] is not None


def test_without_its_database_it_is_live_and_not_ready(watched: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched.door.database, "engine", door_away())

    assert root(watched.client, "/health/live").status_code == 200
    ready = root(watched.client, "/health/ready")

    assert ready.status_code == 503
    assert ready.json()["status"] == "not_ready"


def door_away() -> object:
    """An engine whose database is somewhere where there is none."""
    return create_engine("sqlite:////nowhere/at/all.sqlite3")


# -- figures
def test_without_the_setting_there_are_no_figures(story: Story) -> None:
    answer = root(story.client, "/metrics", authorization=f"Bearer {TOKEN}")

    assert answer.status_code == 404


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer guessed"}])
def test_figures_are_for_whoever_has_their_token(watched: Sandbox, headers: dict[str, str]) -> None:
    assert root(watched.client, "/metrics", **headers).status_code == 401


def test_the_figures_count_moves_refusals_and_what_waits(watched: Sandbox) -> None:
    story = watched.story()
    before = figures(watched)
    record = sent(story)
    story.move("wkr", record, "sign")
    assert story.try_move("wkr", record, "sign").status_code == 409
    after = figures(watched)

    assert after["supervision_moves_total"] - before["supervision_moves_total"] == 3
    refused = {name: value for name, value in after.items() if name.startswith("supervision_refusals_total")}
    assert sum(refused.values()) > sum(before.get(name, 0) for name in refused)
    assert after["supervision_database_up"] == 1
    assert after.keys() >= {
        "supervision_deadline_lag_seconds", "supervision_outbox_age_seconds", "supervision_incidents_open",
        "supervision_clocks_alive", "supervision_workers_alive", "supervision_deadline_lateness_seconds_count",
        "supervision_deadline_batch_size_count", "supervision_clock_skew_seconds",
    }  # fmt: skip


def test_no_figure_names_anybody(watched: Sandbox) -> None:
    story = watched.story()
    sent(story)
    text = root(watched.client, "/metrics", authorization=f"Bearer {TOKEN}").text

    assert story.organisation not in text
    assert not re.search(r"wkr|Exampleshire|council\.example", text)


# -- correlation
def test_an_answer_says_under_which_id_it_was_logged(watched: Sandbox) -> None:
    first, second = (root(watched.client, "/health/live").headers["x-request-id"] for _ in range(2))
    mine = root(watched.client, "/health/live", **{"x-request-id": "proxy-4711-abcdef"})

    assert first != second
    assert mine.headers["x-request-id"] == "proxy-4711-abcdef"


@pytest.mark.parametrize("odd", ["short", "x" * 65, 'a"b{c}:forged', "spaces in it"])
def test_an_odd_id_from_outside_is_not_written_into_logs(watched: Sandbox, odd: str) -> None:
    answer = root(watched.client, "/health/live", **{"x-request-id": odd})

    assert answer.headers["x-request-id"] != odd


def test_what_goes_wrong_is_logged_as_json_under_the_id_of_its_request(
    watched: Sandbox, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("info")

    written = uuid4().hex

    def broken(_self: object) -> bytes:
        try:
            return bytes(int(f"not {written}"))
        except ValueError as error:
            raise LookupError(written) from error

    monkeypatch.setattr("service.watching.exposed.Exposed.text", broken)
    answer = root(watched.client, "/metrics", authorization=f"Bearer {TOKEN}")

    assert answer.status_code == 500
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines() if "request_failed" in line]
    assert said
    assert said[0]["correlation_id"] == answer.headers["x-request-id"]
    assert "builtins.ValueError" in said[0]["exception"]
    assert said[0]["exception"].endswith("builtins.LookupError")
    assert "in broken" in said[0]["exception"]
    assert written not in str(said)

"""Nothing that people send stands in a log: markers are fed through every route, and the log is searched for them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import structlog

from tests.acceptance.test_pages import become
from tests.fixtures.served import ok

if TYPE_CHECKING:
    from tests.fixtures.served import Story

MARKER = "a-marker-that-nobody-logs"
#: A value for each part of an address, so that a route is found and goes as far as it can.
PLACES = {"what": "people", "year": "2025"}
PAGES = ("/", "/sign-in", "/signed-in", "/sign-in/with-council", "/your-sign-ins", "/clock", "/matters/{id}",
         "/matters/{id}/moves/dispute")  # fmt: skip


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    """Everything that is logged, by us and by libraries, whatever the level."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the browser's own log, not the service's
    kept = structlog.get_config()
    found: list[Any] = []

    def keep(_logger: object, _name: str, event: Any) -> Any:
        found.append(json.dumps(event, default=str))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    yield found
    structlog.configure(**kept)
    logging.getLogger("httpx").setLevel(logging.NOTSET)


def seen_in(logged: list[Any], caplog: pytest.LogCaptureFixture, marker: str) -> list[str]:
    return [line for line in [*logged, *(record.getMessage() for record in caplog.records)] if marker in line]


def test_the_log_that_is_searched_is_the_services_own(
    story: Story, logged: list[Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story.door, "work_for", lambda *_: 1 / 0)

    # On a connection of its own, which ends with such a failure.
    httpx.get(f"{story.client.base_url}me", headers={"Authorization": f"Bearer {story.tokens['admin']}"})

    assert seen_in(logged, caplog, "request_failed")
    assert not seen_in(logged, caplog, story.tokens["admin"])


def test_an_address_that_is_a_secret_is_not_logged_where_it_fails(
    story: Story, logged: list[Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = ok(story.send("wkr", "POST", "/me/calendar-feed"), 201)["url"].rsplit("/", 1)[1]
    monkeypatch.setattr(story.door, "work", lambda *_: 1 / 0)

    assert httpx.get(f"{story.client.base_url}calendar-feeds/{feed}").status_code == 500

    assert seen_in(logged, caplog, "GET /calendar-feeds/{secret}.ics")
    assert not seen_in(logged, caplog, feed.removesuffix(".ics"))


def test_no_route_of_the_api_logs_what_it_is_sent(
    story: Story, logged: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    document = ok(story.client.get("/openapi.json"))
    tokens = (MARKER, story.token("admin"))
    count = 0
    for path, methods in document["paths"].items():
        place = path.removeprefix("/api/v1")
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            place = place.replace(f"{{{name}}}", PLACES.get(name, MARKER))
        for method, token in [(method, token) for method in methods for token in tokens]:
            count += 1
            send_markers(story.client, method, place, token)

    assert count > 80
    assert not seen_in(logged, caplog, MARKER)
    assert not seen_in(logged, caplog, story.token("admin"))


def send_markers(client: httpx.Client, method: str, path: str, token: str) -> None:
    """A request with a marker wherever something can be put."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": MARKER, "If-Match": MARKER, "Cookie": MARKER}
    query = dict.fromkeys(("cursor", "state", "party", "purpose", "organisation"), MARKER)
    body = {"trigger": MARKER, "data": {"statement": MARKER, "reason": MARKER}, "supervisee": MARKER, "name": MARKER}
    answer = client.request(method.upper(), path, headers=headers, params=query, json=body)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_page_logs_what_it_is_sent(
    story: Story, logged: list[Any], caplog: pytest.LogCaptureFixture, method: str
) -> None:
    with httpx.Client(base_url=story.client.base_url.copy_with(path="/"), follow_redirects=True) as browser:
        become(browser, story, "wkr")
        token = browser.cookies["supervision"]
        form = dict.fromkeys(("proof", "statement", "id", "person", "organisation", "back", "key"), MARKER)
        for page in PAGES:
            path = page.replace("{id}", MARKER)
            query = {"back": MARKER, "code": MARKER, "state": MARKER, "organisation": MARKER}
            answer = browser.request(method, path, params=query, data=form if method == "POST" else None)
            assert answer.status_code < 500

    assert not seen_in(logged, caplog, MARKER)
    assert not seen_in(logged, caplog, token)

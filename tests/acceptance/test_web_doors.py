"""What every answer carries and every request passes, of the API as of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
import structlog
from fastapi.testclient import TestClient
from pydantic import SecretStr

from service.app import app_for
from service.engine.door import Door
from service.settings import Settings
from tests.acceptance.test_pages import become
from tests.fixtures.served import CALLBACK_SECRET, CALLBACK_TOKEN, SECRET, ok, problem

if TYPE_CHECKING:
    from tests.fixtures.served import Story

MIB = 1024 * 1024


@pytest.fixture
def browser(story: Story) -> Iterator[httpx.Client]:
    """A browser that nobody has signed in with."""
    with httpx.Client(base_url=story.client.base_url.copy_with(path="/"), follow_redirects=True) as client:
        yield client


def front(door: Door, **settings: object) -> TestClient:
    """The same council behind an application with other settings."""
    given = {"database_url": str(door.database.engine.url), "secret_key": SecretStr(SECRET), "sandbox": True}
    app = app_for(Settings.model_validate({**given, **settings}), door)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


# -- headers
ANSWERS = ("/", "/sign-in", "/nothing", "/static/start.js", "/static/nothing", "/api/v1/docs", "/api/v1/openapi.json",
           "/api/v1/me", "/api/v1/nothing")  # fmt: skip


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_tells_browsers_to_trust_nothing_else(browser: httpx.Client, path: str) -> None:
    headers = browser.get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", [path for path in ANSWERS if "/static" not in path])
def test_nothing_that_may_be_somebodys_is_kept_by_browsers_or_proxies(browser: httpx.Client, path: str) -> None:
    assert browser.get(path).headers["cache-control"] == "no-store"


def test_a_failure_leaves_by_the_same_doors(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    client = front(story.door)
    monkeypatch.setattr(story.door.database, "places_to_sign_in", lambda: 1 / 0)

    answer = client.get("/sign-in")

    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers


def test_over_https_browsers_are_told_to_stay_there(story: Story) -> None:
    secure = front(story.door, base_url="https://supervision.example").get("/sign-in")

    assert secure.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


def test_no_page_has_a_script_or_a_style_in_it(story: Story, browser: httpx.Client) -> None:
    become(browser, story, "wkr")
    pages = [browser.get(path).text for path in ("/", "/your-sign-ins", "/clock", "/nothing", "/api/v1/docs")]

    for page in pages:
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page) == []


def test_the_description_of_the_api_needs_nobody_elses_files(browser: httpx.Client) -> None:
    page = browser.get("/api/v1/docs").text

    assert "/api/v1/matters/{matter_id}/moves" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []


# -- names
@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "", "[::2]"])
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/me"])
def test_the_service_answers_under_its_own_names_alone(story: Story, host: str, path: str) -> None:
    answer = front(story.door).get(path, headers={"Host": host})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
    assert "SUPERVISION_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize(
    "host", ["localhost:8000", "LOCALHOST", "[::1]:8000", "supervision.example", "other.example:81"]
)
def test_those_are_its_address_this_machine_and_what_the_settings_name(story: Story, host: str) -> None:
    client = front(story.door, base_url="https://supervision.example", hosts="other.example, third.example")

    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_star_names_them_all(story: Story) -> None:
    assert front(story.door, hosts="*").get("/sign-in", headers={"Host": "10.1.2.3"}).status_code == 200


# -- bodies
def test_a_request_that_is_too_large_is_refused_whoever_reads_it(story: Story, browser: httpx.Client) -> None:
    become(browser, story, "wkr")
    body = b"x" * (16 * MIB + 1)

    assert browser.post("/sign-out", content=body, headers={"Content-Type": "text/plain"}).status_code in (403, 413)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-out", content=b"a=" + body, headers=form).status_code == 413
    problem(story.send("admin", "POST", "/people/import", {"Content-Type": "text/csv"}, content=body), 413, "too_large")


def test_it_is_refused_as_well_where_its_length_was_not_said(story: Story) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield b"x" * MIB

    answer = story.send("admin", "POST", "/people/import", {"Content-Type": "text/csv"}, content=pieces())

    problem(answer, 413, "too_large")


# -- forms from elsewhere
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_that_another_site_sends_signs_nobody_in(
    story: Story, browser: httpx.Client, headers: dict[str, str]
) -> None:
    form = {"organisation": story.organisation, "person": "wkr"}

    answer = browser.post("/sign-in", data=form, headers=headers)

    assert answer.status_code == 403
    assert "sent by another site" in answer.text
    assert not browser.cookies


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_forms_are_taken(story: Story, browser: httpx.Client, site: str) -> None:
    form = {"organisation": story.organisation, "person": "wkr"}
    here = str(browser.base_url).rstrip("/")

    assert browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": site}).url.path == "/"
    assert browser.post("/sign-in", data=form, headers={"Origin": here}).url.path == "/"


# -- limits
@contextmanager
def limited(story: Story, **limits: int) -> Iterator[TestClient]:
    with front(story.door, **limits) as client:
        yield client


def test_whoever_asks_too_often_is_told_when_to_go_on(story: Story) -> None:
    headers = {"Authorization": f"Bearer {story.token('wkr')}"}
    with limited(story, requests_per_minute=2) as client:
        answers = [client.get("/api/v1/me", headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "too_many"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_whoever_asks_with_a_token_that_is_good_for_something_else_is_counted_too(story: Story) -> None:
    wanted = {"name": "nightly list", "scopes": ["import"]}
    headers = {"Authorization": f"Bearer {ok(story.send('wkr', 'POST', '/tokens', json=wanted), 201)['token']}"}
    with limited(story, requests_per_minute=20) as client:
        answers = [client.get("/api/v1/me", headers=headers) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [403] * 20 + [429]


def test_on_a_page_as_well(story: Story) -> None:
    form = {"organisation": story.organisation, "person": "wkr"}
    with limited(story, requests_per_minute=2) as client:
        client.post("/sign-in", data=form)
        answers = [client.get("/") for _ in range(3)]

    assert answers[-1].status_code == 429
    assert "That is too often" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_tokens_that_nobody_has_and_attempts_to_sign_in_are_few_from_one_address(story: Story) -> None:
    good = {"Authorization": f"Bearer {story.token('wkr')}"}
    form = {"organisation": story.organisation, "person": "wkr"}
    with limited(story, attempts_per_minute=2) as client:
        guesses = [client.get("/api/v1/me", headers={"Authorization": f"Bearer guess-{n}"}) for n in range(3)]
        assert [answer.status_code for answer in guesses] == [401, 401, 429]
        assert client.post("/sign-in", data=form).status_code == 429

        assert client.get("/api/v1/me", headers=good).status_code == 200


GUESSES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("POST", "/api/v1/notices/bounces", {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,AA=="}),
    ("POST", "/api/v1/notices/bounces/notify", {"Authorization": "Bearer guessed"}),
    ("GET", "/metrics", {"Authorization": "Bearer guessed"}),
    ("GET", "/api/v1/calendar-feeds/guessed.ics", {}),
)


@pytest.mark.parametrize(("method", "path", "headers"), GUESSES, ids=lambda value: str(value)[:40])
def test_whoever_guesses_at_a_secret_is_slowed_down(
    story: Story, method: str, path: str, headers: dict[str, str]
) -> None:
    secrets = {
        "notices_callback_secret": CALLBACK_SECRET, "notify_callback_token": CALLBACK_TOKEN, "metrics_token": "w" * 32,
    }  # fmt: skip
    with front(story.door, attempts_per_minute=2, **secrets) as client:
        answers = [client.request(method, path, headers=headers, json={}) for _ in range(3)]

    assert [answer.status_code in (401, 404) for answer in answers[:2]] == [True, True]
    assert answers[-1].status_code == 429


def test_a_report_that_is_signed_is_no_guess(story: Story) -> None:
    with front(story.door, attempts_per_minute=1, notify_callback_token=CALLBACK_TOKEN) as client:
        headers = {"Authorization": f"Bearer {CALLBACK_TOKEN}"}
        sent = {"reference": None, "status": "delivered"}
        answers = [client.post("/api/v1/notices/bounces/notify", headers=headers, json=sent) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 204]


# -- signing out
def test_signing_out_empties_what_the_browser_has_kept(story: Story, browser: httpx.Client) -> None:
    become(browser, story, "wkr")
    page = browser.get("/").text
    [proof] = set(re.findall(r'name="proof" value="([0-9a-f]{64})"', page))

    answer = browser.post("/sign-out", data={"proof": proof}, follow_redirects=False)

    assert answer.headers["clear-site-data"] == '"cache", "storage"'


# -- what is written down of it
def test_what_is_refused_is_logged_with_its_route_and_where_it_came_from(story: Story) -> None:
    with structlog.testing.capture_logs() as logged:
        problem(story.send("wkr", "GET", "/incidents"), 403, "not_your_move")
        story.client.get("/me", headers={"Authorization": "Bearer sup_guessed"})

    seen = [(one["event"], one["route"], one["code"]) for one in logged if one["event"] == "request_refused"]
    assert seen == [
        ("request_refused", "GET /incidents", "not_your_move"), ("request_refused", "GET /me", "unknown_token")
    ]  # fmt: skip
    assert {one["address"] for one in logged if one["event"] == "request_refused"} == {"127.0.0.1"}
    assert "guessed" not in str(logged)


def test_nobody_fills_the_log_by_showing_nothing_or_by_going_on(story: Story) -> None:
    good, bad = (f"Bearer {text}" for text in (story.token("wkr"), "sup_guessed"))
    with (
        limited(story, requests_per_minute=1, attempts_per_minute=1) as client,
        structlog.testing.capture_logs() as logged,
    ):
        for authorization in ("", good, bad):
            for _ in range(4):
                client.get("/api/v1/me", headers={"Authorization": authorization})

    assert sorted((one["event"], one.get("by")) for one in logged) == [
        ("limit_reached", "address"), ("limit_reached", "token"), ("request_refused", None)
    ]  # fmt: skip


def test_a_form_from_elsewhere_is_logged_too_and_what_is_answered_is_not(story: Story, browser: httpx.Client) -> None:
    become(browser, story, "wkr")
    with structlog.testing.capture_logs() as logged:
        browser.post("/find", data={"person": "sup"}, headers={"Sec-Fetch-Site": "cross-site"})
        browser.get("/find")

    assert [(one["event"], one["route"], one["code"]) for one in logged] == [
        ("request_refused", "POST /find", "not_from_here")
    ]


def test_who_signs_in_and_out_is_logged_and_nothing_that_would_let_others_in(
    story: Story, browser: httpx.Client
) -> None:
    with structlog.testing.capture_logs() as logged:
        become(browser, story, "wkr")
        token = browser.cookies["supervision"]
        [proof] = set(re.findall(r'name="proof" value="([0-9a-f]{64})"', browser.get("/").text))
        browser.post("/sign-out", data={"proof": proof})

    assert [(one["event"], one["organisation"], one["person"]) for one in logged] == [
        ("signed_in", story.organisation, "wkr"), ("signed_out", story.organisation, "wkr")
    ]  # fmt: skip
    assert token not in str(logged)

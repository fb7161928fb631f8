"""Signing in at a council's own provider, which is a process that speaks OpenID Connect; the browser speaks HTTPS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit
from uuid import UUID

import httpx2
import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from msgspec import Struct
from msgspec.structs import replace
from pydantic import SecretStr
from sqlalchemy import select, update

from service.app import app_for
from service.engine.door import Door
from service.identity.providers import Provider, drop_provider, keep_provider
from service.identity.recognising import forget
from service.identity.scopes import hash_of
from service.identity.tokens import keep_token
from service.imports import IMPORTS
from service.organisations import create_organisation
from service.settings import Settings
from service.storage.council_tables import tokens
from service.storage.migrate import migrate
from service.storage.sign_in_tables import sign_in_bindings, sign_in_providers
from tests.fixtures.openid_provider import OpenIdProvider
from tests.fixtures.served import SECRET, door_to
from workflows.model import Actor

if TYPE_CHECKING:
    from structlog.typing import EventDict

BASE = "https://supervision.example"
COOKIE = "__Host-supervision"
CLIENT_SECRET = "known to the provider alone"  # noqa: S105 - invented
PEOPLE = """ref,name,email,job_role,supervisor_ref,start_date,end_date,sign_in_id
sup,Person sup,sup@council.example,team_manager,,2018-01-08,,subject-of-sup
wkr,Person wkr,Wkr@Council.example,social_worker,sup,2018-01-08,,
wkr2,Person wkr2,wkr2@council.example,social_worker,sup,2018-01-08,,subject-of-wkr2
gone,Person gone,gone@council.example,social_worker,sup,2018-01-08,2020-01-31,subject-of-gone
twin,Person twin,twins@council.example,social_worker,sup,2018-01-08,,
twin2,Person twin2,twins@council.example,social_worker,sup,2018-01-08,,
"""


class Council(Struct, frozen=True):
    """A council outside of any sandbox whose people sign in at the provider."""

    door: Door
    app: FastAPI
    id: UUID
    provider: OpenIdProvider

    def served_with(self, **settings: object) -> Council:
        """The same, where the service runs with other settings."""
        return replace(self, app=app_for(settings_for(self.door, **settings), self.door))

    def browser(self) -> Browser:
        """A browser that nobody has used yet."""
        return Browser(TestClient(self.app, base_url=BASE, follow_redirects=False), self)

    def has_provider(self, **changes: str | None) -> None:
        """Put another provider in the place of the one that there is."""
        given = {"issuer": self.provider.issuer, "client_id": "supervision", "client_secret": CLIENT_SECRET,
                 "person_claim": "sub", "domain": None, **changes}  # fmt: skip
        with self.door.database.write(self.id) as connection:
            sealer = self.door.work(connection, self.id).sealer
            keep_provider(connection, self.id, Provider(**given), sealer, datetime.now(UTC))  # type: ignore[arg-type]

    def bound(self) -> dict[str, str]:
        """Who was recognised by their address, as whom."""
        with self.door.database.read(self.id) as connection:
            rows = connection.execute(select(sign_in_bindings.c.person, sign_in_bindings.c.identity))
            return {row.person: row.identity for row in rows}


class Browser(Struct, frozen=True):
    """A browser with cookies of its own."""

    client: TestClient
    council: Council

    def leave(self, back: str = "/") -> str:
        """Go to the council's provider; the address there."""
        query = urlencode({"organisation": str(self.council.id), "back": back})
        answer = self.client.get(f"/sign-in/with-council?{query}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def come_back(self, address: str) -> httpx2.Response:
        """Follow the provider back."""
        assert address.startswith(f"{BASE}/signed-in?")
        return self.client.get(address)

    def sign_in(self, subject: str, back: str = "/") -> httpx2.Response:
        """All of it."""
        return self.come_back(self.council.provider.sign_in(self.leave(back), subject))

    @property
    def token(self) -> str | None:
        """The token that its cookie carries."""
        return self.client.cookies.get(COOKIE)

    def is_in(self) -> bool:
        """Whether somebody is signed in."""
        return self.client.get("/").status_code == 200


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    url = f"sqlite:///{tmp_path_factory.mktemp('signing-in')}/supervision.sqlite3"
    migrate(settings_on(url))
    with door_to(url) as found:
        yield found


def settings_for(door: Door, **more: object) -> Settings:
    return settings_on(door.database.engine.url.render_as_string(hide_password=False), **more)


def settings_on(url: str, **more: object) -> Settings:
    given = {"database_url": url, "secret_key": SECRET, "sandbox": False, "base_url": BASE, "sign_in_private": True}
    return Settings.model_validate({**given, **more})


@pytest.fixture(scope="module")
def app(door: Door) -> FastAPI:
    return app_for(settings_for(door), door)


@pytest.fixture
def council(door: Door, app: FastAPI, openid_provider: OpenIdProvider) -> Council:
    now = door.database.now()
    made = create_organisation(
        door.database, door.vault, name="Exampleshire", policy_id="leeds", live_from=now.date(), admin_ref="admin",
        sandbox_now=None, now=now,
    )  # fmt: skip
    door.run(made.organisation_id, lambda w: IMPORTS["people"](w, PEOPLE.encode(), Actor("admin"), dry_run=False))
    found = Council(door, app, made.organisation_id, openid_provider)
    found.has_provider()
    for subject in ("subject-of-sup", "subject-of-wkr2", "subject-of-gone"):
        openid_provider.knows(subject)
    return found


@pytest.fixture
def browser(council: Council) -> Browser:
    return council.browser()


def changed(address: str, **changes: str) -> str:
    """An address with other values in its query."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode({**query, **changes})))


def refused(answer: httpx2.Response, browser: Browser, says: str = "does not lead to anybody who works here") -> None:
    """Nobody was signed in, and the page says no more than this."""
    assert answer.status_code == 403
    assert says in answer.text
    assert browser.token is None
    assert not browser.is_in()


# -- the way there and back
def test_somebody_whom_the_list_names_signs_in_and_goes_on_where_they_wanted_to(browser: Browser) -> None:
    answer = browser.sign_in("subject-of-sup", back="/?cursor=x")

    assert (answer.status_code, answer.headers["location"]) == (303, "/?cursor=x")
    assert "Person sup" in browser.client.get("/").text


def test_the_browser_is_sent_with_everything_that_ties_the_answer_to_it(browser: Browser) -> None:
    sent = {name: values[0] for name, values in parse_qs(urlsplit(browser.leave()).query).items()}

    assert sent["response_type"] == "code"
    assert sent["code_challenge_method"] == "S256"
    assert sent["redirect_uri"] == f"{BASE}/signed-in"
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_the_cookie_is_the_hosts_own_and_no_script_reads_it(browser: Browser) -> None:
    set_cookie = browser.sign_in("subject-of-sup").headers.get_list("set-cookie")

    [ours] = [cookie for cookie in set_cookie if cookie.startswith(f"{COOKIE}=")]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(re.split("; ", ours))
    assert "Domain" not in ours


def test_whoever_denies_it_at_the_provider_is_not_signed_in(browser: Browser, council: Council) -> None:
    refused(browser.come_back(council.provider.deny(browser.leave())), browser, "You were not signed in")


def test_a_code_that_was_used_already_signs_nobody_in(browser: Browser, council: Council) -> None:
    there = browser.leave()
    remembered = dict(browser.client.cookies)
    back = council.provider.sign_in(there, "subject-of-sup")
    browser.come_back(back)
    browser.client.cookies = httpx2.Cookies(remembered)

    refused(browser.come_back(back), browser)


def test_the_way_back_is_good_only_in_the_browser_that_left(browser: Browser, council: Council) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")
    another = council.browser()

    refused(another.come_back(back), another, "began in another window")


def test_another_state_than_that_of_this_browser_signs_nobody_in(browser: Browser, council: Council) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")

    refused(browser.come_back(changed(back, state="x" * 43)), browser, "began in another window")


def test_a_remembered_attempt_that_was_changed_is_none(browser: Browser, council: Council) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")
    kept = browser.client.cookies[f"{COOKIE}-sign-in"]
    browser.client.cookies = httpx2.Cookies({f"{COOKIE}-sign-in": f"x{kept}"})

    refused(browser.come_back(back), browser, "began in another window")


def test_what_the_provider_says_about_another_attempt_signs_nobody_in(browser: Browser, council: Council) -> None:
    there = changed(browser.leave(), nonce="that of somebody else")

    refused(browser.come_back(council.provider.sign_in(there, "subject-of-sup")), browser)


def test_a_token_of_another_issuer_signs_nobody_in(browser: Browser, council: Council) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")

    with council.provider.pretending("elsewhere.example"):
        refused(browser.come_back(back), browser)


@pytest.mark.parametrize("way", ["unsigned", "tampered", "symmetric"])
def test_a_token_that_the_providers_key_has_not_signed_signs_nobody_in(
    browser: Browser, council: Council, way: str
) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")

    with council.provider.forging(way):
        refused(browser.come_back(back), browser)


def test_coming_back_from_another_issuer_signs_nobody_in(browser: Browser, council: Council) -> None:
    back = council.provider.sign_in(browser.leave(), "subject-of-sup")

    refused(browser.come_back(changed(back, iss="https://elsewhere.example")), browser)


def test_a_provider_that_calls_itself_by_another_issuer_is_not_spoken_to(browser: Browser, council: Council) -> None:
    council.has_provider(issuer=council.provider.issuer.replace("localhost", "127.0.0.1") + "/")

    answer = browser.client.get(f"/sign-in/with-council?organisation={council.id}")

    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_provider_that_is_away_is_said_to_be(browser: Browser, council: Council) -> None:
    council.has_provider(issuer="http://localhost:9")

    assert browser.client.get(f"/sign-in/with-council?organisation={council.id}").status_code == 503


def test_without_the_setting_no_provider_in_a_private_network_is_spoken_to(council: Council) -> None:
    careful = council.served_with(sign_in_private=False).browser()

    assert careful.client.get(f"/sign-in/with-council?organisation={council.id}").status_code == 503


def test_people_of_another_domain_of_the_same_issuer_stay_out(browser: Browser, council: Council) -> None:
    council.has_provider(domain="council.example")
    council.provider.knows("subject-of-sup", hd="elsewhere.example")
    refused(browser.sign_in("subject-of-sup"), browser)

    council.provider.knows("subject-of-sup", hd="council.example")
    assert browser.sign_in("subject-of-sup").status_code == 303


def test_the_claim_that_names_people_can_be_another_one(browser: Browser, council: Council) -> None:
    council.has_provider(person_claim="oid")
    council.provider.knows("somebody", oid="subject-of-sup")

    assert browser.sign_in("somebody").status_code == 303
    assert "Person sup" in browser.client.get("/").text


# -- whom an identity belongs to
def test_an_unknown_identity_is_nobody(browser: Browser, council: Council) -> None:
    council.provider.knows("a stranger", email="stranger@elsewhere.example", email_verified=True)

    refused(browser.sign_in("a stranger"), browser)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_the_provider_has_not_verified_is_nobodys(
    browser: Browser, council: Council, verified: object
) -> None:
    council.provider.knows("pretender", email="wkr@council.example", email_verified=verified)

    refused(browser.sign_in("pretender"), browser)
    assert "pretender" not in council.bound().values()


def test_a_verified_address_is_taken_for_its_person_and_remembered(browser: Browser, council: Council) -> None:
    council.provider.knows("worker", email="wkr@council.example", email_verified=True)
    assert browser.sign_in("worker").status_code == 303
    assert council.bound() == {"wkr": "worker"}

    council.provider.knows("worker", email="renamed@council.example", email_verified=False)
    assert council.browser().sign_in("worker").status_code == 303


def test_an_address_never_gives_somebody_to_another_identity(browser: Browser, council: Council) -> None:
    council.provider.knows("the first", email="wkr@council.example", email_verified=True)
    council.provider.knows("the second", email="wkr@council.example", email_verified=True)
    browser.sign_in("the first")

    another = council.browser()
    refused(another.sign_in("the second"), another)
    assert council.bound() == {"wkr": "the first"}


def test_somebody_who_is_forgotten_is_recognised_anew(browser: Browser, council: Council) -> None:
    for subject in ("old account", "new account"):
        council.provider.knows(subject, email="wkr@council.example", email_verified=True)
    browser.sign_in("old account")

    with council.door.database.write(council.id) as connection:
        assert forget(connection, council.id, "wkr")

    assert council.browser().sign_in("new account").status_code == 303
    assert council.bound() == {"wkr": "new account"}


def test_whoever_the_list_gives_an_identity_is_not_recognised_by_an_address(browser: Browser, council: Council) -> None:
    council.provider.knows("another", email="wkr2@council.example", email_verified=True)

    refused(browser.sign_in("another"), browser)


def test_the_list_goes_before_what_an_address_was_taken_for(browser: Browser, council: Council) -> None:
    council.provider.knows("worker", email="wkr@council.example", email_verified=True)
    browser.sign_in("worker")
    named = PEOPLE.replace("social_worker,sup,2018-01-08,,\nwkr2", "social_worker,sup,2018-01-08,,from the list\nwkr2")
    council.door.run(council.id, lambda w: IMPORTS["people"](w, named.encode(), Actor("admin"), dry_run=False))

    another = council.browser()
    refused(another.sign_in("worker"), another)


def test_an_address_of_two_people_is_neithers(browser: Browser, council: Council) -> None:
    council.provider.knows("a twin", email="twins@council.example", email_verified=True)

    refused(browser.sign_in("a twin"), browser)


def test_whoever_has_left_does_not_sign_in(browser: Browser) -> None:
    refused(browser.sign_in("subject-of-gone"), browser)


def test_all_refusals_read_the_same_and_the_log_tells_them_apart(council: Council) -> None:
    council.provider.knows("a stranger")
    with structlog.testing.capture_logs() as logs:
        texts = {council.browser().sign_in(subject).text for subject in ("a stranger", "subject-of-gone")}

    assert len(texts) == 1
    refused_for = [log["reason"] for log in logs if log["event"] == "sign_in_refused"]
    assert refused_for == ["unknown, and no verified address", "left"]
    assert "stranger" not in told(logs)


def told(logs: list[EventDict]) -> str:
    return json.dumps(logs, default=str)


# -- which council
def test_where_several_councils_share_the_address_the_council_is_chosen_first(
    browser: Browser, council: Council
) -> None:
    page = browser.client.get("/sign-in").text

    assert f"/sign-in/with-council?organisation={council.id}" in page
    assert "Choose a council" in page or "You sign in at your council" in page


def test_an_identity_of_one_council_is_nobody_at_another(council: Council) -> None:
    now = council.door.database.now()
    other = create_organisation(
        council.door.database, council.door.vault, name="Otherton", policy_id="leeds", live_from=now.date(),
        admin_ref="admin", sandbox_now=None, now=now,
    )  # fmt: skip
    there = replace(council, id=other.organisation_id)
    there.has_provider()

    stranger = there.browser()
    refused(stranger.sign_in("subject-of-sup"), stranger)


def test_a_council_without_a_provider_has_no_sign_in(browser: Browser, council: Council) -> None:
    with council.door.database.write(council.id) as connection:
        assert drop_provider(connection, council.id)

    assert browser.client.get(f"/sign-in/with-council?organisation={council.id}").status_code == 404


def test_outside_a_sandbox_nobody_is_anybody(browser: Browser, council: Council) -> None:
    form = {"organisation": str(council.id), "person": "sup"}

    assert browser.client.post("/sign-in", data=form).status_code == 404
    assert "Person sup" not in browser.client.get(f"/sign-in?organisation={council.id}").text


def test_the_secret_is_kept_sealed_or_comes_from_the_environment(council: Council) -> None:
    with council.door.database.read(council.id) as connection:
        [row] = connection.execute(select(sign_in_providers).where(sign_in_providers.c.organisation_id == council.id))
    assert CLIENT_SECRET.encode() not in row.client_secret

    council.has_provider(client_secret=None)
    secrets = {council.id: SecretStr(CLIENT_SECRET)}
    assert council.served_with(sign_in_secrets=secrets).browser().sign_in("subject-of-sup").status_code == 303


# -- visits
def proof_on(page: httpx2.Response) -> str:
    found: list[str] = re.findall(r'name="proof" value="(\w+)"', page.text)
    return found[0]


def test_signing_in_again_gives_another_token_and_the_old_one_is_of_no_use(browser: Browser) -> None:
    browser.sign_in("subject-of-sup")
    first = dict(browser.client.cookies)
    browser.sign_in("subject-of-sup")
    second = browser.token

    browser.client.cookies = httpx2.Cookies(first)
    assert browser.token != second
    assert not browser.is_in()


def test_signing_out_everywhere_ends_the_visits_of_all_browsers(browser: Browser, council: Council) -> None:
    another = council.browser()
    for one in (browser, another):
        one.sign_in("subject-of-sup")
    page = browser.client.get("/your-sign-ins")
    assert page.text.count("Sign out") >= 2

    browser.client.post("/sign-out", data={"proof": proof_on(page), "everywhere": "yes"})

    assert not browser.is_in()
    assert not another.is_in()


def test_signing_out_leaves_other_browsers_signed_in(browser: Browser, council: Council) -> None:
    another = council.browser()
    for one in (browser, another):
        one.sign_in("subject-of-sup")

    browser.client.post("/sign-out", data={"proof": proof_on(browser.client.get("/"))})

    assert not browser.is_in()
    assert another.is_in()


def test_one_browser_signs_another_one_out(browser: Browser, council: Council) -> None:
    another = council.browser()
    for one in (browser, another):
        one.sign_in("subject-of-sup")
    page = browser.client.get("/your-sign-ins")
    [other] = re.findall(r'name="id" value="([0-9a-f-]+)"', page.text)

    browser.client.post("/your-sign-ins", data={"proof": proof_on(page), "id": other})

    assert browser.is_in()
    assert not another.is_in()


def test_a_visit_ends_when_it_is_not_used_and_lasts_no_longer_than_the_longest(
    browser: Browser, council: Council
) -> None:
    browser.sign_in("subject-of-sup")
    assert browser.is_in()
    own = tokens.c.hash == hash_of(browser.token or "")
    with council.door.database.write(council.id) as connection:
        moment = council.door.database.moment(connection)
        row = connection.execute(select(tokens).where(own)).one()
        assert row.last_used_at is not None
        assert abs((row.expires_at - moment).total_seconds() - 60 * 60) < 60
        assert abs((row.ends_at - moment).total_seconds() - 12 * 60 * 60) < 60
        connection.execute(update(tokens).where(own).values(expires_at=moment))

    assert not browser.is_in()


def test_the_token_of_a_browser_opens_no_api_and_one_of_the_api_no_pages(browser: Browser, council: Council) -> None:
    browser.sign_in("subject-of-sup")
    answer = browser.client.get("/api/v1/me", headers={"Authorization": f"Bearer {browser.token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")

    with council.door.database.write(council.id) as connection:
        now = council.door.database.moment(connection)
        ours = keep_token(connection, council.id, "sup", "of a machine", ["all"], now, expires_at=None)
    browser.client.cookies = httpx2.Cookies({COOKIE: ours})
    assert not browser.is_in()


# -- showing anew who one is
def shown_long_ago(council: Council, browser: Browser, at: datetime | None = datetime(2025, 3, 3, tzinfo=UTC)) -> None:
    """Let it be long ago, or unknown, when the browser's owner showed who they are."""
    with council.door.database.write(council.id) as connection:
        own = tokens.c.hash == hash_of(browser.token or "")
        connection.execute(update(tokens).where(own).values(authenticated_at=at))


@pytest.mark.parametrize("at", [datetime(2025, 3, 3, tzinfo=UTC), None], ids=["long ago", "nobody knows when"])
def test_whoever_signed_in_long_ago_ends_no_other_visit_before_they_sign_in_anew(
    browser: Browser, council: Council, at: datetime | None
) -> None:
    another = council.browser()
    for one in (browser, another):
        one.sign_in("subject-of-sup")
    page = browser.client.get("/your-sign-ins")
    [other] = re.findall(r'name="id" value="([0-9a-f-]+)"', page.text)
    shown_long_ago(council, browser, at)

    for path, form in (("/your-sign-ins", {"id": other}), ("/sign-out", {"everywhere": "yes"})):
        answer = browser.client.post(path, data={"proof": proof_on(page), **form})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/sign-in/with-council?organisation={council.id}&")
    assert another.is_in()

    there = browser.client.get(answer.headers["location"]).headers["location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    back = browser.come_back(council.provider.sign_in(there, "subject-of-sup"))
    assert (back.status_code, back.headers["location"]) == (303, "/your-sign-ins")
    browser.client.post("/your-sign-ins", data={"proof": proof_on(browser.client.get("/your-sign-ins")), "id": other})
    assert not another.is_in()


def test_signing_out_of_the_browser_at_hand_asks_for_nothing(browser: Browser, council: Council) -> None:
    browser.sign_in("subject-of-sup")
    shown_long_ago(council, browser)

    browser.client.post("/sign-out", data={"proof": proof_on(browser.client.get("/"))})

    assert not browser.is_in()

"""The commands that say where a council's people sign in, and those for tokens."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from service.calendar_feeds.feeds import made_at, renew_feed
from tests.fixtures.openid_provider import OpenIdProvider
from tests.fixtures.served import door_to
from tests.integration.terminal import PEOPLE, TOKEN, Terminal

ISSUER = "https://login.microsoftonline.com/common/v2.0"
SECRET = "a client secret that is not shown"  # noqa: S105 - invented


@pytest.fixture
def terminal(terminal: Terminal) -> Terminal:
    """One from which providers on this machine can be reached."""
    more = {"SUPERVISION_SIGN_IN_PRIVATE": "1", "SUPERVISION_BASE_URL": "https://supervision.example"}
    return replace(terminal, environment=terminal.environment | more)


# -- organisation sign-in
def test_a_provider_is_asked_who_it_is_and_kept(terminal: Terminal, openid_provider: OpenIdProvider) -> None:
    own, _ = terminal.council()
    secret = terminal.file("secret", f"{SECRET}\n")

    said = terminal.run(
        "organisation", "sign-in", "set", own, "--issuer", openid_provider.issuer, "--client-id", "us",
        "--client-secret-file", secret, "--acr", "two factors",
    )  # fmt: skip
    assert said.exit_code == 0, said.output

    shown = json.loads(terminal.run("organisation", "sign-in", "show", own).output)
    assert shown == {
        "issuer": openid_provider.issuer, "client_id": "us", "has_secret": True, "person_claim": "sub", "domain": None,
        "acr": "two factors", "come_back_to": "https://supervision.example/signed-in", "answers": "yes",
    }  # fmt: skip
    assert SECRET.encode() not in terminal.database.read_bytes()


@pytest.mark.parametrize(
    ("issuer", "why"),
    [
        (ISSUER, "Name the council's own tenant"),
        ("https://accounts.google.com", "name the council's domain"),
        ("http://localhost:9", "ConnectError"),
    ],
)
def test_one_that_does_not_fit_changes_nothing(terminal: Terminal, issuer: str, why: str) -> None:
    own, _ = terminal.council()

    said = terminal.run("organisation", "sign-in", "set", own, "--issuer", issuer, "--client-id", "us")

    assert said.exit_code == 1
    assert "Nothing was changed" in said.output
    assert why in said.output
    assert "Nobody of this council can sign in" in terminal.run("organisation", "sign-in", "show", own).output


def test_a_provider_is_removed(terminal: Terminal, openid_provider: OpenIdProvider) -> None:
    own, _ = terminal.council()
    terminal.run("organisation", "sign-in", "set", own, "--issuer", openid_provider.issuer, "--client-id", "us")

    assert terminal.run("organisation", "sign-in", "remove", own).exit_code == 0
    assert terminal.run("organisation", "sign-in", "remove", own).exit_code == 1


def test_nobody_is_forgotten_who_was_never_recognised(terminal: Terminal) -> None:
    own, _ = terminal.council()

    said = terminal.run("organisation", "sign-in", "forget", own, "--person", "admin")

    assert said.exit_code == 1
    assert "was ever recognised" in said.output


def test_in_a_sandbox_nobody_signs_in_at_a_provider(terminal: Terminal) -> None:
    sandbox = replace(terminal, environment=terminal.environment | {"SUPERVISION_SANDBOX": "1"})

    said = sandbox.run("organisation", "sign-in", "show", "00000000-0000-0000-0000-000000000000")

    assert said.exit_code == 1
    assert "anybody may be anybody" in said.output


# -- token
def test_a_token_is_made_listed_and_ended(terminal: Terminal) -> None:
    own, _ = terminal.council()
    terminal.run("import", "people", terminal.file("people.csv", PEOPLE), "--organisation", own)

    made = terminal.run(
        "token", "create", "--organisation", own, "--person", "p1", "--name", "nightly feed", "--scope", "import",
        "--scope", "read", "--days", "30",
    )  # fmt: skip
    assert TOKEN.search(made.output), made.output

    listed = terminal.run("token", "list", "--organisation", own, "--person", "p1").output
    assert "import,read" in listed
    assert "nightly feed" in listed
    assert not TOKEN.search(listed)
    [own_id] = re.findall(r"^[0-9a-f-]{36}", listed, re.MULTILINE)

    assert terminal.run("token", "revoke", "--organisation", own, "--id", own_id).exit_code == 0
    assert terminal.run("token", "revoke", "--organisation", own, "--id", own_id).exit_code == 1
    assert terminal.run("token", "list", "--organisation", own, "--person", "p1").output == ""


def test_a_person_is_signed_out_of_all_browsers(terminal: Terminal) -> None:
    own, _ = terminal.council()

    assert terminal.run("token", "revoke", "--organisation", own, "--browsers-of", "admin").exit_code == 0


def test_their_calendar_feed_is_stopped_with_it(terminal: Terminal) -> None:
    own, _ = terminal.council()
    with door_to(f"sqlite:///{terminal.database}") as door:
        with door.database.write(UUID(own)) as connection:
            renew_feed(connection, UUID(own), "admin", datetime(2025, 3, 3, tzinfo=UTC))

        terminal.run("token", "revoke", "--organisation", own, "--browsers-of", "admin")

        with door.database.read(UUID(own)) as connection:
            assert made_at(connection, UUID(own), "admin") is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("create", "--person", "admin", "--name", "x", "--scope", "browser"), "There is no scope browser"),
        (("create", "--person", "nobody", "--name", "x", "--scope", "read"), "Nobody on the council's list"),
        (("revoke",), "Name a token with --id, or a person"),
    ],
)
def test_what_cannot_be_is_said(terminal: Terminal, words: tuple[str, ...], why: str) -> None:
    own, _ = terminal.council()

    said = terminal.run("token", words[0], "--organisation", own, *words[1:])

    assert said.exit_code == 1
    assert why in said.output

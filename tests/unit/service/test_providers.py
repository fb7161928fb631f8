"""An issuer is one council's own, is spoken to in secret, and names people by a claim that can be known beforehand."""

from __future__ import annotations

import pytest

from service.identity.providers import IssuerError, Provider, check_issuer, usual_claim
from service.identity.visits import browser_in_words

TENANT = "8f7c9b1e-0b1d-4a59-9d0e-1f6c3f4f2a10"


@pytest.mark.parametrize(
    ("issuer", "domain"),
    [
        (f"https://login.microsoftonline.com/{TENANT}/v2.0", None),
        (f"https://sts.windows.net/{TENANT}/", None),
        ("https://accounts.google.com", "council.example"),
        ("https://keycloak.council.example/realms/staff", None),
    ],
)
def test_a_councils_own_issuer_is_taken(issuer: str, domain: str | None) -> None:
    check_issuer(issuer, domain, private=False)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/consumers/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        "https://login.microsoftonline.com/{tenantid}/v2.0",
        "https://LOGIN.microsoftonline.com/common/v2.0",
        "https://accounts.google.com",
        "https://accounts.google.com/",
    ],
)
def test_one_that_lets_in_people_from_everywhere_is_refused(issuer: str) -> None:
    with pytest.raises(IssuerError):
        check_issuer(issuer, None, private=True)


@pytest.mark.parametrize(
    "issuer",
    ["http://keycloak.council.example/realms/staff", "keycloak", "https://", "https://a@b.example", "https://b/?x=1"],
)
def test_one_that_is_no_https_address_is_refused(issuer: str) -> None:
    with pytest.raises(IssuerError):
        check_issuer(issuer, None, private=True)


def test_plain_http_is_for_this_machine_alone_and_only_where_it_is_said() -> None:
    check_issuer("http://localhost:8080/realms/staff", None, private=True)
    with pytest.raises(IssuerError):
        check_issuer("http://localhost:8080/realms/staff", None, private=False)


def test_entra_names_people_by_their_object_id() -> None:
    assert usual_claim(f"https://login.microsoftonline.com/{TENANT}/v2.0") == "oid"
    assert usual_claim("https://accounts.google.com") == "sub"


def test_a_provider_never_shows_its_secret() -> None:
    assert "hush" not in repr(Provider("https://p.example", "us", "hush", "sub", None))


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words

"""What a provider says of somebody counts in its time, for this service and this attempt, and signed with its key."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from msgspec.structs import replace

from service.identity.openid import Attempt, Identity, NotShownError, OpenId
from service.identity.providers import Provider

ISSUER = "https://id.council.example"
PROVIDER = Provider(ISSUER, "supervision", "its secret", "sub", None)
ATTEMPT = Attempt("a council", "state", "nonce", "verifier", "/")
KEY, OTHER_KEY = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("own", "other"))
HOUR = 3_600
_TIMES = ("iat", "exp", "nbf")


class FakeProvider(httpx2.BaseTransport):
    """A provider whose ID tokens say what they are told to, times in seconds from now, and nothing of what is None."""

    def __init__(self, key: ECKey, **claims: Any) -> None:
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": "supervision", "sub": "sup", "nonce": "nonce", "iat": 0, "exp": HOUR}
        said = {
            name: now + value if name in _TIMES else value
            for name, value in {**usual, **claims}.items()
            if value is not None
        }
        self._token = jwt.encode({"alg": "ES256", "kid": key.kid}, said, key, algorithms=["ES256"])

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer as a provider does."""
        answers: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/ask", "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys", "id_token_signing_alg_values_supported": ["ES256"],
            },
            "/keys": {"keys": [KEY.as_dict(private=False)]},
            "/token": {"access_token": "opaque", "token_type": "Bearer", "id_token": self._token},
        }  # fmt: skip
        content = json.dumps(answers[request.url.path]).encode()
        return httpx2.Response(200, headers={"Content-Type": "application/json"}, content=content)


class Asking(OpenId):
    """Speaks with a fake."""

    def __init__(self, provider: FakeProvider) -> None:
        super().__init__("https://supervision.example/signed-in", private=False)
        self._fake = provider

    def _manners(self) -> dict[str, Any]:
        return {"transport": self._fake}


def identified(key: ECKey = KEY, **claims: Any) -> Identity:
    return Asking(FakeProvider(key, **claims)).identity(PROVIDER, ATTEMPT, "code")


def test_what_is_right_in_everything_is_taken() -> None:
    assert identified(email="sup@council.example", email_verified=True) == Identity(
        ISSUER, "sup", "sup@council.example"
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": -HOUR}, {"exp": None}, {"iat": HOUR},
        {"nbf": HOUR}, {"aud": "another-service"}, {"aud": ["another-service"]}, {"aud": None},
        {"iss": "https://elsewhere.example"}, {"nonce": "another"}, {"nonce": None}, {"sub": ""},
        {"aud": ["supervision", "another-service"], "azp": "another-service"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_in_one_thing_is_not(claims: dict[str, Any]) -> None:
    with pytest.raises(NotShownError):
        identified(**claims)


def test_another_key_than_the_providers_has_signed_nothing() -> None:
    with pytest.raises(NotShownError):
        identified(OTHER_KEY)


# -- when they showed who they are
NOW = int(time.time())


def shown_at(attempt: Attempt, **claims: Any) -> float | None:
    found = Asking(FakeProvider(KEY, **claims)).identity(PROVIDER, attempt, "code").authenticated_at
    return None if found is None else found.timestamp()


def test_it_is_known_when_somebody_showed_who_they_are_where_the_provider_says_so() -> None:
    assert shown_at(ATTEMPT, auth_time=NOW - HOUR) == NOW - HOUR
    assert shown_at(ATTEMPT) is None


def test_nobody_shows_in_the_future_who_they_are() -> None:
    assert (shown_at(ATTEMPT, auth_time=NOW + HOUR) or 0) <= time.time()


def test_whoever_is_to_sign_in_anew_and_did_not_has_not_shown_who_they_are() -> None:
    with pytest.raises(NotShownError, match="anew"):
        shown_at(replace(ATTEMPT, since=NOW), auth_time=NOW - HOUR)


def test_a_provider_that_says_nothing_of_it_is_believed_to_have_asked_anew() -> None:
    assert NOW <= (shown_at(replace(ATTEMPT, since=NOW)) or 0) <= time.time()


# -- how strongly
STRICT = Provider(ISSUER, "supervision", "its secret", "sub", None, "two factors")


def test_whoever_is_to_sign_in_strongly_is_asked_for_it_and_held_to_it() -> None:
    open_id = Asking(FakeProvider(KEY, acr="two factors"))

    assert "acr_values=two+factors" in open_id.way_there(STRICT, ATTEMPT)
    assert open_id.identity(STRICT, ATTEMPT, "code").id == "sup"


@pytest.mark.parametrize("acr", ["a password", None, ["two factors"]])
def test_whoever_signed_in_otherwise_stays_out(acr: object) -> None:
    with pytest.raises(NotShownError, match="strongly"):
        Asking(FakeProvider(KEY, acr=acr)).identity(STRICT, ATTEMPT, "code")

"""OpenID Connect: sending a browser to an organisation's provider, and learning there who came back.

The code flow with PKCE, state and nonce. Everything that a provider says is held against the issuer that the
organisation was set up with.
"""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from msgspec import Struct

from service.identity.outgoing import PinnedTransport
from service.identity.providers import Provider
from service.settings import Settings
from service.webhooks.addresses import AddressRefusedError

#: Where providers send people back to; it is what is registered with them.
BACK = "/signed-in"
#: Ways of signing that only the provider's own key can have made.
_SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
_SCOPES = "openid email"
#: Seconds to wait for a provider; its description and keys are read again after an hour.
_PATIENCE, _KEPT_FOR = 10.0, 3_600.0
#: Seconds that the provider's clock may be wrong.
_LEEWAY = 60
_RANDOM = 32


class ProviderAwayError(Exception):
    """The provider cannot be reached, or does not answer as one."""


class NotShownError(Exception):
    """Whoever came back has not shown who they are: `reason` says why, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Attempt(Struct, frozen=True):
    """What a browser remembers between leaving for the provider and coming back."""

    organisation: str
    state: str
    nonce: str
    verifier: str
    back: str
    #: Where somebody is to show anew who they are: the second from which on that counts.
    since: int | None = None

    @classmethod
    def new(cls, organisation: str, back: str, since: int | None = None) -> Attempt:
        """One that nobody can guess; `back` is the page to go on with."""
        state, nonce, verifier = (secrets.token_urlsafe(_RANDOM) for _ in range(3))
        return cls(organisation, state, nonce, verifier, back, since)


class Identity(Struct, frozen=True):
    """Who somebody is to a provider, and their e-mail address where it asserts that it has verified it.

    `authenticated_at` is when they showed it who they are, where it says so or was to ask them anew.
    """

    issuer: str
    id: str
    email: str | None
    authenticated_at: datetime | None = None


class _Known(NamedTuple):
    at: float
    value: Any


class OpenId:
    """Speaks with providers. What they say of themselves is remembered for an hour."""

    def __init__(self, redirect_uri: str, *, private: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.redirect_uri, self._private, self._clock = redirect_uri, private, clock
        self._kept: dict[str, _Known] = {}
        #: The machine's own certificates, so that a council's provider may have one of the council's.
        self._tls = ssl.create_default_context()

    @classmethod
    def of(cls, settings: Settings) -> OpenId:
        """What speaks with providers in a process with these settings."""
        return cls(f"{settings.base_url}{BACK}", private=settings.sign_in_private)

    def way_there(self, provider: Provider, attempt: Attempt) -> str:
        """The address at the provider to send a browser to. Raises ProviderAwayError."""
        about = self.described(provider)
        more = {} if provider.domain is None else {"hd": provider.domain}
        more |= {} if provider.acr is None else {"acr_values": provider.acr}
        more |= {"prompt": "select_account"} if attempt.since is None else {"prompt": "login", "max_age": "0"}
        with self._client(provider, about) as client:
            address, _ = client.create_authorization_url(
                about["authorization_endpoint"], state=attempt.state, nonce=attempt.nonce,
                code_verifier=attempt.verifier, **more,
            )  # fmt: skip
        return str(address)

    def identity(self, provider: Provider, attempt: Attempt, code: str) -> Identity:
        """Who came back with this code. Raises NotShownError and ProviderAwayError."""
        about = self.described(provider)
        try:
            with self._client(provider, about) as client:
                answer = client.fetch_token(about["token_endpoint"], code=code, code_verifier=attempt.verifier)
            claims = self._claims(provider, about, answer, attempt.nonce)
            return _identity(provider, claims, _authenticated_at(attempt, claims))
        except AuthlibBaseError as error:
            raise NotShownError(error.error or "refused") from None
        except JoseError as error:
            raise NotShownError(f"{error.error} {getattr(error, 'claim', '')}".strip()) from None
        except (httpx2.HTTPError, AddressRefusedError, OSError, ValueError, KeyError) as error:
            raise ProviderAwayError(type(error).__name__) from error

    def described(self, provider: Provider) -> Mapping[str, Any]:
        """What the provider says of itself, under the issuer that it was set up with. Raises ProviderAwayError."""
        address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        found: Mapping[str, Any] = self._read(address)
        if found.get("issuer") != provider.issuer:
            raise ProviderAwayError("it calls itself by another issuer")
        return found

    def _claims(self, provider: Provider, about: Mapping[str, Any], answer: Any, nonce: str) -> CodeIDToken:  # noqa: ANN401 - as the library has it
        """What the provider's own key says of somebody, to us and about this attempt."""
        signed_by = _SIGNED_BY & set(about.get("id_token_signing_alg_values_supported", ["RS256"]))
        registry = JWSRegistry(algorithms=sorted(signed_by), strict_check_header=False)
        keys = about["jwks_uri"]
        try:
            found = jwt.decode(answer["id_token"], KeySet.import_key_set(self._read(keys)), registry=registry)
        except InvalidKeyIdError:
            fresh = KeySet.import_key_set(self._read(keys, fresh=True))
            found = jwt.decode(answer["id_token"], fresh, registry=registry)
        must = {"iss": provider.issuer, "aud": provider.client_id}
        options = {name: {"essential": True, "value": value} for name, value in must.items()}
        ours = {"nonce": nonce, "client_id": provider.client_id, "access_token": answer.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, options, ours)
        claims.validate(leeway=_LEEWAY)
        return claims

    def _read(self, address: str, *, fresh: bool = False) -> Any:  # noqa: ANN401 - JSON
        known = self._kept.get(address)
        if known is None or fresh or self._clock() - known.at > _KEPT_FOR:
            try:
                with httpx2.Client(**self._manners()) as client:
                    value = client.get(address).raise_for_status().json()
            except (httpx2.HTTPError, AddressRefusedError, OSError, ValueError) as error:
                raise ProviderAwayError(type(error).__name__) from error
            if not isinstance(value, dict):
                raise ProviderAwayError("it answers no JSON object")
            known = self._kept[address] = _Known(self._clock(), value)
        return known.value

    def _client(self, provider: Provider, about: Mapping[str, Any]) -> OAuth2Client:
        ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return OAuth2Client(
            provider.client_id, provider.client_secret, scope=_SCOPES, redirect_uri=self.redirect_uri,
            token_endpoint_auth_method=way if provider.client_secret else "none", code_challenge_method="S256",
            **self._manners(),
        )  # fmt: skip

    def _manners(self) -> dict[str, Any]:
        transport = PinnedTransport(self._tls, private=self._private)
        return {"transport": transport, "timeout": _PATIENCE, "follow_redirects": False, "trust_env": False}


def _authenticated_at(attempt: Attempt, claims: Mapping[str, Any]) -> datetime | None:
    """When somebody showed who they are. Raises NotShownError where that was to be anew and was not.

    A provider that says nothing of it was asked to have them sign in anew, and is believed to have done so.
    """
    said = claims.get("auth_time")
    if not isinstance(said, int):
        said = attempt.since and claims["iat"]
    if said is None:
        return None
    if attempt.since is not None and said < attempt.since - _LEEWAY:
        raise NotShownError("not signed in anew")
    return datetime.fromtimestamp(min(said, time.time()), UTC)


def _identity(provider: Provider, claims: Mapping[str, Any], authenticated_at: datetime | None) -> Identity:
    """Who the claims are about. Raises NotShownError for somebody from outside, or too weakly signed in."""
    if provider.domain is not None and claims.get("hd") != provider.domain:
        raise NotShownError("another domain")
    if provider.acr is not None and claims.get("acr") != provider.acr:
        raise NotShownError("not strongly enough")
    own = claims.get(provider.person_claim)
    if not isinstance(own, str) or not own:
        raise NotShownError("no person claim")
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Identity(provider.issuer, own, email if is_verified else None, authenticated_at)

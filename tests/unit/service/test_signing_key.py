"""The key that signs checkpoints is given, or follows from the secret, and is never anything in between."""

from __future__ import annotations

import base64

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.storage.checkpoints import Checkpoint, signing_key

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of tests
ANOTHER = SECRET[::-1]


def public(secret: str = SECRET, given: str | None = None) -> bytes:
    key = given and SecretStr(given)
    settings = Settings(database_url="sqlite:///here.sqlite3", secret_key=SecretStr(secret), signing_key=key or None)
    return signing_key(settings).public_key().public_bytes_raw()


def test_without_a_key_of_its_own_it_follows_from_the_secret() -> None:
    assert public() == public()
    assert public() != public(secret=ANOTHER)


def test_a_key_that_is_given_counts_whatever_the_secret_is() -> None:
    given = base64.b64encode(bytes(range(32))).decode()

    assert public(given=given) == public(secret=ANOTHER, given=given) != public()


@pytest.mark.parametrize("given", ["c2hvcnQ=", "not base64 at all!", "é" * 32])
def test_a_key_of_another_form_is_refused_with_how_to_make_one(given: str) -> None:
    with pytest.raises(ValueError, match="openssl rand -base64 32"):
        public(given=given)


@pytest.mark.parametrize("entry", [{}, {"organisation": 7}, {"organisation": "x", "number": 1}])
def test_what_is_no_exported_checkpoint_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no exported checkpoint"):
        Checkpoint.imported(entry)

"""Free text opens with its own key, in its own place, and with nothing else."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.storage.sealing import Vault, seal, unseal
from service.storage.wrapping import ByCommand, BySecret, UnsealableError, derived_key

ORGANISATION, MATTER = UUID(int=1), UUID(int=2)
TEXT = "He said that the plan was never shared."
VAULT = Vault("a secret that only these tests know")


def a_key() -> bytes:
    key, _ = VAULT.sealer(VAULT.new_organisation_key()).new_matter_key()
    return key


@given(text=st.text())
def test_what_was_sealed_opens_as_it_was(text: str) -> None:
    key = a_key()
    sealed, commitment = seal(key, ORGANISATION, MATTER, 3, "statement", text)

    assert unseal(key, ORGANISATION, MATTER, 3, "statement", sealed)[:2] == (text, commitment)


@pytest.mark.parametrize(
    ("organisation", "matter", "step", "field"),
    [
        (UUID(int=9), MATTER, 3, "statement"),
        (ORGANISATION, UUID(int=9), 3, "statement"),
        (ORGANISATION, MATTER, 4, "statement"),
        (ORGANISATION, MATTER, 3, "reason"),
    ],
)
def test_a_text_that_was_moved_does_not_open(organisation: UUID, matter: UUID, step: int, field: str) -> None:
    key = a_key()
    sealed, _ = seal(key, ORGANISATION, MATTER, 3, "statement", TEXT)

    with pytest.raises(UnsealableError, match="belongs to another place"):
        unseal(key, organisation, matter, step, field, sealed)


def test_no_other_key_opens_a_text() -> None:
    sealed, _ = seal(a_key(), ORGANISATION, MATTER, 3, "statement", TEXT)

    with pytest.raises(UnsealableError):
        unseal(a_key(), ORGANISATION, MATTER, 3, "statement", sealed)


@pytest.mark.parametrize("place", [0, 1, 13, 40, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    key = a_key()
    sealed = bytearray(seal(key, ORGANISATION, MATTER, 3, "statement", TEXT)[0])
    sealed[place] ^= 1

    with pytest.raises(UnsealableError):
        unseal(key, ORGANISATION, MATTER, 3, "statement", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(60)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(UnsealableError):
        unseal(a_key(), ORGANISATION, MATTER, 3, "statement", sealed)


def test_neither_the_sealed_text_nor_the_commitment_tells_the_text() -> None:
    key = a_key()
    sealed, commitment = seal(key, ORGANISATION, MATTER, 3, "statement", TEXT)
    again, other_commitment = seal(key, ORGANISATION, MATTER, 3, "statement", TEXT)

    assert TEXT.encode() not in sealed
    assert sealed != again
    assert commitment != other_commitment
    assert commitment != hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_matters_key_is_kept_wrapped_and_comes_back() -> None:
    sealer = VAULT.sealer(VAULT.new_organisation_key())

    key, wrapped = sealer.new_matter_key()

    assert sealer.unwrap(wrapped) == key
    assert key not in wrapped


def test_another_organisation_does_not_unwrap_it() -> None:
    _, wrapped = VAULT.sealer(VAULT.new_organisation_key()).new_matter_key()

    with pytest.raises(UnsealableError, match="a key of this organisation"):
        VAULT.sealer(VAULT.new_organisation_key()).unwrap(wrapped)


def test_a_matters_key_is_no_organisations_key() -> None:
    wrapped = VAULT.new_organisation_key()

    with pytest.raises(UnsealableError):
        VAULT.sealer(wrapped).unwrap(wrapped)


def test_another_secret_opens_no_organisation_and_says_where_to_look() -> None:
    wrapped = VAULT.new_organisation_key()

    with pytest.raises(UnsealableError, match="Is SUPERVISION_SECRET_KEY the one it was made under"):
        Vault("another secret altogether").sealer(wrapped)


def test_a_vault_opens_an_organisation_in_the_next_process_and_once_in_each() -> None:
    wrapped = VAULT.new_organisation_key()
    key, wrapped_matter = VAULT.sealer(wrapped).new_matter_key()

    restarted = Vault("a secret that only these tests know")

    assert restarted.sealer(wrapped).unwrap(wrapped_matter) == key
    assert restarted.sealer(wrapped) is restarted.sealer(wrapped)


def test_keys_for_different_purposes_differ_and_stay_the_same() -> None:
    assert derived_key("secret", "one thing") != derived_key("secret", "another")
    assert derived_key("secret", "one thing") == derived_key("secret", "one thing")
    assert len(derived_key("secret", "one thing")) == 32


# -- from one secret to another
def test_what_one_secret_wrapped_another_wraps_anew_and_both_open_the_same_texts() -> None:
    before, after = "the secret until now, long enough", "the next secret, long enough"
    old, both = Vault(before), Vault(after, before)
    wrapped = old.new_organisation_key()
    key, matter = old.sealer(wrapped).new_matter_key()

    rewrapped = both.rewrapped(wrapped)

    assert both.sealer(wrapped).unwrap(matter) == key
    assert Vault(after).sealer(rewrapped).unwrap(matter) == key
    with pytest.raises(UnsealableError):
        old.sealer(rewrapped)


_SERVICE = """
import base64, sys
given = base64.b64decode(sys.stdin.buffer.read())
sys.stdout.write(base64.b64encode(bytes(255 - byte for byte in given)).decode())
"""


def test_a_key_service_wraps_what_the_secret_wrapped_and_opens_it_again(tmp_path: Path) -> None:
    program = tmp_path / "service.py"
    program.write_text(_SERVICE)
    secret = Vault("the secret until now, long enough")
    wrapped = secret.new_organisation_key()
    key, matter = secret.sealer(wrapped).new_matter_key()
    service = Vault(ByCommand([sys.executable, str(program)]), BySecret("the secret until now, long enough"))

    rewrapped = service.rewrapped(wrapped)

    assert service.sealer(rewrapped).unwrap(matter) == key
    with pytest.raises(UnsealableError):
        secret.sealer(rewrapped)


@pytest.mark.parametrize("program", [["false"], ["/nowhere/kms"], ["echo", "%"]])
def test_a_key_service_that_gives_no_key_says_so_and_tells_nothing(program: list[str]) -> None:
    with pytest.raises(UnsealableError, match=r"The key service \(.+ wrap\) gave no key") as refused:
        Vault(ByCommand(program)).new_organisation_key()
    assert refused.value.__cause__ is None

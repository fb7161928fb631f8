"""Free text opens with its own key, in its own place, and with nothing else."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.storage.sealing import UnsealableError, Vault, derived_key, seal, unseal

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

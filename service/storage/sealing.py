"""Free text that only its matter's key opens, and that is gone for good when that key is.

The secret wraps every organisation's key, that wraps every matter's key, and that seals texts. A step holds only a
commitment to its text: SHA-256 over a random salt and the text. The salt lies inside the sealed text, so that whoever
has neither can learn nothing from the commitment, and the history still verifies when the text is destroyed.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from uuid import UUID

_KEY = 32
_NONCE = 12
_SALT = 16
_STEP = 8
#: The first byte of everything sealed: AES-256-GCM, a nonce of 12 bytes, then the text and its tag.
_FORM = b"\x01"


class UnsealableError(Exception):
    """A key or text that does not open: another secret, another place, or bytes that were changed."""


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose out of the secret (HKDF-SHA256): none of them tells the secret or another one."""
    return HKDF(SHA256(), _KEY, salt=None, info=f"supervision {purpose}".encode()).derive(secret.encode())


class Vault:
    """Opens organisations' keys with the secret; each is unwrapped once for a process."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derived_key(secret, "organisation keys"))
        self._sealers: dict[bytes, Sealer] = {}

    def new_organisation_key(self) -> bytes:
        """A new organisation's key, wrapped, as its row keeps it."""
        return _lock(self._cipher, secrets.token_bytes(_KEY), b"organisation")

    def sealer(self, wrapped: bytes) -> Sealer:
        """What opens the matters of the organisation with this wrapped key. Raises UnsealableError."""
        sealer = self._sealers.get(wrapped)
        if sealer is None:
            key = _unlock(
                self._cipher, wrapped, b"organisation", "Is SUPERVISION_SECRET_KEY the one it was made under?"
            )
            sealer = self._sealers[wrapped] = Sealer(key)
        return sealer


class Sealer:
    """Makes and opens the keys of one organisation's matters."""

    def __init__(self, organisation_key: bytes) -> None:
        self._cipher = AESGCM(organisation_key)

    def new_matter_key(self) -> tuple[bytes, bytes]:
        """A new matter's key, and the same wrapped, as its row keeps it."""
        key = secrets.token_bytes(_KEY)
        return key, _lock(self._cipher, key, b"matter")

    def unwrap(self, wrapped: bytes) -> bytes:
        """The matter's key. Raises UnsealableError."""
        return _unlock(self._cipher, wrapped, b"matter", "Is it a key of this organisation?")


def seal(key: bytes, organisation_id: UUID, matter_id: UUID, step: int, field: str, text: str) -> tuple[bytes, str]:
    """The text sealed to its place, and the commitment (hexadecimal) that its step keeps."""
    salted = secrets.token_bytes(_SALT) + text.encode()
    place = _place(organisation_id, matter_id, step, field)
    return _lock(AESGCM(key), salted, place), hashlib.sha256(salted).hexdigest()


def commitment(salt: bytes, text: str) -> str:
    """What a step keeps of a text (hexadecimal): anybody who has both can work it out again."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


class Unsealed(NamedTuple):
    """A text that was opened, the commitment (hexadecimal) that its step should have to it, and the salt of that."""

    text: str
    commitment: str
    salt: bytes


def unseal(key: bytes, organisation_id: UUID, matter_id: UUID, step: int, field: str, sealed: bytes) -> Unsealed:
    """The text that was sealed to this place. Raises UnsealableError."""
    place = _place(organisation_id, matter_id, step, field)
    salted = _unlock(AESGCM(key), sealed, place, "It was changed, or belongs to another place.")
    return Unsealed(salted[_SALT:].decode(), hashlib.sha256(salted).hexdigest(), salted[:_SALT])


def _place(organisation_id: UUID, matter_id: UUID, step: int, field: str) -> bytes:
    return b"".join((organisation_id.bytes, matter_id.bytes, step.to_bytes(_STEP), field.encode()))


def _lock(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return b"".join((_FORM, nonce, cipher.encrypt(nonce, plain, place)))


def _unlock(cipher: AESGCM, sealed: bytes, place: bytes, hint: str) -> bytes:
    if sealed[:1] != _FORM:
        raise UnsealableError(f"This was sealed in a form that is not known here. {hint}")
    start = len(_FORM) + _NONCE
    try:
        return cipher.decrypt(sealed[len(_FORM) : start], sealed[start:], place)
    except (InvalidTag, ValueError) as error:
        raise UnsealableError(f"This does not open with its key. {hint}") from error

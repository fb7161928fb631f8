"""Free text that only its matter's key opens, and that is gone for good when that key is.

The secret wraps every organisation's key, that wraps every matter's key, and that seals texts. A step holds only a
commitment to its text: SHA-256 over a random salt and the text. The salt lies inside the sealed text, so that whoever
has neither can learn nothing from the commitment, and the history still verifies when the text is destroyed.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.storage.wrapping import BySecret, UnsealableError, Wrapper, lock, unlock

if TYPE_CHECKING:
    from uuid import UUID

_KEY = 32
_SALT = 16
_STEP = 8


class Vault:
    """Opens organisations' keys; each is unwrapped once for a process.

    The first of its wrappers, or secrets, wraps what is new; every one of them opens what it wrapped.
    """

    def __init__(self, *wrappers: Wrapper | str) -> None:
        self._wrappers = [BySecret(one) if isinstance(one, str) else one for one in wrappers]
        self._sealers: dict[bytes, Sealer] = {}

    def new_organisation_key(self) -> bytes:
        """A new organisation's key, wrapped, as its row keeps it."""
        return self._wrappers[0].wrap(secrets.token_bytes(_KEY))

    def rewrapped(self, wrapped: bytes) -> bytes:
        """The same key, wrapped by the first wrapper. Raises UnsealableError."""
        return self._wrappers[0].wrap(self._unwrap(wrapped))

    def sealer(self, wrapped: bytes) -> Sealer:
        """What opens the matters of the organisation with this wrapped key. Raises UnsealableError."""
        sealer = self._sealers.get(wrapped)
        if sealer is None:
            sealer = self._sealers[wrapped] = Sealer(self._unwrap(wrapped))
        return sealer

    def _unwrap(self, wrapped: bytes) -> bytes:
        failed: UnsealableError | None = None
        for wrapper in self._wrappers:
            try:
                return wrapper.unwrap(wrapped)
            except UnsealableError as error:
                failed = failed or error
        raise failed or UnsealableError("There is no key to open this with.")


class Sealer:
    """Makes and opens the keys of one organisation's matters."""

    def __init__(self, organisation_key: bytes) -> None:
        self._cipher = AESGCM(organisation_key)

    def new_matter_key(self) -> tuple[bytes, bytes]:
        """A new matter's key, and the same wrapped, as its row keeps it."""
        key = secrets.token_bytes(_KEY)
        return key, lock(self._cipher, key, b"matter")

    def unwrap(self, wrapped: bytes) -> bytes:
        """The matter's key. Raises UnsealableError."""
        return unlock(self._cipher, wrapped, b"matter", "Is it a key of this organisation?")

    def seal_setting(self, name: str, text: str) -> bytes:
        """A secret setting of the organisation, such as what it shows to its sign-in provider."""
        return lock(self._cipher, text.encode(), b"setting " + name.encode())

    def open_setting(self, name: str, sealed: bytes) -> str:
        """The setting that was sealed under this name. Raises UnsealableError."""
        return unlock(self._cipher, sealed, b"setting " + name.encode(), "Set it again.").decode()


def seal(key: bytes, organisation_id: UUID, matter_id: UUID, step: int, field: str, text: str) -> tuple[bytes, str]:
    """The text sealed to its place, and the commitment (hexadecimal) that its step keeps."""
    salted = secrets.token_bytes(_SALT) + text.encode()
    place = _place(organisation_id, matter_id, step, field)
    return lock(AESGCM(key), salted, place), hashlib.sha256(salted).hexdigest()


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
    salted = unlock(AESGCM(key), sealed, place, "It was changed, or belongs to another place.")
    return Unsealed(salted[_SALT:].decode(), hashlib.sha256(salted).hexdigest(), salted[:_SALT])


def _place(organisation_id: UUID, matter_id: UUID, step: int, field: str) -> bytes:
    return b"".join((organisation_id.bytes, matter_id.bytes, step.to_bytes(_STEP), field.encode()))

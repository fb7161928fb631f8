"""What wraps organisations' keys: the secret, from the environment or a file, or a key service behind a command.

Several may open at once, so that one is replaced by another without a pause (`supervision keys rewrap`).
"""

from __future__ import annotations

import base64
import secrets
import subprocess
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = 32
_NONCE = 12
#: The first byte of everything sealed: AES-256-GCM, a nonce of 12 bytes, then the text and its tag.
_FORM = b"\x01"
#: The first byte of what a key service wrapped; the rest is its own.
_BY_COMMAND = b"\x02"
#: A key service that takes longer is away (seconds).
_PATIENCE = 30
_PLACE = b"organisation"


class UnsealableError(Exception):
    """A key or text that does not open: another secret, another place, or bytes that were changed."""


class Wrapper(Protocol):
    """Wraps keys and opens what it wrapped."""

    def wrap(self, key: bytes) -> bytes:
        """The key, wrapped."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises UnsealableError for what somebody else wrapped."""


class BySecret:
    """Wraps under a key that follows from the secret."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derived_key(secret, "organisation keys"))

    def wrap(self, key: bytes) -> bytes:
        """The key, wrapped."""
        return lock(self._cipher, key, _PLACE)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises UnsealableError."""
        return unlock(self._cipher, wrapped, _PLACE, "Is SUPERVISION_SECRET_KEY the one it was made under?")


class ByCommand:
    """Has a key service wrap: a program that is given `wrap` or `unwrap`, reads base64 and answers base64.

    It is asked once for each organisation and process, so that it is on no request's way but the first.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)

    def wrap(self, key: bytes) -> bytes:
        """The key, wrapped. Raises UnsealableError where the service does not answer."""
        return _BY_COMMAND + self._ask("wrap", key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key again. Raises UnsealableError."""
        if wrapped[:1] != _BY_COMMAND:
            raise UnsealableError("This was not wrapped by the key service.")
        return self._ask("unwrap", wrapped[1:])

    def _ask(self, what: str, content: bytes) -> bytes:
        try:
            answer = subprocess.run(  # noqa: S603 - the operator's own program, without a shell
                [*self._command, what], input=base64.b64encode(content), capture_output=True, check=True,
                timeout=_PATIENCE,
            )  # fmt: skip
            return base64.b64decode(answer.stdout.strip(), validate=True)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            name = self._command[0]
            raise UnsealableError(f"The key service ({name} {what}) gave no key: {type(error).__name__}.") from None


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose out of the secret (HKDF-SHA256): none of them tells the secret or another one."""
    return HKDF(SHA256(), _KEY, salt=None, info=f"supervision {purpose}".encode()).derive(secret.encode())


def lock(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    """Seal something to a place."""
    nonce = secrets.token_bytes(_NONCE)
    return b"".join((_FORM, nonce, cipher.encrypt(nonce, plain, place)))


def unlock(cipher: AESGCM, sealed: bytes, place: bytes, hint: str) -> bytes:
    """Open what was sealed to a place. Raises UnsealableError."""
    if sealed[:1] != _FORM:
        raise UnsealableError(f"This was sealed in a form that is not known here. {hint}")
    start = len(_FORM) + _NONCE
    try:
        return cipher.decrypt(sealed[len(_FORM) : start], sealed[start:], place)
    except (InvalidTag, ValueError) as error:
        raise UnsealableError(f"This does not open with its key. {hint}") from error

"""What a token is good for, and the token that came with a request."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token is good for. None of them gives its owner more than they may do anyway."""

    #: Everything but a browser's visit.
    all = "all"
    #: A browser's visit to the pages, and nothing else; only signing in makes it.
    browser = "browser"
    #: Reading: lists, matters, histories, notices.
    read = "read"
    #: Opening matters and moving them on; the answer shows the matter.
    write = "write"
    #: Loading the council's lists, such as a nightly feed does.
    import_ = "import"
    #: Closures, policies and the list of other people's tokens, for administrators.
    admin = "admin"


#: What somebody may give a token of their own.
GIVEN = tuple(scope for scope in Scope if scope is not Scope.browser)


def allows(scopes: Collection[str], needed: Scope) -> bool:
    """Whether a token with these scopes is good for something."""
    return needed in scopes or (Scope.all in scopes and needed is not Scope.browser)


def hash_of(text: str) -> bytes:
    """What is kept of a token: SHA-256, which suffices for text that nobody could guess."""
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A token as it came with a request, what it has to be good for, and the address that it came from."""

    text: str = field(repr=False)
    needs: Scope
    address: str = ""

    @property
    def hash(self) -> bytes:
        """By which it is looked up, so that nothing is compared letter by letter."""
        return hash_of(self.text)

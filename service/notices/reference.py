"""How a message is known outside: by one text that leads back to it, whatever comes back and wherever it is quoted."""

from __future__ import annotations

import re
from uuid import UUID

from msgspec import Struct

_TEXT = re.compile(r"\b([0-9a-f]{32})\.([0-9a-f]{32})\b")


class Reference(Struct, frozen=True):
    """A message of an organisation."""

    organisation: UUID
    message: UUID

    def __str__(self) -> str:
        return f"{self.organisation.hex}.{self.message.hex}"

    @staticmethod
    def found_in(text: str) -> Reference | None:
        """The reference that a text quotes, such as a Message-ID; None where it has none."""
        found = _TEXT.search(text)
        return Reference(UUID(found[1]), UUID(found[2])) if found else None

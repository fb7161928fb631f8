"""What reached nobody, as machines are answered it."""

from __future__ import annotations

from typing import Any

from service.engine.reading import Reader
from service.notices.sent import Wanted, list_messages

_UNDELIVERED = Wanted("undelivered")


def list_undelivered(reader: Reader, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of messages that came back or were refused, newest first, while their notices were not sent anew.

    Raises CursorError.
    """
    found = list_messages(reader, _UNDELIVERED, cursor, limit)
    for item in found["items"]:
        del item["next_at"]
    return found

"""Text that may have blank ends: measured as it was sent, as descriptions can say it, and kept without them."""

from __future__ import annotations

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _without_blank_ends(text: str) -> str:
    kept = text.strip()
    if not kept:
        raise PydanticCustomError("blank", "Write something here: blanks alone say nothing.")
    return kept


#: Stands after a text's own limits, so that they are asked first.
TRIMMED = AfterValidator(_without_blank_ends)

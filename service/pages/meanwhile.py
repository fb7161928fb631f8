"""What stood in a form when it was shown, so that a form sent late puts back nothing that others wrote since."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from msgspec.structs import replace

from service.pages.fields import Field

#: Before the name of the hidden field that tells what stood in a question.
WAS = "was."
#: Questions in which stands what several people write, or one person in two windows.
_STANDING = ("sections.", "terms.", "preparation.", "items")
#: What is chosen where an interval is not agreed yet.
_UNIT = "weeks"


def marked(field: Field) -> Field:
    """The question with the mark of what stands in it now."""
    return replace(field, was=mark_of(standing(field))) if field.name.startswith(_STANDING) else field


def standing(field: Field) -> Any:  # noqa: ANN401 - what a browser sends
    """What stands in a question, as a browser would send it if nobody touched it."""
    value = field.value
    if field.kind == "every":
        agreed = value or {}
        return {"value": str(agreed.get("value", "")), "unit": agreed.get("unit") or _UNIT}
    text = "\n".join(value) if isinstance(value, list | tuple) else str(value or "")
    return text.replace("\r\n", "\n").strip()


def mark_of(sent: Any) -> str:  # noqa: ANN401 - what a browser sends
    """What tells two answers to a question apart."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()[:32]

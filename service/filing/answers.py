"""What a council's system answers: JSON with the reference under which the record is there, or why it is refused."""

from __future__ import annotations

import re

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from service.filing.parcel import NotTaken
from workflows.filing_payloads import Reference

#: An answer is a few words; whatever is longer is none.
MOST = 64 * 1024
_REFERENCE = TypeAdapter[str](Reference)
_CODE = re.compile(r"[^a-z0-9]+")
_LONGEST_CODE = 60


def reference_in(content: bytes) -> str | None:
    """The reference in an answer; None where it gives none that can be kept.

    Raises NotTaken, for good, where the answer has `refused`.
    """
    try:
        said = from_json(content)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if said.get("refused"):
        code = _CODE.sub("_", str(said["refused"]).lower()).strip("_")[:_LONGEST_CODE]
        raise NotTaken(f"refused_{code}", for_good=True)
    try:
        return _REFERENCE.validate_python(said.get("reference"))
    except ValidationError:
        return None

"""How made-up files are sent: as the text that they are."""

from __future__ import annotations

import schemathesis
from schemathesis import SerializationContext


@schemathesis.serializer("text/csv", "application/toml")
def as_text(_context: SerializationContext, value: object) -> bytes:
    """A file's text, or whatever was made up in its place."""
    return str(value).encode("utf-8", "surrogatepass")

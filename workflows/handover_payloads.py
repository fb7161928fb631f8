"""What handing a worker's records over carries."""

from __future__ import annotations

from workflows.payloads import Meet, Payload, Text


class HandOver(Payload):
    """What the next supervisor must know, and the meeting of those concerned where there is one."""

    note: Text
    meeting: Meet | None = None

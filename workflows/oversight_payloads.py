"""What recording a manager's oversight of a case carries."""

from __future__ import annotations

from workflows.payloads import Payload, Text


class RecordOversight(Payload):
    """What the manager has looked at and decides, and to whom the case goes and why."""

    oversight: Text
    allocation: Text | None = None

"""What is done about the file of somebody who left: holds, longer periods, and the end of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from workflows.payloads import Payload, SectionName, Text


class LeftOn(Payload):
    """The last day of employment as the list has it now (a local date)."""

    left_on: date


class Hold(Payload):
    """The file is kept whatever its period, on a ground that the policy has."""

    ground: SectionName
    reason: Text


class ReleaseHold(Payload):
    """One ground of a hold is gone; it may be left out where there is but one."""

    ground: SectionName | None = None
    reason: Text


class ChangePeriod(Payload):
    """The last local date on which the file is kept."""

    keep_until: date
    reason: Text


# -- made by rules, never by a sender
class DisposedOf(Payload):
    """The file's end of which a record is part."""

    by: UUID

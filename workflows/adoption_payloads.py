"""What the moves about a new version of the policy carry; only the service makes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflows.payloads import Payload
from workflows.vocabulary import Carry


class Adopt(Payload):
    """A new version of the policy is in force; `deadlines` says by name what becomes of a running one."""

    #: The first day of the version (a local date).
    since: date
    #: What is not named is recomputed.
    deadlines: Mapping[str, Carry]

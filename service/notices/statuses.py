"""Enhanced mail status codes (RFC 3463), by which servers tell a wrong address from all else that goes wrong."""

from __future__ import annotations

import re

#: Where one is given it comes first; numbers further on may be an address of the network.
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
#: Anything about the recipient's address, but not the sender's (5.1.7, 5.1.8); a mailbox that was shut (5.2.1); and
#: failures without a nearer reason. Not: a full mailbox, a policy, a route, a size, a system that is down.
_BLAMES_ADDRESS = re.compile(r"5\.(?:0\.\d+|1\.(?![78]$)\d+|2\.1)")


def status_in(text: str) -> str:
    """The status that a text begins with; empty where it gives none."""
    found = _STATUS.match(text)
    return found[1] if found else ""


def blames_address(status: str) -> bool:
    """Whether nothing will ever arrive there, whoever sends it."""
    return _BLAMES_ADDRESS.fullmatch(status) is not None

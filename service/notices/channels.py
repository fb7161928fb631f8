"""What every way to a person has in common."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from service.notices.letters import Letter

#: The channel that reaches the person: what it loses has reached nobody, whatever a machine was told.
MAIL = "mail"
WEBHOOK = "webhook"


class NotNow(Exception):  # noqa: N818  it is an answer
    """A message was not taken, and may be another time: a short code of why.

    The way is `closed` where everything else would fail alike for now.
    """

    def __init__(self, why: str, *, closed: bool = False) -> None:
        super().__init__(why)
        self.why, self.closed = why, closed


class NeverTaken(Exception):  # noqa: N818  it is an answer
    """A message will not be taken as it is: a short code of why, and whether the address is what is wrong with it."""

    def __init__(self, why: str, *, bad_address: bool = False) -> None:
        super().__init__(why)
        self.why, self.bad_address = why, bad_address


class Channel(Protocol):
    """A way to a person. A message may come twice, under the same reference."""

    name: str

    def send(self, letter: Letter) -> None:
        """Hand a message over. Raises NotNow and NeverTaken."""


class Channels(Struct, frozen=True):
    """The ways that are set up, and the address that links begin with."""

    by_name: dict[str, Channel]
    base_url: str

    @staticmethod
    def of(ways: tuple[Channel, ...], base_url: str) -> Channels:
        """These ways."""
        return Channels({way.name: way for way in ways}, base_url)

"""A way to people that keeps what it is sent, and fails as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.notices.channels import MAIL
from service.notices.letters import Letter


@dataclass
class FakeChannel:
    """Takes whatever it is sent, unless it is told otherwise."""

    name: str = MAIL
    #: Raised for every message while it is set.
    refuses: Exception | None = None
    came: list[Letter] = field(default_factory=list)
    #: What happens once a message was taken, before anybody is told.
    then: Callable[[], object] = lambda: None

    def send(self, letter: Letter) -> None:
        """Take a message."""
        if self.refuses is not None:
            raise self.refuses
        self.came.append(letter)
        self.then()

    def to(self, person: str) -> list[Letter]:
        """What somebody was sent, oldest first."""
        return [letter for letter in self.came if letter.person == person]

"""What a browser does only for somebody who has just shown who they are: making tokens and feeds, and ending visits.

A visit lasts for hours, and whoever finds the browser open is its owner to it. What would outlast the visit, or shut
its owner out, is for whoever has shown at the council's provider, minutes ago at most, that they are the owner.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.identity.tokens import authenticated_at

if TYPE_CHECKING:
    from uuid import UUID

    from service.api.asking import Asking
    from service.pages.visiting import Visit

#: How long somebody counts as having just signed in (product default).
LATELY = timedelta(minutes=15)


class NotLatelyError(Exception):
    """Somebody is to sign in anew before they do this; `back` is the page to go on with."""

    def __init__(self, organisation: UUID, back: str) -> None:
        super().__init__(back)
        self.organisation, self.back = organisation, back


def must_be_lately(visit: Visit, asking: Asking, back: str) -> None:
    """Raises NotLatelyError where the visitor has not shown lately who they are, or nobody said when."""
    own = asking.organisation_id
    shown_at = authenticated_at(asking.connection, own, asking.token_id)
    if shown_at is None or visit.asks.door.database.moment(asking.connection) - shown_at > LATELY:
        raise NotLatelyError(own, back)

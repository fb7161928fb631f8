"""How a council's part of the service is: what is late, what does not leave, and when its histories were signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select

from service.storage.checkpoint_tables import checkpoints
from service.storage.column_types import Instant
from service.storage.matter_tables import deadlines, outbox
from service.storage.notice_tables import messages

if TYPE_CHECKING:
    from service.engine.reading import Reader

#: A clock looks every second or so; what waits for longer is late (product default).
LATE_AFTER = timedelta(minutes=1)
#: Messages are made and sent within seconds (product default).
STUCK_AFTER = timedelta(minutes=10)


class Health(Struct, frozen=True):
    """Instants and numbers; none of them says whom anything is about."""

    now: datetime
    #: Since when the oldest deadline could have been enforced and was not.
    waits_since: datetime | None
    #: Since when the oldest notice or message could have left and did not.
    unsent_since: datetime | None
    #: Messages that could not leave and are tried again.
    tried_again: int
    signed_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether deadlines pass without anything happening."""
        return self.waits_since is not None and self.now - self.waits_since > LATE_AFTER

    @property
    def is_stuck(self) -> bool:
        """Whether notices do not leave."""
        return self.tried_again > 0 or (self.unsent_since is not None and self.now - self.unsent_since > STUCK_AFTER)


def read_health(reader: Reader) -> Health:
    """How it is now, all by indexes of what is open alone."""
    own, now = reader.viewer.organisation_id, reader.organisation.now

    def one(query: Select[Any]) -> Any:  # noqa: ANN401 - an instant or a number
        return reader.connection.execute(query).scalar_one_or_none()

    waiting = (messages.c.organisation_id == own, messages.c.status == "waiting")
    unsent = (
        one(_first(outbox.c.at, outbox.c.organisation_id == own, outbox.c.status == "waiting", outbox.c.at <= now)),
        one(_first(messages.c.next_at, *waiting, messages.c.next_at <= now)),
    )
    signed = select(checkpoints.c.at).where(checkpoints.c.organisation_id == own)
    return Health(
        now,
        one(_first(deadlines.c.fires_at, deadlines.c.organisation_id == own, deadlines.c.fires_at <= now)),
        min((at for at in unsent if at is not None), default=None),
        one(select(func.count()).select_from(messages).where(*waiting, messages.c.attempts > 0)),
        one(signed.order_by(checkpoints.c.number.desc()).limit(1)),
    )


def _first(column: Any, *which: ColumnElement[bool]) -> Select[Any]:  # noqa: ANN401 - a column
    return select(func.min(column, type_=Instant)).where(*which)

"""What the tests of notices do and look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from service.engine.ids import new_id
from service.notices.channels import Channels
from service.notices.delivery import Round
from service.storage import matter_tables
from service.storage.notice_tables import deliveries, messages
from workflows.model import Actor, Matter, Opening
from workflows.payloads import Circulate, WriteSections
from workflows.vocabulary import RecordKind, Role, Workflow

if TYPE_CHECKING:
    from sqlalchemy import Row

    from service.engine.work import Work
    from tests.fakes.channel import FakeChannel
    from tests.integration.council import Council

BASE = "https://supervision.council.example"
PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08
"""
SUPERVISOR, WORKER = Actor("sup"), Actor("wkr")


def ways(*channels: FakeChannel) -> Channels:
    """These channels, as the settings would set them up."""
    return Channels.of(tuple(channels), BASE)


class Post:
    """Delivers the notices of one council by the channels that it has."""

    def __init__(self, council: Council, *channels: FakeChannel) -> None:
        self.council, self.channels = council, channels

    @property
    def mail(self) -> FakeChannel:
        """The first of the channels."""
        return self.channels[0]

    def go(self) -> int:
        """Rounds until nothing is left for now; how many there were."""
        rounds = 0
        while self.once():
            rounds += 1
        return rounds

    def once(self) -> int:
        """One round."""
        return Round(self.council.door, ways(*self.channels), self.council.id).run()

    def messages(self, **wanted: Any) -> list[Row[Any]]:
        """The messages that have these values, oldest first."""
        where = (messages.c[name] == value for name, value in wanted.items())
        return self.council.rows(messages, *where, order=messages.c.id)

    def carried(self) -> list[Row[Any]]:
        """Which message carries which notice, with whether it is a digest."""
        own = deliveries.c.organisation_id == self.council.id
        query = select(deliveries, messages.c.digest, messages.c.status).join(
            messages,
            (messages.c.organisation_id == deliveries.c.organisation_id) & (messages.c.id == deliveries.c.message_id),
        )
        with self.council.door.database.read(self.council.id) as connection:
            return list(connection.execute(query.where(own)))


def incidents(council: Council) -> list[Row[Any]]:
    """The incidents that are open, oldest first."""
    return council.rows(
        matter_tables.incidents, matter_tables.incidents.c.closed_at.is_(None), order=matter_tables.incidents.c.id
    )


def sent_to_be_signed(council: Council) -> Matter:
    """A personal record that waits for the worker's signature: they are told, urgently."""

    def piece(work: Work) -> UUID:
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup"},
        )  # fmt: skip
        record = work.open(opening, SUPERVISOR, Role.supervisor)
        sections = {"personal_discussion": "A quiet week."}
        work.fire(record.id, "write", WriteSections(sections=sections), SUPERVISOR)
        work.fire(record.id, "circulate", Circulate(), SUPERVISOR)
        return record.id

    wanted = council.run(piece)
    return next(record for record in council.matters("record") if record.id == wanted)


def concern_about(council: Council, supervisor: str = "sup") -> Matter:
    """A concern of the worker's: its notices tell the supervisor urgently, and the worker in the day's digest."""
    opening = Opening(
        Workflow.concern, id=new_id(council.run(lambda work: work.now)), supervisee="wkr", supervisor=supervisor,
        data={"opened_by": "wkr", "about": "quality"}, texts={"statement": "Too short."},
    )  # fmt: skip
    return council.open(opening, "wkr", Role.supervisee)

"""A person's calendar as iCalendar (RFC 5545): neutral titles, London's time, and never anything of a referral.

The same facts give the same bytes, so that whoever asks again is told that nothing has changed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import Row, Select, and_, exists, or_, select

from service.engine.reading import Reader, visible
from service.identity.access import waits_for
from service.identity.grounds import OWN, SEALED
from service.storage.matter_tables import matter_people, matters
from workflows.calendar import LONDON, day_end, local_day
from workflows.vocabulary import Workflow

#: How far back a calendar shows sessions that are over.
_BACK = timedelta(days=90)
#: How often calendars may look again.
_AGAIN = timedelta(hours=1)
#: The years for which the rules of London's time are written out.
_FROM, _UNTIL = date(2020, 1, 1), date(2038, 1, 1)
_STATUS = {"cancelled": "CANCELLED"}


def as_ical(reader: Reader, base_url: str) -> bytes:
    """The calendar of whoever reads: sessions of theirs, and what they have to do by when."""
    calendar = Calendar()
    calendar.add("prodid", "-//Supervision//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Supervision")
    calendar.add("x-wr-calname", "Supervision")
    calendar.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    for row in reader.connection.execute(_sessions(reader), reader.viewer.parameters()):
        calendar.add_component(_session(row, base_url))
    for row in reader.connection.execute(_due(reader), reader.viewer.parameters()):
        calendar.add_component(_deadline(row, base_url))
    calendar.add_missing_timezones(_FROM, _UNTIL)
    content: bytes = calendar.to_ical()
    return content


def _sessions(reader: Reader) -> Select[Any]:
    """Sessions with the person in them: those to come, and those that ended lately."""
    mine = exists().where(
        matter_people.c.organisation_id == OWN,
        matter_people.c.matter_id == matters.c.id,
        matter_people.c.person == reader.viewer.ref,
    )
    lately = or_(matters.c.closed_at.is_(None), matters.c.closed_at >= reader.organisation.now - _BACK)
    session = and_(matters.c.organisation_id == OWN, matters.c.workflow == Workflow.session.value)
    return select(matters).where(session, mine, lately).order_by(matters.c.id)


def _due(reader: Reader) -> Select[Any]:
    """What waits for the person and has a date, as in their inbox."""
    waiting = waits_for(reader.viewer.office, reader.connection.dialect.name)
    dated = and_(matters.c.closed_at.is_(None), matters.c.next_due.is_not(None), matters.c.workflow.not_in(SEALED))
    not_a_session = matters.c.workflow != Workflow.session.value
    return visible(reader.viewer.office).where(waiting, dated, not_a_session).order_by(matters.c.id)


def _session(row: Row[Any], base_url: str) -> Event:
    starts = datetime.fromisoformat(row.data["starts_at"])
    event = _event(row, row.id, "Supervision", base_url)
    event.add("dtstart", starts.astimezone(LONDON))
    event.add("dtend", (starts.astimezone(UTC) + timedelta(minutes=row.data["minutes"])).astimezone(LONDON))
    event.add("status", _STATUS.get(row.state, "CONFIRMED"))
    return event


def _deadline(row: Row[Any], base_url: str) -> Event:
    """A whole day where it ends with one, else its last instant."""
    day = local_day(row.next_due)
    event = _event(row, f"{row.id}-due", "Something is due", base_url)
    event.add("dtstart", day if row.next_due == day_end(day) else row.next_due.astimezone(LONDON))
    event.add("transp", "TRANSPARENT")
    return event


def _event(row: Row[Any], uid: UUID | str, title: str, base_url: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@supervision")
    event.add("summary", title)
    event.add("dtstamp", row.last_at)
    event.add("sequence", row.version)
    event.add("url", f"{base_url}/matters/{row.id}")
    return event

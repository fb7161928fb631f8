"""Filing by hand: final records are put into the council's own systems, most of them in time."""

from __future__ import annotations

from datetime import date

from service.examples.acts import Acts
from service.examples.paperwork import key
from service.examples.scene import Seen
from workflows.calendar import local_day
from workflows.filing_payloads import Acknowledge
from workflows.vocabulary import Workflow

#: Working days after which a record is filed, by how often; the last kind waits until it is late.
_FILED_AFTER = ((0.5, 0), (0.8, 1), (0.94, 3), (1.0, 9))


def file_records(acts: Acts) -> None:
    """A morning: whoever has final records to file does so, and says under which reference they are there."""
    ready = [one for one in acts.waiting(Workflow.filing) if acts.able(_filer(one)) and _day(acts, one) <= acts.today]
    acts.work.load({one.parent for one in ready if one.parent})
    for one in ready:
        reference = f"{one.data['system'].upper()}-{acts.chance.whole(100_000, 999_999, *key(one), 'reference')}"
        acts.move(one.id, "acknowledge", Acknowledge(reference=reference), _filer(one))


def _filer(filing: Seen) -> str | None:
    """Whoever wrote the record up files it, else whose turn it is."""
    return filing.data.get("delegate") or filing.holder


def _day(acts: Acts, filing: Seen) -> date:
    """The day on which it is filed: the last one in time where that comes first, unless it is to be late."""
    opened = local_day(filing.opened_at)
    draw = acts.chance.of(*key(filing), "filed")
    days = next(days for share, days in _FILED_AFTER if draw < share)
    day = acts.work.picture.calendar.add_working_days(opened, days)
    if days == _FILED_AFTER[-1][1] or filing.state != "to_file" or filing.next_due is None:
        return day
    return min(day, local_day(filing.next_due))

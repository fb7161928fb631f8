"""Cases and workers that come to somebody new: managers record their oversight, supervisors hand over and receive."""

from __future__ import annotations

from datetime import timedelta

from service.examples.acts import Acts
from service.examples.scene import Seen
from service.examples.wording import note
from workflows.calendar import local_day
from workflows.handover_payloads import HandOver
from workflows.oversight_payloads import RecordOversight
from workflows.payloads import Meet, Nothing
from workflows.vocabulary import Workflow

_HOUR = timedelta(hours=1)
#: Days after which a manager looks at a case, and working days after which a handover is done and confirmed, at most.
_OVERSEEN, _HANDED_OVER, _RECEIVED = 4, 6, 3


def take_over(acts: Acts) -> None:
    """A morning's oversights and handovers."""
    for one in acts.waiting(Workflow.oversight):
        if acts.able(one.holder):
            _oversee(acts, one)
    for one in acts.waiting(Workflow.handover):
        if acts.able(one.holder):
            _hand_over(acts, one)


def _oversee(acts: Acts, one: Seen) -> None:
    """Most are in time, and a few after a weekend that nobody counted with."""
    days = acts.chance.whole(0, _OVERSEEN, one.case, "oversight", local_day(one.opened_at))
    if local_day(one.opened_at) + timedelta(days=days) <= acts.today:
        data = RecordOversight(oversight=note(acts.chance, one.case, acts.today), allocation="There is room for it.")
        acts.move(one.id, "record", data, one.holder)


def _hand_over(acts: Acts, one: Seen) -> None:
    given = one.state == "handed_over"
    days = acts.chance.whole(1, _RECEIVED if given else _HANDED_OVER, one.supervisee, one.state, one.holder)
    if not acts.working_days_since(local_day(one.last_at), days):
        return
    if given:
        acts.move(one.id, "receive", Nothing(), one.supervisor)
        return
    concerned = sorted({ref for ref in (one.supervisee, one.supervisor, one.person, one.holder) if ref})
    meeting = Meet(at=acts.work.now + _HOUR, told=concerned)
    data = HandOver(note=note(acts.chance, one.supervisee, acts.today), meeting=meeting)
    acts.move(one.id, "hand_over", data, one.holder)

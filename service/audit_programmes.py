"""Which programmes of audits run: every one that the policy in force lets run by itself, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.engine.ids import new_id
from workflows.audit_sampling import PROGRAMME
from workflows.calendar import local_day
from workflows.model import SYSTEM, Opening, Selector
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.engine.work import Work


def begin_programmes(work: Work) -> None:
    """Begin what does not run yet; what the policy no longer has ends by itself when its next round would be drawn.

    Asked when an organisation is made, and with every import of its people: a programme that a new policy brings begins
    with the next list.
    """
    audits = work.picture.policy_on(local_day(work.now)).audit
    wanted = [programme.id for programme in audits.programmes if programme.every is not None]
    if not wanted:
        return
    begun = {matter.data["programme"] for matter in work.find(Selector(Workflow.audit, kind=PROGRAMME))}
    for programme_id in wanted:
        if programme_id not in begun:
            data = {"programme": programme_id, "opened_by": None}
            opening = Opening(Workflow.audit, new_id(work.now), kind=PROGRAMME, data=data)
            work.open(opening, SYSTEM, Role.system)

"""Late reports: until when a session can be reported, and duties that wait for a report before they count as missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workflows.model import Facts, Matter
from workflows.receipts import Counted, count
from workflows.turn import Turn


def reporting_closes(facts: Facts, starts_at: datetime) -> Counted:
    """The last instant at which a session that starts then can be reported in time."""
    return count(facts.policy.session.hold_or_cancel.term, "start of the session", starts_at, facts.calendar)


def reportable_until(turn: Turn, deadline: str, counts: Callable[[Matter], bool]) -> datetime | None:
    """The instant at which the last scheduled session that began in time can no longer be reported, if there is one."""
    due = next((d.due for d in turn.matter.deadlines if d.name == deadline and d.live), None)
    closing = [
        report.due
        for session in turn.facts.related
        if due is not None
        and session.state == "scheduled"
        and counts(session)
        and datetime.fromisoformat(session.data["starts_at"]) <= due
        and (report := session.live("hold_or_cancel")) is not None
        and report.due is not None
    ]
    return max(closing, default=None)

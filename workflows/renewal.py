"""What a held session does to the duty that it meets: it renews it, and a breach that it shows false is corrected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from workflows.model import Facts, Matter, Selector
from workflows.payloads import Supervised
from workflows.reporting import reportable_until
from workflows.turn import Turn
from workflows.vocabulary import SessionKind, Status, Workflow

DUTY = "supervise_by"


def last_supervised(turn: Turn) -> date | None:
    """The day of the last session that counts for this matter (a local date)."""
    text = turn.data.get("last_supervised_on")
    return date.fromisoformat(text) if text else None


def renew(turn: Turn, data: Supervised) -> None:
    """Record that supervision took place, and what that means for the duty that was running or missed."""
    before = last_supervised(turn)
    latest = max(data.held_on, before or data.held_on)
    turn.note(held_on=data.held_on.isoformat(), session=str(data.session))
    live, missed = turn.matter.live(DUTY), turn.matter.missed(DUTY)
    turn.keep(last_supervised_on=latest.isoformat())
    if live is not None:
        late = live.due is not None and data.held_at > live.due
        turn.close(DUTY, Status.missed if late else Status.met)
        if late:
            _count_breach(turn)
    elif missed is not None and missed.due is not None and data.held_at <= missed.due:
        _show_false(turn)
    turn.columns["ladder"] = None


def _count_breach(turn: Turn) -> None:
    turn.keep(breaches=turn.data.get("breaches", 0) + 1)


def _show_false(turn: Turn) -> None:
    """A session that is reported late was held in time after all: the breach leaves the counts."""
    turn.correct(DUTY)
    turn.note(corrected=True)
    turn.keep(breaches=max(turn.data.get("breaches", 0) - 1, 0))
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    people = (turn.matter.supervisee, turn.matter.supervisor, *asked)
    turn.tell(people, "breach_corrected", "Supervision that seemed overdue had taken place in time")


def breach(turn: Turn, _data: Any) -> None:
    """The duty was missed: both are told, and the breach is counted."""
    _count_breach(turn)
    people = (turn.supervisor, turn.matter.supervisee)
    turn.tell(people, "overdue", _overdue(turn), "A session must be held. If it is not, the manager above is told.")


def _overdue(turn: Turn) -> str:
    return f"Supervision of case {turn.matter.case} is overdue" if turn.matter.case else "Supervision is overdue"


def still_reportable(turn: Turn, kinds: frozenset[SessionKind]) -> datetime | None:
    """Until when a session that began in time, and would meet the duty, may still be reported (an instant)."""

    def counts(session: Matter) -> bool:
        case = turn.matter.case
        return session.kind in kinds and (case is None or case in session.data["cases"])

    return reportable_until(turn, DUTY, counts)


def booked_sessions(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The sessions that may still meet the duty."""
    return (Selector(Workflow.session, supervisor=matter.supervisor),)

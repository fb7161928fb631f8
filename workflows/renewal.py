"""What a held session does to the duty that it meets: it renews it, and a breach that it shows false is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from workflows.calendar import local_day
from workflows.consequence_payloads import Supervised
from workflows.escalation import LATE_SINCE
from workflows.intervals import PROFESSIONAL
from workflows.model import Facts, Matter, Selector
from workflows.professions import same_profession
from workflows.receipts import Counted, later_of, on_day
from workflows.reporting import reportable_until
from workflows.turn import Turn
from workflows.vocabulary import SessionKind, Status, Workflow

DUTY = "supervise_by"


def last_supervised(turn: Turn) -> date | None:
    """The day of the last session that counts for this matter (a local date)."""
    text = turn.data.get("last_supervised_on")
    return date.fromisoformat(text) if text else None


def event_of(turn: Turn, last: date) -> str:
    """What a duty is counted from: a session, or the council's word for one before the service kept them."""
    return "last supervised (opening position)" if last < turn.facts.live_from else "last session held"


def is_newer(turn: Turn, data: Supervised) -> str | None:
    """Whether a session is later than the one that a missed duty was counted from: another one ends no lateness."""
    last = last_supervised(turn)
    return None if last is None or data.held_on > last else "A later session was counted already."


def renew(turn: Turn, data: Supervised) -> date:
    """Record that supervision took place and what that means for the duty; the day to count from (a local date)."""
    latest = max(data.held_on, last_supervised(turn) or data.held_on)
    live = turn.matter.live(DUTY)
    turn.note(held_on=data.held_on.isoformat(), session=str(data.session))
    turn.keep(last_supervised_on=latest.isoformat())
    shown_false = _shows_false(turn, data)
    if live is not None and data.held_on == latest:
        late = live.due is not None and data.held_at > live.due
        in_time = Status.superseded if shown_false else Status.met
        turn.close(DUTY, Status.missed if late else in_time)
        if late:
            _count_breach(turn)
    if shown_false:
        _correct_breach(turn)
    turn.columns["ladder"] = None
    turn.keep(**{flag: False for flag in ("stranded", "top_of_the_line") if turn.data.get(flag)})
    if turn.data.get(LATE_SINCE):
        turn.keep(**{LATE_SINCE: {}})
    return latest


def _count_breach(turn: Turn) -> None:
    turn.keep(breaches=turn.data.get("breaches", 0) + 1)


def _shows_false(turn: Turn, data: Supervised) -> bool:
    """Whether the session was held after what the missed duty was counted from, and by its due."""
    missed = turn.matter.missed(DUTY)
    if missed is None or missed.due is None:
        return False
    return counted_from(missed.receipt) < data.held_on and data.held_at <= missed.due


def counted_from(receipt: Mapping[str, Any]) -> date:
    """The earliest local date that a deadline was counted from."""
    if receipt["candidates"] and "receipt" in receipt["candidates"][0]:
        return min(counted_from(candidate["receipt"]) for candidate in receipt["candidates"])
    text = receipt["anchors"][0]["at"]
    return date.fromisoformat(text[: len("2025-01-01")])


def _correct_breach(turn: Turn) -> None:
    """A session that is reported late was held in time after all: the breach leaves the counts."""
    turn.correct(DUTY)
    turn.note(corrected=True)
    turn.keep(breaches=max(turn.data.get("breaches", 0) - 1, 0))
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    people = (turn.matter.supervisee, turn.matter.supervisor, *asked)
    turn.tell(people, "breach_corrected", "Supervision that seemed overdue had taken place in time")


def move_duty(turn: Turn, due: Counted) -> None:
    """What the list says has changed: a running duty moves. One whose date has passed waits for its report."""
    before = turn.live(DUTY)
    if before is not None and before.status is Status.running:
        turn.set(DUTY, never_backwards(turn, before.due, due))


def never_backwards(turn: Turn, before: datetime | None, due: Counted) -> Counted:
    """An earlier date is never retroactively overdue: the later of it and the day of the change (matrix section 0)."""
    if before is None or due.due is None or due.due >= before:
        return due
    change = on_day(due.receipt["clause"], "status changed", turn.on, turn.facts.calendar)
    return later_of(change, due, ("the day of the change", "the new interval from the last supervision"))


def breach(turn: Turn, _data: Any) -> None:
    """The duty was missed: both are told, and the breach is counted, unless it was before another matter ended."""
    carried = _lateness_goes_on(turn)
    if turn.data.get(LATE_SINCE) and not carried:
        turn.keep(**{LATE_SINCE: {}})
    if turn.matter.missed(DUTY) is not None or not carried:
        _count_breach(turn)
    people = (turn.supervisor, turn.matter.supervisee)
    turn.tell(people, "overdue", _overdue(turn), "A session must be held. If it is not, the manager above is told.")


def _lateness_goes_on(turn: Turn) -> bool:
    """Whether a lateness that another matter began was never ended by a session."""
    since, last = turn.data.get(LATE_SINCE, {}).get(DUTY), last_supervised(turn)
    return since is not None and (last is None or local_day(datetime.fromisoformat(since)) >= last)


def _overdue(turn: Turn) -> str:
    return f"Supervision of case {turn.matter.case} is overdue" if turn.matter.case else "Supervision is overdue"


def still_reportable(turn: Turn, kinds: frozenset[SessionKind]) -> datetime | None:
    """Until when a session that began in time, and would meet the duty, may still be reported (an instant)."""
    return reportable_until(turn, DUTY, lambda session: session.kind in kinds and _is_for(turn, session))


def _is_for(turn: Turn, session: Matter) -> bool:
    """Whether a session is about this matter's case, or is the supervision that this worker is owed."""
    if turn.matter.case is not None:
        return turn.matter.case in session.data["cases"]
    worker = turn.matter.supervisee
    counts = not session.data.get("professional")
    if turn.matter.kind == PROFESSIONAL:
        counts = same_profession(turn.facts.directory, session.supervisor, worker)
    return counts and (session.supervisee == worker or worker in session.data["participants"])


def booked_sessions(matter: Matter, _data: Any, facts: Facts) -> Iterable[Selector]:
    """The sessions that may still meet the duty; groups of any manager where those count (HAR-13, DAR-05)."""
    yield Selector(Workflow.session, supervisor=matter.supervisor)
    yield Selector(Workflow.session, supervisee=matter.supervisee)
    if SessionKind.group in _kinds_that_count(matter, facts):
        scheduled = frozenset({"scheduled"})

        def concerns_them(group: Matter) -> bool:
            return matter.case in group.data["cases"] or matter.supervisee in group.data["participants"]

        yield Selector(Workflow.session, kind=SessionKind.group, states=scheduled, accepts=concerns_them)


def _kinds_that_count(matter: Matter, facts: Facts) -> frozenset[SessionKind]:
    policy = facts.policy
    if matter.case is not None:
        return policy.session.renews_case
    return policy.entitlement.professional_kinds if matter.kind == PROFESSIONAL else policy.session.renews_worker

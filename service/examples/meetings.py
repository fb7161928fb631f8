"""What becomes of sessions: held and reported, cancelled, forgotten, held again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam

from service.examples.acts import OF_WORKFLOW, OPEN, Acts, Seen, clock
from service.examples.diary import STARTS, free_day, session, starts_on
from service.storage.tables import matters
from workflows.calendar import local_day
from workflows.payloads import CancelSession, Direct, HoldSession, OpenSession, Reason, Rebook
from workflows.vocabulary import AbsenceCause, Cause, SessionKind, Workflow

_DAY = timedelta(days=1)
#: Booked sessions whose report is due before `soon`, and those that were missed since then.
_SOON = OPEN.where(matters.c.next_due < bindparam("soon"))
_MISSED = OF_WORKFLOW.where(matters.c.state == "missed", matters.c.last_at >= bindparam("since"))
#: Shares of the sessions that are cancelled for no absence, and that nobody reports in time.
_CANCELLED, _FORGOTTEN = 0.04, 0.025
#: Shares of forgotten sessions that are reported late, of cancelled ones that wait too long, and of cases not reached.
_REPORTED_LATE, _WAITS, _NOT_REACHED = 0.7, 0.1, 0.07
#: How many days a session can still be reported late, and how many working days a manager takes to decide.
_REPORTABLE_FOR, _DECIDES_AFTER = 12, 2
_REASONS = {
    Cause.diary: "Another appointment could not be moved.",
    Cause.emergency: "An urgent visit came first.",
    Cause.other: "The room was not free.",
    Cause.sickness: "Away ill today.",
    Cause.leave: "On leave today.",
}


# -- mornings
def cancel(acts: Acts) -> None:
    """Sessions of today that cannot take place, by whoever of the two is there."""
    for one in _todays(acts):
        away = next((ref for ref in (one.supervisor, one.supervisee) if ref and acts.directory.away(ref, acts.today)), None)
        key = (one.supervisee, one.kind, acts.today)
        if away is not None:
            _cancel_for(acts, one, away)
        elif acts.able(one.supervisor) and acts.chance.happens(_CANCELLED, *key, "cancelled"):
            cause = acts.chance.pick((Cause.diary, Cause.diary, Cause.emergency, Cause.other), *key, "cause")
            by = acts.chance.pick((one.supervisor, one.supervisee or one.supervisor), *key, "by")
            acts.move(one.id, "cancel", CancelSession(cause=cause, reason=_REASONS[cause]), by)


def _cancel_for(acts: Acts, one: Seen, away: str) -> None:
    other = one.supervisee if away == one.supervisor else one.supervisor
    if not acts.able(other):
        return
    absence = acts.directory.away(away, acts.today)
    ill = absence is not None and absence.cause in (AbsenceCause.sickness, AbsenceCause.unplanned)
    cause = Cause.sickness if ill else Cause.leave
    acts.move(one.id, "cancel", CancelSession(cause=cause, whose=away, reason=_REASONS[cause]), other)


def _todays(acts: Acts) -> list[Seen]:
    """Booked sessions of today: those that must be reported by the end of the next working day."""
    booked = acts.see(_SOON, workflow=Workflow.session.value, soon=clock(acts.today + 7 * _DAY, "00:00"))
    return [one for one in booked if starts_on(one) == acts.today]


def replace_cancelled(acts: Acts) -> None:
    """New dates for what was cancelled, by the supervisor, or by a manager where it is late."""
    for owed in acts.see_open(Workflow.cancellation):
        if owed.state == "awaiting_rebooking":
            _rebook(acts, owed)
        elif owed.state in ("with_line_manager", "with_senior_manager"):
            _direct(acts, owed)


def _rebook(acts: Acts, owed: Seen) -> None:
    key = (owed.supervisee, owed.kind, owed.opened_at)
    since = acts.chance.whole(0, 2, *key, "rebooked after")
    waits = acts.chance.happens(_WAITS, *key, "waits")
    if waits or not acts.able(owed.supervisor) or not acts.working_days_since(local_day(owed.last_at), since):
        return
    last = local_day(owed.next_due) if owed.next_due else acts.today + 5 * _DAY
    day = free_day(acts, (owed.supervisee, owed.supervisor), last - 2 * _DAY, last)
    new = _book_again(acts, owed, day) if day else None
    if new and day:
        why = None if day <= last else "Neither of the two is there before."
        acts.move(owed.id, "rebook", Rebook(session=new, reason=why), owed.supervisor)


def _book_again(acts: Acts, owed: Seen, day: date) -> UUID | None:
    kind, starts = SessionKind(owed.kind), clock(day, STARTS[-1])
    cases = still_theirs(acts, owed.supervisee, owed.data["cases"])
    if kind is SessionKind.group:
        members = owed.data["participants"]
        data = OpenSession(kind=kind, starts_at=starts, minutes=60, participants=members)
    else:
        data = session(acts, owed.supervisee, kind, day, cases)
    return acts.open(Workflow.session, data, owed.supervisor)


def still_theirs(acts: Acts, worker: str | None, refs: Iterable[str]) -> list[str]:
    """Those of some cases that are still open and with this worker."""
    known = acts.work.store.cases(refs)
    return [ref for ref, case in sorted(known.items()) if case.worker == worker and case.closed_on is None]


def _direct(acts: Acts, owed: Seen) -> None:
    """A manager who was asked directs a date, or excuses it."""
    if not acts.able(owed.holder) or not acts.working_days_since(local_day(owed.last_at), _DECIDES_AFTER):
        return
    key = (owed.supervisee, owed.kind, owed.opened_at)
    day = free_day(acts, (owed.supervisee, owed.supervisor), acts.today + 3 * _DAY, acts.today + 7 * _DAY)
    if day and acts.able(owed.supervisor) and acts.chance.happens(0.7, *key, "directed"):
        starts = clock(day, acts.chance.pick(STARTS, *key, day))
        data = Direct(starts_at=starts, reason="It has waited long enough: please hold it on this day.")
        acts.move(owed.id, "direct", data, owed.holder)
    else:
        reason = Reason(reason="The next regular session takes everything up.")
        acts.move(owed.id, "excuse", reason, owed.holder)


# -- afternoons
def hold(acts: Acts) -> None:
    """Report today's sessions, and now and then one that was forgotten."""
    for one in _todays(acts):
        if acts.able(one.supervisor) and not acts.chance.happens(_FORGOTTEN, *_key(one), "forgotten"):
            _report(acts, one, None)
    since = clock(acts.today - _REPORTABLE_FOR * _DAY, "00:00")
    for one in acts.see(_MISSED, workflow=Workflow.session.value, since=since):
        after = acts.chance.whole(1, 4, *_key(one), "reported after")
        wanted = acts.chance.happens(_REPORTED_LATE, *_key(one), "reported late")
        if wanted and acts.able(one.supervisor) and acts.working_days_since(local_day(one.last_at), after):
            _report(acts, one, "The report was forgotten in a full week.")


def _report(acts: Acts, one: Seen, reason: str | None) -> None:
    ended = datetime.fromisoformat(one.data["starts_at"]) + timedelta(minutes=one.data["minutes"])
    cases = [
        ref for ref in still_theirs(acts, one.supervisee, one.data["cases"])
        if not acts.chance.happens(_NOT_REACHED, ref, acts.today, "not reached")
    ]  # fmt: skip
    data = HoldSession(held_at=ended, minutes=one.data["minutes"], cases=cases, reason=reason)
    acts.move(one.id, "hold", data, one.supervisor)


def _key(one: Seen) -> tuple[object, ...]:
    return one.supervisee, one.kind, one.data["starts_at"]

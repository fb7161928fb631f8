"""What becomes of sessions: held and reported, cancelled, forgotten, held again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from service.examples.acts import Acts, clock
from service.examples.diary import STARTS, free_day, session, starts_on
from service.examples.scene import Seen
from service.storage.matter_tables import matters
from workflows.calendar import local_day
from workflows.model import Selector
from workflows.payloads import CancelSession, Direct, HoldSession, OpenSession, Reason, Rebook
from workflows.vocabulary import AbsenceCause, Cause, SessionKind, Workflow

_DAY = timedelta(days=1)
#: Shares of the sessions that are cancelled for no absence, and that nobody reports in time.
_CANCELLED, _FORGOTTEN = 0.04, 0.025
#: Shares of forgotten sessions that are reported late, of cancelled ones that wait too long, and of cases not reached.
_REPORTED_LATE, _WAITS, _NOT_REACHED = 0.7, 0.1, 0.07
#: How many working days a manager takes to decide.
_DECIDES_AFTER = 2
_REASONS = {
    Cause.diary: "Another appointment could not be moved.",
    Cause.emergency: "An urgent visit came first.",
    Cause.other: "The room was not free.",
    Cause.sickness: "Away ill today.",
    Cause.leave: "On leave today.",
}


#: What sessions with people about cases meet, carry on or take up, while it is open.
_OF_PEOPLE = (Workflow.cancellation, Workflow.entitlement, Workflow.action, Workflow.agreement)
_OF_CASES = (Workflow.frequency, Workflow.audit)
_TOUCHED = select(matters.c.id).where(
    matters.c.organisation_id == bindparam("own"),
    matters.c.closed_at.is_(None),
    or_(
        and_(
            matters.c.supervisee.in_(bindparam("people", expanding=True)),
            matters.c.workflow.in_([workflow.value for workflow in _OF_PEOPLE]),
        ),
        and_(
            matters.c.case_ref.in_(bindparam("cases", expanding=True)),
            matters.c.workflow.in_([workflow.value for workflow in _OF_CASES]),
        ),
    ),
)


# -- mornings
def cancel(acts: Acts) -> None:
    """Sessions of today that cannot take place, by whoever of the two is there."""
    for one in _todays(acts):
        parties = (ref for ref in (one.supervisor, one.supervisee) if ref)
        away = next((ref for ref in parties if acts.directory.away(ref, acts.today)), None)
        key = (one.supervisee, one.kind, acts.today)
        if away is not None:
            _cancel_for(acts, one, away)
        elif acts.able(one.supervisor) and acts.chance.happens(_CANCELLED, *key, "cancelled"):
            cause = acts.chance.pick((Cause.diary, Cause.diary, Cause.emergency, Cause.other), *key, "cause")
            by = acts.chance.pick((one.supervisor, one.supervisee or one.supervisor), *key, "by")
            acts.move(one.id, "cancel", CancelSession(cause=cause, reason=_REASONS[cause]), by)


def _cancel_for(acts: Acts, one: Seen, away: str) -> None:
    other = one.supervisee if away == one.supervisor else one.supervisor
    absence = acts.directory.away(away, acts.today)
    if absence is None or not acts.able(other):
        return
    ill = absence.cause in (AbsenceCause.sickness, AbsenceCause.unplanned)
    cause = Cause.sickness if ill else Cause.leave
    acts.move(one.id, "cancel", CancelSession(cause=cause, whose=away, reason=_REASONS[cause]), other)


def _todays(acts: Acts) -> list[Seen]:
    booked = [one for one in acts.waiting(Workflow.session) if one.state == "scheduled"]
    return [one for one in booked if starts_on(one) == acts.today]


def replace_cancelled(acts: Acts) -> None:
    """New dates for what was cancelled, by the supervisor, or by a manager where it is late."""
    for owed in acts.waiting(Workflow.cancellation):
        if owed.state == "awaiting_rebooking" and not _is_reported_late(acts, owed):
            _rebook(acts, owed)
        elif owed.state in ("with_line_manager", "with_senior_manager"):
            _direct(acts, owed)


def _rebook(acts: Acts, owed: Seen) -> None:
    key = _key(owed)
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
    kind = SessionKind(owed.kind or "")
    if kind is SessionKind.group:
        starts, members = clock(day, STARTS[-1]), owed.data["participants"]
        data = OpenSession(kind=kind, starts_at=starts, minutes=60, participants=members)
    else:
        data = session(acts, owed.supervisee, kind, day, _still_theirs(acts, owed.supervisee, owed.data["cases"]))
    return acts.open(Workflow.session, data, owed.supervisor)


def _still_theirs(acts: Acts, worker: str | None, refs: Iterable[str]) -> list[str]:
    """Those of some cases that are still open and with this worker."""
    known = acts.cases(refs)
    return [ref for ref in refs if known[ref].worker == worker and known[ref].closed_on is None]


def _direct(acts: Acts, owed: Seen) -> None:
    """A manager who was asked directs a date, or excuses it."""
    if not acts.able(owed.holder) or not acts.working_days_since(local_day(owed.last_at), _DECIDES_AFTER):
        return
    day = free_day(acts, (owed.supervisee, owed.supervisor), acts.today + 3 * _DAY, acts.today + 7 * _DAY)
    if day and acts.able(owed.supervisor) and acts.chance.happens(0.7, *_key(owed), "directed"):
        starts = clock(day, acts.chance.pick(STARTS, *_key(owed), day))
        data = Direct(starts_at=starts, reason="It has waited long enough: please hold it on this day.")
        acts.move(owed.id, "direct", data, owed.holder)
    else:
        reason = Reason(reason="The next regular session takes everything up.")
        acts.move(owed.id, "excuse", reason, owed.holder)


def _key(owed: Seen) -> tuple[object, ...]:
    return owed.supervisee, owed.kind, owed.opened_at


# -- afternoons
def hold(acts: Acts) -> None:
    """Report today's sessions, and now and then one that was forgotten."""
    held = [
        one for one in _todays(acts)
        if acts.able(one.supervisor)
        and not acts.chance.happens(_FORGOTTEN, one.supervisee, one.kind, one.data["starts_at"], "forgotten")
    ]  # fmt: skip
    _know(acts, held)
    for one in held:
        _report(acts, one, one.id, None)
    for owed in acts.waiting(Workflow.cancellation):
        after = acts.chance.whole(1, 4, *_key(owed), "reported after")
        if _is_reported_late(acts, owed) and acts.working_days_since(local_day(owed.opened_at), after) and owed.parent:
            _report_late(acts, owed, owed.parent)


def _know(acts: Acts, held: Iterable[Seen]) -> None:
    """Read at once what the reports of these sessions will look for."""
    people = sorted({one.supervisee for one in held if one.supervisee})
    cases = sorted({ref for one in held for ref in one.data["cases"]})
    acts.work.load([row.id for row in acts.see(_TOUCHED, people=people, cases=cases)])
    for workflow in _OF_PEOPLE:
        for ref in people:
            acts.work.hand.holds(Selector(workflow, supervisee=ref))
    for workflow in _OF_CASES:
        for ref in cases:
            acts.work.hand.holds(Selector(workflow, case=ref))
    acts.cases(cases)


def _is_reported_late(acts: Acts, owed: Seen) -> bool:
    """Whether a missed session took place after all, which its supervisor will say some day soon."""
    missed = owed.data["cause"] == Cause.missed and owed.state == "awaiting_rebooking"
    return missed and acts.able(owed.supervisor) and acts.chance.happens(_REPORTED_LATE, *_key(owed), "reported late")


def _report_late(acts: Acts, owed: Seen, missed: UUID) -> None:
    session = acts.work.look(missed)
    if session.state == "missed":
        one = owed._replace(data={**owed.data, "starts_at": session.data["starts_at"], "minutes": 60})
        _report(acts, one, missed, "The report was forgotten in a full week.")


def _report(acts: Acts, one: Seen, session_id: UUID, reason: str | None) -> None:
    ended = datetime.fromisoformat(one.data["starts_at"]) + timedelta(minutes=one.data["minutes"])
    cases = [
        ref for ref in _still_theirs(acts, one.supervisee, one.data["cases"])
        if not acts.chance.happens(_NOT_REACHED, ref, acts.today, "not reached")
    ]  # fmt: skip
    data = HoldSession(held_at=ended, minutes=one.data["minutes"], cases=cases, reason=reason)
    acts.move(session_id, "hold", data, one.supervisor)

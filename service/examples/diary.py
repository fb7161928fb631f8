"""Keeping a diary: sessions are booked before they are due, on days on which both are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from service.examples.acts import Acts, clock
from service.examples.leave import on_leave
from service.examples.scene import Duty, Seen
from workflows.calendar import LONDON, local_day
from workflows.intervals import PROFESSIONAL, length, person_due, person_interval
from workflows.model import Selector
from workflows.payloads import OneOfTheTwo, OpenSession
from workflows.vocabulary import SessionKind, Unit, Workflow

_DAY = timedelta(days=1)
#: Sessions start at one of these London times and are over before the afternoon's reports.
STARTS = ("09:45", "10:30", "11:15", "13:00", "13:45", "14:30")
_MINUTES = (45, 60, 75)
#: Days ahead of which sessions are booked; cases that come up between two sessions get one of their own.
_AHEAD, _AHEAD_FOR_CASES = 12 * _DAY, 6 * _DAY
#: Days that an interval lasts at most to count as a short one; days before the end of a month, and of an interval.
_SHORT, _SLOT, _SLACK = 15, (2, 20), 5
#: A session takes up as many cases as there is time for.
_MOST_CASES = 8
#: How often the worker is to enter what is said of cases, where the two may choose.
_ENTERED_BY_WORKERS = 0.3
_OWN = (SessionKind.personal.value, SessionKind.combined.value)


def book(acts: Acts) -> None:
    """Book what comes up: own supervision first, then cases that cannot wait for it."""
    sessions = acts.waiting(Workflow.session)
    taken = {(m.supervisee, m.supervisor) for m in (*sessions, *acts.waiting(Workflow.cancellation)) if m.kind in _OWN}
    people = _duties(acts, Workflow.entitlement)
    wanted = {}
    for duty in people:
        if duty.kind != PROFESSIONAL and (duty.supervisee, duty.supervisor) not in taken and _may_book(acts, duty):
            day = _day_for_person(acts, duty)
            if day and day <= acts.today + _AHEAD:
                wanted[duty.supervisee, duty.supervisor] = day
    cases = _duties(acts, Workflow.frequency)
    booked = {ref for one in sessions for ref in one.data["cases"]}
    _know(acts, sessions, {supervisor for _, supervisor in wanted})
    _book_own(acts, wanted, cases, booked)
    _book_cases(acts, cases, booked)
    _book_professional(acts, people, sessions)


def _duties(acts: Acts, workflow: Workflow) -> list[Duty]:
    """The duties towards those whose supervisor is still the one who owes them."""
    owed = [duty for duty in acts.scene.duties if duty.workflow == workflow]
    return [duty for duty in owed if acts.directory.supervisor_of(duty.supervisee) == duty.supervisor]


def _may_book(acts: Acts, duty: Duty) -> bool:
    """Whether the supervisor is there to book it, and the other one not away for nobody knows how long."""
    ill = acts.directory.away(duty.supervisee, acts.today) and not on_leave(acts.chance, duty.supervisee, acts.today)
    return acts.able(duty.supervisor) and not ill


def _know(acts: Acts, sessions: Iterable[Seen], supervisors: set[str]) -> None:
    """Read at once what bookings will look for: the other sessions of whoever books."""
    acts.work.load([one.id for one in sessions if one.supervisor in supervisors])
    for supervisor in sorted(supervisors):
        acts.work.hand.holds(Selector(Workflow.session, supervisor=supervisor))


# -- people's own supervision
def _book_own(acts: Acts, wanted: dict[tuple[str, str], date], cases: Iterable[Duty], booked: set[str]) -> None:
    """A session for each, with the cases that come up before the one after it."""
    by_worker: dict[str, list[Duty]] = defaultdict(list)
    for duty in sorted(cases, key=lambda duty: (duty.due, duty.case or "")):
        by_worker[duty.supervisee].append(duty)
    for (ref, supervisor), day in wanted.items():
        following = day + _interval(acts, ref) * _DAY
        due = [d.case for d in by_worker[ref] if d.case and d.due <= following and d.case not in booked][:_MOST_CASES]
        kind = SessionKind.combined if due else SessionKind.personal
        acts.open(Workflow.session, session(acts, ref, kind, day, due), supervisor)
        booked |= set(due)


def _interval(acts: Acts, ref: str) -> int:
    """About how many days lie between two sessions."""
    person = acts.directory.people[ref]
    every = length(person_interval(acts.policy, person, None))
    if person.nqsw_start and acts.policy.entitlement.nqsw:
        calendar = acts.work.picture.calendar
        due = person_due(acts.policy, person, None, "held", acts.today, calendar, held=True).due
        every = min(every, (local_day(due) - acts.today).days if due else every)
    return int(every)


def _day_for_person(acts: Acts, duty: Duty) -> date | None:
    """The day that the two would choose: near the end of a rolling interval, anywhere in a calendar month."""
    if duty.due > acts.today + _AHEAD + _SLOT[1] * _DAY:
        return None
    every = _interval(acts, duty.supervisee)
    unit = person_interval(acts.policy, acts.directory.people[duty.supervisee], None).unit
    if unit is Unit.calendar_months and every > _SHORT:
        slack = acts.chance.whole(*_SLOT, duty.supervisee, "slot")
    else:
        slack = acts.chance.whole(0, 2 if every <= _SHORT else _SLACK, duty.supervisee, "slack", duty.due)
    return free_day(acts, (duty.supervisee, duty.supervisor), duty.due - slack * _DAY, duty.due)


def free_day(acts: Acts, people: Iterable[str | None], wanted: date, last: date) -> date | None:
    """A working day after today on which nobody has leave: the wanted one, or near it, by `last` if possible."""
    first = acts.today + _DAY
    near = max(wanted, first)
    before = [near - n * _DAY for n in range(1, 8) if near - n * _DAY >= first]
    after = [near + n * _DAY for n in range(21)]
    days = sorted((*before, *after), key=lambda day: (day > last, abs((day - near).days)))
    there = (day for day in days if not any(on_leave(acts.chance, ref, day) for ref in people))
    return next(filter(acts.work.picture.calendar.works, there), None)


def session(acts: Acts, ref: str | None, kind: SessionKind, day: date, cases: Iterable[str]) -> OpenSession:
    """A booking on a day, at a time and for as long as chance has it."""
    starts = clock(day, acts.chance.pick(STARTS, ref, kind, day))
    minutes = acts.chance.pick(_MINUTES, ref, "minutes", day)
    return OpenSession(
        supervisee=ref, kind=kind, starts_at=starts, minutes=minutes, cases=list(cases),
        case_recorder=_case_recorder(acts, ref, kind, day),
    )  # fmt: skip


def _case_recorder(acts: Acts, ref: str | None, kind: SessionKind, day: date) -> OneOfTheTwo | None:
    """Now and then the worker enters what is said of cases, where the policy lets the two choose (NS-78)."""
    rule = acts.policy.record.case.recorder
    chosen = rule is not None and rule.named_in == "session" and kind is not SessionKind.personal
    return "supervisee" if chosen and acts.chance.happens(_ENTERED_BY_WORKERS, ref, "case recorder", day) else None


# -- cases that cannot wait
def _book_cases(acts: Acts, cases: Iterable[Duty], booked: set[str]) -> None:
    """One session for all of a worker's cases that come up before anything that is booked."""
    urgent: dict[tuple[str, str], list[Duty]] = defaultdict(list)
    for duty in cases:
        soon = duty.due <= acts.today + _AHEAD_FOR_CASES
        if soon and duty.case not in booked and _may_book(acts, duty):
            urgent[duty.supervisee, duty.supervisor].append(duty)
    for (ref, supervisor), duties in urgent.items():
        last = min(duty.due for duty in duties)
        day = free_day(acts, (ref, supervisor), last - _DAY, last)
        if day:
            due = [duty.case for duty in duties if duty.case][:_MOST_CASES]
            acts.open(Workflow.session, session(acts, ref, SessionKind.case, day, due), supervisor)


# -- professional supervision
def _book_professional(acts: Acts, people: Iterable[Duty], sessions: Iterable[Seen]) -> None:
    """A group for those whose own supervisor has another profession, led by somebody of theirs (HAR-13)."""
    groups = {ref for one in sessions if one.kind == SessionKind.group for ref in one.data["participants"]}
    waiting = [duty for duty in people if duty.kind == PROFESSIONAL and duty.supervisee not in groups]
    leader = _leader(acts, waiting[0].supervisee) if waiting else None
    if leader is None:
        return
    last = min(duty.due for duty in waiting)
    day = free_day(acts, (leader,), last - 2 * _DAY, last)
    if day is None or day > acts.today + _AHEAD:
        return
    own = acts.directory.supervised_by(leader)[:1]
    members = sorted({*own, *(duty.supervisee for duty in waiting)} - {leader})
    starts = clock(day, STARTS[-1])
    data = OpenSession(kind=SessionKind.group, starts_at=starts, minutes=_MINUTES[-1], participants=members)
    acts.open(Workflow.session, data, leader)


def _leader(acts: Acts, ref: str) -> str | None:
    """Somebody of the same profession who supervises others of it."""
    directory = acts.directory
    profession = directory.people[ref].registration
    found = (
        other.ref
        for other in sorted(directory.people.values(), key=lambda person: person.ref)
        if other.registration == profession and other.ref != ref and acts.able(other.ref)
        and any(directory.people[one].registration == profession for one in directory.supervised_by(other.ref))
    )  # fmt: skip
    return next(found, None)


def starts_on(session: Seen) -> date:
    """The local date of a session."""
    return datetime.fromisoformat(session.data["starts_at"]).astimezone(LONDON).date()

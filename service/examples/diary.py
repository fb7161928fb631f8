"""Keeping a diary: sessions are booked before they are due, on days on which both are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row

from service.examples.acts import Acts, Seen, clock
from service.examples.duties import duties, duties_to, last_day
from service.examples.leave import on_leave
from workflows.calendar import LONDON
from workflows.intervals import PROFESSIONAL, length, person_due, person_interval
from workflows.payloads import OpenSession
from workflows.vocabulary import SessionKind, Unit, Workflow

_DAY = timedelta(days=1)
#: Sessions start at one of these London times and are over before the afternoon's reports.
STARTS = ("09:45", "10:30", "11:15", "13:00", "13:45", "14:30")
_MINUTES = (45, 60, 75)
#: Days ahead of which sessions are booked; cases that come up between two sessions get one of their own.
_AHEAD, _AHEAD_FOR_CASES = 12, 6
#: Days that an interval lasts at most to count as a short one, and the days of a month in a calendar-month policy.
_SHORT, _SLOT = 15, (2, 20)
#: A session takes up as many cases as there is time for.
_MOST_CASES = 8
_OWN = (SessionKind.personal.value, SessionKind.combined.value)


def book(acts: Acts) -> None:
    """Book what comes up: own supervision first, then cases that cannot wait for it."""
    sessions = acts.see_open(Workflow.session)
    cancellations = acts.see_open(Workflow.cancellation)
    taken = {(m.supervisee, m.supervisor) for m in (*sessions, *cancellations) if m.kind in _OWN}
    people = [row for row in duties(acts, Workflow.entitlement, acts.today + 3 * _AHEAD * _DAY) if row.supervisee]
    wanted = {}
    for row in people:
        if row.kind != PROFESSIONAL and (row.supervisee, row.supervisor) not in taken and acts.able(row.supervisor):
            day = _day_for_person(acts, row)
            if day and day <= acts.today + _AHEAD * _DAY:
                wanted[row.supervisee, row.supervisor] = day
    booked = {ref for session in sessions for ref in _covered(session)}
    _book_own(acts, wanted, booked)
    _book_cases(acts, booked)
    _book_professional(acts, people, sessions)


# -- people's own supervision
def _book_own(acts: Acts, wanted: dict[tuple[str, str], date], booked: set[str]) -> None:
    """A session for each, with the cases that come up before the one after it."""
    if not wanted:
        return
    until = max(wanted.values()) + 60 * _DAY
    by_worker: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in duties_to(acts, {ref for ref, _ in wanted}, Workflow.frequency, until):
        by_worker[row.supervisee].append(row)
    for (ref, supervisor), day in wanted.items():
        following = day + _interval(acts, ref) * _DAY
        due = sorted(by_worker[ref], key=lambda row: (last_day(row.due, acts.today), row.case))
        cases = [row.case for row in due if last_day(row.due, acts.today) <= following and row.case not in booked]
        _book_one(acts, ref, supervisor, day, cases[:_MOST_CASES])
        booked |= set(cases[:_MOST_CASES])


def _interval(acts: Acts, ref: str) -> int:
    """About how many days lie between two sessions."""
    person = acts.directory.people[ref]
    every = length(person_interval(acts.policy, person, None))
    if person.nqsw_start and acts.policy.entitlement.nqsw:
        calendar = acts.work.picture.calendar
        due = person_due(acts.policy, person, None, "held", acts.today, calendar, held=True).due
        every = min(every, (last_day(due, acts.today) - acts.today).days)
    return int(every)


def _day_for_person(acts: Acts, row: Row[Any]) -> date | None:
    """The day that the two would choose: near the end of a rolling interval, anywhere in a calendar month."""
    last, every = last_day(row.due, acts.today), _interval(acts, row.supervisee)
    unit = person_interval(acts.policy, acts.directory.people[row.supervisee], None).unit
    if unit is Unit.calendar_months and every > _SHORT:
        slack = acts.chance.whole(*_SLOT, row.supervisee, "slot")
    else:
        slack = acts.chance.whole(0, 2 if every <= _SHORT else 5, row.supervisee, "slack", last)
    return free_day(acts, (row.supervisee, row.supervisor), last - slack * _DAY, last)


def free_day(acts: Acts, people: Iterable[str | None], wanted: date, last: date) -> date | None:
    """A working day after today on which nobody has leave: the wanted one, or near it, by `last` if possible."""
    first = acts.today + _DAY
    near = max(wanted, first)
    before = [near - n * _DAY for n in range(1, 8) if near - n * _DAY >= first]
    after = [near + n * _DAY for n in range(21)]
    days = sorted((*before, *after), key=lambda day: (day > last, abs((day - near).days)))
    works = acts.work.picture.calendar.works
    return next((day for day in days if works(day) and not any(on_leave(acts.chance, ref, day) for ref in people)), None)


def _book_one(acts: Acts, ref: str, supervisor: str, day: date, cases: list[str]) -> None:
    kind = SessionKind.combined if cases else SessionKind.personal
    acts.open(Workflow.session, session(acts, ref, kind, day, cases), supervisor)


def session(acts: Acts, ref: str | None, kind: SessionKind, day: date, cases: Iterable[str]) -> OpenSession:
    """A booking on a day, at a time and for as long as chance has it."""
    starts = clock(day, acts.chance.pick(STARTS, ref, kind, day))
    minutes = acts.chance.pick(_MINUTES, ref, "minutes", day)
    return OpenSession(supervisee=ref, kind=kind, starts_at=starts, minutes=minutes, cases=list(cases))


# -- cases that cannot wait
def _book_cases(acts: Acts, booked: set[str]) -> None:
    """One session for all of a worker's cases that come up before anything that is booked."""
    urgent: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in duties(acts, Workflow.frequency, acts.today + _AHEAD_FOR_CASES * _DAY):
        if row.case not in booked and acts.able(row.supervisor):
            urgent[row.supervisee, row.supervisor].append(row)
    for (ref, supervisor), rows in urgent.items():
        last = min(last_day(row.due, acts.today) for row in rows)
        day = free_day(acts, (ref, supervisor), last - _DAY, last)
        if day:
            cases = [row.case for row in rows[:_MOST_CASES]]
            acts.open(Workflow.session, session(acts, ref, SessionKind.case, day, cases), supervisor)


def _covered(session: Seen) -> Iterator[str]:
    """The cases that a booked session will take up."""
    yield from session.data["cases"]


# -- professional supervision
def _book_professional(acts: Acts, people: Iterable[Row[Any]], sessions: Iterable[Seen]) -> None:
    """A group for those whose own supervisor has another profession, led by somebody of theirs (HAR-13)."""
    groups = {ref for one in sessions if one.kind == SessionKind.group for ref in one.data["participants"]}
    waiting = [row for row in people if row.kind == PROFESSIONAL and row.supervisee not in groups]
    leader = _leader(acts, waiting[0].supervisee) if waiting else None
    if leader is None:
        return
    last = min(last_day(row.due, acts.today) for row in waiting)
    day = free_day(acts, (leader,), last - 2 * _DAY, last)
    if day is None or day > acts.today + _AHEAD * _DAY:
        return
    own = acts.directory.supervised_by(leader)[:1]
    members = sorted({*own, *(row.supervisee for row in waiting)} - {leader})
    starts = clock(day, STARTS[-1])
    data = OpenSession(kind=SessionKind.group, starts_at=starts, minutes=_MINUTES[-1], participants=members)
    acts.open(Workflow.session, data, leader)


def _leader(acts: Acts, ref: str) -> str | None:
    """Somebody of the same profession who supervises."""
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

"""What the council's own systems send during the year: new and closed cases, leavers and who follows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from service.examples.caseload import statuses
from service.examples.councils import LIVE_FROM
from service.examples.make_files import as_csv
from service.examples.names import address, invented_names
from service.examples.staffing import person_ref
from service.imports import IMPORTS
from service.storage.council_tables import cases
from workflows.calendar import local_day
from workflows.directory import Case, Person
from workflows.model import SYSTEM

if TYPE_CHECKING:
    from service.engine.work import Work
    from service.examples.acts import Acts
    from service.examples.chance import Chance

_Rows = Iterator[dict[str, str]]
_DAY = timedelta(days=1)
#: Cases that close, and cases that come, in a month.
_CLOSED, _NEW = 6, 6
#: Months after going live at whose beginning somebody gives notice: workers, and one supervisor.
_WORKER_LEAVES, _SUPERVISOR_LEAVES = (1, 3, 5, 8, 10), (6,)
#: The notice, the days until a successor starts, and the days before the end on which cases are handed on.
_NOTICE, _GAP, _HANDS_ON = 28 * _DAY, 14 * _DAY, 3 * _DAY
#: Names to choose from for those who come later: more than the council ever has people.
_NAMES = 90
_WORKERS = frozenset({"social_worker", "learning_mentor"})
_MANAGERS = frozenset({"team_manager", "designated_safeguarding_lead"})


def send_exports(acts: Acts) -> None:
    """Import what the council's systems have to say this morning, which on most mornings is nothing."""
    export = _Export(acts.work, acts.chance)
    for what, rows in (("people", export.people()), ("cases", export.cases())):
        listed = list(rows)
        for columns in dict.fromkeys(tuple(row) for row in listed):
            text = as_csv([row for row in listed if tuple(row) == columns])
            IMPORTS[what](acts.work, text.encode(), SYSTEM, dry_run=False)


class _Export:
    def __init__(self, work: Work, chance: Chance) -> None:
        self.work, self.chance, self.today = work, chance, local_day(work.now)
        self.people_listed = work.picture.directory.people
        #: Months since going live, where this is the first working day of one.
        self.month = self._month()

    def _month(self) -> int | None:
        works = self.work.picture.calendar.works
        first = next(day for n in range(self.today.day) if works(day := self.today.replace(day=1) + n * _DAY))
        if first != self.today:
            return None
        return 12 * (self.today.year - LIVE_FROM.year) + self.today.month - LIVE_FROM.month

    # -- people
    def people(self) -> _Rows:
        """Who gives notice with who is to follow, and new managers taking over."""
        if self.month in _WORKER_LEAVES:
            yield from self._notice(_WORKERS)
        if self.month in _SUPERVISOR_LEAVES:
            yield from self._notice(_MANAGERS)
        for person in self.people_listed.values():
            if person.job_role in _MANAGERS and person.start_date == self.today:
                yield from self._take_over(person)

    def _notice(self, job_roles: frozenset[str]) -> _Rows:
        """Somebody leaves in four weeks; a successor of the same post starts two weeks later."""
        staying = [p for _, p in sorted(self.people_listed.items()) if p.job_role in job_roles and p.end_date is None]
        leaver = self.chance.pick([p for p in staying if p.in_post(self.today)], "leaver", self.today)
        ends = self.today + _NOTICE
        starts = self.work.picture.calendar.first_working_day(ends + _GAP)
        number, taken = len(self.people_listed) + 1, {person.name for person in self.people_listed.values()}
        name = next(name for name in invented_names(self.chance, _NAMES) if name not in taken)
        yield {**_row(leaver), "end_date": ends.isoformat()}
        yield {
            **_row(leaver), "ref": person_ref(number), "name": name, "email": address(name), "nqsw_start": "",
            "end_date": "", "start_date": starts.isoformat(),
        }  # fmt: skip

    def _take_over(self, manager: Person) -> _Rows:
        """A new manager's team: those whose manager has left, and of them those who are supervised from outside."""
        gone = {p.ref for p in self.people_listed.values() if p.end_date and p.end_date < self.today}
        for person in self.people_listed.values():
            if person.line_manager in gone and person.team == manager.team:
                above = self.people_listed.get(person.supervisor or "")
                outside = above is None or above.team != person.team
                supervisor = manager.ref if outside else person.supervisor or ""
                yield {**_row(person), "line_manager_ref": manager.ref, "supervisor_ref": supervisor}

    # -- cases
    def cases(self) -> _Rows:
        """What leavers hand on, and once a month what closed and what came."""
        leaving = {p.ref: p for p in self.people_listed.values() if p.end_date and self._hands_on(p.end_date)}
        if not leaving and self.month is None:
            return
        listed = self._listed()
        load = Counter(case.worker for case in listed.values() if case.closed_on is None)
        for case in listed.values():
            if case.worker in leaving and case.closed_on is None:
                yield {
                    "ref": case.ref,
                    "worker_ref": self._least(load, leaving[case.worker]),
                    "category": case.category,
                }
        if self.month:
            yield from self._closed(listed)
            yield from self._new(len(listed), load)

    def _hands_on(self, ends: date) -> bool:
        """Whether these are somebody's last days, or the first ones after them."""
        return ends - _HANDS_ON <= self.today <= ends + _HANDS_ON

    def _listed(self) -> dict[str, Case]:
        query = select(cases.c.ref).where(cases.c.organisation_id == self.work.organisation.id)
        return dict(sorted(self.work.store.cases(self.work.connection.execute(query).scalars()).items()))

    def _least(self, load: Counter[str], like: Person) -> str:
        """Who of those with cases has fewest, in the same team if there is anybody."""
        here = [ref for ref in load if self._stays(ref) and ref != like.ref]
        team = [ref for ref in here if self.people_listed[ref].team == like.team]
        least = min(team or here, key=lambda ref: (load[ref], ref))
        load[least] += 1
        return least

    def _stays(self, ref: str) -> bool:
        person = self.people_listed[ref]
        return person.end_date is None and person.in_post(self.today)

    def _closed(self, listed: dict[str, Case]) -> _Rows:
        opened = [case for case in listed.values() if case.closed_on is None and self._stays(case.worker)]
        for case in self.chance.shuffled(opened, "closed", self.today)[:_CLOSED]:
            row = {"ref": case.ref, "worker_ref": case.worker, "category": case.category}
            yield {**row, "closed_on": self.today.isoformat()}

    def _new(self, known: int, load: Counter[str]) -> _Rows:
        """New cases go to whoever has fewest; somebody who has just started counts as well."""
        for ref, person in self.people_listed.items():
            if person.job_role in _WORKERS and self._stays(ref):
                load.setdefault(ref, 0)
        for number in range(known + 1, known + 1 + _NEW):
            worker = self._least(load, Person(""))
            status = self.chance.pick(statuses(self.work.organisation.policy_id, number), number, "status")
            yield {
                "ref": f"c{number:03}", "worker_ref": worker, "team": self.people_listed[worker].team,
                "category": status.category, "criteria": status.criteria, "allocated_on": self.today.isoformat(),
            }  # fmt: skip


def _row(person: Person) -> dict[str, str]:
    """A person as the council's list has them, in the columns that may change."""
    days = {"start_date": person.start_date, "end_date": person.end_date, "nqsw_start": person.nqsw_start}
    return {
        "ref": person.ref, "name": person.name, "email": person.email, "job_role": person.job_role,
        "team": person.team, "line_manager_ref": person.line_manager or "",
        "supervisor_ref": person.supervisor or "", "professional_registration": person.registration,
        "setting": person.setting, **{name: day.isoformat() if day else "" for name, day in days.items()},
    }  # fmt: skip

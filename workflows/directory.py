"""Who works for a council on a day: posts, the line of management, absences and cover, as one frozen picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from msgspec import Struct

from workflows.vocabulary import AbsenceCause, Role


class Person(Struct, frozen=True):
    """One person as the council's own list has them; `cover` supervises them while their supervisor is away."""

    ref: str
    name: str = ""
    email: str = ""
    job_role: str = ""
    team: str = ""
    line_manager: str | None = None
    supervisor: str | None = None
    cover: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    app_roles: frozenset[Role] = frozenset()
    nqsw_start: date | None = None
    #: The last day of a newly qualified worker's first year, where that was made longer.
    nqsw_extended_to: date | None = None
    registration: str = ""
    setting: str = ""
    #: Since when they are supervised by whoever supervises them now (local date).
    supervised_since: date | None = None
    #: The opening position: when supervision last took place before the service kept it.
    last_supervised_on: date | None = None
    #: The opening position: when the agreement with today's supervisor was signed before the service kept it.
    agreement_signed_on: date | None = None
    #: Notices to this person come back undelivered.
    bounces: bool = False

    def in_post(self, on: date) -> bool:
        """Whether they are employed on a local date; the last day of employment counts."""
        return (self.start_date is None or self.start_date <= on) and not self.has_left(on)

    def has_left(self, on: date) -> bool:
        """Whether their employment was over before a local date."""
        return self.end_date is not None and self.end_date < on


class Away(Struct, frozen=True):
    """One absence: local dates, both included; without `last_day` it is still going on."""

    matter: UUID
    person: str
    first_day: date
    last_day: date | None
    cause: AbsenceCause

    def covers(self, on: date) -> bool:
        """Whether the person is away on a local date."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)


class Case(Struct, frozen=True):
    """A child's or adult's case, by reference only."""

    ref: str
    worker: str
    category: str
    criteria: frozenset[str] = frozenset()
    allocated_on: date | None = None
    closed_on: date | None = None
    plan_review_weeks: int | None = None
    rating: str | None = None
    rating_approved_by: str | None = None
    rating_approved_on: date | None = None
    last_supervised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """The people of one organisation at one version, with what rules ask about them."""

    people: Mapping[str, Person]
    absences: Mapping[str, tuple[Away, ...]] = field(default_factory=dict)
    #: Everybody who is somebody's line manager.
    managers: frozenset[str] = frozenset()
    _below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), repr=False, compare=False)
    _listed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list), repr=False, compare=False)
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(people: Iterable[Person], absences: Iterable[Away] = ()) -> Directory:
        """A directory of these people and absences."""
        away: dict[str, list[Away]] = defaultdict(list)
        for absence in absences:
            away[absence.person].append(absence)
        listed = {p.ref: p for p in people}
        managers = frozenset(p.line_manager for p in listed.values() if p.line_manager)
        directory = Directory(listed, {ref: tuple(rows) for ref, rows in away.items()}, managers)
        for person in directory.people.values():
            supervisor = person.cover or person.supervisor
            if supervisor:
                directory._below[supervisor].append(person.ref)
            if person.supervisor:
                directory._listed[person.supervisor].append(person.ref)
        return directory

    def with_absences(self, ref: str, absences: tuple[Away, ...]) -> Directory:
        """The same people, one of them with these absences."""
        return replace(self, absences={**self.absences, ref: absences})

    def get(self, ref: str | None) -> Person | None:
        """The person, or None where nobody has the ref."""
        return self.people.get(ref) if ref else None

    def in_post(self, ref: str, on: date) -> bool:
        """Whether somebody with this ref is employed on a local date."""
        person = self.people.get(ref)
        return person is not None and person.in_post(on)

    def away(self, ref: str, on: date) -> Away | None:
        """The absence that covers a local date, if any."""
        return next((a for a in self.absences.get(ref, ()) if a.covers(on)), None)

    def at_work(self, ref: str | None, on: date) -> bool:
        """Whether somebody is in post and not away on a local date."""
        return ref is not None and self.in_post(ref, on) and self.away(ref, on) is None

    def manager_of(self, ref: str | None) -> str | None:
        """The line manager on the list, whoever they are and wherever they are."""
        person = self.get(ref)
        return person.line_manager if person else None

    def line(self, ref: str | None) -> tuple[str, ...]:
        """The line of management above somebody, nearest first; a cycle ends it."""
        if ref is None:
            return ()
        if ref not in self._lines:
            above: list[str] = []
            manager = self.manager_of(ref)
            while manager and manager != ref and manager not in above:
                above.append(manager)
                manager = self.manager_of(manager)
            self._lines[ref] = tuple(above)
        return self._lines[ref]

    def accountable_for(self, ref: str | None, on: date) -> str | None:
        """Who answers for somebody's work: their line manager, or the next one up who is there while that one is away.

        Where nobody above is there it stays with the line manager.
        """
        there = (above for above in self.line(ref) if self.at_work(above, on))
        return next(there, self.manager_of(ref))

    def supervisor_of(self, ref: str | None) -> str | None:
        """Who supervises somebody today: whoever covers, else the supervisor on the list."""
        person = self.get(ref)
        return (person.cover or person.supervisor) if person else None

    def answers_for(self, ref: str, person: str) -> bool:
        """Whether somebody supervises a person today, or stands in the line above them."""
        return ref == self.supervisor_of(person) or ref in self.line(person)

    def supervised_by(self, ref: str) -> tuple[str, ...]:
        """Everybody whom this person supervises today, cover included, in the order of the list."""
        return tuple(self._below.get(ref, ()))

    def on_the_list_of(self, ref: str) -> tuple[str, ...]:
        """Everybody whose supervisor on the list this is, whoever covers."""
        return tuple(self._listed.get(ref, ()))

    def with_job(self, job_role: str, setting: str, on: date) -> tuple[str, ...]:
        """People in post with a job role, in one setting where one is named, in the order of their refs."""
        return tuple(
            ref
            for ref, p in sorted(self.people.items())
            if p.job_role == job_role and setting in ("", p.setting) and p.in_post(on)
        )

    def with_app_role(self, role: Role, on: date) -> tuple[str, ...]:
        """People in post with a role in the service."""
        return tuple(ref for ref, p in sorted(self.people.items()) if role in p.app_roles and p.in_post(on))

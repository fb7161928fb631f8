"""One move being taken: what a rule reads, and the calls with which it says what follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.calendar import local_day
from workflows.model import (
    LIVE,
    Actor,
    Admission,
    Consequence,
    Deadline,
    Facts,
    Incident,
    Ladder,
    Matter,
    Notice,
    Opening,
    PersonChange,
    Selector,
    child_id,
    fires_at,
)
from workflows.receipts import Counted, Pause, Term, count, iso
from workflows.vocabulary import Role, Status, Workflow

#: Enforcement that lags more than this behind its clock starts people's windows at the enforcement (workflows.md).
LAG = timedelta(hours=1)


class Turn(Struct):
    """A move on its way. Rules call its methods; the machine turns what they said into a Decision.

    `now` is the instant that the step is dated with. Nothing outside this object changes.
    """

    matter: Matter
    trigger: str
    actor: Actor
    role: Role
    now: datetime
    facts: Facts
    enforces: dict[str, str]
    kept: dict[str, Any] = field(default_factory=dict)
    noted: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    deadlines: dict[int, Deadline] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    people: list[PersonChange] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    admissions: list[Admission] = field(default_factory=list)
    destroyed: list[UUID] = field(default_factory=list)
    clause: str | None = None
    #: What becomes of the matter's own columns: holder, ladder, parties.
    columns: dict[str, Any] = field(default_factory=dict)
    deadline_count: int = 0

    # -- reading
    @property
    def on(self) -> date:
        """The local date of the move."""
        return local_day(self.now)

    @property
    def data(self) -> dict[str, Any]:
        """The matter's data with what this move has kept so far."""
        return {**self.matter.data, **self.kept}

    @property
    def window_start(self) -> datetime:
        """When the windows that this move starts for people begin (an instant)."""
        return self.facts.clock if self.facts.clock - self.now > LAG else self.now

    @property
    def holder(self) -> str | None:
        """Whose turn it is, as of this move."""
        holder: str | None = self.columns.get("holder", self.matter.holder)
        return holder

    @property
    def supervisor(self) -> str | None:
        """The supervisor of the matter, as of this move."""
        supervisor: str | None = self.columns.get("supervisor", self.matter.supervisor)
        return supervisor

    @property
    def ladder(self) -> Ladder | None:
        """The frozen line of an escalation that has started."""
        ladder: Ladder | None = self.columns.get("ladder", self.matter.ladder)
        return ladder

    def live(self, name: str) -> Deadline | None:
        """The deadline of this name that may still act, as of this move."""
        for deadline in self.deadlines.values():
            if deadline.name == name and deadline.live:
                return deadline
        found = self.matter.live(name)
        return None if found is None or found.number in self.deadlines else found

    # -- deciding
    def keep(self, **data: Any) -> None:
        """Keep structured data with the matter; never free text."""
        self.kept |= data

    def note(self, **data: Any) -> None:
        """Put structured data into this step of the history."""
        self.noted |= data

    def write(self, **texts: str | None) -> None:
        """Keep free text: it is sealed, and the history only commits to it."""
        self.texts |= {name: text for name, text in texts.items() if text}

    def hold(self, holder: str | None, role: Role | None = None, waiting_for: Iterable[str] = ()) -> None:
        """Say whose turn it is: a person, a role's queue, or several people who must all act."""
        waiting = tuple(waiting_for)
        self.columns |= {"holder": holder, "holder_role": role, "waiting_for": waiting}
        self.joined += [ref for ref in (holder, *waiting) if ref]

    def set(self, name: str, counted: Counted, *, delay: datetime | None = None) -> None:
        """Start a deadline, instead of a live one of the same name. `delay` puts off its enforcement (an instant)."""
        self.close(name, Status.superseded)
        if counted.due is not None and self._runs_from_late_enforcement(counted):
            counted.receipt["note"] = "enforced late: counted from the enforcement"
        fires = None if counted.due is None else max(fires_at(counted.due), delay or counted.due)
        status = Status.running if counted.due is not None else Status.paused
        number = self.matter.deadline_count + self.deadline_count
        self.deadline_count += 1
        self.deadlines[number] = Deadline(
            number, name, status, self.enforces[name], counted.due, fires, counted.receipt
        )

    def _runs_from_late_enforcement(self, counted: Counted) -> bool:
        start = self.window_start
        from_then = (iso(start), local_day(start).isoformat())
        return start is not self.now and any(anchor["at"] in from_then for anchor in counted.receipt["anchors"])

    def close(self, name: str, status: Status) -> None:
        """End the live deadline of this name as met, missed or superseded; nothing where there is none."""
        deadline = self.live(name)
        if deadline is not None:
            self.deadlines[deadline.number] = deadline.became(status)

    def meet(self, name: str) -> None:
        """The duty was done in time."""
        self.close(name, Status.met)

    def miss_passed(self, name: str) -> None:
        """What has passed is missed: the report that it waited for is of no use any more."""
        if self.matter.passed(name) is not None:
            self.close(name, Status.missed)

    def correct(self, name: str) -> bool:
        """Mark the last missed deadline of this name as shown false; whether there was one."""
        missed = self.matter.missed(name)
        if missed is not None:
            self.deadlines[missed.number] = replace(missed, status=Status.corrected)
        return missed is not None

    def await_report(self, deadline: Deadline, until: datetime) -> None:
        """Hold a due deadline open until the session that would meet it can no longer be reported."""
        self.deadlines[deadline.number] = deadline.became(Status.awaiting_report, fires_at(until))

    def wait_on(self, earlier: Deadline) -> None:
        """Hold open here what waits for a report on a matter whose place this one takes: as long, and as due."""
        number = self.matter.deadline_count + self.deadline_count
        self.deadline_count += 1
        self.deadlines[number] = replace(earlier, number=number, enforces=self.enforces[earlier.name])

    def end_all(self) -> None:
        """Close every live deadline: the matter has come to its end."""
        for deadline in self.matter.deadlines:
            if deadline.status in LIVE and deadline.number not in self.deadlines:
                self.deadlines[deadline.number] = deadline.became(Status.superseded)

    def count(self, term: Term, event: str, anchor: datetime | date, pauses: tuple[Pause, ...] = ()) -> Counted:
        """A deadline of `term` from an event under the council's calendar."""
        return count(term, event, anchor, self.facts.calendar, pauses)

    def tell(
        self, to: Iterable[str | None] | str | None, kind: str, subject: str, body: str = "", *, urgent: bool = False
    ) -> None:
        """Tell people something: at once where a person acted, in the next working hour where a deadline did.

        Whoever has left by then is told nothing more: their access has ended (E9).
        """
        by_itself = self.actor.is_system and not self.facts.prompted
        at = self.facts.calendar.office_instant(self.window_start) if by_itself else self.now
        on, people = local_day(at), (to,) if isinstance(to, str) or to is None else to
        for ref in dict.fromkeys(p for p in people if p):
            person = self.facts.directory.get(ref)
            if person is not None and person.has_left(on):
                continue
            self.notices.append(
                Notice(ref, kind, subject, body or subject, at, urgent, person is not None and person.bounces)
            )

    def coming_id(self, ahead: int = 0) -> UUID:
        """The id that the next matter which this move opens will have, or the one after so many others."""
        return child_id(self.matter.id, self.matter.version + 1, len(self.openings) + ahead, self.now)

    def open(self, opening: Opening) -> UUID:
        """Open another matter, as a child of this one unless it says otherwise; answers its id."""
        matter_id = self.coming_id()
        self.openings.append(opening.below(opening.parent or self.matter.id, matter_id))
        return matter_id

    def then(self, target: Selector, trigger: str, **data: Any) -> None:
        """Let a move follow on other matters, through the same door and in the same transaction."""
        self.consequences.append(Consequence(target, trigger, data))

    def destroy(self, matters: Iterable[UUID]) -> None:
        """Destroy the texts of matters and their keys with this step, which then certifies their chains as they end."""
        self.destroyed += matters

    def change(self, ref: str, field_name: str, value: str | date | None) -> None:
        """Change who covers or supervises somebody."""
        self.people.append(PersonChange(ref, field_name, value))

    def admit(self, person: str, workflow: Workflow, supervisee: str) -> None:
        """Let somebody see every matter of a workflow that a supervisee has by now; this step is the record of it."""
        self.admissions.append(Admission(person, workflow, supervisee))

    def incident(self, kind: str, detail: str) -> None:
        """Let administrators see what no rule can settle."""
        self.incidents.append(Incident(kind, detail))

    def name(self, ref: str | None) -> str:
        """A person's name for a sentence, or their ref where the list has none."""
        person = self.facts.directory.get(ref)
        return (person.name or person.ref) if person else (ref or "nobody")

"""The door: one transaction's moves, decided by rules and kept in memory until they are written together.

Everything that changes a matter comes through `Work`: people's moves, deadlines, what follows from them, and imports.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from msgspec.structs import replace

from service.engine.disposal import certified
from service.engine.picture import Organisation, Picture, away_of
from service.engine.present import READS_CASES, Present
from service.engine.rows import matter_row
from service.engine.store import Store
from service.engine.writes import Live, Writes
from service.identity.grounds import SEALED
from service.storage.history import BEGINNING
from service.storage.sealing import Sealer
from workflows.directory import Away, Directory
from workflows.machine import begin, decide, enforce
from workflows.model import SYSTEM, Actor, Deadline, Decision, Matter, Opening, Selector
from workflows.payloads import Payload
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Role, Workflow

#: More consequences than this from one move is a circle in the rules, not work.
MOST_CONSEQUENCES = 50_000


class Work(Present):
    """What one transaction does for one organisation. Nothing is written before `service.engine.writing.write`."""

    def __init__(self, store: Store, organisation: Organisation, picture: Picture, sealer: Sealer) -> None:
        super().__init__(store, organisation, picture)
        self.sealer = sealer
        self.writes = Writes(organisation.id, sealer)
        #: Whether what was decided stands in the database already, to be read back in this transaction.
        self.written = False
        #: The queues of workers in which something was left that `writes` does not show.
        self.left: set[str] = set()
        #: Deadlines, by matter and number, that no rule can decide at present: they are left as they are.
        self.parked: Collection[tuple[UUID, int]] = frozenset()
        #: The first deadline of which that was found here.
        self.undecided: tuple[UUID, int] | None = None
        #: How many deadlines were enforced, and how many of them on matters that are not sealed.
        self.enforced = self.enforced_openly = 0
        #: Told how many of the matters that a move reaches are done, and of how many: an adoption reaches thousands.
        self.progress: Callable[[int, int], object] = lambda _done, _total: None
        self._enforcing: set[UUID] = set()

    @property
    def organisation_after(self) -> Organisation:
        """The organisation as whoever comes next finds it."""
        read = self.organisation
        people, calendar = read.directory_version + self.people_changed, read.calendar_version + self.calendar_changed
        return replace(read, directory_version=people, calendar_version=calendar)

    # -- the moves
    def fire(self, matter_id: UUID, trigger: str, data: Payload, actor: Actor) -> Matter:
        """Somebody's move and all that follows from it; what is due on the matter is enforced first.

        Raises MatterUnknownError, or Refused with nothing of the move kept.
        """
        self.load((matter_id,))
        self.enforce_due(matter_id)
        self._prompted = not actor.is_system
        self._fire(matter_id, trigger, data, actor, self.now)
        self._prompted = False
        self.settle()
        return self.live[matter_id].matter

    def open(self, opening: Opening, actor: Actor, role: Role) -> Matter:
        """Open a matter and let follow what does. Raises Refused."""
        if opening.id is None:
            raise ValueError("an opening from outside needs an id")
        self._prompted = not actor.is_system
        decision = self._begin(opening, opening.id, actor, role, self.now, None)
        self._follow(decision, self.now)
        self._prompted = False
        self.settle()
        return self.live[opening.id].matter

    def open_for(self, opening: Opening, payload: Payload, actor: Actor, role: Role) -> Matter:
        """What people open: a matter of its own, or what the service has begun for the same two and they fill in.

        Raises Refused.
        """
        trigger = DEFINITIONS[opening.workflow].opening.fills
        if trigger is not None:
            begun = self._begun_for(opening, trigger)
            if begun is not None:
                return self.fire(begun.id, trigger, payload, actor)
        return self.open(opening, actor, role)

    def _begun_for(self, opening: Opening, trigger: str) -> Matter | None:
        two = Selector(opening.workflow, supervisee=opening.supervisee, supervisor=opening.supervisor)
        rows = DEFINITIONS[opening.workflow].by_trigger[trigger]
        fitting = (m for m in self.find(two) if any(m.state in row.source for row in rows))
        return next(fitting, None)

    def settle(self) -> int:
        """Enforce what was already past when it was set: a duty may begin late. How many deadlines there were."""
        fired = 0
        while touched := self.hand.touched():
            fired += sum(self.enforce_due(matter_id) for matter_id in touched)
        return fired

    def enforce_due(self, matter_id: UUID, before: datetime | None = None) -> int:
        """Enforce what has passed on one matter, each deadline dated at its own instant; how many there were.

        With `before`, only what could be enforced before that instant.
        """
        fired = 0
        if matter_id in self._enforcing:
            return 0
        self._enforcing.add(matter_id)
        try:
            while (deadline := self._first_due(self.live[matter_id].matter, before)) is not None:
                self.enforce(matter_id, deadline)
                fired += 1
        finally:
            self._enforcing.discard(matter_id)
        return fired

    def enforce(self, matter_id: UUID, deadline: Deadline) -> None:
        """Enforce one deadline that has passed, and let follow what does: time acts here, whoever came upon it.

        Raises whatever keeps it from being decided. It is `undecided` then, unless what it led to was so before.
        """
        try:
            self._enforce(matter_id, deadline)
        except Exception:
            self.undecided = self.undecided or (matter_id, deadline.number)
            raise

    def _enforce(self, matter_id: UUID, deadline: Deadline) -> None:
        prompted, self._prompted = self._prompted, False
        matter = self.live[matter_id].matter
        at = max(deadline.fires_at or self.now, matter.last_at)
        rule = DEFINITIONS[matter.workflow].deadlines[deadline.name]
        related = rule.looks_at(matter, None, self._facts(matter, None, ())) if rule.looks_at else ()
        matter = self._current(matter, at)
        facts = self._with_population(self._facts(matter, None, self._looked_at(related, matter_id)), matter)
        decision = enforce(matter, deadline, facts, at)
        self.enforced += 1
        self.enforced_openly += matter.workflow not in SEALED
        self._take(decision)
        self._follow(decision, at)
        self._prompted = prompted

    def may_enforce(self, matter_id: UUID, deadline: Deadline) -> bool:
        """Whether a deadline has passed, and nothing is known that keeps it from being decided."""
        has_passed = deadline.fires_at is not None and deadline.fires_at <= self.now
        return has_passed and (matter_id, deadline.number) not in self.parked

    def _first_due(self, matter: Matter, before: datetime | None = None) -> Deadline | None:
        ranks = DEFINITIONS[matter.workflow].deadlines
        passed = [d for d in matter.deadlines if self.may_enforce(matter.id, d)]
        if before is not None:
            passed = [d for d in passed if d.fires_at is not None and d.fires_at < before]
        return min(passed, key=lambda d: (d.fires_at, ranks[d.name].rank, d.number), default=None)

    def _fire(self, matter_id: UUID, trigger: str, data: Payload, actor: Actor, now: datetime) -> None:
        decision = self._decide(matter_id, trigger, data, actor, now)
        self._take(decision)
        self._follow(decision, now)

    def _decide(self, matter_id: UUID, trigger: str, data: Payload, actor: Actor, now: datetime) -> Decision:
        matter = self._current(self.live[matter_id].matter, now)
        at = max(now, matter.last_at)
        selectors: list[Selector] = []
        rows = DEFINITIONS[matter.workflow].by_trigger.get(trigger, ())
        for move in rows:
            if move.looks_at is not None and matter.state in move.source:
                selectors += move.looks_at(matter, data, self._facts(matter, data, ()))
        facts = self._facts(matter, data, self._looked_at(selectors, matter_id))
        if any(move.tallies for move in rows):
            facts = self._with_tallies(facts, matter.supervisee)
        return decide(matter, trigger, data, actor, facts, at)

    def _begin(
        self, opening: Opening, matter_id: UUID, actor: Actor, role: Role, now: datetime, parent: Matter | None
    ) -> Decision:
        definition = DEFINITIONS[opening.workflow]
        policy = self._policy_for(opening, parent, now)
        self.known.read_cases({opening.case, *opening.data.get("cases", ())})
        if opening.texts:
            self.known.read_caseload(opening.workflow, opening.kind, opening.supervisee)
        related: Iterable[Selector] = ()
        if definition.opening.looks_at is not None:
            related = definition.opening.looks_at(opening, self._facts_under(policy, ()))
        facts = self._with_population(self._facts_under(policy, self._looked_at(related, matter_id)), opening)
        if definition.opening.tallies:
            facts = self._with_tallies(facts, opening.supervisee)
        decision = begin(opening, matter_id, actor, role, facts, now)
        self.live[matter_id] = Live(decision.matter, 0, BEGINNING)
        self._take(decision)
        return decision

    # -- what follows
    def _follow(self, first: Decision, now: datetime) -> None:
        """Openings, then moves on other matters, breadth first and bounded, all at the instant of the first."""
        waiting = deque([first])
        done = 0
        while waiting:
            decision = waiting.popleft()
            for opening in decision.openings:
                assert opening.id is not None  # noqa: S101  a turn gives every opening its id
                waiting.append(self._begin(opening, opening.id, SYSTEM, Role.system, now, decision.matter))
            for consequence in decision.then:
                payload = _payload(consequence.target.workflow, consequence.trigger, consequence.data)
                targets = self._targets(consequence.target)
                for number, matter_id in enumerate(targets, start=1):
                    done += 1
                    if done > MOST_CONSEQUENCES:
                        raise RuntimeError(f"more than {MOST_CONSEQUENCES} consequences of one move")
                    followed = self._consequence(matter_id, consequence.trigger, payload, now)
                    if followed is not None:
                        waiting.append(followed)
                    self.progress(number, len(targets))

    def _consequence(self, matter_id: UUID, trigger: str, payload: Payload, now: datetime) -> Decision | None:
        """A move that follows; where the matter's state has no such move, nothing does.

        What passes at the very instant at which a matter is ended comes too late: ends of employment are first.
        """
        self.enforce_due(matter_id, before=now if trigger == "end" else None)
        try:
            decision = self._decide(matter_id, trigger, payload, SYSTEM, now)
        except Refused:
            return None
        self._take(decision)
        return decision

    def _targets(self, selector: Selector) -> list[UUID]:
        found = sorted(self.find(selector), key=lambda m: (m.opened_at, m.id))
        if selector.workflow in READS_CASES:
            self.known.read_cases({m.case for m in found})
        return [m.id for m in (found[:1] if selector.oldest_only else found)]

    # -- what is to be written
    def _take(self, decision: Decision) -> None:
        """Make a decision the present, for what this transaction reads and for what it writes."""
        if decision.destroyed:
            decision = certified(decision, self.live)
        self.writes.take(self.live[decision.matter.id], decision)
        self.hand.take(decision.matter)
        self._take_people(decision)

    def _take_people(self, decision: Decision) -> None:
        directory = self.picture.directory
        if decision.people:
            known = dict(directory.people)
            for change in decision.people:
                known[change.ref] = replace(known[change.ref], **cast("Any", {change.field: change.value}))
                self.writes.people[change.ref, change.field] = change.value
            self.see(Directory.of(known.values(), (a for rows in directory.absences.values() for a in rows)))
        if decision.matter.workflow is Workflow.absence and decision.matter.kind is None:
            self.see(_with_absence(directory if not decision.people else self.picture.directory, decision.matter))

    def opened_below(self, matter_id: UUID) -> tuple[Matter, ...]:
        """The matters that this transaction opens below this one, in the order of their ids."""
        below = (live for live in self.live.values() if not live.read_version and live.matter.parent == matter_id)
        return tuple(live.matter for live in sorted(below, key=lambda live: live.matter.id))

    def is_as_stored(self, matter_id: UUID) -> bool:
        """Whether the texts of a matter, and the matters below it that were there, are as the database has them."""
        moved = (live for live in self.live.values() if live.read_version and live.read_version != live.matter.version)
        if any(live.matter.parent == matter_id for live in moved):
            return False
        return not self.writes.has_texts_of(matter_id) and matter_id not in self.writes.destroyed

    def has_texts(self, matter_id: UUID) -> bool:
        """Whether anything was ever written on a matter at hand: only then it has a key."""
        return self.live[matter_id].wrapped_key is not None

    def changed(self) -> list[tuple[dict[str, Any], int]]:
        """The rows of the matters that this transaction changed, with the version that each was read at."""
        return [
            (matter_row(self.organisation.id, live.matter, live.head), live.read_version)
            for _, live in sorted(self.live.items())
            if live.matter.version != live.read_version
        ]


def _with_absence(directory: Directory, matter: Matter) -> Directory:
    person = matter.person or ""
    others: list[Away] = [a for a in directory.absences.get(person, ()) if a.matter != matter.id]
    if matter.state != "cancelled":
        others.append(away_of(matter.id, person, matter.data))
    return directory.with_absences(person, tuple(others))


def _payload(workflow: Workflow, trigger: str, data: Mapping[str, Any]) -> Payload:
    """What one matter tells another, in the form that the move asks for; made by rules, so not checked again."""
    kind = DEFINITIONS[workflow].by_trigger[trigger][0].payload
    return kind.model_construct(**data)

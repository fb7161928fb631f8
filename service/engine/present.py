"""What one transaction sees: matters, people, calendar and policies, as what it has done so far has left them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from service.engine.hand import Hand
from service.engine.picture import RENEWED, Organisation, Picture
from service.engine.rows import Kept, selects
from service.engine.store import Known, Store
from service.engine.writes import Live
from workflows.audit_sampling import draws
from workflows.calendar import Calendar, local_day
from workflows.directory import Directory
from workflows.model import Facts, Matter, Opening, Selector
from workflows.policy import Policy
from workflows.vocabulary import Workflow

#: The workflows whose rules read cases.
READS_CASES = frozenset(
    {
        Workflow.session,
        Workflow.cancellation,
        Workflow.frequency,
        Workflow.oversight,
        Workflow.audit,
        Workflow.disclosure,
    }
)


class MatterUnknownError(Exception):
    """No matter of this organisation has the id."""


class Present:
    """The present of one organisation within a transaction: what is read is locked, and read once."""

    def __init__(self, store: Store, organisation: Organisation, picture: Picture) -> None:
        self.store, self.organisation, self.picture = store, organisation, picture
        self.now = organisation.now
        self.known = Known(store)
        self.hand = Hand()
        self.live: dict[UUID, Live] = {}
        #: Whether people, absences or policies are others now: then other processes must read them again.
        self.people_changed = False
        #: The same of the days on which the council does not work.
        self.calendar_changed = False
        #: Whether what is being decided is somebody's own move, and not what follows from one.
        self._prompted = False

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self.store.connection

    # -- matters
    def load(self, ids: Iterable[UUID]) -> None:
        """Have these matters at hand, locked. Raises MatterUnknownError for an id that nothing has."""
        missing = [i for i in ids if i not in self.live]
        found = self.store.matters(missing)
        for kept in found:
            self.hold(kept)
        if len(found) != len(missing):
            raise MatterUnknownError(str(missing[0]))

    def load_with_cases(self, ids: Collection[UUID]) -> None:
        """Have many matters at hand, locked, and their cases with them. Raises MatterUnknownError."""
        self.load(ids)
        found = (self.live[one].matter for one in ids)
        self.known.read_cases({ref for matter in found for ref in (matter.case, *matter.data.get("cases", ()))})

    def hold(self, kept: Kept) -> None:
        """Have a matter at hand that was read, locked, in this transaction."""
        if kept.matter.id not in self.live:
            self.live[kept.matter.id] = Live(kept.matter, kept.matter.version, kept.head, kept.wrapped_key)
            self.hand.take(kept.matter)

    def look(self, matter_id: UUID) -> Matter:
        """A matter as it is, without keeping anybody else from it. Raises MatterUnknownError."""
        found = self.store.matters((matter_id,), lock=False)
        if not found:
            raise MatterUnknownError(str(matter_id))
        return found[0].matter

    def find(self, selector: Selector) -> list[Matter]:
        """The matters that a rule looks for, as this transaction sees them now."""
        if selector.id not in self.live and not self.hand.holds_all(selector):
            for kept in self.store.selected(selector):
                self.hold(kept)
            self.hand.holds(selector)
        at_hand = (self.live[i].matter for i in self.hand.candidates(selector) if i in self.live)
        return [matter for matter in at_hand if selects(selector, matter)]

    def _looked_at(self, selectors: Iterable[Selector], matter_id: UUID) -> tuple[Matter, ...]:
        found = {m.id: m for selector in selectors for m in self.find(selector) if m.id != matter_id}
        return tuple(found.values())

    # -- what rules know
    def _facts(self, matter: Matter, data: object, related: tuple[Matter, ...]) -> Facts:
        if matter.workflow in READS_CASES:
            carried = getattr(data, "cases", None) or ()
            self.known.read_cases({matter.case, *matter.data.get("cases", ()), *carried})
        if getattr(data, "sections", None):
            self.known.read_caseload(matter.workflow, matter.kind, matter.supervisee)
        policy = self.picture.policies[matter.policy, matter.policy_version]
        return self._facts_under(policy, related)

    def _with_population(self, facts: Facts, about: Matter | Opening) -> Facts:
        """The facts with all cases in them, where a sample may be drawn."""
        if not draws(about):
            return facts
        population = self.known.population(local_day(self.now))
        return replace(facts, cases=self.known.cases, population=population)

    def _facts_under(self, policy: Policy, related: tuple[Matter, ...]) -> Facts:
        return Facts(
            policy, self.picture.calendar, self.picture.directory, self.organisation.live_from, self.now, related,
            self.known.cases, self._prompted,
        )  # fmt: skip

    def _with_tallies(self, facts: Facts, supervisee: str | None) -> Facts:
        return replace(facts, tallies=self.known.tallies_of(supervisee or ""))

    def facts(self, matter: Matter) -> Facts:
        """What rules know about a matter that is only looked at."""
        return self._facts(matter, None, ())

    def opening_facts(self, refs: Iterable[str | None]) -> Facts:
        """What rules know before a matter is opened; `refs` are the cases that it names."""
        self.known.read_cases(set(refs))
        return self._facts_under(self.picture.policy_on(local_day(self.now)), ())

    def _current(self, matter: Matter, now: datetime) -> Matter:
        """Entitlements, frequencies and their like are judged by the policy in force; others keep theirs."""
        if matter.workflow not in RENEWED:
            return matter
        policy = self.picture.policy_on(local_day(now))
        if (policy.id, policy.version) == (matter.policy, matter.policy_version):
            return matter
        return replace(matter, policy=policy.id, policy_version=policy.version)

    def _policy_for(self, opening: Opening, parent: Matter | None, now: datetime) -> Policy:
        if parent is not None and opening.workflow not in RENEWED:
            return self.picture.policies[parent.policy, parent.policy_version]
        return self.picture.policy_on(local_day(now))

    # -- what is other from now on
    def see(self, directory: Directory) -> None:
        """Let the rest of this transaction see other people or absences."""
        self.picture = self.picture.with_directory(directory)
        self.people_changed = True

    def see_calendar(self, calendar: Calendar) -> None:
        """Let the rest of this transaction, and all that follow, count by another calendar."""
        self.picture = replace(self.picture, calendar=calendar)
        self.calendar_changed = True

    def see_policy(self, policy: Policy, since: date) -> None:
        """Let the rest of this transaction, and all that follow, see one more version of the policy."""
        self.picture = self.picture.with_policy(policy, since)
        self.people_changed = True

"""A council in memory: the real rules and the real door over a dictionary, under a clock that the test moves."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import holidays
from msgspec.structs import replace
from sqlalchemy import Connection

from service.audit_programmes import begin_programmes
from service.engine.ids import new_id
from service.engine.picture import Organisation, Picture
from service.engine.rows import Kept, selects
from service.engine.work import Work
from service.storage.history import BEGINNING, step_hash
from service.storage.sealing import Sealer, unseal
from workflows.allocation import oversight_owed
from workflows.calendar import LONDON, Calendar, local_day
from workflows.directory import Case, Directory, Person
from workflows.frequency_effect import RUNNING
from workflows.machine import available, check_role
from workflows.model import SYSTEM, Actor, Admission, Deadline, Facts, Matter, Opening, Selector, Tally
from workflows.policy import Policy
from workflows.policy_reader import shipped
from workflows.receipts import recompute
from workflows.refusals import NotYourMove, Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Carry, Role, Workflow

ORGANISATION = UUID(int=1)


def at(text: str) -> datetime:
    """A London time: "2025-03-03T09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def england(closures: Iterable[date] = ()) -> Calendar:
    """England's bank holidays around the dates that tests use, and closures."""
    days = dict(holidays.country_holidays("GB", subdiv="ENG", years=range(2023, 2030)))
    return Calendar("england", "1", {**days, **dict.fromkeys(closures, "closed")})


def standard_team() -> dict[str, Person]:
    """A director, a head of service, a service manager, two team managers, two social workers, HR and support."""
    rows = (
        ("ad", "assistant_director", None),
        ("hos", "head_of_service", "ad"),
        ("lm", "service_manager", "hos"),
        ("sup", "team_manager", "lm"),
        ("sup2", "team_manager", "lm"),
        ("wkr", "social_worker", "sup"),
        ("wkr2", "social_worker", "sup"),
        ("bs", "business_support", "sup"),
    )
    start = date(2020, 1, 6)
    people = {
        ref: Person(ref, f"Person {ref}", job_role=job, line_manager=above, supervisor=above, start_date=start)
        for ref, job, above in rows
    }
    people["hos"] = replace(people["hos"], app_roles=frozenset({Role.head_of_service}))
    people["bs"] = replace(people["bs"], app_roles=frozenset({Role.business_support}))
    for ref, role, job in (("hr1", Role.hr, "hr_adviser"), ("aud", Role.auditor, "quality_officer")):
        people[ref] = Person(
            ref, f"Person {ref}", job_role=job, line_manager="ad", start_date=start, app_roles=frozenset({role})
        )
    return people


class _Memory:
    """Matters and cases as a transaction reads them."""

    def __init__(self, kept: dict[UUID, Kept], cases: dict[str, Case]) -> None:
        self.kept, self._cases = kept, cases
        self.connection = cast("Connection", None)

    def matters(self, ids: Iterable[UUID], *, lock: bool = True) -> list[Kept]:  # noqa: ARG002 - one at a time here
        return [self.kept[i] for i in ids if i in self.kept]

    def selected(self, selector: Selector) -> list[Kept]:
        plain = replace(selector, accepts=None)
        return [kept for kept in self.kept.values() if selects(plain, kept.matter)]

    def cases(self, refs: Iterable[str]) -> dict[str, Case]:
        return {ref: self._cases[ref] for ref in refs if ref in self._cases}

    def cases_of(self, worker: str) -> dict[str, Case]:
        return {case.ref: case for case in self._cases.values() if case.worker == worker}

    def tallies(self, supervisees: Iterable[str]) -> dict[str, dict[Workflow, Tally]]:
        found: dict[str, dict[Workflow, Tally]] = {}
        for ref in supervisees:
            theirs = [kept.matter for kept in self.kept.values() if kept.matter.supervisee == ref]
            found[ref] = {
                workflow: Tally(sum(m.workflow is workflow and m.closed_at is None for m in theirs), number)
                for workflow, number in Counter(m.workflow for m in theirs).items()
            }
        return found

    def population(self, on: date) -> list[Case]:  # noqa: ARG002 - rules see closed ones too, and pass them over
        rated = (kept.matter for kept in self.kept.values() if kept.matter.workflow is Workflow.frequency)
        in_force = [m for m in rated if m.closed_at is None and m.state in RUNNING]
        ratings = {m.case: m.data["rating"] for m in in_force}
        return [replace(case, rating=ratings.get(case.ref)) for case in self._cases.values()]


class FakeCouncil:
    """One organisation in memory. Every call is a transaction of its own."""

    def __init__(
        self,
        policy: str | Policy = "central-bedfordshire",
        now: str = "2025-03-03T09:00",
        people: dict[str, Person] | None = None,
        cases: Iterable[Case] = (),
        closures: Iterable[date] = (),
    ) -> None:
        self.now = at(now)
        self.policy = shipped()[policy] if isinstance(policy, str) else policy
        self.kept: dict[UUID, Kept] = {}
        self.cases = {case.ref: case for case in cases}
        self.steps: list[dict[str, Any]] = []
        self.contents: list[dict[str, Any]] = []
        self.deadlines: dict[tuple[UUID, int], dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        self.incidents: list[dict[str, Any]] = []
        self.admissions: list[Admission] = []
        self.live_from = local_day(self.now)
        self._sealer = Sealer(secrets.token_bytes(32))
        versions = {(self.policy.id, self.policy.version): self.policy}
        directory = Directory.of((people if people is not None else standard_team()).values())
        self.picture = Picture(directory, england(closures), versions, ((date(2000, 1, 1), self.policy),))
        for ref in list(directory.people):
            self._system_opens(Opening(Workflow.employment, person=ref))
        for case in self.cases.values():
            self._watch(case)
            self.oversee(None, case)

    # -- what people do
    def open(self, who: str, workflow: Workflow, **data: Any) -> Matter:
        """Open a matter as somebody, as the edge would. Raises NotYourMove and Refused."""
        opening = DEFINITIONS[workflow].opening
        payload = opening.payload.model_validate(data)
        work = self._work()
        facts = work.opening_facts({*(getattr(payload, "cases", None) or ()), getattr(payload, "case", None)})
        role = opening.who(Actor(who), payload, facts) if opening.who else None
        if role is None or opening.begins is None:
            raise NotYourMove("not_your_move", "not theirs")
        begun = opening.begins(Actor(who), payload, facts).with_id(new_id(self.now))
        matter = work.open_for(begun, payload, Actor(who), role)
        self._keep(work)
        return matter

    def move(self, who: str, matter: Matter | UUID, trigger: str, **data: Any) -> Matter:
        """Take a move as somebody, as the edge would. Raises UnknownMove, NotYourMove and Refused."""
        work = self._work()
        found = self.matter(matter)
        row = check_role(found, trigger, Actor(who), work.facts(found))
        moved = work.fire(found.id, trigger, row.payload.model_validate(data), Actor(who))
        self._keep(work)
        return moved

    def tell(self, matter: Matter | UUID, trigger: str, **data: Any) -> Matter:
        """A move of the service itself, as imports and channels make them."""
        work = self._work()
        found = self.matter(matter)
        payload = DEFINITIONS[found.workflow].by_trigger[trigger][0].payload.model_construct(**data)
        moved = work.fire(found.id, trigger, payload, SYSTEM)
        self._keep(work)
        return moved

    def offered(self, who: str, matter: Matter | UUID) -> set[str]:
        """The moves that somebody could make now."""
        found = self.matter(matter)
        return {m.trigger for m in available(found, Actor(who), self._work().facts(found), self.now)}

    def facts(self, matter: Matter | UUID) -> Facts:
        """What rules know about a matter now."""
        return self._work().facts(self.matter(matter))

    # -- time
    def until(self, moment: str | datetime) -> int:
        """Move the clock forward, enforcing on the way; how many deadlines there were."""
        target, fired = at(moment) if isinstance(moment, str) else moment, 0
        while (instant := self._next_instant(target)) is not None:
            self.now = max(self.now, instant)
            work = self._work()
            passed = [(k.matter, d) for k in self.kept.values() for d in k.matter.deadlines if _fires_by(d, instant)]
            for matter, deadline in sorted(passed, key=lambda p: (self._rank(*p), p[0].id)):
                work.load((matter.id,))
                current = next((d for d in work.live[matter.id].matter.deadlines if d.number == deadline.number), None)
                if current is not None and _fires_by(current, work.now):
                    work.enforce(matter.id, current)
                    fired += 1
            fired += work.settle()
            self._keep(work)
        self.now = target
        return fired

    def _rank(self, matter: Matter, deadline: Deadline) -> int:
        return DEFINITIONS[matter.workflow].deadlines[deadline.name].rank

    def _next_instant(self, until: datetime) -> datetime | None:
        pending = (d.fires_at for k in self.kept.values() for d in k.matter.deadlines if d.fires_at is not None)
        return min((fires for fires in pending if fires <= until), default=None)

    # -- the list
    def relist(self, ref: str, **changed: Any) -> None:
        """Change somebody on the people's list, as an import does."""
        people = dict(self.picture.directory.people)
        people[ref] = replace(people.get(ref, Person(ref)), **changed)
        absences = (a for rows in self.picture.directory.absences.values() for a in rows)
        self.picture = self.picture.with_directory(Directory.of(people.values(), absences))
        known = [m for m in self.find(Workflow.employment) if m.person == ref]
        if known:
            self.tell(known[0], "relist")
        else:
            self._system_opens(Opening(Workflow.employment, person=ref))

    def adopt(self, policy: Policy) -> None:
        """A new version of the policy, in force from today."""
        versions = {**self.picture.policies, (policy.id, policy.version): policy}
        in_force = (*self.picture.in_force, (local_day(self.now), policy))
        self.picture = replace(self.picture, policies=versions, in_force=in_force)

    def announce(self, policy: Policy, since: date | None = None, **carry: Carry) -> Matter:
        """A new version of the policy, from today or a later day on, with all that follows for open matters."""
        since = since or local_day(self.now)
        work = self._work()
        work.see_policy(policy, since)
        data = {
            "policy_version": policy.version, "in_force_from": since.isoformat(), "opened_by": "adm",
            "deadlines": {name: how.value for name, how in carry.items()},
        }  # fmt: skip
        opening = Opening(Workflow.adoption, new_id(self.now), data=data)
        adoption = work.open(opening, Actor("adm"), Role.administrator)
        self._keep(work)
        return adoption

    def relist_case(self, case: Case) -> None:
        """Give a case another status on the cases' list, as an import does."""
        before = self.cases.get(case.ref)
        self.cases[case.ref] = case
        self._watch(case)
        self.oversee(before, case)

    def oversee(self, before: Case | None, after: Case) -> None:
        """Let a line of the cases' list begin, move or end the oversight of its case, as an import does."""
        running = [m for m in self.find(Workflow.oversight, case=after.ref) if m.closed_at is None]
        if after.closed_on is not None and after.closed_on <= local_day(self.now):
            for matter in running:
                self.tell(matter, "end", why="closed")
            return
        owed = oversight_owed(self._work().opening_facts(()), before, after, runs=bool(running))
        if owed is not None:
            self._system_opens(owed)
        elif before is not None and before.allocated_on != after.allocated_on:
            for matter in running:
                with suppress(Refused):
                    self.tell(matter, "recount")

    def _watch(self, case: Case) -> None:
        self._system_opens(
            Opening(
                Workflow.frequency,
                supervisee=case.worker,
                supervisor=self.picture.directory.supervisor_of(case.worker),
                case=case.ref,
                data={
                    "category": case.category, "criteria": sorted(case.criteria), "rating": case.rating,
                    "opened_by": None, "approved_by": case.rating_approved_by,
                },
            )
        )  # fmt: skip

    def _system_opens(self, opening: Opening) -> None:
        work = self._work()
        work.open(opening.with_id(new_id(self.now)), SYSTEM, Role.system)
        self._keep(work)

    def start_programmes(self) -> None:
        """Begin the audits that the policy in force has running by themselves."""
        work = self._work()
        begin_programmes(work)
        self._keep(work)

    # -- looking
    def matter(self, matter: Matter | UUID) -> Matter:
        """A matter as it is now."""
        return self.kept[matter if isinstance(matter, UUID) else matter.id].matter

    def find(self, workflow: Workflow, **named: Any) -> list[Matter]:
        """Matters of a workflow with these fields, oldest first."""
        found = [k.matter for k in self.kept.values() if k.matter.workflow is workflow]
        fitting = [m for m in found if all(getattr(m, name) == value for name, value in named.items())]
        return sorted(fitting, key=lambda m: (m.opened_at, m.id))

    def only(self, workflow: Workflow, **named: Any) -> Matter:
        """The one matter that fits."""
        found = self.find(workflow, **named)
        assert len(found) == 1, [(m.workflow, m.state) for m in found]
        return found[0]

    def history(self, matter: Matter | UUID) -> list[str]:
        """The triggers of a matter's steps."""
        wanted = matter if isinstance(matter, UUID) else matter.id
        return [row["trigger"] for row in self.steps if row["matter_id"] == wanted]

    def said(self, matter: Matter | UUID, trigger: str) -> dict[str, str]:
        """The free text of a matter's last step of this trigger, unsealed."""
        wanted = matter if isinstance(matter, UUID) else matter.id
        numbers = [r["number"] for r in self.steps if (r["matter_id"], r["trigger"]) == (wanted, trigger)]
        key = self._sealer.unwrap(self.kept[wanted].wrapped_key or b"")
        rows = [row for row in self.contents if (row["matter_id"], row["step"]) == (wanted, numbers[-1])]
        return {r["field"]: unseal(key, ORGANISATION, wanted, r["step"], r["field"], r["sealed"]).text for r in rows}

    def due(self, matter: Matter | UUID, name: str) -> date | None:
        """The London day on which a live deadline is due."""
        live = self.matter(matter).live(name)
        return local_day(live.due) if live is not None and live.due is not None else None

    def told(self, who: str, matter: Matter | UUID | None = None) -> list[str]:
        """The kinds of notice that somebody has by now."""
        wanted = matter if isinstance(matter, UUID) or matter is None else matter.id
        return [
            n["kind"] for n in self.notices
            if n["to"] == who and n["at"] <= self.now and wanted in (None, n["matter_id"])
        ]  # fmt: skip

    def verify(self) -> None:
        """Every chain links, every deadline follows from its receipt, and can be enforced where its matter stands."""
        heads: dict[UUID, bytes] = {}
        for row in self.steps:
            previous = heads.get(row["matter_id"], BEGINNING)
            assert step_hash(previous, row["matter_id"], row) == row["hash"]
            heads[row["matter_id"]] = row["hash"]
        assert all(kept.head == heads[i] for i, kept in self.kept.items())
        for deadline in self.deadlines.values():
            assert recompute(deadline["receipt"]) == deadline["due"], deadline["receipt"]
        for matter in (kept.matter for kept in self.kept.values()):
            rows = DEFINITIONS[matter.workflow].by_trigger
            for live in (d for d in matter.deadlines if d.live):
                sources = {source for row in rows[live.enforces] for source in row.source}
                assert matter.state in sources, (matter.workflow, matter.state, live.name)

    # -- one transaction
    def _work(self) -> Work:
        organisation = Organisation(ORGANISATION, self.policy.id, self.live_from, self.now, 1, 1, b"")
        return Work(_Memory(self.kept, self.cases), organisation, self.picture, self._sealer)

    def _keep(self, work: Work) -> None:
        self.picture = work.picture
        for matter_id, live in work.live.items():
            self.kept[matter_id] = Kept(live.matter, live.head, live.wrapped_key)
        self.steps += work.writes.steps
        self.contents += work.writes.contents
        self.deadlines |= work.writes.deadlines
        self.notices += work.writes.notices
        self.incidents += work.writes.incidents
        self.admissions += work.writes.admissions


def _fires_by(deadline: Deadline, moment: datetime) -> bool:
    return deadline.fires_at is not None and deadline.fires_at <= moment


DAY = timedelta(days=1)

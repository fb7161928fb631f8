"""A walk: anybody does anything to a council, sensible or not, while its clock and its lists move on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from service.engine.picture import Organisation, Picture
from service.engine.work import Store, Work
from service.storage.sealing import Sealer
from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.walk_payloads import OPENINGS, Dice, opener, payload
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Deadline, Matter
from workflows.policy_reader import shipped
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import (
    Role,
    Status,
    Workflow,
)

#: What people move on, the liveliest more often.
MOVED = (
    Workflow.record,
    Workflow.session,
    Workflow.dispute,
    Workflow.cancellation,
    Workflow.record,
    Workflow.session,
    Workflow.absence,
    Workflow.frequency,
    Workflow.entitlement,
    Workflow.disclosure,
)
#: What people may open.
OPENED = (
    Workflow.session,
    Workflow.record,
    Workflow.dispute,
    Workflow.frequency,
    Workflow.absence,
    Workflow.disclosure,
)
LEAPS = [timedelta(hours=h) for h in (1, 7, 24, 26, 50, 24 * 4, 24 * 9, 24 * 16, 24 * 35)]


@dataclass(frozen=True, slots=True)
class Enforced:
    """One enforcement: which deadline, in which status, and when."""

    matter: UUID
    number: int
    status: Status
    due: datetime
    at: datetime


class WalkedCouncil(FakeCouncil):
    """A council that keeps account of every deadline that it enforces."""

    def __init__(self, policy: str) -> None:
        self.enforced: list[Enforced] = []
        super().__init__(policy, "2025-03-03T09:00", standard_team(), _cases(policy))

    def _work(self) -> Work:
        work = super()._work()
        return _AccountedWork(self.enforced, work.store, work.organisation, work.picture, work.sealer)


class _AccountedWork(Work):
    def __init__(
        self, account: list[Enforced], store: Store, organisation: Organisation, picture: Picture, sealer: Sealer
    ) -> None:
        super().__init__(store, organisation, picture, sealer)
        self._account = account

    def enforce(self, matter_id: UUID, deadline: Deadline) -> None:
        assert deadline.due is not None
        self._account.append(Enforced(matter_id, deadline.number, deadline.status, deadline.due, self.now))
        super().enforce(matter_id, deadline)


def _cases(policy: str) -> list[Case]:
    rows = shipped()[policy].frequency.rows
    categories = list(dict.fromkeys(row.category for row in rows))
    return [
        Case(f"c{number}", "wkr" if number % 2 else "wkr2", category, allocated_on=date(2025, 2, 24))
        for number, category in enumerate(categories[:3], start=1)
    ]


# -- one action
@dataclass(slots=True)
class Walk:
    """A council on its way."""

    council: WalkedCouncil

    @staticmethod
    def begun(policy: str) -> Walk:
        """A walk that finds records in every state that waits, a dispute, and a session that was cancelled."""
        council = WalkedCouncil(policy)
        records = [council.open("sup", Workflow.record, supervisee="wkr", kind="personal") for _ in range(4)]
        for record in records[1:]:
            council.move("sup", record, "circulate")
        for record in records[2:]:
            council.move("wkr", record, "dispute", statement="No.")
        dispute = council.only(Workflow.dispute, parent=records[3].id)
        council.move("wkr", dispute, "escalate")
        starts_at = council.now + timedelta(days=1)
        booking = {"supervisee": "wkr2", "kind": "personal", "starts_at": starts_at, "minutes": 60}
        council.move("wkr2", council.open("sup", Workflow.session, **booking), "cancel", cause="diary", reason="Court.")
        return Walk(council)

    def take(self, kind: str, number: int) -> None:
        """Do one thing; whatever a rule or the form of what is sent forbids does not happen."""
        if kind == "clock":
            self.clock(Dice(number))
            return
        with suppress(Refused, ValidationError):
            _ACTIONS[kind](self, Dice(number))

    # -- people
    def open(self, dice: Dice) -> None:
        """Somebody opens something, mostly somebody who may."""
        council, workflow = self.council, dice.pick(OPENED)
        data = OPENINGS[workflow](council, dice)
        who = (
            dice.pick(sorted(council.picture.directory.people))
            if dice.chance(4)
            else opener(council, workflow, data, dice)
        )
        council.open(who, workflow, **data)

    def move(self, dice: Dice) -> None:
        """Somebody takes a move that they are offered on a matter of late, of any workflow alike."""
        council, workflow = self.council, dice.pick(MOVED)
        offers = [
            (matter, who, trigger)
            for matter in council.find(workflow)[-8:]
            for who in self.people()
            for trigger in sorted(council.offered(who, matter))
        ]
        if offers:
            matter, who, trigger = dice.pick(offers)
            council.move(who, matter, trigger, **payload(council, matter, trigger, dice))

    def stray(self, dice: Dice) -> None:
        """Somebody tries any move at all, with what it asks for or with something else."""
        council, matter = self.council, dice.pick(self.matters())
        trigger = dice.pick(sorted(DEFINITIONS[matter.workflow].by_trigger))
        data = {"reason": "x", "burn": True} if dice.chance(3) else payload(council, matter, trigger, dice)
        council.move(dice.pick(sorted(council.picture.directory.people)), matter, trigger, **data)

    # -- time and lists
    def clock(self, dice: Dice) -> None:
        """Time goes by, or just as far as the next deadline."""
        target = self.council.now + dice.pick(LEAPS)
        pending = [d.fires_at for m in self.matters() for d in m.deadlines if d.fires_at is not None]
        self.council.until(min(pending) if pending and dice.chance(3) else target)

    def people_list(self, dice: Dice) -> None:
        """The people's list changes: somebody leaves, comes back, moves, or cannot be reached."""
        council, today = self.council, local_day(self.council.now)
        ref = dice.pick(["wkr", "wkr2", "sup", "lm", "hos", "sup2", "bs", "ad"])
        council.relist(
            ref,
            **dice.pick(
                [
                    {"supervisor": dice.pick(["sup", "sup2"])} if ref in ("wkr", "wkr2") else {"bounces": False},
                    {"bounces": True},
                    {"bounces": False},
                    {"end_date": None},
                    {"end_date": None},
                    {"end_date": today + timedelta(days=dice.pick([0, 1, 7]))},
                    {"job_role": dice.pick(["social_worker", "student", "team_manager"])},
                    {"nqsw_start": date(2025, 1, 6)},
                    {"line_manager": dice.pick(["ad", None]) if ref in ("sup", "lm", "hos") else None},
                    {"app_roles": frozenset({Role.head_of_service}) if dice.chance(2) else frozenset()},
                ]
            ),
        )

    def channel(self, dice: Dice) -> None:
        """A notice about a record comes back, or arrives."""
        records = self.council.find(Workflow.record)
        if records:
            record = dice.pick(records)
            person = dice.pick([record.supervisee, record.supervisor])
            self.council.tell(record, dice.pick(["bounced", "delivered"]), person=person, why="mailbox")

    def case_list(self, dice: Dice) -> None:
        """The list of cases changes."""
        council, ref = self.council, dice.pick(sorted(self.council.cases))
        changes: dict[str, dict[str, Any]] = {
            "recount": {"plan_review_weeks": dice.pick([4, 12, 26])},
            "transfer": {"worker": dice.pick(["wkr", "wkr2", "sup"])},
            "end": {"closed_on": local_day(council.now)},
        }
        trigger = dice.pick(list(changes))
        council.cases[ref] = replace(council.cases[ref], **changes[trigger])
        payloads: dict[str, dict[str, Any]] = {"transfer": changes["transfer"], "end": {"why": "closed"}, "recount": {}}
        for frequency in council.find(Workflow.frequency, case=ref):
            with suppress(Refused):
                council.tell(frequency, trigger, **payloads[trigger])

    def closure(self, dice: Dice) -> None:
        """The council closes on a day to come, or opens again."""
        council = self.council
        day = local_day(council.now) + timedelta(days=dice.pick(range(1, 15)))
        closed = dict(council.picture.calendar.closed)
        if day in closed and closed[day] == "closed":
            del closed[day]
        else:
            closed.setdefault(day, "closed")
        council.picture = replace(council.picture, calendar=replace(council.picture.calendar, closed=closed))
        for matter in self.matters():
            if any(d.live for d in matter.deadlines):
                council.tell(matter, "recalendar", day=day)

    # -- looking
    def matters(self) -> list[Matter]:
        """Every matter, in the order in which they were opened."""
        return [kept.matter for kept in self.council.kept.values()]

    def people(self) -> list[str]:
        """Everybody in post."""
        directory, today = self.council.picture.directory, local_day(self.council.now)
        return [ref for ref in sorted(directory.people) if directory.in_post(ref, today)]


_ACTIONS: dict[str, Callable[[Walk, Dice], None]] = {
    "open": Walk.open,
    "move": Walk.move,
    "stray": Walk.stray,
    "people_list": Walk.people_list,
    "channel": Walk.channel,
    "case_list": Walk.case_list,
    "closure": Walk.closure,
}
#: How often each kind of action comes up.
KINDS = (
    *("move",) * 10,
    *("open",) * 5,
    *("clock",) * 5,
    *("stray", "people_list", "channel", "channel", "case_list", "closure"),
)

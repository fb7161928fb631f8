"""A walk: anybody does anything to a council, sensible or not, while its clock and its lists move on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from pydantic import ValidationError

from service.engine.picture import Organisation, Picture
from service.engine.store import Store
from service.engine.work import Work
from service.storage.sealing import Sealer
from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.walk_payloads import OPENINGS, Dice, opener, payload
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Deadline, Matter
from workflows.policy_parts import Period
from workflows.policy_reader import shipped
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Carry, Role, Status, Unit, Workflow

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
    Workflow.agreement,
    Workflow.concern,
    Workflow.referral,
    Workflow.action,
    Workflow.oversight,
    Workflow.handover,
    Workflow.filing,
    Workflow.audit,
    Workflow.disclosure,
)
#: What people may open.
OPENED = tuple(OPENINGS)
LEAPS = [timedelta(hours=h) for h in (1, 7, 24, 26, 50, 24 * 4, 24 * 9, 24 * 16, 24 * 35)]


class Enforced(Struct, frozen=True):
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
        self.start_programmes()

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
class Walk(Struct):
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
            self.act(kind, Dice(number))

    def act(self, kind: str, dice: Dice) -> None:
        """Do one thing that people or channels do. Raises Refused and ValidationError."""
        _ACTIONS[kind](self, dice)

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

    def handing_over(self, dice: Dice) -> None:
        """A record is handed over, or not taken, or acknowledged by the system that has it."""
        filings = [matter for matter in self.council.find(Workflow.filing) if matter.closed_at is None]
        if filings:
            told: list[dict[str, Any]] = [
                {"trigger": "sent", "via": "folder", "name": "lcs/a", "document": "00"},
                {"trigger": "failed", "why": "unreachable", "for_good": dice.chance(3)},
                {"trigger": "acknowledge", "reference": "LCS-2025/118"},
            ]
            self.council.tell(dice.pick(filings), **dice.pick(told))

    def case_list(self, dice: Dice) -> None:
        """The list of cases changes."""
        council, ref = self.council, dice.pick(sorted(self.council.cases))
        changes: dict[str, dict[str, Any]] = {
            "recount": {"plan_review_weeks": dice.pick([4, 12, 26])},
            "transfer": {"worker": dice.pick(["wkr", "wkr2", "sup"])},
            "end": {"closed_on": local_day(council.now)},
            "allocate": {"allocated_on": local_day(council.now) - timedelta(days=dice.pick([0, 2, 5]))},
        }
        trigger = dice.pick(list(changes))
        before = council.cases[ref]
        council.cases[ref] = replace(before, **changes[trigger])
        payloads: dict[str, dict[str, Any]] = {"transfer": changes["transfer"], "end": {"why": "closed"}}
        for frequency in council.find(Workflow.frequency, case=ref):
            with suppress(Refused):
                told = trigger if trigger in payloads else "recount"
                council.tell(frequency, told, **payloads.get(trigger, {}))
        council.oversee(before, council.cases[ref])

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

    def policy(self, dice: Dice) -> None:
        """The council announces a new version, with other times, for today or a day to come."""
        council, policy = self.council, self.council.picture.in_force[-1][1]
        since = max(local_day(council.now), council.picture.in_force[-1][0]) + timedelta(days=dice.pick([0, 0, 1, 9]))
        interval = Period(
            value=dice.pick([1, 2, 3]), unit=dice.pick([Unit.weeks, Unit.months]), clause=policy.stated_clause
        )
        changed: dict[str, Any] = {"version": str(int(policy.version) + 1)}
        if dice.chance(2):
            rows = tuple(row.model_copy(update={"every": interval}) for row in policy.frequency.rows)
            changed["frequency"] = policy.frequency.model_copy(update={"rows": rows})
        if dice.chance(2):
            changed["entitlement"] = policy.entitlement.model_copy(update={"rows": (), "everyone_else": interval})
        if dice.chance(2):
            waits = {
                name: interval.model_copy(update={"unit": Unit.working_days, "value": dice.pick([1, 4, 7])})
                for name in ("remind_after", "climb_after")
            }
            changed["escalation"] = policy.escalation.model_copy(update=waits)
        carry = {name: dice.pick(list(Carry)) for name in ("supervise_by", "review_by", "climb_by") if dice.chance(2)}
        council.announce(policy.model_copy(update=changed), since, **carry)

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
    "handing_over": Walk.handing_over,
    "case_list": Walk.case_list,
    "closure": Walk.closure,
    "policy": Walk.policy,
}
#: How often each kind of action comes up.
KINDS = (
    *("move",) * 10,
    *("open",) * 5,
    *("clock",) * 5,
    *("stray", "people_list", "channel", "channel", "handing_over", "case_list", "closure", "policy"),
)

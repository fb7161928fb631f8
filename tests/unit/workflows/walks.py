"""A walk: anybody does anything to a council, sensible or not, while its clock and its lists move on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import ValidationError

from service.engine.picture import Organisation
from service.engine.work import Work
from tests.fakes.council import ORGANISATION, FakeCouncil, standard_team
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Deadline, Matter
from workflows.policy_reader import shipped
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import (
    AbsenceCause,
    Cause,
    DisputeAbout,
    Outcome,
    RecordKind,
    Role,
    SessionKind,
    Status,
    Workflow,
)

_T = TypeVar("_T")
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
)
#: What people may open.
OPENED = (Workflow.session, Workflow.record, Workflow.dispute, Workflow.frequency, Workflow.absence)
LEAPS = [timedelta(hours=h) for h in (1, 7, 24, 26, 50, 24 * 4, 24 * 9, 24 * 16, 24 * 35)]


@dataclass(slots=True)
class Dice:
    """One number from which every choice of an action follows; zero is the first of everything."""

    number: int

    def pick(self, options: Sequence[_T]) -> _T:
        """One of several."""
        self.number, index = divmod(self.number, len(options))
        return options[index]

    def chance(self, one_in: int) -> bool:
        """Whether something rare happens."""
        return self.pick(range(one_in)) == one_in - 1


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
        organisation = Organisation(ORGANISATION, self.policy.id, self.live_from, self.now, 1, 1, b"")
        work = _AccountedWork(_plain(super()._work()), organisation, self.picture, self._sealer)
        work.account = self.enforced
        return work


def _plain(work: Work) -> Any:
    return work.store


class _AccountedWork(Work):
    account: list[Enforced]

    def enforce(self, matter_id: UUID, deadline: Deadline) -> None:
        assert deadline.due is not None
        self.account.append(Enforced(matter_id, deadline.number, deadline.status, deadline.due, self.now))
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
    """A council on its way, with what was refused and what went through."""

    council: WalkedCouncil
    done: list[str] = field(default_factory=list)

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
            self.done.append(kind)

    # -- people
    def open(self, dice: Dice) -> None:
        """Somebody opens something, mostly somebody who may."""
        council, workflow = self.council, dice.pick(OPENED)
        data = _OPENINGS[workflow](council, dice)
        who = (
            dice.pick(sorted(council.picture.directory.people))
            if dice.chance(4)
            else _opener(council, workflow, data, dice)
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
            council.move(who, matter, trigger, **_payload(council, matter, trigger, dice))

    def stray(self, dice: Dice) -> None:
        """Somebody tries any move at all, with what it asks for or with something else."""
        council, matter = self.council, dice.pick(self.matters())
        trigger = dice.pick(sorted(DEFINITIONS[matter.workflow].by_trigger))
        data = {"reason": "x", "burn": True} if dice.chance(3) else _payload(council, matter, trigger, dice)
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


# -- what is sent
def _opener(council: FakeCouncil, workflow: Workflow, data: dict[str, Any], dice: Dice) -> str:
    directory = council.picture.directory
    worker = data.get("supervisee") or data.get("person") or "wkr"
    supervisor = directory.supervisor_of(worker) or "sup"
    return dice.pick([worker, supervisor]) if workflow in (Workflow.dispute, Workflow.absence) else supervisor


def _session(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    starts_at = council.now + timedelta(hours=dice.pick([1, 24, 49, 24 * 9, -2]))
    kind, worker = dice.pick(list(SessionKind)), dice.pick(["wkr", "wkr2", "sup"])
    cases = [] if kind is SessionKind.personal else _cases_of(council, worker)[: dice.pick([3, 1, 0])]
    return {"supervisee": worker, "kind": kind, "starts_at": starts_at, "minutes": 60, "cases": cases}


def _cases_of(council: FakeCouncil, worker: str) -> list[str]:
    return sorted(case.ref for case in council.cases.values() if case.worker == worker)


def _record(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    kind = dice.pick(list(RecordKind))
    worker = dice.pick(["wkr", "wkr2"])
    case = dice.pick(_cases_of(council, worker) or [None]) if kind is not RecordKind.personal else None
    return {"supervisee": worker, "kind": kind, "case": case, "sections": _sections(council, kind, dice)}


def _sections(council: FakeCouncil, kind: str | None, dice: Dice) -> dict[str, str]:
    names = sorted(council.policy.record.of(kind).names())
    return {} if dice.chance(2) else {dice.pick(names): dice.pick(["", "Said."])}


def _dispute(_council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    return {
        "supervisee": dice.pick(["wkr", "wkr2", "sup", "ad"]),
        "about": dice.pick(list(DisputeAbout)),
        "statement": "No.",
    }


def _frequency(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    row = dice.pick(council.policy.frequency.rows)
    data = {"category": row.category, "criteria": sorted(row.criteria)[:1], "rating": row.rating, "reason": "New."}
    return {"case": dice.pick([*sorted(council.cases), "c9"]), **data}


def _absence(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    first = local_day(council.now) + timedelta(days=dice.pick([0, -1, -6, 3]))
    expected = dice.pick([None, first + timedelta(days=9), first + timedelta(days=40)])
    person = dice.pick(["wkr", "sup", "lm", "hos", "wkr2", "ad"])
    return {"person": person, "first_day": first, "expected_return": expected, "cause": dice.pick(list(AbsenceCause))}


_OPENINGS: dict[Workflow, Callable[[FakeCouncil, Dice], dict[str, Any]]] = {
    Workflow.session: _session,
    Workflow.record: _record,
    Workflow.dispute: _dispute,
    Workflow.frequency: _frequency,
    Workflow.absence: _absence,
}


def _payload(council: FakeCouncil, matter: Matter, trigger: str, dice: Dice) -> dict[str, Any]:
    """What a move carries: everything that its form asks for, mostly with sense."""
    fields = DEFINITIONS[matter.workflow].by_trigger[trigger][0].payload.model_fields
    return {
        name: _FIELDS[name](council, matter, dice)
        for name, info in fields.items()
        if name in _FIELDS and (info.is_required() or not dice.chance(3))
    }


def _day(council: FakeCouncil, _matter: Matter, dice: Dice) -> date:
    return local_day(council.now) - timedelta(days=dice.pick([0, 1, 5, -3]))


def _moment(council: FakeCouncil, matter: Matter, dice: Dice) -> datetime:
    planned = datetime.fromisoformat(matter.data.get("starts_at", council.now.isoformat()))
    return dice.pick([planned + timedelta(hours=1), council.now, council.now + timedelta(days=2)])


def _person(council: FakeCouncil, _matter: Matter, dice: Dice) -> str:
    return dice.pick(["sup2", "bs", "lm", "wkr", *sorted(council.picture.directory.people)])


def _replacement(council: FakeCouncil, matter: Matter, dice: Dice) -> UUID:
    booked = [m.id for m in council.find(Workflow.session, supervisee=matter.supervisee) if m.state == "scheduled"]
    return dice.pick([*booked, matter.id])


def _cover(council: FakeCouncil, matter: Matter, dice: Dice) -> dict[str, str]:
    supervised = council.picture.directory.supervised_by(matter.person or "")
    return {ref: dice.pick(["sup2", "lm", "hos", "sup"]) for ref in supervised}


_FIELDS: dict[str, Callable[[FakeCouncil, Matter, Dice], Any]] = {
    "reason": lambda _c, _m, _d: "Because.",
    "statement": lambda _c, _m, _d: "No.",
    "passages": lambda _c, _m, _d: ["The third."],
    "note": lambda _c, _m, _d: "Closed.",
    "reasons": lambda _c, _m, _d: "Heard both.",
    "proposal": lambda _c, _m, _d: "By phone.",
    "minutes": lambda _c, _m, _d: 60,
    "outcome": lambda _c, _m, dice: dice.pick(list(Outcome)),
    "sections": lambda council, matter, dice: _sections(council, matter.kind, dice),
    "discussed_on": _day,
    "last_day": _day,
    "first_day": _day,
    "expected_return": lambda council, _m, dice: local_day(council.now) + timedelta(days=dice.pick([4, 40])),
    "cause": lambda _c, matter, dice: dice.pick(list(Cause if matter.workflow is Workflow.session else AbsenceCause)),
    "whose": lambda _c, matter, dice: dice.pick([matter.supervisee, matter.supervisor]),
    "starts_at": _moment,
    "held_at": _moment,
    "at": _moment,
    "told": lambda _c, matter, dice: (
        [ref for ref in (matter.supervisee, matter.supervisor) if ref] or dice.pick([["lm"]])
    ),
    "person": _person,
    "supervisor": _person,
    "session": _replacement,
    "cover": _cover,
}

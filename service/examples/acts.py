"""One transaction of a council's day: what its people see, and what they do, each in their own right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Row, Select

from service.examples.chance import Chance
from service.examples.leave import on_leave
from service.examples.scene import Scene, Seen
from workflows.calendar import at_local, local_day
from workflows.directory import Case, Directory
from workflows.model import Actor, Matter, child_id
from workflows.payloads import Payload
from workflows.policy import Policy
from workflows.refusals import NotYourMove, Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.engine.work import Work


class Tally(Struct):
    """What a council's people did: their moves, and those that the rules refused, by move and guard."""

    moves: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class _RefusedAct(Exception):  # noqa: N818  it is the rules' answer, and no error
    def __init__(self, number: int, what: str) -> None:
        super().__init__(what)
        self.number, self.what = number, what


class _Act(Struct, frozen=True):
    number: int
    what: str
    matter_id: UUID | None
    do: Callable[[], object]


class Acts:
    """What is done in one transaction: people look, and then all act, so that what they need is read at once.

    An act that the rules refused at the first try is left out at the next one.
    """

    def __init__(self, work: Work, chance: Chance, left_out: set[int]) -> None:
        self.work, self.chance, self._left_out = work, chance, left_out
        self.today = local_day(work.now)
        self.done = self._asked = 0
        self._acts: list[_Act] = []
        self._cases: set[str] = set()

    @property
    def directory(self) -> Directory:
        """The people as this transaction sees them."""
        return self.work.picture.directory

    @property
    def policy(self) -> Policy:
        """The policy in force today."""
        return self.work.picture.policy_on(self.today)

    @cached_property
    def scene(self) -> Scene:
        """What there is to do, as of the first look at each part of it."""
        return Scene(self.work)

    # -- seeing
    def see(self, query: Select[Any], **values: object) -> list[Row[Any]]:
        """What a query finds, with the organisation as `own` and these values as its other parameters."""
        return list(self.work.connection.execute(query, {"own": self.work.organisation.id, **values}))

    def waiting(self, workflow: Workflow) -> list[Seen]:
        """The matters of one workflow that wait for a person."""
        return self.scene.waiting(workflow)

    def cases(self, refs: Iterable[str]) -> Mapping[str, Case]:
        """Cases by their refs."""
        return self.work.opening_facts(refs).cases

    def able(self, ref: str | None) -> bool:
        """Whether somebody is in post and at work today."""
        if ref is None or not self.directory.in_post(ref, self.today):
            return False
        return not self.directory.away(ref, self.today) and not on_leave(self.chance, ref, self.today)

    def working_days_since(self, day: date, days: int) -> bool:
        """Whether so many working days have passed since a local date."""
        return self.work.picture.calendar.add_working_days(day, days) <= self.today

    # -- doing
    def move(self, matter_id: UUID, trigger: str, data: Payload, ref: str | None) -> None:
        """Let somebody take a move, when all have looked."""
        self._ask(trigger, matter_id, lambda: self.work.fire(matter_id, trigger, data, Actor(ref)))

    def open(self, workflow: Workflow, data: Payload, ref: str | None) -> UUID | None:
        """Let somebody open a matter, when all have looked; its id, None where it was left out."""
        own = child_id(self.chance.identity(workflow, ref, data.model_dump_json(), self._asked), 0, 0, self.work.now)
        self._cases |= cases_of(data)
        asked = self._ask(f"open {workflow}", None, lambda: self._begin(workflow, data, Actor(ref), own))
        return own if asked else None

    def _ask(self, what: str, matter_id: UUID | None, do: Callable[[], object]) -> bool:
        number, self._asked = self._asked, self._asked + 1
        if number in self._left_out:
            return False
        self._acts.append(_Act(number, what, matter_id, do))
        return True

    def _begin(self, workflow: Workflow, data: Payload, actor: Actor, own: UUID) -> Matter:
        opening = DEFINITIONS[workflow].opening
        facts = self.work.opening_facts(cases_of(data))
        role = opening.who(actor, data, facts) if opening.who else None
        if role is None or opening.begins is None:
            raise NotYourMove("not_your_move", f"{actor.ref} cannot open this {workflow}.")
        return self.work.open_for(opening.begins(actor, data, facts).with_id(own), data, actor, role)

    def do_all(self) -> None:
        """Do what people want to do, in turn."""
        self.work.load_with_cases({one.matter_id for one in self._acts if one.matter_id})
        self.cases(self._cases)
        for one in self._acts:
            try:
                one.do()
            except Refused as refusal:
                raise _RefusedAct(one.number, f"{one.what}: {refusal.guard}") from refusal
        self.done += len(self._acts)
        self._acts.clear()


def cases_of(data: Payload) -> set[str]:
    """The cases that an opening names."""
    return {ref for ref in (*getattr(data, "cases", ()), getattr(data, "case", None)) if ref}


#: A part of a day: looks, and says what is to be done.
Part = Callable[[Acts], None]


def act_together(
    door: Door, organisation_id: UUID, chance: Chance, tally: Tally, phases: Iterable[Iterable[Part]]
) -> None:
    """Let people do parts of their day in one transaction, without what the rules refuse; phase by phase.

    A refusal would leave half of what follows from a move, so the transaction is done again without that move.
    """
    left_out: set[int] = set()

    def piece(work: Work) -> int:
        acts = Acts(work, chance, left_out)
        for parts in phases:
            for part in parts:
                part(acts)
            acts.do_all()
        return acts.done

    while True:
        try:
            tally.moves += door.run(organisation_id, piece)
        except _RefusedAct as refusal:
            left_out.add(refusal.number)
            tally.refused[refusal.what] += 1
        else:
            return


def clock(day: date, text: str) -> datetime:
    """The instant of a London time such as 09:15 on a local date."""
    return at_local(day, time.fromisoformat(text))

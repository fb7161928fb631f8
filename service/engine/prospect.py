"""What happens if nobody acts: the engine played forward in memory, on a matter and those that its rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from msgspec.structs import replace
from sqlalchemy.exc import SQLAlchemyError

from service.engine.work import Work
from workflows.model import Deadline, Matter
from workflows.receipts import iso
from workflows.registry import DEFINITIONS

if TYPE_CHECKING:
    from service.engine.rows import Kept, Rows
    from service.engine.store import Store
    from workflows.directory import Case
    from workflows.model import Selector, Tally
    from workflows.vocabulary import Workflow

_log = structlog.get_logger()
#: How many steps ahead people are told of: a reminder that repeats for ever would fill any page.
AHEAD = 12
#: The most deadlines that are played, those of the matters around included.
MOST = 200


class Unlocked:
    """Reads that keep nobody from anything, for what is never written."""

    def __init__(self, rows: Rows) -> None:
        self.connection, self._rows = rows.connection, rows

    def matters(self, ids: Iterable[UUID], *, lock: bool = True) -> list[Kept]:  # noqa: ARG002 - never
        """Matters by id."""
        return self._rows.matters(ids, lock=False)

    def selected(self, selector: Selector) -> list[Kept]:
        """The matters that a rule looks for."""
        return self._rows.selected(selector, lock=False)

    def cases(self, refs: Iterable[str]) -> dict[str, Case]:
        """Cases by ref."""
        return self._rows.cases(refs)

    def cases_of(self, worker: str) -> dict[str, Case]:
        """The cases of one worker."""
        return self._rows.cases_of(worker)

    def tallies(self, supervisees: Iterable[str]) -> dict[str, dict[Workflow, Tally]]:
        """How many matters each of these people has."""
        return self._rows.tallies(supervisees)

    def population(self, on: date) -> list[Case]:
        """The cases that are open on a local date."""
        return self._rows.population(on)


class ReadOnce(Unlocked):
    """Reads what it is asked for once, for several matters that are each played from one and the same present."""

    def __init__(self, rows: Rows, ids: Iterable[UUID]) -> None:
        """Begins with these matters."""
        super().__init__(rows)
        self._by_id = {kept.matter.id: kept for kept in super().matters(ids)}
        self._by_selector: dict[Selector, list[Kept]] = {}

    def matters(self, ids: Iterable[UUID], *, lock: bool = True) -> list[Kept]:
        """Matters by id."""
        wanted = list(ids)
        missing = [one for one in wanted if one not in self._by_id]
        self._by_id |= {kept.matter.id: kept for kept in super().matters(missing, lock=lock)}
        return [self._by_id[one] for one in wanted if one in self._by_id]

    def selected(self, selector: Selector) -> list[Kept]:
        """The matters that a rule looks for, before it is asked which of them it accepts."""
        asked = replace(selector, accepts=None)
        if asked not in self._by_selector:
            self._by_selector[asked] = super().selected(asked)
        return self._by_selector[asked]


def what_if_nothing(work: Work, rows: Rows, matter_id: UUID, steps: int = AHEAD) -> list[dict[str, Any]]:
    """The next steps of a matter that nobody takes, each with who would be told. Raises MatterUnknownError."""
    return _foretold(work, Unlocked(rows), matter_id, steps)


def what_if_nothing_of_each(work: Work, rows: Rows, ids: Sequence[UUID], steps: int) -> list[list[dict[str, Any]]]:
    """The same of several matters, each as if only it were left alone. Raises MatterUnknownError."""
    store = ReadOnce(rows, ids)
    return [_foretold(work, store, matter_id, steps) for matter_id in ids]


def _foretold(work: Work, store: Store, matter_id: UUID, steps: int) -> list[dict[str, Any]]:
    """Matters that its rules do not look at are not played: what their deadlines will do to this one is not told."""
    ahead = Work(store, work.organisation, work.picture, work.sealer)
    ahead.load((matter_id,))
    _load_looked_at(ahead, ahead.live[matter_id].matter)
    items: list[dict[str, Any]] = []
    for _ in range(MOST):
        following = _next(ahead, matter_id)
        if following is None or len(items) >= steps:
            break
        try:
            items += _played(ahead, matter_id, *following)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - it would be parked as an incident: nothing after it is foretold
            _log.warning("deadline_unforeseeable", matter=str(following[0].id), exc_info=error)
            break
    return items[:steps]


def _load_looked_at(ahead: Work, matter: Matter) -> None:
    """Have the matters at hand on which the deadlines of this one depend."""
    facts = ahead.facts(matter)
    for deadline in matter.deadlines:
        looks_at = DEFINITIONS[matter.workflow].deadlines[deadline.name].looks_at
        for selector in looks_at(matter, None, facts) if looks_at else ():
            ahead.find(selector)


def _next(ahead: Work, matter_id: UUID) -> tuple[Matter, Deadline] | None:
    """The next deadline of all that are at hand, in the order of enforcement; None where the matter has none left."""
    at_hand = [live.matter for live in ahead.live.values()]
    pending = [(m, d) for m in at_hand for d in m.deadlines if d.fires_at is not None]
    if not any(matter.id == matter_id for matter, _ in pending):
        return None
    return min(pending, key=lambda found: _order(*found))


def _order(matter: Matter, deadline: Deadline) -> tuple[datetime, int, UUID, int]:
    assert deadline.fires_at is not None  # noqa: S101  only those that will fire are compared
    return deadline.fires_at, DEFINITIONS[matter.workflow].deadlines[deadline.name].rank, matter.id, deadline.number


def _played(ahead: Work, matter_id: UUID, matter: Matter, deadline: Deadline) -> Iterator[dict[str, Any]]:
    """Enforce a deadline at its own instant; the steps that the matter in question takes by it."""
    ahead.now = max(ahead.now, deadline.fires_at or ahead.now)
    ahead.organisation = replace(ahead.organisation, now=ahead.now)
    before = len(ahead.writes.steps)
    ahead.enforce(matter.id, deadline)
    ahead.settle()
    for step in ahead.writes.steps[before:]:
        if step["matter_id"] == matter_id:
            yield _shown(ahead, step, deadline.name if matter.id == matter_id else None)


def _shown(ahead: Work, step: dict[str, Any], deadline: str | None) -> dict[str, Any]:
    own = (step["matter_id"], step["number"])
    notices = [n for n in ahead.writes.notices if (n["matter_id"], n["step"]) == own]
    return {
        "at": iso(step["at"]),
        "deadline": deadline,
        "trigger": step["trigger"],
        "state": step["dest"],
        "holder": ahead.live[step["matter_id"]].matter.holder,
        "told": [{"to": n["to"], "kind": n["kind"], "subject": n["subject"], "at": iso(n["at"])} for n in notices],
    }

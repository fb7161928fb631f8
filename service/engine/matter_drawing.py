"""The drawing of one matter: the way that it has come, where it is, by when what comes next, and who is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from diagrams.extract import graph_of
from diagrams.graph import Graph
from diagrams.ladder import Rung, Stands
from diagrams.layout import Room
from diagrams.svg import Overlay
from service.identity.grounds import OWN
from service.storage.matter_tables import steps
from workflows.calendar import local_day
from workflows.escalation import REMINDERS
from workflows.model import Matter
from workflows.policy_words import plain

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from service.engine.rows import Rows
    from service.engine.work import Work
    from workflows.directory import Directory

_SKIPPED = {"party": "a party to it", "left": "no longer in post", "absent": "away then"}
_REMINDERS = {"remind_by": "reminder", "climb_by": "goes up"}
#: What has room in a box, in characters; names may be longer.
_SHORT = 44
_BOTH = 2
_STEPS = (
    select(steps.c.number, steps.c.source, steps.c.dest, steps.c.at, steps.c.data)
    .where(steps.c.organisation_id == OWN)
    .order_by(steps.c.number)
)


class Path(Struct, frozen=True):
    """When a matter came to each state last, and when it left it."""

    came: Mapping[str, datetime]
    left: Mapping[str, datetime]

    @staticmethod
    def of(history: Sequence[Any]) -> Path:
        """The way that a history tells; steps that stay where they are are none."""
        came: dict[str, datetime] = {}
        left: dict[str, datetime] = {}
        for step in history:
            if step.source != step.dest:
                came[step.dest] = step.at
                if step.source is not None:
                    left[step.source] = step.at
        return Path(came, left)


def draw_matter(reader: Reader, work: Work, rows: Rows, matter_id: UUID) -> tuple[Graph, Overlay] | None:
    """What is drawn of a matter as its policy lets it run; None where it is not the asker's to know.

    It shows where the matter stands and, to those who read it, who was asked and passed over; nothing that anybody
    wrote. Raises NotUsedError.
    """
    standing = reader.standing(matter_id)
    if not standing:
        return None
    [kept] = rows.matters([matter_id], lock=False)
    values = {"own": reader.organisation.id}
    history = reader.connection.execute(_STEPS.where(steps.c.matter_id == matter_id), values).all()
    policy = work.facts(kept.matter).policy
    matter = kept.matter if reader.viewer.reads(standing) else replace(kept.matter, ladder=None)
    return graph_of(matter.workflow, policy), _overlay(matter, history, reader.picture.directory)


def _overlay(matter: Matter, history: Sequence[Any], directory: Directory) -> Overlay:
    path = Path.of(history)
    notes = {name: _was_here(path, name) for name in path.came if name != matter.state}
    notes[matter.state] = tuple(_is_here(matter, path, directory))
    return Overlay(
        notes=notes, passed=frozenset(path.came), here=matter.state, ladder=tuple(_ladder(matter, history, directory)),
        room=Room.everywhere, subtitle=f"One matter, opened {_day(matter.opened_at)}, with the way that it has come",
        description=f"It is in the state {plain(matter.state)}. {' '.join(f'{note}.' for note in notes[matter.state])}",
    )  # fmt: skip


def _was_here(path: Path, name: str) -> tuple[str, ...]:
    left = path.left.get(name)
    return ("Was here", f"{_day(path.came[name])} to {_day(left)}" if left else f"from {_day(path.came[name])}")


def _is_here(matter: Matter, path: Path, directory: Directory) -> Iterator[str]:
    """Where it is: since when, whose turn it is, and what has a date."""
    came = path.came.get(matter.state)
    yield f"Here since {_day(came)}" if came else "Here now"
    waits = [matter.holder] if matter.holder else list(matter.waiting_for)
    if waits or matter.holder_role:
        names = [_name(directory, ref) for ref in waits] or [plain(matter.holder_role or "")]
        yield _turn_of(names)
    if coming := _coming(matter):
        yield _short(coming)


def _turn_of(names: Sequence[str]) -> str:
    """Whose turn it is: both of two where there is room for their names, else the first and how many more."""
    both = f"turn of {' and '.join(names)}"
    if len(names) > 1 and (len(names) > _BOTH or len(both) > _SHORT):
        both = f"turn of {names[0]} and {len(names) - 1} more"
    return _short(both)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _coming(matter: Matter) -> str:
    """The next date on which something falls due; where none does, when somebody is reminded and when it goes up."""
    dates = sorted((d.due, d.name) for d in matter.deadlines if d.live and d.due)
    if duty := next(((at, name) for at, name in dates if name not in REMINDERS), None):
        return f"{plain(duty[1])} {_day(duty[0])}"
    return ", ".join(f"{_REMINDERS[name]} {_day(at)}" for at, name in dates)


def _name(directory: Directory, ref: str) -> str:
    person = directory.get(ref)
    return person.name if person else ref


def _day(at: datetime) -> str:
    day = local_day(at)
    return f"{day.day} {day:%b %Y}"


# -- who is asked
def _ladder(matter: Matter, history: Sequence[Any], directory: Directory) -> Iterator[Rung]:
    """The frozen line and whoever was asked beside it, in the order in which they were and will be asked."""
    if matter.ladder is None:
        return
    asked_on, skipped = _asked(history)
    order = dict.fromkeys((*matter.ladder.rungs, *matter.ladder.asked, *skipped))
    last = max((list(order).index(ref) for ref in matter.ladder.asked), default=-1)
    for index, ref in enumerate(order):
        name = _name(directory, ref)
        if ref in matter.ladder.asked:
            on = asked_on.get(ref)
            stands = Stands.has_it if ref == matter.holder else Stands.asked
            yield Rung(name, stands, f"since {_day(on)}" if on else "")
        elif ref in skipped or ref in matter.ladder.parties:
            yield Rung(name, Stands.skipped, _SKIPPED.get(skipped.get(ref, "party"), skipped.get(ref, "")))
        elif index > last:
            yield Rung(name, Stands.ahead, "unless away then")


def _asked(history: Sequence[Any]) -> tuple[dict[str, datetime], dict[str, str]]:
    """When each was asked, and why others were passed over, as the steps have it."""
    asked: dict[str, datetime] = {}
    skipped: dict[str, str] = {}
    for step in history:
        for key in ("asked", "told"):
            ref = step.data.get(key)
            if isinstance(ref, str):
                asked.setdefault(ref, step.at)
        skipped |= dict(step.data.get("skipped", ()))
    return asked, skipped

"""The plan of an absence: who needs cover, with the work that is open, and who could give it, with what speaks against.

Rules say who may not; that those nearest are asked first, and of them whoever supervises fewest, is a product default.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import func, select

from service.engine.foresight import foresee
from service.engine.prospect import Unlocked
from service.engine.reading import visible
from service.engine.rows import matter_of
from service.engine.work import Work
from service.identity.access import sees
from service.identity.grounds import OWN
from service.storage.matter_tables import matters
from workflows.cover import lent, obstacle, open_between, to_be_covered
from workflows.model import Actor, Matter
from workflows.takeover import TAKEN_OVER
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from service.engine.rows import Rows
    from workflows.directory import Away, Directory

#: More than this nobody chooses from on one page.
_MOST_CANDIDATES = 12
#: The most open matters that a plan names one by one.
_MOST_MATTERS = 500


class Candidate(Struct, frozen=True):
    """Somebody who could cover: whom they supervise, what waits for them, and when they are away themselves."""

    ref: str
    supervises: int
    waiting: int
    away: Away | None


class Need(Struct, frozen=True):
    """Somebody who needs cover: their open work, who covers now, why some cannot, and whom the plan suggests."""

    supervisee: str
    matters: tuple[Matter, ...]
    covered_by: str | None
    obstacles: Mapping[str, str]
    suggested: str | None


class Plan(Struct, frozen=True):
    """Everybody who needs cover, and everybody who could give it, nearest first."""

    needs: tuple[Need, ...]
    candidates: tuple[Candidate, ...]


def plan_of(reader: Reader, work: Work, rows: Rows, matter_id: UUID) -> Plan:
    """The plan of one absence as it stands now; of its work, what the asker may see."""
    ahead = Work(Unlocked(rows), work.organisation, work.picture, work.sealer)
    turn = _turn(ahead, ahead.look(matter_id), Actor(reader.viewer.ref))
    covered, given = to_be_covered(turn), lent(turn)
    turn = _with_what_is_open(ahead, turn, covered)
    candidates = _candidates(reader, turn)
    work_of = _open_work(reader, {turn.matter.person, *given.values()})
    needs, load = [], Counter({one.ref: one.supervises for one in candidates})
    for ref in covered:
        found = {one.ref: obstacle(turn, ref, one.ref, {ref: one.ref}) for one in candidates}
        obstacles = {candidate: why for candidate, why in found.items() if why}
        suggested = given.get(ref) or _suggested(turn, obstacles, load)
        load[suggested or ""] += ref not in given
        needs.append(Need(ref, tuple(work_of[ref]), given.get(ref), obstacles, suggested))
    return Plan(tuple(needs), candidates)


def _turn(ahead: Work, matter: Matter, actor: Actor) -> Turn:
    """The assignment as its rules would see it."""
    return Turn(matter, "assign_cover", actor, Role.holder, ahead.now, ahead.facts(matter), {})


def _with_what_is_open(ahead: Work, turn: Turn, refs: Iterable[str]) -> Turn:
    """The same with everything on which the rules of cover depend, read at once."""
    for workflow in (Workflow.dispute, Workflow.referral):
        foresee(ahead, workflow, "supervisee", refs)
    found = tuple(m for ref in refs for selector in open_between(ref) for m in ahead.find(selector))
    return replace(turn, facts=replace(turn.facts, related=found))


# -- who could
def _candidates(reader: Reader, turn: Turn) -> tuple[Candidate, ...]:
    directory = turn.facts.directory
    refs = _nearest(directory, turn)
    waiting = _waiting(reader, refs)
    return tuple(
        Candidate(ref, len(directory.supervised_by(ref)), waiting.get(ref, 0), _away(directory, ref, turn.on))
        for ref in refs
    )


def _nearest(directory: Directory, turn: Turn) -> list[str]:
    """Whoever does the same work beside the absent person, the line above them, then others near who supervise.

    Where nobody is above them: whoever is asked, and those whom they supervise, as cover for one another.
    """
    person, asked = turn.matter.person or "", (turn.matter.holder,) if turn.matter.holder else ()
    line, post = directory.line(person) or asked, directory.people[person].job_role
    below = () if directory.line(person) else directory.supervised_by(person)
    near = [ref for ref, other in directory.people.items() if other.line_manager in line[:2] and ref != person]
    beside = [ref for ref in near if directory.manager_of(ref) == line[0]]
    able = (
        ref
        for ref in dict.fromkeys((*beside, *line[:2], *near, *below))
        if directory.in_post(ref, turn.on)
        and (directory.supervised_by(ref) or ref in (*line, *below) or directory.people[ref].job_role == post)
    )
    return list(islice(able, _MOST_CANDIDATES))


def _away(directory: Directory, ref: str, on: date) -> Away | None:
    """The absence that somebody has now, or the next one that is known."""
    coming = (a for a in directory.absences.get(ref, ()) if a.last_day is None or a.last_day >= on)
    return min(coming, key=lambda a: a.first_day, default=None)


def _suggested(turn: Turn, obstacles: Mapping[str, str], load: Mapping[str, int]) -> str | None:
    """Whoever of those beside the absent person supervises fewest; where none can, of those at one remove."""
    directory = turn.facts.directory
    line = directory.line(turn.matter.person)

    def distance(ref: str) -> int:
        if directory.manager_of(ref) in line[:1]:
            return 0
        return 2 if ref in line[1:] else 1

    able = [ref for ref in load if ref and ref not in obstacles]
    return min(able, key=lambda ref: (distance(ref), load[ref]), default=None)


# -- what there is
def _waiting(reader: Reader, refs: list[str]) -> dict[str, int]:
    """How many open matters wait for each of them, of those that the asker may see."""
    query = select(matters.c.holder, func.count()).where(
        matters.c.organisation_id == OWN, matters.c.holder.in_(refs), matters.c.closed_at.is_(None),
        sees(reader.viewer.office),
    )  # fmt: skip
    counted = reader.connection.execute(query.group_by(matters.c.holder), reader.viewer.parameters())
    return {row[0]: row[1] for row in counted}


def _open_work(reader: Reader, supervisors: Iterable[str | None]) -> Mapping[str, list[Matter]]:
    """What is open between these supervisors and each of their supervisees, soonest due first."""
    query = (
        visible(reader.viewer.office)
        .where(matters.c.supervisor.in_([ref for ref in supervisors if ref]), matters.c.closed_at.is_(None))
        .where(matters.c.workflow.in_([workflow.value for workflow in TAKEN_OVER]))
        .order_by(matters.c.next_due, matters.c.id)
        .limit(_MOST_MATTERS)
    )
    found: dict[str, list[Matter]] = defaultdict(list)
    for row in reader.connection.execute(query, reader.viewer.parameters()):
        for ref in {row.supervisee, *row.data.get("participants", ())}:
            found[ref or ""].append(matter_of(row, ()))
    return found

"""Cover: who supervises whom while a supervisor is away, lent and given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.directory import Directory
from workflows.model import Facts, Matter, Selector
from workflows.payloads import AssignCover
from workflows.takeover import TAKEN_OVER, hand_over
from workflows.turn import Turn
from workflows.vocabulary import Workflow

#: The kind of the absence's form in which a decision changes somebody's supervisor; nobody is away then.
REALLOCATION = "reallocation"
#: What a plan lists of what a new supervisor takes over: whoever is audited, and managers, know of no audit.
_PLANNED = tuple(workflow for workflow in TAKEN_OVER if workflow is not Workflow.audit)


def uncovered(turn: Turn) -> tuple[str, ...]:
    """The people in post whom the supervisor supervises and who need somebody else."""
    directory, person, only = turn.facts.directory, turn.matter.person or "", turn.data.get("only")
    here = directory.supervised_by(person) if only is None else _still_with(turn, person, only)
    return tuple(ref for ref in here if directory.in_post(ref, turn.on))


def _still_with(turn: Turn, person: str, only: Iterable[str]) -> Iterable[str]:
    """Of those whose supervisor is to change, the ones who still have the earlier one, at work or on the list."""
    directory, given = turn.facts.directory, turn.data.get("cover", {})
    listed = directory.on_the_list_of(person)
    return (ref for ref in only if directory.supervisor_of(ref) == person or (ref in listed and ref not in given))


def lent(turn: Turn) -> dict[str, str]:
    """Whom this absence has lent to whom, as far as nothing has changed that since."""
    people = turn.facts.directory.people
    return {ref: cover for ref, cover in turn.data.get("cover", {}).items() if people[ref].cover == cover}


def to_be_covered(turn: Turn) -> tuple[str, ...]:
    """Everybody to whom this absence may give a cover supervisor, now or another one than before."""
    return tuple(dict.fromkeys((*uncovered(turn), *lent(turn))))


def unsettled(turn: Turn) -> dict[str, str]:
    """Of those whom this absence has covered, the ones whose supervisor on the list the person still is."""
    listed = turn.facts.directory.on_the_list_of(turn.matter.person or "")
    return {ref: cover for ref, cover in turn.data.get("cover", {}).items() if ref in listed}


def plan_looks_at(person: str | None) -> Iterable[Selector]:
    """The open work of somebody who supervises, for the plan of its cover."""
    return (Selector(workflow, supervisor=person) for workflow in _PLANNED)


def plan(turn: Turn) -> list[dict[str, Any]]:
    """Every supervisee with the open work that somebody must take over."""
    return [{"supervisee": ref, "matters": [_shown(m) for m in _open_work(turn, ref)]} for ref in uncovered(turn)]


def _open_work(turn: Turn, ref: str) -> Iterable[Matter]:
    work = (m for m in turn.facts.related if m.workflow in _PLANNED and m.closed_at is None)
    return (m for m in work if ref == m.supervisee or ref in m.data.get("participants", ()))


def _shown(matter: Matter) -> dict[str, str]:
    return {"id": str(matter.id), "workflow": matter.workflow.value, "state": matter.state}


# -- assigning
def cover_looks_at(_matter: Matter, data: AssignCover, _facts: Facts) -> Iterable[Selector]:
    """What is open between the people who are to be covered and somebody else."""
    return (selector for ref in data.cover for selector in open_between(ref))


def open_between(supervisee: str) -> tuple[Selector, ...]:
    """Live disputes and referrals of somebody who is to be covered."""
    return Selector(Workflow.dispute, supervisee=supervisee), Selector(Workflow.referral, supervisee=supervisee)


def cover_fits(turn: Turn, data: AssignCover) -> str | None:
    """Nobody covers who is away, under the person they would supervise, or in a dispute or a referral with them."""
    theirs = to_be_covered(turn)
    for supervisee, cover in data.cover.items():
        if supervisee not in theirs:
            return f"{turn.name(supervisee)} is not supervised by {turn.name(turn.matter.person)}."
        why = obstacle(turn, supervisee, cover, data.cover)
        if why:
            return why
    return None


def obstacle(turn: Turn, supervisee: str, cover: str, all_covers: Mapping[str, str]) -> str | None:
    """Why somebody cannot cover for a supervisee, None where they can; `all_covers` is all that is assigned with it."""
    directory, name = turn.facts.directory, turn.name(cover)
    if cover == turn.matter.person:
        return f"{name} is the one who is to be covered."
    if not directory.in_post(cover, turn.on):
        return f"{name} is not in post."
    if directory.away(cover, turn.on):
        return f"{name} is away."
    if _is_supervised_under(directory, cover, supervisee, all_covers):
        return f"{name} is supervised under {turn.name(supervisee)}: that would be a circle."
    if any(_is_between(matter, supervisee, cover) for matter in turn.facts.related):
        return f"{name} cannot cover for {turn.name(supervisee)} while something between the two of them is open."
    return None


def _is_between(matter: Matter, supervisee: str, cover: str) -> bool:
    """Whether the two are parties to a dispute or a referral; one that the supervisee does not know yet has one party.

    What the refusal says is the same for both, and names neither: nobody is to learn of a referral from it.
    """
    if matter.workflow is Workflow.referral and not matter.data.get("told"):
        return False
    about = matter.workflow in (Workflow.dispute, Workflow.referral) and matter.closed_at is None
    return about and (matter.supervisee, matter.supervisor) == (supervisee, cover)


def _is_supervised_under(directory: Directory, ref: str, above: str, covers: Mapping[str, str]) -> bool:
    """Whether somebody is, or would be with these covers, supervised by another at any remove, or is that one."""
    seen: set[str] = set()
    current: str | None = ref
    while current and current not in seen:
        if current == above:
            return True
        seen.add(current)
        current = covers.get(current) or directory.supervisor_of(current)
    return False


def cover_everybody(turn: Turn, cover: Mapping[str, str]) -> None:
    """Lend the supervisees to their cover supervisors, with the work that is open."""
    earlier = {supervisee: turn.facts.directory.supervisor_of(supervisee) for supervisee in cover}
    for supervisee, name in cover.items():
        before = earlier[supervisee]
        turn.change(supervisee, "cover", name)
        hand_over(turn, supervisee, before, name, "cover")
        turn.tell((supervisee, name), "cover_assigned", f"{turn.name(name)} supervises {turn.name(supervisee)} for now")
    turn.keep(cover={**turn.matter.data.get("cover", {}), **cover})
    turn.note(cover=dict(cover))
    settle_cover(turn, turn.matter.person, *earlier.values())


def settle_cover(turn: Turn, *supervisors: str | None) -> None:
    """Let plans for the cover of these supervisors see who needs it now."""
    for ref in dict.fromkeys(filter(None, supervisors)):
        turn.then(Selector(Workflow.absence, person=ref), "settle")


# -- giving back
def give_back(turn: Turn) -> None:
    """Give back what was lent: whoever is on the list supervises again, and whoever covered covers again."""
    person, people = turn.matter.person or "", turn.facts.directory.people
    kept = _reallocated(turn)
    for ref in turn.facts.directory.on_the_list_of(person):
        if people[ref].cover and ref not in kept:
            _return_to(turn, ref, person, None)
    for ref in lent(turn):
        if people[ref].supervisor != person:
            _return_to(turn, ref, person, person)


def _reallocated(turn: Turn) -> set[str]:
    """Those whom a decision has given to somebody else, absence or not."""
    decided = (m for m in turn.facts.related if m.workflow is Workflow.absence and m.kind == REALLOCATION)
    return {ref for m in decided if m.closed_at is None for ref in m.data.get("cover", {})}


def _return_to(turn: Turn, ref: str, person: str, cover: str | None) -> None:
    before = turn.facts.directory.supervisor_of(ref)
    turn.change(ref, "cover", cover)
    hand_over(turn, ref, before, person, "return")
    settle_cover(turn, before)
    turn.tell((ref, before), "cover_ended", f"{turn.name(person)} supervises again")


def make_permanent(turn: Turn) -> None:
    """Whoever was assigned becomes the supervisor on the list; whom the person only covered for stays lent."""
    directory = turn.facts.directory
    for supervisee, assigned in unsettled(turn).items():
        now = directory.people[supervisee].cover
        supervisor = assigned if directory.in_post(assigned, turn.on) else now
        turn.change(supervisee, "supervisor", supervisor)
        turn.change(supervisee, "supervised_since", turn.on)
        if now == supervisor:
            turn.change(supervisee, "cover", None)
        turn.then(Selector(Workflow.employment, person=supervisee), "relist")

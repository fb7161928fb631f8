"""Cover: who supervises whom while a supervisor is away, lent and given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.model import Facts, Matter, Selector
from workflows.payloads import AssignCover
from workflows.takeover import hand_over
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def uncovered(turn: Turn) -> tuple[str, ...]:
    """The people whom the absent supervisor supervises and for whom nobody covers yet."""
    only = turn.data.get("only")
    here = turn.facts.directory.supervised_by(turn.matter.person or "")
    covered = turn.data.get("cover", {})
    return tuple(
        ref for ref in here
        if ref not in covered and (only is None or ref in only) and turn.facts.directory.in_post(ref, turn.on)
    )  # fmt: skip


def plan(turn: Turn) -> list[dict[str, Any]]:
    """Every supervisee with the open work that somebody must take over."""
    return [
        {
            "supervisee": ref,
            "matters": [
                {"id": str(m.id), "workflow": m.workflow.value, "state": m.state}
                for m in turn.facts.related
                if m.supervisee == ref and m.closed_at is None
            ],
        }
        for ref in uncovered(turn)
    ]


def looks_at_cover(_matter: Matter, data: AssignCover, _facts: Facts) -> Iterable[Selector]:
    """Live disputes of the people who are to be covered."""
    return (Selector(Workflow.dispute, supervisee=ref) for ref in data.cover)


def cover_fits(turn: Turn, data: AssignCover) -> str | None:
    """Nobody covers who is away, under the person they would supervise, or in a dispute with them."""
    theirs = {*uncovered(turn), *turn.matter.data.get("cover", {})}
    for supervisee, cover in data.cover.items():
        if supervisee not in theirs:
            return f"{turn.name(supervisee)} is not supervised by {turn.name(turn.matter.person)}."
        why = _why_not(turn, supervisee, cover)
        if why:
            return why
    return None


def _why_not(turn: Turn, supervisee: str, cover: str) -> str | None:
    directory, name = turn.facts.directory, turn.name(cover)
    if not directory.in_post(cover, turn.on):
        return f"{name} is not in post."
    if cover == turn.matter.person or directory.away(cover, turn.on):
        return f"{name} is away."
    if cover == supervisee or _is_supervised_under(turn, cover, supervisee):
        return f"{name} is supervised under {turn.name(supervisee)}: that would be a circle."
    if any(m.supervisee == supervisee and m.supervisor == cover for m in turn.facts.related):
        return f"{name} and {turn.name(supervisee)} are parties to a dispute."
    return None


def _is_supervised_under(turn: Turn, ref: str, above: str) -> bool:
    seen: set[str] = set()
    current: str | None = ref
    while current and current not in seen:
        seen.add(current)
        current = turn.facts.directory.supervisor_of(current)
        if current == above:
            return True
    return False


def cover_everybody(turn: Turn, cover: Mapping[str, str]) -> None:
    """Lend the supervisees to their cover supervisors, with the work that is open."""
    lent = dict(turn.matter.data.get("cover", {}))
    for supervisee, name in cover.items():
        before = lent.get(supervisee, turn.matter.person)
        turn.change(supervisee, "cover", name)
        hand_over(turn, supervisee, before, name, "cover")
        turn.tell((supervisee, name), "cover_assigned", f"{turn.name(name)} supervises {turn.name(supervisee)} for now")
        lent[supervisee] = name
    turn.keep(cover=lent)
    turn.note(cover=dict(cover))


def give_back(turn: Turn) -> None:
    """Give back what was lent: the supervisor on the list supervises again."""
    for supervisee, cover in turn.matter.data.get("cover", {}).items():
        turn.change(supervisee, "cover", None)
        hand_over(turn, supervisee, cover, turn.matter.person or cover, "return")
        turn.tell((supervisee, cover), "cover_ended", f"{turn.name(turn.matter.person)} supervises again")

"""A session that was cancelled or missed: what is owed in its place, by whom and about which cases."""

from __future__ import annotations

from typing import Any

from workflows.cancellation_cases import Owed, owed_now
from workflows.model import Opening, Selector
from workflows.takeover import LEFT
from workflows.turn import Turn
from workflows.vocabulary import Cause, Workflow


def owe_replacement(turn: Turn, cause: Cause, whose: str | None, reason: str | None) -> None:
    """Open the duty to replace the session; one that replaced another takes its age and its rung along.

    Where there is nothing to hold again any more, what was owed before ends as well.
    """
    before = [m for m in turn.facts.related if m.data.get("replacement") == str(turn.matter.id)]
    before.sort(key=lambda m: (m.data.get("rung") is None, m.opened_at, m.id))
    targets = [Selector(Workflow.cancellation, id=earlier.id) for earlier in before]
    owed = owed_now(turn)
    if owed is None or _has_left(turn, owed.worker):
        for target in targets:
            turn.then(target, "end", why="no case left" if owed is None else LEFT)
        return
    kept = {
        "cause": cause.value, "whose": whose, "cancelled_by": turn.actor.ref,
        "supersedes": [str(earlier.id) for earlier in before],
    }  # fmt: skip
    child = turn.open(_duty(turn, owed, kept, reason))
    for target in targets:
        turn.then(target, "supersede", by=child)


def _duty(turn: Turn, owed: Owed, kept: dict[str, Any], reason: str | None) -> Opening:
    lost = turn.matter
    same = owed.worker == lost.supervisee
    return Opening(
        Workflow.cancellation,
        kind=lost.kind,
        supervisee=owed.worker,
        supervisor=lost.supervisor if same else turn.facts.directory.supervisor_of(owed.worker),
        data={
            **kept,
            "cases": list(owed.cases),
            **{name: lost.data[name] for name in ("participants", "starts_at", "minutes")},
            "professional": lost.data.get("professional", False),
        },
        texts={"reason": reason} if reason else {},
    )


def _has_left(turn: Turn, ref: str | None) -> bool:
    person = turn.facts.directory.get(ref)
    return person is not None and person.has_left(turn.on)

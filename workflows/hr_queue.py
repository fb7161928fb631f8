"""Work that waits for human resources: who of them may act, who is above them, and what happens where nobody can."""

from __future__ import annotations

from collections.abc import Iterable

from workflows import escalation
from workflows.model import Ladder
from workflows.turn import Turn
from workflows.vocabulary import Role

HR = frozenset({Role.hr})


def colleagues(turn: Turn, parties: Iterable[str] = ()) -> tuple[str, ...]:
    """Everybody in human resources who is in post and no party."""
    not_these = set(parties)
    return tuple(ref for ref in turn.facts.directory.with_app_role(Role.hr, turn.on) if ref not in not_these)


def wait_for_hr(turn: Turn, parties: Iterable[str] = ()) -> None:
    """It is human resources' turn; that nobody there can act is an incident."""
    turn.hold(None, Role.hr)
    if not colleagues(turn, parties):
        turn.incident("stranded", f"Nobody in human resources can act on this {turn.matter.workflow}.")


def above_hr(turn: Turn, parties: Iterable[str] = ()) -> Ladder:
    """The line above human resources, who keep the work in their queue; no party is asked."""
    team = turn.facts.directory.with_app_role(Role.hr, turn.on)
    line = turn.facts.directory.line(team[0]) if team else ()
    return Ladder(line, frozenset({*team, *parties}), escalation.APPROVERS)

"""Whose supervision an audit looks at, and who must therefore not be its auditor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.turn import Turn


def subjects(turn: Turn) -> frozenset[str]:
    """Everybody whose work is audited: worker, supervisor and the manager just above them, or the one observed."""
    return frozenset(ref for ref in _subjects(turn) if ref)


def _subjects(turn: Turn) -> Iterator[str | None]:
    directory = turn.facts.directory
    data = turn.data
    case = turn.columns.get("case", turn.matter.case)
    for ref in (*([case] if case else []), *data.get("cases", ())):
        yield from _of_case(turn, ref)
    yield data.get("team_manager")
    observed = data.get("observed")
    if observed:
        yield from (observed, directory.manager_of(observed), *directory.supervised_by(observed))


def _of_case(turn: Turn, ref: str) -> Iterable[str | None]:
    case, directory = turn.facts.cases.get(ref), turn.facts.directory
    if case is None:
        return ()
    worker = directory.get(case.worker)
    above = {directory.supervisor_of(case.worker), worker.supervisor if worker else None}
    return (case.worker, *above, *(directory.manager_of(supervisor) for supervisor in above))


def is_no_subject(turn: Turn) -> str | None:
    """Nobody audits their own supervision, or that of somebody whom they manage."""
    if turn.actor.ref in subjects(turn):
        return "It is your own supervision that is audited, or you manage it directly: somebody else audits it."
    return None

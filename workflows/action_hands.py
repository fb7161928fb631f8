"""An action passes to other hands: its owner leaves, the supervisor changes, or its case goes to another worker."""

from __future__ import annotations

from collections.abc import Callable

from workflows.consequence_payloads import Closing, NewSupervisor, Transfer
from workflows.model import Matter
from workflows.takeover import take_over
from workflows.turn import Turn


def signer(turn: Turn) -> str | None:
    """The supervisor signs off; the supervisee what the supervisor had to do, as nobody signs off their own.

    In the place of one who has left, the first manager above does.
    """
    owner, directory = turn.data["owner"], turn.facts.directory
    first = _supervisee(turn) if owner == turn.supervisor else turn.supervisor
    able = (first, *directory.line(turn.supervisor or _supervisee(turn)))
    return next((ref for ref in able if ref and ref != owner and directory.in_post(ref, turn.on)), first)


def _supervisee(turn: Turn) -> str | None:
    supervisee: str | None = turn.columns.get("supervisee", turn.matter.supervisee)
    return supervisee


# -- somebody has left
def owner_left(turn: Turn) -> str | None:
    """A guard: whether the owner has left."""
    left = not turn.facts.directory.in_post(turn.matter.data["owner"], turn.on)
    return None if left else "Its owner is in post."


def re_own(turn: Turn, data: Closing) -> None:
    """Its owner has left: the other of the two has it, or the manager above (E9)."""
    directory = turn.facts.directory
    able = (turn.supervisor, turn.matter.supervisee, *directory.line(turn.supervisor or turn.matter.supervisee))
    owner = next((ref for ref in able if ref and directory.in_post(ref, turn.on)), None)
    if owner is None:
        turn.incident("stranded", "Nobody in post can take over an action of somebody who has left.")
        return
    _give_to(turn, owner, data.why)


def _give_to(turn: Turn, owner: str, why: str) -> None:
    turn.note(owner=owner, owner_before=turn.data["owner"], why=why)
    turn.keep(owner=owner)
    turn.joined.append(owner)
    if turn.matter.state == "open":
        turn.hold(owner)
    turn.tell(owner, "action_taken_over", "An action of somebody else is yours now")


def ask_another(wait_for_sign_off: Callable[[Turn], None]) -> Callable[[Turn, Closing], None]:
    """Whoever was to sign it off has left: somebody else is asked."""

    def does(turn: Turn, data: Closing) -> None:
        turn.note(why=data.why)
        wait_for_sign_off(turn)

    return does


# -- somebody else supervises, or has the case
def reassign(turn: Turn, data: NewSupervisor) -> None:
    """Another supervisor follows it up, and has what the earlier one was to do."""
    before = turn.matter.supervisor
    take_over(turn, data)
    if turn.data["owner"] == before:
        _give_to(turn, data.supervisor, data.why)
    if turn.matter.state == "done":
        turn.hold(signer(turn))


def is_with_another(turn: Turn, data: Transfer) -> str | None:
    """Whether the case has gone to somebody else."""
    return None if data.worker != turn.matter.supervisee else "The case is with this worker already."


def transfer(turn: Turn, data: Transfer) -> None:
    """Another worker has the case, and with it what an audit of the case has set (CBC-84)."""
    before: Matter = turn.matter
    supervisor = turn.facts.directory.supervisor_of(data.worker)
    turn.note(worker=data.worker, worker_before=before.supervisee)
    turn.columns["supervisee"] = data.worker
    turn.joined.append(data.worker)
    if supervisor and supervisor != before.supervisor:
        reassign(turn, NewSupervisor(supervisor=supervisor, why="transfer"))
    if turn.data["owner"] == before.supervisee:
        _give_to(turn, data.worker, "transfer")

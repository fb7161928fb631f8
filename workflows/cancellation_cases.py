"""The duty to hold a session again follows its cases: to whoever has them now, or to nobody once they are closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from workflows.awaited_returns import after_sickness, ill_since
from workflows.consequence_payloads import NewSupervisor
from workflows.escalation import SYSTEM
from workflows.group import members
from workflows.model import Matter, Selector
from workflows.table import Move
from workflows.takeover import judges_no_more, make_party, take_over
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Workflow

TRIGGER = "follow_cases"
#: Meetings about cases alone; any other is its worker's own supervision as well, and is owed without them.
_ON_CASES = frozenset({SessionKind.case, SessionKind.unplanned})


class Owed(Struct, frozen=True):
    """With which worker a session is to be held, and about which cases; a group has no one worker."""

    worker: str | None
    cases: tuple[str, ...]


# -- whose it is now
def owed_now(turn: Turn) -> Owed | None:
    """What is owed of the matter's session as its cases are now; nothing where they are closed or with several others.

    The matter is the session that falls out, or the duty to hold it again.
    """
    matter, cases = turn.matter, tuple(turn.matter.data["cases"])
    still_here = tuple(ref for ref in cases if _is_still_here(turn, ref))
    if still_here or not cases or matter.kind not in _ON_CASES:
        # Of what another session has left over, nothing but its cases is owed.
        return None if matter.data.get("left_over") and not still_here else Owed(matter.supervisee, still_here)
    elsewhere = [turn.facts.cases[ref] for ref in cases if not _is_closed(turn, ref)]
    workers = {case.worker for case in elsewhere}
    return Owed(workers.pop(), tuple(case.ref for case in elsewhere)) if len(workers) == 1 else None


def _is_still_here(turn: Turn, ref: str) -> bool:
    case = turn.facts.cases.get(ref)
    return case is None or (case.worker in members(turn) and not _is_closed(turn, ref))


def _is_closed(turn: Turn, ref: str) -> bool:
    case = turn.facts.cases.get(ref)
    return case is not None and case.closed_on is not None and case.closed_on <= turn.on


def duties_about(frequency: Matter) -> Iterable[Selector]:
    """The open duties to hold a session about a case again, with its worker or with a group of the same supervisor."""

    def is_about(owed: Matter) -> bool:
        return frequency.case in owed.data["cases"]

    yield Selector(Workflow.cancellation, supervisee=frequency.supervisee, accepts=is_about)
    if frequency.supervisor:
        group = SessionKind.group
        yield Selector(Workflow.cancellation, supervisor=frequency.supervisor, kind=group, accepts=is_about)


# -- which row
def _is_booked(turn: Turn) -> bool:
    """Whether a new session is named: the two who have booked it may still hold it (workflows.md 2)."""
    return bool(turn.matter.data.get("replacement"))


def _nothing_left(turn: Turn) -> str | None:
    all_closed = all(_is_closed(turn, ref) for ref in turn.matter.data["cases"])
    gone = owed_now(turn) is None and (all_closed or not _is_booked(turn))
    return None if gone else "One of its cases can still be discussed."


def _is_with_another(turn: Turn) -> str | None:
    owed = owed_now(turn)
    moves = owed is not None and owed.worker != turn.matter.supervisee and not _is_booked(turn)
    return None if moves else "Its cases are with the same worker, or a new session is booked."


def _has_lost_some(turn: Turn) -> str | None:
    owed, cases = owed_now(turn), tuple(turn.matter.data["cases"])
    fewer = owed is not None and owed.worker == turn.matter.supervisee and owed.cases != cases
    return None if fewer else "Its cases are as they were."


def _nobody_is_ill_there(turn: Turn) -> str | None:
    return "A return is waited for there as well." if _ill_there(turn) else None


def _ill_there(turn: Turn) -> list[str]:
    """Of the worker who has the cases now and their supervisor, whose return is to be waited for."""
    owed = owed_now(turn)
    if owed is None or after_sickness(turn) is None:
        return []
    parties = (owed.worker, turn.facts.directory.supervisor_of(owed.worker))
    waits_on = turn.matter.data["waits_on"]
    return sorted({ref for ref in parties if ref and (ref in waits_on or ill_since(turn, ref))})


# -- what becomes of it
def _end(turn: Turn, _data: Any) -> None:
    turn.clause = PRODUCT_DEFAULT
    turn.note(why="no case left")


def _lose_some(turn: Turn, _data: Any) -> None:
    owed = owed_now(turn)
    assert owed is not None  # noqa: S101  the row was picked for it
    turn.clause = PRODUCT_DEFAULT
    turn.note(gone=[ref for ref in turn.matter.data["cases"] if ref not in owed.cases])
    turn.keep(cases=list(owed.cases))


def _go_along(turn: Turn, _data: Any) -> None:
    """The new worker and their supervisor hold it: by the same date, and on the same rung."""
    owed, before = owed_now(turn), turn.matter
    assert owed is not None  # noqa: S101  the row was picked for it
    assert owed.worker is not None  # noqa: S101  every case has a worker
    supervisor = turn.facts.directory.supervisor_of(owed.worker)
    turn.clause = PRODUCT_DEFAULT
    turn.note(worker=owed.worker, worker_before=before.supervisee)
    turn.keep(cases=list(owed.cases))
    _wait_there(turn)
    turn.columns["supervisee"] = owed.worker
    make_party(turn, owed.worker)
    if supervisor and supervisor != before.supervisor:
        take_over(turn, NewSupervisor(supervisor=supervisor, why="transfer"))
    elif supervisor is None:
        turn.columns["supervisor"] = None
        turn.hold(None if before.holder == before.supervisor else before.holder)
    judges_no_more(turn, owed.worker, "A cancellation is late, and whoever was asked works with its case now")
    subject = "A cancelled session about a case that you have now is to be held again"
    turn.tell((owed.worker, supervisor), "rebooking_owed", subject)


def _wait_there(turn: Turn) -> None:
    """Only the returns of those who have a part in it now are waited for."""
    ill = _ill_there(turn)
    if turn.matter.state == "awaiting_return":
        turn.keep(waits_on=ill)
    else:
        for ref in ill:
            turn.then(Selector(Workflow.cancellation, id=turn.matter.id), "fall_sick", person=ref, why="sickness")


def _go_along_and_run(turn: Turn, data: Any) -> None:
    """Nobody whose return was waited for has a part in it any more: the window runs from this day."""
    _go_along(turn, data)
    period = after_sickness(turn)
    assert period is not None  # noqa: S101  nothing waits for a return where the policy has no window after one
    turn.set("rebook_by", turn.count(period.term, "with another worker", turn.on))


def follows_cases(waiting: tuple[str, ...], others: tuple[str, ...]) -> tuple[Move, ...]:
    """The rows by which a duty follows its cases, from the states that wait for a return and from the others."""
    open_states = (*waiting, *others)
    return (
        Move(TRIGGER, open_states, "excused", SYSTEM, _end, guards=(_nothing_left,)),
        Move(
            TRIGGER, waiting, "awaiting_rebooking", SYSTEM, _go_along_and_run,
            guards=(_is_with_another, _nobody_is_ill_there),
        ),
        Move(TRIGGER, open_states, None, SYSTEM, _go_along, guards=(_is_with_another,)),
        Move(TRIGGER, open_states, None, SYSTEM, _lose_some, guards=(_has_lost_some,)),
    )  # fmt: skip

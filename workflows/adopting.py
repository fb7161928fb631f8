"""A matter that goes over to a new version of the policy: which of its running dates move, from what to what.

What was missed stays missed, what has passed is enforced before, and no date moves to before today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from workflows.adoption_payloads import Adopt
from workflows.calendar import day_end, local_day
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Deadline
from workflows.policy import EscalationPolicy
from workflows.policy_parts import Period
from workflows.receipts import Counted, iso, later_of, on_day
from workflows.recount import anchor_of
from workflows.table import Move
from workflows.turn import Turn
from workflows.vocabulary import Carry, Status

#: The move by which a matter learns of a new version of its policy.
ADOPT = "adopt"
#: What a restarted deadline is counted from.
IN_FORCE = "policy in force"
#: A deadline under the policy in force: from its own beginning, or from a local date; None where it has no such one.
Anew = Callable[[Turn, date | None], Counted | None]


def adopting(
    states: tuple[str, ...], keeps: Callable[[Turn], None], anew: Mapping[str, Anew], begins: frozenset[str]
) -> Move:
    """The row by which an open matter adopts a policy; where nothing of it would change, there is no step.

    `keeps` keeps with the matter what people are told of its interval, and `anew` counts its deadlines; those that
    `begins` names may also begin with the policy.
    """
    every = {**_WAITING, **anew}

    def changes_something(turn: Turn, data: Adopt) -> str | None:
        return None if _moves(turn, data, every, begins) or _is_told_otherwise(turn, data, keeps) else _NOTHING

    def adopt(turn: Turn, data: Adopt) -> None:
        _is_told_otherwise(turn, data, keeps)
        moved = _moves(turn, data, every, begins)
        turn.note(policy_version=turn.facts.policy.version, moved=_noted(turn, moved))
        for name, counted in moved.items():
            _move(turn, name, counted)

    return Move(ADOPT, states, None, SYSTEM, adopt, Adopt, checks=(changes_something,))


_NOTHING = "Nothing of this matter changes."


def _is_told_otherwise(turn: Turn, data: Adopt, keeps: Callable[[Turn], None]) -> bool:
    """Keep what people are told of the interval; whether that is something else than before, its clause aside."""
    if data.deadlines.get("supervise_by") == Carry.keep:
        return False
    keeps(turn)
    return any(turn.matter.data.get(name) != value for name, value in turn.kept.items() if name != "clause")


def _moves(turn: Turn, data: Adopt, every: Mapping[str, Anew], begins: frozenset[str]) -> dict[str, Counted | None]:
    """The deadlines that move, by name, as they are counted now; None for one that ends."""
    found: dict[str, Counted | None] = {}
    for name, anew in every.items():
        carry, live = data.deadlines.get(name, Carry.recompute), turn.matter.live(name)
        if carry == Carry.keep or not (_runs(live) or (live is None and name in begins)):
            continue
        counted = anew(turn, turn.on if carry == Carry.restart and not _is_renewed(turn, data) else None)
        if counted is None:
            found |= {name: None} if live else {}
        elif live is not None:
            counted = counted if counted.due == live.due else _not_in_the_past(turn, name, counted)
            found |= {name: counted} if counted.due != live.due else {}
        elif counted.due is not None and counted.due >= turn.now:
            found[name] = counted
    return found


def _runs(live: Deadline | None) -> bool:
    return live is not None and live.status is Status.running


def _is_renewed(turn: Turn, data: Adopt) -> bool:
    """Whether a session was held since the version is in force: what was counted from it needs no new start."""
    last = turn.data.get("last_supervised_on")
    return last is not None and date.fromisoformat(last) >= data.since


def _not_in_the_past(turn: Turn, name: str, counted: Counted) -> Counted:
    """A shorter interval is never retroactively overdue: the day of the change at the earliest (matrix section 0).

    A version that is adopted late asks nobody before the day on which it is.
    """
    day = local_day(turn.window_start) if name in _WAITING else turn.on
    if counted.due is None or counted.due >= day_end(day):
        return counted
    today = on_day(counted.receipt["clause"], IN_FORCE, day, turn.facts.calendar)
    return later_of(today, counted, ("the day on which the new version is adopted", "its date under the new version"))


def _noted(turn: Turn, moved: Mapping[str, Counted | None]) -> dict[str, list[str | None]]:
    """From what to what each deadline moves, for the history."""
    before = {name: turn.matter.live(name) for name in moved}
    return {
        name: [iso(live.due) if (live := before[name]) and live.due else None,
               iso(counted.due) if counted and counted.due else None]
        for name, counted in moved.items()
    }  # fmt: skip


def _move(turn: Turn, name: str, counted: Counted | None) -> None:
    if counted is None:
        turn.close(name, Status.superseded)
        return
    turn.set(name, counted)
    if name not in _WAITING:
        turn.clause = turn.clause or counted.receipt["clause"]
        _tell(turn, name, counted)


def _tell(turn: Turn, name: str, counted: Counted) -> None:
    assert counted.due is not None  # noqa: S101  what moves was counted to its end
    day, clause = local_day(counted.due), counted.receipt["clause"]
    subject = f"The date “{name.replace('_', ' ')}” is {day.day} {day:%B %Y}"
    body = f"Version {turn.facts.policy.version} of the supervision policy is in force ({clause})."
    turn.tell((*turn.matter.parties().values(), turn.holder), "deadline_moved", subject, body)


def _waits(name: str, period: Callable[[EscalationPolicy], Period]) -> Anew:
    """A reminder or a climb under the policy in force; people have its whole time, however late it is adopted."""

    def anew(turn: Turn, restarted: date | None) -> Counted:
        term, live = period(turn.facts.policy.escalation).term, turn.matter.live(name)
        assert live is not None  # noqa: S101  none of these begins with a policy
        since = (IN_FORCE, local_day(turn.window_start)) if restarted else anchor_of(live.receipt)
        return turn.count(term, *since)

    return anew


_WAITING: Mapping[str, Anew] = {
    "remind_by": _waits("remind_by", lambda rules: rules.remind_after),
    "climb_by": _waits("climb_by", lambda rules: rules.climb_after),
}
assert _WAITING.keys() == REMINDERS.keys()  # noqa: S101  every state that waits has just these

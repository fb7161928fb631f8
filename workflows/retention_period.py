"""How long the file of somebody who left is kept: as the policy says, longer on a ground, and never shorter."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.calendar import local_day
from workflows.hr_queue import colleagues
from workflows.model import Matter
from workflows.policy_retention import RetentionPolicy
from workflows.receipts import Counted, on_day
from workflows.retention_payloads import ChangePeriod, Hold, LeftOn, ReleaseHold
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status


def rules_of(turn: Turn) -> RetentionPolicy:
    """What the policy says of such files."""
    return turn.facts.policy.retention


def left_on(turn: Turn) -> date:
    """The last day of employment (a local date)."""
    return date.fromisoformat(turn.data["left_on"])


def is_not_own_file(turn: Turn) -> str | None:
    """A guard: nobody decides on the file of their own supervision, once they are back."""
    return "Nobody decides on their own file: a colleague does." if turn.actor.ref == turn.matter.person else None


def start_period(turn: Turn) -> None:
    """Let the period run from the last day of employment; where the policy has none, nothing ever ends it."""
    counted = _longest(turn, left_on(turn))
    turn.keep(no_disposal=counted is None)
    if counted is not None:
        turn.set("retain_until", counted)


def _longest(turn: Turn, last_day: date) -> Counted | None:
    """The policy's period, or the longer one that human resources have given."""
    given, counted = _longer(turn), _by_policy(turn, last_day)
    if given is None or given.due is None or counted is None or counted.due is None:
        return given or counted
    return given if given.due >= counted.due else counted


def _by_policy(turn: Turn, last_day: date) -> Counted | None:
    period = rules_of(turn).keep_for
    return turn.count(period.term, "last day of employment", last_day) if period else None


def _longer(turn: Turn) -> Counted | None:
    until = turn.data.get("keep_until")
    if until is None:
        return None
    return on_day(PRODUCT_DEFAULT, "kept longer", date.fromisoformat(until), turn.facts.calendar)


# -- another last day
def is_another_end(file: Matter, end: date | None) -> bool:
    """Whether the file of an employment that is over has another last day than the list has now."""
    return end is not None and not file.data.get("rejoined_on") and file.data["left_on"] != end.isoformat()


def goes_on(turn: Turn, data: LeftOn) -> str | None:
    """A check: whether the time that seemed to be over is not, counted from the last day as it is known now."""
    counted = _longest(turn, data.left_on)
    is_over = counted is not None and counted.due is not None and counted.due < turn.now
    return "The file’s time is over all the same." if is_over else None


def note_end(turn: Turn, data: LeftOn) -> None:
    """The list has corrected the last day; where a hold or a decision keeps the file, no period runs."""
    turn.note(left_on=data.left_on.isoformat(), before=turn.matter.data["left_on"])
    turn.keep(left_on=data.left_on.isoformat())


def recount(turn: Turn, data: LeftOn) -> None:
    """The period is counted from the last day as it is known now."""
    note_end(turn, data)
    start_period(turn)


def go_on(turn: Turn, data: LeftOn) -> None:
    """Whoever was asked to decide about the file learns that it is not time yet."""
    recount(turn, data)
    turn.keep(proposed_by=None)
    subject = f"The last day of {turn.name(turn.matter.person)} was corrected: their file’s time goes on"
    turn.tell(colleagues(turn), "file_goes_on", subject)


# -- longer
def has_a_period(turn: Turn) -> str | None:
    """A guard: whether there is a period that could be another."""
    if rules_of(turn).keep_for is not None:
        return None
    return f"The policy gives no time after which a file is disposed of: it is kept ({PRODUCT_DEFAULT})."


def is_on_hold(turn: Turn) -> str | None:
    """A guard that always refuses: a file on hold has no period to change."""
    grounds = (rules_of(turn).hold_ground(hold["ground"]) for hold in turn.matter.data["holds"])
    clauses = ", ".join(sorted({ground.clause for ground in grounds if ground}))
    return f"A file on hold is kept, and its period is not changed until it is released ({clauses})."


def is_not_shorter(turn: Turn, data: ChangePeriod) -> str | None:
    """A check: whether the file is kept at least as long as the policy says, and beyond today."""
    counted, period = _by_policy(turn, left_on(turn)), rules_of(turn).keep_for
    assert period is not None  # noqa: S101  a guard has seen to it
    assert counted is not None  # noqa: S101  the same
    assert counted.due is not None  # noqa: S101  a period without pauses ends
    if data.keep_until < local_day(counted.due):
        return f"The file is kept for {period.term.words()} at least ({period.clause})."
    return None if data.keep_until > turn.on else "Name a day to come."


def change(turn: Turn, data: ChangePeriod) -> None:
    """Keep the file longer than the policy asks for."""
    turn.write(reason=data.reason)
    turn.note(keep_until=data.keep_until.isoformat())
    turn.keep(keep_until=data.keep_until.isoformat(), proposed_by=None)
    start_period(turn)


# -- holds
def is_a_hold_ground(turn: Turn, data: Hold) -> str | None:
    """A check: whether the policy has the ground, and the file is not held on it already."""
    known = [ground.name for ground in rules_of(turn).hold_grounds]
    if data.ground not in known:
        return f"There is no ground {data.ground!r}; there are: {', '.join(known)}."
    return "The file is held on that ground already." if data.ground in _held(turn) else None


def _held(turn: Turn) -> list[str]:
    return [hold["ground"] for hold in turn.data["holds"]]


def hold(turn: Turn, data: Hold) -> None:
    """Nothing is done with the file until the ground is gone; whether it is still there is looked at in time."""
    ground = rules_of(turn).hold_ground(data.ground)
    assert ground is not None  # noqa: S101  a check has seen to it
    turn.clause = ground.clause
    turn.write(reason=data.reason)
    turn.note(ground=data.ground)
    turn.close("retain_until", Status.superseded)
    held = {"ground": data.ground, "since": turn.on.isoformat()}
    turn.keep(holds=[*turn.matter.data["holds"], held], proposed_by=None)
    review_later(turn)


def review_later(turn: Turn, _data: Any = None) -> None:
    """Look again whether the hold is needed."""
    turn.set("review_by", turn.count(rules_of(turn).hold_reviewed_every.term, "held since", turn.window_start))


def is_held_on(turn: Turn, data: ReleaseHold) -> str | None:
    """A check: whether the ground that is gone is one of the hold's, and named where there are several."""
    if data.ground is None:
        return None if len(_held(turn)) == 1 else f"Say which ground is gone: {', '.join(_held(turn))}."
    return None if data.ground in _held(turn) else f"The file is not held on the ground {data.ground!r}."


def others_remain(turn: Turn, data: ReleaseHold) -> str | None:
    """A check: whether the file stays on hold on another ground."""
    return None if set(_held(turn)) - {data.ground} and data.ground else "No other ground remains."


def release(turn: Turn, data: ReleaseHold) -> None:
    """One ground is gone."""
    gone = data.ground or _held(turn)[0]
    turn.write(reason=data.reason)
    turn.note(ground=gone)
    turn.keep(holds=[held for held in turn.matter.data["holds"] if held["ground"] != gone])


def release_last(turn: Turn, data: ReleaseHold) -> None:
    """The last ground is gone: the period counts again, from when it always did."""
    release(turn, data)
    turn.close("review_by", Status.met)
    start_period(turn)


def release_for_good(turn: Turn, data: ReleaseHold) -> None:
    """The last ground is gone, and its owner works here again: there is no period."""
    release(turn, data)

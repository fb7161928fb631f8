"""A cancelled session whose parties are ill: its window waits for their return, and runs from the later one."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.calendar import local_day
from workflows.model import Deadline
from workflows.payloads import Payload
from workflows.policy_parts import Period
from workflows.receipts import Counted, later_of, on_day
from workflows.takeover import take_over
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, Cause, SessionKind, Status

#: What ends the waiting for a supervisor who is ill, by why somebody else has the duty now.
_EVENTS = {"cover": "cover assigned", "return": "the supervisor is back"}


class ShownFalse(Payload):
    """What shows that a breach was none: sickness in the window, or a return later than was known.

    A sickness that was none shows that nobody's return is waited for.
    """

    person: str
    #: The day of the return, where it is a return that shows it (a local date).
    back_on: date | None = None


def after_sickness(turn: Turn) -> Period | None:
    """The window that the policy gives after a return to work, where it has one (CBC-46, CBC-59)."""
    return turn.facts.policy.cancellation.window_after_sickness(SessionKind(turn.matter.kind or ""))


def has_sickness_rule(turn: Turn) -> str | None:
    """A guard: whether sickness changes anything here."""
    return None if after_sickness(turn) else "The policy has no rule for sickness in the window."


def awaited(turn: Turn) -> list[str]:
    """Whose return a new cancellation waits for: the party whose sickness is the cause, and whoever is ill already."""
    if after_sickness(turn) is None:
        return []
    data, parties = turn.matter.data, (turn.matter.supervisee, turn.supervisor)
    cause = data["whose"] if data["cause"] == Cause.sickness else None
    in_post = [ref for ref in parties if ref and turn.facts.directory.in_post(ref, turn.on)]
    return sorted({ref for ref in in_post if ref == cause or ill_since(turn, ref)})


def fell_out_for_sickness(turn: Turn) -> bool:
    """Whether somebody whose return is waited for was too ill for the session that was cancelled."""
    data = turn.data
    return bool(data["cause"] == Cause.sickness and data["whose"] in data["waits_on"])


def ill_since(turn: Turn, ref: str) -> date | None:
    """The first day of the sickness from which somebody's return is still to come (a local date)."""
    absences = turn.facts.directory.absences.get(ref, ())
    ill = (a for a in absences if a.cause is AbsenceCause.sickness and a.last_day is None)
    return min((a.first_day for a in ill if a.first_day <= turn.on), default=None)


# -- falling ill
def was_ill_in_time(turn: Turn, data: Any) -> str | None:
    """Sickness ends a window that was still running when it began; one that had passed stays as it was."""
    window = turn.matter.live("rebook_by") or turn.matter.missed("rebook_by")
    since = ill_since(turn, data.person)
    if window is not None and window.due is not None and since is not None and since <= local_day(window.due):
        return None
    return "The window had passed before the sickness began."


def is_not_awaited(turn: Turn, data: Any) -> str | None:
    """Whether a return is not yet waited for."""
    return "Their return is waited for already." if data.person in turn.matter.data["waits_on"] else None


def fall_sick(turn: Turn, data: Any) -> None:
    """The window is closed without a breach; a new one will run from the return."""
    turn.note(person=data.person)
    turn.keep(waits_on=sorted({*turn.matter.data["waits_on"], data.person}))
    turn.close("rebook_by", Status.superseded)


def shown_ill(turn: Turn, data: ShownFalse) -> None:
    """Sickness that was written down late had begun in the window: the breach was none."""
    _correct(turn)
    fall_sick(turn, data)


def is_about_sickness(_turn: Turn, data: ShownFalse) -> str | None:
    """Whether it is a sickness that shows the breach false."""
    return "It is about a return." if data.back_on else None


def _correct(turn: Turn) -> None:
    """The breach leaves the counts, its escalation ends, and those who were told are told."""
    turn.correct("rebook_by")
    turn.note(corrected=True)
    turn.keep(rung=None)
    turn.columns["ladder"] = None
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    told = (*asked, turn.matter.supervisee, turn.supervisor)
    turn.tell(told, "breach_corrected", "A cancelled session that seemed late is not late")


# -- nobody was ill
def is_not_ill_after_all(turn: Turn, data: ShownFalse) -> str | None:
    """Whether what was recorded as sickness is none, so that there is no return to work to wait for."""
    if data.back_on is not None or data.person not in turn.matter.data["waits_on"]:
        return "It is about no sickness that is waited for."
    return "They are ill." if ill_since(turn, data.person) else None


def one_was_not_ill(turn: Turn, data: ShownFalse) -> None:
    """One of those waited for was away for another reason; the window still waits for the other."""
    turn.note(person=data.person)
    turn.keep(waits_on=[ref for ref in turn.matter.data["waits_on"] if ref != data.person])


def nobody_was_ill(turn: Turn, data: ShownFalse) -> None:
    """The ordinary window runs from the correction, as from an absence that is withdrawn (CBC-45, CBC-59)."""
    one_was_not_ill(turn, data)
    window = turn.facts.policy.cancellation.window(SessionKind(turn.matter.kind or ""))
    turn.set("rebook_by", turn.count(window.term, "sickness shown false", turn.window_start))


# -- coming back
def somebody_else_is_ill(turn: Turn, data: Any) -> str | None:
    """Whether this return is waited for, and another besides."""
    waits_on = set(turn.matter.data["waits_on"])
    return None if data.person in waits_on and len(waits_on) > 1 else "Nobody else is away."


def is_last_one_back(turn: Turn, data: Any) -> str | None:
    """Whether this is the only return that is still waited for."""
    return None if turn.matter.data["waits_on"] == [data.person] else "It does not wait for this return alone."


def one_back(turn: Turn, data: Any) -> None:
    """A return is known; the window still waits for the other."""
    turn.keep(waits_on=[ref for ref in turn.matter.data["waits_on"] if ref != data.person])
    _keep_return(turn, data)


def all_back(turn: Turn, data: Any) -> None:
    """The window runs from the latest return, which is its day 0 (CBC-46, CBC-59; E4)."""
    one_back(turn, data)
    turn.set("rebook_by", _from_returns(turn))


def is_another_return(turn: Turn, data: Any) -> str | None:
    """Whether a return that was known has another date now."""
    known = _returns(turn).get(data.person)
    return None if known and known != data.back_on.isoformat() else "This return is known already."


def correct_return_of_one(turn: Turn, data: Any) -> None:
    """The date of one return is another; the window still waits for the other person."""
    _keep_return(turn, data)


def correct_return(turn: Turn, data: Any) -> None:
    """The window moves with the return that it runs from, and never to before the end of today."""
    _keep_return(turn, data)
    counted = _from_returns(turn)
    if counted.due is not None and counted.due < turn.now:
        today = on_day(PRODUCT_DEFAULT, "the return was corrected", turn.on, turn.facts.calendar)
        counted = later_of(counted, today, ("the window from the return", "never in the past"))
    turn.set("rebook_by", counted)


def has_window(turn: Turn) -> str | None:
    """A guard: whether the window still runs; what was missed stays missed unless it is shown false."""
    return None if turn.matter.live("rebook_by") else "The window has passed."


def was_missed(turn: Turn) -> str | None:
    """A guard: whether the window has passed, and was this matter's own."""
    missed = turn.matter.missed("rebook_by")
    return None if missed and not turn.matter.live("rebook_by") else "The window has not passed."


def returned_later(turn: Turn, data: ShownFalse) -> str | None:
    """Whether a corrected return shows that the window had not passed yet, and has not now."""
    if data.back_on is None or is_another_return(turn, data):
        return "It is about no other return."
    due, missed = _from_returns(turn, {data.person: data.back_on.isoformat()}).due, _missed(turn)
    late = due is None or missed.due is None or due <= missed.due or due < turn.now
    return "The window would have passed all the same." if late else None


def shown_later(turn: Turn, data: ShownFalse) -> None:
    """The window that seemed missed runs from a later return."""
    _correct(turn)
    correct_return(turn, data)


def _missed(turn: Turn) -> Deadline:
    missed = turn.matter.missed("rebook_by")
    assert missed is not None  # noqa: S101  only what was missed is on a rung
    return missed


def _returns(turn: Turn) -> dict[str, str]:
    returns: dict[str, str] = turn.data.get("returns", {})
    return returns


def _keep_return(turn: Turn, data: Any) -> None:
    turn.note(person=data.person, before=_returns(turn).get(data.person), back_on=data.back_on.isoformat())
    turn.keep(returns={**_returns(turn), data.person: data.back_on.isoformat()})


def _from_returns(turn: Turn, corrected: dict[str, str] | None = None) -> Counted:
    returns = {**_returns(turn), **(corrected or {})}
    return _count(turn, "return to work", max(date.fromisoformat(day) for day in returns.values()))


def _count(turn: Turn, event: str, day: date) -> Counted:
    period = after_sickness(turn)
    assert period is not None  # noqa: S101  nothing waits for a return where the policy has no window after one
    return turn.count(period.term, event, day)


# -- cover and new supervisors
def waits_on_supervisor_alone(turn: Turn) -> str | None:
    """Whether nobody but the supervisor is ill, so that another one can hold the session."""
    alone = turn.matter.data["waits_on"] == [turn.matter.supervisor]
    return None if alone else "It waits for somebody else as well."


def cover_ends_waiting(turn: Turn, data: Any) -> None:
    """Whoever supervises now can hold it: the window runs from this day (workflows.md 2)."""
    turn.keep(waits_on=[])
    take_over(turn, data)
    turn.set("rebook_by", _count(turn, _EVENTS.get(data.why, "another supervisor"), turn.on))


def take_over_waiting(turn: Turn, data: Any) -> None:
    """Another supervisor: only the supervisee's return is still waited for."""
    turn.keep(waits_on=[ref for ref in turn.matter.data["waits_on"] if ref != turn.matter.supervisor])
    take_over(turn, data)

"""The window in which a record is signed: when it starts, what stops it for a while, and what is left of it."""

from __future__ import annotations

from datetime import date, datetime

from workflows.calendar import local_day
from workflows.receipts import Pause, later_of, on_day
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT


def start_signing(turn: Turn) -> None:
    """Send the record to the supervisee and start their window, where the policy gives one.

    A case record's window runs from tasking (CBC-42), a personal one's from receipt (CBC-58); a notice that cannot
    be delivered starts neither: the window stands still until it is.
    """
    supervisee = turn.matter.supervisee
    turn.tell(supervisee, "signature_asked", "A supervision record waits for your signature", urgent=True)
    open_window(turn)


def open_window(turn: Turn) -> None:
    """Start the window now, or let it stand still while the notice cannot be delivered."""
    turn.keep(window_from=turn.window_start.isoformat(), undelivered=_unreachable(turn))
    resume_signing(turn)


def _unreachable(turn: Turn) -> bool:
    person = turn.facts.directory.get(turn.matter.supervisee)
    return person is not None and person.bounces


def resume_signing(turn: Turn) -> None:
    """Count the window again from its start with every pause that is known today."""
    period = turn.facts.policy.record.of(turn.matter.kind).sign_by
    if period is None:
        return
    start = datetime.fromisoformat(turn.data["window_from"])
    event = "sent to the supervisee" if turn.matter.kind == "case" else "received by the supervisee"
    counted = turn.count(period.term, event, start, _pauses(turn, local_day(start)))
    if counted.due is not None and counted.due < turn.now:
        today = on_day(PRODUCT_DEFAULT, "the pause was corrected", turn.on, turn.facts.calendar)
        counted = later_of(counted, today, ("the window without the pause", "never in the past"))
    turn.set("sign_by", counted)


def pause_signing(turn: Turn, start: date, end: date | None, because: str) -> None:
    """Let the window stand still from a local date on, for another reason than an absence."""
    turn.keep(undelivered=True)
    if turn.live("sign_by") is not None:
        period = turn.facts.policy.record.of(turn.matter.kind).sign_by
        if period is not None:
            anchor = datetime.fromisoformat(turn.data["window_from"])
            pauses = (Pause(start, end, because),)
            turn.set("sign_by", turn.count(period.term, "sent to the supervisee", anchor, pauses))


def _pauses(turn: Turn, start: date) -> tuple[Pause, ...]:
    """Absences of the supervisee since the window began (policy switch), and a notice that is still on its way."""
    if turn.data.get("undelivered"):
        return (Pause(start, None, "the notice has not been delivered"),)
    if not turn.facts.policy.record.absence_pauses_signing.value:
        return ()
    absences = turn.facts.directory.absences.get(turn.matter.supervisee or "", ())
    return tuple(
        Pause(away.first_day, away.last_day, f"absent ({away.cause})")
        for away in sorted(absences, key=lambda a: a.first_day)
        if away.first_day <= turn.on and (away.last_day is None or away.last_day >= start)
    )

"""The window in which a record is signed: when it starts, what stops it for a while, and what is left of it.

A case record's window runs from tasking (CBC-42), a personal one's from receipt (CBC-58). While the notice cannot be
delivered neither runs, and both start anew when it is. Absences let a running window stand still.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from workflows import escalation
from workflows.calendar import local_day
from workflows.consequence_payloads import Delivered, Passed, Returned
from workflows.receipts import Pause, later_of, on_day
from workflows.record_form import record_rules
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind, Status


# -- the window
def start_signing(turn: Turn) -> None:
    """Send the record to the supervisee and start their window, where the policy gives one."""
    supervisee = turn.matter.supervisee
    turn.tell(supervisee, "signature_asked", "A supervision record waits for your signature", urgent=True)
    sent = turn.matter.kind == RecordKind.case
    _open_window(turn, "sent to the supervisee" if sent else "received by the supervisee")


def _open_window(turn: Turn, event: str) -> None:
    person = turn.facts.directory.get(turn.matter.supervisee)
    unreachable = person is not None and person.bounces
    turn.keep(window_from=turn.window_start.isoformat(), window_event=event, undelivered=unreachable)
    if unreachable:
        _tell_undelivered(turn)
    _count_window(turn)


def _tell_undelivered(turn: Turn) -> None:
    turn.tell(turn.supervisor, "undelivered", "A supervision record could not be delivered to be signed")


def _count_window(turn: Turn) -> None:
    """Count the window again from its start with every pause that is known today; it never ends in the past."""
    period = record_rules(turn).sign_by
    if period is None:
        return
    start = datetime.fromisoformat(turn.data["window_from"])
    counted = turn.count(period.term, turn.data["window_event"], start, _pauses(turn, local_day(start)))
    if counted.due is not None and counted.due < turn.now:
        today = on_day(PRODUCT_DEFAULT, "the pause was corrected", turn.on, turn.facts.calendar)
        counted = later_of(counted, today, ("the window without the pause", "never in the past"))
    turn.set("sign_by", counted)


def _pauses(turn: Turn, start: date) -> tuple[Pause, ...]:
    """A notice that is still on its way, or absences of the supervisee since the window began (policy switch)."""
    if turn.data["undelivered"]:
        return (Pause(start, None, "the notice has not been delivered"),)
    if not turn.facts.policy.record.absence_pauses_signing.value:
        return ()
    absences = turn.facts.directory.absences.get(turn.matter.supervisee or "", ())
    return tuple(
        Pause(away.first_day, away.last_day, "absent")
        for away in sorted(absences, key=lambda a: a.first_day)
        if away.first_day <= turn.on and (away.last_day is None or away.last_day >= start)
    )


# -- who is reminded while it waits
def signer_waits(turn: Turn) -> None:
    """It is the supervisee's turn."""
    turn.hold(turn.matter.supervisee)


def unsigned(turn: Turn) -> tuple[str | None, ...] | None:
    """Without a window that runs nobody is deemed to accept: both are reminded instead (product default)."""
    if _window_runs(turn) or _is_away(turn):
        return None
    return turn.matter.supervisee, turn.supervisor


def _window_runs(turn: Turn) -> bool:
    return record_rules(turn).sign_by is not None and not turn.data["undelivered"]


def _is_away(turn: Turn) -> bool:
    """Whether reminders wait for a return that is not known yet (E8; the policy's switch)."""
    away = turn.facts.directory.away(turn.matter.supervisee or "", turn.on)
    return turn.facts.policy.record.absence_pauses_signing.value and away is not None and away.last_day is None


# -- absences of the supervisee
def pause(turn: Turn, data: Passed) -> None:
    """The supervisee is absent: the window stands still from the first day of the absence, and so do reminders."""
    turn.note(person=data.person)
    _count_window(turn)
    if unsigned(turn) is None:
        _stop_reminders(turn)


def _stop_reminders(turn: Turn) -> None:
    for name in escalation.REMINDERS:
        turn.close(name, Status.superseded)


def resume(turn: Turn, data: Returned) -> None:
    """The supervisee is back: what is left of the window runs on, and reminders begin anew."""
    turn.note(person=data.person, back_on=data.back_on.isoformat())
    _count_window(turn)
    if not _window_runs(turn):
        ladder = turn.ladder or escalation.above_supervisor(turn)
        escalation.start_waiting(turn, ladder, "return to work", max(data.back_on, turn.on))


# -- notices that come back
def is_supervisees(turn: Turn, data: Any) -> str | None:
    """Whether it is the supervisee whom the notice did or did not reach."""
    return None if data.person == turn.matter.supervisee else "That notice starts no window."


def bounced(turn: Turn, data: Passed) -> None:
    """The notice came back: nobody was reached, so the window stands still until somebody is."""
    turn.note(person=data.person)
    turn.keep(undelivered=True)
    _count_window(turn)
    _tell_undelivered(turn)
    if turn.live("remind_by") is None and unsigned(turn) is not None:
        escalation.start_waiting(turn, turn.ladder or escalation.above_supervisor(turn))


def was_undelivered(turn: Turn) -> str | None:
    """Whether a notice is still on its way."""
    return None if turn.matter.data["undelivered"] else "The notice had been delivered."


def delivered(turn: Turn, data: Delivered) -> None:
    """The notice has arrived after all: the window, of either kind, starts at this delivery."""
    turn.note(person=data.person)
    _open_window(turn, "delivered to the supervisee")
    if _window_runs(turn):
        _stop_reminders(turn)


def bounced_after_deeming(turn: Turn, data: Passed) -> None:
    """Silence of somebody who was never reached is no consent: the record may be disputed after all."""
    turn.note(person=data.person, unsafe=True)
    turn.keep(unsafe=True, disputable=True, undelivered=True)
    turn.incident("unsafe_deeming", "A record was deemed accepted although its notice came back undelivered.")
    people = (turn.matter.supervisee, turn.supervisor)
    turn.tell(people, "unsafe_deeming", "A record was taken for accepted although its notice came back")


def delivered_after_deeming(turn: Turn, data: Delivered) -> None:
    """From this delivery there is a full window to dispute what was deemed unsafely."""
    turn.note(person=data.person)
    turn.keep(undelivered=False)
    period = record_rules(turn).sign_by
    assert period is not None  # noqa: S101  only a window deems
    turn.set("dispute_by", turn.count(period.term, "delivered to the supervisee", turn.window_start))


def may_still_dispute(turn: Turn) -> str | None:
    """Whether an unsafe deeming leaves the record open to be disputed."""
    open_again = turn.matter.data.get("disputable")
    return None if open_again else "This record was accepted by silence; you can still object to it."


def close_dispute_window(turn: Turn, _data: Any) -> None:
    """The full window after an unsafe deeming has passed."""
    turn.keep(disputable=False)

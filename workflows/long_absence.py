"""How long an absence is: from which day it counts, when it is long, and who is asked whether it is over."""

from __future__ import annotations

from datetime import date, timedelta

from workflows import escalation
from workflows.calendar import local_day
from workflows.cover import uncovered
from workflows.model import Ladder, fires_at
from workflows.receipts import absence_day, on_day
from workflows.renewal import DUTY
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, Role, Status, Workflow

DAY = timedelta(days=1)


def first_day(turn: Turn) -> date:
    """The first day absent (a local date)."""
    return date.fromisoformat(turn.data["first_day"])


def maybe_day(text: str | None) -> date | None:
    """A local date that may not be known."""
    return date.fromisoformat(text) if text else None


def has_begun(turn: Turn) -> bool:
    """Whether the person is away by now."""
    return first_day(turn) <= turn.on


def is_for_good(turn: Turn) -> bool:
    """Whether nobody will return: somebody left, or a decision changes a supervisor."""
    return turn.matter.kind is not None or turn.data["cause"] == AbsenceCause.left


def line_above(turn: Turn) -> Ladder:
    """The line of management above the person."""
    return escalation.line_above(turn, turn.matter.person, turn.matter.person)


def manager_at_work(turn: Turn) -> str | None:
    """The next manager above the person who is there to be asked, and may report the return: no fallback may."""
    directory = turn.facts.directory
    return next((ref for ref in directory.line(turn.matter.person) if directory.at_work(ref, turn.on)), None)


# -- counting
def counted_from(turn: Turn, person: str | None, first: date, cause: str) -> date:
    """The first day of somebody's absence without a break, over causes that the policy counts together.

    Days that are not worked are no break: nobody came back on them.
    """
    rule = turn.facts.policy.absence.long
    causes = rule.causes if rule else frozenset()
    if cause not in causes:
        return first
    others = turn.facts.directory.absences.get(person or "", ())
    for away in sorted(others, key=lambda a: a.first_day, reverse=True):
        counts = away.cause in causes and away.matter != turn.matter.id and away.first_day < first
        if counts and _runs_on(turn, away.last_day, first):
            first = away.first_day
    return first


def _runs_on(turn: Turn, last_day: date | None, first: date) -> bool:
    return last_day is None or turn.facts.calendar.first_working_day(last_day + DAY) >= first


def long_day(turn: Turn) -> date | None:
    """The day of the absence on which it is long (a local date), where the policy counts its cause."""
    rule = turn.facts.policy.absence.long
    if rule is None or turn.data["cause"] not in rule.causes:
        return None
    return date.fromisoformat(turn.data["counted_from"]) + DAY * (rule.day - 1)


def is_expected_long(turn: Turn) -> bool:
    """Whether the absence is expected to be long, so that cover is needed at once (NS-67)."""
    rule, expected = turn.facts.policy.absence.long, maybe_day(turn.data.get("expected_return"))
    if rule is None or not rule.at_once or expected is None or turn.data["cause"] not in rule.causes:
        return False
    return (expected - date.fromisoformat(turn.data["counted_from"])).days >= rule.day


def is_long(turn: Turn) -> bool:
    """Whether its dates and its cause show that the absence is long."""
    day = long_day(turn)
    return is_expected_long(turn) or (day is not None and day < turn.on)


def supervises(turn: Turn) -> bool:
    """Whether anybody needs somebody else while the person is away."""
    return bool(turn.facts.directory.on_the_list_of(turn.matter.person or "") or uncovered(turn))


def needs_cover_now(turn: Turn) -> bool:
    """Whether cover is to be found at once: it is expected to be long (NS-67), or an interval was missed in it (PD)."""
    return has_begun(turn) and (is_expected_long(turn) or was_breached(turn)) and bool(uncovered(turn))


def was_breached(turn: Turn) -> bool:
    """Whether somebody’s supervision was missed while the person was away, though the absence was not known then.

    It is what makes an absence long where the policy gives no length (PD). One that a list reports with its last day
    needs no cover any more.
    """
    if turn.facts.policy.absence.long is not None or turn.data.get("is_over"):
        return False
    late = (m for m in turn.facts.related if m.workflow is Workflow.entitlement and m.state in escalation.LATE)
    missed = (d.due for m in late for d in m.deadlines if d.name == DUTY and d.status is Status.missed)
    return any(due is not None and local_day(fires_at(due)) >= first_day(turn) for due in missed)


# -- watching
def watch_length(turn: Turn) -> None:
    """Start or move what an absence that has begun will set going by its length."""
    rule = turn.facts.policy.absence.long
    if rule is not None and has_begun(turn) and long_day(turn) is not None and supervises(turn):
        first = date.fromisoformat(turn.data["counted_from"])
        turn.set("long_absence", absence_day(rule.clause, first, rule.day, turn.facts.calendar))
    else:
        turn.close("long_absence", Status.superseded)


def watch_return(turn: Turn) -> None:
    """Ask on the day of the expected return whether the person is back, else every few days."""
    expected = maybe_day(turn.data.get("expected_return"))
    if expected is not None and expected >= turn.on:
        turn.set("confirm_return", on_day(PRODUCT_DEFAULT, "expected return", expected, turn.facts.calendar))
    else:
        ask_again(turn)


def ask_again(turn: Turn) -> None:
    """Ask anew after the policy's time, so that nothing stays paused for ever."""
    every = turn.facts.policy.absence.confirm_return_every.term
    turn.set("confirm_return", turn.count(every, "last asked", max(local_day(turn.window_start), first_day(turn))))


def confirm(turn: Turn) -> None:
    """Ask the manager above whether the person is back, or HR where there is none; of a leaver nobody asks."""
    person, directory = turn.matter.person or "", turn.facts.directory
    if directory.in_post(person, turn.on):
        asked = manager_at_work(turn) or directory.with_app_role(Role.hr, turn.on)
        turn.tell(asked, "confirm_return", f"Is {turn.name(person)} back?")
        ask_again(turn)


def correct_length(turn: Turn, last_day: date) -> None:
    """An absence that was over before it was long: the breach was none, and whoever was asked is told."""
    day, missed = long_day(turn), turn.matter.missed("long_absence")
    if missed is not None and (day is None or last_day < day):
        show_false(turn)


def show_false(turn: Turn) -> None:
    """The absence was not long: that it seemed so leaves the counts."""
    if turn.correct("long_absence"):
        turn.note(corrected=True)
        asked = turn.matter.ladder.asked if turn.matter.ladder else ()
        turn.tell(asked, "breach_corrected", f"The absence of {turn.name(turn.matter.person)} was not a long one")

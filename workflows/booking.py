"""What speaks against the time and the length of a session: it is booked all the same, and whoever books it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from workflows.calendar import LONDON, local_day
from workflows.group import members
from workflows.intervals import LINE_MANAGEMENT
from workflows.model import Matter, Opening, Selector
from workflows.policy_preparation import PaidHours
from workflows.professions import supervises_professionally
from workflows.renewal import DUTY
from workflows.session_length import length_asked
from workflows.turn import Turn
from workflows.vocabulary import SessionKind, Workflow

_TWO_WEEKS = timedelta(days=14)
_LONG_ENOUGH = frozenset({SessionKind.personal, SessionKind.combined})


def conflicts(turn: Turn) -> Iterator[dict[str, str]]:
    """Leave, days not worked and other sessions in the two weeks from the session, unpaid hours, and a short time.

    They are for whoever books: nobody else in the session reads them.
    """
    starts_at = datetime.fromisoformat(turn.data["starts_at"])
    start = local_day(starts_at)
    end = start + _TWO_WEEKS
    for day, why in sorted(turn.facts.calendar.closed.items()):
        if start <= day <= end:
            yield {"from": day.isoformat(), "because": why, **_unpaid(turn, day == start)}
    yield from _away(turn, start)
    for other in (m for m in turn.facts.related if m.workflow is Workflow.session):
        day = local_day(datetime.fromisoformat(other.data["starts_at"]))
        if start <= day <= end:
            yield {"from": day.isoformat(), "because": "another session"}
    yield from _outside_hours(turn, starts_at)
    yield from _too_short(turn, start)
    yield from _too_late(turn, start)


def _away(turn: Turn, start: date) -> Iterator[dict[str, str]]:
    for ref in (*members(turn), turn.matter.supervisor or ""):
        until = _told_until(turn, ref, start)
        if until is not None:
            yield from _away_until(turn, ref, start, until)


def _told_until(turn: Turn, ref: str, start: date) -> date | None:
    """Up to which day the booker is told of somebody's leave, where it is theirs to know: in a group of the day alone.

    Whoever may hold a professional session with a colleague is told whether that day suits, and nothing more (HAR-37).
    """
    facts, booker = turn.facts, turn.matter.supervisor or ""
    if ref == booker or facts.directory.answers_for(booker, ref):
        return start if turn.matter.kind == SessionKind.group else start + _TWO_WEEKS
    return start if supervises_professionally(facts.policy, facts.directory, booker, ref) else None


def _away_until(turn: Turn, ref: str, start: date, until: date) -> Iterator[dict[str, str]]:
    """What somebody's absences say of these days; where only one day is looked at, not since when they are away."""
    for away in turn.facts.directory.absences.get(ref, ()):
        if away.first_day <= until and (away.last_day is None or start <= away.last_day):
            since = start if until == start else away.first_day
            because = f"{turn.name(ref)} is away"
            yield {"from": since.isoformat(), "because": because, **_unpaid(turn, away.covers(start))}


def _unpaid(turn: Turn, holds: bool) -> dict[str, str]:  # noqa: FBT001 - what was found
    """The clause by which a session on this very day lies outside paid hours, where there is one (NS-65)."""
    hours = turn.facts.policy.session.paid_hours
    return {"clause": hours.clause} if hours and holds else {}


def _outside_hours(turn: Turn, starts_at: datetime) -> Iterator[dict[str, str]]:
    hours = turn.facts.policy.session.paid_hours
    if hours is None or _within(hours, starts_at, turn.data["minutes"]):
        return
    because = f"Outside paid hours, which count as {hours.opens:%H:%M} to {hours.closes:%H:%M} from Monday to Friday"
    yield {"from": local_day(starts_at).isoformat(), "because": because, "clause": hours.clause}


def _within(hours: PaidHours, starts_at: datetime, minutes: int) -> bool:
    """Whether a session lies within the hours; a day that is closed has a conflict of its own."""
    begins = starts_at.astimezone(LONDON)
    ends = (starts_at + timedelta(minutes=minutes)).astimezone(LONDON)
    in_time = hours.opens <= begins.time() and ends.time() <= hours.closes
    return begins.weekday() < _SATURDAY and begins.date() == ends.date() and in_time


_SATURDAY = 5


def _too_short(turn: Turn, on: date) -> Iterator[dict[str, str]]:
    """A session of the worker's own supervision that is shorter than the policy asks for."""
    asked = length_asked(turn.facts, turn.matter.supervisee, on) if turn.matter.kind in _LONG_ENOUGH else None
    if asked is None or turn.data["minutes"] >= asked.minutes or turn.data.get("professional"):
        return
    adds_up = turn.facts.policy.entitlement.lengths_add_up
    because = f"Shorter than the {asked.minutes} minutes that are asked for"
    if adds_up:
        because += ", which the sessions of a month may make up together"
    clause = f"{asked.clause}, {adds_up}" if adds_up else asked.clause
    yield {"from": on.isoformat(), "because": because, "clause": clause}


def duties_looked_at(matter: Matter | Opening) -> Iterable[Selector]:
    """What the worker's own supervision is due by, for a session that counts as it."""
    if matter.kind in _LONG_ENOUGH and matter.supervisee:
        yield Selector(Workflow.entitlement, supervisee=matter.supervisee, kind=LINE_MANAGEMENT)


def _too_late(turn: Turn, on: date) -> Iterator[dict[str, str]]:
    """A session of the worker's own supervision that is booked for a day after the one by which it is due (DAR-35)."""
    for duty in turn.facts.related:
        limit = duty.live(DUTY) if duty.workflow is Workflow.entitlement else None
        if limit is None or limit.due is None or turn.data.get("professional") or on <= local_day(limit.due):
            continue
        because = f"Later than supervision is due, which is by {local_day(limit.due)}"
        yield {"from": on.isoformat(), "because": because, "clause": limit.receipt["clause"]}


def time_for_cases(turn: Turn) -> dict[str, Any] | None:
    """How long the worker's updates on the cases take at most, one by one and together (CBC-87)."""
    rule, cases = turn.facts.policy.session.time_per_case, len(turn.data["cases"])
    if rule is None or not cases:
        return None
    return {"minutes": rule.minutes, "cases": cases, "together": rule.minutes * cases, "clause": rule.clause}

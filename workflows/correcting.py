"""Correcting an absence: other dates or another cause, in any state; consequences are reckoned forward."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from workflows.beginning import start
from workflows.cover import settle_cover, uncovered
from workflows.long_absence import (
    DAY,
    correct_length,
    counted_from,
    first_day,
    has_begun,
    is_for_good,
    is_long,
    maybe_day,
    needs_cover_now,
    show_false,
    watch_length,
    watch_return,
)
from workflows.payloads import AmendAbsence
from workflows.presence import announce_absence, announce_no_sickness, announce_return
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Status


# -- what may be corrected
def is_an_absence(turn: Turn) -> str | None:
    """A guard: somebody who left, or a supervisor who was changed, is not away."""
    return "There is no absence here: nobody is expected to return." if is_for_good(turn) else None


def in_order(turn: Turn, data: AmendAbsence) -> str | None:
    """The days follow each other, and only the list says that somebody left."""
    if data.cause is AbsenceCause.left:
        return "That somebody left comes from the people’s list, with their end date."
    if data.last_day is not None and turn.matter.state != "returned":
        return "Report the return with its last day instead."
    after = {**turn.matter.data, **_given(data)}
    first, last = date.fromisoformat(after["first_day"]), maybe_day(after.get("last_day"))
    if last is not None and not first - DAY <= last <= turn.on:
        return "The last day absent lies between the first day and today."
    expected = maybe_day(after.get("expected_return"))
    if last is None and expected is not None and expected <= first:
        return "The expected return is after the first day absent."
    return None


def still_begun(turn: Turn, data: AmendAbsence) -> str | None:
    """Somebody who is covered for is away: an absence that only comes later is another one."""
    if data.first_day is None or data.first_day <= turn.on:
        return None
    return "Cover is arranged for this absence: withdraw it, and report the later one."


def is_long_then(turn: Turn, data: AmendAbsence) -> str | None:
    """Whether the absence as it would be needs cover at once (NS-67)."""
    return None if needs_cover_now(_as_amended(turn, data)) else "Cover is not needed at once."


def is_not_long_then(turn: Turn, data: AmendAbsence) -> str | None:
    """Whether the absence as it would be is not long, so that the breach was none."""
    if turn.facts.policy.absence.long is None:
        return "Where the policy has no length, an interval that was missed is what makes an absence long."
    return "The absence is long." if is_long(_as_amended(turn, data)) else None


def _given(data: AmendAbsence) -> dict[str, Any]:
    """What is to change; only an expected return may be taken back without another."""
    sent = data.model_dump(mode="json", exclude_unset=True, exclude={"reason"})
    return {name: value for name, value in sent.items() if value is not None or name == "expected_return"}


def _as_amended(turn: Turn, data: AmendAbsence) -> Turn:
    """The same turn, with the absence as it would be; for asking, never for deciding."""
    after = replace(turn, kept=dict(turn.kept))
    _keep(after, data)
    return after


# -- correcting
def _keep(turn: Turn, data: AmendAbsence) -> None:
    turn.keep(**_given(data))
    turn.keep(counted_from=counted_from(turn, turn.matter.person, first_day(turn), turn.data["cause"]).isoformat())


def _amend(turn: Turn, data: AmendAbsence) -> None:
    given = _given(data)
    turn.note(before={name: turn.matter.data.get(name) for name in given}, after=given)
    turn.write(reason=data.reason)
    _keep(turn, data)
    if AbsenceCause.sickness == turn.matter.data["cause"] != turn.data["cause"]:
        announce_no_sickness(turn)


def amend_reported(turn: Turn, data: AmendAbsence) -> None:
    """Correct an absence that is only recorded: it takes effect now or on its first day, as if reported so."""
    was_away = date.fromisoformat(turn.matter.data["first_day"]) <= turn.on
    _amend(turn, data)
    turn.close("begins", Status.superseded)
    start(turn)
    if was_away and not has_begun(turn):
        announce_return(turn, turn.on - DAY)


def amend_to_short(turn: Turn, data: AmendAbsence) -> None:
    """The absence was not long: no cover is needed now, and whoever was asked for it is told."""
    _amend(turn, data)
    show_false(turn)
    turn.columns["ladder"] = None
    turn.close("cover_by", Status.superseded)
    told = (turn.matter.holder, *uncovered(turn))
    turn.tell(told, "cover_not_needed", f"No cover is needed for {turn.name(turn.matter.person)} now")
    announce_absence(turn)
    watch_length(turn)
    watch_return(turn)


def amend_covered(turn: Turn, data: AmendAbsence) -> None:
    """Cover is found or being found; pauses, and when to ask for the return, follow the new dates."""
    _amend(turn, data)
    announce_absence(turn)
    watch_return(turn)


def amend_ended(turn: Turn, data: AmendAbsence) -> None:
    """The person is back: windows that ran from the return move with it, and an absence that ran on counts anew."""
    _amend(turn, data)
    settle_cover(turn, turn.matter.person)
    last_day = maybe_day(turn.data.get("last_day"))
    if last_day is not None:
        correct_length(turn, last_day)
        announce_return(turn, last_day)

"""Which of a matter's deadlines people are to see first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.escalation import LATE
from workflows.intervals import first_of_run, follows_empty_month

#: Timers of the escalation itself: they matter to people only where nothing else is due.
_ESCALATION = frozenset({"remind_by", "climb_by", "review_reminder"})
_LIVE = frozenset({"running", "paused", "awaiting_report"})


def main_deadline(shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """The soonest live deadline that asks for something, else what an open matter has missed, else its escalation."""
    live = [deadline for deadline in shape["deadlines"] if deadline["status"] in _LIVE]
    duties = [d for d in live if d["name"] not in _ESCALATION and not _is_late(shape, d)]
    climbs = [deadline for deadline in live if deadline["name"] == "climb_by"]
    return _soonest(duties) or _missed(shape) or _soonest(climbs) or _soonest(live)


def is_reminder(deadline: Mapping[str, Any]) -> bool:
    """Whether it is no duty, and only says when somebody is asked again."""
    return deadline["name"] in _ESCALATION


def _soonest(deadlines: list[dict[str, Any]]) -> dict[str, Any] | None:
    return min(deadlines, key=lambda d: (d["due"] is None, d["due"] or ""), default=None)


def _missed(shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was missed last, of months without a session the first, while there is still something to do about it."""
    duties = (deadline for deadline in shape["deadlines"] if deadline["name"] not in _ESCALATION)
    missed: list[dict[str, Any]] = [deadline for deadline in duties if deadline["status"] == "missed"]
    first = first_of_run([deadline["receipt"] for deadline in missed])
    return missed[first] if missed and not shape["closed_at"] else None


def _is_late(shape: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether it is the duty of another month while those before had no session."""
    return shape["state"] in LATE and follows_empty_month(live["receipt"])

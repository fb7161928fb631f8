"""Retention: the supervision file of somebody who left, kept for its time, then archived or disposed of, or held."""

from __future__ import annotations

from typing import Any

from workflows import escalation, hr_queue
from workflows import retention_disposal as disposal
from workflows import retention_period as period
from workflows.escalation import REMINDERS, SYSTEM
from workflows.hr_queue import HR
from workflows.model import Ladder
from workflows.payloads import Reason
from workflows.retention_payloads import ChangePeriod, Hold, LeftOn, ReleaseHold
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_SUBJECT = "the supervision file of somebody who left has come to the end of its time"
_KEPT, _DUE, _HELD = ("kept",), ("due",), ("on_hold",)
_OTHERS = (period.is_not_own_file,)
_CONFIRMING = frozenset({Role.hr, Role.head_of_service})


# -- somebody left
def _open(turn: Turn) -> None:
    rules = period.rules_of(turn)
    turn.keep(holds=[], proposed_by=None, custody=rules.custody.by)
    period.start_period(turn)
    turn.clause = rules.keep_for.clause if rules.keep_for else rules.ending.clause
    who = turn.name(turn.matter.person)
    if rules.custody.by == "hr":
        subject = f"{who} has left: hand their supervision file to human resources, and keep no copy of it"
        turn.tell(turn.matter.supervisor, "file_goes_to_hr", subject)
        turn.tell(hr_queue.colleagues(turn), "file_comes_to_hr", f"{who} has left: their supervision file is yours")
    else:
        turn.tell(turn.matter.supervisor, "file_is_kept", f"{who} has left: their supervision file is kept")


# -- the time is over
def _waits(turn: Turn) -> None:
    hr_queue.wait_for_hr(turn)
    turn.tell(hr_queue.colleagues(turn), "file_due", f"Decide: {_SUBJECT}")


def _hr(turn: Turn) -> tuple[str, ...]:
    return hr_queue.colleagues(turn)


def _ladder(turn: Turn) -> Ladder:
    return hr_queue.above_hr(turn)


def _fall_due(turn: Turn, _data: Any) -> None:
    keep_for = period.rules_of(turn).keep_for
    turn.clause = keep_for.clause if keep_for else None


def _climb(turn: Turn, _data: Any) -> None:
    escalation.tell_next_up(turn, turn.ladder or _ladder(turn), f"Still waiting for human resources: {_SUBJECT}")


def _review_hold(turn: Turn, _data: Any) -> None:
    turn.clause = period.rules_of(turn).hold_reviewed_every.clause
    colleagues = hr_queue.colleagues(turn)
    turn.tell(colleagues, "hold_to_review", "Is the hold on a supervision file still needed?")
    if not colleagues:
        turn.incident("stranded", "Nobody in human resources can review the hold on a supervision file.")
    period.review_later(turn)


def _archive(turn: Turn, _data: Any) -> None:
    turn.clause = period.rules_of(turn).ending.clause
    turn.keep(proposed_by=None)


# -- back again
def _rejoin(turn: Turn, _data: Any) -> None:
    turn.keep(rejoined_on=turn.on.isoformat())
    turn.tell(
        (turn.matter.supervisor,), "file_reopened", f"{turn.name(turn.matter.person)} is back: their file goes on"
    )


def _is_back(turn: Turn) -> str | None:
    return None if turn.matter.data.get("rejoined_on") else "They have not come back."


def _is_gone(turn: Turn) -> str | None:
    return "They have come back." if turn.matter.data.get("rejoined_on") else None


_STATES = (
    State("kept", "The file is kept."),
    State("due", "The file’s time is over: it is archived or disposed of.", _waits, reminds=_hr, climbs=True),
    State("on_hold", "The file is held, whatever its time."),
    State("archived", "The file is archived.", final=True),
    State("disposed", "The file was disposed of.", final=True),
    State("cancelled", "Its owner works here again: the file goes on.", final=True),
)

RETENTION: Definition = define(
    Workflow.retention,
    initial=_KEPT,
    states=_STATES,
    moves=(
        Move("fall_due", _KEPT, "due", SYSTEM, _fall_due),
        Move(
            "hold", (*_KEPT, *_DUE), "on_hold", HR, period.hold, Hold, guards=_OTHERS,
            checks=(period.is_a_hold_ground,),
            label="Hold the file",
        ),
        Move(
            "hold", _HELD, None, HR, period.hold, Hold, guards=_OTHERS,
            checks=(period.is_a_hold_ground,),
            label="Hold the file on another ground",
        ),
        Move("hold_review", _HELD, None, SYSTEM, _review_hold),
        Move(
            "release", _HELD, None, HR, period.release, ReleaseHold, guards=_OTHERS,
            checks=(period.is_held_on, period.others_remain),
            label="One ground of the hold is gone",
        ),
        Move(
            "release", _HELD, "cancelled", HR, period.release_for_good, ReleaseHold, when=(_is_back,),
            guards=_OTHERS, checks=(period.is_held_on,), label="Release the file",
        ),
        Move(
            "release", _HELD, "kept", HR, period.release_last, ReleaseHold, when=(_is_gone,),
            guards=_OTHERS, checks=(period.is_held_on,), label="Release the file",
        ),
        Move(
            "change_period", (*_KEPT, *_DUE), "kept", HR, period.change, ChangePeriod,
            guards=(*_OTHERS, period.has_a_period), checks=(period.is_not_shorter,), label="Keep the file longer",
        ),
        Move(
            "change_period", _HELD, None, HR, period.change, ChangePeriod, guards=(*_OTHERS, period.is_on_hold),
            label="Keep the file longer",
        ),
        Move("archive", _DUE, "archived", HR, _archive, label="Archive the file"),
        Move(
            "dispose", _DUE, None, HR, disposal.propose, Reason, when=(disposal.none_has_proposed,),
            guards=(disposal.may_be_disposed_of,), checks=(disposal.nobody_needs_it,),
            looks_at=disposal.what_is_disposed_of, label="Propose to dispose of the file",
        ),
        Move(
            "dispose", _DUE, "disposed", _CONFIRMING, disposal.dispose, Reason,
            when=(disposal.somebody_has_proposed,), guards=(disposal.may_be_disposed_of, disposal.is_somebody_else),
            checks=(disposal.nobody_needs_it,), looks_at=disposal.what_is_disposed_of,
            label="Dispose of the file",
        ),
        Move("recount", _DUE, "kept", SYSTEM, period.go_on, LeftOn, checks=(period.goes_on,)),
        Move("recount", _DUE, None, SYSTEM, period.note_end, LeftOn),
        Move("recount", _KEPT, None, SYSTEM, period.recount, LeftOn),
        Move("recount", _HELD, None, SYSTEM, period.note_end, LeftOn),
        Move("rejoin", (*_KEPT, *_DUE), "cancelled", SYSTEM, _rejoin),
        Move("rejoin", _HELD, None, SYSTEM, _rejoin),
        Move("climb", _DUE, None, SYSTEM, _climb),
        escalation.remind(_STATES, _SUBJECT, _ladder),
    ),
    deadlines={
        "retain_until": DeadlineRule("fall_due", Rank.expiry, outcome=Status.met),
        "review_by": DeadlineRule("hold_review", Rank.reminder, outcome=Status.met),
        **REMINDERS,
    },
    opening=Open(_open),
    ladder=_ladder,
)  # fmt: skip

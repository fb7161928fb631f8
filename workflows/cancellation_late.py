"""A duty to replace a session that is late: who is asked, and how a lateness is not shaken off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from workflows import escalation
from workflows.consequence_payloads import Superseding
from workflows.directing import direct
from workflows.escalation import RUNGS, above_supervisor
from workflows.model import Facts, Ladder, Matter, Selector
from workflows.payloads import Direct, Reason
from workflows.rebooking import keep_rung
from workflows.turn import Turn
from workflows.vocabulary import Workflow

SUBJECT = "a cancelled supervision session has not been replaced"


def rung_of(matter: Matter) -> tuple[str, str | None] | None:
    """The rung on which somebody above is or was asked, and who: naming a date ends no lateness."""
    if matter.state in RUNGS:
        return matter.state, matter.holder
    kept = matter.data.get("rung")
    return (kept["state"], kept["holder"]) if kept else None


# -- a later one takes its place
def start_on_rung(turn: Turn, late: Matter) -> None:
    """A replacement that was cancelled in its turn goes back to where its lateness had brought it."""
    rung = rung_of(late)
    assert rung is not None  # noqa: S101  it was chosen for having one
    state, holder = rung
    ladder = late.ladder or above_supervisor(turn)
    ladder = replace(ladder, parties=ladder.parties | above_supervisor(turn).parties)
    escalation.carry_lateness(turn, late, "rebook_by")
    turn.columns |= {"state": state, "ladder": ladder}
    hold_rung(turn, ladder, holder, "cancelled_again", "The replacement of a late session was cancelled as well")


def hold_rung(turn: Turn, ladder: Ladder, holder: str | None, kind: str, subject: str) -> None:
    """Give a rung back to whoever had it, or to the next one up where they cannot act any more."""
    if holder and turn.facts.directory.at_work(holder, turn.on) and holder not in ladder.parties:
        turn.hold(holder)
        turn.tell(holder, kind, subject, urgent=True)
    else:
        turn.hold(None)
        escalation.climb(turn, ladder, SUBJECT)


def start_late(turn: Turn, passed: Matter) -> None:
    """The date that the replacement was owed by has passed: what its expiry would have brought about begins here."""
    escalation.carry_lateness(turn, passed, "rebook_by")
    turn.columns["state"] = RUNGS[0]
    _ask_above(turn)


def later_one(_matter: Matter, data: Superseding, _facts: Facts) -> Iterable[Selector]:
    """The duty that takes this one's place."""
    return (Selector(Workflow.cancellation, id=data.by),)


def superseded(turn: Turn, data: Superseding) -> None:
    """What had passed without a session counts, unless the later one waits for a return to work instead."""
    turn.note(by=str(data.by))
    if any(later.state in RUNGS for later in turn.facts.related):
        turn.miss_passed("rebook_by")


# -- going up
def expire(turn: Turn, _data: Any) -> None:
    """The window is over: the manager above is asked."""
    _ask_above(turn)


def _ask_above(turn: Turn) -> None:
    turn.hold(None)
    escalation.climb(turn, above_supervisor(turn), SUBJECT)
    turn.tell((turn.matter.supervisee, turn.supervisor), "replacement_late", f"Late: {SUBJECT}")


def order(turn: Turn, data: Direct) -> None:
    """Whoever was asked directs a new date; the lateness is remembered."""
    keep_rung(turn)
    direct(turn, data)


def excuse(turn: Turn, data: Reason) -> None:
    """Whoever was asked says why it need not be replaced."""
    turn.write(reason=data.reason)
    turn.tell((turn.matter.supervisee, turn.supervisor), "excused", "A cancelled session need not be replaced")

"""The end of an absence: the person is back, another absence follows, it was none, or nobody comes back."""

from __future__ import annotations

from typing import Any

from workflows.consequence_payloads import Closing
from workflows.cover import give_back, uncovered
from workflows.long_absence import DAY, correct_length, first_day, has_begun, show_false
from workflows.payloads import Reason, Return
from workflows.presence import announce_return, day_of_return, is_away_otherwise
from workflows.turn import Turn
from workflows.vocabulary import Status


def ended_in_order(turn: Turn, data: Return) -> str | None:
    """A return is in the past; somebody who was never absent after all was last absent on the eve."""
    if data.last_day < first_day(turn) - DAY:
        return "The last day absent is not before the first one."
    return None if data.last_day <= turn.on else "A return is reported when it has happened; amend the expected date."


def return_is_unknown(turn: Turn) -> str | None:
    """A guard: whether the person may still come back."""
    return "The last day absent is known already." if turn.matter.data.get("last_day") else None


def come_back(turn: Turn, data: Return) -> None:
    """Windows run on from the return, and what was lent goes back."""
    told = (turn.holder, *uncovered(turn)) if turn.ladder else ()
    for name in ("long_absence", "confirm_return"):
        turn.close(name, Status.met)
    correct_length(turn, data.last_day)
    come_back_to_nobody(turn, data)
    turn.tell(told, "supervisor_back", f"{turn.name(turn.matter.person)} is back")
    if not is_away_otherwise(turn, day_of_return(turn, data.last_day)):
        give_back(turn)


def come_back_to_nobody(turn: Turn, data: Return) -> None:
    """Windows run on from the return; whoever covered supervises for good."""
    _stay_known(turn)
    be_followed(turn, data)
    announce_return(turn, data.last_day)


def _stay_known(turn: Turn) -> None:
    """Whoever has ended the absence may read it afterwards, if they supervise that person for a while alone."""
    turn.joined += [turn.actor.ref] if turn.actor.ref else []


def be_followed(turn: Turn, data: Return) -> None:
    """Another absence follows at once: this one ends, and nobody is back."""
    turn.note(last_day=data.last_day.isoformat())
    turn.keep(last_day=data.last_day.isoformat())


def cancel(turn: Turn, data: Reason) -> None:
    """The absence was recorded by mistake, or is not taken: nobody was away."""
    _stay_known(turn)
    turn.write(reason=data.reason)
    turn.keep(cancelled=True)
    show_false(turn)
    if has_begun(turn):
        announce_return(turn, turn.on - DAY)
        if not is_away_otherwise(turn, day_of_return(turn, turn.on - DAY)):
            give_back(turn)


def rejoin(turn: Turn, _data: Any) -> None:
    """Somebody who had left is in post again: whom nobody took over for good is theirs again."""
    turn.keep(last_day=(turn.on - DAY).isoformat())
    announce_return(turn, turn.on - DAY)
    give_back(turn)


def end(turn: Turn, data: Closing) -> None:
    """Somebody left: nobody waits for their return, and cover is needed for their leaving from now on."""
    turn.note(why=data.why)
    turn.keep(last_day=(turn.on - DAY).isoformat())

"""What an administrator may do where no rule can go on: try again, let go, or find somebody who can act.

None of it signs, accepts, decides or resolves anything: the matter stays where it is, and the reason is in its history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec.structs import replace

from workflows.payloads import Payload, Ref, Text
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

#: The moves of a repair.
REPAIR, REROUTE = "repair", "reroute"
_EVENT = "named by an administrator"


class Repair(Payload):
    """An incident is tried again, or let go, and why."""

    what: Literal["retry", "release"]
    reason: Text


class Reroute(Payload):
    """Who takes over what nobody has, and why."""

    holder: Ref
    reason: Text


def repairs_of(workflow: Workflow) -> frozenset[Role]:
    """Whoever sees a workflow's incidents mends them: of referrals that is human resources."""
    return frozenset({Role.hr if workflow is Workflow.referral else Role.administrator})


def repair(turn: Turn, data: Repair) -> None:
    """Keep what was done about an incident, and why."""
    turn.note(what=data.what)
    turn.write(reason=data.reason)


def nobody_has_it(turn: Turn) -> str | None:
    """Whether nobody was left to ask: what somebody has is never taken from them."""
    if turn.data.get("stranded") and turn.holder is None and turn.ladder is not None:
        return None
    whose = f"It is with {turn.name(turn.holder)}" if turn.holder else "Somebody is still to be asked"
    return f"{whose}: only what nobody is left to ask about can be given to somebody."


def may_hold_it(turn: Turn, data: Reroute) -> str | None:
    """Whether somebody could have been asked: in post, there, no party, and not the one who gives it away."""
    directory, ref = turn.facts.directory, data.holder
    if not directory.in_post(ref, turn.on):
        return f"{data.holder} is not in post: name somebody who is."
    if directory.away(ref, turn.on):
        return f"{turn.name(ref)} is away: name somebody who is there."
    if ref in _parties(turn):
        return f"{turn.name(ref)} is a party to this: name somebody who is not."
    return "Nobody gives this to themselves: name somebody else." if ref == turn.actor.ref else None


def _parties(turn: Turn) -> Iterable[str]:
    frozen = turn.ladder.parties if turn.ladder else frozenset()
    return {*turn.matter.parties().values(), *frozen}


def reroute(turn: Turn, data: Reroute) -> None:
    """Give it to somebody who is asked as if they were next in the line."""
    assert turn.ladder is not None  # noqa: S101  what is stranded has a line that nobody was left in
    turn.columns["ladder"] = replace(turn.ladder, asked=(*turn.ladder.asked, data.holder))
    turn.keep(stranded=False)
    turn.note(asked=data.holder)
    turn.write(reason=data.reason)
    turn.hold(data.holder)
    says = "Nobody else was left to ask, so an administrator has named you."
    turn.tell(data.holder, "escalated", f"A {turn.matter.workflow} waits for you", says, urgent=True)


def reroute_within(climbing: frozenset[str]) -> Callable[[Turn, Reroute], None]:
    """The same where the state stays: they have the whole time of the rung, and it rises after it."""

    def does(turn: Turn, data: Reroute) -> None:
        reroute(turn, data)
        periods = turn.facts.policy.escalation
        turn.set("remind_by", turn.count(periods.remind_after.term, _EVENT, turn.now))
        if turn.matter.state in climbing:
            turn.set("climb_by", turn.count(periods.climb_after.term, _EVENT, turn.now))

    return does

"""Who is asked next: the line of management as a frozen ladder, reminders, climbs, and rungs that pass on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workflows.consequence_payloads import Passed
from workflows.model import Ladder, Matter
from workflows.table import DeadlineRule, Definition, Guard, Move, Rank, State
from workflows.turn import Turn
from workflows.vocabulary import Role, Status

SYSTEM = frozenset({Role.system})
#: The states in which somebody above the supervisor has been asked.
RUNGS = ("with_line_manager", "with_senior_manager")
#: The states in which a duty has not been done in time.
LATE = ("overdue", *RUNGS)
#: Where a matter keeps since when a duty was late before it took the place of another matter: an instant, by deadline.
LATE_SINCE = "late_since"
#: The route of a ladder beside which nobody is asked: today's line might be of lower rank.
APPROVERS = "approvers"
#: The ladder that an escalation would freeze if it started now.
LadderRule = Callable[[Turn], Ladder]

REMINDERS = {
    "remind_by": DeadlineRule("remind", Rank.reminder, outcome=Status.met),
    "climb_by": DeadlineRule("climb", Rank.climb),
}


class Asked(Struct, frozen=True):
    """The answer of `next_up`: who is asked, and who was passed over for which reason. Nobody: stranded."""

    holder: str | None
    ladder: Ladder
    skipped: tuple[tuple[str, str], ...]


def line_above(turn: Turn, ref: str | None, *parties: str | None) -> Ladder:
    """A ladder of the line of management above somebody, frozen as it stands now."""
    return Ladder(turn.facts.directory.line(ref), frozenset(p for p in parties if p), "line")


def above_supervisor(turn: Turn) -> Ladder:
    """The line of management above the matter's supervisor; neither of the two is asked."""
    return line_above(turn, turn.supervisor, turn.matter.supervisee, turn.supervisor)


def next_up(turn: Turn, ladder: Ladder) -> Asked:
    """The next manager in post who is not absent, not a party and not asked before.

    First the frozen rungs, then today's line above the supervisor, then the policy's fallbacks.
    """
    skipped: list[tuple[str, str]] = []
    seen = set(ladder.asked)
    for ref in _candidates(turn, ladder):
        if ref in seen:
            continue
        seen.add(ref)
        why = _why_skipped(turn, ladder, ref)
        if why is None:
            return Asked(ref, replace(ladder, asked=(*ladder.asked, ref)), tuple(skipped))
        skipped.append((ref, why))
    return Asked(None, ladder, tuple(skipped))


def _candidates(turn: Turn, ladder: Ladder) -> Iterator[str]:
    start = max((ladder.rungs.index(ref) + 1 for ref in ladder.asked if ref in ladder.rungs), default=0)
    yield from ladder.rungs[start:]
    if ladder.route == APPROVERS:
        return
    directory = turn.facts.directory
    yield from directory.line(turn.supervisor or turn.matter.person or turn.matter.supervisee)
    # Of an absence or a group that is nobody's alone, the setting is that of whoever supervises.
    whose = directory.get(turn.matter.supervisee or turn.matter.person or turn.supervisor)
    for fallback in turn.facts.policy.escalation.fallbacks:
        if fallback.setting in ("", whose.setting if whose else ""):
            yield from directory.with_job(fallback.job_role, fallback.setting, turn.on)


def _why_skipped(turn: Turn, ladder: Ladder, ref: str) -> str | None:
    directory = turn.facts.directory
    if ref in ladder.parties:
        return "party"
    if not directory.in_post(ref, turn.on):
        return "left"
    if directory.away(ref, turn.on):
        return "absent"
    return None


def ask_next(turn: Turn, ladder: Ladder) -> Asked:
    """Find the next one up and freeze that they were asked; whoever was passed over is recorded with the reason."""
    asked = next_up(turn, ladder)
    turn.columns["ladder"] = asked.ladder
    if asked.skipped:
        turn.note(skipped=[list(row) for row in asked.skipped])
    return asked


def climb(turn: Turn, ladder: Ladder, subject: str) -> None:
    """Ask the next one up; where there is nobody the matter is stranded, which administrators see, and stays put."""
    asked = ask_next(turn, ladder)
    if asked.holder is None:
        turn.note(stranded=True)
        turn.keep(stranded=turn.holder is None)
        turn.incident("stranded", f"Nobody is left to ask about this {turn.matter.workflow}.")
        return
    turn.note(asked=asked.holder)
    if turn.data.get("stranded"):
        turn.keep(stranded=False)
    turn.hold(asked.holder)
    turn.tell(asked.holder, "escalated", subject, "It has come to you because it was not settled below.", urgent=True)
    others = (turn.matter.supervisee, turn.supervisor)
    told, now = (p for p in others if p != asked.holder), f"{subject}: now with {turn.name(asked.holder)}"
    turn.tell(told, "escalated_for_information", now)


def carry_lateness(turn: Turn, earlier: Matter, duty: str) -> None:
    """Keep since when a duty was late on the matter whose place this one takes on its rung."""
    late = earlier.passed(duty) or earlier.missed(duty)
    since = {duty: late.due.isoformat()} if late and late.due else earlier.data.get(LATE_SINCE, {})
    turn.keep(**{LATE_SINCE: since})


def tell_next_up(turn: Turn, ladder: Ladder, subject: str, also: Iterable[str | None] = ()) -> None:
    """Tell the next one up that it still waits, and `also` these; the work stays with whoever has it."""
    asked = ask_next(turn, ladder)
    if asked.holder is None:
        turn.incident("stranded", f"Nobody is left to tell about this {turn.matter.workflow}.")
        return
    turn.note(told=asked.holder)
    turn.joined.append(asked.holder)
    turn.tell((asked.holder, *also), "escalated", subject, urgent=True)
    start_climb(turn, asked.ladder)


def wait(turn: Turn, definition: Definition, state: State) -> None:
    """Start the reminder and the climb of a state that waits for somebody (product defaults unless the policy says).

    Where nothing is late yet, that nobody is above becomes an incident with the first reminder.
    """
    if state.reminds is None or state.reminds(turn) is None:
        return
    start_reminder(turn)
    if state.climbs:
        assert definition.ladder is not None  # noqa: S101  a table with a state that climbs has one
        ladder = turn.ladder or definition.ladder(turn)
        if state.name in LATE or next_up(turn, ladder).holder is not None:
            start_climb(turn, ladder)


def start_waiting(
    turn: Turn, ladder: Ladder, event: str = "waiting since", since: datetime | date | None = None
) -> None:
    """Start the reminder and the climb of work that waits while its state stays; `since` now, or a local date."""
    start_reminder(turn, event, since)
    start_climb(turn, ladder, event, since)


def start_reminder(turn: Turn, event: str = "waiting since", since: datetime | date | None = None) -> None:
    """Remind whoever is waited for after the policy's time."""
    rule = turn.facts.policy.escalation.remind_after.term
    turn.set("remind_by", turn.count(rule, event, since or turn.window_start))


def start_climb(turn: Turn, ladder: Ladder, event: str = "waiting since", since: datetime | date | None = None) -> None:
    """Let the matter rise after the policy's time; at the top of the line it is an incident instead."""
    if next_up(turn, ladder).holder is not None:
        rule = turn.facts.policy.escalation.climb_after.term
        turn.set("climb_by", turn.count(rule, event, since or turn.window_start))
    else:
        _top_of_the_line(turn)


def _top_of_the_line(turn: Turn) -> None:
    turn.keep(top_of_the_line=True)
    turn.incident("top_of_the_line", f"Nobody is left above to ask about this {turn.matter.workflow}.")


def _look_again(turn: Turn, ladder: Ladder, subject: str) -> None:
    """Ask whoever can act by now, who has the whole time of the rung."""
    climb(turn, ladder, subject)
    if turn.holder is not None:
        restart(turn)


def look_above(turn: Turn, ladder: Ladder) -> None:
    """Rise after all where somebody is above by now; that nobody is, is an incident once."""
    if next_up(turn, ladder).holder is not None:
        turn.keep(top_of_the_line=False)
        start_climb(turn, ladder, "somebody is above again")
    elif not turn.data.get("top_of_the_line"):
        _top_of_the_line(turn)


def remind(states: Iterable[State], subject: str, ladder: LadderRule, rungs: tuple[str, ...] = RUNGS) -> Move:
    """The move that reminds whoever a state waits for, and sets the next reminder.

    Where a rung has nobody, somebody is looked for again instead; where nothing climbs, somebody above.
    """
    waiting = {state.name: state for state in states if state.reminds is not None}

    def does(turn: Turn, _data: Any) -> None:
        state = waiting[turn.matter.state]
        reminds = state.reminds
        if turn.matter.state in rungs and turn.holder is None and turn.ladder is not None:
            _look_again(turn, turn.ladder, subject)
        else:
            turn.tell((reminds and reminds(turn)) or (), "reminder", f"Reminder: {subject}")
        if state.climbs and turn.live("climb_by") is None:
            look_above(turn, turn.ladder or ladder(turn))
        start_reminder(turn, "last reminder")

    return Move("remind", tuple(waiting), None, SYSTEM, does)


def climbs(
    definition: LadderRule, below: tuple[str, ...], subject: str, again: tuple[str, ...] = ()
) -> tuple[Move, ...]:
    """The rows by which a matter rises by itself: to the line manager's rung, to the senior ones, or nowhere.

    From the states `below` nobody was asked yet; from the rungs and the states `again` somebody was.
    """

    def does(turn: Turn, _data: Any) -> None:
        climb(turn, turn.ladder or definition(turn), subject)

    somebody, nobody = above(definition)
    first = (Move("climb", below, RUNGS[0], SYSTEM, does, when=(somebody,)),) if below else ()
    return (
        *first,
        Move("climb", (*RUNGS, *again), RUNGS[1], SYSTEM, does, when=(somebody,)),
        Move("climb", (*below, *RUNGS, *again), None, SYSTEM, does, when=(nobody,)),
    )


def passes_on(states: tuple[str, ...], subject: str, queue: Role | None = None) -> Move:
    """The row by which a rung goes to the next eligible person when its holder leaves or goes absent.

    It is no climb: the state stays, and the new holder has the whole time of the rung. Where nobody is left it is the
    turn of `queue`, if there is one.
    """

    def does(turn: Turn, data: Any) -> None:
        turn.note(passed_over=data.person, why=data.why)
        turn.hold(None, queue)
        assert turn.ladder is not None  # noqa: S101  whoever holds a rung was asked
        climb(turn, turn.ladder, subject)
        restart(turn)

    return Move("pass_on", states, None, SYSTEM, does, Passed)


def restart(turn: Turn) -> None:
    """Give a new holder the whole time of the rung: both of its deadlines run from now."""
    rules = turn.facts.policy.escalation
    for name, period in (("remind_by", rules.remind_after), ("climb_by", rules.climb_after)):
        if turn.live(name) is not None:
            turn.set(name, turn.count(period.term, "passed on", turn.window_start))


def above(ladder: LadderRule) -> tuple[Guard, Guard]:
    """Two guards that pick between rows: somebody is left above, or nobody is."""

    def somebody_above(turn: Turn) -> str | None:
        found = next_up(turn, turn.ladder or ladder(turn)).holder
        return None if found else "Nobody is left above to ask."

    def nobody_above(turn: Turn) -> str | None:
        return "Somebody is left above to ask." if somebody_above(turn) is None else None

    return somebody_above, nobody_above

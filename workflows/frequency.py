"""A case's supervision frequency: proposed, approved where the policy asks for it, met or overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from workflows import escalation
from workflows.calendar import add_months
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.intervals import CaseInterval, case_due, case_interval, known_categories, known_criteria, length
from workflows.model import Actor, Facts, Ladder, Matter, Opening, Selector
from workflows.payloads import Closing, Propose, Reason, Superseding, Supervised, Transfer
from workflows.receipts import Counted, count, later_of, on_day
from workflows.renewal import DUTY, booked_sessions, breach, last_supervised, renew, still_reportable
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_APPROVERS = frozenset({Role.head_of_service, Role.holder})
_REVIEWERS = frozenset({Role.line_manager, Role.senior_manager, Role.head_of_service})
_SUBJECT = "the supervision of a case is overdue"
_LATE = ("overdue", *RUNGS)
_RUNNING = ("on_track", *_LATE)
_OPEN = ("proposed", "awaiting_approval", *_RUNNING)


def _ladder(turn: Turn) -> Ladder:
    if turn.matter.state == "awaiting_approval":
        return _approvers_line(turn)
    return escalation.line_above(turn, turn.supervisor, turn.matter.supervisee, turn.supervisor)


# -- proposing
def _who(actor: Actor, data: Propose, facts: Facts) -> Role | None:
    """The worker's supervisor proposes, or the manager above (DAR-15, DAR-16)."""
    case = facts.cases.get(data.case)
    supervisor = facts.directory.supervisor_of(case.worker) if case else None
    if supervisor is None:
        return None
    if actor.ref == supervisor:
        return Role.supervisor
    return Role.line_manager if facts.directory.manager_of(supervisor) == actor.ref else None


def _begins(actor: Actor, data: Propose, facts: Facts) -> Opening:
    worker = facts.cases[data.case].worker
    return Opening(
        Workflow.frequency,
        supervisee=worker,
        supervisor=facts.directory.supervisor_of(worker),
        case=data.case,
        data={
            "opened_by": actor.ref,
            "category": data.category,
            "criteria": sorted(data.criteria),
            "rating": data.rating,
        },
        texts={"reason": data.reason},
    )


def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.frequency, case=opening.case),)


def _case_is_open(turn: Turn) -> str | None:
    case = turn.facts.cases.get(turn.matter.case or "")
    if case is None:
        return f"There is no case {turn.matter.case}."
    return "The case is closed." if case.closed_on and case.closed_on < turn.on else None


def _status_is_known(turn: Turn) -> str | None:
    policy, data = turn.facts.policy, turn.matter.data
    if turn.actor.is_system:
        return None
    categories = known_categories(policy)
    if categories and data["category"] not in categories:
        return f"The policy has no category {data['category']!r}; it has: {', '.join(sorted(categories))}."
    unknown = set(data["criteria"]) - known_criteria(policy)
    return f"The policy knows no criterion {sorted(unknown)[0]!r}." if unknown else None


def _rating_fits(turn: Turn) -> str | None:
    rules, data = turn.facts.policy.frequency, turn.matter.data
    ratings = {row.rating for row in rules.rows if row.category == data["category"] and row.rating}
    if data["rating"] and data["rating"] not in ratings:
        return f"Cases of this category have no rating {data['rating']!r}."
    if ratings and not data["rating"] and not turn.actor.is_system:
        return f"Give the rating: {', '.join(sorted(ratings))}."
    return None


def _propose(turn: Turn) -> None:
    interval = _interval(turn)
    turn.keep(every=interval.every.words(), clause=interval.every.clause, exception=interval.exception or None)
    turn.clause = interval.every.clause
    turn.then(Selector(Workflow.frequency, id=turn.matter.id), "take_effect")


def _interval(turn: Turn) -> CaseInterval:
    data, case = turn.data, turn.facts.cases[turn.matter.case or ""]
    return case_interval(
        turn.facts.policy, case, data["category"], frozenset(data["criteria"]), data["rating"]
    )


# -- taking effect
def _same_case(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.frequency, case=matter.case),)


def _needs_approval(turn: Turn) -> str | None:
    row = _interval(turn).row
    needed = row is not None and row.needs_approval and not turn.matter.data.get("approved_by")
    return None if needed else "No approval is needed."


def _earlier(turn: Turn) -> Matter | None:
    """The assignment that runs now, if there is one."""
    others = [m for m in turn.facts.related if m.id != turn.matter.id and m.state in _RUNNING]
    return max(others, key=lambda m: (m.opened_at, m.id), default=None)


def _earlier_is(state: str) -> Any:
    def earlier_is(turn: Turn) -> str | None:
        earlier = _earlier(turn)
        return None if earlier is not None and earlier.state == state else f"The earlier one is not {state}."

    return earlier_is


def _await_approval(turn: Turn, _data: Any) -> None:
    row = _interval(turn).row
    turn.clause = row.needs_approval if row else None
    _supersede(turn, lambda m: m.state == "awaiting_approval")


def _take_effect(turn: Turn, _data: Any) -> None:
    """Start the duty under the new status, and let it take the place of the one before."""
    earlier, interval = _earlier(turn), _interval(turn)
    case = turn.facts.cases[turn.matter.case or ""]
    known = (earlier.data.get("last_supervised_on") if earlier else None) or case.last_supervised_on
    last = date.fromisoformat(known) if isinstance(known, str) else known
    turn.keep(
        last_supervised_on=last and last.isoformat(),
        breaches=earlier.data.get("breaches", 0) if earlier else 0,
        assigned_on=turn.on.isoformat(),
    )
    due = _due(turn, interval, last)
    if earlier is not None and _is_step_up(turn, interval, earlier):
        change = on_day(interval.every.clause, "status changed", turn.on, turn.facts.calendar)
        due = later_of(change, due, ("the day of the change", "the new interval from the last supervision"))
    turn.set(DUTY, due)
    _start_target(turn, interval, last)
    _start_review(turn, interval)
    _supersede(turn, lambda _: True)
    people = {turn.matter.supervisee, turn.supervisor} - {turn.actor.ref}
    turn.tell(sorted(filter(None, people)), "frequency_set", f"Case {turn.matter.case}: supervised every {turn.data['every']}")


def _is_step_up(turn: Turn, interval: CaseInterval, earlier: Matter) -> bool:
    data, case = earlier.data, turn.facts.cases[turn.matter.case or ""]
    before = case_interval(turn.facts.policy, case, data["category"], frozenset(data["criteria"]), data["rating"])
    return length(interval.every) < length(before.every)


def _due(turn: Turn, interval: CaseInterval, last: date | None) -> Counted:
    """From the last supervision; without one from allocation, or from the day the organisation went live if later."""
    calendar, row = turn.facts.calendar, interval.row
    if last is not None:
        limit = row.then_limit.term if row and row.then_limit else None
        opening_position = last < turn.facts.live_from
        event = "last supervised (opening position)" if opening_position else "last session held"
        return count(limit, event, last, calendar) if limit else case_due(interval, event, last, calendar)
    event, anchor = _allocation(turn)
    if row and row.first_within:
        return count(row.first_within.term, event, anchor, calendar)
    return case_due(interval, event, anchor, calendar)


def _allocation(turn: Turn) -> tuple[str, date]:
    allocated, live = turn.facts.cases[turn.matter.case or ""].allocated_on, turn.facts.live_from
    return ("allocated", allocated) if allocated and allocated >= live else ("organisation live", live)


def _start_target(turn: Turn, interval: CaseInterval, last: date | None) -> None:
    """The earlier of the policy's two intervals is a target, of which both are reminded (CBC-16)."""
    if last is not None and interval.row and interval.row.then_target:
        turn.set("target_by", turn.count(interval.row.then_target.term, "last session held", last))


def _start_review(turn: Turn, interval: CaseInterval) -> None:
    if interval.row and interval.row.reviewed_every:
        anchor = add_months(turn.on.replace(day=1), 1)
        turn.set("review_by", turn.count(interval.row.reviewed_every.term, "month after the assignment", anchor))


def _supersede(turn: Turn, which: Any) -> None:
    for other in turn.facts.related:
        if other.id != turn.matter.id and which(other):
            turn.then(Selector(Workflow.frequency, id=other.id), "supersede", by=turn.matter.id)


def _on_its_rung(turn: Turn, data: Any) -> None:
    """A new status does not wipe out a lateness that has gone up: same rung, holder and ladder (workflows.md)."""
    _take_effect(turn, data)
    earlier = _earlier(turn)
    if earlier is not None:
        turn.close(DUTY, Status.superseded)
        turn.columns["ladder"] = earlier.ladder
        turn.hold(earlier.holder)


# -- approving
def _approvers_line(turn: Turn) -> Ladder:
    heads = turn.facts.directory.with_app_role(Role.head_of_service, turn.on)
    proposer = turn.matter.data.get("opened_by")
    above = turn.facts.directory.line(heads[0] if heads else turn.supervisor)
    return Ladder(above, frozenset(filter(None, (proposer, *heads))), "line")


def _not_the_proposer(turn: Turn) -> str | None:
    if turn.actor.ref == turn.matter.data.get("opened_by"):
        return "Nobody approves what they proposed."
    return None


def _approve(turn: Turn, data: Any) -> None:
    turn.keep(approved_by=turn.actor.ref, approved_on=turn.on.isoformat())
    _take_effect(turn, data)
    row = _interval(turn).row
    turn.clause = row.needs_approval if row else None


def _refuse(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)
    people = (turn.matter.data.get("opened_by"), turn.matter.supervisee)
    turn.tell(people, "frequency_refused", f"Case {turn.matter.case}: the new frequency was not approved")


def _heads_of_service(turn: Turn) -> tuple[str | None, ...]:
    if turn.holder is not None:
        return (turn.holder,)
    heads = turn.facts.directory.with_app_role(Role.head_of_service, turn.on)
    return tuple(ref for ref in heads if ref != turn.matter.data.get("opened_by"))


def _wait_for_approval(turn: Turn) -> None:
    turn.hold(None, Role.head_of_service)
    heads = _heads_of_service(turn)
    turn.joined += [ref for ref in heads if ref]
    turn.tell(heads, "approval_asked", f"Case {turn.matter.case}: a frequency waits for your approval", urgent=True)
    if not heads:
        turn.incident("nobody_to_approve", "Nobody in post may approve this frequency.")


def _ask_above(turn: Turn, _data: Any) -> None:
    escalation.climb(turn, turn.ladder or _approvers_line(turn), "a case's frequency waits for approval")
    escalation.restart(turn)


# -- running
def _supervised(turn: Turn, data: Supervised) -> None:
    renew(turn, data)
    last = last_supervised(turn) or data.held_on
    interval = _interval(turn)
    turn.set(DUTY, _due(turn, interval, last))
    _start_target(turn, interval, last)


def _target_passed(turn: Turn, _data: Any) -> None:
    people = (turn.supervisor, turn.matter.supervisee)
    turn.tell(people, "target_passed", f"Case {turn.matter.case} is to be supervised within the week")


def _recount(turn: Turn, _data: Any) -> None:
    """What the list says of the case has changed: the running date moves."""
    interval = _interval(turn)
    turn.keep(every=interval.every.words(), exception=interval.exception or None)
    turn.set(DUTY, _due(turn, interval, last_supervised(turn)))


def _review(turn: Turn, _data: Any) -> None:
    turn.meet("review_by")
    row = _interval(turn).row
    if row and row.reviewed_every:
        turn.set("review_by", turn.count(row.reviewed_every.term, "last review", turn.on))


def _review_missed(turn: Turn, _data: Any) -> None:
    line = turn.facts.directory.line(turn.supervisor)
    turn.tell(line[:2], "review_missed", f"Case {turn.matter.case}: its senior review is overdue")
    row = _interval(turn).row
    if row and row.reviewed_every:
        turn.set("review_by", turn.count(row.reviewed_every.term, "last review due", turn.on))


def _transfer(turn: Turn, data: Transfer) -> None:
    """Another worker has the case: its dates run on (CBC-16)."""
    turn.note(worker=data.worker, before=turn.matter.supervisee)
    supervisor = turn.facts.directory.supervisor_of(data.worker)
    turn.columns |= {"supervisee": data.worker, "supervisor": supervisor}
    turn.joined += [ref for ref in (data.worker, supervisor) if ref]
    if turn.matter.holder and turn.matter.holder == turn.matter.supervisor:
        turn.hold(supervisor)


def _superseded(turn: Turn, data: Superseding) -> None:
    turn.note(by=str(data.by))


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _defer(turn: Turn) -> datetime | None:
    return still_reportable(turn, turn.facts.policy.session.renews_case)


def _on_track(turn: Turn) -> None:
    turn.hold(None)


def _overdue(turn: Turn) -> None:
    turn.hold(turn.supervisor)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("proposed", "It was proposed."),
    State("awaiting_approval", "It waits for approval.", _wait_for_approval, reminds=_heads_of_service, climbs=True),
    State("on_track", "The case is supervised as often as it should be.", _on_track),
    State("overdue", "The supervision of the case is overdue.", _overdue, reminds=_holder, climbs=True),
    State("with_line_manager", "It is overdue, and with a manager.", reminds=_holder, climbs=True),
    State("with_senior_manager", "It is overdue, and with a senior manager.", reminds=_holder, climbs=True),
    State("refused", "It was not approved.", final=True),
    State("superseded", "A later status has taken its place.", final=True),
    State("ended", "The case is closed.", final=True),
)
_WAITING = ("awaiting_approval",)

FREQUENCY: Definition = define(
    Workflow.frequency,
    initial=("proposed",),
    states=_STATES,
    moves=(
        Move(
            "take_effect", ("proposed",), "awaiting_approval", SYSTEM, _await_approval, when=(_needs_approval,),
            looks_at=_same_case,
        ),
        *(
            Move(
                "take_effect", ("proposed",), late, SYSTEM, _on_its_rung, when=(_earlier_is(late),),
                looks_at=_same_case,
            )
            for late in _LATE
        ),
        Move("take_effect", ("proposed",), "on_track", SYSTEM, _take_effect, looks_at=_same_case),
        Move(
            "approve", _WAITING, "on_track", _APPROVERS, _approve, guards=(_not_the_proposer,), looks_at=_same_case,
            label="Approve the frequency",
        ),
        Move(
            "refuse", _WAITING, "refused", _APPROVERS, _refuse, Reason, guards=(_not_the_proposer,),
            label="Refuse the frequency",
        ),
        Move("supervised", ("on_track",), None, SYSTEM, _supervised, Supervised),
        Move("supervised", _LATE, "on_track", SYSTEM, _supervised, Supervised),
        Move("target", _RUNNING, None, SYSTEM, _target_passed),
        Move("recount", ("on_track",), None, SYSTEM, _recount),
        Move("expire", ("on_track",), "overdue", SYSTEM, breach),
        Move("review", _RUNNING, None, _REVIEWERS, _review, label="Record the senior review"),
        Move("review_missed", _RUNNING, None, SYSTEM, _review_missed),
        Move("transfer", _OPEN, None, SYSTEM, _transfer, Transfer),
        Move("supersede", _OPEN, "superseded", SYSTEM, _superseded, Superseding),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        reassigned(*_OPEN),
        escalation.remind(_STATES, _SUBJECT),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(_ladder, ("overdue",), _SUBJECT),
        Move("climb", _WAITING, None, SYSTEM, _ask_above),
    ),
    deadlines={
        DUTY: DeadlineRule("expire", Rank.expiry, _defer, booked_sessions),
        "target_by": DeadlineRule("target", Rank.reminder, outcome=Status.met),
        "review_by": DeadlineRule("review_missed", Rank.expiry),
        **REMINDERS,
    },
    opening=Open(
        _propose, Propose, _who, _begins, checks=(_case_is_open, _status_is_known, _rating_fits),
        looks_at=_open_looks_at,
    ),
    ladder=_ladder,
)  # fmt: skip

"""A session: one meeting, from its booking to its being held, cancelled or missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows.booking import conflicts, duties_looked_at, time_for_cases
from workflows.calendar import local_day
from workflows.consequence_payloads import Closing
from workflows.escalation import SYSTEM
from workflows.group import (
    begin_group,
    earlier_looked_at,
    group_fits,
    held_as_group,
    members,
    opening_data,
    opening_texts,
)
from workflows.holding import (
    cancellations_looked_at,
    discussed_theirs,
    has_happened,
    hold,
    hold_late,
    in_late_reporting,
    looked_at,
    not_before_its_day,
    not_theirs,
    says_why_late,
    took_place_before_it_was_missed,
)
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.payloads import CancelSession, HoldSession, MoveSession, OpenSession, Prepare
from workflows.preparing import (
    PREPARE_BY,
    PREPARERS,
    preparation_fits,
    prepare,
    remind_to_prepare,
    says_which_case,
    watch_preparation,
)
from workflows.professions import supervises_professionally
from workflows.receipts import iso
from workflows.recorder import chosen_in_booking, may_be_chosen
from workflows.reporting import reporting_closes
from workflows.session_lost import owe_replacement
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import LEFT, reassigned
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Cause, Role, SessionKind, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_PARTIES = frozenset({Role.supervisee, Role.supervisor})


# -- opening
def _who(actor: Actor, data: OpenSession, facts: Facts) -> Role | None:
    """The supervisor books (CBC-77), a group one of those who supervise its members, or a manager of the profession."""
    people = {data.supervisee, *data.participants} if data.kind is SessionKind.group else {data.supervisee}
    if not facts.directory.in_post(actor.ref or "", local_day(facts.clock)):
        return None
    if any(ref and facts.directory.supervisor_of(ref) == actor.ref for ref in people):
        return Role.supervisor
    kinds = facts.policy.entitlement.professional_kinds
    leads = any(supervises_professionally(facts.policy, facts.directory, actor.ref, ref) for ref in people)
    return Role.supervisor if leads and data.kind in kinds else None


def _begins(actor: Actor, data: OpenSession, facts: Facts) -> Opening:
    group = data.kind is SessionKind.group
    named = [data.supervisee] if data.supervisee and group else []
    return Opening(
        Workflow.session,
        kind=data.kind,
        supervisee=data.supervisee,
        supervisor=actor.ref,
        data={
            "opened_by": actor.ref,
            "starts_at": iso(data.starts_at),
            "minutes": data.minutes,
            "cases": list(dict.fromkeys(data.cases)),
            "participants": list(dict.fromkeys([*named, *data.participants])),
            "professional": not group and facts.directory.supervisor_of(data.supervisee) != actor.ref,
            "joined_by": list(dict.fromkeys(data.joined_by)),
            "remote": data.remote,
            "includes_review": data.includes_review,
            "case_recorder": data.case_recorder,
            "moved": 0,
            **opening_data(data),
        },
        texts=opening_texts(data),
    )


def _people_fit(turn: Turn) -> str | None:
    participants, directory = turn.matter.data["participants"], turn.facts.directory
    if participants and turn.matter.kind != SessionKind.group:
        return "Only a group session has participants: name the one supervisee."
    if turn.matter.supervisor in participants:
        return "Whoever leads a group is no participant of it."
    gone = [ref for ref in members(turn) if not directory.in_post(ref, turn.on)]
    return f"Nobody in post has the ref {gone[0]!r}." if gone else None


def _joining_fits(turn: Turn) -> str | None:
    """Who joins the two is the line manager, or a manager of the worker's profession (HAR-17)."""
    guests, facts = turn.matter.data.get("joined_by", ()), turn.facts
    if guests and (facts.policy.session.joint is None or turn.matter.kind == SessionKind.group):
        return "Under this policy nobody joins the people of such a session."
    worker = turn.matter.supervisee
    for ref in guests:
        fits = facts.directory.supervisor_of(worker) == ref or supervises_professionally(
            facts.policy, facts.directory, ref, worker
        )
        if not fits or ref == turn.matter.supervisor or not facts.directory.in_post(ref, turn.on):
            return f"{ref!r} is neither the line manager nor the professional supervisor beside you."
    return None


def _cases_fit(turn: Turn) -> str | None:
    cases = turn.matter.data["cases"]
    if cases and turn.matter.kind == SessionKind.personal:
        return "A personal session discusses no cases: book a combined or a case session."
    return not_theirs(turn, cases)


def _can_still_be_reported(turn: Turn) -> str | None:
    closes = reporting_closes(turn.facts, datetime.fromisoformat(turn.matter.data["starts_at"])).due
    if closes is not None and closes >= turn.now:
        return None
    return "That time is too long ago for a session that is still to be reported."


def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    yield Selector(Workflow.session, supervisor=opening.supervisor)
    yield from earlier_looked_at(dict(opening.data))
    yield from duties_looked_at(opening)


def _book(turn: Turn) -> None:
    guests = turn.matter.data.get("joined_by", ())
    turn.joined += [*turn.matter.data["participants"], *guests]
    _set_date(turn)
    time = time_for_cases(turn)
    if time is not None:
        turn.keep(time_for_cases=time)
    begin_group(turn)
    people = (p for p in (*members(turn), *guests) if p != turn.actor.ref)
    turn.tell(people, "session_booked", "A supervision session is booked")


def _set_date(turn: Turn) -> None:
    turn.keep(conflicts=list(conflicts(turn)))
    starts_at = datetime.fromisoformat(turn.data["starts_at"])
    turn.set("hold_or_cancel", reporting_closes(turn.facts, starts_at))
    watch_preparation(turn)


# -- moving
def _ahead_of_the_day(turn: Turn) -> str | None:
    if turn.on < local_day(datetime.fromisoformat(turn.matter.data["starts_at"])):
        return None
    return "A session is moved ahead of its day; on the day it is held or cancelled."


def _to_the_future(turn: Turn, data: MoveSession) -> str | None:
    return None if data.starts_at > turn.now else "A session is moved to a time that is still to come."


def _move_looks_at(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.session, supervisor=matter.supervisor), *duties_looked_at(matter))


def _move(turn: Turn, data: MoveSession) -> None:
    turn.note(before=turn.matter.data["starts_at"])
    turn.keep(starts_at=iso(data.starts_at), moved=turn.matter.data["moved"] + 1)
    turn.write(reason=data.reason)
    _set_date(turn)
    turn.tell(_others(turn), "session_moved", "A supervision session was moved")


def _others(turn: Turn) -> list[str]:
    people = (*members(turn), turn.matter.supervisor, *turn.matter.data.get("joined_by", ()))
    return [ref for ref in people if ref and ref != turn.actor.ref]


# -- cancelling
def _says_whose(turn: Turn, data: CancelSession) -> str | None:
    if data.cause is Cause.missed:
        return "Only the service records that a session was missed."
    if data.cause not in (Cause.sickness, Cause.leave):
        return None
    people = {turn.matter.supervisor, *members(turn)}
    return None if data.whose in people else "Say whose sickness or leave it is: one of the people in the session."


def _cancel(turn: Turn, data: CancelSession) -> None:
    turn.note(cause=data.cause.value, whose=data.whose)
    turn.keep(cause=data.cause.value, whose=data.whose, cancelled_by=turn.actor.ref)
    turn.write(reason=data.reason)
    turn.close("hold_or_cancel", Status.superseded)
    owe_replacement(turn, data.cause, data.whose, data.reason)
    if data.cause is Cause.sickness and data.whose and _is_to_be_reported_away(turn, data.whose):
        turn.open(
            Opening(
                Workflow.absence,
                person=data.whose,
                data={"first_day": turn.on.isoformat(), "cause": AbsenceCause.sickness.value, "opened_by": None},
            )
        )
    turn.tell(_others(turn), "session_cancelled", "A supervision session was cancelled")


def _is_to_be_reported_away(turn: Turn, ref: str) -> bool:
    """Whether somebody in post has no absence yet whose return is still to come."""
    absences = turn.facts.directory.absences.get(ref, ())
    reported = any(away.last_day is None and away.first_day <= turn.on for away in absences)
    return turn.facts.directory.in_post(ref, turn.on) and not reported


def _lapse(turn: Turn, _data: Any) -> None:
    owe_replacement(turn, Cause.missed, None, None)
    turn.tell(
        (*members(turn), turn.matter.supervisor),
        "session_missed",
        "Nobody has said what became of a supervision session",
        "It counts as missed. If it took place, the supervisor can still report it, with the reason for the delay.",
    )


def _has_not_begun(turn: Turn, data: Closing) -> str | None:
    """Leaving ends no session that has begun by then: it may have taken place, and is reported or counts as missed."""
    starts_at = datetime.fromisoformat(turn.matter.data["starts_at"])
    was_there = turn.facts.directory.in_post(turn.matter.supervisee or "", local_day(starts_at))
    begun = starts_at <= turn.now and was_there
    return "It has begun: say what became of it." if begun and data.why == LEFT else None


def _end(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _wait_for_supervisor(turn: Turn) -> None:
    turn.hold(turn.supervisor)


_SCHEDULED, _MISSED = ("scheduled",), ("missed",)
_HOLD_CHECKS = (has_happened, not_before_its_day, discussed_theirs, held_as_group, may_be_chosen)

SESSION: Definition = define(
    Workflow.session,
    initial=_SCHEDULED,
    states=(
        State("scheduled", "The session is booked.", _wait_for_supervisor),
        State("held", "The session took place.", final=True),
        State("cancelled", "The session was cancelled.", final=True),
        State("missed", "The session was missed.", final=True),
    ),
    moves=(
        Move(
            "move", _SCHEDULED, None, _SUPERVISOR, _move, MoveSession, guards=(_ahead_of_the_day,),
            checks=(_to_the_future,), looks_at=_move_looks_at, label="Move the session",
        ),
        Move(
            "prepare", _SCHEDULED, None, PREPARERS, prepare, Prepare, checks=(preparation_fits, says_which_case),
            label="Prepare the session",
        ),
        Move("remind_to_prepare", _SCHEDULED, None, SYSTEM, remind_to_prepare),
        Move(
            "hold", _SCHEDULED, "held", _SUPERVISOR, hold, HoldSession, checks=_HOLD_CHECKS,
            looks_at=looked_at, label="Report that it was held",
        ),
        Move(
            "hold", _MISSED, "held", _SUPERVISOR, hold_late, HoldSession, guards=(in_late_reporting,),
            checks=(*_HOLD_CHECKS, says_why_late, took_place_before_it_was_missed),
            looks_at=looked_at, label="Report late that it was held",
        ),
        Move(
            "cancel", _SCHEDULED, "cancelled", _PARTIES, _cancel, CancelSession, checks=(_says_whose,),
            looks_at=cancellations_looked_at, label="Cancel the session",
        ),
        Move("lapse", _SCHEDULED, "missed", SYSTEM, _lapse, looks_at=cancellations_looked_at),
        Move("end", _SCHEDULED, "cancelled", SYSTEM, _end, Closing, checks=(_has_not_begun,)),
        reassigned("scheduled"),
    ),
    deadlines={
        "hold_or_cancel": DeadlineRule("lapse", Rank.lapse, looks_at=cancellations_looked_at),
        PREPARE_BY: DeadlineRule("remind_to_prepare", Rank.reminder, outcome=Status.met),
    },
    opening=Open(
        _book, OpenSession, _who, _begins,
        checks=(_people_fit, _joining_fits, _cases_fit, group_fits, chosen_in_booking, _can_still_be_reported),
        looks_at=_open_looks_at,
    ),
)  # fmt: skip

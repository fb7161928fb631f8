"""A session: one meeting, from its booking to its being held, cancelled or missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from workflows.calendar import local_day
from workflows.escalation import SYSTEM
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.payloads import CancelSession, HoldSession, MoveSession, OpenSession
from workflows.receipts import count, iso
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Cause, RecordKind, Role, SessionKind, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_PARTIES = frozenset({Role.supervisee, Role.supervisor})
_TWO_WEEKS = timedelta(days=14)
#: The kinds that discuss cases, and therefore open a record for each.
_ON_CASES = frozenset({SessionKind.case, SessionKind.combined, SessionKind.group, SessionKind.unplanned})
_PERSONAL = frozenset({SessionKind.personal, SessionKind.combined})


# -- opening
def _who(actor: Actor, data: OpenSession, facts: Facts) -> Role | None:
    """The supervisor books (CBC-77); a group is booked by somebody who supervises one of it."""
    people = {data.supervisee, *data.participants} if data.kind is SessionKind.group else {data.supervisee}
    supervises = any(ref and facts.directory.supervisor_of(ref) == actor.ref for ref in people)
    return Role.supervisor if supervises else None


def _begins(actor: Actor, data: OpenSession, _facts: Facts) -> Opening:
    named = [data.supervisee] if data.supervisee and data.kind is SessionKind.group else []
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
            "moved": 0,
        },
        texts={"place": data.place} if data.place else {},
    )


def _known_people(turn: Turn) -> str | None:
    unknown = [ref for ref in turn.matter.data["participants"] if ref not in turn.facts.directory.people]
    return f"Nobody on the list has the ref {unknown[0]!r}." if unknown else None


def _has_somebody(turn: Turn) -> str | None:
    if turn.matter.supervisee or turn.matter.data["participants"]:
        return None
    return "A session needs a supervisee, and a group its participants."


def _cases_fit(turn: Turn) -> str | None:
    cases = turn.matter.data["cases"]
    if cases and turn.matter.kind == SessionKind.personal:
        return "A personal session discusses no cases: book a combined or a case session."
    return _not_theirs(turn, cases)


def _not_theirs(turn: Turn, cases: Iterable[str]) -> str | None:
    workers = {turn.matter.supervisee, *turn.matter.data["participants"]}
    for ref in cases:
        case = turn.facts.cases.get(ref)
        if case is None or case.worker not in workers:
            return f"Case {ref} is not with anybody in this session."
    return None


def _can_still_be_reported(turn: Turn) -> str | None:
    if _reporting_closes(turn.matter.data["starts_at"], turn.facts) >= turn.now:
        return None
    return "That time is too long ago for a session that is still to be reported."


def _reporting_closes(starts_at: str, facts: Facts) -> datetime:
    rule = facts.policy.session.hold_or_cancel.term
    due = count(rule, "start of the session", datetime.fromisoformat(starts_at), facts.calendar).due
    assert due is not None  # noqa: S101  a window without pauses always has a due instant
    return due


def _open_looks_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.session, supervisor=opening.supervisor),)


def _book(turn: Turn) -> None:
    turn.joined += turn.matter.data["participants"]
    turn.keep(conflicts=list(_conflicts(turn)))
    _await_report(turn)
    people = (turn.matter.supervisee, *turn.matter.data["participants"])
    turn.tell((p for p in people if p != turn.actor.ref), "session_booked", "A supervision session is booked")


def _conflicts(turn: Turn) -> Iterator[dict[str, str]]:
    """Leave, days not worked and other sessions in the two weeks from the session, for whoever books it."""
    start = local_day(datetime.fromisoformat(turn.matter.data["starts_at"]))
    end = start + _TWO_WEEKS
    for day, why in sorted(turn.facts.calendar.closed.items()):
        if start <= day <= end:
            yield {"from": day.isoformat(), "because": why}
    for ref in filter(None, (turn.matter.supervisee, turn.matter.supervisor)):
        for away in turn.facts.directory.absences.get(ref, ()):
            if away.first_day <= end and (away.last_day is None or start <= away.last_day):
                yield {"from": away.first_day.isoformat(), "because": f"{turn.name(ref)} is away"}
    for other in turn.facts.related:
        day = local_day(datetime.fromisoformat(other.data["starts_at"]))
        if other.state == "scheduled" and start <= day <= end:
            yield {"from": day.isoformat(), "because": "another session"}


def _await_report(turn: Turn) -> None:
    rule = turn.facts.policy.session.hold_or_cancel.term
    starts_at = datetime.fromisoformat(turn.data["starts_at"])
    turn.set("hold_or_cancel", turn.count(rule, "start of the session", starts_at))


# -- moving
def _ahead_of_the_day(turn: Turn) -> str | None:
    if turn.on < local_day(datetime.fromisoformat(turn.matter.data["starts_at"])):
        return None
    return "A session is moved ahead of its day; on the day it is held or cancelled."


def _to_the_future(turn: Turn, data: MoveSession) -> str | None:
    return None if data.starts_at > turn.now else "A session is moved to a time that is still to come."


def _move(turn: Turn, data: MoveSession) -> None:
    turn.note(before=turn.matter.data["starts_at"])
    turn.keep(starts_at=iso(data.starts_at), moved=turn.matter.data["moved"] + 1)
    turn.write(reason=data.reason)
    _await_report(turn)
    turn.tell(_others(turn), "session_moved", "A supervision session was moved")


def _others(turn: Turn) -> list[str]:
    people = (turn.matter.supervisee, turn.matter.supervisor, *turn.matter.data["participants"])
    return [ref for ref in people if ref and ref != turn.actor.ref]


# -- holding
def _has_happened(turn: Turn, data: HoldSession) -> str | None:
    return None if data.held_at <= turn.now else "A session that has not ended yet cannot be reported as held."


def _not_before_its_day(turn: Turn, data: HoldSession) -> str | None:
    if local_day(data.held_at) >= local_day(datetime.fromisoformat(turn.matter.data["starts_at"])):
        return None
    return "It was held before the day it was booked for: move it to the right day first."


def _discussed_theirs(turn: Turn, data: HoldSession) -> str | None:
    if data.cases and turn.matter.kind == SessionKind.personal:
        return "A personal session discusses no cases."
    return _not_theirs(turn, data.cases or ())


def _in_late_reporting(turn: Turn) -> str | None:
    rule = turn.facts.policy.session.report_late.term
    starts_at = datetime.fromisoformat(turn.matter.data["starts_at"])
    due = turn.count(rule, "start of the session", starts_at).due
    if due is not None and turn.now <= due:
        return None
    return f"A missed session can be reported as held for {rule.words()}; that time is over."


def _says_why_late(_turn: Turn, data: HoldSession) -> str | None:
    return None if data.reason else "Say why the session is reported late."


def _hold_looks_at(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    if matter.supervisee:
        yield Selector(Workflow.cancellation, supervisee=matter.supervisee)
    else:
        yield Selector(Workflow.cancellation, supervisor=matter.supervisor)


def _hold(turn: Turn, data: HoldSession) -> None:
    discussed = turn.matter.data["cases"] if data.cases is None else list(dict.fromkeys(data.cases))
    turn.keep(held_at=iso(data.held_at), held_minutes=data.minutes, discussed=discussed)
    turn.note(held_at=iso(data.held_at), minutes=data.minutes, cases=discussed)
    turn.write(reason=data.reason)
    turn.meet("hold_or_cancel")
    _open_records(turn, data.held_at, discussed)
    _renew(turn, data.held_at, discussed)
    _replace(turn, data.held_at, discussed)


def _open_records(turn: Turn, held_at: datetime, discussed: list[str]) -> None:
    kind = SessionKind(turn.matter.kind or "")
    shared = {"held_at": iso(held_at), "session_kind": kind.value}
    if kind in _PERSONAL or (kind is SessionKind.unplanned and not discussed):
        turn.open(_record(turn, RecordKind.personal, turn.matter.supervisee, None, shared))
    if kind in _ON_CASES:
        for ref in discussed:
            turn.open(_record(turn, RecordKind.case, turn.facts.cases[ref].worker, ref, shared))


def _record(turn: Turn, kind: RecordKind, supervisee: str | None, case: str | None, data: dict[str, str]) -> Opening:
    return Opening(
        Workflow.record, kind=kind, supervisee=supervisee, supervisor=turn.matter.supervisor, case=case, data=data
    )


def _renew(turn: Turn, held_at: datetime, discussed: list[str]) -> None:
    """What the session counts for: the worker's own supervision, and each case's (NS-03, NS-08, DAR-05, HAR-15)."""
    rules, kind = turn.facts.policy.session, SessionKind(turn.matter.kind or "")
    told = {"held_on": local_day(held_at), "held_at": held_at, "session": turn.matter.id}
    for ref in _members(turn):
        target = Selector(Workflow.entitlement, supervisee=ref, accepts=_counts_for(turn, kind))
        turn.then(target, "supervised", **told)
    if kind in rules.renews_case:
        for ref in discussed:
            turn.then(Selector(Workflow.frequency, case=ref), "supervised", **told)


def _members(turn: Turn) -> list[str]:
    people = (turn.matter.supervisee, *turn.matter.data["participants"])
    return list(dict.fromkeys(ref for ref in people if ref))


def _counts_for(turn: Turn, kind: SessionKind) -> Any:
    """Whether an entitlement is renewed: line management by its supervisor, professional by the same profession."""
    directory, rules = turn.facts.directory, turn.facts.policy

    def counts(entitlement: Matter) -> bool:
        if entitlement.kind == "professional":
            leader, worker = directory.get(turn.matter.supervisor), directory.get(entitlement.supervisee)
            same = bool(leader and worker and leader.registration and leader.registration == worker.registration)
            return same and kind in rules.entitlement.professional_kinds
        return kind in rules.session.renews_worker and entitlement.supervisor == turn.matter.supervisor

    return counts


def _replace(turn: Turn, held_at: datetime, discussed: list[str]) -> None:
    """Close the cancellation that this session makes good: the linked one, else the oldest that fits."""
    open_ones = sorted((m for m in turn.facts.related if m.closed_at is None), key=lambda m: (m.opened_at, m.id))
    mine = [m for m in open_ones if str(turn.matter.id) in (m.data.get("replacement"), str(m.parent))]
    fitting = [m for m in open_ones if m.kind == turn.matter.kind and set(m.data["cases"]) <= set(discussed)]
    for cancellation in (mine or fitting)[:1]:
        turn.then(
            Selector(Workflow.cancellation, id=cancellation.id), "replaced", session=turn.matter.id, held_at=held_at
        )


# -- cancelling
def _says_whose(turn: Turn, data: CancelSession) -> str | None:
    if data.cause is Cause.missed:
        return "Only the service records that a session was missed."
    if data.cause not in (Cause.sickness, Cause.leave):
        return None
    people = {turn.matter.supervisor, *_members(turn)}
    return None if data.whose in people else "Say whose sickness or leave it is: one of the people in the session."


def _cancel(turn: Turn, data: CancelSession) -> None:
    turn.note(cause=data.cause.value, whose=data.whose)
    turn.keep(cause=data.cause.value, whose=data.whose)
    turn.write(reason=data.reason)
    turn.close("hold_or_cancel", Status.superseded)
    _owe_replacement(turn, data.cause, data.whose, data.reason)
    if data.cause is Cause.sickness and data.whose and turn.facts.directory.away(data.whose, turn.on) is None:
        turn.open(
            Opening(
                Workflow.absence,
                person=data.whose,
                data={"first_day": turn.on.isoformat(), "cause": AbsenceCause.sickness.value, "opened_by": None},
            )
        )
    turn.tell(_others(turn), "session_cancelled", "A supervision session was cancelled")


def _owe_replacement(turn: Turn, cause: Cause, whose: str | None, reason: str | None) -> None:
    """Open the duty to replace the session; one that replaced another takes its age and its rung along."""
    earlier = next((m for m in turn.facts.related if m.data.get("replacement") == str(turn.matter.id)), None)
    child = turn.open(
        Opening(
            Workflow.cancellation,
            kind=turn.matter.kind,
            supervisee=turn.matter.supervisee,
            supervisor=turn.matter.supervisor,
            data={
                "cause": cause.value,
                "whose": whose,
                "cases": turn.matter.data["cases"],
                "participants": turn.matter.data["participants"],
                "supersedes": str(earlier.id) if earlier else None,
            },
            texts={"reason": reason} if reason else {},
        )
    )
    if earlier:
        turn.then(Selector(Workflow.cancellation, id=earlier.id), "supersede", by=child)


def _lapse(turn: Turn, _data: Any) -> None:
    _owe_replacement(turn, Cause.missed, None, None)
    turn.tell(
        (turn.matter.supervisee, turn.matter.supervisor),
        "session_missed",
        "Nobody has said what became of a supervision session",
        "It counts as missed. If it took place, the supervisor can still report it, with the reason for the delay.",
    )


def _wait_for_supervisor(turn: Turn) -> None:
    turn.hold(turn.supervisor)


_SCHEDULED, _MISSED = ("scheduled",), ("missed",)
_HOLD_CHECKS = (_has_happened, _not_before_its_day, _discussed_theirs)

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
            checks=(_to_the_future,), label="Move the session",
        ),
        Move(
            "hold", _SCHEDULED, "held", _SUPERVISOR, _hold, HoldSession, checks=_HOLD_CHECKS,
            looks_at=_hold_looks_at, label="Report that it was held",
        ),
        Move(
            "hold", _MISSED, "held", _SUPERVISOR, _hold, HoldSession, guards=(_in_late_reporting,),
            checks=(*_HOLD_CHECKS, _says_why_late), looks_at=_hold_looks_at, label="Report late that it was held",
        ),
        Move(
            "cancel", _SCHEDULED, "cancelled", _PARTIES, _cancel, CancelSession, checks=(_says_whose,),
            looks_at=_hold_looks_at, label="Cancel the session", clause=None,
        ),
        Move("lapse", _SCHEDULED, "missed", SYSTEM, _lapse, looks_at=_hold_looks_at),
        Move("end", _SCHEDULED, "cancelled", SYSTEM),
        reassigned("scheduled"),
    ),
    deadlines={"hold_or_cancel": DeadlineRule("lapse", Rank.lapse, looks_at=_hold_looks_at)},
    opening=Open(
        _book, OpenSession, _who, _begins,
        checks=(_has_somebody, _known_people, _cases_fit, _can_still_be_reported), looks_at=_open_looks_at,
    ),
)  # fmt: skip

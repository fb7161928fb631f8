"""A session that took place: what is reported of it, which records it opens, and which duties it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from workflows.audit_learning import audits_looked_at, carried, waiting_for
from workflows.calendar import local_day
from workflows.group import earlier_looked_at, hold_group, is_group, members
from workflows.intervals import PROFESSIONAL
from workflows.model import Facts, Matter, Opening, Selector
from workflows.payloads import HoldSession
from workflows.professions import same_profession
from workflows.receipts import iso
from workflows.replacing import left_over, made_good
from workflows.turn import Turn
from workflows.two_files import link
from workflows.vocabulary import RecordKind, SessionKind, Workflow

#: The kinds that discuss cases, and therefore open a record for each.
_ON_CASES = frozenset({SessionKind.case, SessionKind.combined, SessionKind.group, SessionKind.unplanned})
_PERSONAL = frozenset({SessionKind.personal, SessionKind.combined})
#: Meetings of the two as their policy has them; a group or a word in passing is none.
_FORMAL = frozenset({*_PERSONAL, SessionKind.case})


def not_theirs(turn: Turn, cases: Iterable[str]) -> str | None:
    """Why these cases cannot be discussed here: one of them is with nobody in the session."""
    for ref in cases:
        case = turn.facts.cases.get(ref)
        if case is None or case.worker not in members(turn):
            return f"Case {ref} is not with anybody in this session."
    return None


# -- what may be reported
def has_happened(turn: Turn, data: HoldSession) -> str | None:
    """A report is about the past."""
    return None if data.held_at <= turn.now else "A session that has not ended yet cannot be reported as held."


def not_before_its_day(turn: Turn, data: HoldSession) -> str | None:
    """A session that was brought forward is moved first, so that both know of it."""
    if local_day(data.held_at) >= local_day(datetime.fromisoformat(turn.matter.data["starts_at"])):
        return None
    return "It was held before the day it was booked for: move it to the right day first."


def discussed_theirs(turn: Turn, data: HoldSession) -> str | None:
    """Cases are those of its people; one that it was booked for may have gone to somebody else since."""
    if data.cases and turn.matter.kind == SessionKind.personal:
        return "A personal session discusses no cases."
    return not_theirs(turn, (ref for ref in data.cases or () if ref not in turn.matter.data["cases"]))


def in_late_reporting(turn: Turn) -> str | None:
    """A missed session may be reported for some time from the day on which it counted as missed."""
    rule, missed_at = turn.facts.policy.session.report_late.term, turn.matter.closed_at or turn.now
    due = turn.count(rule, "counted as missed", missed_at).due
    if due is not None and turn.now <= due:
        return None
    return f"A missed session can be reported as held for {rule.words()}; that time is over."


def says_why_late(_turn: Turn, data: HoldSession) -> str | None:
    """A late report has a reason."""
    return None if data.reason else "Say why the session is reported late."


def took_place_before_it_was_missed(turn: Turn, data: HoldSession) -> str | None:
    """A meeting held after this one counted as missed is another session."""
    if data.held_at < (turn.matter.closed_at or turn.now):
        return None
    return "It had counted as missed by then: book the session that was held instead, and report that one."


def looked_at(matter: Matter, data: Any, facts: Facts) -> Iterable[Selector]:
    """What a held session may meet: cancellations to be made good, audits to learn from, its group's last meeting."""
    yield from cancellations_looked_at(matter, data, facts)
    yield from audits_looked_at(matter, data, facts)
    yield from earlier_looked_at(dict(matter.data))


def cancellations_looked_at(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The open cancellations among which there may be one that the session was to make good, or its own."""
    if matter.state == "missed":
        yield Selector(Workflow.cancellation, parent=matter.id)
    if matter.supervisee:
        yield Selector(Workflow.cancellation, supervisee=matter.supervisee)
    else:
        yield Selector(Workflow.cancellation, supervisor=matter.supervisor)


# -- what follows
def hold(turn: Turn, data: HoldSession) -> None:
    """Report that the session took place: records to be written, duties that it meets."""
    discussed = turn.matter.data["cases"] if data.cases is None else list(dict.fromkeys(data.cases))
    turn.keep(held_at=iso(data.held_at), held_minutes=data.minutes, discussed=discussed)
    turn.keep(**_as_held(data))
    turn.note(held_at=iso(data.held_at), minutes=data.minutes, cases=discussed)
    turn.write(reason=data.reason)
    turn.meet("hold_or_cancel")
    _open_records(turn, data, discussed)
    _renew(turn, data.held_at, discussed)
    _follow_up(turn, data.held_at)
    cancellations = [m for m in turn.facts.related if m.workflow is Workflow.cancellation]
    for cancellation in made_good(turn.matter, discussed, data.held_at, cancellations):
        target, left = (
            Selector(Workflow.cancellation, id=cancellation.id),
            left_over(cancellation, turn.matter, discussed),
        )
        if left:
            turn.then(target, "replaced_in_part", session=turn.matter.id, cases=left)
        else:
            turn.then(target, "replaced", session=turn.matter.id, held_at=data.held_at)


def _as_held(data: HoldSession) -> dict[str, Any]:
    """What was otherwise than it was booked, and whether the meeting was left in peace (NS-10)."""
    said = {
        "remote": data.remote, "includes_review": data.includes_review, "interrupted": data.interrupted,
        "case_recorder": data.case_recorder,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def hold_late(turn: Turn, data: HoldSession) -> None:
    """A missed session took place after all: the step stays, and the breach is shown false."""
    turn.correct("hold_or_cancel")
    turn.note(corrected=True)
    hold(turn, data)


def _open_records(turn: Turn, data: HoldSession, discussed: list[str]) -> None:
    """A record for each file, each of which names the others of the same people (NS-40)."""
    kind = SessionKind(turn.matter.kind or "")
    planned = [
        *_own_record(turn, kind, discussed),
        *((RecordKind.case, _who_discussed(turn, ref), ref) for ref in (discussed if kind in _ON_CASES else ())),
    ]
    named = [(who, link(turn.coming_id(n), what, case)) for n, (what, who, case) in enumerate(planned)]
    shared = {"held_at": iso(data.held_at), "session_kind": kind.value}
    for n, (what, who, case) in enumerate(planned):
        others = [other for m, (whose, other) in enumerate(named) if m != n and (who == whose or None in {who, whose})]
        kept = {**shared, "linked": others}
        if what is RecordKind.case and case is not None:
            _open_case_record(turn, data, who, case, kept)
        elif what is RecordKind.group:
            hold_group(turn, data, turn.open(_record(turn, what, who, case, {**kept, "participants": members(turn)})))
        else:
            turn.open(_record(turn, what, who, case, kept))


def _own_record(turn: Turn, kind: SessionKind, discussed: list[str]) -> list[tuple[RecordKind, str | None, str | None]]:
    """The record of the people themselves: one person's own, or the group's."""
    if is_group(turn.matter):
        return [(RecordKind.group, None, None)]
    if kind in _PERSONAL or (kind is SessionKind.unplanned and not discussed):
        return [(RecordKind.personal, turn.matter.supervisee, None)]
    return []


def _open_case_record(turn: Turn, data: HoldSession, worker: str | None, case: str, shared: Mapping[str, Any]) -> None:
    """A case's record carries what audits of the case have taught since its last session (CBC-53)."""
    audits = waiting_for(turn, case, data.held_at, data.minutes)
    recorder = worker if turn.data.get("case_recorder") == "supervisee" else None
    kept = {**shared, **carried(audits), "recorder": recorder}
    record = turn.open(_record(turn, RecordKind.case, worker, case, kept))
    told = {"record": record, "held_at": data.held_at, "supervisee": worker, "supervisor": turn.matter.supervisor}
    for audit in audits:
        turn.then(Selector(Workflow.audit, id=audit.id), "learned", **told)


def _who_discussed(turn: Turn, ref: str) -> str | None:
    """The case's worker; of a case that has gone to somebody else since, the one who was in the session."""
    worker = turn.facts.cases[ref].worker
    return worker if worker in members(turn) else turn.matter.supervisee or worker


def _record(turn: Turn, kind: RecordKind, supervisee: str | None, case: str | None, data: Mapping[str, Any]) -> Opening:
    return Opening(
        Workflow.record, kind=kind, supervisee=supervisee, supervisor=turn.matter.supervisor, case=case, data=data
    )


def _renew(turn: Turn, held_at: datetime, discussed: list[str]) -> None:
    """What the session counts for: the worker's own supervision, and each case's (NS-03, NS-08, DAR-05, HAR-15)."""
    rules, kind = turn.facts.policy.session, SessionKind(turn.matter.kind or "")
    told = {"held_on": local_day(held_at), "held_at": held_at, "session": turn.matter.id}
    length = {"minutes": turn.data["held_minutes"], "review": turn.data.get("includes_review", False)}
    for ref in members(turn):
        target = Selector(Workflow.entitlement, supervisee=ref, accepts=_counts_for(turn, kind))
        turn.then(target, "supervised", **told, **length)
    if kind in rules.renews_case:
        for ref in discussed:
            turn.then(Selector(Workflow.frequency, case=ref), "supervised", **told)


def _follow_up(turn: Turn, held_at: datetime) -> None:
    """What was agreed is looked at each time (LDS-36), and the agreement is signed by the first meeting (LDS-18)."""
    if turn.matter.kind not in _FORMAL:
        return
    for ref in members(turn):
        actions = Selector(Workflow.action, supervisee=ref, supervisor=turn.matter.supervisor)
        turn.then(actions, "carry", session=turn.matter.id)
        if turn.matter.kind in _PERSONAL:
            agreement = Selector(Workflow.agreement, supervisee=ref, supervisor=turn.matter.supervisor)
            turn.then(agreement, "first_session", held_on=local_day(held_at))


def _counts_for(turn: Turn, kind: SessionKind) -> Callable[[Matter], bool]:
    """Whether an entitlement is renewed: professional by the same profession, else by any but a professional one."""
    directory, rules = turn.facts.directory, turn.facts.policy

    def counts(entitlement: Matter) -> bool:
        if entitlement.kind == PROFESSIONAL:
            same = same_profession(directory, turn.matter.supervisor, entitlement.supervisee)
            return same and kind in rules.entitlement.professional_kinds
        return kind in rules.session.renews_worker and not turn.matter.data.get("professional")

    return counts

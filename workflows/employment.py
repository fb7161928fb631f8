"""Employment: a start, a change on the people's list and an end act by themselves, on their own dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from workflows.directory import Person
from workflows.escalation import SYSTEM
from workflows.intervals import LINE_MANAGEMENT, PROFESSIONAL
from workflows.model import Opening, Selector
from workflows.presence import pass_on
from workflows.receipts import on_day
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import hand_over
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, Status, Workflow

_DAY = timedelta(days=1)
#: What a leaver's open matters are told, as supervisee.
_ENDS_WITH_SUPERVISEE = (
    Workflow.record,
    Workflow.dispute,
    Workflow.entitlement,
    Workflow.session,
    Workflow.cancellation,
)


def _person(turn: Turn) -> Person:
    return turn.facts.directory.people[turn.matter.person or ""]


def _enter_list(turn: Turn) -> None:
    person = _person(turn)
    if person.start_date and person.start_date > turn.on:
        eve = person.start_date - _DAY
        turn.set("starts_on", on_day(PRODUCT_DEFAULT, "start date", eve, turn.facts.calendar))
    elif person.end_date and person.end_date < turn.on:
        turn.columns["state"] = "left"
    else:
        turn.columns["state"] = "in_post"
        _begin_supervision(turn, person)
    _watch_end(turn)


def _watch_end(turn: Turn) -> None:
    end = _person(turn).end_date
    if end is None:
        turn.close("ends_on", Status.superseded)
    else:
        turn.set("ends_on", on_day(PRODUCT_DEFAULT, "end date", end, turn.facts.calendar))


def _start(turn: Turn, _data: Any) -> None:
    _begin_supervision(turn, _person(turn))


# -- supervision relationships
def _begin_supervision(turn: Turn, person: Person) -> None:
    """Open the entitlement of whoever is supervised: from now on the service watches it."""
    turn.keep(**_listed(turn, person))
    supervisor = turn.facts.directory.supervisor_of(person.ref)
    if supervisor is None:
        return
    turn.open(_entitlement(turn, person, supervisor, LINE_MANAGEMENT))
    if _needs_professional(turn, person, supervisor):
        turn.open(_entitlement(turn, person, supervisor, PROFESSIONAL))


def _listed(turn: Turn, person: Person) -> dict[str, str | None]:
    nqsw = person.nqsw_start.isoformat() if person.nqsw_start else None
    return {
        "supervisor": turn.facts.directory.supervisor_of(person.ref),
        "job_role": person.job_role,
        "nqsw_start": nqsw,
    }


def _entitlement(turn: Turn, person: Person, supervisor: str, kind: str) -> Opening:
    live, since = turn.facts.live_from, person.supervised_since or person.start_date
    later = since is not None and since > live
    last = person.last_supervised_on
    return Opening(
        Workflow.entitlement,
        kind=kind,
        supervisee=person.ref,
        supervisor=supervisor,
        data={
            "event": "supervision began" if later else "organisation live",
            "since": (since if later and since else live).isoformat(),
            "last_supervised_on": last.isoformat() if last else None,
        },
    )


def _needs_professional(turn: Turn, person: Person, supervisor: str) -> bool:
    """Registered staff whose manager has another profession are also supervised by one of their own (HAR-13)."""
    rules = turn.facts.policy.entitlement
    if rules.professional is None or not person.registration or person.job_role not in rules.professional_roles:
        return False
    above = turn.facts.directory.get(supervisor)
    return above is None or above.registration != person.registration


def _relist(turn: Turn, _data: Any) -> None:
    """The people's list has changed: a new supervisor takes over, and dates follow the new facts."""
    person, before = _person(turn), turn.matter.data
    now = _listed(turn, person)
    turn.keep(**now)
    turn.note(before={k: before.get(k) for k in now}, after=now)
    _watch_end(turn)
    old, new = before.get("supervisor"), now["supervisor"]
    if old and new and old != new:
        hand_over(turn, person.ref, old, new, "people's list")
        turn.tell((person.ref, new), "new_supervisor", f"{turn.name(new)} now supervises {turn.name(person.ref)}")
    elif old and not new:
        turn.then(Selector(Workflow.entitlement, supervisee=person.ref), "end", why="no supervisor on the list")
    elif new and not old:
        _begin_supervision(turn, person)
    if (before.get("job_role"), before.get("nqsw_start")) != (now["job_role"], now["nqsw_start"]):
        turn.then(Selector(Workflow.entitlement, supervisee=person.ref), "recount")


def _postponed(turn: Turn, _data: Any) -> None:
    start = _person(turn).start_date
    if start is not None:
        turn.set("starts_on", on_day(PRODUCT_DEFAULT, "start date", start - _DAY, turn.facts.calendar))
    _watch_end(turn)


def _has_started(turn: Turn) -> str | None:
    start = _person(turn).start_date
    return None if start is None or start <= turn.on else "The start is still to come."


def _is_over(turn: Turn) -> str | None:
    end = _person(turn).end_date
    return None if end is not None and end < turn.on else "The employment goes on."


def _goes_on(turn: Turn) -> str | None:
    return "The employment is over." if _is_over(turn) is None else None


# -- leaving
def _leave(turn: Turn, _data: Any) -> None:
    """Somebody left: nothing of theirs is deemed, nobody of theirs is left without a supervisor (E9, E10)."""
    ref = turn.matter.person or ""
    for workflow in _ENDS_WITH_SUPERVISEE:
        turn.then(Selector(workflow, supervisee=ref), "end", why="left")
    _pass_drafts_up(turn, ref)
    pass_on(turn, "left")
    if turn.facts.directory.supervised_by(ref):
        turn.open(
            Opening(
                Workflow.absence,
                person=ref,
                data={"first_day": turn.on.isoformat(), "cause": AbsenceCause.left.value, "opened_by": None},
            )
        )


def _pass_drafts_up(turn: Turn, ref: str) -> None:
    """What a leaver has not sent yet is their manager's to send (product default; no policy says)."""
    manager = next((m for m in turn.facts.directory.line(ref) if turn.facts.directory.in_post(m, turn.on)), None)
    if manager is not None:
        turn.then(Selector(Workflow.record, supervisor=ref), "reassign", supervisor=manager, why="left")


def _rehire(turn: Turn, _data: Any) -> None:
    _watch_end(turn)
    _begin_supervision(turn, _person(turn))


def _in_post(turn: Turn) -> None:
    turn.hold(None)


_STATES = (
    State("expected", "The start is still to come."),
    State("in_post", "The person is in post.", _in_post),
    State("left", "The person has left.", final=True),
)
_BEFORE, _NOW, _AFTER = ("expected",), ("in_post",), ("left",)

EMPLOYMENT: Definition = define(
    Workflow.employment,
    initial=("expected", "in_post", "left"),
    states=_STATES,
    moves=(
        Move("start", _BEFORE, "in_post", SYSTEM, _start),
        Move("relist", _BEFORE, "in_post", SYSTEM, _rehire, when=(_has_started, _goes_on)),
        Move("relist", _BEFORE, None, SYSTEM, _postponed),
        Move("relist", _NOW, "left", SYSTEM, _leave, when=(_is_over,)),
        Move("relist", _NOW, None, SYSTEM, _relist),
        Move("relist", _AFTER, "in_post", SYSTEM, _rehire, when=(_has_started, _goes_on)),
        Move("leave", (*_BEFORE, *_NOW), "left", SYSTEM, _leave),
    ),
    deadlines={
        "starts_on": DeadlineRule("start", Rank.reminder, outcome=Status.met),
        "ends_on": DeadlineRule("leave", Rank.end_of_employment, outcome=Status.met),
    },
    opening=Open(_enter_list),
)

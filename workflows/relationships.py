"""Who supervises whom, as the people's list has it: relationships begin, pass to somebody else, and end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from workflows import resuming
from workflows.agreement import of_relationship
from workflows.cover import settle_cover
from workflows.directory import Person
from workflows.intervals import LINE_MANAGEMENT, PROFESSIONAL
from workflows.model import Matter, Opening, Selector
from workflows.professions import needs_professional
from workflows.takeover import hand_over, take_up
from workflows.turn import Turn
from workflows.vocabulary import Workflow

_NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def listed(turn: Turn, person: Person) -> dict[str, str | bool | None]:
    """What the list says of somebody's supervision: kept, so that a later list can be compared with it."""
    return {
        "supervisor": person.supervisor,
        "start_date": person.start_date.isoformat() if person.start_date else None,
        "job_role": person.job_role,
        "nqsw_start": person.nqsw_start.isoformat() if person.nqsw_start else None,
        "nqsw_extended_to": person.nqsw_extended_to.isoformat() if person.nqsw_extended_to else None,
        "team": person.team,
        "professional": needs_professional(turn.facts.policy, turn.facts.directory, person.ref, person.supervisor),
    }


# -- beginning
def begin_supervision(
    turn: Turn, person: Person, since: date | None = None, owed: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> None:
    """Open the entitlement of whoever is supervised: from now on the service watches it.

    `since` is the local date on which a relationship begins that the list did not have before; `owed` is what goes on
    from an earlier one in the same employment, by kind.
    """
    turn.keep(**listed(turn, person))
    supervisor = turn.facts.directory.supervisor_of(person.ref)
    if supervisor is None:
        return
    _see_that_somebody_supervises(turn, person)
    duty = _entitlement(turn, person, LINE_MANAGEMENT, since, owed)
    turn.open(duty)
    signed_on = None if since else person.agreement_signed_on
    began = duty.data["event"], date.fromisoformat(duty.data["since"])
    _open_agreement(turn, person, person.supervisor or supervisor, began, signed_on)
    if turn.data["professional"]:
        turn.open(_entitlement(turn, person, PROFESSIONAL, since, owed))
    if supervisor in turn.facts.directory.absences:
        settle_cover(turn, supervisor)


def _see_that_somebody_supervises(turn: Turn, person: Person) -> None:
    """A list that names somebody who is not in post is for administrators to mend."""
    if person.supervisor and not turn.facts.directory.in_post(person.supervisor, turn.on):
        detail = f"The list has {person.supervisor} as supervisor of {turn.name(person.ref)}: they are not in post."
        turn.incident("supervisor_not_in_post", detail)


def _entitlement(
    turn: Turn, person: Person, kind: str, since: date | None, owed: Mapping[str, Mapping[str, Any]] = _NOTHING
) -> Opening:
    """A duty of this employment: what was before its first day begins nothing in it."""
    start = person.start_date or date.min
    event, began = _begun(turn, person, since)
    last = None if since else person.last_supervised_on
    return Opening(
        Workflow.entitlement,
        kind=kind,
        supervisee=person.ref,
        supervisor=turn.facts.directory.supervisor_of(person.ref),
        data={
            "event": event,
            "since": began.isoformat(),
            "last_supervised_on": last.isoformat() if last and last >= start else None,
            **owed.get(kind, {}),
        },
    )


def _begun(turn: Turn, person: Person, since: date | None = None) -> tuple[str, date]:
    """From what event and local date supervision is counted: its beginning, or the service's if that is later."""
    live, start = turn.facts.live_from, person.start_date or date.min
    begun = since or max(person.supervised_since or start, start)
    return "supervision began" if begun > live else "organisation live", max(begun, live)


def _open_agreement(
    turn: Turn, person: Person, supervisor: str, began: tuple[str, date], signed_on: date | None = None
) -> None:
    """The two are to have an agreement: the one that was signed before the service, or one that is still to be."""
    event, since = began
    start = _first_day(person)
    more = {"is_older": start < turn.facts.live_from and since == turn.facts.live_from}
    signed = {"signed_on": signed_on.isoformat()} if signed_on and signed_on >= start else {}
    turn.open(of_relationship(person.ref, supervisor, event, since, **more, **signed))


def _first_day(person: Person) -> date:
    return max(filter(None, (person.supervised_since, person.start_date)), default=date.min)


# -- changing
def follow_list(turn: Turn, person: Person) -> None:
    """A changed list: a new supervisor takes over at once, and dates follow the new facts."""
    before, after = turn.matter.data, listed(turn, person)
    turn.note(before={name: before.get(name) for name in after}, after=after)
    turn.keep(**after)
    if before.get("supervisor") != person.supervisor:
        _change_supervisor(turn, person, before.get("supervisor"))
    if "start_date" in before and before["start_date"] != after["start_date"]:
        _correct_start(turn, person, before["start_date"])
    if person.supervisor and before.get("supervisor"):
        _change_profession(turn, person, before=bool(before.get("professional")))
    if any(before.get(fact) != after[fact] for fact in ("job_role", "nqsw_start", "nqsw_extended_to")):
        turn.then(Selector(Workflow.entitlement, supervisee=person.ref), "recount")
    for event in ("job_role", "team"):
        if event in before and before[event] != after[event]:
            turn.then(Selector(Workflow.agreement, supervisee=person.ref), "review_for", event=event)


def _correct_start(turn: Turn, person: Person, before: str | None) -> None:
    """What is counted from the first day of employment follows the day that the list has now (CBC-03)."""
    _, since = _begun(turn, replace(person, start_date=date.fromisoformat(before) if before else None))
    event, now = _begun(turn, person)
    if now == since:
        return
    is_older = _first_day(person) < turn.facts.live_from and now == turn.facts.live_from
    for workflow in (Workflow.entitlement, Workflow.agreement):
        counted = Selector(workflow, supervisee=person.ref, accepts=lambda m: m.data["since"] == since.isoformat())
        turn.then(counted, "begun", event=event, since=now, is_older=is_older)


def _change_supervisor(turn: Turn, person: Person, before: str | None) -> None:
    """The list changes who supervises: cover ends with the relationship, unless the new supervisor is away as well."""
    away = person.supervisor and turn.facts.directory.away(person.supervisor, turn.on)
    if person.cover and not away:
        turn.change(person.ref, "cover", None)
    if before and person.supervisor:
        _see_that_somebody_supervises(turn, person)
        now = (person.cover if away else None) or person.supervisor
        turn.open(_handover(person, before))
        for earlier in dict.fromkeys(ref for ref in (before, person.cover) if ref not in (None, now)):
            hand_over(turn, person.ref, earlier, now, "people’s list")
        subject = f"{turn.name(person.supervisor)} now supervises {turn.name(person.ref)}"
        turn.tell((person.ref, person.supervisor), "new_supervisor", subject)
        ended = Selector(Workflow.agreement, supervisee=person.ref, supervisor=before)
        turn.then(ended, "change_supervisor", supervisor=person.supervisor)
        _open_agreement(turn, person, person.supervisor, ("change of supervisor", turn.on))
    elif before:
        turn.keep(last_supervisor=before)
        resuming.keep_what_is_owed(turn)
        resuming.say_that_nobody_supervises(turn, person)
        for workflow in (Workflow.entitlement, Workflow.agreement, Workflow.handover):
            turn.then(Selector(workflow, supervisee=person.ref), "end", why="no supervisor on the list")
    else:
        begin_supervision(turn, person, turn.on, resuming.take_up_what_is_owed(turn))
        take_up(turn, person.ref)
        last = turn.data.get("last_supervisor")
        if last and last != person.supervisor:
            turn.open(_handover(person, last))
    settle_cover(turn, before, person.cover, person.supervisor)


def _handover(person: Person, before: str) -> Opening:
    """Whoever supervised hands over to whoever does from now on (NS-20, LDS-10, HAR-44)."""
    return Opening(Workflow.handover, supervisee=person.ref, supervisor=person.supervisor, person=before)


def _change_profession(turn: Turn, person: Person, *, before: bool) -> None:
    """Another supervisor may be of the worker's profession, or no longer (HAR-08, HAR-13)."""
    if turn.data["professional"] and not before:
        turn.open(_entitlement(turn, person, PROFESSIONAL, turn.on))
    elif before and not turn.data["professional"]:
        target = Selector(Workflow.entitlement, supervisee=person.ref, accepts=_is_professional)
        turn.then(target, "end", why="the supervisor is of the same profession")


def _is_professional(matter: Matter) -> bool:
    return matter.kind == PROFESSIONAL

"""Group supervision: what a group agrees before it meets, and what one meeting hands on to the next.

A group is its meetings: each names the one before it, and what was agreed holds for whoever was there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from workflows.model import Matter, Selector
from workflows.payloads import HoldSession, OpenSession
from workflows.turn import Turn
from workflows.vocabulary import SessionKind, Workflow

_CONFIDENTIALITY = "confidentiality"
_PUT_DOWN = frozenset({"purpose", "ground_rules"})


def members(turn: Turn) -> list[str]:
    """Everybody whom the session supervises."""
    people = (turn.matter.supervisee, *turn.matter.data["participants"])
    return list(dict.fromkeys(ref for ref in people if ref))


def is_group(matter: Matter) -> bool:
    """Whether several people are supervised together."""
    return matter.kind == SessionKind.group


# -- booking
def opening_data(data: OpenSession) -> dict[str, Any]:
    """What the opening keeps of a group; free text is kept apart."""
    return {"follows": str(data.follows)} if data.follows else {}


def opening_texts(data: OpenSession) -> dict[str, str]:
    """The free text of an opening."""
    return {**({"place": data.place} if data.place else {}), **_texts(data)}


def _texts(data: OpenSession | HoldSession) -> dict[str, str]:
    """The purpose and the ground rules, as far as they are given."""
    given = {"purpose": data.purpose, "ground_rules": data.ground_rules}
    return {name: text for name, text in given.items() if text}


def earlier(turn: Turn) -> Matter | None:
    """The meeting of the same group that this one names as the one before it."""
    follows = turn.matter.data.get("follows")
    return next((matter for matter in turn.facts.related if str(matter.id) == follows), None)


def earlier_looked_at(data: dict[str, Any]) -> Iterable[Selector]:
    """The meeting before, by its id."""
    if data.get("follows"):
        yield Selector(Workflow.session, id=UUID(data["follows"]))


def group_fits(turn: Turn) -> str | None:
    """Whether only a group has what groups have, and follows a meeting of its own people."""
    follows = turn.matter.data.get("follows")
    if not is_group(turn.matter):
        has = follows or turn.texts.keys() & _PUT_DOWN
        return "Only a group has a purpose, ground rules and a meeting before." if has else None
    before = earlier(turn)
    if follows and not (before is not None and is_group(before) and _is_same_group(turn, before)):
        return "There is no earlier meeting of this group with that id."
    return None


def _is_same_group(turn: Turn, before: Matter) -> bool:
    """Some of its people were there, and whoever books this meeting led it or was one of them or supervises one."""
    there = {before.supervisee, before.supervisor, *before.data["participants"]} - {None}
    is_theirs = turn.matter.supervisor in there or _supervises_one(turn, there)
    return is_theirs and bool(there & set(members(turn)))


def _supervises_one(turn: Turn, people: Iterable[str | None]) -> bool:
    return any(turn.facts.directory.supervisor_of(ref) == turn.matter.supervisor for ref in people)


def begin_group(turn: Turn) -> None:
    """Show what the group still lacks, and what the meeting before has left to report on."""
    if is_group(turn.matter):
        _keep(turn, _agreed_by(turn), _given(turn, turn.texts))


def _keep(turn: Turn, agreed_by: list[str], given: set[str]) -> None:
    has = given | ({_CONFIDENTIALITY} if _all_agreed(turn, agreed_by) else set())
    lacks = [need for need in turn.facts.policy.group.needs if need.name not in has]
    turn.keep(
        group={
            "has": sorted(has),
            "lacks": [{"name": need.name, "clause": need.clause} for need in lacks],
            "agreed_by": agreed_by,
            "report_back": _report_back(turn),
        }
    )


def _handed_on(turn: Turn) -> dict[str, Any]:
    """What the meeting before this one has kept."""
    before = earlier(turn)
    kept: dict[str, Any] = before.data.get("group", {}) if before else {}
    return kept


def _given(turn: Turn, texts: Iterable[str]) -> set[str]:
    """What this meeting or the one before it has put down."""
    so_far = turn.data.get("group", {}).get("has", ())
    return {*texts, *_handed_on(turn).get("has", ()), *so_far} & _PUT_DOWN


def _agreed_by(turn: Turn) -> list[str]:
    """Who has agreed the limits of confidentiality in the meetings before."""
    return list(_handed_on(turn).get("agreed_by", ()))


def _all_agreed(turn: Turn, agreed_by: list[str]) -> bool:
    return set(members(turn)) <= set(agreed_by)


def _report_back(turn: Turn) -> dict[str, Any] | None:
    """Where the suggestions stand that the meeting before has picked (NS-59)."""
    rule, before = turn.facts.policy.group.report_back, earlier(turn)
    record = _handed_on(turn).get("record")
    if rule is None or before is None or record is None:
        # A meeting that was not held leaves to this one what it was to hear itself.
        return _handed_on(turn).get("report_back")
    return {"session": str(before.id), "record": record, "section": rule.section, "clause": rule.clause}


# -- holding
def held_as_group(turn: Turn, data: HoldSession) -> str | None:
    """Whether the group has agreed what no meeting of it is held without (LDS-16)."""
    if not is_group(turn.matter):
        says = data.confidentiality_agreed or _texts(data)
        return "Only a group agrees a purpose, ground rules and the limits of confidentiality." if says else None
    agreed = members(turn) if data.confidentiality_agreed else _agreed_by(turn)
    given = _given(turn, _texts(data))
    has = given | ({_CONFIDENTIALITY} if _all_agreed(turn, agreed) else set())
    needs = (need for need in turn.facts.policy.group.needs if need.is_condition and need.name not in has)
    missing = next(needs, None)
    return None if missing is None else _SAY[missing.name].format(clause=missing.clause)


_SAY = {
    "confidentiality": "Everybody in a group agrees the limits of confidentiality before its first meeting ({clause}): "
    "say that they have.",
    "purpose": "A group has a purpose before its first meeting ({clause}): put it down.",
    "ground_rules": "A group has ground rules before its first meeting ({clause}): put them down.",
}


def hold_group(turn: Turn, data: HoldSession, record: object) -> None:
    """Keep what the group has agreed, for this meeting and those that follow."""
    turn.write(**_texts(data))
    agreed_by = sorted({*_agreed_by(turn), *(members(turn) if data.confidentiality_agreed else ())})
    _keep(turn, agreed_by, _given(turn, turn.texts))
    turn.keep(group={**turn.data["group"], "record": str(record)})
    turn.note(confidentiality_agreed=data.confidentiality_agreed)

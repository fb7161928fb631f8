"""What is sent on a walk: everything that a form asks for, mostly with sense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from tests.fakes.council import FakeCouncil
from workflows.calendar import local_day
from workflows.model import Matter
from workflows.registry import DEFINITIONS
from workflows.vocabulary import (
    AbsenceCause,
    Cause,
    ConcernAbout,
    DisputeAbout,
    Grade,
    Outcome,
    RecordKind,
    ReleaseKind,
    SessionKind,
    Workflow,
)

_T = TypeVar("_T")


class Dice(Struct):
    """One number from which every choice of an action follows; zero is the first of everything."""

    number: int

    def pick(self, options: Sequence[_T]) -> _T:
        """One of several."""
        self.number, index = divmod(self.number, len(options))
        return options[index]

    def chance(self, one_in: int) -> bool:
        """Whether something rare happens."""
        return self.pick(range(one_in)) == one_in - 1


#: What either of the two opens.
_OF_EITHER = (Workflow.dispute, Workflow.absence, Workflow.agreement, Workflow.action)


def opener(council: FakeCouncil, workflow: Workflow, data: dict[str, Any], dice: Dice) -> str:
    if workflow is Workflow.disclosure:
        return "hr1"
    directory = council.picture.directory
    if workflow is Workflow.audit:
        return "aud"
    worker = data.get("supervisee") or data.get("person") or data.get("owner") or "wkr"
    supervisor = directory.supervisor_of(worker) or "sup"
    if workflow is Workflow.concern:
        return dice.pick(["wkr", "wkr2", "sup"])
    return dice.pick([worker, supervisor]) if workflow in _OF_EITHER else supervisor


def _session(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    starts_at = council.now + timedelta(hours=dice.pick([1, 24, 49, 24 * 9, -2]))
    kind, worker = dice.pick(list(SessionKind)), dice.pick(["wkr", "wkr2", "sup"])
    cases = [] if kind is SessionKind.personal else _cases_of(council, worker)[: dice.pick([3, 1, 0])]
    group = _group(council, dice) if kind is SessionKind.group else {}
    return {"supervisee": worker, "kind": kind, "starts_at": starts_at, "minutes": 60, "cases": cases, **group}


def _group(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    before = [None, *(m.id for m in council.find(Workflow.session) if m.kind == SessionKind.group)]
    return {"participants": dice.pick([["wkr"], ["wkr", "wkr2"]]), "follows": dice.pick(before), "purpose": "To learn."}


def _cases_of(council: FakeCouncil, worker: str) -> list[str]:
    return sorted(case.ref for case in council.cases.values() if case.worker == worker)


def _record(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    kind = dice.pick(list(RecordKind))
    worker = dice.pick(["wkr", "wkr2"])
    case = dice.pick(_cases_of(council, worker) or [None]) if kind is not RecordKind.personal else None
    return {"supervisee": worker, "kind": kind, "case": case, "sections": _sections(council, kind, dice)}


def _sections(council: FakeCouncil, kind: str | None, dice: Dice) -> dict[str, str]:
    names = sorted(dice.pick(council.policy.record.of(kind).forms).names())
    return {} if dice.chance(2) else {dice.pick(names): dice.pick(["", "Said.", "C1", "c1 and c3: no change."])}


def _dispute(_council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    return {
        "supervisee": dice.pick(["wkr", "wkr2", "sup", "ad"]),
        "about": dice.pick(list(DisputeAbout)),
        "statement": "No.",
    }


def _frequency(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    row = dice.pick(council.policy.frequency.rows)
    data = {"category": row.category, "criteria": sorted(row.criteria)[:1], "rating": row.rating, "reason": "New."}
    return {"case": dice.pick([*sorted(council.cases), "c9"]), **data}


def _absence(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    first = local_day(council.now) + timedelta(days=dice.pick([0, -1, -6, 3]))
    expected = dice.pick([None, first + timedelta(days=9), first + timedelta(days=40)])
    person = dice.pick(["wkr", "sup", "lm", "hos", "wkr2", "ad"])
    return {"person": person, "first_day": first, "expected_return": expected, "cause": dice.pick(list(AbsenceCause))}


def _agreement(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    return {"supervisee": dice.pick(["wkr", "wkr2", "sup"]), "terms": _terms(council, dice)}


def _terms(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    answers = {"text": "As agreed.", "person": "sup", "neither_party": "lm", "yes_or_no": True, "accepted": True}
    named = {term.name: answers[term.kind] for term in council.policy.agreement.terms if not dice.chance(9)}
    every = {"every": {"value": dice.pick([2, 9]), "unit": "weeks"}} if dice.chance(3) else {}
    return {**named, **every, "location": "Room 4."}


def _concern(_council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    return {"about": dice.pick(list(ConcernAbout)), "statement": "It does not happen."}


def _referral(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    discussed = dice.pick([None, local_day(council.now), local_day(council.now) + timedelta(days=2)])
    data = {"about": "record keeping", "facts": "Not on file.", "discussed_on": discussed}
    return {"supervisee": dice.pick(["wkr", "wkr2", "sup", "hr1"]), **data}


def _action(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    due = local_day(council.now) + timedelta(days=dice.pick([3, 0, 20, -1]))
    marks = {"protective": dice.chance(4), "sensitive": dice.chance(3)}
    owner = dice.pick(["wkr", "wkr2", "sup", "lm"])
    return {
        "what": "Ring.",
        "why": "Agreed.",
        "owner": owner,
        "supervisee": dice.pick([None, "wkr"]),
        "due": due,
        **marks,
    }


def _audit(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    kind = dice.pick(sorted({programme.kind for programme in council.policy.audit.programmes}))
    about: dict[str, dict[str, Any]] = {
        "case_sample": dice.pick([{"team_manager": "sup"}, {"case": "c1"}, {"team_manager": "sup2"}]),
        "peer_observation": {"observed": dice.pick(["sup", "lm"])},
    }
    return {"kind": kind, "theme": "Supervision at a distance.", **about.get(kind, {})}


def _disclosure(council: FakeCouncil, dice: Dice) -> dict[str, Any]:
    kind = dice.pick(list(ReleaseKind))
    about = {"about": "case", "case": dice.pick(sorted(council.cases) or ["c9"])}
    if dice.chance(2):
        about = {"about": "person", "supervisee": dice.pick(["wkr", "wkr2"])}
    delay = {"authorised_by": dice.pick(["hos", "lm"]), "authority": "Else it fails."} if dice.chance(3) else None
    return {"kind": kind, "requester": "Somebody", "requested_by": dice.pick([None, "wkr"]), "delay": delay, **about}


OPENINGS: dict[Workflow, Callable[[FakeCouncil, Dice], dict[str, Any]]] = {
    Workflow.session: _session,
    Workflow.record: _record,
    Workflow.dispute: _dispute,
    Workflow.frequency: _frequency,
    Workflow.absence: _absence,
    Workflow.agreement: _agreement,
    Workflow.concern: _concern,
    Workflow.referral: _referral,
    Workflow.action: _action,
    Workflow.audit: _audit,
    Workflow.disclosure: _disclosure,
}


def payload(council: FakeCouncil, matter: Matter, trigger: str, dice: Dice) -> dict[str, Any]:
    """What a move carries: everything that its form asks for, mostly with sense."""
    fields = DEFINITIONS[matter.workflow].by_trigger[trigger][0].payload.model_fields
    return {
        name: _FIELDS[name](council, matter, dice)
        for name, info in fields.items()
        if name in _FIELDS and (info.is_required() or not dice.chance(3))
    }


def _day(council: FakeCouncil, _matter: Matter, dice: Dice) -> date:
    return local_day(council.now) - timedelta(days=dice.pick([0, 1, 5, -3]))


def _moment(council: FakeCouncil, matter: Matter, dice: Dice) -> datetime:
    planned = datetime.fromisoformat(matter.data.get("starts_at", council.now.isoformat()))
    return dice.pick([planned + timedelta(hours=1), council.now, council.now + timedelta(days=2)])


def _person(council: FakeCouncil, _matter: Matter, dice: Dice) -> str:
    return dice.pick(["sup2", "bs", "lm", "wkr", *sorted(council.picture.directory.people)])


def _replacement(council: FakeCouncil, matter: Matter, dice: Dice) -> UUID:
    booked = [m.id for m in council.find(Workflow.session, supervisee=matter.supervisee) if m.state == "scheduled"]
    return dice.pick([*booked, matter.id])


def _cover(council: FakeCouncil, matter: Matter, dice: Dice) -> dict[str, str]:
    supervised = council.picture.directory.supervised_by(matter.person or "")
    return {ref: dice.pick(["sup2", "lm", "hos", "sup"]) for ref in supervised}


_FIELDS: dict[str, Callable[[FakeCouncil, Matter, Dice], Any]] = {
    "reason": lambda _c, _m, _d: "Because.",
    "reference": lambda _c, _m, _d: "LCS-2025/118",
    "statement": lambda _c, _m, _d: "No.",
    "passages": lambda _c, _m, _d: ["The third."],
    "oversight": lambda _c, _m, _d: "Seen.",
    "allocation": lambda _c, _m, _d: "With a senior worker.",
    "meeting": lambda council, matter, dice: {
        "at": _moment(council, matter, dice),
        "told": [*matter.parties().values(), dice.pick(["lm", "hos"])],
    },
    "note": lambda _c, _m, _d: "Closed.",
    "reasons": lambda _c, _m, _d: "Heard both.",
    "proposal": lambda _c, _m, _d: "By phone.",
    "minutes": lambda _c, _m, _d: 60,
    "outcome": lambda _c, _m, dice: dice.pick(list(Outcome)),
    "sections": lambda council, matter, dice: _sections(council, matter.kind, dice),
    "discussed_on": _day,
    "last_day": _day,
    "first_day": _day,
    "expected_return": lambda council, _m, dice: local_day(council.now) + timedelta(days=dice.pick([4, 40])),
    "cause": lambda _c, matter, dice: dice.pick(list(Cause if matter.workflow is Workflow.session else AbsenceCause)),
    "whose": lambda _c, matter, dice: dice.pick([matter.supervisee, matter.supervisor]),
    "starts_at": _moment,
    "held_at": _moment,
    "items": lambda _c, _m, dice: dice.pick([[], ["Workload", "Leave"]]),
    "preparation": lambda _c, _m, dice: dice.pick([{"worries": "School."}, {}]),
    "includes_review": lambda _c, _m, dice: dice.chance(2),
    "remote": lambda _c, _m, dice: dice.chance(2),
    "at": _moment,
    "told": lambda _c, matter, dice: (
        [ref for ref in (matter.supervisee, matter.supervisor) if ref] or dice.pick([["lm"]])
    ),
    "person": _person,
    "supervisor": _person,
    "session": _replacement,
    "cover": _cover,
    "confidentiality_agreed": lambda _c, matter, dice: matter.kind == SessionKind.group and not dice.chance(3),
    "purpose": lambda _c, matter, _d: "To learn." if matter.kind == SessionKind.group else None,
    "ground_rules": lambda _c, matter, _d: "Nobody interrupts." if matter.kind == SessionKind.group else None,
    "handwritten": lambda _c, _m, _d: {"scan": "scan-1.pdf"},
    "terms": lambda council, _m, dice: _terms(council, dice),
    "supervisee": lambda _c, matter, _d: matter.supervisee,
    "outcomes": lambda _c, _m, dice: dice.pick([["Monthly."], ["change_supervisor"]]),
    "on": _day,
    "override_reason": lambda _c, _m, _d: "A risk today.",
    "procedure": lambda _c, _m, _d: "capability",
    "support_plan": lambda _c, _m, _d: "A mentor.",
    "review_on": lambda council, _m, dice: local_day(council.now) + timedelta(days=dice.pick([30, 0])),
    "theme": lambda _c, _m, _d: "Supervision at a distance.",
    "observer": lambda _c, _m, dice: dice.pick(["sup2", "lm", "sup"]),
    "findings": lambda _c, matter, _d: {question["name"]: "Seen." for question in matter.data.get("form", [])[:2]},
    "learning": lambda _c, _m, dice: dice.pick([["Say why each action was set."], []]),
    "rating": lambda _c, _m, dice: dice.pick(list(Grade)),
    "done": lambda _c, _m, _d: "Talked over in the team.",
    "responses": lambda _c, _m, dice: dice.pick([12, 40]),
    "invited": lambda _c, _m, _d: 30,
    "record": lambda _c, matter, dice: dice.pick([r["id"] for r in matter.data.get("records", ())] or [str(matter.id)]),
    "section": lambda council, _m, dice: dice.pick(sorted(council.policy.record.case.names())),
    "ground": lambda council, _m, dice: dice.pick([g.name for g in council.policy.disclosure.grounds]),
    "authorised_by": lambda _c, _m, dice: dice.pick(["hos", "lm"]),
    "authority": lambda _c, _m, _d: "Else it fails.",
    "paper_notes": lambda _c, _m, dice: dice.pick(["none", "reviewed"]),
    "anonymous": lambda _c, _m, _d: True,
}

"""A programme of audits: at the beginning of each of its slots it opens a round of them by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct, field

from workflows.audit_parties import subjects
from workflows.audit_payloads import Sampled
from workflows.audit_sampling import PROGRAMME, Draw, draw, team_managers, teams, why_unfit
from workflows.calendar import local_day
from workflows.directory import Case
from workflows.model import Matter, Opening, Selector
from workflows.policy_audit import AuditProgramme
from workflows.receipts import Term, slot
from workflows.turn import Turn
from workflows.vocabulary import AuditKind, Role, Unit, Workflow

_DAY = timedelta(days=1)


def programme_of(turn: Turn) -> AuditProgramme | None:
    """The programme that an audit goes by, None where the policy no longer has it."""
    return turn.facts.policy.audit.programme(turn.data.get("programme") or "")


def auditors(turn: Turn) -> tuple[str, ...]:
    """Everybody in post whose office audits are, but those whose own work it is about: they hear with the report."""
    office = turn.facts.directory.with_app_role(Role.auditor, turn.on)
    return tuple(ref for ref in office if ref not in subjects(turn))


# -- running
def start(turn: Turn) -> None:
    """Start a programme: its first round is drawn when the month ends in which it starts, or the council goes live."""
    programme = programme_of(turn)
    assert programme is not None  # noqa: S101  only what the policy has is begun
    turn.columns["state"] = "running"
    turn.clause = programme.clause
    turn.keep(audits=programme.kind.value, drawn_on={})
    anchor, event = (turn.facts.live_from, "goes live") if turn.facts.live_from > turn.on else (turn.on, "begun")
    turn.set("draw_by", slot(_every(programme).clause, event, anchor, turn.facts.calendar, filled=False))


def _every(programme: AuditProgramme) -> Term:
    """The slot in whole calendar months, so that a round is always drawn as a month begins."""
    clause = programme.every.clause if programme.every else programme.clause
    return Term(programme.months, Unit.calendar_months, clause)


def still_runs(turn: Turn) -> str | None:
    """Whether the policy in force has the programme and lets it run by itself."""
    programme = programme_of(turn)
    return None if programme and programme.every else "The policy has no such programme any more."


def run_round(turn: Turn, _data: Any) -> None:
    """Open the round of the slot that begins, say what was drawn from what, and wait for the next slot."""
    programme, last = programme_of(turn), _end_of_slot(turn)
    assert programme is not None  # noqa: S101  the row's guard has found it
    turn.clause = programme.clause
    month = (last + _DAY).isoformat()[: len("2025-01")]
    round_ = _Round(turn, programme, month, lately(turn, [turn.matter]))
    round_.run()
    remember(turn, *round_.cases)
    turn.note(slot=round_.slot, drawn=round_.drawn, not_drawn=round_.not_drawn)
    _tell(turn, programme, len(round_.drawn))
    turn.set("draw_by", turn.count(_every(programme), "last round", last))


def _end_of_slot(turn: Turn) -> date:
    """The local date with which the slot before ends."""
    passed = turn.matter.live("draw_by")
    return local_day(passed.due) if passed is not None and passed.due is not None else turn.on


def _tell(turn: Turn, programme: AuditProgramme, number: int) -> None:
    if not number:
        return
    people = auditors(turn)
    turn.tell(people, "audits_drawn", f"{programme.title}: {number} to be taken")
    if not people:
        turn.incident("nobody_audits", "Audits were drawn, and nobody in post has the role of an auditor.")


# -- one round
class _Round(Struct):
    """What one slot opens, for each of those whom the programme is for."""

    turn: Turn
    programme: AuditProgramme
    slot: str
    lately: Mapping[str, str]
    cases: list[str] = field(default_factory=list)
    drawn: list[dict[str, Any]] = field(default_factory=list)
    not_drawn: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> None:
        """Open an audit for each, or say why there is none."""
        if self.programme.per == "organisation":
            self._open_one(None, list(self.turn.facts.population))
        elif self.programme.per == "supervisor":
            for ref in _supervisors(self.turn):
                self._open_one(ref, [])
        else:
            self._for_each_team()

    def _for_each_team(self) -> None:
        directory, on = self.turn.facts.directory, self.turn.on
        by_team = teams(self.turn.facts.population, directory, on)
        for manager in team_managers(directory, on):
            self._open_one(manager, by_team.get(manager, []))
        if by_team.get(None):
            left_out = sorted(case.ref for case in by_team[None])
            self.not_drawn.append({"for": None, "why": "no_team_manager", "cases": left_out})

    def _open_one(self, whom: str | None, cases: list[Case]) -> None:
        kind = self.programme.kind
        found = _OPENED_FOR[kind](self, whom, cases) if kind in _OPENED_FOR else {}
        if isinstance(found, str):
            self.not_drawn.append({"for": whom, "why": found})
            return
        data = {"programme": self.programme.id, "slot": self.slot, "opened_by": None, **_whose(self.programme, whom)}
        case = found.get("case")
        opened = self.turn.open(Opening(Workflow.audit, kind=kind, case=case, data={**data, **found.get("data", {})}))
        self.drawn.append({"for": whom, "audit": str(opened), **found.get("told", {})})

    def sample(self, whom: str | None, cases: list[Case]) -> dict[str, Any] | str:
        """One case drawn from these, which is not drawn again for a while."""
        seed = ":".join(filter(None, (str(self.turn.matter.id), self.slot, whom)))
        drawn = draw(seed, cases, self.lately, self.turn.facts.directory, self.turn.on)
        if drawn.case is None:
            return "no_case_fits" if cases else "no_cases"
        self.cases.append(drawn.case)
        return {"case": drawn.case, "data": proof(drawn), "told": drawn.told()}

    def rated(self, _whom: str | None, cases: list[Case]) -> dict[str, Any] | str:
        """Every case that has one of the programme's ratings."""
        refs = rated_cases(self.programme, cases)
        return {"data": {"cases": refs}, "told": {"cases": refs}} if refs else "no_cases"


_OPENED_FOR: Mapping[AuditKind, Callable[[_Round, str | None, list[Case]], dict[str, Any] | str]] = {
    AuditKind.case_sample: _Round.sample,
    AuditKind.rated: _Round.rated,
}


def _whose(programme: AuditProgramme, whom: str | None) -> dict[str, str]:
    if whom is None:
        return {}
    return {"observed" if programme.per == "supervisor" else "team_manager": whom}


def _supervisors(turn: Turn) -> list[str]:
    """Everybody in post who supervises somebody in post that has a case: it is case supervision that is observed."""
    directory, on = turn.facts.directory, turn.on
    workers = {case.worker for case in turn.facts.population if why_unfit(case, directory, on) is None}
    return sorted(
        {ref for worker in workers if (ref := directory.supervisor_of(worker)) and directory.in_post(ref, on)}
    )


def rated_cases(programme: AuditProgramme, cases: Iterable[Case]) -> list[str]:
    """The refs of the cases that have one of a programme's ratings."""
    return sorted(case.ref for case in cases if case.rating in programme.ratings)


# -- what was drawn before
def proof(drawn: Draw) -> dict[str, Any]:
    """What an audit keeps of its draw."""
    told = drawn.told()
    return {name: told[name] for name in ("seed", "drawn_from", "commitment")}


def lately(turn: Turn, programmes: Iterable[Matter]) -> dict[str, str]:
    """The cases that were drawn so lately that others of the team come first, each with its last day."""
    known = sorted(row[::-1] for matter in programmes for row in matter.data.get("drawn_on", {}).items())
    return {ref: day for day, ref in known if _is_lately(turn, day)}


def _is_lately(turn: Turn, day: str) -> bool:
    due = turn.count(turn.facts.policy.audit.no_repeat.term, "drawn", date.fromisoformat(day)).due
    return due is not None and local_day(due) > turn.on


def remember(turn: Turn, *cases: str) -> None:
    """Remember on the programme that cases were drawn today, and forget what is long ago."""
    before = turn.data.get("drawn_on", {})
    known = {ref: day for ref, day in before.items() if _is_lately(turn, day)}
    turn.keep(drawn_on={**known, **dict.fromkeys(cases, turn.on.isoformat())})


def sampled(turn: Turn, data: Sampled) -> None:
    """Learn of a case that an auditor has chosen by hand."""
    turn.note(case=data.case)
    remember(turn, data.case)


def unsampled(turn: Turn, data: Sampled) -> None:
    """Learn that an audit was withdrawn: its case may be drawn again."""
    turn.note(case=data.case)
    known = turn.data.get("drawn_on", {})
    turn.keep(drawn_on={ref: day for ref, day in known.items() if ref != data.case})


def tell_programmes(turn: Turn, trigger: str, case: str) -> None:
    """Let every programme that draws single cases know of one."""
    target = Selector(Workflow.audit, kind=PROGRAMME, accepts=_draws_cases)
    turn.then(target, trigger, case=case)


def _draws_cases(programme: Matter) -> bool:
    return bool(programme.data.get("audits") == AuditKind.case_sample)

"""Before a session: what each puts on its agenda, the supervisee's preparation, and a reminder some days ahead.

An agenda is nobody's duty and stops nothing: the session takes place without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from workflows.calendar import local_day
from workflows.group import members
from workflows.payloads import Prepare
from workflows.receipts import on_day
from workflows.turn import Turn
from workflows.vocabulary import Role, SessionKind, Status

PREPARE_BY = "prepare_by"
PREPARERS = frozenset({Role.supervisee, Role.supervisor, Role.participant})
_DAY = timedelta(days=1)


# -- what may be prepared
def preparation_fits(turn: Turn, data: Prepare) -> str | None:
    """Whether the council's form has every section that is sent, and it is the supervisee who fills it in."""
    rules = turn.facts.policy.session.preparation
    known = rules.names() if rules else frozenset()
    lacking = sorted(set(data.preparation) - known)
    if lacking and not known:
        return "The policy has no preparation form: put what you want to talk about on the agenda."
    if lacking:
        return f"The preparation form has no section {lacking[0]!r}; it has: {', '.join(sorted(known))}."
    if data.preparation and turn.actor.ref not in members(turn):
        return "The preparation form is the supervisee’s: put what you want to talk about on the agenda."
    return None


def says_which_case(turn: Turn, data: Prepare) -> str | None:
    """A preparation is about one case of the session."""
    cases = turn.matter.data["cases"]
    if data.case is not None and data.case not in cases:
        return f"Case {data.case} is not to be discussed in this session."
    if data.preparation and data.case is None and len(cases) > 1:
        return "Say which case the preparation is about."
    return None


# -- preparing
def prepare(turn: Turn, data: Prepare) -> None:
    """Put points on the agenda in place of one's earlier ones, and fill in the form; the other is told the first time.

    Texts are sealed like any other. An empty list empties one's part of the agenda, and says that it is agreed.
    """
    who, cases = turn.actor.ref or "", turn.matter.data["cases"]
    before: list[str] = turn.data.get("prepared", [])
    case = data.case or (cases[0] if len(cases) == 1 else None)
    turn.texts[f"agenda.{who}"] = "\n".join(data.items)
    turn.texts |= {_field(case, name): text for name, text in data.preparation.items()}
    prepared = list(dict.fromkeys([*before, who]))
    turn.keep(prepared=prepared, agenda_agreed=set(_everybody(turn)) <= set(prepared))
    turn.note(items=len(data.items), sections=sorted(data.preparation), case=case if data.preparation else None)
    turn.clause = _clause(turn)
    if who not in before:
        others = (ref for ref in _everybody(turn) if ref != who)
        turn.tell(others, "session_prepared", "Somebody has prepared for a supervision session with you")


def _field(case: str | None, section: str) -> str:
    return f"preparation.{case}.{section}" if case else f"preparation.{section}"


def _clause(turn: Turn) -> str | None:
    rules = turn.facts.policy.session.preparation
    return rules.agenda_clause if rules else None


def _everybody(turn: Turn) -> Iterator[str]:
    yield from (ref for ref in (*members(turn), turn.supervisor) if ref)


# -- the reminder
def watch_preparation(turn: Turn) -> None:
    """Remind those who have not prepared at the start of a day some working days ahead, if that is still to come."""
    rules = turn.facts.policy.session.preparation
    turn.close(PREPARE_BY, Status.superseded)
    if rules is None or turn.matter.kind == SessionKind.unplanned:
        return
    day, ahead = local_day(datetime.fromisoformat(turn.data["starts_at"])), rules.remind_before
    eve = turn.facts.calendar.working_days_before(day, ahead.value) - _DAY
    if eve >= turn.on:
        event = f"the day before the reminder, {ahead.term.words()} ahead of the session on {day.isoformat()}"
        turn.set(PREPARE_BY, on_day(ahead.clause, event, eve, turn.facts.calendar))


def remind_to_prepare(turn: Turn, _data: Any) -> None:
    """Ask whoever has not prepared yet; nobody is late."""
    missing = [ref for ref in _everybody(turn) if ref not in turn.data.get("prepared", ())]
    turn.clause = _clause(turn)
    turn.note(reminded=missing)
    turn.tell(
        missing,
        "prepare_session",
        "A supervision session is to be prepared",
        "Put on its agenda what you want to talk about. It takes place without that as well.",
    )

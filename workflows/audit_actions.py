"""What an audit of a case teaches becomes actions, which the case's records mark as done or outstanding (CBC-84)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows.calendar import local_day
from workflows.model import Facts, Matter, Opening, Selector
from workflows.policy_audit import AuditActions
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Workflow

#: The kind of an action that an audit of a case has set.
CASE_AUDIT = "case_audit"
_MARKS = {"open": "outstanding", "done": "done", "signed_off": "done", "dropped": "dropped"}


# -- set by the report
def set_actions(turn: Turn, learning: Iterable[str]) -> None:
    """An action of the case's worker for each point, where the policy has such: what is to be done, why, until when."""
    rules, case = turn.facts.policy.audit.actions, turn.facts.cases.get(turn.matter.case or "")
    if rules is None or case is None:
        return
    due, supervisor = _due(turn, rules), turn.facts.directory.supervisor_of(case.worker)
    for number, point in enumerate(learning, start=1):
        data = {
            "opened_by": None, "owner": case.worker, "due": due.isoformat(), "protective": False, "sensitive": False,
            "carried": 0, "audit": str(turn.matter.id), "point": number,
        }  # fmt: skip
        turn.open(
            Opening(
                Workflow.action, kind=CASE_AUDIT, supervisee=case.worker, supervisor=supervisor, case=case.ref,
                data=data, texts={"what": point, "why": f"An audit of the case has found it ({rules.clause})."},
            )
        )  # fmt: skip


def _due(turn: Turn, rules: AuditActions) -> date:
    due = turn.count(rules.done_by.term, "the audit was reported", turn.on).due
    assert due is not None  # noqa: S101  nothing pauses it
    return local_day(due)


# -- marked in the record
def looked_at(case: str | None, kind: str | None, facts: Facts) -> Iterable[Selector]:
    """Every action that audits of a record's case have set, whatever became of it."""
    if facts.policy.audit.actions is not None and kind == RecordKind.case and case:
        yield Selector(Workflow.action, case=case, kind=CASE_AUDIT, closed_too=True)


def opening_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    """The same for a record that is opened to carry what an audit has taught."""
    return looked_at(opening.case, opening.kind, facts) if opening.data.get("audit_learning") else ()


def mark(turn: Turn) -> None:
    """Keep under the heading of case audits what is done and what is outstanding, as of now."""
    found = [m for m in turn.facts.related if m.workflow is Workflow.action and m.kind == CASE_AUDIT]
    rules = turn.facts.policy.audit.actions
    if rules is None or not found:
        return
    rows = [_marked(action) for action in sorted(found, key=_in_order)]
    turn.keep(case_audit={"heading": rules.heading, "clause": rules.clause, "actions": rows})


def _in_order(action: Matter) -> tuple[Any, ...]:
    return action.opened_at, action.data["audit"], action.data["point"]


def _marked(action: Matter) -> dict[str, Any]:
    return {
        "action": str(action.id), "audit": action.data["audit"], "owner": action.data["owner"],
        "due": action.data["due"], "mark": _MARKS[action.state],
    }  # fmt: skip

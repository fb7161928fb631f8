"""What an audit teaches goes into the record of the case's next session that is held (CBC-53), and of no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from workflows.audit_payloads import Learned, Unlearned
from workflows.consequence_payloads import NewSupervisor, Transfer
from workflows.model import Facts, Matter, Selector
from workflows.payloads import HoldSession
from workflows.receipts import iso
from workflows.takeover import take_over
from workflows.turn import Turn
from workflows.vocabulary import SessionKind, Workflow

DUE = "learning_due"


# -- waiting for the session
def supervisor_carries_it(turn: Turn) -> None:
    """It is the supervisor's to take into the next session; the case's own date sees to it that there is one."""
    turn.columns["ladder"] = None
    turn.hold(turn.supervisor)
    _remind_again(turn, "learning due")


def remind(turn: Turn, _data: Any) -> None:
    """Remind the supervisor."""
    turn.tell(turn.supervisor, "reminder", f"Reminder: {_subject(turn)} takes up what an audit has found")
    _remind_again(turn, "last reminder")


def _remind_again(turn: Turn, event: str) -> None:
    turn.set("remind_by", turn.count(turn.facts.policy.audit.remind_learning.term, event, turn.window_start))


def _subject(turn: Turn) -> str:
    return f"the next session on case {turn.matter.case}"


def is_with_another(turn: Turn, data: Transfer) -> str | None:
    """Whether the case has gone to somebody else."""
    return None if data.worker != turn.matter.supervisee else "The case is with this worker already."


def transfer(turn: Turn, data: Transfer) -> None:
    """Another worker has the case: they and their supervisor carry the learning now, and may read it."""
    before, supervisor = turn.matter, turn.facts.directory.supervisor_of(data.worker)
    turn.note(worker=data.worker, worker_before=before.supervisee)
    turn.columns["supervisee"] = data.worker
    turn.joined.append(data.worker)
    if supervisor and supervisor != before.supervisor:
        take_over(turn, NewSupervisor(supervisor=supervisor, why="transfer"))
    turn.tell((data.worker, supervisor), "audit_transferred", f"An audit of case {before.case} is to be taken up")


def case_closed(turn: Turn, _data: Any) -> None:
    """No session will come: the auditor sees to what was learned."""
    turn.tell(turn.data["reported_by"], "learning_left", f"Case {turn.matter.case} is closed; its audit is yours again")


# -- the session is held
def audits_looked_at(matter: Matter, data: Any, _facts: Facts) -> Iterable[Selector]:
    """The audits whose learning waits for a session on these cases."""
    discussed = data.cases if isinstance(data, HoldSession) and data.cases is not None else matter.data["cases"]
    for case in dict.fromkeys(discussed):
        yield Selector(Workflow.audit, case=case, accepts=_is_due)


def _is_due(audit: Matter) -> bool:
    return audit.state == DUE


def waiting_for(turn: Turn, case: str, held_at: datetime, minutes: int) -> list[Matter]:
    """The audits of a case whose learning this session's record carries.

    Only a session that counts as the case's supervision, and that began after the report.
    """
    if SessionKind(turn.matter.kind or "") not in turn.facts.policy.session.renews_case:
        return []
    began = held_at - timedelta(minutes=minutes)
    return [
        audit
        for audit in turn.facts.related
        if audit.workflow is Workflow.audit and audit.case == case and _is_due(audit)
        and datetime.fromisoformat(audit.data["reported_at"]) <= began
    ]  # fmt: skip


def carried(audits: Iterable[Matter]) -> Mapping[str, list[str]]:
    """What a record keeps of the audits whose learning it carries."""
    refs = [str(audit.id) for audit in audits]
    return {"audit_learning": refs} if refs else {}


def learned(turn: Turn, data: Learned) -> None:
    """A record carries the learning; whoever writes it reads the audit."""
    turn.clause = turn.facts.policy.audit.learning_clause
    turn.note(record=str(data.record), held_at=iso(data.held_at))
    turn.keep(landed_in=str(data.record))
    turn.joined += [ref for ref in (data.supervisee, data.supervisor) if ref]
    turn.tell(turn.matter.data["reported_by"], "learning_landed", f"Case {turn.matter.case}: the audit was taken up")


def unlearn(turn: Turn) -> None:
    """A record is withdrawn: what it was to carry waits for the next session again."""
    for audit in turn.matter.data.get("audit_learning", ()):
        turn.then(Selector(Workflow.audit, id=UUID(audit)), "unlearned", record=turn.matter.id)


def was_to_carry_it(turn: Turn, data: Unlearned) -> str | None:
    """Whether it is the record that the learning has landed in."""
    return None if turn.matter.data.get("landed_in") == str(data.record) else "Another record carries the learning."


def unlearned(turn: Turn, data: Unlearned) -> None:
    """Wait for the next session again."""
    turn.note(record=str(data.record))
    turn.keep(landed_in=None)

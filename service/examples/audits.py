"""Audits: taken from the queue, reported after some days, and followed up where no session carries what was learned.

Which cases a programme draws depends on its own id, so that one year may audit other cases than the next one played.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from service.examples.acts import Acts
from service.examples.wording import note
from service.storage.matter_tables import matters
from workflows.audit_payloads import AssignObserver, CloseSurvey, FollowUp, ReportAudit, TakeAudit
from workflows.audit_sampling import PROGRAMME
from workflows.calendar import local_day
from workflows.vocabulary import AuditKind, Role, Workflow

#: Working days after it was drawn until an audit is taken, until it is reported, and until what it taught is
#: followed up.
_TAKES_AFTER, _REPORTS_AFTER, _FOLLOWS_AFTER = 3, 11, 16
#: How many reports have something to teach.
_TEACHES = 0.6
#: How many of those asked answer a survey.
_ANSWERS = 0.7
_OPEN = (
    select(matters.c.id, matters.c.kind, matters.c.state, matters.c.holder, matters.c.opened_at, matters.c.data)
    .where(
        matters.c.organisation_id == bindparam("own"), matters.c.workflow == Workflow.audit.value,
        matters.c.kind != PROGRAMME, matters.c.state.in_(("drawn", "in_progress", "reported")),
    )
    .order_by(matters.c.opened_at, matters.c.kind, matters.c.id)
)  # fmt: skip


def audits(acts: Acts) -> None:
    """A morning's audits."""
    able = [ref for ref in acts.directory.with_app_role(Role.auditor, acts.today) if acts.able(ref)]
    for audit in acts.see(_OPEN):
        waits = {"drawn": _TAKES_AFTER, "in_progress": _REPORTS_AFTER, "reported": _FOLLOWS_AFTER}[audit.state]
        if not acts.working_days_since(local_day(audit.opened_at), waits):
            continue
        if audit.state == "drawn" and able:
            _take(acts, audit, able[0])
        elif audit.state == "in_progress" and acts.able(audit.holder):
            _report(acts, audit)
        elif audit.state == "reported" and acts.able(audit.holder):
            acts.move(audit.id, "follow_up", FollowUp(done="It was talked over with the teams."), audit.holder)


def _take(acts: Acts, audit: Row[Any], auditor: str) -> None:
    if audit.kind != AuditKind.peer_observation:
        theme = "How plans are followed up" if audit.kind == AuditKind.themed else None
        acts.move(audit.id, "take", TakeAudit(theme=theme), auditor)
        return
    observer = _peer(acts, audit.data["observed"])
    if observer is not None:
        acts.move(audit.id, "assign", AssignObserver(observer=observer), auditor)


def _peer(acts: Acts, observed: str) -> str | None:
    """Somebody of the same job role who supervises as well, and has no part in it."""
    directory = acts.directory
    role = directory.people[observed].job_role
    others = (ref for ref in directory.with_job(role, "", acts.today) if ref != observed and acts.able(ref))
    apart = (ref for ref in others if ref != directory.manager_of(observed))
    return next((ref for ref in apart if directory.supervised_by(ref)), None)


def _report(acts: Acts, audit: Row[Any]) -> None:
    when = local_day(audit.opened_at)
    if audit.kind == AuditKind.survey:
        asked = len(acts.directory.people)
        acts.move(audit.id, "close", CloseSurvey(invited=asked, responses=int(asked * _ANSWERS)), audit.holder)
        return
    findings = {question["name"]: note(acts.chance, question["name"], when) for question in audit.data["form"]}
    teaches = acts.chance.happens(_TEACHES, audit.kind, audit.data.get("team_manager"), when)
    learning = ["Say for each action why it was set."] if teaches else []
    acts.move(audit.id, "report", ReportAudit(findings=findings, learning=learning), audit.holder)

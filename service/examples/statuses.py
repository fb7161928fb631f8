"""How cases change: another status is proposed, approved or refused, and reviewed by somebody senior."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, select

from service.examples.acts import Acts
from service.examples.caseload import CaseStatus, statuses
from service.examples.wording import note
from service.storage.council_tables import cases
from service.storage.matter_tables import deadlines, matters
from workflows.calendar import day_end, local_day
from workflows.payloads import Nothing, Propose, Reason
from workflows.vocabulary import Role, Workflow

#: Cases whose status is looked at again on a morning, and the share of approvals that are given.
_CHANGES_A_DAY, _APPROVED = 0.2, 0.85
_APPROVED_AFTER = 2
#: Days before its limit on which a senior review is recorded.
_REVIEWED_BEFORE = timedelta(days=3)
#: The assignments that wait for approval; the waiting room of heads of service.
_ASKED = select(matters.c.id, matters.c.case_ref, matters.c.last_at, matters.c.data).where(
    matters.c.organisation_id == bindparam("own"),
    matters.c.workflow == Workflow.frequency.value,
    matters.c.state == "awaiting_approval",
)
#: Assignments whose senior review is due by the end of `soon`.
_REVIEWS = (
    select(matters.c.id, matters.c.supervisor)
    .join_from(
        deadlines,
        matters,
        and_(matters.c.organisation_id == deadlines.c.organisation_id, matters.c.id == deadlines.c.matter_id),
    )
    .where(
        deadlines.c.organisation_id == bindparam("own"),
        deadlines.c.fires_at <= bindparam("soon"),
        deadlines.c.name == "review_by",
        matters.c.workflow == Workflow.frequency.value,
    )
    .order_by(matters.c.case_ref)
)
#: The cases that are open, as the list has them.
_CASES = (
    select(cases).where(cases.c.organisation_id == bindparam("own"), cases.c.closed_on.is_(None)).order_by(cases.c.ref)
)


def change_statuses(acts: Acts) -> None:
    """A morning's changes, as far as the policy has them."""
    rows = acts.policy.frequency.rows
    if acts.chance.happens(_CHANGES_A_DAY, "status", acts.today):
        _propose(acts)
    if any(row.needs_approval for row in rows):
        for asked in acts.see(_ASKED.order_by(matters.c.case_ref)):
            _approve(acts, asked)
    if any(row.reviewed_every for row in rows):
        for due in acts.see(_REVIEWS, soon=day_end(acts.today + _REVIEWED_BEFORE)):
            _review(acts, due)


def _propose(acts: Acts) -> None:
    """One case's supervisor finds that it has become another one."""
    case = acts.chance.pick(acts.see(_CASES), "case", acts.today)
    supervisor = acts.directory.supervisor_of(case.worker)
    known = CaseStatus(1, case.category, ";".join(case.criteria), case.rating or "")
    others = [status for status in _statuses(acts) if status[1:] != known[1:]]
    if not others or not acts.able(supervisor):
        return
    status = acts.chance.pick(others, case.ref, acts.today)
    data = Propose(
        case=case.ref,
        category=status.category,
        criteria=[name for name in status.criteria.split(";") if name],
        rating=status.rating or None,
        reason=note(acts.chance, case.ref, acts.today),
    )
    if status.rating or status.category != "rated":
        acts.open(Workflow.frequency, data, supervisor)


def _statuses(acts: Acts) -> list[CaseStatus]:
    team = acts.chance.whole(0, 5, "team", acts.today)
    return statuses(acts.policy.id, team)


def _approve(acts: Acts, frequency: Row[Any]) -> None:
    if not acts.working_days_since(local_day(frequency.last_at), _APPROVED_AFTER):
        return
    heads = [ref for ref in acts.directory.with_app_role(Role.head_of_service, acts.today) if acts.able(ref)]
    heads = [ref for ref in heads if ref != frequency.data["opened_by"]]
    if not heads:
        return
    head = acts.chance.pick(heads, frequency.case_ref, acts.today)
    if acts.chance.happens(_APPROVED, frequency.case_ref, "approved", acts.today):
        acts.move(frequency.id, "approve", Nothing(), head)
    else:
        acts.move(frequency.id, "refuse", Reason(reason="Too early: look at it again after the next visit."), head)


def _review(acts: Acts, frequency: Row[Any]) -> None:
    manager = acts.directory.manager_of(frequency.supervisor)
    if acts.able(manager):
        acts.move(frequency.id, "review", Nothing(), manager)

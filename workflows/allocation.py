"""Whether a line of the list of cases allocates a case, so that a manager's oversight of it is owed from then on."""

from __future__ import annotations

from datetime import date

from workflows.calendar import Calendar, local_day
from workflows.directory import Case
from workflows.model import Facts, Opening
from workflows.receipts import Term, count
from workflows.vocabulary import Workflow


def oversight_owed(facts: Facts, before: Case | None, after: Case, *, runs: bool) -> Opening | None:
    """The oversight that begins when the list has a case otherwise than before; None where nothing is owed.

    `before` None: the case is new on the list. `runs` says whether an oversight of the case is open: another day of
    allocation then moves its date and begins nothing. What was over before the service went live is not asked for.
    """
    rule = facts.policy.oversight
    allocated = None if rule is None else _allocated(facts, rule.record_by.term, before, after, runs=runs)
    if rule is None or allocated is None:
        return None
    event, since = allocated
    if _last_day(rule.record_by.term, since, facts.calendar) < facts.live_from:
        return None
    if since < facts.live_from:
        event, since = "organisation live", facts.live_from
    return Opening(
        Workflow.oversight,
        supervisee=after.worker,
        supervisor=facts.directory.supervisor_of(after.worker),
        case=after.ref,
        data={"event": event, "since": since.isoformat(), "opened_by": None},
    )


def _allocated(facts: Facts, term: Term, before: Case | None, after: Case, *, runs: bool) -> tuple[str, date] | None:
    """What happened to the case, and on which local date; None where it stays with whom it was allocated to.

    A case without a day of allocation counts from the day on which the list first has it, or has it otherwise.
    """
    today = local_day(facts.clock)
    if before is None:
        return "allocated", after.allocated_on or today
    newly = after.allocated_on if after.allocated_on != before.allocated_on else None
    if after.worker != before.worker:
        return "transferred", newly or today
    if before.closed_on is not None and before.closed_on <= today:
        return "opened again", newly or today
    if newly is None or runs or (before.allocated_on is not None and newly < before.allocated_on):
        return None
    is_over = _last_day(term, newly, facts.calendar) < today
    return None if is_over else ("allocated", newly)


def _last_day(term: Term, since: date, calendar: Calendar) -> date:
    due = count(term, "allocated", since, calendar).due
    assert due is not None  # noqa: S101  only a window that is paused has no end
    return local_day(due)

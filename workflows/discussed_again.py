"""When a case is discussed again: a day that its record may name, no later than its interval allows (DAR-33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from workflows.calendar import local_day
from workflows.escalation import LATE, LATE_SINCE
from workflows.model import Facts, Matter, Opening, Selector
from workflows.record_form import as_sections, form_of
from workflows.renewal import DUTY
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def looked_at(matter: Matter, data: Any, facts: Facts) -> Iterable[Selector]:
    """How often the case is supervised; looked for only where a day is named."""
    return _frequency(matter.kind, matter.case, data.sections, facts)


def opening_looks_at(opening: Opening, facts: Facts) -> Iterable[Selector]:
    """The same for a record that is opened with its sections."""
    return _frequency(opening.kind, opening.case, as_sections(dict(opening.texts)), facts)


def _frequency(kind: str | None, case: str | None, sections: Mapping[str, str], facts: Facts) -> Iterable[Selector]:
    rule = facts.policy.record.of(kind).discussed_again
    if rule is not None and case and sections.get(rule.section):
        yield Selector(Workflow.frequency, case=case)


def is_within_its_interval(turn: Turn, data: Any) -> str | None:
    """Whether the day that is named is a day, and one by which the case is to be supervised anyway."""
    return _why_not(turn, data.sections)


def opens_within_its_interval(turn: Turn) -> str | None:
    """The same for what a record is opened with."""
    return _why_not(turn, as_sections(turn.texts))


def _why_not(turn: Turn, sections: Mapping[str, str]) -> str | None:
    rule = turn.facts.policy.record.of(turn.matter.kind).discussed_again
    text = sections.get(rule.section, "").strip() if rule else ""
    if rule is None or not text:
        return None
    title = form_of(turn).section(rule.section).title
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"“{title}” is a day such as 2025-04-30; leave it empty where it is the next session ({rule.clause})."
    last = _last_day(turn.facts.related)
    if last is None or day <= last:
        return None
    if last < turn.on:
        return f"“{title}”: the case is overdue since {last} ({rule.clause}); leave it empty for the next session."
    return f"“{title}”: the case is to be supervised by {last} ({rule.clause}); name that day or an earlier one."


def _last_day(related: Iterable[Matter]) -> date | None:
    """By when the case is to be supervised; where that was missed, by when it should have been."""
    of_case = [m for m in related if m.workflow is Workflow.frequency]
    dues = (due for m in of_case if (due := _due(m)) is not None)
    return min((local_day(due) for due in dues), default=None)


def _due(matter: Matter) -> datetime | None:
    limit = matter.live(DUTY) or (matter.missed(DUTY) if matter.state in LATE else None)
    if limit is None and matter.state in LATE:
        since = matter.data.get(LATE_SINCE, {}).get(DUTY)
        return datetime.fromisoformat(since) if since else None
    return limit.due if limit else None

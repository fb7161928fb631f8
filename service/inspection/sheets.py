"""The sheets of a pack: one line for each matter, without a word that people wrote about anybody."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from msgspec import Struct, field

from service.csv_cells import safe
from service.inspection.as_at import Due, Stood
from workflows.calendar import day_end, local_day
from workflows.registry import DEFINITIONS
from workflows.vocabulary import PRODUCT_DEFAULT, Workflow

_NOBODY = Due("", None, "", "")

HEADINGS: dict[str, tuple[str, ...]] = {
    "workers": (
        "worker", "supervisor", "state", "last supervised on", "due by", "rule", "clause", "overdue",
        "reason for a gap given",
    ),
    "cases": ("case", "worker", "supervisor", "state", "last supervised on", "due by", "rule", "clause", "overdue"),
    "sessions": ("worker", "supervisor", "kind", "state", "held on", "cancelled because", "matter"),
    "cancellations": ("worker", "supervisor", "state", "to be replaced by", "rule", "clause", "overdue", "matter"),
    "records": ("worker", "supervisor", "kind", "case", "state", "begun on", "final on", "matter"),
    "actions": ("worker", "owner", "state", "due by", "overdue", "carried over", "matter"),
    "agreements": ("worker", "supervisor", "state", "review by", "clause", "overdue"),
    "absences": ("person", "state", "began on", "long", "matter"),
    "exceptions": ("about", "who or which case", "what", "why", "clause"),
}  # fmt: skip


class Sheets(Struct):
    """The lines of every sheet, as they come in."""

    day: date
    lines: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, one: Stood) -> None:
        """Add the line of one matter, and what is to be looked at about it."""
        workflow = Workflow(one.row.workflow)
        _LINES[workflow](self, one)

    def overdue(self, due: Due) -> str:
        """Whether something was owed and late at the end of the day."""
        live = due.status in {"running", "awaiting_report"} and due.due is not None and due.due < day_end(self.day)
        return "yes" if live or due.status == "missed" else "no"

    def exception(self, about: str, which: str | None, what: str, why: str, clause: str = "") -> None:
        """Something that an inspector will ask about, with the reason that the service knows."""
        self.lines["exceptions"].append((about, which or "", what, why, clause))

    def csv(self, name: str) -> str:
        """One sheet as CSV with its header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEADINGS[name])
        writer.writerows([safe(cell) for cell in line] for line in sorted(self.lines[name]))
        return out.getvalue()


def _says(one: Stood) -> str:
    return DEFINITIONS[Workflow(one.row.workflow)].states[one.state].says


def _day(due: Due) -> str:
    return local_day(due.due).isoformat() if due.due else ""


def _is_late(one: Stood) -> bool:
    return one.state in {"overdue", "with_line_manager", "with_senior_manager"}


def _worker(sheets: Sheets, one: Stood) -> None:
    due = one.dues.get("supervise_by", _NOBODY)
    late = "yes" if _is_late(one) else sheets.overdue(due)
    explained = one.last("explain")
    given = local_day(explained.at).isoformat() if explained else ""
    row = one.row
    sheets.lines["workers"].append((
        row.supervisee or "", row.supervisor or "", _says(one), one.said("held_on") or "", _day(due), due.counted,
        due.clause, late, given,
    ))  # fmt: skip
    if late == "yes":
        why = "a reason was given" if given else "no reason was given"
        sheets.exception("worker", row.supervisee, "supervision was overdue", why, due.clause)


def _case(sheets: Sheets, one: Stood) -> None:
    due = one.dues.get("supervise_by", _NOBODY)
    late = "yes" if _is_late(one) else sheets.overdue(due)
    row = one.row
    sheets.lines["cases"].append((
        row.case_ref or "", row.supervisee or "", row.supervisor or "", _says(one), one.said("held_on") or "",
        _day(due), due.counted, due.clause, late,
    ))  # fmt: skip
    if late == "yes":
        sheets.exception("case", row.case_ref, "supervision was overdue", _says(one), due.clause)
    if due.clause == PRODUCT_DEFAULT:
        sheets.exception("case", row.case_ref, "its interval is a product default", due.counted, due.clause)


def _session(sheets: Sheets, one: Stood) -> None:
    row, held, cancelled = one.row, one.last("hold"), one.last("cancel")
    sheets.lines["sessions"].append((
        row.supervisee or "", row.supervisor or "", row.kind or "", _says(one),
        (row.data.get("held_at") or held.at.isoformat())[:10] if held else "",
        str(cancelled.data.get("cause", "")) if cancelled else "", str(row.id),
    ))  # fmt: skip


def _cancellation(sheets: Sheets, one: Stood) -> None:
    due, row = one.dues.get("rebook_by", _NOBODY), one.row
    late = "yes" if _is_late(one) else sheets.overdue(due)
    sheets.lines["cancellations"].append((
        row.supervisee or "", row.supervisor or "", _says(one), _day(due), due.counted, due.clause, late, str(row.id)
    ))  # fmt: skip
    if late == "yes":
        sheets.exception(
            "worker", row.supervisee, "a cancelled session was not replaced in time", _says(one), due.clause
        )


def _record(sheets: Sheets, one: Stood) -> None:
    row = one.row
    is_final = DEFINITIONS[Workflow.record].states[one.state].final
    final = local_day(one.steps[-1].at).isoformat() if is_final else ""
    sheets.lines["records"].append((
        row.supervisee or "", row.supervisor or "", row.kind or "", row.case_ref or "", _says(one),
        local_day(row.opened_at).isoformat(), final, str(row.id),
    ))  # fmt: skip


def _action(sheets: Sheets, one: Stood) -> None:
    due, row = one.dues.get("due_by", _NOBODY), one.row
    carried = str(sum(step.trigger == "carry" for step in one.steps))
    late = sheets.overdue(due) if one.state == "open" else "no"
    sheets.lines["actions"].append((
        row.supervisee or "", row.data.get("owner") or "", _says(one), _day(due), late, carried, str(row.id)
    ))  # fmt: skip
    if late == "yes":
        sheets.exception("worker", row.supervisee, "an agreed action was not done in time", _says(one), due.clause)


def _agreement(sheets: Sheets, one: Stood) -> None:
    due, row = one.dues.get("review_by", _NOBODY), one.row
    late = sheets.overdue(due)
    sheets.lines["agreements"].append((
        row.supervisee or "", row.supervisor or "", _says(one), _day(due), due.clause, late
    ))  # fmt: skip


def _absence(sheets: Sheets, one: Stood) -> None:
    long = "yes" if one.last("long") or one.last("first_breach") else "no"
    first = one.said("first_day") or local_day(one.row.opened_at).isoformat()
    sheets.lines["absences"].append((one.row.person or "", _says(one), first, long, str(one.row.id)))


_LINES = {
    Workflow.entitlement: _worker,
    Workflow.frequency: _case,
    Workflow.session: _session,
    Workflow.cancellation: _cancellation,
    Workflow.record: _record,
    Workflow.action: _action,
    Workflow.agreement: _agreement,
    Workflow.absence: _absence,
}


def names() -> Iterable[str]:
    """The sheets, in the order of a pack."""
    return HEADINGS

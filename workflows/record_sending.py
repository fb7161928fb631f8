"""A record is written, sent to be signed or shared with its group, and amended; cases go to their own file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import (
    audit_actions,
    discussed_again,
    group_record,
    group_suggestions,
    handwriting,
    record_disputed,
    record_form,
    two_files,
)
from workflows.model import Facts, Matter, Selector
from workflows.payloads import Amend, Circulate, WriteSections
from workflows.record_form import record_rules
from workflows.turn import Turn


def write(turn: Turn, data: WriteSections) -> None:
    """Write sections, each of the two their own."""
    record_form.write(turn, WriteSections(sections=two_files.keep_apart(turn, data.sections)))


def written_looks_at(matter: Matter, data: Any, facts: Facts) -> Iterable[Selector]:
    """What is looked at when sections are written: drafts about its cases, and how often its case is supervised."""
    yield from two_files.drafts_looked_at(matter, data, facts)
    yield from discussed_again.looked_at(matter, data, facts)


def looked_at(matter: Matter, data: Circulate, facts: Facts) -> Iterable[Selector]:
    """What is looked at before a record is sent: the agreement about handwriting, drafts and audits of its cases."""
    yield from handwriting.agreements_looked_at(matter, data, facts)
    yield from written_looks_at(matter, data, facts)
    yield from audit_actions.looked_at(matter.case, matter.kind, facts)


def circulate(turn: Turn, data: Circulate) -> None:
    """Send the record to the supervisee, which signs it for the supervisor."""
    finish(turn, data)
    turn.clause = record_rules(turn).circulate_by.clause
    record_disputed.send(turn)


def close(turn: Turn, data: Circulate) -> None:
    """The record of somebody who has left is finished, signed by its supervisor alone, and goes to its file (E9)."""
    finish(turn, data)
    turn.clause = record_rules(turn).circulate_by.clause
    turn.keep(reason="left", signed={"supervisor": turn.now.isoformat()})
    turn.note(reason="left")


def share(turn: Turn, data: Circulate) -> None:
    """Share the record of a group with everybody in it."""
    finish(turn, data)
    group_suggestions.take_up(turn, data)
    group_record.share(turn)


def finish(turn: Turn, data: Circulate) -> None:
    """Keep what the sending carries along: a draft is one no more."""
    if data.sections:
        record_form.write_sections(turn, two_files.keep_apart(turn, data.sections))
    handwriting.keep_scan(turn, data)
    audit_actions.mark(turn)
    turn.meet("circulate_by")
    turn.columns["ladder"] = None


def amend(turn: Turn, data: Amend) -> None:
    """Amend the record after talking it over; only what belongs on it is kept there."""
    sections = two_files.keep_apart(turn, data.sections)
    record_disputed.amend(turn, data.model_copy(update={"sections": sections}))

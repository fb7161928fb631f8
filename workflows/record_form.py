"""The form of a record: its sections, who writes in them, and what is still empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.payloads import Delegate, WriteSections
from workflows.policy import RecordRules
from workflows.turn import Turn
from workflows.vocabulary import Role

#: What the stored name of a section starts with.
SECTION = "sections."


def record_rules(turn: Turn) -> RecordRules:
    """The policy's rules for this kind of record."""
    return turn.facts.policy.record.of(turn.matter.kind)


# -- what the form has
def form_fits(turn: Turn) -> str | None:
    """Whether the council's form has every section that the opening fills in."""
    return _unknown_section(turn, _named(turn.texts))


def sections_fit(turn: Turn, data: Any) -> str | None:
    """Whether the council's form has every section that is sent."""
    return _unknown_section(turn, data.sections)


def _unknown_section(turn: Turn, names: Iterable[str]) -> str | None:
    known = record_rules(turn).names()
    lacking = sorted(set(names) - known)
    if not lacking:
        return None
    return f"The council's form has no section {lacking[0]!r}; it has: {', '.join(sorted(known))}."


def _named(texts: Iterable[str]) -> set[str]:
    return {name.removeprefix(SECTION) for name in texts}


def as_texts(sections: dict[str, str]) -> dict[str, str]:
    """Sections as the texts that are sealed with a step."""
    return {f"{SECTION}{name}": text for name, text in sections.items()}


# -- writing
def begin_form(turn: Turn) -> None:
    """Remember which sections the opening has filled in."""
    _fill(turn, _named(turn.texts))


def write(turn: Turn, data: WriteSections) -> None:
    """Write sections, as often as wanted while the record is a draft."""
    write_sections(turn, data.sections)


def write_sections(turn: Turn, sections: dict[str, str]) -> None:
    """Keep sections as they now read; an empty text empties one. Earlier texts stay with their steps."""
    turn.texts |= as_texts(sections)
    turn.note(sections=sorted(sections))
    emptied = {name for name, text in sections.items() if not text}
    _fill(turn, {*turn.data["filled"], *sections} - emptied)


def _fill(turn: Turn, filled: set[str]) -> None:
    """Required sections that are empty are shown with their clause; they stop nothing (workflows.md 3)."""
    empty = [section for section in record_rules(turn).form if section.required and section.name not in filled]
    turn.keep(filled=sorted(filled), empty_sections=[{"name": s.name, "clause": s.clause} for s in empty])


# -- letting business support write
def may_delegate(turn: Turn) -> str | None:
    """Only where a clause lets business support write this kind of record (CBC-39)."""
    if record_rules(turn).delegate is not None:
        return None
    return "The policy lets nobody but the supervisor write this record."


def is_business_support(turn: Turn, data: Delegate) -> str | None:
    """Whether the person named works in business support."""
    person = turn.facts.directory.get(data.person)
    fits = person is not None and Role.business_support in person.app_roles and person.in_post(turn.on)
    return None if fits else f"{data.person} is not in business support."


def delegate(turn: Turn, data: Delegate) -> None:
    """Let somebody in business support write; the supervisor stays accountable (CBC-39)."""
    turn.clause = record_rules(turn).delegate
    turn.keep(delegate=data.person)
    turn.note(delegate=data.person)
    writer_waits(turn)
    turn.tell(data.person, "delegated", "You are asked to write up a case record")


def writer_waits(turn: Turn) -> None:
    """A draft waits for its supervisor, and for whoever writes in their stead."""
    writer = turn.data.get("delegate")
    turn.hold(turn.supervisor, waiting_for=[writer] if writer else [])

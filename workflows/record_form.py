"""The form of a record: its sections, who writes in which of them, and what is still empty.

A record keeps the form that it was opened with, by id and version, and is held to that one for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.payloads import Delegate, WriteSections
from workflows.policy import Policy
from workflows.policy_forms import Form, FormSection, RecordRules, Side
from workflows.recorder import recorder_of, sender_of
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Role, SessionKind

#: What the stored name of a section starts with.
SECTION = "sections."


def record_rules(turn: Turn) -> RecordRules:
    """The policy's rules for this kind of record."""
    return turn.facts.policy.record.of(turn.matter.kind)


# -- which form
def kept_form(policy: Policy, kind: str | None, kept: dict[str, str] | None) -> Form:
    """The form that a record was opened with; one from before forms were kept has everybody's."""
    rules = policy.record.of(kind)
    return rules.form(kept["id"], kept["version"]) if kept else rules.forms[0]


def form_of(turn: Turn) -> Form:
    """The form of the record; of one that is being opened, the form for its supervisee."""
    if turn.matter.version:
        return kept_form(turn.facts.policy, turn.matter.kind, turn.data.get("form"))
    person = turn.facts.directory.get(turn.matter.supervisee)
    return record_rules(turn).form_for(person.job_role if person else "", person.setting if person else "")


# -- what the form has, and for whom
def form_fits(turn: Turn) -> str | None:
    """Whether the form has every section that the opening fills in, for whoever opens it."""
    names = _named(turn.texts)
    return _unknown_section(turn, names) or _others_section(turn, names)


def sections_fit(turn: Turn, data: Any) -> str | None:
    """Whether the form has every section that is sent."""
    return _unknown_section(turn, data.sections)


def sections_are_theirs(turn: Turn, data: Any) -> str | None:
    """Whether everything that is sent is for this one of the two to fill in (LDS-50); whoever records, fills in all."""
    return _others_section(turn, data.sections)


def _unknown_section(turn: Turn, names: Iterable[str]) -> str | None:
    form = form_of(turn)
    lacking = sorted(set(names) - form.names())
    if not lacking:
        return None
    has = ", ".join(sorted(form.names()))
    return f"The form “{form.title}” ({form.clause}) has no section {lacking[0]!r}; it has: {has}."


def _others_section(turn: Turn, names: Iterable[str]) -> str | None:
    if turn.role in (Role.system, Role.recorder):
        return None
    form = form_of(turn)
    own: Side = "supervisee" if turn.role is Role.contributor else "supervisor"
    others = sorted(set(names) - form.written_by(own))
    if not others:
        return None
    section, whose = form.section(others[0]), "supervisor" if own == "supervisee" else "supervisee"
    return f"“{section.title}” is for the {whose} to fill in ({section.clause})."


def _named(texts: Iterable[str]) -> set[str]:
    return {name.removeprefix(SECTION) for name in texts}


def as_texts(sections: dict[str, str]) -> dict[str, str]:
    """Sections as the texts that are sealed with a step."""
    return {f"{SECTION}{name}": text for name, text in sections.items()}


def as_sections(texts: dict[str, str]) -> dict[str, str]:
    """The sections among the texts that are sealed with a step."""
    return {name.removeprefix(SECTION): text for name, text in texts.items()}


def audits_are_answered(turn: Turn, data: Any) -> str | None:
    """Whether the record that carries what an audit has taught says something of it, be it that there is nothing."""
    audits, form = turn.facts.policy.audit, form_of(turn)
    section = audits.learning_section
    if section is None or section not in form.names() or not turn.matter.data.get("audit_learning"):
        return None
    filled = section in turn.matter.data["filled"] if section not in data.sections else bool(data.sections[section])
    if filled:
        return None
    title = form.section(section).title
    return (
        f"An audit of this case is to be taken up ({audits.learning_clause}): write “{title}”, or that there is none."
    )


# -- what a group does not decide
def no_group_decision(turn: Turn, data: Any) -> str | None:
    """Whether the record of a case that a group discussed leaves the decision to a decision note (NS-12)."""
    decided = sorted(name for name, text in data.sections.items() if text and name in _left_to_others(turn))
    if not decided:
        return None
    section, rule = form_of(turn).section(decided[0]), turn.facts.policy.group.no_decisions
    clause = rule.clause if rule else ""
    return f"A group decides nothing about a case ({clause}): put “{section.title}” into a decision note for the case."


def _left_to_others(turn: Turn) -> frozenset[str]:
    """The sections in which a group decides nothing."""
    rule = turn.facts.policy.group.no_decisions
    of_group = turn.matter.kind == RecordKind.case and turn.matter.data.get("session_kind") == SessionKind.group
    return rule.sections if rule and of_group else frozenset()


# -- writing
def begin_form(turn: Turn) -> None:
    """Remember the form, whether the supervisee has a part in it, and which sections the opening has filled in."""
    form = form_of(turn)
    contributor = turn.matter.supervisee if form.written_by("supervisee") else None
    turn.keep(form={"id": form.id, "version": form.version}, contributor=contributor)
    _fill(turn, _named(turn.texts))
    if contributor:
        turn.tell(contributor, "part_asked", "A supervision record has a part for you to fill in")


def write(turn: Turn, data: WriteSections) -> None:
    """Write sections, as often as wanted while the record is a draft."""
    write_sections(turn, data.sections)
    writer_waits(turn)


def write_sections(turn: Turn, sections: dict[str, str]) -> None:
    """Keep sections as they now read; an empty text empties one. Earlier texts stay with their steps."""
    turn.texts |= as_texts(sections)
    turn.note(sections=sorted(sections))
    emptied = {name for name, text in sections.items() if not text}
    _fill(turn, {*turn.data["filled"], *sections} - emptied)


def _fill(turn: Turn, filled: set[str]) -> None:
    """Required sections that are empty are shown with their clause; they stop nothing (workflows.md 3)."""
    required = ((section.name, _why_required(turn, section)) for section in form_of(turn).sections)
    there = filled | _left_to_others(turn)
    empty = [{"name": name, "clause": clause} for name, clause in required if clause and name not in there]
    turn.keep(filled=sorted(filled), empty_sections=empty)


def _why_required(turn: Turn, section: FormSection) -> str | None:
    """The clause by which a section must be filled in: its own, or an audit's whose learning goes there (CBC-53)."""
    audits = turn.facts.policy.audit
    if section.name == audits.learning_section and turn.data.get("audit_learning"):
        return audits.learning_clause
    return section.clause if section.required else None


# -- who is waited for
def may_delegate(turn: Turn) -> str | None:
    """Only where a clause lets business support write this kind of record (CBC-39)."""
    if record_rules(turn).delegate is not None:
        return None
    return "The policy lets nobody but the supervisor write this record."


def is_business_support(turn: Turn, data: Delegate) -> str | None:
    """Whether the person named works in business support, and does not sign the record as its supervisee."""
    if data.person == turn.matter.supervisee:
        return "Whoever signs the record as its supervisee cannot write it up as well."
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
    """A draft waits for whoever sends it, for whoever writes in their stead, and for whoever has a part to fill in."""
    others = (turn.data.get("delegate"), contributor_owes(turn), _recorder_owes(turn))
    turn.hold(sender_of(turn), waiting_for=list(dict.fromkeys(ref for ref in others if ref)))


def _recorder_owes(turn: Turn) -> str | None:
    """Whoever records and does not send it themselves, while something required is still empty."""
    recorder = recorder_of(turn)
    return recorder if recorder != sender_of(turn) and turn.data["empty_sections"] else None


def contributor_owes(turn: Turn) -> str | None:
    """The supervisee, while what the form requires of them is still empty."""
    contributor: str | None = turn.data.get("contributor")
    empty = {section["name"] for section in turn.data["empty_sections"]}
    return contributor if empty & form_of(turn).written_by("supervisee") else None


def shape(form: Form) -> dict[str, Any]:
    """A form as it is shown."""
    sections = [_section(section) for section in form.sections]
    return {
        "id": form.id, "version": form.version, "title": form.title, "clause": form.clause,
        "may_be_changed": form.may_be_changed, "sections": sections,
    }  # fmt: skip


def _section(section: FormSection) -> dict[str, Any]:
    return {
        "name": section.name, "title": section.title, "required": section.required, "wellbeing": section.wellbeing,
        "by": sorted(section.by), "clause": section.clause,
    }  # fmt: skip

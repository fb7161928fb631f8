"""Two files: what is said of a case stays off the supervisee's own record, and the records of one session are linked.

Text cannot be judged by a machine. What can be found is the reference of one of the supervisee's own cases, as a word.
Nobody is stopped from telling a child's story without the reference; that is for whoever reads the record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from workflows.model import Facts, Matter, Opening, Selector
from workflows.payloads import WriteSections
from workflows.record_form import as_sections, as_texts, form_of, write_sections
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Workflow

#: A reference of fewer digits, and nothing else, is a number like any other in a sentence.
_SHORTEST_NUMBER = 5
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
#: As much of a month's name as tells it.
_SHORTEST_MONTH = 3
_WORD = re.compile(r"[^\W\d_]+")


# -- finding references
def _is_telling(ref: str) -> bool:
    return not ref.isdigit() or len(ref) >= _SHORTEST_NUMBER


@lru_cache(256)
def _pattern(refs: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(refs, key=lambda ref: (-len(ref), ref))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)


def _own_cases(matter: Matter, facts: Facts) -> dict[str, str]:
    """The references of the supervisee's cases by how they are found: without regard to capitals."""
    refs = (case.ref for case in facts.cases.values() if case.worker == matter.supervisee)
    return {ref.casefold(): ref for ref in refs if _is_telling(ref)}


def cases_named(matter: Matter, facts: Facts, text: str) -> list[str]:
    """The supervisee's cases whose references stand in a text, in the order of the text."""
    own = _own_cases(matter, facts)
    if not own:
        return []
    found = _pattern(frozenset(own)).findall(text)
    return list(dict.fromkeys(own[ref.casefold()] for ref in found))


def _is_reference_only(matter: Matter, facts: Facts, text: str) -> bool:
    """Whether a text says nothing but references and dates (DAR-12)."""
    rest = _pattern(frozenset(_own_cases(matter, facts))).sub(" ", text)
    return all(map(_is_month, _WORD.findall(rest)))


def _is_month(word: str) -> bool:
    return len(word) >= _SHORTEST_MONTH and any(month.startswith(word.casefold()) for month in _MONTHS)


# -- what is refused
def keeps_files_apart(turn: Turn, data: Any) -> str | None:
    """Whether what is sent for a personal record leaves the supervisee's cases to their own records."""
    return _why_not(turn, data.sections)


def opens_files_apart(turn: Turn) -> str | None:
    """The same for what a record is opened with."""
    return _why_not(turn, as_sections(turn.texts))


def _why_not(turn: Turn, sections: Mapping[str, str]) -> str | None:
    if not _is_watched(turn):
        return None
    for name, text in sorted(sections.items()):
        refs = cases_named(turn.matter, turn.facts, text)
        why = _refusal(turn, name, text, refs) if refs else None
        if why is not None:
            return why
    return None


def _is_watched(turn: Turn) -> bool:
    """Personal records, but for people who hold no cases and speak of others' (NS-41)."""
    if turn.matter.kind != RecordKind.personal:
        return False
    person = turn.facts.directory.get(turn.matter.supervisee)
    return person is None or person.job_role not in turn.facts.policy.record.two_files.except_job_roles


def _refusal(turn: Turn, name: str, text: str, refs: list[str]) -> str | None:
    rules = turn.facts.policy.record.two_files
    where, case = f"“{form_of(turn).section(name).title}” names case {refs[0]}", refs[0]
    if rules.on_case_content == "refuse":
        why = "What is said and decided about a case is kept on the case’s own record"
        return f"{where}. {why} ({rules.clause}): open a case record for {case} and write it there."
    if _is_reference_only(turn.matter, turn.facts, text):
        return None
    if rules.on_case_content == "reference_only":
        why = "Only the reference and dates may stand on a personal record"
        return f"{where} and says more of it. {why} ({rules.clause}): write the rest on the case record of {case}."
    if len(refs) > 1:
        others = " and ".join(refs)
        return f"{where} and others ({others}): write what is about each case on its own record ({rules.clause})."
    draft = _draft_about(turn, case)
    if draft is not None and rules.into in draft.data["filled"]:
        taken = "The case record already holds what was brought over before"
        return f"{where}. {taken}: add the rest there ({rules.clause})."
    return None


# -- what is moved
def drafts_looked_at(matter: Matter, data: Any, facts: Facts) -> Iterable[Selector]:
    """The records that may take what is moved; looked for only where a case is named."""
    if matter.kind == RecordKind.personal and facts.policy.record.two_files.on_case_content == "move":
        refs = {ref for text in data.sections.values() for ref in cases_named(matter, facts, text)}
        yield from (Selector(Workflow.record, supervisee=matter.supervisee, case=ref) for ref in sorted(refs))


def _draft_about(turn: Turn, case: str) -> Matter | None:
    """The case's draft of the same session, or the one that took something from this record before."""
    linked = {link["record"] for link in turn.data.get("linked", ())}
    for record in turn.facts.related:
        is_draft = record.workflow is Workflow.record and record.state == "draft" and record.kind == RecordKind.case
        if is_draft and record.case == case and str(record.id) in linked:
            return record
    return None


def keep_apart(turn: Turn, sections: dict[str, str]) -> dict[str, str]:
    """The sections as a personal record keeps them: of what is moved the case's reference stays, as a link."""
    if not _is_watched(turn):
        return sections
    kept, moved = dict(sections), defaultdict(list)
    references = {name: refs for name, refs in turn.data.get("references", {}).items() if name not in sections}
    for name, text in sorted(sections.items()):
        refs = cases_named(turn.matter, turn.facts, text)
        if refs:
            references[name] = refs
        if refs and not _is_reference_only(turn.matter, turn.facts, text):
            kept[name] = refs[0]
            moved[refs[0]].append(text)
    turn.keep(references=references)
    for case, texts in moved.items():
        _bring_over(turn, case, "\n\n".join(texts))
    return kept


def keep_opening_apart(turn: Turn) -> None:
    """The same for what a record is opened with."""
    turn.texts = as_texts(keep_apart(turn, as_sections(turn.texts)))


def _bring_over(turn: Turn, case: str, text: str) -> None:
    """Put a text on the case's draft, or open one for it; both records are linked (NS-40)."""
    rules, draft = turn.facts.policy.record.two_files, _draft_about(turn, case)
    sections = {rules.into or "": text}
    turn.clause = rules.clause
    if draft is not None:
        turn.then(Selector(Workflow.record, id=draft.id), "bring_over", sections=sections)
        turn.note(moved_to=str(draft.id))
        return
    session = {name: turn.matter.data[name] for name in ("held_at", "session_kind") if name in turn.matter.data}
    opened = turn.open(
        Opening(
            Workflow.record,
            kind=RecordKind.case,
            supervisee=turn.matter.supervisee,
            supervisor=turn.supervisor,
            case=case,
            parent=turn.matter.parent,
            data={**session, "linked": [link(turn.matter.id, RecordKind.personal, None)]},
            texts=as_texts(sections),
        )
    )
    turn.keep(linked=[*turn.data.get("linked", ()), link(opened, RecordKind.case, case)])
    turn.note(moved_to=str(opened))


def bring_over(turn: Turn, data: WriteSections) -> None:
    """What was moved from a personal record of the same session stands on the case's record from now on."""
    write_sections(turn, data.sections)


def link(record: object, kind: RecordKind, case: str | None) -> dict[str, Any]:
    """How one record names another of the same session."""
    return {"record": str(record), "kind": kind.value, "case": case}

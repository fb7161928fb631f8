"""A council's audits in sentences, each with its clause."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from workflows.policy_audit import AuditActions, AuditPolicy, AuditProgramme, AuditQuestion
from workflows.policy_words import Line, every, line, listed, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT, AuditKind

_KINDS = MappingProxyType(
    {
        AuditKind.case_sample: "one case, drawn by a seed that anybody can draw with again",
        AuditKind.rated: "every case with the rating",
        AuditKind.themed: "a theme that the auditor names",
        AuditKind.peer_observation: "supervision as a peer observes it",
        AuditKind.survey: "an anonymous survey, of which two counts are kept",
        AuditKind.framework: "a part of the council’s own framework",
    }
)
_PER = MappingProxyType(
    {
        "organisation": "once for the whole council",
        "team_manager": "for each team manager",
        "supervisor": "for everybody who supervises",
    }
)


def audits(rules: AuditPolicy) -> Iterator[Line]:
    """All that the policy says about audits."""
    for programme in rules.programmes:
        yield from _programme(programme)
    yield line(f"An audit is reported within {within(rules.report_by)}.", rules.report_by)
    again = f"A case that was drawn is not drawn again within {within(rules.no_repeat)} while the team has others."
    yield line(again, rules.no_repeat)
    where = f", in the section {plain(rules.learning_section)}" if rules.learning_section else ""
    landing = f"What an audit of a case teaches goes into the record of the next session held on the case{where}."
    yield Line(landing, rules.learning_clause)
    reminded = f"Until then the supervisor is reminded {every(rules.remind_learning)}."
    yield line(reminded, rules.remind_learning)
    if rules.actions:
        yield from _actions(rules.actions)
    for question in rules.questions:
        yield Line(f"The form asks: {question.title}{_asked_in(question)}.", question.clause)


def _actions(rules: AuditActions) -> Iterator[Line]:
    shown = f"Each point becomes an action of the case’s worker, which records of the case show under “{rules.heading}”"
    yield Line(f"{shown}, with what is done and what is outstanding.", rules.clause)
    yield line(f"Such an action is to be done within {within(rules.done_by)}.", rules.done_by)


def _programme(programme: AuditProgramme) -> Iterator[Line]:
    rated = f" {listed(plain(rating) for rating in sorted(programme.ratings))}" if programme.ratings else ""
    sentence = f"{programme.title}: {_KINDS[programme.kind]}{rated}, {_PER[programme.per]}."
    yield Line(with_note(sentence, programme.note), programme.clause)
    if programme.every:
        yield line(f"{programme.title}: opened by itself {every(programme.every)}.", programme.every)
    else:
        yield Line(f"{programme.title}: only when an auditor opens one.", PRODUCT_DEFAULT)


def _asked_in(question: AuditQuestion) -> str:
    kinds = [plain(kind) for kind in AuditKind if kind in question.asked_in]
    return f" (in audits of the kind {listed(kinds)})" if kinds else ""

"""Records, their forms and group supervision, told for people."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from workflows.policy_forms import Form, FormSection, RecorderRule, RecordPolicy, RecordRules, TwoFiles
from workflows.policy_group import GroupPolicy
from workflows.policy_parts import Store
from workflows.policy_words import Chapter, Line, line, listed, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind

_RECORDS = MappingProxyType(
    {
        RecordKind.personal: "Records of personal supervision",
        RecordKind.case: "Records of case supervision",
        RecordKind.decision: "Decision notes",
        RecordKind.group: "Records of group supervision",
    }
)
_CASE_CONTENT = MappingProxyType(
    {
        "refuse": "A personal record that names one of the worker’s cases is refused",
        "move": "What a personal record says of one of the worker’s cases is moved to the case’s own record",
        "reference_only": "A personal record may give a case’s reference and dates, and nothing more of it",
    }
)
_NEEDS = MappingProxyType(
    {"purpose": "purpose", "ground_rules": "ground rules", "confidentiality": "limits of confidentiality"}
)


def records(policy: RecordPolicy) -> Iterator[Chapter]:
    """What holds for all records, then each kind of them."""
    yield Chapter("All records", tuple(_all(policy)))
    for kind, title in _RECORDS.items():
        yield Chapter(title, tuple(_kind(policy.of(kind), is_shared=kind is RecordKind.group)))


def _all(rules: RecordPolicy) -> Iterator[Line]:
    pauses = rules.absence_pauses_signing
    stands = "stands still" if pauses.value else "runs on"
    sentence = f"While the supervisee is recorded as absent, the time to sign {stands}."
    yield Line(with_note(sentence, pauses.note), pauses.clause)
    yield line(f"A record that is to be amended is amended within {within(rules.amend_by)}.", rules.amend_by)
    yield from _two_files(rules.two_files)


def _two_files(rules: TwoFiles) -> Iterator[Line]:
    into = f", into its section “{plain(rules.into)}”" if rules.into else ""
    yield Line(f"{_CASE_CONTENT[rules.on_case_content]}{into}.", rules.clause)
    if rules.except_job_roles:
        who = listed(map(plain, sorted(rules.except_job_roles)))
        yield Line(f"Job role {who}: cases may be talked about in their own record.", rules.except_clause)


def _kind(rules: RecordRules, *, is_shared: bool) -> Iterator[Line]:
    yield Line("The supervisor writes it.", rules.author_clause)
    if rules.recorder:
        yield _recorder(rules.recorder)
    if rules.delegate:
        yield Line("The supervisor may let business support write it.", rules.delegate)
    if rules.discussed_again:
        section = plain(rules.discussed_again.section)
        sentence = f"What “{section}” says is a day, and no later than the case is to be supervised anyway."
        yield Line(sentence, rules.discussed_again.clause)
    if rules.kept_in:
        yield from _filing(rules.kept_in)
    if is_shared:
        yield line(f"It is shared with everybody in the group within {within(rules.circulate_by)}.", rules.circulate_by)
        yield Line("Nobody signs it.", rules.signature_clause)
        yield Line("Silence about it means nothing.", rules.silence_clause)
    else:
        yield from _signed(rules)
    for form in rules.forms:
        yield from _form(form)


def _recorder(rule: RecorderRule) -> Line:
    if rule.named_in == "session":
        who = "Or the supervisee writes it, where the two say so when they book or report the session"
    else:
        who = f"Or whoever the agreement of the two names under “{plain(rule.term or '')}” writes it"
    return Line(f"{who}; the supervisor stays accountable.", rule.clause)


def _filing(store: Store) -> Iterator[Line]:
    yield Line(f"The council keeps it in {store.place}.", store.clause)
    yield Line(f"It is handed over in the layout for {plain(store.system)}.", PRODUCT_DEFAULT)
    yield line(f"It is there within {within(store.file_by)} of becoming final.", store.file_by)
    if store.file_by_after_session:
        after = f"Or within {within(store.file_by_after_session)} of the session, whichever ends later."
        yield line(after, store.file_by_after_session)


def _signed(rules: RecordRules) -> Iterator[Line]:
    yield line(f"It is sent to the supervisee within {within(rules.circulate_by)}.", rules.circulate_by)
    if rules.signatories == "supervisor":
        sentence = "The supervisor alone signs it; sending it is that signature, and makes it final."
        yield Line(sentence, rules.signature_clause)
        yield Line("The supervisee is told of it, and may object to it.", PRODUCT_DEFAULT)
    else:
        yield Line("Both sign it; sending it is the supervisor’s signature.", rules.signature_clause)
    if rules.sign_by:
        yield line(f"The supervisee signs or disputes it within {within(rules.sign_by)}.", rules.sign_by)
    yield Line(_silence(rules), rules.silence_clause)
    if rules.closure_note:
        yield Line("The supervisor then closes it with a note that says so.", rules.closure_note)
    handwritten = "It may be handwritten where the agreement of the two says so, and is then scanned."
    yield Line(handwritten, rules.handwriting_clause)


def _silence(rules: RecordRules) -> str:
    if rules.signatories == "supervisor":
        return "Silence about it means nothing."
    if rules.silence == "deemed":
        return "Silence until then is taken for agreement."
    return "Silence is never taken for agreement, however long it lasts; reminders go on."


def _form(form: Form) -> Iterator[Line]:
    yield Line(f"Form: {form.title}, version {form.version}.", form.clause)
    if form.job_roles:
        who = listed(map(plain, sorted(form.job_roles)))
        yield Line(f"It is for these job roles: {who}.", form.job_roles_clause)
    if form.setting:
        yield Line(f"It is for those who work in a {form.setting}.", form.clause)
    if form.may_be_changed:
        yield Line("It may be changed, as a version of its own.", form.may_be_changed)
    for section in form.sections:
        yield Line(f"Section: {section.title}{_marks(section)}.", section.clause)


def _marks(section: FormSection) -> str:
    sides = " or ".join(sorted(section.by))
    by = "" if section.by == {"supervisor"} else f", filled in by the {sides}"
    marks = ((", required", section.required), (", about wellbeing", section.wellbeing), (by, True))
    return "".join(words for words, holds in marks if holds)


def groups(rules: GroupPolicy) -> Iterator[Line]:
    """What a group agrees, what it decides, and how it works."""
    for need in rules.needs:
        what = _NEEDS[need.name]
        before = f"No meeting is reported as held before the group has agreed its {what}."
        yield Line(before if need.is_condition else f"A group is shown as lacking its {what} until it has agreed it.",
                   need.clause)  # fmt: skip
    yield Line("What was decided and agreed is recorded and shared with everybody in the group.", rules.shared_clause)
    if rules.reduces_clause:
        sentence = "A group may lower how often somebody is supervised, but never below the least that is owed."
        yield Line(sentence, rules.reduces_clause)
    if rules.no_decisions:
        sections = listed(map(plain, sorted(rules.no_decisions.sections)))
        sentence = f"As a rule a group decides nothing about a case: {sections} is for a decision note, not its record."
        yield Line(sentence, rules.no_decisions.clause)
    if rules.report_back:
        section = plain(rules.report_back.section)
        sentence = f"The next meeting of a group finds what the last one put down under “{section}”."
        yield Line(sentence, rules.report_back.clause)
        picked = "A suggestion that somebody picks is theirs to carry out, and the group sees what becomes of it."
        yield Line(picked, rules.report_back.picked_clause)

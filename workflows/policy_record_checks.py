"""What the records of a policy must hold beyond their form: forms that can be filled in, and silence with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policy_forms import Form, RecordPolicy, RecordRules, TwoFiles
from workflows.policy_mistake import Problem, repeated
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind


def check_record(policy: RecordPolicy) -> Iterator[Problem]:
    """Silence that would mean something without a window or a clause, and forms that cannot be filled in."""
    for kind in RecordKind:
        rules, key = policy.of(kind), f"record.{kind}"
        yield from _silence(rules, key)
        yield from _signatories(rules, key)
        yield from _recorder(rules, key)
        again = rules.discussed_again
        if again and again.section not in rules.names():
            yield Problem(
                f"{key}.discussed_again.section", "a section that every form of this record has", again.section
            )
        yield from _forms(rules, key)
    yield from _two_files(policy.two_files, policy.case.forms)


def _silence(rules: RecordRules, key: str) -> Iterator[Problem]:
    deemed = rules.silence == "deemed"
    if deemed and rules.sign_by is None:
        yield Problem(f"{key}.sign_by", "a window, as silence is 'deemed' when it has passed")
    if deemed and rules.silence_clause == PRODUCT_DEFAULT:
        expected = "the policy’s own clause: no default makes silence a signature"
        yield Problem(f"{key}.silence_clause", expected, PRODUCT_DEFAULT)
    if rules.sign_by and not deemed:
        yield Problem(f"{key}.silence", "'deemed', as a window that ends in nothing settles nothing", rules.silence)
    if rules.closure_note and not deemed:
        yield Problem(f"{key}.closure_note", "no such key, as only a deemed record is closed", rules.closure_note)


def _signatories(rules: RecordRules, key: str) -> Iterator[Problem]:
    if rules.signatories == "both":
        return
    if key == f"record.{RecordKind.group}":
        yield Problem(f"{key}.signatories", "no such key, as nobody signs the record of a group", rules.signatories)
    if rules.signature_clause == PRODUCT_DEFAULT:
        expected = "the policy’s own clause: no default leaves out the supervisee’s signature"
        yield Problem(f"{key}.signature_clause", expected, PRODUCT_DEFAULT)
    if rules.sign_by:
        yield Problem(f"{key}.sign_by", "no such key, as the supervisee is not asked to sign")


def _recorder(rules: RecordRules, key: str) -> Iterator[Problem]:
    named = rules.recorder
    if named and named.named_in == "agreement" and named.term is None:
        yield Problem(f"{key}.recorder.term", "the field of the agreement that names whoever writes it")
    if named and named.named_in == "session" and named.term is not None:
        yield Problem(f"{key}.recorder.term", "no such key, as the two choose between themselves", named.term)


# -- forms
def _forms(rules: RecordRules, key: str) -> Iterator[Problem]:
    if not rules.forms or not rules.forms[0].is_for_everybody:
        expected = "a form without job_roles and setting first, or some records have none"
        yield Problem(f"{key}.forms", expected, "" if rules.forms else "an empty list")
    ids = ((f"{key}.forms[{n}].version", f"{form.id} {form.version}") for n, form in enumerate(rules.forms))
    yield from repeated(ids, "a version that this form does not have before")
    earlier: dict[str, Form] = {}
    for index, form in enumerate(rules.forms):
        place = f"{key}.forms[{index}]"
        yield from _sections(form, place)
        yield from _changes(earlier.setdefault(form.id, form), form, place)


def _changes(first: Form, form: Form, place: str) -> Iterator[Problem]:
    """A form of a council's own keeps what the policy's form requires, and there is one only where it may be."""
    if first is form:
        return
    if first.may_be_changed is None:
        expected = "the id of a form that may be changed (may_be_changed), or an id of its own"
        yield Problem(f"{place}.id", expected, form.id)
    required = {section.name for section in first.sections if section.required}
    lost = sorted(required - form.names())
    if lost:
        yield Problem(f"{place}.sections", f"the section {lost[0]!r}, which the form that it changes requires")


def _sections(form: Form, place: str) -> Iterator[Problem]:
    if not form.sections:
        yield Problem(f"{place}.sections", "at least one section, or nothing could be written", "an empty list")
    names = ((f"{place}.sections[{n}].name", section.name) for n, section in enumerate(form.sections))
    yield from repeated(names, "a name that no section before has")
    for index, section in enumerate(form.sections):
        if not section.by:
            yield Problem(f"{place}.sections[{index}].by", "'supervisee', 'supervisor' or both", "an empty list")


# -- the two files
def _two_files(rules: TwoFiles, forms: tuple[Form, ...]) -> Iterator[Problem]:
    key = "record.two_files.into"
    if rules.on_case_content != "move":
        if rules.into is not None:
            yield Problem(key, "no such key, as nothing is moved", rules.into)
    elif any(rules.into not in form.names() for form in forms):
        yield Problem(key, "a section that every form of a case record has", rules.into or "")

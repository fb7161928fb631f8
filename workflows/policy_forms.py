"""Records in a policy: their forms, who fills in which section, how they are sent and signed, and the two files."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part, Period, Section, Store, Switch
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind

#: Who fills in a section; business support writes in the supervisor's stead.
Side = Literal["supervisee", "supervisor"]


class FormSection(Section):
    """One section of a record's form, and who may fill it in."""

    by: frozenset[Side] = frozenset({"supervisor"})


class Form(Part):
    """One form in one version. A record keeps the form that it was opened with, whatever comes after."""

    id: Name
    version: str
    title: str
    clause: Clause
    #: The supervisee's job roles that it is for, and the setting that they work in; empty for everybody.
    job_roles: frozenset[Name] = frozenset()
    job_roles_clause: Clause = PRODUCT_DEFAULT
    setting: str = ""
    #: The clause under which it may be changed for a setting; then a later version of it may follow (LDS-27).
    may_be_changed: Clause | None = None
    sections: tuple[FormSection, ...]

    def names(self) -> frozenset[str]:
        """The sections that it has."""
        return frozenset(section.name for section in self.sections)

    def written_by(self, side: Side) -> frozenset[str]:
        """The sections that one of the two may fill in."""
        return frozenset(section.name for section in self.sections if side in section.by)

    def section(self, name: str) -> FormSection:
        """One of its sections."""
        return next(section for section in self.sections if section.name == name)

    @property
    def is_for_everybody(self) -> bool:
        """Whether it fits every supervisee."""
        return not self.job_roles and not self.setting

    def fits(self, job_role: str, setting: str) -> bool:
        """Whether it is for somebody with this job role who works in this setting."""
        return (not self.job_roles or job_role in self.job_roles) and self.setting in {"", setting}


class RecordRules(Part):
    """How one kind of record is written, sent and signed."""

    circulate_by: Period
    sign_by: Period | None = None
    #: What silence means when `sign_by` has passed; without a window it means nothing, for ever.
    silence: Literal["deemed", "never"] = "never"
    silence_clause: Clause
    #: The clause that makes the supervisor close a deemed record with a note, where one does.
    closure_note: Clause | None = None
    delegate: Clause | None = None
    #: The clauses that make the supervisor its author, and both its signatories.
    author_clause: Clause = PRODUCT_DEFAULT
    signature_clause: Clause = PRODUCT_DEFAULT
    #: The clause that lets it be handwritten where the agreement of the two says so.
    handwriting_clause: Clause = PRODUCT_DEFAULT
    kept_in: Store | None = None
    #: In the order in which they came; the first is for everybody.
    forms: tuple[Form, ...]

    def names(self) -> frozenset[str]:
        """The sections that every form of this kind has."""
        own = [form.names() for form in self.forms]
        return own[0].intersection(*own) if own else frozenset()

    def form_for(self, job_role: str, setting: str) -> Form:
        """The form that a record is opened with: of those that fit the supervisee, the last."""
        return next(form for form in reversed(self.forms) if form.fits(job_role, setting))

    def form(self, form_id: str, version: str) -> Form:
        """A form in one version, for a record that was opened with it."""
        return next(form for form in self.forms if (form.id, form.version) == (form_id, version))


class TwoFiles(Part):
    """What becomes of case content in a personal record: what is said of cases is kept apart, and linked."""

    #: `reference_only`: a case's reference and dates may stand there, and nothing more.
    on_case_content: Literal["refuse", "move", "reference_only"]
    clause: Clause
    #: The section of the case record that takes what is moved.
    into: Name | None = None
    #: The job roles that hold no cases and may speak of them in their own record (NS-41).
    except_job_roles: frozenset[Name] = frozenset()
    except_clause: Clause = PRODUCT_DEFAULT


class RecordPolicy(Part):
    """The kinds of record, and what an absence of the supervisee does to a running window."""

    personal: RecordRules
    case: RecordRules
    decision: RecordRules
    group: RecordRules
    absence_pauses_signing: Switch
    amend_by: Period
    two_files: TwoFiles

    def of(self, kind: str | None) -> RecordRules:
        """The rules of one kind of record."""
        return {
            RecordKind.personal.value: self.personal,
            RecordKind.case.value: self.case,
            RecordKind.group.value: self.group,
        }.get(kind or "", self.decision)

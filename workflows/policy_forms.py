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
    """Who fills the section in: supervisee, supervisor or both."""


#: The kinds of record with rules under their own name; any other goes by those of a decision.
_KINDS = frozenset(kind.value for kind in RecordKind)


class Form(Part):
    """One form in one version. A record keeps the form that it was opened with, whatever comes after."""

    id: Name
    """A short name of the form, kept with every record that is written on it."""
    version: str
    """The version of the form; a new one is added after the old one, which stays."""
    title: str
    """What the form is called."""
    clause: Clause
    """The clause that gives the form."""
    job_roles: frozenset[Name] = frozenset()
    """The supervisee's job roles that it is for, and the setting that they work in; empty for everybody."""
    job_roles_clause: Clause = PRODUCT_DEFAULT
    """The clause that says for whom it is."""
    setting: str = ""
    """The setting that the supervisee works in; left out, any."""
    may_be_changed: Clause | None = None
    """The clause under which it may be changed for a setting; then a later version of it may follow (LDS-27)."""
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


class RecorderRule(Part):
    """Who is named to write a kind of record besides the supervisor, who stays accountable for it."""

    named_in: Literal["agreement", "session"]
    """`agreement`: the two name somebody in their agreement; `session`: they choose which of them when they book."""
    term: Name | None = None
    """The field of the agreement that names them; left out where the session does."""
    clause: Clause
    """The clause that has somebody named."""


class DiscussedAgain(Part):
    """The section that names the day on which a case is discussed again, no later than its interval allows."""

    section: Name
    """The section of the form that takes the day."""
    clause: Clause
    """The clause that asks for the day."""


class RecordRules(Part):
    """How one kind of record is written, sent and signed."""

    circulate_by: Period
    """How long after the session the supervisor may take to send the record."""
    sign_by: Period | None = None
    """How long the supervisee has to sign or dispute it; left out where the policy has no window."""
    silence: Literal["deemed", "never"] = "never"
    """What silence means when `sign_by` has passed; without a window it means nothing, for ever."""
    silence_clause: Clause
    """The clause that says what silence means."""
    closure_note: Clause | None = None
    """The clause that makes the supervisor close a deemed record with a note, where one does."""
    delegate: Clause | None = None
    """The clause that lets business support write the record; left out where none does."""
    recorder: RecorderRule | None = None
    """Who may be named to write it; left out where only the supervisor writes."""
    discussed_again: DiscussedAgain | None = None
    """Where a record names the day of the next discussion; left out where no day is held against the interval."""
    author_clause: Clause = PRODUCT_DEFAULT
    """The clauses that make the supervisor its author."""
    signatories: Literal["both", "supervisor"] = "both"
    """Who signs it: `both`, or the `supervisor` alone, whose sending then makes it final. Nobody signs a group’s."""
    signature_clause: Clause = PRODUCT_DEFAULT
    """The clause that says who signs it."""
    handwriting_clause: Clause = PRODUCT_DEFAULT
    """The clause that lets it be handwritten where the agreement of the two says so."""
    kept_in: Store | None = None
    """The system of the council that keeps it; left out where the policy names none."""
    forms: tuple[Form, ...]
    """In the order in which they came; the first is for everybody."""

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

    on_case_content: Literal["refuse", "move", "reference_only"]
    """`reference_only`: a case's reference and dates may stand there, and nothing more."""
    clause: Clause
    """The clause that keeps the two files apart."""
    into: Name | None = None
    """The section of the case record that takes what is moved."""
    except_job_roles: frozenset[Name] = frozenset()
    """The job roles that hold no cases and may speak of them in their own record (NS-41)."""
    except_clause: Clause = PRODUCT_DEFAULT
    """The clause that makes the exception."""


class RecordPolicy(Part):
    """The kinds of record, and what an absence of the supervisee does to a running window."""

    personal: RecordRules
    """Records of personal supervision."""
    case: RecordRules
    """Records of case supervision."""
    decision: RecordRules
    """Notes of decisions between sessions."""
    group: RecordRules
    """Records of group supervision."""
    absence_pauses_signing: Switch
    """true where the supervisee's recorded absence stops the time to sign."""
    amend_by: Period
    """How long the supervisor may take to amend a record after a ruling."""
    two_files: TwoFiles
    """What becomes of case content in a personal record."""

    def of(self, kind: str | None) -> RecordRules:
        """The rules of one kind of record."""
        rules: RecordRules = getattr(self, kind) if kind in _KINDS else self.decision
        return rules

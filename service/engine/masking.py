"""What is kept from those who read the rest: wellbeing from auditors (HAR-34), and why somebody is away from most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from service.identity.grounds import OFFICE
from workflows.record_form import kept_form
from workflows.vocabulary import RecordKind, Role, Workflow

if TYPE_CHECKING:
    from service.identity.access import Viewer
    from workflows.directory import Directory
    from workflows.model import Matter
    from workflows.policy import Policy
    from workflows.policy_forms import Form

Texts = dict[int, dict[str, str]]
#: What is said in the words of sections, or about them, and what somebody wants to talk of.
_QUOTING = frozenset({"passages", "statement", "agenda"})
_SECTIONS = frozenset({"sections", "preparation"})
_CAUSE, _REASON = "cause", "reason"


def reads_masked(viewer: Viewer, standing: int) -> bool:
    """Whether somebody reads as an auditor, and by no other ground."""
    as_hr = viewer.office.hr_reads and Role.hr in viewer.roles
    return standing == OFFICE and Role.auditor in viewer.roles and not as_hr


def masked(policy: Policy, matter: Matter, by_step: Mapping[int, Mapping[str, str]]) -> Texts:
    """The texts of a matter by step, with the set words instead of those about wellbeing."""
    wellbeing, words = _wellbeing(policy, matter), policy.disclosure.audit_copy.words

    def shown(name: str, text: str) -> str:
        return words if wellbeing and _is_about(name, wellbeing) else text

    return {step: {name: shown(name, text) for name, text in texts.items()} for step, texts in by_step.items()}


def _wellbeing(policy: Policy, matter: Matter) -> frozenset[str]:
    """The sections about wellbeing of the record itself, or of any to which a session or a dispute may lead back."""
    match matter.workflow:
        case Workflow.record:
            forms: Iterable[Form] = (kept_form(policy, matter.kind, matter.data.get("form")),)
        case Workflow.session | Workflow.dispute:
            forms = (form for kind in RecordKind for form in policy.record.of(kind).forms)
        case _:
            forms = ()
    return frozenset(section.name for form in forms for section in form.sections if section.wellbeing)


def _is_about(name: str, wellbeing: frozenset[str]) -> bool:
    """Whether a text is a section about wellbeing, is prepared for one, or may quote one."""
    group, _, rest = name.partition(".")
    return group in _QUOTING or (group in _SECTIONS and rest.rpartition(".")[2] in wellbeing)


# -- why somebody is away
def keeps_why(viewer: Viewer, matter: Matter, directory: Directory) -> bool:
    """Whether it is kept from a viewer why somebody is away: told to them, who supervises or manages them, and HR."""
    if matter.workflow is not Workflow.absence or Role.hr in viewer.roles:
        return False
    return viewer.ref not in (matter.person, directory.supervisor_of(matter.person), *directory.line(matter.person))


def without_why(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an absence, or a step of it, keeps, without its cause before and after."""
    said = {name: value for name, value in data.items() if name != _CAUSE}
    return {name: without_why(value) if isinstance(value, dict) else value for name, value in said.items()}


def without_reasons(by_step: Mapping[int, Mapping[str, str]]) -> Texts:
    """The texts of an absence by step, without what was given as a reason: it may tell the cause."""
    return {step: {name: text for name, text in texts.items() if name != _REASON} for step, texts in by_step.items()}

"""What is kept from auditors who read the rest: what is said about wellbeing (HAR-34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from service.identity.grounds import OFFICE
from workflows.record_form import kept_form
from workflows.vocabulary import RecordKind, Role, Workflow

if TYPE_CHECKING:
    from service.identity.access import Viewer
    from workflows.model import Matter
    from workflows.policy import Policy
    from workflows.policy_forms import Form

Texts = dict[int, dict[str, str]]
#: What is said in the words of sections, or about them, and what somebody wants to talk of.
_QUOTING = frozenset({"passages", "statement", "agenda"})
_SECTIONS = frozenset({"sections", "preparation"})


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

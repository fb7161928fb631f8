"""What an auditor reads of a record: the policy's words in the place of what is said about wellbeing (HAR-34)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from service.identity.grounds import OFFICE
from workflows.record_form import SECTION, kept_form
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.identity.access import Viewer
    from workflows.model import Matter
    from workflows.policy import Policy

Texts = dict[int, dict[str, str]]


def reads_masked(viewer: Viewer, standing: int) -> bool:
    """Whether somebody reads as an auditor, and by no other ground."""
    as_hr = viewer.office.hr_reads and Role.hr in viewer.roles
    return standing == OFFICE and Role.auditor in viewer.roles and not as_hr


def masked(policy: Policy, matter: Matter, by_step: Mapping[int, Mapping[str, str]]) -> Texts:
    """The texts of a matter by step, with the set words instead of those about wellbeing."""
    hidden = _about_wellbeing(policy, matter)
    words = policy.disclosure.audit_copy.words
    return {step: {n: words if n in hidden else text for n, text in texts.items()} for step, texts in by_step.items()}


def _about_wellbeing(policy: Policy, matter: Matter) -> set[str]:
    if matter.workflow is not Workflow.record:
        return set()
    form = kept_form(policy, matter.kind, matter.data.get("form"))
    return {f"{SECTION}{section.name}" for section in form.sections if section.wellbeing}

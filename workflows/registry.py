"""Every workflow that the product runs, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.absence import ABSENCE
from workflows.action import ACTION
from workflows.adoption import ADOPTION
from workflows.agreement import AGREEMENT
from workflows.audit import AUDIT
from workflows.cancellation import CANCELLATION
from workflows.concern import CONCERN
from workflows.disclosure import DISCLOSURE
from workflows.dispute import DISPUTE
from workflows.employment import EMPLOYMENT
from workflows.entitlement import ENTITLEMENT
from workflows.filing import FILING
from workflows.frequency import FREQUENCY
from workflows.grant import GRANT
from workflows.handover import HANDOVER
from workflows.oversight import OVERSIGHT
from workflows.record import RECORD
from workflows.referral import REFERRAL
from workflows.retention import RETENTION
from workflows.session import SESSION
from workflows.table import Definition
from workflows.vocabulary import Workflow

DEFINITIONS: Mapping[Workflow, Definition] = {
    definition.workflow: definition
    for definition in (
        SESSION,
        CANCELLATION,
        RECORD,
        DISPUTE,
        FREQUENCY,
        ENTITLEMENT,
        ABSENCE,
        EMPLOYMENT,
        AGREEMENT,
        CONCERN,
        REFERRAL,
        ACTION,
        OVERSIGHT,
        HANDOVER,
        FILING,
        AUDIT,
        ADOPTION,
        DISCLOSURE,
        RETENTION,
        GRANT,
    )
}


def states_of(workflow: str) -> Collection[str]:
    """The states in which matters of a workflow stand; none where there is no such workflow."""
    return DEFINITIONS[Workflow(workflow)].states if workflow in set(Workflow) else ()

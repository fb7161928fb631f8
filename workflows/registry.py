"""Every workflow that the product runs, by name."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.absence import ABSENCE
from workflows.cancellation import CANCELLATION
from workflows.disclosure import DISCLOSURE
from workflows.dispute import DISPUTE
from workflows.employment import EMPLOYMENT
from workflows.entitlement import ENTITLEMENT
from workflows.frequency import FREQUENCY
from workflows.record import RECORD
from workflows.retention import RETENTION
from workflows.session import SESSION
from workflows.table import Definition
from workflows.vocabulary import Workflow

DEFINITIONS: Mapping[Workflow, Definition] = {
    definition.workflow: definition
    for definition in (
        SESSION, CANCELLATION, RECORD, DISPUTE, FREQUENCY, ENTITLEMENT, ABSENCE, EMPLOYMENT, DISCLOSURE, RETENTION,
    )
}  # fmt: skip

"""Final records: handed over to the councils' own systems, and filed once these have acknowledged them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.filing.handing_over import Round, is_to_send
from workers.looks import Look
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from service.engine.door import Door
    from service.engine.work import Work
    from service.filing.parcel import Outlet


def filing(door: Door, outlet: Outlet, key: Ed25519PrivateKey) -> Look:
    """Looks every fifteen seconds. Several at once are harmless."""
    return Look(
        "filing",
        every=15.0,
        waiting=door.database.filing_organisations,
        look=lambda own, goes_on: Round(door, outlet, key, own).run(goes_on),
        left_by=_leaves_records_to_hand_over,
    )


def _leaves_records_to_hand_over(work: Work) -> bool:
    """Whether a filing was opened, or is to be handed over again."""
    changed = (live.matter for live in work.live.values() if live.matter.version != live.read_version)
    filings = (matter for matter in changed if matter.workflow is Workflow.filing and matter.closed_at is None)
    return any(is_to_send(filing.data, work.now) for filing in filings)

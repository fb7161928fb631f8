"""Final records: handed over to the councils' own systems, and filed once these have acknowledged them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.filing.handing_over import Round
from workers.looks import Look

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from service.engine.door import Door
    from service.filing.parcel import Outlet


def filing(door: Door, outlet: Outlet, key: Ed25519PrivateKey) -> Look:
    """Looks every fifteen seconds. Several at once are harmless."""
    return Look(
        "filing",
        every=15.0,
        waiting=door.database.filing_organisations,
        look=lambda own, goes_on: Round(door, outlet, key, own).run(goes_on),
    )

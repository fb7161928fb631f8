"""What is handed over for one record: a document, its sidecar, and a signature that covers both."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from service.filing.final_record import FinalRecord
from service.filing.layouts import layout_for
from service.filing.sidecar import as_sidecar, place_of


class Parcel(Struct, frozen=True):
    """One record, ready to leave. `name` is its folder and name below the organisation's, without an ending."""

    filing: UUID
    organisation: UUID
    name: str
    document: bytes
    sha256: str
    sidecar: bytes
    #: Ed25519 over the bytes of the sidecar, base64. The sidecar names the document's SHA-256.
    signature: str


def pack(record: FinalRecord, key: Ed25519PrivateKey) -> Parcel:
    """Lay a record out for its system and sign it with the key that signs checkpoints."""
    from service.filing.document import as_pdf  # noqa: PLC0415 - what draws documents is slow to import

    layout = layout_for(record.system)
    name, document = place_of(record, layout), as_pdf(record)
    digest = sha256(document).hexdigest()
    sidecar = as_sidecar(record, layout, f"{name.rpartition('/')[2]}.pdf", digest)
    signature = base64.b64encode(key.sign(sidecar)).decode()
    return Parcel(record.filing, record.organisation, name, document, digest, sidecar, signature)


class Taken(Struct, frozen=True):
    """A parcel was taken: its name and its document's SHA-256 there, and its reference if that is known."""

    name: str
    sha256: str
    reference: str | None = None


class NotTaken(Exception):  # noqa: N818  it is an answer
    """A parcel was not taken: a short code of why, and whether it is of no use to try again."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good = why, for_good


class Outlet(Protocol):
    """A way out. Sending the same parcel twice is harmless."""

    via: str

    def send(self, parcel: Parcel) -> Taken:
        """Hand a parcel over. Raises NotTaken."""

    def acknowledgement(self, organisation: UUID, name: str) -> str | None:
        """The reference under which a parcel that was taken is on file; None while nothing is known.

        Raises NotTaken, for good, where the system has refused it.
        """

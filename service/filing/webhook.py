"""The webhook: records are posted to the council's integration, signed as Standard Webhooks has it.

The message id is the filing's, so that a receiver which keeps ids takes every record once, however often it comes. The
answer's `reference` acknowledges it.
"""

from __future__ import annotations

import base64
import json
from uuid import UUID

from service.filing.answers import reference_in
from service.filing.parcel import NotTaken, Parcel, Taken
from service.webhooks.signed_post import PostFailedError, SignedPost


class WebhookOutlet:
    """Posts to one URL. `private` lets it lead into the council's own network, and plain HTTP stay on this machine."""

    via = "webhook"

    def __init__(self, url: str, secret: str, *, private: bool = False) -> None:
        self._post = SignedPost(url, secret, private=private)

    def send(self, parcel: Parcel) -> Taken:
        """Post a parcel. Raises NotTaken."""
        message_id = f"filing_{parcel.filing}"
        try:
            answer = self._post.post(message_id, _body(parcel))
        except PostFailedError as failure:
            raise NotTaken(failure.why, for_good=failure.for_good) from failure
        return Taken(message_id, parcel.sha256, reference_in(answer))

    def acknowledgement(self, organisation: UUID, name: str) -> str | None:  # noqa: ARG002 - as every outlet
        """Nothing: what the answer did not acknowledge, somebody acknowledges by hand."""
        return None


def _body(parcel: Parcel) -> str:
    """The message: the sidecar's exact text, which the signature is over, and the document in base64."""
    said = {
        "type": "record.final",
        "data": {
            "filing": str(parcel.filing),
            "organisation": str(parcel.organisation),
            "name": parcel.name,
            "sidecar": parcel.sidecar.decode(),
            "signature": parcel.signature,
            "document": base64.b64encode(parcel.document).decode(),
        },
    }
    return json.dumps(said, ensure_ascii=False)

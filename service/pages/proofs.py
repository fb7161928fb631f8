"""A form's proof: what only a page that was made for its sender could have put into it.

It follows from the person and not from the visit, so that a form that was open while its visit ended is as good in the
next visit of the same person. Nothing has to be kept, and nobody can make one up without the secret. Where somebody
else's visit has taken the place of it in the browser, whether by itself or because another site signed the browser in,
the form is refused, so that nothing is kept under a name that is not its writer's. A proof does not end; it is worth
nothing without the person's cookie, which no other site's forms bring along, and beside it a form has to come from here
(`from_here`). Whoever could read one off a page could send forms from that page as well.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from service.settings import Settings


def proof_of(settings: Settings, organisation: UUID, person: str) -> str:
    """The proof of everything that a page sends for somebody."""
    key = hashlib.sha256(b"forms:" + settings.secret_key.get_secret_value().encode()).digest()
    return hmac.new(key, f"{organisation}:{person}".encode(), hashlib.sha256).hexdigest()

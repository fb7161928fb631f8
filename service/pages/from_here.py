"""Forms come from our own pages: what browsers say of that, besides the proof that each form carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from service.problems import Problem

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


async def sent_from_here(request: Request) -> None:
    """Raises Problem 403 for a form of another site. Browsers that say nothing are left to the proof."""
    if request.method in _READS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        known = (request.headers.get("host"), urlsplit(request.app.state.settings.base_url).netloc)
        ours = origin is None or urlsplit(origin).netloc in known
    if not ours:
        raise Problem(403, "not_from_here", "This form was sent by another site. Open the page here, and send it anew.")

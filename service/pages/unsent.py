"""A form that was not taken since its sender is signed in no more, or as somebody else: it comes back as it was sent.

Nobody knows yet whose it is, so the page has no proof but the one that came with the form: what another site has made
up stays as worthless as it was, however often it is sent again.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.pages.meanwhile import WAS
from service.pages.posted import Posted
from service.pages.rendering import bare_page
from service.pages.visiting import PROOF, form_of

#: What a page of ours puts into its forms itself, and what its buttons say.
_OURS = frozenset({PROOF, "key", "version", "seen", "stage", "do", "step", "send", "look"})


async def unsent(request: Request, why: str, status: int) -> Response | None:
    """The page with everything that was typed, to be sent again; None where nothing was."""
    if request.method != "POST":
        return None
    try:
        async with form_of(request) as form:
            posted = Posted(form)
    except HTTPException:
        return None
    typed = [value for name, value in posted.everything() if _is_typed(name) and value.strip()]
    if not typed:
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    values = {
        "why": why, "action": f"{request.url.path}{query}", "kept": posted.everything(),
        "written": [text for text in typed if len(text.split()) > 1], "had_file": posted.has_file(),
    }  # fmt: skip
    return await run_in_threadpool(bare_page, "unsent.html", values, status)


def _is_typed(name: str) -> bool:
    return name not in _OURS and not name.startswith(WAS)

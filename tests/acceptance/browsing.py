"""Pages as a browser asks for them, without a browser: cookies, forms with their hidden fields, redirects."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.fixtures.served import Story


@contextmanager
def browsing(story: Story, person: str) -> Iterator[httpx.Client]:
    """Somebody's browser, signed in."""
    base = story.client.base_url.copy_with(path="/")
    with httpx.Client(base_url=base, follow_redirects=True, timeout=story.client.timeout) as client:
        signed_in = client.post("/sign-in", data={"organisation": story.organisation, "person": person})
        assert signed_in.status_code == 200
        yield client


def form_on(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form that a page is about."""
    (form,) = re.findall(r'<form id="form".*?</form>', page.text, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def words_on(page: httpx.Response) -> str:
    """What a page says, without what is another each time: proofs and keys."""
    return re.sub(r'name="(proof|key)" value="[^"]*"', "", page.text)

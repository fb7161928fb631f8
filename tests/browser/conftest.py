"""A real Chromium that visits the pages of stories as their people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.acceptance.conftest import either_sandbox, postgres_sandbox, sandbox, story
from tests.browser.visitors import Visitor

if TYPE_CHECKING:
    from tests.fixtures.served import Story

__all__ = ["either_sandbox", "postgres_sandbox", "sandbox", "story"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: What keeps Chromium from looking for its maker, and lets it run as root in a container.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: Chromium answers at once on this machine or not at all.
_PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; the pipeline requires one, elsewhere the tests are left out where there is none."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Install Chromium: the pages are tested in a real browser.")
        pytest.skip("There is no Chromium here: the tests of pages in a browser are left out.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of its own for every test, with and without JavaScript."""
    with browser.new_context(java_script_enabled=request.param) as opened:
        opened.set_default_timeout(_PATIENCE_MS)
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that nobody has opened yet."""
    return context.new_page()


@pytest.fixture
def visit(page: Page) -> Callable[[Story, str], Visitor]:
    """Visit the pages as somebody of a story."""

    def begin(story: Story, person: str) -> Visitor:
        visitor = Visitor(page, story)
        visitor.become(person)
        return visitor

    return begin

"""A real Chromium that visits the pages of stories as their people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.acceptance.conftest import postgres_sandbox, sqlite_sandbox, story
from tests.browser.visitors import Visitor
from tests.browser.ways import WAYS, Way

if TYPE_CHECKING:
    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Sandbox, Story

__all__ = ["postgres_sandbox", "sqlite_sandbox", "story"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: What keeps Chromium from looking for its maker, and lets it run as root in a container.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_NONE_HERE = "There is no Chromium here: the tests of pages in a browser are left out."
#: Chromium answers at once on this machine or not at all.
_PATIENCE_MS = 10_000


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was left out, which a count of skipped tests does not."""
    if CHROMIUM is None:
        terminalreporter.write_line(f"{_NONE_HERE} They run by: make test-browser", yellow=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; the pipeline requires one, elsewhere the tests are left out where there is none."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Install Chromium: the pages are tested in a real browser.")
        pytest.skip(_NONE_HERE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    """Every journey is made in each of these ways."""
    found: Way = request.param
    return found


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, way: Way) -> Sandbox:
    """A sandbox on the database of the way."""
    found: Sandbox = request.getfixturevalue(f"{way.database}_sandbox")
    return found


@pytest.fixture
def context(browser: Browser, way: Way) -> Iterator[BrowserContext]:
    """A browser of its own for every test."""
    with browser.new_context(java_script_enabled=way.scripts) as opened:
        opened.set_default_timeout(_PATIENCE_MS)
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that nobody has opened yet."""
    return context.new_page()


@pytest.fixture
def visit(page: Page, html_validator: HtmlValidator) -> Callable[[Story, str], Visitor]:
    """Visit the pages as somebody of a story."""

    def begin(story: Story, person: str) -> Visitor:
        visitor = Visitor(page, story, html_validator)
        visitor.become(person)
        return visitor

    return begin

"""What somebody does in a browser, and that every page they see is accessible and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from msgspec import Struct, field

from tests.browser.judged import is_new

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Story

_AXE = Axe()
#: More steps than this to a button is no journey with a keyboard.
_MOST_TABS = 60
#: What the focused element says: its own text, its label, or its value.
_SAYS = """() => {
  const here = document.activeElement;
  return [here.innerText, ...[...(here.labels || [])].map(label => label.innerText), here.value].join(" ");
}"""


class Visitor(Struct, frozen=True):
    """Somebody of a story at a browser. Every page that they come to is checked before they go on."""

    page: Page
    story: Story
    html: HtmlValidator
    #: Every link, button and answer that was pressed since they signed in.
    clicks: list[str] = field(default_factory=list)
    #: The pages that came since somebody looked.
    _came: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep every page as the service sends it, before scripts change it."""
        self.page.on("response", lambda answer: self._came.append(answer) if _is_page(answer) else None)

    @property
    def base(self) -> str:
        """Where the service answers."""
        url = self.story.client.base_url
        return f"{url.scheme}://{url.host}:{url.port}"

    def become(self, person: str) -> None:
        """Sign in as somebody of the story's council."""
        self.page.goto(f"{self.base}/sign-in?organisation={self.story.organisation}")
        self.page.locator(f'input[name="person"][value="{person}"]').locator("xpath=../button").click()
        self.clicks.clear()
        self.look()

    def go(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(f"{self.base}{path}")
        self.look()

    def click(self, what: Locator) -> None:
        """Click on what no name alone tells from others."""
        self.clicks.append(what.text_content() or "")
        what.click()
        self.look()

    def follow(self, link: str) -> None:
        """Follow the first link, or what looks like a button and is one, of this name."""
        self.clicks.append(link)
        self.page.get_by_role("link", name=link).or_(self.page.get_by_role("button", name=link)).first.click()
        self.look()

    def press(self, button: str) -> None:
        """Press the button that sends a form."""
        self.clicks.append(button)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.look()

    def choose(self, answer: str) -> None:
        """Choose or tick the answer with this label."""
        self.clicks.append(answer)
        self.page.get_by_label(answer, exact=True).check()

    def select(self, label: str, value: str) -> None:
        """Choose from a list that opens: one press opens it, one chooses."""
        self.clicks.extend((label, value))
        self.page.get_by_label(label, exact=True).select_option(value)

    def tab_to(self, text: str) -> None:
        """Go on with the Tab key until whatever has the focus says this, as somebody without a mouse does."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if text in self.page.evaluate(_SAYS):
                return
        raise AssertionError(f"the keyboard does not come to {text!r}")

    def press_by_key(self, text: str) -> None:
        """Go to a link or button with the Tab key, and press it with Enter."""
        self.tab_to(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def is_as_wide_as(self, width: int) -> bool:
        """Whether nothing of the page lies beside a screen of this width."""
        self.page.set_viewport_size({"width": width, "height": 800})
        return bool(self.page.evaluate("() => document.documentElement.scrollWidth") <= width)

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_role("textbox", name=label).fill(text)

    def enter(self, name: str, day: str, time: str = "") -> None:
        """Type a day such as 2025-03-05, and a time of day, into the parts of a field."""
        year, month, of_month = day.split("-")
        for part, text in (("day", of_month), ("month", month), ("year", year), ("time", time)):
            if text:
                self.page.locator(f'[name="{name}-{part}"]').fill(text)

    def sees(self, text: str) -> bool:
        """Whether a text stands on the page."""
        return text in self.page.locator("body").inner_text()

    def look(self) -> None:
        """Check the page's HTML, and the page as axe does, which cannot be run with JavaScript off."""
        self.page.wait_for_load_state()
        scripts = bool(self.page.evaluate("() => document.body.classList.contains('js-enabled')"))
        if self._came:
            sent = self._came[-1].text()
            self._came.clear()
            if not is_new(sent, self.page.viewport_size, scripts=scripts):
                return
            assert self.html.mistakes(sent) == []
        if scripts:
            found = _AXE.run(self.page)
            assert not found.response["violations"], found.generate_report()


def _is_page(answer: Response) -> bool:
    """Whether an answer is what a browser shows, and no way on to another one."""
    is_way_on = answer.status in range(300, 400)
    return not is_way_on and answer.headers.get("content-type", "").startswith("text/html")

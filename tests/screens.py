"""Take the pictures of docs/screens: every page of the matrix as somebody whose page it is, and some as on a phone.

`python -m tests.screens` tells a story to a sandbox of its own and opens the pages in Chromium.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import structlog
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from service.pages.visiting import cookie_name
from tests.acceptance.beginnings import away, booked, case_of, disputed, drafted, held, raised, sent
from tests.acceptance.route_matrix import ANSWERED, PAGES, PEOPLE, READS, Row
from tests.acceptance.test_page_matrix import SETTINGS, signed_in
from tests.acceptance.test_route_matrix import ELSEWHERE, POLICY
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.fixtures.served import STANDARD_TEAM, Sandbox, Story, sandbox_on

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
DESK: ViewportSize = {"width": 1000, "height": 700}
PHONE: ViewportSize = {"width": 320, "height": 640}
#: Most pages say by then what they are for.
TALLEST = 2000
COLOURS = 64
NAMES = {
    "ad": "Ottilie Marchbanks", "hos": "Fenwick Adderley", "lm": "Rosalind Thackberry", "sup": "Idris Pennywell",
    "sup2": "Maud Lanternside", "wkr": "Tamsin Orchard", "wkr2": "Callum Featherby", "bs": "Beryl Inkpen",
    "hr1": "Priya Coldwater", "aud": "Hector Quillfeather", "hos2": "Una Brambleton", "lm2": "Silas Gorsefield",
    "sup3": "Wilf Harrowgate", "wkr3": "Nesta Fallowmere",
}  # fmt: skip
SECTIONS = {
    "support": "Tamsin has been tired since the two court reports. We agreed that she takes Friday off in lieu.",
    "reflection": "The visit in Mill Lane went better than feared, because the grandmother was there from the start.",
    "learning_and_development": "The course about neglect is booked for May.",
    "review_of_actions": "The chronology is done. The genogram is not, and is carried over.",
    "actions_to_take_forward": "Finish the genogram; ask for the health visitor's notes.",
}
#: Who shows a page that everybody has; otherwise it is the supervisor.
SHOWN_BY = {
    "/overview": "lm", "/disputes": "lm", "/absences": "lm", "/matters/{record}": "wkr",
    "/referrals": "hr1", "/disclosures": "hr1", "/calendar": "admin", "/policies": "admin", "/me": "wkr",
    "/me/looked": "wkr", "/policies/north-somerset": "admin", "/policies/compare": "admin",
}  # fmt: skip
#: Not pages: files to download.
FILE = re.compile(r"\.csv$|/file\.|/copy$")
ON_A_PHONE = frozenset({"/", "/matters/{record}", "/me", "/my-people", "/overview"})


class Shot(NamedTuple):
    """A page, and who opens it."""

    row: Row
    who: str

    @property
    def name(self) -> str:
        """From the path: an id is called what it is the id of."""
        return re.sub(r"[{}]", "", self.row.path).strip("/").replace("/", "-") or "your-work"


def shots() -> Iterator[Shot]:
    """Every page of the matrix that somebody has."""
    for route, rows in PAGES.items():
        for row in rows if route.startswith("GET") else ():
            theirs = [who for who, cell in zip(PEOPLE, row.cells, strict=True) if cell in (READS, ANSWERED)]
            if theirs and not FILE.search(row.path):
                shown_by = SHOWN_BY.get(row.path, "sup")
                yield Shot(row, shown_by if shown_by in theirs else theirs[0])


def told_by(sandbox: Sandbox) -> tuple[Story, dict[str, str]]:
    """A council in which there is something on every page, and the ids that the paths of the matrix ask for."""
    people = {row["ref"]: dict(row) for row in (*STANDARD_TEAM, *ELSEWHERE)}
    named = [{**row, "name": NAMES[ref], "team": "Family support north"} for ref, row in people.items()]
    cases = [case_of(POLICY, ref=ref) for ref in ("c1", "c2", "c3")]
    story = sandbox.story(POLICY, people=named, cases=cases)
    held(story, "2025-03-04T11:00", supervisee="wkr2")
    session = booked(story, "2025-03-12T10:00", place="Room 4")
    disputed(story, "I did not say that I would leave the family to the duty team.")
    raised(story, "The visits to Mill Lane cannot wait for the panel.")
    away(story, "sup2")
    elsewhere = story.open("sup3", "records", supervisee="wkr3", kind="personal", sections=SECTIONS)
    about, facts = "record keeping", "Four case notes were written a month late, and two of them from memory."
    referral = story.open("sup", "referrals", supervisee="wkr", about=about, facts=facts)
    story.open("sup", "actions", what="Finish the genogram", why="The panel asks for it", owner="wkr", due="2025-03-20")
    asked = {"kind": "investigation", "requester": "The local police", "about": "person", "supervisee": "wkr"}
    delay = {"authorised_by": "hos", "authority": "Else evidence is lost."}
    record = sent(story, **SECTIONS)
    request = story.move("hr1", story.open("hr1", "disclosures", **asked, delay=delay), "review")
    drafted(story, support="We talked about")
    story.at("2025-03-10T09:00")
    found = {
        "record": record, "session": session, "referral": referral, "request": request, "elsewhere": elsewhere,
    }  # fmt: skip
    return story, {name: matter["id"] for name, matter in found.items()}


def picture(page: Page) -> Image.Image:
    """The page from its top, in few colours."""
    size = page.viewport_size
    assert size
    height = min(int(page.evaluate("() => document.documentElement.scrollHeight")), TALLEST)
    clip = {"x": 0.0, "y": 0.0, "width": float(size["width"]), "height": float(height)}
    taken = page.screenshot(full_page=True, animations="disabled", clip=clip)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def take(browser: Browser, story: Story, ids: dict[str, str], shot: Shot, size: ViewportSize, folder: Path) -> None:
    """Open a page as whose it is, and keep its picture."""
    base = story.client.base_url
    with browser.new_context(viewport=size) as context:
        token = signed_in(story, shot.who)
        context.add_cookies([{"name": cookie_name(SETTINGS), "value": token, "url": f"{base.scheme}://{base.host}"}])
        page = context.new_page()
        page.goto(str(base.copy_with(path=shot.row.path.format_map(ids), params=dict(shot.row.params))))
        picture(page).save(folder / f"{shot.name}.png", optimize=True)


def main() -> None:
    """Take them all anew."""
    # What the service logs is no news here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    (FOLDER / "phone").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as here, sandbox_on(f"sqlite:///{here}/screens.sqlite3") as sandbox:
        story, ids = told_by(sandbox)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for shot in shots():
                take(browser, story, ids, shot, DESK, FOLDER)
                if shot.row.path in ON_A_PHONE:
                    take(browser, story, ids, shot, PHONE, FOLDER / "phone")
            browser.close()


if __name__ == "__main__":
    main()

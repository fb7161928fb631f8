"""Take the pictures of docs/screens: every page of the matrix as somebody whose page it is, and some as on a phone.

`python -m tests.screens` tells a story to a sandbox of its own and opens the pages in Chromium.
"""

from __future__ import annotations

import io
import logging
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from service.pages.visiting import cookie_name
from tests.acceptance.beginnings import booked, case_of, drafted, held, raised, sent
from tests.acceptance.route_matrix import ANSWERED, PAGES, PEOPLE, READS
from tests.acceptance.test_page_matrix import SETTINGS, signed_in
from tests.acceptance.test_pages_of_incidents import report
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
    "actions_to_take_forward": "Finish the genogram; ask for the health visitor’s notes.",
}
CONTESTED = "Tamsin leaves the family to the duty team."
OTHER_SECTIONS = {"support": "Nesta has settled in well, and asks for a second day at home."}
PEOPLE_FILE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
wkr4,Ivo Larkspur,ivo@council.example,social_worker,sup,sup,2025-03-17
wkr,Tamsin Orchard,tamsin@council.example,senior_social_worker,sup,sup,2018-01-08
"""
#: Who shows a page that others have as well; otherwise it is the supervisor, or whoever is the first to have it.
SHOWN_BY = {
    "/overview": "lm", "/disputes": "lm", "/absences": "lm2", "/matters/{record}": "wkr", "/matters/{referral}": "hr1",
    "/matters/{referral}/moves/accept": "hr1", "/referrals": "hr1", "/disclosures": "hr1", "/calendar": "admin",
    "/policies": "admin", "/policies/north-somerset": "admin", "/policies/compare": "admin", "/incidents": "admin",
    "/me": "wkr", "/me/looked": "wkr",
}  # fmt: skip
#: A record that has been sent is written no more.
INSTEAD = {"/matters/{record}/moves/write": "/matters/{draft}/moves/write"}
#: Not pages: files to download.
FILE = re.compile(r"\.csv$|/file\.|/copy$")
ON_A_PHONE = frozenset({"/", "/matters/{record}", "/me", "/my-people", "/overview"})


def _only_look(_page: Page) -> None:
    """Nothing is done on a page that is shown as it opens."""


class Shot(NamedTuple):
    """A page, and who opens it; what they do there, where the picture is of what comes then, and how it is called."""

    path: str
    who: str
    params: Mapping[str, Any]
    does: Callable[[Page], None] = _only_look
    called: str = ""

    @property
    def name(self) -> str:
        """From the path: an id is called what it is the id of."""
        return self.called or re.sub(r"[{}]", "", self.path).strip("/").replace("/", "-") or "your-work"


def _decide(page: Page) -> None:
    page.get_by_label("The record is to be amended", exact=True).check()
    page.get_by_role("textbox", name="Reasons for your decision").fill("Both remember that the family stays with her.")
    page.get_by_role("button", name="Continue").click()


def _send_a_list(page: Page) -> None:
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE_FILE.encode()}
    page.get_by_label("File of people").set_input_files(file)  # type: ignore[arg-type] # as documented
    page.get_by_role("button", name="Check the file of people").click()


def _make_a_token(page: Page) -> None:
    page.get_by_role("textbox", name="What it is for").fill("Nightly list from the HR system")
    page.locator('[name="scopes"]').first.check()
    page.get_by_role("button", name="Make the token").click()


def _make_a_feed(page: Page) -> None:
    page.get_by_role("button", name="Make a calendar feed").click()


#: What the matrix asks for in one state alone, in others that managers and supervisors work in.
IN_OTHER_STATES = (
    Shot("/matters/{dispute}", "lm", {}),
    Shot("/matters/{absence}", "lm2", {}),
    Shot("/matters/{absence}/moves/assign_cover", "lm2", {}, called="cover"),
    Shot("/matters/{session}", "sup", {}),
    # Once more, now that one of its records was looked through.
    Shot("/matters/{request}", "hr1", {}),
    Shot("/matters/{request}/copy", "hr1", {}, called="request-copy"),
    Shot("/incidents/{incident}/release", "admin", {}),
)
#: What comes once a form is sent.
SENT = (
    Shot("/matters/{dispute}/moves/decide", "lm", {}, _decide, "dispute-checked"),
    Shot("/lists", "admin", {}, _send_a_list, "list-checked"),
    Shot("/service/tokens/new", "admin", {}, _make_a_token, "token-made"),
    Shot("/calendar-feed", "wkr", {}, _make_a_feed, "calendar-feed-made"),
)


def shots() -> Iterator[Shot]:
    """Every page of the matrix that somebody has, and a few more."""
    for route, rows in PAGES.items():
        for row in rows if route.startswith("GET") else ():
            theirs = [who for who, cell in zip(PEOPLE, row.cells, strict=True) if cell in (READS, ANSWERED)]
            if theirs and not FILE.search(row.path):
                shown_by = SHOWN_BY.get(row.path, "sup")
                who = shown_by if shown_by in theirs else theirs[0]
                yield Shot(INSTEAD.get(row.path, row.path), who, row.params)
    yield from IN_OTHER_STATES
    yield from SENT


def told_by(sandbox: Sandbox) -> tuple[Story, dict[str, str]]:
    """A council in which there is something on every page, and the ids that the paths of the matrix ask for."""
    people = {row["ref"]: dict(row) for row in (*STANDARD_TEAM, *ELSEWHERE)}
    named = [{**row, "name": NAMES[ref], "team": "Family support north"} for ref, row in people.items()]
    cases = [case_of(POLICY, ref=ref) for ref in ("c1", "c2", "c3")]
    story = sandbox.story(POLICY, people=named, cases=cases)
    held(story, "2025-03-04T11:00", supervisee="wkr2")
    found = {**_records(story), **_hard_matters(story)}
    found["session"] = booked(story, "2025-03-12T10:00", place="Room 4")
    story.open("sup", "actions", what="Finish the genogram", why="The panel asks for it", owner="wkr", due="2025-03-20")
    found["absence"] = story.open(
        "hr1", "absences", person="sup3", first_day="2025-03-04", cause="sickness", expected_return="2025-05-05"
    )
    report(story, "Nobody is left who could sign the record.", about=found["elsewhere"])
    [found["incident"]] = story.items("admin", "/incidents")
    story.at("2025-03-10T09:00")
    return story, {name: matter["id"] for name, matter in found.items()}


def _records(story: Story) -> dict[str, dict[str, Any]]:
    """Records that are written, wait for a signature, are disputed, and are somebody else's."""
    contested = sent(story, support=f"We talked about the duty rota. {CONTESTED} Friday is taken off in lieu.")
    statement = "I did not say that I would leave the family to the duty team."
    story.move("wkr", contested, "dispute", statement=statement, passages=[CONTESTED])
    dispute = story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")
    record = sent(story, **SECTIONS)
    story.matter("lm", record)
    elsewhere = story.open("sup3", "records", supervisee="wkr3", kind="personal", sections=OTHER_SECTIONS)
    draft = drafted(story, support="We talked about the duty rota.")
    return {"dispute": dispute, "record": record, "elsewhere": elsewhere, "draft": draft}


def _hard_matters(story: Story) -> dict[str, dict[str, Any]]:
    """A disagreement about casework, a referral that is with HR, and a request of which nobody is told yet."""
    raised(story, "The visits to Mill Lane cannot wait for the panel.")
    about, facts = "Record keeping", "Four case notes were written a month late, and two of them from memory."
    referral = story.open("sup", "referrals", supervisee="wkr", about=about, facts=facts)
    story.move("sup", referral, "submit")
    story.move("lm", referral, "forward", reason="Beyond what supervision can mend.")
    asked = {"kind": "investigation", "requester": "The local police", "about": "person", "supervisee": "wkr"}
    delay = {"authorised_by": "hos", "authority": "Else evidence is lost."}
    request = story.move("hr1", story.open("hr1", "disclosures", **asked, delay=delay), "review")
    return {"referral": referral, "request": request}


def picture(page: Page) -> Image.Image:
    """The page from its top, in few colours."""
    size = page.viewport_size
    assert size
    height = min(int(page.evaluate("() => document.documentElement.scrollHeight")), TALLEST)
    clip = {"x": 0.0, "y": 0.0, "width": float(size["width"]), "height": float(height)}
    taken = page.screenshot(full_page=True, animations="disabled", clip=clip)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


class Camera:
    """Chromium, in which everybody signs in once."""

    def __init__(self, browser: Browser, story: Story, ids: Mapping[str, str]) -> None:
        """Of the pages of one council."""
        self._browser, self._story, self._ids = browser, story, ids
        self._signed_in: dict[str, str] = {}

    def take(self, shot: Shot, size: ViewportSize, folder: Path) -> None:
        """Open a page as whose it is, and keep its picture."""
        base = self._story.client.base_url
        if shot.who not in self._signed_in:
            self._signed_in[shot.who] = signed_in(self._story, shot.who)
        with self._browser.new_context(viewport=size, locale="en-GB") as context:
            token, url = self._signed_in[shot.who], f"{base.scheme}://{base.host}"
            context.add_cookies([{"name": cookie_name(SETTINGS), "value": token, "url": url}])
            page = context.new_page()
            page.goto(str(base.copy_with(path=shot.path.format_map(self._ids), params=dict(shot.params))))
            shot.does(page)
            page.wait_for_load_state()
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
            camera = Camera(browser, story, ids)
            for shot in shots():
                camera.take(shot, DESK, FOLDER)
                if shot.path in ON_A_PHONE:
                    camera.take(shot, PHONE, FOLDER / "phone")
            browser.close()


if __name__ == "__main__":
    main()

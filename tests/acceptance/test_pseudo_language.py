"""Every word of the pages is in the catalogue: in a language that brackets its words, only data stands outside."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from service.pages.languages import ENGLISH
from service.pages.visiting import cookie_name
from tests.acceptance.beginnings import away, disputed, drafted, held, raised
from tests.acceptance.route_matrix import PAGES, Row
from tests.acceptance.test_page_matrix import SETTINGS, signed_in, visit
from tests.acceptance.test_route_matrix import ELSEWHERE, NAME, SAID, Told, told_by
from tests.fakes.policy_words import words_of_policies
from tests.fakes.pseudo_language import bracketed, outside, pseudo_language, words_outside
from tests.fixtures.served import STANDARD_TEAM, Sandbox, Story, sandbox_on

if TYPE_CHECKING:
    from pathlib import Path

#: Whoever has pages that others have not.
VISITORS = ("wkr", "sup", "lm", "hos", "hr1", "aud", "admin")
#: How many pages are looked at as each of them, and how many of one kind.
_PAGES, _OF_A_KIND = 70, 4
_EVERY = [
    pytest.param(route, row, id=f"{route.split()[0]} {row.path}") for route, rows in PAGES.items() for row in rows
]
_REFS = "|".join(str(row["ref"]) for row in (*STANDARD_TEAM, *ELSEWHERE))
#: What the story's people are called and wrote, and what programs are told.
_TOLD = re.compile(
    rf"{NAME} \w+|Tired of {SAID}\.?|{SAID} room|{SAID}|Else it is lost\.|Exampleshire|Administrator"
    rf"|first administrator|sandbox|SVG|PNG|PDF|Mermaid|Graphviz|SCXML|JSON|\b(?:{_REFS}|admin|c1)\b"
)
#: Clauses, ids and numbers.
_MARKS = re.compile(r"\b(?:[A-Z]{2,3}-\d+\w*|[0-9a-f]{8}-[0-9a-f-]{27}|\d+)\b")
_POSTS = frozenset(str(row["job_role"]).replace("_", " ").capitalize() for row in STANDARD_TEAM)
_ENDS = " .,:;()–•“”▲▼"
_LINK = re.compile(r'href="(/[^"#]*)"')
_FORM = re.compile(r'<form id="form".*?action="([^"]*)".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
#: Ways out, and what is no page.
_NO_PAGES = ("/language", "/static", "/sign-", "/overview.csv", "/api")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A council whose pages are in the bracketing language, some weeks after much was begun and left undone."""
    folder: Path = tmp_path_factory.mktemp("bracketed")
    with sandbox_on(f"sqlite:///{folder}/sandbox.sqlite3", languages=(pseudo_language(), ENGLISH)) as sandbox:
        yield _told_more(sandbox)


def _told_more(sandbox: Sandbox) -> Told:
    told = told_by(sandbox)
    story = told.story
    drafted(story)
    disputed(story, SAID)
    raised(story, SAID)
    story.open("wkr", "concerns", about="quality", statement=SAID)
    away(story, "sup2")
    story.open("sup", "actions", supervisee="wkr", what=SAID, why=SAID, owner="wkr", due="2025-03-20")
    session = held(story, "2025-03-04T11:00", supervisee="wkr2")
    story.move("sup", _booked_again(story), "cancel", cause="diary", reason=SAID)
    assert session["state"] == "held"
    story.at("2025-04-15T09:00")
    return told


def _booked_again(story: Story) -> dict[str, object]:
    body = {"supervisee": "wkr2", "kind": "personal", "starts_at": "2025-03-10T10:00:00+00:00", "minutes": 60}
    return story.open("sup", "sessions", **body)


@pytest.fixture(scope="module")
def browsers(told: Told) -> dict[str, str]:
    """The visitors' browsers."""
    return {who: signed_in(told.story, who) for who in VISITORS}


def unknown(page: str) -> list[str]:
    """What a page says that is neither in the catalogue nor anybody's data."""
    left = (_TOLD.sub("", words).strip(_ENDS) for words in words_outside(page))
    return [words for words in left if not _is_data(words) and not _is_data(_MARKS.sub("", words).strip(_ENDS))]


def _is_data(words: str) -> bool:
    return not re.search("[A-Za-z]{2}", words) or words in words_of_policies() | _POSTS | {"and"}


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_a_page_says_nothing_that_is_not_in_the_catalogue(
    told: Told, browsers: dict[str, str], route: str, row: Row
) -> None:
    for who in VISITORS:
        answer = visit(told, browsers[who], route, row, told.ids)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert unknown(answer.text) == [], who


@pytest.mark.parametrize("who", VISITORS)
def test_neither_do_the_pages_that_it_leads_to_nor_their_forms_sent_empty(told: Told, who: str) -> None:
    base = told.story.client.base_url.copy_with(path="/")
    with httpx.Client(
        base_url=base, cookies={cookie_name(SETTINGS): signed_in(told.story, who)}, timeout=60
    ) as browser:
        found = {path: unknown(page) for path, page in _walk(browser)}

    assert len(found) > 20
    assert {path: words for path, words in found.items() if words} == {}


def _walk(browser: httpx.Client) -> Iterator[tuple[str, str]]:
    """Pages from the start page on, breadth first and few of a kind; what a form says to nothing that it needs."""
    ahead, seen, kinds = ["/"], set[str](), Counter[str]()
    while ahead and len(seen) < _PAGES:
        path = ahead.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", path.partition("?")[0])
        if path in seen or kinds[kind] >= _OF_A_KIND or path.startswith(_NO_PAGES):
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = browser.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            yield path, answer.text
            yield from _sent_empty(browser, path, answer.text)
            ahead += [html.unescape(link) for link in _LINK.findall(answer.text)]


def _sent_empty(browser: httpx.Client, path: str, page: str) -> Iterator[tuple[str, str]]:
    form = _FORM.search(page)
    if form is None or 'name="stage"' in form[0] or "errorMessage" in page:
        return
    hidden = dict(_HIDDEN.findall(form[0]))
    answer = browser.post(html.unescape(form[1]), data={**hidden, "version": "0"})
    if answer.headers.get("content-type", "").startswith("text/html"):
        yield f"{path} sent empty", answer.text


def test_words_that_were_never_looked_up_are_found() -> None:
    page = f"<html><body><p>{bracketed('It is %(what)s.')}</p><p lang='en'>As it is</p><img alt='Left'></body></html>"

    assert words_outside(page % {"what": "forgotten"}) == ["forgotten", "Left"]
    assert outside(bracketed("All of it")) == ""

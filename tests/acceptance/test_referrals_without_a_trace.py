"""Two councils that differ in nothing but that somebody was referred in one of them look the same to everybody else."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from zipfile import ZipFile

import httpx
import pytest

from tests.acceptance.beginnings import CASE, booked, sent
from tests.acceptance.test_pages import become
from tests.acceptance.test_referrals_sealed import OUTSIDERS

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

PAGES = (
    "/", "/matters?party=wkr", "/overview", "/overview?show=open", "/overview.csv?show=open", "/find?person=wkr",
    "/people/wkr", "/people/sup", "/my-people", "/schedule?person=wkr", "/notices", "/incidents", "/me", "/me/looked",
    "/disputes", "/referrals", "/absences", "/workflows/referral?counts=true", "/workflows/record?counts=true",
    "/start", "/start/referrals?supervisee=wkr",
)  # fmt: skip
ROUTES = (
    "/matters?limit=200", "/matters?party=wkr", "/matters?holder=sup", "/inbox", "/notices?limit=200", "/incidents",
    "/exceptions", "/people/wkr/actions", "/me/views", "/workflows/referral/diagram.json?counts=true",
)  # fmt: skip
#: What differs between any two councils: ids, hashes, proofs, signatures and keys.
_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{128}|[0-9a-f]{64}")
_WORD = re.compile(r"[^\s,{}\[\]<>]+")


@pytest.fixture(scope="module")
def two(sandbox: Sandbox) -> tuple[Story, Story]:
    """The one with the referral comes second."""
    plain, referred = (sandbox.story(cases=[CASE]) for _ in range(2))
    for story in (plain, referred):
        sent(story, professional_development="A course.")
        booked(story)
    referred.open("sup", "referrals", supervisee="wkr", about="record keeping", facts="Four visits.")
    for story in (plain, referred):
        story.at("2025-03-20T09:00")
    return plain, referred


def words(text: str) -> list[str]:
    """What is said, in whichever order: of two that came at once either comes first."""
    return sorted(_WORD.findall(_OWN.sub("…", text)))


def told(answer: httpx.Response) -> tuple[int, list[str]]:
    return answer.status_code, words(answer.text)


@pytest.mark.clause("HAR-37", "HAR-38", "NS-51", "DAR-25", "CBC-64")
@pytest.mark.parametrize("who", OUTSIDERS)
def test_on_every_page_and_every_list(two: tuple[Story, Story], who: str) -> None:
    seen = []
    for story in two:
        lists = [told(story.send(who, "GET", route)) for route in ROUTES]
        with httpx.Client(base_url=story.client.base_url.copy_with(path="/"), follow_redirects=True) as browser:
            become(browser, story, who)
            seen.append([*lists, *(told(browser.get(page)) for page in PAGES)])

    assert [path for path, one, other in zip((*ROUTES, *PAGES), *seen, strict=True) if one != other] == []


@pytest.mark.parametrize("who", ["aud", "hos"])
def test_in_an_inspection_pack(two: tuple[Story, Story], who: str) -> None:
    packs = []
    for story in two:
        answer = story.send(who, "GET", "/inspection-pack", params={"as_at": "2025-03-19"})
        with ZipFile(io.BytesIO(answer.content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".pdf")}
        packs.append({name: words(said.decode()) for name, said in files.items()})

    assert packs[0] == packs[1]

"""What is reported again and again about the same thing is one incident for people, however often it was."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert

from service.engine.ids import new_id
from service.storage.matter_tables import incidents
from tests.acceptance.beginnings import drafted
from tests.acceptance.browsing import browsing, form_on
from tests.fixtures.served import london

if TYPE_CHECKING:
    import httpx

    from tests.fixtures.served import Story

START = datetime.fromisoformat(london("2025-03-03T09:00"))


def report(story: Story, detail: str, times: int = 1, about: dict[str, Any] | None = None, kind: str = "stuck") -> None:
    """Report the same thing, a minute after the other; what was reported last says so."""
    own = UUID(story.organisation)
    rows = [
        {
            "organisation_id": own, "id": new_id(at), "matter_id": UUID(about["id"]) if about else None, "kind": kind,
            "detail": detail, "at": at, "closed_at": None,
        }
        for at in (START - timedelta(days=1) + timedelta(minutes=number) for number in range(times))
    ]  # fmt: skip
    with story.door.database.write(own) as connection:
        connection.execute(insert(incidents), rows)


def details(page: httpx.Response) -> list[str]:
    """What the incidents on a page say, in their order."""
    return [found.strip() for found in re.findall(r"<h2[^>]*>(.*?)<strong", page.text, re.DOTALL)]


def test_more_of_the_same_than_a_page_holds_is_one_incident_with_its_number(either_story: Story) -> None:
    record = drafted(either_story)
    report(either_story, "Nobody was left to ask.", 120, record)
    report(either_story, "Something else.", 2, record, kind="other")

    with browsing(either_story, "admin") as browser:
        page = browser.get("/incidents")

    assert sorted(details(page)) == ["Nobody was left to ask.", "Something else."]
    assert "reported 120 times since Sunday 2 March 2025" in page.text
    assert "reported 2 times" in page.text


def test_what_belongs_to_no_matter_is_one_incident_while_it_says_the_same(either_story: Story) -> None:
    report(either_story, "A notice to p1 was refused.", 3)
    report(either_story, "A notice to p2 was refused.")

    with browsing(either_story, "admin") as browser:
        page = browser.get("/incidents")

    assert sorted(details(page)) == ["A notice to p1 was refused.", "A notice to p2 was refused."]


def test_no_page_shows_what_another_one_has_shown(either_story: Story) -> None:
    for number in range(60):
        report(either_story, f"Number {number}.", 2)

    with browsing(either_story, "admin") as browser:
        first = browser.get("/incidents")
        [older] = re.findall(r'href="(/incidents\?[^"]*cursor=[^"]*)"', first.text)
        second = browser.get(older.replace("&amp;", "&"))

    shown = details(first) + details(second)
    assert len(details(first)) == 50
    assert sorted(shown) == sorted(f"Number {number}." for number in range(60))


def test_letting_one_go_lets_go_all_of_the_same_and_nothing_else(either_story: Story) -> None:
    report(either_story, "A notice to p1 was refused.", 3)
    report(either_story, "A notice to p2 was refused.")

    with browsing(either_story, "admin") as browser:
        page = browser.get("/incidents").text
        [release] = re.findall(r'href="(/incidents/[^"]*/release)"><?[^<]*<span[^>]*>: A notice to p1', page)
        browser.post(release, data={**form_on(browser.get(release)), "reason": "The list was wrong."})

        assert details(browser.get("/incidents")) == ["A notice to p2 was refused."]
        assert details(browser.get("/incidents?closed=true")) == ["A notice to p1 was refused."]

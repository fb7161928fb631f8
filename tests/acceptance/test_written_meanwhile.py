"""A form that is sent after somebody else has written puts back nothing of theirs, and shows what both have written."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import drafted
from tests.acceptance.browsing import browsing, form_on
from tests.acceptance.test_relationships import TERMS

if TYPE_CHECKING:
    import httpx

    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Story

BOTH = "Somebody else has written here too."


def written_in(page: httpx.Response) -> dict[str, str]:
    """What stands in the texts of a form, with its hidden fields: what a browser would send."""
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page.text)
    lines = re.findall(r'<input class="govuk-input[^"]*"[^>]* name="([^"]+)"[^>]*?(?: value="([^"]*)")?>', page.text)
    found = {name: html.unescape(value) for name, value in (*texts, *lines)}
    chosen = re.findall(r'<input[^>]* name="([^"]+)"[^>]* type="radio" value="(\w+)" checked', page.text)
    return {**form_on(page), **found, **dict(chosen)}


def said_on(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def sections(story: Story, record: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = story.matter("sup", record)["data"]["sections"]
    return {name: text for name, text in kept.items() if text}


def test_a_section_that_somebody_else_wrote_anew_is_not_put_back(either_story: Story) -> None:
    record = drafted(either_story, personal_discussion="As it was.", equality="None.")
    address = f"/matters/{record['id']}/moves/write"
    with browsing(either_story, "sup") as browser:
        mine = {**written_in(browser.get(address)), "sections.equality": "Mine."}
        either_story.move("sup", record, "write", sections={"personal_discussion": "Theirs, long and important."})

        again = browser.post(address, data=mine)
        assert again.status_code == 422
        assert "Somebody else has changed this" in again.text
        assert BOTH not in again.text
        browser.post(address, data=written_in(again))

    kept = sections(either_story, record)
    assert kept == {"personal_discussion": "Theirs, long and important.", "equality": "Mine."}


def test_where_both_wrote_each_sees_the_others_text_before_one_replaces_it(
    story: Story, html_validator: HtmlValidator
) -> None:
    record = drafted(story, personal_discussion="As it was.")
    address = f"/matters/{record['id']}/moves/write"
    with browsing(story, "sup") as browser:
        mine = {**written_in(browser.get(address)), "sections.personal_discussion": "Mine."}
        story.move("sup", record, "write", sections={"personal_discussion": "Theirs <b>."})

        again = browser.post(address, data=mine)
        assert BOTH in again.text
        assert html_validator.mistakes(again.text) == []
        assert "What somebody else wrote: Personal discussion Theirs <b>." in said_on(again)
        both = {**written_in(again), "sections.personal_discussion": "Theirs, and mine."}
        assert browser.post(address, data=both).status_code == 200

    assert sections(story, record) == {"personal_discussion": "Theirs, and mine."}


def test_the_others_text_is_shown_whatever_else_is_wrong_with_the_form(story: Story) -> None:
    record = drafted(story, personal_discussion="As it was.")
    address = f"/matters/{record['id']}/moves/write"
    with browsing(story, "sup") as browser:
        mine = {**written_in(browser.get(address)), "sections.personal_discussion": "Mine. " * 10_000}
        story.move("sup", record, "write", sections={"personal_discussion": "Theirs."})

        again = browser.post(address, data=mine)

    assert "What somebody else wrote: Personal discussion Theirs." in said_on(again)


def test_a_section_that_both_wrote_alike_or_somebody_emptied_is_told_as_it_is(story: Story) -> None:
    record = drafted(story, personal_discussion="As it was.", equality="None.")
    address = f"/matters/{record['id']}/moves/write"
    with browsing(story, "sup") as browser:
        mine = written_in(browser.get(address)) | {
            "sections.personal_discussion": "The same.", "sections.equality": "Some.",
        }  # fmt: skip
        story.move("sup", record, "write", sections={"personal_discussion": "The same.", "equality": ""})

        again = browser.post(address, data=mine)

    assert said_on(again).count("What somebody else wrote") == 1
    assert "Nothing stands there any more." in said_on(again)


@pytest.mark.parametrize("text", ["Two lines.\r\nSecond one.", "  Blanks around.  ", 'Quotes " & <signs>'])
def test_what_nobody_touched_makes_no_step_however_it_is_written(story: Story, text: str) -> None:
    record = drafted(story, personal_discussion=text, equality="None.")
    address = f"/matters/{record['id']}/moves/write"
    with browsing(story, "sup") as browser:
        mine = written_in(browser.get(address))
        story.move("sup", record, "write", sections={"equality": "Theirs."})

        assert browser.post(address, data=mine).status_code == 200

    assert story.triggers("sup", record) == ["open", "write"]


def test_terms_that_the_other_one_proposed_meanwhile_stay(story: Story) -> None:
    agreement = story.open("sup", "agreements", supervisee="wkr", terms={**TERMS, "handwriting": False})
    address = f"/matters/{agreement['id']}/moves/fill"
    names = [name for name, value in TERMS.items() if isinstance(value, str)][:2]
    first, second = names
    with browsing(story, "wkr") as browser:
        mine = {**written_in(browser.get(address)), f"terms.{second}": "As I would have it."}
        assert mine[f"terms.{first}"] == TERMS[first]
        theirs = {**TERMS, "handwriting": True, first: "As they would have it."}
        story.move("sup", agreement, "fill", supervisee="wkr", terms=theirs)

        again = browser.post(address, data=mine)
        assert again.status_code == 422
        assert BOTH not in again.text
        assert browser.post(address, data=written_in(again)).status_code == 200

    kept = story.matter("sup", agreement)["data"]["terms"]
    assert (kept[first], kept[second], kept["handwriting"]) == ("As they would have it.", "As I would have it.", True)


def test_a_term_that_both_answered_is_shown_in_both_answers(story: Story) -> None:
    agreement = story.open("sup", "agreements", supervisee="wkr", terms={**TERMS, "handwriting": False})
    address = f"/matters/{agreement['id']}/moves/fill"
    with browsing(story, "wkr") as browser:
        mine = {**written_in(browser.get(address)), "terms.every-value": "2"}
        story.move("sup", agreement, "fill", supervisee="wkr", terms={**TERMS, "every": {"value": 3, "unit": "weeks"}})

        again = browser.post(address, data=mine)

    assert BOTH in again.text
    assert "Every so many weeks: 3" in said_on(again)

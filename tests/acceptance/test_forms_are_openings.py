"""A form shows what its matter's page shows: whoever opens one of another's, or is sent it back, is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.acceptance.beginnings import CASE, sent
from tests.acceptance.browsing import browsing, form_on

if TYPE_CHECKING:
    from tests.fixtures.served import Story

MOVE = "/matters/{}/moves/{}"
WRITTEN, SAID = "Tired of marmalade.", "Nobody said marmalade."


def to_be_decided(story: Story) -> dict[str, Any]:
    """A disagreement about a record, which the line manager is to decide."""
    record = sent(story, personal_discussion=WRITTEN)
    story.move("wkr", record, "dispute", statement=SAID, passages=[WRITTEN])
    return story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")


def seen(story: Story, *matters: str) -> list[tuple[str, str]]:
    """Who has opened which of these, newest first."""
    found = [view for matter in matters for view in story.items("wkr", f"/matters/{matter}/views")]
    return [(view["viewer"], view["matter"]) for view in found]


@pytest.mark.parametrize("stage", ["", "change", "take"])
def test_whoever_decides_opens_the_record_with_the_disagreement_each_time(story: Story, stage: str) -> None:
    dispute = to_be_decided(story)
    address = MOVE.format(dispute["id"], "decide")
    with browsing(story, "lm") as browser:
        page = browser.get(address)
        if stage:
            page = browser.post(address, data={**form_on(page), "outcome": "record_stands", "stage": stage})

    assert SAID in page.text
    assert WRITTEN in page.text
    both = [("lm", dispute["id"]), ("lm", dispute["parent"])]
    assert sorted(seen(story, dispute["id"], dispute["parent"])) == sorted(both * (2 if stage else 1))


def test_the_page_on_which_it_is_confirmed_opens_the_disagreement_alone(story: Story) -> None:
    dispute = to_be_decided(story)
    filled = {"outcome": "record_stands", "reasons": "It is what was said.", "stage": "check"}
    with browsing(story, "lm") as browser:
        proof = {"proof": form_on(browser.get(MOVE.format(dispute["id"], "decide")))["proof"]}
        before = len(seen(story, dispute["id"])), len(seen(story, dispute["parent"]))
        browser.post(MOVE.format(dispute["id"], "decide"), data={**proof, **filled})

    assert (len(seen(story, dispute["id"])), len(seen(story, dispute["parent"]))) == (before[0] + 1, before[1])


def test_a_form_that_shows_no_record_opens_none(story: Story) -> None:
    dispute = to_be_decided(story)
    with browsing(story, "lm") as browser:
        page = browser.get(MOVE.format(dispute["id"], "meet"))

    assert page.status_code == 200
    assert WRITTEN not in page.text
    assert seen(story, dispute["id"], dispute["parent"]) == [("lm", dispute["id"])]


@pytest.mark.parametrize("stage", ["change", "check", "take"])
def test_human_resources_open_a_referral_as_often_as_its_form_comes_back(story: Story, stage: str) -> None:
    referral = story.open("sup", "referrals", supervisee="wkr", about="visits", facts=SAID)
    story.move("sup", referral, "discuss", discussed_on="2025-03-03")
    story.move("sup", referral, "submit")
    story.move("lm", referral, "forward", reason="It is serious.")
    address = MOVE.format(referral["id"], "accept")
    with browsing(story, "hr1") as browser:
        before = _opened_by_hr(story)
        form = form_on(browser.get(address))
        page = browser.post(address, data={**form, "stage": stage})

    assert SAID in page.text
    assert _opened_by_hr(story) == before + 2


def _opened_by_hr(story: Story) -> int:
    return [view["viewer"] for view in story.items("wkr", "/me/views")].count("hr1")


def test_whoever_writes_a_record_for_another_opens_it_when_its_form_comes_back(story: Story) -> None:
    record = _delegated(story)
    address = MOVE.format(record["id"], "write")
    with browsing(story, "bs") as browser:
        page = browser.get(address)
        answer = browser.post(address, data={**form_on(page), "version": "0", **_typed(page)})

    assert answer.status_code == 422
    assert seen(story, record["id"]) == [("bs", record["id"])] * 2


def _delegated(story: Story) -> dict[str, Any]:
    story.list_cases([CASE])
    sections = {"case_discussion": WRITTEN}
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=sections)
    return story.move("sup", record, "delegate", person="bs")


def _typed(page: httpx.Response) -> dict[str, str]:
    assert WRITTEN in page.text
    return {"sections.case_discussion": "Something else."}


def test_what_comes_back_of_ones_own_is_no_opening(story: Story) -> None:
    record = sent(story, personal_discussion=WRITTEN)
    address = MOVE.format(record["id"], "dispute")
    with browsing(story, "wkr") as browser:
        browser.post(address, data={**form_on(browser.get(address)), "stage": "change"})

    assert seen(story, record["id"]) == []

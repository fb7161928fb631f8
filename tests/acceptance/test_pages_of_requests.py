"""Requests for records on pages: taken in, looked through, withheld in part, given out, and seen by those concerned."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.acceptance.beginnings import CASE, sent
from tests.acceptance.browsing import browsing, form_on

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

CHILD, WORKER = "The child said that she was afraid.", "Ann Example was tired that day."
#: What a request for access to a case's files needs.
WANTED = {"kind": "access_to_files", "requester": "Mother", "case": "c1"}


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    return sandbox.story(cases=[CASE])


def case_record(story: Story) -> str:
    """A record of the case that was sent; its id."""
    said = {"case_discussion": f"{CHILD} {WORKER} Annual leave is booked.", "plan_and_impact": "Visits go on."}
    opened = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=said)
    return str(story.move("sup", opened, "circulate")["id"])


def taken_in(browser: httpx.Client, **wanted: str) -> httpx.Response:
    """Fill in the form of a new request and send it."""
    form = form_on(browser.get("/start/disclosures"))
    return browser.post("/start/disclosures", data={**form, **(wanted or WANTED)})


def in_review(story: Story) -> tuple[str, str]:
    """A request of which a record is looked through; the ids of both."""
    record = case_record(story)
    asked = story.open("hr1", "disclosures", about="case", case="c1", kind="access_to_files", requester="The mother")
    return str(story.move("hr1", asked, "review")["id"]), record


def withhold(browser: httpx.Client, request: str, record: str, section: str, **how: Any) -> httpx.Response:
    """Fill in what is withheld of a section and send it."""
    address = f"/matters/{request}/records/{record}/{section}"
    return browser.post(address, data={**form_on(browser.get(address)), "much": "parts", **how})


def said_on(page: httpx.Response) -> str:
    """What a page says, without its tags; clauses stand within their sentence."""
    sentences = re.sub(r'<span class="app-clause">([^<]*)</span>', r"\1", page.text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", sentences)))


# -- taking it in
def test_human_resources_take_a_request_in_and_see_how_far_it_is(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story(cases=[CASE])
    case_record(story)
    with browsing(story, "hr1") as browser:
        page = said_on(taken_in(browser))
        listed = said_on(browser.get("/disclosures"))

    assert "Request for records: case c1" in page
    assert "Asked by Mother" in page
    assert "Taken in on Monday 3 March 2025 done" in page
    assert "The records are looked through now" in page
    assert "The people concerned were told on Monday 3 March 2025 done" in page
    assert "Wanted for: Access to files" in listed


def test_the_page_of_a_request_says_which_records_were_looked_through(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story(cases=[CASE])
    case_record(story)
    request, record = in_review(story)
    with browsing(story, "hr1") as browser:
        before = said_on(browser.get(f"/matters/{request}"))
        browser.get(f"/matters/{request}/records/{record}")
        after = said_on(browser.get(f"/matters/{request}"))

    assert before.count("not yet nothing") == 2
    assert "by Person hr1 on 3 Mar 2025 nothing" in after
    assert after.count("not yet nothing") == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"case": ""}, "Enter the worker whose records are asked for, or a case"),
        ({"supervisee": "wkr"}, "Enter either a worker or a case"),
        ({"requester": ""}, "Enter who asks"), ({"kind": ""}, "Choose what the records are wanted for"),
        ({"case": "c9"}, "There is no case"), ({"case": "", "supervisee": "nobody"}, "Nobody here is called"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said_and_what_was_typed_stays(
    story: Story, wrong: dict[str, str], says: str
) -> None:
    case_record(story)
    with browsing(story, "hr1") as browser:
        page = taken_in(browser, **{**WANTED, **wrong})

    assert page.status_code == 422
    assert says in said_on(page)
    assert wrong.get("requester") == "" or 'value="Mother"' in page.text
    assert story.items("hr1", "/matters", workflow="disclosure") == []


@pytest.mark.clause("CBC-65")
def test_the_form_says_what_the_policy_says_of_each_kind(story: Story) -> None:
    with browsing(story, "hr1") as browser:
        page = said_on(browser.get("/start/disclosures"))

    assert "Records of personal supervision are kept back (CBC-65)." in page
    assert "Does telling the people concerned have to wait?" not in page


@pytest.mark.clause("DAR-25")
def test_telling_people_waits_where_a_head_of_service_allows_it(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")
    sent(story)
    wanted = {"kind": "investigation", "requester": "The police", "supervisee": "Person wkr", "wait": "yes"}
    with browsing(story, "hr1") as browser:
        refused = taken_in(browser, **wanted)
        assert "Enter who allows it" in said_on(refused)
        page = taken_in(browser, **wanted, authorised_by="hos", authority="Else it is lost.")

        assert "The people concerned are told; for now that is put off to come" in said_on(page)
        assert "Who let telling people wait Person hos" in said_on(page)
        request = page.url.path.rpartition("/")[2]
    for who in ("wkr", "sup"):
        with browsing(story, who) as browser:
            assert browser.get(f"/matters/{request}").status_code == 404
            assert request not in browser.get("/disclosures").text


@pytest.mark.clause("NS-46")
def test_what_is_not_decided_here_says_where_it_goes(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    sent(story)
    with browsing(story, "hr1") as browser:
        page = said_on(taken_in(browser, kind="access_to_files", requester="A relative", supervisee="wkr"))

    assert "This request is not decided here: refer it to information governance." in page
    assert "Look the records through" not in page


# -- looking through
@pytest.mark.clause("CBC-66", "CBC-67")
def test_sentences_and_words_are_withheld_with_their_ground(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story(cases=[CASE])
    request, record = in_review(story)
    with browsing(story, "hr1") as browser:
        page = withhold(
            browser,
            request,
            record,
            "case_discussion",
            ground="about_the_worker",
            sentences=[CHILD],
            words="ann example",
        )
        copy = said_on(browser.get(f"/matters/{request}/copy"))

    assert "It is withheld, and the copy says on which ground." in page.text
    for text in (said_on(page), copy):
        assert CHILD not in text
        assert "Ann Example" not in text
        assert "was tired that day. Annual leave is booked." in text
        assert "withheld: it is about the social worker or the administration of their role (CBC-66)" in text


def test_a_section_is_withheld_whole_and_shown_again(story: Story) -> None:
    request, record = in_review(story)
    with browsing(story, "hr1") as browser:
        page = withhold(browser, request, record, "plan_and_impact", ground="crime", much="whole")
        assert "Visits go on." not in page.text
        assert "parts: 1" in said_on(browser.get(f"/matters/{request}"))
        [form] = [f for f in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if "Show it whole again" in f]
        fields = dict(re.findall(r'name="(proof|key)" value="([^"]*)"', form))

        again = browser.post(f"/matters/{request}/records/{record}/plan_and_impact", data={**fields, "do": "show"})

    assert "It is shown whole again." in again.text
    assert "Visits go on." in again.text


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({}, "Choose why it is withheld"), ({"ground": "crime"}, "Tick a sentence, or enter words"),
        ({"ground": "crime", "words": "marmalade"}, "“marmalade” does not stand in this section"),
        ({"ground": "awkward", "much": "whole"}, "There is no ground 'awkward'"),
    ],
)  # fmt: skip
def test_what_cannot_be_withheld_is_said(story: Story, how: dict[str, str], says: str) -> None:
    request, record = in_review(story)
    with browsing(story, "hr1") as browser:
        page = withhold(browser, request, record, "case_discussion", **how)

    assert page.status_code == 422
    assert says in said_on(page)
    assert story.matter("hr1", request)["data"]["redactions"] == []


def test_sending_it_twice_withholds_it_once(story: Story) -> None:
    request, record = in_review(story)
    address = f"/matters/{request}/records/{record}/case_discussion"
    with browsing(story, "hr1") as browser:
        data = {**form_on(browser.get(address)), "ground": "crime", "much": "parts", "words": "afraid"}
        answers = [browser.post(address, data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(story.matter("hr1", request)["data"]["redactions"]) == 1


def test_whoever_looks_a_record_through_is_written_down(story: Story) -> None:
    request, record = in_review(story)
    with browsing(story, "hr1") as browser:
        browser.get(f"/matters/{request}/records/{record}")

    assert ("hr1", record) in {(view["viewer"], view["matter"]) for view in story.items("wkr", "/me/views")}
    with browsing(story, "wkr") as browser:
        assert "Request for records Record of case supervision" in said_on(browser.get("/me/looked"))


# -- what was given
@pytest.mark.clause("CBC-91", "CBC-63")
def test_it_is_given_out_and_each_of_those_concerned_sees_their_own(story: Story) -> None:
    request, record = in_review(story)
    address = f"/matters/{request}/moves/disclose"
    with browsing(story, "hr1") as browser:
        asked = browser.get(address)
        assert "Notes on paper" in asked.text
        assert "recognised" not in asked.text
        check = browser.post(address, data={**form_on(asked), "stage": "check", "paper_notes": "reviewed"})
        browser.post(address, data={**form_on(check), "stage": "take"})
        assert "The copy that was given out" in browser.get(f"/matters/{request}").text
        assert browser.get(f"/matters/{request}/records/{record}/case_discussion").status_code == 404

    with browsing(story, "wkr") as browser:
        page = said_on(browser.get(f"/matters/{request}"))
        assert "Your records among those that are asked for" in page
        assert CHILD in browser.get(f"/matters/{request}/copy").text
        assert browser.get(f"/matters/{request}/records/{record}").status_code == 200
    with browsing(story, "wkr2") as browser:
        assert browser.get(f"/matters/{request}/copy").status_code == 404


def test_no_form_asks_for_a_record_by_its_id(story: Story) -> None:
    request, _ = in_review(story)
    with browsing(story, "hr1") as browser:
        page = browser.get(f"/matters/{request}").text
        start = said_on(browser.get("/"))

    assert "/moves/redact" not in page
    assert "/moves/lift_redaction" not in page
    assert "Look the records through, then give them out or not" in start

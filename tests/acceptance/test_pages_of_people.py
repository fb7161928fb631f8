"""The pages of supervisees and supervisors as a browser asks for them: slips, other people's things, and much of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import event

from tests.acceptance.beginnings import CASE, away, booked, drafted, meeting, sent
from tests.acceptance.test_pages import become, browser, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.served import Sandbox, Story

__all__ = ["browser"]

BOOKING = {"kind": "personal", "starts_at-day": "5", "starts_at-month": "3", "starts_at-year": "2025",
           "starts_at-time": "10am", "minutes": "60"}  # fmt: skip


@pytest.fixture
def statements(story: Story) -> Iterator[list[str]]:
    """The statements that the service sends to its database, from now on."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    engine = story.door.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


# -- as much for many as for few
def test_your_work_asks_no_more_often_for_many_matters_than_for_a_few(
    story: Story, browser: httpx.Client, statements: list[str]
) -> None:
    become(browser, story, "wkr")
    sent(story)
    statements.clear()
    browser.get("/")
    few = len(statements)

    for _ in range(9):
        sent(story)
    statements.clear()
    page = browser.get("/")

    assert page.text.count("Read the record") == 10
    assert len(statements) == few


def test_your_people_asks_no_more_often_for_more_people(sandbox: Sandbox, browser: httpx.Client) -> None:
    story = sandbox.story(
        people=[{"ref": f"w{number}", "above": "sup2", "job_role": "social_worker"} for number in range(9)]
    )
    asked = {}
    for who in ("sup", "sup2"):
        become(browser, story, who)
        count = [0]

        def note(*_more: object, count: list[int] = count) -> None:
            count[0] += 1

        event.listen(story.door.database.engine, "before_cursor_execute", note)
        assert browser.get("/my-people").status_code == 200
        event.remove(story.door.database.engine, "before_cursor_execute", note)
        asked[who] = count[0]

    assert asked["sup"] == asked["sup2"]


def test_a_full_page_of_your_work_is_small(story: Story, browser: httpx.Client) -> None:
    for _ in range(30):
        sent(story)
    become(browser, story, "wkr")

    first = browser.get("/")
    (more,) = re.findall(r'href="(/\?cursor=[^"]+)"', first.text)

    assert len(first.content) < 60_000
    assert browser.get(more).text.count("Read the record") == 5


# -- slips
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/matters?workflow=nonsense", "Choose a kind from the list"),
        ("/matters?workflow=record&state=scheduled", "Choose a stage from the list"),
        ("/matters?open=maybe", "Choose an answer from the list"),
        ("/matters?party=nobody", "Nobody has the reference nobody"),
        ("/schedule?month=2025-13", "is not written like 2025-04"),
        ("/my-people?cases=some", "Something in this address is not right"),
        ("/start/concerns?about=nonsense", "Something in this address is not right"),
    ],
)
def test_an_address_with_a_slip_says_what_is_wrong(
    story: Story, browser: httpx.Client, address: str, says: str
) -> None:
    become(browser, story, "sup")

    page = browser.get(address)

    assert page.status_code == 422
    assert says in page.text


@pytest.mark.parametrize("address", ["/matters?cursor=x", "/?cursor=x", "/notices?cursor=x", "/me/looked?cursor=x"])
def test_a_cursor_of_no_list_is_a_page_that_says_so(story: Story, browser: httpx.Client, address: str) -> None:
    become(browser, story, "sup")

    page = browser.get(address)

    assert page.status_code == 400
    assert "start again without it" in page.text


@pytest.mark.parametrize("address", ["/start/nothing", "/people/nobody", "/matters/no-uuid/moves/write"])
def test_what_is_not_there_says_so(story: Story, browser: httpx.Client, address: str) -> None:
    become(browser, story, "sup")

    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("slip", "says"),
    [
        ({"starts_at-day": "31", "starts_at-month": "2"}, "Enter a real day"),
        ({"starts_at-time": "half past"}, "Enter a time, such as"),
        ({"minutes": "an hour"}, "Enter a whole number"),
        ({"minutes": "0"}, "Input should be greater than 0"),
        ({"kind": "lunch"}, "Input should be"),
        ({"starts_at-year": "2024"}, "too long ago"),
    ],
)
def test_a_booking_with_a_slip_comes_back_as_it_was_typed(
    story: Story, browser: httpx.Client, slip: dict[str, str], says: str
) -> None:
    become(browser, story, "sup")
    address = "/start/sessions?supervisee=wkr"
    filled = {**form_of(browser.get(address)), **BOOKING, "place": "Room 4", **slip}

    answer = browser.post(address, data=filled)

    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Room 4"' in answer.text
    assert story.items("sup", "/matters", workflow="session") == []


def test_a_report_that_comes_late_asks_why_and_one_in_time_does_not(story: Story, browser: httpx.Client) -> None:
    session = booked(story)
    become(browser, story, "sup")
    address = f"/matters/{session['id']}/moves/hold"

    assert "Why it is reported late" not in browser.get(address).text
    story.at("2025-03-07T09:00")
    assert "Why it is reported late" in browser.get(address).text


# -- sent twice
def test_a_booking_that_is_sent_twice_books_once(story: Story, browser: httpx.Client) -> None:
    become(browser, story, "sup")
    address = "/start/sessions?supervisee=wkr"
    filled = {**form_of(browser.get(address)), **BOOKING}

    first, second = browser.post(address, data=filled), browser.post(address, data=filled)

    assert first.url == second.url
    assert len(story.items("sup", "/matters", workflow="session")) == 1


def test_rebooking_that_is_sent_twice_is_done_once(story: Story, browser: httpx.Client) -> None:
    session = booked(story)
    become(browser, story, "sup")
    address = f"/matters/{session['id']}/moves/rebook"
    new = {**BOOKING, "starts_at-day": "7", "cause": "diary", "reason": "A hearing"}
    filled = {**form_of(browser.get(address)), **new}

    first, second = browser.post(address, data=filled), browser.post(address, data=filled)

    assert first.url == second.url
    assert len(story.items("sup", "/matters", workflow="session")) == 2


def test_another_session_is_booked_in_place_of_one_about_a_case_that_is_closed(
    sandbox: Sandbox, browser: httpx.Client
) -> None:
    story = sandbox.story(cases=[CASE])
    session = story.open("sup", "sessions", **meeting(kind="case"), cases=["c1"])
    story.list_cases([{**CASE, "closed_on": "2025-03-02"}])
    become(browser, story, "sup")
    address = f"/matters/{session['id']}/moves/rebook"
    new = {**BOOKING, "starts_at-day": "7", "cause": "other", "reason": "The case is closed"}

    answer = browser.post(address, data={**form_of(browser.get(address)), **new})

    assert answer.status_code == 200
    assert len(story.items("sup", "/matters", workflow="session")) == 2
    assert story.items("sup", "/matters", workflow="cancellation") == []


def test_what_reads_as_before_makes_no_step(story: Story, browser: httpx.Client) -> None:
    record = drafted(story, personal_discussion="We talked.")
    become(browser, story, "sup")
    address = f"/matters/{record['id']}/moves/write"
    filled = {**form_of(browser.get(address)), "sections.personal_discussion": "We talked.\r\n"}

    browser.post(address, data=filled)

    assert story.triggers("sup", record) == ["open"]


# -- other people's
@pytest.mark.parametrize(
    "address", ["/start/sessions?supervisee=wkr", "/start/records?supervisee=wkr", "/start/frequencies?case=c1"]
)
def test_nobody_begins_what_is_for_other_people_of_others(
    sandbox: Sandbox, browser: httpx.Client, address: str
) -> None:
    story = sandbox.story(cases=[CASE])
    become(browser, story, "sup2")
    proof = re.findall(r'name="proof" value="(\w+)"', browser.get(address).text)[0]

    answer = browser.post(address, data={"proof": proof, **BOOKING})

    assert 'id="form"' not in browser.get(address).text
    assert answer.status_code == 404


def test_a_colleagues_page_shows_their_post_and_nothing_of_their_supervision(
    story: Story, browser: httpx.Client
) -> None:
    sent(story, personal_discussion="We talked.")
    booked(story)
    become(browser, story, "wkr2")

    page = browser.get("/people/wkr")

    assert page.status_code == 200
    assert "Social worker" in page.text
    assert "/matters/" not in page.text


@pytest.mark.parametrize(
    ("who", "is_told"), [("wkr", True), ("sup", True), ("lm", True), ("hr1", True), ("wkr2", False), ("aud", False)]
)
def test_that_somebody_is_away_stands_on_their_page_for_those_alone_who_are_told(
    story: Story, browser: httpx.Client, who: str, *, is_told: bool
) -> None:
    away(story, "wkr")
    become(browser, story, who)

    page = browser.get("/people/wkr")

    assert (">Away<" in page.text) is is_told


def test_only_the_supervisor_rebooks(story: Story, browser: httpx.Client) -> None:
    session = booked(story)
    become(browser, story, "wkr")

    assert browser.get(f"/matters/{session['id']}/moves/rebook").status_code == 403


def test_writing_is_for_whoever_writes(story: Story, browser: httpx.Client) -> None:
    record = drafted(story)

    become(browser, story, "wkr")
    assert browser.get(f"/matters/{record['id']}/moves/write").status_code == 403
    become(browser, story, "wkr2")
    assert browser.get(f"/matters/{record['id']}/moves/write").status_code == 404


def test_a_move_that_cannot_be_made_now_is_called_what_its_button_says(story: Story, browser: httpx.Client) -> None:
    record = sent(story)
    become(browser, story, "sup")

    page = browser.get(f"/matters/{record['id']}/moves/withdraw")

    assert '<h1 class="govuk-heading-l">Withdraw the draft</h1>' in page.text
    assert "This cannot be done now." in page.text


def test_what_would_be_told_again_and_again_stands_on_the_page_of_a_matter_once(
    story: Story, browser: httpx.Client
) -> None:
    record = drafted(story)
    become(browser, story, "sup")

    page = browser.get(f"/matters/{record['id']}").text

    foretold = page.partition("If nobody does anything")[2].partition("</ul>")[0]
    assert re.search(r"And \d+ more times up to \w+ \d+ \w+ 20\d\d\.", foretold)
    said = [" ".join(item.split("</li>")[0].partition(":")[2].split()) for item in foretold.split("<li>")[1:]]
    assert all(first.split("”")[0] != second.split("”")[0] for first, second in pairwise(said))


def test_what_is_no_move_has_no_page(story: Story, browser: httpx.Client) -> None:
    record = sent(story)
    become(browser, story, "sup")

    answer = browser.get(f"/matters/{record['id']}/moves/sign_by")

    assert (answer.status_code, "sign_by" in answer.text) == (404, False)


def test_a_case_is_found_by_those_alone_who_see_something_of_it(sandbox: Sandbox, browser: httpx.Client) -> None:
    story = sandbox.story(cases=[CASE])
    found = {}
    for who in ("sup", "sup2"):
        home = become(browser, story, who)
        (proof,) = set(re.findall(r'name="proof" value="(\w+)"', home.text))
        found[who] = browser.post("/find", data={"proof": proof, "typed": "C1"}).text

    assert "Case c1" in found["sup"]
    assert "Nothing of that name or reference is here" in found["sup2"]


def test_a_name_that_is_looked_for_stands_in_no_address(story: Story, browser: httpx.Client) -> None:
    home = become(browser, story, "sup")
    (proof,) = set(re.findall(r'name="proof" value="(\w+)"', home.text))

    answer = browser.post("/find", data={"proof": proof, "typed": "Person wkr"})

    assert answer.url.query == b"person=wkr"
    assert "Person wkr" in answer.text

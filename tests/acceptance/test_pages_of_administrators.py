"""Administrators' pages: how the service is, what was sent to whom, the tokens of programs, and never any content."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from service.identity.tokens import PREFIX
from service.notices.channels import Channels, NeverTaken, NotNow
from service.notices.delivery import Round
from service.storage.council_tables import tokens
from service.storage.heartbeats import beat
from service.storage.matter_tables import deadlines, idempotency_keys
from service.storage.notice_tables import messages
from tests.acceptance.beginnings import sent
from tests.acceptance.browsing import browsing, form_on
from tests.fakes.channel import FakeChannel
from tests.fixtures.served import STANDARD_TEAM, deadline, problem

if TYPE_CHECKING:
    from tests.fixtures.served import Story

SAID = "Sleeps badly since the move."


def deliver(story: Story, mail: FakeChannel) -> None:
    """Send whatever is to leave by now, as a council that has mail does."""
    delivery = Round(story.door, Channels.of((mail,), "https://supervision.council.example"), UUID(story.organisation))
    while delivery.run():
        pass


def shown(story: Story, path: str, who: str = "admin") -> str:
    """What a page says."""
    with browsing(story, who) as browser:
        return ok_page(browser.get(path))


def ok_page(page: httpx.Response) -> str:
    """The text of a page that must have gone well, without its tags."""
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# -- what was sent
def test_what_was_sent_is_shown_with_what_became_of_it_and_never_what_it_was_about(either_story: Story) -> None:
    sent(either_story, personal_discussion=SAID)
    deliver(either_story, FakeChannel())

    page = shown(either_story, "/service/notices")

    assert "Person wkr 3 Mar 2025, 9am one notice, by mail sent" in page
    for told in (SAID, "signature", "record", "Record"):
        assert told not in page.partition("Why, and what is next")[2]


def test_a_refused_address_says_what_follows_and_what_to_do(either_story: Story) -> None:
    sent(either_story)
    deliver(either_story, FakeChannel(refuses=NeverTaken("5.1.1", bad_address=True)))

    page = shown(either_story, "/service/notices?show=undelivered")

    assert "Whom notices do not reach" in page
    assert "Person wkr 3 Mar 2025, 9am one notice, by mail came back 5.1.1." in page
    assert "so that silence is not taken for consent" in page
    assert "list of people" in page


def test_what_cannot_leave_for_now_waits_with_when_it_is_tried_again(either_story: Story) -> None:
    sent(either_story)
    deliver(either_story, FakeChannel(refuses=NotNow("4.3.2")))

    page = shown(either_story, "/service/notices?show=waiting&person=wkr")

    assert "tried again 4.3.2. Tried 1 times; again on 3 Mar 2025, 9:01am." in page


def test_what_came_back_is_sent_again_by_one_press(either_story: Story) -> None:
    record = sent(either_story)
    deliver(either_story, FakeChannel(refuses=NeverTaken("5.1.1", bad_address=True)))
    with browsing(either_story, "admin") as browser:
        page = browser.get("/service/notices")
        [proof] = set(re.findall(r'name="proof" value="([^"]+)"', page.text))

        answer = browser.post("/service/notices/send-again", data={"proof": proof, "person": "wkr"})

    assert "What came back from Person wkr’s address is sent again" in answer.text
    mail = FakeChannel()
    deliver(either_story, mail)
    assert mail.to("wkr")
    assert deadline(either_story.matter("wkr", record), "sign_by")["status"] == "running"
    assert "Send it again : Person wkr " in ok_page(page)
    assert "Send it again : Person wkr " not in shown(either_story, "/service/notices")


def test_no_message_is_left_out_or_shown_twice_over_several_pages(either_story: Story) -> None:
    people = [{"ref": f"w{number}", "job_role": "social_worker", "above": "sup"} for number in range(60)]
    either_story.list_people([*STANDARD_TEAM, *people])
    for person in people:
        opened = either_story.open("sup", "records", supervisee=person["ref"], kind="personal")
        either_story.move("sup", opened, "circulate")
    deliver(either_story, FakeChannel(refuses=NotNow("4.3.2")))

    with either_story.door.database.read(UUID(either_story.organisation)) as connection:
        own = (messages.c.organisation_id == UUID(either_story.organisation), messages.c.person.like("w%"))
        kept = connection.execute(select(messages.c.person, messages.c.tried_at).where(*own)).all()
    for show in ("tried", "waiting"):
        names, address = [], f"/service/notices?show={show}"
        with browsing(either_story, "admin") as browser:
            while address:
                page = browser.get(address)
                names += re.findall(r'href="/people/(w[^"]+)">', page.text)
                address = next(iter(re.findall(r'href="(/service/notices[^"]*)">More<', page.text)), "")
                address = address.replace("&amp;", "&")
        assert sorted(names) == sorted(row.person for row in kept if show == "waiting" or row.tried_at)


# -- how it is
def test_all_is_well_where_a_clock_ticks_and_nothing_waits(either_story: Story) -> None:
    beat(either_story.door.database, "a clock of this test", "clock")

    page = shown(either_story, "/service")

    assert "All is well." in page
    assert "It ticks." in page
    assert "Whatever was due has happened." in page


def test_deadlines_that_nobody_enforces_are_said(either_story: Story) -> None:
    record, own = sent(either_story), UUID(either_story.organisation)
    with either_story.door.database.write(own) as connection:
        which = (deadlines.c.organisation_id == own, deadlines.c.matter_id == UUID(record["id"]))
        at = connection.execute(select(deadlines.c.due).where(*which, deadlines.c.name == "sign_by")).scalar_one()
        long_ago = at - timedelta(days=30)
        connection.execute(update(deadlines).where(*which, deadlines.c.name == "sign_by").values(fires_at=long_ago))

    page = shown(either_story, "/service")

    assert "Something needs to be looked into." in page
    assert "Deadlines have passed since" in page


def test_whom_nothing_reaches_and_open_incidents_are_said(either_story: Story) -> None:
    sent(either_story)
    deliver(either_story, FakeChannel(refuses=NeverTaken("5.1.1", bad_address=True)))

    page = shown(either_story, "/service")

    assert re.search(r"look into it People whose address takes no mail: [1-9]", page)
    assert re.search(r"look into it Open incidents: [1-9]", page)


# -- tokens
WANTED = {"name": "nightly list", "scopes": "import", "days": "7"}


def made(browser: httpx.Client, **wanted: str) -> httpx.Response:
    """Fill in the form for a new token and send it."""
    page = browser.get("/service/tokens/new")
    return browser.post("/service/tokens/new", data={**form_on(page), **WANTED, **wanted})


def text_on(page: httpx.Response) -> str:
    """The text of the token that a page shows."""
    [found] = re.findall(rf'value="({PREFIX}[^"]+)"', page.text)
    return str(found)


def test_a_token_is_made_shown_once_used_and_ended(either_story: Story) -> None:
    with browsing(either_story, "admin") as browser:
        page = made(browser)
        token = text_on(page)
        asked = either_story.client.post(
            "/people/import", params={"dry_run": True}, content="nonsense",
            headers={"Authorization": f"Bearer {token}", "Content-Type": "text/csv"},
        )  # fmt: skip
        assert asked.status_code == 422
        listed = browser.get("/service/tokens").text
        assert "nightly list" in listed
        assert token not in listed

        [ends] = [
            e
            for e in re.findall(r'href="(/service/tokens/[^"]+/end)"', listed)
            if "nightly list" in browser.get(e).text
        ]
        proof = form_on(browser.get(ends))
        answers = [browser.post(ends, data=proof) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert "nightly list" not in browser.get("/service/tokens").text
    problem(either_story.client.get("/me", headers={"Authorization": f"Bearer {token}"}), 401, "unknown_token")


def test_a_token_is_made_only_by_somebody_who_has_just_signed_in(story: Story) -> None:
    """A token outlasts the visit: whoever finds a browser open makes none."""
    with browsing(story, "admin") as browser:
        filled = {**form_on(browser.get("/service/tokens/new")), **WANTED}
        signed_in_long_ago(story)
        answers = [
            browser.get("/service/tokens/new", follow_redirects=False),
            browser.post("/service/tokens/new", data=filled, follow_redirects=False),
        ]

    assert [answer.status_code for answer in answers] == [303, 303]
    for answer in answers:
        assert answer.headers["location"].startswith("/sign-in?")
        assert answer.headers["location"].endswith("back=%2Fservice%2Ftokens%2Fnew")
    assert not [t for t in story.items("admin", "/tokens") if t["name"] == "nightly list"]


def signed_in_long_ago(story: Story) -> None:
    """Let it be an hour ago that anybody showed who they are."""
    with story.door.database.write(UUID(story.organisation)) as connection:
        long_ago = story.door.database.moment(connection) - timedelta(hours=1)
        connection.execute(update(tokens).values(authenticated_at=long_ago))


def test_sending_the_form_twice_makes_one_token_and_shows_its_text_once(story: Story) -> None:
    with browsing(story, "admin") as browser:
        filled = {**form_on(browser.get("/service/tokens/new")), **WANTED}
        first, second = (browser.post("/service/tokens/new", data=filled) for _ in range(2))

    token = text_on(first)
    assert token not in second.text
    assert "Its text was shown already" in second.text
    assert len([t for t in story.items("admin", "/tokens") if t["name"] == "nightly list"]) == 1
    with story.door.database.read(UUID(story.organisation)) as connection:
        assert token not in str(connection.execute(select(idempotency_keys)).all())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Enter what it is for"), ({"scopes": ""}, "Choose what it is good for"),
        ({"days": "400"}, "days"), ({"days": "x"}, "Enter a whole number"), ({"scopes": "browser"}, "scopes"),
    ],
)  # fmt: skip
def test_what_a_token_cannot_be_is_said_with_what_was_typed(story: Story, wrong: dict[str, str], says: str) -> None:
    with browsing(story, "admin") as browser:
        page = made(browser, **wrong)

    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert says in page.text
    assert PREFIX not in page.text
    assert wrong.get("name") == "" or "nightly list" in page.text


def test_browsers_are_not_among_the_tokens_of_programs(story: Story) -> None:
    with browsing(story, "wkr"):
        ids = [one["id"] for one in story.items("admin", "/tokens", everybody=True) if one["scopes"] == ["browser"]]
        page = shown(story, "/service/tokens")

    assert ids
    assert not [one for one in ids if one in page]

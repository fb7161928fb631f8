"""Managers' and HR's pages asked for by whoever may, by whoever may not, and with whatever an address can carry."""

from __future__ import annotations

import csv
import html
import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.acceptance.beginnings import away, disputed, drafted, sent
from tests.acceptance.browsing import browsing, form_on, words_on
from tests.fixtures.served import STANDARD_TEAM

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

OTHER_LINE: tuple[dict[str, str], ...] = (
    {"ref": "lm2", "job_role": "service_manager", "above": "ad"},
    {"ref": "sup9", "job_role": "team_manager", "above": "lm2"},
    {"ref": "wkr9", "job_role": "social_worker", "above": "sup9", "team": "North"},
)
MOVE = "/matters/{}/moves/{}"


def to_be_decided(story: Story) -> dict[str, Any]:
    """A dispute about a record that the line manager is to decide."""
    disputed(story)
    return story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")


def late(story: Story) -> dict[str, Any]:
    """A record that was not sent in time."""
    record = drafted(story)
    story.at("2025-03-12T09:00")
    return record


# -- who may
@pytest.mark.parametrize("who", ["lm2", "sup9", "wkr2"])
def test_a_desk_of_another_line_answers_like_one_that_does_not_exist(story: Story, who: str) -> None:
    story.list_people([*STANDARD_TEAM, *OTHER_LINE])
    dispute = to_be_decided(story)["id"]

    with browsing(story, who) as browser:
        pages = [browser.get(path) for path in (f"/matters/{dispute}", MOVE.format(dispute, "decide"))]
        sent_anyway = browser.post(MOVE.format(dispute, "decide"), data={"stage": "check"})
        assert dispute not in browser.get("/disputes").text

    assert [page.status_code for page in pages] == [404, 404]
    assert sent_anyway.status_code == 403


def test_whoever_reads_a_record_on_the_desk_is_written_down(story: Story) -> None:
    dispute = to_be_decided(story)

    with browsing(story, "lm") as browser:
        browser.get(f"/matters/{dispute['id']}")

    views = story.items("wkr", "/me/views")
    assert {view["viewer"] for view in views} == {"lm"}
    assert {view["matter"] for view in views} == {dispute["id"], dispute["parent"]}
    with browsing(story, "wkr") as browser:
        assert f'href="/matters/{dispute["id"]}">Disagreement</a>' in browser.get("/me/looked").text


def test_why_a_supervisor_is_away_is_not_for_those_whom_they_supervise(story: Story) -> None:
    absence = away(story, "sup")["id"]

    says = {}
    for who in ("wkr", "lm", "hr1", "sup"):
        with browsing(story, who) as browser:
            says[who] = "Sickness" in browser.get(f"/matters/{absence}").text

    assert says == {"wkr": False, "lm": True, "hr1": True, "sup": True}


# -- referrals
@pytest.mark.clause("HAR-37", "NS-51", "DAR-25", "CBC-64")
@pytest.mark.parametrize("who", ["wkr", "wkr2", "sup2", "lm", "hos", "ad", "aud", "bs", "admin"])
def test_no_page_count_or_link_gives_a_referral_away(story: Story, who: str) -> None:
    paths = ("/", "/referrals", "/referrals?ended=true", "/overview?show=open", "/overview.csv?show=open", "/disputes")
    with browsing(story, who) as browser:
        before = [words_on(browser.get(path)) for path in paths]
        body = {"supervisee": "wkr", "about": "record keeping", "facts": "Four visits are not on file."}
        referral = story.open("sup", "referrals", **body)["id"]

        assert [words_on(browser.get(path)) for path in paths] == before
        for path in (f"/matters/{referral}", MOVE.format(referral, "forward"), MOVE.format(referral, "accept")):
            assert browser.get(path).status_code == 404


def test_not_even_whoever_knows_of_a_referral_finds_it_in_the_overview(story: Story) -> None:
    body = {"supervisee": "wkr", "about": "record keeping", "facts": "Four visits are not on file."}
    referral = story.open("sup", "referrals", **body)["id"]

    for who in ("sup", "hr1"):
        with browsing(story, who) as browser:
            assert referral in browser.get("/referrals").text
            assert referral not in browser.get("/overview?show=open").text
            assert referral not in browser.get("/overview.csv?show=open").text


# -- checking before it counts
def test_looking_at_what_will_follow_changes_nothing_and_confirming_twice_does_it_once(story: Story) -> None:
    dispute = to_be_decided(story)
    address = MOVE.format(dispute["id"], "decide")
    with browsing(story, "lm") as browser:
        filled = {**form_on(browser.get(address)), "outcome": "record_stands", "reasons": "It is what was said."}

        check = browser.post(address, data={**filled, "stage": "check"})
        assert check.status_code == 200
        assert "A disputed record is settled" in check.text
        assert story.matter("lm", dispute)["state"] == "with_line_manager"
        confirmed = {**form_on(check), "stage": "take"}
        answers = [browser.post(address, data=confirmed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert story.triggers("lm", dispute).count("decide") == 1


def test_what_changed_since_the_form_was_opened_is_said_on_the_way_to_the_check(story: Story) -> None:
    dispute = to_be_decided(story)
    address = MOVE.format(dispute["id"], "decide")
    with browsing(story, "lm") as browser:
        filled = {**form_on(browser.get(address)), "outcome": "record_stands", "reasons": "It is what was said."}
        story.move("wkr", dispute, "agree", proposal="Let us add a note.")

        check = browser.post(address, data={**filled, "stage": "check"})

    assert check.status_code == 422
    assert "Somebody else has changed this" in check.text
    assert "It is what was said." in check.text


def test_a_move_that_asks_nothing_says_at_once_what_will_follow(story: Story) -> None:
    record = sent(story)

    with browsing(story, "wkr") as browser:
        page = browser.get(MOVE.format(record["id"], "sign"))

    assert "What will follow" in page.text
    assert "The record is signed and final." in page.text


# -- what an address or a form can carry
@pytest.mark.parametrize(
    "query",
    ["show=nothing", "page=0", "page=201", "page=x", "sort=id", "order=left", "workflow=x", "team=" + "x" * 999],
)
@pytest.mark.parametrize("path", ["/overview", "/overview.csv"])
def test_an_overview_that_cannot_be_is_a_page_that_says_so(story: Story, path: str, query: str) -> None:
    with browsing(story, "lm") as browser:
        answer = browser.get(f"{path}?{query}")

    assert answer.status_code == 422
    assert "Something in this address is not right" in answer.text


@pytest.mark.parametrize("path", ["/disputes", "/absences", "/referrals"])
def test_a_cursor_that_no_page_gave_is_a_page_that_says_so(story: Story, path: str) -> None:
    with browsing(story, "lm") as browser:
        assert browser.get(f"{path}?cursor=nonsense").status_code == 400


# -- the overview
def test_the_overview_shows_a_manager_their_own_line_and_nobody_else(story: Story) -> None:
    story.list_people([*STANDARD_TEAM, *OTHER_LINE])
    record = late(story)["id"]

    found = {}
    for who in ("sup", "lm", "hos", "ad", "lm2", "sup9", "wkr", "hr1", "admin"):
        with browsing(story, who) as browser:
            found[who] = record in browser.get("/overview?show=overdue").text

    assert {who for who, sees in found.items() if sees} == {"sup", "lm", "hos", "ad"}


def test_what_is_overdue_is_no_longer_so_when_it_is_done(story: Story) -> None:
    record = late(story)
    with browsing(story, "lm") as browser:
        assert record["id"] in browser.get("/overview?show=overdue").text

        story.move("sup", record, "circulate")

        assert record["id"] not in browser.get("/overview?show=overdue").text
        assert record["id"] in browser.get("/overview?show=coming").text


def test_the_file_has_the_rows_of_the_page_for_whoever_may_see_them(story: Story) -> None:
    story.list_people([*STANDARD_TEAM, *OTHER_LINE])
    record = late(story)["id"]

    found = {}
    for who in ("lm", "lm2"):
        with browsing(story, who) as browser:
            answer = browser.get("/overview.csv?show=overdue")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        found[who] = [(row["Reference"], row["Who"], row["Overdue"]) for row in rows]

    assert found == {"lm": [(record, "Person wkr", "yes")], "lm2": []}


def test_an_overview_asks_as_much_of_the_database_for_many_as_for_one(either_story: Story) -> None:
    story = either_story
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    def statements() -> int:
        with browsing(story, "lm") as browser:
            event.listen(story.door.database.engine, "before_cursor_execute", note)
            browser.get("/overview?show=open")
            event.remove(story.door.database.engine, "before_cursor_execute", note)
        found, asked[:] = len(asked), []
        return found

    statements()
    few = statements()
    for _ in range(10):
        drafted(story)

    assert statements() == few


def test_what_the_policy_asks_stands_on_the_page_with_its_clause(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    absence = story.open(
        "hr1", "absences", person="sup", first_day="2025-03-03", cause="sickness", expected_return="2025-04-07"
    )
    [rule, *_] = story.matter("wkr", absence)["guidance"]

    with browsing(story, "wkr") as browser:
        page = html.unescape(browser.get(f"/matters/{absence['id']}").text)

    assert rule["says"] in page
    assert f'(<span class="app-clause">{rule["clause"]}</span>)' in page

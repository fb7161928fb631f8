"""What is not told of people who are not the asker's own: the cases and the leave of colleagues, and of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.beginnings import case_of, meeting
from tests.acceptance.browsing import browsing, form_on
from tests.fixtures.served import london

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

_SWE = {"professional_registration": "SWE"}
BOOKING = {"kind": "personal", "starts_at-day": "12", "starts_at-month": "3", "starts_at-year": "2025",
           "starts_at-time": "10am", "minutes": "60"}  # fmt: skip


@pytest.fixture
def haringey(sandbox: Sandbox) -> Story:
    """A registered manager of another team, and the registered worker of a manager who is of no profession."""
    people = [
        {"ref": "sup2", **_SWE}, {"ref": "wkr", **_SWE},
        {"ref": "wkr3", "job_role": "social_worker", "above": "sup2", **_SWE},
    ]  # fmt: skip
    cases = [case_of("haringey", ref="case-k"), case_of("haringey", ref="case-z", worker_ref="wkr3")]
    return sandbox.story("haringey", people=people, cases=cases)


def on_leave(story: Story, person: str) -> dict[str, Any]:
    """A planned absence of some weeks that HR has recorded."""
    body = {"person": person, "first_day": "2025-03-12", "expected_return": "2025-04-09", "cause": "planned"}
    return story.open("hr1", "absences", **body)


def group(story: Story, day: str = "2025-03-10", **more: Any) -> dict[str, Any]:
    """A group that the supervisor leads, with somebody who is not theirs."""
    body: dict[str, Any] = {"kind": "group", "participants": ["wkr", "sup2"], "starts_at": london(f"{day}T10:00")}
    return story.open("sup", "sessions", **{**body, "minutes": 60, **more})


# -- colleagues of the same profession
@pytest.mark.clause("HAR-17", "HAR-37")
def test_the_cases_of_a_colleague_of_the_same_profession_stand_on_no_page(haringey: Story) -> None:
    assert haringey.items("sup2", "/matters", case="case-k") == []

    with browsing(haringey, "sup2") as browser:
        pages = {
            path: browser.get(path).text
            for path in (
                "/my-people?cases=all", "/start/frequencies", "/start/sessions?supervisee=wkr&kind=combined",
                "/start/records?supervisee=wkr",
            )
        }  # fmt: skip

    assert {path: "case-k" in page for path, page in pages.items()} == dict.fromkeys(pages, False)
    assert "Person wkr" in pages["/my-people?cases=all"]
    assert "case-z" in pages["/my-people?cases=all"]
    assert "case-z" in pages["/start/frequencies"]


@pytest.mark.clause("HAR-17", "HAR-37")
def test_a_session_that_is_booked_with_a_colleague_offers_no_case_but_those_it_names(haringey: Story) -> None:
    session = haringey.open("sup2", "sessions", **meeting("2025-03-05T10:00", kind="combined"))
    named = haringey.open("sup2", "sessions", **meeting("2025-03-05T12:00", kind="combined"), cases=["case-k"])
    haringey.at("2025-03-05T13:00")

    with browsing(haringey, "sup2") as browser:
        assert "case-k" not in browser.get(f"/matters/{session['id']}/moves/hold").text
        assert "case-k" in browser.get(f"/matters/{named['id']}/moves/hold").text


@pytest.mark.clause("HAR-17", "HAR-37")
def test_the_leave_of_a_colleague_of_the_same_profession_stands_in_no_calendar(haringey: Story) -> None:
    absence = on_leave(haringey, "wkr")
    assert haringey.send("sup2", "GET", f"/matters/{absence['id']}").status_code == 404

    with browsing(haringey, "sup2") as browser:
        month = browser.get("/schedule?month=2025-03&person=wkr").text
        weeks = browser.get("/start/sessions?supervisee=wkr").text

    assert ">away<" not in month
    assert "is away" not in weeks
    for page in (month, weeks):
        assert "Leave of Person wkr is not shown here: you are not their own supervisor." in page


def test_the_leave_of_ones_own_people_stands_in_every_calendar(haringey: Story) -> None:
    on_leave(haringey, "wkr")

    with browsing(haringey, "sup") as browser:
        month = browser.get("/schedule?month=2025-03&person=wkr").text
        weeks = browser.get("/start/sessions?supervisee=wkr").text

    assert ">away<" in month
    assert "Person wkr is away" in weeks
    assert "is not shown here" not in month + weeks


@pytest.mark.clause("HAR-17", "HAR-37")
def test_whoever_books_with_a_colleague_is_told_whether_they_are_away_on_that_day(haringey: Story) -> None:
    on_leave(haringey, "wkr")

    address = "/start/sessions?supervisee=wkr"
    with browsing(haringey, "sup2") as browser:
        form = form_on(browser.get(address))
        then = browser.post(address, data={**form, **BOOKING, "starts_at-day": "20"}).text
        before = browser.post(address, data={**form, **BOOKING, "starts_at-day": "11"})

    assert "20 March 2025: Person wkr is away" in then
    assert "Nothing is booked yet" in then
    assert before.url.path.startswith("/matters/")
    [booked] = haringey.items("sup2", "/matters", workflow="session")
    assert [one for one in booked["data"]["conflicts"] if "away" in one["because"]] == []


# -- a group
def test_a_group_tells_of_no_leave_of_somebody_whom_its_leader_does_not_supervise(story: Story) -> None:
    absence = on_leave(story, "sup2")
    assert {story.send(who, "GET", f"/matters/{absence['id']}").status_code for who in ("sup", "wkr")} == {404}

    sessions = [group(story), group(story, "2025-03-13")]

    assert [one for session in sessions for one in session["data"]["conflicts"] if "away" in one["because"]] == []


def test_only_the_leader_of_a_group_reads_who_is_away_on_its_day(story: Story) -> None:
    on_leave(story, "wkr")
    session = group(story, "2025-03-13")

    assert session["data"]["conflicts"] == [{"from": "2025-03-13", "because": "Person wkr is away"}]
    for who in ("wkr", "sup2", "lm"):
        assert "conflicts" not in story.matter(who, session)["data"]
        assert "is away" not in str(story.items(who, "/matters", workflow="session"))
        assert "is away" not in str(story.items(who, f"/matters/{session['id']}/history"))


def test_rebooking_a_group_shows_no_leave_of_somebody_whom_its_leader_does_not_supervise(story: Story) -> None:
    on_leave(story, "sup2")
    session = group(story, participants=["sup2", "wkr"])

    with browsing(story, "sup") as browser:
        page = browser.get(f"/matters/{session['id']}/moves/rebook").text

    assert "is away" not in page
    assert "Leave of Person sup2 is not shown here" in page

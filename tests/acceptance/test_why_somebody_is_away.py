"""Why somebody is away is theirs, their supervisor's and managers', and HR's: everybody else learns only when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.storage.matter_tables import deadlines
from tests.acceptance.beginnings import away, booked, meeting, owed, sent
from tests.acceptance.browsing import browsing
from tests.fixtures.served import deadline

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """A council whose line above reads what it sees."""
    return either_sandbox.story("haringey")


def corrected(story: Story) -> dict[str, Any]:
    """A supervisor's absence for sickness that is corrected to leave, with a reason that tells more."""
    absence = away(story, "sup")
    return story.move("hr1", absence, "amend", cause="planned", reason="The operation is put off.")


def told(story: Story, who: str, absence: dict[str, Any]) -> str:
    """All that somebody is answered of an absence: by itself, in a list, and as its history."""
    one, history = story.matter(who, absence), story.items(who, f"/matters/{absence['id']}/history")
    listed = [m for m in story.items(who, "/matters", workflow="absence") if m["id"] == absence["id"]]
    return str((one, listed, history))


@pytest.mark.parametrize("who", ["wkr", "aud"])
def test_they_are_told_when_and_not_why(story: Story, who: str) -> None:
    absence = corrected(story)

    answered = told(story, who, absence)

    assert "2025-03-03" in answered
    for kept in ("sickness", "planned", "operation"):
        assert kept not in answered


@pytest.mark.parametrize("who", ["sup", "lm", "hr1"])
def test_whoever_manages_the_absence_reads_all_of_it(story: Story, who: str) -> None:
    absence = corrected(story)

    answered = told(story, who, absence)

    for said in ("sickness", "planned", "operation"):
        assert said in answered


# -- a session that is cancelled for it
ILL = {"cause": "sickness", "reason": "Back pain, off for weeks."}


def group(story: Story) -> dict[str, Any]:
    """A group of two that is cancelled because one of them is ill."""
    session = story.open("sup", "sessions", **meeting(kind="group"), participants=["wkr", "wkr2"])
    return story.move("sup", session, "cancel", whose="wkr", **ILL)


def read_of(story: Story, who: str, session: dict[str, Any]) -> str:
    """All that somebody is answered of a session: by itself, in a list, as its history and on its page."""
    one, history = story.matter(who, session), story.items(who, f"/matters/{session['id']}/history")
    with browsing(story, who) as browser:
        page = browser.get(f"/matters/{session['id']}").text
    return str((one["data"], story.items(who, "/matters", workflow="session"), history)) + page


def test_who_takes_part_in_a_group_reads_that_it_was_cancelled_and_not_whose_illness_it_was(story: Story) -> None:
    session = group(story)

    assert story.matter("wkr2", session)["state"] == "cancelled"
    read = read_of(story, "wkr2", session)
    for kept in ("ickness", "'whose'", "Back pain"):
        assert kept not in read


@pytest.mark.parametrize("who", ["wkr", "sup", "lm"])
def test_whose_illness_cancelled_a_group_is_read_by_them_and_those_who_supervise_and_manage(
    story: Story, who: str
) -> None:
    read = read_of(story, who, group(story))

    for said in ("sickness", "'whose': 'wkr'", "Back pain"):
        assert said in read


@pytest.mark.parametrize(("by", "reads_it"), [("sup", False), ("wkr", True)])
def test_a_supervisee_reads_of_their_supervisors_illness_what_they_have_said_themself(
    story: Story, by: str, *, reads_it: bool
) -> None:
    session = booked(story)
    session = story.move(by, session, "cancel", whose="sup", **ILL)
    duty = owed(story, session)

    read = read_of(story, "wkr", session)
    with browsing(story, "wkr") as browser:
        read += str((story.matter("wkr", duty), story.items("wkr", f"/matters/{duty['id']}/history")))
        read += browser.get(f"/matters/{duty['id']}").text

    assert [said in read for said in ("Back pain", "'whose'", "'sickness'")] == [reads_it] * 3


def test_why_a_session_is_cancelled_that_is_nobodys_leave_is_for_all_of_its_people(story: Story) -> None:
    session = story.open("sup", "sessions", **meeting(kind="group"), participants=["wkr", "wkr2"])
    session = story.move("sup", session, "cancel", cause="diary", reason="The room is taken.")

    read = read_of(story, "wkr2", session)

    assert "diary" in read
    assert "The room is taken." in read


# -- what stands still meanwhile
@pytest.mark.clause("CBC-42")
def test_a_receipt_that_was_made_earlier_says_that_somebody_was_absent_and_not_why(sandbox: Sandbox) -> None:
    story = sandbox.story()
    record = sent(story)
    away(story, "wkr")
    as_it_was = [{"from": "2025-03-03", "to": None, "because": "absent (sickness)"}]
    with story.door.database.write(UUID(story.organisation)) as connection:
        theirs = (deadlines.c.matter_id == UUID(record["id"]), deadlines.c.status == "paused")
        [kept] = connection.execute(select(deadlines.c.receipt).where(*theirs)).scalars()
        connection.execute(deadlines.update().where(*theirs).values(receipt={**kept, "pauses": as_it_was}))

    for who in ("wkr", "sup", "lm", "admin"):
        window = deadline(story.matter(who, record), "sign_by")
        assert window["receipt"]["pauses"] == [{**as_it_was[0], "because": "absent"}]
    with browsing(story, "sup") as browser:
        page = browser.get(f"/matters/{record['id']}").text
    assert "3 March 2025: absent." in page

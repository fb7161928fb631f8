"""A calendar feed: sessions and what is due, under titles that tell nobody anything, at an address nobody can guess."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from icalendar import Calendar

from tests.fixtures.served import Story, london, ok, problem
from workflows.calendar import LONDON


def new_feed(story: Story, who: str) -> str:
    """The path of a new feed, below the API's prefix."""
    found: str = ok(story.send(who, "POST", "/me/calendar-feed"), 201)["url"]
    return urlsplit(found).path.removeprefix("/api/v1")


def look(story: Story, path: str, **headers: str) -> httpx.Response:
    """What somebody without a token of the service finds there."""
    return story.client.get(path, headers=headers)


def events(story: Story, path: str) -> list[Any]:
    answer = look(story, path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).events)


def titled(found: list[Any], title: str) -> Any:
    [event] = [event for event in found if event["SUMMARY"] == title]
    return event


def booked(story: Story, starts_at: str = "2025-04-01T10:00") -> dict[str, Any]:
    return story.open(
        "sup", "sessions", supervisee="wkr", kind="personal", starts_at=london(starts_at), minutes=60, place="Room 4"
    )


@pytest.mark.parametrize("who", ["wkr", "sup"])
def test_a_session_is_in_the_calendar_of_both_at_its_london_time(either_story: Story, who: str) -> None:
    session = booked(either_story)

    event = titled(events(either_story, new_feed(either_story, who)), "Supervision")

    assert event.start == datetime(2025, 4, 1, 10, tzinfo=LONDON)
    assert event.end.astimezone(UTC) == datetime(2025, 4, 1, 10, tzinfo=UTC)
    assert event["STATUS"] == "CONFIRMED"
    assert event["URL"].endswith(f"/matters/{session['id']}")
    assert "Room" not in event.to_ical().decode()


def test_the_rules_of_londons_time_come_along(story: Story) -> None:
    booked(story)

    calendar = Calendar.from_ical(look(story, new_feed(story, "wkr")).content)

    assert [zone["TZID"] for zone in calendar.timezones] == ["Europe/London"]


def test_a_cancelled_session_is_shown_as_cancelled_under_the_same_id(story: Story) -> None:
    session = booked(story)
    path = new_feed(story, "wkr")
    before = titled(events(story, path), "Supervision")

    story.move("sup", session, "cancel", cause="diary", reason="Court.")

    after = titled(events(story, path), "Supervision")
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_moved_session_moves(story: Story) -> None:
    session = booked(story)
    path = new_feed(story, "wkr")

    story.move("sup", session, "move", starts_at=london("2025-04-02T14:00"), reason="Court.")

    assert titled(events(story, path), "Supervision").start == datetime(2025, 4, 2, 14, tzinfo=LONDON)


def test_what_somebody_has_to_do_is_a_day_and_goes_once_it_is_done(either_story: Story) -> None:
    body = {"supervisee": "wkr", "kind": "personal", "sections": {"personal_discussion": "Quiet."}}
    record = either_story.move("sup", either_story.open("sup", "records", **body), "circulate")
    path = new_feed(either_story, "wkr")

    def to_sign() -> list[Any]:
        return [event for event in events(either_story, path) if event["UID"] == f"{record['id']}-due@supervision"]

    [event] = to_sign()
    assert (event["SUMMARY"], event.start) == ("Something is due", date(2025, 3, 10))

    either_story.move("wkr", record, "sign")
    assert to_sign() == []


def test_nothing_of_a_referral_is_in_anybodys_calendar(story: Story) -> None:
    body = {"supervisee": "wkr", "about": "conduct", "facts": "Late.", "discussed_on": "2025-03-03"}
    referral = story.open("sup", "referrals", **body)
    assert referral["id"] in [*story.inbox("sup"), *story.inbox("hr1"), *story.inbox("lm")]

    for who in ("sup", "hr1", "lm", "wkr"):
        assert referral["id"] not in look(story, new_feed(story, who)).text


def test_a_calendar_tells_nobody_what_it_is_about(story: Story) -> None:
    booked(story)
    story.open("wkr", "concerns", about="quality", statement="Too short.")

    content = look(story, new_feed(story, "sup")).text

    assert {line for line in content.splitlines() if line.startswith("SUMMARY")} <= {
        "SUMMARY:Supervision", "SUMMARY:Something is due",
    }  # fmt: skip
    for word in ("wkr", "Person", "concern", "Too short"):
        assert word not in content


# -- the address
def test_a_new_address_ends_the_one_before_and_taking_the_feed_back_ends_both(either_story: Story) -> None:
    first = new_feed(either_story, "wkr")
    second = new_feed(either_story, "wkr")

    problem(look(either_story, first), 404, "not_found")
    assert look(either_story, second).status_code == 200

    for _ in range(2):
        assert either_story.send("wkr", "DELETE", "/me/calendar-feed").status_code == 204
    problem(look(either_story, second), 404, "not_found")


@pytest.mark.parametrize("secret", ["x", "AAAA", "%00", "a" * 64, "é" * 3, "A" * 5000])
def test_an_address_that_was_never_given_leads_nowhere(story: Story, secret: str) -> None:
    problem(look(story, f"/calendar-feeds/{secret}.ics"), 404, "not_found")


def test_whoever_has_left_has_no_calendar_here_any_more(story: Story) -> None:
    path = new_feed(story, "wkr")
    ok(story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-04"}]))
    assert look(story, path).status_code == 200

    story.at("2025-03-05T09:00")

    problem(look(story, path), 404, "not_found")


def test_a_token_of_a_feed_opens_nothing_else(story: Story) -> None:
    secret = new_feed(story, "wkr").rpartition("/")[2].removesuffix(".ics")

    problem(story.client.get("/me", headers={"Authorization": f"Bearer {secret}"}), 401, "unknown_token")


# -- asking again
def test_whoever_asks_again_is_told_that_nothing_has_changed_until_it_has(either_story: Story) -> None:
    session = booked(either_story)
    path = new_feed(either_story, "wkr")
    tag = look(either_story, path).headers["etag"]

    same = look(either_story, path, **{"If-None-Match": f'W/"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert same.headers["cache-control"] == "private, max-age=900"

    either_story.move("sup", session, "cancel", cause="diary", reason="Court.")
    assert look(either_story, path, **{"If-None-Match": tag}).status_code == 200

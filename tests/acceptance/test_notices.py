"""Notices over HTTP: how people want to hear, what reached nobody, and who may report what came back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from service.notices.channels import Channels
from service.notices.delivery import Round
from service.notices.letters import Letter
from service.notices.reference import Reference
from tests.fakes.channel import FakeChannel
from tests.fixtures.served import CALLBACK_SECRET, CALLBACK_TOKEN, Story, deadline, ok, problem


def sent_to_be_signed(story: Story) -> dict[str, Any]:
    opened = story.open("sup", "records", supervisee="wkr", kind="personal", sections={"personal_discussion": "Quiet."})
    return story.move("sup", opened, "circulate")


def mailed(story: Story) -> Letter:
    """The worker's mail about a record, as a channel was given it."""
    mail = FakeChannel()
    delivery = Round(story.door, Channels.of((mail,), "https://supervision.council.example"), UUID(story.organisation))
    while delivery.run():
        pass
    [letter] = [letter for letter in mail.to("wkr") if not letter.digest]
    return letter


def report(
    story: Story, kind: str, reference: object, *, secret: str = CALLBACK_SECRET, at: datetime | None = None
) -> httpx.Response:
    """A mail gateway's report, signed."""
    body = json.dumps({"type": kind, "data": {"reference": str(reference), "status": "5.1.1"}})
    when = at or datetime.now(UTC)
    headers = {
        "Content-Type": "application/json", "webhook-id": "m1", "webhook-timestamp": str(int(when.timestamp())),
        "webhook-signature": Webhook(secret).sign("m1", when, body),
    }  # fmt: skip
    return story.client.post("/notices/bounces", content=body, headers=headers)


def call_back(story: Story, status: str, reference: object, token: str = CALLBACK_TOKEN) -> httpx.Response:
    """GOV.UK Notify calls."""
    body = {"id": str(uuid4()), "reference": str(reference), "to": "wkr@council.example", "status": status}
    return story.client.post("/notices/bounces/notify", json=body, headers={"Authorization": f"Bearer {token}"})


# -- in a sandbox
def test_in_a_sandbox_a_notice_is_in_its_persons_list_at_the_instant_it_is_sent(story: Story) -> None:
    record = sent_to_be_signed(story)

    [notice] = [n for n in story.items("wkr", "/notices") if n["about"] == record["id"]]

    assert (notice["status"], notice["at"]) == ("delivered", story.get("wkr", "/sandbox/clock")["now"])


# -- preferences
def test_people_say_how_they_want_to_hear(either_story: Story) -> None:
    assert either_story.get("wkr", "/me/preferences") == {"notices": "daily"}

    chosen = ok(either_story.send("wkr", "PUT", "/me/preferences", json={"notices": "at_once"}))

    assert chosen == either_story.get("wkr", "/me/preferences") == {"notices": "at_once"}
    assert either_story.get("sup", "/me/preferences") == {"notices": "daily"}


@pytest.mark.parametrize("body", [{}, {"notices": "never"}, {"notices": "daily", "more": 1}])
def test_there_is_no_way_to_hear_of_nothing(story: Story, body: dict[str, Any]) -> None:
    problem(story.send("wkr", "PUT", "/me/preferences", json=body), 422, "invalid")


# -- what comes back
@pytest.mark.clause("CBC-42", "CBC-58")
def test_a_signed_report_of_a_bounce_stops_the_window(either_story: Story) -> None:
    record = sent_to_be_signed(either_story)
    letter = mailed(either_story)

    for _ in range(2):
        assert report(either_story, "notice.bounced", f"<{letter.reference}@council.example>").status_code == 204

    assert deadline(either_story.matter("wkr", record), "sign_by")["status"] == "paused"
    [notice] = [n for n in either_story.items("wkr", "/notices") if n["kind"] == "signature_asked"]
    assert notice["status"] == "bounced"
    assert "undelivered" in either_story.told("sup", record)
    assert "unreachable" in {row["kind"] for row in either_story.items("admin", "/incidents")}


def test_notify_calls_back_that_an_address_takes_no_mail(story: Story) -> None:
    record = sent_to_be_signed(story)

    assert call_back(story, "permanent-failure", mailed(story).reference).status_code == 204

    assert deadline(story.matter("wkr", record), "sign_by")["status"] == "paused"


@pytest.mark.parametrize("status", ["delivered", "sending", "something new"])
def test_whatever_else_notify_says_stops_nothing(story: Story, status: str) -> None:
    record = sent_to_be_signed(story)

    assert call_back(story, status, mailed(story).reference).status_code == 204

    assert deadline(story.matter("wkr", record), "sign_by")["status"] == "running"


def test_administrators_see_what_reached_nobody_and_not_what_it_was_about(either_story: Story) -> None:
    sent_to_be_signed(either_story)
    letter = mailed(either_story)
    report(either_story, "notice.bounced", letter.reference)

    [lost] = either_story.items("admin", "/notices/undelivered", limit=1)

    assert lost.pop("at")
    assert lost == {
        "to": "wkr", "channel": "mail", "status": "bounced", "why": "reported_5.1.1", "attempts": 1, "digest": False,
        "notices": 1,
    }  # fmt: skip
    problem(either_story.send("sup", "GET", "/notices/undelivered"), 403, "not_your_move")


def test_administrators_have_it_sent_again_once_the_address_works(either_story: Story) -> None:
    record = sent_to_be_signed(either_story)
    first = mailed(either_story)
    report(either_story, "notice.bounced", first.reference)

    again = either_story.send("admin", "POST", "/people/wkr/notices/send-again")

    assert ok(again) == {"person": "wkr", "bounce": False}
    assert mailed(either_story).reference != first.reference
    assert deadline(either_story.matter("wkr", record), "sign_by")["status"] == "running"
    assert either_story.items("admin", "/notices/undelivered") == []


def test_nobody_else_has_anything_sent_again(story: Story) -> None:
    problem(story.send("sup", "POST", "/people/wkr/notices/send-again"), 403, "not_your_move")
    problem(story.send("admin", "POST", "/people/nobody/notices/send-again"), 404, "not_found")


# -- who may report
def test_a_report_that_is_not_signed_or_is_old_is_refused(story: Story) -> None:
    reference = Reference(UUID(story.organisation), uuid4())
    long_ago = datetime.now(UTC) - timedelta(hours=1)

    problem(story.client.post("/notices/bounces", json={"type": "notice.bounced"}), 401, "not_signed")
    problem(report(story, "notice.bounced", reference, secret="whsec_" + "REVG" * 10), 401, "not_signed")
    problem(report(story, "notice.bounced", reference, at=long_ago), 401, "not_signed")
    problem(call_back(story, "permanent-failure", reference, "another"), 401, "no_token")
    problem(story.client.post("/notices/bounces/notify", json={"status": "delivered"}), 401, "no_token")


@pytest.mark.parametrize("reference", ["nothing", f"{'0' * 32}.{'1' * 32}"])
def test_a_report_about_no_message_of_ours_finds_nothing(story: Story, reference: str) -> None:
    problem(report(story, "notice.bounced", reference), 404, "not_found")
    problem(call_back(story, "permanent-failure", reference), 404, "not_found")


def test_a_report_of_something_else_is_refused(story: Story) -> None:
    problem(report(story, "notice.opened", "x"), 422, "invalid")

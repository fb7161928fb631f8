"""What comes back is heard: nobody who was not reached is taken to agree, somebody is told, and it is sent again."""

from __future__ import annotations

from uuid import uuid4

import pytest

from service.engine.bounces import set_bouncing
from service.notices.channels import WEBHOOK, NeverTaken, NotNow
from service.notices.reference import Reference
from service.notices.reports import Heard, hear
from service.storage.matter_tables import outbox
from tests.fakes.channel import FakeChannel
from tests.integration.council import Council
from tests.integration.notices.telling import Post, concern_about, incidents, sent_to_be_signed
from workflows.model import Matter
from workflows.vocabulary import Status

NO_SUCH_MAILBOX = NeverTaken("smtp_550", bad_address=True)


def record(story: Council) -> Matter:
    return story.one("record")


def window(story: Council) -> Status:
    found = record(story).live("sign_by")
    assert found is not None
    return found.status


def comes_back(post: Post, heard: Heard = Heard.bounced, why: str = "dsn_5.1.1") -> bool:
    """The last message to the worker is heard of."""
    return hear(post.council.door, post.mail.to("wkr")[-1].reference, heard, why)


def list_again(story: Council, address: str) -> None:
    story.take("people", f"ref,name,email,job_role\nwkr,Work Example,{address},social_worker\n")


# -- a bad address
@pytest.mark.clause("CBC-42", "CBC-58")
def test_a_mail_that_comes_back_stops_the_window_that_it_started(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    assert window(story) is Status.running

    story.at("2025-03-05T10:00")
    assert comes_back(post)
    assert window(story) is Status.paused

    story.at("2025-03-31T10:00")
    assert record(story).state == "awaiting_signature"


def test_an_address_that_the_mail_server_refuses_is_the_same(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.mail.refuses = NO_SUCH_MAILBOX
    post.go()

    assert window(story) is Status.paused
    [message] = post.messages(person="wkr", digest=False)
    assert (message.status, message.why, message.next_at) == ("bounced", "smtp_550", None)


def test_whoever_manages_them_is_told_and_administrators_see_it(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)

    employment = story.one("employment", person="wkr")
    assert story.told(employment, "undelivered") == {"sup"}
    assert story.history(employment)[-1] == "unreachable"
    [incident] = incidents(story)
    assert (incident.kind, incident.matter_id) == ("unreachable", employment.id)

    post.go()
    assert [letter.digest for letter in post.mail.to("sup")] == [False]


def test_hearing_of_it_twice_changes_nothing(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)
    before = story.counts()

    assert comes_back(post)

    assert story.counts() == before


def test_no_more_is_sent_to_a_bad_address(story: Council, post: Post) -> None:
    concern_about(story)
    sent_to_be_signed(story)
    post.go()
    comes_back(post)
    concern_about(story)
    story.at("2025-03-04T09:00")

    post.go()

    assert len(post.mail.to("wkr")) == 1
    assert [m.why for m in post.messages(person="wkr", digest=True)] == ["bad_address"]
    about = [concern.id for concern in story.matters("concern")]
    told = story.rows(outbox, outbox.c.matter_id.in_(about), outbox.c.to == "wkr")
    assert [row.status for row in told] == ["bounced", "bounced"]


def test_somebody_without_an_address_was_not_reached(story: Council, post: Post) -> None:
    concern_about(story, supervisor="admin")

    post.go()

    [message] = post.messages(person="admin", digest=False)
    assert (message.status, message.why, message.address) == ("bounced", "no_address", None)
    assert {row.kind for row in incidents(story)} == {"unreachable"}


# -- it is sent again
@pytest.mark.clause("CBC-42", "CBC-58")
def test_a_new_address_on_the_list_sends_again_what_came_back_and_the_whole_window_starts(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)
    story.at("2025-03-20T10:00")

    list_again(story, "better@council.example")
    post.go()

    asked = [letter for letter in post.mail.to("wkr") if "signature" in letter.subject]
    assert [letter.address for letter in asked] == ["wkr@council.example", "better@council.example"]
    assert asked[0].reference != asked[1].reference
    assert window(story) is Status.running
    assert story.due("record", "sign_by") == "2025-03-27"
    assert story.history(story.one("employment", person="wkr"))[-1] == "reachable"
    assert "unreachable" not in {row.kind for row in incidents(story)}


def test_trying_a_list_out_sends_nothing_again(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)

    text = "ref,name,email,job_role\nwkr,Work Example,better@council.example,social_worker\n"
    story.take("people", text, dry_run=True)
    post.go()

    assert len(post.mail.to("wkr")) == 1
    assert window(story) is Status.paused


def test_each_notice_still_has_one_row_for_its_channel(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)
    list_again(story, "better@council.example")
    post.go()

    [row] = [row for row in post.carried() if not row.digest and row.matter_id == record(story).id]
    assert row.status == "sent"


def test_administrators_send_again_to_an_address_that_is_right_after_all(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post)

    story.run(lambda work: set_bouncing(work, "wkr", bounces=False))
    post.go()

    assert len(post.mail.to("wkr")) == 2
    assert window(story) is Status.running


def test_what_comes_back_from_an_address_that_is_no_longer_on_the_list_goes_to_the_new_one(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    post.go()
    list_again(story, "better@council.example")

    comes_back(post)
    post.go()

    assert [letter.address for letter in post.mail.to("wkr")][-1] == "better@council.example"
    assert window(story) is Status.running
    assert incidents(story) == []


# -- not for good
def test_while_a_message_cannot_leave_for_long_its_window_stands_still_and_starts_when_it_has_left(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    post.mail.refuses = NotNow("unreachable")
    for time in ("10:00", "10:01", "10:05"):
        story.at(f"2025-03-03T{time}")
        post.go()
    assert window(story) is Status.paused

    post.mail.refuses = None
    story.at("2025-03-05T10:00")
    post.go()

    assert window(story) is Status.running
    assert story.due("record", "sign_by") == "2025-03-12"
    assert len(post.mail.to("wkr")) == 1
    assert story.history(story.one("employment", person="wkr"))[-1] == "open"


@pytest.mark.clause("CBC-58")
def test_a_window_counts_from_the_day_on_which_its_message_left_however_long_nothing_sent_it(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    story.at("2025-03-05T10:00")

    post.go()

    assert window(story) is Status.running
    assert story.due("record", "sign_by") == "2025-03-12"


def test_silence_before_the_message_left_was_no_consent(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    story.at("2025-03-12T10:00")
    assert record(story).state == "deemed_accepted"

    post.go()

    assert record(story).data["unsafe"]
    window = record(story).live("dispute_by")
    assert window is not None
    assert window.due is not None
    assert window.due.date().isoformat() == "2025-03-19"


def test_a_full_mailbox_is_tried_again_and_nobody_was_reached_meanwhile(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()
    comes_back(post, Heard.given_up, "dsn_4.2.2")
    assert window(story) is Status.paused

    story.at("2025-03-03T11:00")
    post.go()

    [first, second] = post.mail.to("wkr")
    assert first.reference == second.reference
    assert window(story) is Status.running


def test_a_mail_that_is_refused_for_what_it_is_reached_nobody(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.mail.refuses = NeverTaken("smtp_554")
    post.go()

    assert window(story) is Status.paused
    assert {row.kind for row in incidents(story)} == {"reached_nobody"}
    assert not story.run(lambda work: work.picture.directory.people["wkr"].bounces)


# -- what is no failure
def test_what_arrived_is_known_to_have(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.go()

    assert comes_back(post, Heard.delivered, "notify_delivered")

    assert [m.status for m in post.messages(person="wkr", digest=False)] == ["delivered"]
    assert window(story) is Status.running


def test_a_webhook_that_fails_stops_no_window_where_there_is_mail(story: Council) -> None:
    post = Post(story, FakeChannel(), FakeChannel(WEBHOOK, refuses=NeverTaken("answered_422")))
    sent_to_be_signed(story)

    post.go()

    assert window(story) is Status.running
    assert {row.kind for row in incidents(story)} == {"reached_nobody"}


def test_a_webhook_that_is_the_only_way_does(story: Council) -> None:
    post = Post(story, FakeChannel(WEBHOOK, refuses=NeverTaken("answered_422")))
    sent_to_be_signed(story)

    post.go()

    assert window(story) is Status.paused


def test_nobodys_message_is_heard_of(story: Council) -> None:
    assert not hear(story.door, Reference(story.id, uuid4()), Heard.bounced, "dsn_5.1.1")
    assert not hear(story.door, Reference(uuid4(), uuid4()), Heard.bounced, "dsn_5.1.1")


def test_a_bounce_that_is_heard_of_after_silence_was_taken_for_consent_makes_that_unsafe(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    post.go()
    story.at("2025-03-12T10:00")
    assert record(story).state == "deemed_accepted"

    comes_back(post)

    assert record(story).data["unsafe"]
    assert {row.kind for row in incidents(story)} == {"unreachable", "unsafe_deeming"}

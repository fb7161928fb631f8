"""Notices leave: urgent ones alone and at once, the others in one digest a day, each once by every channel."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from service.notices.channels import WEBHOOK, NotNow
from service.notices.delivery import Round, deliver_due
from service.notices.planning import make_messages
from service.notices.preferences import choose_pace, pace_of
from service.notices.taking import LEASE
from service.notices.timing import Pace
from service.storage.matter_tables import outbox
from service.storage.notice_tables import messages
from tests.fakes.channel import FakeChannel
from tests.integration.council import Council, london
from tests.integration.notices.telling import BASE, Post, concern_about, incidents, sent_to_be_signed, ways
from workflows.receipts import iso

if TYPE_CHECKING:
    from service.engine.work import Work


class Cut(BaseException):
    """The process ends here."""


def cut() -> None:
    raise Cut


def prefers(story: Council, person: str, pace: Pace) -> None:
    story.run(lambda work: choose_pace(work.connection, story.id, person, pace))


# -- when
def test_what_starts_a_window_leaves_at_once_and_alone(story: Council, post: Post) -> None:
    record = sent_to_be_signed(story)

    post.go()

    [letter] = post.mail.to("wkr")
    assert letter.address == "wkr@council.example"
    assert letter.subject == "A supervision record waits for your signature"
    assert f"{BASE}/matters/{record.id}" in letter.text


def test_it_leaves_at_once_at_night_too_for_its_window_runs_from_then(story: Council, post: Post) -> None:
    story.at("2025-03-08T22:15")  # a Saturday
    sent_to_be_signed(story)

    post.go()

    assert len(post.mail.to("wkr")) == 1


def test_the_rest_of_the_day_is_in_one_digest_at_nine_of_the_next_working_day(story: Council, post: Post) -> None:
    concern_about(story)
    concern_about(story)
    post.go()
    story.at("2025-03-04T08:59")
    post.go()
    assert post.mail.to("wkr") == []

    story.at("2025-03-04T09:00")
    post.go()

    [digest] = post.mail.to("wkr")
    assert digest.digest
    assert digest.subject == "Supervision: 2 new notices"


def test_there_is_one_digest_a_day_however_late_some_of_it_comes(story: Council, post: Post) -> None:
    concern_about(story)
    story.at("2025-03-04T09:00")
    post.go()

    concern_about(story)
    post.go()
    assert len(post.mail.to("wkr")) == 1

    story.at("2025-03-05T09:00")
    post.go()
    assert len(post.mail.to("wkr")) == 2


def test_a_notice_does_not_join_a_digest_that_has_begun_to_leave(story: Council, post: Post) -> None:
    concern_about(story)
    post.once()
    story.at("2025-03-04T09:00")
    concern_about(story)  # of this very second, and so of this very digest
    post.mail.then = lambda: cut() if post.mail.came[-1].person == "wkr" else None
    with pytest.raises(Cut):
        post.go()
    post.mail.then = lambda: None
    concern_about(story)

    story.at("2025-03-05T09:00")
    post.go()

    subjects = [letter.subject for letter in post.mail.to("wkr")]
    assert subjects == ["Supervision: 2 new notices", "Supervision: 2 new notices", "Supervision: 1 new notice"]


def test_a_notice_of_a_moment_ago_does_not_join_a_digest_that_left_by_a_clock_ahead(story: Council, post: Post) -> None:
    concern_about(story)
    story.at("2025-03-04T09:00")
    post.go()
    concern_about(story)

    def a_moment_ago(work: Work) -> None:
        work.now -= timedelta(seconds=1)
        make_messages(work, (post.mail.name,))

    story.run(a_moment_ago)
    post.go()
    assert len(post.mail.to("wkr")) == 1
    story.at("2025-03-05T09:00")
    post.go()

    assert len(post.mail.to("wkr")) == 2


def test_whoever_wants_to_hear_at_once_does_in_working_hours(story: Council, post: Post) -> None:
    prefers(story, "wkr", Pace.at_once)
    concern_about(story)
    post.go()
    [letter] = post.mail.to("wkr")
    assert not letter.digest

    story.at("2025-03-03T19:00")
    concern_about(story)
    post.go()
    assert len(post.mail.to("wkr")) == 1

    story.at("2025-03-04T09:00")
    post.go()
    assert len(post.mail.to("wkr")) == 2


def test_a_preference_is_kept_and_changed(story: Council) -> None:
    def chosen() -> Pace:
        found: Pace = story.run(lambda work: pace_of(work.connection, story.id, "wkr"))
        return found

    assert chosen() is Pace.daily
    prefers(story, "wkr", Pace.at_once)
    assert chosen() is Pace.at_once
    prefers(story, "wkr", Pace.daily)
    assert chosen() is Pace.daily


# -- what it says
def test_a_mail_names_nobody_and_no_case(story: Council, post: Post) -> None:
    concern_about(story)
    story.at("2025-03-04T09:00")

    post.go()

    for letter in post.mail.came:
        for word in ("Example", "wkr", "concern", "Too short"):
            assert word not in letter.subject + letter.text.replace(BASE, "")


# -- to whom
def test_whoever_has_left_is_sent_nothing_more(story: Council, post: Post) -> None:
    concern_about(story)
    post.once()
    story.take(
        "people", "ref,name,email,job_role,end_date\nwkr,Work Example,wkr@council.example,social_worker,2025-03-03\n"
    )
    story.at("2025-03-04T09:00")

    post.go()

    assert [letter.person for letter in post.mail.came if letter.person == "wkr"] == []
    assert [(m.status, m.why) for m in post.messages(person="wkr")] == [("failed", "left")]
    assert incidents(story) == []


def test_every_channel_carries_every_notice_once(story: Council) -> None:
    post = Post(story, FakeChannel(), FakeChannel(WEBHOOK))
    sent_to_be_signed(story)

    post.go()

    assert [len(channel.to("wkr")) for channel in post.channels] == [1, 1]


def test_without_any_channel_the_list_alone_has_it_and_later_channels_do_not_dig_it_up(story: Council) -> None:
    sent_to_be_signed(story)
    assert Post(story).go() == 1

    later = Post(story, FakeChannel())
    later.go()

    assert later.mail.came == []
    assert {row.status for row in story.rows(outbox)} == {"delivered"}


def test_what_waits_for_a_channel_that_is_no_more_is_given_up(story: Council) -> None:
    concern_about(story)
    Post(story, FakeChannel(WEBHOOK)).once()
    story.at("2025-03-04T09:00")

    mail_alone = Post(story, FakeChannel())
    mail_alone.go()

    assert {(m.channel, m.why) for m in mail_alone.messages(status="failed")} == {("webhook", "no_such_channel")}


# -- nothing leaves a sandbox
def test_nothing_leaves_a_sandbox_whatever_is_set_up(story: Council, post: Post) -> None:
    sent_to_be_signed(story)

    assert deliver_due(story.door, ways(post.mail), story.id) == 0
    assert story.id not in story.door.database.notice_organisations(london("2030-01-01T00:00"))
    assert post.mail.came == []


# -- when it fails, or is cut short
def test_what_fails_is_tried_again_under_the_same_reference(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    post.mail.refuses = NotNow("unreachable", closed=True)
    post.once()
    post.mail.refuses = None
    post.go()
    assert post.mail.came == []

    story.at("2025-03-03T10:01")
    post.go()

    [letter] = post.mail.to("wkr")
    [message] = post.messages(person="wkr", digest=False)
    assert letter.again
    assert (message.status, message.attempts, message.why) == ("sent", 2, None)
    assert letter.reference.message == message.id


def test_where_a_process_ends_between_sending_and_telling_the_same_message_comes_again(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    post.mail.then = cut
    with pytest.raises(Cut):
        post.once()
    post.mail.then = lambda: None
    post.go()
    assert len(post.mail.to("wkr")) == 1

    story.at(iso(london("2025-03-03T10:00") + LEASE)[:16])
    post.go()

    [first, second] = post.mail.to("wkr")
    assert first.reference == second.reference
    assert (first.again, second.again) == (False, True)
    assert len([row for row in post.carried() if not row.digest]) == 1


def test_a_message_whose_lease_ran_out_is_told_about_by_its_new_sender_alone(story: Council, post: Post) -> None:
    """A slow sender that comes back after another one has taken over changes nothing."""
    sent_to_be_signed(story)

    def another_takes_over() -> None:
        later = update(messages).where(messages.c.organisation_id == story.id).values(attempts=7)
        story.run(lambda work: work.connection.execute(later))

    post.mail.then = another_takes_over
    post.once()

    assert {message.status for message in post.messages(digest=False)} == {"waiting"}


def test_where_sending_is_so_slow_that_leases_may_end_the_rest_is_left_to_whoever_takes_it_then(
    story: Council, post: Post
) -> None:
    sent_to_be_signed(story)
    sent_to_be_signed(story)
    seconds = iter((0.0, 1.0, LEASE.total_seconds()))
    Round(story.door, ways(post.mail), story.id, clock=lambda: next(seconds)).run()
    assert len(post.mail.to("wkr")) == 1

    story.at(iso(london("2025-03-03T10:00") + LEASE)[:16])
    post.go()

    assert len(post.mail.to("wkr")) == 2


def test_while_the_way_is_closed_nothing_else_is_tried_on_it_in_that_round(story: Council) -> None:
    tries: list[str] = []

    class Closed(FakeChannel):
        def send(self, letter: Any) -> None:
            tries.append(letter.person)
            raise NotNow("unreachable", closed=True)

    for _ in range(3):
        sent_to_be_signed(story)
    Post(story, Closed()).once()

    assert tries == ["wkr"]


def test_a_mistake_of_ours_in_one_message_holds_up_no_other(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    sent_to_be_signed(story)
    post.mail.refuses = RuntimeError("a mistake")
    post.once()
    post.mail.refuses = None

    story.at("2025-03-03T10:01")
    post.go()

    assert len(post.mail.to("wkr")) == 2


def test_when_it_goes_on_failing_administrators_see_it_until_it_works(story: Council, post: Post) -> None:
    sent_to_be_signed(story)
    sent_to_be_signed(story)
    post.mail.refuses = NotNow("unreachable")
    for minutes in (0, 1, 5):
        story.at(iso(london("2025-03-03T10:00") + timedelta(minutes=minutes))[:16])
        post.go()
    assert [row.kind for row in incidents(story)] == ["notices_stuck"]

    post.mail.refuses = None
    story.at("2025-03-03T10:30")
    post.go()

    assert incidents(story) == []
    assert len(post.mail.to("wkr")) == 2


# -- several at once
def test_two_that_deliver_at_once_send_everything_once(story: Council) -> None:
    mail = FakeChannel()
    for _ in range(15):
        sent_to_be_signed(story)
        concern_about(story)
    story.at("2025-03-04T09:00")
    failures: list[BaseException] = []

    def go() -> None:
        try:
            Post(story, mail).go()
        except BaseException as failure:  # noqa: BLE001 - handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Post(story, mail).go()

    assert failures == []
    references = [letter.reference for letter in mail.came]
    assert len(references) == len(set(references))
    assert len([letter for letter in mail.to("wkr") if letter.digest]) == 1
    assert len([letter for letter in mail.to("wkr") if not letter.digest]) == 15

"""Notices leave: urgent ones alone and at once, the others in one digest a day, each once by every channel."""

from __future__ import annotations

from tests.integration.council import Council
from tests.integration.notices.telling import Post, concern_about, sent_to_be_signed


def test_what_starts_a_window_leaves_at_once_and_alone(story: Council, post: Post) -> None:
    record = sent_to_be_signed(story)

    post.go()

    [letter] = post.mail.to("wkr")
    assert letter.address == "wkr@council.example"
    assert letter.subject == "A supervision record waits for your signature"
    assert str(record.id) in letter.text


def test_the_rest_of_the_day_is_in_one_digest_at_nine_of_the_next_working_day(story: Council, post: Post) -> None:
    concern_about(story)
    post.go()
    assert post.mail.to("wkr") == []

    story.at("2025-03-04T08:59")
    post.go()
    assert post.mail.to("wkr") == []

    story.at("2025-03-04T09:00")
    post.go()
    [digest] = post.mail.to("wkr")
    assert digest.digest
    assert digest.subject == "Supervision: 1 new notice"

"""Whatever fails, is cut short and comes back, in whatever order: a notice has one row a channel, and is not lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.engine.bounces import set_bouncing
from service.notices.channels import MAIL, WEBHOOK, NeverTaken, NotNow
from service.notices.reports import Heard, hear
from service.storage.matter_tables import outbox
from tests.fakes.channel import FakeChannel
from tests.integration.council import Council
from tests.integration.notices.telling import BASE, PEOPLE, Post, concern_about, sent_to_be_signed
from workflows.calendar import LONDON

if TYPE_CHECKING:
    from service.engine.door import Door

_START = "2025-03-03T10:00"
_FAILURES: dict[str, Exception | None] = {
    "works": None,
    "is_closed": NotNow("unreachable", closed=True),
    "fails": NotNow("smtp_450"),
    "refuses_addresses": NeverTaken("smtp_550", bad_address=True),
    "refuses_mail": NeverTaken("smtp_554"),
    "breaks": RuntimeError("a mistake"),
}


class Cut(BaseException):
    """The process ends here."""


class Scene:
    """A council to which things happen, under a clock that goes on by what the test says."""

    def __init__(self, door: Door) -> None:
        self.council = Council.under(door, "central-bedfordshire", _START)
        self.council.take("people", PEOPLE)
        Post(self.council).go()
        self.post = Post(self.council, FakeChannel(), FakeChannel(WEBHOOK))
        self.known = {_key(row) for row in self.council.rows(outbox)}

    def happens(self, what: str) -> None:
        """One thing that may happen."""
        if what in _FAILURES:
            self.post.mail.refuses = _FAILURES[what]
        else:
            getattr(self, what)()

    def record_is_sent(self) -> None:
        sent_to_be_signed(self.council)

    def concern_is_raised(self) -> None:
        concern_about(self.council)

    def minutes_pass(self) -> None:
        self._on(timedelta(minutes=7))

    def night_passes(self) -> None:
        self._on(timedelta(hours=17))

    def round_is_made(self) -> None:
        self.post.once()

    def round_is_cut_short(self) -> None:
        def cut() -> None:
            raise Cut

        self.post.mail.then = cut
        try:
            self.post.once()
        except Cut:
            pass
        finally:
            self.post.mail.then = lambda: None

    def last_mail_comes_back(self) -> None:
        self._hear(Heard.bounced)

    def last_mail_is_given_up(self) -> None:
        self._hear(Heard.given_up)

    def everything_is_sent_again(self) -> None:
        for person in ("wkr", "sup", "lm"):
            self.council.run(partial(set_bouncing, person=person, bounces=False))

    def settle(self) -> None:
        """In the end everything works, every address is good, and some days go by."""
        self.post.mail.refuses = None
        self.everything_is_sent_again()
        for _ in range(4):
            self._on(timedelta(days=1))
            self.post.go()

    def _on(self, by: timedelta) -> None:
        now = self.council.run(lambda work: work.now) + by
        self.council.at(now.astimezone(LONDON).replace(tzinfo=None).isoformat())

    def _hear(self, heard: Heard) -> None:
        if self.post.mail.came:
            hear(self.council.door, self.post.mail.came[-1].reference, heard, "dsn")


_EVENTS = (
    *_FAILURES, "record_is_sent", "concern_is_raised", "minutes_pass", "night_passes", "round_is_made",
    "round_is_cut_short", "last_mail_comes_back", "last_mail_is_given_up", "everything_is_sent_again",
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events=st.lists(st.sampled_from(_EVENTS), min_size=3, max_size=25))
def test_each_notice_has_one_row_a_channel_and_reaches_its_person_and_urgent_ones_are_in_no_digest(
    door: Door, events: list[str]
) -> None:
    scene = Scene(door)
    for event in events:
        scene.happens(event)

    scene.settle()

    notices = {_key(row): row for row in scene.council.rows(outbox) if _key(row) not in scene.known}
    carried = scene.post.carried()
    assert set(Counter((*_key(row), row.channel) for row in carried).values()) <= {1}
    assert {_key(row) for row in carried if row.channel == MAIL} == set(notices)
    assert not [row for row in carried if row.digest and notices[_key(row)].urgent]
    told = {link for letter in scene.post.mail.came for _, link in letter.lines}
    assert told >= {f"{BASE}/matters/{row.matter_id}" for row in notices.values() if row.urgent}


def _key(row: Any) -> tuple[Any, ...]:
    return row.matter_id, row.step, row.number

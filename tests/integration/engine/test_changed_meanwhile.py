"""People, calendar and policies that change while somebody decides: nobody commits what was decided on the old ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from service.engine.due import enforce_batch
from service.engine.one_at_a_time import lock_council
from service.engine.work import Work
from service.engine.writing import StaleError
from tests.acceptance.beginnings import away, drafted, due, raised, sent
from tests.fixtures.served import Sandbox, Story, deadline, ok
from tests.integration.engine.transactions import first, instant, meanwhile
from workflows.model import Actor
from workflows.payloads import Circulate, Nothing

#: Longer than anything here takes that waits for nobody.
_PATIENCE = 30


def overtaken(story: Story, piece: Callable[[Work], object], other: Callable[[], object]) -> int:
    """Do a piece of work that has read its council when `other` is committed; how often it was done."""
    times = 0

    def whole(work: Work) -> None:
        nonlocal times
        times += 1
        if times == 1:
            other()
        piece(work)

    story.door.run(UUID(story.organisation), whole)
    return times


def sending(record: dict[str, Any]) -> Callable[[Work], object]:
    return lambda work: work.fire(UUID(record["id"]), "circulate", Circulate(), Actor("sup"))


def close(story: Story, day: str) -> None:
    ok(story.send("admin", "POST", "/closures", json={"date": day, "reason": "Moving house."}), 201)


# -- decided anew
def test_a_window_that_begins_while_an_absence_is_recorded_stands_still(story: Story) -> None:
    record = drafted(story)

    assert overtaken(story, sending(record), lambda: away(story, "wkr")) == 2

    assert due(story.matter("wkr", record), "sign_by") == (None, "paused")


def test_nobody_is_asked_whose_absence_was_recorded_meanwhile(busy_sandbox: Sandbox) -> None:
    story = busy_sandbox.story("north-somerset")
    dispute = raised(story)

    def escalate(work: Work) -> None:
        work.fire(UUID(dispute["id"]), "escalate", Nothing(), Actor("wkr"))

    assert overtaken(story, escalate, lambda: away(story, "lm")) == 2

    assert story.matter("wkr", dispute)["holder"] == "hos"


def test_a_window_that_begins_while_the_council_closes_a_day_does_not_count_it(story: Story) -> None:
    record = drafted(story)

    assert overtaken(story, sending(record), lambda: close(story, "2025-03-06")) == 2

    assert due(story.matter("wkr", record), "sign_by") == ("2025-03-11", "running")


def test_a_whole_batch_is_decided_anew(story: Story) -> None:
    for _ in range(10):
        sent(story)
    own, night = UUID(story.organisation), instant("2025-03-11T00:00")

    with story.door.database.write(own) as connection:
        work = story.door.work(connection, own)
        there = Work(work.store, replace(work.organisation, now=night), work.picture, work.sealer)
        away(story, "hos")
        with pytest.raises(StaleError):
            enforce_batch(there, night, most=100)
        connection.rollback()


def test_two_who_change_the_council_in_different_ways_are_not_both_right(story: Story) -> None:
    def absent(work: Work) -> None:
        lock_council(work)
        work.see(work.picture.directory)

    assert overtaken(story, absent, lambda: close(story, "2025-03-06")) == 2


def test_the_picture_that_a_closed_day_leaves_behind_is_the_one_that_others_find(story: Story) -> None:
    close(story, "2025-03-06")
    own = UUID(story.organisation)

    with story.door.database.read(own) as connection:
        work = story.door.work(connection, own)

    assert (work.organisation.calendar_version, work.picture.calendar.version) == (2, "2")
    assert deadline(sent(story), "sign_by")["receipt"]["calendar"]["version"] == "2"


# -- who waits for whom
def test_moves_of_a_council_do_not_wait_for_each_other(story: Story) -> None:
    one, other = drafted(story), drafted(story)

    with ThreadPoolExecutor(1) as pool, first(story, sending(one)):
        answer = pool.submit(story.try_move, "sup", other, "circulate").result(_PATIENCE)

    assert ok(answer)["state"] == "awaiting_signature"


def test_moves_do_not_wait_for_a_file_that_is_taken_in(story: Story) -> None:
    record = drafted(story)

    with ThreadPoolExecutor(1) as pool, first(story, lock_council):
        answer = pool.submit(story.try_move, "sup", record, "circulate").result(_PATIENCE)

    assert ok(answer)["state"] == "awaiting_signature"


def test_whoever_changes_the_people_waits_for_those_who_have_decided_on_them(story: Story) -> None:
    record = drafted(story)

    absence = meanwhile(story, sending(record), lambda: away(story, "hos"))

    assert absence["state"] == "reported"
    assert story.matter("wkr", record)["state"] == "awaiting_signature"

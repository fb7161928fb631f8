"""Deadlines that have passed: each at its own instant, in order, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from service.engine.due import Advanced, advance, enforce_overdue
from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines, matters, steps
from tests.acceptance.beginnings import away, booked, raised, sent
from tests.fixtures.served import Sandbox, Story, london
from tests.integration.engine.transactions import at, check_whole_history, first, instant, rows, wait_for_waiting


# -- when
def test_nothing_is_enforced_before_the_second_after_it_was_due(story: Story) -> None:
    made = [sent(story), booked(story, "2025-03-06T10:00"), raised(story), away(story, "sup", cause="unplanned")]
    dues = sorted({datetime.fromisoformat(d["due"]) for matter in made for d in matter["deadlines"]})

    for due in dues:
        advance(story.door, UUID(story.organisation), due)
        assert not rows(story, steps, steps.c.at > due)
        before = rows(story, deadlines, deadlines.c.due == due, deadlines.c.fires_at.is_not(None))
        assert before
        assert {d.fires_at for d in before} == {due + timedelta(seconds=1)}

        advance(story.door, UUID(story.organisation), due + timedelta(seconds=1))
        after = {(d.matter_id, d.number): d for d in rows(story, deadlines, deadlines.c.due == due)}
        assert all(after[d.matter_id, d.number].fires_at is None for d in before)


def test_every_step_of_the_service_is_dated_at_its_own_instant(story: Story) -> None:
    record, session = sent(story), booked(story, "2025-03-06T10:00")

    at(story, "2025-04-01T12:00")

    dated = {(str(s.matter_id), s.trigger): s.at for s in rows(story, steps, steps.c.number <= 3)}
    assert dated[record["id"], "deem"] == instant("2025-03-11T00:00")
    assert dated[session["id"], "lapse"] == instant("2025-03-08T00:00")


def test_no_step_is_dated_before_the_one_it_follows(story: Story) -> None:
    for day in ("05", "06", "07"):
        booked(story, f"2025-03-{day}T10:00")
        sent(story)
    away(story, "sup", cause="unplanned")

    at(story, "2025-06-02T12:00")

    by_matter: dict[UUID, list[Any]] = {}
    for step in rows(story, steps):
        by_matter.setdefault(step.matter_id, []).append(step)
    assert all(taken == sorted(taken, key=lambda s: (s.at, s.number)) for taken in by_matter.values())
    check_whole_history(story)


def test_the_work_of_one_call_is_bounded_and_the_next_goes_on_where_it_stopped(story: Story) -> None:
    for _ in range(5):
        sent(story)
    own, target = UUID(story.organisation), instant("2025-03-11T09:00")

    stops: list[Advanced] = []
    while not stops or stops[-1].now < target:
        stops.append(advance(story.door, own, target, most=2))

    assert [stop.fired for stop in stops[:-1]] == [2] * (len(stops) - 1)
    assert sum(stop.fired for stop in stops) >= 5
    assert [stop.now for stop in stops] == sorted(stop.now for stop in stops)
    assert len(rows(story, steps, steps.c.trigger == "deem")) == 5


def test_the_worker_enforces_what_has_passed_batch_after_batch(story: Story) -> None:
    """What the clock of a sandbox does by itself, a worker does with what lies behind its organisation's clock."""
    records = [sent(story) for _ in range(3)]
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        own_records = deadlines.c.matter_id.in_([UUID(record["id"]) for record in records])
        where = (deadlines.c.organisation_id == own, deadlines.c.name == "sign_by", own_records)
        connection.execute(update(deadlines).where(*where).values(fires_at=instant("2025-03-03T08:59")))

    done = []
    while fired := enforce_overdue(story.door, own):
        done.append(fired)

    assert sum(done) == 3
    assert {story.matter("wkr", record)["state"] for record in records} == {"deemed_accepted"}


# -- several workers
def past(story: Story, now: str) -> UUID:
    """A council whose clock has gone on while nobody enforced anything."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        set_clock = update(organisations).where(organisations.c.id == own)
        connection.execute(set_clock.values(sandbox_now=instant(now)))
    return own


def meanwhile_enforced(story: Story, own: UUID, held_up: UUID) -> int:
    """How many deadlines a second worker enforces while the first one waits for a matter."""
    with ThreadPoolExecutor(1) as pool:
        with first(story, lambda work: work.load((held_up,))) as connection:
            one = pool.submit(enforce_overdue, story.door, own)
            wait_for_waiting(connection, one)
            fired = enforce_overdue(story.door, own)
        assert one.result() == 1
    return fired


def test_workers_share_an_instant_in_which_everything_is_of_one_rank(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.engine.due.BATCH", 1)
    records = [sent(story), sent(story)]
    own = past(story, "2025-03-11T00:00")

    assert meanwhile_enforced(story, own, UUID(min(record["id"] for record in records))) == 1

    assert {story.matter("wkr", record)["state"] for record in records} == {"deemed_accepted"}


def test_one_worker_goes_through_an_instant_in_which_somebody_leaves(
    busy_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their leaving comes first: nobody takes their silence for acceptance meanwhile."""
    story = busy_sandbox.story(people=[{"ref": "wkr", "end_date": "2025-03-10"}])
    monkeypatch.setattr("service.engine.due.BATCH", 1)
    record = sent(story)
    own = past(story, "2025-03-11T00:00")
    [leaving] = rows(story, deadlines, deadlines.c.name == "ends_on", deadlines.c.fires_at.is_not(None))

    assert meanwhile_enforced(story, own, leaving.matter_id) == 0

    [settled] = rows(story, matters, matters.c.id == UUID(record["id"]))
    assert (settled.state, settled.data["reason"]) == ("settled", "left")
    assert [s.trigger for s in rows(story, steps, steps.c.matter_id == settled.id)][-1] == "end"


# -- several councils
def test_a_clock_enforces_nothing_of_another_council(busy_sandbox: Any) -> None:
    here, there = busy_sandbox.story(), busy_sandbox.story()
    sent(here)
    sent(there)

    at(here, "2025-03-11T00:00")

    assert len(rows(here, steps, steps.c.trigger == "deem")) == 1
    assert not rows(there, steps, steps.c.trigger == "deem")


@pytest.mark.parametrize("stop", ["2025-03-08T00:00", "2025-03-10T12:00"])
def test_a_person_who_acts_late_finds_what_is_due_enforced_first(story: Story, stop: str) -> None:
    session = booked(story, "2025-03-06T10:00")
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (deadlines.c.organisation_id == own, deadlines.c.matter_id == UUID(session["id"]))
        held_back = connection.execute(update(deadlines).where(*where).values(fires_at=None)).rowcount
    at(story, stop)
    with story.door.database.write(own) as connection:
        connection.execute(update(deadlines).where(*where).values(fires_at=instant("2025-03-08T00:00")))

    answer = story.try_move("sup", session, "cancel", {"cause": "diary", "reason": "Forgotten."})

    assert held_back == 1
    assert answer.status_code == 409
    story.at(stop)
    [_, lapsed] = story.items("sup", f"/matters/{session['id']}/history")
    assert (lapsed["trigger"], lapsed["at"]) == ("lapse", london("2025-03-08T00:00"))

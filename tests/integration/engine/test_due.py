"""Deadlines that have passed: each at its own instant, in order, once; what no rule can decide holds up no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from service.engine.due import TRY_AGAIN, Advanced, advance, enforce_overdue
from service.storage.matter_tables import deadlines, incidents, matters, outbox, steps
from tests.acceptance.beginnings import away, booked, raised, sent
from tests.fixtures.served import Story, deadline, london, ok, problem
from tests.integration.engine.transactions import check_whole_history, rows
from workflows.vocabulary import Status


def instant(text: str) -> datetime:
    return datetime.fromisoformat(london(text))


def spoil(story: Story, matter: dict[str, Any]) -> None:
    """Leave a matter in a way that its rule cannot make anything of."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (matters.c.organisation_id == own, matters.c.id == UUID(matter["id"]))
        connection.execute(update(matters).where(*where).values(data={}, policy_version="no such version"))


def restore(story: Story, sound: Any) -> None:
    """Make a spoilt matter what it was."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (matters.c.organisation_id == own, matters.c.id == sound.id)
        repaired = {"data": sound.data, "policy_version": sound.policy_version}
        connection.execute(update(matters).where(*where).values(**repaired))


def at(story: Story, now: str) -> None:
    advance(story.door, UUID(story.organisation), instant(now))


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


# -- what cannot be decided
def test_a_deadline_that_cannot_be_decided_is_parked_and_holds_up_no_other(story: Story) -> None:
    records = [sent(story) for _ in range(5)]
    spoil(story, records[2])

    at(story, "2025-03-11T00:00")

    states = {r["id"]: row.state for r in records for row in rows(story, matters, matters.c.id == UUID(r["id"]))}
    assert states == {r["id"]: "awaiting_signature" if r is records[2] else "deemed_accepted" for r in records}


def test_a_parked_deadline_is_an_incident_that_says_which_and_keeps_its_due_instant(story: Story) -> None:
    record = sent(story)
    due = deadline(record, "sign_by")["due"]
    spoil(story, record)

    at(story, "2025-03-11T00:00")

    [found] = rows(story, incidents, incidents.c.matter_id == UUID(record["id"]), incidents.c.kind == "undecidable")
    assert (found.at, found.closed_at) == (instant("2025-03-11T00:00"), None)
    [kept] = rows(story, deadlines, deadlines.c.matter_id == UUID(record["id"]), deadlines.c.name == "sign_by")
    assert (kept.status, kept.due) == (Status.running, datetime.fromisoformat(due))
    assert kept.fires_at == instant("2025-03-11T00:00") + TRY_AGAIN
    assert "undecidable" in {i["kind"] for i in story.items("admin", "/incidents")}


def test_a_parked_deadline_is_one_incident_however_often_it_is_tried(story: Story) -> None:
    record = sent(story)
    spoil(story, record)

    at(story, "2025-03-11T04:00")

    assert len(rows(story, incidents, incidents.c.matter_id == UUID(record["id"]))) == 1


def test_a_parked_deadline_is_enforced_once_it_can_be(story: Story) -> None:
    record = sent(story)
    [sound] = rows(story, matters, matters.c.id == UUID(record["id"]))
    spoil(story, record)
    at(story, "2025-03-11T00:00")

    restore(story, sound)
    at(story, "2025-03-11T02:00")

    assert story.matter("wkr", record)["state"] == "deemed_accepted"
    [found] = rows(story, incidents, incidents.c.matter_id == sound.id, incidents.c.kind == "undecidable")
    assert found.kind == "undecidable"


def test_an_administrator_who_has_it_tried_again_need_not_wait_the_hour(story: Story) -> None:
    record = sent(story)
    [sound] = rows(story, matters, matters.c.id == UUID(record["id"]))
    spoil(story, record)
    at(story, "2025-03-11T00:00")
    [found] = [i for i in story.items("admin", "/incidents") if i["kind"] == "undecidable"]
    restore(story, sound)

    body = {"what": "retry", "reason": "The text of the policy is back."}
    ok(story.send("admin", "POST", f"/incidents/{found['id']}/repair", json=body))
    at(story, "2025-03-11T00:01")

    assert story.matter("wkr", record)["state"] == "deemed_accepted"
    [closed] = rows(story, incidents, incidents.c.id == UUID(found["id"]))
    assert closed.closed_at is not None


@pytest.mark.parametrize("what", ["retry", "release"])
def test_what_no_rule_can_be_applied_to_is_not_mended_and_says_so(story: Story, what: str) -> None:
    record = sent(story)
    spoil(story, record)
    at(story, "2025-03-11T00:00")
    [found] = [i for i in story.items("admin", "/incidents") if i["kind"] == "undecidable"]

    body = {"what": what, "reason": "Perhaps it goes away."}
    refused = problem(story.send("admin", "POST", f"/incidents/{found['id']}/repair", json=body), 409, "refused")

    assert refused["guard"] == "can_be_decided"
    [still] = rows(story, incidents, incidents.c.id == UUID(found["id"]))
    assert still.closed_at is None
    assert story.items("admin", f"/matters/{record['id']}/history")[-1]["trigger"] == "circulate"


def test_what_a_failed_deadline_had_begun_is_not_kept(story: Story) -> None:
    """A session that lapses opens a cancellation: where that cannot be, the session stays as it was."""
    session = booked(story, "2025-03-06T10:00")
    spoil(story, session)

    at(story, "2025-03-08T00:00")

    [row] = rows(story, matters, matters.c.id == UUID(session["id"]))
    assert (row.state, row.version) == ("scheduled", 1)
    assert not rows(story, matters, matters.c.workflow == "cancellation")
    assert not rows(story, outbox, outbox.c.kind == "session_missed")


def test_what_cannot_be_foreseen_is_not_foretold(story: Story) -> None:
    record = sent(story)
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (deadlines.c.organisation_id == own, deadlines.c.matter_id == UUID(record["id"]))
        connection.execute(update(deadlines).where(*where).values(enforces="no such move"))

    assert story.get("wkr", f"/matters/{record['id']}/what-if-nothing")["items"] == []


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

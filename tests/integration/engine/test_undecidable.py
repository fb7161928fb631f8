"""Deadlines that no rule can decide: they are parked, seen and tried again, and hold up no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from service.engine.due import TRY_AGAIN, enforce_overdue
from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines, incidents, matters, outbox
from tests.acceptance.beginnings import away, booked, disputed, due, entitlement, held, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, ok, problem
from tests.integration.engine.transactions import at, instant, rows
from workflows.model import LIVE
from workflows.vocabulary import Status

#: The morning after a night on which much was due.
NIGHT_OVER = datetime.fromisoformat(london("2025-04-01T10:00"))


def spoil(story: Story, matter: dict[str, Any]) -> None:
    """Leave a matter in a way that its rule cannot make anything of."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (matters.c.organisation_id == own, matters.c.id == UUID(matter["id"]))
        connection.execute(update(matters).where(*where).values(data={}, policy_version="no such version"))


def disable(story: Story, matter: dict[str, Any], name: str) -> None:
    """Let the running deadline of a matter ask for a move that there is not."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        of_matter = (deadlines.c.organisation_id == own, deadlines.c.matter_id == UUID(matter["id"]))
        where = (*of_matter, deadlines.c.name == name, deadlines.c.status == Status.running)
        connection.execute(update(deadlines).where(*where).values(enforces="no such move"))


def lose_policy(story: Story, matter: dict[str, Any]) -> Any:
    """Leave a matter under a version of the policy that there is not; the matter as it was."""
    own = UUID(story.organisation)
    [sound] = rows(story, matters, matters.c.id == UUID(matter["id"]))
    with story.door.database.write(own) as connection:
        where = (matters.c.organisation_id == own, matters.c.id == sound.id)
        connection.execute(update(matters).where(*where).values(policy_version="no such version"))
    return sound


def restore(story: Story, sound: Any) -> None:
    """Make a spoilt matter what it was."""
    own = UUID(story.organisation)
    with story.door.database.write(own) as connection:
        where = (matters.c.organisation_id == own, matters.c.id == sound.id)
        repaired = {"data": sound.data, "policy_version": sound.policy_version}
        connection.execute(update(matters).where(*where).values(**repaired))


# -- parked, and tried again
def test_a_deadline_that_cannot_be_decided_is_parked_and_holds_up_no_other(story: Story) -> None:
    records = [sent(story) for _ in range(5)]
    spoil(story, records[2])

    at(story, "2025-03-11T00:00")

    states = {r["id"]: row.state for r in records for row in rows(story, matters, matters.c.id == UUID(r["id"]))}
    assert states == {r["id"]: "awaiting_signature" if r is records[2] else "deemed_accepted" for r in records}


def test_many_that_cannot_be_decided_hold_up_no_other(story: Story) -> None:
    records = [sent(story) for _ in range(6)]
    for record in records[1:5]:
        spoil(story, record)

    at(story, "2025-03-11T00:00")

    states = {r["id"]: row.state for r in records for row in rows(story, matters, matters.c.id == UUID(r["id"]))}
    sound = {record["id"] for record in (records[0], records[5])}
    assert {ref for ref, state in states.items() if state == "deemed_accepted"} == sound
    assert len(rows(story, incidents, incidents.c.kind == "undecidable")) == 4


def test_a_parked_deadline_is_an_incident_that_says_which_and_keeps_its_due_instant(story: Story) -> None:
    record = sent(story)
    last = deadline(record, "sign_by")["due"]
    spoil(story, record)

    at(story, "2025-03-11T00:00")

    [found] = rows(story, incidents, incidents.c.matter_id == UUID(record["id"]), incidents.c.kind == "undecidable")
    assert (found.at, found.closed_at) == (instant("2025-03-11T00:00"), None)
    [kept] = rows(story, deadlines, deadlines.c.matter_id == UUID(record["id"]), deadlines.c.name == "sign_by")
    assert (kept.status, kept.due) == (Status.running, datetime.fromisoformat(last))
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


def test_trying_again_enforces_nothing_that_awaits_a_report(busy_sandbox: Sandbox) -> None:
    """The incident is of an earlier interval; the present one may still be met by a session that is not reported."""
    story = busy_sandbox.story("north-somerset")
    for manager in ("lm", "hos", "ad"):
        away(story, manager, "2025-03-03", "planned")
    story.at("2025-04-02T10:00")
    [found] = rows(story, incidents, incidents.c.matter_id == UUID(entitlement(story)["id"]))
    held(story, "2025-04-02T12:00")
    last_day = due(entitlement(story), "supervise_by")[0]
    booked(story, f"{last_day}T10:00")
    morning = datetime.fromisoformat(f"{last_day}T09:00") + timedelta(days=1)
    story.at(morning.isoformat())
    assert due(entitlement(story), "supervise_by") == (last_day, "awaiting_report")

    body = {"what": "retry", "reason": "The managers are back."}
    ok(story.send("admin", "POST", f"/incidents/{found.id}/repair", json=body))
    story.at((morning + timedelta(minutes=1)).isoformat())

    assert due(entitlement(story), "supervise_by") == (last_day, "awaiting_report")
    assert entitlement(story)["state"] == "on_track"


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


# -- what others come upon
@pytest.fixture
def looked_at(busy_sandbox: Sandbox) -> tuple[Story, dict[str, Any]]:
    """A session that can be reported until the night in which everybody's interval ends."""
    story = busy_sandbox.story("north-somerset")
    session = booked(story, "2025-03-28T10:00")
    at(story, "2025-03-30T12:00")
    assert due(entitlement(story), "supervise_by") == due(session, "hold_or_cancel") == ("2025-03-31", "running")
    return story, session


def check_only_parked(story: Story, matter: dict[str, Any]) -> None:
    """The intervals have passed, and the one thing that nobody could decide is an incident."""
    assert {entitlement(story, who)["state"] for who in ("wkr", "wkr2")} == {"overdue"}
    [parked] = rows(story, incidents, incidents.c.kind == "undecidable")
    assert parked.matter_id == UUID(matter["id"])


def test_what_cannot_be_decided_stops_nothing_that_looks_at_it(looked_at: tuple[Story, dict[str, Any]]) -> None:
    story, session = looked_at
    lose_policy(story, session)

    at(story, "2025-04-01T10:00")

    check_only_parked(story, session)


def test_a_worker_parks_what_others_come_upon_as_well(looked_at: tuple[Story, dict[str, Any]]) -> None:
    story, session = looked_at
    own = UUID(story.organisation)
    lose_policy(story, session)
    with story.door.database.write(own) as connection:
        connection.execute(update(organisations).where(organisations.c.id == own).values(sandbox_now=NIGHT_OVER))

    while enforce_overdue(story.door, own):
        pass

    check_only_parked(story, session)


def test_what_was_come_upon_is_enforced_once_it_can_be(looked_at: tuple[Story, dict[str, Any]]) -> None:
    story, session = looked_at
    sound = lose_policy(story, session)
    at(story, "2025-04-01T00:30")
    restore(story, sound)

    at(story, "2025-04-01T02:00")

    assert story.matter("sup", session)["state"] == "missed"


@pytest.fixture
def silent(story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    """Silence ends a record and its dispute, whose reminder of that night no rule could send."""
    record = disputed(story)
    dispute = story.one("wkr", workflow="dispute", parent=record["id"])
    amended = {"discussed_on": "2025-03-03", "sections": {"personal_discussion": "As both remember it."}}
    story.move("sup", record, "amend", **amended)
    disable(story, dispute, "remind_by")
    at(story, "2025-03-11T00:00")
    return record, dispute


def test_what_leads_to_an_undecidable_deadline_is_enforced_itself(
    story: Story, silent: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    assert [story.matter("wkr", matter)["state"] for matter in silent] == ["deemed_accepted", "agreed"]


@pytest.mark.usefixtures("silent")
def test_what_the_same_night_has_ended_is_not_put_off(story: Story) -> None:
    over = deadlines.c.status.not_in(LIVE)

    assert not rows(story, incidents, incidents.c.kind == "undecidable")
    assert not rows(story, deadlines, over, deadlines.c.fires_at.is_not(None))

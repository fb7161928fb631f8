"""An inspector over HTTP: sees nothing, then what two offices allowed, each opening written down, and then nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from service.storage.council_tables import organisations
from tests.acceptance.beginnings import sent
from tests.fixtures.served import Sandbox, Story, problem

WORD = "marmalade"
INSPECTOR = {"ref": "insp", "job_role": "quality_officer", "app_roles": "investigator"}


@pytest.fixture
def told(either_sandbox: Sandbox) -> Story:
    """A council in which the line above does not read, with an inspector."""
    return either_sandbox.story("leeds", people=[INSPECTOR])


def granted(story: Story, **more: Any) -> dict[str, Any]:
    asked = {"kind": "inspection", "person": "insp", "supervisee": "wkr", "until": "2025-03-07", "purpose": "A visit."}
    return story.move("hos", story.open("hr1", "grants", **{**asked, **more}), "approve")


def test_what_is_granted_is_read_with_a_trace_until_its_time_is_over(told: Story) -> None:
    record, other = (
        sent(told, actions_agreed=WORD),
        told.open("sup", "records", supervisee="wkr2", kind="personal"),
    )
    problem(told.send("insp", "GET", f"/matters/{record['id']}"), 404, "not_found")

    granted(told)

    assert WORD in str(told.matter("insp", record)["data"])
    assert told.matter("insp", record)["moves"] == []
    problem(told.send("insp", "GET", f"/matters/{other['id']}"), 404, "not_found")
    assert WORD not in str(told.items("insp", "/matters"))
    views = told.items("wkr", "/me/views", limit=200)
    assert [(v["viewer"], v["standing"]) for v in views if v["matter"] == record["id"]] == [("insp", "grant")] * 2

    told.at("2025-03-08T09:00")

    problem(told.send("insp", "GET", f"/matters/{record['id']}"), 404, "not_found")


def test_it_ends_at_its_last_instant_even_where_no_clock_has_come_by(told: Story) -> None:
    """The statement itself asks for the time: nothing is open for longer because something else is late."""
    record = sent(told)
    granted(told)
    own = UUID(told.organisation)
    with told.door.database.write(own) as connection:
        late = datetime.fromisoformat("2025-03-08T00:00:00+00:00")
        connection.execute(update(organisations).where(organisations.c.id == own).values(sandbox_now=late))

    problem(told.send("insp", "GET", f"/matters/{record['id']}"), 404, "not_found")


def test_no_grant_opens_a_referral(told: Story) -> None:
    referral = told.open("sup", "referrals", supervisee="wkr", about="visits", facts="Four are missing.")

    granted(told)
    told.open("hos", "grants", kind="emergency", supervisee="wkr", purpose="A child is missing.")

    for who in ("insp", "hos"):
        problem(told.send(who, "GET", f"/matters/{referral['id']}"), 404, "not_found")


def test_an_emergency_opens_at_once_and_tells_everybody_concerned(told: Story) -> None:
    record = sent(told, actions_agreed=WORD)
    assert told.matter("hos", record)["data"] == {}

    grant = told.open("hos", "grants", kind="emergency", supervisee="wkr", purpose="A child is missing.")

    assert WORD in str(told.matter("hos", record)["data"])
    for who in ("wkr", "sup"):
        assert told.told(who, grant) == ["grant_began"]
        assert told.matter(who, grant)["data"]["purpose"] == "A child is missing."
    assert told.told("hr1", grant) == told.told("admin", grant) == ["grant_emergency"]
    assert "break_glass" in [incident["kind"] for incident in told.items("admin", "/incidents")]
    assert told.matter("admin", grant)["data"] == {}


def test_whom_a_proposal_is_about_learns_of_it_when_it_begins(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story(
        "leeds", people=[INSPECTOR, {"ref": "wkr", "job_role": "social_worker", "above": "sup", "app_roles": "hr"}]
    )
    asked = {"kind": "inspection", "person": "insp", "supervisee": "wkr", "until": "2025-03-07", "purpose": "A visit."}
    grant = story.open("hos", "grants", **asked)
    problem(story.send("wkr", "GET", f"/matters/{grant['id']}"), 404, "not_found")

    story.move("hr1", grant, "approve")

    assert story.matter("wkr", grant)["state"] == "active"
    assert [view["viewer"] for view in story.items("wkr", f"/matters/{grant['id']}/views")] == ["hr1"]

"""The sandbox: councils to try things in, each under a clock of its own that only goes forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from service.app import app_for
from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.acceptance.beginnings import booked, sent
from tests.fixtures.served import SECRET, Sandbox, Story, deadline, london, ok, problem, served
from workflows.calendar import LONDON

POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
ROUTES = (
    ("POST", "/sandbox/organisations"), ("POST", "/sandbox/tokens"), ("GET", "/sandbox/clock"),
    ("POST", "/sandbox/clock"), ("POST", "/sandbox/notices/bounce"),
)  # fmt: skip


# -- organisations and tokens
@pytest.mark.parametrize("policy", POLICIES)
def test_a_council_lives_under_one_of_the_policies(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)

    assert story.one("wkr", workflow="entitlement", party="wkr", limit=1)["policy"]["id"] == policy


def test_a_new_council_has_its_administrator_and_its_own_clock(sandbox: Sandbox) -> None:
    body = {"name": "Exampleshire", "policy": "leeds", "now": "2025-06-02T09:00:00+01:00"}

    made = ok(sandbox.client.post("/sandbox/organisations", json=body), 201)

    headers = {"Authorization": f"Bearer {made['token']}"}
    assert set(made) == {"organisation", "token"}
    me = ok(sandbox.client.get("/me", headers=headers))
    assert (me["ref"], me["app_roles"]) == ("admin", ["administrator"])
    assert ok(sandbox.client.get("/sandbox/clock", headers=headers)) == {"now": "2025-06-02T09:00:00+01:00"}


@pytest.mark.parametrize(
    "body", [{}, {"name": "X", "policy": "utopia", "now": "2025-06-02T09:00:00+01:00"},
             {"name": " ", "policy": "leeds", "now": "2025-06-02T09:00:00+01:00"},
             {"name": "X", "policy": "leeds", "now": "2025-06-02T09:00:00"},
             {"name": "X", "policy": "leeds", "now": "9999-12-31T23:59:59Z"},
             {"name": "X", "policy": "leeds", "now": "2025-06-02T09:00:00+01:00", "colour": "red"}],
)  # fmt: skip
def test_a_council_needs_a_name_a_known_policy_and_an_instant(sandbox: Sandbox, body: dict[str, str]) -> None:
    problem(sandbox.client.post("/sandbox/organisations", json=body), 422, "invalid")


def test_somebody_signs_in_as_anybody_of_the_council(story: Story) -> None:
    assert story.get("wkr", "/me")["ref"] == "wkr"


def test_nobody_signs_in_as_somebody_who_is_not_there(story: Story) -> None:
    body = {"organisation": story.organisation, "person": "nobody"}

    problem(story.client.post("/sandbox/tokens", json=body), 422, "invalid")


def test_no_token_is_made_for_a_council_that_is_not_there(either_sandbox: Sandbox) -> None:
    body = {"organisation": str(uuid4()), "person": "admin"}

    problem(either_sandbox.client.post("/sandbox/tokens", json=body), 404, "not_found")


def test_every_token_is_another_and_all_of_them_work(story: Story) -> None:
    body = {"organisation": story.organisation, "person": "wkr"}
    tokens = {ok(story.client.post("/sandbox/tokens", json=body), 201)["token"] for _ in range(2)}

    assert len(tokens) == 2
    for token in tokens:
        assert ok(story.client.get("/me", headers={"Authorization": f"Bearer {token}"}))["ref"] == "wkr"


# -- the clock
def clock(story: Story) -> str:
    now: str = story.get("wkr", "/sandbox/clock")["now"]
    return now


def move_clock(story: Story, now: str) -> httpx.Response:
    return story.send("wkr", "POST", "/sandbox/clock", json={"now": london(now)})


def test_the_clock_stands_still_between_two_calls(story: Story) -> None:
    record = sent(story)
    before = clock(story)

    story.move("wkr", record, "sign")

    assert clock(story) == before == london("2025-03-03T09:00")


def test_the_clock_answers_where_it_stands_and_how_much_was_enforced(either_story: Story) -> None:
    sent(either_story)

    moved = ok(move_clock(either_story, "2025-03-11T00:00"))

    assert moved == {"now": london("2025-03-11T00:00"), "fired": moved["fired"]}
    assert moved["fired"] >= 1
    assert clock(either_story) == london("2025-03-11T00:00")


def test_the_clock_never_goes_backward(either_story: Story) -> None:
    either_story.at("2025-03-04T09:00")

    found = problem(move_clock(either_story, "2025-03-04T08:59:59"), 409, "refused")

    assert found["guard"] == "forward_only"
    assert clock(either_story) == london("2025-03-04T09:00")


def test_the_clock_may_be_set_to_where_it_stands(story: Story) -> None:
    assert ok(move_clock(story, "2025-03-03T09:00")) == {"now": london("2025-03-03T09:00"), "fired": 0}


def test_every_council_has_its_own_clock(sandbox: Sandbox) -> None:
    here, there = sandbox.story(), sandbox.story()

    here.at("2025-05-01T09:00")

    assert clock(there) == london("2025-03-03T09:00")


@pytest.mark.parametrize("body", [{}, {"now": "soon"}, {"now": "2025-03-04T09:00:00"}, {"now": "9999-12-31T23:59:59Z"}])
def test_the_clock_is_set_to_an_instant(story: Story, body: dict[str, str]) -> None:
    problem(story.send("admin", "POST", "/sandbox/clock", json=body), 422, "invalid")


@pytest.mark.clause("CBC-58")
def test_what_passes_on_the_way_is_dated_at_its_own_instant_in_order(either_story: Story) -> None:
    record, session = sent(either_story), booked(either_story, "2025-03-06T10:00")

    either_story.at("2025-04-30T12:00")

    deemed = either_story.items("wkr", f"/matters/{record['id']}/history")[2]
    [_, lapsed] = either_story.items("wkr", f"/matters/{session['id']}/history")
    assert (deemed["trigger"], deemed["at"]) == ("deem", london("2025-03-11T00:00"))
    assert (lapsed["trigger"], lapsed["at"]) == ("lapse", london("2025-03-08T00:00"))
    [owed] = either_story.items("sup", "/matters", parent=session["id"])
    assert owed["opened_at"] == london("2025-03-08T00:00")


def test_one_big_step_leads_where_many_small_ones_do(sandbox: Sandbox) -> None:
    days = ("2025-03-08T00:00", "2025-03-10T23:59:59", "2025-03-11T00:00", "2025-03-19T07:30", "2025-04-02T12:00")
    told = []
    for stops in (days[-1:], days):
        story = sandbox.story()
        matters = [sent(story), booked(story, "2025-03-06T10:00")]
        for stop in stops:
            story.at(stop)
        steps = [story.items("sup", f"/matters/{m['id']}/history") for m in matters]
        told.append([[(s["seq"], s["trigger"], s["at"], s["dest"]) for s in of] for of in steps])

    assert told[0] == told[1]


def test_nothing_is_enforced_before_the_second_after_it_was_due(either_story: Story) -> None:
    record = sent(either_story)
    assert deadline(record, "sign_by")["due"] == london("2025-03-10T23:59:59")

    either_story.at("2025-03-10T23:59:59")
    assert either_story.matter("wkr", record)["state"] == "awaiting_signature"

    either_story.at("2025-03-11T00:00:00")
    assert either_story.matter("wkr", record)["state"] == "deemed_accepted"


def test_the_last_second_is_in_time(either_story: Story) -> None:
    record = sent(either_story)
    either_story.at("2025-03-10T23:59:59")

    assert either_story.move("wkr", record, "sign")["state"] == "agreed"


def test_a_year_goes_by_in_bounded_calls(sandbox: Sandbox) -> None:
    story = sandbox.story()

    story.at("2026-03-03T09:00")

    assert datetime.fromisoformat(clock(story)) == datetime(2026, 3, 3, 9, tzinfo=LONDON)


# -- notices that come back
def bounce(story: Story, person: str, **more: bool) -> httpx.Response:
    return story.send("admin", "POST", "/sandbox/notices/bounce", json={"person": person, **more})


@pytest.mark.clause("CBC-58")
def test_while_notices_bounce_the_window_to_sign_stands_still(either_story: Story) -> None:
    assert ok(bounce(either_story, "wkr")) == {"person": "wkr", "bounce": True}

    record = sent(either_story)

    window = deadline(record, "sign_by")
    assert (window["status"], window["due"]) == ("paused", None)
    assert window["receipt"]["left"] == "5 working days"
    assert window["receipt"]["pauses"][0]["because"] == "the notice has not been delivered"
    [notice] = [n for n in either_story.items("wkr", "/notices") if n["about"] == record["id"]]
    assert notice["status"] == "bounced"
    assert "undelivered" in either_story.told("sup", record)


@pytest.mark.clause("CBC-42", "CBC-58")
def test_nobody_whose_notice_bounced_is_deemed_to_accept(either_story: Story) -> None:
    bounce(either_story, "wkr")
    record = sent(either_story)

    either_story.at("2025-06-03T09:00")

    assert either_story.matter("wkr", record)["state"] == "awaiting_signature"
    assert "deem" not in either_story.triggers("wkr", record)


@pytest.mark.clause("CBC-58")
def test_when_bouncing_ends_the_notice_is_delivered_and_the_whole_window_starts(either_story: Story) -> None:
    bounce(either_story, "wkr")
    record = sent(either_story)
    either_story.at("2025-03-20T10:00")

    assert ok(bounce(either_story, "wkr", bounce=False)) == {"person": "wkr", "bounce": False}

    window = deadline(either_story.matter("wkr", record), "sign_by")
    assert (window["status"], window["due"]) == ("running", london("2025-03-27T23:59:59"))
    assert window["receipt"]["anchors"][0]["at"] == london("2025-03-20T10:00")
    delivered = [n for n in either_story.items("wkr", "/notices") if n["about"] == record["id"]]
    assert [(n["kind"], n["status"], n["at"]) for n in delivered if n["kind"] == "signature_asked"] == [
        ("signature_asked", "delivered", london("2025-03-20T10:00"))
    ]

    either_story.at("2025-03-28T00:00")
    assert either_story.matter("wkr", record)["state"] == "deemed_accepted"


def test_whoever_is_reached_signs_although_notices_bounce(story: Story) -> None:
    bounce(story, "wkr")

    assert story.move("wkr", sent(story), "sign")["state"] == "agreed"


def test_the_notices_of_others_arrive_as_ever(story: Story) -> None:
    bounce(story, "wkr2")

    record = sent(story)

    assert deadline(record, "sign_by")["status"] == "running"


def test_nobody_elses_bouncing_ends_with_it(story: Story) -> None:
    bounce(story, "wkr")
    bounce(story, "wkr2")
    record = sent(story)

    bounce(story, "wkr2", bounce=False)

    assert deadline(story.matter("wkr", record), "sign_by")["status"] == "paused"


@pytest.mark.parametrize("body", [{}, {"person": "nobody"}, {"person": "wkr", "bounce": "perhaps"}, {"person": 7}])
def test_bouncing_names_somebody_who_is_there(story: Story, body: dict[str, object]) -> None:
    problem(story.send("admin", "POST", "/sandbox/notices/bounce", json=body), 422, "invalid")


# -- outside a sandbox
@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A served application that is no sandbox."""
    url = f"sqlite:///{tmp_path_factory.mktemp('outside')}/supervision.sqlite3"
    settings = Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=False)
    migrate(settings)
    database = Database(make_engine(url))
    with served(app_for(settings, Door(database, Vault(SECRET)))) as client:
        yield client
    database.engine.dispose()


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("token", ["", "Bearer sup_made-up"])
def test_outside_a_sandbox_there_is_no_sandbox(outside: httpx.Client, method: str, path: str, token: str) -> None:
    answer = outside.request(method, path, headers={"Authorization": token}, content=b"{")

    problem(answer, 404, "not_found")


def test_outside_a_sandbox_the_rest_is_there(outside: httpx.Client) -> None:
    problem(outside.get("/me"), 401, "no_token")
    assert outside.get("/openapi.json").status_code == 200


def test_the_clock_counts_no_deadline_of_a_sealed_referral(sandbox: Sandbox) -> None:
    def fired(*, referred: bool) -> int:
        story = sandbox.story()
        if referred:
            story.open("sup", "referrals", supervisee="wkr", about="record keeping", facts="Four visits.")
        return story.at("2025-04-14T09:00")

    assert fired(referred=True) == fired(referred=False)

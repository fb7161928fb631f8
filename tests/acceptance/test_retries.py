"""A request that is sent again under its key is answered as before and done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from tests.acceptance.beginnings import booked, drafted, meeting, raised, sent
from tests.fixtures.served import Sandbox, Story, ok, problem

KEY = {"Idempotency-Key": "the same"}
CANCEL = {"cause": "diary", "reason": "A hearing was moved."}


def twice(story: Story, who: str, method: str, path: str, **more: object) -> tuple[httpx.Response, httpx.Response]:
    """The answers to the same request, sent two times under one key."""
    first = story.send(who, method, path, KEY, **more)
    return first, story.send(who, method, path, KEY, **more)


def same(answers: tuple[httpx.Response, httpx.Response], status: int) -> Any:
    first, second = answers
    assert ok(first, status) == ok(second, status)
    for name in ("location", "etag"):
        assert first.headers.get(name) == second.headers.get(name)
    return first.json()


# -- what can be sent again
def test_an_opening_sent_twice_opens_one_matter(either_story: Story) -> None:
    opened = same(twice(either_story, "sup", "POST", "/sessions", json=meeting()), 201)

    assert [m["id"] for m in either_story.items("sup", "/matters", workflow="session")] == [opened["id"]]
    assert either_story.triggers("sup", opened) == ["open"]


def test_a_move_sent_twice_is_one_step(either_story: Story) -> None:
    record = sent(either_story)

    moved = same(twice(either_story, "wkr", "POST", f"/matters/{record['id']}/moves", json={"trigger": "sign"}), 200)

    assert moved["state"] == "agreed"
    assert either_story.triggers("wkr", record) == ["open", "circulate", "sign"]


def test_a_move_that_is_possible_again_and_again_is_one_step_under_its_key(either_story: Story) -> None:
    record = drafted(either_story)
    written = {"trigger": "write", "data": {"sections": {"personal_discussion": "Quiet week."}}}

    same(twice(either_story, "sup", "POST", f"/matters/{record['id']}/moves", json=written), 200)

    assert either_story.triggers("sup", record) == ["open", "write"]


def test_an_import_sent_twice_is_counted_as_the_first_time(either_story: Story) -> None:
    rows = "ref,name,email,job_role\nnew,Person new,new@council.example,social_worker\n"
    answers = [
        either_story.send("admin", "POST", "/people/import", {**KEY, "Content-Type": "text/csv"}, content=rows)
        for _ in range(2)
    ]

    counted = same((answers[0], answers[1]), 200)

    assert counted["added"] == 1


def test_a_closure_sent_twice_closes_one_day(either_story: Story) -> None:
    closure = {"date": "2025-03-07", "reason": "The heating failed."}

    same(twice(either_story, "admin", "POST", "/closures", json=closure), 201)

    days = either_story.get("admin", "/calendar/2025")["items"]
    assert [day["reason"] for day in days if day["date"] == "2025-03-07"] == ["The heating failed."]


def test_a_calendar_feed_asked_for_twice_is_one_and_its_address_is_told_once(either_story: Story) -> None:
    first, second = twice(either_story, "wkr", "POST", "/me/calendar-feed")

    url = ok(first, 201)["url"]
    assert ok(second, 201) == {"url": None}
    assert either_story.client.get(url.partition("/api/v1")[2]).status_code == 200


def test_notices_sent_again_twice_are_sent_again_once(either_story: Story) -> None:
    answers = twice(either_story, "admin", "POST", "/people/wkr/notices/send-again")

    assert same(answers, 200) == {"person": "wkr", "bounce": False}


def test_without_a_key_every_request_is_done(story: Story) -> None:
    for _ in range(2):
        ok(story.try_open("sup", "sessions", meeting()), 201)

    assert len(story.items("sup", "/matters", workflow="session")) == 2


# -- whose key it is
def test_another_body_may_not_use_the_key(either_story: Story) -> None:
    ok(either_story.try_open("sup", "sessions", meeting(), KEY), 201)

    problem(either_story.try_open("sup", "sessions", meeting("2025-03-06T10:00"), KEY), 409, "key_reused")

    assert len(either_story.items("sup", "/matters", workflow="session")) == 1


def test_a_move_with_another_body_may_not_use_the_key(story: Story) -> None:
    record = drafted(story)
    ok(story.try_move("sup", record, "write", {"sections": {"personal_discussion": "One."}}, KEY))

    again = story.try_move("sup", record, "write", {"sections": {"personal_discussion": "Two."}}, KEY)

    problem(again, 409, "key_reused")
    assert story.matter("sup", record)["data"]["sections"] == {"personal_discussion": "One."}


def test_another_asker_may_use_the_same_key(either_story: Story) -> None:
    either_story.list_people([{"ref": "wkr3", "job_role": "social_worker", "above": "sup2"}])
    mine = ok(either_story.try_open("sup", "sessions", meeting(), KEY), 201)
    theirs = ok(either_story.try_open("sup2", "sessions", meeting(supervisee="wkr3"), KEY), 201)

    assert mine["id"] != theirs["id"]


def test_another_route_may_use_the_same_key(either_story: Story) -> None:
    session = ok(either_story.try_open("sup", "sessions", meeting(), KEY), 201)
    record = ok(either_story.try_open("sup", "records", {"supervisee": "wkr", "kind": "personal"}, KEY), 201)

    for matter, trigger, data in ((session, "cancel", CANCEL), (record, "circulate", {})):
        assert ok(either_story.try_move("sup", matter, trigger, data, KEY))["version"] == 2


def test_another_organisation_may_use_the_same_key(either_sandbox: Sandbox) -> None:
    one, other = either_sandbox.story(), either_sandbox.story()

    first = ok(one.try_open("sup", "sessions", meeting(), KEY), 201)
    second = ok(other.try_open("sup", "sessions", meeting(), KEY), 201)

    assert first["id"] != second["id"]


def test_a_dry_run_and_the_import_are_two_requests(story: Story) -> None:
    rows = "ref,name,email,job_role\nnew,Person new,new@council.example,social_worker\n"
    headers = {**KEY, "Content-Type": "text/csv"}

    for dry_run in (True, False):
        answer = story.send("admin", "POST", "/people/import", headers, content=rows, params={"dry_run": dry_run})
        assert ok(answer)["added"] == 1


# -- how long, and what
def test_a_key_is_forgotten_after_a_day(either_story: Story) -> None:
    first = ok(either_story.try_open("sup", "sessions", meeting("2025-03-10T10:00"), KEY), 201)
    either_story.at("2025-03-04T08:59:59")
    assert ok(either_story.try_open("sup", "sessions", meeting("2025-03-10T10:00"), KEY), 201) == first

    either_story.at("2025-03-04T09:00:00")

    other = meeting("2025-03-11T10:00")
    assert ok(either_story.try_open("sup", "sessions", other, KEY), 201)["id"] != first["id"]
    problem(either_story.try_open("sup", "sessions", meeting("2025-03-10T10:00"), KEY), 409, "key_reused")


def test_a_refusal_is_not_kept(either_story: Story) -> None:
    session = booked(either_story, "2025-03-03T10:00")
    report = {"held_at": "2025-03-03T11:00:00+00:00", "minutes": 60}
    problem(either_story.try_move("sup", session, "hold", report, KEY), 409, "refused")

    either_story.at("2025-03-03T11:00")

    assert ok(either_story.try_move("sup", session, "hold", report, KEY))["state"] == "held"


def test_a_mistake_in_the_body_is_not_kept(story: Story) -> None:
    problem(story.try_open("sup", "sessions", {}, KEY), 422, "invalid")

    ok(story.try_open("sup", "sessions", meeting(), KEY), 201)


def test_a_stale_move_is_not_kept(story: Story) -> None:
    record = drafted(story)
    problem(story.try_move("sup", record, "circulate", {}, {**KEY, "If-Match": '"7"'}), 412, "stale")

    ok(story.try_move("sup", record, "circulate", {}, KEY))


# -- what a replay shows
def test_a_replay_shows_the_matter_as_of_its_step(either_story: Story) -> None:
    record = drafted(either_story)
    written = {"sections": {"personal_discussion": "As it was first."}}
    first = ok(either_story.try_move("sup", record, "write", written, KEY))
    either_story.move("sup", record, "write", sections={"personal_discussion": "As it is now."})
    either_story.move("sup", record, "circulate")

    again = ok(either_story.try_move("sup", record, "write", written, KEY))

    assert again == first
    assert (again["state"], again["version"]) == ("draft", 2)
    assert again["data"]["sections"] == {"personal_discussion": "As it was first."}
    assert {move["trigger"] for move in again["moves"]} >= {"write", "circulate"}
    assert either_story.matter("sup", record)["data"]["sections"] == {"personal_discussion": "As it is now."}


def test_a_replay_shows_no_child_that_came_later(story: Story) -> None:
    record = drafted(story)
    first = ok(story.try_move("sup", record, "circulate", {}, KEY))
    story.move("wkr", record, "dispute", statement="That is not what was said.")

    assert ok(story.try_move("sup", record, "circulate", {}, KEY)) == first
    assert first["children"] == []


def test_a_replay_is_answered_although_the_move_is_no_longer_possible(story: Story) -> None:
    session = booked(story)
    first = ok(story.try_move("sup", session, "cancel", CANCEL, KEY))

    problem(story.try_move("sup", session, "cancel", CANCEL), 409, "refused")
    assert ok(story.try_move("sup", session, "cancel", CANCEL, KEY)) == first


# -- access is asked again
def test_a_replay_is_answered_although_the_matter_is_somebody_elses_by_now(either_story: Story) -> None:
    dispute = either_story.move("wkr", raised(either_story), "escalate")
    decided = {"trigger": "decide", "data": {"outcome": "record_stands", "reasons": "It is safe."}}

    same(twice(either_story, "lm", "POST", f"/matters/{dispute['id']}/moves", json=decided), 200)

    other = {"trigger": "decide", "data": {"outcome": "record_stands", "reasons": "It is not."}}
    again = either_story.send("lm", "POST", f"/matters/{dispute['id']}/moves", KEY, json=other)
    problem(again, 409, "key_reused")
    problem(either_story.send("lm", "POST", f"/matters/{dispute['id']}/moves", json=decided), 403, "not_your_move")


def test_who_has_left_gets_no_replay(either_story: Story) -> None:
    ok(either_story.try_open("sup", "sessions", meeting("2025-03-12T10:00"), KEY), 201)
    either_story.list_people([{"ref": "sup", "job_role": "team_manager", "above": "lm", "end_date": "2025-03-02"}])

    problem(either_story.try_open("sup", "sessions", meeting("2025-03-12T10:00"), KEY), 401, "left")


def test_who_may_no_longer_see_the_matter_gets_no_replay(either_story: Story) -> None:
    body = {"person": "wkr", "first_day": "2025-03-03", "cause": "sickness"}
    ok(either_story.try_open("hr1", "absences", body, KEY), 201)
    either_story.list_people([{"ref": "hr1", "job_role": "hr_adviser", "line_manager_ref": "ad"}])

    assert either_story.try_open("hr1", "absences", body, KEY).status_code in (403, 404)


def test_who_sees_but_the_shell_by_now_gets_the_shell(either_sandbox: Sandbox) -> None:
    """A manager in Leeds who reads as an auditor, amends as the line manager, and is no auditor any more."""
    manager = {"ref": "lm", "job_role": "service_manager", "above": "hos"}
    elsewhere = {"ref": "sup", "job_role": "team_manager", "line_manager_ref": "lm", "supervisor_ref": "hos"}
    story = either_sandbox.story("leeds", people=[{**manager, "app_roles": "auditor"}, elsewhere])
    absence = story.open("hr1", "absences", person="sup", first_day="2025-03-03", cause="sickness")
    amended = {"cause": "planned", "reason": "It was leave."}
    assert ok(story.try_move("lm", absence, "amend", amended, KEY))["data"]["cause"] == "planned"

    story.list_people([manager])

    assert story.matter("lm", absence)["data"] == {}
    assert ok(story.try_move("lm", absence, "amend", amended, KEY))["data"] == {}


# -- at the same time
def test_two_at_once_under_one_key_are_one_step(postgres_sandbox: Sandbox) -> None:
    story = postgres_sandbox.story()
    records = [drafted(story) for _ in range(4)]
    together = Barrier(2)

    def write(record: dict[str, Any]) -> httpx.Response:
        together.wait()
        return story.try_move("sup", record, "write", {"sections": {"personal_discussion": "Once."}}, KEY)

    with ThreadPoolExecutor(2) as both:
        for record in records:
            first, second = both.map(write, (record, record))
            assert ok(first) == ok(second)
            assert story.triggers("sup", record) == ["open", "write"]


def test_two_openings_at_once_under_one_key_open_one_matter(either_story: Story) -> None:
    together = Barrier(2)

    def book(_: int) -> httpx.Response:
        together.wait()
        return either_story.try_open("sup", "sessions", meeting(), KEY)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(book, range(2))

    assert ok(first, 201) == ok(second, 201)
    assert len(either_story.items("sup", "/matters", workflow="session")) == 1

"""Two who change the same thing at once: one is first, the other is done again or refused, and nothing is half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from msgspec.structs import replace

from service.engine.bounces import lost
from service.engine.due import enforce_batch
from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.matter_tables import deadlines, idempotency_keys, matters, steps
from tests.acceptance.beginnings import CASE, booked, disputed, drafted, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, ok, problem
from tests.integration.engine.transactions import check_whole_history, first, meanwhile, rows
from workflows.model import Actor
from workflows.payloads import Payload, Propose
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Status, Workflow

CANCEL = {"cause": "diary", "reason": "A hearing was moved."}


def move(matter: dict[str, Any], trigger: str, who: str, **data: Any) -> Any:
    """A move as a piece of work."""

    def piece(work: Any) -> None:
        found = work.look(UUID(matter["id"]))
        payload: type[Payload] = DEFINITIONS[found.workflow].by_trigger[trigger][0].payload
        work.fire(found.id, trigger, payload.model_validate(data), Actor(who))

    return piece


def numbers(story: Story, matter: dict[str, Any]) -> list[int]:
    return [row.number for row in rows(story, steps, steps.c.matter_id == UUID(matter["id"]))]


# -- one matter
def test_who_comes_second_is_refused_when_the_move_is_no_longer_possible(story: Story) -> None:
    session = booked(story)

    answer = meanwhile(
        story, move(session, "cancel", "sup", **CANCEL), lambda: story.try_move("wkr", session, "cancel", CANCEL)
    )

    problem(answer, 409, "refused")
    assert story.triggers("sup", session) == ["open", "cancel"]
    assert len(story.items("sup", "/matters", workflow="cancellation")) == 1
    check_whole_history(story)


def test_who_comes_second_acts_on_what_the_first_one_did(story: Story) -> None:
    session = booked(story, "2025-03-10T10:00")
    moved = {"starts_at": london("2025-03-12T10:00"), "reason": "A hearing."}

    answer = meanwhile(
        story, move(session, "move", "sup", **moved), lambda: story.try_move("wkr", session, "cancel", CANCEL)
    )

    cancelled = ok(answer)
    assert story.triggers("sup", session) == ["open", "move", "cancel"]
    reported = [d for d in cancelled["deadlines"] if d["name"] == "hold_or_cancel"]
    assert [(d["due"], d["status"]) for d in reported] == [
        (london("2025-03-11T23:59:59"), "superseded"),
        (london("2025-03-13T23:59:59"), "superseded"),
    ]
    check_whole_history(story)


def test_a_date_that_the_first_one_set_is_met_by_the_second_one(story: Story) -> None:
    record = drafted(story)

    answer = meanwhile(story, move(record, "circulate", "sup"), lambda: story.try_move("wkr", record, "sign"))

    signed = ok(answer)
    assert deadline(signed, "sign_by")["status"] == "met"
    live = (Status.running, Status.paused, Status.awaiting_report)
    assert not rows(story, deadlines, deadlines.c.matter_id == UUID(record["id"]), deadlines.c.status.in_(live))


def test_the_key_of_the_texts_is_made_once(story: Story) -> None:
    record = drafted(story)
    written = {"sections": {"personal_discussion": "First."}}

    answer = meanwhile(
        story, move(record, "write", "sup", **written),
        lambda: story.try_move("sup", record, "write", {"sections": {"professional_development": "Second."}}),
    )  # fmt: skip

    assert ok(answer)["data"]["sections"] == {"personal_discussion": "First.", "professional_development": "Second."}
    check_whole_history(story)


def test_a_version_that_somebody_else_was_quicker_to_change_is_stale(story: Story) -> None:
    record = drafted(story)
    if_match = {"If-Match": '"1"'}

    answer = meanwhile(
        story, move(record, "write", "sup", sections={"personal_discussion": "First."}),
        lambda: story.try_move("sup", record, "circulate", {}, if_match),
    )  # fmt: skip

    problem(answer, 412, "stale")
    assert story.triggers("sup", record) == ["open", "write"]


def test_a_request_that_waits_for_itself_is_answered_as_the_first_one(story: Story) -> None:
    """The second of two under one key waits for the first, finds the key taken, and answers what was kept."""
    record, key = drafted(story), {"Idempotency-Key": "the same"}
    written = {"sections": {"personal_discussion": "Once."}}

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: story.try_move("sup", record, "write", written, key), range(8)))

    assert all(ok(answer) == ok(answers[0]) for answer in answers)
    assert story.triggers("sup", record) == ["open", "write"]
    assert len(rows(story, idempotency_keys, idempotency_keys.c.key == "the same")) == 1


def test_a_crowd_on_one_matter_takes_one_step_each(story: Story) -> None:
    record = drafted(story)

    def write(number: int) -> httpx.Response:
        return story.try_move("sup", record, "write", {"sections": {"personal_discussion": f"Version {number}."}})

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(write, range(24)))

    assert sorted(ok(answer)["version"] for answer in answers) == list(range(2, 26))
    assert numbers(story, record) == list(range(1, 26))
    check_whole_history(story)


def test_two_who_settle_a_record_and_its_dispute_at_once_do_not_stop_each_other_for_ever(story: Story) -> None:
    """One locks the record and then its dispute, the other the dispute and then its record."""
    for _ in range(5):
        record = disputed(story)
        dispute = story.one("wkr", workflow="dispute", parent=record["id"])
        amended = {"discussed_on": "2025-03-03", "sections": {"personal_discussion": "As both remember it."}}
        with ThreadPoolExecutor(2) as both:
            first = both.submit(story.try_move, "sup", record, "amend", amended)
            second = both.submit(story.try_move, "wkr", dispute, "withdraw")
            answers = [first.result(), second.result()]
        assert {answer.status_code for answer in answers} <= {200, 409}
        assert 200 in {answer.status_code for answer in answers}
    check_whole_history(story)


# -- a person and the clock
def test_a_move_and_the_clock_take_their_turns(story: Story) -> None:
    record = sent(story)
    story.at("2025-03-10T23:59:59")

    with ThreadPoolExecutor(2) as both:
        clock = both.submit(story.at, "2025-03-11T00:00")
        answer = both.submit(story.try_move, "wkr", record, "sign").result()
        clock.result()

    found = story.matter("wkr", record)
    assert (answer.status_code, found["state"]) in ((200, "agreed"), (409, "deemed_accepted"))
    assert len(found["deadlines"]) == len(rows(story, deadlines, deadlines.c.matter_id == UUID(record["id"])))
    check_whole_history(story)


def clock_looks(story: Story, due: str) -> None:
    """A clock enforces what is due by then, whatever the council's own clock says."""
    own, instant = UUID(story.organisation), datetime.fromisoformat(due) + timedelta(seconds=1)
    with story.door.database.write(own) as connection:
        work = story.door.work(connection, own)
        there = replace(work.organisation, now=instant)
        enforce_batch(Work(work.store, there, work.picture, work.sealer), instant, most=10)


def test_a_deadline_that_is_moved_while_a_clock_looks_is_not_enforced(story: Story) -> None:
    session = booked(story, "2025-03-06T10:00")
    due = deadline(session, "hold_or_cancel")["due"]
    later = {"starts_at": london("2025-03-12T10:00"), "reason": "A hearing."}

    with first(story, move(session, "move", "sup", **later)):
        clock_looks(story, due)
    clock_looks(story, due)

    assert "lapse" not in story.triggers("sup", session)


def test_a_window_that_is_stopped_while_a_clock_looks_is_not_enforced(story: Story) -> None:
    record = sent(story)
    due = deadline(record, "sign_by")["due"]

    with first(story, lambda work: lost(work, "wkr", [UUID(record["id"])], "bounced")):
        clock_looks(story, due)
    clock_looks(story, due)

    assert "deem" not in story.triggers("wkr", record)


def test_two_clocks_enforce_every_deadline_once(story: Story) -> None:
    for _ in range(10):
        sent(story)
    booked(story, "2025-03-06T10:00")
    target = story.get("admin", "/sandbox/clock")["now"].replace("2025-03-03", "2025-03-20")

    def go(_: int) -> httpx.Response:
        return story.send("admin", "POST", "/sandbox/clock", json={"now": target})

    with ThreadPoolExecutor(2) as both:
        for answer in both.map(go, range(2)):
            assert ok(answer)["now"] == target

    assert len(rows(story, steps, steps.c.trigger == "deem")) == 10
    assert len(rows(story, steps, steps.c.trigger == "lapse")) == 1
    check_whole_history(story)


# -- what is not there yet cannot be locked
def test_two_absences_of_one_person_are_not_recorded_at_once(story: Story) -> None:
    body = {"person": "wkr", "first_day": "2025-03-03", "cause": "sickness"}

    with ThreadPoolExecutor(2) as both:
        first = both.submit(story.try_open, "hr1", "absences", body)
        second = both.submit(story.try_open, "sup", "absences", body)
        answers = [first.result(), second.result()]

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(story.items("hr1", "/matters", workflow="absence", open=True)) == 1


def test_of_two_who_propose_for_one_case_at_once_the_later_takes_the_place_of_the_first(busy_sandbox: Sandbox) -> None:
    story = busy_sandbox.story(cases=[CASE])
    body = {"case": "c1", "category": "looked-after", "reason": "Conference today."}

    def propose(work: Any) -> None:
        rules, actor = DEFINITIONS[Workflow.frequency].opening, Actor("sup")
        payload, facts = Propose.model_validate(body), work.opening_facts({"c1"})
        assert rules.begins
        assert rules.who
        role = rules.who(actor, payload, facts)
        assert role
        work.open(rules.begins(actor, payload, facts).with_id(new_id(work.now)), actor, role)

    answer = meanwhile(story, propose, lambda: story.try_open("lm", "frequencies", body))

    found = story.items("sup", "/matters", workflow="frequency", case="c1")
    assert [m["id"] for m in found if m["closed_at"] is None] == [ok(answer, 201)["id"]]
    assert sorted(m["state"] for m in found) == ["on_track", "superseded", "superseded"]


def test_people_who_change_while_somebody_acts_are_seen_by_who_comes_second(story: Story) -> None:
    """An absence and an import change the same list: the second one begins anew with what the first one left."""
    row = "ref,name,email,job_role\nnew,Person new,new@council.example,social_worker\n"

    with ThreadPoolExecutor(2) as both:
        taken = both.submit(story.take, "people", row)
        body = {"person": "wkr", "first_day": "2025-03-03", "cause": "sickness"}
        recorded = both.submit(story.try_open, "hr1", "absences", body)
        assert (taken.result().status_code, recorded.result().status_code) == (200, 201)

    line = story.get("admin", "/people/wkr/line")
    assert line["items"][0]["ref"] == "sup"
    assert story.get("admin", "/people/new")["ref"] == "new"
    assert len(rows(story, matters, matters.c.workflow == "absence")) == 1

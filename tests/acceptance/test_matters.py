"""One matter as machines read it: its shape, its deadlines, its children, its moves and its history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from tests.acceptance.beginnings import CASE, away, booked, disputed, drafted, meeting, raised, sent
from tests.fixtures.served import Sandbox, Story, as_moved, deadline, london, ok

SHELL = {
    "id", "workflow", "kind", "state", "version", "policy", "parties", "holder", "holder_role", "waiting_for", "case",
    "parent", "children", "opened_at", "closed_at", "deadlines", "data",
}  # fmt: skip
RECEIPT = {
    "rule", "clause", "anchors", "inputs", "calendar", "counted", "candidates", "chosen", "skipped", "pauses", "due",
    "left",
}  # fmt: skip


# -- the shape
def test_a_matter_has_the_fields_of_the_contract(either_story: Story) -> None:
    record = either_story.matter("wkr", sent(either_story))

    assert set(record) == {*SHELL, "form", "moves", "guidance"}
    assert (record["workflow"], record["kind"], record["state"]) == ("record", "personal", "awaiting_signature")
    assert record["version"] == 2
    assert record["policy"] == {"id": "central-bedfordshire", "version": "1"}
    assert record["parties"] == {"supervisee": "wkr", "supervisor": "sup"}
    assert (record["holder"], record["holder_role"], record["waiting_for"]) == ("wkr", None, [])
    assert (record["case"], record["parent"], record["children"]) == (None, None, [])
    assert (record["opened_at"], record["closed_at"]) == (london("2025-03-03T09:00"), None)


def test_a_list_shows_the_same_without_the_moves_the_form_and_the_guidance(story: Story) -> None:
    record = sent(story)

    [listed] = story.items("wkr", "/matters", workflow="record")

    alone = as_moved(story.matter("wkr", record))
    assert {**listed, "moves": alone["moves"], "form": alone["form"]} == alone


def test_an_id_is_a_uuid_of_version_7_at_the_matters_opening(story: Story) -> None:
    record = sent(story)

    found = UUID(record["id"])

    assert found.version == 7
    assert found.int >> 80 == int(datetime.fromisoformat(record["opened_at"]).timestamp() * 1000)


def test_an_opening_says_where_the_matter_is(story: Story) -> None:
    answer = story.try_open("sup", "sessions", meeting())
    opened = ok(answer, 201)

    assert answer.headers["location"] == f"/api/v1/matters/{opened['id']}"
    assert answer.headers["etag"] == '"1"'
    assert as_moved(story.matter("sup", opened)) == opened


def test_a_move_answers_the_matter_after_it(story: Story) -> None:
    record = drafted(story)

    answer = story.try_move("sup", record, "circulate")

    assert ok(answer) == as_moved(story.matter("sup", record))
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("route", "who", "workflow"),
    [("sessions", "sup", "session"), ("records", "sup", "record"), ("disputes", "wkr", "dispute"),
     ("frequencies", "sup", "frequency"), ("absences", "hr1", "absence")],
)  # fmt: skip
def test_people_open_these(either_sandbox: Sandbox, route: str, who: str, workflow: str) -> None:
    story = either_sandbox.story(cases=[CASE])
    bodies: dict[str, dict[str, object]] = {
        "sessions": {**meeting(kind="case"), "cases": ["c1"], "place": "Room 4", "participants": []},
        "records": {"supervisee": "wkr", "kind": "case", "case": "c1", "sections": {"case_discussion": "Talked."}},
        "disputes": {"supervisee": "wkr", "about": "casework", "statement": "The visits cannot wait."},
        "frequencies": {"case": "c1", "category": "family-support", "criteria": [], "reason": "A review."},
        "absences": {"person": "wkr", "first_day": "2025-03-03", "expected_return": "2025-03-10", "cause": "planned"},
    }

    opened = story.open(who, route, **bodies[route])

    assert opened["workflow"] == workflow
    assert story.matter(who, opened)["id"] == opened["id"]


def test_nobody_opens_what_only_the_service_opens(story: Story) -> None:
    for route in ("cancellations", "entitlements", "employments"):
        assert story.try_open("sup", route, {"supervisee": "wkr"}).status_code == 404


def test_instants_carry_londons_offset(sandbox: Sandbox) -> None:
    story = sandbox.story(now="2025-06-02T09:00")

    opened = story.open("sup", "sessions", **meeting("2025-06-05T10:00"))

    assert opened["opened_at"] == "2025-06-02T09:00:00+01:00"
    assert deadline(opened, "hold_or_cancel")["due"] == "2025-06-06T23:59:59+01:00"


def test_an_instant_is_kept_in_whole_seconds(story: Story) -> None:
    body = {**meeting(), "starts_at": "2025-03-05T10:00:00.750000+00:00"}

    assert story.open("sup", "sessions", **body)["data"]["starts_at"] == london("2025-03-05T10:00")


def test_text_comes_back_as_it_was_sent(either_story: Story) -> None:
    said = "Żaneta’s “quiet” week – 3 × visits, 100 % done.\n\tAll’s well: ✓ 👍🏽 \\u0041 <b>&amp;</b>"

    assert drafted(either_story, personal_discussion=said)["data"]["sections"] == {"personal_discussion": said}


# -- deadlines
def test_a_deadline_comes_with_its_receipt(story: Story) -> None:
    found = deadline(sent(story), "sign_by")

    assert set(found) == {"name", "due", "status", "enforces", "receipt"}
    assert (found["due"], found["status"], found["enforces"]) == (london("2025-03-10T23:59:59"), "running", "deem")
    assert set(found["receipt"]) >= RECEIPT


def test_deadlines_are_in_the_order_in_which_they_were_set(story: Story) -> None:
    session = booked(story, "2025-03-06T10:00")
    story.move("sup", session, "move", starts_at=london("2025-03-07T10:00"), reason="A hearing.")
    moved = story.move("sup", session, "move", starts_at=london("2025-03-05T10:00"), reason="It was moved back.")

    shown = [(d["name"], d["due"], d["status"]) for d in moved["deadlines"]]

    assert shown == [
        ("hold_or_cancel", london("2025-03-07T23:59:59"), "superseded"),
        ("hold_or_cancel", london("2025-03-10T23:59:59"), "superseded"),
        ("prepare_by", london("2025-03-03T23:59:59"), "superseded"),
        ("hold_or_cancel", london("2025-03-06T23:59:59"), "running"),
    ]


def test_the_receipt_of_an_enforced_deadline_never_changes(story: Story) -> None:
    record = sent(story)
    before = deadline(record, "sign_by")
    story.at("2025-03-11T00:00")

    ok(story.send("admin", "POST", "/closures", json={"date": "2025-03-12", "reason": "The heating failed."}), 201)

    after = deadline(story.matter("wkr", record), "sign_by")
    assert after["status"] == "missed"
    assert {**after, "status": "running"} == before


# -- children
def test_children_are_shown_with_where_they_stand(either_story: Story) -> None:
    record = disputed(either_story)
    dispute = either_story.one("wkr", workflow="dispute", parent=record["id"])

    child = {"id": dispute["id"], "workflow": "dispute", "state": "in_discussion"}
    assert either_story.matter("wkr", record)["children"] == [child]
    assert dispute["parent"] == record["id"]


# -- moves
def test_moves_are_the_askers_own_with_what_they_need(story: Story) -> None:
    record = sent(story)

    assert story.matter("wkr", record)["moves"] == [
        {"trigger": "sign", "label": "Sign the record", "needs": []},
        {"trigger": "dispute", "label": "Dispute the record", "needs": ["statement"]},
    ]
    assert story.matter("sup", record)["moves"] == []


def test_what_the_rules_forbid_today_is_not_offered(story: Story) -> None:
    session = booked(story, "2025-03-04T10:00")
    assert "move" in {move["trigger"] for move in session["moves"]}

    story.at("2025-03-04T08:00")

    assert "move" not in {move["trigger"] for move in story.matter("sup", session)["moves"]}


def test_every_move_that_is_offered_without_needs_is_taken(story: Story) -> None:
    record = drafted(story)

    for who in ("sup", "wkr"):
        for move in story.matter(who, record)["moves"]:
            if not move["needs"]:
                story.move(who, record, move["trigger"])

    assert story.matter("wkr", record)["state"] == "agreed"


# -- whose turn it is
def test_a_holder_is_whose_turn_it_is(story: Story) -> None:
    record = drafted(story)
    assert story.matter("sup", record)["holder"] == "sup"

    assert story.move("sup", record, "circulate")["holder"] == "wkr"
    assert story.move("wkr", record, "sign")["holder"] is None


def test_several_who_must_act_are_named(story: Story) -> None:
    dispute = raised(story)

    assert (dispute["holder"], dispute["waiting_for"]) == (None, ["wkr", "sup"])


def test_a_role_whose_queue_has_it_is_named(sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "rated", "criteria": "in-need", "allocated_on": "2025-02-24"}
    story = sandbox.story("darlington", cases=[case])

    green = story.open(
        "sup", "frequencies", case="c1", category="rated", criteria=["in-need"], rating="green", reason="x"
    )

    assert (green["holder"], green["holder_role"]) == (None, "head_of_service")


# -- history
def test_the_history_has_every_step_with_who_and_when(either_story: Story) -> None:
    record = sent(either_story)
    either_story.at("2025-03-11T00:00")

    steps = either_story.items("wkr", f"/matters/{record['id']}/history")

    assert [(s["seq"], s["trigger"], s["source"], s["dest"]) for s in steps] == [
        (1, "open", None, "draft"),
        (2, "circulate", "draft", "awaiting_signature"),
        (3, "deem", "awaiting_signature", "deemed_accepted"),
    ]
    assert [s["actor"] for s in steps] == [{"ref": "sup"}, {"ref": "sup"}, {"system": True}]
    assert [s["role"] for s in steps] == ["supervisor", "supervisor", "system"]
    assert steps[2]["at"] == london("2025-03-11T00:00")
    assert steps[2]["clause"].startswith("CBC-58")
    assert all(len(bytes.fromhex(s["hash"])) == 32 for s in steps)
    assert len({s["hash"] for s in steps}) == 3


def test_the_version_counts_the_steps(story: Story) -> None:
    record = disputed(story)

    assert story.matter("wkr", record)["version"] == len(story.triggers("wkr", record)) == 3


def test_readers_find_the_reason_and_the_text_of_each_step(story: Story) -> None:
    session = booked(story)
    story.move("sup", session, "cancel", cause="diary", reason="A hearing was moved.")
    record = disputed(story, "That is not what was said.")

    [_, cancelled] = story.items("wkr", f"/matters/{session['id']}/history")
    [*_, contested] = story.items("sup", f"/matters/{record['id']}/history")

    assert cancelled["reason"] == "A hearing was moved."
    assert "reason" not in contested
    assert contested["data"]["statement"] == "That is not what was said."


def test_who_sees_but_the_shell_finds_steps_without_anything_that_was_written(story: Story) -> None:
    session = booked(story)
    story.move("sup", session, "cancel", cause="diary", reason="Quarrelsome marmalade.")
    record = disputed(story, "Quarrelsome marmalade.")

    for matter in (session, record):
        steps = story.items("admin", f"/matters/{matter['id']}/history")
        assert [s["seq"] for s in steps] == list(range(1, len(steps) + 1))
        assert "marmalade" not in str(steps)
        assert all("reason" not in step for step in steps)


def test_a_history_is_paged(story: Story) -> None:
    record = drafted(story)
    for number in range(6):
        story.move("sup", record, "write", sections={"personal_discussion": f"Version {number}."})
    path = f"/matters/{record['id']}/history"

    pages: list[list[int]] = []
    cursor = None
    while cursor is not None or not pages:
        page = story.get("sup", path, limit=3, **({"cursor": cursor} if cursor else {}))
        pages.append([step["seq"] for step in page["items"]])
        cursor = page["next_cursor"]

    assert pages == [[1, 2, 3], [4, 5, 6], [7]]


def test_a_step_is_dated_by_the_councils_own_clock(story: Story) -> None:
    absence = away(story, "wkr")
    story.at("2025-03-06T14:30:15")
    story.move("hr1", absence, "return", last_day="2025-03-05")

    [*_, last] = story.items("hr1", f"/matters/{absence['id']}/history")

    assert last["at"] == london("2025-03-06T14:30:15")

"""Whatever goes wrong is answered as problem details: a status, a stable code, a sentence, and each field by name."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.beginnings import booked, drafted, meeting
from tests.fixtures.served import Sandbox, Story, problem

READS = ("/me", "/people/wkr", "/people/wkr/line", "/calendar/2025", "/matters", "/inbox", "/notices", "/incidents")
JSON = {"Content-Type": "application/json"}


def pointers(body: Mapping[str, list[dict[str, str]]]) -> set[str]:
    return {error["pointer"] for error in body["errors"]}


def send_raw(story: Story, path: str, content: bytes, content_type: str = "application/json") -> httpx.Response:
    return story.send("sup", "POST", path, {"Content-Type": content_type}, content=content)


# -- the shape
def test_a_problem_has_a_type_a_title_a_status_a_code_and_a_sentence(story: Story) -> None:
    found = problem(story.send("wkr", "GET", f"/matters/{uuid4()}"), 404, "not_found")

    assert found == {
        "type": "urn:supervision:problem:not_found",
        "title": "There is nothing here",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing here under this address, or nothing that you may see.",
    }


def test_a_refusal_names_the_guard_and_the_rules_reason(story: Story) -> None:
    session = booked(story, "2025-03-03T10:00")

    found = problem(
        story.try_move("sup", session, "move", {"starts_at": "2025-03-04T10:00:00+00:00", "reason": "A hearing."}),
        409, "refused",
    )  # fmt: skip

    assert found["guard"] == "ahead_of_the_day"
    assert found["detail"] == "A session is moved ahead of its day; on the day it is held or cancelled."


def test_somebody_elses_move_says_whose_it_is(story: Story) -> None:
    found = problem(story.try_move("wkr", booked(story), "hold"), 403, "not_your_move")

    assert found["detail"] == "This move belongs to the supervisor."


# -- 400, 413, 415
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\xfa", b'{"minutes": 1', b"[" * 100_000], ids=repr)
def test_a_body_that_is_no_json_is_malformed(story: Story, content: bytes) -> None:
    problem(send_raw(story, "/sessions", content), 400, "malformed")


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'"text"'])
def test_json_that_is_no_object_is_invalid(story: Story, content: bytes) -> None:
    problem(send_raw(story, "/sessions", content), 422, "invalid")


def test_an_empty_body_is_an_empty_object(story: Story) -> None:
    found = problem(send_raw(story, "/sessions", b""), 422, "invalid")

    assert pointers(found) == {"/kind", "/starts_at", "/minutes"}


def test_a_body_that_is_too_large_is_not_read(story: Story) -> None:
    problem(send_raw(story, "/sessions", b" " * (16 * 1024 * 1024 + 1)), 413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "text/csv", "application/xml", "multipart/form-data"])
def test_a_body_that_is_no_json_by_its_content_type_is_not_understood(story: Story, content_type: str) -> None:
    problem(send_raw(story, "/sessions", b"{}", content_type), 415, "not_json")


def test_json_may_name_its_character_set(story: Story) -> None:
    problem(send_raw(story, "/sessions", b"{}", "application/json; charset=utf-8"), 422, "invalid")


def test_a_list_of_people_is_sent_as_csv(story: Story) -> None:
    problem(story.send("admin", "POST", "/people/import", JSON, content="{}"), 415, "not_csv")


# -- 401
@pytest.mark.parametrize("path", READS)
def test_nobody_reads_without_a_token(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.client.get(path)

    problem(answer, 401, "no_token")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("authorization", ["Bearer sup_made-up", "bearer x"])
def test_a_token_that_nobody_was_given_opens_nothing(sandbox: Sandbox, authorization: str) -> None:
    problem(sandbox.client.get("/me", headers={"Authorization": authorization}), 401, "unknown_token")


def test_only_bearer_tokens_are_taken(sandbox: Sandbox) -> None:
    problem(sandbox.client.get("/me", headers={"Authorization": "Basic YWRtaW46YWRtaW4="}), 401, "no_token")


def test_the_word_bearer_may_be_written_small(story: Story) -> None:
    answer = story.client.get("/me", headers={"Authorization": f"bearer {story.token('wkr')}"})

    assert answer.json()["ref"] == "wkr"


# -- 404 and 405
@pytest.mark.parametrize("path", ["/nothing", "/matters/no-uuid", "/matters/no-uuid/history", "/people/nobody"])
def test_what_is_not_there_is_not_found(story: Story, path: str) -> None:
    problem(story.send("admin", "GET", path), 404, "not_found")


def test_only_the_three_lists_can_be_imported(story: Story) -> None:
    assert story.take("policies", "ref\n").status_code in (404, 422)


def test_a_method_that_a_route_lacks_is_a_problem_as_well(story: Story) -> None:
    answer = story.send("admin", "PUT", "/matters", json={})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    problem(answer, 405, "this_cannot_be_done_here")


# -- 422
def test_every_field_that_is_missing_or_wrong_is_named(story: Story) -> None:
    found = problem(story.try_open("sup", "sessions", {"kind": "party", "minutes": 0, "colour": "red"}), 422, "invalid")

    assert pointers(found) == {"/kind", "/starts_at", "/minutes", "/colour"}
    assert all(error["message"] for error in found["errors"])


@pytest.mark.parametrize("route", ["sessions", "records", "disputes", "frequencies", "absences"])
def test_an_opening_with_an_unknown_field_is_invalid(story: Story, route: str) -> None:
    found = problem(story.try_open("sup", route, {"nonsense": 1}), 422, "invalid")

    assert "/nonsense" in pointers(found)


def test_a_move_with_an_unknown_field_is_invalid(story: Story) -> None:
    session = booked(story)
    carried = {"cause": "diary", "reason": "A hearing.", "nonsense": 1}

    assert pointers(problem(story.try_move("sup", session, "cancel", carried), 422, "invalid")) == {"/data/nonsense"}


def test_a_move_without_a_required_field_is_invalid(story: Story) -> None:
    found = problem(story.try_move("sup", booked(story), "cancel", {"cause": "diary"}), 422, "invalid")

    assert pointers(found) == {"/data/reason"}


def test_a_move_that_needs_nothing_is_sent_without_data_or_with_none_in_it(story: Story) -> None:
    record = story.move("sup", drafted(story), "circulate")

    problem(story.try_move("wkr", record, "sign", {"gladly": True}), 422, "invalid")
    answer = story.send("wkr", "POST", f"/matters/{record['id']}/moves", json={"trigger": "sign"})

    assert answer.json()["state"] == "agreed"


def test_beside_trigger_and_data_a_move_has_no_fields(story: Story) -> None:
    body = {"trigger": "cancel", "data": {"cause": "diary", "reason": "A hearing."}, "because": "x"}
    answer = story.send("sup", "POST", f"/matters/{booked(story)['id']}/moves", json=body)

    assert pointers(problem(answer, 422, "invalid")) == {"/because"}


@pytest.mark.parametrize("data", [[], "text", 7])
def test_what_a_move_carries_is_an_object(story: Story, data: object) -> None:
    problem(story.try_move("sup", booked(story), "cancel", data), 422, "invalid")


@pytest.mark.parametrize("trigger", ["fly", "", "HOLD", "open"])
def test_a_trigger_that_the_workflow_lacks_is_invalid(story: Story, trigger: str) -> None:
    assert pointers(problem(story.try_move("sup", booked(story), trigger), 422, "invalid")) == {"/trigger"}


@pytest.mark.parametrize("trigger", [None, 7, ["hold"], {"name": "hold"}])
def test_a_trigger_is_text(story: Story, trigger: object) -> None:
    assert pointers(problem(story.try_move("sup", booked(story), trigger), 422, "invalid")) == {"/trigger"}


def test_the_moves_of_the_service_are_nobody_elses(story: Story) -> None:
    assert pointers(problem(story.try_move("sup", booked(story), "lapse"), 422, "invalid")) == {"/trigger"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/matters?limit=0", "limit"), ("/matters?limit=201", "limit"), ("/matters?workflow=poem", "workflow"),
        ("/matters?open=perhaps", "open"), ("/matters?parent=x", "parent"), ("/matters?due_before=soon", "due_before"),
        ("/matters?due_before=2025-03-03T09:00:00", "due_before"), ("/inbox?limit=-1", "limit"),
        ("/notices?limit=ten", "limit"), ("/incidents?limit=1000", "limit"), ("/calendar/soon", "year"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named(story: Story, path: str, field: str) -> None:
    found = problem(story.send("admin", "GET", path), 422, "invalid")

    assert {pointer.rpartition("/")[2] for pointer in pointers(found)} == {field}


# -- never a 500
FAR = ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+12:00")


@pytest.mark.parametrize("far", FAR)
def test_a_time_that_no_council_will_see_is_refused(either_story: Story, far: str) -> None:
    problem(either_story.try_open("sup", "sessions", {**meeting(), "starts_at": far}), 422, "invalid")
    problem(either_story.send("sup", "GET", "/matters", params={"due_before": far}), 422, "invalid")


@pytest.mark.parametrize("far", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_council_will_see_is_refused(story: Story, far: str) -> None:
    body = {"person": "wkr", "first_day": far, "cause": "sickness"}

    assert pointers(problem(story.try_open("hr1", "absences", body), 422, "invalid")) == {"/first_day"}


@pytest.mark.parametrize("name", ["state", "party", "holder", "case"])
def test_a_sign_that_no_database_keeps_finds_nothing(either_story: Story, name: str) -> None:
    assert either_story.send("sup", "GET", "/matters", params={name: "a\0b"}).status_code in (200, 400)


def test_a_sign_that_no_database_keeps_is_refused_in_a_body(either_story: Story) -> None:
    closure = {"date": "2025-03-07", "reason": "a\0b"}

    problem(either_story.try_open("sup", "sessions", {**meeting(kind="case"), "cases": ["c\0"]}), 400, "malformed")
    problem(either_story.send("admin", "POST", "/closures", json=closure), 400, "malformed")


def test_what_only_looks_like_that_sign_is_text_like_any_other(story: Story) -> None:
    record = drafted(story, personal_discussion="Type \\u0000 to end it.")

    assert story.matter("sup", record)["data"]["sections"] == {"personal_discussion": "Type \\u0000 to end it."}


@pytest.mark.parametrize("body", [b'{"\\ud800": 1}', b'{"kind": "\\udfff"}', b'{"minutes": NaN}'])
def test_json_with_half_a_sign_or_half_a_number_in_it_is_malformed(story: Story, body: bytes) -> None:
    problem(send_raw(story, "/sessions", body), 400, "malformed")


@pytest.mark.parametrize("version", ["three", '"-1"', '"²"', '"' + "9" * 5000 + '"', '"99999999999999999999"', '""'])
def test_a_version_that_cannot_be_one_is_malformed_or_stale(either_story: Story, version: str) -> None:
    carried = {"cause": "diary", "reason": "A hearing."}
    headers = {"If-Match": version.encode("latin-1")}

    answer = either_story.try_move("sup", booked(either_story), "cancel", carried, headers)

    assert (answer.status_code, answer.json()["code"]) in ((400, "malformed"), (412, "stale"))

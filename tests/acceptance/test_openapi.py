"""The contract describes itself: every route that it promises is in the OpenAPI document, with what it carries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.served import PROBLEM, Sandbox, ok

PROMISED = (
    "get /me", "get /people/{ref}", "get /people/{ref}/line", "get /calendar/{year}", "post /closures",
    "delete /closures", "post /sessions", "post /records", "post /disputes", "post /frequencies", "post /absences",
    "post /disclosures", "get /disclosures/{matter_id}/copy", "get /records/{matter_id}/audit-copy", "get /me/views",
    "get /matters/{matter_id}/views",
    "get /matters", "get /matters/{matter_id}", "post /matters/{matter_id}/moves", "get /matters/{matter_id}/history",
    "get /matters/{matter_id}/what-if-nothing", "get /inbox", "get /notices", "get /incidents",
    "get /forms", "get /guidance",
    "post /{what}/import", "post /sandbox/organisations", "post /sandbox/tokens", "get /sandbox/clock",
    "post /sandbox/clock", "post /sandbox/notices/bounce",
)  # fmt: skip


@pytest.fixture(scope="module")
def document(sandbox: Sandbox) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = ok(sandbox.client.get("/openapi.json"))
    return found


@pytest.mark.parametrize("promised", PROMISED)
def test_every_promised_route_is_described(document: dict[str, Any], promised: str) -> None:
    method, path = promised.split()

    assert document["paths"][f"/api/v1{path}"][method]["summary"]


def test_an_opening_describes_the_fields_that_it_carries(document: dict[str, Any]) -> None:
    sent = document["paths"]["/api/v1/sessions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body = document["components"]["schemas"][sent["$ref"].rpartition("/")[2]]

    assert set(body["required"]) == {"kind", "starts_at", "minutes"}
    assert set(body["properties"]) >= {"supervisee", "kind", "starts_at", "minutes", "place", "cases", "participants"}
    assert body["additionalProperties"] is False


def test_every_route_describes_what_it_answers_and_every_problem(document: dict[str, Any]) -> None:
    of_the_api = (methods for path, methods in document["paths"].items() if path.startswith("/api/"))
    operations = [op for methods in of_the_api for op in methods.values()]

    for operation in operations:
        for status, response in operation["responses"].items():
            for media_type, content in response.get("content", {}).items():
                assert content["schema"], operation["operationId"]
                assert (media_type == PROBLEM) == (status[0] in "45")
        assert {"400", "401", "403", "404", "422", "503"} <= operation["responses"].keys()


def test_only_what_has_a_key_of_its_own_and_the_sandboxs_front_door_need_no_token(document: dict[str, Any]) -> None:
    open_to_all = {p for p, methods in document["paths"].items() for op in methods.values() if "security" not in op}

    assert open_to_all == {"/health/live", "/health/ready"} | {
        f"/api/v1{path}" for path in
        ("/sandbox/organisations", "/sandbox/tokens", "/notices/bounces", "/calendar-feeds/{secret}.ics")
    }  # fmt: skip


def test_people_find_the_description_as_a_page(sandbox: Sandbox) -> None:
    answer = sandbox.client.get("/docs")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")

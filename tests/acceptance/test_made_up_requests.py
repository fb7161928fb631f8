"""A bounded part of `make fuzz`: whatever is sent, the answer is one that the description of the API has."""

from __future__ import annotations

import pytest

from tests.fixtures.served import Sandbox, Story, ok, problem
from tests.fuzzing.__main__ import fuzz

#: Made-up requests for each route.
EXAMPLES = 3
#: Another one each time finds more; the same one each time lets a failure be seen again.
SEED = 5


def test_no_made_up_request_is_answered_in_a_way_that_is_not_described(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    made, status = fuzz(sandbox, EXAMPLES, SEED)

    assert status == 0, capsys.readouterr().out
    assert made > 600


# -- what it found, each with a test of its own
@pytest.mark.parametrize("day", [0, "1740960000", "-1e-276", "-86400"])
def test_a_number_is_no_day(story: Story, day: object) -> None:
    body = {"date": day, "reason": "Snow."}

    answer = problem(story.send("admin", "POST", "/closures", json=body), 422, "invalid")

    assert [error["pointer"] for error in answer["errors"]] == ["/date"]


@pytest.mark.parametrize("instant", ["0.5", "-0.5", "-86400"])
def test_a_number_is_no_instant_to_look_for(story: Story, instant: str) -> None:
    problem(story.send("sup", "GET", "/matters", params={"due_before": instant}), 422, "invalid")


def test_a_number_is_no_day_as_at_which_to_look(story: Story) -> None:
    problem(story.send("aud", "GET", "/inspection-pack", params={"as_at": "-1.1e-276"}), 422, "invalid")


@pytest.mark.parametrize(("path", "allowed"), [("/closures", "DELETE, POST"), ("/policies", "GET, POST")])
def test_what_cannot_be_done_at_an_address_says_all_that_can(story: Story, path: str, allowed: str) -> None:
    answer = story.send("admin", "PATCH", path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


def test_a_drawing_as_json_is_described_as_an_object(story: Story) -> None:
    described = ok(story.client.get("/openapi.json"))["paths"]["/api/v1/workflows/{name}/diagram.{form}"]["get"]

    content = described["responses"]["200"]["content"]

    assert content["application/json"]["schema"] == {"type": "object"}
    assert content["image/svg+xml"]["schema"] == {"type": "string", "format": "binary"}

"""Policies over HTTP: everybody reads them, an administrator applies a new version, and open matters move with it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.served import Story, deadline, london, ok, problem
from workflows.policy_reader import shipped, shipped_text
from workflows.receipts import recompute

CBC, COUNCIL = "central-bedfordshire", "Central Bedfordshire"
TOML = {"Content-Type": "application/toml"}
CASE = {"ref": "c1", "worker_ref": "wkr", "category": "adoption", "allocated_on": "2025-03-03"}
ADOPTION = 'category = "adoption"\nevery = { value = 2, unit = "months", clause = "CBC-34" }'
MONTHLY = 'category = "adoption"\nevery = { value = 1, unit = "months", clause = "CBC-82" }'


def text(number: str = "2", *changes: tuple[str, str]) -> str:
    """Central Bedfordshire's policy as another version, adoption cases monthly unless other changes are given."""
    said = shipped_text(CBC)
    for old, new in (('version = "1"', f'version = "{number}"'), *(changes or ((ADOPTION, MONTHLY),))):
        assert old in said, old
        said = said.replace(old, new, 1)
    return said


def send(
    story: Story, content: str | bytes, who: str = "admin", headers: dict[str, str] | None = None, **params: Any
) -> httpx.Response:
    """Send a version, in force from 3 March unless another day is given."""
    return story.send(
        who, "POST", "/policies", {**TOML, **(headers or {})}, content=content,
        params={"in_force_from": "2025-03-03", **params},
    )  # fmt: skip


def watched(story: Story) -> dict[str, Any]:
    """The frequency of an adoption case, which is due on 3 May."""
    ok(story.list_cases([CASE]))
    return story.one("sup", workflow="frequency", case="c1")


# -- reading
def test_the_versions_are_listed_with_the_days_on_which_they_are_in_force(story: Story) -> None:
    ok(send(story, text(), in_force_from="2025-03-10"), 201)

    assert story.items("wkr", "/policies") == [
        {
            "id": CBC, "version": "1", "name": shipped()[CBC].name, "council": COUNCIL, "in_force": True,
            "in_force_from": "2025-03-03", "in_force_to": "2025-03-09",
        },
        {
            "id": CBC, "version": "2", "name": shipped()[CBC].name, "council": COUNCIL, "in_force": False,
            "in_force_from": "2025-03-10", "in_force_to": None,
        },
    ]  # fmt: skip
    story.at("2025-03-10T00:00")
    assert [found["in_force"] for found in story.items("wkr", "/policies")] == [False, True]


@pytest.mark.clause("CBC-42")
def test_anybody_signed_in_reads_the_policy_in_sentences_and_as_values(story: Story) -> None:
    found = story.get("wkr", f"/policies/{CBC}")

    assert (found["id"], found["version"], found["in_force"]) == (CBC, "1", True)
    records = next(chapter for chapter in found["chapters"] if chapter["title"] == "Records of case supervision")
    assert {"sentence": "The supervisee signs or disputes it within 5 working days.", "clause": "CBC-42"} in records[
        "lines"
    ]
    assert found["values"]["record"]["case"]["sign_by"] == {
        "value": 5, "unit": "working_days", "clause": "CBC-42", "note": "",
    }  # fmt: skip
    risks = "exploitation missing placement-fragile placement-unregulated safeguarding significant-support-needs"
    assert found["values"]["frequency"]["raised_by"] == risks.split()


@pytest.mark.clause("CBC-46", "CBC-59")
def test_contradictions_come_with_the_choice_and_the_reason(story: Story) -> None:
    found = story.get("wkr", f"/policies/{CBC}")

    assert len(found["contradictions"]) == 11
    assert found["contradictions"][1] == {
        "clause": "CBC-46, CBC-59",
        "says": "After sickness a case session is made up within 5 working days, a personal one within 5 days.",
        "choice": "Working days for both.",
        "reason": "Both sentences are about the same return to work, and one of them names its days.",
    }
    assert "contradictions" not in found["values"]


def test_other_councils_policies_are_read_as_they_are_shipped_and_are_never_in_force(story: Story) -> None:
    found = story.get("wkr", "/policies/leeds")

    assert (found["version"], found["in_force"], found["in_force_from"]) == ("1", False, None)
    assert story.get("wkr", "/policies/leeds@1")["id"] == "leeds"


def test_a_version_is_named_after_the_id(story: Story) -> None:
    ok(send(story, text()), 201)

    assert story.get("wkr", f"/policies/{CBC}")["version"] == "2"
    assert story.get("wkr", f"/policies/{CBC}@1")["version"] == "1"


@pytest.mark.parametrize("name", ["york", f"{CBC}@9", "leeds@2", "@1", f"{CBC}@"])
def test_a_policy_that_there_is_not_is_not_found(name: str, story: Story) -> None:
    problem(story.send("wkr", "GET", f"/policies/{name}"), 404, "not_found")
    problem(story.send("wkr", "GET", f"/policies/{name}/diff/{CBC}"), 404, "not_found")
    problem(story.send("wkr", "GET", f"/policies/{CBC}/diff/{name}"), 404, "not_found")


def test_nobody_reads_a_policy_without_a_token(story: Story) -> None:
    for path in ("/policies", f"/policies/{CBC}", f"/policies/{CBC}/diff/leeds"):
        problem(story.client.get(path), 401, "no_token")


def test_another_councils_own_version_is_not_found(sandbox: Any) -> None:
    one, other = sandbox.story(), sandbox.story()
    ok(send(one, text()), 201)

    problem(other.send("wkr", "GET", f"/policies/{CBC}@2"), 404, "not_found")


# -- what differs
@pytest.mark.clause("CBC-34")
def test_what_differs_is_said_with_both_clauses(story: Story) -> None:
    ok(send(story, text()), 201)

    found = story.get("wkr", f"/policies/{CBC}@1/diff/{CBC}")

    assert (found["before"], found["after"]) == ({"id": CBC, "version": "1"}, {"id": CBC, "version": "2"})
    assert found["items"] == [
        {
            "kind": "changed", "where": "Version", "before": {"value": "1", "clause": "CBC-01", "note": ""},
            "after": {"value": "2", "clause": "CBC-01", "note": ""},
            "sentence": "Version: was 1 [CBC-01], is 2 [CBC-01].",
        },
        {
            "kind": "changed", "where": "Frequency, rows (adoption), every",
            "before": {"value": "2 months", "clause": "CBC-34", "note": ""},
            "after": {"value": "1 month", "clause": "CBC-82", "note": ""},
            "sentence": "Frequency, rows (adoption), every: was 2 months [CBC-34], is 1 month [CBC-82].",
        },
    ]  # fmt: skip


def test_what_one_policy_lacks_is_null(story: Story) -> None:
    items = story.get("wkr", f"/policies/leeds/diff/{CBC}")["items"]

    assert {item["kind"] for item in items} == {"added", "changed", "removed"}
    assert all((item["before"] is None) == (item["kind"] == "added") for item in items)
    assert all((item["after"] is None) == (item["kind"] == "removed") for item in items)


# -- applying
def test_a_dry_run_says_what_would_move_and_keeps_nothing(either_story: Story) -> None:
    frequency = watched(either_story)

    found = ok(send(either_story, text(), dry_run=True))

    assert (found["id"], found["version"], found["dry_run"], found["moved"]) == (CBC, "2", True, 1)
    assert found["items"] == [
        {
            "matter": frequency["id"], "workflow": "frequency", "parties": {"supervisee": "wkr", "supervisor": "sup"},
            "case": "c1", "deadline": "supervise_by", "from": london("2025-05-03T23:59:59"),
            "to": london("2025-04-03T23:59:59"), "clause_before": "CBC-34", "clause_after": "CBC-82",
        }
    ]  # fmt: skip
    assert len(either_story.items("wkr", "/policies")) == 1
    assert deadline(either_story.matter("sup", frequency), "supervise_by") == deadline(frequency, "supervise_by")
    assert either_story.triggers("sup", frequency) == ["open", "take_effect"]


@pytest.mark.clause("CBC-34")
def test_applying_moves_open_matters_and_the_receipt_names_the_new_clause(either_story: Story) -> None:
    frequency = watched(either_story)

    answer = send(either_story, text())

    found = ok(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/policies/{CBC}@2"
    assert (found["moved"], found["dry_run"]) == (1, False)
    moved = either_story.matter("wkr", frequency)
    assert moved["policy"] == {"id": CBC, "version": "2"}
    assert deadline(moved, "supervise_by")["due"] == london("2025-04-03T23:59:59")
    assert deadline(moved, "supervise_by")["receipt"]["clause"] == "CBC-82"
    assert recompute(deadline(moved, "supervise_by")["receipt"]).isoformat() == "2025-04-03T22:59:59+00:00"  # type: ignore[union-attr]
    assert either_story.triggers("wkr", frequency)[-1] == "adopt"
    assert "deadline_moved" in either_story.told("wkr", frequency)
    assert either_story.matter("admin", found["adoption"])["state"] == "in_force"


def test_a_deadline_may_be_kept_or_restarted(story: Story) -> None:
    frequency = watched(story)

    kept = ok(send(story, text(), dry_run=True, deadline=["supervise_by=keep", "climb_by=restart"]))

    assert kept["moved"] == 0
    story.at("2025-03-07T09:00")
    ok(send(story, text(), in_force_from="2025-03-07", deadline="supervise_by=restart"), 201)
    assert deadline(story.matter("wkr", frequency), "supervise_by")["due"] == london("2025-04-07T23:59:59")


def test_a_repeated_request_is_answered_what_the_first_was(either_story: Story) -> None:
    watched(either_story)
    key = {"Idempotency-Key": "once"}

    first, again = (send(either_story, text(), headers=key) for _ in range(2))

    assert ok(first, 201) == ok(again, 201)
    problem(send(either_story, text("3"), headers=key), 409, "key_reused")


def test_only_an_administrator_applies_a_version(story: Story) -> None:
    for who in ("sup", "hr1", "hos"):
        problem(send(story, text(), who=who), 403, "not_your_move")
        problem(send(story, text(), who=who, dry_run=True), 403, "not_your_move")


def test_every_mistake_is_named_with_its_key(story: Story) -> None:
    found = problem(send(story, text("2", ("value = 10", "value = 0"), ('service = "children"', 'service = "p"'))), 422,
                    "invalid")  # fmt: skip

    assert [error["pointer"] for error in found["errors"]] == ["/service", "/session.report_late.value"]
    assert found["errors"][0]["message"].startswith('service: found "p", expected one of')


def test_a_version_without_a_way_on_for_an_open_case_is_refused(story: Story) -> None:
    watched(story)

    found = problem(send(story, text("2", (f"[[frequency.rows]]\n{ADOPTION}\n", ""))), 422, "invalid")

    assert "a row for the category 'adoption': case c1 has it" in found["errors"][0]["message"]
    assert len(story.items("wkr", "/policies")) == 1


@pytest.mark.parametrize(
    ("said", "params", "guard"),
    [
        (text("1"), {}, "version"),
        (text(), {"in_force_from": "2025-03-02"}, "in_force_from"),
        (shipped_text("leeds"), {}, "policy_id"),
    ],
)
def test_a_version_that_does_not_follow_is_refused(said: str, params: dict[str, Any], guard: str, story: Story) -> None:
    for dry_run in (True, False):
        answer = send(story, said, dry_run=dry_run, **params)
        assert problem(answer, 409, "refused")["guard"] == guard


@pytest.mark.parametrize("how", ["supervise_by", "supervise_by=later", "sign_by=keep"])
def test_what_becomes_of_a_deadline_must_be_said_in_the_words_that_there_are(how: str, story: Story) -> None:
    found = problem(send(story, text(), deadline=how), 422, "invalid")

    assert found["errors"][0]["pointer"] == "/query/deadline"


def test_what_is_no_toml_in_utf_8_is_refused(story: Story) -> None:
    problem(send(story, text(), headers={"Content-Type": "application/json"}), 415, "not_toml")
    problem(send(story, b"id = '\xff'"), 400, "malformed")
    found = problem(send(story, "id = "), 422, "invalid")
    assert found["errors"][0]["message"].startswith("line 1: found id =, expected TOML")
    problem(story.send("admin", "POST", "/policies", TOML, content=text()), 422, "invalid")

"""An administrator takes in a list after looking at every change, and mends an incident without deciding anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import raised, sent
from tests.fixtures.served import deadline, problem
from workflows.policy_reader import shipped_text

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Sandbox, Story

Visit = Callable[["Story", str], "Visitor"]
HEAD = "ref,name,email,job_role,line_manager_ref,supervisor_ref"


def choose(visitor: Visitor, text: str) -> None:
    """Choose a file of people with this text."""
    visitor.go("/lists")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.get_by_label("File of people").set_input_files(file)  # type: ignore[arg-type] # as documented
    visitor.press("Check the file of people")


def test_a_list_is_taken_in_after_every_change_was_seen(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")

    choose(administrator, f"{HEAD}\nnew,New Person,new@council.example,social_worker,sup,sup\n")
    assert administrator.sees("New: 1. Changed: 0.")
    assert administrator.sees("Name: New Person")
    problem(story.send("admin", "GET", "/people/new"), 404, "not_found")
    administrator.press("Take it in")

    assert administrator.sees("The file was taken in.")
    assert story.get("admin", "/people/new")["name"] == "New Person"


def test_every_mistake_stands_beside_its_line(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")

    choose(administrator, f"{HEAD}\nnew,New Person,no-address,social_worker,nobody,sup\n")

    assert administrator.sees("Nothing was kept. Things to put right in the file: 2")
    assert administrator.sees("new,New Person,no-address,social_worker,nobody,sup")


def test_an_incident_is_given_to_somebody_who_can_act(sandbox: Sandbox, visit: Visit) -> None:
    story = sandbox.story(people=[{"ref": "sup", "line_manager_ref": "", "supervisor_ref": "lm"}])
    story.move("wkr", raised(story), "escalate")
    administrator = visit(story, "admin")

    administrator.follow("Incidents")
    administrator.follow("Give it to somebody")
    administrator.fill("Who takes it over", "Person sup")
    administrator.fill("Why", "Nobody is above.")
    administrator.press("Give it to somebody")
    assert administrator.sees("Person sup is a party to this: name somebody who is not.")
    administrator.fill("Who takes it over", "Person hos")
    administrator.press("Give it to somebody")

    assert administrator.sees("It is done, and the reason is in the history.")
    assert not administrator.sees("Nobody is left to ask about this dispute.")


def test_nobody_else_has_these_pages(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")
    for path in ("/lists", "/incidents"):
        worker.go(path)
        assert worker.sees("This belongs to people with the role administrator.")


def test_a_closure_is_kept_after_what_it_moves_was_seen(story: Story, visit: Visit) -> None:
    record = sent(story)
    administrator = visit(story, "admin")
    administrator.follow("Calendar")
    for part, text in (("Day", "5"), ("Month", "3"), ("Year", "2025"), ("Reason", "The heating is broken.")):
        administrator.fill(part, text)
    administrator.press("See what would move")
    assert administrator.sees("Deadlines that would move:")
    assert deadline(story.matter("wkr", record), "sign_by")["due"].startswith("2025-03-10")

    administrator.press("Close the council that day")
    assert administrator.sees("Wednesday 5 March 2025")
    assert deadline(story.matter("wkr", record), "sign_by")["due"].startswith("2025-03-11")
    administrator.press("Open again Wednesday 5 March 2025")

    assert deadline(story.matter("wkr", record), "sign_by")["due"].startswith("2025-03-10")


def test_a_weekend_cannot_be_closed_and_what_was_typed_is_kept(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.follow("Calendar")
    for part, text in (("Day", "8"), ("Month", "3"), ("Year", "2025"), ("Reason", "The heating is broken.")):
        administrator.fill(part, text)
    administrator.press("See what would move")

    assert administrator.sees("is not worked anyway: it is a weekend.")
    assert administrator.page.get_by_label("Reason").input_value() == "The heating is broken."


def test_anybody_reads_the_policy_with_its_clauses_and_compares_it(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")
    worker.follow("Policy")
    worker.press("Compare")
    assert worker.sees("values differ")

    worker.follow("The supervision policy")
    worker.follow(", version 1")

    assert worker.sees("CBC-42")
    assert worker.sees("product default")


def test_a_new_version_is_applied_after_what_it_moves_was_seen(story: Story, visit: Visit) -> None:
    text = shipped_text("central-bedfordshire").replace('version = "1"', 'version = "2"', 1)
    administrator = visit(story, "admin")
    administrator.go("/policies/apply")
    file = {"name": "policy.toml", "mimeType": "application/toml", "buffer": text.encode()}
    administrator.page.get_by_label("The policy, as a TOML file").set_input_files(file)  # type: ignore[arg-type]
    administrator.press("See what would move")
    assert administrator.sees("Enter the day")
    for part, number in (("Day", "1"), ("Month", "4"), ("Year", "2025")):
        administrator.fill(part, number)
    administrator.press("See what would move")
    assert administrator.sees("Version 2, in force from Tuesday 1 April 2025.")
    assert len(story.items("admin", "/policies")) == 1

    administrator.press("Apply it")

    assert administrator.sees("The version is applied")
    assert [row["version"] for row in story.items("admin", "/policies")] == ["1", "2"]

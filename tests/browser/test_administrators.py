"""An administrator takes in a list after looking at every change, and mends an incident without deciding anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import raised
from tests.fixtures.served import problem

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

"""A case that is opened again goes on from its past, or begins with a new allocation; nothing of it is late at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.case_stories import case, propose, running, session
from tests.unit.workflows.stories import deadline
from workflows.calendar import local_day
from workflows.lateness import overdue_since
from workflows.vocabulary import PRODUCT_DEFAULT, Workflow


def closed(policy: str, category: str, on: str, *supervised: str, **more: Any) -> FakeCouncil:
    """A case that was supervised on some days and is closed by the list on a later one."""
    council = FakeCouncil(policy, cases=[case(category, **more)])
    for day in supervised:
        session(council, f"{day}T12:00")
    council.until(f"{on}T09:00")
    council.cases["c1"] = replace(council.cases["c1"], closed_on=date.fromisoformat(on))
    council.tell(running(council), "end", why="closed")
    return council


def opened_again(council: FakeCouncil, on: str, **more: Any) -> None:
    """The list has the case as an open one again."""
    council.until(f"{on}T09:00")
    council.relist_case(replace(council.cases["c1"], closed_on=None, **more))


@pytest.mark.clause("CBC-16", "NS-30")
@pytest.mark.parametrize(
    ("policy", "category", "due"),
    [
        ("central-bedfordshire", "family-support", date(2025, 4, 7)),
        ("north-somerset", "child-in-need", date(2025, 5, 5)),
    ],
)
def test_a_case_that_was_closed_by_mistake_is_due_as_if_it_had_stayed_open(
    policy: str, category: str, due: date
) -> None:
    council = closed(policy, category, "2025-03-20", "2025-03-05", "2025-03-10")
    opened_again(council, "2025-03-24")
    again = running(council)
    assert (again.state, council.due(again, "supervise_by")) == ("on_track", due)
    assert deadline(council, again, "supervise_by").receipt["anchors"] == [
        {"event": "last session held", "at": "2025-03-10"}
    ]
    council.verify()


def test_what_came_due_while_a_case_was_closed_is_due_on_the_day_on_which_it_is_opened_again() -> None:
    council = closed("north-somerset", "child-protection", "2025-03-20", "2025-03-10")
    opened_again(council, "2025-09-15")
    due = deadline(council, running(council), "supervise_by")
    assert (council.due(running(council), "supervise_by"), due.receipt["clause"]) == (
        date(2025, 9, 15),
        PRODUCT_DEFAULT,
    )
    assert due.receipt["candidates"][1]["due"] == "2025-04-07T23:59:59+01:00"
    council.until("2025-09-16T09:00")
    assert running(council).state == "overdue"
    council.verify()


@pytest.mark.clause("CBC-16", "NS-30")
@pytest.mark.parametrize(
    ("policy", "category", "due"),
    [
        ("central-bedfordshire", "assessment", date(2025, 9, 29)),
        ("north-somerset", "child-in-need", date(2025, 11, 10)),
    ],
)
def test_a_case_that_is_opened_again_with_a_new_allocation_begins_with_it(
    policy: str, category: str, due: date
) -> None:
    council = closed(policy, category, "2025-03-20", "2025-03-10", last_supervised_on=date(2025, 2, 20))
    opened_again(council, "2025-09-15", allocated_on=date(2025, 9, 15))
    again = running(council)
    assert council.due(again, "supervise_by") == due
    assert deadline(council, again, "supervise_by").receipt["anchors"] == [{"event": "allocated", "at": "2025-09-15"}]
    council.until("2025-09-17T09:00")
    later = propose(council, category)
    assert (council.due(later, "supervise_by"), later.data["last_supervised_on"]) == (due, None)
    council.verify()


def test_what_a_case_was_late_for_before_stays_counted_unless_it_is_allocated_anew() -> None:
    council = closed("north-somerset", "child-protection", "2025-04-10")
    opened_again(council, "2025-04-14")
    assert (running(council).state, running(council).data["breaches"]) == ("on_track", 1)
    council = closed("north-somerset", "child-protection", "2025-04-10")
    opened_again(council, "2025-04-14", allocated_on=date(2025, 4, 14))
    assert (running(council).state, running(council).data["breaches"]) == ("on_track", 0)


@pytest.mark.clause("NS-32")
def test_a_late_case_that_is_closed_and_opened_again_is_no_second_breach() -> None:
    council = closed("north-somerset", "child-protection", "2025-05-20", "2025-03-10")
    assert [m.data["breaches"] for m in council.find(Workflow.frequency, case="c1")] == [1]

    opened_again(council, "2025-05-21")
    council.until("2025-05-22T09:00")

    again = running(council)
    assert (again.state, again.data["breaches"]) == ("overdue", 1)
    assert local_day(overdue_since(again)) == date(2025, 4, 7)
    council.verify()


def test_a_lateness_that_was_over_when_the_case_was_closed_is_not_taken_along() -> None:
    council = closed("north-somerset", "child-protection", "2025-04-28", "2025-03-10", "2025-04-22")

    opened_again(council, "2025-04-30")
    council.until("2025-05-21T09:00")

    again = running(council)
    assert (again.state, again.data["breaches"]) == ("overdue", 2)
    assert local_day(overdue_since(again)) == date(2025, 5, 20)
    council.verify()


@pytest.mark.clause("NS-32")
def test_a_lateness_that_a_session_has_ended_is_not_the_next_one() -> None:
    council = FakeCouncil("north-somerset", cases=[case("child-protection")])
    session(council, "2025-03-10T12:00")
    kept = council.kept[running(council).id]
    carried = {**kept.matter.data, "late_since": {"supervise_by": "2025-01-06T23:59:59+00:00"}}
    council.kept[kept.matter.id] = replace(kept, matter=kept.matter.changed(data=carried))

    council.until("2025-04-10T09:00")

    late = running(council)
    assert (late.state, late.data["breaches"]) == ("overdue", 1)
    assert local_day(overdue_since(late)) == date(2025, 4, 7)

"""A decision changes somebody's supervisor: it runs in the form of an absence's plan, and nobody is away."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import away, step
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Workflow

MONDAY = date(2025, 3, 3)
EVERYBODY = {"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"}


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil()


def decided(council: FakeCouncil) -> Matter:
    """The line manager decides that the social worker has another supervisor."""
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="We differ.")
    council.move("wkr", dispute, "escalate")
    council.move("lm", dispute, "decide", outcome="change_supervisor", reasons="It does not work.")
    return council.only(Workflow.absence, kind="reallocation")


def supervisor(council: FakeCouncil, ref: str = "wkr") -> str | None:
    """Who supervises somebody today."""
    return council.picture.directory.supervisor_of(ref)


@pytest.mark.clause("CBC-70")
def test_the_line_manager_finds_another_supervisor_for_the_one_and_nobody_is_away(council: FakeCouncil) -> None:
    plan = decided(council)
    assert (plan.state, plan.holder, plan.person) == ("awaiting_cover", "lm", "sup")
    assert council.picture.directory.away("sup", MONDAY) is None
    assert [row["supervisee"] for row in plan.data["plan"]] == ["wkr"]
    told = next(n for n in council.notices if (n["to"], n["kind"]) == ("wkr", "supervisor_away"))
    assert told["subject"] == "Person sup no longer supervises you"
    assert {d.name for d in plan.deadlines} == {"cover_by"}
    council.open("sup", Workflow.session, supervisee="wkr2", kind="personal", starts_at=council.now, minutes=60)
    council.verify()


def test_nobody_returns_from_it_corrects_it_or_withdraws_it(council: FakeCouncil) -> None:
    plan = decided(council)
    for who in ("sup", "wkr", "hr1"):
        assert not council.offered(who, plan) & {"return", "amend", "cancel"}
    with pytest.raises(Refused, match="nobody is expected to return"):
        council.move("sup", plan, "cancel", reason="I do not agree.")


def test_only_the_one_can_be_given_to_somebody_and_not_to_the_same(council: FakeCouncil) -> None:
    plan = decided(council)
    for cover, why in (({"wkr2": "sup2"}, "wkr2 is not supervised"), ({"wkr": "sup"}, "is to be covered")):
        with pytest.raises(Refused, match=why):
            council.move("lm", plan, "assign_cover", cover=cover)


def test_the_cover_is_to_be_made_permanent_by_whoever_found_it(council: FakeCouncil) -> None:
    plan = council.move("lm", decided(council), "assign_cover", cover={"wkr": "sup2"})
    assert (plan.state, plan.holder, supervisor(council)) == ("covered", "lm", "sup2")
    council.until("2025-03-11T09:00")
    assert council.told("lm", plan)[-1] == "reminder"
    council.until("2025-03-18T00:00")
    assert (council.matter(plan).state, council.matter(plan).holder) == ("covered", "hos")
    plan = council.move("hos", plan, "make_permanent", reason="It works.")
    assert plan.state == "permanent"
    person = council.picture.directory.people["wkr"]
    assert (person.supervisor, person.cover) == ("sup2", None)
    council.verify()


def test_a_new_supervisor_on_the_list_settles_it(council: FakeCouncil) -> None:
    plan = decided(council)
    council.relist("wkr", supervisor="sup2")
    assert (council.matter(plan).state, council.history(plan)[-1]) == ("permanent", "settle")
    council.verify()


def test_who_covers_changes_on_the_list_settles_it_as_well(council: FakeCouncil) -> None:
    plan = council.move("lm", decided(council), "assign_cover", cover={"wkr": "sup2"})
    council.relist("wkr", supervisor="sup2")
    assert (council.matter(plan).state, supervisor(council)) == ("permanent", "sup2")
    council.verify()


def test_a_supervisee_who_leaves_settles_it(council: FakeCouncil) -> None:
    plan = decided(council)
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T00:00")
    assert council.matter(plan).state == "permanent"
    council.verify()


def test_whoever_was_given_away_does_not_come_back_with_a_return(council: FakeCouncil) -> None:
    council.move("lm", decided(council), "assign_cover", cover={"wkr": "sup2"})
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover={"wkr2": "sup2", "bs": "sup2"})
    council.move("hr1", absence, "return", last_day=date(2025, 3, 17))
    assert {ref: supervisor(council, ref) for ref in EVERYBODY} == {"wkr": "sup2", "wkr2": "sup", "bs": "sup"}
    council.verify()


def test_whoever_is_lent_already_can_be_given_away_too(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="We differ.")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.move("wkr", dispute, "escalate")
    council.move("lm", dispute, "decide", outcome="change_supervisor", reasons="It does not work.")
    plan = council.only(Workflow.absence, kind="reallocation")
    assert (plan.state, [row["supervisee"] for row in plan.data["plan"]]) == ("awaiting_cover", ["wkr"])
    council.move("lm", plan, "assign_cover", cover={"wkr": "lm"})
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "lm"
    council.move("hr1", absence, "return", last_day=date(2025, 3, 17))
    assert {ref: supervisor(council, ref) for ref in EVERYBODY} == {"wkr": "lm", "wkr2": "sup", "bs": "sup"}
    council.verify()


def test_a_change_from_somebody_who_only_covered_is_over_when_the_supervisor_is_back(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    plan = decided(council)
    assert plan.person == "sup2"
    council.move("hr1", absence, "return", last_day=date(2025, 3, 17))
    assert (council.matter(plan).state, supervisor(council)) == ("permanent", "sup")
    council.verify()


def test_a_change_that_the_list_has_made_already_is_settled_at_once(council: FakeCouncil) -> None:
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="We differ.")
    council.move("wkr", dispute, "escalate")
    council.relist("wkr", supervisor="sup2")
    council.move("lm", dispute, "decide", outcome="change_supervisor", reasons="It does not work.")
    plan = council.only(Workflow.absence, kind="reallocation")
    assert plan.state == "permanent"
    assert step(council, plan, "open")["dest"] == "permanent"
    council.verify()


def test_whoever_was_given_away_stays_so_while_the_new_supervisor_is_covered_for(council: FakeCouncil) -> None:
    plan = council.move("lm", decided(council), "assign_cover", cover={"wkr": "sup2"})
    absence = away(council, "sup2", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover={"wkr": "lm"})
    assert council.matter(plan).state == "covered"
    sick = away(council, "sup", date(2025, 3, 18))
    council.move("hr1", sick, "return", last_day=date(2025, 3, 18))
    assert supervisor(council) == "lm"
    council.move("hr1", absence, "return", last_day=date(2025, 3, 18))
    assert supervisor(council) == "sup2"
    assert council.matter(plan).state == "covered"
    council.verify()

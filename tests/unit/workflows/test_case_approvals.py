"""Green takes effect when a head of service approves it, never whoever proposed it; what ran before runs on."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import away, held, incidents, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Role, SessionKind, Status, Workflow


@pytest.fixture
def council() -> FakeCouncil:
    """Darlington, with a case on Red that was supervised on 10 March 2025."""
    council = FakeCouncil(
        "darlington", "2025-03-10T09:00", cases=[Case("c1", "wkr", "rated", allocated_on=date(2025, 3, 3))]
    )
    propose(council, "red", "child-protection")
    held(council, SessionKind.case, "2025-03-10T11:00", cases=["c1"])
    return council


def propose(council: FakeCouncil, rating: str, criterion: str = "in-need", who: str = "sup") -> Matter:
    data = {"case": "c1", "category": "rated", "criteria": [criterion], "rating": rating, "reason": "Plan ended."}
    return council.matter(council.open(who, Workflow.frequency, **data))


def red(council: FakeCouncil) -> Matter:
    return next(m for m in council.find(Workflow.frequency) if m.data["rating"] == "red")


@pytest.mark.clause("DAR-16", "DAR-17", "DAR-19", "DAR-22")
def test_green_waits_for_the_head_of_service_and_red_runs_on(council: FakeCouncil) -> None:
    council.until("2025-04-01T10:00")
    green = propose(council, "green")
    assert (green.state, green.holder, green.holder_role) == ("awaiting_approval", None, Role.head_of_service)
    assert (red(council).state, council.due(red(council), "supervise_by")) == ("on_track", date(2025, 4, 10))
    assert council.told("hos", green) == ["approval_asked"]
    assert council.offered("hos", green) >= {"approve", "refuse"}
    for who in ("sup", "lm", "wkr", "ad"):
        with pytest.raises(NotYourMove):
            council.move(who, green, "approve")
    council.until("2025-04-08T10:00")
    green = council.move("hos", green, "approve")
    assert (green.state, green.holder, council.due(green, "supervise_by")) == ("on_track", None, date(2025, 6, 10))
    assert step(council, green, "approve")["clause"] == "DAR-22"
    assert (green.data["approved_by"], red(council).state) == ("hos", "superseded")
    assert council.told("sup", green) == council.told("wkr", green) == ["frequency_set"]
    council.verify()


@pytest.mark.clause("DAR-20", "DAR-22")
def test_green_cwd_is_due_on_the_earlier_of_six_months_and_twenty_six_weeks(council: FakeCouncil) -> None:
    green = propose(council, "green-cwd", "disability-care-package-only")
    assert green.state == "awaiting_approval"
    green = council.move("hos", green, "approve")
    assert council.due(green, "supervise_by") == date(2025, 9, 8)
    live = green.live("supervise_by")
    assert live is not None
    assert live.receipt["chosen"] == "earlier"
    council.verify()


@pytest.mark.clause("DAR-19", "DAR-22")
def test_what_was_missed_before_the_approval_stays_missed(council: FakeCouncil) -> None:
    council.until("2025-04-01T10:00")
    green = propose(council, "green")
    council.until("2025-04-14T10:00")
    assert red(council).state == "overdue"
    green = council.move("hos", green, "approve")
    assert (green.state, green.ladder, green.data["breaches"]) == ("on_track", None, 1)
    assert council.due(green, "supervise_by") == date(2025, 6, 10)
    assert statuses(council, red(council), "supervise_by") == [Status.met, Status.missed]
    council.verify()


@pytest.mark.clause("DAR-22")
def test_refused_red_goes_on_as_before(council: FakeCouncil) -> None:
    green = propose(council, "green")
    green = council.move("hos", green, "refuse", reason="Too early.")
    assert (green.state, red(council).state) == ("refused", "on_track")
    assert council.due(red(council), "supervise_by") == date(2025, 4, 10)
    assert council.told("sup", green) == council.told("wkr", green) == ["frequency_refused"]
    council.verify()


def test_a_later_proposal_takes_the_place_of_the_one_that_waits(council: FakeCouncil) -> None:
    first = propose(council, "green")
    second = propose(council, "green")
    assert (council.matter(first).state, second.state) == ("superseded", "awaiting_approval")
    assert red(council).state == "on_track"
    council.verify()


def test_raising_a_rating_out_of_green_needs_nobody(council: FakeCouncil) -> None:
    green = council.move("hos", propose(council, "green"), "approve")
    assert propose(council, "amber", "supervision-order").state == "on_track"
    assert council.matter(green).state == "superseded"
    council.verify()


def test_an_import_may_say_that_green_was_approved() -> None:
    approved = Case("c1", "wkr", "rated", rating="green", rating_approved_by="hos", allocated_on=date(2025, 3, 3))
    council = FakeCouncil("darlington", cases=[approved])
    assert council.only(Workflow.frequency).state == "on_track"
    council = FakeCouncil("darlington", cases=[Case("c1", "wkr", "rated", rating="green")])
    assert council.only(Workflow.frequency).state == "awaiting_approval"


# -- never oneself, and who else
@pytest.mark.clause("DAR-22")
@pytest.mark.parametrize("move", ["approve", "refuse"])
def test_nobody_approves_or_refuses_what_they_proposed(council: FakeCouncil, move: str) -> None:
    council.relist("lm", app_roles=frozenset({Role.head_of_service}))
    green = propose(council, "green", who="lm")
    assert council.told("lm", green) == []
    assert not council.offered("lm", green) & {"approve", "refuse"}
    with pytest.raises(Refused, match="Nobody approves what they proposed"):
        council.move("lm", green, move, **({"reason": "No."} if move == "refuse" else {}))
    assert council.told("hos", green) == ["approval_asked"]
    council.verify()


def test_while_the_head_of_service_is_away_a_deputy_of_higher_rank_is_asked_at_once(council: FakeCouncil) -> None:
    away(council, "hos", date(2025, 3, 10))
    green = propose(council, "green")
    assert (green.state, green.holder) == ("awaiting_approval", "ad")
    assert council.told("ad", green) == ["escalated"]
    with pytest.raises(NotYourMove):
        council.move("lm", green, "approve")
    green = council.move("ad", green, "approve")
    assert (green.state, green.ladder) == ("on_track", None)
    council.until("2025-06-26T09:00")
    assert (council.matter(green).state, council.matter(green).holder) == ("with_line_manager", "lm")
    council.verify()


def test_the_head_of_service_may_still_approve_what_a_deputy_has(council: FakeCouncil) -> None:
    absence = away(council, "hos", date(2025, 3, 10))
    green = propose(council, "green")
    council.until("2025-03-12T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 11))
    assert council.move("hos", green, "approve").state == "on_track"


def test_an_approval_that_lies_is_reminded_and_goes_to_the_deputy_but_to_nobody_of_lower_rank(
    council: FakeCouncil,
) -> None:
    green = propose(council, "green")
    council.until("2025-03-18T09:00")
    assert council.told("hos", green) == ["approval_asked", "reminder"]
    reminder = next(n for n in council.notices if n["kind"] == "reminder" and n["matter_id"] == green.id)
    assert reminder["subject"] == "Reminder: a case’s frequency waits for approval"
    council.until("2025-03-25T09:00")
    assert council.matter(green).holder == "ad"
    assert council.told("ad", green) == ["escalated"]
    assert incidents(council, green) == ["top_of_the_line"]
    council.until("2025-04-02T09:00")
    assert council.told("ad", green) == ["escalated", "reminder"]
    assert council.history(green).count("climb") == 1
    council.verify()


def test_a_deputy_who_goes_absent_leaves_it_to_the_heads_of_service(council: FakeCouncil) -> None:
    green = propose(council, "green")
    council.until("2025-03-25T09:00")
    away(council, "ad", date(2025, 3, 25))
    green = council.matter(green)
    assert (green.holder, green.holder_role) == (None, Role.head_of_service)
    assert step(council, green, "pass_on")["data"]["passed_over"] == "ad"
    assert incidents(council, green)[-1] == "stranded"
    council.until("2025-04-02T09:00")
    assert council.told("hos", green)[-1] == "reminder"
    council.verify()


@pytest.mark.clause("DAR-22")
def test_once_the_last_head_of_service_is_away_the_deputy_is_asked_at_once(council: FakeCouncil) -> None:
    council.relist("lm", app_roles=frozenset({Role.head_of_service}))
    green = propose(council, "green")
    council.until("2025-03-11T09:00")
    away(council, "lm", date(2025, 3, 11))
    assert (council.matter(green).holder, council.told("ad", green)) == (None, [])
    council.until("2025-03-12T09:00")
    away(council, "hos", date(2025, 3, 12))
    assert (council.matter(green).holder, council.told("ad", green)) == ("ad", ["escalated"])
    assert step(council, green, "pass_on")["data"]["passed_over"] == "hos"
    assert council.move("ad", green, "approve").state == "on_track"
    council.verify()


@pytest.mark.clause("DAR-16", "DAR-22")
def test_whoever_proposed_and_whoever_was_asked_learn_that_the_list_has_taken_its_place(council: FakeCouncil) -> None:
    green = propose(council, "green")
    council.relist_case(Case("c1", "wkr", "rated", frozenset({"supervision-order"}), rating="amber"))
    assert council.matter(green).state == "superseded"
    assert council.told("hos", green)[-1] == council.told("sup", green)[-1] == "approval_gone"


def test_with_nobody_who_may_approve_it_is_an_incident_and_waits(council: FakeCouncil) -> None:
    council.relist("hos", app_roles=frozenset())
    green = propose(council, "green")
    assert (green.state, green.holder) == ("awaiting_approval", None)
    assert incidents(council, green) == ["stranded"]
    council.until("2025-03-18T09:00")
    council.relist("hos", app_roles=frozenset({Role.head_of_service}))
    assert council.move("hos", green, "approve").state == "on_track"
    council.verify()

"""A case goes to another worker, or is closed, while its session is to be held again: the duty follows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import away, deadline, statuses
from workflows.directory import Case
from workflows.model import Matter
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Status, Workflow


def _cases() -> list[Case]:
    return [Case(ref, "wkr", "family-support", allocated_on=date(2025, 1, 6)) for ref in ("c1", "c2")]


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=_cases())


@pytest.fixture
def two_teams() -> FakeCouncil:
    """The second social worker has another supervisor."""
    people = standard_team()
    people["wkr2"] = replace(people["wkr2"], supervisor="sup2", line_manager="sup2")
    return FakeCouncil(people=people, cases=_cases())


def booked(council: FakeCouncil, starts_at: str, *cases: str, who: str = "sup", **more: Any) -> Matter:
    """A session about these cases, with the social worker unless it says otherwise."""
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at(starts_at), "minutes": 60, "cases": cases, **more}
    return council.open(who, Workflow.session, **booking)


def cancelled(council: FakeCouncil, session: Matter, **more: Any) -> Matter | None:
    """The duty that cancelling a session opens, if it opens one."""
    council.move("sup", session, "cancel", **{"cause": "diary", "reason": "A hearing.", **more})
    return next(iter(council.find(Workflow.cancellation, parent=session.id)), None)


@pytest.fixture
def owed(two_teams: FakeCouncil) -> Matter:
    """A session about the first case that is to be held again by 10 March."""
    found = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1"))
    assert found is not None
    return found


def transfer(council: FakeCouncil, ref: str = "c1", worker: str = "wkr2") -> None:
    """The list gives a case to another worker."""
    council.cases[ref] = replace(council.cases[ref], worker=worker)
    for frequency in council.find(Workflow.frequency, case=ref):
        council.tell(frequency, "transfer", worker=worker, first_allocated_on=None)


def close(council: FakeCouncil, ref: str = "c1") -> None:
    """The list closes a case."""
    council.cases[ref] = replace(council.cases[ref], closed_on=council.now.date())
    for frequency in council.find(Workflow.frequency, case=ref):
        council.tell(frequency, "end", why="closed")


# -- to another worker
@pytest.mark.clause("CBC-45")
def test_the_duty_goes_with_its_case_to_the_new_worker_and_their_supervisor_by_the_same_date(
    two_teams: FakeCouncil, owed: Matter
) -> None:
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.supervisee, now.supervisor, now.holder) == ("awaiting_rebooking", "wkr2", "sup2", "sup2")
    assert two_teams.due(owed, "rebook_by") == date(2025, 3, 10)
    assert "rebooking_owed" in two_teams.told("wkr2", owed)
    session = booked(two_teams, "2025-03-06T10:00", "c1", who="sup2", supervisee="wkr2")
    two_teams.move("sup2", owed, "rebook", session=session.id)
    two_teams.until("2025-03-06T11:00")
    two_teams.move("sup2", session, "hold", held_at=two_teams.now, minutes=60)
    assert (two_teams.matter(owed).state, statuses(two_teams, owed, "rebook_by")) == ("replaced", [Status.met])
    two_teams.verify()


def test_with_the_same_supervisor_the_worker_alone_is_another(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00", "c1"))
    assert owed is not None
    transfer(council)
    now = council.matter(owed)
    assert (now.supervisee, now.supervisor, now.holder) == ("wkr2", "sup", "sup")
    council.verify()


def test_a_late_one_keeps_its_rung(two_teams: FakeCouncil, owed: Matter) -> None:
    two_teams.until("2025-03-11T09:00")
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.holder, now.supervisor) == ("with_line_manager", "lm", "sup2")
    assert now.ladder is not None
    assert {"wkr2", "sup2"} <= now.ladder.parties
    assert "rebook" in two_teams.offered("sup2", owed)
    two_teams.verify()


def test_with_a_worker_whom_nobody_supervises_it_waits_for_whoever_will(two_teams: FakeCouncil, owed: Matter) -> None:
    two_teams.relist("wkr2", supervisor=None)
    transfer(two_teams)
    assert (two_teams.matter(owed).supervisor, two_teams.matter(owed).holder) == (None, None)
    two_teams.relist("wkr2", supervisor="sup")
    assert (two_teams.matter(owed).supervisor, two_teams.matter(owed).supervisee) == ("sup", "wkr2")
    two_teams.verify()


@pytest.mark.clause("CBC-46")
def test_nobody_waits_for_the_return_of_a_worker_who_has_the_case_no_more(two_teams: FakeCouncil) -> None:
    session = booked(two_teams, "2025-03-04T14:00", "c1")
    owed = cancelled(two_teams, session, cause="sickness", whose="wkr")
    assert owed is not None
    two_teams.until("2025-03-12T09:00")
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.holder, now.data["waits_on"]) == ("awaiting_rebooking", "sup2", [])
    rebook_by = deadline(two_teams, owed, "rebook_by")
    assert rebook_by.due == at("2025-03-19T23:59:59")
    assert rebook_by.receipt["anchors"] == [{"event": "with another worker", "at": "2025-03-12"}]
    two_teams.verify()


@pytest.mark.clause("CBC-46")
def test_the_supervisor_of_both_workers_is_waited_for_all_the_same(council: FakeCouncil) -> None:
    away(council, "sup", date(2025, 3, 3))
    owed = cancelled(council, booked(council, "2025-03-04T14:00", "c1"), cause="sickness", whose="wkr")
    assert owed is not None
    transfer(council)
    now = council.matter(owed)
    assert (now.state, now.supervisee, now.data["waits_on"]) == ("awaiting_return", "wkr2", ["sup"])
    council.verify()


@pytest.mark.clause("CBC-46")
@pytest.mark.parametrize("cause", ["diary", "sickness"])
def test_a_new_worker_who_is_ill_is_waited_for(two_teams: FakeCouncil, cause: str) -> None:
    away(two_teams, "wkr2", date(2025, 3, 3))
    session = booked(two_teams, "2025-03-04T14:00", "c1")
    owed = cancelled(two_teams, session, cause=cause, whose="wkr" if cause == "sickness" else None)
    assert owed is not None
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.supervisor, now.data["waits_on"]) == ("awaiting_return", "sup2", ["wkr2"])
    two_teams.verify()


def test_the_two_who_have_booked_it_again_may_hold_it(two_teams: FakeCouncil, owed: Matter) -> None:
    session = booked(two_teams, "2025-03-06T10:00", "c1")
    two_teams.move("sup", owed, "rebook", session=session.id)
    transfer(two_teams)
    assert two_teams.matter(owed).supervisee == "wkr"
    two_teams.until("2025-03-06T11:00")
    two_teams.move("sup", session, "hold", held_at=two_teams.now, minutes=60)
    assert two_teams.matter(owed).state == "replaced"
    two_teams.verify()


@pytest.mark.clause("CBC-45")
def test_a_session_that_falls_out_after_the_transfer_is_owed_by_the_new_worker(
    two_teams: FakeCouncil, owed: Matter
) -> None:
    session = booked(two_teams, "2025-03-06T10:00", "c1")
    two_teams.move("sup", owed, "rebook", session=session.id)
    transfer(two_teams)
    again = cancelled(two_teams, session)
    assert again is not None
    assert (again.supervisee, again.supervisor, again.data["times"]) == ("wkr2", "sup2", 2)
    assert two_teams.matter(owed).state == "superseded"
    two_teams.verify()


def test_a_missed_one_that_took_place_after_all_is_found_with_the_new_worker(two_teams: FakeCouncil) -> None:
    session = booked(two_teams, "2025-03-03T10:00", "c1")
    transfer(two_teams)
    two_teams.until("2025-03-05T09:00")
    owed = two_teams.only(Workflow.cancellation)
    assert owed.supervisee == "wkr2"
    late = {"held_at": at("2025-03-03T11:00"), "minutes": 60, "reason": "The note was lost."}
    two_teams.move("sup", session, "hold", **late)
    assert two_teams.matter(owed).state == "replaced"
    two_teams.verify()


# -- one of several
def test_of_several_cases_the_others_are_still_owed(two_teams: FakeCouncil) -> None:
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", "c2"))
    assert owed is not None
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.supervisee, now.data["cases"]) == ("awaiting_rebooking", "wkr", ["c2"])
    assert [row["clause"] for row in two_teams.steps if row["trigger"] == "follow_cases"] == [PRODUCT_DEFAULT]
    two_teams.verify()


@pytest.mark.parametrize("kind", [SessionKind.combined, SessionKind.group])
def test_a_workers_own_supervision_is_owed_without_the_case(two_teams: FakeCouncil, kind: SessionKind) -> None:
    more: dict[str, Any] = {"supervisee": None, "participants": ["wkr"]} if kind is SessionKind.group else {}
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", kind=kind, **more))
    assert owed is not None
    transfer(two_teams)
    now = two_teams.matter(owed)
    assert (now.state, now.supervisor, now.data["cases"]) == ("awaiting_rebooking", "sup", [])
    two_teams.verify()


def test_cases_that_go_to_the_same_worker_stay_together(two_teams: FakeCouncil) -> None:
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", "c2"))
    assert owed is not None
    two_teams.cases["c2"] = replace(two_teams.cases["c2"], worker="wkr2")
    transfer(two_teams)
    transfer(two_teams, "c2")
    assert (two_teams.matter(owed).supervisee, two_teams.matter(owed).data["cases"]) == ("wkr2", ["c1", "c2"])
    assert two_teams.history(owed).count("follow_cases") == 1


def test_cases_that_go_apart_leave_nothing_to_hold_again(two_teams: FakeCouncil) -> None:
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", "c2"))
    assert owed is not None
    two_teams.cases["c2"] = replace(two_teams.cases["c2"], worker="bs")
    transfer(two_teams)
    assert two_teams.matter(owed).state == "excused"


# -- closed
@pytest.mark.parametrize("is_booked", [False, True])
def test_the_duty_ends_with_its_case(two_teams: FakeCouncil, owed: Matter, *, is_booked: bool) -> None:
    if is_booked:
        session = booked(two_teams, "2025-03-06T10:00", "c1")
        two_teams.move("sup", owed, "rebook", session=session.id)
    close(two_teams)
    assert (two_teams.matter(owed).state, statuses(two_teams, owed, "rebook_by")) == ("excused", [Status.superseded])
    two_teams.until("2025-04-01T09:00")
    assert two_teams.told("lm", owed) == []
    two_teams.verify()


def test_a_session_that_falls_out_when_its_case_is_closed_is_owed_by_nobody(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-06T10:00", "c1")
    close(council)
    assert cancelled(council, session) is None


def test_a_new_session_that_falls_out_then_ends_the_duty_before(two_teams: FakeCouncil, owed: Matter) -> None:
    session = booked(two_teams, "2025-03-06T10:00", "c1")
    two_teams.move("sup", owed, "rebook", session=session.id)
    two_teams.cases["c1"] = replace(two_teams.cases["c1"], closed_on=date(2025, 3, 3))
    assert cancelled(two_teams, session) is None
    assert two_teams.matter(owed).state == "excused"
    two_teams.verify()


# -- nobody judges their own, and nothing is owed that nobody can hold
def test_whoever_was_asked_and_works_with_the_case_now_is_asked_no_more(two_teams: FakeCouncil, owed: Matter) -> None:
    two_teams.until("2025-03-12T12:00")
    assert two_teams.matter(owed).holder == "lm"

    transfer(two_teams, worker="lm")

    assert two_teams.matter(owed).holder not in ("lm", None)
    assert two_teams.offered("lm", owed) == set()
    two_teams.verify()


def test_a_rung_goes_back_to_nobody_who_supervises_the_new_worker(two_teams: FakeCouncil, owed: Matter) -> None:
    two_teams.until("2025-03-12T12:00")
    session = booked(two_teams, "2025-03-14T10:00", "c1")
    two_teams.move("sup", owed, "rebook", session=session.id, reason="A hearing.")
    transfer(two_teams, worker="sup")

    again = cancelled(two_teams, session)

    assert again is not None
    assert (again.supervisee, again.supervisor) == ("sup", "lm")
    assert again.holder not in ("lm", None)
    two_teams.verify()


def test_what_a_session_leaves_over_goes_to_whoever_has_the_case_by_then(two_teams: FakeCouncil) -> None:
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", "c2"))
    assert owed is not None
    session = booked(two_teams, "2025-03-06T10:00", "c1", "c2")
    two_teams.move("sup", owed, "rebook", session=session.id)
    transfer(two_teams, "c1")
    transfer(two_teams, "c2")
    two_teams.until("2025-03-06T12:00")

    two_teams.move("sup", session, "hold", held_at=at("2025-03-06T11:00"), minutes=60, cases=["c1"])

    left = two_teams.matter(owed)
    assert (left.supervisee, left.supervisor, left.data["cases"]) == ("wkr2", "sup2", ["c2"])
    assert two_teams.due(owed, "rebook_by") == date(2025, 3, 10)
    two_teams.verify()


@pytest.mark.parametrize("what_becomes_of_it", [close, transfer])
def test_what_a_combined_session_leaves_over_ends_with_its_case(
    two_teams: FakeCouncil, what_becomes_of_it: Callable[[FakeCouncil, str], None]
) -> None:
    owed = cancelled(two_teams, booked(two_teams, "2025-03-04T14:00", "c1", "c2", kind="combined"))
    assert owed is not None
    session = booked(two_teams, "2025-03-06T10:00", "c1", "c2", kind="combined")
    two_teams.move("sup", owed, "rebook", session=session.id)
    two_teams.until("2025-03-06T12:00")
    two_teams.move("sup", session, "hold", held_at=at("2025-03-06T11:00"), minutes=60, cases=["c1"])

    what_becomes_of_it(two_teams, "c2")

    assert two_teams.matter(owed).state == "excused"
    two_teams.verify()


@pytest.mark.parametrize("policy", ["darlington", "haringey", "north-somerset", "central-bedfordshire"])
def test_the_duty_goes_with_its_case_under_every_policy_that_has_it(policy: str) -> None:
    people = standard_team()
    people["wkr2"] = replace(people["wkr2"], supervisor="sup2", line_manager="sup2")
    category = {"north-somerset": "child-in-need", "central-bedfordshire": "family-support"}.get(policy, "rated")
    council = FakeCouncil(policy, people=people, cases=[replace(one, category=category) for one in _cases()])
    owed = cancelled(council, booked(council, "2025-03-04T14:00", "c1"))
    assert owed is not None

    transfer(council)

    assert (council.matter(owed).supervisee, council.matter(owed).supervisor) == ("wkr2", "sup2")
    council.verify()


def test_a_case_of_somebody_whom_nobody_supervises_is_closed_like_any_other(council: FakeCouncil) -> None:
    council.relist("wkr", supervisor=None)
    [frequency] = council.find(Workflow.frequency, case="c1")
    transfer(council, worker="wkr")

    close(council)

    assert council.matter(frequency).state == "ended"

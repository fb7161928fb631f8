"""Nobody is above a head teacher or a cluster’s lead: cover for them is asked of whom Leeds names."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import away, incidents
from workflows.directory import Person
from workflows.vocabulary import Role, Workflow

#: Who is at the top of a school and of a cluster, one whom they supervise, and whom the policy names above them.
TOPS = [("head", "dsl", "gov"), ("cl", "fsw", "chair")]


@pytest.fixture
def council() -> FakeCouncil:
    rows = (
        ("gov", "governor", None, "school"), ("head", "head_teacher", None, "school"),
        ("dsl", "designated_safeguarding_lead", "head", "school"), ("mentor", "learning_mentor", "head", "school"),
        ("chair", "cluster_chair", None, "cluster"), ("cl", "cluster_lead", None, "cluster"),
        ("fsw", "family_support_worker", "cl", "cluster"),
    )  # fmt: skip
    start = date(2020, 1, 6)
    people = {
        ref: Person(ref, job_role=job, line_manager=above, supervisor=above, setting=where, start_date=start)
        for ref, job, above, where in rows
    }
    people["hr1"] = Person("hr1", job_role="hr_adviser", start_date=start, app_roles=frozenset({Role.hr}))
    return FakeCouncil("leeds", people=people)


@pytest.mark.clause("LDS-30", "LDS-31")
@pytest.mark.parametrize(("top", "below", "asked"), TOPS)
def test_cover_for_the_one_at_the_top_who_is_ill_is_asked_of_whom_the_policy_names(
    council: FakeCouncil, top: str, below: str, asked: str
) -> None:
    absence = away(council, top, date(2025, 3, 5))
    council.until("2025-04-01T09:00")
    absence = council.matter(absence)
    assert (absence.state, absence.holder, incidents(council, absence)) == ("awaiting_cover", asked, [])
    given = dict.fromkeys(council.picture.directory.supervised_by(top), asked)
    assert council.move(asked, absence, "assign_cover", cover=given).state == "covered"
    assert council.picture.directory.supervisor_of(below) == asked
    council.verify()


@pytest.mark.clause("LDS-30", "LDS-31")
@pytest.mark.parametrize(("top", "asked"), [(top, asked) for top, _, asked in TOPS])
def test_so_is_cover_for_one_who_has_left(council: FakeCouncil, top: str, asked: str) -> None:
    council.relist(top, end_date=date(2025, 3, 7))
    council.until("2025-03-10T09:00")
    absence = council.only(Workflow.absence)
    assert (absence.state, absence.holder, incidents(council, absence)) == ("awaiting_cover", asked, [])
    assert council.told(asked, absence) == ["escalated"]


@pytest.mark.clause("LDS-30")
def test_so_is_a_group_session_that_the_one_at_the_top_has_cancelled(council: FakeCouncil) -> None:
    booking = {"participants": ["dsl", "mentor"], "starts_at": at("2025-03-05T10:00"), "minutes": 60}
    session = council.open("head", Workflow.session, kind="group", **booking)
    council.move("head", session, "cancel", cause="diary", reason="A governors’ visit.")
    council.until("2025-03-20T09:00")
    late = council.only(Workflow.cancellation)
    assert (late.state, late.holder) == ("with_line_manager", "gov")


@pytest.mark.clause("LDS-30")
def test_whether_the_one_at_the_top_is_back_is_asked_of_those_who_may_say_so(council: FakeCouncil) -> None:
    absence = away(council, "head", date(2025, 3, 5))
    council.until("2025-03-20T09:00")
    assert "confirm_return" in council.told("hr1", absence)
    assert "confirm_return" not in council.told("gov", absence)
    assert "return" in council.offered("hr1", absence)

"""Nobody is left out: every member of staff is owed supervision, by whoever manages them, who answers for it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, draft, sent
from tests.unit.workflows.worker_stories import booked, owed
from workflows.refusals import NotYourMove
from workflows.vocabulary import Workflow


@pytest.mark.clause("NS-02", "HAR-01")
@pytest.mark.parametrize("policy", ["north-somerset", "haringey"])
@pytest.mark.parametrize("job_role", ["administrator", "independent_reviewing_officer", "quality_officer", "agency"])
def test_staff_whom_no_row_lists_are_owed_supervision_every_month(policy: str, job_role: str) -> None:
    council = FakeCouncil(policy)
    council.relist(
        "new", name="New", job_role=job_role, line_manager="sup", supervisor="sup", start_date=date(2025, 3, 3)
    )
    assert owed(council, who="new").data["every"] == "1 month"
    assert council.due(owed(council, who="new"), "supervise_by") == date(2025, 4, 3)


@pytest.mark.clause("NS-02")
def test_every_tier_of_management_is_owed_supervision() -> None:
    council = FakeCouncil("north-somerset")
    assert [who for who in ("wkr", "sup", "lm", "hos") if owed(council, who=who).state != "on_track"] == []


@pytest.mark.clause("DAR-03")
def test_supervision_is_with_the_line_manager_of_one_member_of_staff() -> None:
    council = FakeCouncil("darlington")
    assert owed(council).supervisor == council.picture.directory.people["wkr"].line_manager == "sup"
    assert booked(council, "2025-03-04T14:00").state == "scheduled"
    with pytest.raises(NotYourMove):
        council.open(
            "sup2", Workflow.session, supervisee="wkr", kind="personal", starts_at=at("2025-03-04T14:00"), minutes=60
        )


@pytest.mark.clause("HAR-04")
def test_overdue_supervision_comes_to_the_manager_above_who_answers_for_it() -> None:
    council = FakeCouncil("haringey")
    council.until("2025-04-23T09:00")
    assert (owed(council).state, owed(council).holder) == ("with_line_manager", "lm")
    assert "escalated" in council.told("lm", owed(council))


@pytest.mark.clause("LDS-14")
def test_a_record_that_does_not_reflect_the_meeting_is_disputed_and_is_never_final_unsigned() -> None:
    council = FakeCouncil("leeds")
    record = sent(council)
    assert {"sign", "dispute"} <= council.offered("wkr", record)
    council.until("2025-09-01T09:00")
    assert council.matter(record).state == "awaiting_signature"
    assert council.move("wkr", record, "dispute", statement="The second part is missing.").state == "disputed"


@pytest.mark.clause("NS-39")
def test_supervision_between_sessions_is_recorded_and_is_open_to_whoever_covers() -> None:
    council = FakeCouncil("north-somerset")
    council.relist("wkr", cover="sup2")
    session = council.open(
        "sup2", Workflow.session, supervisee="wkr", kind="unplanned", starts_at=at("2025-03-03T10:00"), minutes=15
    )
    council.until("2025-03-03T10:30")
    council.move("sup2", session, "hold", held_at=council.now, minutes=15)
    assert council.only(Workflow.record).supervisor == "sup2"


@pytest.mark.clause("CBC-85")
def test_what_the_worker_prepared_may_go_on_the_childs_file() -> None:
    council = FakeCouncil(cases=[C1])
    record = council.move("sup", draft(council, "case"), "write", sections={"preparation": "Absence from school."})
    assert "preparation" in record.data["filled"]

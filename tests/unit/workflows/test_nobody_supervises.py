"""The list drops somebody's supervisor: that is seen, and what was owed goes on once somebody supervises again."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import deadline, incidents, step
from tests.unit.workflows.worker_stories import personal
from workflows.lateness import overdue_since
from workflows.model import Matter
from workflows.vocabulary import Workflow

COUNCILS = ("north-somerset", "leeds", "darlington", "haringey", "central-bedfordshire")
#: A session on 10 March is followed by another one until then.
NEXT = {"leeds": date(2025, 4, 7), "north-somerset": date(2025, 4, 7), "central-bedfordshire": date(2025, 4, 30)}


def duty(council: FakeCouncil) -> Matter:
    """What the social worker is owed now, or was owed last."""
    return council.find(Workflow.entitlement, supervisee="wkr")[-1]


@pytest.mark.clause("DAR-02", "HAR-01", "LDS-01", "NS-25", "CBC-07")
@pytest.mark.parametrize("policy", COUNCILS)
def test_whoever_can_have_the_list_mended_hears_of_it(policy: str) -> None:
    council = FakeCouncil(policy)
    council.relist("wkr", supervisor=None)
    matter = council.only(Workflow.employment, person="wkr")
    assert duty(council).state == "ended"
    assert council.told("sup", matter) == council.told("hr1", matter) == ["no_supervisor"]
    assert incidents(council, matter) == ["no_supervisor"]
    council.until("2025-03-10T09:00")
    council.relist("wkr", name="Another name")
    assert council.told("hr1", matter) == ["no_supervisor"]
    council.verify()


def test_at_the_very_top_nobody_need_supervise() -> None:
    council = FakeCouncil()
    council.relist("wkr", supervisor=None, line_manager=None)
    matter = council.only(Workflow.employment, person="wkr")
    assert (council.told("hr1", matter), incidents(council, matter)) == (["no_supervisor"], [])
    assert incidents(council, council.only(Workflow.employment, person="ad")) == []


@pytest.mark.clause("DAR-08", "HAR-22", "LDS-39", "NS-25", "CBC-07")
@pytest.mark.parametrize("policy", COUNCILS)
@pytest.mark.parametrize("supervisor", ["sup", "sup2"])
def test_what_was_owed_goes_on_from_the_last_session(policy: str, supervisor: str) -> None:
    council = FakeCouncil(policy)
    personal(council, "2025-03-10T11:00")
    council.relist("wkr", supervisor=None)
    council.until("2025-03-20T09:00")
    council.relist("wkr", supervisor=supervisor)
    assert duty(council).supervisor == supervisor
    assert council.due(duty(council), "supervise_by") == NEXT.get(policy, date(2025, 4, 10))
    council.verify()


def test_without_a_session_yet_it_goes_on_from_where_it_began() -> None:
    council = FakeCouncil("leeds")
    before = council.due(duty(council), "supervise_by")
    for day, supervisor in ((10, None), (11, "sup"), (17, None), (18, "sup2")):
        council.until(f"2025-03-{day}T09:00")
        council.relist("wkr", supervisor=supervisor)
    assert council.due(duty(council), "supervise_by") == before == date(2025, 3, 31)
    agreement = council.find(Workflow.agreement, supervisee="wkr")[-1]
    assert agreement.data["since"] == "2025-03-18"


@pytest.mark.clause("LDS-39")
def test_what_was_late_is_due_on_the_day_itself_and_late_since_then() -> None:
    council = FakeCouncil("leeds")
    personal(council, "2025-03-10T11:00")
    council.until("2025-04-30T09:00")
    late = overdue_since(duty(council))
    council.relist("wkr", supervisor=None)
    council.until("2025-05-01T09:00")
    council.relist("wkr", supervisor="sup2")
    assert (duty(council).state, council.due(duty(council), "supervise_by")) == ("on_track", date(2025, 5, 1))
    receipt = deadline(council, duty(council), "supervise_by").receipt
    assert [choice["due"][:10] for choice in receipt["candidates"]] == ["2025-05-01", "2025-04-07"]
    council.until("2025-05-02T09:00")
    assert (duty(council).state, duty(council).holder, duty(council).data["breaches"]) == ("overdue", "sup2", 1)
    assert overdue_since(duty(council)) == late
    council.verify()


def test_a_lateness_that_ended_with_a_session_is_none_any_more() -> None:
    council = FakeCouncil("leeds")
    council.until("2025-04-30T09:00")
    council.relist("wkr", supervisor=None)
    council.relist("wkr", supervisor="sup")
    personal(council, "2025-04-30T11:00")
    council.until("2025-06-10T09:00")
    since = overdue_since(duty(council))
    assert since is not None
    assert since.date() == date(2025, 5, 28)


@pytest.mark.clause("HAR-13")
def test_so_is_supervision_by_somebody_of_the_same_profession() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", registration="SWE")
    owed = {m.kind: council.due(m, "supervise_by") for m in council.find(Workflow.entitlement, supervisee="wkr")}
    assert len(owed) == 2
    council.until("2025-03-20T09:00")
    council.relist("wkr", supervisor=None)
    council.relist("wkr", supervisor="sup2")
    again = council.find(Workflow.entitlement, supervisee="wkr", closed_at=None)
    assert {m.kind: council.due(m, "supervise_by") for m in again} == owed
    council.verify()


def test_whoever_comes_again_after_having_left_begins_anew() -> None:
    council = FakeCouncil("leeds")
    personal(council, "2025-03-10T11:00")
    council.relist("wkr", supervisor=None)
    council.relist("wkr", end_date=date(2025, 3, 14))
    council.until("2025-03-20T09:00")
    council.relist("wkr", end_date=None)
    council.relist("wkr", supervisor="sup")
    assert duty(council).data["last_supervised_on"] is None
    assert deadline(council, duty(council), "supervise_by").receipt["anchors"][0]["at"] == "2025-03-20"


def test_whoever_leaves_with_their_supervisor_off_the_list_is_nobodys_concern() -> None:
    council = FakeCouncil()
    council.relist("wkr", supervisor=None, end_date=date(2025, 3, 2))
    matter = council.only(Workflow.employment, person="wkr")
    assert (matter.state, incidents(council, matter)) == ("left", [])
    assert step(council, duty(council), "end")["data"]["why"] == "left"
    council.verify()

"""The supervision file of somebody who left is kept for its time, held where it must be, and ended by two people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.disclosure_stories import asked, council_of, personal_record, without_hr
from tests.unit.workflows.stories import incidents, step
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Role, Workflow

NS, HAR, SILENT = "north-somerset", "haringey", ("leeds", "darlington", "central-bedfordshire")


def left(council: FakeCouncil, last_day: date = date(2025, 3, 31)) -> Matter:
    """The file of the social worker, who has left."""
    council.relist("wkr", end_date=last_day)
    council.until(f"{last_day.year}-{last_day.month + 1:02}-01T09:00")
    return council.find(Workflow.retention, person="wkr")[-1]


def due(policy: str = NS) -> tuple[FakeCouncil, Matter, list[Matter]]:
    """A file whose time is over, with two personal records in it."""
    council = council_of(policy)
    records = [personal_record(council) for _ in range(2)]
    file = left(council)
    years = 2 if policy == NS else 7
    council.until(f"{2025 + years}-04-01T09:00")
    return council, council.matter(file), records


# -- the period
@pytest.mark.clause("NS-46", "NS-19")
def test_north_somerset_keeps_a_leavers_file_for_two_years() -> None:
    council = council_of(NS)
    assert council.find(Workflow.retention) == []
    file = left(council)
    assert (file.state, council.due(file, "retain_until")) == ("kept", date(2027, 3, 31))
    assert council.told("sup", file) == ["file_is_kept"]
    council.until("2027-03-31T23:59")
    assert council.matter(file).state == "kept"
    council.until("2027-04-01T09:00")
    assert (council.matter(file).state, council.matter(file).holder_role) == ("due", "hr")
    assert "file_due" in council.told("hr1", file)


@pytest.mark.clause("HAR-45")
def test_haringeys_human_resources_keep_it_for_seven_years_and_archive_it() -> None:
    council, file, _ = due(HAR)
    assert council.told("sup", file) == ["file_goes_to_hr"]
    assert "file_comes_to_hr" in council.told("hr1", file)
    assert (file.state, file.data["custody"]) == ("due", "hr")
    with pytest.raises(Refused, match=r"archived and not disposed of \(HAR-45\)"):
        council.move("hr1", file, "dispose", reason="Enough.")
    assert council.move("hr1", file, "archive").state == "archived"


@pytest.mark.clause("LDS-45", "DAR-26", "CBC-62")
@pytest.mark.parametrize("policy", SILENT)
def test_where_the_policy_is_silent_nothing_is_ever_disposed_of(policy: str) -> None:
    council = council_of(policy)
    file = left(council)
    assert (file.state, file.deadlines, file.data["no_disposal"]) == ("kept", (), True)
    council.until("2040-04-01T09:00")
    for trigger, data in (("dispose", {"reason": "Old."}), ("archive", {})):
        with pytest.raises(Refused):
            council.move("hr1", file, trigger, **data)
    with pytest.raises(Refused, match=r"gives no time .*product default"):
        council.move("hr1", file, "change_period", keep_until=date(2041, 1, 1), reason="Tidy.")
    assert council.matter(file).state == "kept"


def test_somebody_who_never_started_leaves_no_file() -> None:
    council = council_of(NS)
    council.relist("new", name="New", supervisor="sup", start_date=date(2025, 5, 1))
    council.relist("new", end_date=date(2025, 3, 1))
    assert council.find(Workflow.retention) == []


def test_whoever_is_to_decide_is_reminded_and_it_climbs() -> None:
    council, file, _ = due()
    council.until("2027-04-09T09:00")
    assert "reminder" in council.told("hr2", file)
    council.until("2027-04-20T09:00")
    assert council.told("ad", file) == ["escalated"]


def test_that_nobody_can_decide_is_an_incident() -> None:
    council = council_of(NS)
    file = left(council)
    without_hr(council)
    council.until("2027-04-01T09:00")
    assert [i["kind"] for i in council.incidents if i["matter_id"] == file.id] == ["stranded"]


@pytest.mark.clause("NS-46", "HAR-45")
@pytest.mark.parametrize(("policy", "years"), [(NS, 2), (HAR, 7)])
@pytest.mark.parametrize("last_day", [date(2025, 2, 28), date(2025, 5, 30)])
def test_a_last_day_that_is_corrected_moves_the_end_of_the_time(policy: str, years: int, last_day: date) -> None:
    council = council_of(policy)
    file = left(council)
    council.until("2025-07-01T09:00")
    council.relist("wkr", end_date=last_day)
    until = last_day.replace(year=last_day.year + years)
    assert (council.matter(file).state, council.due(file, "retain_until")) == ("kept", until)
    corrected = step(council, file, "recount")["data"]
    assert (corrected["before"], corrected["left_on"]) == ("2025-03-31", last_day.isoformat())
    council.relist("wkr", name="Another name")
    assert council.history(file).count("recount") == 1
    council.verify()


def test_a_longer_time_that_was_given_stays_unless_the_policys_is_longer_now() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "change_period", keep_until=date(2027, 4, 30), reason="A claim may follow.")
    council.relist("wkr", end_date=date(2025, 3, 14))
    assert council.due(file, "retain_until") == date(2027, 4, 30)
    council.until("2025-07-01T09:00")
    council.relist("wkr", end_date=date(2025, 6, 30))
    assert council.due(file, "retain_until") == date(2027, 6, 30)
    with pytest.raises(Refused, match="2 years"):
        council.move("hr1", file, "change_period", keep_until=date(2027, 6, 29), reason="Too long.")


def test_a_file_whose_time_was_not_over_after_all_is_kept_on_and_a_proposal_about_it_is_void() -> None:
    council, file, _ = due()
    council.move("hr1", file, "dispose", reason="Its time is over.")
    council.relist("wkr", end_date=date(2025, 3, 14))
    assert (council.matter(file).state, council.matter(file).data["left_on"]) == ("due", "2025-03-14")
    council.relist("wkr", end_date=date(2025, 6, 30))
    assert (council.matter(file).state, council.due(file, "retain_until")) == ("kept", date(2027, 6, 30))
    assert (council.matter(file).data["proposed_by"], council.told("hr1", file)[-1]) == (None, "file_goes_on")
    council.verify()


def test_a_file_on_hold_is_counted_from_the_corrected_day_once_it_is_released() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    council.until("2025-07-01T09:00")
    council.relist("wkr", end_date=date(2025, 6, 30))
    assert (council.matter(file).state, council.due(file, "retain_until")) == ("on_hold", None)
    council.move("hr1", file, "release", reason="It is over.")
    assert council.due(file, "retain_until") == date(2027, 6, 30)
    council.verify()


# -- longer, never shorter
@pytest.mark.clause("NS-46")
def test_a_file_is_kept_longer_and_never_shorter() -> None:
    council = council_of(NS)
    file = left(council)
    with pytest.raises(Refused, match=r"2 years at least \(NS-46\)"):
        council.move("hr1", file, "change_period", keep_until=date(2026, 3, 31), reason="Full.")
    council.move("hr1", file, "change_period", keep_until=date(2028, 3, 31), reason="A research project.")
    assert council.due(file, "retain_until") == date(2028, 3, 31)


def test_a_file_whose_time_is_over_is_kept_until_a_day_to_come() -> None:
    council, file, _ = due()
    with pytest.raises(Refused, match="a day to come"):
        council.move("hr1", file, "change_period", keep_until=date(2027, 3, 31), reason="Later.")
    council.move("hr1", file, "dispose", reason="Over.")
    kept = council.move("hr2", file, "change_period", keep_until=date(2027, 6, 30), reason="Not yet.")
    assert (kept.state, kept.data["proposed_by"]) == ("kept", None)


# -- holds
@pytest.mark.clause("NS-46")
def test_a_litigation_flag_on_the_last_day_still_holds() -> None:
    council = council_of(NS)
    file = left(council)
    council.until("2027-03-31T23:59")
    council.move("hr1", file, "hold", ground="litigation", reason="A letter before action.")
    council.until("2028-05-01T09:00")
    held = council.matter(file)
    assert (held.state, held.live("retain_until")) == ("on_hold", None)
    assert council.history(file).count("hold_review") == 2
    assert council.told("hr2", file).count("hold_to_review") == 2
    with pytest.raises(Refused):
        council.move("hr1", file, "dispose", reason="Now.")


def test_a_hold_that_nobody_is_there_to_review_is_an_incident() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A letter before action.")
    without_hr(council)
    council.until("2026-05-01T09:00")
    assert incidents(council, file) == ["stranded"] * council.history(file).count("hold_review")
    assert "hold_review" in council.history(file)


@pytest.mark.clause("NS-46")
def test_a_period_is_not_changed_under_a_hold() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    with pytest.raises(Refused, match=r"not changed until it is released \(NS-46\)"):
        council.move("hr1", file, "change_period", keep_until=date(2029, 1, 1), reason="Shorter.")


@pytest.mark.clause("NS-46")
def test_what_is_released_counts_from_when_it_always_did() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    council.until("2026-04-01T09:00")
    released = council.move("hr1", file, "release", reason="It was settled.")
    assert (released.state, council.due(file, "retain_until")) == ("kept", date(2027, 3, 31))
    council.move("hr1", file, "hold", ground="litigation", reason="Another.")
    council.until("2027-06-01T09:00")
    assert council.move("hr1", file, "release", ground="litigation", reason="That too.").state == "due"


@pytest.mark.clause("LDS-45")
def test_a_serious_case_review_holds_the_file_under_its_clause() -> None:
    council = council_of("leeds")
    file = left(council)
    held = council.move("hr1", file, "hold", ground="serious_case_review", reason="For the review.")
    assert (held.state, council.steps[-1]["clause"]) == ("on_hold", "LDS-45")
    assert council.move("hr1", file, "release", reason="Published.").deadlines == ()


def test_a_file_is_held_until_its_last_ground_is_gone() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    council.move("hr2", file, "hold", ground="review", reason="An inquiry.")
    with pytest.raises(Refused, match="held on that ground already"):
        council.move("hr1", file, "hold", ground="review", reason="Again.")
    with pytest.raises(Refused, match="there are: litigation, serious_case_review, review"):
        council.move("hr1", file, "hold", ground="boredom", reason="x")
    with pytest.raises(Refused, match="Say which ground is gone: litigation, review"):
        council.move("hr1", file, "release", reason="One of them.")
    with pytest.raises(Refused, match="not held on the ground"):
        council.move("hr1", file, "release", ground="serious_case_review", reason="One of them.")
    assert council.move("hr1", file, "release", ground="review", reason="Over.").state == "on_hold"
    assert council.move("hr1", file, "release", reason="Settled.").state == "kept"


# -- disposal
@pytest.mark.clause("NS-46")
def test_a_file_is_disposed_of_by_two_people_and_certified() -> None:
    council, file, records = due()
    proposed = council.move("hr1", file, "dispose", reason="Its time is over.")
    assert (proposed.state, proposed.data["proposed_by"]) == ("due", "hr1")
    assert "disposal_proposed" in council.told("hr2", file)
    with pytest.raises(Refused, match="Somebody else confirms it"):
        council.move("hr1", file, "dispose", reason="I said so.")
    assert council.move("hr2", file, "dispose", reason="I have looked.").state == "disposed"
    [certificate] = [row["data"]["certificate"] for row in council.steps if row["dest"] == "disposed"]
    ended = {UUID(row["matter"]): row for row in certificate["matters"]}
    assert (certificate["count"], set(ended)) == (2, {record.id for record in records})
    for record in records:
        hashed = {s["number"]: s["hash"].hex() for s in council.steps if s["matter_id"] == record.id}
        assert ended[record.id]["head"] == hashed[ended[record.id]["version"]]
        assert council.matter(record).data["disposed_on"] == "2027-04-01"
    council.verify()


@pytest.mark.clause("NS-46")
def test_where_one_person_is_all_of_human_resources_a_head_of_service_confirms() -> None:
    council, file, _ = due()
    council.move("hr1", file, "dispose", reason="Over.")
    with pytest.raises(NotYourMove):
        council.move("sup", file, "dispose", reason="Over.")
    assert council.move("hos", file, "dispose", reason="I have looked.").state == "disposed"


@pytest.mark.clause("NS-46")
def test_records_of_cases_and_open_records_are_never_disposed_of_with_it() -> None:
    council = council_of(NS)
    of_case = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    council.move("sup", of_case, "circulate")
    council.move("wkr", of_case, "sign")
    mine, other = personal_record(council), personal_record(council, "wkr2")
    disputed = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    council.move("sup", disputed, "circulate")
    council.move("wkr", disputed, "dispute", statement="No.")
    dispute = council.only(Workflow.dispute, parent=disputed.id)
    file = left(council)
    council.until("2027-04-01T09:00")
    council.move("hr1", file, "dispose", reason="Over.")
    council.move("hr2", file, "dispose", reason="Over.")
    [certificate] = [row["data"]["certificate"] for row in council.steps if row["dest"] == "disposed"]
    assert {UUID(row["matter"]) for row in certificate["matters"]} == {mine.id, disputed.id, dispute.id}
    assert "disposed_on" not in council.matter(of_case).data
    assert "disposed_on" not in council.matter(other).data


def test_what_is_asked_for_or_evidence_is_not_disposed_of() -> None:
    council, file, records = due()
    request = asked(council, "legal", supervisee="wkr")
    with pytest.raises(Refused, match="still open"):
        council.move("hr1", file, "dispose", reason="Over.")
    council.move("hr1", request, "withdraw", reason="Not needed.")
    council.tell(records[0], "freeze", by=file.id, clause="product default")
    with pytest.raises(Refused, match="evidence in a review"):
        council.move("hr1", file, "dispose", reason="Over.")


def test_a_request_for_other_records_does_not_stand_in_the_way() -> None:
    council, file, _ = due()
    personal_record(council, "wkr2")
    asked(council, "legal", supervisee="wkr2")
    council.move("hr1", file, "dispose", reason="Over.")
    assert council.move("hr2", file, "dispose", reason="Over.").state == "disposed"


def test_of_a_record_that_was_disposed_of_nothing_is_said_any_more() -> None:
    council = council_of("central-bedfordshire")
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    council.move("sup", record, "circulate")
    council.until("2025-03-12T09:00")
    assert council.matter(record).state == "deemed_accepted"
    council.tell(record, "dispose", by=UUID(int=3))
    assert "object_late" not in council.offered("wkr", record)
    with pytest.raises(Refused, match="was disposed of"):
        council.move("wkr", record, "object_late", statement="No.")


# -- back again
@pytest.mark.clause("NS-46", "HAR-45")
@pytest.mark.parametrize("policy", [NS, HAR])
def test_a_leaver_who_is_employed_again_in_time_has_their_file_go_on(policy: str) -> None:
    council = council_of(policy)
    file = left(council)
    council.until("2026-04-01T09:00")
    council.relist("wkr", end_date=None)
    assert (council.matter(file).state, council.matter(file).deadlines) == ("cancelled", ())
    assert "file_reopened" in council.told("sup", file)
    council.relist("wkr", end_date=date(2026, 5, 31))
    council.until("2026-06-01T09:00")
    again = council.find(Workflow.retention, person="wkr")[-1]
    assert again.id != file.id
    assert council.due(again, "retain_until") == date(2028 if policy == NS else 2033, 5, 31)


def test_a_hold_outlasts_a_new_employment_and_stands_in_the_way_of_disposal() -> None:
    council = council_of(NS)
    file = left(council)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    council.relist("wkr", end_date=None)
    assert council.matter(file).state == "on_hold"
    council.relist("wkr", end_date=date(2025, 5, 31))
    council.until("2027-06-01T09:00")
    second = council.find(Workflow.retention, person="wkr")[-1]
    assert second.state == "due"
    with pytest.raises(Refused, match="Another file of the same person"):
        council.move("hr1", second, "dispose", reason="Over.")
    assert council.move("hr1", file, "release", reason="Settled.").state == "cancelled"
    council.move("hr1", second, "dispose", reason="Over.")


def test_nobody_who_is_back_in_human_resources_decides_on_their_own_file() -> None:
    council, file, _ = due(NS)
    council.move("hr1", file, "hold", ground="litigation", reason="A claim.")
    council.relist("wkr", end_date=None, app_roles=frozenset({Role.hr}))

    for trigger, carried in (("release", {}), ("hold", {"ground": "litigation"})):
        with pytest.raises(Refused, match="Nobody decides on their own file"):
            council.move("wkr", file, trigger, reason="It is mine.", **carried)
    assert council.move("hr1", file, "release", reason="It is over.").state == "cancelled"

"""Supervision records that are asked for: what is in scope, who decides, and what is withheld on which ground."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.disclosure_stories import (
    asked,
    case_record,
    council_of,
    gives_hr,
    in_review,
    personal_record,
    without_hr,
)
from workflows.disclosure_payloads import OpenDisclosure, Redact
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Workflow

SILENT = ("north-somerset", "leeds", "darlington", "haringey")


@pytest.fixture
def council() -> FakeCouncil:
    return council_of()


# -- asking
@pytest.mark.clause("CBC-66")
def test_a_request_about_a_case_covers_its_records_but_withdrawn_drafts(council: FakeCouncil) -> None:
    sent, drafted = case_record(council), council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    council.move(
        "sup", council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1"), "withdraw", reason="x"
    )
    personal_record(council)

    request = asked(council)

    assert {record["id"] for record in request.data["records"]} == {str(sent.id), str(drafted.id)}
    assert (request.state, request.holder_role, request.case) == ("requested", "hr", "c1")
    assert request.data["people"] == ["sup", "wkr"]


@pytest.mark.clause("CBC-65")
def test_personal_supervision_is_refused_to_an_access_request_with_the_clause(council: FakeCouncil) -> None:
    personal_record(council)
    with pytest.raises(Refused, match=r"not disclosed to such a request \(CBC-65\)"):
        asked(council, supervisee="wkr")


@pytest.mark.clause("CBC-65")
def test_a_workers_own_request_for_their_data_goes_to_information_governance(council: FakeCouncil) -> None:
    personal_record(council)
    request = asked(council, supervisee="wkr", requested_by="wkr")
    with pytest.raises(Refused, match=r"refer it to information governance \(CBC-65\)"):
        council.move("hr1", request, "review")
    assert council.move("hr1", request, "refer", reason="Their own data.").state == "referred"
    assert council.told("wkr", request) == ["records_asked_for", "referred"]


@pytest.mark.clause("NS-46", "HAR-37", "LDS-45", "DAR-24")
@pytest.mark.parametrize("policy", SILENT)
def test_where_the_policy_says_nothing_an_access_request_goes_to_information_governance(policy: str) -> None:
    council = council_of(policy)
    personal_record(council)
    request = asked(council, supervisee="wkr")
    with pytest.raises(Refused, match="product default"):
        council.move("hr1", request, "review")
    assert council.move("hr2", request, "refer", reason="Theirs.").state == "referred"


def test_a_request_that_is_only_passed_on_needs_no_records_and_tells_its_subject() -> None:
    council = council_of("darlington")
    request = asked(council, supervisee="wkr")
    assert (request.data["records"], request.data["people"]) == ([], ["wkr"])
    assert council.told("wkr", request) == ["records_asked_for"]


@pytest.mark.clause("CBC-64", "HAR-37", "HAR-33", "DAR-25", "LDS-25", "NS-44")
@pytest.mark.parametrize("policy", ["central-bedfordshire", *SILENT])
@pytest.mark.parametrize("kind", ["legal", "regulator", "investigation"])
def test_other_releases_cover_personal_supervision_as_well(policy: str, kind: str) -> None:
    council = council_of(policy)
    record = personal_record(council)
    request = in_review(council, kind, supervisee="wkr")
    assert [row["id"] for row in request.data["records"]] == [str(record.id)]
    assert council.move("hr1", request, "disclose").state == "disclosed"


def test_a_portfolio_holds_personal_supervision_alone(council: FakeCouncil) -> None:
    case_record(council)
    record = personal_record(council)
    request = asked(council, "portfolio", supervisee="wkr", requested_by="wkr")
    assert [row["id"] for row in request.data["records"]] == [str(record.id)]


@pytest.mark.clause("HAR-39")
def test_nobody_is_recognised_in_a_portfolio() -> None:
    council = council_of("haringey")
    personal_record(council)
    request = in_review(council, "portfolio", supervisee="wkr", requested_by="wkr")
    with pytest.raises(Refused, match="HAR-39"):
        council.move("hr1", request, "disclose")
    assert council.move("hr1", request, "disclose", anonymous=True).state == "disclosed"


def test_only_the_records_that_are_named_are_in_scope(council: FakeCouncil) -> None:
    _, second = case_record(council), case_record(council)
    assert [row["id"] for row in asked(council, records=[second.id]).data["records"]] == [str(second.id)]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"records": [UUID(int=9)]}, "none of this worker or case"),
        ({"case": "c9"}, "no case 'c9'"),
        ({"requested_by": "nobody"}, "Nobody on the list has the ref 'nobody'"),
        ({"kind": "legal", "supervisee": "gone", "case": None}, "Nobody on the list has the ref 'gone'"),
        ({"kind": "legal", "supervisee": "wkr2", "case": None}, "no record to disclose"),
    ],
)
def test_a_request_about_nothing_that_there_is_is_refused(council: FakeCouncil, more: dict[str, Any], why: str) -> None:
    case_record(council)
    with pytest.raises(Refused, match=why):
        asked(council, **more)


def test_records_of_somebody_else_cannot_be_slipped_in(council: FakeCouncil) -> None:
    other = personal_record(council, "wkr2")
    with pytest.raises(Refused, match="none of this worker or case"):
        asked(council, "legal", supervisee="wkr", records=[other.id])


@pytest.mark.parametrize(
    "more",
    [
        {"about": "person"},
        {"about": "case"},
        {"about": "person", "case": "c1"},
        {"about": "case", "case": "c1", "supervisee": "wkr"},
    ],
)
def test_a_request_is_about_one_person_or_one_case(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OpenDisclosure.model_validate({"kind": "legal", "requester": "A court", **more})


# -- who
def test_human_resources_take_requests_in(council: FakeCouncil) -> None:
    case_record(council)
    for who in ("sup", "wkr", "hos", "aud"):
        with pytest.raises(NotYourMove):
            asked(council, who=who)


@pytest.mark.clause("CBC-66", "CBC-65")
def test_nobody_handles_a_request_about_records_of_their_own(council: FakeCouncil) -> None:
    case_record(council)
    request = asked(council)
    gives_hr(council, "sup")
    with pytest.raises(Refused, match="records of their own"):
        asked(council, who="sup")
    with pytest.raises(Refused, match="records of their own"):
        council.move("sup", request, "review")
    assert "review" not in council.offered("sup", request)
    assert council.move("hr2", request, "review").state == "in_review"


# -- withholding
@pytest.mark.clause("CBC-66", "CBC-67")
@pytest.mark.parametrize(
    ("ground", "clause"),
    [
        ("about_the_worker", "CBC-66"), ("serious_harm", "CBC-67"), ("crime", "CBC-67"), ("legal_privilege", "CBC-67"),
        ("adoption", "CBC-67"), ("third_party", "CBC-67"), ("source_consent", "CBC-67"),
    ],
)  # fmt: skip
def test_a_part_is_withheld_on_a_ground_that_the_policy_has(council: FakeCouncil, ground: str, clause: str) -> None:
    record = case_record(council)
    request = in_review(council)
    council.move("hr1", request, "redact", record=record.id, section="case_discussion", ground=ground)
    assert council.steps[-1]["clause"] == clause
    assert council.matter(request).data["redactions"] == [
        {"record": str(record.id), "section": "case_discussion", "ground": ground}
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ground": "boredom"}, "no ground 'boredom'; there are: about_the_worker"),
        ({"section": "poetry"}, "no section 'poetry'"),
        ({"record": UUID(int=9)}, "not among those"),
    ],
)
def test_nothing_else_is_withheld(council: FakeCouncil, change: dict[str, Any], why: str) -> None:
    record = case_record(council)
    request = in_review(council)
    wanted: dict[str, Any] = {"record": record.id, "section": "case_discussion", "ground": "third_party", **change}
    with pytest.raises(Refused, match=why):
        council.move("hr1", request, "redact", **wanted)


def test_a_section_is_shown_after_all(council: FakeCouncil) -> None:
    record = case_record(council)
    request = in_review(council)
    wanted = {"record": record.id, "section": "case_discussion"}
    for start in (0, 5):
        council.move("hr1", request, "redact", **wanted, ground="crime", step=1, start=start, end=start + 2)
    assert council.move("hr1", request, "lift_redaction", **wanted).data["redactions"] == []
    with pytest.raises(Refused, match="Nothing is withheld"):
        council.move("hr1", request, "lift_redaction", **wanted)


@pytest.mark.parametrize("part", [{"start": 1}, {"step": 1, "start": 1}, {"step": 1, "start": 2, "end": 2}])
def test_a_part_of_a_section_is_named_whole(part: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Redact.model_validate({"record": UUID(int=1), "section": "plan", "ground": "crime", **part})


@pytest.mark.clause("CBC-67")
def test_what_is_from_an_adoption_record_goes_to_the_adoption_team(council: FakeCouncil) -> None:
    record = case_record(council)
    request = in_review(council)
    council.move("hr1", request, "redact", record=record.id, section="case_discussion", ground="adoption")
    council.move("hr1", request, "redact", record=record.id, section="plan_and_impact", ground="crime")
    assert council.move("hr1", request, "disclose", paper_notes="none").data["goes_to"] == ["the adoption team"]


@pytest.mark.clause("CBC-91")
def test_notes_on_paper_are_looked_through_whatever_their_folder_is_called(council: FakeCouncil) -> None:
    case_record(council)
    request = in_review(council)
    with pytest.raises(Refused, match=r"name of a folder does not decide .* \(CBC-91\)"):
        council.move("hr1", request, "disclose")
    council.move("hr1", request, "disclose", paper_notes="reviewed")
    assert council.steps[-1]["data"]["paper_notes"] == "reviewed"


def test_the_copy_is_of_the_records_as_they_went_out(council: FakeCouncil) -> None:
    record = case_record(council)
    disclosed = council.move("hr1", in_review(council), "disclose", paper_notes="none")
    assert disclosed.data["versions"] == {str(record.id): record.version}


# -- time
def test_a_request_is_decided_within_a_month_or_those_above_are_told(council: FakeCouncil) -> None:
    case_record(council)
    request = asked(council)
    assert council.due(request, "decide_by") == date(2025, 4, 3)
    council.until("2025-04-04T09:00")
    late = council.matter(request)
    assert (late.state, late.data["late"]) == ("requested", True)
    assert "decision_missed" in council.told("hr2", request)
    assert "escalated" in council.told("ad", request)
    assert council.move("hr1", request, "refuse", reason="Too late.").state == "refused"


def test_whoever_is_to_decide_is_reminded_and_it_climbs_above_them(council: FakeCouncil) -> None:
    case_record(council)
    request = asked(council)
    council.until("2025-03-11T09:00")
    assert council.told("hr1", request) == ["disclosure_requested", "reminder"]
    council.until("2025-03-18T09:00")
    assert council.told("ad", request) == ["escalated"]
    assert council.matter(request).holder_role == "hr"


def test_that_nobody_is_left_to_decide_is_an_incident(council: FakeCouncil) -> None:
    case_record(council)
    request = asked(council)
    without_hr(council)
    council.relist("hr1", line_manager=None)
    council.until("2025-04-07T09:00")
    assert {"stranded"} <= {incident["kind"] for incident in council.incidents}
    assert council.matter(request).data["late"]


def test_a_party_in_human_resources_is_not_reminded_and_those_above_are_told(council: FakeCouncil) -> None:
    case_record(council)
    request = asked(council)
    without_hr(council)
    gives_hr(council, "sup")
    council.until("2025-03-18T09:00")
    assert council.told("sup", request) == ["records_asked_for"]
    assert council.told("lm", request) == ["escalated"]


@pytest.mark.parametrize(("trigger", "end"), [("refuse", "refused"), ("withdraw", "withdrawn"), ("refer", "referred")])
def test_a_request_ends_without_anything_going_out(council: FakeCouncil, trigger: str, end: str) -> None:
    case_record(council)
    request = council.move("hr1", in_review(council), trigger, reason="Because.")
    assert (request.state, request.deadlines) == (end, ())
    assert council.told("wkr", request) == ["records_asked_for", end]

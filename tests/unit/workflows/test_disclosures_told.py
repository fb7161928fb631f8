"""The people whose records are asked for always know of it; only an investigation may put that off, on authority."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.disclosure_stories import asked, case_record, council_of, in_review, personal_record
from tests.unit.workflows.stories import step
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Workflow

ALLOWED = {"authorised_by": "hos", "authority": "They would destroy what is looked for."}


@pytest.fixture
def council() -> FakeCouncil:
    council = council_of("darlington")
    personal_record(council)
    return council


def put_off(council: FakeCouncil, **authority: Any) -> Matter:
    return asked(council, "investigation", supervisee="wkr", delay={**ALLOWED, **authority})


@pytest.mark.clause("DAR-24", "CBC-63", "NS-47", "LDS-05", "HAR-37")
@pytest.mark.parametrize("policy", ["darlington", "central-bedfordshire", "north-somerset", "leeds", "haringey"])
def test_the_people_concerned_know_of_a_request_at_once(policy: str) -> None:
    council = council_of(policy)
    personal_record(council)
    request = asked(council, "investigation", supervisee="wkr")
    assert council.told("wkr", request) == council.told("sup", request) == ["records_asked_for"]
    assert request.supervisee == "wkr"
    assert "Somebody" not in str(council.notices)


@pytest.mark.clause("CBC-63")
def test_where_the_policy_says_always_nobody_puts_it_off() -> None:
    council = council_of()
    personal_record(council)
    with pytest.raises(Refused, match=r"told at once \(CBC-63\)"):
        put_off(council)


@pytest.mark.clause("DAR-24")
def test_no_other_request_lets_telling_wait(council: FakeCouncil) -> None:
    with pytest.raises(Refused, match=r"told at once \(DAR-24\)"):
        asked(council, "legal", supervisee="wkr", delay=ALLOWED)
    with pytest.raises(Refused, match="know of it already"):
        council.move("hr1", asked(council, "legal", supervisee="wkr"), "delay", **ALLOWED)


@pytest.mark.clause("DAR-25", "LDS-05")
@pytest.mark.parametrize("policy", ["darlington", "leeds", "haringey", "north-somerset"])
def test_an_investigation_may_put_it_off_and_they_are_told_by_a_deadline(policy: str) -> None:
    council = council_of(policy)
    personal_record(council)
    request = put_off(council)
    [rule] = [rule for rule in council.policy.disclosure.requests if rule.kind == "investigation"]
    assert rule.delay_clause == {"darlington": "DAR-25", "leeds": "LDS-05"}.get(policy, "product default")
    assert (council.told("wkr", request), request.supervisee) == ([], None)
    assert council.due(request, "tell_by") == date(2025, 4, 3)
    council.until("2025-04-04T09:00")
    assert council.told("wkr", request) == ["records_asked_for"]
    assert council.matter(request).supervisee == "wkr"


@pytest.mark.clause("DAR-25")
@pytest.mark.parametrize("who", ["hr1", "lm", "sup", "nobody"])
def test_only_a_head_of_service_without_a_part_in_it_allows_that(council: FakeCouncil, who: str) -> None:
    with pytest.raises(Refused, match="Only a head of service"):
        put_off(council, authorised_by=who)


@pytest.mark.clause("DAR-25")
def test_telling_waits_longer_on_a_new_authority_alone(council: FakeCouncil) -> None:
    request = put_off(council)
    council.until("2025-04-01T09:00")
    with pytest.raises(Refused, match="Only a head of service"):
        council.move("hr1", request, "delay", authorised_by="lm", authority="Still looking.")
    council.move("hr1", request, "delay", **ALLOWED)
    assert council.due(request, "tell_by") == date(2025, 5, 1)


def test_they_are_told_as_soon_as_the_investigation_lets_it(council: FakeCouncil) -> None:
    request = put_off(council)
    told = council.move("hr2", request, "tell_supervisee")
    assert (told.state, told.live("tell_by")) == ("requested", None)
    assert council.told("wkr", request) == ["records_asked_for"]
    with pytest.raises(Refused, match="know of it already"):
        council.move("hr2", request, "tell_supervisee")


@pytest.mark.clause("DAR-24")
@pytest.mark.parametrize(
    ("trigger", "end"),
    [("disclose", "disclosed"), ("refuse", "refused"), ("withdraw", "withdrawn"), ("refer", "referred")],
)
def test_nothing_ends_before_they_were_told(council: FakeCouncil, trigger: str, end: str) -> None:
    request = council.move("hr1", put_off(council), "review")
    decided = council.move("hr1", request, trigger, **({} if trigger == "disclose" else {"reason": "Because."}))
    assert (decided.state, decided.closed_at, council.told("wkr", request)) == ("awaiting_notice", None, [])
    council.until("2025-04-04T09:00")
    ended = council.matter(request)
    assert (ended.state, ended.deadlines) == (end, ())
    assert council.told("wkr", request) == ["records_asked_for"]


def test_they_are_told_by_hand_after_the_decision(council: FakeCouncil) -> None:
    request = council.move("hr1", put_off(council), "refuse", reason="Nothing in it.")
    assert council.move("hr1", request, "tell_supervisee").state == "refused"


@pytest.mark.clause("LDS-45")
def test_a_serious_case_review_keeps_the_records_as_they_are_until_it_is_over() -> None:
    council = council_of("leeds")
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    request = in_review(council, "serious_case_review", supervisee="wkr")
    [section] = [next(iter(sorted(council.policy.record.personal.names())))]
    for trigger, data in (
        ("write", {"sections": {section: "New."}}),
        ("circulate", {"sections": {section: "New."}}),
        ("withdraw", {"reason": "x"}),
    ):
        with pytest.raises(Refused, match="LDS-45"):
            council.move("sup", draft, trigger, **data)
    council.move("hr1", request, "disclose")
    council.move("hr1", request, "release", reason="The review is over.")
    council.move("sup", draft, "write", sections={section: "New."})
    with pytest.raises(Refused, match="No record is kept"):
        council.move("hr1", request, "release", reason="Again.")


@pytest.mark.clause("LDS-45")
def test_a_record_that_is_evidence_may_still_be_sent_and_signed() -> None:
    council = council_of("leeds")
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    asked(council, "serious_case_review", supervisee="wkr")
    council.move("sup", draft, "circulate")
    assert council.move("wkr", draft, "sign").state == "agreed"


@pytest.mark.clause("LDS-45")
def test_two_reviews_hold_a_record_until_both_are_over() -> None:
    council = council_of("leeds")
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    requests = [asked(council, "serious_case_review", supervisee="wkr") for _ in range(2)]
    for request, frozen in zip(requests, (1, 0), strict=True):
        council.move("hr1", request, "withdraw", reason="Not needed.")
        assert len(council.matter(draft).data["frozen"]) == frozen


@pytest.mark.clause("LDS-45")
def test_an_amendment_that_a_review_held_up_has_its_time_again_and_was_not_late() -> None:
    council = council_of("leeds")
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    council.move("sup", draft, "circulate")
    council.move("wkr", draft, "dispute", statement="No.")
    council.tell(draft, "settle", outcome="amend_record", dispute=council.only(Workflow.dispute).id)
    request = asked(council, "serious_case_review", supervisee="wkr")
    council.until("2025-03-12T09:00")
    assert council.matter(draft).missed("amend_by") is not None
    with pytest.raises(Refused, match="LDS-45"):
        council.move("sup", draft, "amend", discussed_on=date(2025, 3, 12), sections={})
    council.move("hr1", request, "refuse", reason="Another way.")
    assert (council.matter(draft).missed("amend_by"), council.due(draft, "amend_by")) == (None, date(2025, 3, 19))


def test_a_release_without_a_clause_freezes_nothing() -> None:
    council = council_of()
    case_record(council)
    request = council.move("hr1", in_review(council), "disclose", paper_notes="none")
    assert "release" not in council.offered("hr1", request)


@pytest.mark.clause("DAR-24")
def test_whoever_has_left_is_to_be_told_by_letter(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    request = asked(council, "legal", supervisee="wkr")
    assert council.told("wkr", request) == []
    assert "tell_by_letter" in council.told("hr2", request)
    assert step(council, request, "open")["data"]["left"] == ["wkr"]

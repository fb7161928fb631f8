"""Referrals: talked over first where the policy asks for it, passed on, decided by HR, and known to nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.stories import away, incidents, step
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Role, Workflow

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


def referred(council: FakeCouncil, who: str = "sup", supervisee: str = "wkr", **more: Any) -> Matter:
    """A concern about the social worker's record keeping."""
    data = {"about": "record keeping", "facts": "Four visits are not on file.", **more}
    return council.open(who, Workflow.referral, supervisee=supervisee, **data)


def with_hr(council: FakeCouncil) -> Matter:
    """A referral that waits for HR."""
    referral = referred(council, discussed_on=date(2025, 3, 3))
    council.move("sup", referral, "submit")
    return council.move("lm", referral, "forward", reason="Beyond what supervision can mend.")


def joined(council: FakeCouncil, referral: Matter) -> set[str]:
    """Who was ever told about it."""
    return {row["to"] for row in council.notices if row["matter_id"] == referral.id}


# -- talking it over
@pytest.mark.clause("HAR-38")
def test_where_the_policy_asks_for_the_talk_nothing_is_passed_on_before_it() -> None:
    council = FakeCouncil("haringey")
    referral = referred(council)
    assert (referral.state, referral.holder) == ("awaiting_supervisee_discussion", "sup")
    assert "submit" not in council.offered("sup", referral)
    with pytest.raises(Refused, match="still to come"):
        council.move("sup", referral, "discuss", discussed_on=date(2025, 3, 4))
    referral = council.move("sup", referral, "discuss", discussed_on=date(2025, 3, 3))
    assert referral.state == "draft"
    assert council.move("sup", referral, "submit").holder == "lm"


@pytest.mark.clause("HAR-38")
def test_an_immediate_risk_does_not_wait_for_the_talk_and_says_why() -> None:
    council = FakeCouncil("haringey")
    referral = council.move("sup", referred(council), "discuss", override_reason="An adult is at risk today.")
    assert (referral.state, step(council, referral, "discuss")["data"]["override"]) == ("draft", True)
    council.move("sup", referral, "submit")
    assert "referral_known" in council.told("wkr", referral)


@pytest.mark.parametrize("data", [{}, {"discussed_on": date(2025, 3, 3), "override_reason": "Both."}])
def test_a_talk_has_a_day_or_a_reason_why_there_was_none(data: dict[str, Any]) -> None:
    council = FakeCouncil("haringey")
    with pytest.raises(ValidationError):
        council.move("sup", referred(council), "discuss", **data)


def test_a_talk_that_was_recorded_at_the_opening_is_in_the_past() -> None:
    with pytest.raises(Refused, match="still to come"):
        referred(FakeCouncil(), discussed_on=date(2025, 3, 4))


# -- who knows
@pytest.mark.clause("DAR-24", "CBC-63")
@pytest.mark.parametrize("policy", ["darlington", "central-bedfordshire", "north-somerset", "leeds"])
def test_whom_it_is_about_knows_at_the_latest_when_it_is_passed_on(policy: str) -> None:
    council = FakeCouncil(policy)
    referral = referred(council)
    assert (referral.state, joined(council, referral)) == ("draft", set())
    referral = council.move("sup", referral, "submit")
    assert (referral.state, referral.holder) == ("with_line_manager", "lm")
    assert council.told("wkr", referral)[-1] == "referral_known"
    council.verify()


def test_only_its_opener_reminds_themself_before_it_is_passed_on() -> None:
    council = FakeCouncil()
    referral = referred(council)
    council.until("2025-04-30T09:00")
    assert joined(council, referral) == {"sup"}
    assert council.matter(referral).state == "draft"


def test_whoever_is_told_learns_of_no_more_than_that_something_waits() -> None:
    council = FakeCouncil()
    referral = with_hr(council)
    council.until("2025-04-30T09:00")
    said = " ".join(f"{row['subject']} {row['body']}" for row in council.notices if row["matter_id"] == referral.id)
    assert "record keeping" not in said
    assert "Four visits" not in said


@pytest.mark.parametrize("who", ["lm", "sup"])
def test_the_supervisor_and_the_manager_above_refer(who: str) -> None:
    council = FakeCouncil()
    referral = referred(council, who)
    assert (referral.supervisor, referral.holder) == (who, who)


@pytest.mark.parametrize("who", ["wkr2", "hos", "sup2", "hr1"])
def test_nobody_else_refers(who: str) -> None:
    with pytest.raises(NotYourMove):
        referred(FakeCouncil(), who)


@pytest.mark.clause("CBC-63", "HAR-38", "NS-51", "DAR-24")
@pytest.mark.parametrize(("policy", "clause"), [("north-somerset", "NS-51"), ("haringey", "product default")])
def test_nobody_refers_themself(policy: str, clause: str) -> None:
    with pytest.raises(Refused, match=f"Nobody refers themself \\({clause}\\)"):
        referred(FakeCouncil(policy), "wkr")


# -- HR
@pytest.mark.clause("CBC-63", "CBC-64", "DAR-24", "HAR-38", "NS-51")
@pytest.mark.parametrize(
    ("policy", "report", "to_hr"),
    [
        ("central-bedfordshire", "CBC-63", "CBC-63, CBC-64"),
        ("darlington", "DAR-24", "product default"),
        ("haringey", "HAR-38", "product default"),
        ("leeds", "product default", "product default"),
        ("north-somerset", "NS-51", "NS-51"),
    ],
)
def test_the_report_to_the_line_manager_and_the_way_to_hr_each_carry_their_own_clause(
    policy: str, report: str, to_hr: str
) -> None:
    council = FakeCouncil(policy)
    referral = council.move("hr1", with_hr(council), "accept", procedure="capability", reference="HR-17")
    acted = {trigger: step(council, referral, trigger)["clause"] for trigger in ("open", "submit", "forward", "accept")}
    assert acted == {"open": report, "submit": report, "forward": to_hr, "accept": to_hr}


@pytest.mark.clause("NS-51")
@pytest.mark.parametrize("policy", COUNCILS)
def test_hr_takes_it_on_under_a_procedure(policy: str) -> None:
    council = FakeCouncil(policy)
    referral = with_hr(council)
    assert (referral.state, referral.holder, referral.holder_role) == ("with_hr", None, "hr")
    assert council.told("hr1", referral) == ["referral_for_hr"]
    accepted = council.move("hr1", referral, "accept", procedure="capability", reference="HR-17")
    assert (accepted.state, accepted.data["procedure"]) == ("accepted", "capability")
    assert council.told("wkr", referral)[-1] == council.told("sup", referral)[-1] == "referral_accepted"
    council.verify()


def test_hr_gives_it_back_with_a_plan_and_a_day_that_is_still_to_come() -> None:
    council = FakeCouncil()
    referral = with_hr(council)
    with pytest.raises(Refused, match="still to come"):
        council.move("hr1", referral, "return", support_plan="A mentor.", review_on=date(2025, 3, 3))
    back = council.move("hr1", referral, "return", support_plan="A mentor.", review_on=date(2025, 6, 2))
    assert (back.state, back.data["review_on"]) == ("returned", "2025-06-02")


def test_hr_closes_it_with_a_reason() -> None:
    council = FakeCouncil()
    assert council.move("hr1", with_hr(council), "close", reason="Settled by training.").state == "closed"


def test_a_party_in_hr_decides_nothing() -> None:
    people = standard_team()
    people["hr1"] = replace(people["hr1"], supervisor="sup", line_manager="sup")
    council = FakeCouncil(people=people)
    referral = referred(council, supervisee="hr1")
    council.move("sup", referral, "submit")
    referral = council.move("lm", referral, "forward", reason="Serious.")
    assert referral.holder is not None
    assert referral.holder != "hr1"
    with pytest.raises(Refused, match="Nobody decides a referral"):
        council.move("hr1", referral, "close", reason="Nothing in it.")
    assert council.move(referral.holder, referral, "close", reason="Looked into.").state == "closed"


def test_what_hr_lets_lie_is_reminded_of_and_goes_to_whoever_is_above_them() -> None:
    council = FakeCouncil()
    referral = with_hr(council)
    council.until("2025-03-12T09:00")
    assert council.told("hr1", referral)[-1] == "reminder"
    council.until("2025-03-20T09:00")
    assert council.matter(referral).holder == "ad"
    assert council.move("hr1", referral, "close", reason="At last.").state == "closed"


def test_what_a_line_manager_lets_lie_goes_up() -> None:
    council = FakeCouncil()
    referral = council.move("sup", referred(council), "submit")
    council.until("2025-03-18T09:00")
    assert (council.matter(referral).state, council.matter(referral).holder) == ("with_line_manager", "hos")
    council.until("2025-04-30T09:00")
    assert council.matter(referral).holder == "ad"
    assert "top_of_the_line" in incidents(council, referral)


def test_a_line_manager_who_is_away_is_passed_over() -> None:
    council = FakeCouncil()
    referral = council.move("sup", referred(council), "submit")
    away(council, "lm", date(2025, 3, 3))
    assert council.matter(referral).holder == "hos"


def test_with_nobody_above_it_waits_as_an_incident_and_its_opener_cannot_forward_it() -> None:
    council = FakeCouncil()
    council.relist("sup", line_manager=None)
    referral = council.move("sup", referred(council), "submit")
    assert (referral.holder, incidents(council, referral)[0]) == (None, "stranded")
    with pytest.raises(NotYourMove):
        council.move("sup", referral, "forward", reason="Nobody else.")


# -- the end
def test_its_opener_withdraws_it_with_a_reason_until_hr_has_it() -> None:
    council = FakeCouncil()
    quiet = council.move("sup", referred(council), "withdraw", reason="A mistake.")
    assert (quiet.state, joined(council, quiet)) == ("withdrawn", set())
    known = council.move("sup", referred(council), "submit")
    council.move("sup", known, "withdraw", reason="Settled.")
    assert council.told("wkr", known)[-1] == council.told("lm", known)[-1] == "referral_withdrawn"
    with pytest.raises(Refused):
        council.move("sup", with_hr(council), "withdraw", reason="Too late.")


def test_it_ends_when_whom_it_is_about_leaves_and_a_draft_when_its_opener_does() -> None:
    council = FakeCouncil()
    referral, theirs = with_hr(council), referred(council, supervisee="wkr2")
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.relist("sup", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert (council.matter(referral).state, council.matter(theirs).state) == ("closed", "withdrawn")


@pytest.mark.clause("NS-51")
def test_supervision_goes_on_beside_it() -> None:
    council = FakeCouncil("north-somerset")
    before = council.only(Workflow.entitlement, supervisee="wkr")
    with_hr(council)
    assert council.matter(before).state == before.state == "on_track"


def test_what_somebody_above_hr_had_goes_on_when_they_leave_and_back_to_hr_where_nobody_is_above() -> None:
    council = FakeCouncil()
    referral = with_hr(council)
    council.until("2025-03-24T09:00")
    assert council.matter(referral).holder == "ad"
    council.relist("ad", end_date=date(2025, 3, 24))
    council.until("2025-03-25T09:00")
    found = council.matter(referral)
    assert (found.holder, found.holder_role) == (None, Role.hr)
    before = council.told("hr1", referral).count("reminder")
    council.until("2025-04-14T09:00")
    assert council.told("hr1", referral).count("reminder") > before
    assert council.move("hr1", referral, "close", reason="Settled.").state == "closed"
    council.verify()

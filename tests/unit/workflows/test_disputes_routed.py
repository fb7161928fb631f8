"""Whose a disagreement is to hear: the policy's own route, past whoever is a party, away or gone."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.dispute_stories import about, escalated
from tests.unit.workflows.stories import away, deadline, disputed, incidents, step
from workflows.directory import Person
from workflows.vocabulary import Workflow

ALL = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
RULING = {"outcome": "record_stands", "reasons": "Heard both."}


# -- whose it is to decide (E2)
@pytest.mark.clause("CBC-79", "DAR-31", "HAR-31", "NS-17", "NS-80")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "darlington", "haringey", "north-somerset"])
def test_the_content_of_a_record_goes_up_the_supervisors_line(policy: str) -> None:
    council = FakeCouncil(policy)
    _, dispute = disputed(council)
    rungs = []
    for who in ("wkr", "sup", "wkr"):
        dispute = council.move(who, dispute, "escalate")
        rungs.append((dispute.state, dispute.holder))
    assert rungs == [
        ("with_line_manager", "lm"),
        ("with_senior_manager", "hos"),
        ("with_senior_manager", "ad"),
    ]
    assert step(council, dispute, "escalate")["clause"] == council.policy.dispute.record.clause
    council.verify()


@pytest.mark.clause("NS-52", "NS-53")
def test_a_team_manager_does_not_decide_their_own_dispute_about_casework() -> None:
    council = FakeCouncil("north-somerset")
    dispute = escalated(council)
    assert (dispute.state, dispute.holder) == ("with_senior_manager", "lm")
    assert dispute.ladder is not None
    assert dispute.ladder.parties == {"wkr", "sup"}
    council.verify()


@pytest.mark.clause("NS-52")
def test_a_team_manager_who_is_no_party_decides_what_is_disputed_about_casework() -> None:
    people = standard_team()
    people["snr"] = replace(people["sup2"], ref="snr", job_role="senior_social_worker", line_manager="sup")
    people["wkr"] = replace(people["wkr"], supervisor="snr", line_manager="snr")
    council = FakeCouncil("north-somerset", people=people)
    dispute = escalated(council)
    assert (dispute.state, dispute.holder) == ("with_line_manager", "sup")
    assert council.move("wkr", dispute, "escalate").holder == "lm"
    council.verify()


@pytest.mark.clause("NS-52", "NS-53")
def test_a_team_manager_whose_own_casework_is_disputed_is_heard_above_their_supervisor() -> None:
    council = FakeCouncil("north-somerset")
    dispute = council.open("sup", Workflow.dispute, supervisee="sup", about="casework", statement="We differ.")
    dispute = council.move("sup", dispute, "escalate")
    assert (dispute.state, dispute.holder) == ("with_senior_manager", "hos")
    council.verify()


def test_without_a_team_manager_on_the_list_the_supervisors_line_is_asked() -> None:
    people = standard_team()
    people["sup"] = replace(people["sup"], job_role="practice_supervisor", line_manager="unlisted")
    people["wkr"] = replace(people["wkr"], line_manager="unlisted")
    people["boss"] = Person("boss", job_role="service_manager", start_date=date(2020, 1, 6))
    council = FakeCouncil("north-somerset", people=people)
    council.relist("sup", line_manager="boss")
    assert escalated(council).holder == "boss"


@pytest.mark.clause("NS-50")
def test_what_is_not_casework_goes_to_the_supervisors_line_manager() -> None:
    council = FakeCouncil("north-somerset")
    assert escalated(council, "relationship").holder == "lm"


@pytest.mark.clause("HAR-24")
@pytest.mark.parametrize("what", ["casework", "relationship", "other"])
def test_the_line_managers_own_manager_mediates(what: str) -> None:
    council = FakeCouncil("haringey")
    dispute = escalated(council, what)
    assert (dispute.state, dispute.holder) == ("with_line_manager", "lm")
    people = standard_team()
    people["wkr"] = replace(people["wkr"], line_manager="lm", supervisor="sup")
    council = FakeCouncil("haringey", people=people)
    assert escalated(council, what).holder == "hos"
    council.verify()


@pytest.mark.clause("CBC-79", "DAR-30", "DAR-31")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "darlington"])
def test_the_next_tier_hears_everything_else(policy: str) -> None:
    council = FakeCouncil(policy)
    dispute = escalated(council, "other")
    assert (dispute.state, dispute.holder) == ("with_line_manager", "lm")


def school() -> dict[str, Person]:
    """A school: its governor, head, deputy and a mentor whom the deputy supervises."""
    rows = (
        ("gov", "governor", None),
        ("head", "head_teacher", None),
        ("dep", "deputy_head", "head"),
        ("lsw", "learning_mentor", "dep"),
    )
    start = date(2020, 1, 6)
    return {
        ref: Person(ref, job_role=job, line_manager=above, supervisor=above, start_date=start, setting="school")
        for ref, job, above in rows
    }


@pytest.mark.clause("LDS-46", "LDS-30")
def test_a_school_asks_today_s_line_and_then_its_governor_while_no_agreement_names_anybody() -> None:
    council = FakeCouncil("leeds", people=school())
    dispute = about(council, "relationship", "lsw", "lsw")
    dispute = council.move("lsw", dispute, "escalate")
    assert (dispute.state, dispute.holder) == ("with_line_manager", "head")
    dispute = council.move("lsw", dispute, "escalate")
    assert (dispute.state, dispute.holder) == ("with_senior_manager", "gov")
    council.verify()


@pytest.mark.clause("LDS-30")
def test_a_head_who_is_a_party_is_passed_over_for_the_governor() -> None:
    council = FakeCouncil("leeds", people=school())
    dispute = council.move("dep", about(council, "relationship", "dep", "dep"), "escalate")
    assert dispute.holder == "gov"
    council.verify()


# -- who cannot be asked
@pytest.mark.clause("NS-53", "DAR-31", "CBC-79", "HAR-31")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "darlington", "haringey", "north-somerset"])
def test_somebody_absent_is_passed_over_and_the_substitution_is_recorded(policy: str) -> None:
    council = FakeCouncil(policy)
    away(council, "lm", date(2025, 3, 3), "planned", expected_return=date(2025, 3, 24))
    _, dispute = disputed(council)
    dispute = council.move("wkr", dispute, "escalate")
    assert (dispute.state, dispute.holder) == ("with_line_manager", "hos")
    assert step(council, dispute, "escalate")["data"]["skipped"] == [["lm", "absent"]]
    council.verify()


def test_it_passes_on_at_once_when_its_holder_goes_absent_and_the_new_one_has_the_whole_time() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    council.until("2025-03-07T09:00")
    away(council, "lm", date(2025, 3, 7))
    dispute = council.matter(dispute)
    assert (dispute.state, dispute.holder) == ("with_line_manager", "hos")
    passed = step(council, dispute, "pass_on")
    assert (passed["data"]["passed_over"], passed["data"]["why"]) == ("lm", "absent")
    assert (council.due(dispute, "remind_by"), council.due(dispute, "climb_by")) == (
        date(2025, 3, 14),
        date(2025, 3, 21),
    )
    assert "climb" not in council.history(dispute)
    council.verify()


def test_a_holder_who_leaves_passes_it_on() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    council.relist("lm", end_date=date(2025, 3, 4))
    council.until("2025-03-05T00:00")
    assert council.matter(dispute).holder == "hos"
    assert step(council, dispute, "pass_on")["data"]["why"] == "left"
    council.verify()


def test_with_nobody_left_above_it_is_an_incident_and_stays_with_the_last_one_asked() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    for _ in range(2):
        dispute = council.move("sup", dispute, "escalate")
    assert (dispute.holder, incidents(council, dispute)) == ("ad", ["top_of_the_line"])
    dispute = council.move("wkr", dispute, "escalate")
    assert (dispute.state, dispute.holder) == ("with_senior_manager", "ad")
    assert incidents(council, dispute) == ["top_of_the_line", "stranded"]
    council.until("2025-03-11T09:00")
    assert council.told("ad", dispute) == ["escalated", "reminder"]
    council.until("2025-04-30T09:00")
    assert council.history(dispute).count("remind") > 4
    assert "climb" not in council.history(dispute)
    assert council.move("ad", dispute, "decide", **RULING).state == "determined"
    council.verify()


def test_with_nobody_above_at_all_the_two_are_left_to_talk_and_administrators_see_it() -> None:
    council = FakeCouncil()
    council.relist("sup", line_manager=None)
    dispute = escalated(council)
    assert (dispute.state, dispute.waiting_for) == ("in_discussion", ("wkr", "sup"))
    assert incidents(council, dispute) == ["stranded"]
    council.until("2025-03-11T09:00")
    assert council.told("wkr", dispute)[-1] == "reminder"
    council.relist("sup", line_manager="lm")
    assert council.move("wkr", dispute, "escalate").holder == "lm"
    council.verify()


def test_a_rung_without_anybody_looks_for_somebody_again_at_each_reminder() -> None:
    council = FakeCouncil()
    council.relist("lm", line_manager=None)
    dispute = escalated(council)
    council.relist("lm", end_date=date(2025, 3, 3))
    council.until("2025-03-04T00:00")
    dispute = council.matter(dispute)
    assert (dispute.state, dispute.holder, incidents(council, dispute)[-1]) == ("with_line_manager", None, "stranded")
    council.relist("sup", line_manager="hos")
    council.until(at("2025-03-12T09:00"))
    dispute = council.matter(dispute)
    assert (dispute.state, dispute.holder) == ("with_line_manager", "hos")
    assert council.told("hos", dispute) == ["escalated"]
    assert deadline(council, dispute, "remind_by").due is not None
    council.verify()

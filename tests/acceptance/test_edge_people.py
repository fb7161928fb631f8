"""Who is asked when a concern goes up, and who never decides: heads who supervise, parties, first steps left out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import POLICIES, agreed_terms, away, case_of, due, reasons
from tests.fixtures.served import Sandbox, Story, london, ok, problem

CBC, NS, DAR, LDS, HAR = "central-bedfordshire", "north-somerset", "darlington", "leeds", "haringey"
LATE = {"about": "not_happening", "statement": "No session for five weeks."}
SCHOOL = (
    {"ref": "gov", "job_role": "governor", "setting": "school"},
    {"ref": "head", "job_role": "head_teacher", "setting": "school"},
    {"ref": "dsl", "job_role": "designated_safeguarding_lead", "setting": "school", "above": "head"},
    {"ref": "chair", "job_role": "cluster_chair", "setting": "cluster"},
    {"ref": "tsl", "job_role": "targeted_services_leader", "setting": "cluster"},
    {"ref": "cl", "job_role": "cluster_lead", "setting": "cluster"},
    {"ref": "fsw", "job_role": "family_support_worker", "setting": "cluster", "above": "cl"},
)  # fmt: skip


def last_step(story: Story, matter: dict[str, Any], who: str = "wkr") -> dict[str, Any]:
    """The newest step of a matter."""
    return story.items(who, f"/matters/{matter['id']}/history")[-1]


def tried(story: Story, concern: dict[str, Any], who: str = "wkr", on: str = "2025-03-03") -> None:
    """The supervisee records that they have spoken with the supervisor."""
    story.move(who, concern, "attempt", on=on, note="We spoke, and nothing was settled.")


# -- E1
@pytest.mark.clause("LDS-29", "LDS-30", "LDS-38")
def test_e1_a_governor_sits_in_for_the_head_who_supervises_and_what_is_agreed_is_written_down(sandbox: Sandbox) -> None:
    story = sandbox.story(LDS, "2025-02-03T09:00", SCHOOL)
    story.at("2025-03-04T09:00")
    [duty] = story.items("dsl", "/matters", workflow="entitlement")
    assert (duty["state"], due(duty, "supervise_by")) == ("overdue", ("2025-03-03", "missed"))
    concern = story.open("dsl", "concerns", **LATE)
    assert (concern["state"], concern["holder"]) == ("with_supervisor", "head")
    problem(story.try_move("dsl", concern, "escalate", {"reason": "It is no use."}), 409, "refused")
    tried(story, concern, "dsl", "2025-03-04")

    asked = story.move("dsl", concern, "escalate", reason="We could not settle it.")

    assert (asked["state"], asked["holder"]) == ("with_line_manager", "gov")
    assert "escalated" in story.told("gov", concern)
    outcomes = {"outcomes": ["A session every four weeks."]}
    assert problem(story.try_move("gov", concern, "resolve", outcomes), 409, "refused")["guard"] == "has_met"
    meeting = {"at": london("2025-03-10T10:00"), "told": ["dsl", "head"]}
    assert story.move("gov", concern, "meet", **meeting)["state"] == "three_way_meeting"
    problem(story.try_move("gov", concern, "resolve", {"outcomes": []}), 422, "invalid")
    problem(story.try_move("head", concern, "resolve", outcomes), 403, "not_your_move")
    assert problem(story.try_move("gov", concern, "resolve", outcomes), 409, "refused")["guard"] == "has_met"
    story.at("2025-03-10T10:00")
    assert story.move("gov", concern, "resolve", **outcomes)["state"] == "resolved"
    assert {who for who in ("dsl", "head") if "concern_resolved" in story.told(who, concern)} == {"dsl", "head"}


@pytest.mark.clause("LDS-31")
def test_e1_in_a_cluster_the_chair_or_the_targeted_services_leader_is_asked_and_no_governor(sandbox: Sandbox) -> None:
    story = sandbox.story(LDS, people=SCHOOL)
    concern = story.open("fsw", "concerns", **LATE)
    tried(story, concern, "fsw")

    first = story.move("fsw", concern, "escalate", reason="We could not settle it.")
    second = story.move("fsw", concern, "escalate", reason="Nor with the chair.")

    assert (first["state"], first["holder"]) == ("with_line_manager", "chair")
    assert (second["state"], second["holder"]) == ("with_senior_manager", "tsl")
    assert ("escalated" in story.told("chair", concern), story.told("gov", concern)) == (True, [])


@pytest.mark.clause("NS-61", "DAR-31", "HAR-10", "CBC-69")
@pytest.mark.parametrize("policy", [NS, DAR, HAR, CBC])
def test_e1_elsewhere_it_is_the_supervisors_line_manager(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    concern = story.open("wkr", "concerns", **LATE)

    story.at("2025-03-18T09:00")

    climbed = story.matter("wkr", concern)
    assert (climbed["state"], climbed["holder"]) == ("with_line_manager", "lm")
    assert "escalated" in story.told("lm", concern)


@pytest.mark.clause("NS-61", "DAR-31", "HAR-10", "CBC-69")
@pytest.mark.parametrize("policy", [NS, DAR, HAR, CBC])
def test_e1_where_nobody_is_above_the_supervisor_it_stays_open_and_administrators_learn_of_it(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy)
    ok(story.list_people([{"ref": "sup", "job_role": "team_manager"}]))
    concern = story.open("wkr", "concerns", **LATE)
    tried(story, concern)

    stuck = story.move("wkr", concern, "escalate", reason="We could not settle it.")

    assert (stuck["state"], stuck["closed_at"]) == ("with_supervisor", None)
    assert last_step(story, concern)["data"]["stranded"] is True
    assert [i["kind"] for i in story.items("admin", "/incidents") if i["about"] == concern["id"]] == ["stranded"]
    ok(
        story.list_people(
            [{"ref": "sup", "job_role": "team_manager", "line_manager_ref": "lm", "supervisor_ref": "lm"}]
        )
    )
    assert story.move("wkr", concern, "escalate", reason="The list is right again.")["holder"] == "lm"


# -- E2
@pytest.mark.clause("NS-50", "NS-52", "NS-53", "LDS-46", "DAR-31", "HAR-24", "CBC-79")
@pytest.mark.parametrize("about", ["casework", "relationship"])
@pytest.mark.parametrize("policy", POLICIES)
def test_e2_a_supervisor_never_decides_a_dispute_of_their_own(sandbox: Sandbox, policy: str, about: str) -> None:
    story = sandbox.story(policy)
    body = {"supervisee": "wkr", "about": about, "statement": "The visits cannot wait."}
    dispute = story.open("wkr", "disputes", **body)
    assert (dispute["state"], dispute["waiting_for"]) == ("in_discussion", ["wkr", "sup"])

    asked = story.move("wkr", dispute, "escalate")

    first = "with_senior_manager" if (policy, about) == (NS, "casework") else "with_line_manager"
    assert (asked["state"], asked["holder"]) == (first, "lm")
    assert ("escalated" in story.told("lm", dispute), "escalated" in story.told("sup", dispute)) == (True, False)
    ruling = {"outcome": "record_stands", "reasons": "Weekly visits are enough."}
    for party in ("sup", "wkr"):
        problem(story.try_move(party, dispute, "decide", ruling), 403, "not_your_move")
    assert story.move("lm", dispute, "decide", **ruling)["state"] == "determined"
    assert {who for who in ("wkr", "sup") if "dispute_decided" in story.told(who, dispute)} == {"wkr", "sup"}


@pytest.mark.clause("LDS-46")
@pytest.mark.parametrize("party", ["sup", "wkr"])
def test_e2_the_person_whom_an_agreement_names_is_neither_of_the_two(sandbox: Sandbox, party: str) -> None:
    story = sandbox.story(LDS)
    body = {"supervisee": "wkr", "terms": agreed_terms(LDS, dispute_person=party)}

    refused = problem(story.try_open("sup", "agreements", body), 409, "refused")

    assert "LDS-46" in refused["detail"]
    assert story.one("sup", workflow="agreement", party="wkr")["data"]["terms"] == {}


@pytest.mark.clause("DAR-22")
def test_e2_a_team_manager_who_is_head_of_service_too_does_not_approve_their_own_green(sandbox: Sandbox) -> None:
    story = sandbox.story(DAR, people=[{"ref": "sup", "app_roles": "head_of_service"}], cases=[case_of(DAR)])
    body = {"case": "c1", "category": "rated", "criteria": ["in-need"], "rating": "green", "reason": "Plan ended."}
    green = story.open("sup", "frequencies", **body)

    refused = problem(story.try_move("sup", green, "approve"), 409, "refused")

    assert (refused["guard"], story.matter("sup", green)["state"]) == ("not_the_proposer", "awaiting_approval")
    assert "approval_asked" in story.told("hos", green)
    assert story.move("hos", green, "approve")["state"] == "on_track"


# -- E28
@pytest.mark.clause("DAR-30", "NS-81", "NS-82")
@pytest.mark.parametrize("policy", [DAR, NS])
def test_e28_the_first_step_is_skipped_with_a_reason(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    concern = story.open("wkr", "concerns", **LATE)
    problem(story.try_move("wkr", concern, "escalate"), 422, "invalid")

    asked = story.move("wkr", concern, "escalate", reason="I do not dare to.")

    assert (asked["state"], asked["holder"]) == ("with_line_manager", "lm")
    assert reasons(story, concern, "wkr") == ["I do not dare to."]
    assert "escalated" in story.told("lm", concern)


@pytest.mark.clause("LDS-29", "HAR-10", "CBC-68")
@pytest.mark.parametrize(("policy", "cites"), [(LDS, "LDS-29"), (HAR, "HAR-10"), (CBC, "CBC-68")])
def test_e28_elsewhere_an_attempt_with_the_supervisor_comes_first(sandbox: Sandbox, policy: str, cites: str) -> None:
    story = sandbox.story(policy)
    concern = story.open("wkr", "concerns", **LATE)

    refused = problem(story.try_move("wkr", concern, "escalate", {"reason": "I do not dare to."}), 409, "refused")

    assert (refused["guard"], cites in refused["detail"]) == ("may_skip", True)
    assert (story.matter("wkr", concern)["holder"], story.told("lm", concern)) == ("sup", [])
    tried(story, concern)
    asked = story.move("wkr", concern, "escalate", reason="We could not settle it.")
    assert (asked["state"], asked["holder"], asked["data"]["attempts"]) == ("with_line_manager", "lm", 1)
    assert "escalated" in story.told("lm", concern)


@pytest.mark.clause("LDS-29", "HAR-10")
@pytest.mark.parametrize("policy", [LDS, HAR])
def test_e28_nobody_has_to_try_with_a_supervisor_who_is_away(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    away(story, "sup")
    concern = story.open("wkr", "concerns", **LATE)

    asked = story.move("wkr", concern, "escalate", reason="My supervisor is ill.")

    assert (asked["state"], asked["holder"], "escalated" in story.told("lm", concern)) == (
        "with_line_manager",
        "lm",
        True,
    )


@pytest.mark.clause("CBC-47", "CBC-68")
def test_e28_an_absence_lets_the_first_step_be_skipped_once_it_is_longer_than_two_weeks(sandbox: Sandbox) -> None:
    story = sandbox.story()
    away(story, "sup")
    story.at("2025-03-16T09:00")
    concern = story.open("wkr", "concerns", **LATE)
    problem(story.try_move("wkr", concern, "escalate", {"reason": "My supervisor is ill."}), 409, "refused")
    story.at("2025-03-17T09:00")

    asked = story.move("wkr", concern, "escalate", reason="My supervisor is still ill.")

    assert (asked["state"], asked["holder"], "escalated" in story.told("lm", concern)) == (
        "with_line_manager",
        "lm",
        True,
    )


@pytest.mark.clause("HAR-07")
def test_e28_the_third_party_is_asked_where_it_is_not_possible_with_the_supervisor(sandbox: Sandbox) -> None:
    story = sandbox.story(HAR)
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=agreed_terms(HAR, third_party="sup2"))
    story.move("sup", agreement, "sign")
    story.move("wkr", agreement, "sign")
    concern = story.open("wkr", "concerns", about="relationship", statement="We no longer trust each other.")

    asked = story.move("wkr", concern, "escalate", reason="I cannot speak with them about it.")

    assert (asked["state"], asked["holder"]) == ("with_line_manager", "sup2")
    assert ("escalated" in story.told("sup2", concern), story.told("lm", concern)) == (True, [])
    assert last_step(story, concern)["clause"] == "HAR-07"


# -- E30
def referred(sandbox: Sandbox, policy: str, **more: Any) -> tuple[Story, dict[str, Any]]:
    """A serious concern about somebody who is off sick."""
    story = sandbox.story(policy)
    away(story, "wkr")
    body = {"supervisee": "wkr", "about": "record keeping", "facts": "Four visits are not on file.", **more}
    return story, story.open("sup", "referrals", **body)


@pytest.mark.clause("HAR-38")
def test_e30_the_report_waits_for_the_talk_even_if_that_is_by_telephone_or_after_the_return(sandbox: Sandbox) -> None:
    story, referral = referred(sandbox, HAR)
    assert (referral["state"], referral["holder"]) == ("awaiting_supervisee_discussion", "sup")
    assert "submit" not in [move["trigger"] for move in referral["moves"]]
    story.at("2025-03-24T09:00")
    waiting = story.matter("sup", referral)
    assert (waiting["state"], "reminder" in story.told("sup", referral)) == ("awaiting_supervisee_discussion", True)
    assert [story.told(who, referral) for who in ("wkr", "lm", "hos", "hr1")] == [[], [], [], []]

    talked = story.move("sup", referral, "discuss", discussed_on="2025-03-24")

    assert (talked["state"], story.matter("wkr", referral)["data"]["discussed_on"]) == ("draft", "2025-03-24")
    passed = story.move("sup", referral, "submit")
    assert (passed["state"], passed["holder"], bool(story.told("lm", referral))) == ("with_line_manager", "lm", True)


@pytest.mark.clause("HAR-38")
def test_e30_an_immediate_risk_does_not_wait_and_says_why(sandbox: Sandbox) -> None:
    story, referral = referred(sandbox, HAR)

    story.move("sup", referral, "discuss", override_reason="A child is at risk today.")

    step = last_step(story, referral, "sup")
    assert (step["data"]["override"], step["reason"], step["clause"]) == (True, "A child is at risk today.", "HAR-38")
    assert story.told("wkr", referral) == []
    passed = story.move("sup", referral, "submit")
    assert (passed["state"], passed["holder"]) == ("with_line_manager", "lm")
    assert "referral_known" in story.told("wkr", referral)


@pytest.mark.clause("NS-51", "DAR-24", "CBC-63", "LDS-05")
@pytest.mark.parametrize("policy", [NS, LDS, DAR, CBC])
def test_e30_elsewhere_a_written_notice_is_knowledge_enough(sandbox: Sandbox, policy: str) -> None:
    story, referral = referred(sandbox, policy)
    assert (referral["state"], referral["holder"], story.told("wkr", referral)) == ("draft", "sup", [])

    passed = story.move("sup", referral, "submit")

    assert (passed["state"], passed["holder"], bool(story.told("lm", referral))) == ("with_line_manager", "lm", True)
    assert "referral_known" in story.told("wkr", referral)
    assert story.matter("wkr", referral)["holder"] == "lm"
    with_hr = story.move("lm", referral, "forward", reason="Beyond what supervision can mend.")
    assert (with_hr["state"], with_hr["holder_role"]) == ("with_hr", "hr")
    assert referral["id"] in story.inbox("hr1")

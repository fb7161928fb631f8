"""Agreements at the edges: the supervisor changes before both have signed, and terms that undercut the policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import POLICIES, agreed_terms, booked, clause, due, entitlement, held, names, owed
from tests.fixtures.served import Sandbox, Story, ok, problem

CBC, NS, DAR, LDS, HAR = "central-bedfordshire", "north-somerset", "darlington", "leeds", "haringey"
NEW = {"ref": "new", "job_role": "social_worker", "start_date": "2025-03-03", "above": "sup"}


def joined(sandbox: Sandbox, policy: str) -> tuple[Story, dict[str, Any]]:
    """A social worker starts today; the agreement with the supervisor that the service has opened."""
    story = sandbox.story(policy, people=[NEW])
    return story, story.one("new", workflow="agreement")


def change_supervisor(story: Story, at: str) -> None:
    """From a day on the list has another supervisor."""
    story.at(at)
    ok(story.list_people([{**NEW, "line_manager_ref": "sup2", "supervisor_ref": "sup2", "above": "sup2"}]))


def of(story: Story, supervisor: str) -> dict[str, Any]:
    """The agreement of the new worker with somebody."""
    [found] = [
        m for m in story.items("new", "/matters", workflow="agreement") if m["parties"]["supervisor"] == supervisor
    ]
    return story.matter("new", found)


# -- E12
@pytest.mark.clause("CBC-03", "CBC-04")
def test_e12_four_weeks_from_the_employment_run_on_with_the_new_supervisor(sandbox: Sandbox) -> None:
    story, old = joined(sandbox, CBC)
    assert (due(old, "sign_by"), clause(old, "sign_by")) == (("2025-03-31", "running"), "CBC-03")
    story.open("sup", "agreements", supervisee="new", terms=agreed_terms(CBC))
    story.move("new", old, "sign")

    change_supervisor(story, "2025-03-10T09:00")

    ended, begun = of(story, "sup"), of(story, "sup2")
    assert (ended["state"], due(ended, "sign_by")) == ("superseded", ("2025-03-31", "superseded"))
    assert (begun["state"], set(begun["waiting_for"])) == ("draft", {"new", "sup2"})
    assert (due(begun, "sign_by"), clause(begun, "sign_by")) == (("2025-03-31", "running"), "CBC-03")
    assert begun["data"]["signed"] == {}
    assert {who for who in ("new", "sup2") if "agreement_due" in story.told(who, begun)} == {"new", "sup2"}
    story.at("2025-04-01T09:00")
    assert due(of(story, "sup2"), "sign_by") == ("2025-03-31", "missed")
    assert "agreement_late" in story.told("lm", begun)


@pytest.mark.clause("CBC-03", "CBC-04")
def test_e12_a_window_that_has_passed_unsigned_stays_with_the_supervisor_of_then(sandbox: Sandbox) -> None:
    story, _ = joined(sandbox, CBC)

    change_supervisor(story, "2025-04-07T09:00")

    ended, begun = of(story, "sup"), of(story, "sup2")
    assert (ended["state"], due(ended, "sign_by")) == ("superseded", ("2025-03-31", "missed"))
    assert (due(begun, "sign_by"), clause(begun, "sign_by")) == (("2025-05-05", "running"), "product default")


@pytest.mark.clause("HAR-47")
@pytest.mark.parametrize(
    ("changes_at", "status", "next_due"),
    [("2025-04-10T09:00", "superseded", "2025-06-10"), ("2025-05-12T09:00", "missed", "2025-07-12")],
)
def test_e12_two_months_begin_again_and_the_old_agreement_lapses(
    sandbox: Sandbox, changes_at: str, status: str, next_due: str
) -> None:
    story, old = joined(sandbox, HAR)
    assert (due(old, "sign_by"), clause(old, "sign_by")) == (("2025-05-03", "running"), "HAR-47")

    change_supervisor(story, changes_at)

    lapsed, begun = of(story, "sup"), of(story, "sup2")
    assert (lapsed["state"], due(lapsed, "sign_by")) == ("lapsed", ("2025-05-03", status))
    assert (begun["state"], set(begun["waiting_for"])) == ("draft", {"new", "sup2"})
    assert (due(begun, "sign_by"), clause(begun, "sign_by")) == ((next_due, "running"), "HAR-47")
    assert "agreement_due" in story.told("sup2", begun)


@pytest.mark.clause("LDS-18")
def test_e12_a_new_arrangement_has_a_new_contract_on_its_first_day(sandbox: Sandbox) -> None:
    story, old = joined(sandbox, LDS)
    assert due(old, "sign_by") == ("2025-03-03", "running")

    change_supervisor(story, "2025-03-03T15:00")

    ended, begun = of(story, "sup"), of(story, "sup2")
    assert (ended["state"], due(ended, "sign_by")) == ("superseded", ("2025-03-03", "superseded"))
    assert (begun["state"], due(begun, "sign_by"), clause(begun, "sign_by")) == (
        "draft", ("2025-03-03", "running"), "LDS-18",
    )  # fmt: skip
    assert "agreement_due" in story.told("sup2", begun)


@pytest.mark.clause("NS-62", "DAR-28")
@pytest.mark.parametrize("policy", [NS, DAR])
def test_e12_where_the_first_session_counts_the_form_is_withdrawn_and_begun_anew(sandbox: Sandbox, policy: str) -> None:
    story, old = joined(sandbox, policy)
    assert "sign_by" not in names(old)
    held(story, "2025-03-05T11:00", supervisee="new")
    assert due(of(story, "sup"), "sign_by") == ("2025-03-05", "running")

    change_supervisor(story, "2025-03-05T15:00")

    ended, begun = of(story, "sup"), of(story, "sup2")
    assert (ended["state"], due(ended, "sign_by")) == ("superseded", ("2025-03-05", "superseded"))
    assert (begun["state"], "sign_by" in names(begun), set(begun["waiting_for"])) == ("draft", False, {"new", "sup2"})
    held(story, "2025-03-12T11:00", supervisee="new", by="sup2")
    met = of(story, "sup2")
    assert (due(met, "sign_by"), clause(met, "sign_by")) == (("2025-03-12", "running"), "product default")
    assert {who for who in ("new", "sup2") if "agreement_missing" in story.told(who, met)} == {"new", "sup2"}


# -- near misses
@pytest.mark.clause("NS-25", "LDS-39", "DAR-10", "HAR-48", "CBC-07")
@pytest.mark.parametrize(
    ("policy", "cites"), [(NS, "NS-25"), (LDS, "LDS-39"), (DAR, "DAR-10"), (HAR, "HAR-48"), (CBC, "CBC-07")]
)
def test_an_agreement_that_offers_six_weekly_supervision_is_refused(sandbox: Sandbox, policy: str, cites: str) -> None:
    story = sandbox.story(policy)
    before = due(entitlement(story), "supervise_by")
    terms = agreed_terms(policy, every={"value": 6, "unit": "weeks"})

    refused = problem(story.try_open("sup", "agreements", {"supervisee": "wkr", "terms": terms}), 409, "refused")

    assert cites in refused["detail"]
    unsigned = story.one("wkr", workflow="agreement", party="wkr")
    assert (unsigned["state"], unsigned["data"]["terms"]) == ("draft", {})
    assert due(entitlement(story), "supervise_by") == before


@pytest.mark.clause("NS-25", "LDS-21", "DAR-10", "HAR-48", "CBC-74")
@pytest.mark.parametrize("policy", POLICIES)
def test_an_agreement_that_offers_it_fortnightly_holds_once_both_have_signed(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    held(story, "2025-03-03T11:00")
    terms = agreed_terms(policy, every={"value": 2, "unit": "weeks"})
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=terms)
    story.move("sup", agreement, "sign")
    assert due(entitlement(story), "supervise_by") != ("2025-03-17", "running")

    signed = story.move("wkr", agreement, "sign")

    assert (signed["state"], due(entitlement(story), "supervise_by")) == ("active", ("2025-03-17", "running"))


# -- what only the agreement says
@pytest.mark.clause("HAR-49")
def test_e27_in_haringey_the_two_agree_how_soon_they_meet_again(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("haringey")
    terms = agreed_terms("haringey", rebook_within={"value": 2, "unit": "weeks"})
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=terms)
    story.move("sup", agreement, "sign")
    story.move("wkr", agreement, "sign")

    session = booked(story, "2025-03-20T10:00")
    story.move("sup", session, "cancel", cause="diary", reason="A hearing.")

    found = owed(story, session)
    assert (due(found, "rebook_by"), clause(found, "rebook_by")) == (("2025-03-17", "running"), "HAR-49")

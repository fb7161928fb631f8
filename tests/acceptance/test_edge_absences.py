"""A supervisor is away: when that is long, whoever is asked being away as well, and a return before cover has acted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import POLICIES, away, booked, clause, due, entitlement, names, owed
from tests.acceptance.browsing import browsing
from tests.fixtures.served import Sandbox, Story, london, ok, problem

CBC, NS = "central-bedfordshire", "north-somerset"
#: Policies that give no length: cover is found at the first breach. The last day of a worker's supervision, its clause.
BY_BREACH = {"leeds": "2025-03-31", "darlington": "2025-04-03", "haringey": "2025-04-03"}
EVERYBODY = dict.fromkeys(("wkr", "wkr2", "bs"), "sup2")


def wait_for_cover(story: Story, absence: dict[str, Any], at: str) -> dict[str, Any]:
    """The absence at a time at which it has become long."""
    story.at(at)
    found = story.matter("lm", absence)
    assert (found["state"], found["holder"]) == ("awaiting_cover", "lm")
    return found


# -- E16
@pytest.mark.clause("CBC-47", "CBC-60")
def test_e16_two_weeks_are_not_more_than_two_weeks_and_the_fifteenth_day_is(sandbox: Sandbox) -> None:
    story = sandbox.story()
    absence = away(story, "sup")
    assert (due(absence, "long_absence"), clause(absence, "long_absence")) == (
        ("2025-03-17", "running"),
        "CBC-47, CBC-60",
    )
    story.at("2025-03-17T23:59:59")
    assert (story.matter("lm", absence)["state"], story.told("wkr", absence)) == ("reported", [])

    long = wait_for_cover(story, absence, "2025-03-18T00:00")

    assert due(long, "long_absence") == ("2025-03-17", "missed")
    assert "assign_cover" in [move["trigger"] for move in long["moves"]]
    assert absence["id"] in story.inbox("lm")
    story.at("2025-03-18T09:00")
    assert all(story.told(who, absence) for who in ("lm", "wkr", "wkr2", "bs"))
    assert [story.told(who, absence) for who in ("sup2", "hos", "hr1")] == [[], [], []]


@pytest.mark.clause("CBC-47")
def test_e16_a_return_on_the_fifteenth_day_is_in_time(sandbox: Sandbox) -> None:
    story = sandbox.story()
    absence = away(story, "sup")
    story.at("2025-03-17T09:00")

    returned = story.move("hr1", absence, "return", last_day="2025-03-16")

    assert returned["state"] == "returned"
    story.at("2025-03-19T09:00")
    assert "long" not in story.triggers("hr1", absence)
    assert story.told("wkr", absence) == []


@pytest.mark.clause("NS-67", "NS-81")
def test_e16_four_weeks_end_on_a_sunday_and_the_line_manager_may_be_asked_from_the_first_day(sandbox: Sandbox) -> None:
    story = sandbox.story(NS)
    absence = away(story, "sup")
    assert (due(absence, "long_absence"), clause(absence, "long_absence")) == (("2025-03-30", "running"), "NS-67")

    concern = story.open("wkr", "concerns", about="not_happening", statement="My supervisor is away.")
    asked = story.move("wkr", concern, "escalate", reason="There is nobody to ask.")

    assert (asked["state"], asked["holder"]) == ("with_line_manager", "lm")
    assert "escalated" in story.told("lm", concern)
    long = wait_for_cover(story, absence, "2025-03-31T00:00")
    assert due(long, "long_absence") == ("2025-03-30", "missed")
    story.at("2025-03-31T09:00")
    assert all(story.told(who, absence) for who in ("lm", "wkr", "wkr2", "bs"))


@pytest.mark.clause("LDS-38", "DAR-08", "HAR-22")
@pytest.mark.parametrize("policy", BY_BREACH)
def test_e16_elsewhere_cover_is_sought_at_the_first_supervision_that_is_missed(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    absence = away(story, "sup")
    last_day = BY_BREACH[policy]
    assert "long_absence" not in names(absence)
    assert due(entitlement(story), "supervise_by") == (last_day, "running")
    story.at(f"{last_day}T23:59:59")
    assert story.matter("hr1", absence)["state"] == "reported"

    story.at("2025-04-04T09:00")

    found = story.matter("lm", absence)
    assert (found["state"], found["holder"]) == ("awaiting_cover", "lm")
    step = next(s for s in story.items("lm", f"/matters/{absence['id']}/history") if s["trigger"] == "first_breach")
    assert step["clause"] == "product default"
    assert due(entitlement(story), "supervise_by") == (last_day, "missed")
    assert story.told("lm", absence)
    assert story.told("wkr", absence)


# -- a supervisor who is not the line manager
def supervised_elsewhere(sandbox: Sandbox, policy: str) -> Story:
    """A council in which somebody supervises the social worker who does not manage them."""
    return sandbox.story(policy, people=[{"ref": "wkr", "line_manager_ref": "sup", "supervisor_ref": "sup2"}])


@pytest.mark.parametrize("policy", [CBC, "leeds"])
def test_a_supervisor_who_is_no_manager_records_an_absence_and_its_return(either_sandbox: Sandbox, policy: str) -> None:
    story = supervised_elsewhere(either_sandbox, policy)
    body, key = {"person": "wkr", "first_day": "2025-03-03", "cause": "sickness"}, {"Idempotency-Key": "reported"}

    absence = ok(story.try_open("sup2", "absences", body, key), 201)

    assert ok(story.try_open("sup2", "absences", body, key), 201) == absence
    found = story.matter("sup2", absence)
    assert (found["data"]["cause"], found["moves"]) == ("sickness", absence["moves"])
    assert absence["id"] in {m["id"] for m in story.items("sup2", "/matters", workflow="absence")}
    assert story.move("sup2", absence, "return", last_day="2025-03-03")["state"] == "returned"
    assert story.matter("sup2", absence)["state"] == "returned"


def test_whoever_covers_reads_of_no_absence_that_was_over_before(either_sandbox: Sandbox) -> None:
    story = supervised_elsewhere(either_sandbox, CBC)
    absence = away(story, "wkr")
    story.move("hr1", absence, "return", last_day="2025-03-03")

    assert story.items("sup2", "/matters", workflow="absence") == []
    problem(story.send("sup2", "GET", f"/matters/{absence['id']}"), 404, "not_found")


def test_a_supervisor_who_is_no_manager_hears_of_an_absence_that_somebody_else_has_recorded(
    either_sandbox: Sandbox,
) -> None:
    story = supervised_elsewhere(either_sandbox, CBC)

    absence = away(story, "wkr")

    assert {trigger["trigger"] for trigger in story.matter("sup2", absence)["moves"]} == {"return", "amend", "cancel"}
    problem(story.send("wkr2", "GET", f"/matters/{absence['id']}"), 404, "not_found")


# -- E17
@pytest.mark.clause("CBC-47", "NS-67")
@pytest.mark.parametrize(
    ("policy", "counted_from", "last_day", "long_at"),
    [(CBC, "2025-03-24", "2025-04-07", "2025-04-08T00:00"), (NS, "2025-03-03", "2025-03-30", "2025-03-31T00:00")],
)
def test_e17_planned_leave_and_then_sickness(
    sandbox: Sandbox, policy: str, counted_from: str, last_day: str, long_at: str
) -> None:
    story = sandbox.story(policy)
    leave = story.open(
        "hr1", "absences", person="sup", first_day="2025-03-03", expected_return="2025-03-24", cause="planned"
    )
    assert leave["state"] == "reported"
    story.at("2025-03-24T08:30")

    sickness = away(story, "sup", "2025-03-24")

    assert story.matter("hr1", leave)["state"] == "returned"
    assert sickness["data"]["counted_from"] == counted_from
    assert due(sickness, "long_absence") == (last_day, "running")
    wait_for_cover(story, sickness, long_at)
    assert [m["id"] for m in story.items("hr1", "/matters", workflow="absence", open="true")] == [sickness["id"]]


# -- E18
def missed_by(duty: dict[str, Any]) -> list[str]:
    """The days by which supervision was owed and did not take place."""
    missed = (d for d in duty["deadlines"] if (d["name"], d["status"]) == ("supervise_by", "missed"))
    return [d["due"][: len("2025-03-31")] for d in missed]


def sick_since_the_third(sandbox: Sandbox, policy: str) -> tuple[Story, dict[str, Any], dict[str, Any]]:
    """A supervisor ill since 3 March, a session cancelled for it, and 2 April, when the first supervision is missed."""
    story = sandbox.story(policy)
    session = booked(story, "2025-03-03T14:00")
    absence = away(story, "sup")
    story.move("wkr", session, "cancel", cause="sickness", whose="sup", reason="Rang in ill.")
    duty = owed(story, session, "wkr")
    story.at("2025-04-01T09:00")
    assert story.matter("lm", absence)["state"] in ("awaiting_cover", "with_senior_manager")
    assert (entitlement(story)["state"], missed_by(entitlement(story))) == ("overdue", ["2025-03-31"])
    return story, absence, duty


@pytest.mark.clause("CBC-46", "CBC-47", "CBC-59", "NS-66", "NS-67")
@pytest.mark.parametrize("policy", [CBC, NS])
def test_e18_a_return_before_cover_is_found_ends_the_search_and_the_miss_stays(sandbox: Sandbox, policy: str) -> None:
    story, absence, duty = sick_since_the_third(sandbox, policy)
    story.at("2025-04-02T09:00")

    returned = story.move("hr1", absence, "return", last_day="2025-04-01")

    assert (returned["state"], returned["holder"]) == ("returned", None)
    assert absence["id"] not in [*story.inbox("lm"), *story.inbox("hos")]
    missed = entitlement(story)
    assert (missed["state"], missed["holder"], missed_by(missed)) == ("overdue", "sup", ["2025-03-31"])
    waiting = story.matter("wkr", duty)
    if policy == CBC:
        assert (waiting["state"], due(waiting, "rebook_by")) == ("awaiting_rebooking", ("2025-04-09", "running"))
        assert clause(waiting, "rebook_by") == "CBC-59"
    else:
        assert (waiting["holder"], due(waiting, "rebook_by")) == ("hos", ("2025-03-10", "missed"))
        assert clause(waiting, "rebook_by") == "product default"


@pytest.mark.clause("CBC-46", "CBC-47", "NS-67")
@pytest.mark.parametrize("policy", [CBC, NS])
def test_e18_an_alternative_that_is_booked_stands_and_satisfies_both(sandbox: Sandbox, policy: str) -> None:
    story, absence, duty = sick_since_the_third(sandbox, policy)
    holder = story.matter("hr1", absence)["holder"]
    story.move(holder, absence, "assign_cover", cover=EVERYBODY)
    alternative = booked_by_cover(story)
    story.at("2025-04-02T09:00")

    story.move("hr1", absence, "return", last_day="2025-04-01")

    stands = story.matter("wkr", alternative)
    assert (stands["state"], stands["parties"]["supervisor"]) == ("scheduled", "sup")
    problem(
        story.try_open("sup2", "records", {"supervisee": "wkr", "kind": "personal", "sections": {}}),
        403,
        "not_your_move",
    )
    story.at("2025-04-03T11:00")
    story.move("sup", alternative, "hold", held_at=london("2025-04-03T11:00"), minutes=60)
    assert story.matter("wkr", duty)["state"] == "replaced"
    renewed = entitlement(story)
    assert (renewed["state"], renewed["deadlines"][0]["status"]) == ("on_track", "missed")
    assert due(renewed, "supervise_by") == ("2025-05-31" if policy == CBC else "2025-05-01", "running")


def booked_by_cover(story: Story) -> dict[str, Any]:
    """The session that the cover supervisor has booked with the worker."""
    return story.open(
        "sup2", "sessions", supervisee="wkr", kind="personal", starts_at=london("2025-04-03T10:00"), minutes=60
    )


# -- E11
@pytest.mark.clause("NS-61", "LDS-30", "DAR-31", "HAR-10", "CBC-69")
@pytest.mark.parametrize("policy", POLICIES)
def test_e11_a_line_manager_on_leave_is_passed_over_and_the_substitution_is_recorded(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy)
    away(story, "lm", cause="planned")
    concern = story.open("wkr", "concerns", about="not_happening", statement="No session for five weeks.")
    assert (concern["state"], concern["holder"]) == ("with_supervisor", "sup")

    story.at("2025-03-18T09:00")

    climbed = story.matter("wkr", concern)
    assert (climbed["state"], climbed["holder"]) == ("with_line_manager", "hos")
    step = story.items("wkr", f"/matters/{concern['id']}/history")[-1]
    assert (step["trigger"], step["data"]["skipped"], step["data"]["asked"]) == ("climb", [["lm", "absent"]], "hos")
    assert ("escalated" in story.told("hos", concern), story.told("lm", concern)) == (True, [])
    assert [move["trigger"] for move in story.matter("sup", concern)["moves"]] == []


@pytest.mark.clause("NS-53", "DAR-31", "HAR-10", "CBC-69")
@pytest.mark.parametrize("policy", POLICIES)
def test_e11_a_manager_who_goes_on_leave_while_asked_passes_it_on_at_once(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    concern = story.open("wkr", "concerns", about="not_happening", statement="No session for five weeks.")
    story.at("2025-03-18T09:00")
    assert story.matter("wkr", concern)["holder"] == "lm"

    away(story, "lm", "2025-03-18", "planned")

    passed = story.matter("wkr", concern)
    assert (passed["state"], passed["holder"]) == ("with_line_manager", "hos")
    step = story.items("wkr", f"/matters/{concern['id']}/history")[-1]
    assert (step["trigger"], step["data"]["passed_over"], step["data"]["why"]) == ("pass_on", "lm", "absent")
    assert due(passed, "climb_by") == ("2025-04-01", "running")
    assert "escalated" in story.told("hos", concern)


@pytest.mark.clause("CBC-47", "CBC-60")
def test_e11_the_report_of_a_long_absence_goes_to_the_next_tier_as_well(sandbox: Sandbox) -> None:
    story = sandbox.story()
    away(story, "lm", cause="planned")
    absence = away(story, "sup")

    story.at("2025-03-18T09:00")

    found = story.matter("hos", absence)
    assert (found["state"], found["holder"]) == ("awaiting_cover", "hos")
    assert "escalated" not in story.told("lm", absence)
    assert story.move("hos", absence, "assign_cover", cover=EVERYBODY)["state"] == "covered"


@pytest.mark.clause("LDS-30")
def test_e11_in_a_school_another_of_the_listed_roles_is_asked(sandbox: Sandbox) -> None:
    governors = [{"ref": ref, "job_role": "governor", "setting": "school"} for ref in ("gov1", "gov2")]
    head = {"ref": "head", "job_role": "head_teacher", "setting": "school", "line_manager_ref": "gov1"}
    lead = {"ref": "dsl", "job_role": "designated_safeguarding_lead", "setting": "school", "above": "head"}
    story = sandbox.story("leeds", people=[*governors, head, lead])
    away(story, "gov1", cause="planned")
    concern = story.open("dsl", "concerns", about="not_happening", statement="No session for five weeks.")

    story.at("2025-03-18T09:00")

    climbed = story.matter("dsl", concern)
    assert (climbed["state"], climbed["holder"]) == ("with_line_manager", "gov2")
    assert "escalated" in story.told("gov2", concern)


@pytest.mark.clause("HAR-07")
def test_e11_the_third_party_whom_the_agreement_names_is_asked_about_the_relationship(sandbox: Sandbox) -> None:
    story = sandbox.story("haringey")
    terms = {"frequency": "monthly", "location": "Room 4", "duration": "90 minutes", "third_party": "sup2",
             "cancelling": "by telephone", "case_recorder": "sup", "development_recorder": "sup"}  # fmt: skip
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=terms)
    story.move("sup", agreement, "sign")
    story.move("wkr", agreement, "sign")
    away(story, "lm", cause="planned")
    concern = story.open("wkr", "concerns", about="relationship", statement="We no longer trust each other.")

    story.at("2025-03-18T09:00")

    climbed = story.matter("wkr", concern)
    assert (climbed["state"], climbed["holder"]) == ("with_line_manager", "sup2")
    assert "escalated" in story.told("sup2", concern)


# -- nobody above
@pytest.mark.clause("LDS-30")
def test_a_governor_is_offered_themself_and_whom_the_head_supervises_as_cover_for_the_head(sandbox: Sandbox) -> None:
    people = [
        {"ref": "gov", "job_role": "governor", "setting": "school"},
        {"ref": "head", "job_role": "head_teacher", "setting": "school"},
        {"ref": "dep", "job_role": "deputy_head", "setting": "school", "above": "head"},
        {"ref": "dsl", "job_role": "designated_safeguarding_lead", "setting": "school", "above": "head"},
    ]
    story = sandbox.story("leeds", people=people)
    absence = away(story, "head", "2025-03-05")
    story.at("2025-04-01T09:00")
    assert story.matter("gov", absence)["holder"] == "gov"
    with browsing(story, "gov") as browser:
        page = browser.get(f"/matters/{absence['id']}/moves/assign_cover").text
    assert all(f'<option value="{ref}"' in page for ref in ("gov", "dep", "dsl"))
    covered = story.move("gov", absence, "assign_cover", cover={"dep": "gov", "dsl": "dep"})
    assert (covered["state"], covered["data"]["cover"]) == ("covered", {"dep": "gov", "dsl": "dep"})
    assert story.matter("gov", absence)["data"]["cover"] == covered["data"]["cover"]

"""How often cases are supervised at the edges: a step up, a rating that waits, two rows, no row at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import away, case_of, clause, due, held
from tests.fixtures.served import Sandbox, Story, problem

CBC, NS, DAR, LDS, HAR = "central-bedfordshire", "north-somerset", "darlington", "leeds", "haringey"


def set_frequency(story: Story, category: str, by: str = "sup", **more: Any) -> dict[str, Any]:
    """A status that the supervisor has given the case."""
    return story.open(by, "frequencies", case="c1", category=category, reason="Its plan has changed.", **more)


def with_case(sandbox: Sandbox, policy: str, now: str = "2025-03-03T09:00", **more: Any) -> Story:
    """A story with the worker's case."""
    return sandbox.story(policy, now, cases=[case_of(policy, **more)])


def current(story: Story) -> dict[str, Any]:
    """The assignment of the case that runs now."""
    running = ("on_track", "overdue", "with_line_manager", "with_senior_manager")
    [found] = [m for m in story.items("sup", "/matters", workflow="frequency", case="c1") if m["state"] in running]
    return story.matter("sup", found)


# -- E19
@pytest.mark.clause("NS-30", "NS-32", "DAR-16", "DAR-17", "DAR-18", "CBC-17", "CBC-20", "CBC-21", "CBC-22")
@pytest.mark.parametrize(
    ("policy", "before", "until", "after", "under"),
    [
        (NS, {"category": "child-in-need"}, ("2025-04-28", "NS-30"), {"category": "child-protection"}, "NS-32"),
        (DAR, {"category": "rated", "rating": "amber"}, ("2025-05-03", "DAR-18"),
         {"category": "rated", "rating": "red"}, "DAR-17"),
        (CBC, {"category": "leaving-care", "criteria": ["settled"]}, ("2025-06-03", "CBC-21"),
         {"category": "leaving-care", "criteria": ["high-need"]}, "CBC-22"),
        (CBC, {"category": "looked-after", "criteria": ["matched"]}, ("2025-06-03", "CBC-17"),
         {"category": "looked-after", "criteria": ["matched", "placement-fragile"]}, "product default"),
    ],
    ids=["north-somerset", "darlington", "central-bedfordshire-need", "central-bedfordshire-risk"],
)  # fmt: skip
def test_e19_a_step_up_is_due_on_the_day_of_the_change_and_never_before(
    sandbox: Sandbox, policy: str, before: dict[str, Any], until: tuple[str, str], after: dict[str, Any], under: str
) -> None:
    story = with_case(sandbox, policy)
    held(story, "2025-03-03T11:00", "case", ("c1",))
    first = set_frequency(story, **before)
    assert (due(first, "supervise_by"), clause(first, "supervise_by")) == ((until[0], "running"), until[1])
    story.at("2025-04-07T10:00")

    second = set_frequency(story, **after)

    assert (second["state"], due(second, "supervise_by")) == ("on_track", ("2025-04-07", "running"))
    assert under in str(second["data"]["clause"])
    assert story.matter("sup", first)["state"] == "superseded"
    assert "frequency_set" in story.told("wkr", second)
    story.at("2025-04-08T09:00")
    late = story.matter("sup", second)
    assert (late["state"], late["holder"], due(late, "supervise_by")) == ("overdue", "sup", ("2025-04-07", "missed"))
    assert ("overdue" in story.told("wkr", second), "overdue" in story.told("sup", second)) == (True, True)


@pytest.mark.clause("CBC-22")
def test_e19_a_step_up_while_the_shorter_interval_still_runs_is_due_at_its_end(sandbox: Sandbox) -> None:
    story = with_case(sandbox, CBC)
    held(story, "2025-03-03T11:00", "case", ("c1",))
    set_frequency(story, "leaving-care", criteria=["settled"])
    story.at("2025-03-20T10:00")

    assert due(set_frequency(story, "leaving-care", criteria=["high-need"]), "supervise_by") == (
        "2025-04-03",
        "running",
    )


@pytest.mark.clause("HAR-29", "LDS-37")
@pytest.mark.parametrize(
    ("policy", "category", "criteria", "last_day", "under"),
    [
        (HAR, "adult", ["high-risk"], "2025-06-03", "HAR-29"),
        (LDS, "child", ["child-protection"], "2025-04-28", "product default"),
    ],
)
def test_e19_where_one_rule_serves_every_case_a_change_moves_nothing(
    sandbox: Sandbox, policy: str, category: str, criteria: list[str], last_day: str, under: str
) -> None:
    story = with_case(sandbox, policy)
    held(story, "2025-03-03T11:00", "case", ("c1",))
    assert due(current(story), "supervise_by") == (last_day, "running")
    story.at("2025-04-07T10:00")

    changed = set_frequency(story, category, criteria=criteria)

    assert (changed["state"], due(changed, "supervise_by")) == ("on_track", (last_day, "running"))
    assert clause(changed, "supervise_by") == under


# -- E20
def proposed_green(sandbox: Sandbox) -> tuple[Story, dict[str, Any], dict[str, Any]]:
    """A Red case, supervised on 10 March, for which Green is proposed on 1 April."""
    story = with_case(sandbox, DAR, "2025-03-10T09:00")
    red = set_frequency(story, "rated", criteria=["child-protection"], rating="red")
    held(story, "2025-03-10T11:00", "case", ("c1",))
    story.at("2025-04-01T10:00")
    green = set_frequency(story, "rated", criteria=["in-need"], rating="green")
    assert (green["state"], green["holder"], green["holder_role"]) == ("awaiting_approval", None, "head_of_service")
    assert due(story.matter("sup", red), "supervise_by") == ("2025-04-10", "running")
    return story, red, green


@pytest.mark.clause("DAR-16", "DAR-17", "DAR-19", "DAR-22")
def test_e20_green_approved_in_time_moves_the_date(sandbox: Sandbox) -> None:
    story, red, green = proposed_green(sandbox)
    problem(story.try_move("sup", green, "approve"), 403, "not_your_move")
    assert (green["id"] in story.inbox("hos"), "approval_asked" in story.told("hos", green)) == (True, True)
    story.at("2025-04-08T10:00")

    approved = story.move("hos", green, "approve")

    assert (approved["state"], due(approved, "supervise_by")) == ("on_track", ("2025-06-10", "running"))
    assert clause(approved, "supervise_by") == "DAR-19"
    old = story.matter("sup", red)
    assert (old["state"], due(old, "supervise_by")) == ("superseded", ("2025-04-10", "superseded"))
    assert ("frequency_set" in story.told("sup", green), "frequency_set" in story.told("wkr", green)) == (True, True)


@pytest.mark.clause("DAR-17", "DAR-22")
def test_e20_green_approved_too_late_leaves_the_miss_where_it_was(sandbox: Sandbox) -> None:
    story, red, green = proposed_green(sandbox)
    story.at("2025-04-14T10:00")
    assert (story.matter("sup", red)["state"], "overdue" in story.told("wkr", red)) == ("overdue", True)

    approved = story.move("hos", green, "approve")

    assert (approved["state"], due(approved, "supervise_by")) == ("on_track", ("2025-06-10", "running"))
    assert due(story.matter("sup", red), "supervise_by") == ("2025-04-10", "missed")
    assert approved["data"]["breaches"] == 1


@pytest.mark.clause("DAR-16", "DAR-22")
def test_e20_green_refused_leaves_red_as_it_was_and_red_needs_nobody(sandbox: Sandbox) -> None:
    story, red, green = proposed_green(sandbox)

    refused = story.move("hos", green, "refuse", reason="The plan is three weeks old.")

    assert (refused["state"], story.matter("sup", red)["state"]) == ("refused", "on_track")
    assert due(story.matter("sup", red), "supervise_by") == ("2025-04-10", "running")
    assert "frequency_refused" in story.told("sup", green)
    again = set_frequency(story, "rated", criteria=["in-need"], rating="green")
    story.move("hos", again, "approve")
    story.at("2025-04-02T10:00")
    raised = set_frequency(story, "rated", criteria=["child-protection"], rating="red")
    assert (raised["state"], due(raised, "supervise_by")) == ("on_track", ("2025-04-10", "running"))


@pytest.mark.clause("DAR-22")
def test_e20_while_the_head_of_service_is_away_a_deputy_of_higher_rank_decides(sandbox: Sandbox) -> None:
    story = with_case(sandbox, DAR, "2025-03-10T09:00")
    away(story, "hos", "2025-03-10", "planned")

    green = set_frequency(story, "rated", criteria=["in-need"], rating="green")

    assert (green["state"], green["holder"]) == ("awaiting_approval", "ad")
    assert "escalated" in story.told("ad", green)
    problem(story.try_move("lm", green, "approve"), 403, "not_your_move")
    assert story.move("ad", green, "approve")["state"] == "on_track"


@pytest.mark.clause("NS-34", "CBC-20")
@pytest.mark.parametrize(
    ("policy", "before", "after", "last_day"),
    [(NS, {"category": "in-care-new"}, {"category": "in-care-stable"}, "2025-05-26"),
     (CBC, {"category": "looked-after", "criteria": ["proceedings"]},
      {"category": "looked-after", "criteria": ["matched"]}, "2025-06-03")],
)  # fmt: skip
def test_e20_elsewhere_a_longer_interval_of_the_table_needs_no_approval(
    sandbox: Sandbox, policy: str, before: dict[str, Any], after: dict[str, Any], last_day: str
) -> None:
    story = with_case(sandbox, policy)
    held(story, "2025-03-03T11:00", "case", ("c1",))
    set_frequency(story, **before)

    eased = set_frequency(story, **after)

    assert (eased["state"], due(eased, "supervise_by")) == ("on_track", (last_day, "running"))


# -- E22
@pytest.mark.clause("NS-31", "NS-32", "NS-33", "CBC-15", "CBC-19", "CBC-26", "DAR-15", "DAR-21", "HAR-29", "LDS-37")
@pytest.mark.parametrize(
    ("policy", "status", "last_day", "under"),
    [
        (NS, {"category": "disability", "criteria": ["child-protection"]}, "2025-03-31", "NS-32"),
        (NS, {"category": "disability", "criteria": ["in-care-new"]}, "2025-03-31", "NS-33"),
        (NS, {"category": "disability"}, "2025-04-28", "NS-31"),
        (NS, {"category": "youth-justice", "criteria": ["child-protection", "in-care-new"]}, "2025-03-31", "NS-32"),
        (CBC, {"category": "disability", "criteria": ["plan-reviewed", "child-protection"]}, "2025-04-03",
         "CBC-15, CBC-26"),
        (CBC, {"category": "looked-after", "criteria": ["matched", "proceedings"]}, "2025-04-03", "CBC-19"),
        (DAR, {"category": "rated", "rating": "amber", "criteria": ["child-protection"]}, "2025-05-03", "DAR-18"),
        (HAR, {"category": "adult", "criteria": ["high-risk", "safeguarding"]}, "2025-06-03", "HAR-29"),
        (LDS, {"category": "child", "criteria": ["child-protection", "looked-after"]}, "2025-04-28", "product default"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.get("criteria", ["alone"]))),
)  # fmt: skip
def test_e22_of_two_rows_that_fit_the_more_frequent_counts(
    sandbox: Sandbox, policy: str, status: dict[str, Any], last_day: str, under: str
) -> None:
    story = with_case(sandbox, policy, plan_review_weeks=26)
    held(story, "2025-03-03T11:00", "case", ("c1",))

    found = set_frequency(story, **status)

    assert (found["state"], due(found, "supervise_by"), clause(found, "supervise_by")) == (
        "on_track", (last_day, "running"), under,
    )  # fmt: skip
    if policy == DAR:
        assert (found["data"]["suggested"], found["data"]["rating"]) == ("red", "amber")


@pytest.mark.clause("NS-33", "NS-34")
def test_e22_after_exactly_a_year_in_care_four_weeks_go_on_until_somebody_finds_it_stable(sandbox: Sandbox) -> None:
    story = with_case(sandbox, NS, category="in-care-new", allocated_on="2024-03-03")
    held(story, "2025-03-03T11:00", "case", ("c1",))
    assert (due(current(story), "supervise_by"), clause(current(story), "supervise_by")) == (
        ("2025-03-31", "running"), "NS-33",
    )  # fmt: skip

    stable = set_frequency(story, "in-care-stable")

    assert (due(stable, "supervise_by"), clause(stable, "supervise_by")) == (("2025-05-26", "running"), "NS-34")


# -- E23
@pytest.mark.clause("NS-35", "NS-36")
@pytest.mark.parametrize("category", ["leaving-care", "youth-justice"])
def test_e23_a_row_that_the_policy_leaves_blank_is_watched_and_listed(sandbox: Sandbox, category: str) -> None:
    story = with_case(sandbox, NS, category=category)

    found = current(story)

    assert (found["state"], due(found, "supervise_by")) == ("on_track", ("2025-04-28", "running"))
    assert (clause(found, "supervise_by"), bool(found["data"]["exception"])) == ("product default", True)
    story.at("2025-04-29T09:00")
    late = current(story)
    assert (late["state"], late["holder"], "overdue" in story.told("wkr", late)) == ("overdue", "sup", True)


@pytest.mark.clause("DAR-15", "DAR-21")
def test_e23_a_case_outside_the_listed_criteria_is_rated_all_the_same(sandbox: Sandbox) -> None:
    story = with_case(sandbox, DAR)
    unrated = current(story)
    assert (due(unrated, "supervise_by"), bool(unrated["data"]["exception"])) == (("2025-04-03", "running"), True)
    refused = problem(
        story.try_open("sup", "frequencies", {"case": "c1", "category": "rated", "reason": "New."}), 409, "refused"
    )
    assert refused["guard"] == "rating_fits"

    rated = set_frequency(story, "rated", rating="amber")

    assert (rated["state"], due(rated, "supervise_by"), rated["data"]["exception"]) == (
        "on_track", ("2025-05-03", "running"), None,
    )  # fmt: skip
    assert story.matter("sup", unrated)["state"] == "superseded"


@pytest.mark.clause("CBC-24")
def test_e23_a_plan_without_a_review_interval_is_monthly_with_a_warning(sandbox: Sandbox) -> None:
    story = with_case(sandbox, CBC)

    found = set_frequency(story, "disability", criteria=["plan-reviewed"])

    assert (due(found, "supervise_by"), clause(found, "supervise_by")) == (("2025-04-03", "running"), "CBC-24")
    assert "not known" in found["data"]["exception"]

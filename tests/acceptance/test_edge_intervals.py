"""How often workers are supervised where months, phases and holidays make it hard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.acceptance.beginnings import clause, due, entitlement, held
from tests.fixtures.served import Sandbox, Story, ok, problem

CBC, NS, DAR, LDS, HAR = "central-bedfordshire", "north-somerset", "darlington", "leeds", "haringey"
PHASES = [(NS, "NS-24"), (DAR, "DAR-09"), (CBC, "CBC-06")]


def newly_qualified(sandbox: Sandbox, policy: str, since: str, now: str) -> Story:
    """A story in which the worker is in the first year since qualifying."""
    return sandbox.story(policy, now, [{"ref": "wkr", "start_date": since, "nqsw_start": since}])


def supervised(story: Story, day: str) -> dict[str, Any]:
    """What the worker is owed once a session was held on a day."""
    held(story, f"{day}T11:00")
    return entitlement(story)


# -- E13
@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize(("policy", "under"), PHASES)
def test_e13_the_phase_that_the_due_date_falls_in_decides_at_week_seven(
    sandbox: Sandbox, policy: str, under: str
) -> None:
    story = newly_qualified(sandbox, policy, "2025-01-06", "2025-02-06T09:00")
    first = supervised(story, "2025-02-06")
    assert (first["state"], due(first, "supervise_by"), clause(first, "supervise_by")) == (
        "on_track", ("2025-02-13", "running"), under,
    )  # fmt: skip

    second = supervised(story, "2025-02-13")

    assert (second["state"], second["holder"]) == ("on_track", None)
    assert (due(second, "supervise_by"), clause(second, "supervise_by")) == (("2025-02-27", "running"), under)


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize(("policy", "under"), PHASES)
def test_e13_what_was_missed_in_the_first_phase_stays_missed_in_the_second(
    sandbox: Sandbox, policy: str, under: str
) -> None:
    story = newly_qualified(sandbox, policy, "2025-01-06", "2025-02-06T09:00")
    supervised(story, "2025-02-06")
    story.at("2025-02-13T23:59:59")
    assert entitlement(story)["state"] == "on_track"
    story.at("2025-02-14T00:00")
    assert (entitlement(story)["state"], entitlement(story)["holder"]) == ("overdue", "sup")

    story.at("2025-02-18T09:00")

    late = entitlement(story)
    assert (late["state"], due(late, "supervise_by"), clause(late, "supervise_by")) == (
        "overdue", ("2025-02-13", "missed"), under,
    )  # fmt: skip
    assert {who for who in ("wkr", "sup", "lm") if "overdue" in story.told(who, late)} >= {"wkr", "sup"}
    renewed = supervised(story, "2025-02-18")
    assert (renewed["state"], due(renewed, "supervise_by")) == ("on_track", ("2025-03-04", "running"))
    assert [d["status"] for d in renewed["deadlines"] if d["name"] == "supervise_by"].count("missed") == 1


@pytest.mark.clause("LDS-21", "LDS-38", "HAR-22", "HAR-35")
@pytest.mark.parametrize(
    ("policy", "last_day", "under"), [(LDS, "2025-03-06", "LDS-38"), (HAR, "2025-03-06", "HAR-22")]
)
def test_e13_elsewhere_the_newly_qualified_have_no_schedule_of_their_own(
    sandbox: Sandbox, policy: str, last_day: str, under: str
) -> None:
    story = newly_qualified(sandbox, policy, "2025-01-06", "2025-02-06T09:00")

    found = supervised(story, "2025-02-06")

    assert (found["state"], due(found, "supervise_by"), clause(found, "supervise_by")) == (
        "on_track", (last_day, "running"), under,
    )  # fmt: skip


# -- E14
@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize(
    ("policy", "last_day", "under"),
    [(NS, "2025-07-28", "NS-24"), (DAR, "2025-07-30", "DAR-09"), (CBC, "2025-07-30", "CBC-06")],
)
def test_e14_at_six_months_the_third_phase_begins(sandbox: Sandbox, policy: str, last_day: str, under: str) -> None:
    story = newly_qualified(sandbox, policy, "2025-01-06", "2025-06-20T09:00")
    early = supervised(story, "2025-06-20")
    assert due(early, "supervise_by") == ("2025-07-04", "running")

    found = supervised(story, "2025-06-30")

    assert (found["state"], due(found, "supervise_by"), clause(found, "supervise_by")) == (
        "on_track", (last_day, "running"), under,
    )  # fmt: skip
    story.at(f"{last_day}T23:59:59")
    assert entitlement(story)["state"] == "on_track"


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize("policy", [NS, DAR, CBC])
def test_e14_six_months_from_the_end_of_august_end_with_february(sandbox: Sandbox, policy: str) -> None:
    story = newly_qualified(sandbox, policy, "2025-08-31", "2026-02-13T09:00")

    assert due(supervised(story, "2026-02-13"), "supervise_by") == ("2026-02-27", "running")
    assert due(supervised(story, "2026-02-16"), "supervise_by") == ("2026-03-16", "running")


@pytest.mark.clause("CBC-06", "CBC-07")
def test_e14_after_the_assessed_year_the_calendar_month_counts(sandbox: Sandbox) -> None:
    story = newly_qualified(sandbox, CBC, "2025-01-06", "2025-12-05T09:00")
    last_of_year = supervised(story, "2025-12-05")
    assert (due(last_of_year, "supervise_by"), clause(last_of_year, "supervise_by")) == (
        ("2026-01-05", "running"), "CBC-06",
    )  # fmt: skip

    after = supervised(story, "2025-12-15")

    assert (due(after, "supervise_by"), clause(after, "supervise_by")) == (("2026-01-31", "running"), "CBC-07")


@pytest.mark.clause("CBC-06", "CBC-07")
def test_e14_while_the_assessed_year_is_extended_the_monthly_phase_goes_on(either_sandbox: Sandbox) -> None:
    story = newly_qualified(either_sandbox, CBC, "2025-01-06", "2025-12-15T09:00")
    assert due(supervised(story, "2025-12-15"), "supervise_by") == ("2026-01-31", "running")
    extended = "ref,name,email,job_role,nqsw_extended_to\nwkr,Person wkr,wkr@council.example,social_worker,{}\n"
    bad = problem(story.take("people", extended.format("2024-12-31")), 422, "invalid")
    assert "after it began" in bad["errors"][0]["message"]

    ok(story.take("people", extended.format("2026-07-05")))

    found = entitlement(story)
    assert (due(found, "supervise_by"), clause(found, "supervise_by")) == (("2026-01-15", "running"), "CBC-06")
    assert story.get("wkr", "/me")["nqsw_extended_to"] == "2026-07-05"
    [listed] = story.items("sup", "/exceptions", workflow="entitlement", party="wkr")
    assert (listed["id"], listed["exception"]["because"]) == (
        found["id"], "The first year as a newly qualified worker is extended to 2026-07-05.",
    )  # fmt: skip
    story.at("2026-06-20T09:00")
    assert due(supervised(story, "2026-06-20"), "supervise_by") == ("2026-07-31", "running")
    ok(story.take("people", extended.format("")))
    assert story.items("sup", "/exceptions", workflow="entitlement", party="wkr") == []


# -- E15
@pytest.mark.clause("CBC-07")
def test_e15_two_sessions_57_days_apart_each_fill_their_calendar_month(sandbox: Sandbox) -> None:
    story = sandbox.story(CBC, "2025-01-02T09:00")
    first = supervised(story, "2025-01-02")
    assert (due(first, "supervise_by"), clause(first, "supervise_by")) == (("2025-02-28", "running"), "CBC-07")

    second = supervised(story, "2025-02-28")

    assert (second["state"], due(second, "supervise_by")) == ("on_track", ("2025-03-31", "running"))
    assert "expire" not in story.triggers("wkr", second)
    assert "overdue" not in [*story.told("wkr", second), *story.told("sup", second)]


@pytest.mark.clause("NS-25", "NS-37", "LDS-38", "DAR-08", "HAR-22")
@pytest.mark.parametrize(
    ("policy", "last_day", "late_from", "under", "next_day"),
    [
        (NS, "2025-01-30", "2025-01-31", "NS-25", "2025-03-28"),
        (LDS, "2025-01-30", "2025-01-31", "LDS-38", "2025-03-28"),
        (DAR, "2025-02-02", "2025-02-03", "DAR-08", "2025-03-28"),
        (HAR, "2025-02-02", "2025-02-03", "HAR-22", "2025-03-28"),
    ],
)
def test_e15_elsewhere_the_same_two_sessions_leave_a_gap(
    sandbox: Sandbox, policy: str, last_day: str, late_from: str, under: str, next_day: str
) -> None:
    story = sandbox.story(policy, "2025-01-02T09:00")
    found = supervised(story, "2025-01-02")
    assert (due(found, "supervise_by"), clause(found, "supervise_by")) == ((last_day, "running"), under)
    story.at(f"{last_day}T23:59:59")
    assert entitlement(story)["state"] == "on_track"
    story.at("2025-02-03T09:00")
    assert (entitlement(story)["state"], entitlement(story)["holder"]) == ("overdue", "sup")
    expired = next(s for s in story.items("wkr", f"/matters/{found['id']}/history") if s["trigger"] == "expire")
    assert expired["at"][:19] == f"{late_from}T00:00:00"
    assert ("overdue" in story.told("wkr", found), "overdue" in story.told("sup", found)) == (True, True)
    explained = story.move("sup", found, "explain", reason="Two hearings in a row.")
    assert explained["state"] == "overdue"

    renewed = supervised(story, "2025-02-28")

    assert (renewed["state"], due(renewed, "supervise_by")) == ("on_track", (next_day, "running"))
    assert (last_day, "missed") in [(d["due"][:10], d["status"]) for d in renewed["deadlines"]]


@pytest.mark.clause("DAR-08", "HAR-22")
@pytest.mark.parametrize("policy", [DAR, HAR])
def test_e15_a_month_from_the_end_of_january_ends_with_february_and_goes_on_from_there(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy, "2025-01-31T09:00")

    assert due(supervised(story, "2025-01-31"), "supervise_by") == ("2025-02-28", "running")
    assert due(supervised(story, "2025-02-28"), "supervise_by") == ("2025-03-28", "running")


# -- near misses
@pytest.mark.clause("LDS-38")
def test_a_school_holiday_longer_than_four_weeks_moves_no_supervision(sandbox: Sandbox) -> None:
    school = [{"ref": "head", "job_role": "head_teacher", "setting": "school", "above": "hos"},
              {"ref": "lsw", "job_role": "learning_mentor", "setting": "school", "above": "head"}]  # fmt: skip
    story = sandbox.story(LDS, "2025-07-21T09:00", school)
    held(story, "2025-07-22T11:00", supervisee="lsw", by="head")
    found = entitlement(story, "lsw")
    assert (due(found, "supervise_by"), clause(found, "supervise_by")) == (("2025-08-19", "running"), "LDS-38, LDS-39")

    for day in (date(2025, 7, 23) + timedelta(days=n) for n in range(40)):
        if day.weekday() < 5 and day != date(2025, 8, 25):  # the summer bank holiday is not worked anyway
            ok(story.send("admin", "POST", "/closures", json={"date": f"{day}", "reason": "school holiday"}), 201)

    assert due(entitlement(story, "lsw"), "supervise_by") == ("2025-08-19", "running")
    story.at("2025-08-20T00:00")
    late = entitlement(story, "lsw")
    assert (late["state"], late["holder"], due(late, "supervise_by")) == ("overdue", "head", ("2025-08-19", "missed"))
    assert story.told("lsw", late) == []
    story.at("2025-09-01T09:00")
    assert {who for who in ("lsw", "head") if "overdue" in story.told(who, late)} == {"lsw", "head"}
    story.move("head", late, "explain", reason="The school was closed.")
    held(story, "2025-09-02T11:00", supervisee="lsw", by="head")
    assert (entitlement(story, "lsw")["state"], due(entitlement(story, "lsw"), "supervise_by")) == (
        "on_track", ("2025-09-30", "running"),
    )  # fmt: skip

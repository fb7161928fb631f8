"""A worker is supervised as often as the policy says, and only sessions that count renew it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import deadline, held, statuses
from tests.unit.workflows.worker_stories import due, owed, personal, team_with
from workflows.directory import Case
from workflows.intervals import PROFESSIONAL
from workflows.vocabulary import SessionKind, Status, Workflow

ALL = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


# -- how often: E15
@pytest.mark.clause("NS-25", "LDS-20", "LDS-38", "LDS-39", "DAR-08", "HAR-22", "CBC-07")
@pytest.mark.parametrize(
    ("policy", "last", "expected"),
    [
        ("central-bedfordshire", "2025-01-02T11:00", date(2025, 2, 28)),
        ("north-somerset", "2025-01-02T11:00", date(2025, 1, 30)),
        ("leeds", "2025-01-02T11:00", date(2025, 1, 30)),
        ("darlington", "2025-01-02T11:00", date(2025, 2, 2)),
        ("haringey", "2025-01-02T11:00", date(2025, 2, 2)),
        ("darlington", "2025-01-31T11:00", date(2025, 2, 28)),
        ("haringey", "2025-01-31T11:00", date(2025, 2, 28)),
    ],
)
def test_the_next_session_is_due_one_interval_after_the_last(policy: str, last: str, expected: date) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00")
    personal(council, last)
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("CBC-07", "NS-25", "NS-37")
@pytest.mark.parametrize(
    ("policy", "breached_on"),
    [
        ("central-bedfordshire", None),
        ("north-somerset", date(2025, 1, 31)),
        ("leeds", date(2025, 1, 31)),
        ("darlington", date(2025, 2, 3)),
        ("haringey", date(2025, 2, 3)),
    ],
)
def test_fifty_seven_days_apart_fill_two_calendar_months_and_break_every_maximum_gap(
    policy: str, breached_on: date | None
) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00")
    personal(council, "2025-01-02T11:00")
    personal(council, "2025-02-28T11:00")
    expired = [
        row["at"] for row in council.steps if row["matter_id"] == owed(council).id and row["trigger"] == "expire"
    ]
    assert [datetime.date(moment) for moment in expired] == ([breached_on] if breached_on else [])
    assert (owed(council).state, owed(council).data["breaches"]) == ("on_track", 1) if breached_on else ("on_track", 0)
    council.verify()


@pytest.mark.clause("DAR-08")
def test_a_rolling_month_that_was_clamped_stays_at_its_day() -> None:
    council = FakeCouncil("darlington", "2025-01-31T09:00")
    personal(council, "2025-01-31T11:00")
    personal(council, "2025-02-28T11:00")
    assert due(council) == date(2025, 3, 28)


@pytest.mark.clause("NS-26", "NS-27", "NS-28", "NS-64", "CBC-08", "CBC-09", "CBC-10", "CBC-73")
@pytest.mark.parametrize(
    ("policy", "job_role", "expected"),
    [
        ("north-somerset", "team_manager", date(2025, 1, 30)),
        ("north-somerset", "service_manager", date(2025, 1, 30)),
        ("north-somerset", "student", date(2025, 1, 9)),
        ("north-somerset", "administrator", date(2025, 2, 2)),
        ("central-bedfordshire", "student", date(2025, 1, 9)),
        ("central-bedfordshire", "team_manager", date(2025, 2, 28)),
        ("central-bedfordshire", "head_of_service", date(2025, 2, 28)),
        ("central-bedfordshire", "personal_adviser", date(2025, 2, 28)),
    ],
)
def test_the_job_decides_the_interval(policy: str, job_role: str, expected: date) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00", people=team_with(job_role=job_role))
    personal(council, "2025-01-02T11:00")
    assert due(council) == expected


@pytest.mark.parametrize(
    ("policy", "expected"), [("central-bedfordshire", date(2025, 1, 31)), ("north-somerset", date(2025, 1, 30))]
)
def test_without_a_session_yet_it_counts_from_the_day_the_organisation_went_live(policy: str, expected: date) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00")
    assert due(council) == expected
    assert deadline(council, owed(council), "supervise_by").receipt["anchors"][0]["event"] == "organisation live"


def test_or_from_the_start_of_the_relationship_if_that_is_later() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00", people=team_with(start_date=date(2025, 1, 8)))
    council.until("2025-01-08T09:00")
    assert due(council) == date(2025, 2, 5)
    assert deadline(council, owed(council), "supervise_by").receipt["anchors"][0]["event"] == "supervision began"
    council.verify()


def test_or_from_an_opening_position_that_the_receipt_names() -> None:
    people = team_with(last_supervised_on=date(2024, 12, 19))
    council = FakeCouncil("north-somerset", "2025-01-02T09:00", people=people)
    assert due(council) == date(2025, 1, 16)
    event = deadline(council, owed(council), "supervise_by").receipt["anchors"][0]["event"]
    assert event == "last supervised (opening position)"
    council.verify()


@pytest.mark.clause("DAR-10", "NS-25", "CBC-07", "CBC-74")
@pytest.mark.parametrize("policy", ["darlington", "north-somerset", "central-bedfordshire"])
def test_sessions_more_often_than_owed_are_welcome_and_only_move_the_date_on(policy: str) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00")
    dates = []
    for day in ("2025-01-02", "2025-01-13", "2025-01-20", "2025-02-03"):
        personal(council, f"{day}T11:00")
        dates.append(due(council))
    assert dates == sorted(dates, key=str)
    assert (owed(council).state, owed(council).data.get("breaches", 0)) == ("on_track", 0)
    council.verify()


# -- the first year: E13, E14
@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington", "central-bedfordshire"])
@pytest.mark.parametrize(("last", "expected"), [("2025-02-06", date(2025, 2, 13)), ("2025-02-13", date(2025, 2, 27))])
def test_the_phase_in_which_the_date_falls_decides_the_interval(policy: str, last: str, expected: date) -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil(policy, "2025-02-03T09:00", people=people)
    personal(council, f"{last}T11:00")
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("north-somerset", date(2025, 7, 28)),
        ("darlington", date(2025, 7, 30)),
        ("central-bedfordshire", date(2025, 7, 30)),
    ],
)
def test_past_six_months_the_third_phase_counts(policy: str, expected: date) -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil(policy, "2025-06-30T09:00", people=people)
    personal(council, "2025-06-30T11:00")
    receipt = deadline(council, owed(council), "supervise_by").receipt
    assert (due(council), receipt["chosen"], len(receipt["candidates"])) == (expected, "later", 2)
    council.verify()


@pytest.mark.clause("DAR-09")
def test_six_months_from_the_end_of_august_end_with_february() -> None:
    people = team_with(start_date=date(2025, 8, 31), nqsw_start=date(2025, 8, 31))
    council = FakeCouncil("darlington", "2026-02-09T09:00", people=people)
    personal(council, "2026-02-13T11:00")
    assert due(council) == date(2026, 2, 27)
    personal(council, "2026-02-14T11:00")
    assert due(council) == date(2026, 3, 14)


@pytest.mark.clause("CBC-06", "CBC-07")
@pytest.mark.parametrize(("last", "expected"), [("2025-12-01", date(2026, 1, 1)), ("2025-12-20", date(2026, 1, 31))])
def test_after_the_first_year_the_calendar_month_counts(last: str, expected: date) -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil(now=f"{last}T09:00", people=people)
    personal(council, f"{last}T11:00")
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington", "central-bedfordshire"])
def test_what_was_missed_in_one_phase_stays_missed_in_the_next(policy: str) -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil(policy, "2025-02-06T09:00", people=people)
    personal(council, "2025-02-06T11:00")
    council.until("2025-02-14T00:00")
    assert owed(council).state == "overdue"
    council.until("2025-02-20T09:00")
    council.tell(owed(council), "reassign", supervisor="sup", why="the same")
    assert owed(council).state == "overdue"
    assert Status.missed in statuses(council, owed(council), "supervise_by")
    council.verify()


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("north-somerset", date(2025, 3, 31)),
        ("darlington", date(2025, 4, 3)),
        ("central-bedfordshire", date(2025, 3, 31)),
    ],
)
def test_before_the_first_year_begins_the_roles_own_interval_counts(policy: str, expected: date) -> None:
    council = FakeCouncil(policy)
    council.relist("wkr", nqsw_start=date(2025, 9, 1))
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("NS-24", "DAR-09", "CBC-06")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington", "central-bedfordshire"])
@pytest.mark.parametrize(("last", "expected"), [("2025-08-11", date(2025, 9, 1)), ("2025-08-28", date(2025, 9, 4))])
def test_a_date_past_the_beginning_of_the_first_year_is_counted_weekly_and_never_before_it(
    policy: str, last: str, expected: date
) -> None:
    council = FakeCouncil(policy, f"{last}T09:00", people=team_with(nqsw_start=date(2025, 9, 1)))
    personal(council, f"{last}T11:00")
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("NS-24", "CBC-06")
@pytest.mark.parametrize("policy", ["north-somerset", "central-bedfordshire"])
def test_before_the_first_year_begins_a_session_is_as_long_as_the_role_has_it(policy: str) -> None:
    council = FakeCouncil(policy, people=team_with(nqsw_start=date(2025, 9, 1)))
    ordinary = FakeCouncil(policy)
    for other in (council, ordinary):
        personal(other, "2025-03-03T11:00")
    assert owed(council).data.get("length") == owed(ordinary).data.get("length")


@pytest.mark.clause("HAR-35", "LDS-21")
@pytest.mark.parametrize(("policy", "expected"), [("haringey", date(2025, 3, 6)), ("leeds", date(2025, 3, 6))])
def test_where_no_schedule_is_stated_a_first_year_runs_on_the_roles_interval(policy: str, expected: date) -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil(policy, "2025-02-06T09:00", people=people)
    personal(council, "2025-02-06T11:00")
    assert due(council) == expected


# -- which sessions count: E24
@pytest.mark.clause("NS-03", "NS-08", "LDS-01", "LDS-15", "DAR-04", "HAR-15")
@pytest.mark.parametrize("policy", ALL)
@pytest.mark.parametrize("kind", [SessionKind.group, SessionKind.unplanned, SessionKind.case])
def test_group_unplanned_and_case_sessions_renew_nobodys_own_supervision(policy: str, kind: SessionKind) -> None:
    council = FakeCouncil(policy, cases=[Case("c1", "wkr", "child")])
    before = due(council)
    held(council, kind, "2025-03-05T11:00", cases=["c1"])
    assert due(council) == before
    council.verify()


@pytest.mark.clause("DAR-05")
@pytest.mark.parametrize(("policy", "renewed"), [("darlington", True), ("north-somerset", False)])
def test_a_joint_session_renews_the_case_in_darlington_alone(policy: str, renewed: bool) -> None:  # noqa: FBT001
    council = FakeCouncil(policy, cases=[Case("c1", "wkr", "assessment")])
    held(council, SessionKind.group, "2025-03-05T11:00", cases=["c1"], participants=["wkr2"])
    frequency = council.only(Workflow.frequency)
    assert (frequency.data["last_supervised_on"] == "2025-03-05") is renewed


@pytest.mark.clause("HAR-13", "HAR-15")
def test_in_haringey_a_group_of_the_same_profession_meets_professional_supervision_alone() -> None:
    people = team_with(registration="SWE")
    people["snr"] = replace(people["wkr2"], ref="snr", registration="SWE", line_manager="sup", supervisor="sup")
    people["std"] = replace(people["wkr2"], ref="std", supervisor="snr", line_manager="snr", registration="SWE")
    council = FakeCouncil("haringey", people=people)
    before = due(council)
    assert council.due(owed(council, PROFESSIONAL), "supervise_by") == date(2025, 4, 3)
    group = council.open(
        "snr", Workflow.session, supervisee="std", kind="group", starts_at=at("2025-03-05T10:00"), minutes=60,
        participants=["wkr"],
    )  # fmt: skip
    council.until("2025-03-05T11:00")
    council.move("snr", group, "hold", held_at=at("2025-03-05T11:00"), minutes=60)
    assert council.due(owed(council, PROFESSIONAL), "supervise_by") == date(2025, 4, 5)
    assert due(council) == before
    council.verify()


def test_a_professional_duty_waits_for_the_report_of_a_group_of_the_same_profession() -> None:
    people = team_with(registration="SWE")
    people["snr"] = replace(people["wkr2"], ref="snr", registration="SWE", line_manager="sup", supervisor="sup")
    people["std"] = replace(people["wkr2"], ref="std", supervisor="snr", line_manager="snr", registration="SWE")
    council = FakeCouncil("haringey", people=people)
    council.until("2025-04-03T09:00")
    council.open(
        "snr", Workflow.session, supervisee="wkr", kind="group", starts_at=at("2025-04-03T10:00"), minutes=60,
        participants=["std"],
    )  # fmt: skip
    council.until("2025-04-04T09:00")
    assert deadline(council, owed(council, PROFESSIONAL), "supervise_by").status is Status.awaiting_report
    assert owed(council).state == "overdue"
    council.verify()


# -- exceptions
@pytest.mark.clause("CBC-06", "CBC-07")
@pytest.mark.parametrize(("last", "expected"), [("2025-12-20", date(2026, 1, 20)), ("2026-06-15", date(2026, 7, 31))])
def test_an_extended_first_year_goes_on_month_by_month(last: str, expected: date) -> None:
    year = {"nqsw_start": date(2025, 1, 6), "nqsw_extended_to": date(2026, 7, 5)}
    council = FakeCouncil(now=f"{last}T09:00", people=team_with(start_date=date(2025, 1, 6), **year))
    personal(council, f"{last}T11:00")
    assert due(council) == expected
    council.verify()


@pytest.mark.clause("NS-24", "DAR-09")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington"])
def test_where_the_last_phase_has_no_end_an_extension_changes_nothing(policy: str) -> None:
    year = {"nqsw_start": date(2025, 1, 6), "nqsw_extended_to": date(2026, 7, 5)}
    people = team_with(start_date=date(2025, 1, 6), **year)
    extended, usual = FakeCouncil(policy, "2025-12-15T09:00", people=people), FakeCouncil(
        policy, "2025-12-15T09:00", people=team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    )  # fmt: skip
    for council in (extended, usual):
        personal(council, "2025-12-15T11:00")
    assert due(extended) == due(usual)
    assert owed(extended).data["exception"] is None


def test_the_list_tells_of_an_extension_and_takes_it_back() -> None:
    council = FakeCouncil(now="2025-12-15T09:00", people=team_with(nqsw_start=date(2025, 1, 6)))
    personal(council, "2025-12-15T11:00")
    assert (due(council), owed(council).data["exception"]) == (date(2026, 1, 31), None)
    council.relist("wkr", nqsw_extended_to=date(2026, 7, 5))
    assert due(council) == date(2026, 1, 15)
    assert "extended to 2026-07-05" in owed(council).data["exception"]
    council.relist("wkr", nqsw_extended_to=None)
    assert (due(council), owed(council).data["exception"]) == (date(2026, 1, 31), None)
    council.verify()


@pytest.mark.parametrize(("policy", "why"), [
    ("darlington", "The policy gives no interval for this job role."), ("haringey", None),
])  # fmt: skip
def test_a_default_of_the_product_is_an_exception(policy: str, why: str | None) -> None:
    council = FakeCouncil(policy, people=team_with(job_role="business_support"))
    assert owed(council).data["exception"] == why


@pytest.mark.clause("HAR-13")
def test_an_interval_of_professional_supervision_that_the_policy_does_not_give_is_an_exception() -> None:
    council = FakeCouncil("haringey", people=team_with(registration="SWE", job_role="social_worker"))
    found = {duty.kind: duty.data["exception"] for duty in council.find(Workflow.entitlement, supervisee="wkr")}
    assert found["professional"] == "The policy gives no interval for professional supervision."
    assert found["line_management"] is None


@pytest.mark.clause("HAR-35", "LDS-21")
@pytest.mark.parametrize("policy", ["haringey", "leeds"])
@pytest.mark.parametrize(
    ("year", "warned"),
    [
        ({"nqsw_start": date(2025, 1, 6)}, True),
        ({"nqsw_start": date(2025, 9, 1)}, False),
        ({"nqsw_start": date(2024, 3, 3)}, False),
        ({"nqsw_start": date(2024, 3, 3), "nqsw_extended_to": date(2025, 9, 1)}, True),
    ],
)
def test_a_first_year_for_which_no_interval_is_given_is_an_exception(
    policy: str,
    year: dict[str, date],
    warned: bool,  # noqa: FBT001 - both stories
) -> None:
    council = FakeCouncil(policy, people=team_with(**year))
    why = "The policy gives no interval for the first year as a newly qualified worker."
    assert owed(council).data["exception"] == (why if warned else None)


@pytest.mark.clause("HAR-35", "LDS-21")
@pytest.mark.parametrize("policy", ["haringey", "leeds"])
def test_a_first_year_whose_interval_the_two_have_agreed_is_none(policy: str) -> None:
    council = FakeCouncil(policy, people=team_with(nqsw_start=date(2025, 1, 6)))
    council.tell(owed(council), "agree", every={"value": 2, "unit": "weeks"})
    assert (owed(council).data["exception"], due(council)) == (None, date(2025, 3, 17))
    council.tell(owed(council), "agree", every=None)
    assert owed(council).data["exception"] is not None
    council.verify()


def test_professional_supervision_has_no_first_year() -> None:
    people = team_with(registration="SWE", job_role="social_worker", nqsw_start=date(2025, 1, 6))
    council = FakeCouncil("haringey", people=people)
    why = owed(council, PROFESSIONAL).data["exception"]
    assert why == "The policy gives no interval for professional supervision."


def test_an_extension_that_is_over_is_no_exception_any_more() -> None:
    year = {"nqsw_start": date(2025, 1, 6), "nqsw_extended_to": date(2026, 7, 5)}
    council = FakeCouncil(now="2026-07-06T09:00", people=team_with(start_date=date(2025, 1, 6), **year))
    assert owed(council).data["exception"] is None

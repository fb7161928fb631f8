"""What is late is told and climbs; late reports correct it, and facts that change never make it late backwards."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import away, deadline, incidents, statuses, step
from tests.unit.workflows.worker_stories import booked, due, owed, personal, team_with
from workflows.directory import Case, Person
from workflows.lateness import duty_due, overdue_since
from workflows.refusals import NotYourMove
from workflows.vocabulary import Status

ALL = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


# -- being late
@pytest.mark.clause("NS-25", "NS-37", "NS-81", "NS-82")
def test_what_is_late_is_told_to_both_climbs_and_keeps_its_reason_on_file() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    council.until("2025-01-30T23:59:59")
    assert owed(council).state == "on_track"
    council.until("2025-01-31T09:00")
    late = owed(council)
    assert (late.state, late.holder) == ("overdue", "sup")
    assert council.told("wkr", late) == council.told("sup", late) == ["overdue"]
    late = council.move("sup", late, "explain", reason="Both at court all month.")
    assert late.state == "overdue"
    assert set(step(council, late, "explain")["commitments"]) == {"reason"}
    with pytest.raises(NotYourMove):
        council.move("wkr", late, "explain", reason="He forgot.")
    council.until("2025-02-17T09:00")
    assert (owed(council).state, owed(council).holder) == ("with_line_manager", "lm")
    council.until("2025-03-04T09:00")
    assert (owed(council).state, owed(council).holder) == ("with_senior_manager", "hos")
    personal(council, "2025-03-04T11:00")
    assert (owed(council).state, owed(council).ladder, due(council)) == ("on_track", None, date(2025, 4, 1))
    assert statuses(council, owed(council), "supervise_by") == [Status.missed, Status.running]
    council.verify()


@pytest.mark.clause("CBC-07", "CBC-09", "CBC-10")
@pytest.mark.parametrize("job_role", ["social_worker", "team_manager", "head_of_service"])
def test_each_calendar_month_without_a_session_is_missed_for_itself_on_one_ladder(job_role: str) -> None:
    council = FakeCouncil(now="2025-01-02T09:00", people=team_with(job_role=job_role))
    council.until("2025-02-03T09:00")
    assert (owed(council).state, due(council)) == ("overdue", date(2025, 2, 28))
    council.until("2025-03-20T09:00")
    late = owed(council)
    assert (late.state, late.holder, late.data["breaches"]) == ("with_senior_manager", "ad", 2)
    assert (overdue_since(late), duty_due(late)) == (at("2025-01-31T23:59:59"), at("2025-01-31T23:59:59"))
    council.until("2025-04-01T09:00")
    late = owed(council)
    assert (late.state, late.holder, late.data["breaches"]) == ("with_senior_manager", "ad", 3)
    assert [s["data"]["missed"] for s in council.steps if (s["matter_id"], s["trigger"]) == (late.id, "expire")] == [
        "2025-01-31",
        "2025-02-28",
        "2025-03-31",
    ]
    assert deadline(council, late, "supervise_by").receipt["anchors"] == [
        {"event": "a month without a session", "at": "2025-03-31"}
    ]
    assert (council.told("wkr", late).count("overdue"), council.history(late).count("climb")) == (3, 3)
    personal(council, "2025-04-10T11:00")
    assert (owed(council).state, owed(council).data["breaches"], due(council)) == ("on_track", 3, date(2025, 5, 31))
    missed = [Status.missed] * 3
    assert statuses(council, late, "supervise_by") == [*missed, Status.met, Status.running]
    assert overdue_since(owed(council)) is None
    council.verify()


@pytest.mark.parametrize("policy", ["darlington", "haringey", "leeds", "north-somerset"])
def test_where_intervals_roll_one_lateness_is_one_breach(policy: str) -> None:
    council = FakeCouncil(policy, "2025-01-02T09:00")
    council.until("2025-04-10T09:00")
    assert owed(council).data["breaches"] == 1
    assert statuses(council, owed(council), "supervise_by") == [Status.missed]


@pytest.mark.clause("CBC-07")
def test_a_month_that_a_late_report_fills_is_shown_false_and_the_one_that_runs_is_not_met_by_it() -> None:
    council = FakeCouncil(now="2025-01-02T09:00")
    council.until("2025-02-27T09:00")
    session = booked(council, "2025-02-27T10:00")
    council.until("2025-03-05T09:00")
    assert owed(council).data["breaches"] == 2
    council.move("sup", session, "hold", held_at=at("2025-02-27T11:00"), minutes=60, reason="Ill since.")
    assert (owed(council).state, owed(council).data["breaches"], due(council)) == ("on_track", 1, date(2025, 3, 31))
    assert statuses(council, owed(council), "supervise_by") == [
        Status.missed,
        Status.corrected,
        Status.superseded,
        Status.running,
    ]
    council.verify()


@pytest.mark.clause("CBC-07")
def test_a_session_that_is_booked_in_the_month_holds_it_open_while_the_one_before_is_late() -> None:
    council = FakeCouncil(now="2025-01-02T09:00")
    council.until("2025-02-28T09:00")
    session = booked(council, "2025-02-28T10:00")
    council.until("2025-03-01T09:00")
    assert deadline(council, owed(council), "supervise_by").status is Status.awaiting_report
    council.until("2025-03-03T10:00")
    council.move("sup", session, "hold", held_at=at("2025-02-28T11:00"), minutes=60)
    assert (owed(council).state, owed(council).data["breaches"], due(council)) == ("on_track", 1, date(2025, 3, 31))
    council.verify()


@pytest.mark.clause("CBC-07", "CBC-74")
def test_an_agreed_day_that_is_missed_leaves_the_month_its_own_last_day() -> None:
    council = FakeCouncil(now="2025-02-03T09:00")
    personal(council, "2025-02-24T12:00")
    council.tell(owed(council), "agree", every={"value": 2, "unit": "weeks"})
    council.until("2025-03-11T09:00")
    assert (owed(council).state, due(council)) == ("overdue", date(2025, 3, 31))
    anchors = deadline(council, owed(council), "supervise_by").receipt["anchors"]
    assert anchors == [{"event": "a day by which none was held", "at": "2025-03-10"}]
    assert overdue_since(owed(council)) == at("2025-03-10T23:59:59")
    council.until("2025-04-01T09:00")
    assert (owed(council).data["breaches"], due(council)) == (2, date(2025, 4, 30))
    assert overdue_since(owed(council)) == at("2025-03-10T23:59:59")
    council.verify()


@pytest.mark.clause("CBC-07", "CBC-74")
def test_a_month_that_a_session_has_filled_is_not_missed_with_the_agreed_day() -> None:
    council = FakeCouncil()
    personal(council, "2025-03-04T12:00")
    council.tell(owed(council), "agree", every={"value": 2, "unit": "weeks"})
    council.until("2025-03-19T09:00")
    assert (owed(council).state, due(council)) == ("overdue", date(2025, 4, 30))
    council.verify()


@pytest.mark.clause("CBC-07", "CBC-74")
def test_what_the_two_agree_while_it_is_late_moves_no_month() -> None:
    council = FakeCouncil(now="2025-01-02T09:00")
    council.until("2025-02-03T09:00")
    council.tell(owed(council), "agree", every={"value": 2, "unit": "weeks"})
    assert (owed(council).state, due(council)) == ("overdue", date(2025, 2, 28))
    personal(council, "2025-02-10T11:00")
    assert due(council) == date(2025, 2, 24)
    council.until("2025-02-25T09:00")
    assert (owed(council).state, due(council)) == ("overdue", date(2025, 3, 31))
    council.verify()


def test_a_month_that_ends_after_somebody_went_to_a_weekly_job_is_the_last_that_is_missed_for_itself() -> None:
    council = FakeCouncil(now="2025-01-02T09:00")
    council.until("2025-02-03T09:00")
    council.relist("wkr", job_role="student")
    council.until("2025-04-10T09:00")
    assert (owed(council).data["breaches"], due(council)) == (2, None)
    council.verify()


def test_cancelling_and_booking_renew_nothing() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    session = booked(council, "2025-01-10T10:00")
    council.move("wkr", session, "cancel", cause="diary", reason="Court.")
    booked(council, "2025-02-03T10:00")
    assert due(council) == date(2025, 1, 30)
    council.until("2025-01-31T09:00")
    assert owed(council).state == "overdue"
    council.verify()


@pytest.mark.clause("NS-61", "DAR-31", "HAR-10", "LDS-29")
@pytest.mark.parametrize("policy", ALL)
def test_with_no_manager_recorded_it_waits_open_as_a_configuration_alert(policy: str) -> None:
    council = FakeCouncil(policy, people={r: replace(p, line_manager=None) for r, p in team_with().items()})
    council.until("2025-05-06T09:00")
    late = owed(council)
    assert (late.state, late.holder) == ("overdue", "sup")
    assert incidents(council, late) == ["top_of_the_line"]
    assert council.history(late).count("remind") > 2
    assert "climb" not in council.history(late)
    council.verify()


@pytest.mark.clause("LDS-30", "LDS-31")
@pytest.mark.parametrize(
    ("setting", "rows", "asked"),
    [
        (
            "school",
            [
                ("gov", "governor", None),
                ("head", "head_teacher", None),
                ("dsl", "designated_safeguarding_lead", "head"),
            ],
            ["gov"],
        ),
        (
            "cluster",
            [
                ("chair", "cluster_chair", None),
                ("tsl", "targeted_services_leader", None),
                ("cl", "cluster_lead", None),
                ("fsw", "family_support_worker", "cl"),
            ],
            ["chair", "tsl"],
        ),
    ],
)
def test_a_supervisor_at_the_top_of_a_school_or_cluster_answers_to_the_policys_fallback(
    setting: str, rows: list[tuple[str, str, str | None]], asked: list[str]
) -> None:
    people = {
        ref: Person(
            ref, job_role=job, line_manager=above, supervisor=above, start_date=date(2020, 1, 6), setting=setting
        )
        for ref, job, above in rows
    }
    council = FakeCouncil("leeds", people=people)
    council.until("2025-06-30T09:00")
    late = owed(council, who=rows[-1][0])
    assert late.ladder is not None
    assert (late.ladder.asked, late.holder) == (tuple(asked), asked[-1])
    council.verify()


@pytest.mark.clause("LDS-39", "DAR-08", "HAR-22")
@pytest.mark.parametrize("policy", ["leeds", "darlington", "haringey"])
def test_without_a_rule_for_long_absences_the_first_breach_asks_for_cover(policy: str) -> None:
    council = FakeCouncil(policy)
    absence = away(council, "sup", date(2025, 3, 3))
    council.until("2025-04-04T09:00")
    assert council.matter(absence).state == "awaiting_cover"
    council.verify()


# -- reports
def test_a_session_with_somebody_else_holds_nothing_open() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    council.until("2025-01-30T09:00")
    booked(council, "2025-01-30T10:00", supervisee="wkr2")
    council.until("2025-01-31T09:00")
    assert (owed(council).state, owed(council, who="wkr2").state) == ("overdue", "on_track")


@pytest.mark.parametrize("kind", ["case", "group"])
def test_a_session_that_would_not_count_holds_nothing_open(kind: str) -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00", cases=[Case("c1", "wkr", "early-help")])
    council.until("2025-01-30T09:00")
    booked(council, "2025-01-30T10:00", kind, cases=["c1"])
    council.until("2025-01-31T09:00")
    assert owed(council).state == "overdue"


def test_a_late_report_of_a_session_in_time_corrects_the_breach_even_after_a_later_session() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    council.until("2025-01-28T09:00")
    early = booked(council, "2025-01-28T10:00")
    council.until("2025-01-31T09:00")
    assert owed(council).state == "overdue"
    personal(council, "2025-02-03T11:00")
    assert owed(council).data["breaches"] == 1
    council.move("sup", early, "hold", held_at=at("2025-01-28T11:00"), minutes=60, reason="Ill since.")
    assert (owed(council).state, owed(council).data["breaches"]) == ("on_track", 0)
    assert (owed(council).data["last_supervised_on"], due(council)) == ("2025-02-03", date(2025, 3, 3))
    assert Status.corrected in statuses(council, owed(council), "supervise_by")
    council.verify()


def test_a_session_from_before_the_one_that_was_counted_from_corrects_nothing() -> None:
    people = team_with(start_date=date(2025, 1, 6), nqsw_start=date(2025, 1, 6))
    council = FakeCouncil("north-somerset", "2025-02-03T09:00", people=people)
    monday = booked(council, "2025-02-03T10:00")
    personal(council, "2025-02-06T11:00")
    council.until("2025-02-14T09:00")
    assert owed(council).state == "overdue"
    council.move("sup", monday, "hold", held_at=at("2025-02-03T11:00"), minutes=60, reason="Forgotten.")
    assert (owed(council).state, owed(council).data["breaches"]) == ("overdue", 1)
    assert council.history(owed(council)).count("expire") == 1
    assert statuses(council, owed(council), "supervise_by")[-1] is Status.missed
    council.verify()


def test_a_session_that_is_reported_after_a_later_one_changes_no_date() -> None:
    council = FakeCouncil("north-somerset", "2025-01-06T09:00")
    monday = booked(council, "2025-01-06T10:00")
    personal(council, "2025-01-07T11:00")
    council.move("sup", monday, "hold", held_at=at("2025-01-06T11:00"), minutes=60)
    assert due(council) == date(2025, 2, 4)
    assert statuses(council, owed(council), "supervise_by") == [Status.met, Status.superseded, Status.running]
    council.verify()


def test_a_step_up_whose_day_of_change_passed_is_shown_false_by_a_session_of_that_day() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    personal(council, "2025-01-02T11:00")
    council.until("2025-01-20T09:00")
    session = booked(council, "2025-01-20T10:00")
    council.relist("wkr", job_role="student")
    assert due(council) == date(2025, 1, 20)
    council.until("2025-01-22T09:00")
    assert owed(council).state == "overdue"
    council.move("sup", session, "hold", held_at=at("2025-01-20T11:00"), minutes=60, reason="Ill since.")
    assert (owed(council).state, owed(council).data["breaches"]) == ("on_track", 0)
    council.verify()


# -- facts that change
@pytest.mark.clause("NS-25", "NS-28")
def test_a_new_job_moves_the_running_date_but_never_to_before_today() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    personal(council, "2025-01-02T11:00")
    council.until("2025-01-20T09:00")
    council.relist("wkr", job_role="student")
    assert due(council) == date(2025, 1, 20)
    assert deadline(council, owed(council), "supervise_by").receipt["chosen"] == "later"
    council.relist("wkr", job_role="administrator")
    assert (due(council), owed(council).data["every"]) == (date(2025, 2, 2), "1 month")
    council.verify()


def test_a_new_job_leaves_a_missed_date_missed() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    council.until("2025-01-31T09:00")
    council.relist("wkr", job_role="administrator")
    assert owed(council).state == "overdue"
    council.verify()


def test_a_new_supervisor_takes_over_what_is_owed_late_or_not() -> None:
    council = FakeCouncil("north-somerset", "2025-01-02T09:00")
    council.until("2025-01-31T09:00")
    council.relist("wkr", supervisor="sup2")
    assert (owed(council).supervisor, owed(council).holder, owed(council).state) == ("sup2", "sup2", "overdue")
    council.verify()


def test_it_ends_with_the_employment() -> None:
    council = FakeCouncil()
    council.relist("wkr", end_date=date(2025, 3, 7))
    council.until("2025-03-08T00:00")
    ended = owed(council)
    assert (ended.state, [d for d in ended.deadlines if d.live]) == ("ended", [])
    council.verify()

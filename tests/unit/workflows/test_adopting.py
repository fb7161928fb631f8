"""A new version of the policy is in force: which dates of open matters move, which stay, and who is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.case_stories import case, propose, running, session
from tests.unit.workflows.new_versions import cases_with, period, version, workers_every
from tests.unit.workflows.worker_stories import booked, due, owed, personal
from workflows.calendar import local_day
from workflows.model import Matter
from workflows.policy_reader import shipped
from workflows.receipts import recompute
from workflows.vocabulary import Carry, Status, Workflow

DAR, CBC, HAR = "darlington", "central-bedfordshire", "haringey"


def receipt(council: FakeCouncil, matter: Matter, name: str = "supervise_by") -> Any:
    live = council.matter(matter).live(name)
    assert live is not None
    assert recompute(live.receipt) == live.due
    return live.receipt


def last_step(council: FakeCouncil, matter: Matter) -> dict[str, Any]:
    return [row for row in council.steps if row["matter_id"] == matter.id][-1]


# -- what a worker is owed
@pytest.mark.clause("DAR-08", "DAR-10")
def test_a_shorter_interval_moves_the_date_and_the_receipt_names_the_new_clause() -> None:
    council = FakeCouncil(DAR)
    assert due(council) == date(2025, 4, 3)

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"))

    assert due(council) == date(2025, 3, 17)
    assert receipt(council, owed(council))["clause"] == "DAR-10"
    assert receipt(council, owed(council))["anchors"] == [{"event": "organisation live", "at": "2025-03-03"}]
    assert council.matter(owed(council)).data["every"] == "2 weeks"
    council.verify()


def test_the_history_says_from_what_to_what_and_by_which_version() -> None:
    council = FakeCouncil(DAR)

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"))

    step = last_step(council, owed(council))
    assert (step["trigger"], step["actor"], step["clause"]) == ("adopt", None, "DAR-10")
    assert step["data"]["policy_version"] == "2"
    assert step["data"]["moved"] == {"supervise_by": ["2025-04-03T23:59:59+01:00", "2025-03-17T23:59:59+00:00"]}
    assert council.matter(owed(council)).policy_version == "2"


def test_both_are_told_in_working_hours_with_the_version_and_the_clause() -> None:
    council = FakeCouncil(DAR, now="2025-03-03T19:00")

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"))

    for who in ("wkr", "sup"):
        [notice] = [n for n in council.notices if n["to"] == who and n["matter_id"] == owed(council).id
                    and n["kind"] == "deadline_moved"]  # fmt: skip
        assert notice["subject"] == "The date “supervise by” is 17 March 2025"
        assert notice["body"] == "Version 2 of the supervision policy is in force (DAR-10)."
        assert notice["at"].isoformat() == "2025-03-04T09:00:00+00:00"


def test_a_date_never_moves_to_before_today() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-03-26T10:00")

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"))

    assert council.matter(owed(council)).state == "on_track"
    assert due(council) == date(2025, 3, 26)
    assert receipt(council, owed(council))["rule"] == "later_of"
    council.until("2025-03-27T00:00")
    assert council.matter(owed(council)).state == "overdue"
    council.verify()


def test_a_longer_interval_gives_more_time() -> None:
    council = FakeCouncil(DAR)

    council.announce(workers_every(DAR, "6 weeks", "DAR-10"))

    assert due(council) == date(2025, 4, 14)


def test_where_nothing_changes_there_is_no_step() -> None:
    council = FakeCouncil(DAR)

    council.announce(version(DAR))

    assert council.history(owed(council)) == ["open"]
    assert council.matter(owed(council)).policy_version == "1"


def test_another_clause_alone_moves_nothing_and_is_named_at_the_next_renewal() -> None:
    council = FakeCouncil(DAR, cases=[case("assessment")])
    renamed = period("1 months", "DAR-31")
    council.announce(cases_with(DAR, every=renamed))

    assert council.history(running(council)) == ["open", "take_effect"]
    session(council, "2025-03-10T11:00")
    assert receipt(council, running(council))["clause"] == "DAR-31"


def test_another_interval_with_the_same_date_is_told_although_no_date_moves() -> None:
    council = FakeCouncil(DAR, now="2025-02-03T09:00")
    assert due(council) == date(2025, 3, 3)

    council.announce(workers_every(DAR, "4 weeks", "DAR-10"))

    assert due(council) == date(2025, 3, 3)
    assert last_step(council, owed(council))["data"]["moved"] == {}
    assert council.matter(owed(council)).data["every"] == "4 weeks"


def test_a_kept_date_stays_until_the_next_session_which_is_counted_by_the_new_version() -> None:
    council = FakeCouncil(DAR)

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"), supervise_by=Carry.keep)

    assert due(council) == date(2025, 4, 3)
    assert council.history(owed(council)) == ["open"]
    personal(council, "2025-03-10T11:00")
    assert due(council) == date(2025, 3, 24)


def test_a_restarted_date_is_counted_from_the_first_day_of_the_version() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-03-13T10:00")

    council.announce(workers_every(DAR, "2 weeks", "DAR-10"), supervise_by=Carry.restart)

    assert due(council) == date(2025, 3, 27)
    assert receipt(council, owed(council))["anchors"] == [{"event": "policy in force", "at": "2025-03-13"}]


@pytest.mark.clause("CBC-07")
def test_a_restarted_slot_is_the_calendar_month_of_the_first_day() -> None:
    council = FakeCouncil(HAR)
    council.until("2025-03-13T10:00")

    council.announce(workers_every(HAR, "1 calendar_months", "HAR-22"), supervise_by=Carry.restart)

    assert due(council) == date(2025, 3, 31)


@pytest.mark.clause("CBC-07")
@pytest.mark.parametrize(("words", "then"), [("1 calendar_months", date(2025, 2, 28)), ("4 weeks", None)])
def test_the_next_month_of_what_is_late_stays_where_each_month_has_its_own(words: str, then: date | None) -> None:
    council = FakeCouncil(now="2025-01-02T09:00")
    council.until("2025-02-03T09:00")

    council.announce(workers_every("central-bedfordshire", words, "CBC-73"))

    assert (council.matter(owed(council)).state, due(council)) == ("overdue", then)
    council.verify()


def test_what_was_missed_stays_missed_although_the_new_interval_is_longer() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-04-04T10:00")

    council.announce(workers_every(DAR, "3 months", "DAR-10"))

    found = council.matter(owed(council))
    assert found.state == "overdue"
    assert found.missed("supervise_by") is not None
    assert found.data["every"] == "3 months"
    personal(council, "2025-04-07T11:00")
    assert due(council) == date(2025, 7, 7)


def test_a_date_that_waits_for_a_late_report_is_left_alone() -> None:
    council = FakeCouncil(DAR)
    booked(council, "2025-04-03T10:00")
    council.until("2025-04-04T00:00")
    council.announce(workers_every(DAR, "3 months", "DAR-10"))

    live = council.matter(owed(council)).live("supervise_by")

    assert live is not None
    assert (live.status, local_day(live.due or council.now)) == (Status.awaiting_report, date(2025, 4, 3))


# -- who waits and who is asked next
def test_reminders_and_climbs_are_counted_again_from_where_they_began_and_are_nobodys_news() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-04-04T10:00")
    late = owed(council)
    assert (council.due(late, "remind_by"), council.due(late, "climb_by")) == (date(2025, 4, 11), date(2025, 4, 22))

    waits = {"remind_after": period("3 working_days", "DAR-30"), "climb_after": period("12 working_days", "DAR-31")}
    council.announce(version(DAR, escalation=waits))

    assert (council.due(late, "remind_by"), council.due(late, "climb_by")) == (date(2025, 4, 9), date(2025, 4, 24))
    assert last_step(council, late)["clause"] is None
    assert "deadline_moved" not in council.told("sup", late)
    assert receipt(council, late, "climb_by")["anchors"][0]["event"] == "waiting since"
    council.verify()


def test_a_reminder_that_would_have_passed_comes_today_and_a_restarted_one_runs_from_today() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-04-10T10:00")
    late, waits = owed(council), {"remind_after": period("1 working_days", "DAR-30")}

    council.announce(version(DAR, escalation=waits), climb_by=Carry.restart)

    assert council.due(late, "remind_by") == date(2025, 4, 10)
    assert council.due(late, "climb_by") == date(2025, 4, 28)


def test_a_shorter_wait_that_is_adopted_late_comes_on_that_day_and_not_at_once() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-04-10T10:00")
    late, waits = owed(council), {"climb_after": period("1 working_days", "DAR-30")}
    council.announce(version(DAR, escalation=waits), date(2025, 4, 14))

    council.now = at("2025-04-16T09:00")
    council.until(council.now)

    assert (council.matter(late).state, council.due(late, "climb_by")) == ("overdue", date(2025, 4, 16))
    council.verify()


def test_a_restarted_climb_has_its_whole_time_where_the_version_is_adopted_late() -> None:
    council = FakeCouncil(DAR)
    council.until("2025-04-10T10:00")
    late = owed(council)
    council.announce(version(DAR), date(2025, 4, 14), climb_by=Carry.restart)

    council.now = at("2025-05-01T09:00")
    council.until(council.now)

    assert council.history(late).count("climb") == 1
    assert council.due(late, "climb_by") == date(2025, 5, 16)
    council.verify()


# -- cases
@pytest.mark.clause("DAR-17", "DAR-18")
def test_a_case_takes_the_interval_of_its_row_in_the_new_version() -> None:
    council = FakeCouncil(DAR, cases=[case("assessment")])
    assert council.due(running(council), "supervise_by") == date(2025, 4, 3)

    council.announce(cases_with(DAR, every=period("2 weeks", "DAR-18")))

    found = running(council)
    assert council.due(found, "supervise_by") == date(2025, 3, 17)
    assert (found.data["every"], found.data["clause"]) == ("2 weeks", "DAR-18")
    assert found.policy_version == "2"
    council.verify()


def test_a_case_that_no_row_fits_any_more_is_on_the_exception_list() -> None:
    council = FakeCouncil(CBC, cases=[case("fostering", "matched")])

    rows = tuple(row for row in shipped()[CBC].frequency.rows if row.category != "fostering")
    council.announce(version(CBC, frequency={"rows": rows}))

    assert running(council).data["exception"] == "No row of the policy fits this status."
    assert council.due(running(council), "supervise_by") == date(2025, 4, 3)


@pytest.mark.clause("CBC-16")
def test_a_restarted_case_has_the_limit_of_a_supervised_one_once_it_was() -> None:
    council = FakeCouncil(CBC, cases=[case("assessment")])
    council.until("2025-03-05T09:00")
    council.announce(version(CBC), supervise_by=Carry.restart)
    assert council.due(running(council), "supervise_by") == date(2025, 4, 5)
    session(council, "2025-03-06T11:00")
    council.until("2025-03-12T09:00")

    council.announce(version(CBC, "3"), supervise_by=Carry.restart, target_by=Carry.restart)

    assert council.due(running(council), "supervise_by") == date(2025, 4, 9)
    assert council.due(running(council), "target_by") == date(2025, 4, 2)


@pytest.mark.clause("CBC-16")
def test_a_target_ends_with_a_version_that_has_none_and_begins_with_one_that_has() -> None:
    council = FakeCouncil(CBC, cases=[case("assessment")])
    session(council, "2025-03-06T11:00")
    assert council.due(running(council), "target_by") == date(2025, 3, 27)

    council.announce(cases_with(CBC, then_target=None))
    assert running(council).live("target_by") is None
    assert last_step(council, running(council))["data"]["moved"] == {"target_by": ["2025-03-27T23:59:59+00:00", None]}

    council.announce(version(CBC, "3"))
    assert council.due(running(council), "target_by") == date(2025, 3, 27)
    assert "target_by" in last_step(council, running(council))["data"]["moved"]
    council.verify()


def test_a_target_that_has_passed_does_not_begin() -> None:
    council = FakeCouncil(CBC, cases=[case("assessment")])
    council.announce(cases_with(CBC, then_target=None))
    session(council, "2025-03-06T11:00")
    council.until("2025-03-28T09:00")

    council.announce(version(CBC, "3"))

    assert running(council).live("target_by") is None


@pytest.mark.clause("DAR-23")
def test_a_senior_review_moves_ends_and_begins_with_the_version() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    propose(council, "rated", "supervision-order", rating="amber")
    assert council.due(running(council), "review_by") == date(2025, 5, 1)

    council.announce(cases_with(DAR, reviewed_every=period("2 months", "DAR-23")))
    assert council.due(running(council), "review_by") == date(2025, 6, 1)
    council.announce(cases_with(DAR, "3", reviewed_every=None))
    assert running(council).live("review_by") is None
    council.announce(version(DAR, "4"))
    assert council.due(running(council), "review_by") == date(2025, 5, 1)
    council.until("2025-04-10T09:00")
    council.announce(version(DAR, "5"), review_by=Carry.restart)
    assert council.due(running(council), "review_by") == date(2025, 6, 1)
    council.verify()


@pytest.mark.clause("DAR-16")
def test_the_look_at_a_changed_case_keeps_its_own_window() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    propose(council, "rated", "in-need-assessment", rating="amber")
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    assert council.due(running(council), "review_by") == date(2025, 3, 10)

    looks = {"review_changed": period("7 working_days", "DAR-16")}
    council.announce(version(DAR, frequency=looks))
    assert council.due(running(council), "review_by") == date(2025, 3, 12)
    council.until("2025-03-05T09:00")
    council.announce(version(DAR, "3", frequency=looks), review_by=Carry.restart)
    assert council.due(running(council), "review_by") == date(2025, 3, 14)


def test_a_proposal_that_waits_for_approval_goes_on_waiting() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    propose(council, "rated", "child-protection", rating="red")
    green = propose(council, "rated", "in-need", rating="green")
    reminded = council.due(green, "remind_by")

    council.announce(cases_with(DAR, every=period("2 weeks", "DAR-18")))

    waiting = council.matter(green)
    assert waiting.state == "awaiting_approval"
    assert (waiting.data["every"], council.due(green, "remind_by")) == ("2 weeks", reminded)
    council.verify()


# -- what keeps its version
@pytest.mark.clause("CBC-42")
def test_a_record_keeps_the_window_of_the_version_that_it_was_opened_under() -> None:
    council = FakeCouncil(CBC)
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    council.move("sup", record, "circulate")
    before = council.matter(record)

    rules = shipped()[CBC].record.personal.model_copy(update={"sign_by": period("1 working_days", "CBC-58")})
    council.announce(version(CBC, record={"personal": rules}))

    assert council.matter(record) == before
    council.until("2025-03-10T10:00")
    assert council.matter(record).state == "awaiting_signature"
    later = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    assert council.matter(later).policy_version == "2"


def test_an_absence_that_the_first_breach_makes_long_does_so_under_a_version_with_a_day_of_its_own() -> None:
    council = FakeCouncil(DAR)
    absence = council.open("sup", Workflow.absence, person="sup", first_day="2025-03-03", cause="sickness")
    long = shipped()[CBC].absence.long

    council.announce(version(DAR, absence={"long": long}))
    council.until("2025-04-04T10:00")

    assert council.matter(absence).policy_version == "1"
    assert council.matter(absence).state == "awaiting_cover"


@pytest.mark.clause("CBC-47")
def test_an_absence_with_a_day_of_its_own_is_not_made_long_by_a_breach_under_a_later_version() -> None:
    council = FakeCouncil(CBC)
    absence = council.open("sup", Workflow.absence, person="sup", first_day="2025-03-28", cause="sickness")

    council.announce(version(CBC, absence={"long": None}))
    council.until("2025-04-01T10:00")

    assert council.matter(owed(council)).state == "overdue"
    assert council.matter(absence).state == "reported"
    assert council.due(absence, "long_absence") == date(2025, 4, 11)

"""What lies goes up the line: to the next one who can act, in time, once a rung, and never into silence."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import away, deadline, incidents, sent, step
from workflows.escalation import REMINDERS, wait
from workflows.machine import enforce
from workflows.model import SYSTEM, Matter
from workflows.registry import DEFINITIONS
from workflows.table import State
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Role, Workflow


def overdue(council: FakeCouncil) -> Matter:
    """The social worker's supervision, four weeks and a day after the organisation went live."""
    council.until("2025-01-31T00:00")
    late = council.only(Workflow.entitlement, supervisee="wkr")
    assert late.state == "overdue"
    return late


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil("north-somerset", "2025-01-02T09:00")


def test_reminders_and_climbs_are_product_defaults_and_say_so(council: FakeCouncil) -> None:
    late = overdue(council)
    for name, words in (("remind_by", "5 working days"), ("climb_by", "10 working days")):
        receipt = deadline(council, late, name).receipt
        assert (receipt["clause"], receipt["counted"]) == (PRODUCT_DEFAULT, words)
    assert (council.due(late, "remind_by"), council.due(late, "climb_by")) == (date(2025, 2, 7), date(2025, 2, 14))


def test_each_rung_is_asked_once_and_the_last_one_is_reminded_for_ever(council: FakeCouncil) -> None:
    late = overdue(council)
    council.until("2025-06-30T09:00")
    asked = [row["data"]["asked"] for row in council.steps if row["matter_id"] == late.id and row["trigger"] == "climb"]
    assert asked == ["lm", "hos", "ad"]
    late = council.matter(late)
    assert (late.state, late.holder) == ("with_senior_manager", "ad")
    assert incidents(council, late) == ["top_of_the_line"]
    reminders = [row["at"] for row in council.steps if row["matter_id"] == late.id and row["trigger"] == "remind"]
    assert len(reminders) > 15
    assert council.told("ad", late).count("reminder") > 10
    council.verify()


def test_a_record_that_merely_waits_below_nobody_is_an_incident_with_its_first_reminder_and_only_then() -> None:
    council = FakeCouncil("north-somerset", "2025-03-03T09:00")
    council.relist("sup", line_manager=None)
    record = sent(council)
    assert incidents(council, record) == []
    council.until("2025-03-11T09:00")
    assert incidents(council, record) == ["top_of_the_line"]
    council.until("2025-04-30T09:00")
    assert council.told("wkr", record).count("reminder") > 5
    assert incidents(council, record) == ["top_of_the_line"]


def test_the_line_is_frozen_when_the_escalation_starts(council: FakeCouncil) -> None:
    late = overdue(council)
    council.until("2025-02-15T09:00")
    ladder = council.matter(late).ladder
    assert ladder is not None
    assert (ladder.rungs, ladder.asked) == (("lm", "hos", "ad"), ("lm",))
    assert ladder.parties == {"wkr", "sup"}
    council.relist("new", job_role="service_manager", line_manager="ad", start_date=date(2020, 1, 6))
    council.relist("lm", line_manager="new")
    council.until("2025-03-04T09:00")
    assert council.matter(late).holder == "hos"
    council.verify()


def test_a_party_above_is_passed_over_with_the_reason() -> None:
    people = standard_team()
    people["snr"] = replace(people["wkr2"], ref="snr", job_role="senior_social_worker")
    people["wkr"] = replace(people["wkr"], line_manager="snr")
    council = FakeCouncil("haringey", people=people)
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="Distrust.")
    dispute = council.move("wkr", dispute, "escalate")
    assert dispute.holder == "lm"
    assert step(council, dispute, "escalate")["data"]["skipped"] == [["sup", "party"]]
    council.verify()


def test_whoever_was_passed_over_may_be_asked_when_the_line_is_exhausted(council: FakeCouncil) -> None:
    late = overdue(council)
    absence = away(council, "lm", date(2025, 1, 31))
    council.until("2025-02-15T09:00")
    assert council.matter(late).holder == "hos"
    assert step(council, late, "climb")["data"]["skipped"] == [["lm", "absent"]]
    council.move("hr1", absence, "return", last_day=date(2025, 2, 14))
    council.until("2025-05-01T09:00")
    ladder = council.matter(late).ladder
    assert ladder is not None
    assert ladder.asked == ("hos", "ad", "lm")
    council.verify()


def test_a_lateness_whose_managers_have_all_left_stays_with_the_supervisor_and_is_an_incident(
    council: FakeCouncil,
) -> None:
    late = overdue(council)
    for ref in ("lm", "hos", "ad"):
        council.relist(ref, end_date=date(2025, 2, 3))
    council.until("2025-02-17T09:00")
    late = council.matter(late)
    assert (late.state, late.holder, incidents(council, late)) == ("overdue", "sup", ["stranded"])
    assert step(council, late, "climb")["data"]["skipped"] == [["lm", "left"], ["hos", "left"], ["ad", "left"]]
    assert deadline(council, late, "remind_by").due is not None
    council.verify()


def test_a_lateness_that_found_everybody_away_rises_once_they_are_back(council: FakeCouncil) -> None:
    absences = [away(council, ref, date(2025, 1, 30)) for ref in ("lm", "hos", "ad")]
    late = overdue(council)
    assert "top_of_the_line" in incidents(council, late)
    council.until("2025-02-04T09:00")
    for absence in absences:
        council.move("hr1", absence, "return", last_day=date(2025, 2, 3))

    council.until("2025-03-15T09:00")

    assert council.matter(late).holder in ("lm", "hos", "ad")
    assert "climb" in council.history(late)
    council.verify()


def test_a_disagreement_that_found_everybody_away_rises_once_they_are_back() -> None:
    council = FakeCouncil()
    absences = [away(council, ref, date(2025, 3, 3)) for ref in ("lm", "hos", "ad")]
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="casework", statement="The visits wait.")
    council.until("2025-03-04T09:00")
    for absence in absences:
        council.move("hr1", absence, "return", last_day=date(2025, 3, 3))

    council.until("2025-04-15T09:00")

    assert council.matter(dispute).holder in ("lm", "hos", "ad")
    assert incidents(council, dispute).count("top_of_the_line") <= 2
    council.verify()


def test_a_state_that_only_reminds_does_not_rise(council: FakeCouncil) -> None:
    late = overdue(council)
    definition = DEFINITIONS[Workflow.entitlement]
    turn = Turn(late, "test", SYSTEM, Role.system, council.now, council.facts(late), definition.enforces)
    wait(turn, definition, State("waiting", "It waits.", reminds=lambda turn: (turn.holder,)))
    assert [d.name for d in turn.deadlines.values() if d.live] == ["remind_by"]
    assert set(REMINDERS) == {"remind_by", "climb_by"}


def test_what_lags_more_than_an_hour_behind_starts_peoples_time_at_the_enforcement(council: FakeCouncil) -> None:
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    supervise_by = deadline(council, entitlement, "supervise_by")
    assert supervise_by.fires_at is not None
    for clock, due, note in (
        ("2025-01-31T01:00", date(2025, 2, 7), None),
        ("2025-02-03T09:00", date(2025, 2, 10), "enforced late: counted from the enforcement"),
    ):
        council.now = council.now.fromisoformat(f"{clock}+00:00")
        decision = enforce(entitlement, supervise_by, council.facts(entitlement), supervise_by.fires_at)
        remind_by = decision.matter.live("remind_by")
        assert remind_by is not None
        assert remind_by.due is not None
        assert (decision.step.at, remind_by.due.date()) == (supervise_by.fires_at, due)
        assert remind_by.receipt.get("note") == note


def test_a_receipt_says_late_only_of_what_is_counted_from_the_enforcement() -> None:
    council = FakeCouncil("central-bedfordshire", "2025-01-02T09:00")
    council.start_programmes()
    council.now = at("2025-06-02T09:00")
    council.until(council.now)
    notes = {
        row["name"]: row["receipt"].get("note") for row in council.deadlines.values() if row["status"] == "running"
    }
    assert notes["draw_by"] is None
    assert notes["remind_by"] == "enforced late: counted from the enforcement"
    council.verify()

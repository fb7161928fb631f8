"""Programmes of audits run by themselves: what each slot opens, and what it says of whom it opens nothing for."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.audit_stories import CASES, audits, council, opened, programme, second_auditor
from tests.unit.workflows.case_stories import propose
from tests.unit.workflows.stories import deadline, incidents, statuses, step
from workflows.audit_sampling import rank
from workflows.directory import Case
from workflows.policy_reader import shipped
from workflows.vocabulary import AuditKind, Status, Workflow

DARLINGTON = (
    Case("c1", "wkr", "rated", rating="amber"), Case("c2", "wkr2", "rated", rating="red"),
    Case("c3", "wkr2", "rated", rating="amber"), Case("c4", "wkr", "assessment"),
)  # fmt: skip


# -- when
@pytest.mark.clause("CBC-49")
def test_the_first_round_is_drawn_as_the_next_month_begins_and_then_every_month() -> None:
    found = council()
    running = programme(found)
    assert (running.state, found.due(running, "draw_by")) == ("running", date(2025, 3, 31))

    found.until("2025-03-31T23:59:59")
    assert audits(found) == []
    found.until("2025-04-01T00:00")
    assert len(audits(found)) == 1
    found.until("2025-07-01T00:00")
    assert [audit.data["slot"] for audit in audits(found)] == ["2025-04", "2025-05", "2025-06", "2025-07"]
    assert set(statuses(found, running, "draw_by")) == {Status.met, Status.running}
    found.verify()


@pytest.mark.clause("CBC-49")
def test_the_date_of_a_round_has_a_receipt() -> None:
    found = council()
    receipt = deadline(found, programme(found), "draw_by").receipt

    assert (receipt["clause"], receipt["anchors"][0]) == ("CBC-49", {"event": "begun", "at": "2025-03-03"})
    found.until("2025-04-01T00:00")
    receipt = deadline(found, programme(found), "draw_by").receipt
    assert receipt["anchors"][0] == {"event": "last round", "at": "2025-03-31"}
    assert (receipt["counted"], receipt["due"]) == ("1 calendar month", "2025-04-30T23:59:59+01:00")


@pytest.mark.clause("CBC-50", "CBC-51", "CBC-52")
@pytest.mark.parametrize(
    ("programme_id", "kind", "slots"),
    [
        ("themed", AuditKind.themed, ["2025-04", "2025-10", "2026-04"]),
        ("peer-observation", AuditKind.peer_observation, ["2025-04", "2026-04"]),
        ("yearly-survey", AuditKind.survey, ["2025-04", "2026-04"]),
    ],
)
def test_the_other_programmes_run_twice_a_year_or_yearly(programme_id: str, kind: AuditKind, slots: list[str]) -> None:
    found = council()
    found.until("2026-04-01T00:00")

    assert [audit.data["slot"] for audit in audits(found, kind)] == slots
    assert {audit.data["programme"] for audit in audits(found, kind)} == {programme_id}


def test_before_the_council_goes_live_nothing_is_drawn() -> None:
    found = FakeCouncil(cases=CASES)
    found.live_from = date(2025, 6, 2)
    found.start_programmes()

    assert found.due(programme(found), "draw_by") == date(2025, 6, 30)
    assert deadline(found, programme(found), "draw_by").receipt["anchors"][0]["event"] == "goes live"


@pytest.mark.clause("NS-44", "LDS-28", "HAR-46")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "haringey"])
def test_where_the_policy_gives_no_rate_nothing_runs_by_itself(policy: str) -> None:
    found = council(policy, cases=())
    found.until("2026-03-03T09:00")

    assert found.find(Workflow.audit) == []


# -- whom and what
@pytest.mark.clause("CBC-49")
def test_one_case_is_drawn_for_each_team_manager_and_an_empty_team_is_named_with_the_reason() -> None:
    found = council()
    found.until("2025-04-01T09:00")

    [audit] = audits(found)
    drawn = step(found, programme(found), "draw")["data"]
    assert (audit.state, audit.holder_role, audit.data["team_manager"]) == ("drawn", "auditor", "sup")
    assert [(row["for"], row["audit"], row["case"]) for row in drawn["drawn"]] == [("sup", str(audit.id), audit.case)]
    assert drawn["not_drawn"] == [{"for": "sup2", "why": "no_cases"}]


@pytest.mark.clause("CBC-49")
def test_what_the_step_keeps_lets_an_outsider_repeat_the_draw() -> None:
    found = council()
    found.until("2025-04-01T09:00")

    [row] = step(found, programme(found), "draw")["data"]["drawn"]
    assert row["seed"] == f"{programme(found).id}:2025-04:sup"
    assert row["case"] == min((case.ref for case in CASES), key=lambda ref: rank(row["seed"], ref))
    assert (row["drawn_from"], row["passed_over"]) == (len(CASES), [])
    assert {name: audits(found)[0].data[name] for name in ("seed", "drawn_from", "commitment")}.items() <= row.items()


@pytest.mark.clause("CBC-49")
def test_no_case_comes_twice_within_a_year_while_the_team_has_others() -> None:
    cases = [Case(f"c{number}", "wkr", "family-support") for number in range(1, 14)]
    found = council(cases=cases)
    found.until("2026-03-01T00:00")
    first = [audit.case for audit in audits(found)]
    assert len(first) == len(set(first)) == 12

    found.until("2026-04-01T00:00")
    [row] = step(found, programme(found), "draw")["data"]["drawn"]
    assert row["drawn_from"] == 2
    assert sorted(row["passed_over"]) == sorted([ref, "drawn_lately"] for ref in first[1:])


@pytest.mark.clause("CBC-49")
def test_a_team_with_few_cases_is_sampled_all_the_same_and_never_twice_in_a_row() -> None:
    found = council(cases=CASES[:3])
    found.until("2026-03-01T00:00")

    drawn = [audit.case for audit in audits(found)]
    assert len(drawn) == 12
    assert all(one != other for one, other in pairwise(drawn))


def test_closed_cases_and_those_of_nobody_are_passed_over() -> None:
    cases = (replace(CASES[0], closed_on=date(2025, 4, 1)), replace(CASES[1], worker="gone"), *CASES[2:])
    found = council(cases=cases, gone=replace(standard_team()["wkr"], ref="gone", end_date=date(2025, 3, 20)))
    found.until("2025-04-01T09:00")

    [row] = step(found, programme(found), "draw")["data"]["drawn"]
    assert row["passed_over"] == [["c1", "closed"], ["c2", "nobodys"]]


def test_a_team_whose_cases_are_all_closed_is_named_with_the_reason() -> None:
    found = council(cases=[replace(CASES[0], closed_on=date(2025, 4, 1))])
    found.until("2025-04-01T09:00")

    not_drawn = step(found, programme(found), "draw")["data"]["not_drawn"]
    assert not_drawn == [{"for": "sup", "why": "no_case_fits"}, {"for": "sup2", "why": "no_cases"}]


def test_cases_in_no_team_are_named() -> None:
    found = council(cases=[*CASES, Case("c9", "hos", "family-support")])
    found.until("2025-04-01T09:00")

    not_drawn = step(found, programme(found), "draw")["data"]["not_drawn"]
    assert {"for": None, "why": "no_team_manager", "cases": ["c9"]} in not_drawn


@pytest.mark.clause("CBC-51")
def test_everybody_who_supervises_case_holders_is_observed() -> None:
    found = council()
    found.until("2025-04-01T09:00")

    assert [audit.data["observed"] for audit in audits(found, AuditKind.peer_observation)] == ["sup"]


@pytest.mark.clause("DAR-23")
def test_all_amber_cases_are_listed_every_month_by_the_rating_in_force() -> None:
    found = council("darlington", DARLINGTON)
    found.until("2025-04-01T09:00")
    [first] = audits(found, AuditKind.rated)
    assert first.data["cases"] == ["c1", "c3"]

    propose(found, "rated", rating="red")
    found.until("2025-05-01T09:00")
    assert audits(found, AuditKind.rated)[-1].data["cases"] == ["c3"]


@pytest.mark.clause("DAR-23")
def test_without_an_amber_case_no_review_is_opened() -> None:
    found = council("darlington", DARLINGTON[1:2])
    found.until("2025-04-01T09:00")

    assert audits(found, AuditKind.rated) == []
    running = programme(found, "practice-review")
    assert step(found, running, "draw")["data"]["not_drawn"] == [{"for": None, "why": "no_cases"}]


# -- who is told
def test_auditors_are_told_once_a_round_in_working_hours() -> None:
    found = council(aud2=second_auditor())
    found.until("2025-04-01T08:59")
    assert found.told("aud", programme(found)) == []

    found.until("2025-04-01T09:00")
    assert (found.told("aud", programme(found)), found.told("aud2", programme(found))) == (["audits_drawn"],) * 2
    assert found.told("aud", audits(found)[0]) == []


def test_a_round_that_nobody_can_take_is_an_incident() -> None:
    found = council(aud={"app_roles": frozenset()})
    found.until("2025-04-01T09:00")

    assert incidents(found, programme(found)) == ["nobody_audits"]
    found.until("2025-04-09T09:00")
    assert incidents(found, audits(found)[0]) == ["top_of_the_line"]


# -- beginning and ending
def test_a_programme_begins_once_however_often_it_is_asked_for() -> None:
    found = council()
    found.start_programmes()

    assert len(found.find(Workflow.audit, kind="programme")) == 4


def test_a_council_gains_a_programme_with_the_list_that_follows_its_new_policy() -> None:
    found = council("leeds", cases=())
    found.adopt(shipped()["central-bedfordshire"])
    found.start_programmes()

    assert len(found.find(Workflow.audit, kind="programme")) == 4


def test_a_programme_that_the_policy_has_no_more_ends_when_it_would_draw_again() -> None:
    found = council()
    ends = programme(found)
    found.until("2025-03-10T09:00")
    found.adopt(shipped()["leeds"])

    found.until("2025-04-01T00:00")

    assert found.matter(ends).state == "ended"
    assert audits(found) == []


def test_a_programme_follows_the_interval_that_is_in_force() -> None:
    found = council()
    policy = found.policy
    rows = [row for row in policy.audit.programmes if row.id == "monthly-cases"]
    assert rows[0].every is not None
    slower = rows[0].model_copy(update={"every": rows[0].every.model_copy(update={"value": 3})})
    changed = policy.audit.model_copy(update={"programmes": (slower,)})
    found.adopt(policy.model_copy(update={"version": "2", "audit": changed}))

    found.until("2025-04-01T00:00")
    assert found.due(programme(found), "draw_by") == date(2025, 6, 30)


# -- by hand
@pytest.mark.clause("CBC-49")
def test_a_case_that_was_chosen_by_hand_is_not_drawn_next() -> None:
    found = council(cases=CASES[:2])
    opened(found, "c1")
    found.until("2025-04-01T00:00")

    assert audits(found)[-1].case == "c2"
    assert found.history(programme(found)) == ["open", "sampled", "draw"]


def test_a_case_whose_audit_was_withdrawn_may_be_drawn_again() -> None:
    found = council(cases=CASES[:2])
    found.move("aud", opened(found, "c1"), "withdraw", reason="Opened by mistake.")

    assert programme(found).data["drawn_on"] == {}

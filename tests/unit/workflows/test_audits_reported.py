"""A report: by the council's form, for those whose work it is about, and without a word where a survey is anonymous."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.audit_stories import LEARNING, council, opened, reported, second_auditor, taken
from tests.unit.workflows.councils import COUNCILS
from tests.unit.workflows.stories import away, deadline, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow


# -- the form
@pytest.mark.clause("NS-73", "NS-68", "DAR-27", "LDS-28", "HAR-04", "HAR-18")
@pytest.mark.parametrize(
    ("policy", "clauses"),
    [
        ("north-somerset", {"NS-73", "NS-68"}),
        ("darlington", {"DAR-27"}),
        ("leeds", {"LDS-28"}),
        ("haringey", {"HAR-04", "HAR-18"}),
        ("central-bedfordshire", {"CBC-49", "CBC-81", "CBC-83", "CBC-84"}),
    ],
)
def test_an_audit_has_the_questions_of_its_council_each_with_its_clause(policy: str, clauses: set[str]) -> None:
    form = opened(council(policy)).data["form"]

    assert {question["clause"] for question in form} == clauses
    assert all(question["title"].startswith("Whether ") for question in form)


@pytest.mark.clause("NS-73")
def test_the_evidence_standards_are_eight_questions() -> None:
    assert [question["clause"] for question in opened(council("north-somerset")).data["form"]].count("NS-73") == 8


def test_a_question_may_belong_to_some_kinds_of_audit_alone() -> None:
    observation = council().open("aud", Workflow.audit, kind="peer_observation", observed="sup")

    assert [question["name"] for question in observation.data["form"]] == [
        "previous_actions", "actions_with_reasons", "plan_and_impact",
    ]  # fmt: skip


@pytest.mark.parametrize("policy", COUNCILS)
def test_what_the_report_leaves_open_is_shown_with_its_clause(policy: str) -> None:
    found = council(policy)
    asked = found.policy.audit.form("case_sample")
    audit = reported(found)

    assert audit.data["unanswered"] == [{"name": q["name"], "clause": q["clause"]} for q in asked[1:]]


def test_a_question_that_the_form_lacks_is_refused() -> None:
    found = council()

    with pytest.raises(Refused, match=r"no question 'weather'; it has: frequency, previous_actions"):
        found.move("aud", taken(found), "report", findings={"weather": "Fine."})
    with pytest.raises(Refused, match="Say what was found"):
        found.move("aud", taken(found, "c2"), "report")


# -- who may report, and who then knows
def test_only_whoever_has_the_audit_reports() -> None:
    found = council(aud2=second_auditor())
    audit = taken(found)

    for who in ("aud2", "sup", "wkr"):
        with pytest.raises(NotYourMove):
            found.move(who, audit, "report", learning=LEARNING)


def became_a_party(found: FakeCouncil) -> Matter:
    """An audit whose auditor the list then makes the supervisor of the case’s worker."""
    audit = taken(found)
    found.relist("wkr", supervisor="aud")
    return audit


@pytest.mark.clause("CBC-49")
@pytest.mark.parametrize("case", ["c1", "c2"], ids=["open", "closed"])
@pytest.mark.parametrize("learning", [LEARNING, []], ids=["learning", "no learning"])
def test_an_auditor_who_has_become_a_party_reports_nothing(case: str, learning: list[str]) -> None:
    found = council()
    audit = taken(found, case)
    worker = found.cases[case].worker
    found.relist(worker, supervisor="aud")
    if case == "c2":
        found.cases[case] = Case(case, worker, "family-support", closed_on=date(2025, 3, 3))

    assert "report" not in found.offered("aud", audit)
    with pytest.raises(Refused, match="somebody else audits it"):
        found.move("aud", audit, "report", findings={"frequency": "Yes."}, learning=learning)


@pytest.mark.clause("CBC-49")
def test_another_auditor_takes_over_from_one_who_has_become_a_party_and_reports() -> None:
    found = council(aud2=second_auditor())
    audit = became_a_party(found)

    audit = found.move("aud2", audit, "take")

    assert (audit.holder, found.told("aud", audit)) == ("aud2", ["audit_taken_over"])
    assert found.move("aud2", audit, "report", learning=LEARNING).supervisor == "aud"


def test_of_an_audit_that_its_auditor_may_not_report_every_auditor_is_reminded() -> None:
    found = council(aud2=second_auditor())
    audit = became_a_party(found)

    found.until("2025-03-11T09:00")

    assert found.told("aud2", audit) == ["audit_opened", "reminder"]


@pytest.mark.clause("CBC-51")
def test_an_observer_who_has_become_a_party_reports_nothing_and_another_peer_is_named() -> None:
    found = council(sup3=replace(standard_team()["sup2"], ref="sup3"), wkr2={"supervisor": "sup2"})
    found.relist("bs", supervisor="sup3")
    audit = found.open("aud", Workflow.audit, kind="peer_observation", observed="sup")
    found.move("aud", audit, "assign", observer="sup2")
    found.relist("sup2", supervisor="sup")

    with pytest.raises(Refused, match="somebody else audits it"):
        found.move("sup2", audit, "report", learning=LEARNING)
    audit = found.move("aud", audit, "assign", observer="sup3")

    assert (audit.holder, found.told("sup2", audit)) == ("sup3", ["audit_assigned", "audit_taken_over"])
    assert found.move("sup3", audit, "report", learning=LEARNING).supervisor == "sup"


def test_until_the_report_an_audit_has_no_parties_and_then_they_are_told() -> None:
    found = council()
    audit = taken(found)
    assert audit.parties() == {}
    assert (found.told("wkr", audit), found.told("sup", audit)) == ([], [])

    audit = found.move("aud", audit, "report", learning=LEARNING, rating="partly_met")

    assert audit.parties() == {"supervisee": "wkr", "supervisor": "sup"}
    assert (found.told("wkr", audit), found.told("sup", audit)) == (["audit_reported"], ["audit_reported"])
    assert (audit.data["rating"], audit.data["learning_points"]) == ("partly_met", 1)
    assert statuses(found, audit, "report_by") == [Status.met]


def test_the_parties_are_those_of_the_day_of_the_report() -> None:
    found = council()
    audit = taken(found)
    found.relist("wkr", supervisor="sup2")

    assert found.move("aud", audit, "report", learning=LEARNING).supervisor == "sup2"


def test_what_is_written_stays_out_of_steps_and_notices() -> None:
    found = council()
    audit = taken(found)
    found.move("aud", audit, "report", findings={"frequency": "Marmalade."}, learning=["Less marmalade."])

    assert "armalade" not in str(step(found, audit, "report")["data"])
    assert "armalade" not in str([n for n in found.notices if n["matter_id"] == audit.id])


def test_the_window_for_the_report_is_a_product_default() -> None:
    found = council()
    audit = opened(found)

    assert found.due(audit, "report_by") == date(2025, 3, 31)
    assert deadline(found, audit, "report_by").receipt["clause"] == "product default"


# -- how it ends
def test_without_anything_to_learn_the_report_closes_the_audit() -> None:
    assert reported(council(), learning=[]).state == "closed"


def test_learning_about_no_open_case_is_followed_up_by_the_auditor() -> None:
    found = council()
    audit = found.move("aud", found.open("aud", Workflow.audit, kind="themed", theme="Drift"), "take")
    audit = found.move("aud", audit, "report", learning=LEARNING)
    assert (audit.state, audit.holder, audit.parties()) == ("reported", "aud", {})

    closed = found.move("aud", audit, "follow_up", done="Talked over with all team managers.")
    assert closed.state == "closed"
    assert "all team managers" not in str(step(found, audit, "follow_up")["data"])


def test_learning_about_a_case_that_was_closed_meanwhile_is_followed_up() -> None:
    found = council()
    audit = taken(found)
    found.cases["c1"] = Case("c1", "wkr", "family-support", closed_on=date(2025, 3, 3))

    assert found.move("aud", audit, "report", learning=LEARNING).state == "reported"
    assert found.move("aud", audit, "follow_up", done="Told both.").state == "closed"
    assert found.told("wkr", audit) == ["audit_reported", "audit_closed"]


@pytest.mark.clause("DAR-23")
def test_a_review_of_amber_cases_is_reported_as_one() -> None:
    found = council("darlington", [Case("c1", "wkr", "rated", rating="amber")])
    audit = found.open("aud", Workflow.audit, kind="rated")
    assert audit.data["cases"] == ["c1"]
    audit = found.move("aud", audit, "take")

    audit = found.move("aud", audit, "report", findings={"recorded": "All of them."}, learning=LEARNING)
    assert (audit.state, audit.parties()) == ("reported", {})


@pytest.mark.clause("CBC-51")
def test_the_observed_supervisor_learns_of_the_observation_when_it_is_reported() -> None:
    found = council(wkr2={"supervisor": "sup2"})
    audit = found.open("aud", Workflow.audit, kind="peer_observation", observed="sup")
    found.move("aud", audit, "assign", observer="sup2")

    audit = found.move("sup2", audit, "report", learning=LEARNING)

    assert (audit.state, audit.holder, audit.supervisor) == ("reported", "sup2", "sup")
    assert found.told("sup", audit) == ["audit_reported"]
    assert found.move("sup2", audit, "follow_up", done="Tried together.").state == "closed"


def test_when_the_reporter_has_left_any_auditor_follows_up() -> None:
    found = council(aud2=second_auditor())
    audit = found.move("aud", found.open("aud", Workflow.audit, kind="themed", theme="Drift"), "take")
    found.move("aud", audit, "report", learning=LEARNING)
    found.relist("aud", end_date=date(2025, 3, 4))
    found.until("2025-03-05T09:00")

    assert (found.matter(audit).state, found.matter(audit).holder_role) == ("reported", "auditor")
    assert found.move("aud2", audit, "follow_up", done="Talked over.").state == "closed"


# -- surveys
@pytest.mark.clause("CBC-52", "HAR-46")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "haringey"])
def test_a_survey_keeps_two_counts_and_takes_no_report(policy: str) -> None:
    found = council(policy, cases=())
    survey = found.move("aud", found.open("aud", Workflow.audit, kind="survey"), "take")
    assert survey.data["form"] == []
    with pytest.raises(Refused, match="closed with its counts"):
        found.move("aud", survey, "report", learning=LEARNING)
    with pytest.raises(Refused, match="More have answered"):
        found.move("aud", survey, "close", responses=31, invited=30)
    with pytest.raises(ValidationError):
        found.move("aud", survey, "close", responses=21, invited=30, said="Names.")

    survey = found.move("aud", survey, "close", responses=21, invited=30)

    assert (survey.state, survey.data["responses"], survey.data["invited"]) == ("closed", 21, 30)


def test_only_a_survey_is_closed_with_counts() -> None:
    found = council()

    with pytest.raises(Refused, match="Only a survey"):
        found.move("aud", taken(found), "close", responses=1, invited=2)


# -- who does not learn of one
@pytest.mark.clause("CBC-47")
def test_no_plan_for_the_cover_of_a_supervisor_lists_an_audit_of_their_supervisees() -> None:
    found = council()
    audit = reported(found)
    absence = away(found, "sup", date(2025, 3, 3))
    found.until("2025-03-18T09:00")

    plan = {row["supervisee"]: row["matters"] for row in found.matter(absence).data["plan"]}

    assert (audit.supervisee, audit.supervisor) == ("wkr", "sup")
    assert plan["wkr"]
    assert "audit" not in {matter["workflow"] for matter in plan["wkr"]}

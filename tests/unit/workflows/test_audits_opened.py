"""Audits that auditors open by hand, and who may take one: never somebody with a part in what is audited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import standard_team
from tests.unit.workflows.audit_stories import CASES, audits, council, opened, programme, second_auditor, taken
from tests.unit.workflows.stories import incidents, step
from workflows.audit_sampling import rank
from workflows.directory import Case
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import AuditKind, Role, Workflow


# -- opening
def test_only_an_auditor_opens_one() -> None:
    for who in ("sup", "wkr", "hos", "hr1", "nobody"):
        with pytest.raises(NotYourMove):
            council().open(who, Workflow.audit, kind="case_sample", case="c1")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"kind": "case_sample"}, "either a case, or the team manager"),
        ({"kind": "case_sample", "case": "c1", "team_manager": "sup"}, "either a case, or the team manager"),
        ({"kind": "themed"}, "its theme"),
        ({"kind": "peer_observation"}, "whose supervision is observed"),
        ({"kind": "peer_observation", "observed": "wkr"}, "Person wkr supervises nobody"),
        ({"kind": "case_sample", "case": "c99"}, "There is no case c99"),
        ({"kind": "case_sample", "case": "shut"}, "Case shut is closed"),
        ({"kind": "case_sample", "team_manager": "lm"}, "lm is no team manager in post"),
        ({"kind": "framework", "theme": "Forums"}, "no audit of this kind"),
        ({"kind": "case_sample", "case": "c1", "programme": "no-such"}, "or of this name"),
        ({"kind": "themed", "theme": "Reflection", "programme": "monthly-cases"}, "or of this name"),
    ],
)
def test_what_an_audit_cannot_be_about_is_said_in_a_sentence(data: dict[str, Any], why: str) -> None:
    found = council(cases=[*CASES, Case("shut", "wkr", "family-support", closed_on=date(2025, 3, 3))])

    with pytest.raises(Refused, match=why):
        found.open("aud", Workflow.audit, **data)


@pytest.mark.clause("CBC-49")
def test_a_sample_of_an_empty_team_is_refused_with_the_clause() -> None:
    with pytest.raises(Refused, match=r"Person sup2’s team has no case to draw: .* \(CBC-49\)"):
        council().open("aud", Workflow.audit, kind="case_sample", team_manager="sup2")


@pytest.mark.clause("CBC-49")
@pytest.mark.parametrize("seed", [None, "winter-2025"])
def test_a_sample_by_hand_is_drawn_by_the_seed_that_is_given_or_by_its_own_id(seed: str | None) -> None:
    found = council()
    audit = found.open("aud", Workflow.audit, kind="case_sample", team_manager="sup", seed=seed)

    told = step(found, audit, "open")["data"]
    assert told["seed"] == (seed or str(audit.id))
    assert audit.case == told["case"] == min((case.ref for case in CASES), key=lambda ref: rank(told["seed"], ref))
    assert programme(found).data["drawn_on"] == {audit.case: "2025-03-03"}


def test_a_sample_by_hand_passes_over_what_was_drawn_lately() -> None:
    found = council(cases=CASES[:3])
    cases = [
        found.open("aud", Workflow.audit, kind="case_sample", team_manager="sup", seed=seed).case for seed in "abc"
    ]

    assert sorted(map(str, cases)) == ["c1", "c2", "c3"]


def test_the_other_auditors_are_told_of_one_opened_by_hand() -> None:
    found = council(aud2=second_auditor())
    audit = opened(found)

    assert (audit.state, audit.holder, audit.holder_role) == ("drawn", None, "auditor")
    assert (found.told("aud", audit), found.told("aud2", audit)) == ([], ["audit_opened"])


@pytest.mark.clause("HAR-46")
def test_a_part_of_the_framework_is_opened_by_its_name() -> None:
    found = council("haringey", cases=())
    audit = found.open("aud", Workflow.audit, kind="framework", programme="training")

    assert audit.data["title"].startswith("Audit of training")
    assert step(found, audit, "open")["clause"] == "HAR-46"


def test_a_policy_without_audits_leaves_cases_to_be_audited_by_hand() -> None:
    policy = shipped()["leeds"].model_copy(update={"audit": type(shipped()["leeds"].audit)()})
    found = council(policy, cases=CASES)
    audit = opened(found)

    assert (step(found, audit, "open")["clause"], audit.data["form"]) == ("product default", [])
    assert found.due(audit, "report_by") == date(2025, 3, 31)


@pytest.mark.clause("DAR-23")
def test_a_review_of_rated_cases_needs_one_and_nobody_who_has_a_part_in_any_takes_it() -> None:
    with pytest.raises(Refused, match="No case has the rating"):
        council("darlington", [Case("c1", "wkr", "rated", rating="red")]).open("aud", Workflow.audit, kind="rated")
    cases = [Case("c1", "wkr", "rated", rating="amber"), Case("c2", "wkr2", "rated", rating="amber")]
    found = council("darlington", cases, wkr2={"app_roles": frozenset({Role.auditor})})

    audit = found.open("aud", Workflow.audit, kind="rated")

    assert "take" not in found.offered("wkr2", audit)
    assert "take" in found.offered("aud", audit)


# -- taking
def test_an_auditor_takes_one_from_the_queue() -> None:
    found = council()
    audit = taken(found)

    assert (audit.state, audit.holder, audit.holder_role) == ("in_progress", "aud", None)


@pytest.mark.clause("CBC-49")
@pytest.mark.parametrize("who", ["wkr", "sup", "lm"])
def test_nobody_audits_supervision_that_they_have_a_part_in(who: str) -> None:
    people: dict[str, Any] = {who: {"app_roles": frozenset({Role.auditor})}}
    found = council(**people)
    audit = opened(found)

    assert not {"take", "withdraw"} & found.offered(who, audit)
    with pytest.raises(Refused, match="somebody else audits it"):
        found.move(who, audit, "take")


def test_whoever_is_higher_in_the_line_may_audit() -> None:
    found = council(hos={"app_roles": frozenset({Role.auditor})})

    assert found.move("hos", opened(found), "take").holder == "hos"


@pytest.mark.parametrize(
    "change",
    [{"wkr": {"cover": "sup2"}}, {"wkr": {"supervisor": "sup2"}}],
    ids=["covers", "supervises by the list"],
)
def test_a_cover_supervisor_has_a_part_in_it(change: dict[str, Any]) -> None:
    found = council(**change, sup2={"app_roles": frozenset({Role.auditor})})

    with pytest.raises(Refused, match="somebody else audits it"):
        found.move("sup2", opened(found), "take")


def test_a_case_that_is_on_no_list_any_more_has_no_parties() -> None:
    found = council()
    audit = opened(found)
    del found.cases["c1"]

    assert found.move("aud", audit, "take").state == "in_progress"


@pytest.mark.clause("CBC-51")
def test_an_observer_is_a_peer_without_a_part_in_what_is_observed() -> None:
    found = council(wkr2={"supervisor": "sup2"})
    audit = found.open("aud", Workflow.audit, kind="peer_observation", observed="sup")

    with pytest.raises(Refused, match="A peer observes"):
        found.move("aud", audit, "take")
    for who in ("sup", "lm", "wkr", "aud", "nobody"):
        with pytest.raises(Refused, match="is no peer"):
            found.move("aud", audit, "assign", observer=who)
    given = found.move("aud", audit, "assign", observer="sup2")

    assert (given.state, given.holder, found.told("sup2", audit)) == ("in_progress", "sup2", ["audit_assigned"])
    assert "report" in found.offered("sup2", audit)
    with pytest.raises(Refused, match="Only an observation"):
        found.move("aud", opened(found), "assign", observer="sup2")


@pytest.mark.clause("CBC-50")
def test_a_themed_audit_gets_its_theme_when_it_is_taken() -> None:
    found = council()
    found.until("2025-04-01T09:00")
    [audit] = audits(found, AuditKind.themed)

    with pytest.raises(Refused, match="Say which theme"):
        found.move("aud", audit, "take")
    assert found.move("aud", audit, "take", theme="Reflection").state == "in_progress"
    named = found.open("aud", Workflow.audit, kind="themed", theme="Drift and delay")
    assert found.move("aud", named, "take").state == "in_progress"


def test_a_colleague_takes_over_and_is_told_apart_in_the_history() -> None:
    found = council(aud2=second_auditor())
    audit = taken(found)
    with pytest.raises(Refused, match="You have this audit already"):
        found.move("aud", audit, "take")

    assert found.move("aud2", audit, "take").holder == "aud2"
    assert step(found, audit, "take")["data"]["instead_of"] == "aud"
    assert found.told("aud", audit) == ["audit_taken_over"]


def test_when_an_auditor_leaves_their_audit_waits_for_another_and_when_they_are_away_it_stays() -> None:
    found = council(aud2=second_auditor())
    audit = taken(found)
    found.open("hr1", Workflow.absence, person="aud", first_day="2025-03-03", cause="sickness")
    assert found.matter(audit).holder == "aud"

    found.relist("aud", end_date=date(2025, 3, 4))
    found.until("2025-03-05T09:00")

    audit = found.matter(audit)
    assert (audit.state, audit.holder, audit.holder_role) == ("drawn", None, "auditor")
    assert found.told("aud2", audit) == ["audit_opened", "audit_put_back"]


def test_a_withdrawn_audit_says_why_and_tells_whoever_was_at_work() -> None:
    found = council(aud2=second_auditor())
    audit = found.move("aud2", taken(found), "withdraw", reason="The case has moved away.")

    assert (audit.state, found.told("aud", audit)) == ("withdrawn", ["audit_withdrawn"])
    survey = found.open("aud", Workflow.audit, kind="survey")
    assert found.move("aud", survey, "withdraw", reason="Next year.").state == "withdrawn"


# -- waiting
def test_an_audit_that_nobody_takes_is_reminded_of_and_told_above_and_is_at_last_an_incident() -> None:
    found = council()
    audit = opened(found)

    found.until("2025-03-10T23:59")
    assert found.told("aud", audit) == []
    found.until("2025-03-18T09:00")
    assert (found.told("aud", audit), found.told("ad", audit)) == (["reminder", "escalated"], ["escalated"])
    found.until("2025-04-01T09:00")
    assert found.told("aud", audit)[-1] == "report_missed"
    assert found.told("ad", audit)[-1] == "report_missed"
    assert incidents(found, audit) == ["top_of_the_line"]
    assert found.matter(audit).state == "drawn"
    found.verify()


def test_a_late_report_is_told_and_the_audit_stays_with_its_auditor() -> None:
    found = council(aud={"line_manager": None})
    audit = taken(found)
    found.until("2025-04-01T09:00")

    assert "report_missed" in found.told("aud", audit)
    assert found.matter(audit).data["report_missed"] is True
    assert found.move("aud", audit, "report", findings={"frequency": "Yes."}).state == "closed"


def test_nobody_whose_work_is_audited_is_told_that_it_waits() -> None:
    team = standard_team()
    found = council(aud=replace(team["aud"], line_manager="lm"))
    audit = opened(found)
    found.until("2025-03-18T09:00")

    assert (found.told("lm", audit), found.told("hos", audit)) == ([], ["escalated"])


def test_whoever_was_to_be_told_next_may_be_gone_by_then() -> None:
    found = council()
    audit = opened(found)
    found.relist("ad", end_date=date(2025, 3, 10))
    found.until("2025-03-18T09:00")

    assert incidents(found, audit) == ["stranded"]


def test_an_auditor_whose_own_work_is_audited_is_not_told_of_it() -> None:
    found = council(aud2=second_auditor(), sup={"app_roles": frozenset({Role.auditor})})

    audit = opened(found)

    assert (found.told("aud2", audit), found.told("sup", audit)) == (["audit_opened"], [])

"""A group agrees its limits before it meets, decides nothing about cases, and shares one record that nobody signs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.councils import COUNCILS
from tests.unit.workflows.stories import statuses, step
from workflows.directory import Case, Person
from workflows.guidance import at_moment
from workflows.model import Matter
from workflows.policy_reader import shipped
from workflows.policy_text import describe
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Moment, SessionKind, Status, Workflow

CASES = (
    Case("c1", "wkr", "child-in-need", allocated_on=date(2025, 1, 6)),
    Case("c2", "wkr2", "child-in-need", allocated_on=date(2025, 1, 6)),
)


@pytest.fixture
def leeds() -> FakeCouncil:
    return FakeCouncil("leeds", cases=CASES)


@pytest.fixture
def somerset() -> FakeCouncil:
    return FakeCouncil("north-somerset", cases=CASES)


def booked(council: FakeCouncil, on: str = "2025-03-04", **more: Any) -> Matter:
    booking = {"kind": "group", "participants": ["wkr", "wkr2"], "starts_at": f"{on}T10:00+00:00", "minutes": 60}
    return council.open("sup", Workflow.session, **{**booking, **more})


def hold(council: FakeCouncil, session: Matter, **more: Any) -> Matter:
    council.until(session.data["starts_at"].replace("T10:00:00+00:00", "T11:00"))
    return council.move("sup", session, "hold", held_at=council.now, minutes=60, **more)


def record_of(council: FakeCouncil, session: Matter) -> Matter:
    return council.only(Workflow.record, kind="group", parent=session.id)


def lacks(session: Matter) -> list[str]:
    return [need["name"] for need in session.data["group"]["lacks"]]


# -- before the first meeting
@pytest.mark.clause("LDS-15", "LDS-16")
def test_no_group_meets_before_its_people_have_agreed_the_limits_of_confidentiality(leeds: FakeCouncil) -> None:
    session = booked(leeds)
    assert session.data["group"]["lacks"][0] == {"name": "confidentiality", "clause": "LDS-16"}
    with pytest.raises(Refused, match=r"limits of confidentiality before its first meeting \(LDS-16\)"):
        hold(leeds, session)
    session = leeds.move("sup", session, "hold", held_at=leeds.now, minutes=60, confidentiality_agreed=True)
    assert (session.state, session.data["group"]["agreed_by"]) == ("held", ["wkr", "wkr2"])
    assert step(leeds, session, "hold")["data"]["confidentiality_agreed"] is True
    assert lacks(session) == ["purpose", "ground_rules"]
    leeds.verify()


@pytest.mark.clause("LDS-16")
def test_what_was_agreed_holds_for_the_meetings_that_follow_and_for_whoever_was_there(leeds: FakeCouncil) -> None:
    first = hold(leeds, booked(leeds), confidentiality_agreed=True)
    second = booked(leeds, "2025-03-11", participants=["wkr2"], follows=first.id)
    assert "confidentiality" not in lacks(second)
    assert hold(leeds, second).data["group"]["agreed_by"] == ["wkr", "wkr2"]
    third = booked(leeds, "2025-03-18", participants=["wkr2", "bs"], follows=second.id)
    with pytest.raises(Refused, match="LDS-16"):
        hold(leeds, third)
    assert hold(leeds, third, confidentiality_agreed=True).data["group"]["agreed_by"] == ["bs", "wkr", "wkr2"]
    leeds.verify()


@pytest.mark.clause("LDS-16")
def test_a_series_that_was_booked_ahead_knows_what_its_first_meeting_agreed(leeds: FakeCouncil) -> None:
    first = booked(leeds)
    second = booked(leeds, "2025-03-11", follows=first.id)
    hold(leeds, first, confidentiality_agreed=True)
    assert hold(leeds, second).state == "held"


@pytest.mark.clause("LDS-16")
def test_a_meeting_that_was_missed_is_reported_late_under_the_same_condition(leeds: FakeCouncil) -> None:
    session = booked(leeds)
    leeds.until("2025-03-06T09:00")
    late = {"held_at": session.data["starts_at"], "minutes": 60, "reason": "The list was lost."}
    with pytest.raises(Refused, match="LDS-16"):
        leeds.move("sup", session, "hold", **late)
    assert leeds.move("sup", session, "hold", **late, confidentiality_agreed=True).state == "held"


@pytest.mark.clause("NS-56")
def test_elsewhere_what_a_group_lacks_is_shown_and_stops_nothing(somerset: FakeCouncil) -> None:
    session = booked(somerset, purpose="To learn from each other.")
    assert lacks(session) == ["ground_rules", "confidentiality"]
    assert {need["clause"] for need in session.data["group"]["lacks"]} == {"NS-56"}
    session = hold(somerset, session, ground_rules="Nobody interrupts.")
    assert (session.state, lacks(session)) == ("held", ["confidentiality"])
    assert somerset.said(session, "hold") == {"ground_rules": "Nobody interrupts."}
    after = booked(somerset, "2025-03-11", follows=session.id)
    assert lacks(after) == ["confidentiality"]
    somerset.verify()


@pytest.mark.clause("NS-56")
def test_a_policy_may_ask_for_a_purpose_and_ground_rules_as_well() -> None:
    policy = shipped()["north-somerset"]
    needs = tuple(need.model_copy(update={"is_condition": True}) for need in policy.group.needs)
    group = policy.group.model_copy(update={"needs": needs})
    council = FakeCouncil(policy.model_copy(update={"group": group}), cases=CASES)
    session = booked(council)
    for given, why in (
        ({}, "has a purpose"),
        ({"purpose": "To learn."}, "has ground rules"),
        ({"purpose": "To learn.", "ground_rules": "Nobody interrupts."}, "limits of confidentiality"),
    ):
        with pytest.raises(Refused, match=why):
            hold(council, session, **given)
    whole = {"purpose": "To learn.", "ground_rules": "Nobody interrupts.", "confidentiality_agreed": True}
    assert lacks(hold(council, session, **whole)) == []


@pytest.mark.parametrize(
    "more", [{"purpose": "To learn."}, {"ground_rules": "None."}, {"follows": "0195572d-0000-7000-8000-000000000000"}]
)
def test_only_a_group_has_what_groups_have(somerset: FakeCouncil, more: dict[str, str]) -> None:
    one: dict[str, Any] = {"kind": "personal", "supervisee": "wkr", "participants": []}
    with pytest.raises(Refused, match="Only a group"):
        booked(somerset, **one, **more)
    session = booked(somerset, **one)
    for says in ({"confidentiality_agreed": True}, {"ground_rules": "None."}):
        with pytest.raises(Refused, match="Only a group"):
            hold(somerset, session, **says)
    assert "group" not in session.data


def test_a_group_follows_a_meeting_of_its_own_people(somerset: FakeCouncil) -> None:
    somerset.relist("other", supervisor="sup2", line_manager="sup2", job_role="social_worker")
    theirs = somerset.open(
        "sup2", Workflow.session, kind="group", participants=["other"], starts_at="2025-03-05T10:00+00:00", minutes=60
    )
    personal = booked(somerset, kind="personal", supervisee="wkr", participants=[])
    for follows in (theirs.id, personal.id, "0195572d-0000-7000-8000-000000000000"):
        with pytest.raises(Refused, match="no earlier meeting of this group"):
            booked(somerset, follows=follows)
    with pytest.raises(Refused, match="no earlier meeting of this group"):
        booked(somerset, participants=["wkr"], follows=theirs.id)
    mixed = booked(somerset, "2025-03-06", participants=["wkr", "other"])
    after = somerset.open(
        "sup2", Workflow.session, kind="group", participants=["other"], starts_at="2025-03-07T10:00+00:00", minutes=60,
        follows=mixed.id,
    )  # fmt: skip
    assert after.data["follows"] == str(mixed.id)


# -- its record
@pytest.mark.clause("NS-56", "LDS-17", "NS-03")
@pytest.mark.parametrize("policy", COUNCILS)
def test_a_group_has_one_record_which_everybody_in_it_reads_and_nobody_signs(policy: str) -> None:
    council = FakeCouncil(policy, cases=CASES)
    session = hold(council, booked(council, cases=["c1", "c2"]), confidentiality_agreed=True)
    record = record_of(council, session)
    assert (record.supervisee, record.supervisor, record.holder) == (None, "sup", "sup")
    assert session.data["group"]["record"] == str(record.id)
    assert (record.data["session_kind"], record.data["participants"]) == ("group", ["wkr", "wkr2"])
    assert council.offered("wkr", record) == set()
    assert {m.case: m.supervisee for m in council.find(Workflow.record, kind="case")} == {"c1": "wkr", "c2": "wkr2"}
    record = council.move("sup", record, "circulate", sections={"decisions_and_actions": "Wkr calls the school."})
    assert (record.state, record.holder, record.data["empty_sections"]) == ("shared", None, [])
    assert council.told("wkr", record) == council.told("wkr2", record) == ["record_shared"]
    assert statuses(council, record, "circulate_by") == [Status.met]
    assert council.find(Workflow.filing) == [], "no policy names a file for what is a whole group's"
    with pytest.raises(NotYourMove):
        council.move("wkr", record, "sign")
    council.verify()


@pytest.mark.clause("NS-56")
def test_what_a_group_agreed_is_shared_within_forty_eight_hours_as_a_product_default(somerset: FakeCouncil) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset)))
    [circulate_by] = [d for d in record.deadlines if d.name == "circulate_by"]
    assert (circulate_by.receipt["clause"], circulate_by.receipt["counted"]) == ("product default", "48 hours")
    somerset.until("2025-03-06T11:00:01")
    assert "circulation_missed" in somerset.history(record)
    assert step(somerset, somerset.move("sup", record, "circulate"), "circulate")["clause"] == "NS-56"
    somerset.verify()


def test_whoever_has_left_the_group_and_the_council_is_not_told(somerset: FakeCouncil) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset)))
    somerset.relist("wkr2", end_date=date(2025, 3, 4))
    somerset.until("2025-03-05T09:00")
    somerset.move("sup", record, "circulate")
    assert (somerset.told("wkr", record), somerset.told("wkr2", record)) == (["record_shared"], [])


def test_the_draft_of_a_group_passes_to_the_manager_of_a_leader_who_leaves(somerset: FakeCouncil) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset)))
    somerset.relist("sup", end_date=date(2025, 3, 4))
    somerset.until("2025-03-05T09:00")
    assert somerset.matter(record).holder == "lm"
    somerset.verify()


def test_a_groups_record_is_opened_by_its_meeting_alone(somerset: FakeCouncil) -> None:
    with pytest.raises(Refused, match="by reporting its session as held"):
        somerset.open("sup", Workflow.record, supervisee="wkr", kind="group")


# -- what it does not decide
@pytest.mark.clause("NS-12")
def test_a_group_decides_nothing_about_a_case_and_its_record_asks_for_no_decision(somerset: FakeCouncil) -> None:
    hold(somerset, booked(somerset, cases=["c1"]))
    record = somerset.only(Workflow.record, kind="case")
    assert "rationale" not in {section["name"] for section in record.data["empty_sections"]}
    with pytest.raises(Refused, match=r"decides nothing about a case \(NS-12\): put “Why it was decided so” into a"):
        somerset.move("sup", record, "write", sections={"rationale": "Because."})
    somerset.move("sup", record, "write", sections={"rationale": "", "actions_agreed": "Wkr calls the school."})
    opening: dict[str, Any] = {"supervisee": "wkr", "kind": "decision", "case": "c1"}
    decision = somerset.open("sup", Workflow.record, **opening, sections={"rationale": "Because."})
    assert decision.data["filled"] == ["rationale"]


@pytest.mark.clause("NS-12")
@pytest.mark.parametrize(("policy", "kind"), [("north-somerset", "case"), ("darlington", "group")])
def test_supervision_of_one_person_decides_and_so_does_a_group_where_the_policy_is_silent(
    policy: str, kind: str
) -> None:
    council = FakeCouncil(policy, cases=CASES)
    more: dict[str, Any] = {"participants": [], "supervisee": "wkr"} if kind == "case" else {}
    hold(council, booked(council, kind=kind, cases=["c1"], **more))
    record = council.only(Workflow.record, kind="case")
    name = "rationale" if policy == "north-somerset" else "future_actions"
    assert name in council.move("sup", record, "write", sections={name: "Because."}).data["filled"]


# -- the next meeting
@pytest.mark.clause("NS-58", "NS-59")
def test_the_next_meeting_finds_what_the_last_one_picked(somerset: FakeCouncil) -> None:
    first = hold(somerset, booked(somerset))
    record = record_of(somerset, first)
    somerset.move("sup", record, "circulate", sections={"suggestions_picked": "Wkr draws a genogram."})
    second = booked(somerset, "2025-03-11", follows=first.id)
    found = {"session": str(first.id), "record": str(record.id), "section": "suggestions_picked", "clause": "NS-59"}
    assert second.data["group"]["report_back"] == found
    assert "report_back" in somerset.policy.record.group.forms[0].names()


@pytest.mark.clause("NS-59")
def test_a_meeting_that_was_not_held_leaves_its_question_to_the_next(somerset: FakeCouncil) -> None:
    first = hold(somerset, booked(somerset))
    second = booked(somerset, "2025-03-11", follows=first.id)
    somerset.move("sup", second, "cancel", cause="diary", reason="A hearing.")
    third = booked(somerset, "2025-03-12", follows=second.id)
    assert third.data["group"]["report_back"]["session"] == str(first.id)
    assert booked(somerset, "2025-03-13").data["group"]["report_back"] is None


def test_where_no_clause_asks_for_it_nobody_reports_back(leeds: FakeCouncil) -> None:
    first = hold(leeds, booked(leeds), confidentiality_agreed=True)
    assert booked(leeds, "2025-03-11", follows=first.id).data["group"]["report_back"] is None


def test_a_meeting_from_before_groups_were_kept_hands_nothing_on(somerset: FakeCouncil) -> None:
    first = hold(somerset, booked(somerset), confidentiality_agreed=True)
    older = {name: value for name, value in first.data.items() if name != "group"}
    somerset.kept[first.id] = replace(somerset.kept[first.id], matter=first.changed(data=older))
    after = booked(somerset, "2025-03-11", follows=first.id)
    assert (after.data["group"]["agreed_by"], after.data["group"]["report_back"]) == ([], None)


# -- what is told
@pytest.mark.clause("NS-55", "NS-57", "NS-58", "NS-59", "LDS-15", "DAR-04", "DAR-05", "HAR-13", "HAR-15")
def test_how_a_group_works_is_told_with_its_clauses() -> None:
    told = {
        line.clause
        for policy in shipped().values()
        for chapter in describe(policy)
        for line in chapter.lines
        if chapter.title == "Group supervision"
    } | {entry.clause for policy in shipped().values() for entry in at_moment(policy, Moment.group)}
    assert told >= {
        "NS-12", "NS-55", "NS-56", "NS-57", "NS-58", "NS-59", "LDS-15", "LDS-16", "DAR-04", "DAR-05", "HAR-13",
        "HAR-15", "product default",
    }  # fmt: skip


@pytest.mark.clause("NS-55")
def test_a_group_leads_nobody_below_the_least_that_is_owed(somerset: FakeCouncil) -> None:
    [owed] = somerset.find(Workflow.entitlement, supervisee="wkr")
    before = [(d.name, d.due) for d in owed.deadlines]
    hold(somerset, booked(somerset))
    assert [(d.name, d.due) for d in somerset.matter(owed).deadlines] == before != []
    assert SessionKind.group not in somerset.policy.session.renews_worker


# -- suggestions that are picked
PICK = {"who": "wkr", "suggestion": "Draw a genogram.", "due": date(2025, 3, 11)}


@pytest.mark.clause("NS-56", "NS-58")
def test_each_suggestion_that_is_picked_is_an_action_of_whoever_picked_it(somerset: FakeCouncil) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset), confidentiality_agreed=True))

    somerset.move("sup", record, "circulate", picked=[PICK, {**PICK, "who": "wkr2", "suggestion": "Call the school."}])

    found = {action.supervisee: action for action in somerset.find(Workflow.action)}
    assert set(found) == {"wkr", "wkr2"}
    mine = found["wkr"]
    assert (mine.kind, mine.holder, mine.supervisor, mine.data["due"]) == (
        "group_suggestion", "wkr", "sup", "2025-03-11",
    )  # fmt: skip
    assert somerset.said(mine, "open") == {
        "what": "Draw a genogram.", "why": "Picked from the suggestions of a group (NS-58).",
    }  # fmt: skip
    assert somerset.offered("wkr2", mine) == set()
    somerset.verify()


@pytest.mark.parametrize(
    ("pick", "why"),
    [
        ({**PICK, "who": "bs"}, "bs was not in this group"),
        ({**PICK, "due": date(2025, 3, 3)}, "is in the past"),
    ],
)
def test_a_suggestion_is_picked_by_somebody_who_was_there_for_a_day_to_come(
    somerset: FakeCouncil, pick: dict[str, Any], why: str
) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset), confidentiality_agreed=True))
    with pytest.raises(Refused, match=why):
        somerset.move("sup", record, "circulate", picked=[pick])


def test_whoever_has_left_picks_nothing(somerset: FakeCouncil) -> None:
    record = record_of(somerset, hold(somerset, booked(somerset), confidentiality_agreed=True))
    somerset.relist("wkr", end_date=date(2025, 3, 4))
    somerset.until("2025-03-05T09:00")
    with pytest.raises(Refused, match="has left"):
        somerset.move("sup", record, "circulate", picked=[PICK])


def test_no_other_record_and_no_other_policy_has_suggestions_picked(somerset: FakeCouncil, leeds: FakeCouncil) -> None:
    own = somerset.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    elsewhere = record_of(leeds, hold(leeds, booked(leeds), confidentiality_agreed=True))
    for council, record in ((somerset, own), (leeds, elsewhere)):
        with pytest.raises(Refused, match="no suggestions are picked here"):
            council.move("sup", record, "circulate", picked=[PICK])
    assert leeds.move("sup", elsewhere, "circulate").state == "shared"


# -- led by somebody else
def two_teams() -> dict[str, Person]:
    """Two social workers of one profession, each with a supervisor of it."""
    people = standard_team()
    mine = {ref: replace(people[ref], registration="SWE") for ref in ("wkr", "sup2")}
    theirs = replace(people["wkr2"], registration="SWE", supervisor="sup2", line_manager="sup2")
    return {**people, **mine, "wkr2": theirs}


@pytest.mark.clause("HAR-13")
def test_a_professional_group_that_another_manager_led_in_time_is_waited_for() -> None:
    council = FakeCouncil("haringey", people=two_teams())
    owed = council.only(Workflow.entitlement, supervisee="wkr", kind="professional")
    assert council.due(owed, "supervise_by") == date(2025, 4, 3)
    session = council.open(
        "sup2", Workflow.session, kind="group", participants=["wkr", "wkr2"], starts_at=at("2025-04-03T10:00"),
        minutes=60,
    )  # fmt: skip
    council.until("2025-04-04T09:05")
    assert (statuses(council, owed, "supervise_by"), council.told("wkr", owed)) == ([Status.awaiting_report], [])
    report = {"held_at": at("2025-04-03T11:00"), "minutes": 60, "confidentiality_agreed": True}
    council.move("sup2", session, "hold", **report)
    assert statuses(council, owed, "supervise_by") == [Status.met, Status.running]
    council.verify()


@pytest.mark.clause("DAR-05")
@pytest.mark.parametrize(("cases", "waits"), [(["c1"], True), ([], False)])
def test_a_joint_session_about_the_case_that_another_manager_led_in_time_is_waited_for(
    cases: list[str], *, waits: bool
) -> None:
    case = Case("c1", "wkr", "rated", frozenset({"child-protection"}), date(2025, 3, 3), rating="red")
    council = FakeCouncil("darlington", people=two_teams(), cases=[case])
    owed = council.only(Workflow.frequency)
    assert council.due(owed, "supervise_by") == date(2025, 4, 3)
    council.open(
        "sup2", Workflow.session, kind="group", participants=["wkr", "wkr2"], starts_at=at("2025-04-03T10:00"),
        minutes=60, cases=cases,
    )  # fmt: skip
    council.until("2025-04-04T09:05")
    assert statuses(council, owed, "supervise_by") == [Status.awaiting_report if waits else Status.missed]
    council.verify()

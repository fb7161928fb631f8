"""Handover: when a supervisor changes for good, the worker's records pass to the next one, note, meeting and all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.councils import COUNCILS, by
from tests.unit.workflows.stories import C1, away, disputed, draft, incidents, sent, statuses, step
from workflows.model import Admission, Matter
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

NOTE = "Three things to know."
MONDAY = date(2025, 3, 3)


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def changed(council: FakeCouncil, supervisor: str = "sup2", worker: str = "wkr") -> Matter:
    """The list names another supervisor."""
    council.relist(worker, supervisor=supervisor)
    return only(council)


def only(council: FakeCouncil) -> Matter:
    """The handover that is open."""
    return council.only(Workflow.handover, closed_at=None)


def meeting(*told: str) -> dict[str, Any]:
    return {"at": at("2025-03-04T10:00"), "told": list(told)}


def leaves(council: FakeCouncil, ref: str, last_day: date = MONDAY) -> None:
    """Somebody's last day, and the morning after."""
    council.relist(ref, end_date=last_day)
    council.until(at(f"{last_day.replace(day=last_day.day + 1).isoformat()}T09:00"))


# -- beginning
@pytest.mark.parametrize(
    ("clause", "policy"),
    [
        *by(("NS-20", "north-somerset"), ("LDS-10", "leeds"), ("HAR-44", "haringey")),
        ("product default", "darlington"),
        ("product default", "central-bedfordshire"),
    ],
)
def test_another_supervisor_on_the_list_opens_a_handover_under_the_policys_clause(clause: str, policy: str) -> None:
    council = FakeCouncil(policy)
    handover = changed(council)
    assert (handover.state, handover.holder) == ("to_hand_over", "sup")
    assert handover.parties() == {"supervisee": "wkr", "supervisor": "sup2", "person": "sup"}
    assert (handover.data["clause"], step(council, handover, "open")["clause"]) == (clause, clause)
    assert council.due(handover, "hand_over_by") == date(2025, 3, 10)
    assert council.told("sup", handover) == ["handover_due"]
    council.verify()


@pytest.mark.clause("NS-20")
def test_it_says_what_it_covers_and_nobody_sees_more_before_it_is_done(council: FakeCouncil) -> None:
    council.move("wkr", sent(council), "sign")
    draft(council)
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at("2025-03-20T10:00"), "minutes": 60}
    council.open("sup", Workflow.session, **booking)
    handover = changed(council)
    open_work = {"session": 1, "record": 1, "entitlement": 1, "frequency": 1, "filing": 1}
    assert handover.data["covers"] == {"records": 2, "open": open_work}
    assert council.admissions == []


def test_cover_for_a_while_is_no_handover_and_neither_is_a_first_supervisor(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=dict.fromkeys(("wkr", "wkr2", "bs"), "sup2"))
    council.relist("new", job_role="social_worker")
    council.relist("new", supervisor="sup2")
    assert council.find(Workflow.handover) == []


@pytest.mark.clause("CBC-70")
def test_a_decision_that_changes_the_supervisor_hands_over_once_it_is_for_good(council: FakeCouncil) -> None:
    _, dispute = disputed(council)
    council.move("wkr", dispute, "escalate")
    council.move("lm", dispute, "decide", outcome="change_supervisor", reasons="It cannot go on.")
    plan = council.only(Workflow.absence)
    council.move("lm", plan, "assign_cover", cover={"wkr": "sup2"})
    assert council.find(Workflow.handover) == []
    council.move("lm", plan, "make_permanent", reason="It works.")
    assert (only(council).person, only(council).supervisor, only(council).holder) == ("sup", "sup2", "sup")
    council.verify()


@pytest.mark.parametrize("policy", COUNCILS)
def test_whom_a_leaver_supervised_is_handed_over_by_the_line_manager(policy: str) -> None:
    council = FakeCouncil(policy)
    leaves(council, "sup")
    plan = council.only(Workflow.absence)
    council.move("lm", plan, "assign_cover", cover=dict.fromkeys(("wkr", "wkr2", "bs"), "sup2"))
    council.move("lm", plan, "make_permanent", reason="The team grows.")
    handovers = council.find(Workflow.handover)
    assert {(m.supervisee, m.holder, m.person) for m in handovers} == {(w, "lm", "sup") for w in ("wkr", "wkr2", "bs")}
    given = council.move("lm", handovers[0], "hand_over", note=NOTE, meeting=meeting("wkr", "wkr2", "bs", "sup2", "lm"))
    assert (given.state, given.holder) == ("handed_over", "sup2")
    council.verify()


# -- handing over and receiving
@pytest.mark.clause("NS-20", "HAR-44")
@pytest.mark.parametrize("policy", ["north-somerset", "haringey", "darlington", "central-bedfordshire"])
def test_with_the_handover_the_new_supervisor_reads_the_records_and_confirms(policy: str) -> None:
    council = FakeCouncil(policy)
    council.move("wkr", sent(council), "sign")
    handover = changed(council)
    council.until("2025-03-05T09:00")
    given = council.move("sup", handover, "hand_over", note=NOTE)
    assert council.admissions == [Admission("sup2", Workflow.record, "wkr")]
    assert step(council, handover, "hand_over")["data"]["admitted"] == "sup2"
    assert set(step(council, handover, "hand_over")["commitments"]) == {"note"}
    assert (given.state, given.holder, given.data["covers"]["records"]) == ("handed_over", "sup2", 1)
    assert council.due(given, "receive_by") == date(2025, 3, 12)
    assert council.told("sup2", given)[-1] == council.told("wkr", given)[-1] == "handed_over"
    received = council.move("sup2", given, "receive")
    assert (received.state, received.holder) == ("received", None)
    assert [statuses(council, received, name) for name in ("hand_over_by", "receive_by")] == [[Status.met]] * 2
    assert council.told("sup", received)[-1] == council.told("wkr", received)[-1] == "received"
    council.verify()


@pytest.mark.parametrize(("trigger", "who"), [("hand_over", "sup2"), ("hand_over", "wkr"), ("receive", "sup")])
def test_nobody_hands_over_to_themselves_or_receives_for_another(council: FakeCouncil, trigger: str, who: str) -> None:
    handover = changed(council)
    if trigger == "receive":
        council.move("sup", handover, "hand_over", note=NOTE)
    with pytest.raises(NotYourMove):
        council.move(who, handover, trigger, **({"note": NOTE} if trigger == "hand_over" else {}))


# -- the meeting of everyone concerned
@pytest.mark.clause("LDS-10")
def test_everyone_concerned_is_told_of_the_meeting_before_the_records_pass() -> None:
    council = FakeCouncil("leeds")
    handover = changed(council)
    with pytest.raises(Refused, match="everyone concerned met"):
        council.move("sup", handover, "hand_over", note=NOTE)
    for told in (("wkr", "sup2"), ("sup", "sup2"), ("sup", "wkr")):
        with pytest.raises(Refused, match="Everyone concerned must be told of the meeting: Person "):
            council.move("sup", handover, "hand_over", note=NOTE, meeting=meeting(*told))
    given = council.move("sup", handover, "hand_over", note=NOTE, meeting=meeting("wkr", "sup", "sup2"))
    assert given.data["meeting"]["told"] == ["wkr", "sup", "sup2"]
    assert "meeting" in council.told("wkr", given)
    assert "meeting" not in council.told("sup", given)


@pytest.mark.clause("LDS-10")
def test_whoever_hands_over_stands_in_at_the_meeting_for_a_supervisor_who_is_away() -> None:
    council = FakeCouncil("leeds")
    away(council, "sup", MONDAY)
    handover = changed(council)
    assert handover.holder == "lm"
    with pytest.raises(Refused, match="Person lm was not"):
        council.move("lm", handover, "hand_over", note=NOTE, meeting=meeting("wkr", "sup2"))
    assert council.move("lm", handover, "hand_over", note=NOTE, meeting=meeting("wkr", "sup2", "lm")).holder == "sup2"


def test_elsewhere_a_meeting_may_be_logged_of_people_who_are_known(council: FakeCouncil) -> None:
    handover = changed(council)
    with pytest.raises(Refused, match="'nobody'"):
        council.move("sup", handover, "hand_over", note=NOTE, meeting=meeting("nobody"))
    given = council.move("sup", handover, "hand_over", note=NOTE, meeting=meeting("sup2"))
    assert given.data["meeting"]["told"] == ["sup2"]


# -- who stands in
def test_whoever_is_to_receive_never_hands_over() -> None:
    council = FakeCouncil()
    leaves(council, "sup")
    handover = changed(council, "lm")
    assert (handover.supervisor, handover.holder) == ("lm", "hos")


@pytest.mark.parametrize("gone", ["absent", "left"])
def test_it_passes_on_when_whoever_hands_over_can_no_longer(council: FakeCouncil, gone: str) -> None:
    handover = changed(council)
    if gone == "absent":
        away(council, "sup", MONDAY)
    else:
        leaves(council, "sup")
    now = council.matter(handover)
    assert (now.state, now.holder) == ("to_hand_over", "lm")
    assert council.due(now, "hand_over_by") == date(2025, 3, 10)
    council.verify()


def test_where_nobody_is_there_to_hand_over_administrators_see_it_until_somebody_is() -> None:
    team = standard_team()
    people = {ref: replace(team[ref], line_manager=None, supervisor=None) for ref in ("sup", "sup2", "lm")}
    council = FakeCouncil(people={**people, "wkr": team["wkr"]})
    leaves(council, "sup")
    handover = changed(council)
    assert (handover.holder, incidents(council, handover)) == (None, ["stranded"])
    council.until("2025-03-12T09:00")
    assert incidents(council, handover) == ["stranded", "stranded"]
    council.relist("sup2", line_manager="lm")
    council.until("2025-03-20T09:00")
    assert (council.matter(handover).holder, council.told("lm", handover)) == ("lm", ["handover_due"])
    council.move("lm", handover, "hand_over", note=NOTE)
    council.verify()


# -- being late
def test_a_late_handover_is_told_above_and_climbs_to_somebody_who_hands_over_instead(council: FakeCouncil) -> None:
    handover = changed(council)
    council.until("2025-03-11T09:00")
    late = council.matter(handover)
    assert (late.state, statuses(council, late, "hand_over_by")) == ("to_hand_over", [Status.missed])
    assert step(council, late, "hand_over_missed")["clause"] == "product default"
    assert council.told("lm", late) == ["handover_late"]
    assert council.told("sup", late)[-2:] == ["handover_late", "reminder"]
    council.until("2025-03-18T09:00")
    assert council.matter(late).holder == "lm"
    council.until("2025-04-02T09:00")
    assert council.matter(late).holder == "hos"
    council.move("hos", late, "hand_over", note=NOTE)
    council.verify()


def test_the_supervisor_before_may_still_hand_over_after_it_has_climbed(council: FakeCouncil) -> None:
    handover = changed(council)
    council.until("2025-03-18T09:00")
    assert council.move("sup", handover, "hand_over", note=NOTE).state == "handed_over"


def test_a_handover_that_nobody_confirms_is_told_above_and_stays_with_the_new_supervisor(council: FakeCouncil) -> None:
    handover = council.move("sup", changed(council), "hand_over", note=NOTE)
    council.until("2025-03-11T09:00")
    assert council.told("lm", handover) == ["handover_late"]
    council.until("2025-03-18T09:00")
    assert (council.matter(handover).holder, council.told("lm", handover)[-1]) == ("sup2", "escalated")
    council.until("2025-06-02T09:00")
    assert council.told("ad", handover) == ["escalated"]
    assert incidents(council, handover) == ["top_of_the_line"]
    assert council.move("sup2", handover, "receive").state == "received"
    council.verify()


def test_at_the_top_of_the_line_reminders_go_on(council: FakeCouncil) -> None:
    handover = changed(council)
    council.until("2025-06-02T09:00")
    assert (council.matter(handover).holder, incidents(council, handover)) == ("ad", ["top_of_the_line"])
    assert council.told("ad", handover)[-1] == "reminder"
    council.verify()


# -- ending
def test_another_change_takes_its_place_and_whoever_has_the_records_hands_them_over(council: FakeCouncil) -> None:
    first = changed(council)
    council.relist("wkr", supervisor="lm")
    second = only(council)
    assert council.matter(first).state == "superseded"
    assert (second.person, second.supervisor, second.holder) == ("sup", "lm", "sup")
    assert council.told("sup", first)[-1] == "handover_superseded"
    council.verify()


def test_once_handed_over_the_next_change_is_the_new_supervisors_to_hand_over(council: FakeCouncil) -> None:
    first = council.move("sup", changed(council), "hand_over", note=NOTE)
    council.relist("wkr", supervisor="lm")
    assert council.matter(first).state == "superseded"
    assert (only(council).person, only(council).holder) == ("sup2", "sup2")


def test_whoever_comes_back_is_handed_what_came_up_meanwhile(council: FakeCouncil) -> None:
    changed(council)
    council.relist("wkr", supervisor="sup")
    assert (only(council).person, only(council).supervisor) == ("sup2", "sup")


@pytest.mark.parametrize("done", [False, True])
def test_it_ends_when_the_worker_leaves(council: FakeCouncil, *, done: bool) -> None:
    handover = changed(council)
    if done:
        council.move("sup", handover, "hand_over", note=NOTE)
    leaves(council, "wkr")
    assert council.matter(handover).state == "ended"
    council.verify()


def test_a_gap_between_two_supervisors_loses_no_record(council: FakeCouncil) -> None:
    council.relist("wkr", supervisor=None)
    council.until("2025-03-10T09:00")
    handover = changed(council)
    assert (handover.person, handover.supervisor) == ("sup", "sup2")
    council.relist("wkr", supervisor=None)
    assert council.matter(handover).state == "ended"
    council.relist("wkr", supervisor="sup2")
    assert council.find(Workflow.handover, closed_at=None) == []
    council.verify()


def test_a_worker_about_whom_nothing_was_written_is_handed_over_too() -> None:
    council = FakeCouncil(shipped()["leeds"])
    assert changed(council, worker="wkr2").data["covers"] == {"records": 0, "open": {"entitlement": 1}}

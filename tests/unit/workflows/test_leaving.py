"""Somebody leaves: nothing of theirs is deemed, their work passes on, and everybody of theirs has a supervisor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import C1, away, disputed, incidents, sent, statuses, step
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

MONDAY = date(2025, 3, 3)
EVERYBODY = {"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"}
COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def leaves(council: FakeCouncil, ref: str, last_day: date = date(2025, 3, 5)) -> None:
    """The list gives somebody an end date, and it passes."""
    council.relist(ref, end_date=last_day)
    council.until(at(f"{last_day.isoformat()}T23:59:59"))
    council.until(at(f"{last_day.replace(day=last_day.day + 1).isoformat()}T09:00"))


def booked(council: FakeCouncil, starts_at: str, **more: Any) -> Matter:
    """A personal session with the social worker."""
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at(starts_at), "minutes": 60, **more}
    return council.open("sup", Workflow.session, **booking)


# -- as supervisee
@pytest.mark.clause("CBC-43", "CBC-58")
@pytest.mark.parametrize("policy", COUNCILS)
def test_a_leavers_disputed_record_is_settled_and_never_deemed(policy: str) -> None:
    council = FakeCouncil(policy)
    record, dispute = disputed(council)
    other = sent(council)
    leaves(council, "wkr")
    assert (council.matter(record).state, council.matter(dispute).state) == ("settled", "withdrawn")
    assert (council.matter(other).state, council.matter(other).data["reason"]) == ("settled", "left")
    council.until("2025-06-02T09:00")
    assert "deem" not in council.history(other)
    council.verify()


def test_a_leaver_acts_no_more(council: FakeCouncil) -> None:
    leaves(council, "wkr")
    with pytest.raises(NotYourMove):
        council.move("wkr", council.only(Workflow.entitlement, supervisee="wkr"), "explain", reason="I left.")


@pytest.mark.clause("CBC-40", "NS-42", "CBC-16", "NS-32")
@pytest.mark.parametrize(
    ("policy", "category"), [("central-bedfordshire", "family-support"), ("north-somerset", "child-protection")]
)
def test_a_session_on_the_last_day_is_reported_afterwards_and_is_the_cases_supervision(
    policy: str, category: str
) -> None:
    council = FakeCouncil(policy, cases=[replace(C1, category=category)])
    council.relist("wkr", end_date=date(2025, 3, 14))
    session = booked(council, "2025-03-14T14:00", kind="combined", cases=["c1"])
    council.until("2025-03-17T09:30")
    assert council.matter(session).state == "scheduled"
    council.move("sup", session, "hold", held_at=at("2025-03-14T15:00"), minutes=60)
    assert council.only(Workflow.frequency).data["last_supervised_on"] == "2025-03-14"
    records = council.find(Workflow.record)
    assert {(r.kind, r.state, r.holder) for r in records} == {("case", "draft", "sup"), ("personal", "draft", "sup")}
    assert [council.move("sup", r, "circulate").state for r in records] == ["settled", "settled"]
    council.verify()


def test_a_session_on_the_last_day_that_nobody_reports_is_missed_and_owed_to_nobody(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-14T14:00", kind="case", cases=["c1"])
    later = booked(council, "2025-03-18T14:00")
    leaves(council, "wkr", date(2025, 3, 14))
    council.until("2025-03-18T00:00")
    assert (council.matter(session).state, council.matter(later).state) == ("missed", "cancelled")
    assert council.find(Workflow.cancellation) == []
    late = {"held_at": at("2025-03-14T15:00"), "minutes": 60, "reason": "I was away."}
    assert council.move("sup", session, "hold", **late).state == "held"
    council.verify()


def test_an_end_date_that_is_learned_late_ends_what_was_booked_for_afterwards(council: FakeCouncil) -> None:
    last, after = booked(council, "2025-03-07T14:00"), booked(council, "2025-03-10T08:30")
    council.until("2025-03-10T09:00")
    council.relist("wkr", end_date=date(2025, 3, 7))
    assert [council.matter(session).state for session in (last, after)] == ["scheduled", "cancelled"]


def test_a_replacement_on_the_last_day_is_owed_no_more_once_it_is_cancelled(council: FakeCouncil) -> None:
    council.move("sup", booked(council, "2025-03-11T14:00"), "cancel", cause="diary", reason="A hearing.")
    owed = council.only(Workflow.cancellation)
    named = booked(council, "2025-03-10T14:00")
    council.move("sup", owed, "rebook", session=named.id)
    leaves(council, "wkr", date(2025, 3, 10))
    council.move("sup", named, "cancel", cause="diary", reason="It did not take place.")
    assert (council.only(Workflow.cancellation).state, council.matter(named).state) == ("excused", "cancelled")
    council.verify()


# -- as supervisor: what was unsent
@pytest.mark.clause("NS-45", "DAR-11")
@pytest.mark.parametrize("policy", COUNCILS)
def test_a_record_that_was_not_sent_is_the_line_managers_to_send_and_its_limit_runs_on(policy: str) -> None:
    council = FakeCouncil(policy)
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    due = council.due(draft, "circulate_by")
    leaves(council, "sup", date(2025, 3, 3))
    now = council.matter(draft)
    assert (now.state, now.supervisor, now.holder) == ("draft", "lm", "lm")
    assert council.due(draft, "circulate_by") == due
    assert "taken_over" in council.told("lm", draft)
    assert council.move("lm", draft, "circulate").state == "awaiting_signature"
    council.verify()


def test_a_session_that_took_place_on_the_last_day_is_the_line_managers_to_report(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-05T10:00")
    later = booked(council, "2025-03-12T10:00")
    leaves(council, "sup")
    assert (council.matter(session).supervisor, council.matter(later).supervisor) == ("lm", "sup")
    council.move("lm", session, "hold", held_at=at("2025-03-05T11:00"), minutes=60)
    assert council.only(Workflow.record).supervisor == "lm"
    assert council.only(Workflow.entitlement, supervisee="wkr").data["last_supervised_on"] == "2025-03-05"
    council.verify()


@pytest.mark.parametrize("gone", ["absent", "left"])
def test_it_passes_to_the_next_manager_who_is_there(council: FakeCouncil, gone: str) -> None:
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    if gone == "absent":
        away(council, "lm", MONDAY, "planned")
    else:
        leaves(council, "lm", date(2025, 3, 3))
    leaves(council, "sup")
    assert council.matter(draft).supervisor == "hos"


def test_where_nobody_is_above_administrators_see_what_was_left() -> None:
    team = standard_team()
    council = FakeCouncil(people={"sup": replace(team["sup"], line_manager=None, supervisor=None), "wkr": team["wkr"]})
    council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    leaves(council, "sup")
    employment = council.only(Workflow.employment, person="sup")
    assert incidents(council, employment) == ["stranded"]
    council.verify()


# -- as supervisor: whom they supervised
def test_everybody_whom_a_leaver_supervised_needs_cover_at_once(council: FakeCouncil) -> None:
    leaves(council, "sup")
    left = council.only(Workflow.absence)
    assert (left.state, left.holder, left.data["cause"]) == ("awaiting_cover", "lm", "left")
    assert {row["supervisee"] for row in left.data["plan"]} == {"wkr", "wkr2", "bs"}
    told = next(n for n in council.notices if (n["to"], n["kind"]) == ("wkr", "supervisor_away"))
    assert (told["subject"], "turn to Person lm" in told["body"]) == ("Person sup no longer supervises you", True)
    assert not council.offered("hr1", left) & {"return", "amend", "cancel"}
    council.until("2025-03-13T00:00")
    assert council.matter(left).state == "awaiting_cover"
    council.until("2025-03-14T09:00")
    assert (council.matter(left).state, council.matter(left).holder) == ("with_senior_manager", "hos")
    assert "confirm_return" not in council.told("lm", left)
    council.verify()


def test_what_was_lent_for_good_is_to_be_made_permanent(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-20T10:00")
    leaves(council, "sup")
    left = council.move("lm", council.only(Workflow.absence), "assign_cover", cover=EVERYBODY)
    assert (left.state, left.holder, council.matter(session).supervisor) == ("covered", "lm", "sup2")
    council.until("2025-03-14T09:00")
    assert council.told("lm", left)[-1] == "reminder"
    assert council.move("lm", left, "make_permanent", reason="The team grows.").state == "permanent"
    council.verify()


def test_new_supervisors_on_the_list_settle_it(council: FakeCouncil) -> None:
    leaves(council, "sup")
    left = council.only(Workflow.absence)
    for ref in EVERYBODY:
        assert council.matter(left).state == "awaiting_cover"
        council.relist(ref, supervisor="sup2", line_manager="sup2")
    assert council.matter(left).state == "permanent"
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup2"
    council.verify()


def test_a_leaver_who_supervised_nobody_in_post_leaves_no_plan(council: FakeCouncil) -> None:
    council.relist("wkr", supervisor="wkr2", end_date=date(2025, 3, 4))
    leaves(council, "wkr2")
    assert council.find(Workflow.absence) == []
    council.verify()


# -- on top of an absence
@pytest.mark.parametrize("state", ["reported", "awaiting_cover", "with_senior_manager", "covered", "some covered"])
def test_leaving_takes_the_place_of_an_absence_with_the_cover_that_was_lent_for_it(
    council: FakeCouncil, state: str
) -> None:
    absence = away(council, "sup", MONDAY)
    council.until(
        {"reported": "2025-03-10T09:00", "with_senior_manager": "2025-03-26T09:00"}.get(state, "2025-03-18T09:00")
    )
    lent = {"covered": EVERYBODY, "some covered": {"wkr": "sup2"}}.get(state, {})
    if lent:
        council.move("lm", absence, "assign_cover", cover=lent)
    leaves(council, "sup", date(2025, 3, 27))
    ended, left = council.matter(absence), council.only(Workflow.absence, closed_at=None)
    assert (ended.state, ended.data["last_day"], council.history(ended)[-1]) == ("permanent", "2025-03-27", "end")
    assert left.data["cover"] == lent
    assert left.state == ("covered" if state == "covered" else "awaiting_cover")
    assert left.holder in ("lm", "hos")
    if left.state == "awaiting_cover":
        rest = {ref: "sup2" for ref in EVERYBODY if ref not in lent}
        left = council.move(left.holder, left, "assign_cover", cover=rest)
    council.move("lm", left, "make_permanent", reason="The post was filled.")
    assert {council.picture.directory.people[ref].supervisor for ref in EVERYBODY} == {"sup2"}
    council.until("2025-06-02T09:00")
    assert "return" not in council.offered("hr1", ended)
    council.verify()


def test_leave_that_was_still_to_come_is_over_too(council: FakeCouncil) -> None:
    leave = away(council, "wkr", date(2025, 5, 12), "planned", expected_return=date(2025, 5, 19))
    leaves(council, "wkr")
    assert council.matter(leave).state == "permanent"
    council.until("2025-06-02T09:00")
    assert council.history(leave) == ["open", "end"]
    assert council.find(Workflow.absence) == [council.matter(leave)]
    council.verify()


def test_who_only_covered_leaves_a_gap_that_is_covered_again(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    leaves(council, "sup2", date(2025, 3, 20))
    left = council.only(Workflow.absence, person="sup2")
    assert left.state == "awaiting_cover"
    council.move("lm", left, "assign_cover", cover=dict.fromkeys(EVERYBODY, "lm"))
    council.move("hr1", absence, "return", last_day=date(2025, 3, 20))
    assert {council.picture.directory.supervisor_of(ref) for ref in EVERYBODY} == {"sup"}
    council.verify()


def test_whom_the_cover_has_lent_on_is_the_leavers_to_be_settled_as_well(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    away(council, "sup2", date(2025, 3, 18))
    council.until("2025-04-02T09:00")
    council.move(
        "lm", council.only(Workflow.absence, person="sup2"), "assign_cover", cover=dict.fromkeys(EVERYBODY, "lm")
    )
    leaves(council, "sup", date(2025, 4, 2))
    left = council.only(Workflow.absence, state="covered", person="sup")
    assert left.data["cover"] == dict.fromkeys(EVERYBODY, "lm")
    council.move("lm", left, "make_permanent", reason="I keep them.")
    people = council.picture.directory.people
    assert {(people[ref].supervisor, people[ref].cover) for ref in EVERYBODY} == {("lm", None)}
    council.verify()


# -- as holder
def test_rungs_that_a_leaver_holds_pass_on(council: FakeCouncil) -> None:
    _, dispute = disputed(council)
    council.move("wkr", dispute, "escalate")
    leaves(council, "lm")
    assert (council.matter(dispute).state, council.matter(dispute).holder) == ("with_line_manager", "hos")
    assert step(council, dispute, "pass_on")["data"]["why"] == "left"
    council.verify()


def test_the_search_for_cover_passes_on_too(council: FakeCouncil) -> None:
    leaves(council, "sup", date(2025, 3, 3))
    left = council.only(Workflow.absence, person="sup")
    leaves(council, "lm")
    assert (council.matter(left).state, council.matter(left).holder) == ("awaiting_cover", "hos")
    assert statuses(council, left, "cover_by") == [Status.superseded, Status.running]
    council.verify()


def test_what_is_to_be_made_permanent_passes_on_as_well(council: FakeCouncil) -> None:
    leaves(council, "sup", date(2025, 3, 3))
    left = council.move("lm", council.only(Workflow.absence), "assign_cover", cover=EVERYBODY)
    away(council, "lm", date(2025, 3, 4), "planned")
    assert (council.matter(left).state, council.matter(left).holder) == ("covered", "hos")
    council.verify()


# -- after the last day
@pytest.mark.parametrize("policy", COUNCILS)
@pytest.mark.parametrize("who", ["wkr", "sup", "lm", "ad"])
def test_a_leaver_is_told_nothing_after_their_last_day(policy: str, who: str) -> None:
    council = FakeCouncil(policy)
    disputed(council)
    council.open("wkr2", Workflow.concern, about="other", statement="It does not happen.")
    leaves(council, who)
    council.until("2025-05-01T09:00")
    late = [n["kind"] for n in council.notices if n["to"] == who and n["at"] >= at("2025-03-06T00:00")]
    assert late == []
    council.verify()


@pytest.mark.clause("CBC-42", "CBC-43", "CBC-58")
@pytest.mark.parametrize("policy", COUNCILS)
def test_a_record_that_is_written_up_after_its_supervisee_left_is_closed_and_never_deemed(policy: str) -> None:
    council = FakeCouncil(policy)
    leaves(council, "wkr")
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    record = council.move("sup", record, "circulate")
    assert (record.state, record.data["reason"], set(record.data["signed"])) == ("settled", "left", {"supervisor"})
    assert (record.holder, [d.name for d in record.deadlines if d.live]) == (None, [])
    council.until("2025-06-02T09:00")
    assert "deem" not in council.history(record)
    council.verify()


@pytest.mark.clause("CBC-43")
def test_the_note_that_a_leaver_still_owed_is_the_managers_to_write(council: FakeCouncil) -> None:
    record = sent(council, "case")
    council.until("2025-03-11T09:00")
    assert (council.matter(record).state, council.matter(record).holder) == ("deemed_accepted", "sup")
    assert "note_closure" not in council.offered("lm", record)
    leaves(council, "sup", date(2025, 3, 12))
    council.until("2025-03-31T09:00")
    assert "reminder" in council.told("lm", record)
    closed = council.move("lm", record, "note_closure", note="Not signed in five working days.")
    assert (closed.data["note_owed"], [d.name for d in closed.deadlines if d.live]) == (False, [])
    council.verify()


def test_a_note_waits_for_the_manager_where_the_supervisor_had_left_before_it_was_owed() -> None:
    council = FakeCouncil(cases=[C1])
    council.relist("lm", end_date=date(2025, 3, 4))
    council.relist("hos", end_date=date(2025, 3, 4))
    council.relist("ad", end_date=date(2025, 3, 4))
    record = sent(council, "case")
    leaves(council, "sup")
    council.until("2025-03-11T09:00")
    assert (council.matter(record).state, council.matter(record).holder) == ("deemed_accepted", "sup")
    council.relist("hos", end_date=None)
    council.until("2025-04-11T09:00")
    assert "reminder" in council.told("hos", record)
    assert "note_closure" in council.offered("hos", record)


@pytest.mark.parametrize("workflow", [Workflow.dispute, Workflow.agreement])
def test_nothing_is_begun_that_a_leaver_would_have_to_answer(council: FakeCouncil, workflow: Workflow) -> None:
    leaves(council, "wkr")
    data: dict[Workflow, dict[str, Any]] = {
        Workflow.dispute: {"about": "other", "statement": "No."},
        Workflow.agreement: {"terms": {"location": "Room 4."}},
    }
    with pytest.raises(Refused, match="has left"):
        council.open("sup", workflow, supervisee="wkr", **data[workflow])

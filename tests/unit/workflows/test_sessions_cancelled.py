"""A session is cancelled: what is owed in its place, until when, and how a new one makes it good."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.agreement_stories import filled, signed
from tests.unit.workflows.stories import C1, away, deadline, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow

C3 = Case("c3", "wkr", "family-support", allocated_on=date(2025, 1, 6))
ELSEWHERE = ("darlington", "haringey", "leeds", "north-somerset")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1, C3])


def booked(council: FakeCouncil, starts_at: str, kind: str = "case", **more: Any) -> Matter:
    """A session with the social worker, about the first case unless it says otherwise."""
    cases = ["c1"] if kind in ("case", "combined") else []
    booking = {"supervisee": "wkr", "kind": kind, "starts_at": at(starts_at), "minutes": 90, "cases": cases, **more}
    return council.open("sup", Workflow.session, **booking)


def cancelled(council: FakeCouncil, session: Matter, who: str = "sup", **more: Any) -> Matter:
    """The cancellation that cancelling a session opens."""
    council.move(who, session, "cancel", **{"cause": "diary", "reason": "A hearing.", **more})
    return council.only(Workflow.cancellation, parent=session.id)


def report(council: FakeCouncil, session: Matter, ended: str, **more: Any) -> Matter:
    """Move the clock to the end of a session and report it."""
    council.until(max(council.now, at(ended)))
    return council.move("sup", session, "hold", held_at=at(ended), minutes=90, **more)


# -- cancelling
@pytest.mark.clause("CBC-45", "CBC-59")
@pytest.mark.parametrize(
    ("kind", "clause"),
    [
        ("case", "CBC-45"),
        ("combined", "CBC-45"),
        ("personal", "CBC-59"),
        ("group", PRODUCT_DEFAULT),
        ("unplanned", PRODUCT_DEFAULT),
    ],
)
@pytest.mark.parametrize("who", ["sup", "wkr"])
def test_whoever_cancels_the_replacement_is_held_within_five_working_days_of_the_cancelling(
    council: FakeCouncil, kind: str, clause: str, who: str
) -> None:
    owed = cancelled(council, booked(council, "2025-03-20T14:00", kind), who)
    assert (owed.state, owed.holder, owed.kind) == ("awaiting_rebooking", "sup", kind)
    rebook_by = deadline(council, owed, "rebook_by")
    assert (rebook_by.due, rebook_by.receipt["clause"]) == (at("2025-03-10T23:59:59"), clause)
    council.verify()


@pytest.mark.clause("NS-66", "HAR-49")
@pytest.mark.parametrize("policy", ELSEWHERE)
def test_where_the_policy_gives_no_window_a_product_default_runs(policy: str) -> None:
    council = FakeCouncil(policy)
    owed = cancelled(council, booked(council, "2025-03-04T14:00", "personal"))
    rebook_by = deadline(council, owed, "rebook_by")
    assert (rebook_by.due, rebook_by.receipt["clause"]) == (at("2025-03-10T23:59:59"), PRODUCT_DEFAULT)


@pytest.mark.clause("NS-37")
def test_a_cancelling_needs_a_reason_and_tells_the_other_one() -> None:
    council = FakeCouncil("north-somerset")
    session = booked(council, "2025-03-04T14:00", "personal")
    with pytest.raises(ValueError, match="reason"):
        council.move("sup", session, "cancel", cause="diary")
    owed = cancelled(council, session, "wkr")
    assert council.matter(session).state == "cancelled"
    assert statuses(council, session, "hold_or_cancel") == [Status.superseded]
    assert council.told("sup", session) == ["session_cancelled"]
    assert council.told("sup", owed) == ["rebooking_owed"]
    assert {"reason"} == set(step(council, session, "cancel")["commitments"])
    assert {"reason"} == set(step(council, owed, "open")["commitments"])
    council.verify()


@pytest.mark.clause("CBC-48", "NS-37")
@pytest.mark.parametrize(
    ("policy", "kind", "note"),
    [
        ("central-bedfordshire", "case", {"file": "case", "clause": "CBC-48", "cases": ["c1", "c3"]}),
        ("central-bedfordshire", "personal", None),
        ("north-somerset", "personal", {"file": "individual", "clause": "NS-37", "cases": []}),
        ("darlington", "personal", None),
    ],
)
def test_the_note_that_explains_the_gap_is_for_the_file_that_the_policy_names(
    policy: str, kind: str, note: dict[str, Any] | None
) -> None:
    council = FakeCouncil(policy, cases=[C1, C3] if kind == "case" else [])
    cases = ["c1", "c3"] if kind == "case" else []
    owed = cancelled(council, booked(council, "2025-03-04T14:00", kind, cases=cases))
    assert owed.data.get("gap_note") == note


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"cause": "sickness"}, "Say whose"),
        ({"cause": "leave", "whose": "lm"}, "Say whose"),
        ({"cause": "missed"}, "Only the service"),
    ],
)
def test_sickness_and_leave_are_somebodys_in_the_session(council: FakeCouncil, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        cancelled(council, booked(council, "2025-03-04T14:00"), **given)


def test_leave_opens_no_absence_and_lets_the_window_run(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"), cause="leave", whose="wkr")
    assert owed.state == "awaiting_rebooking"
    assert council.find(Workflow.absence) == []


# -- replacing
@pytest.mark.clause("CBC-45")
def test_a_booked_session_is_no_replacement_until_it_was_held(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-10T10:00")
    owed = council.move("sup", owed, "rebook", session=session.id)
    assert (owed.state, owed.holder) == ("rebooked", "sup")
    assert council.told("wkr", owed) == ["rebooked"]
    assert council.due(owed, "rebook_by") == date(2025, 3, 10)
    report(council, session, "2025-03-10T11:30")
    owed = council.matter(owed)
    assert (owed.state, owed.data["replaced_by"]) == ("replaced", str(session.id))
    assert statuses(council, owed, "rebook_by") == [Status.met]
    council.verify()


def test_the_same_meeting_makes_it_good_although_nobody_linked_them(council: FakeCouncil) -> None:
    older = cancelled(council, booked(council, "2025-03-04T14:00"))
    council.until("2025-03-03T12:00")
    newer = cancelled(council, booked(council, "2025-03-05T14:00"))
    report(council, booked(council, "2025-03-06T10:00", cases=["c1", "c3"]), "2025-03-06T11:30")
    assert (council.matter(older).state, council.matter(newer).state) == ("replaced", "awaiting_rebooking")


@pytest.mark.parametrize("other", [{"kind": "personal"}, {"cases": ["c3"]}, {"kind": "combined"}])
def test_another_meeting_does_not(council: FakeCouncil, other: dict[str, Any]) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    report(council, booked(council, "2025-03-06T10:00", **other), "2025-03-06T11:30")
    assert council.matter(owed).state == "awaiting_rebooking"


def test_a_meeting_that_was_over_before_does_not_either(council: FakeCouncil) -> None:
    earlier = booked(council, "2025-03-03T09:30")
    lost = booked(council, "2025-03-10T14:00")
    council.until("2025-03-04T10:00")
    owed = cancelled(council, lost)
    report(council, earlier, "2025-03-03T11:00")
    assert council.matter(owed).state == "awaiting_rebooking"


def test_a_group_is_made_good_by_a_group_of_the_same_people(council: FakeCouncil) -> None:
    group: dict[str, Any] = {"kind": "group", "supervisee": None, "cases": []}
    owed = cancelled(council, booked(council, "2025-03-04T14:00", participants=["wkr", "wkr2"], **group))
    report(council, booked(council, "2025-03-05T10:00", participants=["wkr2"], **group), "2025-03-05T11:00")
    assert council.matter(owed).state == "awaiting_rebooking"
    session = booked(council, "2025-03-06T10:00", participants=["wkr2", "wkr"], **group)
    owed = council.move("sup", owed, "rebook", session=session.id)
    assert council.told("wkr2", owed) == ["rebooked"]
    report(council, session, "2025-03-06T11:00")
    assert council.matter(owed).state == "replaced"
    council.verify()


def test_one_session_makes_good_all_that_were_linked_to_it(council: FakeCouncil) -> None:
    both = [cancelled(council, booked(council, "2025-03-04T14:00", cases=[case])) for case in ("c1", "c3")]
    session = booked(council, "2025-03-06T10:00", cases=["c1", "c3"])
    for owed in both:
        council.move("sup", owed, "rebook", session=session.id)
    report(council, session, "2025-03-06T11:00")
    assert [council.matter(owed).state for owed in both] == ["replaced", "replaced"]


def test_only_a_session_that_is_the_meeting_again_is_named_as_the_new_one(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    held = report(council, booked(council, "2025-03-03T09:00", "personal"), "2025-03-03T10:00")
    for session, why in (
        (held, "Book the new session first"),
        (booked(council, "2025-03-06T10:00", "personal"), "same kind"),
        (booked(council, "2025-03-06T12:00", cases=["c3"]), "same cases"),
        (booked(council, "2025-03-06T14:00", cases=[], supervisee="wkr2"), "same people"),
    ):
        with pytest.raises(Refused, match=why):
            council.move("sup", owed, "rebook", session=session.id)
    with pytest.raises(Refused, match="Book the new session first"):
        council.move("sup", owed, "rebook", session=owed.id)
    with pytest.raises(NotYourMove):
        council.move("wkr", owed, "rebook", session=held.id)


@pytest.mark.clause("CBC-45")
def test_a_date_past_the_window_needs_a_reason_and_the_window_stands(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-11T10:00")
    with pytest.raises(Refused, match="say why"):
        council.move("sup", owed, "rebook", session=session.id)
    owed = council.move("sup", owed, "rebook", session=session.id, reason="Both are at court before.")
    council.until("2025-03-11T00:00")
    assert (council.matter(owed).state, council.matter(owed).holder) == ("with_line_manager", "lm")
    report(council, session, "2025-03-11T11:30")
    assert council.matter(owed).state == "replaced"
    assert statuses(council, owed, "rebook_by") == [Status.missed]
    council.verify()


# -- cancelled again
@pytest.mark.clause("CBC-45", "CBC-48")
def test_a_second_cancelling_has_its_own_window_and_note_and_keeps_the_age_of_the_first(council: FakeCouncil) -> None:
    first = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-06T10:00")
    council.move("sup", first, "rebook", session=session.id)
    council.until("2025-03-05T09:00")
    second = cancelled(council, session, "wkr", cause="emergency")
    first = council.matter(first)
    assert (first.state, second.state) == ("superseded", "awaiting_rebooking")
    assert statuses(council, first, "rebook_by") == [Status.superseded]
    assert council.due(second, "rebook_by") == date(2025, 3, 12)
    assert (second.data["first_cancelled_at"], second.data["times"]) == (first.data["cancelled_at"], 2)
    assert second.data["gap_note"]["clause"] == "CBC-48"
    assert step(council, first, "supersede")["data"]["by"] == str(second.id)
    council.verify()


def test_a_replacement_that_was_missed_counts_as_cancelled_again(council: FakeCouncil) -> None:
    first = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-05T10:00")
    council.move("sup", first, "rebook", session=session.id)
    council.until("2025-03-07T00:00")
    second = council.only(Workflow.cancellation, parent=session.id)
    assert (council.matter(first).state, second.data["times"], second.data["cause"]) == ("superseded", 2, "missed")
    council.verify()


# -- reported late
@pytest.mark.clause("CBC-45")
def test_the_window_waits_while_the_replacement_can_still_be_reported(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    booked(council, "2025-03-10T09:00", cases=["c3"])  # about another case: nothing waits for it
    session = booked(council, "2025-03-10T15:00")
    council.until("2025-03-11T12:00")
    waiting = deadline(council, owed, "rebook_by")
    assert (waiting.status, waiting.due) == (Status.awaiting_report, at("2025-03-10T23:59:59"))
    report(council, session, "2025-03-10T16:30")
    assert council.matter(owed).state == "replaced"
    assert statuses(council, owed, "rebook_by") == [Status.met]
    assert council.history(owed) == ["open", "await_report", "replaced"]
    council.verify()


def test_a_session_about_another_case_makes_no_window_wait(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    booked(council, "2025-03-10T15:00", cases=["c3"])
    council.until("2025-03-11T00:00")
    assert council.matter(owed).state == "with_line_manager"


def test_a_group_waits_for_the_report_of_its_group(council: FakeCouncil) -> None:
    group: dict[str, Any] = {"kind": "group", "supervisee": None, "participants": ["wkr", "wkr2"]}
    owed = cancelled(council, booked(council, "2025-03-04T14:00", **group))
    booked(council, "2025-03-10T15:00", **group)
    council.until("2025-03-11T12:00")
    assert deadline(council, owed, "rebook_by").status is Status.awaiting_report


def test_a_report_of_a_later_meeting_keeps_the_breach_in_sight(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-10T15:00")
    council.until("2025-03-11T09:00")
    report(council, session, "2025-03-11T10:00")
    assert council.matter(owed).state == "replaced"
    assert statuses(council, owed, "rebook_by") == [Status.missed]


@pytest.mark.clause("CBC-45")
def test_a_replacement_reported_after_the_breach_shows_it_false_and_everybody_is_told(council: FakeCouncil) -> None:
    first = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-10T15:00")
    council.move("sup", first, "rebook", session=session.id)
    council.until("2025-03-12T12:00")
    second = council.only(Workflow.cancellation, parent=session.id)
    assert (council.matter(first).state, second.state, second.holder) == ("superseded", "with_line_manager", "lm")
    report(council, session, "2025-03-10T16:30", reason="I was away on Tuesday.")
    assert council.matter(second).state == "replaced"
    assert statuses(council, first, "rebook_by") == [Status.corrected]
    assert council.history(first)[-3:] == ["expire", "supersede", "replaced"]
    for who in ("lm", "sup", "wkr"):
        assert council.told(who, first)[-1] == "breach_corrected"
    council.verify()


def test_a_missed_session_reported_after_its_own_window_was_never_owed(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-03T10:00")  # missed on 5 March, its replacement owed by 12 March
    council.until("2025-03-13T09:00")
    owed = council.only(Workflow.cancellation)
    assert (owed.state, owed.holder) == ("with_line_manager", "lm")
    report(council, session, "2025-03-03T11:00", reason="The note was lost.")
    assert council.matter(owed).state == "replaced"
    assert statuses(council, owed, "rebook_by") == [Status.corrected]
    assert council.told("lm", owed)[-1] == "breach_corrected"
    council.verify()


def test_an_escalated_duty_that_was_met_late_stays_a_breach(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    council.until("2025-03-12T09:00")
    report(council, booked(council, "2025-03-12T10:00"), "2025-03-12T11:00")
    assert council.matter(owed).state == "replaced"
    assert statuses(council, owed, "rebook_by") == [Status.missed]
    assert "breach_corrected" not in council.told("lm")


# -- the supervisee leaves
def test_nothing_is_owed_to_somebody_who_left(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-03-06T00:00")
    assert (council.matter(owed).state, step(council, owed, "end")["data"]["why"]) == ("excused", "left")
    council.verify()


def test_the_sickness_of_a_groups_participant_is_nothing_to_wait_for(council: FakeCouncil) -> None:
    group: dict[str, Any] = {"kind": "group", "supervisee": None, "participants": ["wkr", "wkr2"]}
    owed = cancelled(council, booked(council, "2025-03-04T14:00", **group), cause="sickness", whose="wkr2")
    assert owed.state == "awaiting_rebooking"
    assert [a.person for a in council.find(Workflow.absence)] == ["wkr2"]
    council.verify()


def test_a_session_can_be_cancelled_for_sickness_although_leave_is_recorded_for_later(council: FakeCouncil) -> None:
    away(council, "wkr", date(2025, 5, 12), "planned", expected_return=date(2025, 5, 19))
    owed = cancelled(council, booked(council, "2025-03-04T14:00"), cause="sickness", whose="wkr")
    assert owed.state == "awaiting_return"
    assert {a.data["first_day"] for a in council.find(Workflow.absence)} == {"2025-05-12", "2025-03-03"}
    council.verify()


# -- what the two have agreed
@pytest.mark.clause("HAR-49")
def test_where_the_policy_leaves_it_to_the_two_their_agreement_says_how_soon() -> None:
    council = FakeCouncil("haringey", cases=[Case("c1", "wkr", "adult"), Case("c2", "wkr2", "adult")])
    assert deadline(council, cancelled(council, booked(council, "2025-03-20T14:00")), "rebook_by").due == at(
        "2025-03-10T23:59:59"
    )
    agreement = signed(council, rebook_within={"value": 2, "unit": "weeks"})
    owed = cancelled(council, booked(council, "2025-03-21T14:00"))
    limit = deadline(council, owed, "rebook_by")
    assert (limit.due, limit.receipt["clause"]) == (at("2025-03-17T23:59:59"), "HAR-49")
    other = booked(council, "2025-03-21T10:00", supervisee="wkr2", cases=["c2"])
    assert deadline(council, cancelled(council, other), "rebook_by").due == at("2025-03-10T23:59:59")
    assert council.matter(agreement).state == "active"
    council.verify()


@pytest.mark.parametrize(("policy", "value", "why"), [
    ("central-bedfordshire", {"value": 2, "unit": "weeks"}, "leave rebook_within out"),
    ("haringey", "Soon.", "is a number and a unit"),
])  # fmt: skip
def test_elsewhere_or_in_words_it_is_not_agreed(policy: str, value: Any, why: str) -> None:
    with pytest.raises(Refused, match=why):
        filled(FakeCouncil(policy), rebook_within=value)

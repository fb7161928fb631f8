"""A session is booked by who supervises, about cases that are theirs, and is moved only ahead of its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away, deadline, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

C2 = Case("c2", "wkr2", "family-support", allocated_on=date(2025, 1, 6))


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1, C2])


def book(council: FakeCouncil, who: str = "sup", **changed: Any) -> Matter:
    """A session with the social worker in the afternoon of 4 March."""
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at("2025-03-04T14:00"), "minutes": 60}
    return council.open(who, Workflow.session, **{**booking, **changed})


# -- who books
@pytest.mark.clause("CBC-77")
def test_the_supervisor_books_and_the_supervisee_is_told(council: FakeCouncil) -> None:
    session = book(council, place="Room 4")
    assert (session.state, session.holder) == ("scheduled", "sup")
    assert council.told("wkr", session) == ["session_booked"]
    assert council.told("sup", session) == []
    with pytest.raises(NotYourMove):
        book(council, "wkr")
    with pytest.raises(NotYourMove):
        book(council, "lm")
    council.verify()


def test_what_nobody_reports_lapses_at_the_end_of_the_next_working_day(council: FakeCouncil) -> None:
    assert deadline(council, book(council, starts_at=at("2025-04-17T10:00")), "hold_or_cancel").due == at(
        "2025-04-22T23:59:59"
    )


def test_a_group_is_booked_by_who_supervises_one_of_it_and_a_named_supervisee_is_one_of_it(
    council: FakeCouncil,
) -> None:
    group = book(council, kind="group", participants=["wkr2"])
    assert group.data["participants"] == ["wkr", "wkr2"]
    assert council.told("wkr2", group) == ["session_booked"]
    assert "hold" not in council.offered("wkr2", group)
    with pytest.raises(NotYourMove):
        book(council, "sup2", kind="group", supervisee=None, participants=["wkr", "wkr2"])
    council.verify()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"participants": ["wkr2"]}, "Only a group"),
        ({"kind": "group", "participants": ["sup"]}, "leads a group"),
        ({"kind": "group", "participants": ["nobody"]}, "'nobody'"),
        ({"cases": ["c1"]}, "no cases"),
        ({"kind": "case", "cases": ["c2"]}, "Case c2 is not with anybody"),
        ({"kind": "case", "cases": ["c9"]}, "Case c9 is not with anybody"),
        ({"starts_at": at("2025-02-27T14:00")}, "too long ago"),
    ],
)
def test_a_booking_that_cannot_take_place_is_refused_with_the_reason(
    council: FakeCouncil, changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        book(council, **changed)


def test_a_session_of_yesterday_can_still_be_written_down(council: FakeCouncil) -> None:
    assert book(council, starts_at=at("2025-02-28T14:00")).state == "scheduled"


def test_nobody_books_who_has_left_and_nobody_for_somebody_who_has(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 2, 28))
    with pytest.raises(Refused, match="Nobody in post has the ref 'wkr'"):
        book(council)
    council.relist("sup", end_date=date(2025, 2, 28))
    with pytest.raises(NotYourMove):
        book(council, supervisee="wkr2")


# -- professional supervision
@pytest.fixture
def haringey() -> FakeCouncil:
    """A registered social worker whose manager is of no profession, and another manager who is of theirs."""
    council = FakeCouncil("haringey")
    council.relist("wkr2", supervisor="sup2")
    council.relist("sup2", registration="SWE")
    council.relist("wkr", registration="SWE", supervisor=None)
    council.relist("wkr", supervisor="sup")
    return council


def theirs(council: FakeCouncil, kind: str) -> Matter:
    """The social worker's entitlement of one kind."""
    return council.only(Workflow.entitlement, supervisee="wkr", state="on_track", kind=kind)


@pytest.mark.clause("HAR-05", "HAR-08", "HAR-13")
def test_a_manager_of_the_same_profession_holds_professional_sessions_besides_the_line_managers(
    haringey: FakeCouncil,
) -> None:
    line, professional = theirs(haringey, "line_management"), theirs(haringey, "professional")
    session = book(haringey, "sup2")
    haringey.until("2025-03-04T15:00")
    haringey.move("sup2", session, "hold", held_at=haringey.now, minutes=60)
    assert "supervised" in haringey.history(professional)
    assert "supervised" not in haringey.history(line)
    assert haringey.only(Workflow.record).supervisor == "sup2"
    haringey.verify()


@pytest.mark.clause("HAR-13")
def test_the_line_managers_session_is_no_professional_one(haringey: FakeCouncil) -> None:
    line, professional = theirs(haringey, "line_management"), theirs(haringey, "professional")
    session = book(haringey)
    haringey.until("2025-03-04T15:00")
    haringey.move("sup", session, "hold", held_at=haringey.now, minutes=60)
    assert "supervised" in haringey.history(line)
    assert "supervised" not in haringey.history(professional)


@pytest.mark.clause("HAR-13")
def test_professional_supervision_may_be_in_a_group(haringey: FakeCouncil) -> None:
    line, professional = theirs(haringey, "line_management"), theirs(haringey, "professional")
    group = book(haringey, "sup2", kind="group", supervisee=None, participants=["wkr"])
    haringey.until("2025-03-04T15:00")
    haringey.move("sup2", group, "hold", held_at=haringey.now, minutes=60)
    assert "supervised" in haringey.history(professional)
    assert "supervised" not in haringey.history(line)
    haringey.verify()


@pytest.mark.clause("HAR-13")
@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("sup2", {"kind": "case"}),  # of the profession, for what is no professional session
        ("lm", {}),  # a manager of no profession
        ("wkr", {"supervisee": "wkr"}),  # of the profession, and nobody's manager
        ("sup2", {"supervisee": "bs"}),  # for somebody whose role has no profession
    ],
)
def test_nobody_else_books_for_another_managers_worker(
    haringey: FakeCouncil, who: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(NotYourMove):
        book(haringey, who, **changed)


def test_elsewhere_a_profession_gives_no_right_to_book() -> None:
    council = FakeCouncil("darlington")
    council.relist("wkr2", supervisor="sup2")
    council.relist("sup2", registration="SWE")
    council.relist("wkr", registration="SWE")
    with pytest.raises(NotYourMove):
        book(council, "sup2")


# -- conflicts
LATER = {"because": "Later than supervision is due, which is by 2025-03-31", "clause": "CBC-07"}
ON_THE_DAY = {"from": "2025-03-04", "because": "Person wkr is away"}


def test_two_weeks_of_conflicts_are_shown_with_the_booking(council: FakeCouncil) -> None:
    away(council, "wkr", date(2025, 4, 22), "planned", expected_return=date(2025, 4, 28))
    away(council, "sup", date(2025, 5, 12), "planned", expected_return=date(2025, 5, 19))
    sick = away(council, "wkr2", date(2025, 3, 3))
    council.move("hr1", sick, "return", last_day=date(2025, 3, 3))
    book(council, "sup", supervisee="wkr2", starts_at=at("2025-04-17T09:00"))
    book(council, "sup", supervisee="wkr2", starts_at=at("2025-06-17T09:00"))
    session = book(council, starts_at=at("2025-04-17T14:00"))
    assert session.data["conflicts"] == [
        {"from": "2025-04-18", "because": "Good Friday"},
        {"from": "2025-04-21", "because": "Easter Monday"},
        {"from": "2025-04-22", "because": "Person wkr is away"},
        {"from": "2025-04-17", "because": "another session"},
        {**LATER, "from": "2025-04-17"},
    ]


def test_the_conflicts_move_with_the_session(council: FakeCouncil) -> None:
    away(council, "wkr", date(2025, 4, 7), "planned", expected_return=date(2025, 4, 9))
    session = book(council)
    assert session.data["conflicts"] == []
    session = council.move("sup", session, "move", starts_at=at("2025-04-01T14:00"), reason="The room is not free.")
    assert session.data["conflicts"] == [
        {"from": "2025-04-07", "because": "Person wkr is away"}, {**LATER, "from": "2025-04-01"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first_day", "told"), [(date(2025, 3, 3), [ON_THE_DAY]), (date(2025, 3, 4), [ON_THE_DAY]), (date(2025, 3, 5), [])]
)
def test_a_group_is_told_of_absences_on_the_day_itself_alone(
    council: FakeCouncil, first_day: date, told: list[dict[str, str]]
) -> None:
    away(council, "wkr", first_day, "planned", expected_return=date(2025, 3, 12))
    assert book(council, kind="group", participants=["wkr2"]).data["conflicts"] == told


def test_a_group_is_told_of_nobodys_absence_whom_its_leader_neither_supervises_nor_manages(
    council: FakeCouncil,
) -> None:
    away(council, "sup2", date(2025, 3, 3), "planned", expected_return=date(2025, 4, 9))
    group = book(council, kind="group", supervisee=None, participants=["wkr", "sup2"])
    assert group.data["conflicts"] == []
    moved = council.move("sup", group, "move", starts_at=at("2025-03-05T14:00"), reason="The room is not free.")
    assert moved.data["conflicts"] == []


def test_whoever_is_above_a_member_is_told_of_their_absence_on_the_day(council: FakeCouncil) -> None:
    away(council, "wkr", date(2025, 3, 3), "planned", expected_return=date(2025, 3, 12))
    group = book(council, "lm", kind="group", supervisee=None, participants=["sup", "wkr"])
    assert group.data["conflicts"] == [ON_THE_DAY]


@pytest.mark.clause("HAR-17", "HAR-37")
@pytest.mark.parametrize(("first_day", "told"), [(date(2025, 3, 3), [ON_THE_DAY]), (date(2025, 3, 5), [])])
def test_a_manager_of_the_profession_is_told_only_whether_the_worker_is_away_on_the_day(
    haringey: FakeCouncil, first_day: date, told: list[dict[str, str]]
) -> None:
    away(haringey, "wkr", first_day, "planned", expected_return=date(2025, 3, 12))
    assert [row for row in book(haringey, "sup2").data["conflicts"] if "away" in row["because"]] == told


# -- moving
@pytest.mark.clause("NS-37", "NS-66")
def test_a_session_moves_ahead_of_its_day_with_a_reason_and_the_moves_are_counted(council: FakeCouncil) -> None:
    session = book(council)
    session = council.move("sup", session, "move", starts_at=at("2025-03-06T10:00"), reason="A hearing.")
    session = council.move("sup", session, "move", starts_at=at("2025-03-07T10:00"), reason="Another hearing.")
    assert (session.state, session.data["moved"], session.data["starts_at"]) == (
        "scheduled", 2, "2025-03-07T10:00:00+00:00",
    )  # fmt: skip
    assert step(council, session, "move")["data"]["before"] == "2025-03-06T10:00:00+00:00"
    assert "reason" in step(council, session, "move")["commitments"]
    assert council.due(session, "hold_or_cancel") == date(2025, 3, 10)
    assert statuses(council, session, "hold_or_cancel") == [Status.superseded, Status.superseded, Status.running]
    assert council.told("wkr", session) == ["session_booked", "session_moved", "session_moved"]
    council.verify()


def test_on_its_day_a_session_is_held_or_cancelled_and_no_longer_moved(council: FakeCouncil) -> None:
    session = book(council)
    assert "move" in council.offered("sup", session)
    council.until("2025-03-04T08:00")
    assert "move" not in council.offered("sup", session)
    with pytest.raises(Refused, match="ahead of its day"):
        council.move("sup", session, "move", starts_at=at("2025-03-06T10:00"), reason="Too late.")


def test_a_session_moves_to_a_time_that_is_still_to_come(council: FakeCouncil) -> None:
    with pytest.raises(Refused, match="still to come"):
        council.move("sup", book(council), "move", starts_at=at("2025-03-03T08:00"), reason="Earlier.")


# -- later than it is due
@pytest.mark.clause("DAR-35", "NS-66")
@pytest.mark.parametrize(("policy", "last"), [("darlington", "2025-04-03"), ("north-somerset", "2025-03-31")])
def test_whoever_books_a_session_for_later_than_it_is_due_is_told(policy: str, last: str) -> None:
    council = FakeCouncil(policy)
    said = f"Later than supervision is due, which is by {last}"
    by_then = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=at(f"{last}T10:00"), minutes=90
    )
    later = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=at("2025-04-08T10:00"), minutes=90
    )
    own = {row["because"]: row.get("clause") for row in later.data["conflicts"]}
    assert own[said] == council.only(Workflow.entitlement, supervisee="wkr").deadlines[0].receipt["clause"]
    assert said not in {row["because"] for row in by_then.data["conflicts"]}
    moved = council.move("sup", by_then, "move", starts_at=at("2025-04-09T10:00"), reason="A hearing.")
    assert said in {row["because"] for row in moved.data["conflicts"]}
    council.verify()

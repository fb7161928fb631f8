"""How a session is meant to be: in paid hours, long enough, remote or not, with whoever joins, and left in peace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away
from tests.unit.workflows.worker_stories import owed
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Workflow

C3 = Case("c3", "wkr", "family-support", allocated_on=date(2025, 1, 6))


def book(council: FakeCouncil, who: str = "sup", **changed: Any) -> Matter:
    """A session of an hour and a half with the social worker, on Tuesday 4 March."""
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at("2025-03-04T14:00"), "minutes": 90}
    return council.open(who, Workflow.session, **{**booking, **changed})


def held(council: FakeCouncil, ended: str, minutes: int, **more: Any) -> None:
    """A session that ends then, booked a day before it."""
    session = book(council, starts_at=at(ended), minutes=minutes)
    council.until(ended)
    council.move("sup", session, "hold", held_at=council.now, minutes=minutes, **more)


def because(session: Matter, clause: str) -> list[str]:
    return [row["because"] for row in session.data["conflicts"] if row.get("clause") == clause]


# -- paid hours
@pytest.mark.clause("NS-65")
@pytest.mark.parametrize(
    ("starts_at", "warned"),
    [
        ("2025-03-04T08:00", False),
        ("2025-03-04T16:30", False),
        ("2025-03-04T07:45", True),
        ("2025-03-04T16:45", True),  # it ends after six
        ("2025-03-04T23:30", True),
        ("2025-03-08T10:00", True),  # a Saturday
        ("2025-06-03T08:00", False),  # summer time
    ],
)
def test_whoever_books_outside_paid_hours_is_warned_and_the_session_is_booked(starts_at: str, warned: bool) -> None:  # noqa: FBT001
    session = book(FakeCouncil("north-somerset"), starts_at=at(starts_at))
    assert session.state == "scheduled"
    assert bool(because(session, "NS-65")) == warned


@pytest.mark.clause("NS-65")
def test_a_day_of_leave_and_a_bank_holiday_are_unpaid_on_the_day_itself_alone() -> None:
    council = FakeCouncil("north-somerset")
    away(council, "wkr", date(2025, 4, 18), "planned", expected_return=date(2025, 4, 23))
    assert because(book(council, starts_at=at("2025-04-18T10:00")), "NS-65") == ["Good Friday", "Person wkr is away"]
    assert because(book(council, starts_at=at("2025-04-17T10:00")), "NS-65") == []


@pytest.mark.clause("NS-65")
def test_a_person_who_is_back_by_then_is_no_conflict_in_paid_hours() -> None:
    council = FakeCouncil("north-somerset")
    sick = away(council, "wkr", date(2025, 3, 3))
    assert because(book(council), "NS-65") == ["Person wkr is away"]
    council.until("2025-03-05T09:00")
    council.move("hr1", sick, "return", last_day=date(2025, 3, 4))
    assert because(book(council, starts_at=at("2025-03-05T14:00")), "NS-65") == []


def test_elsewhere_no_clause_speaks_of_paid_hours() -> None:
    assert book(FakeCouncil("darlington"), starts_at=at("2025-03-08T22:00")).data["conflicts"] == []


# -- length
@pytest.mark.clause("NS-25", "NS-76", "HAR-22", "LDS-38")
@pytest.mark.parametrize(
    ("policy", "minutes", "clause"),
    [
        ("north-somerset", 89, "NS-25"),
        ("leeds", 45, "LDS-38"),
        ("haringey", 60, "HAR-22, HAR-53"),
    ],
)
def test_whoever_books_a_session_that_is_too_short_is_warned(policy: str, minutes: int, clause: str) -> None:
    assert because(book(FakeCouncil(policy), minutes=minutes), clause)
    assert not because(book(FakeCouncil(policy), minutes=90), clause)
    assert not because(book(FakeCouncil(policy), minutes=minutes, kind="unplanned"), clause)


@pytest.mark.clause("NS-24", "CBC-06")
@pytest.mark.parametrize(
    ("policy", "asked"), [("north-somerset", [60, 90, 90]), ("central-bedfordshire", [90, None, None])]
)
def test_in_the_first_year_the_phase_of_the_day_asks_for_its_own_length(policy: str, asked: list[int | None]) -> None:
    council = FakeCouncil(policy)
    council.relist("wkr", nqsw_start=date(2025, 3, 3))
    for day, minutes in zip(("2025-03-04", "2025-05-06", "2025-12-02"), asked, strict=True):
        session = book(council, starts_at=at(f"{day}T14:00"), minutes=30)
        said = [row["because"] for row in session.data["conflicts"] if "Shorter" in row["because"]]
        assert said == ([f"Shorter than the {minutes} minutes that are asked for"] if minutes else [])


@pytest.mark.clause("HAR-12", "HAR-53")
def test_remote_sessions_count_equally_and_those_of_a_month_make_up_the_length_together() -> None:
    council = FakeCouncil("haringey")
    held(council, "2025-03-05T11:00", 45, remote=True)
    assert "supervised" in council.history(owed(council))
    assert owed(council).data["length"] == {
        "asked": 90, "held": 45, "enough": False, "month": "2025-03", "clause": "HAR-22, HAR-53",
    }  # fmt: skip
    held(council, "2025-03-19T11:00", 45, remote=True)
    assert (owed(council).data["length"]["held"], owed(council).data["length"]["enough"]) == (90, True)
    held(council, "2025-04-02T11:00", 45, remote=True)
    assert (owed(council).data["length"]["held"], owed(council).data["length"]["enough"]) == (45, False)
    council.verify()


@pytest.mark.clause("HAR-22", "HAR-53")
def test_a_late_report_of_last_month_leaves_what_this_months_sessions_make_up() -> None:
    council = FakeCouncil("haringey", "2025-02-24T09:00")
    late = book(council, starts_at=at("2025-02-27T10:00"), minutes=60)
    council.until("2025-03-03T09:00")
    held(council, "2025-03-04T11:00", 45)
    council.move("sup", late, "hold", held_at=at("2025-02-27T11:00"), minutes=60, reason="I was away.")
    assert owed(council).data["length"]["held"] == 45
    held(council, "2025-03-18T11:00", 45)
    assert (owed(council).data["length"]["held"], owed(council).data["length"]["enough"]) == (90, True)
    council.verify()


@pytest.mark.clause("HAR-53")
def test_an_earlier_session_of_the_same_month_adds_to_it_whenever_it_is_reported() -> None:
    council = FakeCouncil("haringey")
    late = book(council, starts_at=at("2025-03-05T10:00"), minutes=45)
    council.until("2025-03-10T09:00")
    held(council, "2025-03-12T11:00", 45)
    council.move("sup", late, "hold", held_at=at("2025-03-05T10:45"), minutes=45, reason="I was away.")
    assert owed(council).data["length"]["held"] == 90


@pytest.mark.clause("NS-25")
def test_elsewhere_each_session_is_long_enough_by_itself_or_not() -> None:
    council = FakeCouncil("north-somerset")
    held(council, "2025-03-05T11:00", 60)
    held(council, "2025-03-19T11:00", 60)
    assert owed(council).data["length"]["held"] == 60
    assert not owed(council).data["length"]["enough"]


def test_where_no_length_is_asked_for_none_is_kept() -> None:
    council = FakeCouncil("darlington")
    held(council, "2025-03-05T11:00", 30)
    assert "length" not in owed(council).data


# -- remote, and left in peace
@pytest.mark.clause("HAR-12")
def test_a_session_says_whether_it_is_remote_and_its_report_may_say_otherwise() -> None:
    council = FakeCouncil("haringey")
    session = book(council, remote=True)
    assert session.data["remote"]
    council.until("2025-03-04T16:00")
    assert council.move("sup", session, "hold", held_at=council.now, minutes=90, remote=False).data["remote"] is False


@pytest.mark.clause("NS-10", "LDS-06")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds"])
def test_the_report_keeps_whether_the_meeting_was_interrupted(policy: str) -> None:
    council = FakeCouncil(policy)
    session = book(council)
    assert "interrupted" not in session.data
    council.until("2025-03-04T16:00")
    assert council.move("sup", session, "hold", held_at=council.now, minutes=90, interrupted=True).data["interrupted"]


# -- ten minutes a case
@pytest.mark.clause("CBC-87")
def test_a_session_about_cases_says_how_long_each_takes_at_most() -> None:
    council = FakeCouncil(cases=[C1, C3])
    session = book(council, kind="case", cases=["c1", "c3"])
    assert session.data["time_for_cases"] == {"minutes": 10, "cases": 2, "together": 20, "clause": "CBC-87"}
    assert "time_for_cases" not in book(council).data


# -- who joins
@pytest.fixture
def haringey() -> FakeCouncil:
    """A registered social worker whose manager is of no profession, and another manager who is of theirs."""
    council = FakeCouncil("haringey")
    council.relist("wkr2", supervisor="sup2")
    council.relist("sup2", registration="SWE")
    council.relist("wkr", registration="SWE")
    return council


@pytest.mark.clause("HAR-17")
def test_the_professional_supervisor_joins_the_line_managers_session_and_the_other_way_round(
    haringey: FakeCouncil,
) -> None:
    session = book(haringey, joined_by=["sup2"])
    assert session.data["joined_by"] == ["sup2"]
    assert haringey.told("sup2", session) == ["session_booked"]
    haringey.move("sup", session, "move", starts_at=at("2025-03-06T14:00"), reason="A hearing.")
    assert haringey.told("sup2", session) == ["session_booked", "session_moved"]
    assert book(haringey, "sup2", joined_by=["sup"]).data["joined_by"] == ["sup"]
    haringey.verify()


@pytest.mark.clause("HAR-17")
@pytest.mark.parametrize(
    ("joining", "more"),
    [
        (["lm"], {}),
        (["wkr2"], {}),
        (["sup"], {}),
        (["sup2"], {"kind": "group", "supervisee": None, "participants": ["wkr"]}),
    ],
)
def test_nobody_else_joins(haringey: FakeCouncil, joining: list[str], more: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"joins|beside you"):
        book(haringey, joined_by=joining, **more)


def test_nobody_joins_who_has_left(haringey: FakeCouncil) -> None:
    haringey.relist("sup", end_date=date(2025, 3, 2))
    with pytest.raises(Refused, match="beside you"):
        book(haringey, "sup2", joined_by=["sup"])


def test_elsewhere_nobody_joins() -> None:
    with pytest.raises(Refused, match="nobody joins"):
        book(FakeCouncil("leeds"), joined_by=["sup2"])

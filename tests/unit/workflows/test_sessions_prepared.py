"""Before a session both put on its agenda what they want to talk about; nobody is late who does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, deadline, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

C3 = Case("c3", "wkr", "family-support", allocated_on=date(2025, 1, 6))


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1, C3])


def book(council: FakeCouncil, **changed: Any) -> Matter:
    """A session with the social worker on Friday 14 March, nine working days away."""
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at("2025-03-14T14:00"), "minutes": 90}
    return council.open("sup", Workflow.session, **{**booking, **changed})


def last_texts(council: FakeCouncil, session: Matter) -> set[str]:
    """The names of the texts that the last preparation sealed."""
    return set(step(council, session, "prepare")["commitments"])


# -- the agenda
@pytest.mark.clause("NS-07", "NS-69", "LDS-12", "HAR-06", "HAR-20", "CBC-76")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "haringey", "central-bedfordshire", "darlington"])
def test_both_put_points_on_the_agenda_and_it_is_agreed_when_both_have(policy: str) -> None:
    council = FakeCouncil(policy)
    session = book(council)
    session = council.move("wkr", session, "prepare", items=["Workload", "Leave"])
    assert (session.state, session.data["prepared"], session.data["agenda_agreed"]) == ("scheduled", ["wkr"], False)
    assert last_texts(council, session) == {"agenda.wkr"}
    session = council.move("sup", session, "prepare", items=[])
    assert session.data["agenda_agreed"]
    assert council.told("sup", session) == ["session_prepared"]
    assert council.told("wkr", session) == ["session_booked", "session_prepared"]
    council.verify()


def test_points_may_be_changed_and_the_other_is_told_once(council: FakeCouncil) -> None:
    session = book(council)
    for items in (["Workload"], ["Workload", "Training"]):
        council.move("wkr", session, "prepare", items=items)
    assert council.told("sup", session) == ["session_prepared"]
    assert step(council, session, "prepare")["data"]["items"] == 2


def test_no_text_of_an_agenda_is_in_the_history_or_in_a_notice(council: FakeCouncil) -> None:
    session = book(council)
    council.move("wkr", session, "prepare", items=["Marmalade"])
    council.until("2025-03-14T15:00")
    assert "Marmalade" not in str([row["data"] for row in council.steps]) + str(council.notices)


def test_nobody_else_prepares_and_nobody_after_the_session(council: FakeCouncil) -> None:
    session = book(council)
    with pytest.raises(NotYourMove):
        council.move("lm", session, "prepare", items=["Budget"])
    council.move("sup", session, "cancel", cause="diary", reason="A hearing.")
    with pytest.raises(Refused, match="cancelled"):
        council.move("wkr", session, "prepare", items=["Budget"])


def test_everybody_in_a_group_prepares(council: FakeCouncil) -> None:
    group = book(council, kind="group", supervisee=None, participants=["wkr", "wkr2"])
    for who in ("wkr", "wkr2"):
        group = council.move(who, group, "prepare", items=["Thresholds"])
        assert not group.data["agenda_agreed"]
    assert council.move("sup", group, "prepare", items=[]).data["agenda_agreed"]


def test_a_session_is_held_without_an_agenda(council: FakeCouncil) -> None:
    session = book(council)
    council.until("2025-03-14T15:30")
    assert council.move("sup", session, "hold", held_at=council.now, minutes=90).state == "held"
    council.verify()


# -- the preparation form
@pytest.mark.clause("CBC-36", "CBC-85")
def test_the_supervisee_fills_in_the_form_for_a_case(council: FakeCouncil) -> None:
    session = book(council, kind="case", cases=["c1", "c3"])
    council.move("wkr", session, "prepare", items=[], preparation={"worries": "School."}, case="c3")
    assert last_texts(council, session) == {"agenda.wkr", "preparation.c3.worries"}
    assert step(council, session, "prepare")["data"] == {"items": 0, "sections": ["worries"], "case": "c3"}


@pytest.mark.clause("CBC-85")
def test_the_only_case_need_not_be_named_and_without_a_case_the_form_is_about_the_work(council: FakeCouncil) -> None:
    session = book(council, kind="case", cases=["c1"])
    council.move("wkr", session, "prepare", items=[], preparation={"decided": "To visit."})
    assert last_texts(council, session) == {"agenda.wkr", "preparation.c1.decided"}
    session = book(council)
    council.move("wkr", session, "prepare", items=[], preparation={"help_wanted": "With time."})
    assert last_texts(council, session) == {"agenda.wkr", "preparation.help_wanted"}


@pytest.mark.parametrize(
    ("policy", "who", "data", "why"),
    [
        ("central-bedfordshire", "wkr", {"preparation": {"hopes": "x"}, "case": "c1"}, "no section 'hopes'"),
        ("central-bedfordshire", "sup", {"preparation": {"worries": "x"}, "case": "c1"}, "is the supervisee’s"),
        ("central-bedfordshire", "wkr", {"preparation": {"worries": "x"}}, "Say which case"),
        ("central-bedfordshire", "wkr", {"case": "c9"}, "c9 is not to be discussed"),
        ("north-somerset", "wkr", {"preparation": {"worries": "x"}, "case": "c1"}, "no preparation form"),
        ("darlington", "wkr", {"preparation": {"worries": "x"}, "case": "c1"}, "no preparation form"),
    ],
)
def test_a_preparation_that_fits_no_form_or_no_case_is_refused(
    policy: str, who: str, data: dict[str, Any], why: str
) -> None:
    council = FakeCouncil(policy, cases=[C1, C3])
    session = book(council, kind="case", cases=["c1", "c3"])
    with pytest.raises(Refused, match=why):
        council.move(who, session, "prepare", items=[], **data)


# -- the reminder
@pytest.mark.clause("NS-77", "LDS-12", "HAR-20", "CBC-36", "CBC-37", "CBC-76")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "haringey", "central-bedfordshire"])
def test_who_has_not_prepared_is_reminded_three_working_days_ahead(policy: str) -> None:
    council = FakeCouncil(policy)
    session = book(council)
    council.move("sup", session, "prepare", items=["Leave"])
    council.until("2025-03-11T08:59")
    assert "prepare_session" not in council.told("wkr", session)
    council.until("2025-03-11T09:00")
    assert "prepare_session" in council.told("wkr", session)
    assert "prepare_session" not in council.told("sup", session)
    assert statuses(council, session, "prepare_by") == [Status.met]
    assert council.matter(session).state == "scheduled"
    council.verify()


def test_the_receipt_says_what_the_reminder_is_ahead_of(council: FakeCouncil) -> None:
    receipt = deadline(council, book(council), "prepare_by").receipt
    assert receipt["clause"] == "product default"
    assert "3 working days ahead of the session on 2025-03-14" in receipt["anchors"][0]["event"]


def test_days_that_are_not_worked_do_not_count(council: FakeCouncil) -> None:
    assert council.due(book(council, starts_at=at("2025-04-22T10:00")), "prepare_by") == date(2025, 4, 14)


@pytest.mark.parametrize(
    ("policy", "changed"),
    [
        ("darlington", {}),  # no clause asks for preparation
        ("leeds", {"starts_at": at("2025-03-05T10:00")}),  # the day of the reminder is past
        ("leeds", {"kind": "unplanned"}),  # nobody prepares what nobody planned
    ],
)
def test_nobody_is_reminded_where_it_would_make_no_sense(policy: str, changed: dict[str, Any]) -> None:
    council = FakeCouncil(policy)
    assert council.matter(book(council, **changed)).live("prepare_by") is None


def test_the_reminder_moves_with_the_session(council: FakeCouncil) -> None:
    session = book(council)
    council.move("sup", session, "move", starts_at=at("2025-03-21T14:00"), reason="A hearing.")
    assert council.due(session, "prepare_by") == date(2025, 3, 17)
    council.move("sup", session, "move", starts_at=at("2025-03-05T14:00"), reason="Sooner.")
    assert council.matter(session).live("prepare_by") is None
    council.verify()

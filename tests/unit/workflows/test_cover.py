"""Cover: whom it is lent to, for how long, and how it comes back or becomes the rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away, deadline, statuses, step
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

MONDAY = date(2025, 3, 3)
EVERYBODY = {"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"}


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


@pytest.fixture
def absence(council: FakeCouncil) -> Matter:
    """A supervisor's sickness, for which cover has been needed since 18 March."""
    reported = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    return council.matter(reported)


def supervisors(council: FakeCouncil) -> dict[str, str | None]:
    """Who supervises the three whom the absent supervisor has."""
    return {ref: council.picture.directory.supervisor_of(ref) for ref in ("wkr", "wkr2", "bs")}


def booked(council: FakeCouncil, who: str, starts_at: str, **more: Any) -> Matter:
    """A personal session with the social worker."""
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at(starts_at), "minutes": 60, **more}
    return council.open(who, Workflow.session, **booking)


# -- lending
@pytest.mark.clause("CBC-47", "CBC-60", "NS-67")
def test_the_line_manager_covers_some_and_then_all(council: FakeCouncil, absence: Matter) -> None:
    absence = council.move("lm", absence, "assign_cover", cover={"wkr": "sup2"})
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")
    assert supervisors(council) == {"wkr": "sup2", "wkr2": "sup", "bs": "sup"}
    absence = council.move("lm", absence, "assign_cover", cover={"wkr2": "sup2", "bs": "lm"})
    assert (absence.state, absence.holder) == ("covered", None)
    assert supervisors(council) == {"wkr": "sup2", "wkr2": "sup2", "bs": "lm"}
    assert statuses(council, absence, "cover_by") == [Status.met]
    assert step(council, absence, "assign_cover")["clause"] == "CBC-47, CBC-60"
    assert council.told("wkr", absence)[-1] == "cover_assigned"
    council.verify()


@pytest.mark.clause("CBC-77")
def test_whoever_covers_has_the_sessions_the_drafts_and_the_duties(council: FakeCouncil) -> None:
    session = booked(council, "sup", "2025-03-25T10:00")
    draft = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    sent = council.open("sup", Workflow.record, supervisee="wkr", kind="personal")
    council.move("sup", sent, "circulate")
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="other", statement="Unfair.")
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    moved = (session, draft, council.only(Workflow.entitlement, supervisee="wkr"), council.only(Workflow.frequency))
    assert [council.matter(m).supervisor for m in moved] == ["sup2"] * 4
    assert [council.matter(m).supervisor for m in (sent, dispute)] == ["sup", "sup"]
    booked(council, "sup2", "2025-03-27T10:00")
    with pytest.raises(NotYourMove):
        booked(council, "sup", "2025-03-28T10:00")
    council.verify()


def test_a_cover_is_changed_while_it_is_needed(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    absence = council.move("lm", absence, "assign_cover", cover={"wkr": "lm"})
    assert (absence.state, supervisors(council)["wkr"]) == ("covered", "lm")
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "lm"
    council.verify()


@pytest.mark.parametrize("who", ["sup", "wkr", "sup2", "hr1"])
def test_nobody_but_the_holder_and_the_line_manager_finds_cover(
    council: FakeCouncil, absence: Matter, who: str
) -> None:
    with pytest.raises(NotYourMove):
        council.move(who, absence, "assign_cover", cover=EVERYBODY)


@pytest.mark.parametrize(
    ("cover", "why"),
    [
        ({"hos": "sup2"}, "hos is not supervised by Person sup"),
        ({"wkr": "nobody"}, "nobody is not in post"),
        ({"wkr": "aud"}, "Person aud is away"),
        ({"wkr": "sup"}, "is to be covered"),
        ({"wkr": "wkr"}, "circle"),
        ({"wkr": "stu"}, "circle"),
        ({"wkr": "wkr2", "wkr2": "wkr"}, "circle"),
        ({"wkr": "wkr2", "wkr2": "stu"}, "circle"),
    ],
)
def test_nobody_covers_who_is_away_or_stands_under_the_person(
    council: FakeCouncil, cover: dict[str, str], why: str
) -> None:
    council.relist("stu", name="Person stu", supervisor="wkr", start_date=MONDAY)
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    away(council, "aud", date(2025, 3, 18))
    with pytest.raises(Refused, match=why):
        council.move("lm", absence, "assign_cover", cover=cover)


def test_who_is_supervised_by_the_absent_one_may_cover_for_a_colleague(council: FakeCouncil, absence: Matter) -> None:
    cover = {"wkr": "wkr2", "wkr2": "sup2", "bs": "wkr2"}
    assert council.move("lm", absence, "assign_cover", cover=cover).state == "covered"
    council.verify()


def test_a_circle_on_the_list_ends_the_search_for_one(council: FakeCouncil, absence: Matter) -> None:
    council.relist("lm", supervisor="sup2")
    absence = council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    assert absence.state == "covered"


def test_nobody_covers_who_has_a_live_dispute_with_the_person(council: FakeCouncil) -> None:
    council.relist("wkr", supervisor="sup2")
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="We differ.")
    council.relist("wkr", supervisor="sup")
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    with pytest.raises(Refused, match="while something between the two of them is open"):
        council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.move("wkr", dispute, "withdraw")
    assert council.move("lm", absence, "assign_cover", cover=EVERYBODY).state == "covered"
    council.verify()


@pytest.mark.clause("HAR-37", "HAR-38", "NS-51", "DAR-24", "CBC-63")
@pytest.mark.parametrize("policy", ["haringey", "north-somerset", "darlington", "central-bedfordshire"])
def test_nobody_covers_who_has_referred_the_person_and_the_refusal_does_not_say_so(policy: str) -> None:
    council = FakeCouncil(policy)
    council.relist("wkr", supervisor="sup2")
    referral = council.open(
        "sup2", Workflow.referral, supervisee="wkr", about="conduct", facts="Four visits.", discussed_on=MONDAY
    )
    council.move("sup2", referral, "submit")
    council.relist("wkr", supervisor="sup")
    council.relist("sup", end_date=date(2025, 2, 28))
    absence = council.only(Workflow.absence)
    with pytest.raises(Refused) as refused:
        council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    assert (
        refused.value.why == "Person sup2 cannot cover for Person wkr while something between the two of them is open."
    )
    council.move("sup2", referral, "withdraw", reason="It is settled.")
    assert council.move("lm", absence, "assign_cover", cover=EVERYBODY).state == "covered"
    council.verify()


@pytest.mark.clause("DAR-24", "CBC-63")
def test_a_referral_of_which_its_opener_alone_knows_is_given_away_by_nothing(
    council: FakeCouncil, absence: Matter
) -> None:
    council.relist("wkr", supervisor="sup2")
    council.open("sup2", Workflow.referral, supervisee="wkr", about="conduct", facts="Four visits.")
    council.relist("wkr", supervisor="sup")
    assert council.move("lm", absence, "assign_cover", cover=EVERYBODY).state == "covered"


# -- nobody finds any
def test_after_five_working_days_the_next_manager_is_asked(council: FakeCouncil, absence: Matter) -> None:
    council.until("2025-03-25T23:59:59")
    assert council.matter(absence).state == "awaiting_cover"
    council.until("2025-03-26T09:00")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("with_senior_manager", "hos")
    assert council.told("hos", absence)[-1] == "escalated"
    council.until("2025-04-03T09:00")
    assert council.told("hos", absence)[-1] == "reminder"
    assert council.move("hos", absence, "assign_cover", cover=EVERYBODY).state == "covered"
    council.verify()


def test_whoever_is_asked_instead_has_the_whole_time(council: FakeCouncil, absence: Matter) -> None:
    council.until("2025-03-20T09:00")
    away(council, "lm", date(2025, 3, 20), "planned")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "hos")
    assert council.due(absence, "cover_by") == date(2025, 3, 27)
    council.until("2025-03-28T00:00")
    assert council.matter(absence).state == "with_senior_manager"
    away(council, "ad", date(2025, 3, 28))
    assert council.matter(absence).holder is None
    council.verify()


def test_at_the_top_of_the_line_whoever_is_asked_is_reminded(council: FakeCouncil) -> None:
    absence = away(council, "hos", MONDAY)
    council.until("2025-03-26T09:00")
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "ad")
    assert council.told("ad", absence)[-1] == "reminder"
    assert council.due(absence, "cover_by") == date(2025, 4, 2)
    council.verify()


# -- giving back
@pytest.mark.clause("CBC-47", "NS-67")
def test_a_return_hands_back_what_was_lent(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    session = booked(council, "sup2", "2025-04-01T10:00")
    council.until("2025-03-24T09:00")
    returned = council.move("hr1", absence, "return", last_day=date(2025, 3, 23))
    assert returned.state == "returned"
    assert set(supervisors(council).values()) == {"sup"}
    for matter in (session, council.only(Workflow.entitlement, supervisee="wkr"), council.only(Workflow.frequency)):
        assert council.matter(matter).supervisor == "sup"
    assert council.matter(session).state == "scheduled"  # what was booked may stand
    assert "cover_ended" in council.told("wkr", absence)
    with pytest.raises(NotYourMove):
        booked(council, "sup2", "2025-04-02T10:00")
    council.verify()


def test_a_supervisor_on_the_list_who_changes_meanwhile_stays(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.relist("wkr", supervisor="lm")
    assert supervisors(council) == {"wkr": "lm", "wkr2": "sup2", "bs": "sup2"}
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "lm"
    council.until("2025-03-24T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 23))
    assert supervisors(council) == {"wkr": "lm", "wkr2": "sup", "bs": "sup"}
    council.verify()


def test_a_change_on_the_list_that_is_about_something_else_ends_no_cover(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.relist("wkr", job_role="senior_social_worker")
    assert supervisors(council)["wkr"] == "sup2"
    assert "new_supervisor" not in council.told("wkr")
    council.until("2025-03-24T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 23))
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup"
    council.verify()


# -- cover for cover
@pytest.fixture
def second(council: FakeCouncil, absence: Matter) -> Matter:
    """Whoever covers falls ill as well, and somebody covers for both."""
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    away(council, "sup2", date(2025, 3, 18))
    council.until("2025-04-02T09:00")
    second = council.only(Workflow.absence, person="sup2")
    assert second.state == "awaiting_cover"
    return council.move("lm", second, "assign_cover", cover=dict.fromkeys(EVERYBODY, "lm"))


def test_the_one_who_covered_first_covers_again_on_their_return(council: FakeCouncil, second: Matter) -> None:
    assert set(supervisors(council).values()) == {"lm"}
    council.move("hr1", second, "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup2"}
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup2"
    council.move("hr1", council.only(Workflow.absence, person="sup"), "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup"}
    council.verify()


def test_the_supervisor_on_the_list_has_everybody_back_from_whoever_covers(
    council: FakeCouncil, second: Matter
) -> None:
    council.move("hr1", council.only(Workflow.absence, person="sup"), "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup"}
    council.move("hr1", second, "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup"}
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup"
    council.verify()


def test_a_search_for_cover_ends_when_the_supervisor_on_the_list_is_back(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    away(council, "sup2", date(2025, 3, 18))
    council.until("2025-04-02T09:00")
    second = council.only(Workflow.absence, person="sup2")
    assert second.state == "awaiting_cover"
    council.move("hr1", absence, "return", last_day=date(2025, 4, 1))
    assert (council.matter(second).state, council.matter(second).holder) == ("covered", None)
    council.verify()


def test_cover_for_one_absence_ends_the_search_of_another(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    away(council, "sup2", date(2025, 3, 18))
    council.until("2025-04-02T09:00")
    second = council.only(Workflow.absence, person="sup2")
    assert second.state == "awaiting_cover"
    council.move("lm", absence, "assign_cover", cover=dict.fromkeys(EVERYBODY, "lm"))
    assert (council.matter(second).state, council.history(second)[-1]) == ("covered", "settle")
    council.verify()


# -- somebody comes new to an absent supervisor
def test_a_newcomer_under_an_absent_supervisor_reopens_the_search(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.relist("new", name="Person new", line_manager="sup", supervisor="sup", start_date=date(2025, 3, 18))
    assert (council.matter(absence).state, council.matter(absence).holder) == ("awaiting_cover", "lm")
    assert [row["supervisee"] for row in council.matter(absence).data["plan"]] == ["new"]
    assert council.move("lm", absence, "assign_cover", cover={"new": "sup2"}).state == "covered"
    council.until("2025-03-24T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 23))
    assert council.picture.directory.supervisor_of("new") == "sup"
    council.verify()


def test_somebody_who_is_moved_to_an_absent_supervisor_reopens_it_too(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.relist("sup2", supervisor="sup")
    assert [row["supervisee"] for row in council.matter(absence).data["plan"]] == ["sup2"]
    assert "supervisor_away" in council.told("sup2", absence)


def test_a_search_ends_when_everybody_has_another_supervisor_on_the_list(council: FakeCouncil, absence: Matter) -> None:
    for ref in ("wkr", "wkr2"):
        council.relist(ref, supervisor="sup2")
    assert council.matter(absence).state == "awaiting_cover"
    council.relist("bs", end_date=date(2025, 3, 19))
    council.until("2025-03-20T00:00")
    assert council.matter(absence).state == "covered"
    council.verify()


# -- for good
def test_cover_is_made_permanent_and_nothing_goes_back(council: FakeCouncil, absence: Matter) -> None:
    with pytest.raises(Refused, match="not possible now"):
        council.move("hr1", absence, "make_permanent", reason="Too early.")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    permanent = council.move("hr1", absence, "make_permanent", reason="The post was filled.")
    assert permanent.state == "permanent"
    people = council.picture.directory.people
    assert {(people[ref].supervisor, people[ref].cover) for ref in EVERYBODY} == {("sup2", None)}
    assert people["wkr"].supervised_since == date(2025, 3, 18)
    assert council.only(Workflow.employment, person="wkr").data["supervisor"] == "sup2"
    assert "new_supervisor" in council.told("wkr")
    council.until("2025-03-24T09:00")
    returned = council.move("hr1", absence, "return", last_day=date(2025, 3, 23))
    assert (returned.state, set(supervisors(council).values())) == ("returned", {"sup2"})
    assert "return" not in council.offered("hr1", returned)
    council.verify()


def test_whether_somebody_is_back_whose_cover_is_permanent_is_still_asked(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    record = council.open("lm", Workflow.record, supervisee="sup", kind="personal")
    council.move("lm", record, "circulate")
    council.until("2025-03-18T09:00")
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.move("lm", absence, "make_permanent", reason="The post was filled.")
    assert deadline(council, record, "sign_by").status is Status.paused
    council.until("2025-03-26T09:00")
    assert council.told("lm", absence)[-1] == "confirm_return"
    council.relist("sup", end_date=date(2025, 3, 28))
    council.until("2025-06-02T09:00")
    assert council.told("lm", absence).count("confirm_return") == 2
    council.verify()


def test_a_newcomer_is_covered_before_anything_is_permanent(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    assert "make_permanent" in council.offered("hr1", absence)
    council.relist("new", name="Person new", line_manager="sup", supervisor="sup", start_date=date(2025, 3, 18))
    assert "make_permanent" not in council.offered("hr1", absence)


def test_only_covered_for_somebody_else_stays_lent(council: FakeCouncil, second: Matter) -> None:
    council.move("lm", second, "make_permanent", reason="They moved on.")
    people = council.picture.directory.people
    assert (people["wkr"].supervisor, people["wkr"].cover) == ("sup", "lm")
    council.move("hr1", council.only(Workflow.absence, person="sup"), "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup"}
    council.verify()


def test_whoever_was_assigned_gets_them_for_good_and_is_covered_for_while_away(
    council: FakeCouncil, absence: Matter, second: Matter
) -> None:
    council.move("hr1", absence, "make_permanent", reason="The post was filled.")
    people = council.picture.directory.people
    assert (people["wkr"].supervisor, people["wkr"].cover) == ("sup2", "lm")
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "lm"
    council.move("hr1", second, "return", last_day=date(2025, 4, 1))
    assert set(supervisors(council).values()) == {"sup2"}
    council.verify()


def test_where_whoever_was_assigned_has_left_it_is_who_covers_now(council: FakeCouncil, absence: Matter) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    council.relist("sup2", end_date=date(2025, 3, 18))
    council.until("2025-03-19T09:00")
    council.move(
        "lm", council.only(Workflow.absence, person="sup2"), "assign_cover", cover=dict.fromkeys(EVERYBODY, "lm")
    )
    council.move("hr1", absence, "make_permanent", reason="The post was filled.")
    people = council.picture.directory.people
    assert {(people[ref].supervisor, people[ref].cover) for ref in EVERYBODY} == {("lm", None)}
    council.verify()


def test_a_new_supervisor_on_the_list_who_is_away_is_covered_for_by_whoever_covers(
    council: FakeCouncil, absence: Matter
) -> None:
    council.move("lm", absence, "assign_cover", cover=EVERYBODY)
    other = away(council, "hos", date(2025, 3, 18))
    council.relist("wkr", supervisor="hos")
    assert supervisors(council)["wkr"] == "sup2"
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup2"
    council.move("hr1", other, "return", last_day=date(2025, 3, 18))
    assert supervisors(council)["wkr"] == "hos"
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "hos"
    council.verify()

"""The list of cases, imported: what is refused, and how often each case is to be supervised from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Row

from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.council_tables import cases
from tests.integration.council import Council, london
from workflows.frequency import FREQUENCY
from workflows.model import Actor, Matter
from workflows.payloads import CancelSession, OpenSession, Propose
from workflows.session import SESSION
from workflows.vocabulary import Cause, Role, SessionKind

HEAD = "ref,worker_ref,team,category,criteria,allocated_on,closed_on,plan_review_weeks"
RATED = f"{HEAD},rating,rating_approved_by,rating_approved_on,last_supervised_on"
PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,app_roles
hos,H,h@council.example,head_of_service,,,head_of_service
sup,S,s@council.example,team_manager,hos,hos,
sup2,T,t@council.example,team_manager,hos,hos,
wkr,W,w@council.example,social_worker,sup,sup,
wkr2,V,v@council.example,social_worker,sup2,sup2,
"""
NewCouncil = Callable[[str, str], Council]


def sheet(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


@pytest.fixture
def bedfordshire(council: NewCouncil) -> Council:
    return staffed(council("central-bedfordshire", "2025-03-03T09:00"))


@pytest.fixture
def darlington(council: NewCouncil) -> Council:
    return staffed(council("darlington", "2025-03-03T09:00"))


def staffed(council: Council) -> Council:
    council.take("people", PEOPLE)
    return council


def case(council: Council, ref: str) -> Row[Any]:
    [found] = council.rows(cases, cases.c.ref == ref)
    return found


def propose(council: Council, ref: str, category: str, criteria: list[str], rating: str | None) -> Matter:
    """Assign a frequency by hand, as the worker's supervisor."""
    payload = Propose(case=ref, category=category, criteria=criteria, rating=rating, reason="Talked over.")
    begins = FREQUENCY.opening.begins
    assert begins is not None

    def piece(work: Work) -> Matter:
        opening = begins(Actor("sup"), payload, work.opening_facts([ref])).with_id(new_id(work.now))
        return work.open(opening, Actor("sup"), Role.supervisor)

    found: Matter = council.run(piece)
    return found


# -- taking a list in
def test_a_new_case_is_supervised_as_often_as_its_category_says(bedfordshire: Council) -> None:
    answer = bedfordshire.take("cases", sheet("c1,wkr,North,assessment,,2025-03-03,,"))

    assert answer == {"added": 1, "changed": 0, "unchanged": 0, "exceptions": []}
    frequency = bedfordshire.one("frequency", case="c1")
    assert (frequency.state, frequency.supervisee, frequency.supervisor) == ("on_track", "wkr", "sup")
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"
    assert case(bedfordshire, "c1").team == "North"


def test_no_date_is_counted_from_before_the_service_went_live(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2024-01-08,,"))

    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"


def test_an_opening_position_counts_from_its_own_day(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,early-help,,2024-01-08,,,,,,2025-02-24", head=RATED))

    [live] = [d for d in bedfordshire.one("frequency", case="c1").deadlines if d.name == "supervise_by"]
    assert live.receipt["anchors"] == [{"event": "last supervised (opening position)", "at": "2025-02-24"}]


def test_the_same_file_twice_changes_nothing(bedfordshire: Council) -> None:
    text = sheet(
        "c1,wkr,,assessment,,2025-03-03,,",
        "c2,wkr,,looked-after,proceedings;matched,,2025-02-28,",
        "c3,wkr,,disability,,,,4",
    )
    bedfordshire.take("cases", text)
    before = bedfordshire.counts()

    answer = bedfordshire.take("cases", text)

    assert (answer["added"], answer["changed"], answer["unchanged"]) == (0, 0, 3)
    assert bedfordshire.counts() == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(bedfordshire: Council) -> None:
    before = bedfordshire.counts()

    answer = bedfordshire.take("cases", sheet("c1,wkr,,looked-after,,,,"), dry_run=True)

    assert answer["added"] == 1
    assert [found["ref"] for found in answer["exceptions"]] == ["c1"]
    assert bedfordshire.counts() == before


def test_a_case_that_is_closed_already_is_kept_and_not_watched(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2024-03-03,2025-03-03,"))

    assert case(bedfordshire, "c1").closed_on.isoformat() == "2025-03-03"
    assert bedfordshire.matters("frequency") == []


def test_a_case_whose_worker_nobody_supervises_is_on_the_exception_list(bedfordshire: Council) -> None:
    answer = bedfordshire.take("cases", sheet("c1,hos,,assessment,,,,"))

    assert answer["exceptions"] == [{"ref": "c1", "because": "Nobody supervises hos."}]


# -- bad lines
def test_every_bad_line_is_named_in_one_answer_and_nothing_is_kept(bedfordshire: Council) -> None:
    found = bedfordshire.places(
        "cases",
        sheet(
            "c1,wkr,,assessment,,,,",
            "c1,wkr,,assessment,,,,",
            "c2,nobody,,assessment,,,,",
            "c3,wkr,,nonsense,,,,",
            "c4,wkr,,looked-after,matched;mislaid,,,",
            "c5,wkr,,assessment,,2025-03-03,2025-03-02,",
            "c6,wkr,,assessment,,,,0",
            "c7,wkr,,assessment,,,,105",
            "c 8,wkr,,assessment,,,,",
            ",wkr,,assessment,,,,",
            "c9,,,,,,,",
            "c10,wkr,,assessment,,3 March,,",
        ),
    )

    assert found == [
        (3, "ref"), (4, "worker_ref"), (5, "category"), (6, "criteria"), (7, "closed_on"), (8, "plan_review_weeks"),
        (9, "plan_review_weeks"), (10, "ref"), (11, "ref"), (12, "worker_ref"), (12, "category"), (13, "allocated_on"),
    ]  # fmt: skip


def test_an_unknown_criterion_is_answered_with_the_known_ones(council: NewCouncil) -> None:
    leeds = staffed(council("leeds", "2025-03-03T09:00"))

    [(line, column, message)] = leeds.mistakes("cases", sheet("c1,wkr,,child,caff,,,"))

    assert (line, column) == (2, "criteria")
    assert message == (
        "'caff' is not known here: it must be one of caf, child-protection, concern, family-support, looked-after."
    )
    assert leeds.take("cases", sheet("c1,wkr,,child,caf;concern,,,"))["added"] == 1


def test_a_rating_belongs_to_a_category_that_is_rated(darlington: Council) -> None:
    found = darlington.places(
        "cases",
        sheet(
            "c1,wkr,,assessment,,,,,red,,,",
            "c2,wkr,,rated,,,,,purple,,,",
            "c3,wkr,,rated,,,,,,hos,,",
            "c4,wkr,,rated,,,,,green,ghost,,",
            "c5,wkr,,rated,,,,,green,hos,2025-03-04,",
            head=RATED,
        ),
    )

    assert found == [
        (2, "rating"), (3, "rating"), (4, "rating_approved_by"), (5, "rating_approved_by"), (6, "rating_approved_on"),
    ]  # fmt: skip


def test_a_rating_is_unknown_where_no_case_is_rated(bedfordshire: Council) -> None:
    assert bedfordshire.places("cases", sheet("c1,wkr,,assessment,,,,,red,,,", head=RATED)) == [(2, "rating")]


# -- ratings
def test_a_case_that_must_be_rated_is_monthly_and_on_the_exception_list_until_it_is(darlington: Council) -> None:
    answer = darlington.take("cases", sheet("c1,wkr,,rated,child-protection,2025-03-03,,"))

    assert [found["ref"] for found in answer["exceptions"]] == ["c1"]
    assert darlington.one("frequency", case="c1").data["every"] == "1 month"


def test_a_rating_that_somebody_must_approve_is_proposed_beside_one_that_runs(darlington: Council) -> None:
    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-03-03,,,green,,,", head=RATED))

    running, proposed = sorted(darlington.matters("frequency", case="c1"), key=lambda m: m.state, reverse=True)
    assert (running.state, running.data["rating"]) == ("on_track", None)
    assert (proposed.state, proposed.data["rating"]) == ("awaiting_approval", "green")
    assert darlington.told(proposed, "approval_asked") == {"hos"}


def test_a_rating_that_was_approved_runs_at_once(darlington: Council) -> None:
    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-03-03,,,green,hos,2025-02-20,", head=RATED))

    frequency = darlington.one("frequency", case="c1")
    assert (frequency.state, frequency.data["every"]) == ("on_track", "3 months")


@pytest.mark.clause("DAR-22")
def test_an_approval_that_comes_with_a_later_list_lets_the_rating_take_effect(darlington: Council) -> None:
    row = "c1,wkr,,rated,in-need,2025-01-06,,,green"
    darlington.take("cases", sheet(f"{row},,,2025-02-10", head=RATED))
    darlington.at("2025-03-05T09:00")

    answer = darlington.take("cases", sheet(f"{row},hos,2025-03-04,2025-02-10", head=RATED))

    green = darlington.open_one("frequency", case="c1")
    assert (green.state, green.data["rating"], green.data["approved_by"]) == ("on_track", "green", "hos")
    assert darlington.due("frequency", "supervise_by", case="c1") == "2025-05-10"
    assert answer["exceptions"] == []


@pytest.mark.clause("DAR-22")
def test_an_approval_on_the_list_changes_no_rating_that_was_given_here_since(darlington: Council) -> None:
    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-03-03,,,green,,,", head=RATED))
    propose(darlington, "c1", "rated", ["child-protection"], "red")

    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-03-03,,,green,hos,2025-03-03,", head=RATED))

    [in_force] = [m for m in darlington.matters("frequency", case="c1") if m.state == "on_track"]
    assert in_force.data["rating"] == "red"


def test_the_approval_of_one_rating_says_nothing_of_the_next(darlington: Council) -> None:
    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-03-03,,,green,hos,2025-02-20,", head=RATED))

    darlington.take("cases", "ref,worker_ref,category,rating\nc1,wkr,rated,green-cwd\n")

    assert case(darlington, "c1").rating_approved_by is None
    states = [(m.state, m.data["rating"]) for m in darlington.matters("frequency", case="c1")]
    assert sorted(states) == [("awaiting_approval", "green-cwd"), ("on_track", "green")]


def test_a_rating_that_was_given_here_outlives_a_list_without_ratings(darlington: Council) -> None:
    darlington.take("cases", sheet("c1,wkr,,rated,child-protection,2025-03-03,,"))
    propose(darlington, "c1", "rated", ["child-protection"], "red")

    darlington.take("cases", sheet("c1,wkr,,rated,child-protection;exploitation-risk,2025-03-03,,"))

    assert darlington.open_one("frequency", case="c1").data["rating"] == "red"


# -- what follows from a change
def test_a_new_worker_has_the_case_and_its_dates_run_on(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))
    bedfordshire.at("2025-03-06T10:00")

    bedfordshire.take("cases", sheet("c1,wkr2,,assessment,,2025-03-03,,"))

    frequency = bedfordshire.one("frequency", case="c1")
    assert (frequency.supervisee, frequency.supervisor) == ("wkr2", "sup2")
    assert bedfordshire.history(frequency) == ["open", "take_effect", "transfer"]
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"


@pytest.mark.clause("CBC-16")
def test_a_transfer_on_a_new_day_of_allocation_starts_no_first_supervision_anew(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))
    bedfordshire.at("2025-03-14T10:00")

    bedfordshire.take("cases", sheet("c1,wkr2,,assessment,,2025-03-14,,"))
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-17,,"))
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"

    assert bedfordshire.history(bedfordshire.one("frequency", case="c1"))[2:] == ["transfer", "transfer"]


@pytest.mark.clause("CBC-16")
def test_what_the_list_says_of_a_transfer_later_starts_no_first_supervision_anew(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))
    bedfordshire.at("2025-03-14T10:00")
    bedfordshire.take("cases", sheet("c1,wkr2,,assessment,,2025-03-14,,"))

    bedfordshire.take("cases", sheet("c1,wkr2,,assessment,,2025-03-13,,"))
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-17"
    bedfordshire.take("cases", sheet("c1,wkr2,,family-support,,2025-03-13,,"))
    later = bedfordshire.open_one("frequency", case="c1")

    assert later.data["first_allocated_on"] == "2025-03-03"
    assert [d.receipt["anchors"][0]["at"] for d in later.deadlines if d.name == "supervise_by"] == ["2025-03-03"]


def test_a_transfer_that_brings_the_first_day_of_allocation_counts_on_from_going_live(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,looked-after,matched,,,"))
    before = bedfordshire.due("frequency", "supervise_by", case="c1")
    bedfordshire.at("2025-03-14T10:00")

    bedfordshire.take("cases", sheet("c1,wkr2,,looked-after,matched,2025-03-14,,"))

    assert bedfordshire.due("frequency", "supervise_by", case="c1") == before


def test_a_day_of_allocation_that_is_corrected_moves_the_date(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))

    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-05,,"))

    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-19"
    assert bedfordshire.history(bedfordshire.one("frequency", case="c1"))[-1] == "recount"


def test_a_new_status_takes_the_place_of_the_one_before(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,looked-after,matched,2025-03-03,,"))

    bedfordshire.take("cases", sheet("c1,wkr,,looked-after,proceedings,2025-03-03,,"))

    earlier, later = sorted(bedfordshire.matters("frequency", case="c1"), key=lambda m: m.state, reverse=True)
    assert (earlier.state, later.state) == ("superseded", "on_track")
    assert later.data["criteria"] == ["proceedings"]


def test_a_status_that_was_assigned_here_already_is_not_assigned_again(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,looked-after,matched,2025-03-03,,"))
    assigned = propose(bedfordshire, "c1", "looked-after", ["proceedings"], None)

    bedfordshire.take("cases", sheet("c1,wkr,,looked-after,proceedings,2025-03-03,,"))

    assert bedfordshire.open_one("frequency", case="c1").id == assigned.id


def test_a_new_interval_between_plan_reviews_moves_the_date(bedfordshire: Council) -> None:
    row = "c1,wkr,,disability,plan-reviewed,2025-03-03,,"
    bedfordshire.take("cases", sheet(f"{row}8"))
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-04-28"

    bedfordshire.take("cases", sheet(f"{row}4"))

    assert bedfordshire.due("frequency", "supervise_by", case="c1") == "2025-03-31"
    assert bedfordshire.history(bedfordshire.one("frequency", case="c1"))[-1] == "recount"


def falls_out(council: Council, *refs: str) -> None:
    """A session with the social worker about these cases, booked for the next day and cancelled."""
    data = OpenSession(
        kind=SessionKind.case, supervisee="wkr", starts_at=london("2025-03-04T14:00"), minutes=90, cases=list(refs)
    )

    def piece(work: Work) -> None:
        assert SESSION.opening.begins is not None
        opening = SESSION.opening.begins(Actor("sup"), data, work.opening_facts(refs)).with_id(new_id(work.now))
        session = work.open(opening, Actor("sup"), Role.supervisor)
        work.fire(session.id, "cancel", CancelSession(cause=Cause.diary, reason="A hearing."), Actor("sup"))

    council.run(piece)


@pytest.mark.clause("CBC-45")
def test_a_caseload_that_goes_to_another_worker_takes_along_what_is_to_be_held_again(bedfordshire: Council) -> None:
    rows = ("c1,{},,family-support,,2025-03-03,,", "c2,{},,family-support,,2025-03-03,,")
    bedfordshire.take("cases", sheet(*(row.format("wkr") for row in rows)))
    falls_out(bedfordshire, "c1", "c2")

    bedfordshire.take("cases", sheet(*(row.format("wkr2") for row in rows)))

    owed = bedfordshire.one("cancellation")
    assert (owed.state, owed.supervisee, owed.supervisor) == ("awaiting_rebooking", "wkr2", "sup2")
    assert owed.data["cases"] == ["c1", "c2"]


def test_what_is_to_be_held_again_about_a_case_ends_when_it_is_closed(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,family-support,,2025-03-03,,"))
    falls_out(bedfordshire, "c1")

    bedfordshire.take("cases", sheet("c1,wkr,,family-support,,2025-03-03,2025-03-03,"))

    assert bedfordshire.one("cancellation").state == "excused"


def test_a_closed_case_is_no_longer_watched(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))

    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,2025-03-03,"))

    assert bedfordshire.one("frequency", case="c1").state == "ended"


def test_a_closing_day_to_come_acts_with_the_first_import_after_it(bedfordshire: Council) -> None:
    row = sheet("c1,wkr,,assessment,,2025-03-03,2025-03-10,")
    answer = bedfordshire.take("cases", row)
    assert bedfordshire.one("frequency", case="c1").state == "on_track"
    assert [found["ref"] for found in answer["exceptions"]] == ["c1"]
    bedfordshire.at("2025-03-11T02:00")

    answer = bedfordshire.take("cases", row)

    assert answer["unchanged"] == 1
    assert bedfordshire.one("frequency", case="c1").state == "ended"


def test_a_case_that_is_opened_again_is_watched_again(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-02-03,2025-02-28,"))

    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2025-03-03,,"))

    assert bedfordshire.one("frequency", case="c1").state == "on_track"


@pytest.mark.clause("CBC-16")
def test_a_case_that_was_closed_by_mistake_goes_on_from_its_last_supervision(bedfordshire: Council) -> None:
    opened = "c1,wkr,,assessment,,2024-01-08,,,,,,2025-02-24"
    bedfordshire.take("cases", sheet(opened, head=RATED))
    before = bedfordshire.due("frequency", "supervise_by", case="c1")
    bedfordshire.at("2025-03-10T09:00")
    bedfordshire.take("cases", sheet("c1,wkr,,assessment,,2024-01-08,2025-03-10,"))
    bedfordshire.at("2025-03-12T09:00")

    bedfordshire.take("cases", "ref,worker_ref,category,closed_on,last_supervised_on\nc1,wkr,assessment,,\n")

    again = bedfordshire.open_one("frequency", case="c1")
    assert (again.state, again.data["last_supervised_on"]) == ("on_track", "2025-02-24")
    assert bedfordshire.due("frequency", "supervise_by", case="c1") == before


def test_what_the_file_does_not_say_stays(bedfordshire: Council) -> None:
    bedfordshire.take("cases", sheet("c1,wkr,North,looked-after,matched,2025-03-03,,6"))

    answer = bedfordshire.take("cases", "ref,worker_ref,category\nc1,wkr,looked-after\n")

    assert answer["unchanged"] == 1
    assert case(bedfordshire, "c1").plan_review_weeks == 6

"""The list of absences, imported in the place of HR: opened, corrected, ended, and never one over another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.engine.door import Door
from service.storage.matter_tables import steps
from tests.integration.council import Council
from workflows.model import Actor
from workflows.payloads import Reason, Return
from workflows.vocabulary import Role

HEAD = "person_ref,first_day,expected_return,last_day,cause"
PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,app_roles
lm,L,l@council.example,service_manager,,,
sup,S,s@council.example,team_manager,lm,lm,
wkr,W,w@council.example,social_worker,sup,sup,
hr1,H,h@council.example,hr_adviser,,,hr
"""


def sheet(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


@pytest.fixture
def council(council: Callable[[str, str], Council]) -> Council:
    found = council("central-bedfordshire", "2025-03-17T09:00")
    found.take("people", PEOPLE)
    return found


# -- taking a list in
def test_an_absence_is_recorded_by_the_importer_in_the_place_of_hr(council: Council) -> None:
    answer = council.take("absences", sheet("wkr,2025-03-17,2025-03-24,,sickness"))

    assert answer == {"added": 1, "changed": 0, "unchanged": 0}
    absence = council.one("absence", person="wkr")
    assert (absence.state, absence.data["expected_return"]) == ("reported", "2025-03-24")
    [step] = council.rows(steps, steps.c.matter_id == absence.id)
    assert (step.actor, step.role) == ("admin", Role.hr)
    assert council.told(absence, "absence_reported") == {"sup"}


def test_an_absence_that_is_over_is_recorded_with_its_return(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,2025-03-14,sickness"))

    absence = council.one("absence", person="wkr")
    assert (absence.state, absence.data["last_day"]) == ("returned", "2025-03-14")
    assert council.history(absence) == ["open", "return"]


@pytest.mark.parametrize(("last_day", "state"), [("", "awaiting_cover"), ("2025-04-08", "returned")])
def test_one_in_which_an_interval_was_missed_asks_for_cover_unless_it_is_over(
    door: Door, last_day: str, state: str
) -> None:
    council = Council.under(door, "leeds", "2025-03-03T09:00")
    council.take("people", PEOPLE)
    council.at("2025-04-09T09:00")
    council.take("absences", sheet(f"sup,2025-03-24,,{last_day},sickness"))

    absence = council.one("absence", person="sup")
    assert absence.state == state
    assert council.told(absence, "supervisor_away") == ({"wkr"} if state == "awaiting_cover" else set())


def test_the_same_file_twice_changes_nothing(council: Council) -> None:
    text = sheet(
        "wkr,2025-03-10,,2025-03-14,sickness", "wkr,2025-03-17,,,planned", "sup,2025-03-03,2025-03-28,,unplanned"
    )
    council.take("absences", text)
    before = council.counts()

    answer = council.take("absences", text)

    assert answer == {"added": 0, "changed": 0, "unchanged": 3}
    assert council.counts() == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(council: Council) -> None:
    before = council.counts()

    assert council.take("absences", sheet("wkr,2025-03-17,,,sickness"), dry_run=True)["added"] == 1

    assert council.counts() == before
    assert council.run(lambda work: work.picture.directory.absences) == {}


def test_a_long_absence_of_a_supervisor_asks_for_cover_at_once(council: Council) -> None:
    council.take("absences", sheet("sup,2025-02-24,,,sickness"))

    absence = council.one("absence", person="sup")
    assert (absence.state, absence.holder) == ("awaiting_cover", "lm")


# -- what follows from a change
def test_a_last_day_that_comes_later_is_a_return(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,,sickness"))

    answer = council.take("absences", sheet("wkr,2025-03-10,,2025-03-14,sickness"))

    assert answer["changed"] == 1
    absence = council.one("absence", person="wkr")
    assert (absence.state, council.history(absence)) == ("returned", ["open", "return"])


def test_another_cause_or_expected_return_is_a_correction(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,2025-03-24,,sickness"))

    council.take("absences", sheet("wkr,2025-03-10,,,unplanned"))

    absence = council.one("absence", person="wkr")
    assert council.history(absence) == ["open", "amend"]
    assert (absence.data["cause"], absence.data["expected_return"]) == ("unplanned", None)


def test_a_corrected_last_day_keeps_the_return_before_it(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,2025-03-14,sickness"))

    council.take("absences", sheet("wkr,2025-03-10,,2025-03-12,sickness"))

    absence = council.one("absence", person="wkr")
    assert council.history(absence) == ["open", "return", "amend"]
    assert absence.data["last_day"] == "2025-03-12"


def test_a_list_that_is_behind_takes_no_return_back(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,,sickness"))
    absence = council.one("absence", person="wkr")
    last = Return.model_validate({"last_day": "2025-03-14"})
    council.run(lambda work: work.fire(absence.id, "return", last, Actor("hr1")))

    assert council.take("absences", sheet("wkr,2025-03-10,,,sickness"))["unchanged"] == 1
    assert council.one("absence", person="wkr").state == "returned"


def test_a_list_that_is_behind_brings_no_cancelled_absence_back(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,,sickness"))
    absence = council.one("absence", person="wkr")
    council.run(lambda work: work.fire(absence.id, "cancel", Reason(reason="It was somebody else."), Actor("hr1")))

    assert council.take("absences", sheet("wkr,2025-03-10,,,sickness"))["unchanged"] == 1
    assert council.one("absence", person="wkr").state == "cancelled"
    assert council.take("absences", sheet("wkr,2025-03-11,,,sickness"))["added"] == 1


# -- bad lines
def test_every_bad_line_is_named_in_one_answer_and_nothing_is_kept(council: Council) -> None:
    found = council.places(
        "absences",
        sheet(
            "wkr,2025-03-10,,2025-03-14,sickness",
            "nobody,2025-03-10,,,sickness",
            "wkr,10.3.2025,,,sickness",
            "sup,2025-03-10,,2025-03-07,sickness",
            "lm,2025-03-10,2025-03-10,,sickness",
            "hr1,2025-03-10,,2025-03-18,sickness",
            "wkr,2025-03-17,,,left",
            "wkr,2025-03-14,,,planned",
            ",2025-03-17,,,sickness",
        ),
    )

    assert found == [
        (3, "person_ref"), (4, "first_day"), (5, "last_day"), (6, "expected_return"), (7, "last_day"), (8, "cause"),
        (9, "first_day"), (10, "person_ref"),
    ]  # fmt: skip


def test_nobody_is_away_twice(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,,sickness"))

    assert council.places("absences", sheet("wkr,2025-03-12,,,planned")) == [(2, "first_day")]
    assert council.places("absences", sheet("wkr,2025-03-03,,2025-03-10,planned")) == [(2, "first_day")]


def test_two_leaves_that_are_to_come_are_both_recorded(council: Council) -> None:
    leaves = sheet("wkr,2025-06-02,2025-06-16,,planned", "wkr,2025-08-04,2025-08-18,,planned")

    assert council.take("absences", leaves)["added"] == 2
    assert council.take("absences", leaves)["unchanged"] == 2
    assert council.places("absences", sheet("wkr,2025-06-12,2025-06-20,,planned")) == [(2, "first_day")]


def test_what_a_rule_forbids_is_named_by_its_line(council: Council) -> None:
    council.take("absences", sheet("wkr,2025-03-10,,,sickness"))

    found = council.mistakes("absences", sheet("sup,2025-03-17,,,planned", "wkr,2025-03-03,,2025-03-07,planned"))

    assert found == [(3, None, "An absence of this person is open already: amend it instead.")]


def test_the_same_absence_twice_in_a_file_is_a_mistake(council: Council) -> None:
    [(line, column, message)] = council.mistakes(
        "absences", sheet("wkr,2025-03-10,,2025-03-14,sickness", "wkr,2025-03-10,,2025-03-14,sickness")
    )

    assert (line, column) == (3, "first_day")
    assert message == "Line 2 has this person away on some of these days."


def test_one_absence_follows_another_in_one_file(council: Council) -> None:
    answer = council.take("absences", sheet("wkr,2025-03-17,,,planned", "wkr,2025-03-10,,2025-03-16,sickness"))

    assert answer["added"] == 2
    assert [m.state for m in council.matters("absence", person="wkr")].count("returned") == 1

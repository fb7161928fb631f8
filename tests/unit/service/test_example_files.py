"""The example councils' files: made by committed code, plausible, and about nobody."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from service.examples.chance import Chance
from service.examples.councils import COUNCILS, EXPORTS, LIVE_FROM, Council
from service.examples.leave import blocks, long_leave_from, on_leave
from service.examples.make_files import make_files
from service.examples.names import invented_names
from service.imports.people import JOB_ROLES
from workflows.intervals import known_categories, known_criteria
from workflows.policy_reader import shipped

every_council = pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.id)


def rows(council: Council, what: str) -> list[dict[str, str]]:
    with council.file(what).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- the files
def test_there_is_one_example_for_each_policy() -> None:
    assert sorted(council.id for council in COUNCILS) == sorted(shipped())


@every_council
def test_the_files_are_those_that_the_code_makes(council: Council) -> None:
    made = make_files(council)

    assert {what: council.file(what).read_text(encoding="utf-8") for what in EXPORTS} == made


@every_council
def test_a_council_says_that_it_is_an_example(council: Council) -> None:
    assert council.name == f"Example council under the {shipped()[council.id].council} policy"


# -- people
@every_council
def test_sixty_people_with_different_names_and_addresses_that_lead_nowhere(council: Council) -> None:
    people = rows(council, "people")

    assert len(people) == len({person["name"] for person in people}) == 60
    assert all(person["email"].endswith("@council.example") for person in people)


@every_council
def test_everybody_stands_in_a_line_that_ends_at_the_top(council: Council) -> None:
    above = {person["ref"]: person["line_manager_ref"] for person in rows(council, "people")}

    for ref in above:
        line = [ref]
        while above[line[-1]]:
            line.append(above[line[-1]])
            assert len(line) <= 7, line


@every_council
def test_job_roles_are_the_policies_own(council: Council) -> None:
    assert {person["job_role"] for person in rows(council, "people")} <= JOB_ROLES


@every_council
def test_there_is_one_administrator_and_somebody_in_hr_and_in_audit(council: Council) -> None:
    held = Counter(role for person in rows(council, "people") for role in person["app_roles"].split(";"))
    (administrator,) = [p["ref"] for p in rows(council, "people") if p["app_roles"] == "administrator"]

    assert held["administrator"] == held["hr"] == held["auditor"] == 1
    assert council.administrator == administrator


def test_adults_have_therapists_whose_supervisor_has_another_profession() -> None:
    adults = next(council for council in COUNCILS if shipped()[council.id].service == "adults")
    people = {person["ref"]: person for person in rows(adults, "people")}
    registered = {ref: person["professional_registration"] for ref, person in people.items()}
    therapists = [p for p in people.values() if p["job_role"] == "occupational_therapist"]
    elsewhere = [p for p in therapists if registered[p["supervisor_ref"]] != registered[p["ref"]]]

    assert 0 < len(elsewhere) < len(therapists)


# -- cases
@every_council
def test_two_hundred_cases_with_a_status_that_the_policy_knows(council: Council) -> None:
    cases, policy = rows(council, "cases"), shipped()[council.id]
    criteria = {name for case in cases for name in case["criteria"].split(";") if name}

    assert len(cases) == 200
    assert {case["category"] for case in cases} <= known_categories(policy)
    assert criteria <= known_criteria(policy)


@every_council
def test_nobody_has_more_cases_than_could_be_talked_about(council: Council) -> None:
    caseloads = Counter(case["worker_ref"] for case in rows(council, "cases"))

    assert max(caseloads.values()) <= 10


@every_council
def test_nothing_took_place_after_the_day_of_the_export(council: Council) -> None:
    past = ("start_date", "last_supervised_on", "agreement_signed_on", "allocated_on", "first_day")
    days = [row[name] for what in EXPORTS for row in rows(council, what) for name in past if row.get(name)]

    assert max(map(date.fromisoformat, days)) <= LIVE_FROM


# -- chance, names and leave
def test_the_same_question_is_always_answered_alike() -> None:
    assert Chance("a").of("rain", 1) == Chance("a").of("rain", 1)
    assert Chance("a").of("rain", 1) != Chance("b").of("rain", 1)


def test_what_happens_in_a_share_of_all_questions_does_so_in_about_that_share() -> None:
    chance = Chance("a")

    assert 230 < sum(chance.happens(0.25, number) for number in range(1000)) < 270


def test_whole_numbers_take_both_ends() -> None:
    chance = Chance("a")

    assert {chance.whole(2, 4, number) for number in range(50)} == {2, 3, 4}


def test_an_order_of_chance_leaves_nothing_out() -> None:
    assert sorted(Chance("a").shuffled(range(20), "x")) == list(range(20))


def test_there_are_only_so_many_invented_names() -> None:
    with pytest.raises(ValueError, match="only 900"):
        invented_names(Chance("a"), 901)


def test_leave_begins_and_ends_on_mondays_in_the_year() -> None:
    found = blocks(Chance("a"), "p001")

    assert len(found) == 4
    assert all(first.weekday() == back.weekday() == 0 for first, back in found)
    assert all(LIVE_FROM < first < back for first, back in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))


def test_somebody_is_on_leave_from_the_first_day_to_the_day_before_the_return() -> None:
    chance = Chance("a")
    first, back = blocks(chance, "p001")[0]

    assert on_leave(chance, "p001", first)
    assert not on_leave(chance, "p001", back)
    assert not on_leave(chance, None, first)


def test_only_leave_of_more_than_a_week_is_written_down() -> None:
    chance = Chance("a")
    every = [(ref, *block) for ref in ("p001", "p002", "p003", "p004") for block in blocks(chance, ref)]
    told = {long_leave_from(chance, ref, first, first) for ref, first, _ in every} - {None}

    assert told == {(first, back) for _, first, back in every if (back - first).days > 7}
    assert 0 < len(told) < len(every)

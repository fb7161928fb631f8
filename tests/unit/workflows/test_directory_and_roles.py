"""Who works for a council on a day, who stands above whom, and what somebody is to a matter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import C1, away
from workflows.directory import Away, Directory, Person
from workflows.model import SYSTEM, Actor
from workflows.roles import is_own, roles_of
from workflows.vocabulary import AbsenceCause, Role, Workflow

MONDAY = date(2025, 3, 3)


def absent(person: str, first_day: date, last_day: date | None = None) -> Away:
    """A sickness."""
    return Away(UUID(int=1), person, first_day, last_day, AbsenceCause.sickness)


# -- the directory
def test_the_first_and_the_last_day_of_employment_count() -> None:
    person = Person("p", start_date=MONDAY, end_date=date(2025, 3, 5))
    days = [date(2025, 3, day) for day in range(2, 7)]
    assert [person.in_post(day) for day in days] == [False, True, True, True, False]
    assert Person("p").in_post(MONDAY)
    assert not Directory.of([person]).in_post("nobody", MONDAY)


def test_the_first_and_the_last_day_absent_count_and_without_a_last_one_it_goes_on() -> None:
    directory = Directory.of(
        [], [absent("p", MONDAY, date(2025, 3, 4)), absent("p", date(2025, 3, 10)), absent("q", MONDAY)]
    )
    found = [directory.away("p", date(2025, 3, day)) is not None for day in (2, 3, 4, 5, 9, 10, 31)]
    assert found == [False, True, True, False, False, True, True]
    assert directory.away("nobody", MONDAY) is None


def test_whoever_covers_supervises_and_the_list_keeps_the_other_one() -> None:
    directory = Directory.of([Person("w", supervisor="s", cover="c"), Person("x", supervisor="s"), Person("s")])
    assert (directory.supervisor_of("w"), directory.supervisor_of("x")) == ("c", "s")
    assert (directory.supervised_by("c"), directory.supervised_by("s")) == (("w",), ("x",))
    assert directory.on_the_list_of("s") == ("w", "x")
    assert directory.supervisor_of("nobody") is None
    assert directory.supervised_by("nobody") == ()


def test_the_line_goes_up_to_the_top_and_a_circle_ends_it() -> None:
    people = [Person("a", line_manager="b"), Person("b", line_manager="c"), Person("c", line_manager="b")]
    directory = Directory.of([*people, Person("own", line_manager="own")])
    assert directory.line("a") == ("b", "c")
    assert directory.line("a") is directory.line("a")
    assert directory.line("own") == ()
    assert directory.line(None) == ()
    assert (directory.manager_of("a"), directory.manager_of("nobody"), directory.get(None)) == ("b", None, None)


def test_the_next_one_up_who_is_there_answers_for_the_work_while_the_manager_is_away_or_gone() -> None:
    people = [Person("a", line_manager="b"), Person("b", line_manager="c"), Person("c", line_manager="d"), Person("d")]
    gone = [*people[:2], replace(people[2], end_date=date(2025, 3, 2)), people[3]]
    assert Directory.of(people).accountable_for("a", MONDAY) == "b"
    assert Directory.of(people, [absent("b", MONDAY)]).accountable_for("a", MONDAY) == "c"
    assert Directory.of(gone, [absent("b", MONDAY)]).accountable_for("a", MONDAY) == "d"
    assert Directory.of(people, [absent(ref, MONDAY) for ref in "bcd"]).accountable_for("a", MONDAY) == "b"
    assert Directory.of(people).accountable_for("d", MONDAY) is None


def test_people_are_found_by_their_job_their_setting_and_their_role_while_they_are_in_post() -> None:
    hr = frozenset({Role.hr})
    directory = Directory.of(
        [
            Person("b", job_role="governor", setting="school", app_roles=hr),
            Person("a", job_role="governor", setting="cluster"),
            Person("c", job_role="governor", setting="school", end_date=date(2025, 3, 2), app_roles=hr),
        ]
    )
    assert directory.with_job("governor", "", MONDAY) == ("a", "b")
    assert directory.with_job("governor", "school", MONDAY) == ("b",)
    assert directory.with_app_role(Role.hr, MONDAY) == ("b",)


# -- roles
@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def roles(council: FakeCouncil, who: str, workflow: Workflow, **named: str) -> set[Role]:
    """What somebody is to the one matter of a workflow."""
    matter = council.only(workflow, **named)
    return set(roles_of(Actor(who), matter, council.facts(matter)))


def test_places_in_the_line_are_worked_out_against_the_matter(council: FakeCouncil) -> None:
    entitlement = {"supervisee": "wkr"}
    found = {who: roles(council, who, Workflow.entitlement, **entitlement) for who in ("wkr", "sup", "lm", "hos", "ad")}
    assert found == {
        "wkr": {Role.supervisee},
        "sup": {Role.supervisor},
        "lm": {Role.line_manager},
        "hos": {Role.senior_manager, Role.head_of_service},
        "ad": {Role.senior_manager},
    }
    assert roles(council, "sup2", Workflow.entitlement, **entitlement) == set()
    assert roles(council, "nobody", Workflow.entitlement, **entitlement) == set()


def test_in_an_absence_they_are_worked_out_against_the_person_who_is_away(council: FakeCouncil) -> None:
    away(council, "sup", MONDAY)
    found = {who: roles(council, who, Workflow.absence) for who in ("sup", "wkr", "lm", "hos", "hr1", "sup2")}
    assert found == {
        "sup": {Role.person},
        "wkr": {Role.supervisee},
        "lm": {Role.line_manager, Role.supervisor},
        "hos": {Role.senior_manager, Role.head_of_service},
        "hr1": {Role.hr, Role.opener},
        "sup2": set(),
    }


def test_business_support_is_who_was_asked_to_write_it_up_and_nobody_else(council: FakeCouncil) -> None:
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    assert roles(council, "bs", Workflow.record) == set()
    council.move("sup", record, "delegate", person="bs")
    assert roles(council, "bs", Workflow.record) == {Role.business_support, Role.holder}
    assert Role.holder in roles(council, "sup", Workflow.record)


def test_whoever_takes_part_in_a_group_is_a_participant(council: FakeCouncil) -> None:
    council.open("sup", Workflow.session, kind="group", participants=["wkr", "wkr2"], starts_at=council.now, minutes=60)
    assert roles(council, "wkr2", Workflow.session) == {Role.participant}


def test_somebody_who_has_left_or_has_not_started_is_nothing_to_anything(council: FakeCouncil) -> None:
    council.relist("sup", end_date=date(2025, 3, 3))
    assert Role.supervisor in roles(council, "sup", Workflow.entitlement, supervisee="wkr")
    council.until("2025-03-04T00:00")
    assert roles(council, "sup", Workflow.entitlement, supervisee="wkr") == set()


def test_an_importer_acts_in_the_place_of_hr_and_the_service_as_itself(council: FakeCouncil) -> None:
    absence = away(council, "wkr", MONDAY)
    facts = council.facts(absence)
    importer = replace(Actor("aud"), acts_as=frozenset({Role.hr}))
    assert roles_of(importer, absence, facts) == {Role.auditor, Role.hr}
    assert roles_of(SYSTEM, absence, facts) == {Role.system}


def test_a_record_is_its_two_parties_own_whoever_wrote_it_up(council: FakeCouncil) -> None:
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    council.move("sup", record, "delegate", person="bs")
    written = council.matter(record)
    assert [ref for ref in ("wkr", "sup", "bs", "lm") if is_own(written, ref)] == ["wkr", "sup"]


def test_any_other_matter_is_also_theirs_who_opened_it_or_take_part(council: FakeCouncil) -> None:
    absence = away(council, "wkr", MONDAY)
    group = council.open(
        "sup", Workflow.session, kind="group", participants=["wkr", "wkr2"], starts_at=council.now, minutes=60
    )
    assert [ref for ref in ("wkr", "hr1", "lm") if is_own(absence, ref)] == ["wkr", "hr1"]
    assert [ref for ref in ("sup", "wkr2", "lm") if is_own(group, ref)] == ["sup", "wkr2"]

"""The people's list, imported: all rows or none, every bad line named, and what follows from each change."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Row

from service.storage.council_tables import line, people
from tests.integration.council import Council

HEAD = (
    "ref,name,email,job_role,team,line_manager_ref,supervisor_ref,start_date,end_date,app_roles,nqsw_start,"
    "professional_registration,setting"
)
FEW = "ref,name,email,job_role,line_manager_ref,supervisor_ref"
NewCouncil = Callable[[str, str], Council]


def row(ref: str, **cells: str) -> str:
    """A line of the list; what is not named is empty, but for what must not be."""
    given = {"name": f"Person {ref}", "email": f"{ref}@council.example", "job_role": "social_worker", **cells}
    return ",".join({"ref": ref, **given}.get(name, "") for name in HEAD.split(","))


def sheet(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


TEAM = sheet(
    row("ad", job_role="assistant_director"),
    row("lm", job_role="service_manager", line_manager_ref="ad", supervisor_ref="ad"),
    row("sup", job_role="team_manager", line_manager_ref="lm", supervisor_ref="lm"),
    row("sup2", job_role="team_manager", line_manager_ref="lm", supervisor_ref="lm"),
    row("wkr", line_manager_ref="sup", supervisor_ref="sup", start_date="2020-01-06"),
)


@pytest.fixture
def council(council: NewCouncil) -> Council:
    return council("central-bedfordshire", "2025-03-03T09:00")


@pytest.fixture
def staffed(council: Council) -> Council:
    council.take("people", TEAM)
    return council


def person(council: Council, ref: str) -> Row[Any]:
    [found] = council.rows(people, people.c.ref == ref)
    return found


def above(council: Council, ref: str) -> list[str]:
    return [found.above for found in council.rows(line, line.c.below == ref, order=line.c.depth)]


# -- taking a list in
def test_new_people_are_counted_kept_and_their_employment_begins(council: Council) -> None:
    answer = council.take("people", TEAM)

    assert answer == {"added": 5, "changed": 0, "unchanged": 0, "unknown_job_roles": []}
    assert person(council, "wkr").supervisor == "sup"
    assert council.one("employment", person="wkr").state == "in_post"
    assert council.due("entitlement", "supervise_by", supervisee="wkr") == "2025-03-31"


def test_the_line_of_management_is_kept_from_the_nearest_up(staffed: Council) -> None:
    assert above(staffed, "wkr") == ["sup", "lm", "ad"]
    assert above(staffed, "ad") == []


def test_the_same_file_twice_changes_nothing(staffed: Council) -> None:
    before = staffed.counts()

    answer = staffed.take("people", TEAM)

    assert answer == {"added": 0, "changed": 0, "unchanged": 5, "unknown_job_roles": []}
    assert staffed.counts() == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(council: Council) -> None:
    before = council.counts()

    answer = council.take("people", TEAM, dry_run=True)

    assert (answer["added"], len(answer["items"])) == (5, 5)
    assert council.counts() == before
    assert council.take("people", TEAM)["added"] == 5


def test_a_manager_may_come_later_in_the_same_file(council: Council) -> None:
    council.take("people", f"{FEW}\na,A,a@b.example,social_worker,b,b\nb,B,b@b.example,team_manager,,\n")

    assert above(council, "a") == ["b"]


def test_whoever_is_not_in_the_file_stays(staffed: Council) -> None:
    staffed.take("people", sheet(row("new", line_manager_ref="sup")))

    assert person(staffed, "wkr").line_manager == "sup"
    assert above(staffed, "new") == ["sup", "lm", "ad"]


def test_a_missing_column_keeps_and_an_empty_cell_clears(staffed: Council) -> None:
    staffed.take("people", "ref,name,email,job_role,start_date\nwkr,W,wkr@council.example,social_worker,\n")

    assert person(staffed, "wkr").line_manager == "sup"
    assert person(staffed, "wkr").start_date is None


def test_an_unknown_job_role_is_taken_and_listed(council: Council) -> None:
    answer = council.take("people", sheet(row("a", job_role="lion_tamer"), row("b", job_role="lion_tamer")))

    assert answer["unknown_job_roles"] == ["lion_tamer"]
    assert person(council, "a").job_role == "lion_tamer"


def test_the_next_request_sees_the_new_list(staffed: Council) -> None:
    line_of = staffed.run(lambda work: work.picture.directory.line("wkr"))

    assert line_of == ("sup", "lm", "ad")


def test_whoever_had_left_before_they_were_listed_has_nothing_to_watch(council: Council) -> None:
    council.take("people", sheet(row("gone", start_date="2015-01-05", end_date="2024-12-31")))

    assert council.matters("employment", person="gone") == []

    council.take("people", sheet(row("gone", start_date="2025-03-03")))

    assert council.one("employment", person="gone").state == "in_post"


# -- bad lines
def test_every_bad_line_is_named_in_one_answer_and_nothing_is_kept(council: Council) -> None:
    found = council.places(
        "people",
        sheet(
            row("ok"),
            row("ok"),
            row("a", line_manager_ref="nobody", supervisor_ref="nowhere"),
            row("b b", email="b@council.example"),
            row("c", email="c at council"),
            row("d", start_date="03/02/2025"),
            row("e", start_date="2025-02-01", end_date="2025-01-31"),
            row("f", app_roles="hr;king"),
            row("g", setting="office"),
            row("h", name=""),
            row("i", supervisor_ref="i"),
            row("j", name="=cmd()"),
        ),
    )

    assert found == [
        (3, "ref"),
        (4, "line_manager_ref"),
        (4, "supervisor_ref"),
        (5, "ref"),
        (6, "email"),
        (7, "start_date"),
        (8, "end_date"),
        (9, "app_roles"),
        (10, "setting"),
        (11, "name"),
        (12, "supervisor_ref"),
        (13, "name"),
    ]


def test_a_file_without_refs_is_refused_for_that_alone(council: Council) -> None:
    assert council.places("people", "name,email,job_role\nA,nonsense,\n") == [(1, "ref")]


def test_a_missing_column_is_named_together_with_the_bad_lines(council: Council) -> None:
    assert council.places("people", "ref,name,job_role,start_date\na,A,student,soon\n") == [
        (1, "email"),
        (2, "start_date"),
    ]


def test_a_circle_within_the_file_names_everybody_on_it(council: Council) -> None:
    found = council.mistakes(
        "people",
        sheet(
            row("a", line_manager_ref="b"),
            row("b", line_manager_ref="c"),
            row("c", line_manager_ref="a"),
            row("d", line_manager_ref="a"),
        ),
    )

    assert [(number, column) for number, column, _ in found] == [(n, "line_manager_ref") for n in (2, 3, 4)]
    assert found[0][2] == "The line of management would go round in a circle: a → b → c → a."


def test_a_circle_with_people_who_are_on_the_list_already_is_named(staffed: Council) -> None:
    found = staffed.mistakes("people", sheet(row("lm", line_manager_ref="wkr", supervisor_ref="wkr")))

    assert [(number, column) for number, column, _ in found] == [(2, "line_manager_ref"), (2, "supervisor_ref")]
    assert found[1][2] == "Supervision would go round in a circle: lm → wkr → sup → lm."


def test_one_error_in_fifty_thousand_rows_is_found_and_nothing_kept(council: Council) -> None:
    rows = [row(f"p{i}") for i in range(50_000)]
    rows[31_415] = row("p31415", start_date="2025-13-01")

    assert council.places("people", sheet(*rows)) == [(31_417, "start_date")]


def test_latin_1_and_a_bad_date_are_named_together(council: Council) -> None:
    content = sheet(row("a", name="Zoë"), row("b", start_date="x")).encode("latin-1")

    assert council.places("people", content) == [(2, None), (3, "start_date")]


def test_the_last_administrator_cannot_be_taken_away(council: Council) -> None:
    found = council.mistakes("people", sheet(row("admin", job_role="administrator")))

    assert found == [(2, "app_roles", "Nobody would be administrator any more. Make somebody else one first.")]
    council.take("people", sheet(row("admin"), row("next", app_roles="administrator")))
    assert person(council, "admin").app_roles == []


def test_nobody_gets_the_sign_in_of_somebody_else(council: Council) -> None:
    head = "ref,name,email,job_role,sign_in_id\n"
    council.take("people", head + "a,A,a@b.example,student,id-1\n")

    assert council.places("people", head + "b,B,b@b.example,student,id-1\n") == [(2, "sign_in_id")]
    assert council.take("people", head + "a,A,a@b.example,student,\nb,B,b@b.example,student,id-1\n")["changed"] == 1


# -- what follows from a change
def test_a_new_supervisor_takes_over_and_is_told(staffed: Council) -> None:
    staffed.at("2025-03-10T09:00")

    answer = staffed.take("people", TEAM.replace("sup,sup,2020", "sup,sup2,2020"))

    assert answer["changed"] == 1
    assert staffed.one("entitlement", supervisee="wkr").supervisor == "sup2"
    assert person(staffed, "wkr").supervised_since.isoformat() == "2025-03-10"
    employment = staffed.one("employment", person="wkr")
    assert staffed.history(employment) == ["open", "relist"]
    assert staffed.told(employment, "new_supervisor") == {"wkr", "sup2"}


def test_a_new_manager_changes_the_line_of_everybody_below(staffed: Council) -> None:
    staffed.take("people", f"{FEW}\nsup,Person sup,sup@council.example,team_manager,ad,lm\n")

    assert above(staffed, "sup") == ["ad"]
    assert above(staffed, "wkr") == ["sup", "ad"]
    assert above(staffed, "sup2") == ["lm", "ad"]
    assert staffed.history(staffed.one("employment", person="sup")) == ["open"]


def test_a_newly_qualified_worker_is_owed_supervision_by_their_phase(staffed: Council) -> None:
    before = staffed.due("entitlement", "supervise_by", supervisee="wkr")

    staffed.take("people", TEAM.replace("2020-01-06,,,,,", "2020-01-06,,,2025-03-03,,"))

    assert staffed.history(staffed.one("entitlement", supervisee="wkr")) == ["open", "recount"]
    assert staffed.due("entitlement", "supervise_by", supervisee="wkr") != before


def test_a_start_and_an_end_act_by_themselves(staffed: Council) -> None:
    later = row("new", line_manager_ref="sup", supervisor_ref="sup", start_date="2025-03-10", end_date="2025-04-30")
    staffed.take("people", sheet(later))
    assert staffed.one("employment", person="new").state == "expected"
    assert staffed.matters("entitlement", supervisee="new") == []

    staffed.at("2025-03-10T09:00")
    assert staffed.one("entitlement", supervisee="new").state == "on_track"

    staffed.at("2025-05-01T09:00")
    assert staffed.one("employment", person="new").state == "left"
    assert staffed.one("entitlement", supervisee="new").state == "ended"


def test_an_end_that_is_learned_late_acts_at_once(staffed: Council) -> None:
    staffed.take("people", TEAM.replace("2020-01-06,,", "2020-01-06,2025-02-28,"))

    assert staffed.one("employment", person="wkr").state == "left"
    assert staffed.one("entitlement", supervisee="wkr").state == "ended"


def test_a_leaver_who_comes_back_is_watched_again(staffed: Council) -> None:
    staffed.take("people", TEAM.replace("2020-01-06,,", "2020-01-06,2025-02-28,"))
    staffed.at("2025-06-02T09:00")

    staffed.take("people", TEAM.replace("2020-01-06,,", "2025-06-02,,"))

    assert staffed.one("employment", person="wkr").state == "in_post"
    assert staffed.open_one("entitlement", supervisee="wkr").supervisor == "sup"


def test_whoever_is_no_longer_supervised_is_owed_nothing(staffed: Council) -> None:
    staffed.take("people", TEAM.replace("sup,sup,2020", "sup,,2020"))

    assert staffed.one("entitlement", supervisee="wkr").state == "ended"
    assert person(staffed, "wkr").supervised_since is None


def test_cover_outlives_an_import(staffed: Council) -> None:
    staffed.run(lambda work: work.writes.people.update({("wkr", "cover"): "sup2"}))

    staffed.take("people", TEAM.replace("Person wkr", "Wilma Worker"))

    assert person(staffed, "wkr").cover == "sup2"
    assert person(staffed, "wkr").name == "Wilma Worker"


def test_a_changed_name_is_no_step_for_anybody(staffed: Council) -> None:
    before = staffed.counts()

    staffed.take("people", TEAM.replace("Person wkr", "Wilma Worker"))

    assert staffed.counts() == {**before, "list": before["list"] + 1}


def test_an_absence_stays_in_sight_after_an_import(staffed: Council) -> None:
    staffed.take("absences", "person_ref,first_day,cause\nwkr,2025-03-03,sickness\n")

    staffed.take("people", TEAM.replace("Person wkr", "Wilma Worker"))

    assert staffed.run(lambda work: [a.person for a in work.picture.directory.absences["wkr"]]) == ["wkr"]


def test_imports_at_the_same_time_are_all_kept(staffed: Council) -> None:
    files = [sheet(row(f"new{i}", line_manager_ref="sup")) for i in range(4)]
    before = staffed.counts()["list"]

    with ThreadPoolExecutor(len(files)) as threads:
        answers = list(threads.map(lambda text: staffed.take("people", text), files))

    assert [answer["added"] for answer in answers] == [1, 1, 1, 1]
    assert staffed.counts()["list"] == before + 4
    assert staffed.run(lambda work: {f"new{i}" for i in range(4)} <= work.picture.directory.people.keys())
    assert [above(staffed, f"new{i}") for i in range(4)] == [["sup", "lm", "ad"]] * 4

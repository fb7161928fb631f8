"""A draw can be repeated by anybody, and draws only what may be audited."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fakes.council import standard_team
from workflows.audit_sampling import Draw, commitment, draw, rank, team_manager_of, team_managers, teams, why_unfit
from workflows.directory import Case, Directory, Person

ON = date(2025, 4, 1)
TEAM = Directory.of(standard_team().values())


def a_case(ref: str, worker: str = "wkr", closed_on: date | None = None) -> Case:
    return Case(ref, worker, "family-support", closed_on=closed_on)


CASES = st.lists(
    st.builds(
        a_case,
        ref=st.text("abcdefgh0123456789", min_size=1, max_size=6),
        worker=st.sampled_from(["wkr", "wkr2", "left", "nobody"]),
        closed_on=st.sampled_from([None, None, ON, ON - timedelta(days=1), ON + timedelta(days=1)]),
    ),
    max_size=30,
    unique_by=lambda case: case.ref,
)


def lately_among(cases: list[Case]) -> st.SearchStrategy[dict[str, str]]:
    """Days on which some of the cases were drawn before."""
    refs = [case.ref for case in cases] or ["none"]
    return st.dictionaries(st.sampled_from(refs), st.sampled_from(["2024-11-01", "2025-02-01", "2025-03-01"]))


def with_leaver() -> Directory:
    people = standard_team()
    people["left"] = replace(people["wkr"], ref="left", end_date=ON - timedelta(days=1))
    return Directory.of(people.values())


@given(data=st.data(), cases=CASES, seed=st.text("xyz-:", min_size=1, max_size=5))
@pytest.mark.clause("CBC-49")
def test_the_same_seed_draws_the_same_case_whatever_the_order(
    data: st.DataObject, cases: list[Case], seed: str
) -> None:
    lately = data.draw(lately_among(cases))
    shuffled = data.draw(st.permutations(cases))

    assert draw(seed, cases, lately, with_leaver(), ON) == draw(seed, shuffled, lately, with_leaver(), ON)


@given(data=st.data(), cases=CASES)
@pytest.mark.clause("CBC-49")
def test_every_draw_is_of_an_eligible_case_and_accounts_for_all_others(data: st.DataObject, cases: list[Case]) -> None:
    lately = data.draw(lately_among(cases))
    drawn = draw("seed", cases, lately, with_leaver(), ON)
    fit = {case.ref for case in cases if why_unfit(case, with_leaver(), ON) is None}

    assert (drawn.case is None) == (not fit)
    if drawn.case is not None:
        assert drawn.case in fit
        assert drawn.case not in lately or fit <= lately.keys()
    assert {*drawn.drawn_from, *(ref for ref, _ in drawn.passed_over)} == {case.ref for case in cases}
    assert not {*drawn.drawn_from} & {ref for ref, _ in drawn.passed_over}


@given(cases=st.sets(st.text("abc123", min_size=1, max_size=4), min_size=1, max_size=20))
def test_an_outsider_repeats_a_draw_with_nothing_but_the_refs_and_the_seed(cases: set[str]) -> None:
    told = draw("p:2025-04:sup", map(a_case, cases), {}, TEAM, ON).told()

    ranked = sorted(cases, key=lambda ref: hashlib.sha256(f"{told['seed']}:{ref}".encode()).hexdigest())
    assert told["case"] == ranked[0]
    assert told["commitment"] == hashlib.sha256("\n".join(sorted(cases)).encode()).hexdigest()
    assert told["drawn_from"] == len(cases)


def test_another_seed_ranks_anew_and_other_cases_commit_to_something_else() -> None:
    refs = [f"c{number}" for number in range(50)]
    smallest = [min(refs, key=lambda ref: rank(seed, ref)) for seed in ("2025-04", "2025-05", "2025-06")]

    assert len(set(smallest)) > 1
    assert commitment(refs) != commitment(refs[1:])


def test_whoever_is_passed_over_is_so_for_a_reason() -> None:
    cases = [
        a_case("a", closed_on=ON), a_case("b", worker="left"), a_case("c"), a_case("d"),
        a_case("e", closed_on=ON + timedelta(days=1)),
    ]  # fmt: skip

    drawn = draw("seed", cases, {"c": "2025-03-01"}, with_leaver(), ON)

    assert drawn.passed_over == (("a", "closed"), ("b", "nobodys"), ("c", "drawn_lately"))
    assert drawn.drawn_from == ("d", "e")


def test_where_all_were_drawn_lately_each_may_come_again_but_the_last() -> None:
    lately = {"a": "2025-03-01", "b": "2025-02-01"}

    assert draw("seed", [a_case("a"), a_case("b")], lately, TEAM, ON).passed_over == (("a", "drawn_lately"),)
    assert draw("seed", [a_case("a")], lately, TEAM, ON) == Draw("seed", "a", ("a",), ())


# -- teams
@pytest.mark.clause("CBC-49")
def test_a_case_is_in_the_team_of_the_nearest_team_manager_above_its_worker() -> None:
    found = teams([a_case("a"), a_case("b", "sup"), a_case("c", "lm")], TEAM, ON)

    assert {whom: [case.ref for case in cases] for whom, cases in found.items()} == {"sup": ["a", "b"], None: ["c"]}
    assert team_managers(TEAM, ON) == ("sup", "sup2")


@pytest.mark.clause("CBC-49")
@pytest.mark.parametrize(
    ("change", "team"),
    [({}, "sup"), ({"cover": "sup2"}, "sup2"), ({"cover": "lm"}, None)],
    ids=["in post", "covered by a team manager", "covered by somebody else"],
)
def test_a_vacant_team_counts_with_the_team_manager_who_covers_it(change: dict[str, Any], team: str | None) -> None:
    people = standard_team()
    if change:
        people["sup"] = replace(people["sup"], end_date=ON - timedelta(days=1))
        people["wkr"] = replace(people["wkr"], **change)

    assert team_manager_of("wkr", Directory.of(people.values()), ON) == team


def test_above_a_vacant_post_a_higher_team_manager_has_the_team() -> None:
    people = standard_team()
    people["sup"] = replace(people["sup"], end_date=ON - timedelta(days=1), line_manager="top")
    people["wkr"] = replace(people["wkr"], supervisor=None)
    people["top"] = Person("top", job_role="team_manager")

    assert team_manager_of("wkr", Directory.of(people.values()), ON) == "top"
    assert team_manager_of("unlisted", Directory.of(people.values()), ON) is None

"""Where a policy contradicts itself, it is told with what acts here and why; and what acts here is so."""

from __future__ import annotations

import re

import pytest

from tests.unit.workflows.councils import COUNCILS, by, of
from tests.unit.workflows.policy_texts import CBC, changed, keys
from workflows.policy_parts import Contradiction
from workflows.policy_reader import read_policy, shipped
from workflows.policy_text import describe
from workflows.vocabulary import PRODUCT_DEFAULT, Unit

TITLE = "Where the policy contradicts itself"
#: How many there are in each policy.
COUNTS = {"central-bedfordshire": 11, "darlington": 10, "haringey": 9, "leeds": 8, "north-somerset": 16}


def contradiction(clauses: str) -> Contradiction:
    """The contradiction between just these clauses, which are those of one policy."""
    [found] = [c for c in of(clauses).contradictions if c.clause == clauses]
    return found


@pytest.mark.parametrize("council", COUNCILS)
def test_every_contradiction_is_told_last_with_the_choice_and_the_reason(council: str) -> None:
    chapter, policy = describe(shipped()[council])[-1], shipped()[council]

    assert chapter.title == TITLE
    assert len(chapter.lines) == len(policy.contradictions) == COUNTS[council]
    for line, told in zip(chapter.lines, policy.contradictions, strict=True):
        assert line.sentence == f"{told.says} Here: {told.choice} Why: {told.reason}"
        assert line.clause == told.clause


@pytest.mark.parametrize("council", COUNCILS)
def test_each_part_is_one_sentence_and_names_clauses_of_the_policy(council: str) -> None:
    for told in shipped()[council].contradictions:
        assert told.clause != PRODUCT_DEFAULT
        for sentence in (told.says, told.choice, told.reason):
            assert re.fullmatch(r"[A-Z0-9][^.\n]*\.", sentence), sentence


def test_a_policy_that_says_nothing_against_itself_has_no_such_chapter() -> None:
    policy = shipped()["leeds"].model_copy(update={"contradictions": ()})

    assert TITLE not in [chapter.title for chapter in describe(policy)]


def test_a_clause_of_another_policy_is_a_mistake() -> None:
    assert keys(changed(CBC, ('clause = "CBC-13, CBC-16"\nsays', 'clause = "NS-13"\nsays'))) == [
        "contradictions[0].clause"
    ]


def test_a_contradiction_without_a_reason_is_a_mistake() -> None:
    text = changed(CBC, ('reason = "Four weeks keep the monthly rule as well."\n', ""))

    assert keys(text) == ["contradictions[0].reason"]
    assert not read_policy(changed(CBC), "our.toml").contradictions[0].reason.startswith("Three")


@pytest.mark.parametrize(
    ("clauses", "said"),
    by(
        ("NS-25, NS-26, NS-37, NS-64", "28 days"),
        ("NS-03, NS-55", "beyond the minimum"),
        ("NS-35, NS-36", "exception list"),
        ("NS-50, NS-52, NS-53, NS-80", "team manager"),
        ("LDS-20, LDS-38, LDS-39", "28 days"),
        ("LDS-21, LDS-39", "never lengthen"),
        ("DAR-14, DAR-18", "Monthly until"),
        ("DAR-16, DAR-22", "waits for approval"),
        ("DAR-20", "earlier"),
        ("HAR-22, HAR-53", "altogether"),
        ("HAR-07, HAR-10, HAR-24, HAR-31", "mediator"),
        ("HAR-22, HAR-29", "three months"),
        ("CBC-13, CBC-16", "four weeks the limit"),
        ("CBC-46, CBC-59", "Working days"),
        ("CBC-06, CBC-07", "calendar month"),
        ("CBC-40, CBC-58", "product default"),
    ),
)
def test_the_choice_is_told(clauses: str, said: str) -> None:
    assert said in contradiction(clauses).choice


# -- what is told is what the values do
@pytest.mark.clause("NS-25", "NS-64")
def test_listed_staff_have_28_days_and_everybody_else_a_month() -> None:
    rules = shipped()["north-somerset"].entitlement

    assert {(row.every.value, row.every.unit) for row in rules.rows if "social_worker" in row.job_roles} == {
        (4, Unit.weeks)
    }
    assert (rules.everyone_else.value, rules.everyone_else.unit) == (1, Unit.months)


@pytest.mark.clause("CBC-46", "CBC-59")
def test_after_sickness_working_days_are_counted_for_both_kinds_of_session() -> None:
    after = shipped()["central-bedfordshire"].cancellation.after_sickness

    assert {(period.value, period.unit) for period in after} == {(5, Unit.working_days)}


@pytest.mark.clause("DAR-20")
def test_the_longest_interval_is_kept_in_both_readings() -> None:
    [row] = [row for row in shipped()["darlington"].frequency.rows if row.rating == "green-cwd"]

    assert row.or_every is not None
    assert {(p.value, p.unit) for p in (row.every, row.or_every)} == {(6, Unit.months), (26, Unit.weeks)}


@pytest.mark.clause("DAR-16", "DAR-22")
def test_green_asks_for_approval() -> None:
    rows = [row for row in shipped()["darlington"].frequency.rows if (row.rating or "").startswith("green")]

    assert [row.needs_approval for row in rows] == ["DAR-22", "DAR-22"]


@pytest.mark.clause("CBC-40", "CBC-58")
def test_personal_records_have_the_time_of_case_records_as_a_default() -> None:
    record = shipped()["central-bedfordshire"].record

    assert record.case.circulate_by.term.words() == record.personal.circulate_by.term.words()
    assert record.personal.circulate_by.clause == PRODUCT_DEFAULT

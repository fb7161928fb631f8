"""A policy's mistakes are all named at once, so that none of them is met for the first time by a live matter."""

from __future__ import annotations

import re

import pytest

from tests.unit.workflows.policy_texts import CBC, DAR, HAR, LDS, NS, changed, keys, mistakes, only, text_of
from workflows.policy import Policy
from workflows.policy_mistake import PolicyMistake
from workflows.policy_reader import read_policy, shipped

FREQUENCY_ROW_KEYS = (
    "one of the keys category, criteria, rating, every, or_every, follows_plan_review, first_within, "
    "then_target, then_limit, needs_approval, reviewed_every, exception"
)


@pytest.mark.parametrize("council", [CBC, DAR, LDS, HAR, NS])
def test_a_policy_without_mistakes_is_read(council: str) -> None:
    policy = read_policy(text_of(council), f"{council}.toml")
    assert isinstance(policy, Policy)
    assert policy == shipped()[council]


def test_the_shipped_policies_are_read_once() -> None:
    assert shipped() is shipped()


def test_a_mistake_is_told_with_its_file_its_key_its_row_what_was_found_and_what_was_expected() -> None:
    text = changed(
        CBC, ('value = 3, unit = "months", clause = "CBC-17"', 'value = 0, unit = "months", clause = "CBC-17"')
    )
    with pytest.raises(PolicyMistake) as caught:
        read_policy(text, "our.toml")
    said = "our.toml: frequency.rows[4].every.value (looked-after, matched): found 0, expected a number greater than 0."
    assert str(caught.value) == said
    assert caught.value.file == "our.toml"


def test_all_mistakes_are_told_at_once_in_form_and_in_meaning_one_a_line() -> None:
    text = changed(
        CBC,
        ('service = "children"', 'service = "pets"'),
        ("CBC-45", "NS-45"),
        ('renews_case = ["case", "combined"]', "renews_case = []"),
        ("climb_after = { value = 10", "climb_after = { value = 5"),
    )
    with pytest.raises(PolicyMistake) as caught:
        read_policy(text, "our.toml")
    assert [problem.key for problem in caught.value.problems] == [
        "service",
        "cancellation.rebook_by[0].clause",
        "session.renews_case",
        "escalation.climb_after",
    ]
    assert len(str(caught.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("id = 'a'\nname = 'b'\ncouncil = here\n", "line 3", "council = here"),
        ("id = 'a'\nname = ", "line 2", "name ="),
        ("id = 'a'\nid = 'b'", "line 2", "id = 'b'"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: str, found: str) -> None:
    key, seen, expected = only(mistakes(text))
    assert (key, seen) == (line, found)
    assert expected.startswith("TOML; the reader says: ")
    assert "(at" not in expected or "end of document" in expected


def test_an_empty_text_lacks_every_part() -> None:
    assert {"id", "session", "record", "frequency", "absence"} <= set(keys(""))


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "expected"),
    [
        ('council = "Central Bedfordshire"\n', "", "council", "", "this key, which may not be left out"),
        ("day = 15", 'day = "15"', "absence.long.day", '"15"', "a whole number"),
        ("day = 15", "day = true", "absence.long.day", "true", "a whole number"),
        ("day = 15", "day = 1.5", "absence.long.day", "1.5", "a whole number"),
        ("day = 15", "day = inf", "absence.long.day", "Infinity", "a whole number"),
        ("day = 15", "day = 1001", "absence.long.day", "1001", "a number up to 1000"),
        ("day = 15", "day = 0", "absence.long.day", "0", "a number greater than 0"),
        ("value = true", "value = 1", "record.absence_pauses_signing.value", "1", "true or false"),
        ('council = "Central Bedfordshire"', "council = 4", "council", "4", "text in quotes"),
        ('renews_worker = ["personal", "combined"]', "renews_worker = 1", "session.renews_worker", "1", "a list"),
        ("[frequency]", "[frequency]\nratings = 1", "frequency.ratings", "1", "a list"),
        ('hr = { value = true, clause = "CBC-63" }', "hr = 3", "access.hr", "3", "a table of keys"),
        ('version = "1"', 'version = "1"\nstated_to = "soon"', "stated_to", '"soon"', "a date such as 2025-01-31"),
        ('version = "1"', 'version = "1"\nstated_to = 7', "stated_to", "7", "a date such as 2025-01-31"),
        ('service = "children"', 'service = "pets"', "service", '"pets"', "one of 'children', 'adults' or 'schools'"),
        (
            'id = "central-bedfordshire"',
            'id = "C B"',
            "id",
            '"C B"',
            "small letters and digits, with hyphens between words",
        ),
        (
            'name = "key_dates"',
            'name = "key-dates"',
            "record.case.forms[0].sections[1].name",
            '"key-dates"',
            "small letters and digits, with underscores between words",
        ),
        (
            'clause = "CBC-40"',
            'clause = "page 4"',
            "record.case.circulate_by.clause",
            '"page 4"',
            "clauses such as 'AB-12' or 'AB-12, AB-13', or 'product default'",
        ),
        (
            "follows_plan_review = true",
            "follow_plan_review = true",
            "frequency.rows[9].follow_plan_review",
            "true",
            FREQUENCY_ROW_KEYS,
        ),
        ("[access]\n", "[access]\npress = 1\n", "access.press", "1", "one of the keys line_above, hr, auditor"),
    ],
)
def test_what_does_not_fit_the_form_is_named(old: str, new: str, key: str, found: str, expected: str) -> None:
    assert only(mistakes(changed(CBC, (old, new)))) == (key, found, expected)


def test_a_key_at_the_top_that_no_policy_has_is_named() -> None:
    key, found, expected = only(mistakes(changed(CBC, ('id = "', 'motto = "Onward"\nid = "'))))
    assert (key, found) == ("motto", '"Onward"')
    assert expected.startswith("one of the keys id, name, council")


def test_a_unit_that_does_not_exist_is_answered_with_those_that_do() -> None:
    _, found, expected = only(
        mistakes(changed(CBC, ('value = 5, unit = "working_days"', 'value = 5, unit = "fortnights"')))
    )
    assert found == '"fortnights"'
    assert "'working_days', 'calendar_days'" in expected


def test_a_clause_of_another_policy_is_named_where_it_stands() -> None:
    text = changed(
        NS, ('"hours", clause = "NS-45"', '"hours", clause = "NS-45, LDS-24"'), ('"NS-17, NS-80"', '"DAR-34"')
    )
    assert mistakes(text) == [
        (
            "record.personal.circulate_by.clause",
            "NS-45, LDS-24",
            "a clause of this policy (NS-…), or 'product default'",
        ),
        ("dispute.record.clause", "DAR-34", "a clause of this policy (NS-…), or 'product default'"),
    ]


def test_a_policy_says_in_a_clause_of_its_own_when_it_holds() -> None:
    text = changed(NS, ('stated_clause = "NS-01"', 'stated_clause = "product default"'))
    assert keys(text) == ["stated_clause"]


def test_a_row_is_named_by_what_it_says_of_itself() -> None:
    text = changed(
        LDS, ('job_role = "governor", setting = "school", clause', 'job_role = "governor", setting = 3, clause')
    )
    with pytest.raises(
        PolicyMistake, match=r"escalation\.fallbacks\[0\]\.setting \(governor\): found 3, expected text"
    ):
        read_policy(text, "our.toml")


def test_a_row_that_is_no_table_has_no_name() -> None:
    text = re.sub(
        r"(?s)\[record\.case\].*?\[record\.personal\]", '[record]\ncase = "none"\n[record.personal]', text_of(NS)
    )
    text = text.replace("[record]\nabsence", "[spare]\nabsence")
    with pytest.raises(PolicyMistake, match=r'record\.case: found "none", expected a table of keys'):
        read_policy(text, "our.toml")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 3_000 + "]" * 3_000, "a." * 3_000 + "b = 1", "a = " + "9" * 5_000],
    ids=["brackets", "dots", "digits"],
)
def test_what_nobody_could_go_through_is_a_mistake_like_any_other(text: str) -> None:
    with pytest.raises(PolicyMistake, match=r"our\.toml"):
        read_policy(text, "our.toml")

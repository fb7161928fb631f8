"""A policy is told to people whole: each of its values in a plain sentence, with the clause that gives it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from workflows.policy import Policy
from workflows.policy_reader import shipped
from workflows.policy_text import Chapter, Line, describe
from workflows.vocabulary import AbsenceCause, AuditKind, Moment, ReleaseKind, Role, SessionKind

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
#: Names for machines, which no sentence has. (The number of a slot is left alone as well: it can only be one.)
IDENTIFIERS = {"id", "name"}
#: Two values of each closed list of words.
OTHERS: dict[str, tuple[str | None, str | None]] = {
    "unit": ("years", "months"),
    "route": ("line", "mediator"),
    "silence": ("deemed", "never"),
    "signatories": ("both", "supervisor"),
    "file": ("case", "individual"),
    "service": ("adults", "schools"),
    "setting": ("school", "cluster"),
    "rating": (None, None),
    "on_case_content": ("move", "refuse"),
    "opens": ("07:30", "07:45"),
    "closes": ("18:30", "18:45"),
    "sign_from": ("employment", "first_session"),
    "unsigned_at_change": ("superseded", "lapsed"),
    "event": ("team", "policy"),
    "skip": ("with_reason", "while_absent"),
    "kind": ("person", "accepted"),
    "per": ("organisation", "team_manager"),
    "by": ("hr", "supervisor"),
    "then": ("archive", "dispose"),
    "named_in": ("agreement", "session"),
}
#: Keys of clauses that are not called so.
CLAUSES = {
    "closure_note", "delegate", "needs_approval", "professional", "meeting_required", "sensitive", "joint",
    "lengths_add_up", "may_be_changed", "agreed",
}  # fmt: skip
#: What makes another identifier of one.
SUFFIXES = {
    "category": "-too", "job_role": "_too", "system": "-too", "learning_section": "_too", "key": "_too", "asks": "?",
    "into": "_too", "section": "_too", "term": "_too",
}  # fmt: skip


def told(council: str, title: str) -> list[Line]:
    [chapter] = [chapter for chapter in describe(shipped()[council]) if chapter.title == title]
    return list(chapter.lines)


def test_every_chapter_has_lines_and_every_line_a_sentence_and_a_clause() -> None:
    for policy in shipped().values():
        for chapter in describe(policy):
            assert isinstance(chapter, Chapter)
            assert chapter.title
            assert chapter.lines, chapter.title
            for line in chapter.lines:
                assert re.fullmatch(r"[A-Z][^\n]*\.", line.sentence), line
                assert re.fullmatch(r"product default|[A-Z]{2,4}-\d\d(, [A-Z]{2,4}-\d\d)*", line.clause), line
                assert "_" not in line.sentence, line


def test_a_value_is_told_with_its_clause() -> None:
    lines = told("north-somerset", "Records of case supervision")
    assert (
        Line(
            "It is sent to the supervisee within 48 hours. "
            "Elapsed hours from the end of the session; weekends and bank holidays count.",
            "NS-42",
        )
        in lines
    )
    assert Line(
        "Job role family support worker, personal adviser and social worker: supervised every 4 weeks.", "NS-25"
    ) in told("north-somerset", "How often a worker is supervised")


def test_a_product_default_is_told_as_one() -> None:
    assert Line("The next manager up is asked after 10 working days.", "product default") in told(
        "leeds", "Reminders and escalation"
    )


@pytest.mark.clause("NS-35")
def test_an_exception_is_told_with_what_runs_meanwhile() -> None:
    said = [
        line for line in told("north-somerset", "How often a case is supervised") if "Leaving care:" in line.sentence
    ]
    assert [line.clause for line in said] == ["product default", "product default"]
    assert said[0].sentence.startswith("Leaving care: every 8 weeks. NS-35")
    assert said[1].sentence == "Leaving care: on the exception list until the council sets an interval."


@pytest.mark.clause("CBC-07")
def test_a_slot_is_told_as_a_calendar_month_and_one_week_as_every_week() -> None:
    sentences = {line.sentence for line in told("central-bedfordshire", "How often a worker is supervised")}
    assert "Job role head of service: supervised once in each calendar month." in sentences
    assert "Job role student: supervised every week." in sentences


@pytest.mark.clause("HAR-22")
def test_where_no_job_role_is_listed_the_rule_is_for_everyone() -> None:
    assert Line("Everyone is supervised every month.", "HAR-22") in told("haringey", "How often a worker is supervised")


@pytest.mark.clause("DAR-20", "DAR-22")
def test_a_row_tells_its_second_interval_and_its_approval() -> None:
    said = [line for line in told("darlington", "How often a case is supervised") if "Green CWD:" in line.sentence]
    assert [(line.sentence.partition(": ")[2], line.clause) for line in said] == [
        ("every 6 months.", "DAR-20"),
        ("or every 26 weeks, whichever ends earlier.", "DAR-20"),
        ("only once a head of service who did not propose it approves.", "DAR-22"),
    ]


def test_an_end_of_a_phase_with_another_clause_is_told_by_itself() -> None:
    data = tables("north-somerset")
    data["entitlement"]["nqsw"][0]["until"]["clause"] = "NS-64"
    lines = [line for chapter in describe(policy_of(data)) for line in chapter.lines]
    assert Line("That phase ends 6 weeks after the start.", "NS-64") in lines


def test_professional_supervision_without_an_interval_is_as_frequent_as_the_rest() -> None:
    data = tables("haringey")
    del data["entitlement"]["professional_every"]
    lines = [line for chapter in describe(policy_of(data)) for line in chapter.lines]
    assert (
        Line("Professional supervision is as frequent as that of everyone whom no row lists.", "product default")
        in lines
    )


@pytest.mark.parametrize(
    ("roles", "who"),
    [([], "everybody with a professional registration"), (["nurse", "social_worker"], "nurse and social worker")],
)
def test_it_is_told_who_has_professional_supervision(roles: list[str], who: str) -> None:
    data = tables("haringey")
    data["entitlement"]["professional_roles"] = roles
    lines = [line for chapter in describe(policy_of(data)) for line in chapter.lines]
    sentence = f"Professional supervision besides, where the manager has another profession: {who}."
    assert Line(sentence, "HAR-05, HAR-13, HAR-14") in lines


def test_where_a_record_is_kept_is_told_only_where_the_policy_says_so() -> None:
    data = tables("leeds")
    del data["record"]["personal"]["kept_in"]
    [chapter] = [chapter for chapter in describe(policy_of(data)) if chapter.title == "Records of personal supervision"]
    assert not any("keeps it" in line.sentence for line in chapter.lines)
    assert any("keeps it" in line.sentence for line in told("leeds", chapter.title))


def test_a_rating_that_nothing_suggests_is_told_as_such() -> None:
    data = tables("darlington")
    data["frequency"]["ratings"][0]["suggested_by"] = []
    lines = [line.sentence for chapter in describe(policy_of(data)) for line in chapter.lines]
    assert "The rating Red is suggested for nothing; the team manager decides." in lines


def test_a_policy_that_tells_and_asks_nothing_says_so() -> None:
    data = tables("darlington")
    del data["guidance"]
    [chapter] = [c for c in describe(policy_of(data)) if c.title == "What people are told and asked"]
    assert chapter.lines == (Line("People are told and asked nothing beside the rules.", "product default"),)


def test_a_question_is_told_with_its_moments_whose_it_is_and_where_its_answer_goes() -> None:
    assert Line(
        "Question (preparing, for the supervisee, in case, combined and unplanned supervision): "
        "“What worries you or others?” The answer goes into worries.",
        "CBC-36, CBC-85",
    ) in told("central-bedfordshire", "What people are told and asked")


@pytest.mark.parametrize("council", COUNCILS)
def test_no_value_of_a_policy_is_left_untold(council: str) -> None:
    before = describe(shipped()[council])
    untold = [path for path, data in changed(tables(council)) if describe(policy_of(data)) == before]
    assert untold == []


def tables(council: str) -> dict[str, Any]:
    text = resources.files("workflows").joinpath("policies", f"{council}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def policy_of(data: dict[str, Any]) -> Policy:
    """The policy in these tables, checked for its form alone."""
    return Policy.model_validate_json(json.dumps(data, default=str))


def changed(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A policy's tables once for each value in them, with that value changed until the next, and where it stands."""
    for path in list(places(data, ())):
        holder: Any = data
        for step in path[:-1]:
            holder = holder[step]
        is_slot = path[-1] == "value" and holder.get("unit") == "calendar_months"
        if is_slot or (path[-1] in IDENTIFIERS and path != ("name",)):
            continue
        before = holder[path[-1]]
        holder[path[-1]] = another(str(path[-1]), before)
        yield ".".join(map(str, path)), data
        holder[path[-1]] = before


def places(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The place of every value; a list of words is one value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))
    elif value != []:
        yield path


def another(key: str, value: object) -> object:
    """A different value that the form allows as well."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return another_list(key, value)
        case str():
            return another_text(key, value)
    return "2031-12-24"


def another_text(key: str, value: str) -> str | None:
    if key == "kind" and value in set(AuditKind):
        return next(kind for kind in AuditKind if kind != value)
    if key == "kind" and value in set(ReleaseKind):
        return next(kind for kind in ReleaseKind if kind != value)
    if key in OTHERS:
        first, second = OTHERS[key]
        return second if value == first else first
    if key.endswith("clause") or key in CLAUSES:
        return "ZZ-99"
    return f"{value}{SUFFIXES.get(key, ' Again.')}"


def another_list(key: str, value: list[str]) -> list[str]:
    if key in {"renews_worker", "renews_case", "kinds", "professional_kinds"}:
        return [kind for kind in SessionKind if kind not in value] or value[1:]
    closed: dict[str, list[Any]] = {
        "asked_in": [kind for kind in AuditKind if kind not in value],
        "at": [moment for moment in Moment if moment not in value][:1],
        "who": [Role.hr],
        "causes": [AbsenceCause.left],
        "by": ["supervisee"] if len(value) > 1 else ["supervisee", "supervisor"],
    }
    if key in closed:
        return closed[key]
    is_name = "role" in key or key == "sections"
    return [*value[1:], "somebody_else" if is_name else "something-else"]

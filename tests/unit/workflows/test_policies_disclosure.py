"""Who is shown records, on which grounds parts are withheld, and how long a file is kept, as the clauses say."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import COUNCILS, of
from tests.unit.workflows.policy_texts import CBC, HAR, LDS, changed, mistakes, only
from workflows.policy import Policy
from workflows.policy_disclosure import DisclosurePolicy
from workflows.policy_reader import shipped
from workflows.vocabulary import PRODUCT_DEFAULT, ReleaseKind


def purposes(policy: Policy) -> dict[str, str]:
    return {purpose.name: purpose.clause for purpose in policy.disclosure.purposes}


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        pytest.param(clause, found, marks=pytest.mark.clause(*clause.split(", ")))
        for clause, found in (
            ("CBC-64", {"quality": "CBC-64", "disciplinary": "CBC-64", "inspection": "CBC-64", "management": "CBC-63"}),
            ("DAR-25", dict.fromkeys(("quality", "investigation", "inspection", "audit"), "DAR-25")),
            (
                "HAR-33, HAR-37",
                {"quality": "HAR-37", "performance": "HAR-33", "disciplinary": "HAR-37", "legal": "HAR-37",
                 "regulator": "HAR-33", "audit": "HAR-34"},
            ),
            ("NS-21, NS-48", {"management": "NS-48", "audit": "NS-21, NS-44", "personnel": "NS-21"}),
            ("LDS-05, LDS-25", {"inspection": "LDS-25, LDS-28", "audit": "LDS-25, LDS-28", "safety": "LDS-05"}),
        )
    ],
)  # fmt: skip
def test_a_record_is_opened_for_the_purposes_that_the_policy_names(clause: str, found: dict[str, str]) -> None:
    assert purposes(of(clause)) == found


@pytest.mark.clause("CBC-67", "CBC-66")
def test_central_bedfordshire_has_six_grounds_and_one_about_the_worker() -> None:
    grounds = shipped()[CBC].disclosure.grounds
    assert [ground.clause for ground in grounds] == ["CBC-66", *["CBC-67"] * 6]


@pytest.mark.clause("HAR-34", "CBC-57")
@pytest.mark.parametrize("council", COUNCILS)
def test_wellbeing_is_replaced_in_audit_copies_by_a_clause_or_by_default(council: str) -> None:
    words = shipped()[council].disclosure.audit_copy
    assert words.words == "wellbeing discussion"
    assert words.clause == ("HAR-34" if council == HAR else PRODUCT_DEFAULT)
    assert council != CBC or "CBC-57" in words.note


@pytest.mark.parametrize("council", COUNCILS)
def test_every_council_has_a_rule_for_every_kind_of_request(council: str) -> None:
    assert [rule.kind for rule in shipped()[council].disclosure.requests] == list(ReleaseKind)


def test_a_kind_that_a_policy_does_not_name_goes_to_information_governance() -> None:
    rule = DisclosurePolicy().of(ReleaseKind.legal)
    assert (rule.refer, rule.clause) == (True, PRODUCT_DEFAULT)


@pytest.mark.clause("NS-46", "HAR-45", "LDS-45", "DAR-26", "CBC-62")
@pytest.mark.parametrize("council", COUNCILS)
def test_a_file_is_kept_as_long_as_the_clause_says_and_for_ever_where_none_does(council: str) -> None:
    rules = shipped()[council].retention
    words = rules.keep_for.term.words() if rules.keep_for else None
    assert words == {"north-somerset": "2 years", "haringey": "7 years"}.get(council)
    assert rules.ending.then == ("archive" if council == HAR else "dispose")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "legal"', 'kind = "regulator"', "disclosure.requests[2]"),
        ('name = "crime"', 'name = "adoption"', "disclosure.grounds[4]"),
        ('name = "inspection"', 'name = "quality"', "disclosure.purposes[2]"),
        ('name = "review"', 'name = "litigation"', "retention.hold_grounds[2]"),
    ],
)
def test_what_a_policy_lists_it_lists_once(old: str, new: str, key: str) -> None:
    assert only(mistakes(changed(CBC, (old, new))))[0] == key


def test_a_policy_without_any_ground_could_withhold_nothing() -> None:
    text = changed(CBC)
    start = text.index("grounds = [", text.index("[disclosure]"))
    end = text.index("purposes = [")
    hold = text.index("hold_grounds = [")
    assert only(mistakes(text[:start] + text[end:]))[0] == "disclosure.grounds"
    assert only(mistakes(text[:hold] + "hold_grounds = []\n"))[0] == "retention.hold_grounds"


def test_a_record_that_is_frozen_would_show_a_request_that_its_people_are_not_told_of() -> None:
    text = changed(LDS, ('freeze_clause = "LDS-45"', 'freeze_clause = "LDS-45", delay_clause = "LDS-05"'))
    assert only(mistakes(text))[:2] == ("disclosure.requests[4].delay_clause", "LDS-05")

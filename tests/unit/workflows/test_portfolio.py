"""What the council's lists can tell somebody by is found in a text that goes into a portfolio."""

from __future__ import annotations

import pytest

from workflows.directory import Person
from workflows.portfolio import identifying, tokens

PEOPLE = (Person("p1", "Ada Marsh-Lane", "ada@council.example"), Person("p2", "Bo Li"), Person("p3"))
CASES = frozenset({"LL-204", "77/12"})


def marked(text: str) -> str:
    """The text with everything that was found in brackets, from its end so that places stay."""
    for start, end in reversed(identifying(text, CASES, PEOPLE)):
        text = f"{text[:start]}[…]{text[end:]}"
    return text


@pytest.mark.clause("HAR-39")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LL-204: a visit.", "[…]: a visit."),
        ("Both ll-204/LL-999 and LL-204.", "Both […]/LL-999 and […]."),
        ("As for 77/12, and LL-2045.", "As for […], and LL-2045."),
        ("Ada said so, and Ada Marsh-Lane signed.", "[…] said so, and […] signed."),
        ("Write to ada@council.example.", "Write to […]."),
        ("Bo Li was there; Bo went.", "[…] was there; Bo went."),
        ("Adamant about reflection.", "Adamant about reflection."),
    ],
)
def test_cases_by_reference_and_colleagues_by_name_are_found_as_words(text: str, found: str) -> None:
    assert marked(text) == found


def test_without_names_on_the_list_only_references_are_found() -> None:
    assert identifying("Ada and LL-204.", CASES, [Person("p3")]) == [(8, 14)]


def test_every_run_that_may_be_a_reference_is_asked_for() -> None:
    assert {"LL-204", "77/12", "77", "12", "LL-1", "ll-2"} <= tokens(["In LL-204, a", "77/12.", "ll-1/LL-2"])

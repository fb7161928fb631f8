"""Which characters are withheld: whole words wherever they stand, sentences as they stand, and no character twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pages.withheld_parts import NotThereError, spans_of

TEXT = "Ann was tired. Annual leave is booked. ann agreed (with Ann-Marie)."


def withheld(text: str, sentences: list[str], words: list[str]) -> list[str]:
    """What is withheld, part by part."""
    return [text[start:end] for start, end in spans_of(text, sentences, words)]


def test_words_are_withheld_wherever_they_stand_as_words() -> None:
    assert withheld(TEXT, [], ["Ann"]) == ["Ann", "ann", "Ann"]


def test_a_sentence_is_withheld_as_it_stands() -> None:
    assert withheld(TEXT, ["Annual leave is booked."], []) == ["Annual leave is booked."]


def test_parts_that_touch_or_overlap_are_one() -> None:
    assert withheld(TEXT, ["Ann was tired."], ["was tired", "tired"]) == ["Ann was tired."]


@pytest.mark.parametrize("words", ["Bert", "Annu", "Ann was  tired"])
def test_words_that_do_not_stand_there_are_named(words: str) -> None:
    with pytest.raises(NotThereError, match=f"“{words}” does not stand in this section"):
        spans_of(TEXT, [], [words])


def test_what_looks_like_a_pattern_is_taken_as_it_is() -> None:
    assert withheld("It cost 5 (or 6).", [], ["(or 6)"]) == ["(or 6)"]


@given(st.text("ab c.", max_size=40), st.lists(st.sampled_from(["a", "b", "ab", "c", "a b"]), max_size=4))
def test_parts_come_in_order_and_never_overlap(text: str, words: list[str]) -> None:
    try:
        spans = spans_of(text, [], words)
    except NotThereError:
        return
    ends = [0]
    for start, end in spans:
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)
    assert bool(spans) == bool(words)

"""Counts from which nobody can be recognised, not even by taking one from another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine.small_numbers import SMALLEST, Count, total, total_overdue, withheld

COUNTS = st.integers(0, 40).flatmap(lambda number: st.builds(Count, st.just(number), st.integers(0, number)))


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (Count(0, 0), Count(0, 0)),
        (Count(1, 1), Count(None, None)),
        (Count(4, 0), Count(None, None)),
        (Count(5, 0), Count(5, 0)),
        (Count(5, 5), Count(5, 5)),
        (Count(20, 3), Count(20, None)),
        (Count(20, 17), Count(20, None)),
        (Count(20, 10), Count(20, 10)),
    ],
)
def test_a_small_number_is_withheld_and_so_is_a_part_that_leaves_one(count: Count, shown: Count) -> None:
    assert withheld({"draft": count}) == {"draft": shown}


def test_a_total_goes_with_the_number_that_it_would_give_away() -> None:
    shown = withheld({"draft": Count(3, 0), "disputed": Count(30, 6)})

    assert total(shown) is None
    assert total_overdue(shown) is None
    assert total(withheld({"draft": Count(8, 0), "disputed": Count(30, 6)})) == 38


@given(counts=st.dictionaries(st.sampled_from(["draft", "sent", "disputed", "agreed"]), COUNTS))
def test_no_small_number_can_be_worked_out(counts: dict[str, Count]) -> None:
    shown = withheld(counts)
    for count in shown.values():
        known = [count.open, count.overdue]
        if count.open is not None and count.overdue is not None:
            known.append(count.open - count.overdue)
        assert not [number for number in known if number is not None and 0 < number < SMALLEST]
    if any(count.open is None for count in shown.values()):
        assert total(shown) is None


def test_what_is_withheld_stays_withheld() -> None:
    once = withheld({"draft": Count(3, 0)})

    assert withheld(once) == once

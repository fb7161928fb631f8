"""What the list of cases asks of managers: oversight of a case that is allocated, transferred or opened again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.council import Council
from tests.integration.test_cases_import import HEAD, PEOPLE, sheet

NewCouncil = Callable[[str, str], Council]


@pytest.fixture
def darlington(council: NewCouncil) -> Council:
    """Live since Monday; it is Maundy Thursday."""
    made = council("darlington", "2025-04-14T09:00")
    made.take("people", PEOPLE)
    made.at("2025-04-17T09:00")
    return made


def listed(council: Council, worker: str = "wkr", allocated_on: str = "2025-04-17", closed_on: str = "") -> None:
    council.take("cases", sheet(f"c1,{worker},,assessment,,{allocated_on},{closed_on},", head=HEAD))


@pytest.mark.clause("DAR-13")
def test_a_case_that_is_added_asks_for_the_oversight_of_its_allocation(darlington: Council) -> None:
    listed(darlington)

    oversight = darlington.one("oversight", case="c1")
    assert (oversight.state, oversight.supervisee, oversight.holder) == ("due", "wkr", "sup")
    assert darlington.due("oversight", "record_by", case="c1") == "2025-04-20"
    assert darlington.told(oversight, "oversight_due") == {"sup"}


@pytest.mark.clause("DAR-13")
def test_a_transfer_opens_another_one_and_the_first_stays_missed(darlington: Council) -> None:
    listed(darlington)
    darlington.at("2025-04-22T09:00")

    listed(darlington, "wkr2")

    first, second = darlington.matters("oversight", case="c1")
    assert (first.state, darlington.statuses(first, "record_by")) == ("superseded", ["missed"])
    assert (second.state, second.holder) == ("due", "sup2")
    assert darlington.due("oversight", "record_by", case="c1") == "2025-04-25"


def test_the_same_list_again_and_another_status_ask_for_nothing(darlington: Council) -> None:
    listed(darlington)

    listed(darlington)
    darlington.take("cases", sheet("c1,wkr,,rated,in-need,2025-04-17,,"))

    assert darlington.history(darlington.one("oversight", case="c1")) == ["open"]


def test_another_day_of_allocation_moves_the_window(darlington: Council) -> None:
    listed(darlington)

    listed(darlington, allocated_on="2025-04-16")

    assert darlington.due("oversight", "record_by", case="c1") == "2025-04-19"


def test_closing_ends_it_and_opening_again_asks_anew(darlington: Council) -> None:
    listed(darlington)

    listed(darlington, closed_on="2025-04-17")
    assert darlington.one("oversight", case="c1").state == "ended"

    listed(darlington)
    assert darlington.open_one("oversight", case="c1").data["event"] == "opened again"


def test_cases_that_were_overseen_before_the_service_went_live_ask_for_nothing(council: NewCouncil) -> None:
    made = council("darlington", "2025-04-14T09:00")
    made.take("people", PEOPLE)

    listed(made, allocated_on="2025-04-01")

    assert made.matters("oversight") == []


def test_a_policy_without_the_rule_asks_for_nothing(council: NewCouncil) -> None:
    made = council("central-bedfordshire", "2025-04-17T09:00")
    made.take("people", PEOPLE)

    listed(made)

    assert made.matters("oversight") == []

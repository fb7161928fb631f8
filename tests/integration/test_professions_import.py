"""What a later people's list says of professions and teams acts like what the first one said."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.council import Council
from tests.integration.test_people_import import TEAM

NewCouncil = Callable[[str, str], Council]


def kinds_owed(council: Council, ref: str) -> list[str]:
    return sorted(owed.kind or "" for owed in council.matters("entitlement", supervisee=ref) if owed.closed_at is None)


@pytest.mark.clause("HAR-13")
def test_a_registration_that_a_later_list_gives_begins_professional_supervision(council: NewCouncil) -> None:
    listed = council("haringey", "2025-03-03T09:00")
    listed.take("people", TEAM)

    listed.take("people", TEAM.replace("2020-01-06,,,,,", "2020-01-06,,,,SWE,"))

    assert kinds_owed(listed, "wkr") == ["line_management", "professional"]


@pytest.mark.clause("HAR-13")
def test_a_managers_other_profession_begins_and_ends_that_of_the_people_below(council: NewCouncil) -> None:
    registered = TEAM.replace("2020-01-06,,,,,", "2020-01-06,,,,SWE,")
    of_one = registered.replace("team_manager,,lm,lm,,,,,,", "team_manager,,lm,lm,,,,,SWE,")
    listed = council("haringey", "2025-03-03T09:00")
    listed.take("people", of_one)
    assert kinds_owed(listed, "wkr") == ["line_management"]

    listed.take("people", of_one.replace("lm,lm,,,,,SWE,", "lm,lm,,,,,NMC,"))
    assert kinds_owed(listed, "wkr") == ["line_management", "professional"]

    listed.take("people", of_one)
    assert kinds_owed(listed, "wkr") == ["line_management"]


@pytest.mark.clause("NS-79")
def test_a_new_team_is_a_reason_to_review_the_agreement(council: NewCouncil) -> None:
    listed = council("north-somerset", "2025-03-03T09:00")
    listed.take("people", TEAM)
    head = "ref,name,email,job_role,team,line_manager_ref,supervisor_ref,start_date,agreement_signed_on\n"
    listed.take("people", f"{head}new,Person new,new@b.example,social_worker,North,sup,sup,2020-01-06,2025-01-06\n")
    assert listed.one("agreement", supervisee="new").state == "active"

    listed.take("people", f"{head}new,Person new,new@b.example,social_worker,South,sup,sup,2020-01-06,2025-01-06\n")

    assert listed.one("agreement", supervisee="new").state == "review_due"

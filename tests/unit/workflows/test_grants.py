"""Reading what is somebody else's: two offices allow it, for a time; an emergency is told to everybody it concerns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil
from workflows.directory import Person
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Role, Workflow

INSPECTOR = Person("insp", "Inspector", start_date=date(2024, 1, 1), app_roles=frozenset({Role.investigator}))


@pytest.fixture
def council() -> FakeCouncil:
    """Monday 3 March 2025, with an inspector and a second head of service."""
    council = FakeCouncil("north-somerset")
    council.relist("insp", **{n: getattr(INSPECTOR, n) for n in ("name", "start_date", "app_roles")})
    council.relist("hos2", start_date=date(2020, 1, 1), app_roles=frozenset({Role.head_of_service}))
    council.relist("adm", start_date=date(2020, 1, 1), app_roles=frozenset({Role.administrator}))
    return council


def proposed(council: FakeCouncil, who: str = "hr1", **more: Any) -> Matter:
    """HR proposes that the inspector reads what is about the social worker until Friday."""
    asked = {"kind": "inspection", "person": "insp", "supervisee": "wkr", "until": "2025-03-07", "purpose": "Ofsted."}
    return council.open(who, Workflow.grant, **{**asked, **more})


def test_what_one_office_proposes_somebody_of_the_other_allows(council: FakeCouncil) -> None:
    grant = council.move("hos", proposed(council), "approve")

    assert (grant.state, grant.person, grant.supervisee) == ("active", "insp", "wkr")
    assert council.told("wkr", grant) == council.told("sup", grant) == ["grant_began"]
    assert council.told("insp", grant) == ["grant_approved"]
    assert council.due(grant, "ends") == date(2025, 3, 7)


def test_it_ends_by_itself_with_its_last_day(council: FakeCouncil) -> None:
    grant = council.move("hos", proposed(council), "approve")

    council.until("2025-03-08T00:00")

    assert council.matter(grant).state == "expired"


@pytest.mark.parametrize("who", ["hr1", "adm", "lm", "insp", "wkr"])
def test_nobody_but_the_other_office_allows_it(council: FakeCouncil, who: str) -> None:
    with pytest.raises((NotYourMove, Refused)):
        council.move(who, proposed(council), "approve")


def test_somebody_in_both_offices_does_not_decide_on_what_they_proposed(council: FakeCouncil) -> None:
    council.relist("hr1", app_roles=frozenset({Role.hr, Role.head_of_service}))

    with pytest.raises(Refused, match="Somebody else decides"):
        council.move("hr1", proposed(council), "approve")


@pytest.mark.parametrize("who", ["adm", "lm", "sup", "insp", "aud"])
def test_nobody_but_the_two_offices_proposes_it(council: FakeCouncil, who: str) -> None:
    with pytest.raises(NotYourMove):
        proposed(council, who)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"until": "2025-04-03"}, "at most 30 days"),
        ({"until": "2025-03-02"}, "at most 30 days"),
        ({"until": None}, "at most 30 days"),
        ({"person": "nobody"}, "Name somebody in post"),
        ({"supervisee": "nobody"}, "Nobody here has the ref"),
        ({"person": "wkr"}, "about themselves"),
        ({"supervisee": "hr1"}, "about themselves"),
        ({"person": "hr1"}, "is an emergency"),
    ],
)
def test_a_grant_is_for_somebody_else_about_somebody_else_and_short(
    council: FakeCouncil, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        proposed(council, **more)


def test_what_nobody_decides_in_five_working_days_lapses_and_is_not_taken_for_a_yes(council: FakeCouncil) -> None:
    grant = proposed(council, until="2025-03-20")

    council.until("2025-03-11T00:00")

    assert council.matter(grant).state == "lapsed"


def test_a_reason_is_given_for_refusing_and_for_ending_it_early(council: FakeCouncil) -> None:
    refused = council.move("hos", proposed(council), "refuse", reason="Too wide.")
    active = council.move("hos", proposed(council), "approve")
    revoked = council.move("hr1", active, "revoke", reason="It is over.")

    assert (refused.state, revoked.state) == ("refused", "revoked")
    assert council.said(revoked, "revoke") == {"reason": "It is over."}


def test_an_emergency_begins_at_once_for_a_day_and_everybody_concerned_is_told(council: FakeCouncil) -> None:
    grant = council.open("hos2", Workflow.grant, kind="emergency", supervisee="wkr", purpose="A child is missing.")

    assert (grant.state, grant.person) == ("active", "hos2")
    assert council.told("wkr", grant) == council.told("sup", grant) == ["grant_began"]
    assert council.told("hr1", grant) == council.told("adm", grant) == ["grant_emergency"]
    assert [incident["kind"] for incident in council.incidents] == ["break_glass"]
    council.until("2025-03-04T09:01")
    assert council.matter(grant).state == "expired"


@pytest.mark.parametrize("more", [{"person": "insp"}, {"until": "2025-03-07"}, {"supervisee": "hos2"}])
def test_an_emergency_is_ones_own_for_a_day_and_about_somebody_else(council: FakeCouncil, more: dict[str, Any]) -> None:
    asked = {"kind": "emergency", "supervisee": "wkr", "purpose": "A child is missing."}

    with pytest.raises(Refused):
        council.open("hos2", Workflow.grant, **{**asked, **more})


def test_that_nobody_of_the_other_office_can_decide_is_an_incident(council: FakeCouncil) -> None:
    for ref in ("hos", "hos2"):
        council.relist(ref, app_roles=frozenset())

    proposed(council)

    assert [incident["kind"] for incident in council.incidents] == ["stranded"]

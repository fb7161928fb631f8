"""Where no rule can go on, an administrator tries again, lets go, or names somebody; never more than that."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.stories import away, deadline, incidents, step
from workflows.directory import Person
from workflows.escalation import RUNGS
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.registry import DEFINITIONS
from workflows.repair import REPAIR, REROUTE
from workflows.vocabulary import Role, Workflow

ADMIN = Person("admin", "Admin", job_role="systems", app_roles=frozenset({Role.administrator}))


@pytest.fixture
def council() -> FakeCouncil:
    """A council in which nobody is above the team manager, and an administrator."""
    team = standard_team()
    team["sup"] = replace(team["sup"], line_manager=None)
    return FakeCouncil("north-somerset", "2025-01-02T09:00", people={**team, "admin": ADMIN})


@pytest.fixture
def stranded(council: FakeCouncil) -> Matter:
    """A disagreement that was taken further, and that nobody was left to hear."""
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="relationship", statement="We disagree.")
    council.move("wkr", dispute, "escalate")
    found = council.matter(dispute)
    assert (found.holder, "stranded" in incidents(council, found)) == (None, True)
    return found


def test_somebody_who_is_named_hears_it_with_the_whole_time_of_the_rung(council: FakeCouncil, stranded: Matter) -> None:
    council.move("admin", stranded, REROUTE, holder="lm", reason="Nobody is above the team manager.")

    assert council.matter(stranded).holder == "lm"
    assert step(council, stranded, REROUTE)["data"]["asked"] == "lm"
    assert council.told("lm", stranded) == ["escalated"]
    assert council.matter(stranded).state == "with_line_manager"
    assert deadline(council, stranded, "remind_by").live
    council.move("lm", stranded, "decide", outcome="change_supervisor", reasons="They should part.")
    council.verify()


@pytest.mark.parametrize(
    ("holder", "why"),
    [
        ("wkr", "Person wkr is a party to this"),
        ("sup", "Person sup is a party to this"),
        ("nobody", "nobody is not in post"),
        ("admin", "Nobody gives this to themselves"),
    ],
)
def test_a_party_or_whoever_names_is_never_named(council: FakeCouncil, stranded: Matter, holder: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        council.move("admin", stranded, REROUTE, holder=holder, reason="Somebody has to.")


def test_somebody_who_is_away_is_not_named(council: FakeCouncil, stranded: Matter) -> None:
    away(council, "lm", date(2025, 1, 2))
    with pytest.raises(Refused, match="Person lm is away"):
        council.move("admin", stranded, REROUTE, holder="lm", reason="Somebody has to.")


def test_nor_when_they_are_the_last_who_can_be_asked() -> None:
    council = FakeCouncil(people={**standard_team(), "admin": ADMIN})
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="casework", statement="We disagree.")
    for who in ("wkr", "wkr", "wkr", "wkr"):
        dispute = council.move(who, dispute, "escalate")
    assert "stranded" in incidents(council, dispute)

    with pytest.raises(Refused, match="It is with Person"):
        council.move("admin", dispute, REROUTE, holder="sup2", reason="They take long.")
    assert council.matter(dispute).holder == "ad"


def test_what_somebody_has_is_never_taken_from_them(council: FakeCouncil, stranded: Matter) -> None:
    council.move("admin", stranded, REROUTE, holder="lm", reason="Nobody is above the team manager.")
    with pytest.raises(Refused, match="It is with Person lm"):
        council.move("admin", stranded, REROUTE, holder="hos", reason="I know better.")


@pytest.mark.parametrize("trigger", [REPAIR, REROUTE])
def test_nobody_but_an_administrator_mends(council: FakeCouncil, stranded: Matter, trigger: str) -> None:
    data = {"what": "release"} if trigger == REPAIR else {"holder": "lm"}
    with pytest.raises(NotYourMove):
        council.move("hos", stranded, trigger, **data, reason="I would like to.")


def test_a_repair_changes_nothing_but_the_history(council: FakeCouncil, stranded: Matter) -> None:
    before = council.matter(stranded)
    council.move("admin", before, REPAIR, what="release", reason="They have settled it on the telephone.")

    after = council.matter(stranded)
    assert after == replace(before, version=after.version, last_at=after.last_at)
    assert step(council, stranded, REPAIR)["data"] == {"what": "release"}


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_no_repair_leads_further_than_to_somebody_who_is_asked(workflow: Workflow) -> None:
    rows = [move for move in DEFINITIONS[workflow].moves if move.with_incident]
    assert rows
    assert {move.dest for move in rows} <= {None, *RUNGS}


@pytest.mark.parametrize("workflow", DEFINITIONS)
def test_of_referrals_only_human_resources_can_know(workflow: Workflow) -> None:
    wanted = Role.hr if workflow is Workflow.referral else Role.administrator
    rows = [move for move in DEFINITIONS[workflow].moves if move.with_incident]
    assert {move.roles for move in rows} == {frozenset({wanted})}


def test_a_matter_does_not_offer_its_repair(council: FakeCouncil, stranded: Matter) -> None:
    assert not {REPAIR, REROUTE} & council.offered("admin", stranded)


def test_within_a_rung_they_have_its_whole_time_after_which_it_rises(council: FakeCouncil, stranded: Matter) -> None:
    council.move("admin", stranded, REROUTE, holder="lm", reason="Nobody is above the team manager.")
    council.relist("lm", end_date=date(2025, 1, 6))
    council.until("2025-01-07T09:00")
    left_alone = council.matter(stranded)
    assert left_alone.holder is None

    council.move("admin", left_alone, REROUTE, holder="hos", reason="The service manager has left.")

    assert council.matter(stranded).holder == "hos"
    receipts = [deadline(council, stranded, name).receipt for name in ("remind_by", "climb_by")]
    assert {receipt["anchors"][0]["event"] for receipt in receipts} == {"named by an administrator"}
    council.verify()


def test_whoever_is_named_to_find_cover_is_reminded_and_asked_for_it_in_its_own_time(council: FakeCouncil) -> None:
    absence = away(council, "sup", date(2025, 1, 2))
    council.until("2025-03-31T09:00")
    stranded = council.matter(absence)
    assert (stranded.state, stranded.holder) == ("awaiting_cover", None)

    council.move("admin", stranded, REROUTE, holder="lm", reason="Nobody is above the team manager.")

    assert council.matter(absence).holder == "lm"
    assert deadline(council, absence, "remind_by").live
    assert "assign_cover" in council.offered("lm", absence)

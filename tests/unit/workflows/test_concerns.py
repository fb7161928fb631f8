"""Concerns: the supervisor first, then the line above, each policy with its own first step, meeting and end."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.agreement_stories import signed
from tests.unit.workflows.stories import away, deadline, incidents, step
from workflows.directory import Person
from workflows.machine import decide
from workflows.model import Actor, Matter
from workflows.refusals import NotYourMove, Refused
from workflows.relationship_payloads import Outcomes
from workflows.vocabulary import ConcernAbout, Workflow

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
TOLD = ["wkr", "sup"]


def raised(council: FakeCouncil, about: str = "not_happening", who: str = "wkr") -> Matter:
    """A concern of the social worker."""
    return council.open(who, Workflow.concern, about=about, statement="No session for five weeks.")


def above(council: FakeCouncil, about: str = "not_happening") -> Matter:
    """A concern that the supervisor has not settled after it was tried."""
    concern = raised(council, about)
    council.move("wkr", concern, "attempt", on=date(2025, 3, 3), note="Asked on Monday.")
    return council.move("wkr", concern, "escalate", reason="Nothing came of it.")


def school() -> dict[str, Person]:
    """A school whose head teacher supervises, and a cluster; nobody is recorded above the head or the cluster lead."""
    rows = (
        ("gov", "governor", None, "school"), ("head", "head_teacher", None, "school"),
        ("dsl", "designated_safeguarding_lead", "head", "school"), ("chair", "cluster_chair", None, "cluster"),
        ("cl", "cluster_lead", None, "cluster"), ("fsw", "family_support_worker", "cl", "cluster"),
    )  # fmt: skip
    start = date(2020, 1, 6)
    return {
        ref: Person(ref, job_role=job, line_manager=up, supervisor=up, setting=where, start_date=start)
        for ref, job, up, where in rows
    }


# -- the first step
@pytest.mark.clause("NS-61", "LDS-29", "DAR-30", "HAR-10", "CBC-68")
@pytest.mark.parametrize("policy", COUNCILS)
@pytest.mark.parametrize("about", list(ConcernAbout))
def test_the_supervisor_hears_of_it_first(policy: str, about: str) -> None:
    council = FakeCouncil(policy)
    concern = raised(council, about)
    assert (concern.state, concern.holder) == ("with_supervisor", "sup")
    assert council.told("sup", concern) == ["concern_opened"]
    council.verify()


@pytest.mark.clause("DAR-29")
def test_the_supervisee_learns_whom_to_turn_to_next() -> None:
    council = FakeCouncil("darlington")
    concern = raised(council)
    [told] = [row for row in council.notices if (row["to"], row["kind"]) == ("wkr", "concern_route")]
    assert "Person lm" in told["body"]
    assert told["matter_id"] == concern.id


@pytest.mark.parametrize("who", ["ad", "hr1"])
def test_whoever_nobody_supervises_has_nobody_to_raise_it_with(who: str) -> None:
    council = FakeCouncil()
    with pytest.raises(NotYourMove):
        raised(council, who=who)


def test_what_the_supervisor_proposes_the_supervisee_accepts_or_not() -> None:
    council = FakeCouncil()
    concern = raised(council)
    assert "confirm" not in council.offered("wkr", concern)
    with pytest.raises(Refused, match="for somebody above to decide"):
        council.move("sup", concern, "resolve", outcomes=["change_supervisor"])
    proposed = council.move("sup", concern, "resolve", outcomes=["A fixed day each month."])
    assert (proposed.state, council.told("wkr", concern)[-1]) == ("with_supervisor", "proposal")
    with pytest.raises(NotYourMove):
        council.move("sup", concern, "confirm")
    assert council.move("wkr", concern, "confirm").state == "resolved"
    council.verify()


# -- passing the supervisor over
@pytest.mark.clause("HAR-10", "CBC-68", "LDS-29")
@pytest.mark.parametrize("policy", ["haringey", "central-bedfordshire", "leeds"])
def test_going_up_before_anything_was_tried_is_refused_with_the_clause(policy: str) -> None:
    council = FakeCouncil(policy)
    concern = raised(council)
    with pytest.raises(Refused, match="First raise it with the supervisor") as refused:
        council.move("wkr", concern, "escalate", reason="I do not want to.")
    assert refused.value.guard == "_may_skip"
    with pytest.raises(Refused, match="when it was made"):
        council.move("wkr", concern, "attempt", on=date(2025, 3, 4), note="Tomorrow.")
    council.move("wkr", concern, "attempt", on=date(2025, 3, 3), note="Asked on Monday.")
    assert council.move("wkr", concern, "escalate", reason="Nothing came of it.").state == "with_line_manager"


def test_a_talk_with_the_supervisor_is_an_attempt() -> None:
    council = FakeCouncil("haringey")
    concern = raised(council)
    with pytest.raises(Refused, match="ref 'nobody'"):
        council.move("sup", concern, "meet", at=at("2025-03-03T11:00"), told=["nobody"])
    talked = council.move("sup", concern, "meet", at=at("2025-03-03T11:00"), told=["wkr"])
    assert (talked.state, talked.data["attempts"]) == ("with_supervisor", 1)
    assert council.move("wkr", concern, "escalate", reason="It did not help.").holder == "lm"


@pytest.mark.clause("NS-81", "NS-82", "DAR-30", "DAR-31")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington"])
def test_some_policies_let_the_supervisee_go_straight_up_with_a_reason(policy: str) -> None:
    council = FakeCouncil(policy)
    concern = council.move("wkr", raised(council), "escalate", reason="It is about the supervisor.")
    assert (concern.state, concern.holder) == ("with_line_manager", "lm")


@pytest.mark.clause("LDS-29", "CBC-47", "HAR-10")
@pytest.mark.parametrize(
    ("policy", "first_day", "passes"),
    [
        ("leeds", date(2025, 3, 3), True),
        ("haringey", date(2025, 3, 3), True),
        ("central-bedfordshire", date(2025, 2, 18), False),
        ("central-bedfordshire", date(2025, 2, 17), True),
    ],
)
def test_a_supervisor_who_is_away_may_be_passed_over(policy: str, first_day: date, *, passes: bool) -> None:
    council = FakeCouncil(policy)
    away(council, "sup", first_day)
    assert ("escalate" in council.offered("wkr", raised(council))) is passes


@pytest.mark.clause("CBC-47", "CBC-60")
@pytest.mark.parametrize(
    ("absences", "day", "passes"),
    [
        ([("planned", 3, None)], 17, False),
        ([("planned", 3, None)], 31, False),
        ([("other", 3, None)], 31, False),
        ([("unplanned", 3, None)], 16, False),
        ([("unplanned", 3, None)], 17, True),
        ([("unplanned", 3, 12), ("sickness", 13, None)], 16, False),
        ([("unplanned", 3, 12), ("sickness", 13, None)], 17, True),
        ([("planned", 3, 12), ("sickness", 13, None)], 26, False),
        ([("planned", 3, 12), ("sickness", 13, None)], 27, True),
        ([("sickness", 3, 9), ("sickness", 13, None)], 19, False),
    ],
)
def test_only_a_long_absence_that_was_not_planned_lets_the_supervisor_be_passed_over(
    absences: list[tuple[str, int, int | None]], day: int, *, passes: bool
) -> None:
    council = FakeCouncil()
    for cause, first, last in absences:
        council.until(max(council.now, at(f"2025-03-{first:02}T09:00")))
        absence = away(council, "sup", date(2025, 3, first), cause)
        if last:
            council.until(f"2025-03-{last + 1:02}T08:00")
            council.move("hr1", absence, "return", last_day=date(2025, 3, last))
    council.until(f"2025-03-{day:02}T09:00")
    assert ("escalate" in council.offered("wkr", raised(council))) is passes


# -- going up
@pytest.mark.clause("NS-50", "NS-61", "DAR-31", "HAR-10", "CBC-69", "LDS-30")
@pytest.mark.parametrize("policy", COUNCILS)
def test_what_the_supervisor_lets_lie_goes_up_by_itself(policy: str) -> None:
    council = FakeCouncil(policy)
    concern = raised(council)
    council.until("2025-03-17T23:59:59")
    assert council.matter(concern).state == "with_supervisor"
    assert "reminder" in council.told("sup", concern)
    council.until("2025-03-18T09:00")
    concern = council.matter(concern)
    assert (concern.state, concern.holder) == ("with_line_manager", "lm")
    council.until("2025-04-02T09:00")
    concern = council.matter(concern)
    assert (concern.state, concern.holder) == ("with_senior_manager", "hos")
    council.verify()


@pytest.mark.clause("HAR-07")
@pytest.mark.parametrize("about", ["quality", "relationship"])
def test_the_third_party_whom_the_agreement_names_is_asked_before_the_line(about: str) -> None:
    council = FakeCouncil("haringey")
    signed(council, third_party="sup2")
    concern = above(council, about)
    assert (concern.holder, step(council, concern, "escalate")["clause"]) == ("sup2", "HAR-07")
    assert council.move("wkr", concern, "escalate", reason="Not yet.").holder == "lm"
    assert step(council, concern, "escalate")["clause"] == "HAR-10"


@pytest.mark.clause("HAR-07", "HAR-10")
def test_to_the_third_party_a_reason_is_enough_and_to_the_line_it_is_not() -> None:
    council = FakeCouncil("haringey")
    signed(council, third_party="sup2")
    reason = "I cannot speak with them about it."
    assert council.move("wkr", raised(council, "quality"), "escalate", reason=reason).holder == "sup2"
    with pytest.raises(Refused, match="First raise it with the supervisor"):
        council.move("wkr", raised(council, "not_happening"), "escalate", reason=reason)
    council.verify()


@pytest.mark.clause("LDS-29", "LDS-46")
@pytest.mark.parametrize("about", ["quality", "relationship", "other"])
def test_in_leeds_whom_the_agreement_names_meets_the_two_about_anything_but_missing_supervision(about: str) -> None:
    council = FakeCouncil("leeds")
    signed(council, dispute_person="sup2")
    concern = raised(council, about)
    with pytest.raises(Refused, match="First raise it with the supervisor"):
        council.move("wkr", concern, "escalate", reason="I do not want to.")
    council.move("wkr", concern, "attempt", on=date(2025, 3, 3), note="Asked on Monday.")
    concern = council.move("wkr", concern, "escalate", reason="Nothing came of it.")
    assert (concern.state, concern.holder) == ("with_line_manager", "sup2")
    assert step(council, concern, "escalate")["clause"] == "LDS-46"
    with pytest.raises(Refused, match="LDS-46"):
        council.move("sup2", concern, "resolve", outcomes=["A fixed agenda."])
    council.move("sup2", concern, "meet", at=at("2025-03-05T10:00"), told=TOLD)
    council.until("2025-03-05T10:00")
    assert council.move("sup2", concern, "resolve", outcomes=["A fixed agenda."]).state == "resolved"
    assert {step(council, concern, trigger)["clause"] for trigger in ("meet", "resolve")} == {"LDS-46"}
    council.verify()


@pytest.mark.clause("LDS-29", "LDS-30")
def test_in_leeds_missing_supervision_goes_to_the_line_whomever_the_agreement_names() -> None:
    council = FakeCouncil("leeds")
    signed(council, dispute_person="sup2")
    concern = above(council, "not_happening")
    assert (concern.holder, step(council, concern, "escalate")["clause"]) == ("lm", "LDS-30, LDS-31")


@pytest.mark.clause("LDS-46")
def test_what_the_named_person_does_not_settle_goes_to_the_line_and_without_one_it_goes_there_at_once() -> None:
    council = FakeCouncil("leeds")
    assert above(council, "relationship").holder == "lm"
    signed(council, dispute_person="sup2")
    concern = above(council, "relationship")
    assert council.move("wkr", concern, "escalate", reason="Not yet.").holder == "lm"
    assert step(council, concern, "escalate")["clause"] == "LDS-30, LDS-31"


def test_without_an_agreement_or_about_anything_else_the_line_is_asked() -> None:
    council = FakeCouncil("haringey")
    assert above(council, "relationship").holder == "lm"
    signed(council, third_party="sup2")
    assert above(council, "not_happening").holder == "lm"


def test_a_third_party_who_has_left_is_not_asked() -> None:
    council = FakeCouncil("haringey")
    signed(council, third_party="sup2")
    council.relist("sup2", end_date=date(2025, 3, 2))
    assert above(council, "quality").holder == "lm"


@pytest.mark.clause("LDS-30", "LDS-31")
@pytest.mark.parametrize(("who", "asked"), [("dsl", "gov"), ("fsw", "chair")])
def test_where_nobody_is_above_the_head_a_governor_is_asked_and_in_a_cluster_its_chair(who: str, asked: str) -> None:
    council = FakeCouncil("leeds", people=school())
    concern = raised(council, who=who)
    council.until("2025-03-18T09:00")
    assert (council.matter(concern).state, council.matter(concern).holder) == ("with_line_manager", asked)
    council.verify()


@pytest.mark.parametrize("policy", ["north-somerset", "darlington", "haringey", "central-bedfordshire"])
def test_with_nobody_above_it_waits_as_an_incident_and_never_closes_itself(policy: str) -> None:
    council = FakeCouncil(policy)
    council.relist("sup", line_manager=None)
    concern = raised(council)
    assert council.told("wkr", concern) == []
    council.move("wkr", concern, "attempt", on=date(2025, 3, 3), note="Asked.")
    council.move("wkr", concern, "escalate", reason="Nothing came of it.")
    assert incidents(council, concern) == ["stranded"]
    council.until("2025-06-30T09:00")
    assert council.matter(concern).state == "with_supervisor"


def test_whoever_was_asked_and_goes_absent_is_passed_over() -> None:
    council = FakeCouncil()
    concern = above(council)
    away(council, "lm", date(2025, 3, 3))
    assert council.matter(concern).holder == "hos"


# -- the meeting and the end
@pytest.mark.clause("LDS-30", "LDS-31", "CBC-69")
def test_the_three_meet_and_both_know_beforehand() -> None:
    council = FakeCouncil("leeds")
    concern = above(council)
    with pytest.raises(Refused, match="LDS-30"):
        council.move("lm", concern, "resolve", outcomes=["Monthly from now on."])
    for told in (["wkr"], ["sup"]):
        with pytest.raises(Refused, match="told of the meeting beforehand"):
            council.move("lm", concern, "meet", at=at("2025-03-05T10:00"), told=told)
    meeting = council.move("lm", concern, "meet", at=at("2025-03-05T10:00"), told=TOLD)
    assert (meeting.state, meeting.holder) == ("three_way_meeting", "lm")
    assert council.told("sup", concern)[-1] == "meeting"
    assert deadline(council, concern, "climb_by").due
    council.until("2025-03-05T10:00")
    council.move("lm", concern, "meet", at=at("2025-03-06T10:00"), told=TOLD)
    assert council.move("lm", concern, "resolve", outcomes=["Monthly from now on."]).state == "resolved"
    council.verify()


@pytest.mark.clause("LDS-30", "LDS-31")
def test_a_meeting_that_is_only_arranged_settles_nothing_yet() -> None:
    council = FakeCouncil("leeds")
    concern = above(council)
    council.move("lm", concern, "meet", at=at("2025-03-05T10:00"), told=TOLD)
    with pytest.raises(Refused, match="LDS-30"):
        council.move("lm", concern, "resolve", outcomes=["Monthly from now on."])
    council.until("2025-03-05T09:59:59")
    assert "resolve" not in council.offered("lm", concern)
    council.move("lm", concern, "meet", at=at("2025-03-07T10:00"), told=TOLD)
    council.until("2025-03-05T10:00")
    assert "resolve" not in council.offered("lm", concern)
    council.until("2025-03-07T10:00")
    assert council.move("lm", concern, "resolve", outcomes=["Monthly from now on."]).state == "resolved"


def test_a_meeting_of_the_three_may_be_written_down_afterwards() -> None:
    council = FakeCouncil("leeds")
    concern = above(council)
    council.until("2025-03-05T10:00")
    council.move("lm", concern, "meet", at=at("2025-03-05T09:00"), told=TOLD)
    assert "resolve" in council.offered("lm", concern)


def test_one_that_went_up_after_the_meeting_needs_no_second_one() -> None:
    council = FakeCouncil("leeds")
    concern = above(council)
    council.move("lm", concern, "meet", at=at("2025-03-05T10:00"), told=TOLD)
    higher = council.move("wkr", concern, "escalate", reason="Not settled.")
    assert (higher.state, higher.holder) == ("with_senior_manager", "hos")
    council.until("2025-03-05T10:00")
    assert council.move("hos", concern, "resolve", outcomes=["Settled."]).state == "resolved"


@pytest.mark.parametrize("party", ["wkr", "sup"])
def test_a_party_that_would_hold_it_is_refused_all_the_same(party: str) -> None:
    council = FakeCouncil()
    held = replace(council.matter(above(council)), holder=party)
    settled = Outcomes(outcomes=["Mine."])
    with pytest.raises(Refused, match="Nobody settles a concern to which they are a party"):
        decide(held, "resolve", settled, Actor(party), council.facts(held), council.now)


@pytest.mark.clause("CBC-70")
def test_a_change_of_supervisor_sets_the_reallocation_going() -> None:
    council = FakeCouncil()
    concern = council.move("lm", above(council), "resolve", outcomes=["Trust is gone.", "change_supervisor"])
    assert concern.state == "resolved"
    plan = council.only(Workflow.absence, kind="reallocation")
    assert (plan.person, plan.data["only"], plan.parent) == ("sup", ["wkr"], concern.id)


def test_the_supervisee_withdraws_it_and_whoever_was_asked_is_told() -> None:
    council = FakeCouncil()
    concern = council.move("wkr", above(council), "withdraw")
    assert concern.state == "withdrawn"
    assert council.told("sup", concern)[-1] == council.told("lm", concern)[-1] == "concern_withdrawn"
    early = council.move("wkr", raised(council), "withdraw")
    assert council.told("lm", early) == []


def test_it_ends_when_the_supervisee_leaves() -> None:
    council = FakeCouncil()
    concern = raised(council)
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert council.matter(concern).state == "withdrawn"


@pytest.mark.parametrize("policy", COUNCILS)
def test_a_supervisor_who_has_left_need_not_be_tried_first(policy: str) -> None:
    council = FakeCouncil(policy)
    council.relist("sup", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    concern = council.move("wkr", raised(council), "escalate", reason="Nobody is there to raise it with.")
    assert (concern.state, concern.holder) == ("with_line_manager", "lm")


def test_a_meeting_that_nobody_is_left_to_hold_goes_to_the_next_who_comes() -> None:
    council = FakeCouncil("leeds")
    concern = council.move("lm", above(council), "meet", at=at("2025-03-05T10:00"), told=TOLD)
    for ref in ("ad", "hos", "lm"):
        council.relist(ref, end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert (council.matter(concern).holder, incidents(council, concern)[-1]) == (None, "stranded")
    council.until("2025-05-05T09:00")
    council.relist("hos", end_date=None)
    council.until("2025-06-30T09:00")
    assert council.matter(concern).holder == "hos"
    council.verify()

"""Agreements: filled in on the council's form, signed by both in time, in force, and what no agreement may undercut."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.agreement_stories import draft, filled, signed, terms
from tests.unit.workflows.stories import deadline, held, incidents
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Workflow

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


def starter(policy: str, **more: Any) -> FakeCouncil:
    """A council whose social worker starts on the day on which the service does."""
    people = standard_team()
    people["wkr"] = replace(people["wkr"], start_date=date(2025, 3, 3), **more)
    return FakeCouncil(policy, people=people)


# -- coming about
@pytest.mark.clause("NS-62", "LDS-08", "LDS-18", "DAR-28", "HAR-19", "HAR-25", "CBC-03")
@pytest.mark.parametrize("policy", COUNCILS)
def test_whoever_is_supervised_has_an_agreement_to_make_and_both_sign_it(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = draft(council)
    assert (agreement.state, set(agreement.waiting_for)) == ("draft", {"wkr", "sup"})
    assert council.told("wkr", agreement)[0] == council.told("sup", agreement)[0] == "agreement_due"
    assert filled(council).id == agreement.id
    assert council.told("wkr", agreement)[-1] == "agreement_filled"
    half = council.move("wkr", agreement, "sign")
    assert (half.state, half.waiting_for) == ("awaiting_signatures", ("sup",))
    with pytest.raises(Refused, match="signed it already"):
        council.move("wkr", agreement, "sign")
    whole = council.move("sup", agreement, "sign")
    assert (whole.state, whole.live("sign_by"), whole.waiting_for) == ("active", None, ())
    council.verify()


@pytest.mark.clause("CBC-05", "HAR-42")
@pytest.mark.parametrize(("policy", "place"), [("central-bedfordshire", "BOX"), ("haringey", "records of both")])
def test_both_hold_a_copy_of_what_is_in_force(policy: str, place: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    told = {row["to"]: row["body"] for row in council.notices if row["kind"] == "agreement_in_force"}
    assert set(told) == {"wkr", "sup"}
    assert all(place in body for body in told.values())
    assert agreement.state == "active"


def test_the_opening_position_of_a_signed_agreement_is_taken_over() -> None:
    people = standard_team()
    people["wkr"] = replace(people["wkr"], agreement_signed_on=date(2024, 5, 1))
    council = FakeCouncil("north-somerset", people=people)
    agreement = draft(council)
    assert (agreement.state, council.due(agreement, "review_by")) == ("active", date(2025, 5, 1))


def test_one_that_was_signed_before_this_supervision_began_is_another_ones() -> None:
    people = standard_team()
    people["wkr"] = replace(
        people["wkr"], agreement_signed_on=date(2024, 5, 1), supervised_since=date(2024, 9, 2)
    )  # fmt: skip
    assert draft(FakeCouncil(people=people)).state == "draft"


@pytest.mark.parametrize("who", ["wkr2", "lm", "hr1"])
def test_nobody_else_fills_it_in(who: str) -> None:
    council = FakeCouncil()
    with pytest.raises(NotYourMove):
        council.open(who, Workflow.agreement, supervisee="wkr", terms=terms(council))
    with pytest.raises(NotYourMove):
        council.open(who, Workflow.agreement, supervisee="ad", terms=terms(council))


def test_the_supervisee_fills_it_in_as_well_and_one_in_force_is_renegotiated() -> None:
    council = FakeCouncil()
    agreement = council.open("wkr", Workflow.agreement, supervisee="wkr", terms=terms(council))
    assert council.told("sup", agreement)[-1] == "agreement_filled"
    council.move("sup", agreement, "sign")
    council.move("wkr", agreement, "sign")
    with pytest.raises(Refused, match="have an agreement already"):
        filled(council)


# -- the form
@pytest.mark.clause("NS-74", "LDS-19", "LDS-32", "LDS-48", "HAR-49", "HAR-50", "CBC-72", "CBC-73")
@pytest.mark.parametrize("policy", COUNCILS)
def test_nobody_signs_a_form_with_a_required_field_empty(policy: str) -> None:
    council = FakeCouncil(policy)
    with pytest.raises(Refused, match="fill in the form first"):
        council.move("wkr", draft(council), "sign")
    for term in [term for term in council.policy.agreement.terms if term.required]:
        without = {name: value for name, value in terms(council).items() if name != term.name}
        agreement = FakeCouncil(policy).open("sup", Workflow.agreement, supervisee="wkr", terms=without)
        assert agreement.data["missing_terms"] == [{"name": term.name, "clause": term.clause}]
    agreement = council.open("sup", Workflow.agreement, supervisee="wkr", terms=without)
    with pytest.raises(Refused, match=f"Still to be filled in: .*{term.clause}"):
        council.move("sup", agreement, "sign")


@pytest.mark.clause("CBC-80")
def test_both_have_read_the_policy_before_either_signs() -> None:
    council = FakeCouncil()
    agreement = filled(council, supervisee_has_read_policy=False)
    with pytest.raises(Refused, match="CBC-80"):
        council.move("sup", agreement, "sign")


@pytest.mark.clause("LDS-46", "HAR-07")
@pytest.mark.parametrize(
    ("policy", "term", "clause"), [("leeds", "dispute_person", "LDS-46"), ("haringey", "third_party", "HAR-07")]
)
@pytest.mark.parametrize(("ref", "why"), [("wkr", "somebody other than"), ("sup", "somebody other"), ("x", "in post")])
def test_whom_it_names_for_a_difference_is_neither_of_the_two(
    policy: str, term: str, clause: str, ref: str, why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        filled(FakeCouncil(policy), **{term: ref})
    assert clause in str(refused.value.why)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"parking": "Behind the house."}, "has no field 'parking'"),
        ({"handwriting": "perhaps"}, "answer yes or no"),
        ({"location": True}, "answer in words"),
        ({"location": {"value": 4, "unit": "weeks"}}, "answer in words"),
        ({"every": "often"}, "a number and a unit"),
    ],
)
def test_a_field_that_the_form_lacks_or_of_another_kind_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        filled(FakeCouncil(), **more)


# -- the agreed interval
@pytest.mark.clause("NS-25", "LDS-39", "DAR-10", "HAR-48", "CBC-07")
@pytest.mark.parametrize(
    ("policy", "interval", "rule"),
    [("north-somerset", "NS-25", "NS-25"), ("leeds", "LDS-38", "LDS-39"), ("darlington", "DAR-08", "DAR-10"),
     ("haringey", "HAR-22", "HAR-48"), ("central-bedfordshire", "CBC-07", "CBC-07")],
)  # fmt: skip
def test_an_agreement_for_six_weekly_supervision_is_refused(policy: str, interval: str, rule: str) -> None:
    with pytest.raises(Refused, match=f"{interval}.*never lengthen it \\(.*{rule}"):
        filled(FakeCouncil(policy), every={"value": 6, "unit": "weeks"})


@pytest.mark.clause("LDS-21", "CBC-74", "DAR-10", "NS-25")
@pytest.mark.parametrize("policy", COUNCILS)
def test_a_shorter_interval_runs_from_the_last_signature_on(policy: str) -> None:
    council = FakeCouncil(policy)
    signed(council, every={"value": 2, "unit": "weeks"})
    duty = council.only(Workflow.entitlement, supervisee="wkr", kind="line_management")
    assert council.due(duty, "supervise_by") == date(2025, 3, 17)
    receipt = deadline(council, duty, "supervise_by").receipt
    agreed = receipt["candidates"][1]["receipt"]
    assert (receipt["chosen"], agreed["chosen"]) == ("later", "earlier")
    held(council, SessionKind.personal, "2025-03-10T11:00")
    assert council.due(duty, "supervise_by") == date(2025, 3, 24)
    council.verify()


def test_in_a_newly_qualified_workers_first_weeks_the_interval_of_the_phase_counts() -> None:
    council = starter("north-somerset", nqsw_start=date(2025, 3, 3))
    with pytest.raises(Refused, match="1 week"):
        filled(council, every={"value": 2, "unit": "weeks"})


def test_before_the_first_year_begins_no_more_is_agreed_than_the_roles_interval() -> None:
    council = starter("north-somerset", nqsw_start=date(2025, 9, 1))
    filled(council, every={"value": 4, "unit": "weeks"})
    with pytest.raises(Refused, match="4 weeks"):
        filled(council, every={"value": 5, "unit": "weeks"})


def test_the_agreed_interval_ends_with_its_agreement() -> None:
    council = FakeCouncil()
    signed(council, every={"value": 2, "unit": "weeks"})
    duty = council.only(Workflow.entitlement, supervisee="wkr")
    council.relist("wkr", supervisor="sup2")
    assert council.due(duty, "supervise_by") == date(2025, 3, 31)


# -- in time
@pytest.mark.clause("CBC-03", "HAR-47", "LDS-18")
@pytest.mark.parametrize(
    ("policy", "due", "clause"),
    [
        ("central-bedfordshire", date(2025, 3, 31), "CBC-03"),
        ("haringey", date(2025, 5, 3), "HAR-47"),
        ("leeds", date(2025, 3, 3), "LDS-18"),
    ],
)
def test_a_starters_agreement_is_signed_in_the_policys_window(policy: str, due: date, clause: str) -> None:
    council = starter(policy)
    agreement = draft(council)
    assert council.due(agreement, "sign_by") == due
    assert deadline(council, agreement, "sign_by").receipt["clause"] == clause


@pytest.mark.clause("NS-62", "DAR-28", "LDS-22")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington"])
def test_elsewhere_it_is_signed_by_the_first_formal_session(policy: str) -> None:
    council = starter(policy)
    agreement = draft(council)
    assert agreement.live("sign_by") is None
    held(council, SessionKind.personal, "2025-03-05T11:00")
    assert council.due(agreement, "sign_by") == date(2025, 3, 5)
    assert deadline(council, agreement, "sign_by").receipt["clause"] == PRODUCT_DEFAULT
    assert "agreement_missing" in council.told("wkr", agreement)
    council.until("2025-03-06T09:00")
    assert council.told("lm", agreement) == ["agreement_late"]
    held(council, SessionKind.personal, "2025-03-06T11:00")
    assert council.matter(agreement).live("sign_by") is None
    council.verify()


@pytest.mark.clause("LDS-18", "LDS-22")
def test_a_session_before_the_agreement_is_told_to_both_and_stops_nothing() -> None:
    council = starter("leeds")
    held(council, SessionKind.combined, "2025-03-03T11:00")
    assert "agreement_missing" in council.told("sup", draft(council))
    assert council.only(Workflow.record).state == "draft"


@pytest.mark.parametrize("policy", COUNCILS)
def test_two_who_have_worked_together_for_long_have_a_labelled_time_for_it(policy: str) -> None:
    council = FakeCouncil(policy)
    receipt = deadline(council, draft(council), "sign_by").receipt
    assert (receipt["clause"], receipt["anchors"][0]["event"]) == (PRODUCT_DEFAULT, "organisation live")


@pytest.mark.parametrize("policy", COUNCILS)
def test_what_is_not_signed_in_time_is_told_reminded_of_and_climbs(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = draft(council)
    council.until("2025-08-29T09:00")
    late = council.matter(agreement)
    assert (late.state, late.data["late"]) == ("draft", True)
    for who in ("wkr", "sup", "lm"):
        assert "agreement_late" in council.told(who, agreement)
    assert "reminder" in council.told("wkr", agreement)
    assert council.told("hos", agreement) == council.told("ad", agreement) == ["escalated"]
    late = signed(council)
    assert (late.state, late.data["late"]) == ("active", False)
    council.verify()


def test_with_nobody_left_to_tell_it_is_an_incident() -> None:
    council = FakeCouncil()
    agreement = draft(council)
    council.until("2025-04-01T09:00")
    for ref in ("lm", "hos", "ad"):
        council.relist(ref, end_date=date(2025, 3, 31))
    council.until("2025-04-30T09:00")
    assert "stranded" in incidents(council, agreement)


def test_one_that_expires_with_nobody_above_waits_on_as_an_incident() -> None:
    council = FakeCouncil()
    council.relist("sup", line_manager=None)
    agreement = draft(council)
    council.until("2025-04-01T09:00")
    assert incidents(council, agreement) == ["top_of_the_line"]


def test_a_signature_that_was_started_is_told_to_the_other() -> None:
    council = FakeCouncil()
    agreement: Matter = filled(council)
    council.move("sup", agreement, "sign")
    assert council.told("wkr", agreement)[-1] == "agreement_signed"

"""Agreements over time: reviewed each year and on events, renegotiated, and ended by another supervisor."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.agreement_stories import draft, filled, signed, terms
from tests.unit.workflows.stories import away, deadline, held, statuses, step
from workflows.lateness import overdue_since
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Status, Workflow

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
YEARLY = ("darlington", "haringey", "leeds", "north-somerset")


def reviewed(council: FakeCouncil) -> Matter:
    """An agreement that one of the two has asked to review."""
    agreement = signed(council)
    return council.move("wkr", agreement, "ask_review", reason="Another child at home.")


# -- each year
@pytest.mark.clause("NS-62", "LDS-08", "LDS-47", "DAR-28", "HAR-19", "HAR-25", "HAR-47")
@pytest.mark.parametrize("policy", YEARLY)
def test_it_is_reviewed_each_year_and_both_confirm_it(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    assert council.due(agreement, "review_by") == date(2026, 3, 3)
    council.until("2026-02-03T12:00")
    assert council.matter(agreement).state == "active"
    council.until("2026-02-04T09:00")
    due = council.matter(agreement)
    assert (due.state, set(due.waiting_for)) == ("review_due", {"wkr", "sup"})
    assert council.due(agreement, "review_by") == date(2026, 3, 3)
    assert council.told("wkr", agreement)[-1] == council.told("sup", agreement)[-1] == "agreement_review"
    half = council.move("sup", agreement, "confirm")
    assert (half.state, half.waiting_for) == ("review_due", ("wkr",))
    with pytest.raises(Refused, match="confirmed it already"):
        council.move("sup", agreement, "confirm")
    whole = council.move("wkr", agreement, "confirm")
    assert (whole.state, council.due(agreement, "review_by")) == ("active", date(2027, 2, 4))
    assert statuses(council, agreement, "review_by") == [Status.met, Status.running]
    council.verify()


@pytest.mark.clause("NS-62", "LDS-08", "LDS-47", "DAR-28", "HAR-19", "HAR-25", "HAR-47")
@pytest.mark.parametrize("policy", YEARLY)
def test_one_that_is_not_reviewed_within_the_year_is_late_until_both_have_confirmed_it(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.until("2026-03-03T23:59:59")
    council.move("sup", agreement, "confirm")
    assert overdue_since(council.matter(agreement)) is None
    council.until("2026-03-04T09:00")
    late = council.matter(agreement)
    assert (late.state, overdue_since(late)) == ("review_due", at("2026-03-03T23:59:59"))
    for who in ("wkr", "sup", "lm"):
        assert "agreement_review_late" in council.told(who, agreement)
    whole = council.move("wkr", agreement, "confirm")
    assert (whole.state, overdue_since(whole)) == ("active", None)
    assert statuses(council, agreement, "review_by") == [Status.missed, Status.running]
    council.verify()


def test_one_that_was_signed_before_the_service_and_more_than_a_year_ago_is_reviewed_within_weeks() -> None:
    people = standard_team()
    people["wkr"] = replace(people["wkr"], agreement_signed_on=date(2023, 6, 1))
    council = FakeCouncil("leeds", people=people)
    agreement = draft(council)
    assert council.due(agreement, "review_by") == date(2025, 3, 31)
    council.until("2025-03-04T09:00")
    asked = council.matter(agreement)
    assert (asked.state, overdue_since(asked)) == ("review_due", None)
    council.verify()


def test_one_whose_year_began_before_both_were_asked_ahead_is_asked_for_at_its_end_and_late_some_weeks_on() -> None:
    council = FakeCouncil("leeds")
    agreement = signed(council)
    kept = council.kept[agreement.id]
    timers = tuple(one for one in kept.matter.deadlines if one.name != "review_reminder")
    council.kept[agreement.id] = replace(kept, matter=kept.matter.changed(deadlines=timers))

    council.until("2026-03-04T09:00")
    assert council.matter(agreement).state == "review_due"
    assert council.due(agreement, "review_by") == date(2026, 4, 1)

    council.until("2026-04-02T09:00")
    assert "agreement_review_late" in council.told("lm", agreement)


def test_a_review_that_was_asked_for_earlier_is_not_asked_for_again_with_the_year() -> None:
    council = FakeCouncil("leeds")
    agreement = signed(council)
    council.until("2026-01-20T09:00")
    council.move("wkr", agreement, "ask_review", reason="Another child at home.")
    council.until("2026-02-20T09:00")
    assert council.told("sup", agreement).count("agreement_review") == 1


@pytest.mark.clause("CBC-04")
def test_where_the_policy_has_no_yearly_review_there_is_none() -> None:
    council = FakeCouncil()
    agreement = signed(council)
    council.until("2027-03-04T09:00")
    assert (council.matter(agreement).state, agreement.live("review_by")) == ("active", None)


def test_a_review_that_lies_is_reminded_of_and_climbs() -> None:
    council = FakeCouncil()
    agreement = reviewed(council)
    council.until("2025-03-31T12:00")
    assert "reminder" in council.told("wkr", agreement)
    assert council.told("lm", agreement) == ["escalated"]


# -- on events
@pytest.mark.clause("CBC-04", "NS-79", "HAR-19", "DAR-28")
@pytest.mark.parametrize(
    ("policy", "clause"),
    [("central-bedfordshire", "CBC-04"), ("north-somerset", "NS-79"), ("haringey", "HAR-19"), ("darlington", "DAR-28"),
     ("leeds", PRODUCT_DEFAULT)],
)  # fmt: skip
def test_either_of_the_two_asks_for_a_review(policy: str, clause: str) -> None:
    council = FakeCouncil(policy)
    agreement = reviewed(council)
    assert agreement.state == "review_due"
    assert step(council, agreement, "ask_review")["clause"] == clause


@pytest.mark.clause("NS-79")
@pytest.mark.parametrize("changed", [{"job_role": "senior_social_worker"}, {"team": "South"}])
def test_another_post_or_team_calls_for_a_review_where_the_policy_says_so(changed: dict[str, str]) -> None:
    council = FakeCouncil("north-somerset")
    agreement = signed(council)
    council.relist("wkr", **changed)
    assert council.matter(agreement).state == "review_due"
    assert step(council, agreement, "review_for")["clause"] == "NS-79"
    elsewhere = FakeCouncil()
    other = signed(elsewhere)
    elsewhere.relist("wkr", **changed)
    assert elsewhere.matter(other).state == "active"


@pytest.mark.clause("HAR-25", "CBC-80")
@pytest.mark.parametrize(("policy", "clause"), [("haringey", "HAR-25"), ("central-bedfordshire", "CBC-80")])
def test_a_policy_that_changes_in_what_matters_calls_for_a_review(policy: str, clause: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.announce(council.policy.model_copy(update={"version": "2", "significant": False}))
    assert council.matter(agreement).state == "active"
    council.announce(council.policy.model_copy(update={"version": "3"}))
    assert council.matter(agreement).state == "review_due"
    assert step(council, agreement, "review_for")["clause"] == clause


@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "darlington"])
def test_elsewhere_a_new_version_calls_for_none(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.announce(council.policy.model_copy(update={"version": "2"}))
    assert council.matter(agreement).state == "active"


# -- renegotiating
@pytest.mark.clause("NS-79")
@pytest.mark.parametrize("policy", COUNCILS)
def test_the_signed_one_stays_in_force_until_both_have_signed_the_other(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.move("wkr", agreement, "renegotiate", terms=terms(council, location="By video."), reason="I have moved.")
    [other] = council.find(Workflow.agreement, parent=agreement.id)
    assert (council.matter(agreement).state, other.state) == ("active", "draft")
    with pytest.raises(Refused, match="proposed already"):
        council.move("sup", agreement, "renegotiate", terms=terms(council), reason="Me too.")
    council.move("wkr", other, "sign")
    council.move("sup", other, "sign")
    assert (council.matter(agreement).state, council.matter(other).state) == ("superseded", "active")
    assert step(council, agreement, "supersede")["data"]["by"] == str(other.id)
    council.verify()


@pytest.mark.clause("CBC-03", "CBC-04")
def test_other_terms_in_the_first_weeks_have_a_time_of_their_own_and_break_no_rule() -> None:
    council = FakeCouncil()
    posts = {"job_role": "social_worker", "line_manager": "sup", "supervisor": "sup", "start_date": date(2025, 3, 3)}
    council.relist("new", name="Person new", **posts)
    first = council.open("sup", Workflow.agreement, supervisee="new", terms=terms(council))
    for who in ("sup", "new"):
        council.move(who, first, "sign")
    council.until("2025-03-28T09:00")
    council.move("new", first, "renegotiate", terms=terms(council), reason="Another day.")
    [other] = council.find(Workflow.agreement, parent=first.id)
    receipt = deadline(council, other, "sign_by").receipt
    assert (council.due(other, "sign_by"), receipt["clause"]) == (date(2025, 4, 25), PRODUCT_DEFAULT)
    council.until("2025-04-28T09:00")
    assert step(council, other, "expire")["clause"] == PRODUCT_DEFAULT
    assert council.matter(first).state == "active"
    council.verify()


@pytest.mark.clause("NS-62", "CBC-03")
@pytest.mark.parametrize("policy", COUNCILS)
def test_while_other_terms_wait_nobody_is_told_that_they_met_without_an_agreement(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.move("wkr", agreement, "renegotiate", terms=terms(council, location="By video."), reason="I have moved.")
    [other] = council.find(Workflow.agreement, parent=agreement.id)
    before = council.due(other, "sign_by")
    held(council, SessionKind.personal, "2025-03-06T12:00")
    assert "agreement_missing" not in council.told("wkr", other)
    assert (council.history(other), council.due(other, "sign_by")) == (["open"], before)
    council.verify()


def test_other_terms_before_the_last_signature_make_the_first_one_void() -> None:
    council = FakeCouncil()
    agreement = filled(council)
    council.move("wkr", agreement, "sign")
    again = council.move("sup", agreement, "renegotiate", terms={"location": "Room 4."}, reason="A quieter room.")
    assert (again.state, again.data["signed"]) == ("draft", {})
    assert set(again.waiting_for) == {"wkr", "sup"}
    assert council.told("wkr", agreement)[-1] == "agreement_changed"


# -- another supervisor
@pytest.mark.clause("NS-62", "LDS-18", "CBC-04", "HAR-47")
@pytest.mark.parametrize("policy", COUNCILS)
def test_with_another_supervisor_the_new_two_make_their_own(policy: str) -> None:
    council = FakeCouncil(policy)
    agreement = signed(council)
    council.relist("wkr", supervisor="sup2")
    fresh = draft(council)
    assert (council.matter(agreement).state, fresh.state, fresh.supervisor) == ("superseded", "draft", "sup2")
    council.verify()


@pytest.mark.clause("NS-62", "LDS-18", "HAR-47", "CBC-03")
@pytest.mark.parametrize(
    ("policy", "state"),
    [("north-somerset", "superseded"), ("leeds", "superseded"), ("darlington", "superseded"), ("haringey", "lapsed"),
     ("central-bedfordshire", "superseded")],
)  # fmt: skip
def test_one_that_was_never_signed_is_withdrawn_and_a_window_that_was_missed_stays_missed(
    policy: str, state: str
) -> None:
    council = FakeCouncil(policy)
    early = draft(council)
    late = draft(council, "wkr2")
    council.relist("wkr", supervisor="sup2")
    assert (council.matter(early).state, statuses(council, early, "sign_by")) == (state, [Status.superseded])
    council.until("2025-06-02T09:00")
    council.relist("wkr2", supervisor="sup2")
    assert (council.matter(late).state, statuses(council, late, "sign_by")) == (state, [Status.missed])


@pytest.mark.clause("CBC-03", "CBC-04")
@pytest.mark.parametrize(
    ("changed_on", "due", "clause"),
    [("2025-03-17T09:00", date(2025, 3, 31), "CBC-03"), ("2025-04-02T09:00", date(2025, 4, 30), PRODUCT_DEFAULT)],
)
def test_the_window_of_the_employment_runs_on_and_afterwards_the_new_two_have_as_long(
    changed_on: str, due: date, clause: str
) -> None:
    people = standard_team()
    people["wkr"] = replace(people["wkr"], start_date=date(2025, 3, 3))
    council = FakeCouncil(people=people)
    council.until(changed_on)
    council.relist("wkr", supervisor="sup2")
    assert council.due(draft(council), "sign_by") == due
    assert deadline(council, draft(council), "sign_by").receipt["clause"] == clause


@pytest.mark.clause("HAR-47")
def test_the_two_months_start_anew_with_the_relationship() -> None:
    council = FakeCouncil("haringey")
    council.until("2025-03-17T09:00")
    council.relist("wkr", supervisor="sup2")
    assert council.due(draft(council), "sign_by") == date(2025, 5, 17)
    assert deadline(council, draft(council), "sign_by").receipt["clause"] == "HAR-47"


def test_cover_that_is_made_permanent_is_followed_by_a_new_agreement() -> None:
    council = FakeCouncil()
    agreement = signed(council)
    absence = away(council, "sup", date(2025, 2, 10))
    council.move("lm", absence, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    assert council.matter(agreement).state == "active"
    council.move("lm", absence, "make_permanent", reason="They will not be back.")
    assert (council.matter(agreement).state, draft(council).supervisor) == ("superseded", "sup2")


def test_without_a_supervisor_or_a_supervisee_it_ends() -> None:
    council = FakeCouncil()
    mine, theirs = signed(council), draft(council, "wkr2")
    council.relist("wkr", supervisor=None)
    council.relist("wkr2", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert (council.matter(mine).state, council.matter(theirs).state) == ("ended", "ended")
    council.relist("wkr", supervisor="sup2")
    assert draft(council).supervisor == "sup2"

"""Agreed actions: why, whose, until when; carried from session to session until they are done and signed off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import away, draft, held, incidents, step
from workflows.model import Matter
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import SessionKind, Workflow

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


def agreed(council: FakeCouncil, who: str = "sup", owner: str = "wkr", **more: Any) -> Matter:
    """An action about the social worker's work, due in ten days."""
    data = {"what": "Ring the school", "why": "Attendance has fallen", "due": date(2025, 3, 13), **more}
    return council.open(who, Workflow.action, owner=owner, **data)


# -- agreeing
@pytest.mark.clause("CBC-83", "HAR-27", "DAR-33", "NS-70", "LDS-13", "LDS-36")
@pytest.mark.parametrize("policy", COUNCILS)
def test_an_action_is_done_by_its_owner_and_signed_off_by_the_supervisor(policy: str) -> None:
    council = FakeCouncil(policy)
    action = agreed(council)
    assert (action.state, action.holder, council.due(action, "due_by")) == ("open", "wkr", date(2025, 3, 13))
    assert council.told("wkr", action) == ["action_agreed"]
    action = council.move("wkr", action, "complete", note="Rang on Tuesday.")
    assert (action.state, action.holder) == ("done", "sup")
    assert council.told("sup", action) == ["action_done"]
    assert council.move("sup", action, "sign_off").state == "signed_off"
    council.verify()


@pytest.mark.clause("CBC-83", "HAR-27")
@pytest.mark.parametrize("missing", ["what", "why", "owner", "due"])
def test_without_what_why_whose_or_until_when_there_is_no_action(missing: str) -> None:
    data = {"what": "Ring", "why": "It matters", "owner": "wkr", "due": date(2025, 3, 13)}
    del data[missing]
    with pytest.raises(ValidationError):
        FakeCouncil().open("sup", Workflow.action, **data)


@pytest.mark.clause("LDS-41")
def test_an_action_to_protect_a_child_is_due_the_same_day_where_nobody_says_until_when() -> None:
    council = FakeCouncil("leeds")
    action = agreed(council, due=None, protective=True)
    assert council.due(action, "due_by") == date(2025, 3, 3)


@pytest.mark.clause("HAR-51")
def test_an_action_may_say_which_section_of_the_record_it_comes_from() -> None:
    council = FakeCouncil("haringey")
    record = draft(council)
    action = agreed(council, record=record.id, section="health_and_wellbeing")
    assert (action.parent, action.data["section"]) == (record.id, "health_and_wellbeing")
    with pytest.raises(Refused, match="no section 'weather'; it has: actions"):
        agreed(council, record=record.id, section="weather")
    with pytest.raises(Refused, match="Name the record"):
        agreed(council, section="actions")


def test_the_supervisee_agrees_one_too_and_nobody_else_does() -> None:
    council = FakeCouncil()
    assert agreed(council, "wkr").data["opened_by"] == "wkr"
    for who in ("wkr2", "lm", "sup2"):
        with pytest.raises(NotYourMove):
            agreed(council, who)


def test_whoever_owns_one_alone_has_their_own_supervisor_sign_it_off() -> None:
    council = FakeCouncil()
    action = agreed(council, "sup", "sup")
    assert (action.supervisee, action.supervisor, council.told("sup", action)) == ("sup", "lm", [])
    assert council.move("sup", action, "complete").holder == "lm"


def test_nobody_signs_off_their_own() -> None:
    council = FakeCouncil()
    action = council.move("sup", agreed(council, owner="sup", supervisee="wkr"), "complete")
    assert action.holder == "wkr"
    with pytest.raises(Refused, match="Nobody signs off their own action"):
        council.move("sup", action, "sign_off")
    assert council.move("wkr", action, "sign_off").state == "signed_off"
    theirs = council.move("wkr", agreed(council), "complete")
    assert "sign_off" not in council.offered("wkr", theirs)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"owner": "wkr2", "supervisee": "wkr"}, "belongs to the supervisee, the supervisor"),
        ({"due": date(2025, 3, 2)}, "in the past"),
    ],
)
def test_what_cannot_be_agreed(more: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        agreed(FakeCouncil(), **{"owner": "wkr", **more})


def test_an_action_belongs_to_a_record_of_the_same_person() -> None:
    council = FakeCouncil()
    record = draft(council)
    assert agreed(council, record=record.id).parent == record.id
    theirs = council.open("sup", Workflow.record, supervisee="wkr2", kind="personal")
    with pytest.raises(Refused, match="not one of this person’s"):
        agreed(council, record=theirs.id)


# -- opening again, dropping, agreeing above
def test_the_supervisor_opens_one_again_or_drops_it_with_a_reason() -> None:
    council = FakeCouncil()
    action = council.move("wkr", agreed(council), "complete")
    action = council.move("sup", action, "reopen", reason="The school was closed.")
    assert (action.state, action.holder, council.due(action, "due_by")) == ("open", "wkr", date(2025, 3, 13))
    assert council.move("sup", action, "drop", reason="No longer needed.").state == "dropped"
    assert council.told("wkr", action)[-2:] == ["action_reopened", "action_dropped"]


@pytest.mark.clause("HAR-08", "HAR-16")
def test_whoever_supervises_as_line_manager_agrees_to_a_sensitive_action_by_opening_it() -> None:
    council = FakeCouncil("haringey")
    action = agreed(council, sensitive=True)
    opened = step(council, action, "open")
    assert (opened["clause"], opened["data"]["agreed_by"]) == ("HAR-27, HAR-16", "sup")
    assert (council.told("lm", action), "agree" in council.offered("sup", action)) == ([], False)
    assert council.move("wkr", action, "complete").state == "done"


@pytest.mark.clause("HAR-16")
def test_where_somebody_else_supervises_a_sensitive_action_waits_for_the_workers_own_line_manager() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", supervisor="sup2")
    action = agreed(council, "sup2", sensitive=True)
    assert (council.told("sup", action), council.told("lm", action)) == (["action_sensitive"], [])
    with pytest.raises(Refused, match="HAR-16"):
        council.move("wkr", action, "complete")
    for who in ("sup2", "lm", "wkr"):
        with pytest.raises(NotYourMove):
            council.move(who, action, "agree")
    council.move("sup", action, "agree")
    agreement = step(council, action, "agree")
    assert (agreement["clause"], agreement["role"]) == ("HAR-16", "accountable_manager")
    assert council.told("sup2", action) == council.told("wkr", action)[1:] == ["action_agreed_above"]
    assert "agree" not in council.offered("sup", action)
    assert council.move("wkr", action, "complete").state == "done"


@pytest.mark.clause("HAR-16")
def test_what_the_worker_opens_waits_for_the_line_manager_who_supervises_them() -> None:
    council = FakeCouncil("haringey")
    action = agreed(council, "wkr", sensitive=True)
    assert council.told("sup", action) == ["action_sensitive"]
    council.move("sup", action, "agree")
    assert council.told("sup", action) == ["action_sensitive"]
    assert council.move("wkr", action, "complete").state == "done"


def test_while_the_line_manager_is_away_the_next_one_up_agrees_to_a_sensitive_action() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", supervisor="sup2")
    away(council, "sup", date(2025, 3, 3))
    action = agreed(council, "sup2", sensitive=True)
    assert (council.told("lm", action), council.told("sup", action)) == (["action_sensitive"], [])
    council.move("lm", action, "agree")
    assert council.matter(action).data["agreed_above"] is True


@pytest.mark.clause("HAR-16")
def test_whoever_is_to_agree_is_reminded_and_the_next_one_up_is_told() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", supervisor="sup2")
    action = agreed(council, "sup2", sensitive=True, due=date(2025, 3, 31))
    council.until("2025-03-11T09:00")
    assert council.told("sup", action) == ["action_sensitive", "reminder"]
    council.until("2025-03-18T09:00")
    assert (council.told("lm", action), council.told("wkr", action)) == (["escalated"], ["action_agreed"])
    council.move("sup", action, "agree")
    council.until("2025-03-31T09:00")
    assert council.matter(action).live("remind_by") is None
    assert "reminder" not in (*council.told("wkr", action), *council.told("sup2", action))
    council.verify()


@pytest.mark.clause("HAR-16")
@pytest.mark.parametrize("how", ["away", "left"])
def test_whoever_answers_for_the_worker_from_now_on_is_asked_to_agree(how: str) -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", supervisor="sup2")
    action = agreed(council, "sup2", sensitive=True)
    if how == "away":
        away(council, "sup", date(2025, 3, 3))
    else:
        council.relist("sup", end_date=date(2025, 3, 3))
    council.until("2025-03-11T09:00")
    assert council.told("lm", action) == ["action_sensitive"]
    assert "reminder" not in council.told("sup", action)
    council.move("lm", action, "agree")
    council.verify()


@pytest.mark.clause("HAR-16")
def test_an_action_that_is_late_for_want_of_an_agreement_reminds_whoever_is_to_agree() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", supervisor="sup2")
    action = agreed(council, "sup2", sensitive=True, due=date(2025, 3, 5))
    council.until("2025-03-20T09:00")
    assert council.told("sup", action) == ["action_sensitive", "action_late", "reminder", "reminder"]
    assert council.told("wkr", action) == ["action_agreed", "action_late"]
    council.move("sup", action, "agree")
    council.until("2025-03-28T09:00")
    assert council.told("wkr", action)[2:] == ["action_agreed_above", "reminder"]
    council.verify()


def test_without_a_manager_above_a_sensitive_action_is_still_kept_and_elsewhere_it_needs_nobody() -> None:
    council = FakeCouncil("haringey")
    council.relist("wkr", line_manager=None)
    action = agreed(council, sensitive=True)
    assert action.data["agreed_above"] is False
    council.until("2025-03-18T09:00")
    assert council.told("lm", action) == ["escalated"]
    council.relist("wkr", line_manager="sup")
    council.until("2025-03-20T09:00")
    assert "action_sensitive" in council.told("sup", action)
    council.move("sup", action, "agree")
    plain = agreed(FakeCouncil("leeds"), sensitive=True)
    assert "agreed_above" not in plain.data


def test_that_nobody_is_there_to_agree_is_an_incident_until_somebody_is() -> None:
    council = FakeCouncil("haringey")
    for ref in ("wkr", "sup"):
        council.relist(ref, line_manager=None)
    action = agreed(council, sensitive=True)
    council.until("2025-03-12T09:00")
    assert incidents(council, action) == ["top_of_the_line"]
    council.relist("wkr", line_manager="sup")
    council.move("sup", action, "agree")
    assert council.matter(action).data["top_of_the_line"] is False
    council.verify()


# -- late
def test_one_that_is_late_is_told_reminded_of_and_climbs() -> None:
    council = FakeCouncil()
    action = agreed(council)
    council.until("2025-03-14T09:00")
    assert council.told("wkr", action)[-1] == council.told("sup", action)[-1] == "action_late"
    council.until("2025-03-24T12:00")
    assert "reminder" in council.told("wkr", action)
    council.until("2025-04-30T09:00")
    assert council.told("lm", action) == council.told("hos", action) == ["escalated"]
    action = council.move("wkr", action, "complete")
    again = council.move("sup", action, "reopen", reason="Not all of it.")
    assert council.due(again, "due_by") == date(2025, 4, 30)
    council.verify()


def test_with_nobody_left_to_tell_it_is_an_incident() -> None:
    council = FakeCouncil()
    action = agreed(council)
    council.until("2025-03-14T09:00")
    for ref in ("lm", "hos", "ad"):
        council.relist(ref, end_date=date(2025, 3, 13))
    council.until("2025-04-10T09:00")
    assert "stranded" in incidents(council, action)


# -- carried
@pytest.mark.clause("NS-70", "LDS-36")
@pytest.mark.parametrize("policy", COUNCILS)
def test_what_is_open_is_carried_twice_to_a_question_and_three_times_to_the_line_manager(policy: str) -> None:
    council = FakeCouncil(policy)
    action = agreed(council, due=date(2025, 12, 1))
    expected = [(1, 0, 0), (2, 1, 0), (3, 2, 1)]
    for day, (carried, challenged, above) in zip(("04", "05", "06"), expected, strict=True):
        held(council, SessionKind.personal, f"2025-03-{day}T11:00")
        assert council.matter(action).data["carried"] == carried
        assert council.told("wkr", action).count("action_challenged") == challenged
        assert council.told("lm", action).count("action_carried") == above
        acts = council.policy.action.carried_clause if carried == 1 else "product default"
        assert step(council, action, "carry")["clause"] == acts
    council.verify()


@pytest.mark.clause("NS-70", "LDS-36", "DAR-33")
@pytest.mark.parametrize(
    ("policy", "clause"), [("north-somerset", "NS-70"), ("leeds", "LDS-36"), ("darlington", "DAR-33")]
)
def test_the_clause_has_it_looked_at_and_how_often_until_somebody_is_asked_is_the_products(
    policy: str, clause: str
) -> None:
    rules = shipped()[policy].action
    assert rules.carried_clause == clause
    assert {rules.challenge_after.clause, rules.tell_manager_after.clause} == {"product default"}


@pytest.mark.parametrize(
    ("due", "both", "above"),
    [
        (date(2025, 12, 1), "not due yet was carried over: is it on its way", "not due yet was carried over several"),
        (date(2025, 3, 6), "not due yet was carried over: is it on its way", "not due yet was carried over several"),
        (date(2025, 3, 5), "was carried over: what keeps it from", "was carried over again and again"),
    ],
)
def test_whoever_hears_of_it_hears_whether_it_is_due_and_that_the_number_is_a_product_default(
    due: date, both: str, above: str
) -> None:
    council = FakeCouncil()
    action = agreed(council, due=due)
    for day in ("04", "05", "06"):
        held(council, SessionKind.personal, f"2025-03-{day}T11:00")
    newest = {row["kind"]: row for row in council.notices if row["matter_id"] == action.id}
    assert both in newest["action_challenged"]["subject"]
    assert newest["action_challenged"]["body"] == "It is asked after 2 sessions (product default)."
    assert above in newest["action_carried"]["subject"]
    assert newest["action_carried"]["body"] == "The line manager sees it after 3 sessions (product default)."


def test_a_word_in_passing_and_a_session_with_somebody_else_carry_nothing() -> None:
    council = FakeCouncil()
    action = agreed(council)
    held(council, SessionKind.unplanned, "2025-03-04T11:00")
    held(council, SessionKind.personal, "2025-03-04T13:00", supervisee="wkr2")
    assert council.matter(action).data["carried"] == 0


def test_with_nobody_above_a_carried_action_is_told_to_the_two() -> None:
    council = FakeCouncil()
    council.relist("sup", line_manager=None)
    action = agreed(council, due=date(2025, 12, 1))
    for day in ("04", "05", "06"):
        held(council, SessionKind.personal, f"2025-03-{day}T11:00")
    assert council.told("sup", action).count("action_challenged") == 2


# -- other hands
def test_an_action_of_somebody_who_leaves_is_the_supervisors() -> None:
    council = FakeCouncil()
    action = agreed(council, due=date(2025, 12, 1))
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    action = council.matter(action)
    assert (action.data["owner"], action.holder) == ("sup", "sup")
    assert council.told("sup", action)[-1] == "action_taken_over"
    done = council.move("sup", action, "complete")
    assert council.move("lm", done, "sign_off").state == "signed_off"
    council.verify()


def test_an_action_of_a_supervisor_goes_to_the_next_one() -> None:
    council = FakeCouncil()
    own, theirs = agreed(council, owner="sup", supervisee="wkr"), agreed(council)
    done = council.move("sup", agreed(council, owner="sup", supervisee="wkr"), "complete")
    council.relist("wkr", supervisor="sup2")
    assert council.matter(own).data["owner"] == council.matter(own).holder == "sup2"
    assert (council.matter(theirs).data["owner"], council.matter(theirs).supervisor) == ("wkr", "sup2")
    assert (council.matter(done).data["owner"], council.matter(done).holder) == ("sup2", "wkr")


def test_with_nobody_in_post_to_take_it_over_it_is_an_incident() -> None:
    council = FakeCouncil()
    action = agreed(council, due=date(2025, 12, 1))
    for ref in ("ad", "hos", "lm", "sup", "wkr"):
        council.relist(ref, end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert "stranded" in incidents(council, action)


def test_what_a_leaver_was_to_sign_off_the_manager_above_does() -> None:
    council = FakeCouncil()
    action = council.move("sup", agreed(council, owner="sup", supervisee="wkr"), "complete")
    assert action.holder == "wkr"
    council.relist("wkr", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert council.matter(action).holder == "lm"
    assert "action_done" in council.told("lm", action)
    assert council.move("lm", action, "sign_off").state == "signed_off"
    council.verify()


def test_with_both_gone_an_action_that_is_done_is_still_signed_off() -> None:
    council = FakeCouncil()
    action = council.move("wkr", agreed(council), "complete")
    for ref in ("wkr", "sup"):
        council.relist(ref, end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    assert council.matter(action).holder == "lm"
    assert council.move("lm", action, "sign_off").state == "signed_off"


def test_an_action_that_is_done_waits_for_the_next_supervisor() -> None:
    council = FakeCouncil()
    action = council.move("wkr", agreed(council), "complete")
    council.relist("sup", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    council.relist("wkr", supervisor="sup2")
    assert council.matter(action).holder == "sup2"
    assert council.move("sup2", action, "sign_off").state == "signed_off"
    council.verify()

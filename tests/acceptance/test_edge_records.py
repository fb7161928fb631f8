"""Records at the edges of their windows: bank holidays, the last minute, absences, a delegate, an amendment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import POLICIES, away, case_of, clause, due, held, names, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, problem

CBC = "central-bedfordshire"
#: Policies under which silence never counts as agreement.
NEVER_DEEMED = tuple(policy for policy in POLICIES if policy != CBC)
STATEMENT = "That is not what was said."


def case_draft(sandbox: Sandbox, policy: str, ends: str, now: str) -> tuple[Story, dict[str, Any]]:
    """A story with the draft of the case record of a session that has just ended."""
    story = sandbox.story(policy, now, cases=[case_of(policy)])
    return story, story.one("sup", workflow="record", parent=held(story, ends, "case", ("c1",))["id"])


def case_sent(sandbox: Sandbox, policy: str, ends: str, now: str) -> tuple[Story, dict[str, Any]]:
    """The same once it is tasked to the supervisee."""
    story, draft = case_draft(sandbox, policy, ends, now)
    return story, story.move("sup", draft, "circulate")


def agreement_naming_a_third(story: Story) -> None:
    """The two have agreed who hears a dispute (LDS-46)."""
    terms = dict.fromkeys(("frequency", "location", "duration", "entitlement"), "As agreed.")
    agreement = story.open("sup", "agreements", supervisee="wkr", terms={**terms, "dispute_person": "hos"})
    story.move("sup", agreement, "sign")
    story.move("wkr", agreement, "sign")


# -- E5
@pytest.mark.clause("CBC-42", "CBC-43")
def test_e5_good_friday_and_easter_monday_are_not_counted_and_silence_counts_after_them(sandbox: Sandbox) -> None:
    story, record = case_sent(sandbox, CBC, "2025-04-17T11:00", "2025-04-16T09:00")
    assert (due(record, "sign_by"), clause(record, "sign_by")) == (("2025-04-28", "running"), "CBC-42")
    skipped = [day["date"] for day in deadline(record, "sign_by")["receipt"]["skipped"]]
    assert skipped == ["2025-04-18", "2025-04-21"]

    story.at("2025-04-28T23:59:59")
    assert (story.matter("wkr", record)["state"], record["holder"]) == ("awaiting_signature", "wkr")
    story.at("2025-04-29T00:00")

    deemed = story.matter("sup", record)
    assert (deemed["state"], deemed["holder"], deemed["data"]["note_owed"]) == ("deemed_accepted", "sup", True)
    step = story.items("sup", f"/matters/{record['id']}/history")[-1]
    assert (step["trigger"], step["clause"], step["at"]) == ("deem", "CBC-43", "2025-04-29T00:00:00+01:00")
    story.at("2025-04-29T09:00")
    assert {who for who in ("wkr", "sup", "lm") if "deemed_accepted" in story.told(who, record)} == {"wkr", "sup"}


@pytest.mark.clause("NS-43", "LDS-24", "DAR-32", "HAR-23")
@pytest.mark.parametrize("policy", NEVER_DEEMED)
def test_e5_elsewhere_there_is_no_window_and_silence_is_only_reminded_of(sandbox: Sandbox, policy: str) -> None:
    story, record = case_sent(sandbox, policy, "2025-04-17T11:00", "2025-04-16T09:00")
    assert "sign_by" not in names(record)
    assert (due(record, "remind_by"), clause(record, "remind_by")) == (("2025-04-28", "running"), "product default")

    story.at("2025-06-02T09:00")

    waiting = story.matter("wkr", record)
    assert (waiting["state"], waiting["holder"]) == ("awaiting_signature", "wkr")
    assert "deem" not in story.triggers("wkr", record)
    assert "reminder" in story.told("wkr", record)


@pytest.mark.clause("NS-42")
def test_e5_forty_eight_hours_run_straight_through_easter(sandbox: Sandbox) -> None:
    story, draft = case_draft(sandbox, "north-somerset", "2025-04-17T16:00", "2025-04-16T09:00")
    limit = deadline(draft, "circulate_by")
    assert (limit["due"], limit["receipt"]["clause"]) == ("2025-04-19T16:00:00+01:00", "NS-42")

    story.at("2025-04-19T16:00")
    assert deadline(story.matter("sup", draft), "circulate_by")["status"] == "running"
    story.at("2025-04-19T16:00:01")

    late = story.matter("sup", draft)
    assert (late["state"], late["holder"], due(late, "circulate_by")) == ("draft", "sup", ("2025-04-19", "missed"))
    assert "circulation_missed" not in story.told("lm", draft)
    story.at("2025-04-22T09:00")
    assert {who for who in ("sup", "lm", "wkr") if "circulation_missed" in story.told(who, draft)} == {"sup", "lm"}


# -- E6
@pytest.mark.clause("CBC-42", "CBC-44")
def test_e6_a_dispute_in_the_last_minute_is_in_time_and_only_the_supervisor_amends(sandbox: Sandbox) -> None:
    story, record = case_sent(sandbox, CBC, "2025-03-03T11:00", "2025-03-03T09:00")
    story.at("2025-03-10T23:59")

    disputed = story.move("wkr", record, "dispute", statement=STATEMENT)

    assert (disputed["state"], due(disputed, "sign_by")) == ("disputed", ("2025-03-10", "superseded"))
    assert "dispute_opened" in story.told("sup")
    story.at("2025-03-12T09:00")
    assert (story.matter("sup", record)["state"], "deem" in story.triggers("sup", record)) == ("disputed", False)
    amendment = {"discussed_on": "2025-03-11", "sections": {"case_discussion": "As both now say."}}
    problem(story.try_move("wkr", record, "amend", amendment), 403, "not_your_move")
    problem(story.try_move("lm", record, "amend", amendment), 403, "not_your_move")

    amended = story.move("sup", record, "amend", **amendment)

    assert (amended["state"], amended["holder"], amended["data"]["revision"]) == ("awaiting_signature", "wkr", 2)
    assert due(amended, "sign_by") == ("2025-03-19", "running")
    assert story.told("wkr", record).count("signature_asked") == 2


@pytest.mark.clause("NS-17", "LDS-46", "DAR-31", "DAR-34", "HAR-31")
@pytest.mark.parametrize(("policy", "hears"), [(p, "hos" if p == "leeds" else "lm") for p in NEVER_DEEMED])
def test_e6_elsewhere_a_dispute_has_no_limit_and_the_comments_join_the_record(
    sandbox: Sandbox, policy: str, hears: str
) -> None:
    story = sandbox.story(policy)
    if policy == "leeds":
        agreement_naming_a_third(story)
    record = sent(story)
    story.at("2025-03-31T23:59")

    story.move("wkr", record, "dispute", statement=STATEMENT)
    dispute = story.one("wkr", workflow="dispute")
    asked = story.move("wkr", dispute, "escalate")

    assert (asked["state"], asked["holder"]) == ("with_line_manager", hears)
    assert "escalated" in story.told(hears, dispute)
    story.move(hears, dispute, "decide", outcome="attach_comments", reasons="Both views are kept.")
    settled = story.matter("wkr", record)
    assert (settled["state"], settled["data"]["outcome"]) == ("settled", "attach_comments")
    assert settled["data"]["statement"] == STATEMENT
    assert {who for who in ("wkr", "sup") if "settled" in story.told(who, record)} == {"wkr", "sup"}


# -- E7
@pytest.mark.clause("CBC-43", "CBC-79")
def test_e7_a_second_after_midnight_the_record_stays_deemed_and_the_objection_is_an_addendum(sandbox: Sandbox) -> None:
    story, record = case_sent(sandbox, CBC, "2025-03-03T11:00", "2025-03-03T09:00")
    story.at("2025-03-11T00:00:01")
    problem(story.try_move("wkr", record, "dispute", {"statement": STATEMENT}), 409, "refused")

    objected = story.move("wkr", record, "object_late", statement=STATEMENT)

    assert (objected["state"], objected["data"]["statement"]) == ("deemed_accepted", STATEMENT)
    assert objected["holder"] == "sup"
    dispute = story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")
    assert (dispute["state"], dispute["holder"]) == ("with_line_manager", "lm")
    assert "escalated" in story.told("lm", dispute)
    story.move("lm", dispute, "decide", outcome="record_stands", reasons="The notes of the day agree with it.")
    closed = story.move("sup", record, "note_closure", note="Not signed; the worker objects.")
    assert (closed["state"], closed["holder"], closed["data"]["outcome"]) == ("deemed_accepted", None, "record_stands")
    assert story.triggers("sup", record)[-4:] == ["deem", "object_late", "settle", "note_closure"]


@pytest.mark.clause("CBC-58")
def test_e7_a_personal_record_stays_accepted_too(sandbox: Sandbox) -> None:
    story = sandbox.story()
    record = sent(story)
    story.at("2025-03-11T00:00:01")

    objected = story.move("wkr", record, "object_late", statement=STATEMENT)

    assert (objected["state"], due(objected, "sign_by")) == ("deemed_accepted", ("2025-03-10", "missed"))
    assert clause(objected, "sign_by") == "CBC-58"
    assert "dispute_opened" in story.told("sup")


@pytest.mark.clause("NS-17", "LDS-24", "DAR-34", "HAR-31")
@pytest.mark.parametrize("policy", NEVER_DEEMED)
def test_e7_elsewhere_nothing_was_deemed_so_it_is_simply_a_dispute(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    record = sent(story)
    story.at("2025-03-11T00:00:01")
    assert "object_late" not in [move["trigger"] for move in story.matter("wkr", record)["moves"]]

    assert story.move("wkr", record, "dispute", statement=STATEMENT)["state"] == "disputed"
    assert "dispute_opened" in story.told("sup")


# -- E8
@pytest.mark.clause("CBC-42", "CBC-43")
def test_e8_the_window_of_somebody_away_stands_still_and_is_whole_on_the_return(sandbox: Sandbox) -> None:
    story, record = case_sent(sandbox, CBC, "2025-03-03T16:00", "2025-03-03T09:00")
    story.at("2025-03-04T08:00")
    absence = away(story, "wkr", "2025-03-04")
    paused = deadline(story.matter("sup", record), "sign_by")
    assert (paused["status"], paused["due"], paused["receipt"]["left"]) == ("paused", None, "5 working days")
    story.at("2025-03-17T17:00")
    assert "deem" not in story.triggers("sup", record)

    story.move("hr1", absence, "return", last_day="2025-03-17")

    back = story.matter("wkr", record)
    assert (back["state"], due(back, "sign_by")) == ("awaiting_signature", ("2025-03-24", "running"))
    [pause] = deadline(back, "sign_by")["receipt"]["pauses"]
    assert (pause["from"], pause["to"], pause["because"]) == ("2025-03-04", "2025-03-17", "absent")
    story.at("2025-03-25T00:00")
    assert story.matter("sup", record)["state"] == "deemed_accepted"


@pytest.mark.clause("CBC-43")
def test_e8_an_absence_written_down_after_the_deeming_undoes_nothing(sandbox: Sandbox) -> None:
    story, record = case_sent(sandbox, CBC, "2025-03-03T16:00", "2025-03-03T09:00")
    story.at("2025-03-11T09:00")

    away(story, "wkr", "2025-03-04")

    deemed = story.matter("sup", record)
    assert (deemed["state"], due(deemed, "sign_by")) == ("deemed_accepted", ("2025-03-10", "missed"))


@pytest.mark.clause("NS-43", "LDS-24", "DAR-32", "HAR-23")
@pytest.mark.parametrize("policy", NEVER_DEEMED)
def test_e8_elsewhere_reminders_wait_for_the_return_and_nothing_else_follows(sandbox: Sandbox, policy: str) -> None:
    story, record = case_sent(sandbox, policy, "2025-03-03T16:00", "2025-03-03T09:00")
    story.at("2025-03-04T08:00")
    absence = away(story, "wkr", "2025-03-04")
    story.at("2025-03-18T08:00")
    assert "reminder" not in [*story.told("wkr", record), *story.told("sup", record)]

    story.move("hr1", absence, "return", last_day="2025-03-17")

    back = story.matter("wkr", record)
    assert (back["state"], due(back, "remind_by")) == ("awaiting_signature", ("2025-03-25", "running"))
    story.at("2025-03-26T09:00")
    assert "reminder" in story.told("wkr", record)


# -- E25
@pytest.mark.clause("NS-42", "NS-45", "CBC-40")
@pytest.mark.parametrize(
    ("policy", "kind", "expected", "under"),
    [
        ("north-somerset", "case", "2025-03-30T17:00:00+01:00", "NS-42"),
        ("north-somerset", "personal", "2025-03-30T17:00:00+01:00", "NS-45"),
        (CBC, "case", "2025-04-04T23:59:59+01:00", "CBC-40"),
        (CBC, "personal", "2025-04-04T23:59:59+01:00", "product default"),
        *((policy, kind, "2025-04-04T23:59:59+01:00", "product default")
          for policy in ("leeds", "darlington", "haringey") for kind in ("case", "personal")),
    ],
)  # fmt: skip
def test_e25_a_friday_session_when_the_clocks_go_forward(
    sandbox: Sandbox, policy: str, kind: str, expected: str, under: str
) -> None:
    story = sandbox.story(policy, "2025-03-28T09:00", cases=[case_of(policy)])
    session = held(story, "2025-03-28T16:00", kind, ("c1",) if kind == "case" else ())

    draft = story.one("sup", workflow="record", parent=session["id"])

    assert (draft["state"], draft["holder"]) == ("draft", "sup")
    assert (deadline(draft, "circulate_by")["due"], clause(draft, "circulate_by")) == (expected, under)
    story.at(expected[:19])
    assert deadline(story.matter("sup", draft), "circulate_by")["status"] == "running"
    story.at("2025-04-07T09:00")
    assert deadline(story.matter("sup", draft), "circulate_by")["status"] == "missed"
    assert "circulation_missed" in story.told("lm", draft)


# -- near misses
@pytest.mark.clause("NS-43", "LDS-24", "DAR-32", "HAR-23")
@pytest.mark.parametrize("policy", NEVER_DEEMED)
def test_a_record_amended_after_one_has_signed_is_signed_again_by_both(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    record = sent(story)
    assert set(record["data"]["signed"]) == {"supervisor"}
    story.move("wkr", record, "dispute", statement=STATEMENT)
    story.at("2025-03-05T10:00")
    section = record["data"]["empty_sections"][0]["name"]

    amended = story.move("sup", record, "amend", discussed_on="2025-03-05", sections={section: "As both now say."})

    assert (amended["state"], amended["holder"], amended["data"]["revision"]) == ("awaiting_signature", "wkr", 2)
    assert amended["data"]["signed"] == {"supervisor": london("2025-03-05T10:00")}
    signed = story.move("wkr", record, "sign")
    assert (signed["state"], set(signed["data"]["signed"])) == ("agreed", {"supervisor", "supervisee"})
    assert "signed" in story.told("sup", record)


@pytest.mark.clause("CBC-39")
def test_business_support_writes_a_case_record_and_never_a_personal_one(sandbox: Sandbox) -> None:
    story, draft = case_draft(sandbox, CBC, "2025-03-03T11:00", "2025-03-03T09:00")
    delegated = story.move("sup", draft, "delegate", person="bs")
    assert delegated["id"] in story.inbox("bs")

    sent_on = story.move("bs", draft, "circulate", sections={"case_discussion": "As dictated."})

    assert (sent_on["state"], story.matter("wkr", draft)["holder"]) == ("awaiting_signature", "wkr")
    personal = story.open("sup", "records", supervisee="wkr", kind="personal", sections={})
    refused = problem(story.try_move("sup", personal, "delegate", {"person": "bs"}), 409, "refused")
    assert refused["guard"] == "may_delegate"
    problem(story.send("bs", "GET", f"/matters/{personal['id']}"), 404, "not_found")


@pytest.mark.parametrize("policy", NEVER_DEEMED)
def test_elsewhere_no_record_is_handed_to_business_support(sandbox: Sandbox, policy: str) -> None:
    story, draft = case_draft(sandbox, policy, "2025-03-03T11:00", "2025-03-03T09:00")

    refused = problem(story.try_move("sup", draft, "delegate", {"person": "bs"}), 409, "refused")

    assert refused["guard"] == "may_delegate"
    assert (story.matter("sup", draft)["holder"], draft["id"] in story.inbox("bs")) == ("sup", False)

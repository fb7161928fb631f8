"""The inbox, the notices and the incidents: whose turn it is, who was told, and what no rule could settle."""

from __future__ import annotations

import pytest

from tests.acceptance.beginnings import away, booked, drafted, raised, sent
from tests.fixtures.served import Sandbox, Story, london, problem


# -- the inbox
def test_the_inbox_has_what_somebody_holds(either_story: Story) -> None:
    record = sent(either_story)

    assert record["id"] in either_story.inbox("wkr")
    assert record["id"] not in either_story.inbox("sup")


def test_the_inbox_of_each_has_what_waits_for_several(either_story: Story) -> None:
    dispute = raised(either_story)

    assert dispute["id"] in either_story.inbox("wkr")
    assert dispute["id"] in either_story.inbox("sup")
    assert dispute["id"] not in either_story.inbox("lm")


def test_the_inbox_has_the_queue_of_a_role(either_sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "rated", "criteria": "in-need", "allocated_on": "2025-02-24"}
    second_head = {"ref": "hos2", "job_role": "head_of_service", "above": "ad", "app_roles": "head_of_service"}
    story = either_sandbox.story("darlington", people=[second_head], cases=[case])
    rating = {"case": "c1", "category": "rated", "criteria": ["in-need"], "rating": "green", "reason": "Plan ended."}
    green = story.open("sup", "frequencies", **rating)

    for head in ("hos", "hos2"):
        assert green["id"] in story.inbox(head)
    assert green["id"] not in story.inbox("lm")

    story.move("hos", green, "approve")

    for head in ("hos", "hos2"):
        assert green["id"] not in story.inbox(head)


def test_the_soonest_due_comes_first_and_what_has_no_date_last(either_story: Story) -> None:
    later, soon, sooner = (booked(either_story, f"2025-03-{day}T10:00") for day in ("20", "13", "05"))
    record = drafted(either_story)

    mine = either_story.items("sup", "/inbox")

    order = [m["id"] for m in mine if m["id"] in {later["id"], soon["id"], sooner["id"], record["id"]}]
    assert order == [sooner["id"], soon["id"], record["id"], later["id"]]
    dues = [min((d["due"] for d in m["deadlines"] if d["status"] == "running"), default="9999") for m in mine]
    assert dues == sorted(dues)


def test_an_inbox_is_only_ones_own(story: Story) -> None:
    mine = {sent(story)["id"], booked(story)["id"]}

    for who in ("wkr2", "hr1", "aud", "admin", "hos"):
        assert not mine & set(story.inbox(who))


def test_what_was_done_leaves_the_inbox(story: Story) -> None:
    record = sent(story)

    assert record["id"] in story.inbox("wkr")

    story.move("wkr", record, "sign")

    assert record["id"] not in story.inbox("wkr")


# -- notices
def test_a_notice_says_to_whom_about_what_and_when(either_story: Story) -> None:
    record = sent(either_story)

    [notice] = [n for n in either_story.items("wkr", "/notices") if n["about"] == record["id"]]

    assert set(notice) == {"to", "about", "kind", "subject", "body", "at", "status"}
    assert (notice["to"], notice["kind"], notice["status"]) == ("wkr", "signature_asked", "delivered")
    assert notice["subject"] == "A supervision record waits for your signature"
    assert notice["at"] == london("2025-03-03T09:00")


def test_what_a_deadline_causes_at_night_is_not_there_before_the_office_opens(either_story: Story) -> None:
    record = sent(either_story)
    either_story.at("2025-03-11T00:00")
    assert either_story.matter("wkr", record)["state"] == "deemed_accepted"
    assert "deemed_accepted" not in either_story.told("wkr", record)

    either_story.at("2025-03-11T08:59:59")
    assert "deemed_accepted" not in either_story.told("wkr", record)

    either_story.at("2025-03-11T09:00")
    assert either_story.told("wkr", record)[0] == "deemed_accepted"


def test_what_a_deadline_causes_before_a_weekend_waits_for_the_working_day(story: Story) -> None:
    session = booked(story, "2025-03-06T10:00")
    story.at("2025-03-09T12:00")
    assert story.matter("sup", session)["state"] == "missed"
    assert "session_missed" not in story.told("sup", session)

    story.at("2025-03-10T09:00")

    [missed] = [n for n in story.items("sup", "/notices") if n["kind"] == "session_missed"]
    assert missed["at"] == london("2025-03-10T09:00")


def test_what_a_person_causes_is_told_at_once_at_any_hour(story: Story) -> None:
    story.at("2025-03-08T22:15")

    record = sent(story)

    assert story.told("wkr", record) == ["signature_asked"]


def test_the_newest_notice_comes_first(story: Story) -> None:
    first = sent(story)
    story.at("2025-03-04T10:00")
    second = sent(story)

    about = [n["about"] for n in story.items("wkr", "/notices") if n["kind"] == "signature_asked"]
    assert about == [second["id"], first["id"]]


def test_notices_are_only_ones_own(story: Story) -> None:
    record = sent(story)

    for who in ("sup", "wkr2", "admin", "aud", "lm"):
        assert "signature_asked" not in story.told(who, record)


def test_no_notice_carries_what_was_written(story: Story) -> None:
    dispute = raised(story, "Quarrelsome marmalade.")
    story.move("wkr", dispute, "escalate")
    story.at("2025-04-10T12:00")

    for who in ("wkr", "sup", "lm", "hos", "ad"):
        assert "marmalade" not in str(story.items(who, "/notices"))


def test_a_notice_leads_to_a_matter_that_its_reader_may_see(story: Story) -> None:
    booked(story)
    sent(story)
    story.move("wkr", raised(story), "escalate")
    away(story, "sup")
    story.at("2025-04-10T12:00")

    for who in ("wkr", "wkr2", "sup", "sup2", "lm", "hos", "ad", "hr1", "bs"):
        for notice in story.items(who, "/notices"):
            assert story.send(who, "GET", f"/matters/{notice['about']}").status_code == 200, notice


# -- incidents
def test_an_administrator_sees_what_nobody_is_left_for(either_story: Story) -> None:
    dispute = raised(either_story)
    for _ in range(3):
        either_story.move("wkr", dispute, "escalate")
    either_story.at("2025-04-30T12:00")

    found = [i for i in either_story.items("admin", "/incidents") if i["about"] == dispute["id"]]

    assert found
    assert all(set(i) == {"id", "about", "kind", "detail", "at", "closed_at"} for i in found)
    assert [i["at"] for i in found] == sorted((i["at"] for i in found), reverse=True)


@pytest.mark.parametrize("who", ["wkr", "sup", "lm", "hos", "ad", "aud", "bs"])
def test_incidents_are_for_administrators(story: Story, who: str) -> None:
    problem(story.send(who, "GET", "/incidents"), 403, "not_your_move")

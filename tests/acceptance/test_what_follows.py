"""What will follow from a move is said before it is taken, changes nothing, and comes true when it is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.api.asking import Requests
from service.api.bodies import parsed
from service.engine.preview import Preview, what_would_follow
from service.identity.rates import Rates
from service.identity.scopes import Credential, Scope
from service.identity.uses import Uses
from tests.acceptance.beginnings import away, booked, disputed, raised, sent
from tests.fixtures.served import Story, london
from workflows.receipts import iso
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

#: A story's beginning, who moves, the move, and what it carries.
Begin = Callable[[Story], dict[str, Any]]


def foretold(story: Story, who: str, matter: dict[str, Any], trigger: str, data: dict[str, Any]) -> Preview:
    """What somebody would be told to expect of their move."""
    payload = parsed(DEFINITIONS[Workflow(matter["workflow"])].by_trigger[trigger][0].payload, data)
    requests = Requests(story.door, Rates(None, 0, 0), Uses(timedelta(hours=1)))
    with requests.reading(Credential(story.token(who), Scope.read)) as asking:
        return what_would_follow(asking.reader, asking.work, asking.rows, UUID(matter["id"]), (trigger, payload))


def to_be_decided(story: Story) -> dict[str, Any]:
    disputed(story)
    return story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")


def uncovered(story: Story) -> dict[str, Any]:
    booked(story, "2025-03-28T10:00")
    away(story, "sup")
    story.at("2025-03-18T09:00")
    return story.one("lm", workflow="absence")


def referred(story: Story) -> dict[str, Any]:
    return story.open("sup", "referrals", supervisee="wkr", about="records", facts="Four visits are not on file.")


def _decide(outcome: str) -> tuple[Begin, str, str, dict[str, Any]]:
    return to_be_decided, "lm", "decide", {"outcome": outcome, "reasons": "Both remember it so."}


CASES: dict[str, tuple[Begin, str, str, dict[str, Any]]] = {
    "a record is signed": (sent, "wkr", "sign", {}),
    "a record is disputed": (sent, "wkr", "dispute", {"statement": "No."}),
    "a session is cancelled": (booked, "sup", "cancel", {"cause": "diary", "reason": "A hearing."}),
    "a disagreement goes up": (raised, "wkr", "escalate", {}),
    "the record stands": _decide("record_stands"),
    "the record is to be amended": _decide("amend_record"),
    "the comments are attached": _decide("attach_comments"),
    "there is to be another supervisor": _decide("change_supervisor"),
    "everybody is covered": (uncovered, "lm", "assign_cover", {"cover": {"wkr": "sup2", "wkr2": "lm", "bs": "sup2"}}),
    "a referral is passed on": (referred, "sup", "submit", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_foretold_comes_true(either_story: Story, case: str) -> None:
    story = either_story
    begin, who, trigger, data = CASES[case]
    matter = begin(story)
    before = story.matter(who, matter)

    expected = foretold(story, who, matter, trigger, data)
    assert story.matter(who, matter) == before
    story.move(who, matter, trigger, **data)

    for followed in expected.matters:
        found = story.matter(who, str(followed.matter.id))
        assert (found["state"], found["holder"]) == (followed.matter.state, followed.matter.holder)
        running = {(d["name"], d["due"]) for d in found["deadlines"] if d["status"] in ("running", "paused")}
        assert {(d.name, d.due and iso(d.due)) for d in followed.begins} <= running
        for told in followed.told:
            assert told.subject in [n["subject"] for n in story.items(told.to, "/notices") if n["about"] == found["id"]]
    changed = {(ref, value) for ref, field, value in expected.people if field == "cover"}
    assert changed == {(ref, story.get("hr1", f"/people/{ref}")["supervisor"]) for ref, _ in changed}


def test_a_decision_on_a_record_is_foretold_with_the_date_that_it_begins(story: Story) -> None:
    expected = foretold(story, "lm", to_be_decided(story), *_decide("amend_record")[2:])

    [record] = [followed for followed in expected.matters if followed.matter.workflow is Workflow.record]

    assert [(d.name, d.due and iso(d.due)) for d in record.begins] == [("amend_by", london("2025-03-10T23:59:59"))]
    assert "A record is to be amended" in [told.subject for told in record.told]


def test_what_the_rules_refuse_is_refused_before_it_is_tried(story: Story) -> None:
    matter = raised(story)
    story.move("wkr", matter, "escalate")

    with pytest.raises(Refused, match="no record here"):
        foretold(story, "lm", matter, "decide", {"outcome": "amend_record", "reasons": "It reads better."})


def test_nobody_is_told_of_what_they_may_not_know(story: Story) -> None:
    """Cover moves everything that is open between two people; a referral about one of them is not among it."""
    referral = referred(story)
    absence = uncovered(story)

    expected = foretold(story, "lm", absence, "assign_cover", {"cover": {"wkr": "sup2"}})

    assert referral["id"] not in {str(followed.matter.id) for followed in expected.matters}


def test_a_supervisor_who_is_no_manager_is_told_of_the_absence_that_follows(story: Story) -> None:
    story.list_people([{"ref": "wkr", "job_role": "social_worker", "line_manager_ref": "lm", "supervisor_ref": "sup"}])
    session = booked(story)

    expected = foretold(story, "sup", session, "cancel", {"cause": "sickness", "whose": "wkr", "reason": "Ill."})

    assert {one.matter.workflow for one in expected.matters} >= {Workflow.session, Workflow.absence}

"""Nobody reads, lists, counts, infers or moves what is not theirs: the ways round that were tried, each kept shut."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.storage.matter_tables import idempotency_keys
from tests.acceptance.beginnings import CASE, agreed_terms, sent
from tests.fixtures.served import Sandbox, Story, london, ok, problem

WORD = "marmalade"
CBC = "central-bedfordshire"
HR2 = {"ref": "hr2", "job_role": "hr_adviser", "above": "ad", "app_roles": "hr"}
AUD2 = {"ref": "aud2", "job_role": "quality_officer", "above": "ad", "app_roles": "auditor"}
DELAY = {"authorised_by": "hos", "authority": "Else it is lost."}


def put_off(story: Story, about: str, **more: Any) -> dict[str, Any]:
    """A request for somebody's records of which they are to hear later."""
    body = {"kind": "investigation", "requester": "The panel", "about": "person", "supervisee": about, "delay": DELAY}
    return story.open("hr1", "disclosures", **{**body, **more})


def is_hidden(story: Story, who: str, matter: dict[str, Any]) -> bool:
    """Whether a matter answers somebody as one that does not exist, by every route and list."""
    parts = ("", "/history", "/what-if-nothing", "/views")
    statuses = {story.send(who, "GET", f"/matters/{matter['id']}{part}").status_code for part in parts}
    lists = [story.items(who, path) for path in ("/matters", "/inbox", "/notices")]
    moved = story.try_move(who, matter, "withdraw", {"reason": "Guessing."}).status_code
    return statuses == {404} and moved == 404 and matter["id"] not in str(lists)


# -- what is kept beside the sealed texts
def test_a_kept_answer_has_no_words_of_an_agreement(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story()
    terms = agreed_terms(CBC, location=f"In a {WORD} room.")
    body, key = {"supervisee": "wkr", "terms": terms}, {"Idempotency-Key": "terms"}

    first = ok(story.try_open("sup", "agreements", body, key), 201)

    assert first["data"]["terms"]["location"] == f"In a {WORD} room."
    with story.door.database.read(UUID(story.organisation)) as connection:
        kept = connection.execute(select(idempotency_keys.c.answer)).scalars().all()
    assert kept
    assert WORD not in str(kept)
    assert ok(story.try_open("sup", "agreements", body, key), 201) == first


# -- records in lists
@pytest.mark.clause("CBC-63", "CBC-64", "NS-48")
@pytest.mark.parametrize("who", ["lm", "hr1", "aud"])
def test_nobody_but_its_two_parties_reads_a_record_in_a_list_unseen(story: Story, who: str) -> None:
    record = sent(story, professional_development=f"Tired of {WORD}.")

    [listed] = story.items(who, "/matters", workflow="record")

    assert listed["id"] == record["id"]
    assert WORD not in str(listed)
    assert story.items("wkr", f"/matters/{record['id']}/views") == []
    assert WORD in str(story.matter(who, record))
    assert [row["viewer"] for row in story.items("wkr", f"/matters/{record['id']}/views")] == [who]
    for party in ("wkr", "sup"):
        assert WORD in str(story.items(party, "/matters", workflow="record"))


@pytest.mark.clause("CBC-39", "CBC-63")
def test_whoever_writes_a_record_for_the_supervisor_does_not_read_it_in_the_answer_unseen(story: Story) -> None:
    story.list_cases([CASE])
    sections = {"case_discussion": f"About {WORD}."}
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=sections)
    story.move("sup", record, "delegate", person="bs")

    written = story.move("bs", record, "write", sections={"plan_and_impact": "Visits go on."})

    assert WORD in str(written)
    found = story.items("wkr", f"/matters/{record['id']}/views")
    assert [(row["viewer"], row["what"], row["standing"]) for row in found] == [("bs", "move", "named")]


@pytest.mark.clause("NS-58", "NS-59")
@pytest.mark.parametrize("who", ["lm", "hr1", "aud"])
def test_nobody_outside_a_group_reads_its_record_unseen_through_its_next_meeting(sandbox: Sandbox, who: str) -> None:
    story = sandbox.story("north-somerset")
    body: dict[str, Any] = {"kind": "group", "participants": ["wkr", "wkr2"], "minutes": 60}
    first = story.open("sup", "sessions", starts_at=london("2025-03-05T10:00"), **body)
    story.at("2025-03-05T11:00")
    held = {"held_at": london("2025-03-05T11:00"), "minutes": 60, "confidentiality_agreed": True}
    story.move("sup", first, "hold", **held)
    record = story.one("sup", workflow="record", parent=first["id"])
    story.move("sup", record, "circulate", sections={"suggestions_picked": f"Draw a {WORD}."})
    second = story.open("sup", "sessions", starts_at=london("2025-03-12T10:00"), follows=first["id"], **body)

    assert WORD in str(story.matter("wkr2", second))
    assert WORD not in str(story.matter(who, second))
    assert WORD in str(story.matter(who, record))


# -- requests of which the people concerned are to hear later
@pytest.mark.clause("CBC-63", "DAR-24", "DAR-25")
@pytest.mark.parametrize(
    "role", ["hr", "auditor", "administrator"], ids=["human resources", "auditor", "administrator"]
)
def test_no_office_shows_somebody_the_request_that_is_put_off_for_them(either_sandbox: Sandbox, role: str) -> None:
    person = {"ref": "wkr", "job_role": "social_worker", "above": "sup", "app_roles": role}
    story = either_sandbox.story("darlington", people=[person])
    sent(story)

    request = put_off(story, "wkr")

    assert is_hidden(story, "wkr", request)
    assert is_hidden(story, "sup", request)
    story.move("hr1", request, "tell_supervisee")
    assert story.matter("wkr", request)["id"] == request["id"]


@pytest.mark.clause("DAR-25")
def test_an_administrator_has_no_incident_of_the_request_that_is_put_off_for_them(either_sandbox: Sandbox) -> None:
    person = {"ref": "wkr", "job_role": "social_worker", "above": "sup", "app_roles": "administrator"}
    alone = {"ref": "hr1", "job_role": "hr_adviser", "line_manager_ref": "", "app_roles": "hr"}
    story = either_sandbox.story("darlington", people=[person, alone])
    sent(story)
    request = put_off(story, "wkr")
    story.at("2025-03-31T09:00")

    about = {who: {i["about"] for i in story.items(who, "/incidents")} for who in ("admin", "wkr")}

    assert request["id"] in about["admin"]
    assert about["wkr"] == about["admin"] - {request["id"]}


@pytest.mark.clause("DAR-25")
def test_a_supervisor_for_whom_it_is_put_off_sees_no_view_of_it_on_anothers_record(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")
    earlier = sent(story)
    ok(story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup2"}]))
    own = story.open("sup2", "records", supervisee="wkr", kind="personal", sections={})
    request = story.move("hr1", put_off(story, "wkr"), "review")
    story.get("hr1", f"/disclosures/{request['id']}/copy")

    def seen(record: dict[str, Any]) -> list[str]:
        return [row["viewer"] for row in story.items("sup2", f"/matters/{record['id']}/views") if row["disclosure"]]

    assert (seen(own), seen(earlier)) == ([], [])
    story.move("hr1", request, "tell_supervisee")
    assert (seen(own), seen(earlier)) == (["hr1"], ["hr1"])


def test_whoever_reads_a_record_learns_of_no_request_that_they_may_not_see(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("darlington")
    record = sent(story)
    request = story.move("hr1", put_off(story, "wkr"), "review")
    story.get("hr1", f"/disclosures/{request['id']}/copy")

    assert is_hidden(story, "lm", request)
    assert request["id"] not in str(story.items("lm", f"/matters/{record['id']}/views"))
    assert request["id"] in str(story.items("aud", f"/matters/{record['id']}/views"))


def test_who_asks_for_records_and_works_in_human_resources_has_the_copy_of_nobody_elses(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington", people=[HR2])
    sent(story)
    request = story.open(
        "hr1", "disclosures", kind="investigation", requester="A colleague", about="person", supervisee="wkr",
        requested_by="hr2",
    )  # fmt: skip
    story.move("hr1", request, "review")

    problem(story.send("hr2", "GET", f"/disclosures/{request['id']}/copy"), 403, "not_your_move")
    assert story.get("hr1", f"/disclosures/{request['id']}/copy")["records"]


# -- audits
@pytest.mark.clause("CBC-49")
@pytest.mark.parametrize("audited", ["wkr", "sup", "lm"])
@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_no_office_shows_the_audited_which_case_was_drawn_before_it_is_reported(
    either_sandbox: Sandbox, audited: str, role: str
) -> None:
    posts = {"wkr": ("social_worker", "sup"), "sup": ("team_manager", "lm"), "lm": ("service_manager", "hos")}
    post, above = posts[audited]
    person = {"ref": audited, "job_role": post, "above": above, "app_roles": role}
    story = either_sandbox.story(people=[person, AUD2], cases=[CASE])
    story.at("2025-04-01T09:00")
    [audit] = [m for m in story.items("aud2", "/inbox") if m["kind"] == "case_sample"]

    assert is_hidden(story, audited, audit)
    assert story.items(audited, "/matters", workflow="audit", case="c1") == []
    problem(story.send(audited, "GET", f"/matters/{audit['parent']}/history"), 404, "not_found")
    story.move("aud2", audit, "take")
    story.move("aud2", audit, "report", findings={"frequency": "Monthly."})
    assert story.matter(audited, audit)["state"] == "closed"


@pytest.mark.parametrize("about", [{"case": "c1"}, {"team_manager": "sup"}], ids=["case", "team"])
def test_an_audited_auditor_hears_nothing_of_an_audit_that_is_opened_by_hand(
    either_sandbox: Sandbox, about: dict[str, str]
) -> None:
    audited = {"ref": "sup", "job_role": "team_manager", "above": "lm", "app_roles": "auditor"}
    story = either_sandbox.story(people=[audited, AUD2], cases=[CASE])

    audit = story.open("aud", "audits", kind="case_sample", **about)
    story.at("2025-03-31T09:00")

    assert story.told("aud2", audit)
    assert is_hidden(story, "sup", audit)


@pytest.mark.clause("DAR-23")
def test_an_audited_auditor_sees_no_review_of_rated_cases_with_their_own_in_it(either_sandbox: Sandbox) -> None:
    audited = {"ref": "sup", "job_role": "team_manager", "above": "lm", "app_roles": "auditor"}
    case = {**CASE, "category": "rated", "criteria": "in-need"}
    story = either_sandbox.story("darlington", people=[audited], cases=[case])
    story.open("sup", "frequencies", case="c1", category="rated", criteria=["in-need"], rating="amber", reason="Risk.")

    audit = story.open("aud", "audits", kind="rated")

    assert story.matter("aud", audit)["data"]["cases"] == ["c1"]
    assert is_hidden(story, "sup", audit)


@pytest.mark.parametrize("audited", ["sup", "lm", "wkr"])
def test_an_audited_auditor_hears_nothing_of_an_observation(either_sandbox: Sandbox, audited: str) -> None:
    posts = {"wkr": ("social_worker", "sup"), "sup": ("team_manager", "lm"), "lm": ("service_manager", "hos")}
    post, above = posts[audited]
    person = {"ref": audited, "job_role": post, "above": above, "app_roles": "auditor"}
    story = either_sandbox.story(people=[person], cases=[CASE])

    audit = story.open("aud", "audits", kind="peer_observation", observed="sup")

    assert is_hidden(story, audited, audit)
    assert story.matter("aud", audit)["data"]["observed"] == "sup"


# -- files of people who come back
def test_nobody_in_human_resources_decides_on_their_own_file(sandbox: Sandbox) -> None:
    people = [HR2, {**HR2, "ref": "wkr", "above": "sup"}]
    story = sandbox.story("north-somerset", people=people)
    ok(story.list_people([{**HR2, "ref": "wkr", "above": "sup", "end_date": "2025-03-31"}]))
    story.at("2025-04-01T09:00")
    file = story.one("hr1", workflow="retention", party="wkr")
    grounds = [g["name"] for g in story.get("hr1", "/policies/north-somerset")["values"]["retention"]["hold_grounds"]]
    story.move("hr1", file, "hold", ground=grounds[0], reason="An inquiry.")
    ok(story.list_people([{**HR2, "ref": "wkr", "above": "sup", "end_date": ""}]))

    assert story.matter("wkr", file)["moves"] == []
    refused = story.try_move("wkr", file, "release", {"reason": "It is mine."})
    assert problem(refused, 409, "refused")["guard"] == "is_not_own_file"
    assert story.move("hr1", file, "release", reason="It is over.")["state"] == "cancelled"


# -- what is counted
def test_a_closure_counts_no_deadline_of_a_sealed_referral(sandbox: Sandbox) -> None:
    def moved(*, referred: bool) -> int:
        story = sandbox.story()
        if referred:
            story.open("sup", "referrals", supervisee="wkr", about="record keeping", facts="Four visits.")
        day = {"date": "2025-03-05", "reason": "Snow."}
        count: int = ok(story.send("admin", "POST", "/closures", json=day), 201)["moved"]
        return count

    assert moved(referred=True) == moved(referred=False)

"""A request for records over HTTP, from the asking to the copy that goes out."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from service.storage.audit_copies import check_audit_copy
from tests.acceptance.beginnings import CASE, booked, drafted, sent
from tests.acceptance.browsing import browsing
from tests.fixtures.served import Sandbox, Story, ok, problem

CHILD, WORKER = "The child said that she was afraid.", "The worker was tired that day."


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    return sandbox.story(
        cases=[CASE], people=[{"ref": "hr2", "job_role": "hr_adviser", "line_manager_ref": "ad", "app_roles": "hr"}]
    )


def case_record(story: Story, **sections: str) -> dict[str, Any]:
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=sections)
    return story.move("sup", record, "circulate")


def asked(story: Story, kind: str = "access_to_files", **more: Any) -> dict[str, Any]:
    return story.open(
        "hr1", "disclosures", kind=kind, requester="The mother", **{"about": "case", "case": "c1", **more}
    )


def copy_of(story: Story, who: str, request: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = story.get(who, f"/disclosures/{request['id']}/copy")
    return found


def try_copy(story: Story, who: str, request: dict[str, Any]) -> httpx.Response:
    return story.send(who, "GET", f"/disclosures/{request['id']}/copy")


@pytest.mark.clause("CBC-65", "CBC-66", "CBC-67", "CBC-91")
def test_e29_a_disputed_record_goes_out_with_its_status_and_only_grounds_of_the_policy(story: Story) -> None:
    record = case_record(story, case_discussion=f"{CHILD} {WORKER}", plan_and_impact="Visits go on.")
    story.move("wkr", record, "dispute", statement="I was not tired.")
    drafted(story, personal_discussion="Private.")

    request = story.move("hr1", asked(story), "review")
    first = copy_of(story, "hr1", request)["records"]
    assert [found["id"] for found in first] == [record["id"]]
    step = first[0]["sections"][0]["step"]
    start = len(CHILD) + 1
    story.move("hr1", request, "redact", record=record["id"], section="case_discussion", ground="about_the_worker",
               step=step, start=start, end=start + len(WORKER))  # fmt: skip
    story.move("hr1", request, "redact", record=record["id"], section="plan_and_impact", ground="crime")
    refused = story.try_move("hr1", request, "redact",
                             {"record": record["id"], "section": "case_discussion", "ground": "awkward"})  # fmt: skip
    assert problem(refused, 409, "refused")["guard"] == "is_a_ground"
    assert problem(story.try_move("hr1", request, "disclose"), 409, "refused")["guard"] == "paper_was_reviewed"
    story.move("hr1", request, "disclose", paper_notes="reviewed")

    [given] = copy_of(story, "hr2", request)["records"]
    assert (given["state"], given["says"]) == ("disputed", "The record is disputed.")
    by_name = {section["name"]: section["parts"] for section in given["sections"]}
    assert by_name["case_discussion"][0] == {"text": f"{CHILD} "}
    assert (by_name["case_discussion"][1]["withheld"], by_name["case_discussion"][1]["clause"]) == (
        "about_the_worker", "CBC-66"
    )  # fmt: skip
    assert [part["withheld"] for part in by_name["plan_and_impact"]] == ["crime"]
    assert given["comments"]["parts"] == [{"text": "I was not tired."}]
    assert WORKER not in str(given)


@pytest.mark.clause("CBC-65")
def test_e29_personal_supervision_is_not_disclosed_but_a_workers_own_request_is_passed_on(story: Story) -> None:
    sent(story)
    body = {"about": "person", "supervisee": "wkr", "kind": "access_to_files", "requester": "A relative"}
    refused = problem(story.try_open("hr1", "disclosures", body), 409, "refused")
    assert "CBC-65" in refused["detail"]
    request = story.open("hr1", "disclosures", **{**body, "requested_by": "wkr"})
    assert "refer" in {move["trigger"] for move in request["moves"]}
    assert "review" not in {move["trigger"] for move in request["moves"]}
    assert story.move("hr1", request, "refer", reason="Their own data.")["state"] == "referred"


@pytest.mark.clause("NS-46", "HAR-37")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "darlington", "haringey"])
def test_e29_where_the_policy_is_silent_information_governance_decides(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    sent(story)
    request = asked(story, about="person", case=None, supervisee="wkr")
    refused = problem(story.try_move("hr1", request, "review"), 409, "refused")
    assert "information governance" in refused["detail"]
    assert story.move("hr1", request, "refer", reason="The officer decides.")["state"] == "referred"


@pytest.mark.parametrize(
    ("policy", "category"), [("north-somerset", "child-in-need"), ("darlington", "assessment"), ("haringey", "adult")]
)
def test_a_request_about_a_case_without_records_is_passed_on(sandbox: Sandbox, policy: str, category: str) -> None:
    story = sandbox.story(policy, cases=[{**CASE, "category": category}])
    request = story.move("hr1", asked(story), "refer", reason="The officer decides.")
    assert request["state"] == "referred"


@pytest.mark.clause("HAR-37")
def test_e29_haringey_releases_records_for_legal_proceedings(sandbox: Sandbox) -> None:
    story = sandbox.story("haringey")
    sent(story)
    request = story.move("hr1", asked(story, "legal", about="person", case=None, supervisee="wkr"), "review")
    assert story.move("hr1", request, "disclose")["state"] == "disclosed"


@pytest.mark.clause("LDS-45")
def test_e29_a_serious_case_review_freezes_what_leeds_would_amend(sandbox: Sandbox) -> None:
    story = sandbox.story("leeds")
    record = story.move("wkr", sent(story), "dispute", statement="No.")
    asked(story, "serious_case_review", about="person", case=None, supervisee="wkr")
    assert "amend" not in {move["trigger"] for move in story.matter("sup", record)["moves"]}
    answer = story.try_move("sup", record, "amend", {"discussed_on": "2025-03-03", "sections": {}})
    assert "LDS-45" in problem(answer, 409, "refused")["detail"]


def test_what_is_amended_later_is_not_what_was_given_out(story: Story) -> None:
    record = case_record(story, case_discussion="As it was.")
    story.move("wkr", record, "dispute", statement="No.")
    request = story.move("hr1", asked(story), "review")
    story.move("hr1", request, "disclose", paper_notes="none")
    story.move("sup", record, "amend", discussed_on="2025-03-03", sections={"case_discussion": "As it is."})

    [given] = copy_of(story, "hr1", request)["records"]

    assert (given["state"], given["sections"][0]["parts"]) == ("disputed", [{"text": "As it was."}])


def test_a_part_that_was_marked_in_an_older_text_withholds_the_new_one(story: Story) -> None:
    record = case_record(story, case_discussion="As it was.")
    story.move("wkr", record, "dispute", statement="No.")
    request = story.move("hr1", asked(story), "review")
    story.move("hr1", request, "redact", record=record["id"], section="case_discussion", ground="crime", step=1,
               start=0, end=2)  # fmt: skip
    story.move("sup", record, "amend", discussed_on="2025-03-03", sections={"case_discussion": "As it is."})
    [found] = copy_of(story, "hr1", request)["records"]
    assert [part["withheld"] for part in found["sections"][0]["parts"]] == ["crime"]


@pytest.mark.clause("CBC-63")
def test_the_people_concerned_see_the_request_and_their_own_part_of_the_copy(story: Story) -> None:
    mine = case_record(story, case_discussion="Mine.")
    request = asked(story)
    assert story.told("wkr", request) == ["records_asked_for"]
    problem(try_copy(story, "wkr2", request), 404, "not_found")
    problem(try_copy(story, "wkr", request), 409, "refused")
    story.move("hr1", request, "review")
    problem(try_copy(story, "wkr", request), 409, "refused")
    story.move("hr1", request, "disclose", paper_notes="none")
    assert [found["id"] for found in copy_of(story, "wkr", request)["records"]] == [mine["id"]]
    problem(try_copy(story, "aud", request), 403, "not_your_move")
    problem(try_copy(story, "hr1", mine), 404, "not_found")


@pytest.mark.clause("CBC-63")
def test_the_people_concerned_are_told_of_their_own_records_and_of_nobody_elses(sandbox: Sandbox) -> None:
    """Two workers had the case one after the other, each with a supervisor of their own."""
    story = sandbox.story(cases=[CASE], people=[{"ref": "wkr2", "above": "sup2"}])
    mine = case_record(story, case_discussion="Mine.")
    story.list_cases([{**CASE, "worker_ref": "wkr2"}])
    body = {"supervisee": "wkr2", "kind": "case", "case": "c1", "sections": {"case_discussion": "Theirs."}}
    theirs = story.move("sup2", story.open("sup2", "records", **body), "circulate")
    request = story.move("hr1", asked(story, records=[mine["id"], theirs["id"]]), "review")
    for record in (mine, theirs):
        story.move("hr1", request, "redact", record=record["id"], section="case_discussion", ground="crime")
    story.move("hr1", request, "disclose", paper_notes="none")

    def told(who: str) -> str:
        history, listed = story.items(who, f"/matters/{request['id']}/history"), story.items(who, "/matters")
        return str((story.matter(who, request), history, [m for m in listed if m["id"] == request["id"]]))

    seen = {who: [record["id"] in told(who) for record in (mine, theirs)] for who in ("wkr", "sup", "wkr2", "hr1")}
    assert seen == {"wkr": [True, False], "sup": [True, False], "wkr2": [False, True], "hr1": [True, True]}
    assert "wkr2" not in told("wkr")
    data = story.matter("wkr", request)["data"]
    assert [row["id"] for row in data["records"]] == [row["record"] for row in data["redactions"]] == [mine["id"]]
    with browsing(story, "wkr") as browser:
        page = browser.get(f"/matters/{request['id']}").text
    assert "Records of other people that are asked for with them: 1." in page


@pytest.mark.clause("CBC-63", "DAR-25")
def test_whoever_looks_the_records_through_is_seen_once_the_people_were_told(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")
    record = sent(story)
    delay = {"authorised_by": "hos", "authority": "Else it is lost."}
    request = asked(story, "investigation", about="person", case=None, supervisee="wkr", delay=delay)
    story.move("hr1", request, "review")
    problem(story.send("wkr", "GET", f"/matters/{request['id']}"), 404, "not_found")
    copy_of(story, "hr1", request)
    assert story.items("wkr", "/me/views") == []
    assert [row["viewer"] for row in story.items("aud", f"/matters/{record['id']}/views")] == ["hr1"]

    story.move("hr1", request, "tell_supervisee")

    [row] = story.items("wkr", "/me/views")
    assert (row["viewer"], row["what"], row["disclosure"]) == ("hr1", "disclosure", request["id"])
    assert story.matter("wkr", request)["state"] == "in_review"


def test_a_portfolio_copy_names_no_case(sandbox: Sandbox) -> None:
    story = sandbox.story("haringey")
    sent(story)
    request = asked(story, "portfolio", about="person", case=None, supervisee="wkr", requested_by="wkr")
    story.move("hr1", request, "review")
    [found] = copy_of(story, "hr1", request)["records"]
    assert found["case"] is None


@pytest.mark.clause("HAR-34")
def test_an_auditor_has_a_copy_without_wellbeing_that_proves_itself(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("haringey")
    record = sent(story, health_and_wellbeing="Not sleeping.", any_other_business="A course.")

    copy = story.get("aud", f"/records/{record['id']}/audit-copy")

    assert check_audit_copy(copy) == []
    texts = {section["name"]: section["text"] for section in copy["sections"]}
    assert texts == {"health_and_wellbeing": "wellbeing discussion", "any_other_business": "A course."}
    assert "Not sleeping." not in str(copy)
    assert ("aud", "audit_copy") in {(v["viewer"], v["what"]) for v in story.items("wkr", "/me/views")}
    copy["sections"][0]["commitment"] = "0" * 64
    assert check_audit_copy(copy)


@pytest.mark.clause("HAR-34")
def test_nor_does_an_auditor_read_of_wellbeing_by_another_way(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("haringey")
    record = sent(story, health_and_wellbeing="Not sleeping.", any_other_business="A course.")

    shown = story.matter("aud", record)
    history = story.items("aud", f"/matters/{record['id']}/history")

    assert shown["data"]["sections"] == {
        "health_and_wellbeing": "wellbeing discussion", "any_other_business": "A course."
    }  # fmt: skip
    assert "A course." in str(history)
    assert "Not sleeping." not in str(history)
    for who in ("wkr", "sup", "lm"):
        assert "Not sleeping." in str(story.matter(who, record))


@pytest.mark.clause("HAR-34")
def test_nor_in_the_words_of_a_dispute_or_of_an_agenda(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("haringey")
    session = story.move("wkr", booked(story), "prepare", items=["How I sleep."])
    record = sent(story, health_and_wellbeing="Not sleeping.", any_other_business="A course.")
    story.move("wkr", record, "dispute", statement="I do sleep.", passages=["Not sleeping."])
    dispute = story.one("wkr", workflow="dispute")

    for matter in (session, record, dispute):
        answered = str((story.matter("aud", matter), story.items("aud", f"/matters/{matter['id']}/history")))
        assert "sleep" not in answered
        assert "wellbeing discussion" in answered
    assert "How I sleep." in str(story.matter("sup", session))


def test_whoever_reads_by_another_ground_as_well_reads_all_of_it(sandbox: Sandbox) -> None:
    people = [{"ref": "hr1", "app_roles": "hr;auditor"}, {"ref": "lm", "app_roles": "auditor"}]
    story = sandbox.story(people=people)
    record = sent(story, personal_discussion="Not sleeping.")

    assert "Not sleeping." in str(story.matter("hr1", record))
    assert "Not sleeping." not in str(story.matter("aud", record))
    assert "Not sleeping." not in str(story.matter("lm", record))


def test_an_audit_copy_is_for_auditors_alone(story: Story) -> None:
    record = sent(story)
    for who in ("wkr", "sup", "lm", "hr1"):
        problem(story.send(who, "GET", f"/records/{record['id']}/audit-copy"), 403, "not_your_move")
    for who in ("wkr2", "admin"):
        problem(story.send(who, "GET", f"/records/{record['id']}/audit-copy"), 404, "not_found")
    request = asked(story, "legal", about="person", case=None, supervisee="wkr")
    problem(story.send("aud", "GET", f"/records/{request['id']}/audit-copy"), 404, "not_found")
    assert ok(story.send("aud", "GET", f"/records/{record['id']}/audit-copy"))["sections"] == []


# -- portfolios
@pytest.mark.clause("HAR-39")
def test_a_portfolio_copy_of_ones_own_record_names_no_case_and_no_colleague(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("haringey", cases=[{**CASE, "ref": "LL-204", "category": "adult"}])
    session = story.open("sup", "sessions", supervisee="wkr", kind="case", starts_at="2025-03-03T09:30:00+00:00",
                         minutes=60, cases=["LL-204"])  # fmt: skip
    story.at("2025-03-03T10:30")
    story.move("sup", session, "hold", held_at="2025-03-03T10:30:00+00:00", minutes=60)
    record = story.one("sup", workflow="record")
    said = {"case_management": "In LL-204 Person sup and I weighed the risk.", "decision": "See Person wkr2."}
    address = f"/records/{record['id']}/portfolio-copy"
    assert problem(story.send("wkr", "GET", address), 409, "refused")["guard"] == "state"
    story.move("sup", record, "circulate", sections=said)
    story.move("wkr", record, "sign")

    copy = story.get("wkr", address)

    shown = {
        section["name"]: "".join(part.get("text", f"[{part.get('clause')}]") for part in section["parts"])
        for section in copy["sections"]
    }
    assert shown == {"case_management": "In [HAR-39] [HAR-39] and I weighed the risk.", "decision": "See [HAR-39]."}
    assert (copy["clause"], "read the copy through" in copy["read_through"]) == ("HAR-39", True)
    assert "LL-204" not in str(copy)
    problem(story.send("sup", "GET", address), 403, "not_your_move")
    problem(story.send("wkr2", "GET", address), 404, "not_found")


def test_where_the_policy_has_no_anonymous_portfolio_human_resources_are_asked(story: Story) -> None:
    record = story.move("wkr", sent(story), "sign")
    refused = problem(story.send("wkr", "GET", f"/records/{record['id']}/portfolio-copy"), 409, "refused")
    assert (refused["guard"], "human resources" in refused["detail"]) == ("policy", True)

"""Who sees which matter, who reads it and who knows but its shell: for every workflow, kind of person and policy."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct

from tests.acceptance.beginnings import CASE, away, booked, disputed, meeting
from tests.fixtures.served import Sandbox, Story, ok, problem

#: Part of every text that is written in these stories.
WORD = "marmalade"
SAID = f"Quarrelsome {WORD}."
#: What an auditor reads where something is, or may be, about wellbeing.
MASKED = "wellbeing discussion"


class Access(Struct, frozen=True):
    """Who besides the parties reads, by the policy's clauses."""

    line_above: bool
    hr: bool
    auditor: bool = True


POLICIES = {
    "central-bedfordshire": Access(line_above=True, hr=True),  # CBC-63, CBC-64
    "darlington": Access(line_above=True, hr=False),  # DAR-24, DAR-25
    "haringey": Access(line_above=True, hr=False),  # HAR-34, HAR-37
    "leeds": Access(line_above=False, hr=False),  # LDS-25, LDS-28
    "north-somerset": Access(line_above=True, hr=True),  # NS-21, NS-44, NS-48, NS-78
}
CATEGORY = {
    "central-bedfordshire": "family-support", "darlington": "rated", "haringey": "adult",
    "north-somerset": "child-in-need",
}  # fmt: skip
#: A second head of service with people of their own, beside the standard team.
ELSEWHERE = (
    {"ref": "hos2", "job_role": "head_of_service", "above": "ad", "app_roles": "head_of_service"},
    {"ref": "lm2", "job_role": "service_manager", "above": "hos2"},
    {"ref": "sup", "job_role": "team_manager", "above": "lm", "professional_registration": "SWE"},
)
PEOPLE = ("wkr", "sup", "wkr2", "sup2", "bs", "lm", "hos", "hos2", "lm2", "hr1", "aud", "admin")
READS, SHELL, HIDDEN = "reads", "shell", "hidden"


class Told(Struct, frozen=True):
    """A council in which every workflow has a matter of wkr, whom sup supervises."""

    story: Story
    policy: str
    matters: dict[str, dict[str, Any]]

    def expected(self, who: str, workflow: str) -> str:
        """What the policy says."""
        access = POLICIES[self.policy]
        parties = {"wkr", "sup"} if workflow not in ("absence", "employment") else {"wkr"}
        above = {"lm", "hos", "ad", *({"sup"} - parties)}
        if who in parties or (who, workflow) == ("sup", "absence"):
            return READS
        if who in above:
            return READS if access.line_above else SHELL
        if who == "hr1":
            return READS if access.hr or workflow in ("absence", "employment") else HIDDEN
        if who == "aud":
            return READS if access.auditor else HIDDEN
        return SHELL if who == "admin" else HIDDEN


def told_under(sandbox: Sandbox, policy: str) -> Told:
    category = CATEGORY.get(policy)
    story = sandbox.story(policy, people=ELSEWHERE, cases=[{**CASE, "category": category}] if category else [])
    session = booked(story, place=SAID)
    story.move("sup", session, "cancel", cause="diary", reason=SAID)
    record = disputed(story, SAID)
    entitlement = story.one("wkr", workflow="entitlement", party="wkr")
    story.move("sup", entitlement, "explain", reason=SAID)
    absence = away(story, "wkr")
    story.move("wkr", absence, "amend", cause="planned", reason=SAID)
    matters = {
        "session": session,
        "cancellation": story.one("sup", workflow="cancellation", parent=session["id"]),
        "record": record,
        "dispute": story.one("wkr", workflow="dispute", parent=record["id"]),
        "entitlement": entitlement,
        "absence": absence,
        "employment": story.one("admin", workflow="employment", party="wkr"),
    }
    if category:
        matters["frequency"] = proposed(story, category)
    return Told(story, policy, matters)


def proposed(story: Story, category: str) -> dict[str, Any]:
    """A frequency that says why, in force or waiting for approval."""
    rating = {"rating": "red", "criteria": ["child-protection"]} if category == "rated" else {}
    return story.open("sup", "frequencies", case="c1", category=category, reason=SAID, **rating)


@pytest.fixture(scope="module", params=POLICIES)
def told(request: pytest.FixtureRequest, sandbox: Sandbox) -> Told:
    """Under each policy in turn. Tests only read it."""
    return told_under(sandbox, request.param)


@pytest.fixture(scope="module", params=[("sqlite_sandbox", "north-somerset"), ("sandbox", "leeds")], ids=" ".join)
def listed(request: pytest.FixtureRequest) -> Told:
    """Where most people read much, and where few do, each on another database. Tests only read it."""
    name, policy = request.param
    return told_under(request.getfixturevalue(name), policy)


def standing(story: Story, who: str, matter: dict[str, Any]) -> str:
    """What somebody gets to see of a matter, the same at every address."""
    answer, below = story.send(who, "GET", f"/matters/{matter['id']}"), ("history", "what-if-nothing")
    if answer.status_code == 404:
        for part in below:
            problem(story.send(who, "GET", f"/matters/{matter['id']}/{part}"), 404, "not_found")
        return HIDDEN
    shown, history = ok(answer), story.get(who, f"/matters/{matter['id']}/history")
    if shown["data"] == {}:
        assert WORD not in str((shown, history))
        assert all("reason" not in step for step in history["items"])
        return SHELL
    said = str((shown, history))
    says_nothing = matter["workflow"] == "employment" or (who == "aud" and matter["workflow"] == "absence")
    assert says_nothing or WORD in said or MASKED in said
    return READS


# -- single matters
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.clause("CBC-62", "CBC-64", "DAR-25", "HAR-43", "LDS-25", "NS-21", "NS-48")
def test_everybody_sees_what_the_policy_lets_them_see(told: Told, who: str) -> None:
    found = {workflow: standing(told.story, who, matter) for workflow, matter in told.matters.items()}

    assert found == {workflow: told.expected(who, workflow) for workflow in told.matters}


@pytest.mark.clause("NS-21")
def test_somebody_of_another_organisation_sees_nothing(either_sandbox: Sandbox) -> None:
    here, elsewhere = (told_under(either_sandbox, "north-somerset") for _ in range(2))

    for who in ("wkr", "sup", "lm", "hr1", "aud", "admin"):
        assert {standing(elsewhere.story, who, matter) for matter in here.matters.values()} == {HIDDEN}


def test_somebody_who_has_left_sees_nothing(sandbox: Sandbox) -> None:
    story = sandbox.story()
    session = booked(story)
    story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-02"}])

    for path in (f"/matters/{session['id']}", "/matters", "/inbox", "/notices"):
        problem(story.send("wkr", "GET", path), 401, "left")


def test_who_sees_but_the_shell_has_no_move(told: Told) -> None:
    for who in PEOPLE:
        for workflow, matter in told.matters.items():
            if told.expected(who, workflow) == SHELL and workflow != "absence":
                assert told.story.matter(who, matter)["moves"] == []


# -- lists, inboxes, children and counts
@pytest.mark.parametrize("who", PEOPLE)
def test_lists_show_what_single_reads_show_and_nothing_else(listed: Told, who: str) -> None:
    story = listed.story
    every = [matter["id"] for matter in story.items("admin", "/matters")]

    readable = {i for i in every if story.send(who, "GET", f"/matters/{i}").status_code == 200}

    found = story.items(who, "/matters")
    assert [matter["id"] for matter in found] == [i for i in every if i in readable]
    assert set(story.inbox(who)) <= readable
    assert {notice["about"] for notice in story.items(who, "/notices")} <= readable
    assert {child["id"] for matter in found for child in matter["children"]} <= readable


@pytest.mark.parametrize("who", PEOPLE)
def test_no_filter_finds_what_is_hidden(listed: Told, who: str) -> None:
    story = listed.story
    readable = {matter["id"] for matter in story.items(who, "/matters")}
    parents = [{"parent": matter["id"]} for matter in listed.matters.values()]
    states = [{"state": state} for state in ("cancelled", "disputed", "in_discussion")]

    for filters in (*parents, *states, {"party": "wkr"}, {"holder": "sup"}, {"case": "c1"}, {"workflow": "record"}):
        assert {found["id"] for found in story.items(who, "/matters", **filters)} <= readable


def test_a_child_that_is_hidden_is_not_among_the_children(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")
    session = booked(story)
    story.move("sup", session, "cancel", cause="sickness", whose="wkr", reason="Ill.")

    def children(who: str) -> set[str]:
        return {child["workflow"] for child in story.matter(who, session)["children"]}

    assert children("wkr") == {"cancellation", "absence"}
    assert children("lm") == {"cancellation", "absence"}
    assert [m["workflow"] for m in story.items("hr1", "/matters", workflow="cancellation")] == []
    assert [m["workflow"] for m in story.items("hr1", "/matters", workflow="absence")] == ["absence"]


def test_the_inbox_of_a_role_shows_what_is_in_its_queue(sandbox: Sandbox) -> None:
    case = {**CASE, "category": "rated", "criteria": "in-need"}
    story = sandbox.story("darlington", people=ELSEWHERE, cases=[case])
    body = {"case": "c1", "category": "rated", "criteria": ["in-need"], "rating": "green", "reason": SAID}

    green = story.open("sup", "frequencies", **body)

    assert standing(story, "hos2", green) == READS
    assert green["id"] in story.inbox("hos2")


# -- over time
def test_who_was_on_a_matter_sees_it_also_afterwards(sandbox: Sandbox) -> None:
    for policy in POLICIES:
        story = sandbox.story(policy)
        session, record = booked(story), disputed(story, SAID)

        story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup2"}])

        assert story.matter("sup", session)["parties"]["supervisor"] == "sup2"
        assert standing(story, "sup", record) == READS


def test_a_new_supervisor_sees_what_is_still_open(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("leeds")
    session = booked(story)
    assert story.send("sup2", "GET", f"/matters/{session['id']}").status_code == 404

    story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup2"}])

    assert story.matter("sup2", session)["data"] != {}
    assert session["id"] in story.inbox("sup2")


def test_who_was_asked_to_decide_reads_it_whatever_the_line_may(sandbox: Sandbox) -> None:
    story = sandbox.story("leeds")
    dispute = story.open("wkr", "disputes", supervisee="wkr", about="casework", statement=SAID)
    assert standing(story, "lm", dispute) == SHELL

    escalated = story.move("wkr", dispute, "escalate")

    assert escalated["holder"] == "lm"
    assert standing(story, "lm", dispute) == READS
    assert standing(story, "hos", dispute) == SHELL


def test_a_new_manager_above_sees_and_the_one_before_no_longer(sandbox: Sandbox) -> None:
    story = sandbox.story(people=ELSEWHERE)
    record = disputed(story, SAID)
    assert (standing(story, "lm", record), standing(story, "lm2", record)) == (READS, HIDDEN)

    story.list_people([{"ref": "sup", "job_role": "team_manager", "above": "lm2"}])

    assert (standing(story, "lm", record), standing(story, "lm2", record)) == (HIDDEN, READS)
    assert (standing(story, "hos", record), standing(story, "hos2", record)) == (HIDDEN, READS)


def test_participants_of_a_group_see_its_session(story: Story) -> None:
    session = story.open("sup", "sessions", **meeting(kind="group"), participants=["wkr", "wkr2"], place=SAID)

    assert {who: standing(story, who, session) for who in ("wkr", "wkr2", "bs")} == {
        "wkr": READS, "wkr2": READS, "bs": HIDDEN,
    }  # fmt: skip


@pytest.mark.clause("CBC-39")
def test_business_support_sees_the_record_that_it_writes(sandbox: Sandbox) -> None:
    story = sandbox.story(cases=[CASE])
    sections = {"case_discussion": SAID}
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=sections)
    assert standing(story, "bs", record) == HIDDEN

    story.move("sup", record, "delegate", person="bs")

    assert standing(story, "bs", record) == READS
    assert {move["trigger"] for move in story.matter("bs", record)["moves"]} == {"write", "circulate"}


def test_the_supervisees_of_somebody_who_is_away_see_that_they_are(story: Story) -> None:
    absence = away(story, "sup")

    for who in ("wkr", "wkr2", "bs"):
        assert story.matter(who, absence)["id"] == absence["id"]
    assert story.send("sup2", "GET", f"/matters/{absence['id']}").status_code == 404


def test_an_office_reads_also_where_its_line_would_not(sandbox: Sandbox) -> None:
    story = sandbox.story(
        "leeds", people=[{"ref": "lm", "job_role": "service_manager", "above": "hos", "app_roles": "auditor"}]
    )
    record = disputed(story, SAID)

    assert (standing(story, "lm", record), standing(story, "hos", record)) == (READS, SHELL)


def test_an_administrator_who_is_above_reads_as_the_line_does_and_no_more(sandbox: Sandbox) -> None:
    above = {"ref": "lm", "job_role": "service_manager", "above": "hos", "app_roles": "administrator"}
    expected = {"central-bedfordshire": READS, "leeds": SHELL}

    for policy, level in expected.items():
        story = sandbox.story(policy, people=[above])
        assert standing(story, "lm", disputed(story, SAID)) == level


# -- histories and notices of people without a right to read
def test_nobody_who_may_not_read_is_told_what_was_written(listed: Told) -> None:
    for who in PEOPLE:
        assert WORD not in str(listed.story.items(who, "/notices"))
        for matter in listed.story.items(who, "/matters"):
            assert matter["data"] or WORD not in str(matter)


def test_the_clock_and_the_people_are_for_everybody_in_post(story: Story) -> None:
    for who in PEOPLE[:5]:
        assert story.get(who, "/sandbox/clock")["now"]
        assert story.get(who, "/people/wkr")["ref"] == "wkr"
        assert story.get(who, "/calendar/2025")["items"]


# -- the shell of a matter
@pytest.mark.parametrize("who", ["admin", "lm"])
def test_whoever_has_the_shell_alone_is_not_told_in_a_history_what_the_steps_say(sandbox: Sandbox, who: str) -> None:
    """Central Bedfordshire's line above reads; an administrator never does, and so learns of nobody's sickness."""
    story = sandbox.story()
    absence = away(story, "wkr", cause="sickness")
    story.move("hr1", absence, "amend", cause="planned", reason="Mistyped.")

    [opened, amended] = story.items(who, f"/matters/{absence['id']}/history")

    assert (opened["trigger"], amended["trigger"], amended["dest"]) == ("open", "amend", amended["source"])
    if who == "admin":
        assert amended["data"].keys() <= {"deadlines"}
        assert "reason" not in amended
        assert "sickness" not in str(opened)
    else:
        assert amended["data"]["before"] == {"cause": "sickness"}

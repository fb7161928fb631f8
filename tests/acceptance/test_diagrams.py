"""Drawings over HTTP: of every workflow with what stands where, and of one matter with the way that it has come."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest

from service.engine.snapshot_taking import take_days
from tests.acceptance.beginnings import booked, disputed, drafted, raised, sent
from tests.acceptance.test_referrals_sealed import OUTSIDERS, referred
from tests.fixtures.served import Story, ok, problem

_RECORD = "/workflows/record/diagram"
_WORKERS = [{"ref": f"w{number}", "job_role": "social_worker", "above": "sup"} for number in range(6)]


def _texts(svg: str) -> list[str]:
    found = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - the service's own
    return [element.text or "" for element in found]


def _drawn(story: Story, who: str, path: str, **params: Any) -> list[str]:
    answer = story.send(who, "GET", path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("image/svg+xml")
    return _texts(answer.text)


def _counted(story: Story, who: str, workflow: str, **params: Any) -> dict[str, Any]:
    counts: dict[str, Any] = story.get(who, f"/workflows/{workflow}/diagram.json", counts="true", **params)["counts"]
    return counts


# -- workflows
def test_every_workflow_that_the_policy_uses_is_listed_with_its_drawings(story: Story) -> None:
    listed = {row["name"]: row for row in story.items("wkr", "/workflows")}

    assert "oversight" not in listed  # nothing opens one under this policy
    assert "deemed_accepted" in listed["record"]["states"]
    path = listed["record"]["diagrams"]["svg"].removeprefix("/api/v1")
    assert "Awaiting signature" in _drawn(story, "wkr", path)


def test_a_policy_that_never_takes_silence_for_consent_has_no_such_state(story: Story) -> None:
    assert "Deemed accepted" in _drawn(story, "wkr", f"{_RECORD}.svg")
    assert "Deemed accepted" not in _drawn(story, "wkr", f"{_RECORD}.svg", policy="north-somerset")


def test_a_workflow_that_a_policy_does_not_use_has_no_drawing(story: Story) -> None:
    problem(story.send("wkr", "GET", "/workflows/oversight/diagram.svg"), 404, "not_used")
    assert "Due" in _drawn(story, "wkr", "/workflows/oversight/diagram.svg", policy="darlington")


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("mmd", "text/vnd.mermaid", "---\ntitle:"),
        ("dot", "text/vnd.graphviz", "digraph record {"),
        ("scxml", "application/scxml+xml", "<?xml"),
        ("json", "application/json", "{"),
    ],
)
def test_a_drawing_comes_as_text_for_other_tools(story: Story, form: str, media_type: str, begins: str) -> None:
    answer = story.send("wkr", "GET", f"{_RECORD}.{form}")

    assert answer.headers["content-type"].startswith(media_type)
    assert answer.text.startswith(begins)


def test_a_drawing_comes_as_a_pdf(story: Story) -> None:
    answer = story.send("wkr", "GET", f"{_RECORD}.pdf", params={"download": "true"})

    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == 'attachment; filename="record-central-bedfordshire.pdf"'


def test_two_policies_are_drawn_on_one_picture(story: Story) -> None:
    texts = _drawn(story, "wkr", f"{_RECORD}.svg", compare="north-somerset")

    assert "Added:" in texts
    assert any(text.startswith("before: after 48 hours") for text in texts)


@pytest.mark.parametrize("path", ["/workflows/nothing/diagram.svg", f"{_RECORD}.gif"])
def test_what_is_no_workflow_or_no_format_is_said_to_be_so(story: Story, path: str) -> None:
    problem(story.send("wkr", "GET", path), 422, "invalid")


def test_a_policy_that_is_not_known_is_not_drawn(story: Story) -> None:
    problem(story.send("wkr", "GET", f"{_RECORD}.svg", params={"policy": "atlantis"}), 404, "not_found")


# -- counts
def test_an_administrator_is_told_exactly_how_many_stand_where(either_story: Story) -> None:
    drafted(either_story)
    for _ in range(2):
        sent(either_story)

    texts = _drawn(either_story, "admin", f"{_RECORD}.svg", counts="true")

    assert Counter(texts)["1 here now"] == 1
    assert Counter(texts)["2 here now"] == 1
    assert "oldest 3 Mar 2025, next due 10 Mar 2025" in texts


def test_everybody_else_is_told_no_small_number_and_no_total_with_it(either_story: Story) -> None:
    sent(either_story)

    texts = _drawn(either_story, "wkr", f"{_RECORD}.svg", counts="true")

    assert "fewer than 5 here now" in texts
    assert not [text for text in texts if text.startswith(("1 here", "oldest"))]
    counts = _counted(either_story, "wkr", "record")
    assert counts["states"]["awaiting_signature"] == {"open": None, "overdue": None}
    assert (counts["open"], counts["overdue"], counts["exact"]) == (None, None, False)


def test_an_export_withholds_small_numbers_from_administrators_too(story: Story) -> None:
    sent(story)

    assert _counted(story, "admin", "record")["states"]["awaiting_signature"]["open"] is None
    assert "fewer than 5 here now" in _drawn(story, "admin", f"{_RECORD}.svg", counts="true", download="true")
    assert "Fewer than 5 here now" in story.send("admin", "GET", f"{_RECORD}.mmd", params={"counts": "true"}).text


def test_large_numbers_are_everybodys_to_know(either_story: Story) -> None:
    ok(either_story.list_people(_WORKERS))
    for worker in _WORKERS:
        booked(either_story, supervisee=worker["ref"])

    assert _counted(either_story, "wkr", "session")["states"] == {"scheduled": {"open": 6, "overdue": 0}}
    assert _counted(either_story, "wkr", "session")["open"] == 6


def test_what_is_overdue_is_told_apart(either_story: Story) -> None:
    drafted(either_story)
    drafted(either_story)
    either_story.at("2025-03-11T09:00")  # five working days have passed
    drafted(either_story)

    texts = _drawn(either_story, "admin", f"{_RECORD}.svg", counts="true")

    assert "3 here now" in texts
    assert "2 overdue" in texts


def test_a_record_that_is_sent_late_is_overdue_no_more(either_story: Story) -> None:
    record = drafted(either_story)
    either_story.at("2025-03-11T09:00")
    either_story.move("sup", record, "circulate")

    texts = _drawn(either_story, "admin", f"{_RECORD}.svg", counts="true")

    assert Counter(texts)["0 overdue"] == 1


@pytest.mark.parametrize("narrowed", [{"team": "north"}, {"opened_from": "2025-03-04"}, {"as_at": "2025-03-02"}])
def test_whoever_may_not_list_the_matters_cannot_narrow_them_to_a_few(story: Story, narrowed: dict[str, str]) -> None:
    """Two counts that differ by one would tell of that one."""
    params = {"counts": "true", **narrowed}

    problem(story.send("wkr", "GET", f"{_RECORD}.svg", params=params), 403, "not_your_move")
    assert story.send("admin", "GET", f"{_RECORD}.svg", params=params).status_code == 200
    assert story.send("wkr", "GET", f"{_RECORD}.svg", params={**params, "mine": "true"}).status_code == 200


def test_everybody_is_told_exactly_of_the_matters_that_they_see(either_story: Story) -> None:
    sent(either_story)

    for who, number in (("wkr", 1), ("lm", 1), ("wkr2", 0)):
        texts = _drawn(either_story, who, f"{_RECORD}.svg", counts="true", mine="true")
        assert Counter(texts)["1 here now"] == number


def test_counts_are_narrowed_to_a_team_a_time_and_a_version(either_story: Story) -> None:
    ok(either_story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup", "team": "north"}]))
    drafted(either_story)
    either_story.at("2025-03-04T09:00")
    either_story.open("sup", "records", supervisee="wkr2", kind="personal", sections={})

    def here(**narrowed: str) -> int:
        texts = _drawn(either_story, "admin", f"{_RECORD}.svg", counts="true", **narrowed)
        return next(number for number in (2, 1, 0) if f"{number} here now" in texts)

    assert here() == 2
    assert here(team="north") == here(opened_to="2025-03-03") == here(opened_from="2025-03-04") == 1
    assert here(policy_version="9") == here(team="south") == 0


def test_the_past_is_counted_as_it_was_before_and_after_its_days_are_taken(either_story: Story) -> None:
    record = drafted(either_story)
    either_story.at("2025-03-04T09:00")
    either_story.move("sup", record, "circulate")
    either_story.at("2025-03-05T09:00")
    either_story.move("wkr", record, "sign")

    def was() -> list[str | None]:
        return [_where_it_was(either_story, day) for day in ("2025-03-02", "2025-03-03", "2025-03-04")]

    assert was() == [None, "Draft", "Awaiting signature"]
    assert take_days(either_story.door, UUID(either_story.organisation)) == 2
    assert was() == [None, "Draft", "Awaiting signature"]


def _where_it_was(story: Story, day: str) -> str | None:
    """The title of the state that the one record was in at the end of a day."""
    found = _drawn(story, "admin", f"{_RECORD}.svg", counts="true", as_at=day)
    if "1 here then" not in found:
        return None
    before = found[: found.index("1 here then")]
    titles = ("Draft", "Awaiting signature", "Disputed")
    return max(titles, key=lambda title: before.index(title) if title in before else -1)


def test_a_past_day_is_named_and_nothing_is_told_of_it_that_nobody_knows_any_more(story: Story) -> None:
    drafted(story)
    story.at("2025-03-12T09:00")  # it is overdue by now

    texts = _drawn(story, "admin", f"{_RECORD}.svg", counts="true", as_at="2025-03-11")

    assert any(text.endswith("as at 11 Mar 2025") for text in texts)
    assert not any("overdue" in text for text in texts if text.endswith(("as at 11 Mar 2025", " overdue")))
    assert _counted(story, "admin", "record", as_at="2025-03-11")["overdue"] is None


def test_how_long_matters_stay_is_told_of_five_and_more(either_story: Story) -> None:
    records = [drafted(either_story) for _ in range(5)]
    either_story.at("2025-03-05T09:00")
    for record in records:
        either_story.move("sup", record, "circulate")

    texts = _drawn(either_story, "admin", f"{_RECORD}.svg", counts="true", show="times")

    assert "half stay up to 2 days" in texts
    assert "5 have left it" in texts
    assert Counter(texts)["fewer than 5 have left it"] == 2


@pytest.mark.parametrize("who", [*OUTSIDERS, "sup", "hr1"])
def test_a_sealed_referral_is_counted_for_nobody(story: Story, who: str) -> None:
    params = {"counts": "true", "mine": "true"}
    before = _drawn(story, who, "/workflows/referral/diagram.svg", **params)
    referred(story)

    assert _drawn(story, who, "/workflows/referral/diagram.svg", **params) == before
    assert "counts" not in story.get(who, "/workflows/referral/diagram.json", **params)


def test_counts_are_of_ones_own_council(story: Story) -> None:
    answer = story.send("admin", "GET", f"{_RECORD}.svg", params={"counts": "true", "policy": "leeds"})

    problem(answer, 422, "invalid")


# -- one matter
def test_a_matter_is_drawn_with_the_way_that_it_has_come(either_story: Story) -> None:
    record = drafted(either_story)
    either_story.at("2025-03-04T09:00")
    either_story.move("sup", record, "circulate")

    texts = _drawn(either_story, "wkr", f"/matters/{record['id']}/diagram.svg")

    assert {"Was here", "3 Mar 2025 to 4 Mar 2025", "Here since 4 Mar 2025", "turn of Person wkr"} <= set(texts)
    assert "sign by 11 Mar 2025" in texts


def test_a_dispute_shows_who_is_asked_after_whom_and_who_was_passed_over(either_story: Story) -> None:
    either_story.open("hr1", "absences", person="lm", first_day="2025-03-03", cause="planned")
    dispute = either_story.move("wkr", raised(either_story), "escalate")

    texts = _drawn(either_story, "wkr", f"/matters/{dispute['id']}/diagram.svg")

    assert "Who is asked after whom" in texts
    assert "Person lm: skipped, away then" in texts
    assert "Person hos: has it now, since 3 Mar 2025" in texts
    assert "Person ad: asked next, unless away then" in texts


def test_names_that_have_no_room_are_told_by_their_number(story: Story) -> None:
    long = {"ref": "wkr", "job_role": "social_worker", "above": "sup", "name": "Bartholomew Featherstone"}
    ok(story.list_people([long]))

    texts = _drawn(story, "wkr", f"/matters/{raised(story)['id']}/diagram.svg")

    assert "turn of Bartholomew Featherstone and 1 more" in texts


def test_nothing_that_anybody_wrote_is_in_a_drawing(story: Story) -> None:
    record = disputed(story, statement="Unmistakable words.")

    answer = story.send("wkr", "GET", f"/matters/{record['id']}/diagram.svg")

    assert "Unmistakable" not in answer.text


def test_a_matter_that_is_not_theirs_to_know_is_drawn_for_nobody(story: Story) -> None:
    record, referral = sent(story), referred(story)

    for who, matter in (("wkr2", record["id"]), ("admin", referral["id"]), ("wkr", referral["id"])):
        hidden = problem(story.send(who, "GET", f"/matters/{matter}/diagram.svg"), 404, "not_found")
        assert hidden == problem(story.send(who, "GET", f"/matters/{uuid4()}/diagram.svg"), 404, "not_found")

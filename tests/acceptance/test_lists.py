"""Lists: every filter narrows them, cursors walk through them without loss or repetition, and limits hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, away, booked, disputed, drafted, meeting, raised
from tests.fixtures.served import Sandbox, Story, as_moved, london, ok, problem

LISTS = ("/matters", "/inbox", "/notices", "/incidents")


@pytest.fixture(scope="module", params=["sandbox", "postgres_sandbox"], ids=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest) -> Story:
    """A week of a council: meetings, records, a dispute, absences. Tests only read it."""
    served: Sandbox = request.getfixturevalue(request.param)
    story = served.story(cases=[CASE, {**CASE, "ref": "c2", "worker_ref": "wkr2"}])
    for day in range(4, 8):
        booked(story, f"2025-03-0{day}T10:00", "wkr")
        booked(story, f"2025-03-0{day}T14:00", "wkr2")
    disputed(story)
    drafted(story)
    raised(story)
    away(story, "wkr2")
    away(story, "bs", cause="planned")
    story.open("sup", "sessions", **{**meeting("2025-03-12T10:00", kind="case"), "cases": ["c1"]})
    story.at("2025-03-07T12:00")
    return story


def walk(story: Story, who: str, path: str, limit: int, **params: Any) -> Iterator[list[dict[str, Any]]]:
    page = story.get(who, path, limit=limit, **params)
    yield page["items"]
    while page["next_cursor"]:
        page = story.get(who, path, limit=limit, cursor=page["next_cursor"], **params)
        yield page["items"]


def key(item: dict[str, Any]) -> str:
    return str(item.get("id") or (item["about"], item["kind"], item["at"], item["subject"]))


# -- paging
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 5, 200])
def test_pages_together_are_the_list(busy: Story, path: str, limit: int) -> None:
    who = "admin" if path in ("/matters", "/incidents") else "sup"
    whole = [key(item) for item in busy.get(who, path, limit=200)["items"]]

    pages = list(walk(busy, who, path, limit))

    assert [key(item) for page in pages for item in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    assert len(pages[-1]) <= limit
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("path", LISTS)
def test_the_last_page_has_no_cursor_even_when_it_is_full(busy: Story, path: str) -> None:
    who = "admin" if path in ("/matters", "/incidents") else "sup"
    whole = busy.get(who, path, limit=200)["items"]

    page = busy.get(who, path, limit=max(1, len(whole)))

    assert page["next_cursor"] is None


def test_a_list_answers_fifty_unless_it_is_asked_for_more(sandbox: Sandbox) -> None:
    crowd = [{"ref": f"p{number}", "job_role": "social_worker", "above": "sup"} for number in range(45)]
    story = sandbox.story(people=crowd)

    first = story.get("admin", "/matters")

    assert len(first["items"]) == 50
    assert first["next_cursor"]
    assert len(story.get("admin", "/matters", limit=200)["items"]) > 50


def test_matters_are_listed_in_the_order_in_which_they_were_opened(busy: Story) -> None:
    opened = [(m["opened_at"], m["id"]) for m in busy.items("admin", "/matters")]

    assert opened == sorted(opened)


def test_a_filter_and_its_cursor_go_together(busy: Story) -> None:
    pages = list(walk(busy, "sup", "/matters", 3, workflow="session", state="scheduled"))

    found = [m for page in pages for m in page]
    assert len(found) == len({m["id"] for m in found}) > 3
    assert {(m["workflow"], m["state"]) for m in found} == {("session", "scheduled")}


def test_what_is_opened_while_somebody_pages_is_not_lost(story: Story) -> None:
    booked(story, "2025-03-05T10:00")
    booked(story, "2025-03-06T10:00")
    pages = walk(story, "sup", "/matters", 1, workflow="session")
    next(pages)

    story.at("2025-03-03T09:00:01")
    late = booked(story, "2025-03-07T10:00")

    assert late["id"] in [m["id"] for page in pages for m in page]


def cursor_of(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


ID = "01955b3b-ca80-7079-9f80-377523964024"
NO_CURSORS = (
    "x", "²", "🦆", "AAAA", cursor_of(), cursor_of({}), cursor_of("x"), cursor_of("x", ID), cursor_of("2025-03-03", ID),
    cursor_of("2025-03-03T09:00:00", ID), cursor_of("2025-03-03T09:00:00+00:00", "x"), cursor_of(ID, ID, ID),
    cursor_of("9999-12-31T23:59:59-12:00", ID), cursor_of("2025-03-03T09:00:00+00:00", ID, "x", "1"),
    cursor_of("2025-03-03T09:00:00+00:00", ID, "1", "9" * 60), cursor_of("a\0"), cursor_of("-1"), cursor_of("1.5"),
    cursor_of("0001-01-01T00:00:00+23:59", ID), cursor_of("9" * 30), "-1", "9" * 30, "1.5",
)  # fmt: skip


@pytest.mark.parametrize("path", [*LISTS, "history"])
def test_a_cursor_that_no_page_gave_is_malformed(busy: Story, path: str) -> None:
    if path == "history":
        path = f"/matters/{busy.get('admin', '/matters', limit=1)['items'][0]['id']}/history"

    for cursor in NO_CURSORS:
        problem(busy.send("admin", "GET", path, params={"cursor": cursor}), 400, "malformed")


def test_a_cursor_of_another_list_is_malformed(busy: Story) -> None:
    cursor = busy.get("sup", "/notices", limit=1)["next_cursor"]

    for path in ("/matters", "/inbox"):
        problem(busy.send("sup", "GET", path, params={"cursor": cursor}), 400, "malformed")


# -- filters
def listed(story: Story, **wanted: object) -> list[dict[str, Any]]:
    return story.items("admin", "/matters", **wanted)


def test_without_a_filter_an_administrator_finds_all(busy: Story) -> None:
    workflows = {m["workflow"] for m in listed(busy)}

    assert workflows >= {"session", "record", "dispute", "absence", "entitlement", "frequency", "employment"}


@pytest.mark.parametrize("workflow", ["session", "record", "dispute", "absence", "entitlement", "frequency"])
def test_by_workflow(busy: Story, workflow: str) -> None:
    found = listed(busy, workflow=workflow)

    assert found == [m for m in listed(busy) if m["workflow"] == workflow] != []


def test_by_state(busy: Story) -> None:
    found = listed(busy, state="scheduled")

    assert found == [m for m in listed(busy) if m["state"] == "scheduled"] != []


@pytest.mark.parametrize("party", ["wkr", "wkr2", "sup", "bs"])
def test_by_party_as_supervisee_supervisor_or_whoever_is_away(busy: Story, party: str) -> None:
    found = listed(busy, party=party)

    assert found == [m for m in listed(busy) if party in m["parties"].values()] != []


def test_the_three_places_of_a_party(busy: Story) -> None:
    assert {m["parties"]["supervisee"] for m in listed(busy, party="wkr", workflow="record")} == {"wkr"}
    assert {m["parties"]["supervisor"] for m in listed(busy, party="sup", workflow="record")} == {"sup"}
    assert {m["parties"]["person"] for m in listed(busy, party="wkr2", workflow="absence")} == {"wkr2"}


def test_by_holder(busy: Story) -> None:
    found = listed(busy, holder="sup")

    assert found == [m for m in listed(busy) if m["holder"] == "sup"] != []


def test_by_case(busy: Story) -> None:
    found = listed(busy, case="c2")

    assert found == [m for m in listed(busy) if m["case"] == "c2"] != []


def test_by_parent(busy: Story) -> None:
    [dispute] = [m for m in listed(busy, workflow="dispute") if m["parent"]]

    assert listed(busy, parent=dispute["parent"]) == [dispute]


def test_by_whether_it_is_open(busy: Story) -> None:
    is_open, is_closed = listed(busy, open=True), listed(busy, open=False)

    assert is_open
    assert is_closed
    assert all(m["closed_at"] is None for m in is_open)
    assert all(m["closed_at"] for m in is_closed)
    assert {m["id"] for m in [*is_open, *is_closed]} == {m["id"] for m in listed(busy)}


@pytest.mark.parametrize("moment", ["2025-03-07T23:59:59", "2025-03-08T00:00", "2025-03-31T12:00", "2026-01-01T00:00"])
def test_by_what_is_due_before_an_instant(busy: Story, moment: str) -> None:
    before = london(moment)
    live = ("running", "paused", "awaiting_report")

    found = listed(busy, due_before=before)

    soonest = {m["id"]: [d["due"] for d in m["deadlines"] if d["status"] in live and d["due"]] for m in listed(busy)}
    assert [m["id"] for m in found] == [i for i, dues in soonest.items() if dues and min(dues) < before]


def test_several_filters_hold_at_once(busy: Story) -> None:
    found = listed(busy, workflow="session", party="wkr2", state="missed", open=False)

    assert {(m["workflow"], m["state"], m["parties"]["supervisee"]) for m in found} == {("session", "missed", "wkr2")}


@pytest.mark.parametrize(
    "wanted", [{"state": "flying"}, {"party": "nobody"}, {"holder": "nobody"}, {"case": "c9"}, {"parent": ID}]
)
def test_what_nothing_has_finds_nothing(busy: Story, wanted: dict[str, str]) -> None:
    assert busy.get("admin", "/matters", **wanted) == {"items": [], "next_cursor": None}


def test_a_list_of_somebody_with_nothing_is_empty(sandbox: Sandbox) -> None:
    story = sandbox.story(people=[{"ref": "lone", "job_role": "social_worker"}])

    for path in ("/inbox", "/notices"):
        assert story.get("lone", path) == {"items": [], "next_cursor": None}


def test_the_list_shows_each_matter_as_it_is_read_alone(busy: Story) -> None:
    for who in ("admin", "wkr", "lm"):
        for matter in busy.items(who, "/matters"):
            alone = as_moved(ok(busy.send(who, "GET", f"/matters/{matter['id']}")))
            if who not in matter["parties"].values():
                assert matter["data"].items() <= alone["data"].items()
                alone["data"] = matter["data"]
            assert {name: value for name, value in alone.items() if name not in {"moves", "form"}} == matter

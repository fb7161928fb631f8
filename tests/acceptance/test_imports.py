"""Lists over HTTP: all rows or none, every bad line named, a dry run that keeps nothing, and the same file twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, booked, drafted
from tests.fixtures.served import Sandbox, Story, deadline, london, ok, problem

HEAD = "ref,name,email,job_role,line_manager_ref,supervisor_ref"
NEW = f"{HEAD}\nnew,Person new,new@council.example,social_worker,sup,sup\n"
CASES = "ref,worker_ref,team,category,criteria,allocated_on,closed_on,plan_review_weeks"
ABSENCES = "person_ref,first_day,expected_return,last_day,cause"


def mistakes(story: Story, what: str, content: str | bytes) -> list[tuple[int, str | None]]:
    """The lines and columns that a refused file is told, after which everything is as it was."""
    before = everything(story)
    found = problem(story.take(what, content), 422, "invalid")
    assert everything(story) == before
    for error in found["errors"]:
        assert error["pointer"] == f"/{error['line']}"
        assert error["message"]
    return [(error["line"], error["column"]) for error in found["errors"]]


def everything(story: Story) -> list[Any]:
    return [story.items("admin", "/matters"), story.get("admin", "/people/wkr")]


# -- people
def test_people_who_are_imported_are_there(either_story: Story) -> None:
    counted = ok(either_story.take("people", NEW))

    assert counted == {"added": 1, "changed": 0, "unchanged": 0, "unknown_job_roles": []}
    assert either_story.get("new", "/me")["supervisor"] == "sup"
    assert either_story.one("new", workflow="entitlement", party="new")["parties"]["supervisor"] == "sup"


def test_the_same_file_twice_changes_nothing(either_story: Story) -> None:
    either_story.take("people", NEW)
    before = everything(either_story)

    counted = ok(either_story.take("people", NEW))

    assert (counted["added"], counted["changed"], counted["unchanged"]) == (0, 0, 1)
    assert everything(either_story) == before


def test_a_dry_run_counts_and_keeps_nothing(either_story: Story) -> None:
    before = everything(either_story)

    counted = ok(either_story.take("people", NEW, dry_run="true"))

    [row] = counted.pop("items")
    assert (row["ref"], row["change"], row["fields"]["job_role"]) == ("new", "added", [None, "social_worker"])
    assert counted == {"added": 1, "changed": 0, "unchanged": 0, "unknown_job_roles": []}
    problem(either_story.send("admin", "GET", "/people/new"), 404, "not_found")
    assert everything(either_story) == before
    assert ok(either_story.take("people", NEW)) == counted


def test_a_dry_run_names_the_same_mistakes(story: Story) -> None:
    bad = f"{HEAD}\nnew,,no-address,social_worker,nobody,sup\n"

    dry = problem(story.take("people", bad, dry_run="true"), 422, "invalid")

    assert dry == problem(story.take("people", bad), 422, "invalid")


def test_all_rows_or_none(either_story: Story) -> None:
    bad = f"{NEW}other,Person other,other@council.example,social_worker,nobody,sup\n"

    assert mistakes(either_story, "people", bad) == [(3, "line_manager_ref")]
    problem(either_story.send("admin", "GET", "/people/new"), 404, "not_found")


def test_every_bad_row_is_listed_with_its_line(story: Story) -> None:
    bad = (
        f"{HEAD}\n"
        "a,,a@council.example,social_worker,,\n"
        "b,Person b,no-address,social_worker,,\n"
        "c,Person c,c@council.example,social_worker,c,\n"
        "b,Person b,b@council.example,social_worker,,\n"
    )

    assert mistakes(story, "people", bad) == [(2, "name"), (3, "email"), (4, "line_manager_ref"), (5, "ref")]


@pytest.mark.parametrize("formula", ["=1+1", "+44", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(story: Story, formula: str) -> None:
    bad = f"{HEAD}\nnew,{formula},new@council.example,social_worker,sup,sup\n"

    assert mistakes(story, "people", bad) == [(2, "name")]


def test_a_file_in_latin_1_names_the_lines_that_are_not_utf_8(story: Story) -> None:
    bad = f"{HEAD}\na,Zoë,a@council.example,social_worker,,\nb,Plain,b@council.example,social_worker,,\n".encode(
        "latin-1"
    )

    found = problem(story.take("people", bad), 422, "invalid")

    assert [error["line"] for error in found["errors"]] == [2]
    assert "UTF-8" in found["errors"][0]["message"]


def test_utf_8_is_read_with_and_without_a_byte_order_mark(story: Story) -> None:
    content = NEW.replace("Person new", "Zoë Łomża").encode()

    assert ok(story.take("people", b"\xef\xbb\xbf" + content))["added"] == 1
    assert ok(story.take("people", content))["unchanged"] == 1
    assert story.get("wkr", "/people/new")["name"] == "Zoë Łomża"


def test_lines_may_end_as_spreadsheets_end_them_and_cells_be_quoted(story: Story) -> None:
    content = NEW.replace("Person new", '"New, Person ""N"""').replace("\n", "\r\n")

    ok(story.take("people", content))

    assert story.get("wkr", "/people/new")["name"] == 'New, Person "N"'


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfen\x00", b"nonsense", b"ref,name\nx,y\n", b'ref,"name\n'])
def test_what_is_no_such_list_is_refused(story: Story, content: bytes) -> None:
    assert mistakes(story, "people", content)


def test_a_column_that_is_unknown_is_named(story: Story) -> None:
    assert mistakes(story, "people", f"{HEAD},salary\nnew,New,new@council.example,social_worker,,,1\n") == [
        (1, "salary")
    ]


def test_who_is_not_in_the_file_stays(story: Story) -> None:
    ok(story.take("people", NEW))

    assert story.get("wkr", "/me")["supervisor"] == "sup"


def test_an_empty_cell_clears_and_a_missing_column_keeps(story: Story) -> None:
    ok(
        story.take(
            "people", "ref,name,email,job_role,supervisor_ref\nwkr,Person wkr,wkr@council.example,social_worker,\n"
        )
    )

    found = story.get("admin", "/people/wkr")

    assert (found["supervisor"], found["line_manager"], found["start_date"]) == (None, "sup", "2018-01-08")


def test_a_changed_supervisor_takes_over_what_is_open(either_story: Story) -> None:
    session, record = booked(either_story), drafted(either_story)

    changed = "ref,name,email,job_role,supervisor_ref\nwkr,Person wkr,wkr@council.example,social_worker,sup2\n"
    assert ok(either_story.take("people", changed))["changed"] == 1

    for matter in (session, record):
        found = either_story.matter("sup2", matter)
        assert (found["parties"]["supervisor"], found["holder"]) == ("sup2", "sup2")
    assert either_story.one("sup2", workflow="entitlement", party="wkr")["parties"]["supervisor"] == "sup2"


def test_the_last_administrator_cannot_be_taken_away(story: Story) -> None:
    bad = "ref,name,email,job_role,app_roles\nadmin,Admin,admin@council.example,administrator,\n"

    assert mistakes(story, "people", bad) == [(2, "app_roles")]


def test_a_job_role_that_no_policy_knows_is_taken_and_reported(story: Story) -> None:
    counted = ok(story.take("people", NEW.replace("social_worker", "wizard")))

    assert counted["unknown_job_roles"] == ["wizard"]


# -- cases
def test_a_case_that_is_imported_has_its_frequency(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story()

    counted = ok(story.list_cases([CASE]))

    assert {name: counted[name] for name in ("added", "changed", "unchanged")} == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
    }
    found = story.one("sup", workflow="frequency", case="c1")
    assert (found["state"], found["parties"]) == ("on_track", {"supervisee": "wkr", "supervisor": "sup"})
    assert deadline(found, "supervise_by")["status"] == "running"


def test_the_same_cases_twice_change_nothing(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story(cases=[CASE])
    before = everything(story)

    counted = ok(story.list_cases([CASE]))

    assert (counted["added"], counted["changed"], counted["unchanged"]) == (0, 0, 1)
    assert everything(story) == before


def test_a_dry_run_of_cases_keeps_nothing(either_story: Story) -> None:
    rows = f"{CASES}\nc1,wkr,,family-support,,2025-01-06,,\n"

    assert ok(either_story.take("cases", rows, dry_run="true"))["added"] == 1
    assert either_story.items("admin", "/matters", case="c1") == []
    assert ok(either_story.take("cases", rows))["added"] == 1


def test_a_case_with_another_worker_is_transferred_and_its_dates_run_on(sandbox: Sandbox) -> None:
    story = sandbox.story(cases=[CASE])
    before = story.one("sup", workflow="frequency", case="c1")

    assert ok(story.list_cases([{**CASE, "worker_ref": "wkr2"}]))["changed"] == 1

    after = story.one("sup", workflow="frequency", case="c1")
    assert (after["id"], after["parties"]["supervisee"]) == (before["id"], "wkr2")
    assert deadline(after, "supervise_by")["due"] == deadline(before, "supervise_by")["due"]
    problem(story.send("wkr2", "GET", f"/matters/{'0' * 8}-0000-7000-8000-{'0' * 12}"), 404, "not_found")
    assert story.matter("wkr2", after)["id"] == after["id"]


def test_a_closed_case_ends_its_frequency(sandbox: Sandbox) -> None:
    story = sandbox.story(cases=[CASE])

    ok(story.list_cases([{**CASE, "closed_on": "2025-03-02"}]))

    assert story.one("sup", workflow="frequency", case="c1")["state"] == "ended"


def test_bad_cases_are_named_and_none_is_kept(story: Story) -> None:
    rows = (
        "c1,wkr,,family-support,,2025-01-06,,",
        "c2,nobody,,family-support,,2025-01-06,,",
        "c3,wkr,,family-support,,soon,,",
    )
    bad = "\n".join((CASES, *rows, ""))

    assert mistakes(story, "cases", bad) == [(3, "worker_ref"), (4, "allocated_on")]


# -- absences
def test_an_absence_that_is_imported_is_recorded(either_story: Story) -> None:
    rows = f"{ABSENCES}\nwkr,2025-03-03,2025-03-10,,sickness\n"

    assert ok(either_story.take("absences", rows)) == {"added": 1, "changed": 0, "unchanged": 0}

    found = either_story.one("hr1", workflow="absence", party="wkr")
    assert (found["state"], found["data"]["cause"]) == ("reported", "sickness")
    assert ok(either_story.take("absences", rows)) == {"added": 0, "changed": 0, "unchanged": 1}


def test_a_return_that_is_imported_ends_the_absence(story: Story) -> None:
    story.take("absences", f"{ABSENCES}\nwkr,2025-03-03,,,sickness\n")
    story.at("2025-03-06T09:00")

    assert ok(story.take("absences", f"{ABSENCES}\nwkr,2025-03-03,,2025-03-05,sickness\n"))["changed"] == 1

    assert story.one("hr1", workflow="absence", party="wkr")["state"] == "returned"


def test_a_dry_run_of_absences_keeps_nothing(either_story: Story) -> None:
    rows = f"{ABSENCES}\nwkr,2025-03-03,2025-03-10,,sickness\n"

    assert ok(either_story.take("absences", rows, dry_run="true"))["added"] == 1

    assert either_story.items("admin", "/matters", workflow="absence") == []
    assert either_story.get("wkr", "/people/wkr/line")["items"][0]["away"] is False


def test_bad_absences_are_named_and_none_is_kept(story: Story) -> None:
    rows = (
        "wkr,2025-03-03,,,sickness",
        "nobody,2025-03-03,,,sickness",
        "wkr2,2025-03-03,,,holiday",
        "bs,2025-03-03,2025-03-01,,planned",
    )
    bad = "\n".join((ABSENCES, *rows, ""))

    assert mistakes(story, "absences", bad) == [(3, "person_ref"), (4, "cause"), (5, "expected_return")]


# -- opening positions
@pytest.mark.clause("NS-25")
def test_no_deadline_is_anchored_before_the_council_went_live(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")

    found = deadline(story.one("wkr", workflow="entitlement", party="wkr"), "supervise_by")

    assert found["due"] == london("2025-03-31T23:59:59")
    assert found["receipt"]["anchors"] == [{"event": "organisation live", "at": "2025-03-03"}]


@pytest.mark.clause("NS-25")
def test_an_imported_opening_position_is_named_in_the_receipt(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    head = f"{HEAD},last_supervised_on"

    ok(story.take("people", f"{head}\nnew,Person new,new@council.example,social_worker,sup,sup,2025-02-17\n"))

    found = deadline(story.one("new", workflow="entitlement", party="new"), "supervise_by")
    assert found["due"] == london("2025-03-17T23:59:59")
    assert found["receipt"]["anchors"] == [{"event": "last supervised (opening position)", "at": "2025-02-17"}]

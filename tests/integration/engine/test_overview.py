"""An overview shows what the rules make of every open matter, page by page, and reads no more than it shows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event, text

from service.api.asking import Requests
from service.engine.overview import Show, Wanted, counts, line_below, overview
from service.identity.rates import Rates
from service.identity.scopes import Credential, Scope
from service.identity.uses import Uses
from tests.integration.engine.random_stories import begin
from workflows.lateness import duty_due, overdue_since
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from tests.fixtures.served import Sandbox, Story

WHOEVER = ("aud", "ad", "lm", "sup", "wkr")
_NOT_SHOWN = {Workflow.referral, Workflow.employment, Workflow.adoption, Workflow.retention}
_ALL = 10_000


@pytest.fixture(scope="module")
def grown(busy_sandbox: Sandbox) -> Story:
    """A council after some weeks in which people did whatever came to their minds."""
    return begin(busy_sandbox, 5)


def asking(story: Story, who: str) -> Any:
    requests = Requests(story.door, Rates(None, 0, 0), Uses(timedelta(hours=1)))
    return requests.reading(Credential(story.token(who), Scope.read))


def wanted(asked: Asking, show: Show = "open") -> Wanted:
    return Wanted(asked.work.now + timedelta(days=14), line_below(asked.reader), show)


@pytest.mark.parametrize("who", WHOEVER)
def test_every_row_is_what_the_rules_make_of_its_matter(grown: Story, who: str) -> None:
    with asking(grown, who) as asked:
        rows = overview(asked.reader, wanted(asked), 0, _ALL)
        kept = {one.matter.id: one.matter for one in asked.rows.matters([row.id for row in rows], lock=False)}

        for row in rows:
            matter = kept[row.id]
            assert row.due == duty_due(matter)
            assert row.overdue == (overdue_since(matter) is not None)
            running = {d.name for d in matter.deadlines if d.live and d.due == row.due}
            assert (row.duty in running) if row.duty else not running


@pytest.mark.parametrize("who", ["aud", "ad"])
def test_whoever_looks_over_all_sees_every_open_matter_of_others(grown: Story, who: str) -> None:
    listed = {
        matter["id"]
        for matter in grown.items(who, "/matters", open="true")
        if matter["workflow"] not in _NOT_SHOWN
        and (matter["parties"].get("supervisee") or matter["parties"].get("person")) != who
    }
    with asking(grown, who) as asked:
        shown = {str(row.id) for row in overview(asked.reader, replace(wanted(asked), line=()), 0, _ALL)}

    assert shown
    assert shown == listed


@pytest.mark.parametrize("who", WHOEVER)
def test_the_counts_of_teams_are_those_of_the_rows(grown: Story, who: str) -> None:
    with asking(grown, who) as asked:
        tallies = {
            show: Counter(row.team or "" for row in overview(asked.reader, wanted(asked, show), 0, _ALL))
            for show in ("overdue", "escalated", "coming")
        }
        counted = {count.team: count for count in counts(asked.reader, wanted(asked))}

    for show, tally in tallies.items():
        assert {team: getattr(count, show) for team, count in counted.items() if getattr(count, show)} == tally


@pytest.mark.parametrize("sort", ["due", "what", "who", "team", "state", "holder"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_put_together_are_the_whole(grown: Story, sort: Any, descending: bool) -> None:  # noqa: FBT001
    with asking(grown, "aud") as asked:
        asked_for = replace(wanted(asked), sort=sort, descending=descending)
        whole = [row.id for row in overview(asked.reader, asked_for, 0, _ALL)]
        pages = [row.id for at in range(0, len(whole), 7) for row in overview(asked.reader, asked_for, at, 7)]

    assert len(whole) > 7
    assert pages == whole


def test_a_page_is_read_from_an_index_in_the_order_in_which_it_is_shown(grown: Story) -> None:
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        said.append((statement, values))

    with asking(grown, "aud") as asked:
        asked_for = wanted(asked)
        event.listen(grown.door.database.engine, "before_cursor_execute", note)
        overview(asked.reader, asked_for, 0, 50)
        event.remove(grown.door.database.engine, "before_cursor_execute", note)
        for costly in ("sort", "seqscan", "bitmapscan"):
            asked.connection.execute(text(f"SET LOCAL enable_{costly} = off"))
        [(statement, values)] = said
        plan = [row[0] for row in asked.connection.exec_driver_sql(f"EXPLAIN {statement}", values)]

    assert any("Index Scan using ix_matters_duty" in line for line in plan), plan
    assert not any("Sort Key: matters" in line for line in plan), plan

"""Counts by state are what a list would count, whoever asks; and they are read from an index alone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import select, text

from service.api.asking import Requests
from service.engine.counting import Counting, Narrowed
from service.engine.state_counts import count, stays
from service.engine.state_history import count_then
from service.identity.rates import Rates
from service.identity.scopes import Credential, Scope
from service.identity.uses import Uses
from service.storage.matter_tables import matters, steps
from tests.acceptance.beginnings import drafted
from tests.acceptance.test_referrals_sealed import referred
from tests.integration.engine.random_stories import begin
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from tests.fixtures.served import Sandbox, Story

WHOEVER = ("admin", "hr1", "aud", "lm", "sup", "wkr", "wkr2")


@pytest.fixture
def grown(busy_sandbox: Sandbox) -> Story:
    """A council after some weeks in which people did whatever came to their minds."""
    story = begin(busy_sandbox, 3)
    referred(story)
    return story


def counting(asking: Asking, workflow: Workflow, *, own: bool) -> Counting:
    return Counting.at_the_end_of(
        asking.reader.viewer, workflow, Narrowed(), None, asking.work.now, exact=True, own=own
    )  # fmt: skip


def asking(story: Story, who: str) -> Any:
    requests = Requests(story.door, Rates(None, 0, 0), Uses(timedelta(hours=1)))
    return requests.reading(Credential(story.token(who), Scope.read))


@pytest.mark.parametrize("who", WHOEVER)
def test_somebodys_counts_are_those_of_their_list(grown: Story, who: str) -> None:
    listed = Counter((m["workflow"], m["state"]) for m in grown.items(who, "/matters", open="true"))

    counted: dict[tuple[str, str], int] = {}
    with asking(grown, who) as asked:
        for workflow in DEFINITIONS:
            found = count(asked.connection, counting(asked, workflow, own=True))
            counted |= {(workflow.value, state): one.open for state, one in found.items()}
    unsealed = {key: number for key, number in listed.items() if key[0] != Workflow.referral}
    assert counted == unsealed


def test_all_that_is_open_is_counted_with_what_is_overdue_and_the_oldest(grown: Story) -> None:
    with asking(grown, "wkr") as asked:
        rows = asked.connection.execute(
            select(matters).where(matters.c.organisation_id == asked.organisation_id, matters.c.closed_at.is_(None))
        ).all()
        for workflow in set(DEFINITIONS) - {Workflow.referral}:
            for state, found in count(asked.connection, counting(asked, workflow, own=False)).items():
                own = [row for row in rows if (row.workflow, row.state) == (workflow, state)]
                assert found.open == len(own)
                assert found.overdue == sum(row.overdue_since is not None for row in own)
                assert found.oldest == min(row.opened_at for row in own)
                assert found.next_due == min((row.next_due for row in own if row.next_due), default=None)


def test_a_referral_is_in_no_count(grown: Story) -> None:
    for who in (*WHOEVER, "hr1"):
        with asking(grown, who) as asked:
            wanted = counting(asked, Workflow.referral, own=True)
            assert count(asked.connection, wanted) == {}
            assert stays(asked.connection, wanted) == {}


def test_the_history_of_today_counts_what_stands_now(grown: Story) -> None:
    """Just after the last step, what was and what is are the same."""
    with asking(grown, "admin") as asked:
        for workflow in set(DEFINITIONS) - {Workflow.referral}:
            now = counting(asked, workflow, own=False)
            stand = {state: one.open for state, one in count(asked.connection, now).items()}
            assert {state: one.open for state, one in count_then(asked.connection, now).items()} == stand


def test_stays_are_as_long_as_the_steps_are_apart(story: Story) -> None:
    record = drafted(story)
    story.at("2025-03-04T09:00")
    story.move("sup", record, "write", sections={})
    story.at("2025-03-05T09:00")
    story.move("sup", record, "circulate")

    with asking(story, "admin") as asked:
        wanted = counting(asked, Workflow.record, own=True)
        assert stays(asked.connection, wanted) == {"draft": {2 * 24 * 3600: 1}}
        assert asked.connection.execute(select(steps.c.number).where(steps.c.trigger == "write")).all()


def test_counting_reads_no_row_but_an_index(grown: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    with asking(grown, "admin") as asked:
        for way in ("seqscan", "bitmapscan", "indexscan"):
            asked.connection.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = planned(asked, counting(asked, Workflow.record, own=False), monkeypatch)

    counted = next(number for number, line in enumerate(plan) if "Aggregate" in line)
    assert any("Index Only Scan using ix_matters_open" in line for line in plan[counted:]), plan


def test_what_is_open_is_counted_alike_one_state_after_another_and_in_groups(
    grown: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking(grown, "admin") as asked:
        for workflow in set(DEFINITIONS) - {Workflow.referral}:
            wanted = counting(asked, workflow, own=False)
            stand = count(asked.connection, wanted)
            with monkeypatch.context() as patched:
                patched.setattr(Counting, "is_of_all", False)
                assert count(asked.connection, wanted) == stand


def planned(asked: Asking, wanted: Counting, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How PostgreSQL goes about a count, as the service asks for it."""
    found: list[str] = []

    def noted(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        execute(cursor, "EXPLAIN " + query, *more, **named)
        found.extend(row[0] for row in cursor.fetchall())
        return execute(cursor, query, *more, **named)

    execute = psycopg.Cursor.execute
    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", noted)
        count(asked.connection, wanted)
    return found


def test_what_moves_is_soon_visible_to_the_index_alone(grown: Story) -> None:
    """A count looks up the rows on every page on which one has moved since the last vacuum."""
    with asking(grown, "admin") as asked:
        [options] = asked.connection.execute(
            text("SELECT reloptions FROM pg_class WHERE relname = 'matters'")
        ).scalars()

    assert set(options) == {
        "autovacuum_vacuum_scale_factor=0.001", "autovacuum_vacuum_threshold=1000",
        "autovacuum_vacuum_insert_scale_factor=0.001", "autovacuum_vacuum_insert_threshold=1000",
    }  # fmt: skip

"""The daily snapshot says of every day what the history says, and is taken once the day is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from service.api.asking import Requests
from service.engine.counting import Counting, Narrowed
from service.engine.due import enforce_overdue
from service.engine.snapshot_taking import AT_ONCE, take_days
from service.engine.snapshots import told_until
from service.engine.state_counts import count, stays
from service.engine.stays import rounded
from service.identity.rates import Rates
from service.identity.scopes import Credential, Scope
from service.identity.uses import Uses
from service.storage.council_tables import organisations, people
from service.storage.matter_tables import matters, steps
from service.storage.snapshot_tables import reopened_days, snapshot_counts, snapshot_days, snapshot_stays
from tests.acceptance.beginnings import drafted, sent
from tests.acceptance.test_referrals_sealed import referred
from tests.fixtures.served import ok
from tests.integration.engine.random_stories import begin
from workflows.calendar import day_end, local_day
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from tests.fixtures.served import Sandbox, Story

_DAY = timedelta(days=1)
COUNTED = sorted(set(DEFINITIONS) - {Workflow.referral})
TAKEN = (snapshot_days, snapshot_counts, snapshot_stays)


@contextmanager
def asking(story: Story, who: str = "admin") -> Iterator[Asking]:
    requests = Requests(story.door, Rates(None, 0, 0), Uses(timedelta(hours=1)))
    with requests.reading(Credential(story.token(who), Scope.read)) as asked:
        yield asked


def own(story: Story) -> UUID:
    return UUID(story.organisation)


def take_all(story: Story) -> int:
    """Take whatever can be taken; how many days that was."""
    return sum(iter(lambda: take_days(story.door, own(story)), 0))


def counting(
    asked: Asking, workflow: Workflow, day: date | None, team: str | None = None, policy_version: str | None = None
) -> Counting:
    narrowed = Narrowed(team, policy_version=policy_version)
    return Counting.at_the_end_of(asked.reader.viewer, workflow, narrowed, day, asked.work.now, exact=True, own=False)


def days_of(asked: Asking) -> list[date]:
    """Every day from the first one until the last that can be taken."""
    created_at = select(organisations.c.created_at).where(organisations.c.id == asked.organisation_id)
    first = local_day(asked.connection.execute(created_at).scalar_one())
    last = local_day(asked.work.now - timedelta(hours=1))
    return [first + n * _DAY for n in range((last - first).days)]


class History:
    """Every step of a council by its matter, as plain rows: what is told of it here is worked out one by one."""

    def __init__(self, asked: Asking, **narrowed: str) -> None:
        query = select(matters, people.c.team).outerjoin(
            people,
            (people.c.organisation_id == matters.c.organisation_id)
            & (people.c.ref == func.coalesce(matters.c.supervisee, matters.c.person, matters.c.supervisor)),
        )
        kept = [row for row in asked.connection.execute(query.where(matters.c.organisation_id == asked.organisation_id))
                if all(getattr(row, name) == value for name, value in narrowed.items())]  # fmt: skip
        self.workflows = {row.id: Workflow(row.workflow) for row in kept}
        self.steps = defaultdict(list)
        of_council = select(steps).where(steps.c.organisation_id == asked.organisation_id).order_by(steps.c.number)
        for step in asked.connection.execute(of_council):
            self.steps[step.matter_id].append(step)

    def stood(self, workflow: Workflow, at: datetime) -> Counter[str]:
        found: Counter[str] = Counter()
        for matter_id in (one for one, of in self.workflows.items() if of is workflow):
            before = [step for step in self.steps[matter_id] if step.at <= at]
            if before and not DEFINITIONS[workflow].states[before[-1].dest].final:
                found[before[-1].dest] += 1
        return found

    def stays(self, workflow: Workflow, first: date, at: datetime) -> dict[str, Counter[int]]:
        found: dict[str, Counter[int]] = defaultdict(Counter)
        for matter_id in (one for one, of in self.workflows.items() if of is workflow):
            moves = [step for step in self.steps[matter_id] if step.source != step.dest]
            for came, left in pairwise(moves):
                if local_day(left.at) >= first and left.at <= at and not DEFINITIONS[workflow].states[came.dest].final:
                    found[came.dest][rounded((left.at - came.at).total_seconds())] += 1
        return dict(found)


def open_in(asked: Asking, wanted: Counting) -> dict[str, int]:
    return {state: one.open for state, one in count(asked.connection, wanted).items() if one.open}


def open_stays(asked: Asking, wanted: Counting) -> dict[str, Counter[int]]:
    states = DEFINITIONS[wanted.workflow].states
    return {state: one for state, one in stays(asked.connection, wanted).items() if not states[state].final}


# -- what it says
@pytest.mark.parametrize("seed", [5, 6])
def test_every_day_that_was_taken_is_told_of_as_the_history_tells_of_it(either_sandbox: Sandbox, seed: int) -> None:
    story = begin(either_sandbox, seed)
    referred(story)
    assert take_all(story) > 0

    with asking(story) as asked:
        history, days = History(asked), days_of(asked)
        assert sum(history.stood(workflow, day_end(days[-1])).total() for workflow in COUNTED) > 0
        for day in days:
            for workflow in COUNTED:
                wanted = counting(asked, workflow, day)
                assert told_until(asked.connection, wanted, day) > day
                assert open_in(asked, wanted) == history.stood(workflow, day_end(day)), (day, workflow)
                assert open_stays(asked, wanted) == history.stays(workflow, wanted.first_day, wanted.at), (
                    day,
                    workflow,
                )


def test_what_was_not_taken_yet_is_read_from_the_history(either_sandbox: Sandbox) -> None:
    story = begin(either_sandbox, 7)

    with asking(story) as asked:
        history = History(asked)
        for day in days_of(asked)[::3]:
            for workflow in COUNTED:
                wanted = counting(asked, workflow, day)
                assert told_until(asked.connection, wanted, day) == day
                assert open_in(asked, wanted) == history.stood(workflow, day_end(day))
                assert open_stays(asked, wanted) == history.stays(workflow, wanted.first_day, wanted.at)


def test_how_long_matters_stay_joins_the_days_that_were_taken_and_those_since(either_sandbox: Sandbox) -> None:
    story = begin(either_sandbox, 8)
    before = ok(story.send("admin", "GET", "/sandbox/clock"))["now"]
    take_all(story)
    story.at((datetime.fromisoformat(before) + timedelta(days=4)).strftime("%Y-%m-%dT%H:%M"))

    with asking(story) as asked:
        history, now = History(asked), asked.work.now
        for workflow in COUNTED:
            wanted = counting(asked, workflow, None)
            assert open_stays(asked, wanted) == history.stays(workflow, wanted.first_day, now)


@pytest.mark.parametrize("narrowed", [{"team": "north"}, {"team": "south"}, {"policy_version": "1"}])
def test_teams_and_versions_are_told_apart(either_sandbox: Sandbox, narrowed: dict[str, str]) -> None:
    story = begin(either_sandbox, 9)
    teams = (("wkr", "north"), ("wkr2", "south"))
    ok(
        story.list_people(
            [{"ref": ref, "job_role": "social_worker", "above": "sup", "team": team} for ref, team in teams]
        )
    )
    take_all(story)

    with asking(story) as asked:
        history = History(asked, **narrowed)
        for day in days_of(asked):
            for workflow in COUNTED:
                wanted = counting(asked, workflow, day, **narrowed)
                assert open_in(asked, wanted) == history.stood(workflow, day_end(day))
                assert open_stays(asked, wanted) == history.stays(workflow, wanted.first_day, wanted.at)


def test_a_team_is_the_one_of_when_the_day_was_taken(either_story: Story) -> None:
    worker = {"ref": "wkr", "job_role": "social_worker", "above": "sup"}
    ok(either_story.list_people([{**worker, "team": "north"}]))
    drafted(either_story)
    either_story.at("2025-03-04T09:00")
    take_all(either_story)
    ok(either_story.list_people([{**worker, "team": "south"}]))

    with asking(either_story) as asked:
        for team, expected in (("north", {"draft": 1}), ("south", {})):
            assert open_in(asked, counting(asked, Workflow.record, date(2025, 3, 3), team=team)) == expected


def test_a_sealed_referral_is_in_no_snapshot(either_story: Story) -> None:
    referred(either_story)
    either_story.at("2025-03-05T09:00")
    assert take_all(either_story) == 2

    with asking(either_story) as asked:
        for table in (snapshot_counts, snapshot_stays):
            rows = asked.connection.execute(
                select(table.c.workflow).where(table.c.organisation_id == own(either_story))
            )
            assert Workflow.referral.value not in rows.scalars().all()


# -- when it is taken
def test_a_day_is_taken_once_when_it_has_been_over_for_an_hour(either_story: Story) -> None:
    sent(either_story)
    for now, expected in (
        ("2025-03-03T23:59", 0), ("2025-03-04T00:59", 0), ("2025-03-04T01:00", 1), ("2025-03-04T02:00", 0),
    ):  # fmt: skip
        either_story.at(now)
        assert take_days(either_story.door, own(either_story)) == expected


def test_days_that_were_missed_are_caught_up_on_the_newest_first(either_story: Story) -> None:
    sent(either_story)
    either_story.at("2025-05-05T09:00")
    everything = (date(2025, 5, 5) - date(2025, 3, 3)).days

    assert take_days(either_story.door, own(either_story)) == AT_ONCE
    with asking(either_story) as asked:
        newest = date(2025, 5, 4)
        query = select(snapshot_days.c.day).where(snapshot_days.c.organisation_id == own(either_story))
        assert sorted(asked.connection.execute(query).scalars()) == [newest - n * _DAY for n in range(AT_ONCE)][::-1]
    assert take_all(either_story) == everything - AT_ONCE


def test_taking_again_changes_nothing(either_story: Story) -> None:
    sent(either_story)
    either_story.at("2025-03-10T09:00")
    take_all(either_story)
    before = rows_of(either_story)

    assert take_all(either_story) == 0
    assert rows_of(either_story) == before


def rows_of(story: Story) -> list[Any]:
    with asking(story) as asked:
        return [
            sorted(asked.connection.execute(select(t).where(t.c.organisation_id == own(story))).all()) for t in TAKEN
        ]


def test_a_step_that_is_dated_back_has_its_days_taken_anew(either_story: Story) -> None:
    """The service was away: what came due meanwhile is done at its own instant, after its day was taken."""
    sent(either_story)
    away_until = datetime.fromisoformat("2025-03-20T09:00:00+00:00")
    with either_story.door.database.write(own(either_story)) as connection:
        connection.execute(
            update(organisations).where(organisations.c.id == own(either_story)).values(sandbox_now=away_until)
        )
    take_all(either_story)
    while enforce_overdue(either_story.door, own(either_story)):
        pass

    def told(day: int, *, taken: bool) -> dict[str, int]:
        with asking(either_story) as asked:
            wanted = counting(asked, Workflow.record, date(2025, 3, day))
            assert (told_until(asked.connection, wanted, wanted.last_day) > wanted.last_day) is taken
            assert open_in(asked, wanted) == History(asked).stood(Workflow.record, wanted.at)
            return open_in(asked, wanted)

    assert told(10, taken=True) == {"awaiting_signature": 1}
    assert told(12, taken=False) == {}
    assert take_all(either_story) > 0
    assert told(12, taken=True) == {}
    with asking(either_story) as asked:
        assert asked.connection.execute(select(reopened_days)).all() == []


def test_two_processes_do_not_take_the_same_days(story: Story) -> None:
    story.at("2025-03-05T09:00")
    with story.door.database.write(own(story)) as connection:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"snapshot {own(story)}", 0))))
        assert take_days(story.door, own(story)) == 0

    assert take_days(story.door, own(story)) == 2

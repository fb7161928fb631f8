"""Whatever people do, right or wrong: nothing is lost, nothing comes twice or too early, and nothing waits for ever."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.walks import KINDS, Walk, WalkedCouncil
from workflows.calendar import local_day
from workflows.escalation import RUNGS
from workflows.model import LIVE, Matter
from workflows.vocabulary import Status, Workflow

POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
ACTIONS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2**64 - 1)), min_size=40, max_size=90)


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=10)
@given(actions=ACTIONS)
def test_a_walk_leaves_every_promise_kept(policy: str, actions: list[tuple[str, int]]) -> None:
    walk = Walk.begun(policy)
    for kind, number in actions:
        before = {matter.id: matter for matter in walk.matters()}
        walk.take(kind, number)
        for matter in walk.matters():
            if matter is not before.get(matter.id):
                _deadlines_hold(walk, matter)
        _nothing_is_overdue_for_enforcement(walk)
        for matter in walk.matters():
            _has_a_way_on(walk, matter)
    _every_deadline_is_accounted_for(walk.council)
    _nobody_is_deemed_or_judged_wrongly(walk.council)
    walk.council.verify()


def _deadlines_hold(walk: Walk, matter: Matter) -> None:
    """One live deadline of a name; none on a closed matter, but where a deeming or somebody's absence goes on."""
    live = [deadline for deadline in matter.deadlines if deadline.live]
    doubled = [name for name, times in Counter(d.name for d in live).items() if times > 1]
    assert not doubled, (matter.workflow, matter.state, doubled)
    is_owed = matter.state in ("deemed_accepted", "permanent") or matter.data.get("note_owed")
    if matter.closed_at is not None and not is_owed:
        assert not live, (matter.workflow, matter.state, [d.name for d in live])
    directory, today = walk.council.picture.directory, local_day(walk.council.now)
    if matter.state in RUNGS and matter.holder is not None:
        assert directory.in_post(matter.holder, today), (matter.workflow, matter.holder)


def _nothing_is_overdue_for_enforcement(walk: Walk) -> None:
    """No deadline that may act has passed without having acted."""
    now = walk.council.now
    passed = [
        (matter.workflow, matter.state, deadline.name, deadline.fires_at)
        for matter in walk.matters()
        for deadline in matter.deadlines
        if deadline.fires_at is not None and deadline.fires_at <= now
    ]
    assert not passed, (now, passed)


def _has_a_way_on(walk: Walk, matter: Matter) -> None:
    """An open matter has a deadline that will act, waits for another open matter, or for somebody who can act."""
    if matter.closed_at is not None or any(d.fires_at is not None for d in matter.deadlines):
        return
    assert (
        matter.workflow is Workflow.employment
        or _waits_for_another(walk, matter)
        or any(walk.council.offered(who, matter) for who in walk.people())
    ), (matter.workflow, matter.state, matter.holder, matter.data)
    if (matter.workflow, matter.state) in (("record", "disputed"), ("record", "awaiting_signature")):
        assert _waits_for_another(walk, matter), (matter.state, matter.data, matter.deadlines)


def _waits_for_another(walk: Walk, matter: Matter) -> bool:
    """A sick party's absence, an absence that pauses a window, the dispute about a record, the session in its place."""
    if matter.data.get("replacement") and matter.state == "rebooked":
        return walk.council.matter(UUID(matter.data["replacement"])).closed_at is None
    away = {m.person for m in walk.council.find(Workflow.absence) if m.closed_at is None}
    if matter.state == "disputed":
        disputes = walk.council.find(Workflow.dispute, parent=matter.id)
        return any(dispute.closed_at is None for dispute in disputes)
    waited_for = matter.data.get("waits_on", [matter.supervisee])
    return matter.state in ("awaiting_return", "awaiting_signature") and bool(away & set(waited_for))


def _every_deadline_is_accounted_for(council: WalkedCouncil) -> None:
    """Each was enforced once at most and never before its due; what may still act is what the matters have."""
    for enforced in council.enforced:
        assert enforced.due < enforced.at, enforced
    times = Counter((e.matter, e.number, e.status is Status.awaiting_report) for e in council.enforced)
    assert not [key for key, count in times.items() if count > 1]
    kept = {(k.matter.id, d.number): d for k in council.kept.values() for d in k.matter.deadlines}
    for key, row in council.deadlines.items():
        if row["status"] in LIVE:
            assert (kept[key].status, kept[key].due, kept[key].fires_at) == (row["status"], row["due"], row["fires_at"])
    numbers = Counter(matter_id for matter_id, _ in council.deadlines)
    assert all(k.matter.deadline_count == numbers[i] for i, k in council.kept.items())


def _nobody_is_deemed_or_judged_wrongly(council: WalkedCouncil) -> None:
    """No party decides its own matter; nobody is taken to accept where silence means nothing."""
    for step in council.steps:
        matter = council.kept[step["matter_id"]].matter
        if step["trigger"] == "decide":
            assert step["actor"] not in (matter.supervisee, matter.supervisor)
        if step["dest"] == "deemed_accepted" and step["trigger"] == "deem":
            assert council.policy.record.of(matter.kind).silence == "deemed"
        if step["trigger"] == "resolve" and step["dest"] == "resolved":
            assert step["actor"] not in (matter.supervisee, matter.supervisor)
        if matter.workflow is Workflow.referral and step["role"] == "hr":
            assert step["actor"] not in (matter.supervisee, matter.data["opened_by"])
        if step["trigger"] == "sign_off":
            assert step["actor"] != matter.data["owner"]
        if step["trigger"] == "approve":
            assert step["actor"] != matter.data.get("opened_by")

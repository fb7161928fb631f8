"""Hundreds of courses of events: in none is a deadline lost, enforced twice or early; a seed is the same each time."""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.engine.door import Door
from service.storage.matter_tables import deadlines, matters, steps
from service.storage.verify import verify
from tests.faults.size import FIRST_SEED, SEEDS
from tests.fixtures.served import door_to, sandbox_on
from tests.simulation.template import template
from tests.simulation.world import World
from workflows.vocabulary import Status

#: Seeds that one test goes through, so that a failing one is found among few.
_AT_ONCE = 10


class Template(NamedTuple):
    """A council at the beginning of every course, as a file to be copied."""

    file: Path
    own: UUID
    records: frozenset[UUID]
    #: Leads to a copy of the file, which every course has anew.
    door: Door
    copy: Path


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A dozen records that wait to be signed, some disputed; their windows end on different days."""
    folder = tmp_path_factory.mktemp("simulation")
    file, copy = folder / "template.sqlite3", folder / "course.sqlite3"
    with sandbox_on(f"sqlite:///{file}") as sandbox:
        own, records = template(sandbox)
    with door_to(f"sqlite:///{copy}") as door:
        yield Template(file, own, records, door, copy)


def course(beginning: Template, seed: int) -> World:
    """One course of events from its beginning to its end."""
    beginning.door.database.engine.dispose()
    for left in beginning.copy.parent.glob(f"{beginning.copy.name}*"):
        left.unlink()
    shutil.copyfile(beginning.file, beginning.copy)
    beginning.door.pictures.forget(beginning.own)
    world = World(beginning.door, beginning.own, seed)
    world.run()
    return world


def check(world: World, records: frozenset[UUID]) -> None:
    """Whatever happened: each window ended once, by people or by time, and all of the history holds."""
    ended = Counter(step.matter_id for step in world.rows(steps) if step.trigger in ("deem", "sign", "dispute"))
    windows = Counter(row.matter_id for row in world.rows(deadlines) if row.name == "sign_by")
    assert all(ended[record] >= 1 for record in records), "a window was never enforced"
    assert all(ended[record] <= 2 * windows[record] for record in records), "a window ended twice"
    deemed = Counter(step.matter_id for step in world.rows(steps) if step.trigger == "deem")
    assert all(times == 1 for times in deemed.values()), "a record was deemed accepted twice"
    told = Counter((n.matter_id, n.step, n.to) for n in world.notices() if n.kind == "deemed_accepted")
    assert {key[0] for key in told} == deemed.keys(), "a record was deemed accepted without telling anybody"
    assert all(times == 1 for times in told.values()), "somebody was told twice"
    states = {row.id: row for row in world.rows(matters)}
    late = [d for d in world.rows(deadlines) if d.status == Status.running and d.fires_at is not None]
    assert all(states[d.matter_id].closed_at is None for d in late), "a closed matter has a deadline that runs"
    with world.door.database.read(world.own) as connection:
        report = verify(connection, world.own, world.door.vault, Ed25519PrivateKey.generate().public_key())
    assert report.sound, report.faults


@pytest.mark.parametrize("start", range(0, SEEDS, _AT_ONCE))
def test_no_course_of_events_loses_or_doubles_or_hurries_a_deadline(beginning: Template, start: int) -> None:
    for seed in range(FIRST_SEED + start, FIRST_SEED + min(start + _AT_ONCE, SEEDS)):
        try:
            check(course(beginning, seed), beginning.records)
        except AssertionError as error:
            raise AssertionError(
                f"seed {seed} (SUPERVISION_FAULT_SEED={seed} SUPERVISION_FAULT_SEEDS=1): {error}"
            ) from error


def test_a_seed_is_the_same_course_of_events_each_time(beginning: Template) -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + 5):
        first, second = (course(beginning, seed) for _ in range(2))
        assert first.told == second.told


def test_whoever_is_killed_holds_nothing_any_more(beginning: Template) -> None:
    """A process that ends leaves no lock behind; one that is simulated must not either, whenever Python clears up."""
    gc.disable()
    try:
        for seed in range(20, 30):
            check(course(beginning, seed), beginning.records)
    finally:
        gc.enable()


def test_courses_have_much_in_them(beginning: Template) -> None:
    """Chance that leads nowhere would show nothing."""
    happened: Counter[str] = Counter()
    for seed in range(20):
        happened.update(course(beginning, seed).told)

    assert min(happened[what] for what in ("_tick", "_work", "_somebody_acts", "killed", "failed")) > 10

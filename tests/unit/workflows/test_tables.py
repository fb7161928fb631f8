"""A table that cannot work is found when it is made, with everything that is wrong with it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from msgspec.structs import replace

from workflows.escalation import SYSTEM
from workflows.registry import DEFINITIONS
from workflows.table import DeadlineRule, Definition, Guard, Move, Open, Rank, State, TableMistake, define
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_SUPERVISOR = frozenset({Role.supervisor})


def _begin(turn: Turn) -> None:
    turn.keep(begun=True)


OPEN, DONE = State("open", "It is open."), State("done", "It is done.", final=True)
FINISH = Move("finish", ("open",), "done", _SUPERVISOR)


def table(
    *moves: Move,
    initial: tuple[str, ...] = ("open",),
    states: tuple[State, ...] = (OPEN, DONE),
    deadlines: dict[str, DeadlineRule] | None = None,
) -> Definition:
    return define(
        Workflow.record, initial=initial, states=states, moves=moves, deadlines=deadlines or {}, opening=Open(_begin)
    )


def test_a_table_that_works_is_a_definition() -> None:
    again = Move("finish", ("open",), None, _SUPERVISOR)
    definition = table(again, FINISH)
    assert definition.by_trigger["finish"] == (again, FINISH)
    assert (definition.enforces, set(definition.states)) == ({}, {"open", "done"})


@pytest.mark.parametrize(
    ("moves", "more", "mistake"),
    [
        ([FINISH], {"initial": ("nowhere",)}, "begins in unknown state 'nowhere'"),
        ([FINISH, Move("hop", ("mars",), "done", _SUPERVISOR)], {}, "hop: unknown state 'mars'"),
        ([FINISH, Move("hop", ("open",), "venus", _SUPERVISOR)], {}, "hop: unknown state 'venus'"),
        ([FINISH, Move("hop", (), "done", _SUPERVISOR)], {}, "hop: starts nowhere"),
        ([FINISH, Move("hop", ("open",), None, frozenset())], {}, "hop: names no role, so nobody could make it"),
        (
            [FINISH, Move("hop", ("open",), None, _SUPERVISOR, guards=(cast("Guard", "is_ready"),))],
            {},
            "hop: guard 'is_ready' is not a function",
        ),
        (
            [FINISH, Move("hop", ("open",), None, _SUPERVISOR, when=(cast("Guard", 1),))],
            {},
            "hop: guard 1 is not a function",
        ),
        (
            [FINISH],
            {"deadlines": {"end_by": DeadlineRule("expire", Rank.expiry)}},
            "deadline end_by: enforces 'expire', which the system cannot do",
        ),
        (
            [FINISH],
            {"deadlines": {"end_by": DeadlineRule("finish", Rank.expiry)}},
            "deadline end_by: enforces 'finish', which the system cannot do",
        ),
        ([FINISH], {"states": (OPEN, DONE, State("lost", "Lost.", final=True))}, "nothing leads to 'lost'"),
        ([FINISH], {"states": (OPEN, DONE, DONE)}, "a state is listed twice"),
        ([FINISH], {"states": (replace(OPEN, climbs=True), DONE)}, "'open' climbs without a ladder"),
        ([Move("hop", ("open",), "open", _SUPERVISOR)], {"states": (OPEN,)}, "no way on from 'open'"),
    ],
)
def test_each_mistake_is_named(moves: list[Move], more: dict[str, Any], mistake: str) -> None:
    with pytest.raises(TableMistake, match=f"record: .*{mistake}"):
        table(*moves, **more)


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(TableMistake, match=r"hop: names no role.*; no way on from 'open'"):
        table(Move("hop", ("open",), None, frozenset()), states=(OPEN,))


def test_a_move_that_stays_is_no_way_on_but_a_deadline_of_the_system_may_be() -> None:
    waits = table(Move("expire", ("open",), "done", SYSTEM), deadlines={"end_by": DeadlineRule("expire", Rank.expiry)})
    assert waits.enforces == {"end_by": "expire"}
    with pytest.raises(TableMistake, match="no way on from 'open'"):
        table(Move("expire", ("open",), None, SYSTEM), states=(OPEN,))


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda definition: definition.workflow)
def test_every_workflow_says_what_its_states_and_its_peoples_moves_are(definition: Definition) -> None:
    assert all(state.says.endswith(".") for state in definition.states.values())
    assert all(move.label for move in definition.moves if move.roles != SYSTEM)
    assert all(Role.system not in move.roles or move.roles == SYSTEM for move in definition.moves)


def test_ties_are_enforced_in_the_order_of_the_contract() -> None:
    order = [Rank.end_of_employment, Rank.expiry, Rank.lapse, Rank.reminder, Rank.climb]
    assert sorted(Rank) == order
    assert DEFINITIONS[Workflow.record].deadlines["sign_by"].rank is Rank.expiry
    assert DEFINITIONS[Workflow.record].deadlines["remind_by"].outcome is Status.met

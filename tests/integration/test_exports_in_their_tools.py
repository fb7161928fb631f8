"""Every export of every drawing opens in the tool that it is made for, which finds in it what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from diagrams.compare import compared
from diagrams.formats import TEXTS
from diagrams.graph import Graph
from diagrams.outline import noted
from tests.unit.diagrams.test_exports import ways
from tests.unit.diagrams.test_graphs import CENTRAL_BEDFORDSHIRE, EVERY_DRAWING, NORTH_SOMERSET, drawn
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from tests.fixtures.parsers import Read

FORMS = ("mmd", "dot", "scxml")
_COUNTED = {"draft": 'fewer than 5 here now; "oldest": <3 Mar 2025>', "disputed": "12 here now, overdue: not shown"}
DRAWINGS: dict[str, Graph] = {
    **{f"{workflow}-{policy.id}": drawn(workflow, policy.id) for workflow, policy in EVERY_DRAWING},
    "with counts": noted(drawn(Workflow.record, CENTRAL_BEDFORDSHIRE), _COUNTED),
    "of two policies": compared(
        drawn(Workflow.record, NORTH_SOMERSET), drawn(Workflow.record, CENTRAL_BEDFORDSHIRE)
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(read_exports: Read) -> dict[tuple[str, str], dict[str, Any]]:
    """What the tools found, by drawing and form: all of them are read at once."""
    keys = [(name, form) for name in DRAWINGS for form in FORMS]
    return dict(zip(keys, read_exports([(form, TEXTS[form](DRAWINGS[name])) for name, form in keys]), strict=True))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_tool_finds_what_is_drawn(found: dict[tuple[str, str], dict[str, Any]], name: str, form: str) -> None:
    read, graph = found[name, form], DRAWINGS[name]
    initial = {node.name for node in graph.nodes if node.is_initial}

    assert "error" not in read, read["error"]
    assert set(read["states"]) == {node.name for node in graph.nodes}
    assert {(source, target) for source, target in read["ways"]} == ways(graph)
    assert set(read["begins"]) == ({graph.first} if form == "scxml" else initial)


_UNREADABLE = {
    "mmd": 'stateDiagram-v2\n  state "Draft" as draft\n  draft --> : Send\n',
    "dot": "digraph record { draft -> sent [label=]; }",
    "scxml": (
        '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="draft"><state id="draft">'
        '<transition event="send" target="nowhere"/></state></scxml>'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_tool_refuses_what_it_cannot_read(read_exports: Read, form: str) -> None:
    [read] = read_exports([(form, _UNREADABLE[form])])

    assert read["error"]

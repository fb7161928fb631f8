"""The texts for other tools: well-formed, and with every state and move that is drawn."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import xmlschema

from diagrams.as_json import as_json
from diagrams.dot import as_dot
from diagrams.extract import graph_of
from diagrams.graph import Graph
from diagrams.mermaid import as_mermaid
from diagrams.outline import noted
from diagrams.scxml import as_scxml
from tests.unit.diagrams.test_graphs import CENTRAL_BEDFORDSHIRE, EVERY_DRAWING, drawn
from workflows.policy import Policy
from workflows.vocabulary import Workflow

every_drawing = pytest.mark.parametrize(
    ("workflow", "policy"), EVERY_DRAWING, ids=lambda each: getattr(each, "id", None)
)
#: The part of the W3C's language that these documents use, as its recommendation describes it.
_PROFILE = xmlschema.XMLSchema(Path(__file__).with_name("scxml_profile.xsd"))


def ways(graph: Graph) -> set[tuple[str, str]]:
    return {(source, way.target) for way in graph.ways for source in way.sources}


@every_drawing
def test_scxml_keeps_to_the_language_and_leads_nowhere_that_is_not_there(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    document: Any = _PROFILE.to_dict(as_scxml(graph))

    assert document["@initial"] == [graph.first]
    found = {
        (state["@id"], target)
        for state in document["state"]
        for transition in state.get("transition", ())
        for target in transition["@target"]
    }
    assert found == ways(graph)


@every_drawing
def test_mermaid_has_every_state_and_every_way_on_a_line_of_its_own(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    text = as_mermaid(graph)

    arrows = re.findall(r"^  (\w+) --> (\w+) : (.+)$", text, re.MULTILINE)
    assert {(source, target) for source, target, _ in arrows} == ways(graph)
    assert all(not set(label) & set(':"') for _, _, label in arrows)
    assert set(re.findall(r'^  state "[^"]+" as (\w+)$', text, re.MULTILINE)) == {node.name for node in graph.nodes}


@every_drawing
def test_dot_has_every_state_and_every_way_with_its_quotes_closed(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    text = as_dot(graph)

    arrows = re.findall(r'^  (\w+) -> (\w+) \[label="(?:[^"\\]|\\.)*"\];$', text, re.MULTILINE)
    assert set(arrows) == ways(graph)
    assert text.startswith(f"digraph {graph.workflow} {{\n")


@every_drawing
def test_json_has_the_names_of_the_api(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    found = json.loads(as_json(graph))

    assert (found["workflow"], found["policy"]["id"]) == (workflow, policy.id)
    assert [state["name"] for state in found["states"]] == [node.name for node in graph.nodes]
    assert {(source, way["to"]) for way in found["ways"] for source in way["from"]} == ways(graph)
    assert all(move["roles"] for way in found["ways"] for move in way["moves"])


def test_counts_are_told_with_their_state() -> None:
    graph = noted(drawn(Workflow.record, CENTRAL_BEDFORDSHIRE), {"draft": "7 here now, 2 overdue"})

    assert "The record is being written. 7 here now, 2 overdue." in as_mermaid(graph)
    assert graph.node("agreed").says == "The record is signed and final."

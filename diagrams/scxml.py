"""A graph as SCXML, the W3C's State Chart XML, for tools that run or check state machines.

States and events keep the names of the API. Who makes a move is told in comments beside it, since the language has no
word for it. A state that counts as an end and can still be left is an ordinary state there.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from diagrams.graph import Graph, Kind, Node
from diagrams.outline import said, told

_NAMESPACE = "http://www.w3.org/2005/07/scxml"


def as_scxml(graph: Graph) -> str:
    """A document of SCXML 1.0; its initial state is the one in which most matters begin."""
    head = f'<scxml xmlns="{_NAMESPACE}" version="1.0" name="{graph.workflow}" initial="{graph.first}">'
    states = (line for node in graph.nodes for line in _state(graph, node))
    return "\n".join(
        ('<?xml version="1.0" encoding="UTF-8"?>', _comment(told(graph)), head, *states, "</scxml>", "")
    )  # fmt: skip


def _state(graph: Graph, node: Node) -> Iterator[str]:
    ways = [way for way in graph.ways if node.name in way.sources]
    yield f"  {_comment(f'{node.title}. {node.says}')}"
    if node.kind is Kind.end and not ways:
        yield f"  <final id={quoteattr(node.name)}/>"
        return
    yield f"  <state id={quoteattr(node.name)}>"
    for way in ways:
        for move in way.moves:
            yield f"    {_comment(said(move))}"
            yield f"    <transition event={quoteattr(move.trigger)} target={quoteattr(way.target)}/>"
    yield "  </state>"


def _comment(text: str) -> str:
    return f"<!-- {text.replace('--', '–')} -->"

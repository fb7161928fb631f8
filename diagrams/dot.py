"""A graph as text for Graphviz, for whoever has its tools."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from diagrams.graph import Graph, Kind
from diagrams.outline import said, told

_SHAPES = MappingProxyType(
    {
        Kind.person: "shape=box, style=rounded",
        Kind.time: "shape=octagon",
        Kind.rung: "shape=box, peripheries=2",
        Kind.passing: "shape=box",
        Kind.end: "shape=box, style=rounded, peripheries=2",
    }
)


def as_dot(graph: Graph) -> str:
    """A directed graph in the DOT language."""
    return "\n".join((f"digraph {graph.workflow} {{", *_lines(graph), "}", ""))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"  label={_quoted(told(graph))}; labelloc=t; rankdir=TB;"
    yield '  node [fontname="Arial"]; edge [fontname="Arial", fontsize=10];'
    yield '  "(start)" [shape=circle, style=filled, fillcolor=black, label="", width=0.2];'
    for node in graph.nodes:
        waits = (f"Waits for {node.waits_for}",) if node.waits_for else ()
        label = "\n".join((node.title, node.says, *waits))
        yield f"  {node.name} [{_SHAPES[node.kind]}, label={_quoted(label)}];"
    for node in graph.nodes:
        if node.is_initial:
            yield f'  "(start)" -> {node.name};'
    for way in graph.ways:
        label = "\n".join(said(move) for move in way.moves)
        yield from (f"  {source} -> {way.target} [label={_quoted(label)}];" for source in way.sources)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

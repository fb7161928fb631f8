"""A graph as text for Mermaid, which other tools and wikis draw; states and moves carry the words of our drawing."""

from __future__ import annotations

from collections.abc import Iterator

from diagrams.graph import Graph, Kind
from diagrams.outline import said, subtitle

#: What Mermaid reads as its own inside a text, and how it is written instead.
_ESCAPED = str.maketrans({":": "#58;", ";": "#59;", '"': "#34;", "#": "#35;", "<": "#60;", ">": "#62;"})


def as_mermaid(graph: Graph) -> str:
    """A state diagram, `stateDiagram-v2`."""
    return "\n".join(("---", f"title: {_quoted(f'{graph.title} - {subtitle(graph)}')}", "---", *_lines(graph), ""))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def _lines(graph: Graph) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "  direction TB"
    for node in graph.nodes:
        says = f"{node.title}<br>{_text(node.says)}"
        waits = f"<br>Waits for {_text(node.waits_for)}" if node.waits_for else ""
        yield f'  state "{says}{waits}" as {node.name}'
    for node in graph.nodes:
        if node.is_initial:
            yield f"  [*] --> {node.name}"
    for way in graph.ways:
        label = "<br>".join(_text(said(move)) for move in way.moves)
        yield from (f"  {source} --> {way.target} : {label}" for source in way.sources)
    for node in graph.nodes:
        if node.kind is Kind.end:
            yield f"  {node.name} --> [*]"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)

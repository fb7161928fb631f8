"""Everything that a graph can be written as, by the ending of a file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from diagrams.as_json import as_json
from diagrams.dot import as_dot
from diagrams.graph import Graph
from diagrams.mermaid import as_mermaid
from diagrams.outline import as_text
from diagrams.scxml import as_scxml
from diagrams.svg import draw


def _pdf(svg: str) -> bytes:
    from diagrams.pdf import as_pdf  # noqa: PLC0415 - what draws documents is slow to import

    return as_pdf(svg)


def _png(svg: str) -> bytes:
    from diagrams.png import as_png  # noqa: PLC0415 - what draws documents is slow to import

    return as_png(svg)


#: Text for other tools.
TEXTS: Mapping[str, Callable[[Graph], str]] = MappingProxyType(
    {"mmd": as_mermaid, "dot": as_dot, "scxml": as_scxml, "json": as_json, "txt": as_text}
)
#: What a picture is turned into when it is no SVG.
PICTURES: Mapping[str, Callable[[str], bytes]] = MappingProxyType({"pdf": _pdf, "png": _png})
FORMATS = ("svg", *PICTURES, *TEXTS)


def written(graph: Graph, form: str) -> bytes:
    """A graph in one of the formats; KeyError for any other."""
    if form in TEXTS:
        return TEXTS[form](graph).encode()
    svg = draw(graph)
    return svg.encode() if form == "svg" else PICTURES[form](svg)

"""One matter as a picture: the way that it has come and what may come next, and the same in tables and a list."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from diagrams.outline import table
from diagrams.svg import draw
from service.api.asking import Asking, matter_id_of
from service.engine.matter_drawing import draw_matter
from service.pages.matter_words import title_of, where_it_stands
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.problems import not_here

router = APIRouter()


@router.get("/matters/{matter_id}/picture")
def matter_picture(visit: Visiting, matter_id: str) -> HTMLResponse:
    """The picture, and everything in it for whoever does not see it."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        drawn = draw_matter(asking.reader, asking.work, asking.rows, wanted)
        shape = asking.reader.matter(wanted, asking.work)
        if drawn is None or shape is None:
            raise not_here()
        graph, over = drawn
        here = graph.node(over.here) if over.here in {node.name for node in graph.nodes} else None
        values = {
            "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape),
            "picture": Markup(draw(graph, over)),  # noqa: S704 - our own drawing
            "told": over.subtitle,
            "way": [(node.title, None, over.notes[node.name]) for node in graph.nodes if node.name in over.notes],
            "rows": [row for row in table(graph) if here and row.state == here.title],
            "ladder": [rung.in_words() for rung in over.ladder],
        }  # fmt: skip
        return page(visit, asking, "matter_picture.html", values)

    return visit.read(read)

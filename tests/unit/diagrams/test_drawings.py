"""The drawings themselves: nothing lies on anything else, every line of text has room, and they need no style sheet."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from diagrams.blocks import Block
from diagrams.compare import compared
from diagrams.extract import graph_of
from diagrams.kept import stale_files
from diagrams.ladder import Rung, Stands
from diagrams.layout import Room, layout_of
from diagrams.measure import width, wrap
from diagrams.pdf import as_pdf
from diagrams.png import as_png
from diagrams.svg import Overlay, draw
from tests.unit.diagrams.overlaps import overlaps
from tests.unit.diagrams.test_graphs import CENTRAL_BEDFORDSHIRE, EVERY_DRAWING, NORTH_SOMERSET, drawn
from workflows.policy import Policy
from workflows.vocabulary import Workflow

_SVG = "{http://www.w3.org/2000/svg}"
every_drawing = pytest.mark.parametrize(
    ("workflow", "policy"), EVERY_DRAWING, ids=lambda each: getattr(each, "id", None)
)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{_SVG}text")]


# -- room
@every_drawing
def test_no_box_label_or_line_lies_on_another(workflow: Workflow, policy: Policy) -> None:
    graph = graph_of(workflow, policy)

    assert [found for room in (Room.nowhere, Room.open_states) for found in overlaps(layout_of(graph, room))] == []


def test_the_drawing_of_one_matter_has_none_on_another_either() -> None:
    for workflow in (Workflow.record, Workflow.dispute, Workflow.cancellation, Workflow.absence, Workflow.concern):
        assert list(overlaps(layout_of(drawn(workflow, CENTRAL_BEDFORDSHIRE), Room.everywhere))) == []


def test_two_policies_on_one_picture_have_room_as_well() -> None:
    for workflow in (Workflow.record, Workflow.dispute, Workflow.cancellation, Workflow.frequency, Workflow.retention):
        both = compared(drawn(workflow, NORTH_SOMERSET), drawn(workflow, CENTRAL_BEDFORDSHIRE))
        assert list(overlaps(layout_of(both))) == []


@every_drawing
def test_every_text_fits_into_its_box_and_its_label(workflow: Workflow, policy: Policy) -> None:
    layout = layout_of(graph_of(workflow, policy))

    for box in layout.boxes:
        across, down = box.padding
        assert box.block.width <= box.place.width - 2 * across + 0.1
        assert box.block.height <= box.place.height - 2 * down + 0.1
    for path in layout.paths:
        assert path.label_at is None or _fits(path.label, path.label_at.width, path.label_at.height)


def _fits(block: Block, wide: float, high: float) -> bool:
    return block.width <= wide + 0.1 and block.height <= high + 0.1


def test_lines_run_straight_up_down_and_across() -> None:
    for workflow, policy in EVERY_DRAWING:
        for path in layout_of(graph_of(workflow, policy)).paths:
            assert all(x == to_x or y == to_y for (x, y), (to_x, to_y) in pairwise(path.corners))


def test_text_is_broken_where_there_is_no_more_room() -> None:
    lines = wrap("The record was not signed in its window and counts as accepted.", 12.5, 200)

    assert len(lines) > 1
    assert all(width(line, 12.5) <= 200 for line in lines)
    assert " ".join(lines) == "The record was not signed in its window and counts as accepted."


# -- as a document
@every_drawing
def test_a_drawing_shows_without_styles_scripts_and_anything_from_elsewhere(workflow: Workflow, policy: Policy) -> None:
    root = parsed(draw(graph_of(workflow, policy)))

    assert {element.tag.removeprefix(_SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "circle", "path", "g", "text",
    }  # fmt: skip
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name in {"style", "class"} or name.startswith("on") or "href" in name}


def test_a_drawing_has_a_title_a_description_and_a_role() -> None:
    root = parsed(draw(drawn(Workflow.record, CENTRAL_BEDFORDSHIRE)))

    title, description = root.find(f"{_SVG}title"), root.find(f"{_SVG}desc")
    assert title is not None
    assert description is not None
    assert (root.get("role"), root.get("aria-labelledby"), root.get("aria-describedby")) == (
        "img", title.get("id"), description.get("id"),
    )  # fmt: skip
    assert (title.text or "").startswith("Record: Supervision policy for children’s services")
    assert "Awaiting signature waits for the supervisee" in (description.text or "")


def test_states_that_lead_somewhere_are_links_with_names() -> None:
    graph = drawn(Workflow.record, CENTRAL_BEDFORDSHIRE)
    over = Overlay(notes={"draft": ("7 here now",)}, links={"draft": "/matters?state=draft&open=true"})

    root = parsed(draw(graph, over))

    [link] = root.iter(f"{_SVG}a")
    assert link.get("href") == "/matters?state=draft&open=true"
    assert link.get("aria-label") == "Draft. The record is being written. 7 here now."
    assert root.get("role") == "graphics-document document"


def test_what_is_filled_in_moves_nothing() -> None:
    graph = drawn(Workflow.record, CENTRAL_BEDFORDSHIRE)
    one, other = (
        draw(graph, Overlay(notes={"draft": (said,)}, subtitle="x")) for said in ("1 here now", "2,000 here now")
    )

    assert one.replace("1 here now", "") == other.replace("2,000 here now", "")


def test_a_ladder_stands_below_the_drawing_of_a_matter() -> None:
    rungs = (Rung("Ann", Stands.skipped, "away then"), Rung("Bob", Stands.has_it), Rung("Cem", Stands.ahead))

    found = texts(draw(drawn(Workflow.dispute, "leeds"), Overlay(ladder=rungs)))

    at = found.index("Who is asked after whom")
    assert found[at + 1 : at + 4] == ["Ann: skipped, away then", "Bob: has it now", "Cem: asked next"]


def test_a_drawing_is_the_same_bytes_every_time() -> None:
    graph = drawn(Workflow.cancellation, CENTRAL_BEDFORDSHIRE)
    svg = draw(graph)

    assert draw(graph) == svg
    assert as_pdf(svg) == as_pdf(svg)
    assert as_png(svg) == as_png(svg)


def test_a_pdf_has_its_text_as_text_and_a_png_its_size() -> None:
    svg = draw(drawn(Workflow.adoption, CENTRAL_BEDFORDSHIRE))

    assert as_pdf(svg).startswith(b"%PDF-")
    wide = float(re.findall(r'width="([\d.]+)"', svg)[0])
    png = as_png(svg)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == round(wide * 1.5)


# -- kept pictures
def test_the_kept_pictures_are_as_they_would_be_drawn_now() -> None:
    assert stale_files() == [], "make diagrams"

"""Drawings over HTTP: every workflow under a policy, with how many stand where, and one matter with its way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from msgspec import Struct

from diagrams.as_json import as_values
from diagrams.compare import compared
from diagrams.extract import NotUsedError, graph_of
from diagrams.formats import PICTURES, TEXTS
from diagrams.graph import Graph
from diagrams.outline import noted
from diagrams.reach import is_used
from diagrams.svg import Overlay, draw
from service.api.asking import Asking, Asks, Token, matter_id_of
from service.api.bodies import Day
from service.api.policies import policy_named
from service.engine.counting import Counting, Narrowed, is_counted, may_list
from service.engine.live_drawing import Figures, figures_as_values, in_words, uncounted, with_counts, with_times
from service.engine.matter_drawing import draw_matter
from service.engine.state_counts import count, stays
from service.problems import Problem, invalid, not_here
from workflows.calendar import local_day
from workflows.policy import Policy
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

router = APIRouter(tags=["diagrams"])
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "svg": "image/svg+xml",
        "pdf": "application/pdf",
        "png": "image/png",
        "mmd": "text/vnd.mermaid",
        "dot": "text/vnd.graphviz",
        "scxml": "application/scxml+xml",
        "json": "application/json",
        "txt": "text/plain",
    }
)


class Format(StrEnum):
    """What a drawing comes as."""

    svg = "svg"
    mmd = "mmd"
    dot = "dot"
    scxml = "scxml"
    json = "json"
    txt = "txt"
    pdf = "pdf"
    png = "png"


class Show(StrEnum):
    """What is told of each state: how many there are, or how long they stay."""

    counts = "counts"
    times = "times"


class Wanted(Struct, frozen=True):
    """What is asked of a drawing besides its workflow and format."""

    policy: Annotated[str | None, Query(max_length=100, description="`id` or `id@version`; the council's own")] = None
    compare: Annotated[str | None, Query(max_length=100, description="draws what differs from this policy")] = None
    counts: Annotated[bool, Query(description="tells how many matters stand in each state")] = False
    show: Annotated[Show, Query(description="`times` tells how long matters stayed in each state")] = Show.counts
    mine: Annotated[bool, Query(description="counts only the matters that you may see")] = False
    as_at: Annotated[Day | None, Query(description="counts as they were at the end of that day")] = None
    team: Annotated[str | None, Query(max_length=200)] = None
    opened_from: Annotated[Day | None, Query()] = None
    opened_to: Annotated[Day | None, Query(description="the last day")] = None
    policy_version: Annotated[str | None, Query(max_length=50)] = None
    download: Annotated[bool, Query(description="a file to keep: small numbers are withheld")] = False

    def narrowed(self) -> Narrowed:
        """Which matters are counted."""
        return Narrowed.of(self.team, self.opened_from, self.opened_to, self.policy_version)


@router.get("/workflows", summary="The workflows, and how each can be drawn")
def workflows(token: Token, asks: Asks, policy: Annotated[str | None, Query(max_length=100)] = None) -> dict[str, Any]:
    """Every workflow that the policy has a use for, with the addresses of its drawings."""
    with asks.reading(token) as asking:
        found = policy_for(asking, policy)
        items = [_listed(workflow, found) for workflow in DEFINITIONS if is_used(workflow, found)]
        return {"items": items, "next_cursor": None}


@router.get("/workflows/{name}/diagram.{form}", summary="The drawing of a workflow", response_class=Response)
def diagram(name: Workflow, form: Format, wanted: Annotated[Wanted, Depends()], token: Token, asks: Asks) -> Response:
    """The states and moves of a workflow as a policy lets it run, as a picture or as text for other tools.

    Whoever may list the matters is told their exact number. For everybody else, and in every export, numbers under
    five are withheld, and totals with them. Referrals are counted for nobody.
    """
    with asks.reading(token) as asking:
        return drawing(asking, name, form, wanted)


def drawing(asking: Asking, name: Workflow, form: Format, wanted: Wanted) -> Response:
    """The drawing for the asker. Raises Problem 403, 404 or 422."""
    graph = graph_for(asking, name, wanted)
    if form in TEXTS:
        body: str | bytes = _text(asking, graph, form, wanted)
    else:
        body = draw(graph, overlay_for(asking, graph, wanted, export=wanted.download or form in PICTURES))
    if form in PICTURES:
        body = PICTURES[form](str(body))
    kept = {"Content-Disposition": f'attachment; filename="{name}-{graph.policy}.{form}"'} if wanted.download else None
    return Response(body, media_type=MEDIA_TYPES[form], headers=kept)


@router.get("/matters/{matter_id}/diagram.svg", summary="The drawing of one matter", response_class=Response)
def matter_diagram(matter_id: str, token: Token, asks: Asks) -> Response:
    """The way that a matter has come, where it is, what comes next and by when, and who is asked after whom."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        drawn = draw_matter(asking.reader, asking.work, asking.rows, wanted)
    if drawn is None:
        raise not_here()
    return Response(draw(*drawn), media_type=MEDIA_TYPES["svg"])


# -- what is drawn
def policy_for(asking: Asking, named: str | None) -> Policy:
    """The policy that is named, else the one in force today. Raises Problem 404."""
    if named is None:
        return asking.work.picture.policy_on(local_day(asking.work.now))
    return policy_named(asking, named)


def _listed(workflow: Workflow, policy: Policy) -> dict[str, Any]:
    graph = graph_of(workflow, policy)
    asked = f"?policy={policy.id}@{policy.version}"
    return {
        "name": workflow.value, "states": [node.name for node in graph.nodes], "opened": graph.opened,
        "diagrams": {form.value: f"/api/v1/workflows/{workflow}/diagram.{form}{asked}" for form in Format},
    }  # fmt: skip


def graph_for(asking: Asking, workflow: Workflow, wanted: Wanted) -> Graph:
    """The graph that is asked for. Raises Problem 404 for a workflow that the policy has no use for."""
    try:
        graph = graph_of(workflow, policy_for(asking, wanted.policy))
        return compared(graph_of(workflow, policy_named(asking, wanted.compare)), graph) if wanted.compare else graph
    except NotUsedError:
        raise Problem(
            404, "not_used", "The policy has no use for this workflow; GET /workflows lists those that it has."
        ) from None


# -- what is told of now
def overlay_for(
    asking: Asking, graph: Graph, wanted: Wanted, *, export: bool, links: Mapping[str, str] | None = None
) -> Overlay | None:
    """What is told of now in a drawing, None where nothing is asked for. Raises Problem 403 or 422."""
    if not wanted.counts:
        return None
    if not is_counted(Workflow(graph.workflow)):
        return uncounted(graph)
    counting = _counting(asking, graph, wanted, export=export)
    if wanted.show is Show.times:
        return with_times(graph, stays(asking.connection, counting), counting, links)
    return with_counts(graph, _figures(asking, graph, counting), links)


def _figures(asking: Asking, graph: Graph, counting: Counting) -> Figures:
    return Figures.of(graph, count(asking.connection, counting), counting)


def _counting(asking: Asking, graph: Graph, wanted: Wanted, *, export: bool) -> Counting:
    """What is counted, and how exactly the asker is told. Raises Problem 403 or 422."""
    if graph.policy != asking.work.organisation.policy_id:
        message = "Counts are of your own council: leave `policy` out, or name a version of your own."
        raise invalid([{"pointer": "/query/policy", "message": message}])
    viewer, workflow, narrowed = asking.reader.viewer, Workflow(graph.workflow), wanted.narrowed()
    lists = wanted.mine or may_list(viewer, workflow)
    if not lists and not (narrowed.is_whole and wanted.as_at is None):
        raise Problem(
            403, "not_your_move",
            "Counts of a part or of another day are for those who may list the matters: leave them out, or add "
            "“mine=true” for those that you may see.",
        )  # fmt: skip
    return Counting.at_the_end_of(viewer, workflow, narrowed, wanted.as_at, asking.work.now,
                                  exact=lists and not export, own=lists)  # fmt: skip


# -- for other tools
def _text(asking: Asking, graph: Graph, form: Format, wanted: Wanted) -> str:
    """The graph as text; with counts, those that an export may have."""
    if not (wanted.counts and is_counted(Workflow(graph.workflow))):
        return TEXTS[form](graph)
    figures = _figures(asking, graph, _counting(asking, graph, wanted, export=True))
    if form is Format.json:
        return json.dumps({**as_values(graph), "counts": figures_as_values(figures)}, ensure_ascii=False)
    return TEXTS[form](noted(graph, in_words(graph, figures)))

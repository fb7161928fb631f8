"""The workflows as pictures: what can happen under a policy, where everything stands now, and the same as a table."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup
from msgspec.structs import replace

from diagrams.graph import Graph
from diagrams.outline import described, outline, table
from diagrams.reach import is_used
from diagrams.svg import Overlay, draw
from service.api.asking import Asking
from service.api.diagrams import Format, Wanted, drawing, graph_for, overlay_for, policy_for
from service.engine.counting import may_list
from service.pages.languages import gettext as _
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.pages.wording import WORKFLOWS
from service.pages.workflow_address import asked, days_around, of_state, wanted_of
from service.problems import Problem
from workflows.policy_reader import shipped
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

router = APIRouter()
#: What a drawing can be taken away as.
_FILES = {
    "svg": "SVG", "png": "PNG", "pdf": "PDF", "mmd": "Mermaid", "dot": "Graphviz", "scxml": "SCXML", "json": "JSON",
}  # fmt: skip


@router.get("/workflows")
def workflows(visit: Visiting) -> HTMLResponse:
    """Every workflow that the council's policy has a use for."""

    def read(asking: Asking) -> HTMLResponse:
        policy = policy_for(asking, None)
        used = [workflow for workflow in DEFINITIONS if is_used(workflow, policy)]
        items = [
            (workflow.value, WORKFLOWS[workflow], described(graph_for(asking, workflow, Wanted()))) for workflow in used
        ]
        return page(visit, asking, "workflows.html", {"items": items})

    return visit.read(read)


@router.get("/workflows/{name}")
def workflow(visit: Visiting, request: Request, name: Workflow) -> HTMLResponse:
    """One workflow as a picture, with its filters in the address, and the same as a table and an outline."""

    def read(asking: Asking) -> HTMLResponse:
        directory = asking.work.picture.directory
        own, other = wanted_of(request.query_params, asking, name), None
        try:
            graph = graph_for(asking, name, own)
            over = overlay_for(asking, graph, own, export=False, links=_links(graph, own, name))
        except Problem as problem:
            if problem.status not in {403, 422}:
                raise
            own, other = replace(own, counts=False), problem
            graph, over = graph_for(asking, name, own), None
        values = {
            "name": name.value, "title": WORKFLOWS[name], "picture": Markup(draw(graph, over)),  # noqa: S704 - our own drawing
            "description": described(graph), "rows": table(graph), "outline": outline(graph), "wanted": own,
            "told": over and over.subtitle, "figures": _figures(graph, over), "days": days_around(asking, own, name),
            "files": _FILES, "query": urlencode(asked(own)), "problem": other and other.detail,
            "policies": _policies(asking), "lists": may_list(asking.reader.viewer, name),
            "versions": [(policy.version, policy.version) for _, policy in asking.work.picture.in_force],
            "teams": [(team, team) for team in sorted({p.team for p in directory.people.values() if p.team})],
        }  # fmt: skip
        return page(visit, asking, "workflow.html", values)

    return visit.read(read)


@router.get("/workflows/{name}/file.{form}")
def file(visit: Visiting, request: Request, name: Workflow, form: Format) -> Response:
    """The drawing as a file; small numbers are withheld in it, as in every export."""
    return visit.read(
        lambda asking: drawing(
            asking, name, form, replace(wanted_of(request.query_params, asking, name), download=True)
        )
    )


def _links(graph: Graph, wanted: Wanted, name: Workflow) -> dict[str, str]:
    """Where a click on each state leads; nowhere from a day that is over, since the list is of today."""
    return {} if wanted.as_at else {node.name: of_state(wanted, name, node.name) for node in graph.nodes}


def _figures(graph: Graph, over: Overlay | None) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """What the picture tells of each state, for whoever does not see it: its title, where it leads, and the lines."""
    if over is None:
        return []
    told = [node for node in graph.nodes if node.name in over.notes]
    return [(node.title, over.links.get(node.name), over.notes[node.name]) for node in told]


def _policies(asking: Asking) -> list[tuple[str, str]]:
    """The council's versions and the policies that come with the product, as they are named in addresses."""
    own = [policy for _, policy in asking.work.picture.in_force]
    found = [*own, *sorted(shipped().values(), key=lambda policy: policy.council)]
    return list(
        {
            f"{p.id}@{p.version}": _("%(name)s, version %(version)s", name=p.council, version=p.version) for p in found
        }.items()
    )

"""The workflows as pictures: what can happen under a policy, where everything stands now, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from diagrams.outline import described, outline, table
from diagrams.reach import is_used
from diagrams.svg import draw
from service.api.asking import Asking, matter_id_of
from service.api.diagrams import Format, Show, Wanted, drawing, graph_for, overlay_for, policy_for
from service.engine.matter_drawing import draw_matter
from service.engine.state_counts import may_list
from service.pages.languages import gettext as _
from service.pages.matter_words import title_of, where_it_stands
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.pages.wording import WORKFLOWS
from service.problems import Problem, not_here
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
        own, other = _wanted(request.query_params, asking, name), None
        try:
            graph = graph_for(asking, name, own)
            links = {node.name: f"/matters?{urlencode({'workflow': name.value, 'state': node.name, 'open': 'yes'})}"
                     for node in graph.nodes}  # fmt: skip
            over = overlay_for(asking, graph, own, export=False, links=links)
        except Problem as problem:
            if problem.status not in {403, 422}:
                raise
            own, other = replace(own, counts=False), problem
            graph, over = graph_for(asking, name, own), None
        values = {
            "name": name.value, "title": WORKFLOWS[name], "picture": Markup(draw(graph, over)),  # noqa: S704 - our own drawing
            "description": described(graph), "rows": table(graph), "outline": outline(graph), "wanted": own,
            "files": _FILES, "query": urlencode(_asked(own)), "problem": other and other.detail,
            "policies": _policies(asking), "lists": may_list(asking.reader.viewer, name),
            "teams": [(team, team) for team in sorted({p.team for p in directory.people.values() if p.team})],
        }  # fmt: skip
        return page(visit, asking, "workflow.html", values)

    return visit.read(read)


@router.get("/matters/{matter_id}/picture")
def matter_picture(visit: Visiting, matter_id: str) -> HTMLResponse:
    """The way that a matter has come, and what comes next, as a picture."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        picture = draw_matter(asking.reader, asking.work, asking.rows, wanted)
        shape = asking.reader.matter(wanted, asking.work)
        if picture is None or shape is None:
            raise not_here()
        values = {
            "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape),
            "picture": Markup(picture),  # noqa: S704 - our own drawing
        }  # fmt: skip
        return page(visit, asking, "matter_picture.html", values)

    return visit.read(read)


@router.get("/workflows/{name}/file.{form}")
def file(visit: Visiting, request: Request, name: Workflow, form: Format) -> Response:
    """The drawing as a file; small numbers are withheld in it, as in every export."""
    return visit.read(
        lambda asking: drawing(asking, name, form, replace(_wanted(request.query_params, asking, name), download=True))
    )


def _wanted(query: Mapping[str, str], asking: Asking, name: Workflow) -> Wanted:
    """What the address asks for; an empty filter narrows nothing, and what is no day is left out.

    A picture of two policies tells how they differ, and nothing of how many.
    """
    given = {key: value for key, value in query.items() if value}
    policy = given.get("policy")
    own = policy is None or policy.partition("@")[0] == asking.work.organisation.policy_id
    return Wanted(
        policy=policy, compare=given.get("compare"),
        counts=own and "compare" not in given and given.get("counts", "yes") == "yes",
        show=Show.times if given.get("show") == "times" else Show.counts,
        mine=not may_list(asking.reader.viewer, name), as_at=_day(given.get("as_at")), team=given.get("team"),
        policy_version=given.get("policy_version"),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _asked(wanted: Wanted) -> dict[str, Any]:
    """The same as the parameters of the API's drawings, for files to take away."""
    given = {
        "policy": wanted.policy, "compare": wanted.compare, "counts": "true" if wanted.counts else None,
        "show": wanted.show.value if wanted.counts else None, "mine": "true" if wanted.mine else None,
        "as_at": wanted.as_at, "team": wanted.team, "policy_version": wanted.policy_version,
    }  # fmt: skip
    return {key: value for key, value in given.items() if value}


def _policies(asking: Asking) -> list[tuple[str, str]]:
    """The council's versions and the policies that come with the product, as they are named in addresses."""
    own = [policy for _, policy in asking.work.picture.in_force]
    found = [*own, *sorted(shipped().values(), key=lambda policy: policy.council)]
    return list(
        {
            f"{p.id}@{p.version}": _("%(name)s, version %(version)s", name=p.council, version=p.version) for p in found
        }.items()
    )

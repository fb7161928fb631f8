"""`supervision diagram`: a workflow under a policy as a picture, or as text for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diagrams.compare import compared
from diagrams.extract import NotUsedError, graph_of
from diagrams.formats import FORMATS, written
from diagrams.graph import Graph
from diagrams.outline import as_text
from workers.commands.policies import known_policy
from workers.commands.surroundings import console, stop
from workflows.vocabulary import Workflow


def diagram(
    workflow: Annotated[Workflow, typer.Argument(help="The workflow, such as record.")],
    policy: Annotated[str, typer.Option(help="The id of a policy, or a file: see `supervision policy show`.")],
    compare: Annotated[
        str | None, typer.Option(help="An earlier or another policy: what differs from it is marked.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=f"Where to write it: its ending is one of {', '.join(FORMATS)}."),
    ] = None,
) -> None:
    """Draw what can happen in a workflow under a policy, who may do it and when time does; without -o it is told."""
    graph = _graph(workflow, policy, compare)
    if output is None:
        typer.echo(as_text(graph), nl=False)
        return
    form = output.suffix.removeprefix(".")
    if form not in FORMATS:
        raise stop(f"{output}: its ending is none of {', '.join(FORMATS)}.")
    try:
        output.write_bytes(written(graph, form))
    except OSError as error:
        raise stop(f"{output} cannot be written: {error.strerror}.") from None
    console.print(f"{output} is drawn.", markup=False, highlight=False, soft_wrap=True)


def _graph(workflow: Workflow, policy: str, compare: str | None) -> Graph:
    try:
        graph = graph_of(workflow, known_policy(policy)[0])
        return compared(graph_of(workflow, known_policy(compare)[0]), graph) if compare else graph
    except NotUsedError:
        raise stop(f"The policy has no use for the workflow {workflow}.") from None

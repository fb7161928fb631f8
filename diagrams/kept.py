"""The pictures that are kept with the code: every workflow under every policy that comes with it, and their index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from diagrams.extract import graph_of
from diagrams.formats import written
from diagrams.reach import is_used
from workflows.policy_reader import shipped
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

FOLDER = Path(__file__).parent / "drawn"
INDEX = "README.md"
#: A picture for people, and text that wikis and code hosts draw themselves.
_FORMATS = ("svg", "mmd")
_ABOUT = (
    "Every workflow under every policy that comes with the service. `make diagrams` draws them anew from the tables "
    "and the policies; nothing here is drawn by hand. What a policy cannot reach is not drawn."
)


def kept_files() -> Iterator[tuple[str, bytes]]:
    """Every file by its path below the folder, with what it holds."""
    yield INDEX, _index().encode()
    for policy in shipped().values():
        for workflow in DEFINITIONS:
            if is_used(workflow, policy):
                graph = graph_of(workflow, policy)
                for form in _FORMATS:
                    yield _path(workflow, policy.id, form), written(graph, form)


def stale_files() -> list[str]:
    """The paths of files that are not as they would be drawn now, or that nothing would draw."""
    wanted = dict(kept_files())
    there = {str(file.relative_to(FOLDER)): file.read_bytes() for file in FOLDER.rglob("*") if file.is_file()}
    return sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))


def _path(workflow: Workflow, policy_id: str, form: str) -> str:
    return f"{policy_id}/{workflow}.{form}"


def _index() -> str:
    policies = list(shipped().values())
    head = ["workflow", *(policy.council for policy in policies)]
    rows = [
        [workflow.value, *(_cell(workflow, policy.id, used=is_used(workflow, policy)) for policy in policies)]
        for workflow in DEFINITIONS
    ]
    lines = (f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
    return "\n".join(
        (
            "# The workflows, drawn", "",
            _ABOUT,
            "", *lines, "",
        )
    )  # fmt: skip


def _cell(workflow: Workflow, policy_id: str, *, used: bool) -> str:
    if not used:
        return "not used"
    return f"[picture]({_path(workflow, policy_id, 'svg')}), [text]({_path(workflow, policy_id, 'mmd')})"

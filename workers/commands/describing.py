"""`supervision settings`: the page of the documentation that tells every setting, made from the Settings themselves."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic_core import PydanticUndefined

from service import settings as module
from service.settings import Settings
from workers.commands.surroundings import stop

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_HEAD = """# Settings

Every process reads them from its environment when it starts. What is not set has its default; a value that does not fit
ends the start with a sentence that says why. This page is made by `make settings` from the code.

| setting | default | what it means |
|---|---|---|
"""


def settings(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write it; printed without.")] = None,
) -> None:
    """Print every setting with its default and its meaning, as a page in Markdown."""
    text = settings_page()
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise stop(f"{output} cannot be written: {error.strerror}.") from None


def settings_page() -> str:
    """The page: a row for each field, with the comment above it in the code."""
    meanings = _comments()
    rows = [
        f"| `SUPERVISION_{name.upper()}` | {_default(field)} | {meanings[name]} |"
        for name, field in Settings.model_fields.items()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "see there"
    default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
    if default is None or not str(default):
        return "none"
    return f"`{int(default) if isinstance(default, bool) else default}`"


def _comments() -> dict[str, str]:
    """What stands in `#:` lines above each field; a field without any shares those of the field before."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    [found] = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    meanings: dict[str, str] = {}
    last = ""
    for node in found.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = _above(lines, node.lineno) or last
            meanings[node.target.id] = last
    return meanings


def _above(lines: list[str], number: int) -> str:
    """The `#:` lines right above a line, as one sentence."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#:"):
            break
        said.insert(0, line.strip().removeprefix("#:").strip())
    return " ".join(said).replace("|", "\\|")

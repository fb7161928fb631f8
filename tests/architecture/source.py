"""The product's own source, parsed once: what the architecture tests look at."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).parents[2]
PACKAGES = ("workflows", "diagrams", "service", "workers")

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Module(Struct, frozen=True):
    """One Python file of the product. `path` is relative to the root and written with slashes."""

    path: str
    tree: ast.Module
    length: int

    @property
    def package(self) -> str:
        """The top-level package that the file is in."""
        return self.path.partition("/")[0]


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the four packages, in order of path."""
    files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return tuple(parse(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files)


def parse(path: str, text: str) -> Module:
    """One file from its text."""
    return Module(path, ast.parse(text, path), len(text.splitlines()))


@cache
def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def documented(tree: ast.Module) -> Iterator[_Documented]:
    """All in a file that can carry a docstring: the file, its classes, its functions."""
    return (node for node in ast.walk(tree) if isinstance(node, _Documented))


def docstring_lines(node: _Documented) -> int:
    """How many lines the docstring of `node` takes."""
    if ast.get_docstring(node, clean=False) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def imported(tree: ast.Module) -> set[str]:
    """The top-level names of all packages that a file imports, wherever in the file it does."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names

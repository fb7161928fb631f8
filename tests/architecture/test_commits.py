"""A transaction is committed at its edge, and nowhere in between."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import ROOT, Module, modules, parse

#: The files that may commit; each is an edge of one transaction per request, message or command.
EDGES = ("service/storage/connection.py", "service/storage/postgres.py", "service/storage/sqlite.py")
#: What ends a transaction when it is called: `begin` is a block that commits when it is left.
_CALLS = {"commit", "begin"}
#: The same, said in SQL; the body of a trigger or function starts with BEGIN as well, and is another thing.
_SQL = re.compile(r"\s*(BEGIN( ISOLATION.*| IMMEDIATE)?|COMMIT)\s*(;|$)")


def commits(module: Module) -> list[int]:
    """The lines that commit, or open what will."""
    expressions = (node for node in ast.walk(module.tree) if isinstance(node, ast.expr))
    return [node.lineno for node in expressions if _calls_commit(node) or _says_commit(node)]


def _calls_commit(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS


def _says_commit(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value) is not None


@pytest.mark.parametrize("module", [module for module in modules() if module.path not in EDGES], ids=lambda m: m.path)
def test_only_an_edge_commits(module: Module) -> None:
    assert commits(module) == []


def test_every_edge_is_a_file_of_the_storage_that_commits() -> None:
    for edge in EDGES:
        assert edge.startswith("service/storage/")
        assert commits(parse(edge, (ROOT / edge).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("def f(session):\n    if session:\n        session.commit()\n", [3]),
        ("with engine.begin() as connection:\n    pass\n", [1]),
        ("connection.exec_driver_sql('COMMIT')\n", [1]),
        ("commit = 'we commit to this'\nprint(commit)\n", []),
    ],
)
def test_a_commit_is_found_however_it_is_said(text: str, lines: list[int]) -> None:
    assert commits(parse("toy.py", text)) == lines

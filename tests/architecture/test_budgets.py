"""Files and functions stay small enough to be read at once. Docstrings are free."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import Module, docstring_lines, documented, modules, parse

#: Lines of one file, its docstrings aside. Half of that is a good size.
FILE_LIMIT = 400
#: Lines of one function or method, its docstring aside. Ten is a good size.
FUNCTION_LIMIT = 50


def length(module: Module) -> int:
    """Lines of a file without its docstrings."""
    return module.length - sum(docstring_lines(node) for node in documented(module.tree))


def long_functions(module: Module) -> dict[str, int]:
    """The functions that are over the limit, with their lengths."""
    functions = [node for node in documented(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = {
        f"{module.path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node)
        for node in functions
    }
    return {name: lines for name, lines in lengths.items() if lines > FUNCTION_LIMIT}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_a_file_is_not_too_long(module: Module) -> None:
    assert length(module) <= FILE_LIMIT


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_no_function_is_too_long(module: Module) -> None:
    assert long_functions(module) == {}


def test_lengths_leave_docstrings_out() -> None:
    text = '"""One.\n\nThree lines."""\n\ndef f():\n    """Two\n    lines."""\n    return 1\n'

    assert length(parse("toy.py", text)) == 3


def test_a_function_over_the_limit_is_named_with_its_length() -> None:
    body = "    pass\n" * FUNCTION_LIMIT

    assert long_functions(parse("toy.py", f"class C:\n  def f(self):\n{body}")) == {"toy.py:2 f": FUNCTION_LIMIT + 1}
    assert long_functions(parse("toy.py", f'def f():\n    """Why."""\n{body[:-9]}')) == {}

"""The layout engine ELK, run inside the process: a graph with sizes in, the same graph with places out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import Any

import quickjs  # type: ignore[import-untyped]

#: ELK recurses deeply; the engine has a thread of its own with room for that.
_STACK = 64 * 1024 * 1024
_JAVASCRIPT_STACK = 16 * 1024 * 1024
#: What ELK expects of its surroundings: timers that run when they are asked to, and nowhere to print.
_SURROUNDINGS = """
var self = globalThis, waiting = [], answer = null;
globalThis.setTimeout = function (task) { waiting.push(task); return waiting.length; };
globalThis.clearTimeout = function () {};
globalThis.console = { log: function () {}, warn: function () {}, error: function () {} };
"""
_CALLS = """
var elk = new ELK();
function begin(text) {
  answer = null;
  elk.layout(JSON.parse(text)).then(
    function (graph) { answer = JSON.stringify({ graph: graph }); },
    function (error) { answer = JSON.stringify({ error: String(error && (error.message || error)) }); });
}
function go_on() { var tasks = waiting; waiting = []; tasks.forEach(function (task) { task(); }); return answer; }
"""
#: A layout takes three rounds of timers; with as many as this something is wrong.
_ROUNDS = 1000


class LayoutError(Exception):
    """The engine could not lay a graph out, which is a mistake of the graph that it was given."""


class _Engine:
    """ELK in an interpreter; used by one thread alone."""

    def __init__(self) -> None:
        source = resources.files("diagrams").joinpath("elk/elk.bundled.js").read_text(encoding="utf-8")
        self._context = quickjs.Context()
        self._context.set_max_stack_size(_JAVASCRIPT_STACK)
        for text in (_SURROUNDINGS, source, _CALLS):
            self._context.eval(text)
        self._begin: Callable[[str], Any] = self._context.get("begin")
        self._go_on: Callable[[], str | None] = self._context.get("go_on")

    def lay_out(self, graph: Mapping[str, Any]) -> dict[str, Any]:
        """The graph with places. Raises LayoutError."""
        self._begin(json.dumps(graph))
        for _ in range(_ROUNDS):
            while self._context.execute_pending_job():
                pass
            found = self._go_on()
            if found is not None:
                answer: dict[str, Any] = json.loads(found)
                if "error" in answer:
                    raise LayoutError(answer["error"])
                placed: dict[str, Any] = answer["graph"]
                return placed
        raise LayoutError("The layout engine gave no answer.")


@cache
def _engine() -> _Engine:
    return _Engine()


@cache
def _thread() -> ThreadPoolExecutor:
    before = threading.stack_size(_STACK)
    try:
        pool = ThreadPoolExecutor(1, thread_name_prefix="layout")
        pool.submit(_engine).result()
    finally:
        threading.stack_size(before)
    return pool


def lay_out(graph: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a graph out in ELK's own JSON format; it takes a tenth of a second, so keep what comes back."""
    return _thread().submit(lambda: _engine().lay_out(graph)).result()

"""The picture of a workflow under a policy before it is drawn: frozen values that every renderer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from workflows.vocabulary import PRODUCT_DEFAULT


class Kind(StrEnum):
    """What a state waits for, which decides its shape."""

    person = "person"
    time = "time"
    rung = "rung"
    passing = "passing"
    end = "end"


class Change(StrEnum):
    """How something differs between two policies that are drawn on one picture."""

    added = "added"
    removed = "removed"
    changed = "changed"


class Interval(Struct, frozen=True):
    """How long, in words, for which part of the work ("" for all of it), and the clause that says so."""

    words: str
    clause: str
    about: str = ""

    @property
    def is_default(self) -> bool:
        """Whether no policy gives it."""
        return self.clause == PRODUCT_DEFAULT


class Clock(Struct, frozen=True):
    """A deadline that acts: what it is called, what it then does, and after how long."""

    deadline: str
    says: str
    intervals: tuple[Interval, ...]
    #: What it was under the first of two policies that are compared.
    before: tuple[Interval, ...] = ()
    change: Change | None = None


class Move(Struct, frozen=True):
    """One move: by people in these roles, by a clock, or by what happens elsewhere in the service."""

    trigger: str
    says: str
    #: Who may make it; nobody where the service does.
    roles: tuple[str, ...] = ()
    clock: Clock | None = None
    #: What the policy asks for before it.
    condition: str = ""
    change: Change | None = None


class Node(Struct, frozen=True):
    """One state."""

    name: str
    title: str
    says: str
    kind: Kind
    #: Whose turn it is; empty where it waits for time alone, or for nothing.
    waits_for: str = ""
    #: Who is asked when a rung's line of management is used up.
    then: str = ""
    is_initial: bool = False
    #: Whether a deadline runs in it.
    is_timed: bool = False
    #: What time does in it while it stays.
    clocks: tuple[Clock, ...] = ()
    #: What people may do in it while it stays.
    meanwhile: tuple[Move, ...] = ()
    change: Change | None = None


class Way(Struct, frozen=True):
    """A line of the picture: all the moves that lead from each of the sources to one state."""

    sources: tuple[str, ...]
    target: str
    moves: tuple[Move, ...]


class Graph(Struct, frozen=True):
    """A workflow as one policy lets it run, or as two policies differ about it."""

    workflow: str
    title: str
    policy: str
    version: str
    policy_name: str
    council: str
    #: How one begins.
    opened: str
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    #: The policy that it is compared with, the older of the two.
    compared_with: str = ""

    def node(self, name: str) -> Node:
        """One of its states."""
        return next(node for node in self.nodes if node.name == name)

    @property
    def first(self) -> str:
        """The state in which most begin: the start leads there."""
        return next(node.name for node in self.nodes if node.is_initial)

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states that are no ends."""
        return tuple(node.name for node in self.nodes if node.kind is not Kind.end)


#: A move from as many states as this is told once for all of them.
MANY = 3


def lines_between(order: Sequence[str], steps: Iterable[tuple[Move, str, str]]) -> Iterator[Way]:
    """The lines of a picture out of moves with their sources and targets: all that lead one way share a line.

    What leads there from many states begins at one place for all of them. `order` is that of the states.
    """
    sources_of: dict[tuple[Move, str], set[str]] = {}
    for move, source, target in steps:
        sources_of.setdefault((move, target), set()).add(source)
    by_line: dict[tuple[tuple[str, ...], str], list[Move]] = {}
    for (move, target), found in sources_of.items():
        all_of_them = tuple(name for name in order if name in found)
        for sources in (all_of_them,) if len(found) >= MANY else ((name,) for name in all_of_them):
            by_line.setdefault((sources, target), []).append(move)
    return (Way(sources, target, tuple(moves)) for (sources, target), moves in by_line.items())

"""Which of a transaction's matters are whose, so that finding one among thousands is one look and no scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from workflows.model import Matter, Selector
from workflows.vocabulary import Workflow

#: A workflow, a column that a selector may name, and the value it asks for.
Key = tuple[Workflow, str, Any]


class Hand:
    """The matters that a transaction has at hand, by everybody and everything that they name.

    A matter stays under what it named before: whoever looks it up asks the selector again.
    """

    def __init__(self) -> None:
        self._ids: dict[Key, dict[UUID, None]] = defaultdict(dict)
        self._whole: set[tuple[Key, ...]] = set()
        #: The same for those of all time.
        self._ever: set[tuple[Key, ...]] = set()
        self._touched: dict[UUID, None] = {}
        #: Taken since anybody was looked up: most moves look nobody up.
        self._to_sort: list[Matter] = []

    def take(self, matter: Matter) -> None:
        """Have a matter at hand, or at hand as it is now."""
        self._to_sort.append(matter)
        self._touched[matter.id] = None

    def _sort(self) -> None:
        for matter in self._to_sort:
            for key in _keys_of(matter):
                self._ids[key][matter.id] = None
        self._to_sort.clear()

    def touched(self) -> tuple[UUID, ...]:
        """The matters that were read or changed since this was last asked: one of their deadlines may have passed."""
        touched, self._touched = tuple(self._touched), {}
        return touched

    def candidates(self, selector: Selector) -> Iterable[UUID]:
        """Every matter at hand that a selector might mean, and few others; an id stands alone."""
        if selector.id is not None:
            return (selector.id,)
        self._sort()
        sets = [self._ids.get(key, {}) for key in _keys(selector)]
        return min((tuple(found) for found in sets), key=len)

    def holds_all(self, selector: Selector) -> bool:
        """Whether every matter that a selector means is at hand already."""
        keys, narrow = _keys(selector), _narrow(selector)
        if selector.closed_too:
            return narrow in self._ever
        return narrow in self._whole or keys in self._whole or any((key,) in self._whole for key in keys)

    def holds(self, selector: Selector) -> None:
        """Remember that every matter that this selector means was read."""
        if selector.id is None:
            self._whole.add(_narrow(selector))
        if selector.id is None and selector.closed_too:
            self._ever.add(_narrow(selector))


def _keys(selector: Selector) -> tuple[Key, ...]:
    named = (
        ("supervisee", selector.supervisee),
        ("supervisor", selector.supervisor),
        ("person", selector.person),
        ("holder", selector.holder),
        ("case", selector.case),
        ("parent", selector.parent),
        ("kind", selector.kind),
    )
    found = tuple((selector.workflow, name, value) for name, value in named if value is not None)
    return found or ((selector.workflow, "", None),)


def _narrow(selector: Selector) -> tuple[Key, ...]:
    """What was read for a selector: no more than its states, where it names some."""
    return (*_keys(selector), *((selector.workflow, "state", state) for state in sorted(selector.states)))


def _keys_of(matter: Matter) -> tuple[Key, ...]:
    own = matter.workflow
    return (
        (own, "", None),
        (own, "supervisee", matter.supervisee),
        (own, "supervisor", matter.supervisor),
        (own, "person", matter.person),
        (own, "holder", matter.holder),
        (own, "case", matter.case),
        (own, "parent", matter.parent),
        (own, "kind", matter.kind),
    )

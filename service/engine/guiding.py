"""Guidance and questions as people and machines read them, and what a draft is offered from its session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.guidance import Entry
from workflows.policy_guidance import Guidance


def guidance_shape(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries with their clauses; a question names the field that its answer goes into, where there is one."""
    return [_shape(entry) for entry in entries]


def with_moments(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The same, with when and for whom they are shown."""
    return [
        {**_shape(entry), "at": sorted(entry.at), "who": sorted(entry.who), "kinds": sorted(entry.kinds)}
        for entry in entries
    ]


def _shape(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Guidance):
        return {"clause": entry.clause, "says": entry.says, "kind": "guidance"}
    asked = {"clause": entry.clause, "says": entry.asks, "kind": "prompt"}
    return {**asked, "key": entry.key} if entry.key else asked


def offered(data: Mapping[str, Any], case: str | None) -> dict[str, Any]:
    """What a session's texts offer to a record: its agenda, and its preparation: for a record of a case that case’s."""
    found = {"agenda": data.get("agenda", {}), "preparation": _of_case(data.get("preparation", {}), case)}
    return {name: texts for name, texts in found.items() if texts}


def _of_case(preparation: Mapping[str, str], case: str | None) -> dict[str, str]:
    """The sections about one case, or about none; those about a case are named after it."""
    split = {name: name.rpartition(".") for name in preparation}
    return {section: preparation[name] for name, (of, _, section) in split.items() if of == (case or "")}

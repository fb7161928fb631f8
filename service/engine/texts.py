"""Sealed texts, opened for those who may read them: per matter for what it says now, per step for its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, Select, and_, bindparam, select

from service.identity.grounds import OWN
from service.storage.fetching import fetch, one_of
from service.storage.matter_tables import contents, matter_keys
from service.storage.sealing import Sealer, Unsealed, unseal

#: Texts of steps that only the history shows: they say why a step was taken, not what the matter is.
_OF_STEPS = frozenset({"reason"})
#: Groups whose texts are lists, one point a line.
_LISTS = frozenset({"agenda"})


#: Later than any step.
LATEST = 2**31 - 1


@cache
def _texts(dialect: str) -> Select[Any]:
    key = and_(
        matter_keys.c.organisation_id == contents.c.organisation_id, matter_keys.c.matter_id == contents.c.matter_id
    )
    return (
        select(contents, matter_keys.c.wrapped)
        .select_from(contents.join(matter_keys, key))
        .where(
            contents.c.organisation_id == OWN,
            one_of(contents.c.matter_id, "ids", dialect),
            contents.c.step <= bindparam("until", type_=Integer),
        )
        .order_by(contents.c.step)
    )


def read_unsealed(
    connection: Connection, sealer: Sealer, organisation_id: UUID, ids: Iterable[UUID], until: int | None = None
) -> Iterator[tuple[UUID, int, str, Unsealed]]:
    """Matter, step, name and opened text of everything that matters say, in the order of steps."""
    wanted = list(ids)
    if not wanted:
        return
    values = {"own": organisation_id, "ids": wanted, "until": LATEST if until is None else until}
    keys: dict[UUID, bytes] = {}
    for row in fetch(connection, _texts(connection.dialect.name), values):
        key = keys.get(row.matter_id) or keys.setdefault(row.matter_id, sealer.unwrap(row.wrapped))
        opened = unseal(key, organisation_id, row.matter_id, row.step, row.field, row.sealed)
        yield row.matter_id, row.step, row.field, opened


def read_texts(
    connection: Connection, sealer: Sealer, organisation_id: UUID, ids: Iterable[UUID], until: int | None = None
) -> dict[UUID, dict[int, dict[str, str]]]:
    """The texts of matters, by matter and step; `until` leaves out what later steps wrote."""
    found: dict[UUID, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for matter_id, step, name, opened in read_unsealed(connection, sealer, organisation_id, ids, until):
        found[matter_id][step][name] = opened.text
    return found


def merged(kept: Mapping[str, Any], by_step: dict[int, dict[str, str]]) -> dict[str, Any]:
    """What a matter keeps and what was written on it, a group that has both (the terms of an agreement) as one."""
    said = as_data(by_step)
    both = {
        name: {**kept[name], **text}
        for name, text in said.items()
        if isinstance(kept.get(name), dict) and isinstance(text, dict)
    }
    return {**kept, **said, **both}


def as_data(by_step: dict[int, dict[str, str]]) -> dict[str, Any]:
    """What a matter says now: the newest text of each field, sections together."""
    data: dict[str, Any] = {}
    for texts in by_step.values():
        for name, text in texts.items():
            group, _, part = name.partition(".")
            if part:
                data.setdefault(group, {})[part] = text.splitlines() if group in _LISTS else text
            elif name not in _OF_STEPS:
                data[name] = text
    return data

"""What a workflow's page draws as it stands in the address, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from service.api.asking import Asking
from service.api.bodies import near
from service.api.diagrams import Show, Wanted
from service.engine.counting import LATELY, may_list
from workflows.calendar import local_day
from workflows.vocabulary import Workflow

_DAY = timedelta(days=1)


def wanted_of(query: Mapping[str, str], asking: Asking, name: Workflow) -> Wanted:
    """What the address asks for; an empty filter narrows nothing, and what is no day is left out.

    A picture of two policies tells how they differ, and nothing of how many.
    """
    given = {key: value for key, value in query.items() if value}
    policy = given.get("policy")
    own = policy is None or policy.partition("@")[0] == asking.work.organisation.policy_id
    return Wanted(
        policy=policy, compare=given.get("compare"),
        counts=own and "compare" not in given,
        show=Show.times if given.get("show") == "times" else Show.counts,
        mine=not may_list(asking.reader.viewer, name), as_at=day_of(given.get("as_at")), team=given.get("team"),
        opened_from=day_of(given.get("opened_from")), opened_to=day_of(given.get("opened_to")),
        policy_version=given.get("policy_version"),
    )  # fmt: skip


def day_of(text: str | None) -> date | None:
    """A day in an address; None for what is none, or none that anybody can count with."""
    try:
        return near(date.fromisoformat(text)) if text else None
    except ValueError:
        return None


def asked(wanted: Wanted) -> dict[str, Any]:
    """The same as an address has it, for files to take away and for other days."""
    given = {
        "policy": wanted.policy, "compare": wanted.compare, "show": wanted.show.value, "as_at": wanted.as_at,
        **narrowed(wanted),
    }  # fmt: skip
    return {key: value for key, value in given.items() if value}


def narrowed(wanted: Wanted) -> dict[str, Any]:
    """The filters that leave matters out, by the names that the list of matters has for them as well."""
    given = {
        "team": wanted.team, "opened_from": wanted.opened_from, "opened_to": wanted.opened_to,
        "policy_version": wanted.policy_version,
    }  # fmt: skip
    return {key: value for key, value in given.items() if value}


def of_state(wanted: Wanted, name: Workflow, state: str) -> str:
    """Where the matters are that a state counts."""
    return f"/matters?{urlencode({'workflow': name.value, 'state': state, 'open': 'yes', **narrowed(wanted)})}"


def days_around(asking: Asking, wanted: Wanted, name: Workflow) -> dict[str, Any]:
    """The days that may be looked back on: how far, which one is told of, and the addresses of its neighbours."""
    today = local_day(asking.work.now)
    day = min(wanted.as_at or today, today)
    steps = {"before": day - _DAY, "after": day + _DAY if day < today else None}
    return {
        "today": today, "back": LATELY.days, "chosen": max((day - today).days, -LATELY.days),
        **{step: on and _of_day(wanted, name, on, today) for step, on in steps.items()},
    }  # fmt: skip


def _of_day(wanted: Wanted, name: Workflow, day: date, today: date) -> str:
    return f"/workflows/{name}?{urlencode(asked(replace(wanted, as_at=day if day < today else None)))}"

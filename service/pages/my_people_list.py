"""Whom somebody supervises, to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.pages.fields import Option
from workflows.calendar import local_day
from workflows.professions import supervises_professionally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.api.asking import Asking


def supervised(asking: Asking) -> list[str]:
    """Everybody in post whom the visitor supervises today, by name; of the same profession as well (HAR-13)."""
    picture, today = asking.work.picture, local_day(asking.work.now)
    directory, policy = picture.directory, picture.policy_on(today)
    found = list(directory.supervised_by(asking.ref))
    if policy.entitlement.professional_kinds and found:
        found += [ref for ref in directory.people if supervises_professionally(policy, directory, asking.ref, ref)]
    return _by_name(asking, found)


def own_people(asking: Asking) -> list[str]:
    """Those of them whose own supervisor the visitor is; others' cases are no colleague's to know (HAR-37; 0010)."""
    return _by_name(asking, asking.work.picture.directory.supervised_by(asking.ref))


def _by_name(asking: Asking, refs: Iterable[str]) -> list[str]:
    directory, today = asking.work.picture.directory, local_day(asking.work.now)
    in_post = {ref for ref in refs if directory.in_post(ref, today)}
    return sorted(in_post, key=lambda ref: (directory.people[ref].name.casefold(), ref))


def as_options(asking: Asking, refs: Iterable[str]) -> tuple[Option, ...]:
    """People to choose from, each with their reference."""
    people = asking.work.picture.directory.people
    return tuple(Option(ref, f"{people[ref].name} ({ref})") for ref in dict.fromkeys(refs) if ref in people)

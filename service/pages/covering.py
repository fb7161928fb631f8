"""Choosing who covers for an absent supervisor: a question for each supervisee, and the plan that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from service.api.asking import matter_id_of
from service.engine.covering import Candidate, Need, Plan, plan_of
from service.pages.dates import short_day
from service.pages.fields import Field, Option
from service.pages.following import shell
from service.pages.languages import gettext as _
from service.pages.matter_words import kind_in_words, where_it_stands
from service.pages.people_words import names_of
from service.pages.sentences import translated

if TYPE_CHECKING:
    from service.api.asking import Asking


def cover_fields(asking: Asking, shape: Mapping[str, Any]) -> Iterator[Field]:
    """Whom to choose for each supervisee; the suggestion of the plan is chosen already, and may be changed."""
    plan = _plan(asking, shape)
    for need in plan.needs:
        options = tuple(_options(asking, plan, need))
        yield Field(
            f"cover.{need.supervisee}", "select", names_of(asking)(need.supervisee), _why_not(asking, need),
            options=options, value=need.suggested or "",
        )  # fmt: skip


def _plan(asking: Asking, shape: Mapping[str, Any]) -> Plan:
    return plan_of(asking.reader, asking.work, asking.rows, matter_id_of(shape["id"]))


def _options(asking: Asking, plan: Plan, need: Need) -> Iterator[Option]:
    name = names_of(asking)
    yield Option("", _("Nobody yet"))
    able = [one for one in plan.candidates if one.ref not in need.obstacles]
    for one in able:
        label = _("%(name)s (supervises %(number)s)", name=name(one.ref), number=one.supervises)
        yield Option(one.ref, label)
    if need.covered_by and need.covered_by not in {one.ref for one in able}:
        yield Option(need.covered_by, _("%(name)s (covers now)", name=name(need.covered_by)))


def _why_not(asking: Asking, need: Need) -> str:
    """Who cannot be chosen for this supervisee; whoever is away cannot for anybody, and stands in the table."""
    absent = {ref for ref in need.obstacles if asking.work.picture.directory.away(ref, asking.today)}
    return " ".join(translated(why) for ref, why in need.obstacles.items() if ref not in absent)


def plan_shown(asking: Asking, shape: Mapping[str, Any]) -> dict[str, Any]:
    """The plan for a page: everybody with their open work, and the candidates with what they have already."""
    plan = _plan(asking, shape)
    return {
        "needs": [
            {"ref": need.supervisee, "covered_by": need.covered_by, "suggested": need.suggested,
             "matters": [_matter(one) for one in need.matters]}
            for need in plan.needs
        ],
        "candidates": [_candidate(one) for one in plan.candidates],
    }  # fmt: skip


def _matter(matter: Any) -> dict[str, Any]:  # noqa: ANN401 - a matter
    shape = shell(matter)
    return {**shape, "title": kind_in_words(shape), "says": where_it_stands(shape)}


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "ref": one.ref, "supervises": one.supervises, "waiting": one.waiting,
        "away": _away(one.away.first_day, one.away.last_day) if one.away else None,
    }  # fmt: skip


def _away(first: date, last: date | None) -> str:
    if last is None:
        return _("from %(first)s, until further notice", first=short_day(first))
    return _("from %(first)s to %(last)s", first=short_day(first), last=short_day(last))

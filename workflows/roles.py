"""What somebody is to a matter: worked out each time from the matter and the directory, never stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflows.calendar import local_day
from workflows.model import Actor, Facts, Matter
from workflows.vocabulary import Role, Workflow

_SYSTEM = frozenset({Role.system})
#: Whom a matter keeps with its data. Business support is whoever was asked to write it up, and nobody else; a
#: contributor whoever the form gives a part; a recorder whoever the agreement or the session has named.
_KEPT = {
    "opened_by": Role.opener,
    "owner": Role.owner,
    "delegate": Role.business_support,
    "contributor": Role.contributor,
    "recorder": Role.recorder,
}


def roles_of(actor: Actor, matter: Matter, facts: Facts) -> frozenset[Role]:
    """Every role in which the actor stands to the matter today; somebody who has left has none."""
    ref = actor.ref
    if ref is None:
        return _SYSTEM
    person = facts.directory.get(ref)
    if person is None or not person.in_post(_today(facts)):
        return frozenset()
    held = {*person.app_roles, *actor.acts_as} - {Role.business_support}
    held.update(_named(ref, matter, facts))
    if matter.workflow is Workflow.absence and matter.person in (person.supervisor, person.cover):
        held.add(Role.supervisee)
    if ref == matter.holder or ref in matter.waiting_for:
        held.add(Role.holder)
    if ref in matter.data.get("participants", ()):
        held.add(Role.participant)
    if matter.workflow is Workflow.action and ref == facts.directory.accountable_for(matter.supervisee, _today(facts)):
        held.add(Role.accountable_manager)
    return frozenset(held | _by_line(ref, matter, facts))


def _today(facts: Facts) -> date:
    return local_day(facts.clock)


def is_own(matter: Matter, ref: str) -> bool:
    """Whether what a matter says is somebody's own; whoever else reads it is written down.

    A record is its two parties' own, whoever wrote it up for them. Of other matters it is also theirs who opened it,
    have it to do or take part.
    """
    parties = (matter.supervisee, matter.supervisor)
    if matter.workflow is Workflow.record:
        return ref in parties
    named = (*parties, matter.person, matter.data.get("opened_by"), matter.data.get("owner"))
    return ref in (*named, *matter.data.get("participants", ()))


def _named(ref: str, matter: Matter, facts: Facts) -> Iterator[Role]:
    """What a matter calls somebody."""
    if ref == matter.supervisee:
        yield Role.supervisee
    if ref == _supervisor(matter, facts):
        yield Role.supervisor
    if ref == matter.person:
        yield Role.person
    data = matter.data
    for key, role in _KEPT.items():
        if data.get(key) == ref:
            yield role


def _supervisor(matter: Matter, facts: Facts) -> str | None:
    """The matter's supervisor; in an absence, whoever supervises the person who is away."""
    return facts.directory.supervisor_of(matter.person) if matter.workflow is Workflow.absence else matter.supervisor


def _by_line(ref: str, matter: Matter, facts: Facts) -> set[Role]:
    """The places above the matter's supervisor; in an absence, above the person who is away."""
    below = matter.person if matter.workflow is Workflow.absence else matter.supervisor
    line = facts.directory.line(below or matter.supervisee)
    if ref not in line:
        return set()
    return {Role.line_manager} if line[0] == ref else {Role.senior_manager}

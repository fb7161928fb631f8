"""What stands around every page: who is signed in, where they can go, and the sandbox's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from service.pages.managers import manages, oversees
from service.pages.sentences import translated
from workflows.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.api.asking import Asking
    from service.pages.visiting import Visit


class Link(NamedTuple):
    """One entry of the navigation; with `role`, for people who have it; with `when`, for those of whom that is so.

    `also` are the other pages that it leads to, each a tab of the first.
    """

    path: str
    text: str
    role: Role | None = None
    when: Callable[[Asking], bool] | None = None
    also: tuple[str, ...] = ()


def _supervises(asking: Asking) -> bool:
    return bool(asking.work.picture.directory.supervised_by(asking.ref))


NAVIGATION = (
    Link("/", "Your work"),
    Link("/me", "Your supervision"),
    Link("/my-people", "Your people", when=_supervises),
    Link("/schedule", "Schedule"),
    Link("/start", "Start something"),
    Link("/find", "Find"),
    Link("/notices", "Notices"),
    Link("/workflows", "Workflows", Role.administrator),
    Link("/inspection", "Inspection", Role.auditor),
    Link("/lists", "Lists", Role.administrator),
    Link("/incidents", "Incidents", Role.administrator),
    Link("/service", "Service", Role.administrator),
)
#: How the council works, for everybody, at the foot of every page.
_FOOT = (Link("/policies", "Policy"), Link("/workflows", "Workflows"), Link("/calendar", "Calendar"))
#: Where managers and HR go besides.
_ABOVE = (
    Link("/overview", "Overview", when=lambda asking: manages(asking) or oversees(asking)),
    Link("/absences", "HR desk", Role.hr, also=("/referrals", "/disclosures")),
)


def chrome_of(visit: Visit, asking: Asking) -> dict[str, Any]:
    """The frame of a page for whoever visits it."""
    path = visit.request.url.path
    me = asking.work.picture.directory.people[asking.ref]
    links = [link for link in (*NAVIGATION, *_ABOVE) if _is_for(asking, link)]
    return {
        "me": me,
        "navigation": [
            {"href": link.path, "text": translated(link.text), "active": _is_at(path, link)} for link in links
        ],
        "foot": _FOOT,
        "sandbox": visit.settings.sandbox,
        "organisation": asking.organisation_id,
        "path": path,
    }


def _is_for(asking: Asking, link: Link) -> bool:
    return (link.role is None or asking.has(link.role)) and (link.when is None or link.when(asking))


def _is_at(path: str, link: Link) -> bool:
    return path == link.path or (link.path != "/" and path.startswith((link.path, *link.also)))

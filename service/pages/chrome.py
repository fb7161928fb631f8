"""What stands around every page: who is signed in, where they can go, and the sandbox's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.vocabulary import Role

if TYPE_CHECKING:
    from service.api.asking import Asking
    from service.pages.visiting import Visit


class Link(NamedTuple):
    """One entry of the navigation; with `role`, for people who have it in the service."""

    path: str
    text: str
    role: Role | None = None


NAVIGATION = (
    Link("/", "Your work"),
    Link("/matters", "Find"),
    Link("/notices", "Notices"),
    Link("/policies", "Policy"),
    Link("/calendar", "Calendar"),
    Link("/inspection", "Inspection", Role.auditor),
    Link("/lists", "Lists", Role.administrator),
    Link("/incidents", "Incidents", Role.administrator),
)


def chrome_of(visit: Visit, asking: Asking) -> dict[str, Any]:
    """The frame of a page for whoever visits it."""
    path = visit.request.url.path
    me = asking.work.picture.directory.people[asking.ref]
    links = [link for link in NAVIGATION if link.role is None or asking.has(link.role)]
    return {
        "me": me,
        "navigation": [{"href": link.path, "text": link.text, "active": _is_at(path, link)} for link in links],
        "sandbox": visit.settings.sandbox,
        "organisation": asking.organisation_id,
        "path": path,
    }


def _is_at(path: str, link: Link) -> bool:
    return path == link.path or (link.path != "/" and path.startswith(link.path))

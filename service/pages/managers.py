"""Who looks over other people's work, and where they go for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.vocabulary import Role

if TYPE_CHECKING:
    from service.api.asking import Asking

#: Lists of what is to be looked after, each a tab beside the others.
_DESKS: dict[str, str] = {
    "/overview": "Overview", "/disputes": "Disagreements", "/absences": "Absences", "/referrals": "Referrals",
    "/disclosures": "Requests for records",
}  # fmt: skip
#: Whose office it is to look over what is not in their own line.
_OVERSEERS = (Role.auditor, Role.head_of_service)


def manages(asking: Asking) -> bool:
    """Whether the visitor supervises or manages anybody today."""
    directory, ref = asking.work.picture.directory, asking.ref
    return bool(directory.supervised_by(ref)) or ref in directory.managers


def oversees(asking: Asking) -> bool:
    """Whether the visitor has an office that looks over the whole service."""
    return any(asking.has(role) for role in _OVERSEERS)


def desks_of(asking: Asking) -> list[tuple[str, str]]:
    """Addresses with what they are called. They follow from the list of people alone, never from what there is."""
    above, hr = manages(asking), asking.has(Role.hr)
    theirs = {
        "/overview": above or oversees(asking), "/disputes": above, "/absences": above or hr,
        "/referrals": above or hr, "/disclosures": hr,
    }  # fmt: skip
    return [(path, text) for path, text in _DESKS.items() if theirs[path]]

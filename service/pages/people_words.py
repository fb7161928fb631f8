"""People by their names on pages; addresses have their refs alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from service.pages.languages import gettext as _

if TYPE_CHECKING:
    from service.api.asking import Asking


def names_of(asking: Asking) -> Callable[[str | None], str]:
    """How a person is called; whoever is not on the list any more, by their ref."""
    people = asking.work.picture.directory.people

    def name(ref: str | None) -> str:
        if ref is None:
            return _("nobody")
        return people[ref].name if ref in people else ref

    return name

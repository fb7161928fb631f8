"""Several words as people say them: "one, two and three"."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list

from service.pages.languages import current


def listed(words: Sequence[str]) -> str:
    """Several words as one text, in the language of this answer."""
    return format_list([str(word) for word in words], "standard", current().locale)

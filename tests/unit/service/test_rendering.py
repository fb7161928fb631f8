"""Words as templates write them."""

from __future__ import annotations

import pytest

from service.pages.rendering import environment

WRITTEN = environment().from_string("{{ text|clauses }}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The policy says so in NS-17.", 'The policy says so in <span class="app-clause">NS-17</span>.'),
        ("Every 4 weeks (CBC-42)", 'Every 4 weeks <span class="app-clause">(CBC-42)</span>'),
        ("<b>NS-17</b>", '&lt;b&gt;<span class="app-clause">NS-17</span>&lt;/b&gt;'),
        ("product default", "product default"),
    ],
)
def test_no_clause_is_broken_at_its_hyphen_and_nothing_becomes_markup(text: str, written: str) -> None:
    assert WRITTEN.render(text=text) == written

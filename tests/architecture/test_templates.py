"""Pages hold nothing that runs or styles by itself, which the policy that browsers are sent would refuse anyway."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

TEMPLATES = sorted((ROOT / "service").rglob("*.html"))
_INLINE = re.compile(
    r'<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)="(?:https?:)?//', re.IGNORECASE
)


#: The templates' own language, which never reaches a browser.
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def inline(text: str) -> list[str]:
    """What would run or style within a page, or come from elsewhere."""
    return _INLINE.findall(_JINJA.sub("", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_stands_inline_and_nothing_comes_from_elsewhere(template: Path) -> None:
    assert inline(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "<style>", '<p style="x">', '<a onclick="x">', 'src="//cdn.example/x.js"', "javascript:x"],
)
def test_what_does_is_found(text: str) -> None:
    assert inline(text)


def test_files_of_our_own_and_the_templates_own_language_are_fine() -> None:
    ours = '<script type="module" src="/static/start.js"></script><link href="/static/application.css">'

    assert not inline('{% with one="x" %}{{ part(one="y") }}' + ours)

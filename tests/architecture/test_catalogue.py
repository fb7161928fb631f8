"""The catalogue is as `make catalogue` writes it, and what is looked up in it can be found."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from service.pages.languages import FOLDER, TEMPLATE
from service.pages.rendering import environment
from service.pages.wording import HOLIDAYS
from tests.architecture.source import ROOT, modules

TEMPLATES = sorted((ROOT / "service/pages/templates").rglob("*.html"))
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
_LOOKED_UP = ("_", "gettext", "ngettext")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
#: What would end an attribute, or begin an element, in a page.
_OF_HTML = re.compile(r'[<>&"]')

_STRAIGHT = re.compile(r"[A-Za-z]'[a-z]")


def babel(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Babel's own program, from the root of the project as `make catalogue` starts it."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def read(file: Path) -> Catalog:
    with file.open("rb") as written:
        return read_po(written)


def test_the_catalogue_has_every_word_and_no_other(tmp_path: Path) -> None:
    found = tmp_path / "messages.pot"
    options = ("--mapping-file", "pyproject.toml", "--no-location", "--sort-output", "--omit-header")

    assert babel("extract", *options, "--output-file", found, ".").returncode == 0
    assert found.read_text(encoding="utf-8") == TEMPLATE.read_text(encoding="utf-8"), "run `make catalogue`"


def test_every_language_has_the_catalogues_messages_translated_or_not() -> None:
    options = ("--ignore-obsolete", "--no-fuzzy-matching", "--ignore-pot-creation-date", "--check")

    answer = babel("update", "--input-file", TEMPLATE, "--output-dir", FOLDER, *options)

    assert answer.returncode == 0, f"run `make catalogue`: {answer.stderr}"


def test_every_apostrophe_is_curly_but_those_of_days_that_are_named_elsewhere() -> None:
    straight = {str(message.id) for message in read(TEMPLATE) if _STRAIGHT.search(str(message.id))}

    assert straight == {day for day in HOLIDAYS if "'" in day}


# -- what is looked up
def dynamic(template: str) -> list[int]:
    """The lines of a template on which something else than a text is looked up."""
    calls = ((call, _called(call)) for call in environment().parse(template).find_all(nodes.Call))
    looked_up = ((call, 2 if name == "ngettext" else 1) for call, name in calls if name in _LOOKED_UP)
    return [call.lineno for call, texts in looked_up if not all(isinstance(t, nodes.Const) for t in call.args[:texts])]


def _called(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_looks_up_texts_alone(template: Path) -> None:
    assert dynamic(template.read_text(encoding="utf-8")) == []


def computed(tree: ast.Module) -> list[int]:
    """The lines of a module on which something that is put together is looked up."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    looked_up = [(call, 2 if call.func.id == "ngettext" else 1) for call in calls if call.func.id in _LOOKED_UP]  # type: ignore[attr-defined]
    return [call.lineno for call, texts in looked_up if not all(isinstance(t, ast.Constant) for t in call.args[:texts])]


def test_a_page_looks_up_texts_alone() -> None:
    pages = [module for module in modules() if module.path.startswith("service/pages/")]

    assert {module.path: lines for module in pages if (lines := computed(module.tree))} == {}


def test_what_is_put_together_is_found() -> None:
    assert dynamic('{{ _("a" ~ b) }}{{ _(c) }}{{ _("d", e=f) }}{{ ngettext("g", h, 2) }}') == [1, 1, 1]
    assert computed(ast.parse('_(f"a{b}")\n_("c" + d)\n_("e", f=g)\nngettext("h", "i" % j, 2)')) == [1, 2, 4]


# -- translations
def translated(file: Path) -> Iterator[tuple[Message, list[tuple[str, str]]]]:
    """Every message that a catalogue translates, with the original and the translation of each form."""
    for message in read(file):
        if not message.id or not message.string or message.fuzzy:
            continue
        if isinstance(message.id, str):
            yield message, [(message.id, str(message.string))]
        elif any(message.string):
            one, several = message.id
            yield message, [(one if number == 1 else several, form) for number, form in enumerate(message.string)]


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_a_translation_keeps_the_values_and_nothing_that_a_page_would_take_for_its_own(file: Path) -> None:
    for message, forms in translated(file):
        for original, form in forms:
            assert form, f"a form of {message.id} is missing"
            assert sorted(_PLACEHOLDER.findall(form)) == sorted(_PLACEHOLDER.findall(original)), message.id
            assert set(_OF_HTML.findall(form)) <= set(_OF_HTML.findall(original)), message.id


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_text_in_a_template_is_safe_in_an_attribute(template: Path) -> None:
    found = environment().extract_translations(template.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    texts = [text for _, _, said in found for text in ([said] if isinstance(said, str) else said) if text]

    assert [text for text in texts if _OF_HTML.search(text)] == []

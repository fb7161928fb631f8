"""What the documents for penetration testers name as their answers is there: every file, test, setting and target."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from tests.architecture.source import ROOT

SECURITY, CHECKLIST = ROOT / "docs" / "security.md", ROOT / "docs" / "asvs.md"
_QUOTED = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([a-z0-9./-]*)(?:#([a-z0-9-]+))?\)")
_FILE = re.compile(r"[\w./-]+\.(?:py|md|js|toml|json|lock|env|html)|[\w.-]+/[\w./-]*|requirements\.lock")
_ROW = re.compile(r"\| v5\.0\.0-(\d+)\.(\d+)\.(\d+) \| ([12]) \| (.+?) \| (.+) \|")
#: How many requirements version 5.0.0 has of each level.
LEVELS = {"1": 70, "2": 183}


def quoted(document: str) -> list[str]:
    return _QUOTED.findall((ROOT / "docs" / document).read_text("utf-8"))


@cache
def every_test_that_is_there() -> frozenset[str]:
    """The names of all tests."""
    sources = (file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py"))
    return frozenset(name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE))


def missing(word: str) -> bool:
    """Whether a word names a file or a test that is not there."""
    if word.startswith("test_") and not word.endswith(".py"):
        return word not in every_test_that_is_there()
    if _FILE.fullmatch(word):
        return not (ROOT / word).exists() and not list((ROOT / "tests").rglob(word))
    return False


@pytest.mark.parametrize("document", ["security.md", "asvs.md", "signing-in.md"])
def test_every_file_and_every_test_that_is_named_is_there(document: str) -> None:
    found = quoted(document)

    assert [word for word in found if missing(word)] == []
    assert document == "signing-in.md" or sum(word.startswith("test") for word in found) > 20


@pytest.mark.parametrize("document", ["security.md", "asvs.md", "signing-in.md"])
def test_every_setting_and_every_target_that_is_named_is_there(document: str) -> None:
    settings = (ROOT / "docs" / "settings.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for word in quoted(document):
        for setting in re.findall(r"SUPERVISION_[A-Z_]+", word):
            assert f"`{setting}`" in settings
        if word.startswith("make "):
            assert f"\n{word.split()[1]}:" in makefile


def headings(path: str) -> set[str]:
    text = (ROOT / "docs" / path).read_text("utf-8")
    titles = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", ["security.md", "asvs.md"])
def test_every_link_leads_to_a_heading_that_there_is(document: str) -> None:
    for path, heading in _LINK.findall((ROOT / "docs" / document).read_text("utf-8")):
        assert (ROOT / "docs" / path).exists()
        assert not heading or heading in headings(path), (path, heading)


def rows() -> Iterator[tuple[tuple[int, int, int], str, str, str]]:
    for chapter, section, number, level, about, answer in _ROW.findall(CHECKLIST.read_text("utf-8")):
        yield (int(chapter), int(section), int(number)), level, about, answer


def test_every_requirement_of_both_levels_has_one_line_in_order() -> None:
    numbers = [number for number, *_ in rows()]

    assert all(one < next_one for one, next_one in pairwise(numbers))
    assert {chapter for chapter, _, _ in numbers} == set(range(1, 18))
    for level, count in LEVELS.items():
        assert sum(own == level for _, own, *_ in rows()) == count


def test_what_is_not_answered_says_why() -> None:
    for number, _, _, answer in rows():
        reasons = re.fullmatch(r"(?:n/a|open): \w.+", answer)
        assert reasons or "`" in answer or "](" in answer or "installation" in answer or "the same" in answer, number

"""The pages in Welsh: chosen and changed back with and without JavaScript, accessible, and as narrow as a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from service.pages.languages import ENGLISH, language
from tests.acceptance.beginnings import sent
from tests.fixtures.served import Sandbox, Story, sandbox_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.visitors import Visitor

Visit = Callable[["Story", str], "Visitor"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose pages are in English, and in Welsh for those who choose it."""
    folder: Path = tmp_path_factory.mktemp("languages")
    with sandbox_on(f"sqlite:///{folder}/sandbox.sqlite3", languages=(ENGLISH, language("cy"))) as served:
        yield served


def test_a_supervisee_signs_a_record_in_welsh_and_goes_on_in_english(story: Story, visit: Visit) -> None:
    record = sent(story, personal_discussion="We talked.")
    worker = visit(story, "wkr")

    worker.follow("Cymraeg")
    worker.follow("Darllen y cofnod")
    worker.follow("Llofnodi’r cofnod")
    worker.press("Llofnodi’r cofnod")

    assert worker.sees("Mae’r cofnod wedi’i lofnodi ac yn derfynol.")
    assert worker.is_as_wide_as(320)
    worker.follow("English")
    assert worker.sees("The record is signed and final.")
    assert story.matter("wkr", record)["state"] == "agreed"


def test_what_is_wrong_is_said_in_welsh_beside_its_field(story: Story, visit: Visit) -> None:
    record = sent(story)
    worker = visit(story, "wkr")
    worker.follow("Cymraeg")

    worker.go(f"/matters/{record['id']}/moves/dispute")
    worker.press("Anghytuno â’r cofnod")

    assert worker.sees("Mae problem wedi codi")
    assert worker.is_as_wide_as(320)

"""What the rules say while people do this and that is recognised, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextvars import copy_context
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from service.pages.languages import speak
from service.pages.sentences import translated
from tests.acceptance.beginnings import POLICIES
from tests.fakes.council import FakeCouncil, standard_team
from tests.fakes.policy_words import words_of_policies
from tests.fakes.pseudo_language import outside, pseudo_language
from tests.unit.workflows.walk_payloads import Dice
from tests.unit.workflows.walks import KINDS, Walk
from workflows.refusals import Refused

_ACTS = 400
_PEOPLE = "|".join(standard_team())
#: Names, refs and cases of the council, clauses, and what a move or a field is called for programs.
_DATA = re.compile(rf"Person \w+|\b(?:{_PEOPLE})\b|\bc\d+\b|[A-Z]{{2,3}}-\d+\w*|'\w+'|\band\b|\d+")


def walked(policy: str) -> tuple[FakeCouncil, list[str]]:
    """A council in which much was done and tried, and the refusals."""
    chance, walk, refusals = Random(policy), Walk.begun(policy), []  # noqa: S311 - nothing is kept secret by it
    for _ in range(_ACTS):
        kind, dice = chance.choice(KINDS), Dice(chance.getrandbits(64))
        try:
            walk.clock(dice) if kind == "clock" else walk.act(kind, dice)
        except Refused as refused:
            refusals.append(refused.why)
        except ValidationError:
            continue
    return walk.council, refusals


def said(council: FakeCouncil) -> Iterator[str]:
    """Everything that the rules told people."""
    for notice in council.notices:
        yield notice["subject"]
        yield notice["body"]
    for incident in council.incidents:
        yield incident["detail"]
    for deadline in council.deadlines.values():
        yield from explained(deadline["receipt"])


def explained(receipt: Mapping[str, Any]) -> Iterator[str]:
    """The words of a receipt; why a day is not worked is the council's own."""
    yield from (receipt["counted"], receipt.get("left") or "", receipt.get("note") or "")
    yield from (anchor["event"] for anchor in receipt["anchors"])
    yield from (pause["because"] for pause in receipt["pauses"])
    for candidate in receipt["candidates"]:
        yield candidate["because"]
        yield from explained(candidate["receipt"]) if "receipt" in candidate else ()


def unknown(texts: set[str]) -> dict[str, str]:
    """What of the texts the catalogue does not know, with what it is part of."""
    speak(pseudo_language())
    left = {text: outside(translated(text)) for text in texts}
    return {text: words for text, words in left.items() if not _is_data(words)}


def _is_data(words: str) -> bool:
    for title in sorted((text for text in words_of_policies() if " " in text), key=len, reverse=True):
        words = words.replace(title, "")
    bare = " ".join(_DATA.sub(" ", words).split()).strip(" .,:;()“”")
    return not re.search("[A-Za-z]{2}", bare) or bare in words_of_policies() | {"not theirs", "closed"}


@pytest.mark.parametrize("policy", POLICIES)
def test_every_sentence_of_the_rules_is_in_the_catalogue(policy: str) -> None:
    council, refusals = walked(policy)

    assert len(refusals) > 20
    assert copy_context().run(unknown, {*said(council), *refusals}) == {}

"""A step's hash covers the whole step and all that came before it, and is the same however the step was stored."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from service.storage.history import BEGINNING, canonical_json, step_hash
from workflows.vocabulary import Role

MATTER = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
STEP: dict[str, Any] = {
    "number": 3,
    "trigger": "dispute",
    "source": "awaiting_signature",
    "dest": "disputed",
    "actor": "p3",
    "role": Role.supervisee,
    "at": datetime(2025, 4, 28, 9, 30, tzinfo=UTC),
    "clause": "INV-42",
    "data": {"passages": ["wellbeing"], "minutes": 60},
    "commitments": {"statement": "ab" * 32},
}


def test_an_outsider_computes_the_same_hash_from_the_description_alone() -> None:
    said = {**STEP, "matter": str(MATTER), "role": "supervisee", "at": "2025-04-28T09:30:00+00:00"}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))

    assert step_hash(BEGINNING, MATTER, STEP) == hashlib.sha256(bytes(32) + text.encode("ascii")).digest()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", 4),
        ("trigger", "sign"),
        ("source", None),
        ("dest", "agreed"),
        ("actor", None),
        ("role", Role.supervisor),
        ("at", datetime(2025, 4, 28, 9, 30, 1, tzinfo=UTC)),
        ("clause", None),
        ("data", {"passages": ["wellbeing"], "minutes": 61}),
        ("commitments", {}),
    ],
)
def test_whatever_changes_in_a_step_changes_its_hash(field: str, value: object) -> None:
    assert step_hash(BEGINNING, MATTER, {**STEP, field: value}) != step_hash(BEGINNING, MATTER, STEP)


def test_another_past_or_another_matter_gives_another_hash() -> None:
    hashes = {
        step_hash(BEGINNING, MATTER, STEP),
        step_hash(b"\x01" * 32, MATTER, STEP),
        step_hash(BEGINNING, UUID(int=1), STEP),
    }

    assert len(hashes) == 3


def test_how_it_was_stored_makes_no_difference() -> None:
    stored = {
        **dict(reversed(STEP.items())),
        "role": "supervisee",
        "at": STEP["at"].astimezone(ZoneInfo("Europe/London")),
        "data": {"minutes": 60, "passages": ["wellbeing"]},
        "hash": b"another column",
    }

    assert step_hash(BEGINNING, MATTER, stored) == step_hash(BEGINNING, MATTER, STEP)


def test_canonical_json_is_ascii_with_sorted_keys_and_no_spaces() -> None:
    assert canonical_json({"b": "Zoë", "a": [1, None]}) == b'{"a":[1,null],"b":"Zo\\u00eb"}'


def test_not_a_number_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"minutes": float("nan")})

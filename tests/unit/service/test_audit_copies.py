"""An audit copy proves, without the service, that what it shows is what was written and that nothing is missing."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from service.storage.audit_copies import check_audit_copy
from service.storage.history import BEGINNING, step_hash
from service.storage.sealing import commitment

MATTER = UUID(int=5)
AT = datetime(2025, 3, 3, 9, tzinfo=UTC)
SALTS = {name: secrets.token_bytes(16) for name in ("workload", "wellbeing")}
TEXTS = {"workload": "Three cases.", "wellbeing": "Tired."}


def made() -> dict[str, Any]:
    """A copy of a record with two sections, the second replaced; an earlier text of the first is in its history."""
    written = [
        {"sections.workload": commitment(b"0" * 16, "Two cases.")},
        {f"sections.{name}": commitment(SALTS[name], text) for name, text in TEXTS.items()},
        {"reason": commitment(b"1" * 16, "A slip.")},
    ]
    steps: list[dict[str, Any]] = []
    head = BEGINNING
    for number, commitments in enumerate(written, 1):
        row = {
            "number": number, "trigger": "write", "source": "draft", "dest": "draft", "actor": "sup",
            "role": "supervisor", "at": AT, "clause": None, "data": {}, "commitments": commitments,
        }  # fmt: skip
        head = step_hash(head, MATTER, row)
        steps.append({**row, "at": AT.isoformat(), "hash": head.hex()})
    proof = {name: {"step": 2, "commitment": written[1][f"sections.{name}"]} for name in TEXTS}
    sections = [
        {"name": "workload", **proof["workload"], "text": TEXTS["workload"], "replaced": False,
         "salt": SALTS["workload"].hex()},
        {"name": "wellbeing", **proof["wellbeing"], "text": "wellbeing discussion", "replaced": True},
    ]  # fmt: skip
    return {"matter": str(MATTER), "sections": sections, "steps": steps, "head": head.hex()}


@pytest.mark.clause("HAR-34")
def test_a_copy_in_which_only_wellbeing_was_replaced_holds() -> None:
    assert check_audit_copy(made()) == []


def _word(found: dict[str, Any]) -> None:
    found["sections"][0]["text"] = "Four cases."


def _left_out(found: dict[str, Any]) -> None:
    del found["sections"][0]


def _earlier(found: dict[str, Any]) -> None:
    found["sections"][0] |= {
        "step": 1, "commitment": found["steps"][0]["commitments"]["sections.workload"],
        "text": "Two cases.", "salt": (b"0" * 16).hex(),
    }  # fmt: skip


def _replaced_commitment(found: dict[str, Any]) -> None:
    found["sections"][1]["commitment"] = "0" * 64


def _history(found: dict[str, Any]) -> None:
    found["steps"][1]["actor"] = "lm"


def _last_step(found: dict[str, Any]) -> None:
    del found["steps"][-1]


@pytest.mark.clause("HAR-34")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_word, ["the text of the section workload is not the one that was written"]),
        (_left_out, ["the section workload is missing"]),
        (_earlier, ["the section workload is not the newest to which the history commits"]),
        (_replaced_commitment, ["the section wellbeing is not the newest to which the history commits"]),
        (_history, ["step 2 is not what was hashed, or does not follow the step before it"]),
        (_last_step, ["the history does not end where the matter stands"]),
    ],
)
def test_whoever_changes_a_word_is_found_out(change: Callable[[dict[str, Any]], object], said: list[str]) -> None:
    found = copy.deepcopy(made())
    change(found)
    assert check_audit_copy(found) == said

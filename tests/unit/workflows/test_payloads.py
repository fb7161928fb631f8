"""What is sent is checked before any rule sees it: unknown fields, empty words and naive times are mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from workflows.filing_payloads import Acknowledge
from workflows.payloads import (
    Agree,
    Amend,
    AssignCover,
    Circulate,
    Decide,
    DisputeRecord,
    HoldSession,
    Meet,
    Nothing,
    OpenSession,
    Payload,
    Propose,
    Reason,
    WriteSections,
)
from workflows.registry import DEFINITIONS


@pytest.mark.parametrize(
    ("payload", "needs"),
    [
        (Nothing, []),
        (Reason, ["reason"]),
        (Amend, ["discussed_on", "sections"]),
        (Circulate, []),
        (DisputeRecord, ["statement"]),
        (Decide, ["outcome", "reasons"]),
        (Meet, ["at", "told"]),
        (Agree, []),
        (Propose, ["case", "category", "reason"]),
    ],
)
def test_a_payload_says_which_fields_it_needs(payload: type[Payload], needs: list[str]) -> None:
    assert payload.needs() == needs


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        (Nothing, {"reason": "None is asked for."}),
        (Reason, {}),
        (Reason, {"reason": "   "}),
        (Reason, {"reason": "x" * 20_001}),
        (Reason, {"reason": "x" + " " * 20_000}),
        (Reason, {"reason": "Good.", "extra": 1}),
        (WriteSections, {"sections": {"Not A Name": "text"}}),
        (WriteSections, {"sections": {f"s{n}": "" for n in range(61)}}),
        (WriteSections, {"sections": {"notes": "x" * 50_001}}),
        (DisputeRecord, {"statement": "No.", "passages": [""]}),
        (Decide, {"outcome": "burn_it", "reasons": "Cold."}),
        (Decide, {"outcome": "record_stands"}),
        (Meet, {"at": "2025-03-03T10:00:00", "told": ["wkr"]}),
        (Meet, {"at": "2025-03-03T10:00:00Z", "told": []}),
        (Amend, {"discussed_on": "yesterday", "sections": {}}),
        (AssignCover, {"cover": {}}),
        (OpenSession, {"kind": "personal", "starts_at": "2025-03-03T10:00:00Z", "minutes": 0}),
        (Propose, {"case": "c1", "category": "Not A Slug", "reason": "New."}),
    ],
)
def test_what_is_not_a_good_value_is_refused(payload: type[Payload], data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        payload.model_validate(data)


def test_words_are_stripped_and_instants_are_whole_seconds() -> None:
    held = HoldSession.model_validate({"held_at": "2025-03-03T10:00:00.987654Z", "minutes": 60, "reason": " Late. "})
    assert (held.held_at.isoformat(), held.reason) == ("2025-03-03T10:00:00+00:00", "Late.")


def test_a_reference_may_be_sent_with_blank_ends() -> None:
    assert Acknowledge.model_validate({"reference": " CASE-1 "}).reference == "CASE-1"


def test_an_emptied_section_is_a_good_value() -> None:
    assert WriteSections.model_validate({"sections": {"notes": ""}}).sections == {"notes": ""}


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda definition: definition.workflow)
def test_the_rows_of_one_move_carry_the_same(definition: Any) -> None:
    for rows in definition.by_trigger.values():
        assert len({move.payload for move in rows}) == 1

"""A record on its way to the council's own file: one filing for each revision that becomes final."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.filing_payloads import RecordFiled
from workflows.model import Opening, Selector
from workflows.record_form import record_rules
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def open_filing(turn: Turn, state: str) -> None:
    """Have the record, which is final in `state` now, filed where the council keeps it.

    A revision that is on file is not filed again, and a draft that its leaver left empty is nothing to file.
    """
    store, data = record_rules(turn).kept_in, turn.data
    if store is None or _is_on_file(data) or _is_blank(data):
        return
    turn.open(
        Opening(
            Workflow.filing,
            kind=turn.matter.kind,
            supervisee=turn.matter.supervisee,
            supervisor=turn.supervisor,
            case=turn.matter.case,
            data={
                "opened_by": None, "revision": data["revision"], "record_state": state,
                "record_step": turn.matter.version + 1, "place": store.place, "system": store.system,
                "held_at": data.get("held_at"), "delegate": data.get("delegate") or data.get("recorder"),
            },
        )
    )  # fmt: skip


def _is_on_file(data: Mapping[str, Any]) -> bool:
    return bool(data.get("filed", {}).get("revision") == data["revision"])


def _is_blank(data: Mapping[str, Any]) -> bool:
    return data.get("reason") == "left" and not data["filled"]


def end_filing(turn: Turn) -> None:
    """A deemed record that is disputed after all is not final: what is not filed yet stays here."""
    if turn.matter.state == "deemed_accepted":
        turn.then(Selector(Workflow.filing, parent=turn.matter.id), "end", why="disputed")


def filed(turn: Turn, data: RecordFiled) -> None:
    """The council's own system has the record: when, where, and under which reference."""
    told = data.model_dump(exclude={"filing"})
    turn.keep(filed={**told, "filing": str(data.filing)})
    turn.note(filing=str(data.filing), reference=data.reference)

"""A record on its way to the council's own file: one filing for each revision that becomes final."""

from __future__ import annotations

from workflows.filing_payloads import RecordFiled
from workflows.model import Opening, Selector
from workflows.record_form import record_rules
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def open_filing(turn: Turn, state: str) -> None:
    """Have the record, which is final in `state` now, filed where the council keeps it.

    A revision that is on file is not filed again, and a draft that its leaver left empty is nothing to file.
    """
    store = record_rules(turn).kept_in
    if store is None or _is_on_file(turn) or _is_blank(turn):
        return
    turn.open(
        Opening(
            Workflow.filing,
            kind=turn.matter.kind,
            supervisee=turn.matter.supervisee,
            supervisor=turn.supervisor,
            case=turn.matter.case,
            data={
                "opened_by": None, "revision": turn.data["revision"], "record_state": state,
                "record_step": turn.matter.version + 1, "place": store.place, "system": store.system,
                "held_at": turn.data.get("held_at"), "delegate": turn.data.get("delegate"),
            },
        )
    )  # fmt: skip


def _is_on_file(turn: Turn) -> bool:
    return bool(turn.data.get("filed", {}).get("revision") == turn.data["revision"])


def _is_blank(turn: Turn) -> bool:
    return turn.data.get("reason") == "left" and not turn.data["filled"]


def end_filing(turn: Turn) -> None:
    """A deemed record that is disputed after all is not final: what is not filed yet stays here."""
    if turn.matter.state == "deemed_accepted":
        turn.then(Selector(Workflow.filing, parent=turn.matter.id), "end", why="disputed")


def filed(turn: Turn, data: RecordFiled) -> None:
    """The council's own system has the record: when, where, and under which reference."""
    told = data.model_dump(exclude={"filing"})
    turn.keep(filed={**told, "filing": str(data.filing)})
    turn.note(filing=str(data.filing), reference=data.reference)

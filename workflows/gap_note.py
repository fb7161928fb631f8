"""The note that explains a cancelled session to whoever reads the file later, and its way there (CBC-48, NS-37).

Nobody writes it up: it says what the cancellation says. It is filed like a record, once on each file that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.filing_payloads import RecordFiled
from workflows.model import Matter, Opening, Selector
from workflows.policy import GapNote
from workflows.policy_parts import Store
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, SessionKind, Workflow

#: The `record_state` of a filing whose document is such a note.
NOTED = "noted"
#: The kind of record that is kept where the note goes.
_KINDS = {"case": RecordKind.decision, "individual": RecordKind.personal}


def is_note(filing: Matter) -> bool:
    """Whether a filing is of such a note, and not of a record."""
    return bool(filing.data["record_state"] == NOTED)


def write(turn: Turn) -> str:
    """Have the note filed where the policy asks for one; what is told of it, if so."""
    rule = turn.facts.policy.cancellation.gap_note
    if rule is None or SessionKind(turn.matter.kind or "") not in rule.kinds:
        return ""
    turn.keep(gap_note={"file": rule.file, "clause": rule.clause, "cases": turn.matter.data["cases"]})
    store = turn.facts.policy.record.of(_KINDS[rule.file]).kept_in
    files = list(_files(turn, rule)) if store else []
    if store is None or not files:
        return ""
    turn.keep(gap_filings=[_open_filing(turn, rule, store, who, case) for who, case in files])
    return _told(rule)


def _told(rule: GapNote) -> str:
    if rule.file == "case":
        return f"A note that explains the gap is to be on the file of the case ({rule.clause})."
    return f"A note that explains the gap is to be on the file of the individual ({rule.clause})."


def _files(turn: Turn, rule: GapNote) -> Iterator[tuple[str | None, str | None]]:
    """Whose file it goes on: each case's, or each person's."""
    matter = turn.matter
    if rule.file == "case":
        yield from ((matter.supervisee, case) for case in matter.data["cases"])
    else:
        people = matter.data["participants"] or [matter.supervisee]
        yield from ((person, None) for person in people)


def _open_filing(turn: Turn, rule: GapNote, store: Store, who: str | None, case: str | None) -> dict[str, str | None]:
    window = turn.live("rebook_by")
    filing = turn.open(
        Opening(
            Workflow.filing,
            kind=_KINDS[rule.file],
            supervisee=who,
            supervisor=turn.supervisor,
            case=case,
            data={
                "opened_by": None, "revision": 1, "record_state": NOTED, "record_step": turn.matter.version + 1,
                "place": store.place, "system": store.system, "held_at": None, "delegate": None,
                "clause": rule.clause, "owed": turn.columns.get("state", "awaiting_rebooking"),
                "owed_by": window.due.isoformat() if window and window.due else None,
            },
        )
    )  # fmt: skip
    return {"filing": str(filing), "supervisee": who, "case": case, "reference": None}


def filed(turn: Turn, data: RecordFiled) -> None:
    """One of the files has the note: under which reference."""
    rows = turn.matter.data["gap_filings"]
    here = str(data.filing)
    turn.keep(gap_filings=[{**row, "reference": data.reference} if row["filing"] == here else row for row in rows])
    turn.note(filing=here, reference=data.reference)


def drop(turn: Turn) -> None:
    """There was no gap: the session itself was held, and what is not on its file yet does not go there."""
    rows = turn.data.get("gap_filings")
    if rows:
        turn.keep(gap_filings=[row for row in rows if row["reference"]])
        turn.then(Selector(Workflow.filing, parent=turn.matter.id), "end", why="held after all")

"""What is withheld from what goes out: sections or parts of them, each on a ground that the policy has (CBC-67)."""

from __future__ import annotations

from workflows.disclosure_payloads import Disclose, LiftRedaction, Redact
from workflows.disclosure_scope import release_rule
from workflows.turn import Turn

#: The supervisee's own comments, which a disputed record carries beside its sections.
COMMENTS = "statement"


def has_the_section(turn: Turn, data: Redact) -> str | None:
    """A check: whether the record is asked for and its form has the section."""
    kinds = {record["id"]: record["kind"] for record in turn.matter.data["records"]}
    if str(data.record) not in kinds:
        return "This record is not among those that are asked for."
    known = turn.facts.policy.record.of(kinds[str(data.record)]).names() | {COMMENTS}
    return None if data.section in known else f"The council’s form has no section {data.section!r}."


def is_a_ground(turn: Turn, data: Redact) -> str | None:
    """A check: whether the policy has the ground."""
    rules = turn.facts.policy.disclosure
    if rules.ground(data.ground) is not None:
        return None
    return f"There is no ground {data.ground!r}; there are: {', '.join(ground.name for ground in rules.grounds)}."


def redact(turn: Turn, data: Redact) -> None:
    """Withhold a section or a part of one; the text itself stays with its record alone."""
    ground = turn.facts.policy.disclosure.ground(data.ground)
    assert ground is not None  # noqa: S101  a check has seen to it
    turn.clause = ground.clause
    row = data.model_dump(mode="json", exclude_none=True)
    turn.keep(redactions=[*turn.matter.data["redactions"], row])
    turn.note(**row)


def is_redacted(turn: Turn, data: LiftRedaction) -> str | None:
    """A check: whether there is anything to lift."""
    found = any(_is_at(row, data) for row in turn.matter.data["redactions"])
    return None if found else "Nothing is withheld of this section."


def lift(turn: Turn, data: LiftRedaction) -> None:
    """Show a section whole after all."""
    turn.keep(redactions=[row for row in turn.matter.data["redactions"] if not _is_at(row, data)])
    turn.note(record=str(data.record), section=data.section)


def _is_at(row: dict[str, str], data: LiftRedaction) -> bool:
    return row["record"] == str(data.record) and row["section"] == data.section


# -- before it goes out
def paper_was_reviewed(turn: Turn, data: Disclose) -> str | None:
    """A check: notes on paper are looked through, whatever folder they are in (CBC-91)."""
    clause = release_rule(turn).paper_clause
    if clause is None or data.paper_notes is not None:
        return None
    return (
        "Say what was done about notes on paper: the name of a folder does not decide whether they are disclosed "
        f"({clause})."
    )


def nobody_is_recognised(turn: Turn, data: Disclose) -> str | None:
    """A check: whoever lets it out says that nobody can be recognised in it (HAR-39)."""
    clause = release_rule(turn).anonymous_clause
    if clause is None or data.anonymous:
        return None
    return f"Say that no adult, carer or other person can be recognised in what goes out ({clause})."

"""A record as it is to be filed: what it said at the step that made it final, so that it reads the same at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from service.engine.rows import Rows
from service.engine.texts import as_data, read_texts
from service.engine.work import Work
from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines, matters, steps
from workflows.gap_note import NOTED
from workflows.model import Matter
from workflows.policy_forms import Form
from workflows.record_form import kept_form
from workflows.vocabulary import Workflow

#: The deadlines that a record is held to; reminders are nobody's duty.
_DUTIES = ("circulate_by", "sign_by")
#: What was said in a dispute, in the order in which it is read, with what it is called.
_SAID = {
    "statement": "What the supervisee does not accept",
    "proposal": "What the two agreed on",
    "reasons": "The decision and its reasons",
}

_STATES = {
    NOTED: "Noted when the session was cancelled; nobody signs it",
    "agreed": "Signed by both, and final",
    "deemed_accepted": "Not signed in its window: counts as accepted under the policy",
    "settled": "Settled after a disagreement, with what is attached below",
}
_SIGNED_ALONE = "Signed by the supervisor alone, as the policy has it, and final"
_UNSIGNED = "Closed without the supervisee’s signature"


class LostTextError(Exception):
    """A record whose text was destroyed: it must not be filed as if it said nothing."""


class Named(Struct, frozen=True):
    """Somebody by ref, with the name that the list has for them."""

    ref: str
    name: str


class Duty(Struct, frozen=True):
    """What became of a deadline, and how it was counted."""

    name: str
    status: str
    receipt: Mapping[str, Any]


class FinalRecord(Struct, frozen=True):
    """Everything that is handed over. Instants are aware; `head` is the hash of the step that made the record final."""

    filing: UUID
    organisation: UUID
    council: str
    record: UUID
    revision: int
    kind: str
    state: str
    case: str | None
    supervisee: Named
    supervisor: Named
    opened_at: datetime
    held_at: datetime | None
    sent_at: datetime | None
    signed: Mapping[str, datetime]
    deemed_at: datetime | None
    final_at: datetime
    policy: str
    policy_version: str
    place: str
    system: str
    clause: str
    head: str
    sections: tuple[tuple[str, str], ...]
    #: What belongs to a settled record besides its sections: comments, or the ruling (NS-17, DAR-34, HAR-31).
    attached: tuple[tuple[str, str], ...]
    duties: tuple[Duty, ...]

    @property
    def state_in_words(self) -> str:
        """What the record's state means, for people."""
        if self.state == "agreed" and "supervisee" not in self.signed:
            return _SIGNED_ALONE
        return _UNSIGNED if self.state == "settled" and not self.attached else _STATES[self.state]


def read_final(work: Work, filing: Matter) -> FinalRecord:
    """The record that a filing is about, read in the transaction of `work`. Raises LostTextError."""
    assert filing.parent is not None  # noqa: S101  only a record opens a filing
    own, step = work.organisation.id, filing.data["record_step"]
    record = work.look(filing.parent)
    policy = work.picture.policies[record.policy, record.policy_version]
    rules = policy.record.of(record.kind)
    assert rules.kept_in is not None  # noqa: S101  a filing has a place to go to
    final_at, head = final_step(work, filing)
    texts = read_texts(work.connection, work.sealer, own, [record.id], step).get(record.id, {})
    said, written = record.data, as_data(texts).get("sections", {})
    if lost := set(said["filled"]) - set(written):
        raise LostTextError(f"{len(lost)} sections of the record have no text any more")
    return FinalRecord(
        filing=filing.id, organisation=own, council=council(work), record=record.id,
        revision=filing.data["revision"], kind=record.kind or "", state=filing.data["record_state"],
        case=record.case, supervisee=named(work, record.supervisee), supervisor=named(work, record.supervisor),
        opened_at=record.opened_at, held_at=_instant(said.get("held_at")), sent_at=_instant(said.get("circulated_at")),
        signed={who: datetime.fromisoformat(at) for who, at in said.get("signed", {}).items()},
        deemed_at=_instant(said.get("deemed_at")), final_at=final_at, policy=record.policy,
        policy_version=record.policy_version, place=rules.kept_in.place, system=rules.kept_in.system,
        clause=rules.kept_in.clause, head=head,
        sections=(
            *_sections(kept_form(policy, record.kind, said.get("form")), written),
            *_case_audit(work, said.get("case_audit")),
        ),
        attached=_attached(work, filing, record), duties=_duties(work, record),
    )  # fmt: skip


def final_step(work: Work, filing: Matter) -> tuple[datetime, str]:
    """When the step was taken that made final what is filed, and its hash in hexadecimal."""
    query = select(steps.c.at, steps.c.hash).where(
        steps.c.organisation_id == work.organisation.id, steps.c.matter_id == filing.parent,
        steps.c.number == filing.data["record_step"],
    )  # fmt: skip
    final = work.connection.execute(query).one()
    return final.at, final.hash.hex()


def council(work: Work) -> str:
    """The council's name."""
    query = select(organisations.c.name).where(organisations.c.id == work.organisation.id)
    name: str = work.connection.execute(query).scalar_one()
    return name


def named(work: Work, ref: str | None) -> Named:
    """Somebody by ref, as the list has them today."""
    person = work.picture.directory.get(ref)
    return Named(ref or "", person.name if person else "")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _sections(form: Form, written: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The sections that say something, under their titles and in the order of the form that it was opened with."""
    return tuple((section.title, written[section.name]) for section in form.sections if written.get(section.name))


def _case_audit(work: Work, marked: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """The actions of audits of the case under their own heading, as they stood when the record was sent (CBC-84)."""
    if not marked:
        return ()
    ids = [UUID(row["action"]) for row in marked["actions"]]
    texts = read_texts(work.connection, work.sealer, work.organisation.id, ids)
    lines = [
        f"{row['mark'].capitalize()}: {as_data(texts.get(action, {})).get('what', 'no text any more')}"
        for action, row in zip(ids, marked["actions"], strict=True)
    ]
    return ((marked["heading"], "\n".join(lines)),)


def _attached(work: Work, filing: Matter, record: Matter) -> tuple[tuple[str, str], ...]:
    if filing.data["record_state"] != "settled":
        return ()
    own = work.organisation.id
    below = (matters.c.organisation_id == own, matters.c.parent == record.id, matters.c.workflow == Workflow.dispute)
    ids = list(work.connection.execute(select(matters.c.id).where(*below).order_by(matters.c.id)).scalars())
    texts = read_texts(work.connection, work.sealer, own, ids)
    found: list[tuple[str, str]] = []
    for kept in Rows(work.connection, own).matters(ids, lock=False):
        said = as_data(texts.get(kept.matter.id, {}))
        found += [(title, said[name]) for name, title in _SAID.items() if said.get(name)]
        outcome = kept.matter.data.get("outcome")
        found += [("How it was decided", outcome.replace("_", " "))] if outcome else []
    return tuple(found)


def _duties(work: Work, record: Matter) -> tuple[Duty, ...]:
    query = (
        select(deadlines.c.name, deadlines.c.status, deadlines.c.receipt)
        .where(deadlines.c.organisation_id == work.organisation.id, deadlines.c.matter_id == record.id)
        .where(deadlines.c.name.in_(_DUTIES))
        .order_by(deadlines.c.number)
    )
    return tuple(Duty(row.name, row.status, row.receipt) for row in work.connection.execute(query))

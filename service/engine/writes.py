"""What a transaction is going to write: decisions become rows here, chained and sealed, and nothing is sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from service.engine.rows import deadline_row
from service.storage.history import step_hash
from service.storage.sealing import Sealer, seal
from workflows.model import Admission, Deadline, Decision, Incident, Matter, child_id
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Status

#: Incidents of one step have ids of their own below this number.
_INCIDENTS_OF_A_STEP = 100


class Live(Struct):
    """A matter at hand: as it was read, as it is now, and the head of its chain."""

    matter: Matter
    read_version: int
    head: bytes
    wrapped_key: bytes | None = None
    key: bytes | None = None


class Writes(Struct):
    """Rows by table, in the order of the decisions."""

    organisation_id: UUID
    sealer: Sealer
    steps: list[dict[str, Any]] = field(default_factory=list)
    deadlines: dict[tuple[UUID, int], dict[str, Any]] = field(default_factory=dict)
    contents: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    joined: dict[tuple[UUID, str], None] = field(default_factory=dict)
    admissions: list[Admission] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    people: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: Matters whose texts and keys go.
    destroyed: list[UUID] = field(default_factory=list)
    #: Answers that are kept for a retry.
    answers: list[dict[str, Any]] = field(default_factory=list)

    def take(self, live: Live, decision: Decision) -> None:
        """Take a decision on a matter at hand: its step into the chain, its deadlines, notices and texts."""
        matter = decision.matter
        self._take_step(live, decision)
        for deadline in decision.deadlines:
            self.deadlines[matter.id, deadline.number] = deadline_row(self.organisation_id, matter, deadline)
        self.destroyed += decision.destroyed
        self._take_notices(decision)
        self._take_joined(live.matter, decision)
        self.admissions += decision.admissions
        for index, incident in enumerate(decision.incidents):
            self._take_incident(matter, decision.step.number * _INCIDENTS_OF_A_STEP + index, incident, decision.step.at)
        live.matter = matter

    def _take_step(self, live: Live, decision: Decision) -> None:
        matter, step = decision.matter, decision.step
        commitments = {name: self._seal(live, matter.id, step.number, name, text) for name, text in step.texts.items()}
        data = dict(step.data)
        if decision.deadlines:
            data["deadlines"] = {d.name: [d.status.value, _utc(d.due)] for d in decision.deadlines}
        row = {
            "organisation_id": self.organisation_id, "matter_id": matter.id, "number": step.number,
            "trigger": step.trigger, "source": step.source, "dest": step.dest, "actor": step.actor,
            "role": step.role.value, "at": step.at, "clause": step.clause, "data": data, "commitments": commitments,
        }  # fmt: skip
        live.head = row["hash"] = step_hash(live.head, matter.id, row)
        self.steps.append(row)

    def _seal(self, live: Live, matter_id: UUID, step: int, name: str, text: str) -> str:
        """Seal a text under its matter's key, which is made when it is needed first; the commitment to it."""
        own = {"organisation_id": self.organisation_id, "matter_id": matter_id}
        if live.key is None and live.wrapped_key is None:
            live.key, live.wrapped_key = self.sealer.new_matter_key()
            self.keys.append({**own, "wrapped": live.wrapped_key})
        if live.key is None and live.wrapped_key is not None:
            live.key = self.sealer.unwrap(live.wrapped_key)
        assert live.key is not None  # noqa: S101  one of the two ways gave it
        sealed, commitment = seal(live.key, self.organisation_id, matter_id, step, name, text)
        self.contents.append({**own, "step": step, "field": name, "sealed": sealed})
        return commitment

    def _take_notices(self, decision: Decision) -> None:
        for number, notice in enumerate(decision.notices):
            self.notices.append(
                {
                    "organisation_id": self.organisation_id, "matter_id": decision.matter.id,
                    "step": decision.step.number, "number": number, "to": notice.to, "kind": notice.kind,
                    "subject": notice.subject, "body": notice.body, "at": notice.at, "urgent": notice.urgent,
                    "status": "bounced" if notice.bounced else "waiting",
                }
            )  # fmt: skip

    def _take_joined(self, before: Matter, decision: Decision) -> None:
        """Whoever comes to a matter may see it from now on; its parties came with the first step, or as it says."""
        came = decision.step.number == 1 or DEFINITIONS[before.workflow].opening.joins is not None
        known = () if came else (before.supervisee, before.supervisor, before.person)
        for ref in decision.joined:
            if ref not in known:
                self.joined[decision.matter.id, ref] = None

    def _take_incident(self, matter: Matter, number: int, incident: Incident, at: datetime) -> None:
        self.incidents.append(
            {
                "organisation_id": self.organisation_id, "id": child_id(matter.id, -number - 1, 0, at),
                "matter_id": matter.id, "kind": incident.kind, "detail": incident.detail, "at": at, "closed_at": None,
            }
        )  # fmt: skip

    def names(self, matter_id: UUID, ref: str) -> bool:
        """Whether somebody comes to a matter by name in this transaction."""
        return (matter_id, ref) in self.joined

    def has_texts_of(self, matter_id: UUID) -> bool:
        """Whether something is written on a matter in this transaction."""
        return any(row["matter_id"] == matter_id for row in self.contents)

    def deadlines_of(self, matter_id: UUID) -> dict[int, Deadline]:
        """The deadlines of a matter that this transaction set or moved, by number."""
        return {
            number: Deadline(
                number, row["name"], Status(row["status"]), row["enforces"], row["due"], row["fires_at"], row["receipt"]
            )
            for (matter, number), row in self.deadlines.items()
            if matter == matter_id
        }


def _utc(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

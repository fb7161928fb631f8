"""The copy of what was asked for: read as the records stand, or as they stood when they were given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, select

from service.engine.disclosed_copy import Said, newest, parts, sections_of
from service.engine.texts import read_texts
from service.storage.matter_tables import matters, steps
from workflows.disclosure_redaction import COMMENTS
from workflows.record_form import kept_form
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from workflows.model import Matter
    from workflows.policy import Policy

_STATES = DEFINITIONS[Workflow.record].states


class Copying(Struct, frozen=True):
    """A request whose copy is made, and the records of it that its reader is to have."""

    reader: Reader
    request: Matter
    records: Sequence[UUID]

    def copy(self) -> dict[str, Any]:
        """The records with their sections, what is withheld marked by its ground."""
        texts = self._texts()
        return {
            "disclosure": str(self.request.id),
            "state": self.request.state,
            "kind": self.request.kind,
            "goes_to": self.request.data.get("goes_to", []),
            "records": [self._record(row, texts.get(row.id, {})) for row in self.rows()],
        }

    def said_in(self, record: UUID) -> dict[str, Said]:
        """What one of the records says, by the sections of its form, with nothing withheld."""
        said = newest(self._texts().get(record, {}))
        comments = {COMMENTS: said[COMMENTS]} if COMMENTS in said else {}
        return {**sections_of(said), **comments}

    @property
    def _policy(self) -> Policy:
        return self.reader.picture.policies[self.request.policy, self.request.policy_version]

    def rows(self) -> list[Row[Any]]:
        """The records as they are kept, oldest first, without what they say."""
        own = matters.c.organisation_id == self.reader.organisation.id
        query = select(matters).where(own, matters.c.id.in_(self.records)).order_by(matters.c.opened_at, matters.c.id)
        return list(self.reader.connection.execute(query))

    def _texts(self) -> dict[UUID, dict[int, dict[str, str]]]:
        reader = self.reader
        found = read_texts(reader.connection, reader.sealer, reader.organisation.id, self.records)
        return {
            record: {step: said for step, said in by_step.items() if step <= self._until(record)}
            for record, by_step in found.items()
        }

    def _until(self, record: UUID) -> int:
        """The last step that counts: once the copy was given out, the one at which it was."""
        given: int = self.request.data.get("versions", {}).get(str(record), 2**31 - 1)
        return given

    def _record(self, row: Row[Any], by_step: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
        said = newest(by_step)
        state = self._state(row)
        anonymous = self._policy.disclosure.of(self.request.kind).anonymous_clause is not None
        return {
            "id": str(row.id), "kind": row.kind, "case": None if anonymous else row.case_ref, "state": state,
            "says": _STATES[state].says, "disposed_on": row.data.get("disposed_on"),
            "sections": self._sections(row, sections_of(said)), "comments": self._comments(row, said),
        }  # fmt: skip

    def _state(self, row: Row[Any]) -> str:
        """Where the record stood then: what is disputed goes out as disputed."""
        query = select(steps.c.dest).where(
            steps.c.organisation_id == self.reader.organisation.id, steps.c.matter_id == row.id,
            steps.c.number <= self._until(row.id),
        )  # fmt: skip
        state: str = self.reader.connection.execute(query.order_by(steps.c.number.desc()).limit(1)).scalar_one()
        return state

    def _sections(self, row: Row[Any], said: Mapping[str, Said]) -> list[dict[str, Any]]:
        policy = self.reader.picture.policies[row.policy_id, row.policy_version]
        withheld = self._withheld(str(row.id))
        return [
            {
                "name": section.name, "title": section.title, "step": said[section.name].step,
                "parts": parts(said[section.name], withheld[section.name], self._policy.disclosure),
            }
            for section in kept_form(policy, row.kind, row.data.get("form")).sections
            if section.name in said
        ]  # fmt: skip

    def _comments(self, row: Row[Any], said: Mapping[str, Said]) -> dict[str, Any] | None:
        """The supervisee's own comments on a disputed record, which are part of it."""
        if COMMENTS not in said:
            return None
        shown = parts(said[COMMENTS], self._withheld(str(row.id))[COMMENTS], self._policy.disclosure)
        return {"step": said[COMMENTS].step, "parts": shown}

    def _withheld(self, record: str) -> Mapping[str, list[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.request.data["redactions"]:
            if row["record"] == record:
                found[row["section"]].append(row)
        return found

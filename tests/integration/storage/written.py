"""Organisations and matters written as the service writes them: chained steps, explained deadlines, sealed texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from sqlalchemy import insert, select

from service.storage.council_tables import organisations, tokens
from service.storage.history import BEGINNING, step_hash
from service.storage.matter_tables import contents, deadlines, matter_keys, matters, steps
from service.storage.sealing import Vault, seal
from workflows.calendar import Calendar
from workflows.model import fires_at
from workflows.receipts import Term, count
from workflows.vocabulary import Role, Status, Unit

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.storage.connection import Database

SECRET = "a secret that only these tests know"  # noqa: S105 - of tests
VAULT = Vault(SECRET)
SIGNING_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
TOLD = "She said that the visit was cancelled twice."
_CALENDAR = Calendar("england", "1")


class WrittenMatter(Struct, frozen=True):
    """A matter that was written, and the key of its texts."""

    organisation_id: UUID
    id: UUID
    key: bytes


def write_organisation(database: Database, sandbox_now: datetime | None = None) -> UUID:
    """An organisation with nothing in it; its id."""
    organisation_id = uuid4()
    with database.write(organisation_id) as connection:
        connection.execute(insert(organisations).values(organisation_row(organisation_id, sandbox_now)))
    return organisation_id


def organisation_row(organisation_id: UUID, sandbox_now: datetime | None = None) -> dict[str, Any]:
    return {
        "id": organisation_id,
        "name": "Invented Borough Council",
        "policy_id": "invented",
        "live_from": MONDAY.date(),
        "sandbox_now": sandbox_now,
        "directory_version": 1,
        "calendar_version": 1,
        "wrapped_key": VAULT.new_organisation_key(),
        "created_at": MONDAY,
    }


def write_token(connection: Connection, organisation_id: UUID, token_hash: bytes, **columns: object) -> None:
    """A machine's token that is valid unless `columns` say otherwise."""
    row: dict[str, object] = {"person": "p1", "name": "rota", "scopes": ["read"], "created_at": MONDAY, **columns}
    connection.execute(insert(tokens).values(organisation_id=organisation_id, id=uuid4(), hash=token_hash, **row))


def matter_row(organisation_id: UUID, matter_id: UUID, **columns: object) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "id": matter_id,
        "workflow": "record",
        "state": "draft",
        "version": 1,
        "policy_id": "invented",
        "policy_version": "1",
        "waiting_for": [],
        "opened_at": MONDAY,
        "last_at": MONDAY,
        "data": {},
        "deadline_count": 1,
        "head": BEGINNING,
        **columns,
    }


def write_matter(connection: Connection, organisation_id: UUID) -> WrittenMatter:
    """A record of three steps, the last with a sealed text, and a deadline of five working days."""
    matter_id = uuid4()
    own_key = select(organisations.c.wrapped_key).where(organisations.c.id == organisation_id)
    key, wrapped = VAULT.sealer(connection.execute(own_key).scalar_one()).new_matter_key()
    sealed, commitment = seal(key, organisation_id, matter_id, 3, "statement", TOLD)
    chain = chained(matter_id, [{}, {}, {"statement": commitment}])
    head = matter_row(organisation_id, matter_id, state=chain[-1]["dest"], version=3, head=chain[-1]["hash"])
    own = {"organisation_id": organisation_id, "matter_id": matter_id}
    connection.execute(insert(matters).values(head))
    connection.execute(insert(steps), [{**own, **step} for step in chain])
    connection.execute(insert(deadlines).values(deadline_row(organisation_id, matter_id)))
    connection.execute(insert(matter_keys).values(**own, wrapped=wrapped))
    connection.execute(insert(contents).values(**own, step=3, field="statement", sealed=sealed))
    return WrittenMatter(organisation_id, matter_id, key)


def chained(matter_id: UUID, commitments: list[dict[str, str]], **columns: object) -> list[dict[str, Any]]:
    """Steps that follow each other, one for each dictionary of commitments."""
    chain: list[dict[str, Any]] = []
    for number, committed in enumerate(commitments, 1):
        step = {
            "number": number,
            "trigger": "write",
            "source": "draft",
            "dest": "draft",
            "actor": "p2",
            "role": Role.supervisor,
            "at": MONDAY + timedelta(hours=number),
            "clause": "INV-7",
            "data": {"sections": ["wellbeing"], "minutes": 45},
            "commitments": committed,
            **columns,
        }
        previous = chain[-1]["hash"] if chain else BEGINNING
        chain.append({**step, "hash": step_hash(previous, matter_id, step)})
    return chain


def deadline_row(organisation_id: UUID, matter_id: UUID, **columns: object) -> dict[str, Any]:
    counted = count(Term(5, Unit.working_days, "INV-8"), "opened", MONDAY, _CALENDAR)
    assert counted.due is not None
    return {
        "organisation_id": organisation_id,
        "matter_id": matter_id,
        "number": 1,
        "name": "circulate_by",
        "status": Status.running,
        "enforces": "circulation_missed",
        "due": counted.due,
        "fires_at": fires_at(counted.due),
        "rank": 3,
        "receipt": counted.receipt,
        **columns,
    }

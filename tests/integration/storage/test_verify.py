"""A verification finds everything that was changed behind the service's back, and nothing else."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, text, update

from service.storage.checkpoint_checks import check_exported
from service.storage.checkpoint_tables import checkpoints
from service.storage.checkpoints import export_checkpoints, make_checkpoint
from service.storage.connection import owner_transaction
from service.storage.faults import Fault, Report
from service.storage.matter_tables import contents, deadlines, matter_keys, matters, steps
from service.storage.sealing import Vault, seal
from service.storage.verify import verify
from tests.integration.storage.written import (
    MONDAY,
    SIGNING_KEY,
    VAULT,
    WrittenMatter,
    chained,
    matter_row,
    write_matter,
    write_organisation,
)
from workflows.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.storage.connection import Database

    Plant = Callable[[Connection, WrittenMatter], object]


class Council(Struct, frozen=True):
    """A council with two matters and a checkpoint; `plant` changes its rows as only an owner can."""

    database: Database
    organisation_id: UUID
    matter: WrittenMatter

    def plant(self, change: Plant) -> None:
        with owner_transaction(self.database.engine.url.render_as_string(hide_password=False)) as owner:
            if owner.dialect.name == "sqlite":
                for trigger in ("update", "delete"):
                    owner.execute(text(f"DROP TRIGGER steps_refuse_{trigger}"))
                    owner.execute(text(f"DROP TRIGGER checkpoints_refuse_{trigger}"))
            change(owner, self.matter)

    def verify(self, vault: Vault = VAULT) -> Report:
        with self.database.read(self.organisation_id) as connection:
            return verify(connection, self.organisation_id, vault, SIGNING_KEY.public_key())


@pytest.fixture
def council(database: Database) -> Council:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        matter, _ = (write_matter(connection, organisation_id) for _ in range(2))
        make_checkpoint(connection, organisation_id, MONDAY, SIGNING_KEY)
    return Council(database, organisation_id, matter)


def change_step(number: int, **columns: object) -> Plant:
    return lambda owner, matter: owner.execute(
        update(steps).where(steps.c.matter_id == matter.id, steps.c.number == number).values(columns)
    )


def remove_step(number: int) -> Plant:
    return lambda owner, matter: owner.execute(
        delete(steps).where(steps.c.matter_id == matter.id, steps.c.number == number)
    )


def change_matter(**columns: object) -> Plant:
    return lambda owner, matter: owner.execute(update(matters).where(matters.c.id == matter.id).values(columns))


def change_deadline(**columns: object) -> Plant:
    return lambda owner, matter: owner.execute(
        update(deadlines).where(deadlines.c.matter_id == matter.id).values(columns)
    )


def change_checkpoint(**columns: object) -> Plant:
    return lambda owner, _: owner.execute(update(checkpoints).values(columns))


def change_key(wrapped: bytes) -> Plant:
    return lambda owner, matter: owner.execute(
        update(matter_keys).where(matter_keys.c.matter_id == matter.id).values(wrapped=wrapped)
    )


def replace_text(owner: Connection, matter: WrittenMatter) -> None:
    """Seal another text with the right key in the right place."""
    sealed, _ = seal(matter.key, matter.organisation_id, matter.id, 3, "statement", "Nothing happened.")
    owner.execute(update(contents).where(contents.c.matter_id == matter.id).values(sealed=sealed))


def damage_text(owner: Connection, matter: WrittenMatter) -> None:
    owner.execute(update(contents).where(contents.c.matter_id == matter.id).values(sealed=secrets.token_bytes(60)))


def remove_text(owner: Connection, matter: WrittenMatter) -> None:
    owner.execute(delete(contents).where(contents.c.matter_id == matter.id))


def add_text(owner: Connection, matter: WrittenMatter) -> None:
    sealed, _ = seal(matter.key, matter.organisation_id, matter.id, 2, "reason", "Added later.")
    own = {"organisation_id": matter.organisation_id, "matter_id": matter.id}
    owner.execute(insert(contents).values(**own, step=2, field="reason", sealed=sealed))


def rewrite_history(owner: Connection, matter: WrittenMatter) -> None:
    """Another history whose chain is right in itself, as somebody makes it who knows how."""
    stored = owner.execute(select(steps).where(steps.c.matter_id == matter.id).order_by(steps.c.number)).mappings()
    committed = [row["commitments"] for row in stored]
    chain = chained(matter.id, committed, actor="p9")
    for step in chain:
        change_step(**step)(owner, matter)
    change_matter(head=chain[-1]["hash"])(owner, matter)


def remove_steps(owner: Connection, matter: WrittenMatter) -> None:
    owner.execute(delete(steps).where(steps.c.matter_id == matter.id))


def test_what_the_service_wrote_is_sound_and_the_report_counts_it(council: Council) -> None:
    assert council.verify() == Report(matters=2, steps=6, receipts=2, texts=2, checkpoints=1, heads=2)


RECEIPT_OF_NOTHING = {"rule": "working_days"}
FAULTS: dict[str, tuple[Plant, list[str]]] = {
    "a step's data": (change_step(2, data={"minutes": 5}), ["step 2 is not what was hashed"]),
    "a step's actor": (change_step(3, actor="p9"), ["step 3 is not what was hashed"]),
    "a step's instant": (change_step(1, at=MONDAY), ["step 1 is not what was hashed"]),
    "a step's hash": (
        change_step(2, hash=bytes(32)),
        ["step 2 is not what was hashed", "step 3 is not what was hashed"],
    ),
    "a commitment": (
        change_step(3, commitments={"statement": "0" * 64}),
        ["step 3 is not what was hashed", "is not the one that the step commits to"],
    ),
    "a step in the middle": (
        remove_step(2),
        ["step 2 is missing: step 3 comes instead", "step 3 is not what was hashed"],
    ),
    "the last step": (
        remove_step(3),
        [
            "stands at step 3, and its history ends otherwise",
            "text statement of step 3 to which the step does not commit",
            "it states another step 3 of matter",
        ],
    ),
    "all steps": (
        remove_steps,
        ["has no steps", "to which the step does not commit", "it states another step 3 of matter"],
    ),
    "a whole history": (rewrite_history, ["it states another step 3 of matter"]),
    "where a matter stands": (change_matter(state="agreed"), ["is agreed, and its last step led to draft"]),
    "which step a matter stands at": (change_matter(version=2), ["stands at step 2"]),
    "a deadline": (change_deadline(due=MONDAY), ["is due 2025-03-03T09:00:00+00:00, and its receipt says 2025-03-10"]),
    "a receipt": (change_deadline(receipt=RECEIPT_OF_NOTHING), ["a receipt that cannot be computed: KeyError"]),
    "a deadline's state": (change_deadline(status=Status.paused), ["is paused and due all the same"]),
    "a text": (replace_text, ["the text statement of step 3 is not the one that the step commits to"]),
    "the bytes of a text": (damage_text, ["the text statement of step 3 does not open"]),
    "the presence of a text": (remove_text, ["the text statement of step 3 is missing, and its key is not"]),
    "the absence of a text": (add_text, ["a text reason of step 2 to which the step does not commit"]),
    "a matter's key": (change_key(b"\x01" + bytes(60)), ["the matter's key does not open"]),
    "a checkpoint's heads": (change_checkpoint(heads={}), ["it is not what was hashed"]),
    "a checkpoint's signature": (change_checkpoint(signature=bytes(64)), ["its signature is not of this key"]),
    "a checkpoint's predecessor": (
        change_checkpoint(previous=b"\x01" * 32),
        ["it is not what was hashed", "it does not follow the checkpoint before it"],
    ),
    "a checkpoint's number": (change_checkpoint(number=2), ["it is not what was hashed", "checkpoint 1 is missing"]),
}


@pytest.mark.parametrize(("plant", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_whoever_changes_it_is_found_out(council: Council, plant: Plant, said: list[str]) -> None:
    council.plant(plant)

    faults = council.verify().faults

    assert len(faults) == len(said)
    for fault, words in zip(faults, said, strict=True):
        assert words in fault.what
        assert council.matter.id == fault.matter_id or fault.checkpoint is not None


def test_rows_of_a_matter_that_is_gone_are_found(sqlite: Database) -> None:
    organisation_id = write_organisation(sqlite)
    with sqlite.write(organisation_id) as connection:
        matter = write_matter(connection, organisation_id)
    with sqlite.engine.connect() as owner:
        for statement in ("PRAGMA query_only=OFF", "PRAGMA foreign_keys=OFF", "DELETE FROM matters"):
            owner.exec_driver_sql(statement)

    faults = Council(sqlite, organisation_id, matter).verify().faults

    assert faults == [Fault("the matter itself is gone, and rows of it are left", matter.id)]


def destroy(council: Council) -> None:
    """The matter's text and key are gone."""
    with council.database.write(council.organisation_id) as connection:
        connection.execute(delete(matter_keys).where(matter_keys.c.matter_id == council.matter.id))
        connection.execute(delete(contents).where(contents.c.matter_id == council.matter.id))


def certify(council: Council, head: str | None = None, version: int = 3) -> None:
    """A file's disposal says that the matter's texts were destroyed up to a step."""
    own, file = council.organisation_id, uuid4()
    with council.database.write(own) as connection:
        wanted = select(steps.c.hash).where(steps.c.matter_id == council.matter.id, steps.c.number == version)
        ended = head or connection.execute(wanted).scalar_one().hex()
        named = [{"matter": str(council.matter.id), "version": version, "head": ended}]
        said = {"certificate": {"count": 1, "matters": named}}
        [step] = chained(file, [{}], trigger="dispose", source="due", dest="disposed", data=said)
        row = matter_row(own, file, workflow="retention", state="disposed", head=step["hash"], deadline_count=0)
        connection.execute(insert(matters).values(row))
        connection.execute(insert(steps).values(organisation_id=own, matter_id=file, **step))


@pytest.mark.clause("NS-46")
def test_a_text_that_was_destroyed_by_a_certificate_is_no_fault_and_the_chain_still_holds(council: Council) -> None:
    certify(council)
    destroy(council)

    assert council.verify() == Report(
        matters=3, steps=7, receipts=2, texts=1, texts_destroyed=1, checkpoints=1, heads=2
    )


def test_a_key_that_is_gone_without_a_certificate_is_found(council: Council) -> None:
    destroy(council)

    assert council.verify().faults == [
        Fault("the matter's key is gone, and no certificate of disposal says so", council.matter.id)
    ]


def test_a_certificate_that_names_another_history_is_found(council: Council) -> None:
    certify(council, head="0" * 64)
    destroy(council)

    assert council.verify().faults == [
        Fault("a certificate of disposal names another history than there is", council.matter.id)
    ]


def test_a_certificate_covers_nothing_that_was_written_after_it(council: Council) -> None:
    certify(council, version=2)
    destroy(council)

    assert council.verify().faults == [
        Fault("the matter's key is gone, and no certificate of disposal says so", council.matter.id)
    ]


def test_what_a_certificate_says_was_destroyed_and_is_there_is_found(council: Council) -> None:
    certify(council)

    assert [fault.what for fault in council.verify().faults] == [
        "a certificate of disposal says that the key was destroyed, and it is there",
        "there is a text statement of step 3 to which the step does not commit",
    ]


def test_a_checkpoint_signed_with_another_key_is_found(council: Council) -> None:
    with council.database.write(council.organisation_id) as connection:
        write_matter(connection, council.organisation_id)
        make_checkpoint(connection, council.organisation_id, MONDAY, Ed25519PrivateKey.generate())

    assert council.verify().faults == [Fault("its signature is not of this key", checkpoint=2)]


def test_under_another_secret_everything_but_the_texts_is_checked(council: Council) -> None:
    report = council.verify(Vault("another secret than the one it was made under"))

    assert (report.steps, report.texts, len(report.faults)) == (6, 0, 1)
    assert "no text was checked" in report.faults[0].what


def test_a_checkpoint_that_was_exported_and_then_taken_away_is_found(council: Council) -> None:
    with council.database.read(council.organisation_id) as connection:
        exported = list(export_checkpoints(connection, council.organisation_id))
    council.plant(lambda owner, _: owner.execute(delete(checkpoints)))
    report = council.verify()

    with council.database.read(council.organisation_id) as connection:
        check_exported(connection, SIGNING_KEY.public_key(), exported, report)

    assert report.faults == [
        Fault("it was exported, and the database has it no more, or another in its place", checkpoint=1)
    ]


def test_an_export_that_the_database_still_has_is_sound(council: Council) -> None:
    report = Report()
    with council.database.read(council.organisation_id) as connection:
        exported = list(export_checkpoints(connection, council.organisation_id))
        check_exported(connection, SIGNING_KEY.public_key(), exported, report)

    assert report.sound


def test_every_page_of_matters_is_checked_and_progress_is_told(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        for _ in range(401):
            write_matter(connection, organisation_id)
    told: list[tuple[int, int]] = []

    with database.read(organisation_id) as connection:
        report = verify(
            connection, organisation_id, VAULT, SIGNING_KEY.public_key(), lambda done, total: told.append((done, total))
        )

    assert report == Report(matters=401, steps=1203, receipts=401, texts=401)
    assert told == [(200, 401), (400, 401), (401, 401)]


def test_a_matter_without_steps_is_found(council: Council) -> None:
    matter_id = uuid4()
    with council.database.write(council.organisation_id) as connection:
        connection.execute(insert(matters).values(matter_row(council.organisation_id, matter_id)))

    assert council.verify().faults == [Fault("the matter has no steps", matter_id)]

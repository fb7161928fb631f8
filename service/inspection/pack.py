"""One ZIP for an inspection: the sheets, a summary, the histories with their hashes, and a program that checks them."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from service.inspection.as_at import Stood, stood
from service.inspection.sheets import Sheets, names
from service.inspection.statement import statement
from service.storage.history import said_by
from workflows.calendar import local_day

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from sqlalchemy import Row

    from service.engine.reading import Reader

#: A pack larger than this goes to disk while it is made.
_IN_MEMORY = 16 * 1024 * 1024
_README = """This pack shows how supervision stood at the end of {day}, as the person who made it may see it.

*.csv            one line for each matter; people and cases by their references, and no word that anybody wrote
exceptions.csv   what an inspector will ask about, with the reason that the service knows
summary.pdf      the same in figures
history.jsonl    every step of these matters until that day, with the hash that chains it to the one before
statement.json   how each of these histories ends, signed with the council's key
verify_pack.py   checks the hashes and the statement, offline: python verify_pack.py

The council keeps signed checkpoints of all histories apart from its database, and can show with them
(supervision verify --kept) that these ends are those that it stated when they were reached.

“rule” and “clause” are those that were in force for the date beside them; “product default” marks what no policy gives.
"""


def inspection_pack(reader: Reader, council: str, day: date, key: Ed25519PrivateKey) -> IO[bytes]:
    """The pack for whoever reads, as at the end of a London date, signed; the file is closed by its reader."""
    pack = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - it is sent after this returns
    try:
        with ZipFile(pack, "w", ZIP_DEFLATED) as archive:
            _fill(archive, reader, council, day, key)
    except BaseException:
        pack.close()
        raise
    pack.seek(0)
    return pack


def _fill(archive: ZipFile, reader: Reader, council: str, day: date, key: Ed25519PrivateKey) -> None:
    from service.inspection.summary import Summary, as_pdf  # noqa: PLC0415 - what draws documents is slow to import

    organisation = reader.organisation
    sheets, summary = Sheets(day), Summary(council, day, local_day(organisation.now))
    heads: dict[str, dict[str, Any]] = {}
    with archive.open("history.jsonl", "w", force_zip64=True) as history:
        for one in stood(reader, day):
            sheets.take(one)
            history.writelines(_line(one, step) for step in one.steps)
            heads[str(one.row.id)] = {"version": one.steps[-1].number, "hash": one.steps[-1].hash.hex()}
    said = statement(organisation.id, day, organisation.now, heads, key)
    archive.writestr("statement.json", json.dumps(said))
    for name in names():
        archive.writestr(f"{name}.csv", "\ufeff" + sheets.csv(name))
    archive.writestr("summary.pdf", as_pdf(summary, sheets))
    archive.writestr("verify_pack.py", files("service.inspection").joinpath("verify_pack.py").read_text("utf-8"))
    archive.writestr("README.txt", _README.format(day=day.isoformat()))


def _line(one: Stood, step: Row[Any]) -> bytes:
    """A step as it was hashed, with its hash."""
    said = said_by(one.row.id, step._mapping)  # noqa: SLF001 - SQLAlchemy documents it
    return json.dumps({"step": said, "hash": step.hash.hex()}).encode() + b"\n"

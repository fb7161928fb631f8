"""The folder: records are put where the council's system, or its SFTP server, takes them up.

`NAME.pdf`, `NAME.json.sig` and, last of all, `NAME.json`: a set is handed over once its sidecar is there, and from then
on nothing of it is written again. Whoever takes it in puts `NAME.ack.json` beside it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from uuid import UUID

import structlog

from service.filing.answers import MOST, reference_in
from service.filing.parcel import NotTaken, Parcel, Taken
from service.filing.sidecar import read_sidecar

_log = structlog.get_logger()
_FILE_MODE, _FOLDER_MODE = 0o640, 0o750


class FolderOutlet:
    """Writes below one folder, each organisation in one of its own."""

    via = "folder"

    def __init__(self, root: Path) -> None:
        self._root = root

    def send(self, parcel: Parcel) -> Taken:
        """Put a parcel's files there, each whole or not at all. Raises NotTaken."""
        base = self._base(parcel.organisation, parcel.name)
        try:
            return self._put(parcel, base)
        except OSError as error:
            _log.warning("folder_not_writable", folder=str(base.parent), error=type(error).__name__)
            raise NotTaken("folder_not_writable") from error

    def _put(self, parcel: Parcel, base: Path) -> Taken:
        self._make(base.parent)
        sidecar = _beside(base, ".json")
        if sidecar.exists():
            return _already(parcel, sidecar.read_bytes())
        _write(_beside(base, ".pdf"), parcel.document)
        _write(_beside(base, ".json.sig"), parcel.signature.encode() + b"\n")
        _write(sidecar, parcel.sidecar)
        return Taken(parcel.name, parcel.sha256)

    def _make(self, folder: Path) -> None:
        """Make a folder below the root, and those between, each closed to strangers."""
        for above in reversed((folder, *folder.parents)):
            if above.is_relative_to(self._root):
                above.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)

    def acknowledgement(self, organisation: UUID, name: str) -> str | None:
        """The reference in the parcel's `.ack.json`, once that is whole. Raises NotTaken where it says `refused`."""
        place = _beside(self._base(organisation, name), ".ack.json")
        try:
            with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
                content = file.read(MOST)
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("acknowledgement_unreadable", file=str(place), error=type(error).__name__)
            return None
        reference = reference_in(content)
        if reference is None:
            _log.warning("acknowledgement_without_reference", file=str(place))
        return reference

    def _base(self, organisation: UUID, name: str) -> Path:
        return self._root / str(organisation) / name


def _beside(base: Path, ending: str) -> Path:
    return base.with_name(base.name + ending)


def _already(parcel: Parcel, content: bytes) -> Taken:
    """The set was handed over before, and nobody was told: it stays as it is. Raises NotTaken where it is another's."""
    try:
        said = read_sidecar(content)
        if said["filing"] == str(parcel.filing):
            return Taken(parcel.name, said["document"]["sha256"])
    except (KeyError, TypeError, ValueError):
        pass
    raise NotTaken("another_file_has_its_name", for_good=True)


def _write(place: Path, content: bytes) -> None:
    """A file that appears whole, under its own name: it is written under another one, and kept on disk before that."""
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)

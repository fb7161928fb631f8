"""The folder as a way out: whole files, nothing written over, and an acknowledgement that is read when it is there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from service.filing.folder import FolderOutlet
from service.filing.parcel import NotTaken
from tests.fixtures.filings import ORGANISATION, parcel


@pytest.fixture
def outlet(tmp_path: Path) -> FolderOutlet:
    return FolderOutlet(tmp_path)


def beside(root: Path, ending: str) -> Path:
    return root / str(ORGANISATION) / (parcel().name + ending)


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_parcel_becomes_a_document_a_signature_and_a_sidecar(outlet: FolderOutlet, tmp_path: Path) -> None:
    sent = parcel()

    taken = outlet.send(sent)

    assert (taken.name, taken.sha256, taken.reference) == (sent.name, sent.sha256, None)
    assert beside(tmp_path, ".pdf").read_bytes() == sent.document
    assert beside(tmp_path, ".json").read_bytes() == sent.sidecar
    assert beside(tmp_path, ".json.sig").read_text() == sent.signature + "\n"
    assert len(files(tmp_path)) == 3


@pytest.mark.clause("HAR-42", "LDS-25")
def test_what_is_put_there_is_for_its_owner_and_group_alone(outlet: FolderOutlet, tmp_path: Path) -> None:
    outlet.send(parcel())

    modes = {path.stat().st_mode & 0o007 for path in (tmp_path / str(ORGANISATION)).rglob("*")}

    assert modes == {0}


def test_sending_twice_changes_nothing(outlet: FolderOutlet, tmp_path: Path) -> None:
    first = outlet.send(parcel())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    assert outlet.send(parcel()) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_set_that_is_there_is_never_written_over_even_where_it_would_read_otherwise_by_now(
    outlet: FolderOutlet, tmp_path: Path
) -> None:
    first = outlet.send(parcel())

    taken = outlet.send(parcel(council="Exampleshire renamed"))

    assert taken.sha256 == first.sha256
    assert b"renamed" not in beside(tmp_path, ".json").read_bytes()


def test_a_set_that_was_cut_short_is_made_whole(outlet: FolderOutlet, tmp_path: Path) -> None:
    outlet.send(parcel())
    beside(tmp_path, ".json").unlink()
    beside(tmp_path, ".pdf").write_bytes(b"half")

    outlet.send(parcel())

    assert beside(tmp_path, ".pdf").read_bytes() == parcel().document
    assert beside(tmp_path, ".json").exists()


@pytest.mark.parametrize("other", [b"{}", b"no json", b'["list"]', b'{"form": "supervision-filing/1"}'])
def test_a_file_of_somebody_else_is_left_alone(outlet: FolderOutlet, tmp_path: Path, other: bytes) -> None:
    beside(tmp_path, ".json").parent.mkdir(parents=True)
    beside(tmp_path, ".json").write_bytes(other)

    with pytest.raises(NotTaken, match="another_file") as refusal:
        outlet.send(parcel())

    assert refusal.value.for_good
    assert files(tmp_path) == [beside(tmp_path, ".json").name]
    assert beside(tmp_path, ".json").read_bytes() == other


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "drop").write_text("a file, and no folder")

    with pytest.raises(NotTaken, match="folder_not_writable") as refusal:
        FolderOutlet(tmp_path / "drop").send(parcel())

    assert not refusal.value.for_good


def test_a_disk_that_fails_half_way_leaves_no_half_file(
    outlet: FolderOutlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", fails)

    with pytest.raises(NotTaken):
        outlet.send(parcel())

    assert files(tmp_path) == []


# -- acknowledgements
def acknowledged(outlet: FolderOutlet, root: Path, content: bytes | str) -> str | None:
    outlet.send(parcel())
    beside(root, ".ack.json").write_bytes(content.encode() if isinstance(content, str) else content)
    return outlet.acknowledgement(ORGANISATION, parcel().name)


def test_nothing_is_acknowledged_before_somebody_says_so(outlet: FolderOutlet) -> None:
    outlet.send(parcel())

    assert outlet.acknowledgement(ORGANISATION, parcel().name) is None


def test_the_acknowledgement_beside_it_gives_the_reference(outlet: FolderOutlet, tmp_path: Path) -> None:
    assert acknowledged(outlet, tmp_path, json.dumps({"reference": " LCS-4711 ", "by": "import"})) == "LCS-4711"


@pytest.mark.parametrize(
    "content",
    ["", '{"refer', "[]", "null", "{}", '{"reference": 7}', '{"reference": "two words"}', b"\xff\xfe", " " * 70_000],
)
def test_what_is_no_acknowledgement_or_not_whole_yet_is_none(
    outlet: FolderOutlet, tmp_path: Path, content: bytes | str
) -> None:
    assert acknowledged(outlet, tmp_path, content) is None


def test_a_refusal_comes_back_as_a_code_and_without_text(outlet: FolderOutlet, tmp_path: Path) -> None:
    with pytest.raises(NotTaken, match=r"^refused_no_such_child$") as refusal:
        acknowledged(outlet, tmp_path, json.dumps({"refused": "No such child!"}))

    assert refusal.value.for_good


def test_a_link_is_not_followed(outlet: FolderOutlet, tmp_path: Path) -> None:
    outlet.send(parcel())
    secret = tmp_path / "elsewhere.json"
    secret.write_text('{"reference": "LCS-4711"}')
    beside(tmp_path, ".ack.json").symlink_to(secret)

    assert outlet.acknowledgement(ORGANISATION, parcel().name) is None

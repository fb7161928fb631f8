"""An auditor takes away how supervision stood on a day, with its reasons, and anybody can check it offline."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from service.settings import Settings
from service.storage.checkpoints import make_checkpoint, public_key_text
from tests.acceptance.beginnings import case_of, disputed, held
from tests.fixtures.served import SECRET, problem

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """A council whose auditors may read records: a session in March and none since."""
    told = either_sandbox.story("haringey", cases=[case_of("haringey")])
    held(told, "2025-03-05T11:00")
    told.at("2025-06-02T09:00")
    return told


def pack(story: Story, who: str, folder: Path, **params: str) -> Path:
    """The pack, unpacked."""
    answer = story.send(who, "GET", "/inspection-pack", params=params)
    assert answer.status_code == 200, answer.text
    with ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return folder


def sheet(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify_pack.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_workers_stand_as_they_stood_on_the_day(story: Story, tmp_path: Path) -> None:
    early = pack(story, "aud", tmp_path / "early", as_at="2025-03-06")
    late = pack(story, "aud", tmp_path / "late", as_at="2025-06-01")

    [then] = [row for row in sheet(early, "workers") if row["worker"] == "wkr"]
    [now] = [row for row in sheet(late, "workers") if row["worker"] == "wkr"]
    assert (then["last supervised on"], then["overdue"]) == ("2025-03-05", "no")
    assert (now["last supervised on"], now["overdue"]) == ("2025-03-05", "yes")
    assert then["clause"].startswith("HAR-")


def test_what_was_late_is_an_exception_with_its_reason(story: Story, tmp_path: Path) -> None:
    folder = pack(story, "aud", tmp_path, as_at="2025-06-01")

    why = {row["why"] for row in sheet(folder, "exceptions") if row["who or which case"] == "wkr"}

    assert "no reason was given" in why


def test_the_pack_proves_itself_offline(story: Story, tmp_path: Path) -> None:
    done = verified(pack(story, "aud", tmp_path, as_at="2025-06-01"))

    assert (done.returncode, "Everything holds together." in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_pack_that_somebody_changed_is_found_out(story: Story, tmp_path: Path) -> None:
    folder = pack(story, "aud", tmp_path, as_at="2025-06-01")
    lines = (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    changed: dict[str, Any] = json.loads(lines[0])
    changed["step"]["at"] = "2025-01-01T00:00:00+00:00"
    (folder / "history.jsonl").write_text("\n".join([json.dumps(changed), *lines[1:]]), encoding="utf-8")

    done = verified(folder)

    assert done.returncode == 1
    assert "is not what was hashed" in done.stdout


@pytest.mark.parametrize("lost", ["a step", "a matter"])
def test_a_pack_that_somebody_shortened_is_found_out(story: Story, tmp_path: Path, lost: str) -> None:
    folder = pack(story, "aud", tmp_path, as_at="2025-06-01")
    lines = (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])["step"]["matter"]
    kept = lines[:-1] if lost == "a step" else [line for line in lines if last not in line]
    (folder / "history.jsonl").write_text("\n".join(kept), encoding="utf-8")

    done = verified(folder)

    assert done.returncode == 1
    assert f"matter {last}" in done.stdout


@pytest.mark.parametrize("changed", ["made_at", "heads", "signature"])
def test_a_statement_that_somebody_changed_is_found_out(story: Story, tmp_path: Path, changed: str) -> None:
    folder = pack(story, "aud", tmp_path, as_at="2025-06-01")
    (folder / "public_key.txt").write_text(
        public_key_text(Settings(secret_key=SecretStr(SECRET), sandbox=True)), "utf-8"
    )
    assert "the signature holds" in verified(folder).stdout
    said = json.loads((folder / "statement.json").read_text("utf-8"))
    other = {"made_at": "2025-01-01T00:00:00+00:00", "heads": {}, "signature": "00" * 64}
    (folder / "statement.json").write_text(json.dumps({**said, changed: other[changed]}), encoding="utf-8")

    assert verified(folder).returncode == 1


@pytest.mark.clause("HAR-37", "HAR-38")
def test_nothing_in_it_tells_that_a_referral_exists(story: Story, tmp_path: Path) -> None:
    referral = story.open("sup", "referrals", supervisee="wkr", about="visits", facts="Four.")["id"]
    story.at("2025-06-04T09:00")
    with story.door.database.write(UUID(story.organisation)) as connection:
        make_checkpoint(connection, UUID(story.organisation), datetime.now(UTC), Ed25519PrivateKey.generate())

    folder = pack(story, "aud", tmp_path, as_at="2025-06-03")

    assert all(referral.encode() not in file.read_bytes() for file in folder.iterdir())
    histories = {
        json.loads(line)["step"]["matter"] for line in (folder / "history.jsonl").read_text("utf-8").splitlines()
    }
    assert histories == json.loads((folder / "statement.json").read_text("utf-8"))["heads"].keys()
    assert {file.name for file in folder.iterdir() if file.suffix == ".jsonl"} == {"history.jsonl"}


def test_no_word_that_people_wrote_is_in_it(story: Story, tmp_path: Path) -> None:
    disputed(story, "A secret between the two.")
    story.at("2025-06-03T09:00")

    folder = pack(story, "aud", tmp_path, as_at="2025-06-02")

    assert all(b"secret" not in file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize("who", ["wkr", "sup", "hr1", "admin"])
def test_nobody_else_takes_it(story: Story, who: str) -> None:
    problem(story.send(who, "GET", "/inspection-pack"), 403, "not_your_move")


def test_a_day_that_is_not_over_has_no_pack(story: Story) -> None:
    answer = story.send("aud", "GET", "/inspection-pack", params={"as_at": "2025-06-02"})
    found = problem(answer, 422, "invalid")
    assert found["errors"][0]["message"].startswith("Name a day that is over")

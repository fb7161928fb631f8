"""What is handed over: a wheel with everything the service needs, and a lock that says exactly what to install."""

from __future__ import annotations

import re
import subprocess
import sys
from zipfile import ZipFile

import pytest

from tests.architecture.source import PACKAGES, ROOT, project

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
#: What must come along besides Python: policies, migrations, and the files of the example councils.
DATA = (
    "workflows/policies/*.toml",
    "service/storage/migrations/**/*",
    "service/examples/**/*.csv",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files in a wheel built now."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as archive:
        return set(archive.namelist())


def shipped(pattern: str) -> set[str]:
    """The files in the tree that match, what Python makes of them aside."""
    found = {file.relative_to(ROOT) for file in ROOT.glob(pattern) if file.is_file()}
    return {file.as_posix() for file in found if "__pycache__" not in file.parts}


def test_the_wheel_has_every_module_and_all_data(wheel: set[str]) -> None:
    wanted = set().union(*(shipped(f"{package}/**/*.py") for package in PACKAGES), *map(shipped, DATA))

    assert shipped(DATA[0])
    assert wanted <= wheel


def test_the_wheel_has_every_catalogue_compiled(wheel: set[str]) -> None:
    catalogues = shipped("service/pages/locale/*/LC_MESSAGES/messages.po")

    assert catalogues
    assert {name.removesuffix(".po") + ".mo" for name in catalogues} <= wheel


def test_the_wheel_has_nothing_but_the_packages(wheel: set[str]) -> None:
    folders = {name.partition("/")[0] for name in wheel}

    assert {folder for folder in folders if not folder.endswith(".dist-info")} == set(PACKAGES)


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK


def test_the_lock_pins_every_dependency_with_its_hashes() -> None:
    metadata = project()["project"]
    asked = [*metadata["dependencies"], *(one for many in metadata["optional-dependencies"].values() for one in many)]
    names = {match[0].lower() for one in asked if (match := re.match(r"[A-Za-z0-9-]+", one))} - {metadata["name"]}
    pinned = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==\S+(?: ;[^\\]*)? \\\n    --hash=sha256:", LOCK, re.MULTILINE)

    assert names <= set(pinned)


def test_no_lock_that_holds_addresses_lies_about() -> None:
    assert not [name for name in ("uv.lock", "pylock.toml") if (ROOT / name).exists()]

"""What deploy/ says fits the service: its commands, its settings, and nothing that runs as root or writes to itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute
from typer.main import get_command

from service.api import health
from service.settings import Settings
from tests.architecture.source import ROOT, project
from workers.cli import app

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {"migrate", "serve", "work", "clock"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_the_pieces_are_all_there() -> None:
    assert SERVICES.keys() == OURS | {"postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_writes_to_its_own_files(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert name in OURS or service["user"] not in ("root", "0")
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER 10001\n" in dockerfile


@pytest.mark.parametrize("name", SERVICES.keys() - {"migrate"})
def test_whether_a_container_is_well_is_looked_at(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_container_runs_a_command_that_there_is_with_settings_that_there_are(name: str) -> None:
    service = SERVICES[name]
    commands = get_command(app).commands  # type: ignore[attr-defined]
    known = {f"SUPERVISION_{field.upper()}" for field in Settings.model_fields}

    assert service["command"] == [name]
    assert name in commands
    assert service["environment"].keys() <= known


def test_nobody_starts_before_the_tables_are_there() -> None:
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_whoever_serves_is_reached_from_outside() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["serve"]


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        given = {**service["environment"], "command": " ".join(service["command"])} if "environment" in service else {}
        for name, value in given.items():
            if any(word in f"{name} {value}".upper() for word in ("PASSWORD", "SECRET", "AUTH", "REQUIREPASS", "://")):
                assert re.search(r"\$\{\w+:\?\}", value), name
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    said = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert {name for name, value in said.items() if value} == {"SUPERVISION_BASE_URL"}


@pytest.mark.parametrize("name", ["serve", "work", "clock"])
def test_a_container_is_asked_at_an_address_that_there_is(name: str) -> None:
    service = SERVICES[name]
    [asked] = re.findall(r"urlopen\('http://127\.0\.0\.1:(\d+)([^']*)'", service["healthcheck"]["test"][3])
    port = service["environment"].get("SUPERVISION_METRICS_PORT", str(Settings.model_fields["port"].default))
    paths = {route.path for route in health.router.routes if isinstance(route, APIRoute)}

    assert asked[0] == port
    assert asked[1] in paths


# -- the image
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_built_from_what_the_project_is_built_from_and_nothing_else() -> None:
    let_through = {line[1:] for line in IGNORED if line.startswith("!")}
    packed = set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])

    assert "*" in IGNORED
    assert let_through == packed | {"hatch_build.py", "LICENSE", "pyproject.toml", "README.md", "requirements.lock"}
    assert all((ROOT / name).exists() for name in let_through)


def test_what_the_image_is_given_is_checked_by_its_hash_and_what_builds_it_stays_behind() -> None:
    _, first, second = DOCKERFILE.split("\nFROM ")

    assert "pip wheel --no-cache-dir --require-hashes" in first
    assert all("--no-index" in line for line in first.splitlines() if " install " in line or "build-isolation" in line)
    assert "COPY --from=build /opt/supervision /opt/supervision" in second
    assert "pip" not in second


def test_the_image_is_built_by_tools_that_are_in_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [builds] = re.findall(r"--find-links /wheels ([a-z -]+) \\\n", DOCKERFILE)

    assert {re.split(r"[>=]", one)[0] for one in project()["build-system"]["requires"]} == set(builds.split())
    assert all(re.search(rf"^{name}==", lock, re.MULTILINE) for name in builds.split())


# -- systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_there_is_as_nobody_in_particular(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    [start] = [line for line in lines if line.startswith("ExecStart=")]

    assert start.split()[1] in get_command(app).commands  # type: ignore[attr-defined]
    assert {"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(lines)
    assert unit.name.startswith("supervision-")


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not there to look at its units")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    here = Path(sys.executable).with_name("supervision")
    copy = tmp_path / unit.name.replace("@", "@1")
    copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/supervision/bin/supervision", str(here)))

    found = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )  # fmt: skip

    assert (found.returncode, found.stderr) == (0, "")

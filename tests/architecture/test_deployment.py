"""What deploy/ says fits the service: its commands, its settings, and nothing that runs as root or writes to itself."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from typer.main import get_command

from service.settings import Settings
from tests.architecture.source import ROOT
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


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_there_is_as_nobody_in_particular(unit: Any) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    [start] = [line for line in lines if line.startswith("ExecStart=")]

    assert start.split()[1] in get_command(app).commands  # type: ignore[attr-defined]
    assert {"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(lines)
    assert unit.name.startswith("supervision-")

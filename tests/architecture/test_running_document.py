"""What docs/running.md says to type can be typed: commands, services, settings, files and folders are there."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import yaml
from typer.main import get_command

from service.settings import Settings
from tests.architecture.source import ROOT
from workers.cli import app

SAID = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
BY_HAND = sorted(set(re.findall(r"^    docker compose .*\brun --rm (.+)$", SAID, re.MULTILINE)))
#: What is typed after the program's name, with Compose and with systemd.
TYPED = {
    *(line.partition("command ")[2] for line in BY_HAND if "command " in line),
    *re.findall(r"/bin/supervision (.+)$", SAID, re.MULTILINE),
}


@pytest.mark.parametrize("line", BY_HAND)
def test_what_is_run_by_hand_is_a_service_of_the_compose_file(line: str) -> None:
    words = shlex.split(line)
    place = 2 if words[0] == "--volume" else 0

    assert words[place] in yaml.safe_load(COMPOSE)["services"]


@pytest.mark.parametrize("typed", sorted(TYPED))
def test_what_is_typed_is_a_command_with_its_options(typed: str) -> None:
    command: Any = get_command(app)
    words = shlex.split(typed)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    options = {name for one in command.params for name in one.opts}

    assert {word for word in words if word.startswith("--")} <= options


def test_every_setting_is_one_of_the_service_or_of_the_compose_file() -> None:
    service = {f"SUPERVISION_{field.upper()}" for field in Settings.model_fields}
    interpolated = set(re.findall(r"\$\{(\w+)", COMPOSE))
    named = set(re.findall(r"\b(?:SUPERVISION|BACKUP|BRIDGE|FILES|FILING)_[A-Z_]*[A-Z]\b", SAID))

    assert named <= service | interpolated
    assert interpolated - service - {"POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= named


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"\bdeploy/[\w./-]*\w", SAID)) - {"deploy/.env"}

    assert {"deploy/backup", "deploy/systemd/filing.conf"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_filing_folder_of_the_units_is_the_one_that_is_made() -> None:
    drop_in = (ROOT / "deploy" / "systemd" / "filing.conf").read_text(encoding="utf-8")
    [folder] = re.findall(r"^ReadWritePaths=(.+)$", drop_in, re.MULTILINE)
    [user] = re.findall(r"^User=(.+)$", drop_in, re.MULTILINE)

    assert f"install -d -o {user} -g importer -m 2750 {folder}\n" in SAID
    assert f"`SUPERVISION_FILING_FOLDER={folder}`" in SAID

"""What deploy/ says fits the service: its commands, its settings, and nothing that runs as root or writes to itself."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute
from typer.main import get_command
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.api import health
from service.settings import Settings
from tests.architecture.source import ROOT, project
from workers.cli import app

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {"migrate", "serve", "work", "clock"}
BY_HAND = {"command", "backup", "restore"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_the_pieces_are_all_there() -> None:
    assert SERVICES.keys() == OURS | BY_HAND | {"postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_writes_to_its_own_files(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert name in OURS | BY_HAND or service["user"] not in ("root", "0")
    assert all("\nUSER 10001\n" in stage for stage in (BY_HAND_STAGE, SERVICE_STAGE))


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - BY_HAND - {"migrate"}))
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
        given = (
            {**service["environment"], "command": " ".join(service.get("command", []))}
            if "environment" in service
            else {}
        )
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


def test_whoever_asks_is_known_behind_a_proxy_on_the_host() -> None:
    proxies = _unless_set(SERVICES["serve"]["environment"]["SUPERVISION_PROXIES"])
    [network] = COMPOSE["networks"]["default"]["ipam"]["config"]
    gateway = str(next(ip_network(_unless_set(network["subnet"])).hosts()))

    assert _asking(proxies, gateway, "203.0.113.9, 198.51.100.7") == "198.51.100.7"
    assert _asking(proxies, "192.0.2.1", "198.51.100.7") == "192.0.2.1"


def test_the_database_is_asked_where_the_server_that_makes_it_does_not_listen() -> None:
    assert "--host 127.0.0.1" in " ".join(SERVICES["postgres"]["healthcheck"]["test"])


def test_the_secret_may_come_from_the_environment_or_from_a_file() -> None:
    """Both at once are refused, so compose.yaml sets neither."""
    for name in OURS | BY_HAND:
        assert SERVICES[name]["env_file"] == [".env"]
        assert not {"SUPERVISION_SECRET_KEY", "SUPERVISION_SECRET_KEY_FILE"} & SERVICES[name]["environment"].keys()
        assert _mounts(name)["/files"] == "ro"


def test_final_records_have_a_place_where_they_are_handed_over() -> None:
    assert {name for name in SERVICES if "/filing" in _mounts(name)} == {"work", "clock"}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_is_done_by_hand_waits_for_the_database_alone(name: str) -> None:
    service = SERVICES[name]

    assert service["profiles"] == ["by-hand"]
    assert service["build"]["target"] == "by-hand"
    assert service["depends_on"].keys() == {"postgres"}
    assert _mounts(name).keys() == {"/files", "/backup/database", "/backup/keys"}


def test_backup_and_restore_are_the_scripts_with_two_places_for_them() -> None:
    assert SERVICES["backup"]["entrypoint"] == ["backup"]
    assert SERVICES["restore"]["entrypoint"] == ["restore"]
    assert set(SERVICES["backup"]["command"]) == _mounts("backup").keys() - {"/files"}


def test_every_volume_that_nobody_names_is_there() -> None:
    sources = {
        _unless_set(volume).split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    }

    assert sources == COMPOSE["volumes"].keys()


def _unless_set(value: str) -> str:
    """A value of compose.yaml where none of its variables is set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def _mounts(name: str) -> dict[str, str]:
    """Where a container has its volumes, and how."""
    parts = [[*_unless_set(volume).split(":"), "rw"] for volume in SERVICES[name].get("volumes", [])]
    return {place: how for _, place, how, *_ in parts}


def _asking(proxies: str, peer: str, forwarded: str) -> str:
    """Whom the server takes for the one who asks."""
    seen: list[str] = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - as ASGI has it
        seen.append(scope["client"][0])

    scope: Any = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    none: Any = None
    asyncio.run(ProxyHeadersMiddleware(answer, proxies)(scope, none, none))
    return seen[0]


# -- the image
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
_, BUILD_STAGE, INSTALLED_STAGE, BY_HAND_STAGE, SERVICE_STAGE = DOCKERFILE.split("\nFROM ")
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_built_from_what_the_project_is_built_from_and_nothing_else() -> None:
    let_through = {line[1:] for line in IGNORED if line.startswith("!")}
    packed = set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    scripts = {"deploy/backup", "deploy/restore"}
    others = {"hatch_build.py", "LICENSE", "pyproject.toml", "README.md", "requirements.lock"}

    assert "*" in IGNORED
    assert let_through == packed | scripts | others
    assert f"COPY --chmod=755 {' '.join(sorted(scripts))} /usr/local/bin/" in BY_HAND_STAGE
    assert all((ROOT / name).exists() for name in let_through)


def test_what_the_image_is_given_is_checked_by_its_hash_and_what_builds_it_stays_behind() -> None:
    said = re.split(r"&&|\nRUN", BUILD_STAGE.replace("\\\n", ""))
    commands = [one for one in said if re.search(r"pip (wheel|install) ", one)]

    assert len(commands) == 5
    assert all("--no-index" in one or "--require-hashes" in one for one in commands)
    assert all("--no-build-isolation" in one for one in commands if "pip wheel" in one)
    assert "COPY --from=build /opt/supervision /opt/supervision" in INSTALLED_STAGE
    assert not [stage for stage in (INSTALLED_STAGE, BY_HAND_STAGE, SERVICE_STAGE) if "pip" in stage]


def test_what_is_built_from_source_is_named_alike_wherever_it_is_installed() -> None:
    [named] = re.findall(r"^SOURCES := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    said = f"--only-binary :all: --no-binary {named.replace(' ', ',')} "

    assert said in BUILD_STAGE
    assert said in (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def test_the_programs_for_backups_are_of_the_servers_version() -> None:
    version = SERVICES["postgres"]["image"].removeprefix("postgres:")

    assert f" postgresql-client-{version} " in BY_HAND_STAGE
    assert f"PATH=/usr/lib/postgresql/{version}/bin:" in BY_HAND_STAGE


def test_volumes_begin_as_folders_of_the_services_own_account() -> None:
    made = re.findall(r"install -d -o 10001 -m \d+ (.+)", INSTALLED_STAGE + BY_HAND_STAGE)
    mounted = set[str]().union(*(_mounts(name).keys() for name in OURS | BY_HAND))

    assert set(" ".join(made).split()) == mounted


def test_the_image_is_built_by_tools_that_are_in_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [builds] = re.findall(r"--find-links /wheels ([a-z -]+) \\\n", BUILD_STAGE)

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

    for drop_in in (DEPLOY / "systemd").glob("*.conf"):
        folder = tmp_path / f"{copy.name}.d"
        folder.mkdir(exist_ok=True)
        shutil.copy(drop_in, folder)

    found = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )  # fmt: skip

    assert (found.returncode, found.stderr) == (0, "")

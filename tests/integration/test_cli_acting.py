"""In whose name the command line loads lists and applies policies: an administrator's, and nobody else's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.integration.terminal import PEOPLE, Terminal
from workflows.policy_reader import shipped_text

_HEAD = "ref,name,email,job_role,supervisor_ref,app_roles,end_date\n"
SECOND = f"{_HEAD}admin2,Ada Example,ada@council.example,administrator,,administrator,\n"
LEFT = f"{_HEAD}admin2,Ada Example,ada@council.example,administrator,,administrator,2025-03-07\n"
ABSENCES = "person_ref,first_day,expected_return,last_day,cause\np1,2025-03-10,2025-03-21,,sickness\n"
COMMANDS = ("import people", "import absences", "import cases", "policy apply")


def words(terminal: Terminal, own: str, command: str) -> list[str]:
    """The command with a file that fits."""
    if command == "policy apply":
        file = terminal.file("next.toml", shipped_text("leeds").replace('version = "1"', 'version = "2"', 1))
        return ["policy", "apply", file, "--organisation", own, "--from", datetime.now(UTC).date().isoformat()]
    text = {
        "import people": f"{PEOPLE}p2,Ben Example,ben@council.example,social_worker,p1\n", "import absences": ABSENCES,
        "import cases": "ref,worker_ref,category,allocated_on\nc1,p1,child,2025-03-03\n",
    }[command]  # fmt: skip
    return [*command.split(), terminal.file("list.csv", text), "--organisation", own]


def steps(terminal: Terminal) -> list[tuple[str | None, str]]:
    """Who took every step that is kept, and as what."""
    with closing(sqlite3.connect(terminal.database)) as database:
        return list(database.execute("SELECT actor, role FROM steps ORDER BY at, matter_id, number"))


def listed(terminal: Terminal, *lists: str) -> str:
    """A council with these lists of people, loaded by its first administrator; its id."""
    own, _ = terminal.council()
    for text in (PEOPLE, *lists):
        said = terminal.run("import", "people", terminal.file("p.csv", text), "--organisation", own, "--as", "admin")
        assert said.exit_code == 0, said.output
    return own


@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_acts_in_the_name_of_somebody_whom_the_list_does_not_have(terminal: Terminal, command: str) -> None:
    own = listed(terminal)
    before = steps(terminal)

    said = terminal.run(*words(terminal, own, command), "--as", "nobody-at-all")

    assert said.exit_code == 1
    assert "--as 'nobody-at-all': name an administrator who is in post. Those are: admin." in said.output
    assert steps(terminal) == before


@pytest.mark.parametrize("who", ["p1", "admin2"])
def test_nor_of_somebody_who_is_no_administrator_or_has_left(terminal: Terminal, who: str) -> None:
    own = listed(terminal, LEFT)
    before = steps(terminal)

    said = terminal.run(*words(terminal, own, "import absences"), "--as", who)

    assert said.exit_code == 1
    assert f"--as '{who}': name an administrator" in said.output
    assert steps(terminal) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_dry_run_is_refused_as_the_command_itself_would_be(terminal: Terminal, command: str) -> None:
    own = listed(terminal)

    said = terminal.run(*words(terminal, own, command), "--as", "nobody-at-all", "--dry-run")

    assert said.exit_code == 1
    assert "name an administrator who is in post" in said.output


@pytest.mark.parametrize("command", COMMANDS)
def test_the_only_administrator_need_not_be_named(terminal: Terminal, command: str) -> None:
    own = listed(terminal, LEFT)

    said = terminal.run(*words(terminal, own, command))

    assert said.exit_code == 0, said.output
    assert {actor for actor, _ in steps(terminal)} <= {"admin", None}


@pytest.mark.parametrize("command", COMMANDS)
def test_of_several_administrators_one_is_named(terminal: Terminal, command: str) -> None:
    own = listed(terminal, SECOND)
    before = steps(terminal)

    asked = terminal.run(*words(terminal, own, command))
    assert asked.exit_code == 1
    assert "Say with --as who does this: this council has several administrators, admin, admin2." in asked.output
    assert steps(terminal) == before
    named = terminal.run(*words(terminal, own, command), "--as", "admin2")

    assert named.exit_code == 0, named.output


def test_whoever_is_named_stands_in_the_history(terminal: Terminal) -> None:
    own = listed(terminal, SECOND)

    terminal.run(*words(terminal, own, "import absences"), "--as", "admin2")

    assert ("admin2", "hr") in steps(terminal)


def test_where_no_administrator_is_left_a_list_makes_somebody_one_and_nothing_else_is_done(terminal: Terminal) -> None:
    own = listed(terminal)
    with closing(sqlite3.connect(terminal.database)) as database, database:
        database.execute("UPDATE people SET end_date = '2025-03-07' WHERE ref = 'admin'")

    refused = terminal.run(*words(terminal, own, "import absences"))
    named = terminal.run(*words(terminal, own, "import people"), "--as", "p1")
    mended = terminal.run("import", "people", terminal.file("second.csv", SECOND), "--organisation", own)
    goes_on = terminal.run(*words(terminal, own, "import absences"))

    assert [said.exit_code for said in (refused, named, mended, goes_on)] == [1, 1, 0, 0], mended.output
    assert "No administrator of this council is in post" in refused.output
    assert ("admin2", "hr") in steps(terminal)

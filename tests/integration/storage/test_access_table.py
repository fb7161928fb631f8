"""The table of access that people read says what the statements do, for every ground, workflow and policy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from service.engine.ids import new_id
from service.identity.access import Viewer, sees, standing
from service.identity.access_table import access_table, office_of
from service.identity.grounds import GROUNDS, MEMBER, OWN, Ground, Office
from service.storage.council_tables import line, people
from service.storage.matter_tables import matter_people, matters
from tests.integration.storage.written import MONDAY, matter_row, write_organisation
from workflows.cover import REALLOCATION
from workflows.policy_reader import shipped
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.storage.connection import Database

POLICIES = ("central-bedfordshire", "haringey", "leeds")
VIEWER, THEIRS, BOSS = "viewer", "somebody", "boss"


def write_matters(connection: Connection, own: UUID, **columns: Any) -> dict[UUID, Workflow]:
    """One matter of every workflow, about somebody else."""
    written = {}
    for workflow in Workflow:
        matter_id = new_id(MONDAY)
        about = {"supervisee": THEIRS, "supervisor": BOSS, "state": "open", "workflow": workflow.value, **columns}
        connection.execute(insert(matters).values(matter_row(own, matter_id, **about)))
        written[matter_id] = workflow
    return written


def give(connection: Connection, own: UUID, ground: Ground) -> tuple[dict[UUID, Workflow], Office | None]:
    """The rows by which the viewer has this ground and no other one."""
    if ground.name == "queue":
        written = write_matters(connection, own, holder_role=Role.business_support.value)
        return written, Office(frozenset({Role.business_support}), hr_reads=True, auditor_reads=True)
    if ground.name == "reallocation":
        decided = new_id(MONDAY)
        about = {"workflow": "dispute", "supervisee": VIEWER, "supervisor": BOSS}
        connection.execute(insert(matters).values(matter_row(own, decided, **about)))
        return write_matters(connection, own, person=BOSS, kind=REALLOCATION, parent=decided), None
    if ground.name == "supervising":
        supervised(connection, own, supervisor=VIEWER)
        return write_matters(connection, own, person=THEIRS), None
    written = write_matters(connection, own, person=BOSS if ground.name == "absence" else None)
    if ground.name == "named":
        rows = [{"organisation_id": own, "matter_id": i, "person": VIEWER} for i in written]
        connection.execute(insert(matter_people), rows)
    if ground.name == "line":
        connection.execute(insert(line).values(organisation_id=own, below=THEIRS, above=VIEWER, depth=1))
    if ground.name == "grant":
        grant(connection, own)
    return written, None


def supervised(connection: Connection, own: UUID, **columns: Any) -> None:
    """Somebody on the list whom somebody supervises."""
    unsaid = dict.fromkeys(("name", "email", "job_role", "team", "registration", "setting"), "")
    row = {"organisation_id": own, "ref": THEIRS, **unsaid, "app_roles": [], "bounces": False, **columns}
    connection.execute(insert(people).values(row))


def grant(connection: Connection, own: UUID, **columns: Any) -> None:
    """The viewer may read what is about somebody, until Tuesday."""
    kept = {
        "workflow": "grant", "state": "active", "person": VIEWER, "supervisee": THEIRS, "supervisor": None,
        "next_due": MONDAY + timedelta(days=1), **columns,
    }  # fmt: skip
    connection.execute(insert(matters).values(matter_row(own, new_id(MONDAY), **kept)))


def found(connection: Connection, own: UUID, office: Office, ids: dict[UUID, Workflow], now: Any = MONDAY) -> Any:
    viewer = Viewer(own, VIEWER, office, line_reads=True, supervisor=BOSS, cover=None, now=now)
    query = select(matters.c.id, standing(office), sees(office).label("sees")).where(matters.c.organisation_id == OWN)
    rows = connection.execute(query, viewer.parameters()).all()
    assert all(bool(row.standing) == bool(row.sees) for row in rows)
    return {ids[row.id]: row.standing for row in rows if row.id in ids and row.standing}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("ground", GROUNDS, ids=lambda ground: ground.name)
def test_the_table_says_of_every_workflow_what_the_statement_answers(
    database: Database, ground: Ground, policy: str
) -> None:
    access = shipped()[policy].access
    given = [c for c in access_table(access) if c.ground is ground or c.ground.app_role is ground.app_role is not None]
    own = write_organisation(database)
    with database.write(own) as connection:
        ids, office = give(connection, own, ground)

        answered = found(connection, own, office or office_of(ground, access), ids)

    assert answered == {workflow: ground.standing for column in given for workflow in column.cells}


def test_whoever_has_no_ground_sees_nothing(database: Database) -> None:
    own = write_organisation(database)
    with database.write(own) as connection:
        ids = write_matters(connection, own)

        answered = found(connection, own, Office(frozenset(), hr_reads=True, auditor_reads=True), ids)

    assert answered == {}


def test_while_somebody_covers_it_is_they_who_hear_of_an_absence(database: Database) -> None:
    nobody = Office(frozenset(), hr_reads=True, auditor_reads=True)
    for columns, sees_it in (
        ({"supervisor": VIEWER, "cover": BOSS}, False),
        ({"supervisor": BOSS, "cover": VIEWER}, True),
    ):
        own = write_organisation(database)
        with database.write(own) as connection:
            supervised(connection, own, **columns)
            ids = write_matters(connection, own, person=THEIRS)

            answered = found(connection, own, nobody, ids)

        assert answered == ({Workflow.absence: MEMBER} if sees_it else {})


def test_whoever_is_supervised_beside_somebody_sees_nothing_of_a_decision_about_them(database: Database) -> None:
    own = write_organisation(database)
    with database.write(own) as connection:
        ids = write_matters(connection, own, person=BOSS, kind=REALLOCATION)

        answered = found(connection, own, Office(frozenset(), hr_reads=True, auditor_reads=True), ids)

    assert answered == {}


@pytest.mark.parametrize(
    "columns",
    [
        {"next_due": MONDAY - timedelta(seconds=1)}, {"state": "proposed"}, {"state": "expired"}, {"person": "another"},
        {"supervisee": "another"}, {"next_due": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_grant_that_is_over_or_not_begun_or_somebody_elses_opens_nothing(
    database: Database, columns: dict[str, Any]
) -> None:
    own, office = (
        write_organisation(database),
        Office(frozenset({Role.investigator}), hr_reads=True, auditor_reads=True),
    )
    with database.write(own) as connection:
        ids = write_matters(connection, own)
        grant(connection, own, **columns)

        answered = found(connection, own, office, ids)

    assert answered == {}


def test_no_ground_but_the_name_and_human_resources_opens_a_referral() -> None:
    for policy in shipped().values():
        opening = {column.ground.name for column in access_table(policy.access) if Workflow.referral in column.cells}
        assert opening == {"named", "queue", "referrals"}


def test_every_ground_has_a_name_of_its_own() -> None:
    assert len({ground.name for ground in GROUNDS}) == len(GROUNDS)

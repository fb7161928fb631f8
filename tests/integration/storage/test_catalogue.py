"""PostgreSQL's own catalogue, walked: what a later migration adds is bound to its organisation, or this fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from service.storage.connection import Database, owner_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

#: The tables without an organisation's rows: the database's marks, its migrations, and which processes are alive.
OF_NOBODY = {"marks", "alembic_version", "heartbeats"}
#: What sees across tenants, and all that it tells. Whoever adds one reads it first: what it answers to whom, that it
#: takes no text into a statement, and that it finds its tables by their schema.
DEFINERS = {
    "token_owner(token_hash bytea)": {
        "organisation_id", "token_id", "person", "scopes", "policy_id", "live_from", "directory_version",
        "calendar_version", "wrapped_key", "instant",
    },
    "due_organisations(at timestamp with time zone)": {"organisation_id", "fires_at"},
    "filing_organisations()": {"organisation_id"},
    "places_to_sign_in()": {"organisation_id", "name", "has_provider"},
    "organisation_ids()": {"organisation_id"},
    "what_waits()": {"oldest_notice", "open_incidents"},
    "abandoned_claims()": {"claims"},
    "open_states()": {"workflow", "state"},
    "notice_organisations(until timestamp with time zone)": {"organisation_id"},
}  # fmt: skip
ISOLATED = "({} = (NULLIF(current_setting('app.organisation'::text, true), ''::text))::uuid)"
_TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS bound, a.attnum IS NOT NULL AS has_organisation
    FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
"""
_POLICIES = """
    SELECT tablename AS name, permissive, roles::text[] AS roles, cmd, qual, coalesce(with_check, qual) AS with_check
    FROM pg_policies WHERE schemaname = 'public'
"""
_DEFINERS = """
    SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature, p.proconfig AS config,
        p.proargnames[array_length(p.proargtypes::oid[], 1) + 1:] AS told, p.proargnames AS names, p.prosrc AS source,
        p.provolatile AS volatile,
        has_function_privilege('public', p.oid, 'EXECUTE') AS is_everybodys,
        has_function_privilege('supervision_app', p.oid, 'EXECUTE') AS is_the_services,
        pg_get_userbyid(p.proowner) AS owner
    FROM pg_proc AS p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def owner(postgres: Database) -> Iterator[Connection]:
    """Whoever owns the tables of a migrated database."""
    with owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as connection:
        yield connection


def rows(owner: Connection, query: str) -> list[Any]:
    return list(owner.execute(text(query)))


def test_every_table_but_three_has_an_organisation_and_is_bound_to_it(owner: Connection) -> None:
    found = rows(owner, _TABLES)

    unbound = {row.name for row in found if not row.bound}
    nameless = {row.name for row in found if not row.has_organisation}

    assert unbound == OF_NOBODY
    assert nameless == OF_NOBODY | {"organisations"}


def test_every_bound_table_has_one_policy_for_reading_and_writing_by_its_organisation(owner: Connection) -> None:
    bound = {row.name for row in rows(owner, _TABLES) if row.bound}
    policies = rows(owner, _POLICIES)

    assert sorted(policy.name for policy in policies) == sorted(bound)
    for policy in policies:
        isolated = ISOLATED.format("id" if policy.name == "organisations" else "organisation_id")
        assert (policy.permissive, policy.cmd, policy.roles) == ("PERMISSIVE", "ALL", ["supervision_app"]), policy.name
        assert policy.qual == policy.with_check == isolated, policy.name


def test_a_table_that_a_migration_forgets_to_bind_is_found(owner: Connection) -> None:
    owner.execute(text("CREATE TABLE forgotten (organisation_id uuid NOT NULL)"))

    assert {row.name for row in rows(owner, _TABLES) if not row.bound} - OF_NOBODY == {"forgotten"}


def test_nothing_shows_rows_past_the_tables(owner: Connection) -> None:
    views = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"

    assert rows(owner, views) == []


def test_what_sees_across_tenants_is_known_and_tells_no_more_than_it_must(owner: Connection) -> None:
    found = rows(owner, _DEFINERS)

    assert {row.signature for row in found} == set(DEFINERS)
    for row in found:
        takes = row.signature.partition("(")[2].count(" ") > 0
        assert set(row.names or ()) - ({row.names[0]} if takes else set()) == DEFINERS[row.signature]
        assert row.config == ["search_path=pg_catalog, pg_temp"]
        assert row.volatile == "s"
        assert "EXECUTE" not in row.source.upper()
        assert row.owner != "supervision_app"


def test_only_the_services_role_may_ask_across_tenants(owner: Connection) -> None:
    for row in rows(owner, _DEFINERS):
        assert (row.is_everybodys, row.is_the_services) == (False, True), row.signature


def test_the_services_role_owns_nothing_and_may_go_round_nothing(owner: Connection) -> None:
    [role] = rows(owner, "SELECT * FROM pg_roles WHERE rolname = 'supervision_app'")
    owned = rows(
        owner,
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'supervision_app' "
        "UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = 'supervision_app'",
    )
    makes = "SELECT has_schema_privilege('supervision_app', 'public', 'CREATE')"

    assert not any((role.rolsuper, role.rolbypassrls, role.rolcreaterole, role.rolcreatedb, role.rolcanlogin))
    assert owned == []
    assert rows(owner, makes)[0][0] is False


@pytest.mark.parametrize("right", ["TRUNCATE", "REFERENCES", "TRIGGER"])
def test_the_services_role_reads_and_writes_rows_and_no_more(owner: Connection, right: str) -> None:
    granted = f"SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege('supervision_app', oid, '{right}')"  # noqa: E501, S608 - the rights are listed above

    assert rows(owner, granted) == []


@pytest.mark.parametrize("table", ["steps", "checkpoints", "content_views", "view_days"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE"])
def test_the_services_role_changes_no_history(owner: Connection, table: str, right: str) -> None:
    may = text("SELECT has_table_privilege('supervision_app', CAST(:table AS regclass), :right)")

    assert owner.execute(may, {"table": table, "right": right}).scalar_one() is False

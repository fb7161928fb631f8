"""A council grown by plain SQL: a million open matters, a fifth of them records, and ten million closed records.

What is reduced: closed ones have no text, no parties but two and no deadlines; steps are there of a third of those that
were closed in the last hundred days; and the indexes of other lists are left out, which no drawing reads.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, create_engine, text

from service.storage.matter_tables import matters

OPEN, CLOSED, MOVED = 1_000_000, 10_000_000, 10_000
#: For how many days the council has been there, and how many of them have steps.
_DAYS, WITH_STEPS = 900, 100
_KEPT = ("pk_matters", "ix_matters_open")
#: Four hundred people in twenty teams.
_PEOPLE = """
    INSERT INTO people (organisation_id, ref, name, email, job_role, team, app_roles, registration, setting, bounces)
    SELECT id, 'w' || n, 'Worker ' || n, '', 'social_worker', 'team ' || n % 20, '[]', '', '', false
    FROM organisations, generate_series(0, 399) AS n
"""
#: What differs from one copy of a record to the next.
_OPEN_ONES = {
    "id": "gen_random_uuid()",
    "workflow": "(ARRAY['record', 'session', 'action', 'frequency', 'entitlement'])[1 + n % 5]",
    "state": "(ARRAY['draft', 'awaiting_signature', 'disputed'])[1 + n / 5 % 3]",
    "supervisee": "'w' || n % 400",
    "opened_at": "m.opened_at - n % 90 * interval '1 day'",
    "last_at": "m.last_at - n % 90 * interval '1 day'",
    "overdue_since": "CASE WHEN n % 7 = 0 THEN m.opened_at END",
}
_CLOSED_AT = f"m.opened_at - n * interval '{_DAYS * 86_400 / CLOSED} seconds'"
_CLOSED_ONES = {
    "id": "lpad(to_hex(n), 32, '0')::uuid",
    "state": "'agreed'",
    "supervisee": "'w' || n % 400",
    "opened_at": f"{_CLOSED_AT} - n % 19 * interval '11 hours' - interval '1 day'",
    "last_at": _CLOSED_AT,
    "closed_at": _CLOSED_AT,
    "data": "'{}'",
    "waiting_for": "'[]'",
    **dict.fromkeys(("ladder", "next_due", "overdue_since", "holder", "holder_role"), "NULL"),
}
#: A record as it was sent and as it was signed; written in the order of their instants, as steps are.
_STEPS = f"""
    INSERT INTO steps (organisation_id, matter_id, number, "trigger", source, dest, role, at, data, commitments, hash)
    SELECT organisation_id, id, number, 'sign', CASE number WHEN 2 THEN 'awaiting_signature' END,
        (ARRAY['awaiting_signature', 'agreed'])[number], 'supervisee',
        CASE number WHEN 1 THEN opened_at ELSE closed_at END AS at, '{{}}', '{{}}', head
    FROM matters, generate_series(1, 2) AS number
    WHERE closed_at > (SELECT max(closed_at) FROM matters) - interval '{WITH_STEPS} days'
        AND get_byte(uuid_send(id), 15) % 3 = 0
    ORDER BY at
"""  # noqa: S608 - our own numbers
#: Here and there among all that are open.
_MOVED = f"""
    UPDATE matters SET next_due = next_due + interval '1 day' WHERE (organisation_id, id) IN (
        SELECT organisation_id, id FROM matters WHERE closed_at IS NULL ORDER BY md5(id::text) LIMIT {MOVED}
    )
"""  # noqa: S608 - our own numbers


def grow(url: str) -> None:
    """Grow the one council of a database, whose records wait for their signatures."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as owner:
        owner.execute(text("SET synchronous_commit = off"))
        _drop_indexes(owner)
        owner.execute(text("UPDATE organisations SET created_at = created_at - :age"), {"age": timedelta(_DAYS)})
        for statement in (_PEOPLE, _copies(_OPEN_ONES, OPEN), _copies(_CLOSED_ONES, CLOSED), _STEPS):
            owner.execute(text(statement))
        owner.execute(text("VACUUM ANALYZE matters, steps, people"))
    engine.dispose()


def move_some(url: str) -> None:
    """Have some of the open ones move as deadlines make them move, while nobody vacuums."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as owner:
        owner.execute(text("ALTER TABLE matters SET (autovacuum_enabled = off)"))
        owner.execute(text(_MOVED))
    engine.dispose()


def _drop_indexes(owner: Connection) -> None:
    found = owner.execute(text("SELECT indexname FROM pg_indexes WHERE tablename = 'matters'")).scalars().all()
    for name in set(found) - set(_KEPT):
        owner.execute(text(f"DROP INDEX {name}"))


def _copies(otherwise: dict[str, str], number: int) -> str:
    names = [column.name for column in matters.c]
    return (
        f"INSERT INTO matters ({', '.join(names)}) "  # noqa: S608 - our own names
        f"SELECT {', '.join(otherwise.get(name, f'm.{name}') for name in names)} "
        f"FROM (SELECT * FROM matters WHERE workflow = 'record' LIMIT 1) AS m, generate_series(1, {number}) AS n"
    )

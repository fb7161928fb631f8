"""A council made large by copying its rows in SQL: what the engine reads is the same, and ready in seconds."""

from __future__ import annotations

from sqlalchemy import text

from service.storage.connection import owner_transaction

#: Copies keep the order of time in their ids, as new matters have it.
_IDS = """
    CREATE TEMPORARY TABLE copies ON COMMIT DROP AS
    SELECT id, (substr(id::text, 1, 18) || '-' || substr(md5(id::text || copy), 1, 4) || '-'
                || substr(md5(copy || id::text), 1, 12))::uuid AS new_id
    FROM matters CROSS JOIN generate_series(2, :times) AS copy WHERE workflow = 'record'
"""
_TABLES = {"matters": "id", "matter_people": "matter_id", "steps": "matter_id", "deadlines": "matter_id",
           "outbox": "matter_id"}  # fmt: skip


def multiply(url: str, times: int) -> None:
    """Have every record so many times, each with its history, deadlines and notices."""
    with owner_transaction(url) as owner:
        owner.execute(text(_IDS), {"times": times})
        for table, key in _TABLES.items():
            names = owner.execute(
                text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"), {"table": table}
            ).scalars()
            columns = [f'"{name}"' for name in names]
            taken = ["copies.new_id" if column == f'"{key}"' else f"t.{column}" for column in columns]
            owner.execute(
                text(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(taken)} "  # noqa: S608 - the tables' own names
                    f"FROM {table} AS t JOIN copies ON copies.id = t.{key}"
                )
            )
    with owner_transaction(url) as owner:
        for table in _TABLES:
            owner.execute(text(f"ANALYZE {table}"))

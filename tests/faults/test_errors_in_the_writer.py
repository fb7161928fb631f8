"""The server refuses in the midst of a batch's writes: disk full, no lock, deadlock, an operator. Nothing is half."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import text

from service.storage.connection import owner_transaction
from tests.faults.size import DEADLINES
from tests.fixtures.overdue import Overdue
from workers.actors.deadlines import deadlines
from workers.looks import one_pass
from workers.patience import Patience

#: PostgreSQL's codes, and what they are.
ERRORS = {"53100": "disk full", "55P03": "lock not available", "40P01": "deadlock", "57014": "canceled by an operator"}
#: These take a few batches, and more than that would show nothing more.
_ENOUGH = 2_000
_FAILING = """
    CREATE FUNCTION fail_now_and_then() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF random() < 0.5 THEN RAISE EXCEPTION 'as the test wants it' USING ERRCODE = '{code}'; END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER fails AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fail_now_and_then()
"""


@pytest.mark.parametrize("table", ["steps", "outbox"])
@pytest.mark.parametrize("code", ERRORS)
def test_a_server_that_refuses_now_and_then_is_asked_again_until_all_is_enforced_once(
    database_url: str, overdue: Overdue, chance: Random, code: str, table: str
) -> None:
    records = overdue.records_sent(min(DEADLINES, _ENOUGH))
    with owner_transaction(database_url) as owner:
        owner.execute(text("SELECT setseed(:seed)"), {"seed": chance.random()})
        owner.execute(text(_FAILING.format(code=code, table=table)))
    look, patience = deadlines(overdue.door), Patience(overdue.door, clock=lambda: 0.0)

    for _ in range(200):
        one_pass(look, look.waiting(), patience, lambda: True)
        if not overdue.pending():
            break

    overdue.check(records)

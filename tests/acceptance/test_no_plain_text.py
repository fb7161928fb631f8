"""What people write is readable nowhere but in answers to those who may: in no table, no file, no dump and no log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from sqlalchemy import text

from service.storage.connection import owner_transaction
from tests.acceptance.beginnings import CASE, agreed_terms, away, booked
from tests.fixtures.postgres import fresh_database
from tests.fixtures.served import Story, ok, sandbox_on

if TYPE_CHECKING:
    from sqlalchemy import URL

CBC = "central-bedfordshire"
HR2 = {"ref": "hr2", "job_role": "hr_adviser", "above": "ad", "app_roles": "hr"}
#: Part of everything that is written.
WORD = "marmalade"
SAID = f"Quarrelsome {WORD}."


def write_everything(story: Story, said: str) -> None:
    """Every workflow's texts, by every route that takes some; and the same where it is refused or cannot be read."""
    terms = agreed_terms(CBC, location=said)
    session = booked(story, place=said)
    story.move("sup", session, "cancel", cause="diary", reason=said)
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=terms)
    story.move("wkr", agreement, "renegotiate", terms=terms, reason=said)
    concern = story.open("wkr", "concerns", about="quality", statement=said)
    story.move("wkr", concern, "attempt", on="2025-03-03", note=said)
    story.move("wkr", concern, "escalate", reason=said)
    referral = story.open("sup", "referrals", supervisee="wkr", about=said, facts=said)
    story.move("sup", referral, "discuss", override_reason=said)
    story.move("sup", referral, "submit")
    story.move("lm", referral, "forward", reason=said)
    story.move("hr1", referral, "accept", procedure="capability", reference=said)
    action = story.open("sup", "actions", what=said, why=said, owner="wkr", due="2025-04-01")
    story.move("wkr", action, "complete", note=said)
    story.move("sup", action, "reopen", reason=said)
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections={"case_discussion": said})
    story.move("sup", record, "circulate")
    story.move("wkr", record, "dispute", statement=said)
    audit = story.open("aud", "audits", kind="case_sample", case="c1")
    story.move("aud", audit, "take")
    story.move("aud", audit, "report", findings={"frequency": said}, learning=[said])
    request = story.open("hr1", "disclosures", kind="access_to_files", requester=said, about="case", case="c1")
    story.move("hr1", request, "refuse", reason=said)
    ok(story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup2"}]))
    story.move("sup", story.one("sup", workflow="handover"), "hand_over", note=said)
    absence = away(story, "hos")
    story.move("hr1", absence, "amend", cause="planned", reason=said)
    story.open("hos", "grants", kind="emergency", supervisee="wkr", purpose=said)
    refuse_everything(story, said)


def refuse_everything(story: Story, said: str) -> None:
    """What is not kept is not logged either."""
    story.try_open("wkr2", "records", {"supervisee": "wkr", "kind": "personal", "sections": {"nonsense": said}})
    story.try_open("sup", "records", {"supervisee": "wkr", "kind": said, "sections": said})
    story.try_move("sup", story.items("sup", "/matters")[0], said, {"reason": said})
    story.send("admin", "POST", "/people/import", {"Content-Type": "text/csv"}, content=f"ref,{said}\n{said},x\n")
    story.send("wkr", "GET", "/matters", params={"cursor": said, "state": said})
    story.client.get("/me", headers={"Authorization": f"Bearer {said}"})


def test_no_file_of_the_database_and_no_log_has_what_anybody_wrote(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with sandbox_on(f"sqlite:///{tmp_path}/supervision.sqlite3") as sandbox:
        story = sandbox.story(people=[HR2], cases=[CASE])
        write_everything(story, SAID)
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        structlog.get_logger().error("logs_are_looked_at")

    assert b"central-bedfordshire" in kept
    assert WORD.encode() not in kept
    logged = "".join(capfd.readouterr())
    assert "logs_are_looked_at" in logged
    assert WORD not in logged


def test_no_dump_has_what_anybody_wrote(postgres_server: URL) -> None:
    with fresh_database(postgres_server) as url, sandbox_on(url) as sandbox:
        write_everything(sandbox.story(people=[HR2], cases=[CASE]), SAID)

        dumped = dump(url)

    assert "central-bedfordshire" in dumped
    assert WORD not in dumped


def dump(url: str) -> str:
    """Every row of every table that the database has, as text: all that a dump can hold."""
    in_use = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
    tables = text(f"SELECT oid::regclass::text FROM pg_class WHERE {in_use}")  # noqa: S608 - of this file
    with owner_transaction(url) as owner:
        return "".join(
            str(row)
            for table in owner.execute(tables).scalars().all()
            for row in owner.exec_driver_sql(f"SELECT whole::text FROM {table} AS whole").scalars()  # noqa: S608 - named by the catalogue
        )

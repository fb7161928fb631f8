"""The notifier in a real council, outside any sandbox: what is told leaves by itself, for every organisation."""

from __future__ import annotations

import mailbox
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from service.engine.door import Door
from service.imports import IMPORTS
from service.notices.set_up import channels_of
from service.organisations import create_organisation
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.council_tables import people
from service.storage.matter_tables import outbox
from service.storage.migrate import migrate
from service.storage.notice_tables import messages
from service.storage.sealing import Vault
from tests.fixtures.failure_reports import failure_report
from tests.fixtures.imap_server import imap_server
from tests.fixtures.mail_server import MailServer, mail_server
from tests.integration.council import ADMIN, Council
from tests.integration.notices.telling import PEOPLE, sent_to_be_signed
from tests.integration.terminal import SECRET, Terminal
from workers.actors.notices import notices
from workers.clock import Clock, Here
from workers.heart import Heart
from workflows.calendar import local_day


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, server: MailServer) -> Settings:
    """A council's own, on each database in turn."""
    url = f"sqlite:///{tmp_path}/council.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    return Settings(
        database_url=url, secret_key=SecretStr(SECRET), sandbox=False, smtp_url=server.url,
        mail_from="supervision@council.example", base_url="https://supervision.council.example",
    )  # fmt: skip


@pytest.fixture
def real(settings: Settings) -> Iterator[Council]:
    """A council under the machine's own clock, with three people."""
    migrate(settings)
    database = Database(make_engine(settings.database_url))
    yield council_behind(Door(database, Vault(SECRET)))
    database.engine.dispose()


def council_behind(door: Door) -> Council:
    now = datetime.now(UTC).replace(microsecond=0)
    made = create_organisation(
        door.database, door.vault, name="Exampleshire", policy_id="central-bedfordshire", live_from=local_day(now),
        admin_ref="admin", sandbox_now=None, now=now,
    )  # fmt: skip
    door.run(made.organisation_id, lambda work: IMPORTS["people"](work, PEOPLE.encode(), ADMIN, dry_run=False))
    return Council(door, made.organisation_id, made.token)


def notifier_of(door: Door, settings: Settings) -> Clock:
    return Clock(Heart(door.database, "clock"), [notices(door, channels_of(settings))], Here(door))


def go(notifier: Clock) -> None:
    while notifier.tick():
        pass


def signature_mails(server: MailServer) -> list[str]:
    return [mail["Message-ID"] for _, _, mail in server.came if "signature" in mail["Subject"]]


def test_what_is_told_leaves_by_mail_for_every_council(real: Council, settings: Settings, server: MailServer) -> None:
    other = council_behind(real.door)
    for council in (real, other):
        sent_to_be_signed(council)

    go(notifier_of(real.door, settings))

    assert len(signature_mails(server)) == 2
    assert {row.status for row in real.rows(messages, ~messages.c.digest)} == {"sent"}


def test_whoever_has_nothing_to_send_is_not_looked_at(real: Council, settings: Settings) -> None:
    go(notifier_of(real.door, settings))

    assert real.door.database.notice_organisations(real.door.database.now()) == []
    assert real.door.database.notice_organisations(real.door.database.now() + timedelta(days=9)) == [real.id]


def test_a_council_whose_notices_cannot_be_sent_holds_up_no_other(
    real: Council, settings: Settings, server: MailServer
) -> None:
    other = council_behind(real.door)
    sent_to_be_signed(real)
    sent_to_be_signed(other)
    real.run(lambda work: work.connection.execute(update(people).values(app_roles=["no such role"]).where(
        people.c.organisation_id == real.id)))  # fmt: skip
    real.door.pictures.forget(real.id)
    notifier = notifier_of(real.door, settings)

    for _ in range(5):
        notifier.tick()

    assert len(signature_mails(server)) == 1


def test_a_notifier_goes_on_until_it_is_stopped(real: Council, settings: Settings, server: MailServer) -> None:
    sent_to_be_signed(real)
    notifier = notifier_of(real.door, settings)
    notifier.start()
    try:
        for _ in range(500):
            if signature_mails(server):
                break
            time.sleep(0.02)
    finally:
        notifier.stop()

    assert len(signature_mails(server)) == 1


def test_reports_of_failures_are_taken_in_from_a_maildir_once(terminal: Terminal, server: MailServer) -> None:
    terminal.run("migrate")
    database = Database(make_engine(terminal.environment["SUPERVISION_DATABASE_URL"]))
    council = council_behind(Door(database, Vault(SECRET)))
    sent_to_be_signed(council)
    set_up = Settings(
        database_url=terminal.environment["SUPERVISION_DATABASE_URL"], secret_key=SecretStr(SECRET), sandbox=False,
        smtp_url=server.url, mail_from="supervision@council.example",
    )  # fmt: skip
    go(notifier_of(council.door, set_up))
    [message_id] = signature_mails(server)
    assert "set SUPERVISION_FAILURES_URL" in terminal.run("notices", "bounces").output
    folder = mailbox.Maildir(terminal.folder / "failures")
    folder.add(failure_report(message_id))
    folder.add(failure_report("<another@else.example>"))

    assert "2 mails read, 1 of them about notices" in terminal.run("notices", "bounces", "failures").stdout
    assert "0 mails read" in terminal.run("notices", "bounces", "failures").stdout

    with database.read(council.id) as connection:
        query = select(outbox.c.status).where(outbox.c.kind == "signature_asked")
        assert connection.execute(query).scalars().all() == ["bounced"]
    database.engine.dispose()


def test_the_mailbox_that_is_set_is_read_by_hand_to_try_it_out(terminal: Terminal) -> None:
    terminal.run("migrate")
    with imap_server() as box:
        box.deliver(failure_report("<another@else.example>"))
        terminal.environment["SUPERVISION_FAILURES_URL"] = box.url
        assert "1 mails read, 0 of them" in terminal.run("notices", "bounces").stdout
        assert "0 mails read" in terminal.run("notices", "bounces").stdout
    assert "cannot be read" in terminal.run("notices", "bounces").output

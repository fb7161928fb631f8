"""The mailbox of delivery failures: each report is heard once, none is lost, and a mailbox that is away is told of."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from service.notices import failure_mailbox, failures
from service.notices.failure_mailbox import FailureMailbox, MailboxAwayError, OpenMailbox
from service.notices.reports import hear_failure
from service.storage.matter_tables import outbox
from tests.fixtures.failure_reports import failure_report
from tests.fixtures.imap_server import ImapServer, imap_server
from tests.integration.notices.telling import incidents, sent_to_be_signed
from workers.actors.bounces import bounces
from workers.looks import one_pass
from workers.patience import TELLS_AT, Patience

if TYPE_CHECKING:
    from service.engine.door import Door
    from tests.integration.council import Council
    from tests.integration.notices.telling import Post

SEEN, UNSEEN = {r"\Seen"}, set[str]()


@pytest.fixture
def box() -> Iterator[ImapServer]:
    with imap_server() as found:
        yield found


def read(story: Council, url: str) -> int:
    """One look by whoever happens to look; how many reports were taken in."""
    look = bounces(story.door, FailureMailbox(url))
    with capture_logs():
        return one_pass(look, look.waiting(), Patience(story.door, clock=lambda: 0.0), lambda: True)


def report_about(post: Post, status: str = "5.1.1") -> bytes:
    """What a mail server reports about the last mail to the worker."""
    return failure_report(f"<{post.mail.to('wkr')[-1].reference}@council.example>", status=status)


def statuses(story: Council) -> set[str]:
    return {row.status for row in story.rows(outbox, outbox.c.kind == "signature_asked")}


def test_a_report_in_the_mailbox_is_a_bounce(story: Council, post: Post, box: ImapServer) -> None:
    sent_to_be_signed(story)
    post.go()
    box.deliver(report_about(post))

    assert read(story, box.url) == 1

    assert statuses(story) == {"bounced"}
    assert box.flags() == [SEEN]
    assert read(story, box.url) == 0


def test_reports_that_repeat_themselves_are_one_bounce(story: Council, post: Post, box: ImapServer) -> None:
    sent_to_be_signed(story)
    post.go()
    box.deliver(report_about(post))
    read(story, box.url)
    before = story.counts()

    box.deliver(report_about(post), report_about(post))
    assert read(story, box.url) == 2

    assert story.counts() == before
    assert box.flags() == [SEEN] * 3


def test_any_other_mail_is_passed_over_and_not_read_again(story: Council, box: ImapServer) -> None:
    box.deliver(b"Subject: Hello\r\n\r\nI am away until Monday.\r\n", failure_report("<another@else.example>"))

    assert read(story, box.url) == 0

    assert box.flags() == [SEEN, SEEN]


def test_what_is_cut_short_before_it_is_marked_is_read_again(story: Council, post: Post, box: ImapServer) -> None:
    sent_to_be_signed(story)
    post.go()
    box.deliver(report_about(post))

    with FailureMailbox(box.url).opened() as opened:
        [(_, failure)] = opened.unseen()
    assert failure is not None
    assert box.flags() == [UNSEEN]

    assert read(story, box.url) == 1
    assert statuses(story) == {"bounced"}


def test_a_report_that_cannot_be_kept_stays_unseen_for_the_next_look(
    story: Council, post: Post, box: ImapServer
) -> None:
    sent_to_be_signed(story)
    post.go()
    box.deliver(report_about(post))
    story.run(lambda work: work.connection.exec_driver_sql("UPDATE people SET app_roles = '[\"no such role\"]'"))
    story.door.pictures.forget(story.id)

    assert read(story, box.url) == 0

    assert box.flags() == [UNSEEN]


def test_a_report_that_cannot_be_kept_holds_up_no_other(
    story: Council, post: Post, box: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(door: Door, failure: failures.Failure) -> bool:
        if failure.status == "5.1.3":
            raise ValueError("nobody thought of that")
        return hear_failure(door, failure)

    monkeypatch.setattr(import_module("workers.actors.bounces"), "hear_failure", fragile)
    sent_to_be_signed(story)
    post.go()
    box.deliver(report_about(post, "5.1.3"), report_about(post))

    read(story, box.url)

    assert box.flags() == [UNSEEN, SEEN]
    assert statuses(story) == {"bounced"}


def test_uids_that_a_server_answers_in_several_lines_are_all_read() -> None:
    class Server:
        def uid(self, command: str, *_: object) -> tuple[str, list[object]]:
            mail = (b"", b"Subject: Hello\r\n\r\nHello.\r\n")
            return "OK", [b"1 2", None, b"3"] if command == "SEARCH" else [mail]

    found = OpenMailbox(cast("imaplib.IMAP4", Server())).unseen()

    assert list(found) == [("1", None), ("2", None), ("3", None)]


def test_a_mail_that_breaks_the_reading_is_flagged_for_people_and_holds_up_no_other(
    story: Council, post: Post, box: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fragile(content: bytes) -> failures.Failure | None:
        if b"breaks" in content:
            raise ValueError("nobody thought of that")
        return failures.failure_in(content)

    monkeypatch.setattr(failure_mailbox, "failure_in", fragile)
    sent_to_be_signed(story)
    post.go()
    box.deliver(b"Subject: breaks\r\n\r\n", report_about(post))

    assert read(story, box.url) == 1

    assert box.flags() == [{r"\Seen", r"\Flagged"}, SEEN]


def test_a_mailbox_that_is_away_for_long_is_an_incident(story: Council) -> None:
    now = [0.0]
    look = bounces(story.door, FailureMailbox("imap://somebody:secret@127.0.0.1:1"))
    patience = Patience(story.door, clock=lambda: now[0])

    with capture_logs() as said:
        for _ in range(TELLS_AT):
            one_pass(look, look.waiting(), patience, lambda: True)
            now[0] += 60.0

    assert [row.kind for row in incidents(story)] == ["bounces_failing"]
    assert {line["event"] for line in said} == {"failure_mailbox_away", "look_failed"}


@pytest.mark.parametrize("at", ["nobody:else", "failures%40council.example:p%40ss%2Fword"])
def test_a_login_or_a_folder_that_is_refused_is_a_mailbox_that_is_away(box: ImapServer, at: str) -> None:
    with pytest.raises(MailboxAwayError), FailureMailbox(f"imap://{at}@127.0.0.1:{box.port}/No such").opened():
        pass


# -- in the open
@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on another machine."""
    monkeypatch.setattr(failure_mailbox, "is_loopback", lambda _: False)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate of this machine that everybody trusts, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1)).add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    return files


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_no_password_is_said_to_another_machine_in_the_open(
    box: ImapServer, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(imaplib.IMAP4, "login", lambda *words: said.append(words[1]))

    with pytest.raises(MailboxAwayError), FailureMailbox(box.url.replace("imap", scheme, 1)).opened():
        pass

    assert said == []


@pytest.mark.usefixtures("elsewhere")
def test_another_machine_is_spoken_to_in_tls_once_its_certificate_is_checked(certificate: tuple[Path, Path]) -> None:
    with imap_server(certificate) as box, FailureMailbox(box.url).opened() as opened:
        assert list(opened.unseen()) == []


@pytest.mark.usefixtures("elsewhere")
def test_a_certificate_that_nobody_knows_is_refused(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with imap_server(certificate) as box, pytest.raises(MailboxAwayError), FailureMailbox(box.url).opened():
        pass

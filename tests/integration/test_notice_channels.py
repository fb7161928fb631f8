"""The ways by which notices leave, each against a real server: what is sent, and what every answer means."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from service.notices.channels import NeverTaken, NotNow
from service.notices.letters import Letter
from service.notices.notify import NotifyMail
from service.notices.reference import Reference
from service.notices.smtp import SmtpMail
from service.notices.webhook import NoticeWebhook
from tests.fixtures.mail_server import MailServer, mail_server
from tests.fixtures.notify_server import KEY, NotifyServer, notify_server
from tests.fixtures.receiver import Receiver, receiving

REFERENCE = Reference(UUID(int=1), UUID(int=2))
SENDER = "supervision@council.example"
#: Signs nothing outside the tests.
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def letter(*, again: bool = False, to: str = "wkr@council.example") -> Letter:
    line = ("A supervision record waits for your signature", "https://supervision.council.example/matters/1")
    return Letter(REFERENCE, "wkr", to, line[0], (line,), again=again, digest=False)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def notify() -> Iterator[NotifyServer]:
    with notify_server() as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


# -- mail
def test_a_mail_says_who_sends_it_and_where_to_read_on_and_that_nobody_wrote_it(server: MailServer) -> None:
    SmtpMail(server.url, SENDER).send(letter())

    [(sender, recipients, mail)] = server.came
    assert (sender, recipients) == (SENDER, ["wkr@council.example"])
    assert (mail["From"], mail["To"]) == (SENDER, "wkr@council.example")
    assert mail["Subject"] == "A supervision record waits for your signature"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines()[1] == "https://supervision.council.example/matters/1"


def test_the_same_message_has_the_same_id_each_time_and_it_leads_back(server: MailServer) -> None:
    for _ in range(2):
        SmtpMail(server.url, SENDER).send(letter())

    [first, second] = [mail["Message-ID"] for _, _, mail in server.came]
    assert first == second == f"<{REFERENCE}@council.example>"
    assert Reference.found_in(first) == REFERENCE


@pytest.mark.parametrize("answer", ["550 5.1.1 No such mailbox", "553 5.1.3 Not allowed", "550 Unknown at 5.10.20.30"])
def test_an_address_that_the_server_refuses_is_a_bad_one(server: MailServer, answer: str) -> None:
    server.refuses["wkr@council.example"] = answer

    with pytest.raises(NeverTaken, match=f"^smtp_{answer[:3]}$") as refusal:
        SmtpMail(server.url, SENDER).send(letter())

    assert refusal.value.bad_address


@pytest.mark.parametrize(
    "answer",
    ["450 4.2.0 Greylisted", "452 4.2.2 Full", "552 5.2.2 Mailbox full", "550 5.7.1 Relay denied", "554 Go away"],
)
def test_an_address_that_is_refused_for_now_is_tried_again(server: MailServer, answer: str) -> None:
    server.refuses["wkr@council.example"] = answer

    with pytest.raises(NotNow, match=f"^smtp_{answer[:3]}$") as refusal:
        SmtpMail(server.url, SENDER).send(letter())

    assert not refusal.value.closed


def test_a_mail_that_is_refused_says_nothing_of_the_address(server: MailServer) -> None:
    server.refuses_all = "554 5.7.1 Looks like spam"

    with pytest.raises(NeverTaken, match="smtp_554") as refusal:
        SmtpMail(server.url, SENDER).send(letter())

    assert not refusal.value.bad_address


@pytest.mark.parametrize("goodbye", ["421 Shutting down", "250 Bye"])
def test_a_mail_that_was_taken_stays_so_whatever_the_server_says_to_a_goodbye(server: MailServer, goodbye: str) -> None:
    server.goodbye = goodbye

    SmtpMail(server.url, SENDER).send(letter())

    assert len(server.came) == 1


def test_an_address_that_the_server_cannot_write_to_is_a_bad_one_and_closes_no_way(server: MailServer) -> None:
    with pytest.raises(NeverTaken, match="smtp_not_ascii") as refusal:
        SmtpMail(server.url, SENDER).send(letter(to="o’neil@council.example"))

    assert refusal.value.bad_address


def test_a_login_that_the_server_does_not_know_closes_the_way_for_now(server: MailServer) -> None:
    url = server.url.replace("smtp://", "smtp://name:pass%40word@")

    with pytest.raises(NotNow) as refusal:
        SmtpMail(url, SENDER).send(letter())

    assert refusal.value.closed


def test_a_mail_server_that_is_away_closes_the_way_for_now() -> None:
    with mail_server() as gone:
        pass

    with pytest.raises(NotNow, match="unreachable") as refusal:
        SmtpMail(gone.url, SENDER).send(letter())

    assert refusal.value.closed


# -- GOV.UK Notify
def test_notify_is_given_the_template_its_two_fields_and_our_reference(notify: NotifyServer) -> None:
    NotifyMail(KEY, "t1", notify.url).send(letter())

    [sent] = notify.came
    assert (sent["email_address"], sent["template_id"]) == ("wkr@council.example", "t1")
    assert sent["personalisation"] == {"subject": letter().subject, "body": letter().text}
    assert sent["reference"] == str(REFERENCE)
    assert notify.tokens[0].startswith("Bearer ")


def test_what_notify_has_already_is_not_sent_twice_after_a_try_that_was_cut_short(notify: NotifyServer) -> None:
    NotifyMail(KEY, "t1", notify.url).send(letter())

    NotifyMail(KEY, "t1", notify.url).send(letter(again=True))

    assert len(notify.came) == 1


def test_what_notify_lost_is_sent_again(notify: NotifyServer) -> None:
    NotifyMail(KEY, "t1", notify.url).send(letter())
    notify.statuses[str(REFERENCE)] = "temporary-failure"

    NotifyMail(KEY, "t1", notify.url).send(letter(again=True))

    assert len(notify.came) == 2


def test_an_address_that_notify_refuses_is_a_bad_one(notify: NotifyServer) -> None:
    notify.error = (400, "email_address Not a valid email address")

    with pytest.raises(NeverTaken, match="notify_address") as refusal:
        NotifyMail(KEY, "t1", notify.url).send(letter())

    assert refusal.value.bad_address


@pytest.mark.parametrize(
    ("status", "closed"), [(400, False), (403, True), (429, True), (500, True), (503, True)]
)  # fmt: skip
def test_whatever_else_notify_refuses_is_tried_again(notify: NotifyServer, status: int, *, closed: bool) -> None:
    notify.error = (status, "Not now")

    with pytest.raises(NotNow, match=f"notify_{status}") as refusal:
        NotifyMail(KEY, "t1", notify.url).send(letter())

    assert refusal.value.closed is closed


def test_notify_being_away_closes_the_way_for_now() -> None:
    with notify_server() as gone:
        pass

    with pytest.raises(NotNow) as refusal:
        NotifyMail(KEY, "t1", gone.url).send(letter())

    assert refusal.value.closed


# -- the webhook
def test_a_posted_notice_is_signed_and_as_neutral_as_a_mail(receiver: Receiver) -> None:
    NoticeWebhook(receiver.url, SECRET, private=True).send(letter())

    [(_, headers, body)] = receiver.came
    said = Webhook(SECRET).verify(body, headers)
    assert headers["webhook-id"] == f"notice_{REFERENCE}"
    assert said["type"] == "notice"
    assert said["data"]["to"] == "wkr"
    assert said["data"]["notices"] == [{"title": letter().subject, "url": letter().lines[0][1]}]


def test_a_webhook_is_not_spoken_to_on_this_machine_unless_that_is_allowed(receiver: Receiver) -> None:
    with pytest.raises(NotNow, match="address_not_allowed") as refusal:
        NoticeWebhook(receiver.url, SECRET).send(letter())

    assert refusal.value.closed
    assert receiver.came == []


@pytest.mark.parametrize(("status", "error"), [(422, NeverTaken), (500, NotNow), (404, NotNow)])
def test_a_status_says_whether_a_notice_is_posted_again(
    receiver: Receiver, status: int, error: type[Exception]
) -> None:
    receiver.status = status

    with pytest.raises(error, match=f"answered_{status}"):
        NoticeWebhook(receiver.url, SECRET, private=True).send(letter())

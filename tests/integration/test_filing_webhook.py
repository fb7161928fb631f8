"""The webhook against a real server: what it is sent, what answers mean, and which addresses are never spoken to."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Thread

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.filing.parcel import NotTaken
from service.filing.webhook import WebhookOutlet
from service.webhooks.addresses import AddressRefusedError, address_of, is_loopback
from service.webhooks.signed_post import PostFailedError, SignedPost
from tests.fixtures.filings import KEY, ORGANISATION, parcel
from tests.fixtures.receiver import Receiver, receiving

#: Signs nothing outside the tests.
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def outlet(receiver: Receiver) -> WebhookOutlet:
    return WebhookOutlet(receiver.url, SECRET, private=True)


@contextmanager
def answering_byte_by_byte() -> Iterator[str]:
    """A receiver that never comes to an end, for as long as anybody listens; its URL."""

    def answer() -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while line.recv(65_536):
                line.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            thread.join()


# -- what is sent
def test_the_message_is_signed_and_carries_the_whole_parcel(receiver: Receiver) -> None:
    sent = parcel()

    outlet(receiver).send(sent)

    [(path, headers, body)] = receiver.came
    assert path == "/supervision?from=us"
    said = Webhook(SECRET).verify(body, headers)
    assert said["type"] == "record.final"
    assert base64.b64decode(said["data"]["document"]) == sent.document
    assert json.loads(said["data"]["sidecar"])["document"]["sha256"] == sha256(sent.document).hexdigest()
    KEY.public_key().verify(base64.b64decode(said["data"]["signature"]), said["data"]["sidecar"].encode())


def test_somebody_who_has_not_the_secret_cannot_make_such_a_message(receiver: Receiver) -> None:
    outlet(receiver).send(parcel())
    [(_, headers, body)] = receiver.came

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"record.final", b"record.other"), headers)


def test_the_same_record_is_always_the_same_message(receiver: Receiver) -> None:
    first, second = outlet(receiver).send(parcel()), outlet(receiver).send(parcel())

    assert first == second
    assert receiver.came[0][2] == receiver.came[1][2]
    assert {headers["webhook-id"] for _, headers, _ in receiver.came} == {f"filing_{parcel().filing}"}


# -- what is answered
def test_the_answers_reference_acknowledges_it(receiver: Receiver) -> None:
    taken = outlet(receiver).send(parcel())

    assert (taken.name, taken.sha256, taken.reference) == (f"filing_{parcel().filing}", parcel().sha256, "LCS-4711")


@pytest.mark.parametrize("answer", [b"", b"OK", b"{}", b'{"reference": "two words"}', b"[" * 70_000])
def test_an_answer_without_a_reference_leaves_that_to_people(receiver: Receiver, answer: bytes) -> None:
    receiver.answer, receiver.status = answer, 202

    assert outlet(receiver).send(parcel()).reference is None
    assert outlet(receiver).acknowledgement(ORGANISATION, f"filing_{parcel().filing}") is None


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(400, True), (413, True), (422, True), (401, False), (404, False), (429, False), (500, False), (503, False)],
)
def test_a_status_says_whether_it_is_tried_again(receiver: Receiver, status: int, *, for_good: bool) -> None:
    receiver.status = status

    with pytest.raises(NotTaken, match=f"^answered_{status}$") as refusal:
        outlet(receiver).send(parcel())

    assert refusal.value.for_good is for_good


def test_a_refusal_in_the_answer_is_for_good(receiver: Receiver) -> None:
    receiver.answer = b'{"refused": "unknown child"}'

    with pytest.raises(NotTaken, match="refused_unknown_child") as refusal:
        outlet(receiver).send(parcel())

    assert refusal.value.for_good


def test_a_redirection_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url}

    with pytest.raises(NotTaken, match="answered_307"):
        outlet(receiver).send(parcel())

    assert len(receiver.came) == 1


def test_nobody_there_is_tried_again_later() -> None:
    with receiving() as gone:
        pass

    with pytest.raises(NotTaken, match="unreachable") as refusal:
        outlet(gone).send(parcel())

    assert not refusal.value.for_good


def test_what_speaks_no_http_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        listening.settimeout(10)

        def answer() -> None:
            with listening.accept()[0] as connection:
                connection.recv(1)

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(NotTaken, match="unreachable"):
            WebhookOutlet(url, SECRET, private=True).send(parcel())
        thread.join()


# -- where nothing is sent
def test_an_address_of_this_machine_is_not_spoken_to_unless_it_is_allowed(receiver: Receiver) -> None:
    with pytest.raises(NotTaken, match="address_not_allowed"):
        WebhookOutlet(receiver.url, SECRET).send(parcel())

    assert receiver.came == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.7", "192.168.1.1", "172.16.0.1", "::1", "fd00::1", "::ffff:127.0.0.1", "100.64.0.1"]
)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        address_of(host, 443, private=False)


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "0.0.0.1", "::", "fe80::1", "224.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
     "2002:7f00:1::", "::7f00:1", "240.0.0.1", "192.0.2.1", "fd00:ec2::254", "fd20:ce::254"],
)  # fmt: skip
def test_some_addresses_are_refused_always(host: str) -> None:
    for private in (False, True):
        with pytest.raises(AddressRefusedError):
            address_of(host, 443, private=private)


@pytest.mark.parametrize(("host", "private"), [("1.1.1.1", False), ("10.0.0.7", True), ("127.0.0.1", True)])
def test_the_number_that_was_looked_at_is_the_one_that_is_connected_to(host: str, *, private: bool) -> None:
    assert address_of(host, 443, private=private) == host


def test_plain_http_stays_on_this_machine() -> None:
    with pytest.raises(NotTaken, match="address_not_allowed"):
        WebhookOutlet("http://10.0.0.7/", SECRET, private=True).send(parcel())
    assert is_loopback("::1")
    assert not is_loopback("10.0.0.7")


def test_a_receiver_that_does_not_come_to_an_end_is_hung_up_on() -> None:
    with answering_byte_by_byte() as url, pytest.raises(PostFailedError, match="unreachable") as failure:
        SignedPost(url, SECRET, private=True, within=0.2).post("one", "{}")

    assert failure.value.closed

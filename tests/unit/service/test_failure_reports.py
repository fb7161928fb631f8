"""What mail servers say is understood: which message failed, and whether it was the address."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.notices.failures import Failure, failure_in
from service.notices.reference import Reference
from tests.fixtures.failure_reports import failure_report

REFERENCE = Reference(UUID(int=1), UUID(int=2))
MESSAGE_ID = f"<{REFERENCE}@council.example>"


@pytest.mark.parametrize("quotes", ["headers", "folded", "strange", "whole"])
def test_a_failure_is_found_however_the_mail_is_quoted(quotes: str) -> None:
    assert failure_in(failure_report(MESSAGE_ID, quotes=quotes)) == Failure(REFERENCE, "5.1.1")


def test_a_delay_is_no_failure() -> None:
    assert failure_in(failure_report(MESSAGE_ID, action="delayed", status="4.4.1")) is None


@pytest.mark.parametrize(
    ("status", "for_good"),
    [
        ("5.1.1", True), ("5.1.10", True), ("5.0.0", True), ("5.2.1", True), ("5.2.2", False), ("5.2.3", False),
        ("5.4.6", False), ("5.7.1", False), ("5.1.8", False), ("4.4.7", False), ("4.1.1", False), ("", False),
    ],
)  # fmt: skip
def test_the_status_says_whether_the_address_is_at_fault(status: str, *, for_good: bool) -> None:
    found = failure_in(failure_report(MESSAGE_ID, status=status))

    assert found is not None
    assert found.for_good is for_good


def test_of_a_status_nothing_is_kept_but_its_numbers() -> None:
    assert failure_in(failure_report(MESSAGE_ID, status="5.1.1 =?utf-8?q?=00?= (no)")) == Failure(REFERENCE, "5.1.1")
    assert failure_in(failure_report(MESSAGE_ID, status="who knows")) == Failure(REFERENCE, "")


def test_a_report_about_somebody_elses_mail_is_none_of_ours() -> None:
    assert failure_in(failure_report("<something@else.example>")) is None
    assert failure_in(failure_report(MESSAGE_ID, quotes="nothing")) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"Subject: Hello\r\n\r\nI am away until Monday.\r\n"])
def test_any_other_mail_is_none(content: bytes) -> None:
    assert failure_in(content) is None

"""A message that leaves tells nobody anything: neutral titles and addresses, whatever the notice itself says."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.notices.letters import Letter, Told, lines_of, subject_of
from service.notices.reference import Reference

BASE = "https://supervision.council.example"
MATTER = UUID(int=3)


@pytest.mark.parametrize("kind", ["concern_opened", "dispute_opened", "referred", "handed_over", "case_transferred"])
def test_what_might_tell_too_much_is_only_said_to_be_there(kind: str) -> None:
    assert Told(MATTER, kind, urgent=True).title == "Something in Supervision needs your attention"
    assert Told(MATTER, kind, urgent=False).title == "There is news in Supervision"


def test_a_message_of_one_notice_is_called_what_it_is_about() -> None:
    told = [Told(MATTER, "signature_asked", urgent=True)]

    assert subject_of(told, digest=False) == "A supervision record waits for your signature"
    assert lines_of(told, BASE) == ((told[0].title, f"{BASE}/matters/{MATTER}"),)


def test_a_digest_counts_its_notices_and_lists_so_many_of_them() -> None:
    told = [Told(UUID(int=number), "reminder", urgent=False) for number in range(40)]

    assert subject_of(told, digest=True) == "Supervision: 40 new notices"
    assert len(lines_of(told, BASE)) == 26
    assert lines_of(told, BASE)[-1] == ("And 15 more", f"{BASE}/")


def test_every_message_says_why_it_says_so_little() -> None:
    lines = lines_of([Told(MATTER, "signature_asked", urgent=True)], BASE)
    letter = Letter(Reference(UUID(int=1), UUID(int=2)), "wkr", None, "x", lines, again=False, digest=False)

    assert letter.text.endswith("For privacy, this message says no more. Sign in to read it.\n")

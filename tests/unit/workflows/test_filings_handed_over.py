"""What a system does with a record that is handed over: it takes it, acknowledges it, is away, or refuses it."""

from __future__ import annotations

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.filing_stories import agreed, council_of, filing_of, handed_over, late, to_file
from tests.unit.workflows.stories import incidents, statuses, step
from workflows.model import Matter
from workflows.refusals import Refused


def fails(council: FakeCouncil, filing: Matter, *, for_good: bool = False) -> Matter:
    return council.tell(filing, "failed", why="unreachable", for_good=for_good)


def test_a_record_that_was_handed_over_waits_for_nobody_here() -> None:
    council = council_of()

    filing = handed_over(council)

    assert (filing.state, filing.holder, filing.waiting_for) == ("sent", None, ())
    assert filing.data["sent"] == {
        "at": council.now.isoformat(), "via": "folder", "name": "lcs/a", "document": "00ff"
    }  # fmt: skip
    assert statuses(council, filing, "file_by") == ["running"]


def test_the_systems_acknowledgement_files_it() -> None:
    council = council_of()
    record = agreed(council)
    filing = council.tell(filing_of(council, record), "sent", via="folder", name="lcs/a", document="00ff")

    council.tell(filing, "acknowledge", reference="LCS-4711")

    assert council.matter(filing).state == "filed"
    assert (council.matter(record).data["filed"]["reference"], council.matter(record).data["filed"]["by"]) == (
        "LCS-4711", None,
    )  # fmt: skip


def test_what_was_handed_over_and_is_not_acknowledged_becomes_late() -> None:
    council = council_of()
    filing = handed_over(council)

    council.until("2025-03-11T09:00")

    assert (council.matter(filing).state, council.matter(filing).holder) == ("overdue", "sup")


def test_a_late_acknowledgement_still_files_it() -> None:
    council = council_of()
    filing = handed_over(council)
    council.until("2025-03-26T09:00")

    assert council.tell(filing, "acknowledge", reference="LCS-4711").state == "filed"


def test_whoever_knows_better_files_what_was_handed_over() -> None:
    council = council_of()

    assert council.move("sup", handed_over(council), "acknowledge", reference="PS-7").state == "filed"


def test_being_told_twice_that_it_left_changes_nothing() -> None:
    council = council_of()
    filing = handed_over(council)

    with pytest.raises(Refused):
        council.tell(filing, "sent", via="folder", name="lcs/a", document="00ff")


def test_what_is_late_is_handed_over_all_the_same_and_stays_late() -> None:
    council = council_of()
    filing = late(council)

    filing = council.tell(filing, "sent", via="folder", name="lcs/a", document="00ff")

    assert (filing.state, filing.data["sent"]["name"]) == ("overdue", "lcs/a")
    with pytest.raises(Refused, match="handed over already"):
        council.tell(filing, "sent", via="folder", name="lcs/a", document="00ff")
    with pytest.raises(Refused, match="handed over already"):
        fails(council, filing)


def test_a_failure_is_counted_and_it_stays_to_be_filed() -> None:
    council = council_of()

    filing = fails(council, to_file(council))

    assert (filing.state, filing.holder, filing.data["tries"]) == ("to_file", "sup", 1)
    assert step(council, filing, "failed")["data"]["why"] == "unreachable"
    assert council.told("sup", filing) == []


def test_administrators_learn_once_that_handing_over_does_not_work() -> None:
    council = council_of()
    filing = to_file(council)

    fails(council, fails(council, filing))
    assert incidents(council, filing) == []
    fails(council, fails(council, filing))

    assert incidents(council, filing) == ["handing_over_fails"]


def test_what_is_refused_for_good_is_a_persons_to_file() -> None:
    council = council_of()

    filing = fails(council, to_file(council), for_good=True)

    assert (filing.state, filing.data["by_hand"]) == ("to_file", True)
    council.until("2025-03-03T10:00")
    assert council.told("sup", filing) == ["file_by_hand"]


def test_what_its_system_refuses_after_taking_it_comes_back() -> None:
    council = council_of()
    filing = handed_over(council)

    with pytest.raises(Refused, match="handed over already"):
        fails(council, filing)
    filing = fails(council, filing, for_good=True)

    assert (filing.state, filing.holder, filing.data["sent"]) == ("to_file", "sup", None)
    assert statuses(council, filing, "file_by") == ["running"]


def test_when_the_cause_is_mended_it_is_handed_over_again() -> None:
    council = council_of()
    filing = fails(council, to_file(council), for_good=True)

    filing = council.move("sup", filing, "send_again")

    assert (filing.data["by_hand"], filing.data["tries"], filing.data["tried_at"]) == (False, 0, None)
    with pytest.raises(Refused, match="by itself"):
        council.move("sup", filing, "send_again")


def test_a_late_record_that_is_refused_stays_late() -> None:
    council = council_of()

    filing = fails(council, late(council), for_good=True)

    assert (filing.state, filing.data["by_hand"]) == ("overdue", True)
    assert "send_again" in council.offered("sup", filing)

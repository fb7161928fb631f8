"""Each cancellation is noted on the file that the policy names: the note is filed like a record, late if it is late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, deadline, step
from tests.unit.workflows.test_sessions_cancelled import C3, booked, cancelled
from workflows.model import Matter
from workflows.policy_reader import shipped
from workflows.vocabulary import RecordKind, Status, Workflow


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1, C3])


def notes(council: FakeCouncil, owed: Matter) -> list[Matter]:
    """The filings of a cancellation's notes."""
    return council.find(Workflow.filing, parent=owed.id)


def noted(council: FakeCouncil) -> tuple[Matter, Matter]:
    """A cancelled session about one case, and its note on the way to the file."""
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    [note] = notes(council, owed)
    return owed, note


# -- what is to be filed
@pytest.mark.clause("CBC-48")
def test_every_case_of_a_cancelled_session_has_a_note_for_its_file(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00", cases=["c1", "c3"]))

    found = notes(council, owed)

    assert {(note.case, note.kind, note.state, note.holder) for note in found} == {
        ("c1", RecordKind.decision, "to_file", "sup"), ("c3", RecordKind.decision, "to_file", "sup"),
    }  # fmt: skip
    for note in found:
        assert (note.data["system"], note.data["record_state"]) == ("mosaic", "noted")
        assert note.data["place"] == "the child’s MOSAIC file, as a manager’s decision case note"
        assert step(council, note, "open")["clause"] == "CBC-48"
        assert deadline(council, note, "file_by").due == at("2025-03-10T23:59:59")
        assert note.data["owed_by"] == deadline(council, owed, "rebook_by").due.isoformat()  # type: ignore[union-attr]
    council.verify()


@pytest.mark.clause("NS-37")
def test_a_cancelled_session_of_a_worker_has_a_note_for_their_own_file() -> None:
    council = FakeCouncil("north-somerset", cases=[C1])
    owed = cancelled(council, booked(council, "2025-03-04T14:00", "combined"))

    [note] = notes(council, owed)

    assert (note.supervisee, note.case, note.kind) == ("wkr", None, RecordKind.personal)
    assert (note.data["system"], step(council, note, "open")["clause"]) == ("people-space", "NS-37")


@pytest.mark.clause("NS-37")
def test_a_cancelled_group_is_noted_on_the_file_of_everybody_in_it() -> None:
    council = FakeCouncil("north-somerset")
    group = council.open(
        "sup",
        Workflow.session,
        kind="group",
        participants=["wkr", "wkr2"],
        starts_at=at("2025-03-04T14:00"),
        minutes=60,
    )
    owed = cancelled(council, group)

    assert {note.supervisee for note in notes(council, owed)} == {"wkr", "wkr2"}
    council.verify()


@pytest.mark.clause("CBC-48")
def test_a_session_that_nobody_reported_is_noted_as_well(council: FakeCouncil) -> None:
    booked(council, "2025-03-04T14:00")
    council.until("2025-03-06T09:00")

    [note] = notes(council, council.only(Workflow.cancellation))

    assert (note.state, note.case) == ("to_file", "c1")


@pytest.mark.clause("CBC-45", "CBC-48")
def test_a_second_cancelling_has_a_note_of_its_own(council: FakeCouncil) -> None:
    first, _ = noted(council)
    again = booked(council, "2025-03-06T10:00")
    council.move("sup", first, "rebook", session=again.id)

    second = cancelled(council, again)

    assert [note.state for owed in (first, second) for note in notes(council, owed)] == ["to_file", "to_file"]


@pytest.mark.clause("CBC-46", "CBC-48")
def test_while_somebody_is_ill_the_note_names_no_day(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"), cause="sickness", whose="wkr")

    [note] = notes(council, owed)

    assert (note.data["owed"], note.data["owed_by"]) == ("awaiting_return", None)


@pytest.mark.parametrize("policy", ["darlington", "haringey", "leeds"])
def test_a_policy_that_asks_for_no_note_has_none(policy: str) -> None:
    council = FakeCouncil(policy, cases=[C1])
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    assert (notes(council, owed), owed.data.get("gap_filings")) == ([], None)


def test_where_the_policy_names_no_place_the_note_is_only_shown() -> None:
    policy = shipped()["central-bedfordshire"]
    decision = policy.record.decision.model_copy(update={"kept_in": None})
    record = policy.record.model_copy(update={"decision": decision})
    council = FakeCouncil(policy.model_copy(update={"record": record}), cases=[C1])

    owed = cancelled(council, booked(council, "2025-03-04T14:00"))

    assert (notes(council, owed), owed.data["gap_note"]["clause"]) == ([], "CBC-48")


# -- on the file
@pytest.mark.clause("CBC-48")
def test_the_supervisor_learns_that_a_note_is_to_be_filed(council: FakeCouncil) -> None:
    owed, _ = noted(council)

    [told] = [n for n in council.notices if n["kind"] == "rebooking_owed" and n["matter_id"] == owed.id]

    assert told["to"] == "sup"
    assert told["body"] == "A note that explains the gap is to be on the file of the case (CBC-48)."


@pytest.mark.clause("CBC-48")
def test_the_cancellation_says_that_its_note_is_owed_and_under_which_reference_it_is_filed(
    council: FakeCouncil,
) -> None:
    owed, note = noted(council)
    row: dict[str, Any] = {"filing": str(note.id), "supervisee": "wkr", "case": "c1", "reference": None}
    assert owed.data["gap_filings"] == [row]

    council.move("sup", note, "acknowledge", reference="MOS-7")

    assert council.matter(note).state == "filed"
    assert council.matter(owed).data["gap_filings"] == [{**row, "reference": "MOS-7"}]
    assert step(council, owed, "filed")["data"] == {"filing": str(note.id), "reference": "MOS-7"}
    assert step(council, note, "acknowledge")["clause"] == "CBC-48"
    council.verify()


@pytest.mark.clause("CBC-48")
def test_one_of_two_notes_is_filed_and_the_other_is_still_owed(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00", cases=["c1", "c3"]))
    first = next(note for note in notes(council, owed) if note.case == "c1")

    council.move("sup", first, "acknowledge", reference="MOS-7")

    rows = council.matter(owed).data["gap_filings"]
    assert [(row["case"], row["reference"]) for row in rows] == [("c1", "MOS-7"), ("c3", None)]


@pytest.mark.clause("CBC-48")
def test_a_note_is_filed_after_the_session_was_made_good(council: FakeCouncil) -> None:
    owed, note = noted(council)
    again = booked(council, "2025-03-05T10:00")
    council.until("2025-03-05T11:30")
    council.move("sup", again, "hold", held_at=council.now, minutes=90)
    assert council.matter(owed).state == "replaced"

    council.move("sup", note, "acknowledge", reference="MOS-7")

    assert council.matter(owed).data["gap_filings"][0]["reference"] == "MOS-7"
    council.verify()


@pytest.mark.clause("CBC-48")
def test_a_note_that_is_not_filed_in_time_climbs_like_a_record(council: FakeCouncil) -> None:
    _, note = noted(council)
    council.until("2025-03-11T09:00")
    assert (council.matter(note).state, council.told("wkr", note)) == ("overdue", ["not_filed"])

    council.until("2025-04-01T09:00")

    assert (council.matter(note).state, council.matter(note).holder) == ("with_line_manager", "lm")


# -- no gap after all
@pytest.mark.clause("CBC-48")
def test_a_session_that_was_held_after_all_leaves_no_note(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-04T14:00")
    council.until("2025-03-06T09:00")
    owed = council.only(Workflow.cancellation)
    [note] = notes(council, owed)

    council.move("sup", session, "hold", held_at=at("2025-03-04T15:30"), minutes=90, reason="I forgot to say so.")

    assert (council.matter(note).state, step(council, note, "end")["data"]["why"]) == ("ended", "held after all")
    assert council.matter(owed).data["gap_filings"] == []
    council.verify()


def test_what_is_on_file_by_then_stays_there(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-04T14:00")
    council.until("2025-03-06T09:00")
    owed = council.only(Workflow.cancellation)
    [note] = notes(council, owed)
    council.move("sup", note, "acknowledge", reference="MOS-7")

    council.move("sup", session, "hold", held_at=at("2025-03-04T15:30"), minutes=90, reason="I forgot to say so.")

    assert (council.matter(note).state, council.matter(owed).data["gap_filings"][0]["reference"]) == ("filed", "MOS-7")


# -- other hands
@pytest.mark.clause("CBC-48")
def test_whoever_takes_over_files_what_a_leaver_has_not_filed(council: FakeCouncil) -> None:
    _, note = noted(council)
    council.relist("sup", end_date=date(2025, 3, 4))

    council.until("2025-03-05T09:00")

    found = council.matter(note)
    assert (found.supervisor, found.holder) == ("lm", "lm")
    assert [d.status for d in found.deadlines if d.name == "file_by"] == [Status.running]

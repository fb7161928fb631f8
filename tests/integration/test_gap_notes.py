"""The note of a cancelled session leaves for its file: what was cancelled, why, and by when it is owed again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete

from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.matter_tables import matter_keys
from tests.integration.council import Council, london
from tests.integration.test_filing import Somewhere, hand_over, said_of
from workflows.model import Actor, Matter
from workflows.payloads import CancelSession, OpenSession
from workflows.session import SESSION
from workflows.vocabulary import Cause, Role, SessionKind

_PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08
"""
_CASES = "ref,worker_ref,category,allocated_on\nc1,wkr,family-support,2025-01-06\n"
_SUPERVISOR = Actor("sup")


@pytest.fixture
def cbc(council: Callable[[str, str], Council]) -> Council:
    """Central Bedfordshire, on Monday 3 March 2025 at nine."""
    found = council("central-bedfordshire", "2025-03-03T09:00")
    found.take("people", _PEOPLE)
    found.take("cases", _CASES)
    return found


@pytest.fixture
def ns(council: Callable[[str, str], Council]) -> Council:
    """North Somerset, that day."""
    found = council("north-somerset", "2025-03-03T09:00")
    found.take("people", _PEOPLE)
    return found


def cancelled(story: Council, kind: SessionKind, cause: Cause, reason: str, whose: str | None = None) -> Matter:
    """A session of the next day, cancelled; the duty to hold it again."""
    cases = ["c1"] if kind is SessionKind.case else []
    data = OpenSession(
        kind=kind, supervisee="wkr", starts_at=london("2025-03-04T14:00"), minutes=90, cases=cases, place="Office"
    )

    def piece(work: Work) -> None:
        assert SESSION.opening.begins is not None
        opening = SESSION.opening.begins(_SUPERVISOR, data, work.opening_facts(cases)).with_id(new_id(work.now))
        session = work.open(opening, _SUPERVISOR, Role.supervisor)
        work.fire(session.id, "cancel", CancelSession(cause=cause, whose=whose, reason=reason), _SUPERVISOR)

    story.run(piece)
    return story.one("cancellation")


def note_of(story: Council) -> tuple[list[str], dict[str, Any]]:
    """What the note that leaves says, for people and for machines."""
    outlet = Somewhere(reference="MOS-7")
    hand_over(story, outlet)
    [parcel] = outlet.came
    return said_of(parcel), json.loads(parcel.sidecar)


@pytest.mark.clause("CBC-48")
def test_the_note_for_the_childs_file_says_which_session_why_and_by_when_it_is_owed(cbc: Council) -> None:
    cancelled(cbc, SessionKind.case, Cause.diary, "A hearing was moved.")

    lines, sidecar = note_of(cbc)

    assert lines[0] == "Note of a cancelled supervision session"
    for label, said in (
        ("Case", "c1"),
        ("Supervisee", "Work Example (wkr)"),
        ("The session that was cancelled", "Case supervision, 4 March 2025, 14:00 to 15:30"),
        ("Why", "The diary of one of the two"),
        ("In the words of whoever cancelled it", "A hearing was moved."),
        ("To be held again", "By 10 March 2025"),
        ("State", "Noted when the session was cancelled; nobody signs it"),
    ):
        assert lines[lines.index(label) + 1] == said
    assert (sidecar["person_id"], sidecar["note_type"], sidecar["state"]) == ("c1", "decision", "noted")
    assert (sidecar["note_title"], sidecar["clause"]) == ("Cancelled supervision 2025-03-03", "CBC-48")


@pytest.mark.clause("CBC-48")
def test_its_reference_comes_back_to_the_cancellation(cbc: Council) -> None:
    cancelled(cbc, SessionKind.case, Cause.diary, "A hearing was moved.")

    note_of(cbc)

    assert cbc.one("filing").state == "filed"
    assert [row["reference"] for row in cbc.one("cancellation").data["gap_filings"]] == ["MOS-7"]


@pytest.mark.clause("CBC-46", "CBC-48")
def test_the_childs_file_is_not_told_who_was_ill_nor_how(cbc: Council) -> None:
    cancelled(cbc, SessionKind.case, Cause.sickness, "A broken leg.", "wkr")

    lines, _ = note_of(cbc)

    assert lines[lines.index("Why") + 1] == "Sickness"
    assert lines[lines.index("To be held again") + 1] == "As soon as everybody is back at work"
    assert "A broken leg." not in " ".join(lines)


@pytest.mark.clause("NS-37")
@pytest.mark.parametrize(("whose", "is_told"), [("wkr", True), ("sup", False)])
def test_the_words_about_an_illness_are_on_the_file_of_whoever_was_ill_alone(
    ns: Council, whose: str, *, is_told: bool
) -> None:
    cancelled(ns, SessionKind.personal, Cause.sickness, "A broken leg.", whose)

    lines, sidecar = note_of(ns)

    assert ("A broken leg." in lines) is is_told
    assert (sidecar["employee_id"], sidecar["clause"]) == ("wkr", "NS-37")


@pytest.mark.clause("CBC-48")
def test_a_session_that_nobody_reported_is_noted_without_words(cbc: Council) -> None:
    data = OpenSession(
        kind=SessionKind.case, supervisee="wkr", starts_at=london("2025-03-04T14:00"), minutes=90, cases=["c1"],
        place="Office",
    )  # fmt: skip

    def piece(work: Work) -> None:
        assert SESSION.opening.begins is not None
        opening = SESSION.opening.begins(_SUPERVISOR, data, work.opening_facts(["c1"])).with_id(new_id(work.now))
        work.open(opening, _SUPERVISOR, Role.supervisor)

    cbc.run(piece)
    cbc.at("2025-03-06T09:00")

    lines, _ = note_of(cbc)

    assert lines[lines.index("Why") + 1] == "Nobody reported that it was held: it counts as missed"


def test_a_note_whose_reason_was_destroyed_is_no_note(cbc: Council) -> None:
    owed = cancelled(cbc, SessionKind.case, Cause.diary, "A hearing was moved.")
    cbc.run(lambda work: work.connection.execute(delete(matter_keys).where(matter_keys.c.matter_id == owed.id)))
    outlet = Somewhere()

    hand_over(cbc, outlet)

    assert (outlet.came, cbc.one("filing").data["by_hand"]) == ([], True)

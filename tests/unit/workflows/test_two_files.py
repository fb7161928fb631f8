"""What is said of a case stays off the supervisee's own record: it is refused there, moved, or left as a reference."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.policy_texts import CBC, NS, changed, keys
from tests.unit.workflows.stories import agreed, draft, held, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import SessionKind, Workflow

CASES = (
    Case("LL-204", "wkr", "child-in-need", allocated_on=date(2025, 1, 6)),
    Case("LL-2041", "wkr", "child-in-need", allocated_on=date(2025, 1, 6)),
    Case("77", "wkr", "child-in-need", allocated_on=date(2025, 1, 6)),
    Case("90210", "wkr", "child-in-need", allocated_on=date(2025, 1, 6)),
    Case("LL-9", "wkr2", "child-in-need", allocated_on=date(2025, 1, 6)),
)
#: A section of each council's own form for personal records.
SECTION = {
    "north-somerset": "reflection",
    "leeds": "supervision_notes",
    "darlington": "formal_case_discussions",
    "haringey": "reflective_practice_discussion",
    "central-bedfordshire": "personal_discussion",
}
SAID = "We decided to close LL-204 in May."


def council_of(policy: str) -> FakeCouncil:
    return FakeCouncil(policy, cases=CASES)


def write(council: FakeCouncil, record: Matter, text: str, move: str = "write") -> Matter:
    return council.move("sup", record, move, sections={SECTION[council.policy.id]: text})


def texts(council: FakeCouncil, record: Matter, trigger: str) -> dict[str, str]:
    """What a step's sections say, opened."""
    return council.said(record, trigger)


def links(record: Matter) -> set[tuple[str, str | None]]:
    return {(link["kind"], link["case"]) for link in record.data.get("linked", ())}


# -- refused
@pytest.mark.clause("LDS-26", "HAR-32", "CBC-61")
@pytest.mark.parametrize(
    ("policy", "clause"), [("leeds", "LDS-26"), ("haringey", "HAR-32"), ("central-bedfordshire", "CBC-61")]
)
@pytest.mark.parametrize("move", ["write", "circulate"])
def test_e26_a_case_that_is_named_in_a_personal_record_is_refused_with_what_to_do(
    policy: str, clause: str, move: str
) -> None:
    council = council_of(policy)
    record = draft(council)
    why = rf"names case LL-204\. .*\({clause}\): open a case record for LL-204 and write it there"
    with pytest.raises(Refused, match=why):
        write(council, record, SAID, move)
    with pytest.raises(Refused, match=why):
        council.open("sup", Workflow.record, supervisee="wkr", kind="personal", sections={SECTION[policy]: SAID})
    assert write(council, record, "We talked about closing cases.").data["references"] == {}
    council.verify()


@pytest.mark.clause("CBC-61")
def test_e26_an_amendment_names_no_case_either() -> None:
    council = council_of(CBC)
    record = council.move("wkr", council.move("sup", draft(council), "circulate"), "dispute", statement="No.")
    with pytest.raises(Refused, match="names case LL-204"):
        council.move("sup", record, "amend", discussed_on=council.now.date(), sections={"personal_discussion": SAID})


@pytest.mark.clause("CBC-61")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("LL-204", "LL-204"),
        ("about ll-204.", "LL-204"),
        ("(LL-2041)", "LL-2041"),
        ("the file 90210", "90210"),
        ("LL-20410 and LL-204-2 and XLL-204", None),
        ("77 days of leave", None),
        ("LL-9, which is a colleague's", None),
        ("", None),
    ],
)
def test_a_reference_is_found_as_a_word_whatever_its_capitals_and_only_of_ones_own_cases(
    text: str, named: str | None
) -> None:
    council = council_of(CBC)
    record = draft(council)
    if named is None:
        write(council, record, text)
    else:
        with pytest.raises(Refused, match=f"names case {named}\\."):
            write(council, record, text)


def test_a_case_record_and_a_decision_note_speak_of_their_case() -> None:
    council = council_of(CBC)
    for kind, name in (("case", "case_discussion"), ("decision", "decision")):
        opening: dict[str, Any] = {"supervisee": "wkr", "kind": kind, "case": "LL-204"}
        record = council.open("sup", Workflow.record, **opening, sections={name: SAID})
        assert record.data["filled"] == [name]


def test_somebody_without_cases_may_write_anything() -> None:
    council = FakeCouncil(CBC)
    assert write(council, draft(council), SAID).data["filled"] == ["personal_discussion"]


def test_a_case_that_has_gone_to_somebody_else_is_no_longer_looked_for() -> None:
    council = council_of(CBC)
    council.cases["LL-204"] = Case("LL-204", "wkr2", "child-in-need")
    assert write(council, draft(council), SAID).data["filled"] == ["personal_discussion"]


# -- reference only
@pytest.mark.clause("DAR-12")
@pytest.mark.parametrize("text", ["LL-204", "LL-204: 12 March 2025; LL-2041: 2025-03-19", "ll-204, Sept."])
def test_e26_a_reference_and_dates_alone_may_stand_on_a_personal_record(text: str) -> None:
    council = council_of("darlington")
    record = write(council, draft(council), text)
    assert record.data["references"]["formal_case_discussions"][0] == "LL-204"
    record = write(council, record, "")
    assert record.data["references"] == {}
    council.verify()


@pytest.mark.clause("DAR-12")
@pytest.mark.parametrize("text", [SAID, "LL-204 closed", "LL-204 ma"])
def test_e26_more_than_the_reference_is_refused(text: str) -> None:
    council = council_of("darlington")
    with pytest.raises(Refused, match=r"says more of it. .*\(DAR-12\): write the rest on the case record of LL-204"):
        write(council, draft(council), text)


# -- moved
@pytest.mark.clause("NS-40")
@pytest.mark.parametrize("move", ["write", "circulate"])
def test_e26_what_is_said_of_a_case_is_moved_to_the_cases_draft_of_the_same_session(move: str) -> None:
    council = council_of(NS)
    held(council, SessionKind.combined, "2025-03-03T11:00", cases=["LL-204"])
    personal, case = council.only(Workflow.record, kind="personal"), council.only(Workflow.record, kind="case")
    personal = write(council, personal, SAID, move)
    assert step(council, personal, move)["data"]["moved_to"] == str(case.id)
    assert texts(council, personal, move) == {"sections.reflection": "LL-204"}
    assert texts(council, case, "bring_over") == {"sections.from_staff_file": SAID}
    assert council.matter(case).data["filled"] == ["from_staff_file"]
    assert personal.data["references"] == {"reflection": ["LL-204"]}
    assert (links(personal), links(council.matter(case))) == ({("case", "LL-204")}, {("personal", None)})
    council.verify()


@pytest.mark.clause("NS-40")
def test_e26_where_the_session_left_no_draft_about_the_case_one_is_opened() -> None:
    council = council_of(NS)
    session = held(council, SessionKind.personal, "2025-03-03T11:00")
    personal = council.only(Workflow.record)
    both = {"reflection": SAID, "support": "The work on LL-204 was hard."}
    personal = council.move("sup", personal, "write", sections=both)
    case = council.only(Workflow.record, kind="case")
    assert (case.case, case.parent, case.supervisor) == ("LL-204", session.id, "sup")
    assert case.data["held_at"] == personal.data["held_at"]
    assert texts(council, case, "open") == {"sections.from_staff_file": f"{SAID}\n\n{both['support']}"}
    assert (links(personal), links(case)) == ({("case", "LL-204")}, {("personal", None)})
    assert step(council, personal, "write")["clause"] == "NS-40"
    council.verify()


@pytest.mark.clause("NS-40")
def test_e26_a_record_that_is_opened_with_a_case_in_it_opens_the_cases_record_too() -> None:
    council = council_of(NS)
    sections = {"reflection": SAID, "learning_and_development": "A course."}
    personal = council.open("sup", Workflow.record, supervisee="wkr", kind="personal", sections=sections)
    case = council.only(Workflow.record, kind="case")
    assert (case.parent, links(personal)) == (personal.id, {("case", "LL-204")})
    assert texts(council, personal, "open") == {
        "sections.reflection": "LL-204",
        "sections.learning_and_development": "A course.",
    }
    council.verify()


@pytest.mark.clause("NS-40")
def test_e26_the_reference_that_was_left_may_be_sent_again_and_nothing_is_overwritten() -> None:
    council = council_of(NS)
    personal = write(council, draft(council), SAID)
    personal = write(council, personal, "LL-204")
    with pytest.raises(Refused, match=r"already holds what was brought over before: add the rest there \(NS-40\)"):
        write(council, personal, "And LL-204 again.")
    case = council.only(Workflow.record, kind="case")
    council.move("sup", case, "write", sections={"from_staff_file": ""})
    write(council, personal, "And LL-204 again.")
    assert texts(council, case, "bring_over") == {"sections.from_staff_file": "And LL-204 again."}
    council.verify()


@pytest.mark.clause("NS-40")
def test_e26_a_draft_that_was_sent_meanwhile_takes_nothing_and_another_is_opened() -> None:
    council = council_of(NS)
    personal = write(council, draft(council), SAID)
    council.move("sup", council.only(Workflow.record, kind="case"), "circulate")
    write(council, personal, "And LL-204 again.")
    states = {record.state for record in council.find(Workflow.record, kind="case")}
    assert states == {"awaiting_signature", "draft"}
    council.verify()


@pytest.mark.clause("NS-40")
def test_e26_a_text_about_two_cases_is_for_people_to_take_apart() -> None:
    council = council_of(NS)
    with pytest.raises(Refused, match=r"LL-204 and LL-2041\): write what is about each case on its own record"):
        write(council, draft(council), "LL-204 is like LL-2041.")


@pytest.mark.clause("NS-41")
@pytest.mark.parametrize("job_role", ["independent_reviewing_officer", "child_protection_chair"])
def test_e26_those_who_hold_no_cases_may_speak_of_them_on_their_own_record(job_role: str) -> None:
    council = council_of(NS)
    council.relist("wkr", job_role=job_role)
    personal = write(council, draft(council), SAID)
    assert texts(council, personal, "write") == {"sections.reflection": SAID}
    assert council.find(Workflow.record, kind="case") == []


# -- links
@pytest.mark.clause("NS-09", "NS-40", "CBC-61", "HAR-32", "LDS-26", "DAR-12")
@pytest.mark.parametrize("policy", list(SECTION))
def test_the_records_of_one_session_name_each_other(policy: str) -> None:
    council = council_of(policy)
    held(council, SessionKind.combined, "2025-03-03T11:00", cases=["LL-204", "LL-2041"])
    by_case = {record.case: record for record in council.find(Workflow.record)}
    assert links(by_case[None]) == {("case", "LL-204"), ("case", "LL-2041")}
    assert links(by_case["LL-204"]) == {("personal", None), ("case", "LL-2041")}
    named = {link["record"] for link in by_case["LL-204"].data["linked"]}
    assert named == {str(by_case[None].id), str(by_case["LL-2041"].id)}


def test_the_records_of_one_worker_do_not_name_those_of_another() -> None:
    council = council_of(CBC)
    cases, kind = ["LL-204", "LL-9"], SessionKind.group
    held(council, kind, "2025-03-03T11:00", cases=cases, participants=["wkr2"])
    by_case = {record.case: record for record in council.find(Workflow.record)}
    assert agreed(kind)
    assert links(by_case["LL-204"]) == links(by_case["LL-9"]) == {("group", None)}
    assert links(by_case[None]) == {("case", "LL-204"), ("case", "LL-9")}


# -- the policy
def test_what_is_moved_needs_a_section_to_go_to_and_nothing_else_does() -> None:
    assert keys(changed(NS, (', into = "from_staff_file"', ', into = "from_nowhere"'))) == ["record.two_files.into"]
    assert keys(changed(NS, (', into = "from_staff_file"', ""))) == ["record.two_files.into"]
    assert keys(changed(NS, ('on_case_content = "move"', 'on_case_content = "refuse"'))) == ["record.two_files.into"]

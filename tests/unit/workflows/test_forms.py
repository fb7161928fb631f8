"""A record is opened with the form for its supervisee and held to it for ever; each of the two fills in a part."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.policy_texts import CBC, LDS, NS, changed, keys, mistakes, only
from tests.unit.workflows.stories import C1, draft, held, sent, step
from workflows.machine import decide
from workflows.model import Actor, Matter
from workflows.payloads import Circulate
from workflows.policy_forms import Form, FormSection
from workflows.policy_reader import read_policy, shipped
from workflows.policy_record_checks import check_record
from workflows.policy_text import describe
from workflows.record_form import shape
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import RecordKind, SessionKind, Workflow

OWN_VERSION = """
[[record.case.forms]]
id = "case_record"
version = "2"
title = "Supervision record: one case, as our school uses it"
clause = "product default"
setting = "school"
sections = [
  { name = "attendance", title = "Attendance", clause = "product default", by = ["supervisee"] },
  { name = "current_status", title = "Status today", clause = "LDS-50", required = true, by = ["supervisee"] },
  { name = "summary_of_events", title = "What happened", clause = "LDS-50", required = true, by = ["supervisee"] },
  { name = "actions_taken", title = "What was done", clause = "LDS-50", required = true, by = ["supervisee"] },
  { name = "risks_issues", title = "Risks", clause = "LDS-50", required = true, by = ["supervisee"] },
  { name = "actions_agreed", title = "Actions agreed", clause = "LDS-50", required = true },
]

[record.personal]
"""
PART_A = {"current_status", "summary_of_events", "actions_taken", "risks_issues"}


@pytest.fixture
def leeds() -> FakeCouncil:
    return FakeCouncil("leeds", cases=[C1])


def empty(record: Matter) -> set[str]:
    return {section["name"] for section in record.data["empty_sections"]}


# -- which form
@pytest.mark.clause("CBC-55", "CBC-92", "CBC-93")
@pytest.mark.parametrize(
    ("job_role", "form"), [("social_worker", "personal_practitioners"), ("team_manager", "personal_managers")]
)
def test_practitioners_and_managers_have_forms_of_their_own(job_role: str, form: str) -> None:
    council = FakeCouncil()
    council.relist("wkr", job_role=job_role)
    assert draft(council).data["form"] == {"id": form, "version": "1"}


@pytest.mark.clause("CBC-93")
def test_only_managers_have_the_statement_for_leaders() -> None:
    rules = shipped()[CBC].record.personal
    titles = [form.section("knowledge_and_skills_statement").title for form in rules.forms]
    assert titles == ["Knowledge and skills statement", "Knowledge and skills statement for leaders"]


def test_a_supervisee_whom_the_list_has_lost_has_everybodys_form() -> None:
    rules = shipped()[CBC].record.personal
    assert rules.form_for("", "").id == "personal_practitioners"


@pytest.mark.clause("LDS-27")
@pytest.mark.parametrize(("setting", "version"), [("school", "2"), ("cluster", "1"), ("", "1")])
def test_a_setting_may_have_the_form_in_a_version_of_its_own(setting: str, version: str) -> None:
    policy = read_policy(changed(LDS, ("\n[record.personal]\n", OWN_VERSION)), "our.toml")
    council = FakeCouncil(policy, cases=[C1])
    council.relist("wkr", setting=setting)
    record = draft(council, "case")
    assert record.data["form"] == {"id": "case_record", "version": version}
    sections = {"attendance": "Better."}
    if version == "2":
        assert "attendance" in council.move("wkr", record, "write", sections=sections).data["filled"]
    else:
        with pytest.raises(Refused, match="no section 'attendance'"):
            council.move("wkr", record, "write", sections=sections)


def test_the_sections_of_a_kind_are_those_that_each_of_its_forms_has() -> None:
    policy = read_policy(changed(LDS, ("\n[record.personal]\n", OWN_VERSION)), "our.toml")
    assert policy.record.case.names() == {*PART_A, "actions_agreed"}
    assert policy.record.case.model_copy(update={"forms": ()}).names() == set()


@pytest.mark.clause("LDS-27")
def test_a_version_of_ones_own_is_told_with_whom_it_is_for() -> None:
    policy = read_policy(changed(LDS, ("\n[record.personal]\n", OWN_VERSION)), "our.toml")
    said = [line.sentence for chapter in describe(policy) for line in chapter.lines]
    assert "It is for those who work in a school." in said
    assert "Form: Supervision record: one case, as our school uses it, version 2." in said


@pytest.mark.clause("LDS-27")
def test_a_version_of_ones_own_keeps_what_the_form_requires() -> None:
    lost = OWN_VERSION.replace('name = "risks_issues"', 'name = "worries"')
    assert only(mistakes(changed(LDS, ("\n[record.personal]\n", lost)))) == (
        "record.case.forms[1].sections",
        "",
        "the section 'risks_issues', which the form that it changes requires",
    )


def test_a_form_that_may_not_be_changed_has_one_version() -> None:
    text = changed(LDS, ("\n[record.personal]\n", OWN_VERSION), ('may_be_changed = "LDS-27"\n', ""))
    assert keys(text) == ["record.case.forms[1].id"]


def test_a_version_is_given_once_and_the_first_form_is_for_everybody() -> None:
    twice = OWN_VERSION.replace('version = "2"', 'version = "1"')
    assert keys(changed(LDS, ("\n[record.personal]\n", twice))) == ["record.case.forms[1].version"]
    nobody = changed(LDS, ('may_be_changed = "LDS-27"\n', 'may_be_changed = "LDS-27"\nsetting = "school"\n'))
    assert keys(nobody) == ["record.case.forms"]


def test_a_kind_of_record_has_a_form_and_a_section_somebody_who_fills_it_in() -> None:
    rules = shipped()[NS].record
    without = rules.model_copy(update={"group": rules.group.model_copy(update={"forms": ()})})
    assert [problem.key for problem in check_record(without)] == ["record.group.forms"]
    assert keys(changed(LDS, ('by = ["supervisee"]', "by = []"))) == ["record.case.forms[0].sections[0].by"]


# -- for ever
def reformed(council: FakeCouncil) -> None:
    """A newer version of the policy with another form for personal records."""
    policy, rules = council.policy, council.policy.record.personal
    sections = (FormSection(name="all", title="Everything", clause="product default"),)
    form = Form(id="short", version="1", title="Short", clause="product default", sections=sections)
    personal = rules.model_copy(update={"forms": (form,)})
    record = policy.record.model_copy(update={"personal": personal})
    council.adopt(policy.model_copy(update={"version": "2", "record": record}))


@pytest.mark.clause("CBC-55")
def test_a_record_is_held_to_the_form_that_it_was_opened_with_after_a_newer_policy_too() -> None:
    council = FakeCouncil()
    record = draft(council)
    reformed(council)
    record = council.move("sup", record, "write", sections={"personal_discussion": "A quiet week."})
    assert record.data["form"]["id"] == "personal_practitioners"
    with pytest.raises(Refused, match="Personal and professional supervision: practitioners”"):
        council.move("sup", record, "write", sections={"all": "Fine."})
    assert draft(council).data["form"] == {"id": "short", "version": "1"}
    council.verify()


def test_a_record_keeps_its_form_when_the_supervisee_becomes_a_manager() -> None:
    council = FakeCouncil()
    record = draft(council)
    council.relist("wkr", job_role="team_manager")
    record = council.move("sup", record, "write", sections={"equality": "Talked about."})
    assert record.data["form"]["id"] == "personal_practitioners"


def test_a_record_from_before_forms_were_kept_has_everybodys() -> None:
    council = FakeCouncil()
    record = draft(council)
    older = {name: value for name, value in record.data.items() if name not in {"form", "contributor"}}
    council.kept[record.id] = replace(council.kept[record.id], matter=record.changed(data=older))
    council.move("sup", record, "write", sections={"equality": "Talked about."})
    with pytest.raises(Refused, match="practitioners”"):
        council.move("sup", record, "write", sections={"weather": "Fine."})


def test_a_section_that_the_form_lacks_is_refused_with_the_clause_of_the_form() -> None:
    council = FakeCouncil()
    with pytest.raises(Refused, match=r"practitioners” \(CBC-55, CBC-92\) has no section 'weather'"):
        council.move("sup", draft(council), "write", sections={"weather": "Fine."})


# -- two parts
@pytest.mark.clause("LDS-50", "LDS-51")
def test_the_worker_fills_in_one_part_and_the_supervisor_the_other(leeds: FakeCouncil) -> None:
    record = draft(leeds, "case")
    assert (record.holder, record.waiting_for) == ("sup", ("wkr",))
    assert leeds.told("wkr", record) == ["part_asked"]
    assert empty(record) == {*PART_A, "actions_agreed"}
    record = leeds.move("wkr", record, "write", sections=dict.fromkeys(PART_A, "As the file says."))
    assert (record.holder, record.waiting_for) == ("sup", ())
    assert (step(leeds, record, "write")["role"], empty(record)) == ("contributor", {"actions_agreed"})
    record = leeds.move("sup", record, "write", sections={"actions_agreed": "Visit weekly."})
    assert empty(record) == set()
    assert leeds.move("sup", record, "circulate").state == "awaiting_signature"
    leeds.verify()


@pytest.mark.clause("LDS-50")
@pytest.mark.parametrize(
    ("who", "name", "why"),
    [
        ("sup", "risks_issues", r"“Risks” is for the supervisee to fill in \(LDS-50, LDS-51\)"),
        ("wkr", "actions_agreed", r"“Actions agreed” is for the supervisor to fill in \(LDS-44, LDS-50, LDS-51\)"),
    ],
)
def test_the_other_ones_part_is_refused(leeds: FakeCouncil, who: str, name: str, why: str) -> None:
    record = draft(leeds, "case")
    with pytest.raises(Refused, match=why):
        leeds.move(who, record, "write", sections={name: "None."})
    with pytest.raises(Refused, match="is for the supervisee"):
        leeds.move("sup", record, "circulate", sections={"strengths": "Many."})
    with pytest.raises(Refused, match="is for the supervisee"):
        leeds.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1", sections={"strengths": "Many."})


@pytest.mark.clause("LDS-50")
def test_the_worker_sends_nothing_and_writes_only_in_the_draft(leeds: FakeCouncil) -> None:
    record = draft(leeds, "case")
    assert leeds.offered("wkr", record) == {"write"}
    with pytest.raises(NotYourMove):
        leeds.move("wkr", record, "circulate")
    record = leeds.move("sup", record, "circulate")
    assert leeds.offered("wkr", record) == {"sign", "dispute"}


@pytest.mark.clause("LDS-50")
def test_an_amendment_that_was_talked_over_may_be_of_either_part(leeds: FakeCouncil) -> None:
    record = leeds.move("wkr", sent(leeds, "case"), "dispute", statement="Not so.")
    record = leeds.move("sup", record, "amend", discussed_on=leeds.now.date(), sections={"risks_issues": "None."})
    assert record.state == "awaiting_signature"


@pytest.mark.clause("LDS-50")
def test_a_part_that_is_owed_is_reminded_of_with_a_record_that_is_late(leeds: FakeCouncil) -> None:
    record = draft(leeds, "case")
    leeds.until("2025-03-19T09:00")
    assert leeds.told("wkr", record) == ["part_asked", "reminder"]
    assert leeds.told("sup", record) == ["circulation_missed", "reminder"]


@pytest.mark.parametrize("policy", [CBC, NS, "darlington", "haringey"])
def test_where_the_form_has_no_part_for_them_supervisees_write_nothing(policy: str) -> None:
    council = FakeCouncil(policy)
    record = draft(council)
    assert record.waiting_for == ()
    assert council.offered("wkr", record) == set()
    with pytest.raises(NotYourMove):
        council.move("wkr", record, "write", sections={"any_other_business": "None."})


# -- handwriting
def agreement(record: Matter, **more: Any) -> Matter:
    """An agreement as it would be found beside a record."""
    named: dict[str, Any] = {
        "workflow": Workflow.agreement,
        "state": "active",
        "data": {"terms": {"handwriting": True}},
    }
    return record.changed(**{**named, **more})


@pytest.mark.clause("CBC-56")
def test_handwritten_notes_are_refused_where_no_agreement_is_known() -> None:
    council = FakeCouncil()
    record = draft(council)
    with pytest.raises(Refused, match=r"handwritten records \(CBC-56\): type the record"):
        council.move("sup", record, "circulate", handwritten={"scan": "scan-7.pdf"})
    assert council.matter(record).state == "draft"


@pytest.mark.clause("CBC-56")
@pytest.mark.parametrize(
    ("other", "allowed"),
    [
        ({}, True),
        ({"state": "review_due"}, True),
        ({"state": "ended"}, False),
        ({"workflow": Workflow.record}, False),
        ({"data": {"terms": {"handwriting": False}}}, False),
        ({"data": {}}, False),
    ],
)
def test_handwritten_notes_are_sent_where_the_agreement_in_force_says_so(
    other: dict[str, Any], *, allowed: bool
) -> None:
    council = FakeCouncil()
    record = draft(council)
    facts = replace(council.facts(record), related=(agreement(record, **other),))
    data = Circulate.model_validate({"handwritten": {"scan": "scan-7.pdf"}})
    if not allowed:
        with pytest.raises(Refused, match="CBC-56"):
            decide(record, "circulate", data, Actor("sup"), facts, council.now)
        return
    decision = decide(record, "circulate", data, Actor("sup"), facts, council.now)
    assert (decision.matter.state, decision.matter.data["handwritten"]) == ("awaiting_signature", True)
    assert decision.step.texts == {"scan": "scan-7.pdf"}


def test_a_form_is_shown_with_everything_that_it_asks_for() -> None:
    [form] = shipped()[LDS].record.case.forms
    shown = shape(form)
    assert (shown["id"], shown["version"], shown["may_be_changed"]) == ("case_record", "1", "LDS-27")
    assert shown["sections"][1] == {
        "name": "current_status", "title": "Status today", "required": True, "wellbeing": False,
        "by": ["supervisee"], "clause": "LDS-50, LDS-51",
    }  # fmt: skip


@pytest.mark.clause("DAR-32", "DAR-33", "DAR-34", "DAR-35", "HAR-51", "NS-83", "NS-84", "LDS-34")
def test_every_kind_of_record_has_a_form_under_every_policy() -> None:
    for policy in shipped().values():
        for kind in RecordKind:
            assert all(form.sections for form in policy.record.of(kind).forms)
    every = [form for policy in shipped().values() for kind in RecordKind for form in policy.record.of(kind).forms]
    clauses = {form.clause for form in every}
    told = {clause for one in clauses for clause in one.split(", ")}
    assert told >= {"NS-13", "NS-83", "NS-84", "LDS-34", "LDS-51", "DAR-32", "HAR-51", "CBC-81", "CBC-92", "CBC-93"}


def test_a_session_opens_its_records_with_their_forms() -> None:
    council = FakeCouncil(cases=[C1])
    held(council, SessionKind.combined, "2025-03-03T11:00", cases=["c1"])
    forms = {record.kind: record.data["form"]["id"] for record in council.find(Workflow.record)}
    assert forms == {"personal": "personal_practitioners", "case": "case_supervision"}

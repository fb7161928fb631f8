"""What no machine can carry out is told, or asked, at the moment at which it matters, to those whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.councils import COUNCILS, PREFIXES, by
from tests.unit.workflows.policy_texts import changed, keys, mistakes
from tests.unit.workflows.stories import away, sent
from tests.unit.workflows.worker_stories import owed
from workflows.directory import Case
from workflows.guidance import at_moment, for_matter, moments_of
from workflows.model import Actor, Matter
from workflows.policy_guidance import Guidance
from workflows.policy_reader import shipped
from workflows.roles import roles_of
from workflows.vocabulary import Moment, Workflow

CATEGORY = {
    "central-bedfordshire": "family-support", "darlington": "rated", "haringey": "adult", "leeds": "child",
    "north-somerset": "child-in-need",
}  # fmt: skip


def council_of(policy: str) -> FakeCouncil:
    return FakeCouncil(policy, cases=[Case("c1", "wkr", CATEGORY[policy], allocated_on=date(2025, 1, 6))])


def booked(council: FakeCouncil, kind: str = "combined", *, remote: bool = False) -> Matter:
    """A session with the social worker on the next day."""
    cases = [] if kind == "personal" else ["c1"]
    return council.open(
        "sup", Workflow.session, supervisee="wkr", kind=kind, starts_at=at("2025-03-04T14:00"), minutes=90,
        cases=cases, remote=remote,
    )  # fmt: skip


def drafted(council: FakeCouncil, kind: str = "case") -> Matter:
    """A record that is being written."""
    case = None if kind == "personal" else "c1"
    return council.open("sup", Workflow.record, supervisee="wkr", kind=kind, case=case)


def disputed_casework(council: FakeCouncil) -> Matter:
    return council.open("wkr", Workflow.dispute, supervisee="wkr", about="casework", statement="No.")


#: A matter that is in a moment, for the moments of the workflows that there are.
IN_A_MOMENT: dict[str, Callable[[FakeCouncil], Matter]] = {
    "preparing": booked,
    "holding": booked,
    "remote": lambda council: booked(council, remote=True),
    "unplanned": lambda council: booked(council, "unplanned"),
    "writing": drafted,
    "writing personal": lambda council: drafted(council, "personal"),
    "deciding": lambda council: drafted(council, "decision"),
    "signing": lambda council: sent(council, "case"),
    "entitlement": owed,
    "frequency": lambda council: council.only(Workflow.frequency),
    "absence": lambda council: away(council, "wkr", date(2025, 3, 3)),
    "dispute": disputed_casework,
    "agreement": lambda council: council.only(Workflow.agreement, supervisee="wkr"),
    "concern": lambda council: council.open("wkr", Workflow.concern, about="quality", statement="No."),
    "referral": lambda council: council.open(
        "sup",
        Workflow.referral,
        supervisee="wkr",
        about="record keeping",
        facts="Visits.",
        discussed_on=council.now.date(),
    ),
    "action": lambda council: council.open(
        "sup", Workflow.action, what="Ring the school", why="Agreed.", owner="wkr", due=date(2025, 3, 14)
    ),
}


def told(council: FakeCouncil, who: str, matter: Matter) -> list[tuple[str, str]]:
    """The clauses and texts that somebody is shown with a matter."""
    found = council.facts(matter)
    entries = for_matter(found.policy, council.matter(matter), roles_of(Actor(who), matter, found))
    return [(e.clause, e.says if isinstance(e, Guidance) else e.asks) for e in entries]


def told_at(policy: str, moment: str) -> list[tuple[str, str]]:
    """The clauses and texts that everybody finds under a moment."""
    entries = at_moment(shipped()[policy], Moment(moment))
    return [(e.clause, e.says if isinstance(e, Guidance) else e.asks) for e in entries]


@pytest.mark.parametrize(
    ("clause", "moment", "who", "words"),
    by(
        ("NS-02", "entitlement", "wkr", "every tier of management"),
        ("NS-02", "policy", "wkr", "risks"),
        ("NS-04", "preparing", "wkr", "Not every child"),
        ("NS-04", "preparing", "sup", "fall due before the session after"),
        ("NS-07", "preparing", "wkr", "agenda that both have agreed"),
        ("NS-10", "booking", "sup", "private and quiet"),
        ("NS-10", "holding", "sup", "interrupted"),
        ("NS-14", "holding", "sup", "workload and caseload; professional development"),
        ("NS-14", "writing personal", "sup", "accountability, workload"),
        ("NS-15", "writing", "sup", "evidence"),
        ("NS-22", "preparing", "wkr", "professional registration"),
        ("NS-22", "writing personal", "sup", "last looked at"),
        ("NS-23", "preparing", "wkr", "Social Work England"),
        ("NS-38", "entitlement", "sup", "mid-year review"),
        ("NS-38", "holding", "sup", "mid-year review"),
        ("NS-39", "entitlement", "wkr", "Between planned sessions"),
        ("NS-39", "unplanned", "wkr", "urgent"),
        ("NS-39", "absence", "sup", "whoever covers"),
        ("NS-49", "preparing", "wkr", "Equality Act 2010"),
        ("NS-49", "writing personal", "sup", "not talked about this time"),
        ("NS-54", "policy", "wkr", "whistleblowing"),
        ("NS-60", "referral", "sup", "own part"),
        ("NS-65", "booking", "sup", "paid hours"),
        ("NS-68", "policy", "wkr", "once a year"),
        ("NS-69", "preparing", "wkr", "want on the agenda"),
        ("NS-69", "preparing", "sup", "want on the agenda"),
        ("NS-71", "writing", "sup", "sign-off"),
        ("NS-71", "writing", "sup", "Youth Support Team"),
        ("NS-72", "dispute", "sup", "escalation policy"),
        ("NS-72", "action", "sup", "authority to spend"),
        ("NS-72", "concern", "sup", "authority to spend"),
        ("NS-73", "audit", "aud", "eight things"),
        ("NS-75", "referral", "sup", "fairly"),
        ("NS-77", "preparing", "wkr", "a few days before"),
        ("LDS-03", "booking", "sup", "named senior lead"),
        ("LDS-03", "agreement", "sup", "if not, why"),
        ("LDS-04", "holding", "sup", "three functions"),
        ("LDS-06", "booking", "sup", "fitting time and place"),
        ("LDS-06", "holding", "sup", "interrupted"),
        ("LDS-09", "agreement", "wkr", "answer for the relationship"),
        ("LDS-11", "writing", "sup", "diversity"),
        ("LDS-12", "preparing", "wkr", "on time"),
        ("LDS-14", "signing", "wkr", "before you sign"),
        ("LDS-19", "entitlement", "wkr", "government guidance"),
        ("LDS-19", "agreement", "sup", "experience, team needs"),
        ("LDS-33", "entitlement", "wkr", "by peers"),
        ("LDS-40", "holding", "sup", "questions that challenge"),
        ("LDS-42", "action", "wkr", "other agencies"),
        ("LDS-42", "writing", "sup", "Which other professionals"),
        ("LDS-43", "signing", "wkr", "child’s or family’s file"),
        ("DAR-03", "entitlement", "wkr", "their line manager"),
        ("DAR-03", "booking", "sup", "their line manager"),
        ("DAR-06", "entitlement", "wkr", "my journey"),
        ("DAR-07", "holding", "sup", "eight purposes"),
        ("HAR-01", "entitlement", "wkr", "agency staff"),
        ("HAR-03", "policy", "wkr", "senior management team"),
        ("HAR-04", "entitlement", "lm", "as often as is recommended"),
        ("HAR-06", "preparing", "wkr", "active part"),
        ("HAR-09", "preparing", "sup", "emotional resilience"),
        ("HAR-11", "holding", "sup", "4x4x4"),
        ("HAR-12", "booking", "sup", "video or telephone"),
        ("HAR-12", "remote", "wkr", "counts like any other"),
        ("HAR-16", "deciding", "sup", "important or sensitive"),
        ("HAR-16", "action", "wkr", "line manager know"),
        ("HAR-17", "preparing", "wkr", "the three meet"),
        ("HAR-18", "entitlement", "lm", "fit their task"),
        ("HAR-20", "preparing", "wkr", "confidential"),
        ("HAR-20", "remote", "wkr", "headset"),
        ("HAR-28", "writing", "sup", "competence or capability"),
        ("HAR-36", "entitlement", "sup", "post-qualifying"),
        ("HAR-40", "writing", "sup", "professional codes"),
        ("HAR-40", "disclosure", "sup", "pass this on"),
        ("HAR-41", "holding", "sup", "oppression"),
        ("HAR-52", "remote", "wkr", "5 to 10 minutes"),
        ("HAR-53", "remote", "sup", "90 minutes"),
        ("HAR-55", "entitlement", "sup", "support as well"),
        ("CBC-02", "policy", "wkr", "proportionate decisions"),
        ("CBC-11", "frequency", "sup", "kind of case"),
        ("CBC-35", "preparing", "wkr", "five parts"),
        ("CBC-36", "preparing", "wkr", "four questions"),
        ("CBC-37", "preparing", "sup", "MOSAIC"),
        ("CBC-38", "writing", "sup", "more talking than typing"),
        ("CBC-41", "writing", "sup", "go forward"),
        ("CBC-41", "action", "sup", "go forward"),
        ("CBC-54", "holding", "sup", "well beyond cases"),
        ("CBC-71", "holding", "sup", "curious with respect"),
        ("CBC-75", "agreement", "wkr", "goes both ways"),
        ("CBC-76", "preparing", "wkr", "preparation form filled in"),
        ("CBC-78", "writing", "sup", "characteristics"),
        ("CBC-85", "preparing", "wkr", "as a case note"),
        ("CBC-86", "unplanned", "wkr", "wait for the next session"),
        ("CBC-87", "holding", "sup", "10 minutes"),
        ("CBC-88", "writing", "sup", "recorded elsewhere"),
        ("CBC-89", "holding", "sup", "feelings"),
    ),
)
def test_a_clause_is_told_or_asked_at_its_moment(clause: str, moment: str, who: str, words: str) -> None:
    policy = PREFIXES[clause.partition("-")[0]]
    if moment in IN_A_MOMENT:
        council = council_of(policy)
        found = told(council, who, IN_A_MOMENT[moment](council))
    else:
        found = told_at(policy, moment)
    assert [text for of, text in found if of == clause and words in text], found


# -- whose it is
@pytest.mark.clause("CBC-36", "CBC-37")
def test_what_is_the_supervisees_is_not_told_to_the_supervisor_and_the_other_way_round() -> None:
    council = council_of("central-bedfordshire")
    session = booked(council)
    theirs = {clause for clause, _ in told(council, "wkr", session)}
    supervisors = {clause for clause, _ in told(council, "sup", session)}
    assert "CBC-36" in theirs - supervisors
    assert "CBC-37" in supervisors - theirs


@pytest.mark.clause("HAR-04")
def test_what_line_managers_answer_for_is_told_to_them_alone() -> None:
    council = council_of("haringey")
    duty = owed(council)
    assert [who for who in ("wkr", "sup", "lm", "hos", "hr1") if "HAR-04" in dict(told(council, who, duty))] == [
        "lm", "hos",
    ]  # fmt: skip


def test_whoever_checks_the_service_sees_what_each_is_told() -> None:
    council = council_of("central-bedfordshire")
    session = booked(council)
    both = {*told(council, "wkr", session), *told(council, "sup", session)}
    assert set(told(council, "aud", session)) == both


def test_what_is_about_cases_is_not_told_where_none_is_discussed() -> None:
    council = council_of("central-bedfordshire")
    assert "CBC-87" in dict(told(council, "sup", booked(council, "case")))
    assert "CBC-87" not in dict(told(council, "sup", booked(council, "personal")))


# -- when
def test_nothing_is_told_once_nothing_is_left_to_be_done() -> None:
    council = council_of("central-bedfordshire")
    session = council.move("sup", booked(council), "cancel", cause="diary", reason="A hearing.")
    assert moments_of(session) == frozenset()
    assert told(council, "sup", session) == []


@pytest.mark.parametrize("policy", COUNCILS)
def test_every_moment_of_todays_workflows_is_one_that_its_matters_are_in(policy: str) -> None:
    council = council_of(policy)
    for name, made in IN_A_MOMENT.items():
        if policy == "leeds" and name == "frequency":
            continue
        matter = made(council)
        assert Moment(name.partition(" ")[0]) in moments_of(council.matter(matter)), name


def test_a_group_a_cancellation_and_a_disputed_record_have_moments_of_their_own() -> None:
    council = council_of("darlington")
    group = council.open(
        "sup", Workflow.session, kind="group", participants=["wkr", "wkr2"], starts_at=at("2025-03-04T10:00"),
        minutes=60,
    )  # fmt: skip
    council.move("sup", group, "cancel", cause="diary", reason="A hearing.")
    record = council.move("wkr", sent(council), "dispute", statement="No.")
    assert Moment.group in moments_of(group)
    assert moments_of(council.only(Workflow.cancellation)) == {Moment.cancelling}
    assert moments_of(record) == {Moment.dispute}


def test_an_employment_is_no_moment() -> None:
    council = council_of("darlington")
    assert moments_of(council.only(Workflow.employment, person="wkr")) == frozenset()


@pytest.mark.parametrize("policy", COUNCILS)
def test_without_a_moment_everything_is_found(policy: str) -> None:
    rules = shipped()[policy]
    assert at_moment(rules, None) == (*rules.guidance, *rules.prompt)


# -- the questions of a form
@pytest.mark.clause("CBC-35")
def test_the_five_parts_of_case_supervision_are_asked_and_are_sections_of_the_case_record() -> None:
    policy = shipped()["central-bedfordshire"]
    asked = [entry.key for entry in policy.prompt if entry.clause == "CBC-35"]
    assert asked == ["previous_actions", "key_dates", "case_discussion", "plan_and_impact", "actions"]
    assert set(asked) <= policy.record.case.names()


@pytest.mark.clause("CBC-36", "CBC-85")
def test_the_four_questions_of_the_preparation_are_the_sections_of_its_form() -> None:
    policy = shipped()["central-bedfordshire"]
    asked = [entry.key for entry in policy.prompt if "CBC-85" in entry.clause]
    assert policy.session.preparation is not None
    assert asked == [section.name for section in policy.session.preparation.form]


# -- mistakes
@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('at = ["booking"]', "at = []", "at", "at least 1 item"),
        ('at = ["booking"]', 'at = ["lunch"]', "at[0]", "one of 'booking'"),
        ('paid hours of both."', 'paid hours of both"', "says", "ends with a full stop"),
        ('want on the agenda?"', 'want on the agenda"', "asks", "ends with a question mark"),
    ],
)
def test_guidance_that_could_never_be_shown_or_read_is_a_mistake(old: str, new: str, key: str, expected: str) -> None:
    [(where, _, said)] = mistakes(changed("north-somerset", (old, new)))
    assert where.endswith(key)
    assert expected in said


def test_hours_that_end_before_they_begin_are_a_mistake() -> None:
    assert keys(changed("north-somerset", ('closes = "18:00"', 'closes = "07:00"'))) == ["session.paid_hours.closes"]


def test_a_section_of_the_preparation_that_comes_twice_is_a_mistake() -> None:
    doubled = changed("central-bedfordshire", ('{ name = "decided"', '{ name = "worries"'))
    assert keys(doubled) == ["session.preparation.form[2].name"]


def test_a_reminder_ahead_of_a_session_is_counted_in_working_days() -> None:
    hours = changed(
        "leeds", ('remind_before = { value = 3, unit = "working_days"', 'remind_before = { value = 3, unit = "hours"')
    )
    assert keys(hours) == ["session.preparation.remind_before.unit"]

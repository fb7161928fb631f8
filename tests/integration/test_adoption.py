"""Applying a new version of the policy on a real database: one transaction, everything or nothing, and it verifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from service.adoption import CARRIED, Adopted, NewVersion, apply_policy, foresee_policy
from service.engine.work import Work
from service.storage.council_tables import policies
from service.storage.matter_tables import deadlines, matters, outbox, steps
from service.storage.verify import verify
from tests.integration.council import ADMIN, Council
from workflows.calendar import local_day
from workflows.policy_mistake import PolicyMistake
from workflows.policy_reader import shipped_text
from workflows.receipts import recompute
from workflows.refusals import Refused
from workflows.vocabulary import Carry

PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,app_roles
hos,H,h@council.example,head_of_service,,,head_of_service
lm,L,l@council.example,service_manager,hos,hos,
sup,S,s@council.example,team_manager,lm,lm,
wkr,W,w@council.example,social_worker,sup,sup,
"""
CASES = """ref,worker_ref,category,allocated_on,rating
c1,wkr,assessment,2025-03-03,
c2,wkr,rated,2025-03-03,red
"""
TODAY = date(2025, 3, 3)
#: Three weeks for workers, and two for cases in assessment.
SHORTER = (
    ('every = { value = 1, unit = "months", clause = "DAR-08" }',
     'every = { value = 3, unit = "weeks", clause = "DAR-10" }'),
    ('every = { value = 1, unit = "months", clause = "DAR-14"',
     'every = { value = 2, unit = "weeks", clause = "DAR-16"'),
)  # fmt: skip


@pytest.fixture
def council(council: Callable[[str, str], Council]) -> Council:
    found = council("darlington", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("cases", CASES)
    return found


def text(*changes: tuple[str, str], number: str = "2") -> str:
    """The council's policy as another version with these changes."""
    said = shipped_text("darlington")
    for old, new in (('version = "1"', f'version = "{number}"'), *changes):
        assert old in said, old
        said = said.replace(old, new, 1)
    return said


def apply(council: Council, said: str, since: date = TODAY, **carry: Carry) -> Adopted:
    version = NewVersion(said, "ours.toml", since, carry)
    adopted: Adopted = council.run(lambda work: apply_policy(work, version, ADMIN))
    return adopted


def foresee(council: Council, said: str, since: date = TODAY, **carry: Carry) -> Adopted:
    version = NewVersion(said, "ours.toml", since, carry)
    adopted: Adopted = council.run(lambda work: foresee_policy(work, version, ADMIN))
    return adopted


def told(adopted: Adopted) -> set[tuple[Any, ...]]:
    """Whose dates move, from what to what, with both clauses."""
    found = set()
    for moved in adopted.moved:
        before, after = (at and local_day(at).isoformat() for at in (moved.before, moved.after))
        whose = moved.matter.case or moved.matter.supervisee
        found.add((whose, moved.deadline, before, moved.clause_before, after, moved.clause_after))
    return found


MOVED = {
    ("wkr", "supervise_by", "2025-04-03", "DAR-08", "2025-03-24", "DAR-10"),
    ("sup", "supervise_by", "2025-04-03", "DAR-08", "2025-03-24", "DAR-10"),
    ("lm", "supervise_by", "2025-04-03", "DAR-08", "2025-03-24", "DAR-10"),
    ("c1", "supervise_by", "2025-04-03", "DAR-14", "2025-03-17", "DAR-16"),
}


def assert_verifies(council: Council) -> None:
    key = Ed25519PrivateKey.generate().public_key()
    with council.door.database.read(council.id) as connection:
        report = verify(connection, council.id, council.door.vault, key)
    assert report.sound, report.faults


# -- from today
@pytest.mark.clause("DAR-08", "DAR-14")
def test_open_matters_go_over_at_once_each_with_a_receipt_that_names_the_new_clause(council: Council) -> None:
    adopted = apply(council, text(*SHORTER))

    assert told(adopted) == MOVED
    entitlement = council.one("entitlement", supervisee="wkr")
    live = entitlement.live("supervise_by")
    assert live is not None
    assert (live.receipt["clause"], recompute(live.receipt)) == ("DAR-10", live.due)
    assert council.statuses(entitlement, "supervise_by") == ["superseded", "running"]
    assert (entitlement.policy, entitlement.policy_version) == ("darlington", "2")
    assert council.one("adoption").state == "in_force"
    assert council.one("adoption").id == adopted.adoption
    assert_verifies(council)


def test_the_change_is_in_the_history_of_each_matter_with_both_dates_and_the_version(council: Council) -> None:
    apply(council, text(*SHORTER))

    case = council.one("frequency", case="c1")
    assert council.history(case)[-1] == "adopt"
    [step] = council.rows(steps, steps.c.matter_id == case.id, steps.c.trigger == "adopt")
    assert (step.actor, step.clause, step.data["policy_version"]) == (None, "DAR-16", "2")
    assert step.data["moved"] == {"supervise_by": ["2025-04-03T23:59:59+01:00", "2025-03-17T23:59:59+00:00"]}
    assert council.told(case, "deadline_moved") == {"wkr", "sup"}


def test_who_applied_it_is_in_the_history_of_the_adoption(council: Council) -> None:
    apply(council, text(*SHORTER), climb_by=Carry.keep)

    adoption = council.one("adoption")
    opened, _ = council.rows(steps, steps.c.matter_id == adoption.id, order=steps.c.number)
    assert (opened.actor, opened.role) == ("admin", "administrator")
    assert adoption.data["deadlines"] == {"climb_by": "keep"}


def test_what_the_version_does_not_change_has_no_step(council: Council) -> None:
    apply(council, text(*SHORTER))

    assert council.history(council.one("frequency", case="c2")) == ["open", "take_effect"]


def test_people_who_come_later_and_other_processes_live_under_it(council: Council) -> None:
    apply(council, text(*SHORTER))
    council.door.pictures.forget(council.id)
    council.take("people", f"{PEOPLE}new,N,n@council.example,social_worker,sup,sup,\n")

    assert council.due("entitlement", "supervise_by", supervisee="new") == "2025-03-24"
    assert council.one("entitlement", supervisee="new").policy_version == "2"


def test_progress_is_told_for_each_workflow_up_to_its_last_matter(council: Council) -> None:
    seen: list[tuple[int, int]] = []
    version = NewVersion(text(*SHORTER), "ours.toml", TODAY, {})

    council.run(lambda work: apply_policy(work, version, ADMIN, lambda *done: seen.append(done)))

    assert [total for done, total in seen if done == total] == [3, 2, 3]


# -- from a day to come
def test_a_version_for_a_day_to_come_moves_nothing_until_then(council: Council) -> None:
    adopted = apply(council, text(*SHORTER), date(2025, 3, 10))

    assert adopted.moved == ()
    assert council.due("frequency", "supervise_by", case="c1") == "2025-04-03"
    council.at("2025-03-10T00:00")
    assert council.due("frequency", "supervise_by", case="c1") == "2025-03-17"
    assert council.one("adoption").state == "in_force"
    assert_verifies(council)


def test_the_step_of_a_matter_is_dated_with_the_first_day(council: Council) -> None:
    apply(council, text(*SHORTER), date(2025, 3, 10))

    council.at("2025-03-12T12:00")

    case = council.one("frequency", case="c1")
    [step] = council.rows(steps, steps.c.matter_id == case.id, steps.c.trigger == "adopt")
    assert step.at.isoformat() == "2025-03-10T00:00:00+00:00"


# -- foreseeing
@pytest.mark.parametrize("since", [TODAY, date(2025, 3, 10)])
def test_a_dry_run_says_what_would_move_and_keeps_nothing(council: Council, since: date) -> None:
    before = council.counts()

    adopted = foresee(council, text(*SHORTER), since)

    assert told(adopted) == MOVED
    assert adopted.adoption is None
    assert council.counts() == before


def test_what_is_foreseen_is_what_happens(council: Council) -> None:
    carry = {"supervise_by": Carry.restart}
    council.at("2025-03-06T09:00")

    foreseen = foresee(council, text(*SHORTER), date(2025, 3, 6), **carry)

    assert told(foreseen) == told(apply(council, text(*SHORTER), date(2025, 3, 6), **carry))


def test_a_date_before_the_first_day_is_not_foreseen(council: Council) -> None:
    adopted = foresee(council, text(*SHORTER), date(2025, 5, 1))

    assert adopted.moved == ()


# -- refusals
def refused(council: Council, said: str, since: date = TODAY) -> Refused:
    """How a version is refused, dry and in earnest, with nothing kept."""
    before = council.counts()
    with pytest.raises(Refused) as dry:
        foresee(council, said, since)
    with pytest.raises(Refused) as real:
        apply(council, said, since)
    assert str(dry.value) == str(real.value)
    assert council.counts() == before
    return real.value


def mistakes(council: Council, said: str) -> list[str]:
    """What is wrong with a version, dry and in earnest, with nothing kept."""
    before = council.counts()
    with pytest.raises(PolicyMistake) as dry:
        foresee(council, said)
    with pytest.raises(PolicyMistake) as real:
        apply(council, said)
    assert str(dry.value) == str(real.value)
    assert council.counts() == before
    return str(real.value).splitlines()


def test_another_councils_policy_is_refused(council: Council) -> None:
    why = refused(council, shipped_text("leeds"))

    assert (why.guard, why.why) == (
        "policy_id", "The file is a version of 'leeds', and this council’s policy is 'darlington'.",
    )  # fmt: skip


@pytest.mark.parametrize("number", ["1", "0.9", "draft"])
def test_a_version_that_does_not_come_after_those_that_there_are_is_refused(council: Council, number: str) -> None:
    assert refused(council, text(number=number)).guard == "version"


def test_a_day_that_is_past_is_refused(council: Council) -> None:
    why = refused(council, text(), date(2025, 3, 2))

    assert why.guard == "in_force_from"
    assert why.why.endswith("give today or a later day.")


def test_a_day_before_a_version_that_is_announced_is_refused(council: Council) -> None:
    apply(council, text(), date(2025, 3, 10))

    why = refused(council, text(number="3"), date(2025, 3, 9))

    assert why.why == "version 2 comes into force on 2025-03-10, and a later version cannot come before it."


def test_a_file_with_mistakes_is_refused_with_all_of_them(council: Council) -> None:
    said = mistakes(council, text(("value = 10", "value = 0"), ('service = "children"', 'service = "pets"')))

    assert len(said) == 2
    assert all(line.startswith("ours.toml: ") for line in said)


def test_a_version_without_a_row_for_an_open_case_is_refused(council: Council) -> None:
    row = text().partition('[[frequency.rows]]\ncategory = "assessment"\n')[2].partition("\n\n")[0]

    said = mistakes(council, text((f'[[frequency.rows]]\ncategory = "assessment"\n{row}\n', "")))

    assert said == [
        "ours.toml: frequency.rows: found nothing, expected a row for the category 'assessment': case c1 has it."
    ]


def test_a_state_that_no_table_has_is_refused(council: Council) -> None:
    case = council.one("frequency", case="c2")

    def damage(work: Work) -> None:
        work.connection.execute(update(matters).where(matters.c.id == case.id).values(state="lost"))

    council.run(damage)

    [said] = mistakes(council, text())
    assert said.startswith("ours.toml: open matters: frequency: found lost, expected one of proposed, ")


# -- what is kept
def test_the_text_is_kept_as_it_came_with_its_first_day(council: Council) -> None:
    said = f"# Our own remark.\n{text(*SHORTER)}"

    apply(council, said, date(2025, 3, 10))

    rows = council.rows(policies, order=policies.c.in_force_from)
    assert [(row.version, row.in_force_from) for row in rows] == [("1", date(2024, 8, 14)), ("2", date(2025, 3, 10))]
    assert rows[1].text == said


def test_nothing_of_a_version_is_kept_where_its_transaction_fails(council: Council) -> None:
    before = council.counts()
    version = NewVersion(text(*SHORTER), "ours.toml", TODAY, {})

    def fails(work: Work) -> None:
        apply_policy(work, version, ADMIN)
        raise RuntimeError("the line went dead")

    with pytest.raises(RuntimeError, match="line went dead"):
        council.run(fails)

    assert council.counts() == before
    assert council.due("frequency", "supervise_by", case="c1") == "2025-04-03"


def test_nobody_is_told_twice_by_a_version_that_changes_nothing_more(council: Council) -> None:
    apply(council, text(*SHORTER))
    told_once = len(council.rows(outbox, outbox.c.kind == "deadline_moved"))

    adopted = apply(council, text(*SHORTER, number="3"))

    assert adopted.moved == ()
    assert len(council.rows(outbox, outbox.c.kind == "deadline_moved")) == told_once


def test_the_deadlines_that_may_be_named_are_those_of_the_matters_that_go_over(council: Council) -> None:
    names = {row.name for row in council.rows(deadlines)}

    assert set(CARRIED) == {"supervise_by", "target_by", "review_by", "review_reminder", "remind_by", "climb_by"}
    assert names & set(CARRIED) >= {"supervise_by"}

"""Programmes of audits on a real database: begun with the council, drawn by the clock, from all cases that are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from service.audit_programmes import begin_programmes
from service.storage.council_tables import policies
from service.storage.matter_tables import steps as step_rows
from tests.integration.council import Council
from workflows.audit_sampling import commitment, rank

if TYPE_CHECKING:
    from sqlalchemy import Row

    from workflows.model import Matter

NewCouncil = Callable[[str, str], Council]

PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date,app_roles
admin,Admin Example,admin@council.example,administrator,,,2018-01-08,administrator
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08,
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08,
sup2,Other Example,sup2@council.example,team_manager,lm,lm,2018-01-08,
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08,
aud,Audit Example,aud@council.example,quality_officer,lm,lm,2018-01-08,auditor
"""
CASES = "ref,worker_ref,category,closed_on\n" + "".join(f"c{n},wkr,family-support,\n" for n in range(1, 8))


def programme(found: Council, programme_id: str) -> Matter:
    """The programme of this id."""
    [one] = [m for m in found.matters("audit", kind="programme") if m.data["programme"] == programme_id]
    return one


def drawn(found: Council, matter: Matter) -> list[dict[str, Any]]:
    """What the last round says of what it has opened."""
    rows: list[Row[Any]] = found.rows(
        step_rows, step_rows.c.matter_id == matter.id, step_rows.c.trigger == "draw", order=step_rows.c.number
    )
    opened: list[dict[str, Any]] = rows[-1].data["drawn"]
    return opened


@pytest.mark.clause("CBC-49")
def test_the_clock_draws_from_the_open_cases_of_each_team_what_an_outsider_draws_again(council: NewCouncil) -> None:
    found = council("central-bedfordshire", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("cases", CASES + "c8,wkr,family-support,2025-03-20\nc9,wkr,family-support,2025-06-30\n")

    found.at("2025-04-01T09:00")

    [row] = drawn(found, programme(found, "monthly-cases"))
    refs = [*(f"c{n}" for n in range(1, 8)), "c9"]
    assert (row["for"], row["drawn_from"], row["commitment"]) == ("sup", 8, commitment(refs))
    assert row["case"] == min(refs, key=lambda ref: rank(row["seed"], ref))
    audit = found.one("audit", kind="case_sample")
    assert (str(audit.id), audit.case, audit.state, audit.holder_role) == (
        row["audit"],
        row["case"],
        "drawn",
        "auditor",
    )


@pytest.mark.clause("CBC-49")
def test_every_month_has_a_draw_of_its_own_and_no_case_comes_again(council: NewCouncil) -> None:
    found = council("central-bedfordshire", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("cases", CASES)

    found.at("2025-10-01T09:00")

    audited = [audit.case for audit in found.matters("audit", kind="case_sample")]
    assert len(audited) == len(set(audited)) == 7


@pytest.mark.clause("DAR-23")
def test_amber_cases_are_found_by_the_rating_in_force(council: NewCouncil) -> None:
    found = council("darlington", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("cases", "ref,worker_ref,category,rating\nc1,wkr,rated,amber\nc2,wkr,rated,red\nc3,wkr,assessment,\n")
    found.at("2025-04-01T09:00")
    assert found.one("audit", kind="rated").data["cases"] == ["c1"]

    found.take("cases", "ref,worker_ref,category,rating\nc1,wkr,rated,red\nc2,wkr,rated,amber\nc3,wkr,assessment,\n")
    found.at("2025-05-01T09:00")
    assert found.matters("audit", kind="rated")[-1].data["cases"] == ["c2"]


# -- which run
def test_a_new_council_has_the_programmes_that_run_by_themselves_and_an_import_adds_none(council: NewCouncil) -> None:
    found = council("central-bedfordshire", "2025-03-03T09:00")
    found.take("people", PEOPLE)
    found.take("people", PEOPLE)

    assert len(found.matters("audit", kind="programme")) == 4
    assert council("leeds", "2025-03-03T09:00").matters("audit") == []


def test_a_council_from_before_gains_its_programmes_with_its_next_list_of_people(council: NewCouncil) -> None:
    found = council("leeds", "2025-03-03T09:00")
    text = council("darlington", "2025-03-03T09:00").rows(policies)[0].text
    with found.door.database.write(found.id) as connection:
        connection.execute(update(policies).where(policies.c.organisation_id == found.id).values(text=text))
    found.door.pictures.forget(found.id)

    found.take("people", PEOPLE, dry_run=True)
    assert found.matters("audit") == []
    found.take("people", PEOPLE)
    found.run(begin_programmes)

    assert [m.data["programme"] for m in found.matters("audit", kind="programme")] == ["practice-review"]

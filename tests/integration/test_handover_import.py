"""A changed supervisor on the people's list opens a handover, and handing over lets in whoever receives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.matter_tables import matter_people
from tests.integration.council import Council
from workflows.handover_payloads import HandOver
from workflows.model import Actor, Matter
from workflows.payloads import Circulate, Nothing, OpenRecord
from workflows.record import RECORD
from workflows.vocabulary import RecordKind, Role

HEAD = "ref,name,email,job_role,line_manager_ref,supervisor_ref"
MANAGERS = (
    "lm,L,l@council.example,service_manager,,",
    "sup,S,s@council.example,team_manager,lm,lm",
    "sup2,T,t@council.example,team_manager,lm,lm",
)
SUP = Actor("sup")


def sheet(supervisor: str) -> str:
    workers = (f"{ref},W,{ref}@council.example,social_worker,{supervisor},{supervisor}" for ref in ("wkr", "wkr2"))
    return "\n".join((HEAD, *MANAGERS, *workers, ""))


@pytest.fixture
def staffed(council: Callable[[str, str], Council]) -> Council:
    made = council("north-somerset", "2025-03-03T09:00")
    made.take("people", sheet("sup"))
    return made


def record(council: Council, worker: str = "wkr", *, signed: bool = True) -> Matter:
    """A personal record by the supervisor: signed and closed, or a draft."""
    payload, begins = OpenRecord(supervisee=worker, kind=RecordKind.personal), RECORD.opening.begins
    assert begins is not None

    def written(work: Work) -> Matter:
        opening = begins(SUP, payload, work.opening_facts(())).with_id(new_id(work.now))
        matter = work.open(opening, SUP, Role.supervisor)
        if signed:
            work.fire(matter.id, "circulate", Circulate(), SUP)
            work.fire(matter.id, "sign", Nothing(), Actor(worker))
        return matter

    found: Matter = council.run(written)
    return found


def hand_over(council: Council) -> Matter:
    """The supervisor before hands the worker's records over."""
    matter = council.open_one("handover", supervisee="wkr")
    payload = HandOver(note="Three things to know.")
    found: Matter = council.run(lambda work: work.fire(matter.id, "hand_over", payload, SUP))
    return found


def people_on(council: Council, matter: Matter) -> set[str]:
    """Everybody who may see a matter by name."""
    return {row.person for row in council.rows(matter_people, matter_people.c.matter_id == matter.id)}


@pytest.mark.clause("NS-20")
def test_a_new_supervisor_on_the_list_opens_a_handover_that_says_what_it_covers(staffed: Council) -> None:
    for signed in (True, True, False):
        record(staffed, signed=signed)

    staffed.take("people", sheet("sup2"))

    handover = staffed.one("handover", supervisee="wkr")
    assert (handover.state, handover.holder, handover.supervisor) == ("to_hand_over", "sup", "sup2")
    assert handover.data["covers"] == {"records": 3, "open": {"record": 1, "entitlement": 1, "filing": 2}}
    assert staffed.one("handover", supervisee="wkr2").data["covers"] == {"records": 0, "open": {"entitlement": 1}}
    assert staffed.due("handover", "hand_over_by", supervisee="wkr") == "2025-03-10"
    assert staffed.told(handover, "handover_due") == {"sup"}


@pytest.mark.clause("NS-20")
def test_handing_over_lets_the_new_supervisor_in_on_every_record_of_that_worker_and_no_other(staffed: Council) -> None:
    closed, others, draft = record(staffed), record(staffed, "wkr2"), record(staffed, signed=False)
    staffed.take("people", sheet("sup2"))
    assert people_on(staffed, closed) == {"wkr", "sup"}
    assert people_on(staffed, draft) == {"wkr", "sup", "sup2"}

    given = hand_over(staffed)

    assert (given.state, given.holder) == ("handed_over", "sup2")
    assert people_on(staffed, closed) == people_on(staffed, draft) == {"wkr", "sup", "sup2"}
    assert people_on(staffed, others) == {"wkr2", "sup"}


def test_a_list_that_changes_no_supervisor_opens_nothing(staffed: Council) -> None:
    staffed.take("people", sheet("sup").replace("social_worker", "senior_social_worker"))

    assert staffed.matters("handover") == []


def test_a_second_change_takes_the_place_of_a_handover_that_is_open(staffed: Council) -> None:
    staffed.take("people", sheet("sup2"))

    staffed.take("people", sheet("lm"))

    assert sorted(m.state for m in staffed.matters("handover", supervisee="wkr")) == ["superseded", "to_hand_over"]
    assert (staffed.open_one("handover", supervisee="wkr").person) == "sup"

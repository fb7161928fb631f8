"""A version is announced for a day, comes into force with that day, and may be replaced before it."""

from __future__ import annotations

from datetime import date

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.new_versions import workers_every
from tests.unit.workflows.worker_stories import due, owed, personal
from workflows.vocabulary import Carry, Role, Status, Workflow

DAR = "darlington"
FIRST = date(2025, 3, 10)


def announced(**carry: Carry) -> FakeCouncil:
    """A council in which two weeks are announced for 10 March, a week ahead."""
    council = FakeCouncil(DAR)
    council.relist("adm", app_roles=frozenset({Role.administrator}))
    council.announce(workers_every(DAR, "2 weeks", "DAR-10"), FIRST, **carry)
    return council


def test_until_its_first_day_nothing_moves() -> None:
    council = announced()

    council.until("2025-03-09T23:59:59")

    assert council.only(Workflow.adoption).state == "announced"
    assert council.due(council.only(Workflow.adoption), "in_force_on") == date(2025, 3, 9)
    assert due(council) == date(2025, 4, 3)


def test_with_its_first_day_open_matters_go_over_to_it() -> None:
    council = announced()

    council.until("2025-03-10T00:00")

    adoption = council.only(Workflow.adoption)
    assert (adoption.state, [d.status for d in adoption.deadlines]) == ("in_force", [])
    assert due(council) == date(2025, 3, 17)
    [step] = [row for row in council.steps if row["matter_id"] == owed(council).id and row["trigger"] == "adopt"]
    assert step["at"].isoformat() == "2025-03-10T00:00:00+00:00"
    council.verify()


def test_administrators_are_told_in_working_hours_that_it_is_in_force() -> None:
    council = announced()

    council.until("2025-03-10T08:59")
    assert "policy_in_force" not in council.told("adm")
    council.until("2025-03-10T09:00")
    assert "policy_in_force" in council.told("adm")


def test_somebody_who_comes_between_the_two_days_goes_over_as_well() -> None:
    council = announced()
    council.until("2025-03-05T09:00")
    council.relist("new", job_role="social_worker", supervisor="sup", line_manager="sup")
    assert council.due(owed(council, who="new"), "supervise_by") == date(2025, 4, 3)

    council.until("2025-03-10T00:00")

    assert council.due(owed(council, who="new"), "supervise_by") == date(2025, 3, 17)


def test_a_session_before_the_first_day_is_what_a_recomputed_date_is_counted_from() -> None:
    council = announced()
    personal(council, "2025-03-06T11:00")
    assert due(council) == date(2025, 4, 6)

    council.until("2025-03-10T00:00")

    assert due(council) == date(2025, 3, 20)


def test_restarting_counts_from_the_first_day_and_keeping_leaves_the_date() -> None:
    restarted, kept = announced(supervise_by=Carry.restart), announced(supervise_by=Carry.keep)

    for council in (restarted, kept):
        council.until("2025-03-10T00:00")

    assert (due(restarted), due(kept)) == (date(2025, 3, 24), date(2025, 4, 3))


def test_a_date_that_a_session_has_renewed_since_the_first_day_is_not_started_again() -> None:
    council = FakeCouncil(DAR)
    personal(council, "2025-03-10T11:00")
    council.adopt(workers_every(DAR, "2 weeks", "DAR-10"))
    council.until("2025-03-12T09:00")

    council.tell(owed(council), "adopt", since=FIRST, deadlines={"supervise_by": Carry.restart})

    assert due(council) == date(2025, 3, 24)


def test_what_is_due_with_the_day_before_is_enforced_before() -> None:
    council = FakeCouncil(DAR)
    council.announce(workers_every(DAR, "3 months", "DAR-10"), date(2025, 4, 4))

    council.until("2025-04-04T00:00")

    late = owed(council)
    assert late.state == "overdue"
    missed = late.missed("supervise_by")
    assert missed is not None
    assert missed.status is Status.missed
    assert council.history(late) == ["open", "expire", "adopt"]


def test_a_version_that_is_announced_for_the_same_day_takes_the_place_of_the_one_before() -> None:
    council = announced(supervise_by=Carry.restart)

    council.announce(workers_every(DAR, "3 weeks", "DAR-10", "3"), FIRST)
    council.until("2025-03-10T00:00")

    states = {m.data["policy_version"]: m.state for m in council.find(Workflow.adoption)}
    assert states == {"2": "superseded", "3": "in_force"}
    assert due(council) == date(2025, 3, 24)
    assert owed(council).policy_version == "3"


def test_one_that_is_announced_for_another_day_leaves_it() -> None:
    council = announced()

    council.announce(workers_every(DAR, "3 weeks", "DAR-10", "3"), date(2025, 3, 12))
    council.until("2025-03-10T00:00")
    assert due(council) == date(2025, 3, 17)
    council.until("2025-03-12T00:00")

    assert due(council) == date(2025, 3, 24)
    assert [m.state for m in council.find(Workflow.adoption)] == ["in_force", "in_force"]


def test_of_two_versions_of_one_day_the_later_counts_by_number_and_not_by_letter() -> None:
    council = FakeCouncil(DAR)
    council.announce(workers_every(DAR, "2 weeks", "DAR-10", "9"))

    council.announce(workers_every(DAR, "3 weeks", "DAR-10", "10"))

    assert due(council) == date(2025, 3, 24)
    assert owed(council).policy_version == "10"


def test_nobody_moves_an_adoption_by_hand() -> None:
    council = announced()

    assert council.offered("adm", council.only(Workflow.adoption)) == set()


def test_the_offices_hear_of_a_version_that_somebody_announces() -> None:
    council = announced()
    matter = council.only(Workflow.adoption)

    assert council.told("hr1", matter) == ["policy_announced"]
    assert council.told("hos", matter) == ["policy_announced"]
    assert council.told("adm", matter) == []
    [notice] = [n for n in council.notices if n["to"] == "hr1" and n["kind"] == "policy_announced"]
    assert notice["subject"].endswith("comes into force on 10 March 2025")

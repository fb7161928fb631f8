"""What was kept before this service withheld it is withheld all the same where it is read."""

from __future__ import annotations

from datetime import date

from service.engine.withholding import told
from service.identity.access import Viewer
from service.identity.grounds import Office
from tests.fakes.council import ORGANISATION, FakeCouncil, at
from tests.unit.workflows.stories import away
from workflows.vocabulary import Workflow


def viewer(council: FakeCouncil, ref: str) -> Viewer:
    """Somebody of a council who asks."""
    office = Office(council.picture.directory.people[ref].app_roles, hr_reads=True, auditor_reads=True)
    return Viewer(ORGANISATION, ref, office, line_reads=True, supervisor=None, cover=None, now=council.now)


def test_a_plan_that_was_made_with_audits_shows_managers_none() -> None:
    council = FakeCouncil()
    absence = away(council, "sup", date(2025, 3, 3))
    work = [{"id": "1", "workflow": kind, "state": "open"} for kind in ("audit", "session")]
    kept = {"plan": [{"supervisee": "wkr", "matters": work}], "cover": {}}

    for who in ("lm", "hr1"):
        shown = told(viewer(council, who), absence, council.picture.directory)(kept)
        assert [one["workflow"] for one in shown["plan"][0]["matters"]] == ["session"]


def test_whose_return_a_session_waits_for_is_named_to_those_alone_who_know_why_they_are_away() -> None:
    council = FakeCouncil()
    away(council, "sup", date(2025, 3, 3))
    booking = {"supervisee": "wkr", "kind": "personal", "starts_at": at("2025-03-04T14:00"), "minutes": 60}
    session = council.open("sup", Workflow.session, **booking)
    council.move("wkr", session, "cancel", cause="diary", reason="A hearing.")
    owed = council.only(Workflow.cancellation)
    assert owed.data["waits_on"] == ["sup"]

    read = {
        who: told(viewer(council, who), owed, council.picture.directory)(owed.data) for who in ("lm", "hr1", "wkr2")
    }

    assert {who: data["waits_on"] for who, data in read.items()} == {"lm": ["sup"], "hr1": ["sup"], "wkr2": []}

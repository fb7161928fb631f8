"""What was kept before this service withheld it is withheld all the same where it is read."""

from __future__ import annotations

from datetime import date

from service.engine.withholding import told
from service.identity.access import Viewer
from service.identity.grounds import Office
from tests.fakes.council import ORGANISATION, FakeCouncil
from tests.unit.workflows.stories import away


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

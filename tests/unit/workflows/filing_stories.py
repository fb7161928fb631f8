"""How stories about filings begin: a record that both have signed, and the filing that follows."""

from __future__ import annotations

from typing import Any

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import C1, sent
from workflows.model import Matter
from workflows.vocabulary import Workflow


def council_of(policy: str = "north-somerset", **more: Any) -> FakeCouncil:
    """A council with a case, whatever its categories are called."""
    council = FakeCouncil(policy, **more)
    council.cases["c1"] = C1
    return council


def agreed(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A record with every signature that it needs."""
    record = sent(council, kind)
    return record if record.state == "agreed" else council.move("wkr", record, "sign")


def filing_of(council: FakeCouncil, record: Matter) -> Matter:
    """The one filing of a record."""
    return council.only(Workflow.filing, parent=record.id)


def to_file(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A filing that waits to be done."""
    return filing_of(council, agreed(council, kind))


def handed_over(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A filing whose record was put into the folder."""
    return council.tell(to_file(council, kind), "sent", via="folder", name="lcs/a", document="00ff")


def late(council: FakeCouncil) -> Matter:
    """A personal record's filing of Monday 3 March that is late from Tuesday 11 March on."""
    filing = to_file(council)
    council.until("2025-03-11T09:00")
    return council.matter(filing)

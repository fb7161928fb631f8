"""Records for others than their two parties: who has looked, what is given out, and copies for audits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from service.api.asking import Asking, Asks, Token, matter_id_of
from service.api.matters import Cursor, Limit
from service.engine.auditing import audit_copy
from service.engine.disclosing import Copying
from service.engine.portfolio import portfolio_copy
from service.engine.rows import Kept
from service.engine.views import View, list_views, note_views
from service.engine.withholding import handles_request
from service.identity.access import standing_of
from service.identity.grounds import OFFICE
from service.problems import Problem, not_here
from workflows.model import Matter
from workflows.vocabulary import ReleaseKind, Role, Workflow

router = APIRouter(tags=["disclosure"])
#: The states in which there is something to copy; the people concerned have theirs when it was given out.
_LOOKED_THROUGH = frozenset({"in_review", "awaiting_notice", "disclosed"})


@router.get("/matters/{matter_id}/views", summary="Who has looked into a matter")
def views(matter_id: str, token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Everybody who opened it though it is not their own, newest first; for whoever may read it."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        _readable(asking, wanted)
        return list_views(asking.reader, wanted, cursor, limit)


@router.get("/me/views", summary="Who has looked into what is about you")
def my_views(token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Everybody who opened a matter about you though it is not their own, newest first."""
    with asks.reading(token) as asking:
        return list_views(asking.reader, None, cursor, limit)


def _readable(asking: Asking, matter_id: UUID) -> int:
    """How the asker stands to a matter whose content they may read. Raises Problem 404."""
    standing = standing_of(asking.connection, asking.reader.viewer, matter_id)
    if not asking.reader.viewer.reads(standing):
        raise not_here()
    return standing


# -- the copy of what is given out
@router.get("/disclosures/{matter_id}/copy", summary="The copy that is given out")
def copy(matter_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """The records with their sections, what is withheld marked by its ground; your own alone, unless you handle it."""
    wanted = matter_id_of(matter_id)
    return asks.writing(token, lambda asking: copying(asking, wanted).copy())


def copying(asking: Asking, matter_id: UUID, only: UUID | None = None) -> Copying:
    """The copy of a request, or of one of its records, as the asker may have it; whoever handles it is written down.

    Raises Problem 404, 403 and 409.
    """
    request = request_of(asking, matter_id)
    is_handler = handles(asking, request)
    records = [r for r in request.data["records"] if only is None or r["id"] == str(only)]
    own = [r["id"] for r in records if is_handler or asking.ref in (r["supervisee"], r["supervisor"])]
    if not is_handler and asking.ref not in request.data["people"]:
        raise Problem(403, "not_your_move", "The copy is for whoever handles the request, and for those it is about.")
    if request.state not in (_LOOKED_THROUGH if is_handler else {"disclosed"}):
        raise Problem(409, "refused", "There is no copy: the records were not looked through.", guard="state")
    if only is not None and not own:
        raise not_here()
    found = [UUID(record) for record in own]
    if is_handler:
        note_views(asking.reader, (View(record, "disclosure", OFFICE, None, matter_id) for record in found))
    return Copying(asking.reader, request, found)


def request_of(asking: Asking, matter_id: UUID) -> Matter:
    """A request for records that the asker may read. Raises Problem 404."""
    _readable(asking, matter_id)
    return _kept(asking, matter_id, Workflow.disclosure).matter


def handles(asking: Asking, request: Matter) -> bool:
    """Whether the asker is of human resources and has no part in a request."""
    return handles_request(asking.reader.viewer, request)


def _kept(asking: Asking, matter_id: UUID, workflow: Workflow) -> Kept:
    """A matter of this workflow that the asker may see. Raises Problem 404."""
    found = asking.rows.matters([matter_id], lock=False)
    if not found or found[0].matter.workflow is not workflow:
        raise not_here()
    return found[0]


# -- audits
@router.get("/records/{matter_id}/audit-copy", summary="A record for an audit")
def for_audit(matter_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """A record with the set words for what it says about wellbeing, and the proof that nothing else was changed."""
    wanted = matter_id_of(matter_id)
    return asks.writing(token, lambda asking: _for_audit(asking, wanted))


def _for_audit(asking: Asking, matter_id: UUID) -> dict[str, Any]:
    standing = _readable(asking, matter_id)
    kept = _kept(asking, matter_id, Workflow.record)
    asking.must_be(Role.auditor)
    note_views(asking.reader, [View(matter_id, "audit_copy", standing)])
    return audit_copy(asking.reader, kept.matter, kept.head)


# -- portfolios
@router.get("/records/{matter_id}/portfolio-copy", summary="Your record for a portfolio")
def for_portfolio(matter_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """A final record of your own supervision with cases and colleagues withheld, for you to read through and keep."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        _readable(asking, wanted)
        record = _kept(asking, wanted, Workflow.record).matter
        if asking.ref != record.supervisee:
            raise Problem(403, "not_your_move", "A copy for a portfolio is for whoever was supervised.")
        policy = asking.reader.picture.policies[record.policy, record.policy_version]
        if policy.disclosure.of(ReleaseKind.portfolio).anonymous_clause is None:
            why = "Under this policy human resources give out records for a portfolio: ask them for one."
            raise Problem(409, "refused", why, guard="policy")
        if record.closed_at is None or record.state == "withdrawn":
            raise Problem(409, "refused", "Only a final record goes into a portfolio: wait until it is.", guard="state")
        return portfolio_copy(asking.reader, record)

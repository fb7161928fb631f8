"""Requests for supervision records: taken in by human resources, looked through, given out, or passed on."""

from __future__ import annotations

from service.examples.acts import Acts
from service.examples.scene import Seen
from workflows.calendar import local_day
from workflows.disclosure_payloads import Disclose, OpenDisclosure
from workflows.payloads import Nothing, Reason
from workflows.vocabulary import ReleaseKind, Role, Workflow

#: How often somebody asks, as a share of the working days of a council.
_ASKED = 1 / 40
#: Working days until a request is looked at, and until what it asks for goes out.
_LOOKED_AT, _GIVEN_OUT = 3, 7


def access_requests(acts: Acts) -> None:
    """A morning's requests: a family's about a case where cases are supervised, else a worker's about their own."""
    opened = acts.waiting(Workflow.disclosure)
    for request in opened:
        _deal_with(acts, request)
    if acts.chance.happens(_ASKED, "asks for records", acts.today) and not opened:
        _take_in(acts)


def _take_in(acts: Acts) -> None:
    cases = sorted({duty.case for duty in acts.scene.duties if duty.case})
    kind = ReleaseKind.access_to_files
    if cases:
        case = acts.chance.pick(cases, "asked about", acts.today)
        data = OpenDisclosure(about="case", kind=kind, requester="A parent", case=case)
    else:
        people = [ref for ref in sorted(acts.directory.people) if acts.directory.supervisor_of(ref) and acts.able(ref)]
        own = acts.chance.pick(people, "asks", acts.today)
        data = OpenDisclosure(about="person", kind=kind, requester="The worker", requested_by=own, supervisee=own)
    ref = _of_hr(acts, data.supervisee)
    if ref is not None:
        acts.open(Workflow.disclosure, data, ref)


def _deal_with(acts: Acts, request: Seen) -> None:
    ref = _of_hr(acts, *request.data["people"])
    opened = local_day(request.opened_at)
    if ref is None or not acts.working_days_since(opened, _LOOKED_AT):
        return
    if request.data["to_information_governance"]:
        reason = "Information governance answers requests like this one."
        acts.move(request.id, "refer", Reason(reason=reason), ref)
    elif request.state == "requested":
        acts.move(request.id, "review", Nothing(), ref)
    elif acts.working_days_since(opened, _GIVEN_OUT):
        acts.move(request.id, "disclose", Disclose(paper_notes="reviewed"), ref)


def _of_hr(acts: Acts, *apart: str | None) -> str | None:
    able = (ref for ref in acts.directory.with_app_role(Role.hr, acts.today) if ref not in apart and acts.able(ref))
    return next(able, None)

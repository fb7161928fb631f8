"""Which records a request is about, whose they are, and what the policy says of such a request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from workflows.disclosure_payloads import OpenDisclosure
from workflows.model import Actor, Facts, Matter, Opening, Selector
from workflows.policy_disclosure import ReleaseRule
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, ReleaseKind, Role, Workflow


def release_rule(turn: Turn) -> ReleaseRule:
    """What the policy says of this kind of request."""
    return turn.facts.policy.disclosure.of(turn.matter.kind)


def who_opens(actor: Actor, _data: OpenDisclosure, facts: Facts) -> Role | None:
    """Human resources take requests in (product default)."""
    person = facts.directory.get(actor.ref)
    return Role.hr if person is not None and Role.hr in person.app_roles else None


def begins(actor: Actor, data: OpenDisclosure, _facts: Facts) -> Opening:
    """The opening of a request. While telling people is put off, its subject does not see it either."""
    delay = data.delay
    return Opening(
        Workflow.disclosure,
        kind=data.kind.value,
        supervisee=None if delay else data.supervisee,
        case=data.case,
        data={
            "opened_by": actor.ref,
            "about": data.about,
            "subject": data.supervisee,
            "requested_by": data.requested_by,
            "own_request": data.requested_by is not None and data.requested_by == data.supervisee,
            "wanted": None if data.records is None else [str(record) for record in data.records],
            "authorised_by": delay.authorised_by if delay else None,
            "redactions": [],
        },
        texts={"requester": data.requester, **({"authority": delay.authority} if delay else {})},
    )


def records_asked_for(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    """The records named, or else every one of the worker or the case."""
    wanted = opening.data["wanted"]
    if wanted is not None:
        return [Selector(Workflow.record, id=UUID(record)) for record in wanted]
    if opening.case is not None:
        return [Selector(Workflow.record, case=opening.case, closed_too=True)]
    return [Selector(Workflow.record, supervisee=opening.data["subject"], closed_too=True)]


def in_scope(turn: Turn) -> list[Matter]:
    """The records that exist to be disclosed, oldest first: drafts as they stand, withdrawn and disposed ones not."""
    fitting = [matter for matter in turn.facts.related if _fits(turn, matter)]
    return sorted(fitting, key=lambda matter: (matter.opened_at, matter.id))


def _fits(turn: Turn, record: Matter) -> bool:
    subject, data = turn.matter.case, turn.matter.data
    belongs = record.case == subject if subject else record.supervisee == data["subject"]
    is_meant = turn.matter.kind != ReleaseKind.portfolio or record.kind == RecordKind.personal
    return belongs and is_meant and record.state != "withdrawn" and not record.data.get("disposed_on")


def concerned(turn: Turn, records: Iterable[Matter]) -> list[str]:
    """Everybody who supervises or is supervised in these records; where there is none, the worker asked about."""
    refs = {ref for record in records for ref in (record.supervisee, record.supervisor)}
    return sorted(ref for ref in refs or {turn.matter.data["subject"]} if ref)


def goes_to_information_governance(turn: Turn) -> bool:
    """Whether the request is not decided here: the policy says nothing of it, or a worker asks for their own data."""
    return release_rule(turn).refer or _is_own_data(turn)


def _is_own_data(turn: Turn) -> bool:
    return turn.matter.kind == ReleaseKind.access_to_files and bool(turn.matter.data["own_request"])


# -- checks of the opening
def subject_is_known(turn: Turn) -> str | None:
    """Whether the worker, the case and the colleague who asks are on the council's lists."""
    known = turn.facts.directory.people
    for ref in (turn.matter.data["subject"], turn.matter.data["requested_by"]):
        if ref is not None and ref not in known:
            return f"Nobody on the list has the ref {ref!r}."
    if turn.matter.case is not None and turn.matter.case not in turn.facts.cases:
        return f"There is no case {turn.matter.case!r} on the list."
    return None


def records_fit(turn: Turn) -> str | None:
    """Whether there is something to decide on, and every record that is named belongs to it."""
    found = {str(record.id) for record in in_scope(turn)}
    lacking = [record for record in turn.matter.data["wanted"] or () if record not in found]
    if lacking:
        return f"Record {lacking[0]} is none of this worker or case, or there is nothing in it to disclose."
    if not found and not goes_to_information_governance(turn):
        return "There is no record to disclose."
    return None


def is_not_about_oneself(turn: Turn) -> str | None:
    """Nobody takes in a request about records of their own."""
    parties: set[Any] = {
        turn.matter.data["subject"],
        turn.matter.data["requested_by"],
        *concerned(turn, in_scope(turn)),
    }
    if turn.actor.ref in parties:
        return f"Nobody handles a request about records of their own ({release_rule(turn).clause})."
    return None


def personal_may_go(turn: Turn) -> str | None:
    """Personal supervision is not disclosed where the policy keeps it back (CBC-65)."""
    rule = release_rule(turn).personal
    if rule.value or _is_own_data(turn) or all(record.kind != RecordKind.personal for record in in_scope(turn)):
        return None
    return f"Records of personal supervision are not disclosed to such a request ({rule.clause}). {rule.note}".strip()

"""A record that is disputed: the dispute that opens, the amendment that only the supervisor makes, and the ruling."""

from __future__ import annotations

from datetime import datetime

from workflows import record_filed
from workflows.calendar import local_day
from workflows.consequence_payloads import Settled
from workflows.model import Opening, Selector
from workflows.payloads import Amend, DisputeRecord, ObjectLate
from workflows.record_form import write_sections
from workflows.signing import start_signing
from workflows.turn import Turn
from workflows.vocabulary import DisputeAbout, Outcome, Status, Workflow


# -- disputing
def dispute(turn: Turn, data: DisputeRecord) -> None:
    """The supervisee does not accept the record, in time or after a deeming that was unsafe."""
    for name in ("sign_by", "dispute_by"):
        turn.close(name, Status.superseded)
    record_filed.end_filing(turn)
    turn.keep(disputable=False, note_owed=False)
    turn.write(passages="\n".join(data.passages))
    _open_dispute(turn, data.statement)


def object_late(turn: Turn, data: ObjectLate) -> None:
    """The objection to a record that is final without the supervisee is kept as an addendum; the state stays (E7)."""
    turn.note(addendum=True)
    _open_dispute(turn, data.statement)


def _open_dispute(turn: Turn, statement: str) -> None:
    """Open a dispute, or join the one that is open."""
    turn.clause = turn.facts.policy.dispute.record.clause
    turn.write(statement=statement)
    if turn.data.get("dispute") is None:
        opened = turn.open(
            Opening(
                Workflow.dispute,
                kind=DisputeAbout.record,
                supervisee=turn.matter.supervisee,
                supervisor=turn.supervisor,
                case=turn.matter.case,
                data={"opened_by": turn.actor.ref, "about": DisputeAbout.record.value},
                texts={"statement": statement},
            )
        )
        turn.keep(dispute=str(opened))
    turn.note(dispute=turn.data["dispute"])


# -- amending
def discussed_in_time(turn: Turn, data: Amend) -> str | None:
    """Whether the record was talked over between its being sent and today (CBC-44)."""
    sent_on = local_day(datetime.fromisoformat(turn.matter.data["circulated_at"]))
    if sent_on <= data.discussed_on <= turn.on:
        return None
    return "Say on which day, since the record was sent, it was talked over with the supervisee."


def amend(turn: Turn, data: Amend) -> None:
    """Only the supervisor amends, after talking it over; earlier signatures are void, both texts are kept (CBC-44)."""
    turn.clause = turn.facts.policy.dispute.record.clause
    turn.note(discussed_on=data.discussed_on.isoformat())
    turn.meet("amend_by")
    turn.columns["ladder"] = None
    turn.keep(revision=turn.matter.data["revision"] + 1, amend_missed=False)
    turn.then(Selector(Workflow.dispute, parent=turn.matter.id), "amended", by=turn.actor.ref)
    write_sections(turn, data.sections)
    send(turn)


def send(turn: Turn) -> None:
    """Send the record to be signed: that counts as the supervisor's signature."""
    turn.keep(signed={"supervisor": turn.now.isoformat()}, circulated_at=turn.now.isoformat())
    start_signing(turn)


# -- the ruling
def amend_asked(turn: Turn, data: Settled) -> None:
    """The ruling has the record amended: it stays disputed, and with its supervisor."""
    _note_ruling(turn, data)
    turn.close("sign_by", Status.superseded)
    turn.set("amend_by", turn.count(turn.facts.policy.record.amend_by.term, "decided", turn.window_start))
    disputed_waits(turn)
    turn.tell(turn.supervisor, "amend_asked", "A record is to be amended", urgent=True)


def disputed_waits(turn: Turn) -> None:
    """A disputed record waits for its dispute, or for the amendment that was ruled."""
    turn.hold(turn.supervisor if turn.live("amend_by") else None)


def asks_for_amendment(_turn: Turn, data: Settled) -> str | None:
    """Whether the ruling has the record amended."""
    return None if data.outcome == Outcome.amend_record else "The record is not to be amended."


def needs_no_amendment(turn: Turn, data: Settled) -> str | None:
    """Whether the ruling settles the record as it is."""
    return "The record is to be amended first." if asks_for_amendment(turn, data) is None else None


def settle(turn: Turn, data: Settled) -> None:
    """The dispute is over: the supervisee's comments or the ruling stay attached (NS-17, DAR-34, HAR-31)."""
    _note_ruling(turn, data)
    turn.tell((turn.matter.supervisee, turn.supervisor), "settled", "A disputed record is settled")


def attach(turn: Turn, data: Settled) -> None:
    """A record that was final before it was objected to stays so; the ruling is attached (workflows.md 3)."""
    _note_ruling(turn, data)


def _note_ruling(turn: Turn, data: Settled) -> None:
    turn.note(outcome=data.outcome, dispute=str(data.dispute))
    turn.keep(outcome=data.outcome, dispute=None)


def reopen(turn: Turn, data: Settled) -> None:
    """A withdrawn dispute leaves the record as it was, with a new window to sign it."""
    turn.note(dispute=str(data.dispute))
    turn.keep(dispute=None)
    start_signing(turn)


def detach(turn: Turn, data: Settled) -> None:
    """A withdrawn dispute changes nothing about a record that was final before."""
    turn.note(dispute=str(data.dispute))
    turn.keep(dispute=None)


def end_dispute(turn: Turn) -> None:
    """An amended record that is signed or deemed ends its dispute as agreed (workflows.md 4)."""
    if turn.matter.data.get("dispute"):
        turn.keep(dispute=None)
        turn.then(Selector(Workflow.dispute, parent=turn.matter.id), "settle", why="amended record accepted")

"""Records: written, sent, signed, left to silence or disputed."""

from __future__ import annotations

from datetime import date, datetime

from service.examples.acts import Acts
from service.examples.scene import Seen, seen
from service.examples.wording import note
from workflows.calendar import local_day
from workflows.payloads import (
    Amend,
    Circulate,
    Delegate,
    DisputeRecord,
    Note,
    Nothing,
    ObjectLate,
    Reason,
    WriteSections,
)
from workflows.policy_forms import Form
from workflows.record_form import kept_form
from workflows.vocabulary import Role, Workflow

#: Working days after which a record is sent, by how often: the last kind is late.
_SENT_AFTER = ((0.35, 0), (0.65, 1), (0.82, 2), (0.92, 3), (0.96, 4), (1.0, 8))
#: Working days after which it is signed, by how often; what is left is not signed in any window.
_SIGNED_AFTER = ((0.4, 0), (0.65, 1), (0.8, 2), (0.93, 3))
#: Where nobody's silence counts as consent, those who are slow sign after this many working days.
_SIGNED_LATE = (6, 13)
_DISPUTED, _WITHDRAWN, _DELEGATED, _OBJECTED = 0.015, 0.006, 0.08, 0.05
#: Shares of disputes that the supervisor settles by amending the record, and when (working days).
_AMENDS, _AMENDED_AFTER = 0.25, 2
#: Working days until the note that closes a record that silence accepted.
_NOTED_AFTER = 2


def write_up(acts: Acts) -> None:
    """An afternoon: what was held today is written down, and some of it sent at once."""
    for record in _new(acts):
        if record.data.get("recorder") == record.supervisee and acts.able(record.supervisee):
            acts.move(
                record.id, "write", WriteSections(sections=_sections(acts, record, half=False)), record.supervisee
            )
        elif not acts.able(record.supervisor):
            continue
        elif _day_sent(acts, record) <= acts.today:
            _send(acts, record, record.supervisor)
        elif _delegates(acts, record):
            _delegate(acts, record)
        elif acts.chance.happens(0.5, *key(record), "written"):
            acts.move(record.id, "write", WriteSections(sections=_sections(acts, record, half=True)), record.supervisor)


def _new(acts: Acts) -> list[Seen]:
    """The drafts that today's sessions have opened."""
    live = (one.matter for one in acts.work.live.values())
    drafts = [m for m in live if m.workflow is Workflow.record and m.version == 1 and m.state == "draft"]
    return sorted(map(seen, drafts), key=lambda one: (one.supervisee or "", one.case or "", one.kind or ""))


def deal_with(acts: Acts) -> None:
    """A morning: drafts go out, and what came in is signed or not."""
    for record in (*acts.waiting(Workflow.record), *acts.scene.disputed):
        match record.state:
            case "draft":
                _deal_with_draft(acts, record)
            case "awaiting_signature":
                _deal_with_signature(acts, record)
            case "disputed":
                _amend(acts, record)
            case _:
                _close(acts, record)


def key(record: Seen) -> tuple[object, ...]:
    """What tells one record from the others, the same in every run."""
    return record.supervisee, record.kind, record.case, local_day(record.opened_at)


# -- sending
def _deal_with_draft(acts: Acts, record: Seen) -> None:
    delegate = record.data.get("delegate")
    writer = delegate if acts.able(delegate) else record.supervisor
    if not acts.able(writer) or _day_sent(acts, record) > acts.today:
        return
    if acts.chance.happens(_WITHDRAWN, *key(record), "withdrawn"):
        reason = Reason(reason="It was opened for the wrong session.")
        acts.move(record.id, "withdraw", reason, record.supervisor)
    else:
        _send(acts, record, writer)


def _day_sent(acts: Acts, record: Seen) -> date:
    """The day on which it goes out: today already where the limit would be over by then and it is not to be late."""
    opened = local_day(record.opened_at)
    draw = acts.chance.of(*key(record), "sent")
    days = next(days for share, days in _SENT_AFTER if draw < share)
    day = acts.work.picture.calendar.add_working_days(opened, days)
    late = days == _SENT_AFTER[-1][1]
    over = record.next_due is not None and local_day(record.next_due) <= day
    return opened if over and not late else day


def _send(acts: Acts, record: Seen, writer: str | None) -> None:
    acts.move(record.id, "circulate", Circulate(sections=_sections(acts, record, half=False)), writer)


def _sections(acts: Acts, record: Seen, *, half: bool) -> dict[str, str]:
    """The sections that must be filled, and now and then another one; `half` of them for a first draft."""
    form, filled = _form(acts, record), record.data.get("filled", ())
    day = acts.policy.record.of(record.kind).discussed_again
    own = [
        section for section in form.sections
        if section.name in form.written_by("supervisor") and not (day and section.name == day.section)
    ]  # fmt: skip
    empty = {section["name"] for section in record.data["empty_sections"]}
    names = [s.name for s in own if s.required or s.name in empty or acts.chance.happens(0.15, *key(record), s.name)]
    missing = [name for name in names if name not in filled]
    return {name: note(acts.chance, *key(record), name) for name in (missing[::2] if half else missing)}


def _form(acts: Acts, record: Seen) -> Form:
    return kept_form(acts.policy, record.kind, record.data["form"])


def _delegates(acts: Acts, record: Seen) -> bool:
    allowed = acts.policy.record.of(record.kind).delegate is not None
    return allowed and acts.chance.happens(_DELEGATED, *key(record), "delegated")


def _delegate(acts: Acts, record: Seen) -> None:
    support = [ref for ref in acts.directory.with_app_role(Role.business_support, acts.today) if acts.able(ref)]
    if support:
        person = acts.chance.pick(support, *key(record), "delegate")
        acts.move(record.id, "delegate", Delegate(person=person), record.supervisor)


# -- signing
def _deal_with_signature(acts: Acts, record: Seen) -> None:
    if not acts.able(record.supervisee):
        return
    sent = local_day(datetime.fromisoformat(record.data["circulated_at"]))
    again = record.data["revision"] > 1 or record.data.get("dispute") is not None
    if not again and acts.chance.happens(_DISPUTED, *key(record), "disputed"):
        if acts.working_days_since(sent, 2):
            data = DisputeRecord(statement="This is not how I remember it.", passages=["The second paragraph."])
            acts.move(record.id, "dispute", data, record.supervisee)
    elif acts.working_days_since(sent, _signed_after(acts, record)):
        acts.move(record.id, "sign", Nothing(), record.supervisee)


def _signed_after(acts: Acts, record: Seen) -> int:
    draw = acts.chance.of(*key(record), "signed", record.data["revision"])
    late = acts.chance.whole(*_SIGNED_LATE, *key(record), "late")
    return next((days for share, days in _SIGNED_AFTER if draw < share), late)


# -- after silence, and in dispute
def _close(acts: Acts, record: Seen) -> None:
    """A record that silence accepted is closed with a note; a few people object first."""
    deemed = local_day(datetime.fromisoformat(record.data["deemed_at"]))
    objects = acts.chance.happens(_OBJECTED, *key(record), "objects")
    if objects and acts.able(record.supervisee) and not record.data.get("dispute"):
        objection = ObjectLate(statement="I was in court all week and do not agree with the second point.")
        acts.move(record.id, "object_late", objection, record.supervisee)
    elif acts.able(record.supervisor) and acts.working_days_since(deemed, _NOTED_AFTER):
        closing = Note(note="Not signed in time; closed as the policy says.")
        acts.move(record.id, "note_closure", closing, record.supervisor)


def _amend(acts: Acts, record: Seen) -> None:
    """The supervisor amends where a manager asked for it, or where the two have talked it over."""
    asked = record.holder is not None
    talked = acts.chance.happens(_AMENDS, *key(record), "amends")
    disputed = local_day(record.last_at)
    if not (asked or talked) or not acts.able(record.supervisor) or not acts.able(record.supervisee):
        return
    if acts.working_days_since(disputed, _AMENDED_AFTER):
        sections = {_form(acts, record).sections[0].name: note(acts.chance, *key(record), "amended")}
        acts.move(record.id, "amend", Amend(discussed_on=acts.today, sections=sections), record.supervisor)

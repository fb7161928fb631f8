"""Disagreements: talked over and settled, withdrawn, taken up the line, or left until they climb by themselves."""

from __future__ import annotations

from datetime import timedelta

from service.examples.acts import Acts
from service.examples.scene import Seen
from service.examples.wording import note
from workflows.calendar import local_day
from workflows.payloads import Agree, Decide, Meet, Nothing, OpenDispute
from workflows.vocabulary import DisputeAbout, Outcome, Workflow

_HOUR = timedelta(hours=1)
#: How often somebody raises a disagreement about something else than a record, as a share of their working days.
_RAISED = 1 / 3000
#: What becomes of a disagreement: the shares that end in an agreement, go up, or are withdrawn; the others wait.
_AGREED, _UP, _WITHDRAWN = 0.5, 0.75, 0.85
#: Working days until the first of the two acts, and until a manager has met both and decides.
_ACTS_AFTER, _DECIDES_AFTER = 2, 2
_OUTCOMES = (Outcome.record_stands, Outcome.attach_comments, Outcome.amend_record)
_OTHER_OUTCOMES = (Outcome.record_stands, Outcome.attach_comments, Outcome.change_supervisor)


def quarrels(acts: Acts) -> None:
    """A morning's disagreements."""
    opened = acts.waiting(Workflow.dispute)
    for dispute in opened:
        if dispute.state == "in_discussion":
            _talk(acts, dispute)
        elif acts.able(dispute.holder) and acts.working_days_since(local_day(dispute.last_at), _DECIDES_AFTER):
            _hear(acts, dispute)
    quarrelling = {dispute.supervisee for dispute in opened}
    for ref in sorted(acts.directory.people.keys() - quarrelling):
        if acts.able(ref) and acts.chance.happens(_RAISED, ref, "raises", acts.today):
            _raise(acts, ref)


def _raise(acts: Acts, ref: str) -> None:
    if acts.directory.supervisor_of(ref) is None:
        return
    about = acts.chance.pick((DisputeAbout.casework, DisputeAbout.relationship, DisputeAbout.other), ref, acts.today)
    data = OpenDispute(supervisee=ref, about=about, statement="I see this differently and would like it looked at.")
    acts.open(Workflow.dispute, data, ref)


# -- between the two
def _talk(acts: Acts, dispute: Seen) -> None:
    other = dispute.data.get("proposed_by")
    if other:
        _confirm(acts, dispute, dispute.supervisor if other == dispute.supervisee else dispute.supervisee)
        return
    if not acts.working_days_since(local_day(dispute.last_at), _ACTS_AFTER) or not acts.able(dispute.supervisee):
        return
    draw = acts.chance.of(dispute.supervisee, "quarrel", local_day(dispute.opened_at))
    if draw < _AGREED or (draw < _UP and not _goes_up(acts, dispute)):
        data = Agree(proposal=note(acts.chance, dispute.supervisee, acts.today))
        acts.move(dispute.id, "agree", data, dispute.supervisee)
    elif draw < _UP:
        acts.move(dispute.id, "escalate", Nothing(), dispute.supervisee)
    elif draw < _WITHDRAWN:
        acts.move(dispute.id, "withdraw", Nothing(), dispute.supervisee)


def _goes_up(acts: Acts, dispute: Seen) -> bool:
    """Whether there is anybody to go to: where an agreement is to name them, nobody is named here."""
    return acts.policy.dispute.route(DisputeAbout(dispute.data["about"])).route != "named_person"


def _confirm(acts: Acts, dispute: Seen, ref: str | None) -> None:
    if acts.able(ref):
        acts.move(dispute.id, "agree", Agree(), ref)


# -- above them
def _hear(acts: Acts, dispute: Seen) -> None:
    """First a meeting of the three, then the decision."""
    parties = [ref for ref in (dispute.supervisee, dispute.supervisor) if ref]
    if not dispute.data.get("meetings"):
        data = Meet(at=acts.work.now + 2 * _HOUR, told=parties)
        acts.move(dispute.id, "meet", data, dispute.holder)
        return
    about_a_record = dispute.data["about"] == DisputeAbout.record
    outcome = acts.chance.pick(
        _OUTCOMES if about_a_record else _OTHER_OUTCOMES, dispute.supervisee, "outcome", local_day(dispute.opened_at)
    )
    reasons = "Both were heard; this follows best from what was agreed at the time."
    acts.move(dispute.id, "decide", Decide(outcome=outcome, reasons=reasons), dispute.holder)

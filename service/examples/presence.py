"""Who is away: sickness and leave, who covers for whom meanwhile, and coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from service.examples.acts import Acts
from service.examples.leave import long_leave_from
from service.examples.scene import Seen
from workflows.calendar import local_day
from workflows.payloads import AssignCover, OpenAbsence, Reason, Return
from workflows.vocabulary import AbsenceCause, Workflow

_DAY = timedelta(days=1)
#: How often somebody falls ill, as a share of working days; and how often others are told for how long.
_FALLS_ILL, _SAYS_HOW_LONG = 1 / 120, 0.4
#: Days of an illness, by how often it lasts so long: the last kind makes cover needed.
_LENGTHS = ((0.7, 1, 4), (0.94, 5, 11), (1.0, 18, 45))
#: Working days after which cover that was given for good is made so.
_FOR_GOOD = 4
_LEFT = "left"


def presence(acts: Acts) -> None:
    """A morning's comings and goings."""
    opened = acts.scene.absences
    for absence in opened:
        if absence.state in ("awaiting_cover", "with_senior_manager"):
            _cover(acts, absence)
        if absence.kind is None and absence.data["cause"] != _LEFT:
            _return(acts, absence)
        elif absence.state == "covered":
            _make_permanent(acts, absence)
    known = {absence.person for absence in opened}
    for ref in sorted(acts.directory.people.keys() - known):
        if acts.able(ref):
            _go(acts, ref)


# -- coming back
def _return(acts: Acts, absence: Seen) -> None:
    first = date.fromisoformat(absence.data["first_day"])
    back = _back(acts, absence, first)
    if first <= acts.today and back <= acts.today:
        acts.move(absence.id, "return", Return(last_day=max(back - _DAY, first)), absence.person)


def _back(acts: Acts, absence: Seen, first: date) -> date:
    expected = absence.data.get("expected_return")
    return date.fromisoformat(expected) if expected else first + _length(acts, absence.person or "", first) * _DAY


def _length(acts: Acts, ref: str, first: date) -> int:
    draw = acts.chance.of(ref, "length", first)
    low, high = next((low, high) for share, low, high in _LENGTHS if draw < share)
    return acts.chance.whole(low, high, ref, "days", first)


# -- going
def _go(acts: Acts, ref: str) -> None:
    tomorrow = acts.today + _DAY
    ahead = acts.work.picture.calendar.first_working_day(tomorrow)
    leave = long_leave_from(acts.chance, ref, tomorrow, ahead)
    if leave:
        first, back = leave
        data = OpenAbsence(person=ref, first_day=first, expected_return=back, cause=AbsenceCause.planned)
        acts.open(Workflow.absence, data, ref)
    elif acts.chance.happens(_FALLS_ILL, ref, "ill", acts.today):
        _fall_ill(acts, ref)


def _fall_ill(acts: Acts, ref: str) -> None:
    """The manager writes it down, or the person where there is none at work."""
    told = acts.chance.happens(_SAYS_HOW_LONG, ref, "told", acts.today)
    back = acts.today + _length(acts, ref, acts.today) * _DAY if told else None
    cause = AbsenceCause.unplanned if acts.chance.happens(0.1, ref, "cause", acts.today) else AbsenceCause.sickness
    manager = acts.directory.manager_of(ref)
    data = OpenAbsence(person=ref, first_day=acts.today, expected_return=back, cause=cause)
    acts.open(Workflow.absence, data, manager if acts.able(manager) else ref)


# -- cover
def _cover(acts: Acts, absence: Seen) -> None:
    """Whoever is asked finds somebody for everybody, most often on the second or third morning."""
    if not acts.able(absence.holder) or not acts.chance.happens(0.5, absence.person, "cover", acts.today):
        return
    covered, only = absence.data.get("cover", {}), absence.data.get("only")
    here = acts.directory.supervised_by(absence.person or "")
    left = [
        ref for ref in here
        if ref not in covered and (only is None or ref in only) and acts.directory.in_post(ref, acts.today)
    ]  # fmt: skip
    cover = {ref: found for ref in left if (found := _who_covers(acts, absence, ref)) is not None}
    if cover:
        acts.move(absence.id, "assign_cover", AssignCover(cover=cover), absence.holder)


def _who_covers(acts: Acts, absence: Seen, supervisee: str) -> str | None:
    """A colleague of the absent supervisor, or whoever was asked."""
    asked = (*_colleagues(acts, absence.person or ""), absence.holder)
    able = [ref for ref in asked if acts.able(ref) and ref != supervisee]
    return acts.chance.pick(able, absence.person, "covered by", acts.today) if able else None


def _colleagues(acts: Acts, ref: str) -> Iterator[str]:
    """People with the same job under the same manager, who stand under nobody that needs cover."""
    own = acts.directory.people[ref]
    for other in sorted(acts.directory.people.values(), key=lambda person: person.ref):
        if other.ref != ref and (other.job_role, other.line_manager) == (own.job_role, own.line_manager):
            yield other.ref


def _make_permanent(acts: Acts, absence: Seen) -> None:
    manager = acts.directory.manager_of(absence.person)
    if acts.able(manager) and acts.working_days_since(local_day(absence.last_at), _FOR_GOOD):
        acts.move(absence.id, "make_permanent", Reason(reason="The new arrangement works and stays."), manager)

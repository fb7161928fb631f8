"""What lies between the sessions: agreements that are signed and reviewed, agreed actions, concerns and referrals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from service.examples.acts import Acts
from service.examples.scene import Seen
from service.examples.wording import note
from workflows.calendar import local_day
from workflows.payloads import Nothing, Reason
from workflows.relationship_payloads import (
    Accept,
    Attempt,
    Discuss,
    Done,
    MeetThree,
    OpenAction,
    OpenAgreement,
    OpenConcern,
    OpenReferral,
    Outcomes,
    ReturnReferral,
    Term,
)
from workflows.vocabulary import ConcernAbout, Role, Workflow

#: How often somebody raises one, as a share of their working days.
_CONCERNS, _REFERRALS, _ACTIONS = 1 / 4000, 1 / 6000, 1 / 50
#: The share of mornings on which somebody gets round to what waits for them.
_GETS_ROUND = 0.35
#: The share of agreements that leave the recording to the worker.
_RECORDED_BY_WORKERS = 0.2
_DUE_AFTER, _ACTS_AFTER = 10, 2
_HOUR = timedelta(hours=1)


def _gets_round(acts: Acts, ref: str | None, one: Seen) -> bool:
    return acts.able(ref) and acts.chance.happens(_GETS_ROUND, ref, one.opened_at, one.workflow, acts.today)


# -- agreements
def agreements(acts: Acts) -> None:
    """Forms are filled in by supervisors, signed by both, and confirmed when they are reviewed."""
    for one in acts.waiting(Workflow.agreement):
        filled = one.data["terms"] or one.data["written"]
        if one.state == "draft" and not filled:
            if _gets_round(acts, one.supervisor, one):
                data = OpenAgreement(supervisee=one.supervisee or "", terms=_terms(acts, one))
                acts.open(Workflow.agreement, data, one.supervisor)
            continue
        done = one.data["confirmed"] if one.state == "review_due" else one.data["signed"]
        for role, ref in (("supervisor", one.supervisor), ("supervisee", one.supervisee)):
            if role not in done and _gets_round(acts, ref, one):
                acts.move(one.id, "confirm" if one.state == "review_due" else "sign", Nothing(), ref)
                break


def _terms(acts: Acts, one: Seen) -> dict[str, Term]:
    """Every required field; whom it names is a colleague of the supervisor's manager."""
    other = next(
        ref for ref in sorted(acts.directory.people) if acts.able(ref) and ref not in (one.supervisee, one.supervisor)
    )
    manager = acts.directory.manager_of(one.supervisor)
    neither = manager if acts.able(manager) and manager != one.supervisee else other
    answers: dict[str, Term] = {
        "text": note(acts.chance, one.supervisee, "terms"), "person": _recorder(acts, one) or other,
        "neither_party": neither or other, "yes_or_no": False, "accepted": True,
    }  # fmt: skip
    return {term.name: answers[term.kind] for term in acts.policy.agreement.terms if term.required}


def _recorder(acts: Acts, one: Seen) -> str | None:
    """Who is named to record what is said: mostly the supervisor, now and then the worker (HAR-50)."""
    return one.supervisee if acts.chance.happens(_RECORDED_BY_WORKERS, one.supervisee, "recorder") else one.supervisor


# -- actions
def actions(acts: Acts) -> None:
    """Actions are agreed, done, and signed off; some wait."""
    for one in acts.waiting(Workflow.action):
        if _gets_round(acts, one.holder, one):
            owned = one.state == "open"
            acts.move(one.id, "complete" if owned else "sign_off", Done() if owned else Nothing(), one.holder)
    due = acts.work.picture.calendar.add_working_days(acts.today, _DUE_AFTER)
    for ref, supervisor in _supervised(acts):
        if acts.able(supervisor) and acts.chance.happens(_ACTIONS, ref, "action", acts.today):
            why = "Agreed in supervision."
            data = OpenAction(what=note(acts.chance, ref, acts.today), why=why, owner=ref, due=due, supervisee=ref)
            acts.open(Workflow.action, data, supervisor)


def _supervised(acts: Acts) -> Iterable[tuple[str, str]]:
    for ref in sorted(acts.directory.people):
        supervisor = acts.directory.supervisor_of(ref)
        if supervisor and acts.directory.in_post(ref, acts.today):
            yield ref, supervisor


# -- concerns
def concerns(acts: Acts) -> None:
    """Concerns are raised with supervisors, settled by them or above them, or left until they climb."""
    opened = acts.waiting(Workflow.concern)
    for one in opened:
        if acts.working_days_since(local_day(one.last_at), _ACTS_AFTER):
            _answer(acts, one)
    concerned = {one.supervisee for one in opened}
    for ref, _ in _supervised(acts):
        if ref not in concerned and acts.able(ref) and acts.chance.happens(_CONCERNS, ref, "concern", acts.today):
            about = acts.chance.pick(tuple(ConcernAbout), ref, "concerned about", acts.today)
            acts.open(Workflow.concern, OpenConcern(about=about, statement="It is not what we agreed."), ref)


def _answer(acts: Acts, one: Seen) -> None:
    outcomes = Outcomes(outcomes=["A fixed day each month, with time for reflection."])
    if one.data.get("proposed"):
        if acts.able(one.supervisee):
            acts.move(one.id, "confirm", Nothing(), one.supervisee)
    elif one.state == "with_supervisor" and acts.chance.happens(0.4, one.supervisee, "goes up", one.opened_at):
        if not one.data["attempts"] and acts.able(one.supervisee):
            acts.move(one.id, "attempt", Attempt(on=acts.today, note="Asked for a date."), one.supervisee)
        elif acts.able(one.supervisee):
            acts.move(one.id, "escalate", Reason(reason="Nothing came of it."), one.supervisee)
    elif not acts.able(one.holder):
        return
    elif one.state == "with_supervisor" or _have_met(acts, one):
        acts.move(one.id, "resolve", outcomes, one.holder)
    else:
        told = [ref for ref in (one.supervisee, one.supervisor) if ref]
        acts.move(one.id, "meet", MeetThree(at=acts.work.now + 2 * _HOUR, told=told), one.holder)


def _have_met(acts: Acts, one: Seen) -> bool:
    met_at = one.data.get("met_at")
    return met_at is not None and datetime.fromisoformat(met_at) <= acts.work.now


# -- referrals
def referrals(acts: Acts) -> None:
    """A few concerns about somebody's work become HR's."""
    for one in acts.waiting(Workflow.referral):
        if acts.working_days_since(local_day(one.last_at), _ACTS_AFTER):
            _pass_on(acts, one)
    for ref, supervisor in _supervised(acts):
        if acts.able(supervisor) and acts.chance.happens(_REFERRALS, ref, "referral", acts.today):
            facts = "Several records of the last months are missing."
            data = OpenReferral(supervisee=ref, about="record keeping", facts=facts, discussed_on=acts.today)
            acts.open(Workflow.referral, data, supervisor)


def _pass_on(acts: Acts, one: Seen) -> None:
    match one.state:
        case "awaiting_supervisee_discussion" if acts.able(one.holder):
            acts.move(one.id, "discuss", Discuss(discussed_on=acts.today), one.holder)
        case "draft" if acts.able(one.holder):
            acts.move(one.id, "submit", Nothing(), one.holder)
        case "with_line_manager" if acts.able(one.holder):
            acts.move(one.id, "forward", Reason(reason="Beyond what supervision can mend."), one.holder)
        case "with_hr":
            _decide(acts, one)


def _decide(acts: Acts, one: Seen) -> None:
    """Whoever of HR is there: most are given back with a plan of support."""
    parties = (one.supervisee, one.supervisor)
    hr = (ref for ref in acts.directory.with_app_role(Role.hr, acts.today) if ref not in parties and acts.able(ref))
    ref = next(hr, None)
    if ref is None:
        return
    if acts.chance.happens(0.6, one.supervisee, "given back", one.opened_at):
        plan = ReturnReferral(
            support_plan="A mentor, and a look at it in three months.", review_on=acts.today + timedelta(days=90)
        )
        acts.move(one.id, "return", plan, ref)
    else:
        acts.move(one.id, "accept", Accept(procedure="capability", reference=f"HR-{one.opened_at:%y%m%d}"), ref)

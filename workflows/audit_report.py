"""The auditor's report: what was found by the form, what is to be learned, and who may then read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.audit_actions import set_actions
from workflows.audit_parties import subjects
from workflows.audit_payloads import AssignObserver, CloseSurvey, FollowUp, ReportAudit, TakeAudit
from workflows.audit_programme import auditors, tell_programmes
from workflows.receipts import iso
from workflows.turn import Turn
from workflows.vocabulary import AuditKind, Role


# -- taking it
def is_taken_by_an_auditor(turn: Turn) -> str | None:
    """A peer observes; an auditor says who."""
    if turn.matter.kind == AuditKind.peer_observation:
        return "A peer observes: name the observer with the move “assign”."
    return None


def is_observed(turn: Turn) -> str | None:
    """Only an observation is given to a peer."""
    return None if is_taken_by_an_auditor(turn) else "Only an observation by a peer has an observer."


def is_somebody_elses(turn: Turn) -> str | None:
    """Whether another auditor has it, who may be away."""
    return None if turn.actor.ref != turn.matter.holder else "You have this audit already."


def has_a_theme(turn: Turn, data: TakeAudit) -> str | None:
    """A themed audit has a theme by the time that somebody begins."""
    needs = turn.matter.kind == AuditKind.themed and not turn.matter.data["themed"]
    return "Say which theme is audited." if needs and not data.theme else None


def take(turn: Turn, data: TakeAudit) -> None:
    """Begin the audit, or go on in a colleague's place."""
    if turn.matter.holder:
        turn.note(instead_of=turn.matter.holder)
        _tell_of_taking_over(turn)
    turn.write(theme=data.theme)
    turn.keep(themed=turn.matter.data["themed"] or bool(data.theme), auditor=turn.actor.ref)


def _tell_of_taking_over(turn: Turn) -> None:
    turn.tell(turn.matter.holder, "audit_taken_over", f"{_title(turn)}: somebody else has taken it over")


def is_a_peer(turn: Turn, data: AssignObserver) -> str | None:
    """A peer supervises too, and has no part in the supervision that is observed."""
    directory = turn.facts.directory
    able = directory.in_post(data.observer, turn.on) and directory.supervised_by(data.observer)
    if able and data.observer not in subjects(turn):
        return None
    return f"{data.observer} is no peer: name somebody who supervises, and has no part in what is observed."


def assign(turn: Turn, data: AssignObserver) -> None:
    """Give an observation to a peer, or to another one."""
    turn.note(observer=data.observer)
    if turn.matter.holder and turn.matter.holder != data.observer:
        _tell_of_taking_over(turn)
    turn.keep(auditor=data.observer)
    turn.tell(data.observer, "audit_assigned", f"{_title(turn)}: you are asked to observe", urgent=True)


def auditor_works(turn: Turn) -> None:
    """It is the turn of whoever took it or was named."""
    _afresh(turn)
    turn.hold(turn.data["auditor"])


def queue(turn: Turn) -> None:
    """It is any auditor's turn."""
    _afresh(turn)
    turn.hold(None, Role.auditor)


def _afresh(turn: Turn) -> None:
    """Other hands have the whole time, and another line above them."""
    turn.columns["ladder"] = None
    turn.keep(top_of_the_line=False)


def put_back(turn: Turn, data: Any) -> None:
    """Whoever had it has left: it is any auditor's again."""
    turn.note(passed_over=data.person, why=data.why)
    turn.tell(auditors(turn), "audit_put_back", f"{_title(turn)}: to be taken again")


def _title(turn: Turn) -> str:
    title: str = turn.matter.data["title"]
    return title


# -- reporting
def has_a_report(turn: Turn) -> str | None:
    """A survey is closed with its counts: nothing that somebody wrote is kept of it."""
    survey = turn.matter.kind == AuditKind.survey
    return "A survey is closed with its counts, and has no report." if survey else None


def is_a_survey(turn: Turn) -> str | None:
    """Only a survey has counts."""
    return None if has_a_report(turn) else "Only a survey is closed with counts."


def answers_the_form(turn: Turn, data: ReportAudit) -> str | None:
    """Findings belong to questions of the form, and a report says something."""
    known = [question["name"] for question in turn.matter.data["form"]]
    lacking = sorted(set(data.findings) - set(known))
    if lacking:
        return f"The form has no question {lacking[0]!r}; it has: {', '.join(known)}."
    return None if data.findings or data.learning else "Say what was found, or what is to be learned."


def learning_waits_for_a_session(turn: Turn, data: ReportAudit) -> str | None:
    """Learning about an open case goes into its next session's record (CBC-53)."""
    case = turn.facts.cases.get(turn.matter.case or "")
    is_open = case is not None and (case.closed_on is None or case.closed_on > turn.on)
    return None if is_open and data.learning else "No session of a case is to carry learning from this audit."


def learning_waits_otherwise(_turn: Turn, data: ReportAudit) -> str | None:
    """Learning that no session carries is followed up by the auditor."""
    return None if data.learning else "There is nothing to be learned."


def report(turn: Turn, data: ReportAudit) -> None:
    """Give the report to those whose work it is about."""
    findings = {f"findings.{name}": text for name, text in data.findings.items()}
    learning = {f"learning.{number}": text for number, text in enumerate(data.learning, start=1)}
    turn.write(**findings, **learning)
    unanswered = [one for one in turn.matter.data["form"] if one["name"] not in data.findings]
    turn.note(findings=sorted(data.findings), learning=len(data.learning))
    turn.keep(
        reported_at=iso(turn.now),
        reported_by=turn.actor.ref,
        rating=data.rating.value if data.rating else None,
        learning_points=len(data.learning),
        unanswered=[{"name": one["name"], "clause": one["clause"]} for one in unanswered],
    )
    turn.meet("report_by")
    if learning_waits_for_a_session(turn, data) is None:
        set_actions(turn, data.learning)
    _let_parties_read(turn)


def _let_parties_read(turn: Turn) -> None:
    """Whoever has the case today and supervises them, or whoever was observed: they know of it from now on."""
    case, directory = turn.facts.cases.get(turn.matter.case or ""), turn.facts.directory
    worker = case.worker if case else None
    supervisor = directory.supervisor_of(worker) if case else turn.matter.data.get("observed")
    turn.columns |= {"supervisee": worker, "supervisor": supervisor}
    people = [ref for ref in (worker, supervisor) if ref]
    turn.joined += people
    turn.tell(people, "audit_reported", f"{_title(turn)}: an audit of your work was reported", urgent=True)


def auditor_follows_up(turn: Turn) -> None:
    """The auditor sees to learning that no session carries; where they have left, any auditor does."""
    _afresh(turn)
    by = turn.data["reported_by"]
    if turn.facts.directory.in_post(by, turn.on):
        turn.hold(by)
    else:
        turn.hold(None, Role.auditor)


def waited_for(turn: Turn) -> Iterable[str]:
    """Whose turn it is: whoever has it, else every auditor; also where it has become the holder’s own supervision."""
    return (turn.holder,) if turn.holder and turn.holder not in subjects(turn) else auditors(turn)


def reminded(turn: Turn) -> tuple[str | None, ...]:
    """Who is reminded of an audit that waits."""
    return tuple(waited_for(turn))


def report_missed(turn: Turn, _data: Any) -> None:
    """The report is late: told are those whose turn it is, and whoever was asked above them."""
    turn.clause = turn.facts.policy.audit.report_by.clause
    turn.keep(report_missed=True)
    asked = turn.ladder.asked if turn.ladder else ()
    turn.tell((*waited_for(turn), *asked), "report_missed", f"{_title(turn)}: an audit was not reported in time")


# -- ending
def follow_up(turn: Turn, data: FollowUp) -> None:
    """The auditor says what became of the learning."""
    turn.write(done=data.done)
    people = (turn.matter.supervisee, turn.matter.supervisor)
    turn.tell(people, "audit_closed", f"{_title(turn)}: the audit is closed")


def counts_add_up(_turn: Turn, data: CloseSurvey) -> str | None:
    """Nobody answers who was not asked."""
    return "More have answered than were asked." if data.responses > data.invited else None


def close_survey(turn: Turn, data: CloseSurvey) -> None:
    """Keep two counts, and nothing by which anybody could be known (CBC-52, HAR-46)."""
    turn.meet("report_by")
    turn.keep(responses=data.responses, invited=data.invited)
    turn.note(responses=data.responses, invited=data.invited)


def withdraw(turn: Turn, data: Any) -> None:
    """The audit is not carried out; its case may be drawn again."""
    turn.write(reason=data.reason)
    if turn.matter.case:
        tell_programmes(turn, "unsampled", turn.matter.case)
    turn.tell((turn.matter.holder,) if turn.matter.holder != turn.actor.ref else (), "audit_withdrawn",
              f"{_title(turn)}: an audit was withdrawn")  # fmt: skip

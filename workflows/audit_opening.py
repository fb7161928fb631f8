"""How an audit begins: opened by its programme or by an auditor's hand, and what it is then about."""

from __future__ import annotations

from collections.abc import Iterable

from workflows import audit_programme
from workflows.audit_payloads import OpenAudit
from workflows.audit_programme import auditors, lately, programme_of, proof, rated_cases, tell_programmes
from workflows.audit_sampling import PROGRAMME, Draw, draw, team_managers, teams, why_unfit
from workflows.directory import Case
from workflows.model import Actor, Facts, Opening, Selector
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, AuditKind, Role, Workflow


def may_open(actor: Actor, _data: OpenAudit, facts: Facts) -> Role | None:
    """Auditors alone open audits."""
    person = facts.directory.get(actor.ref)
    return Role.auditor if person is not None and Role.auditor in person.app_roles else None


def begins(actor: Actor, data: OpenAudit, facts: Facts) -> Opening:
    """What an auditor's request makes; the programme is the one that is named, else the first of the kind."""
    audits = facts.policy.audit
    programme = audits.programme(data.programme) if data.programme else audits.of_kind(data.kind)
    named = {"team_manager": data.team_manager, "observed": data.observed, "seed": data.seed}
    fits = programme is not None and programme.kind is data.kind
    return Opening(
        Workflow.audit,
        kind=data.kind,
        case=data.case,
        data={
            "opened_by": actor.ref,
            "programme": programme.id if programme and fits else None,
            **{name: ref for name, ref in named.items() if ref},
        },
        texts={"theme": data.theme} if data.theme else {},
    )


def programmes_looked_at(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    """The programmes, which know what was drawn lately."""
    if opening.kind == AuditKind.case_sample and opening.parent is None:
        yield Selector(Workflow.audit, kind=PROGRAMME)


# -- what an auditor may open
def is_in_the_policy(turn: Turn) -> str | None:
    """Only what the policy knows is audited under it."""
    return None if programme_of(turn) else "The council’s policy has no audit of this kind, or of this name."


def says_what_it_is_about(turn: Turn) -> str | None:
    """Each kind is about something of its own."""
    if turn.matter.parent is not None or turn.matter.kind == PROGRAMME:
        return None
    has = {
        "case": turn.matter.case is not None,
        "team_manager": "team_manager" in turn.matter.data,
        "observed": "observed" in turn.matter.data,
        "theme": "theme" in turn.texts,
    }
    match turn.matter.kind:
        case AuditKind.case_sample:
            fits, wanted = has["case"] != has["team_manager"], "either a case, or the team manager from whose team"
        case AuditKind.peer_observation:
            fits, wanted = has["observed"], "whose supervision is observed"
        case AuditKind.themed:
            fits, wanted = has["theme"], "its theme"
        case _:
            return None
    return None if fits else f"Say what the audit is about: {wanted}."


def case_can_be_audited(turn: Turn) -> str | None:
    """A case that an auditor names is open, and somebody's."""
    ref = turn.matter.case
    if ref is None or turn.matter.parent is not None:
        return None
    case = turn.facts.cases.get(ref)
    if case is None:
        return f"There is no case {ref}."
    return (
        None if why_unfit(case, turn.facts.directory, turn.on) is None else f"Case {ref} is closed, or nobody has it."
    )


def team_can_be_drawn_from(turn: Turn) -> str | None:
    """A sample needs a team manager in post and a case in the team."""
    manager = turn.matter.data.get("team_manager")
    if manager is None or turn.matter.parent is not None:
        return None
    if manager not in team_managers(turn.facts.directory, turn.on):
        return f"{manager} is no team manager in post."
    if _draw(turn, manager).case is not None:
        return None
    programme = programme_of(turn)
    clause = programme.clause if programme else PRODUCT_DEFAULT
    return f"{turn.name(manager)}’s team has no case to draw: one case of each team manager is sampled ({clause})."


def some_case_is_rated_so(turn: Turn) -> str | None:
    """A review of rated cases needs one."""
    if turn.matter.kind != AuditKind.rated or turn.matter.parent is not None or _rated(turn):
        return None
    return "No case has the rating that is reviewed."


def observed_supervises(turn: Turn) -> str | None:
    """Only somebody who supervises can be observed doing it."""
    ref = turn.matter.data.get("observed")
    if ref is None or turn.facts.directory.supervised_by(ref):
        return None
    return f"{turn.name(ref)} supervises nobody."


# -- beginning
def _rated(turn: Turn) -> list[str]:
    programme = programme_of(turn)
    return rated_cases(programme, turn.facts.population) if programme else []


def _draw(turn: Turn, manager: str) -> Draw:
    directory, on = turn.facts.directory, turn.on
    seed = turn.matter.data.get("seed") or str(turn.matter.id)
    cases: list[Case] = teams(turn.facts.population, directory, on).get(manager, [])
    return draw(seed, cases, lately(turn, turn.facts.related), directory, on)


def open_audit(turn: Turn) -> None:
    """Begin a programme, or an audit: with its form, its case, and the time until its report."""
    if turn.matter.kind == PROGRAMME:
        audit_programme.start(turn)
        return
    programme, rules = programme_of(turn), turn.facts.policy.audit
    assert programme is not None  # noqa: S101  the check has found it
    turn.clause = programme.clause
    turn.keep(title=programme.title, form=rules.form(turn.matter.kind), themed="theme" in turn.texts)
    turn.set("report_by", turn.count(rules.report_by.term, "opened", turn.window_start))
    if turn.matter.parent is None:
        _by_hand(turn, programme.title)


def _by_hand(turn: Turn, title: str) -> None:
    """Draw where a team was named, and let the programmes know: a case is not drawn twice in a row."""
    manager, case = turn.matter.data.get("team_manager"), turn.matter.case
    if manager is not None and turn.matter.kind == AuditKind.case_sample:
        drawn = _draw(turn, manager)
        case = turn.columns["case"] = drawn.case
        turn.keep(**proof(drawn))
        turn.note(**drawn.told())
    if turn.matter.kind == AuditKind.rated:
        turn.keep(cases=_rated(turn))
    if case is not None:
        tell_programmes(turn, "sampled", case)
    others = (ref for ref in auditors(turn) if ref != turn.actor.ref)
    turn.tell(others, "audit_opened", f"{title}: one to be taken")

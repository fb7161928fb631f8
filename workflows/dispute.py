"""A dispute: a disagreement that the two settle themselves, or that somebody above decides who is no party to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import escalation
from workflows.agreement_in_force import between_the_two, named
from workflows.consequence_payloads import Amended, Closing
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.model import Actor, Facts, Ladder, Opening, Selector
from workflows.payloads import Agree, Decide, Meet, OpenDispute
from workflows.policy import DisputeRoute
from workflows.reallocation import reallocation
from workflows.table import Definition, Guard, Move, Open, State, define
from workflows.takeover import judges_no_more, make_party
from workflows.turn import Turn
from workflows.vocabulary import DisputeAbout, Outcome, Role, Workflow

_PARTIES = frozenset({Role.supervisee, Role.supervisor})
_SUPERVISEE = frozenset({Role.supervisee})
_HOLDER = frozenset({Role.holder})
_TALKING = ("in_discussion",)
_OPEN = (*_TALKING, *RUNGS)
_SUBJECT = "a disagreement waits to be settled"
#: The job whose holder has the last word about casework (NS-52).
_TEAM_MANAGER = "team_manager"


def _route(turn: Turn) -> DisputeRoute:
    return turn.facts.policy.dispute.route(DisputeAbout(turn.matter.data["about"]))


# -- who hears it
def _ladder(turn: Turn) -> Ladder:
    """The policy's route, frozen with the parties: nobody decides their own dispute (NS-52, NS-53, HAR-24).

    Where the policy has the person whom the agreement names (LDS-46) and none is named, today's line is asked; that
    person is followed by it as well.
    """
    supervisee, supervisor, parties = turn.matter.supervisee, turn.matter.supervisor, _parties(turn)
    directory, route = turn.facts.directory, _route(turn).route
    match route:
        case "team_manager":
            return _from_team_manager(turn, parties)
        case "named_person":
            named_person = turn.data.get("named_person")
            return Ladder((named_person,) if named_person else (), parties, route)
        case "mediator":
            return Ladder(directory.line(directory.manager_of(supervisee)), parties, route)
        case _:
            return Ladder(directory.line(supervisor), parties, route)


def _parties(turn: Turn) -> frozenset[str]:
    """The two, and whoever wrote the disputed record anew in the supervisor's place."""
    named_so = (turn.matter.supervisee, turn.matter.supervisor, *turn.data.get("authors", ()))
    return frozenset(ref for ref in named_so if ref)


def _from_team_manager(turn: Turn, parties: frozenset[str]) -> Ladder:
    """The worker's team manager decides; where that is a party, the first manager above who is none (NS-53)."""
    directory = turn.facts.directory
    above = directory.line(turn.matter.supervisee)
    managers = (ref for ref in above if (person := directory.get(ref)) and person.job_role == _TEAM_MANAGER)
    manager = next(managers, None)
    if manager is None:
        worker = directory.get(turn.matter.supervisee)
        is_party = worker is not None and worker.job_role == _TEAM_MANAGER
        return Ladder(directory.line(turn.matter.supervisor), parties, "team_manager", starts_high=is_party)
    if manager in parties:
        return Ladder(directory.line(manager), parties, "team_manager", starts_high=True)
    return Ladder((manager, *directory.line(manager)), parties, "team_manager")


# -- opening
def _who(actor: Actor, data: OpenDispute, facts: Facts) -> Role | None:
    if actor.ref == data.supervisee:
        return Role.supervisee
    return Role.supervisor if facts.directory.supervisor_of(data.supervisee) == actor.ref else None


def _begins(actor: Actor, data: OpenDispute, facts: Facts) -> Opening:
    return Opening(
        Workflow.dispute,
        kind=data.about,
        supervisee=data.supervisee,
        supervisor=facts.directory.supervisor_of(data.supervisee),
        data={"opened_by": actor.ref, "about": data.about.value},
        texts={"statement": data.statement},
    )


def _has_two_sides(turn: Turn) -> str | None:
    person = turn.facts.directory.get(turn.matter.supervisee)
    if person is not None and person.has_left(turn.on):
        return f"{turn.name(person.ref)} has left: there is nobody on the other side."
    if turn.matter.supervisee and turn.matter.supervisor:
        return None
    return "There is nobody on the other side: the list names no supervisor for this person."


def _record_is_disputed_there(turn: Turn) -> str | None:
    if turn.matter.parent is None and turn.matter.data["about"] == DisputeAbout.record:
        return "A record is disputed on the record itself, with the move “dispute”."
    return None


def _open(turn: Turn) -> None:
    other = {turn.matter.supervisee, turn.matter.supervisor} - {turn.matter.data["opened_by"]}
    turn.clause = _route(turn).clause
    if _route(turn).route == "named_person":
        turn.keep(named_person=named(turn, "dispute_person"))
    turn.tell(sorted(filter(None, other)), "dispute_opened", "A disagreement was raised", urgent=True)


def _both_talk(turn: Turn) -> None:
    turn.hold(None, waiting_for=[ref for ref in (turn.matter.supervisee, turn.matter.supervisor) if ref])


# -- settling it between the two
def _other_proposed(turn: Turn) -> str | None:
    by = turn.matter.data.get("proposed_by")
    return None if by and by != turn.actor.ref else "The other side has proposed nothing yet."


def _confirms(_turn: Turn, data: Agree) -> str | None:
    return None if data.proposal is None else "This is another proposal, which the other side has not seen."


def _propose(turn: Turn, data: Agree) -> None:
    turn.keep(proposed_by=turn.actor.ref)
    turn.write(proposal=data.proposal)
    others = {turn.matter.supervisee, turn.matter.supervisor} - {turn.actor.ref}
    turn.tell(sorted(filter(None, others)), "proposal", "A way to settle a disagreement is proposed", urgent=True)


def _agree(turn: Turn, _data: Agree) -> None:
    _tell_record(turn, "settle", "agreed")
    turn.tell(_told(turn), "dispute_agreed", "A disagreement is settled by agreement")


def _withdraw(turn: Turn, _data: Any) -> None:
    _tell_record(turn, "reopen", "withdrawn")
    turn.tell(_told(turn), "dispute_withdrawn", "A disagreement was withdrawn")


def _tell_record(turn: Turn, trigger: str, outcome: str) -> None:
    if turn.matter.data["about"] == DisputeAbout.record and turn.matter.parent is not None:
        target = Selector(Workflow.record, id=turn.matter.parent)
        turn.then(target, trigger, outcome=outcome, dispute=turn.matter.id)


def _told(turn: Turn) -> Iterable[str | None]:
    asked = turn.matter.ladder.asked if turn.matter.ladder else ()
    return (ref for ref in (turn.matter.supervisee, turn.matter.supervisor, *asked) if ref != turn.actor.ref)


# -- going up
def _go_up(turn: Turn, _data: Any) -> None:
    turn.clause = _route(turn).clause
    escalation.climb(turn, turn.ladder or _ladder(turn), _SUBJECT)


def _finds(turn: Turn) -> str | None:
    return escalation.next_up(turn, turn.ladder or _ladder(turn)).holder


def _somebody_above(turn: Turn) -> str | None:
    return None if _finds(turn) else "Nobody is left above to ask."


def _nobody_above(turn: Turn) -> str | None:
    return "Somebody is left above to ask." if _finds(turn) else None


def _starts_high(turn: Turn) -> str | None:
    return None if _ladder(turn).starts_high else "The route starts with the line manager."


def _up(roles: frozenset[Role], trigger: str, label: str = "") -> tuple[Move, ...]:
    """The rows of one trigger that leads up: to the first rung, to the next ones, or to nobody."""

    def row(source: tuple[str, ...], dest: str | None, *when: Guard) -> Move:
        return Move(trigger, source, dest, roles, _go_up, when=when, label=label)

    return (
        row(_TALKING, "with_senior_manager", _somebody_above, _starts_high),
        row(_TALKING, "with_line_manager", _somebody_above),
        row(RUNGS, "with_senior_manager", _somebody_above),
        row(_OPEN, None, _nobody_above),
    )


# -- hearing and deciding
def _is_no_party(turn: Turn) -> str | None:
    if turn.actor.ref in _parties(turn):
        return "Nobody decides a disagreement to which they are a party."
    return None


def _both_were_told(turn: Turn, data: Meet) -> str | None:
    """Both know beforehand that the meeting is arranged (LDS-46)."""
    missing = {turn.matter.supervisee, turn.matter.supervisor} - set(data.told)
    if missing and _route(turn).meeting_needs_notice:
        return "Both parties must have been told of the meeting beforehand."
    return None


def _are_known(turn: Turn, data: Meet) -> str | None:
    unknown = [ref for ref in data.told if ref not in turn.facts.directory.people]
    return f"Nobody on the list has the ref {unknown[0]!r}." if unknown else None


def _meet(turn: Turn, data: Meet) -> None:
    turn.clause = _route(turn).clause
    turn.note(at=data.at.isoformat(), told=data.told)
    turn.keep(meetings=[*turn.matter.data.get("meetings", []), {"at": data.at.isoformat(), "told": data.told}])
    turn.tell((p for p in data.told if p != turn.actor.ref), "meeting", "A meeting about a disagreement", urgent=True)


def _decide(turn: Turn, data: Decide) -> None:
    turn.clause = _route(turn).clause
    turn.keep(outcome=data.outcome.value, decided_by=turn.actor.ref)
    turn.note(outcome=data.outcome.value)
    turn.write(reasons=data.reasons)
    _tell_record(turn, "settle", data.outcome.value)
    if data.outcome is Outcome.change_supervisor:
        turn.open(reallocation(turn))
    turn.tell(_told(turn), "dispute_decided", "A disagreement was decided", urgent=True)


def _by_a_third(turn: Turn, data: Amended) -> str | None:
    return "They are a party already." if data.by in _parties(turn) else None


def _amended(turn: Turn, data: Amended) -> None:
    """Whoever wrote the record anew is a party by now: they are asked no more, and a rung that they hold passes on."""
    turn.note(by=data.by)
    turn.keep(authors=[*turn.matter.data.get("authors", ()), data.by])
    make_party(turn, data.by)
    judges_no_more(turn, data.by, _SUBJECT)


def _about_a_record(turn: Turn, data: Decide) -> str | None:
    if data.outcome is Outcome.amend_record and turn.matter.data["about"] != DisputeAbout.record:
        return "There is no record here that could be amended."
    return None


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _talkers(turn: Turn) -> tuple[str | None, ...]:
    return (turn.matter.supervisee, turn.matter.supervisor)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("in_discussion", "The two are talking it over.", _both_talk, reminds=_talkers, climbs=True),
    State("with_line_manager", "A manager is to settle it.", reminds=_holder, climbs=True),
    State("with_senior_manager", "A senior manager is to settle it.", reminds=_holder, climbs=True),
    State("agreed", "Both have agreed.", final=True),
    State("determined", "It was decided.", final=True),
    State("withdrawn", "It was withdrawn.", final=True),
)

DISPUTE: Definition = define(
    Workflow.dispute,
    initial=_TALKING,
    states=_STATES,
    moves=(
        Move(
            "agree", _OPEN, "agreed", _PARTIES, _agree, Agree, when=(_other_proposed,), checks=(_confirms,),
            label="Agree",
        ),
        Move("agree", _OPEN, None, _PARTIES, _propose, Agree, label="Propose to settle"),
        *_up(_PARTIES, "escalate", "Take it to the next manager"),
        *_up(SYSTEM, "climb"),
        Move(
            "meet", RUNGS, None, _HOLDER, _meet, Meet, checks=(_are_known, _both_were_told),
            label="Log a meeting of the three",
        ),
        Move(
            "decide", RUNGS, "determined", _HOLDER, _decide, Decide, guards=(_is_no_party,),
            checks=(_about_a_record,), label="Decide",
        ),
        Move("withdraw", _OPEN, "withdrawn", _SUPERVISEE, _withdraw, label="Withdraw"),
        Move("amended", _OPEN, None, SYSTEM, _amended, Amended, checks=(_by_a_third,)),
        Move("settle", _OPEN, "agreed", SYSTEM, _ended, Closing),
        Move("end", _OPEN, "withdrawn", SYSTEM, _ended, Closing),
        escalation.remind(_STATES, _SUBJECT, _ladder),
        escalation.passes_on(RUNGS, _SUBJECT),
    ),
    deadlines=REMINDERS,
    opening=Open(
        _open, OpenDispute, _who, _begins, checks=(_has_two_sides, _record_is_disputed_there),
        looks_at=between_the_two,
    ),
    ladder=_ladder,
)  # fmt: skip

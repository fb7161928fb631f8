"""A grant: somebody outside reads what is about one person, for a purpose and a time, because two people allowed it.

An emergency opens at once and for a day, by whoever takes it on themselves; everybody concerned is told immediately.
Nothing here opens a referral: those are human resources' and their own people's alone. All of it is product default.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from workflows.escalation import SYSTEM
from workflows.model import Actor, Facts, Matter, Opening
from workflows.payloads import Payload, Reason, Ref, Text
from workflows.receipts import Term, on_day
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, GrantKind, Role, Status, Unit, Workflow

#: One of the two offices proposes, somebody of the other one decides.
_OTHER = {Role.hr: Role.head_of_service, Role.head_of_service: Role.hr}
_OFFICES = frozenset(_OTHER)
_OPENER = frozenset({Role.opener})
_LONGEST = timedelta(days=30)
#: How long the other office has, and how long an emergency lasts.
TO_DECIDE = Term(5, Unit.working_days, PRODUCT_DEFAULT)
EMERGENCY = Term(24, Unit.hours, PRODUCT_DEFAULT)


class OpenGrant(Payload):
    """Who is to read what is about whom, what for, and until which local date; an emergency is one's own."""

    kind: GrantKind
    supervisee: Ref
    purpose: Text
    person: Ref | None = None
    until: date | None = None


# -- opening
def _who(actor: Actor, _data: OpenGrant, facts: Facts) -> Role | None:
    """Human resources and heads of service."""
    person = facts.directory.get(actor.ref)
    held = person.app_roles if person else frozenset()
    return next((office for office in _OTHER if office in held), None)


def _begins(actor: Actor, data: OpenGrant, facts: Facts) -> Opening:
    office = _who(actor, data, facts)
    kept = {"opened_by": actor.ref, "until": data.until and data.until.isoformat(), "office": office and office.value}
    person = actor.ref if data.kind is GrantKind.emergency and data.person is None else data.person
    return Opening(
        Workflow.grant, kind=data.kind.value, supervisee=data.supervisee, person=person, data=kept,
        texts={"purpose": data.purpose},
    )  # fmt: skip


def _joins(matter: Matter) -> Iterable[str | None]:
    """Whom it is about comes to it when it begins."""
    return (matter.data["opened_by"], matter.person)


def _is_emergency(turn: Turn) -> bool:
    return turn.matter.kind == GrantKind.emergency


def _names_its_people(turn: Turn) -> str | None:
    matter, known = turn.matter, turn.facts.directory
    if known.get(matter.supervisee) is None:
        return "Nobody here has the ref of whom it is about."
    reader = known.get(matter.person)
    return None if reader is not None and reader.in_post(turn.on) else "Name somebody in post who is to read."


def _is_nobodys_own(turn: Turn) -> str | None:
    matter = turn.matter
    if matter.supervisee in (matter.person, matter.data["opened_by"]):
        return f"Nobody grants or is granted what is about themselves ({PRODUCT_DEFAULT})."
    if (matter.person == matter.data["opened_by"]) != _is_emergency(turn):
        return f"What is one’s own is an emergency, and an emergency is one’s own ({PRODUCT_DEFAULT})."
    return None


def _ends_soon_enough(turn: Turn) -> str | None:
    until = turn.matter.data["until"]
    if _is_emergency(turn):
        return None if until is None else f"An emergency lasts a day ({PRODUCT_DEFAULT})."
    if until is None or not turn.on <= date.fromisoformat(until) <= turn.on + _LONGEST:
        return f"Say until when: at most {_LONGEST.days} days from today ({PRODUCT_DEFAULT})."
    return None


def _open(turn: Turn) -> None:
    turn.clause = PRODUCT_DEFAULT
    if not _is_emergency(turn):
        turn.set("decide_by", turn.count(TO_DECIDE, "proposed", turn.window_start))
        return
    turn.columns["state"] = "active"
    turn.set("ends", turn.count(EMERGENCY, "opened", turn.window_start))
    _let_know(turn, "Somebody reads your supervision in an emergency")
    administrators = turn.facts.directory.with_app_role(Role.administrator, turn.on)
    said = f"{turn.name(turn.matter.person)} reads supervision of somebody outside their line, in an emergency"
    turn.tell((*_colleagues(turn, Role.hr), *administrators), "grant_emergency", said, urgent=True)
    turn.incident("break_glass", f"{said}.")


def _let_know(turn: Turn, subject: str) -> None:
    """The supervisee and their supervisor learn who reads, and may see what for."""
    about = turn.matter.supervisee
    people = (about, turn.facts.directory.supervisor_of(about) if about else None)
    turn.joined += [ref for ref in people if ref]
    says = f"{turn.name(turn.matter.person)} may read what is about {turn.name(about)} for a time. You see what for."
    turn.tell(people, "grant_began", subject, says, urgent=True)


# -- deciding
def _office(turn: Turn) -> Role:
    return _OTHER[Role(turn.matter.data["office"])]


def _colleagues(turn: Turn, office: Role) -> tuple[str, ...]:
    """Everybody of an office who has no part in it."""
    parties = (turn.matter.supervisee, turn.matter.person, turn.matter.data["opened_by"])
    return tuple(ref for ref in turn.facts.directory.with_app_role(office, turn.on) if ref not in parties)


def _wait_for_the_other(turn: Turn) -> None:
    office = _office(turn)
    turn.hold(None, office)
    able = _colleagues(turn, office)
    turn.tell(able, "grant_proposed", "Somebody is to read supervision for a time: decide whether", urgent=True)
    if not able:
        turn.incident("stranded", f"Nobody of the office {office.value.replace('_', ' ')} can decide on this grant.")


def _is_the_other(turn: Turn) -> str | None:
    if turn.actor.ref in _colleagues(turn, _office(turn)):
        return None
    return f"Somebody else decides, of the office {_office(turn).value.replace('_', ' ')} ({PRODUCT_DEFAULT})."


def _is_not_about_oneself(turn: Turn) -> str | None:
    return "Nobody ends what is about themselves." if turn.actor.ref == turn.matter.supervisee else None


def _approve(turn: Turn, _data: Any) -> None:
    turn.clause = PRODUCT_DEFAULT
    turn.meet("decide_by")
    turn.keep(approved_by=turn.actor.ref)
    turn.joined += [turn.actor.ref] if turn.actor.ref else []
    last = date.fromisoformat(turn.matter.data["until"])
    turn.set("ends", on_day(PRODUCT_DEFAULT, "last day of the grant", last, turn.facts.calendar))
    _let_know(turn, f"Your supervision is read for {_of_kind(turn)}")
    turn.tell((turn.matter.person, turn.matter.data["opened_by"]), "grant_approved", "A grant to read begins")


def _of_kind(turn: Turn) -> str:
    return f"an {turn.matter.kind}"


def _told_why(turn: Turn, data: Reason) -> None:
    turn.clause = PRODUCT_DEFAULT
    turn.write(reason=data.reason)
    told = (turn.matter.person, turn.matter.data["opened_by"])
    turn.tell((ref for ref in told if ref != turn.actor.ref), "grant_ended", "A grant to read does not go on")


def _active(turn: Turn) -> None:
    turn.hold(None)


_STATES = (
    State("proposed", "Somebody of the other office is to decide.", _wait_for_the_other),
    State("active", "It may be read.", _active),
    State("refused", "It was refused.", final=True),
    State("withdrawn", "It was taken back.", final=True),
    State("lapsed", "Nobody decided in time.", final=True),
    State("revoked", "It was ended early.", final=True),
    State("expired", "Its time is over.", final=True),
)

GRANT: Definition = define(
    Workflow.grant,
    initial=("proposed", "active"),
    states=_STATES,
    moves=(
        Move("approve", ("proposed",), "active", _OFFICES, _approve, guards=(_is_the_other,), label="Allow it"),
        Move(
            "refuse", ("proposed",), "refused", _OFFICES, _told_why, Reason, guards=(_is_the_other,), label="Refuse it",
        ),
        Move("withdraw", ("proposed",), "withdrawn", _OPENER, _told_why, Reason, label="Take it back"),
        Move("lapse", ("proposed",), "lapsed", SYSTEM),
        Move(
            "revoke", ("active",), "revoked", _OFFICES, _told_why, Reason, guards=(_is_not_about_oneself,),
            label="End it now",
        ),
        Move("expire", ("active",), "expired", SYSTEM),
    ),
    deadlines={
        "decide_by": DeadlineRule("lapse", Rank.lapse),
        "ends": DeadlineRule("expire", Rank.expiry, outcome=Status.met),
    },
    opening=Open(
        _open, OpenGrant, _who, _begins, checks=(_names_its_people, _is_nobodys_own, _ends_soon_enough), joins=_joins,
    ),
)  # fmt: skip

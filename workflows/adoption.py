"""A new version of the council's policy: announced, then in force, when open matters go over to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from workflows.adopting import ADOPT
from workflows.consequence_payloads import Superseding
from workflows.escalation import SYSTEM
from workflows.model import Matter, Selector
from workflows.receipts import on_day
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Role, Status, Workflow

#: The workflows whose open matters take the version in force; all others keep the one that they were opened under.
ADOPTERS = (Workflow.entitlement, Workflow.frequency)
_DAY = timedelta(days=1)
#: The offices that hear of a version when it is announced.
_TOLD = (Role.hr, Role.head_of_service, Role.administrator)


def _announce(turn: Turn) -> None:
    """Wait for the first day of the version, and take the place of another one that was announced for it."""
    last_before = _since(turn.matter) - _DAY
    turn.set("in_force_on", on_day(PRODUCT_DEFAULT, "last day of the version before", last_before, turn.facts.calendar))
    turn.joined += [turn.actor.ref] if turn.actor.ref else []
    _let_offices_know(turn)
    own = turn.matter

    def is_for_the_same_day(other: Matter) -> bool:
        return other.id != own.id and other.data["in_force_from"] == own.data["in_force_from"]

    turn.then(Selector(Workflow.adoption, accepts=is_for_the_same_day), "supersede", by=own.id)


def _let_offices_know(turn: Turn) -> None:
    """A version may change who reads what, so that not its administrator alone knows of it beforehand."""
    people = turn.facts.directory
    offices = (ref for office in _TOLD for ref in people.with_app_role(office, turn.on) if ref != turn.actor.ref)
    version, first = turn.matter.data["policy_version"], _since(turn.matter)
    subject = f"Version {version} of the supervision policy comes into force on {first.day} {first:%B %Y}"
    turn.tell(offices, "policy_announced", subject, f"{subject}. The page of policies shows what it changes.")


def _since(matter: Matter) -> date:
    return date.fromisoformat(matter.data["in_force_from"])


def _take_effect(turn: Turn, _data: Any) -> None:
    """Let every open matter of the workflows that take the version in force look at its dates again."""
    data = turn.matter.data
    for workflow in ADOPTERS:
        turn.then(Selector(workflow), ADOPT, since=_since(turn.matter), deadlines=data["deadlines"])
    turn.then(Selector(Workflow.agreement), "review_for", event="policy")
    administrators = turn.facts.directory.with_app_role(Role.administrator, turn.on)
    turn.tell(
        administrators, "policy_in_force", f"Version {data['policy_version']} of the supervision policy is in force"
    )


ADOPTION: Definition = define(
    Workflow.adoption,
    initial=("announced",),
    states=(
        State("announced", "The version is announced and not in force yet."),
        State("in_force", "The version has come into force.", final=True),
        State("superseded", "Another version was announced for the same day.", final=True),
    ),
    moves=(
        Move("take_effect", ("announced",), "in_force", SYSTEM, _take_effect),
        Move("supersede", ("announced",), "superseded", SYSTEM, payload=Superseding),
    ),
    # What is due with the day before is enforced before the version takes effect.
    deadlines={"in_force_on": DeadlineRule("take_effect", Rank.climb, outcome=Status.met)},
    opening=Open(_announce),
)

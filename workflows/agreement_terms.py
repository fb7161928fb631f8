"""What an agreement says: the terms of the council's form, which of them are still open, and what none may undercut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from workflows.intervals import LINE_MANAGEMENT, length, person_interval, phase_interval
from workflows.policy_relationship import AgreementPolicy, AgreementTerm
from workflows.receipts import Term
from workflows.relationship_payloads import Every
from workflows.turn import Turn
from workflows.vocabulary import Unit

_PREFIX = "terms."
#: The agreed interval, which any form may carry (api.md).
EVERY = "every"
#: How soon a cancelled session is held again, where the policy leaves that to the two (HAR-49).
REBOOK_WITHIN = "rebook_within"


def rules_of(turn: Turn) -> AgreementPolicy:
    """The policy's rules for agreements."""
    return turn.facts.policy.agreement


# -- what is sent
def split(terms: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Terms as data and as texts: what somebody wrote in words is sealed, apart from the people it names."""
    data = {name: value for name, value in terms.items() if not isinstance(value, str)}
    data = {name: value.model_dump(mode="json") if isinstance(value, Every) else value for name, value in data.items()}
    return data, {f"{_PREFIX}{name}": value for name, value in terms.items() if isinstance(value, str)}


def take(turn: Turn, terms: Mapping[str, Any]) -> None:
    """Keep the terms as they now read; signatures under earlier ones are void."""
    data, texts = split(terms)
    people = {
        name for name in terms if (term := rules_of(turn).term(name)) and term.kind in ("person", "neither_party")
    }
    data |= {name: texts.pop(f"{_PREFIX}{name}") for name in people if f"{_PREFIX}{name}" in texts}
    turn.texts |= texts
    written = {name.removeprefix(_PREFIX) for name in texts}
    turn.keep(terms={**turn.data.get("terms", {}), **data}, signed={}, written=sorted({*_written(turn), *written}))
    turn.keep(missing_terms=[{"name": term.name, "clause": term.clause} for term in _missing(turn)])
    turn.note(terms=sorted(terms))


def _written(turn: Turn) -> Iterable[str]:
    found: list[str] = turn.data.get("written", [])
    return found


def _missing(turn: Turn) -> Iterable[AgreementTerm]:
    """Required fields that are empty, and statements that are not made."""
    data, written = turn.data["terms"], turn.data["written"]
    for term in rules_of(turn).terms:
        is_there = bool(data.get(term.name)) if term.kind == "accepted" else term.name in data or term.name in written
        if term.required and not is_there:
            yield term


# -- what may not be agreed
def terms_fit(turn: Turn, terms: Mapping[str, Any]) -> str | None:
    """Whether the form has every field, each of its kind, naming people who can be what they are named for."""
    for name, value in terms.items():
        why = _INTERVALS.get(name, partial(_misfit, name=name))(turn, value=value)
        if why is not None:
            return why
    return None


def _misfit(turn: Turn, name: str, value: Any) -> str | None:
    term = rules_of(turn).term(name)
    if term is None:
        intervals = [EVERY, *([REBOOK_WITHIN] if turn.facts.policy.cancellation.agreed else [])]
        known = ", ".join([*(t.name for t in rules_of(turn).terms), *intervals])
        return f"The council’s form has no field {name!r}; it has: {known}."
    if isinstance(value, Every) or isinstance(value, bool) != (term.kind in ("yes_or_no", "accepted")):
        return f"{term.title}: answer {'yes or no' if term.kind in ('yes_or_no', 'accepted') else 'in words'}."
    return _not_the_one(turn, term, value) if term.kind in ("person", "neither_party") else None


def _not_the_one(turn: Turn, term: AgreementTerm, ref: str) -> str | None:
    if not turn.facts.directory.in_post(ref, turn.on):
        return f"{term.title}: nobody in post has the ref {ref!r} ({term.clause})."
    if term.kind == "neither_party" and ref in (turn.matter.supervisee, turn.matter.supervisor):
        return f"{term.title}: this is somebody other than the two of you ({term.clause})."
    return None


def _undercuts(turn: Turn, value: Any) -> str | None:
    """An agreement may shorten an interval, never lengthen it (NS-25, LDS-39, DAR-10, HAR-48, CBC-07)."""
    if not isinstance(value, Every):
        return "The agreed interval is a number and a unit: {'value': 3, 'unit': 'weeks'}."
    person = turn.facts.directory.people[turn.matter.supervisee or ""]
    policy = turn.facts.policy
    allowed = phase_interval(policy, person, turn.on) or person_interval(policy, person, LINE_MANAGEMENT)
    agreed = agreed_term(turn, value.model_dump(mode="json"))
    if length(agreed) <= length(allowed):
        return None
    rule = f"an agreement may shorten that, never lengthen it ({agreed.clause})"
    return f"The policy has {allowed.words()} ({allowed.clause}): {rule}."


def _rebooks(turn: Turn, value: Any) -> str | None:
    """The two agree how soon they meet again only where the policy leaves it to them."""
    if turn.facts.policy.cancellation.agreed is None:
        return "The policy says how soon a cancelled session is held again: leave rebook_within out."
    return None if isinstance(value, Every) else "rebook_within is a number and a unit: {'value': 2, 'unit': 'weeks'}."


_INTERVALS: Mapping[str, Callable[..., str | None]] = {EVERY: _undercuts, REBOOK_WITHIN: _rebooks}


def agreed_term(turn: Turn, every: Mapping[str, Any]) -> Term:
    """The agreed interval as time is counted with it."""
    return Term(every["value"], Unit(every["unit"]), turn.facts.policy.entitlement.shorten_clause)


# -- signing
def is_complete(turn: Turn) -> str | None:
    """A guard: nobody signs a form with a required field empty (LDS-46, HAR-07, CBC-80)."""
    if not turn.matter.data["terms"] and not turn.matter.data["written"]:
        return "Nothing has been agreed yet: fill in the form first."
    missing = list(_missing(turn))
    if not missing:
        return None
    return f"Still to be filled in: {', '.join(f'{term.title} ({term.clause})' for term in missing)}."

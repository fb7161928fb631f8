"""The two and their agreement over time: who is who, when it is reviewed, and other terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from workflows.agreement_terms import rules_of
from workflows.calendar import local_day
from workflows.model import Facts, Matter, Opening, Selector
from workflows.payloads import Reason
from workflows.receipts import Term, on_day
from workflows.relationship_payloads import Event, Renegotiate
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Unit, Workflow

#: How long before the year is over both are asked for the review.
_ASKED_BEFORE = Term(4, Unit.weeks, PRODUCT_DEFAULT)


# -- the two
def both_of(turn: Turn) -> tuple[tuple[str, str | None], ...]:
    """What each of the two is to the agreement, and who that is."""
    return (("supervisee", turn.matter.supervisee), ("supervisor", turn.supervisor))


def as_who(turn: Turn) -> str:
    """What whoever acts is to the agreement."""
    return "supervisee" if turn.actor.ref == turn.matter.supervisee else "supervisor"


def tell_other(turn: Turn, kind: str, subject: str) -> None:
    """Tell whoever of the two does not act."""
    turn.tell((ref for _, ref in both_of(turn) if ref != turn.actor.ref), kind, subject)


def last_signed(turn: Turn) -> date:
    """The local date from which the next review is counted: today, or that of an opening position."""
    from_data = [text[: len("2025-01-01")] for text in turn.data["signed"].values()]
    return max(turn.on if turn.trigger != "open" else date.min, *(date.fromisoformat(text) for text in from_data))


# -- reviewing
def time_review(turn: Turn) -> None:
    """Both are asked for the review some weeks before it is due, so that it can be in time."""
    every = rules_of(turn).review_every
    if every is None:
        return
    due = turn.count(every.term, "last signature", last_signed(turn))
    if due.due is not None and local_day(due.due) < turn.on:
        due = turn.count(_ASKED_BEFORE, "the year was over already", turn.on)
    assert due.due is not None  # noqa: S101  a period without pauses ends
    asked = max(local_day(due.due) - timedelta(weeks=_ASKED_BEFORE.value), turn.on)
    turn.set("review_by", due)
    turn.set("review_reminder", on_day(PRODUCT_DEFAULT, "the review is near", asked, turn.facts.calendar))


def review(turn: Turn, _data: Any) -> None:
    """The time of the review has come, or nearly."""
    turn.clause = rules_of(turn).review_clause
    _ask_for_review(turn)


def review_at_the_end(turn: Turn, data: Any) -> None:
    """The year is over of an agreement that was signed before both were asked some weeks ahead: they have those now."""
    review(turn, data)
    turn.set("review_by", turn.count(_ASKED_BEFORE, "the year was over already", turn.on))


def miss_review(turn: Turn, _data: Any) -> None:
    """The year is over, and both have not confirmed or renewed it: they and the manager above are told."""
    turn.clause = rules_of(turn).review_clause
    people = (*(ref for _, ref in both_of(turn)), *turn.facts.directory.line(turn.supervisor)[:1])
    turn.tell(people, "agreement_review_late", "A supervision agreement was not reviewed in time")


def review_for(turn: Turn, data: Event) -> None:
    """Something has changed that the policy has a review for."""
    rule = rules_of(turn).event(data.event)
    turn.clause = rule.clause if rule else None
    turn.note(event=data.event)
    _ask_for_review(turn)


def _ask_for_review(turn: Turn) -> None:
    turn.close("review_reminder", Status.superseded)
    turn.tell((ref for _, ref in both_of(turn)), "agreement_review", "Your supervision agreement is to be reviewed")


def calls_for_review(turn: Turn, data: Event) -> str | None:
    """A check: whether the policy has a review for what has changed, and the change matters (HAR-25)."""
    matters = data.event != "policy" or turn.facts.policy.significant
    return None if matters and rules_of(turn).event(data.event) else "The policy asks for no review then."


def ask(turn: Turn, data: Reason) -> None:
    """One of the two says that circumstances have changed; what is significant is theirs to say (CBC-04)."""
    rule = rules_of(turn).event("asked")
    turn.clause = rule.clause if rule else None
    turn.write(reason=data.reason)
    _ask_for_review(turn)


def wait_for_review(turn: Turn) -> None:
    """It is both's turn."""
    turn.hold(None, waiting_for=[ref for _, ref in both_of(turn) if ref])


def has_not_confirmed(turn: Turn) -> str | None:
    """A guard: each confirms once."""
    return "You have confirmed it already." if as_who(turn) in turn.matter.data["confirmed"] else None


def confirms_last(turn: Turn) -> str | None:
    """A guard that picks the row: whether both have confirmed with this."""
    left = {role for role, ref in both_of(turn) if ref} - {as_who(turn), *turn.matter.data["confirmed"]}
    return "The other is still to confirm." if left else None


def confirm(turn: Turn, _data: Any) -> None:
    """It holds on as it is; both say so, as both have signed (LDS-47)."""
    turn.clause = rules_of(turn).review_clause
    confirmed = [*turn.matter.data["confirmed"], as_who(turn)]
    turn.keep(confirmed=confirmed)
    turn.hold(None, waiting_for=[ref for role, ref in both_of(turn) if ref and role not in confirmed])


def renegotiate(turn: Turn, data: Renegotiate) -> None:
    """The signed version stays in force until both have signed the other one (NS-79)."""
    turn.write(reason=data.reason)
    turn.open(
        Opening(
            Workflow.agreement,
            supervisee=turn.matter.supervisee,
            supervisor=turn.supervisor,
            data={
                "opened_by": turn.actor.ref, "event": "renegotiated", "since": turn.on.isoformat(), "is_older": True,
                "sent": data.terms, "renews": True,
            },
        )
    )  # fmt: skip


def is_renegotiated(turn: Turn) -> str | None:
    """A guard: one set of other terms at a time."""
    if any(m.parent == turn.matter.id for m in turn.facts.related):
        return "Other terms are proposed already: sign or change those."
    return None


def own_renewals(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """Other terms that were proposed and are not signed yet."""
    return (Selector(Workflow.agreement, parent=matter.id),)


def reviewers(turn: Turn) -> tuple[str | None, ...]:
    """Who is reminded: whoever has not confirmed."""
    return tuple(ref for role, ref in both_of(turn) if role not in turn.data.get("confirmed", ()))

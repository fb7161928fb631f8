"""Agreements, concerns, referrals and actions, told for people."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from workflows.policy_relationship import ActionPolicy, AgreementPolicy, ConcernPolicy, ReferralPolicy
from workflows.policy_words import Line, every, line, listed, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT

_FROM = MappingProxyType(
    {
        "employment": "the start of employment",
        "relationship": "the start of the supervision of these two",
        "first_session": "the first formal session",
    }
)
_EVENTS = MappingProxyType(
    {
        "job_role": "the supervisee’s post changes",
        "team": "the supervisee’s team changes",
        "policy": "the policy changes in what matters",
        "asked": "either of the two asks for it",
    }
)
_KINDS = MappingProxyType(
    {
        "text": "",
        "person": ", a person on the list",
        "neither_party": ", a person who is neither of the two",
        "yes_or_no": ", yes or no",
        "accepted": ", to be accepted by whoever signs",
    }
)
_UNSIGNED = MappingProxyType({"superseded": "is superseded by the next one", "lapsed": "lapses"})
_SKIP = MappingProxyType(
    {
        "with_reason": "at any time, with a reason",
        "after_attempt": "once an attempt is recorded, or while the supervisor is away",
        "while_absent": "while the supervisor is away",
        "while_long_absent": "while the supervisor is away for long",
    }
)


def agreements(rules: AgreementPolicy) -> Iterator[Line]:
    """How an agreement comes about, what it must say, and when it is reviewed."""
    start = _FROM[rules.sign_from]
    if rules.signed_within:
        yield line(f"Both sign an agreement within {within(rules.signed_within)} of {start}.", rules.signed_within)
    yield Line(f"An agreement is due from {start}.", rules.sign_clause)
    yield line(f"Otherwise it is signed within {within(rules.otherwise_within)}.", rules.otherwise_within)
    yield Line("It comes before anything else that is recorded of the two.", rules.first_record_clause)
    yield Line("When the supervisor changes, the new two make their own.", rules.change_clause)
    yield Line(f"One that is not signed by then {_UNSIGNED[rules.unsigned_at_change]}.", rules.change_clause)
    if rules.review_every:
        yield line(f"It is reviewed {every(rules.review_every)}.", rules.review_every)
    yield Line("Both confirm it when it is reviewed.", rules.review_clause)
    for rule in rules.review_on:
        yield Line(f"It is reviewed when {_EVENTS[rule.event]}.", rule.clause)
    yield Line(f"The council keeps it in {rules.kept_in.place}.", rules.kept_in.clause)
    for term in rules.terms:
        required = ", required" if term.required else ""
        yield Line(f"Field {plain(term.name)}: {term.title}{_KINDS[term.kind]}{required}.", term.clause)


def concerns(rules: ConcernPolicy) -> Iterator[Line]:
    """Where a supervisee takes it that supervision is not as it should be."""
    yield Line("A concern is raised with the supervisor first.", rules.first_clause)
    yield Line(f"The supervisee may pass the supervisor over {_SKIP[rules.skip]}.", rules.skip_clause)
    yield Line("Then the supervisor’s line manager settles it, and whoever is above.", rules.chain_clause)
    if rules.third_party_about and rules.third_party_clause:
        about = listed(plain(word) for word in sorted(rules.third_party_about))
        sentence = f"About {about}, the third party whom the agreement names is asked before the line manager."
        yield Line(sentence, rules.third_party_clause)
    if rules.named_person_about and rules.named_person_clause:
        about = listed(plain(word) for word in sorted(rules.named_person_about))
        sentence = f"About {about}, the person whom the agreement names for conflicts is asked before the line manager."
        yield Line(sentence, rules.named_person_clause)
    if rules.meeting_required:
        yield Line("Above the supervisor nothing is settled without a meeting of the three.", rules.meeting_required)
    yield Line("A change of supervisor may be the answer.", rules.change_clause)


def referrals(rules: ReferralPolicy) -> Iterator[Line]:
    """How a serious concern about somebody's work becomes HR's."""
    first = rules.discuss_first
    when = (
        "before it is passed on; an immediate risk does not wait"
        if first.value
        else "at the latest when it is passed on"
    )
    yield Line(with_note(f"The supervisee knows of a referral {when}.", first.note), first.clause)
    yield Line("The line manager passes it to HR, outside supervision, which goes on.", rules.route_clause)


def actions(rules: ActionPolicy) -> Iterator[Line]:
    """What an agreed action must say, and what follows when it is carried over."""
    yield Line("An action says what, why, whose it is and until when.", rules.clause)
    yield Line("The supervisor signs it off; the supervisee what the supervisor had to do.", rules.sign_off_clause)
    yield Line("Every session of the two looks at what is still open.", rules.carried_clause)
    asked, seen = rules.challenge_after, rules.tell_manager_after
    sentence = f"Carried over {asked.value} times, both are asked what keeps it from being done."
    yield Line(with_note(sentence, asked.note), asked.clause)
    yield Line(with_note(f"Carried over {seen.value} times, the line manager sees it.", seen.note), seen.clause)
    if rules.sensitive:
        yield Line(
            "An important or sensitive action needs the agreement of the worker’s own line manager.", rules.sensitive
        )
        yield Line("Where that manager opens it as the supervisor, this is the agreement.", rules.sensitive)
        yield Line("While they are away, the next one up is asked.", PRODUCT_DEFAULT)

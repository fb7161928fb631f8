"""What agreements, concerns and actions must hold beyond their form, so that none waits for what cannot come."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policy_forms import RecordPolicy
from workflows.policy_mistake import Problem, repeated
from workflows.policy_relationship import ActionPolicy, AgreementPolicy, ConcernPolicy
from workflows.vocabulary import ConcernAbout, RecordKind

#: The terms by which rules find somebody whom the two have named.
_THIRD_PARTY, _NAMED_PERSON = "third_party", "dispute_person"


def check_agreement(policy: AgreementPolicy) -> Iterator[Problem]:
    """A window that is counted from nothing, or from what is a window by itself; and names that are there twice."""
    within = policy.signed_within
    if policy.sign_from == "employment" and within is None:
        yield Problem("agreement.signed_within", "a period, as it is counted from the start of employment")
    if policy.sign_from == "first_session" and within is not None:
        expected = "no such key, as it is due on the day of the first formal session"
        yield Problem("agreement.signed_within", expected, within.term.words())
    names = ((f"agreement.terms[{index}].name", term.name) for index, term in enumerate(policy.terms))
    yield from repeated(names, "a name that no term before has")
    events = ((f"agreement.review_on[{index}].event", rule.event) for index, rule in enumerate(policy.review_on))
    yield from repeated(events, "an event that is not listed before")


def check_concern(policy: ConcernPolicy) -> Iterator[Problem]:
    """Subjects that no concern has, and somebody to be asked first without the clause that has them asked."""
    asked = (
        ("third_party", policy.third_party_about, policy.third_party_clause),
        ("named_person", policy.named_person_about, policy.named_person_clause),
    )
    for who, subjects, clause in asked:
        for about in sorted(subjects - set(ConcernAbout)):
            yield Problem(f"concern.{who}_about", f"some of {', '.join(ConcernAbout)}", about)
        if subjects and clause is None:
            yield Problem(f"concern.{who}_clause", f"the clause that has the {who.replace('_', ' ')} asked")


def check_action(policy: ActionPolicy) -> Iterator[Problem]:
    """A line manager who would hear of an action before the two are asked."""
    if policy.tell_manager_after.value <= policy.challenge_after.value:
        expected = "more sessions than challenge_after"
        yield Problem("action.tell_manager_after.value", expected, str(policy.tell_manager_after.value))


def check_recorders(agreement: AgreementPolicy, records: RecordPolicy) -> Iterator[Problem]:
    """Records that somebody is to write whom no field of the agreement names."""
    for kind in RecordKind:
        named = records.of(kind).recorder
        term = agreement.term(named.term) if named and named.term else None
        if named and named.term and (term is None or term.kind != "person"):
            yield Problem(f"record.{kind}.recorder.term", "a term of the agreement that names a person", named.term)


def check_named_people(agreement: AgreementPolicy, concern: ConcernPolicy, *, asks_named: bool) -> Iterator[Problem]:
    """Routes that lead to somebody whom no field of the agreement names."""
    if concern.third_party_about and agreement.term(_THIRD_PARTY) is None:
        yield Problem("agreement.terms", f"a term {_THIRD_PARTY!r}, as concerns go to whom it names")
    if (asks_named or concern.named_person_about) and agreement.term(_NAMED_PERSON) is None:
        yield Problem("agreement.terms", f"a term {_NAMED_PERSON!r}, as disputes or concerns go to whom it names")

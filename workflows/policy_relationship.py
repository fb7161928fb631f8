"""What a policy says of the two: their agreement, concerns, referrals, and the actions that they agree."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part, Period, Place, Sessions, Switch


class AgreementTerm(Part):
    """One field of the agreement's form, in the order of the form."""

    name: Name
    """The key under which the field is sent: small letters, digits and underscores."""
    title: str
    """What the field is called on the form."""
    clause: Clause
    """The clause that asks for the field."""
    kind: Literal["text", "person", "neither_party", "yes_or_no", "accepted"] = "text"
    """`person` names somebody on the list, `neither_party` somebody who is not one of the two; `accepted` must be
    true.
    """
    required: bool = False
    """true where nobody can sign before it is filled in."""


class ReviewEvent(Part):
    """A change that calls for a review: of post or team, of the policy, or what either says."""

    event: Literal["job_role", "team", "policy", "asked"]
    """What happens: job_role, team, policy, or asked where either of the two may call for it."""
    clause: Clause
    """The clause that has the agreement reviewed then."""


class AgreementPolicy(Part):
    """How an agreement comes about, how long it holds, and what it must say."""

    signed_within: Period | None = None
    """Counted from `sign_from`; without a period the day of that event itself is the last."""
    sign_from: Literal["employment", "relationship", "first_session"]
    """What the window is counted from: employment, relationship or first_session."""
    sign_clause: Clause
    """The clause that asks for the signatures."""
    otherwise_within: Period
    """The window of a relationship that is new in an employment that is not, or older than the service."""
    unsigned_at_change: Literal["superseded", "lapsed"]
    """What becomes of an unsigned agreement when the supervisor changes."""
    change_clause: Clause
    """The clause for a new supervisor's agreement."""
    review_every: Period | None = None
    review_clause: Clause
    """The clause that has it reviewed by both."""
    review_on: tuple[ReviewEvent, ...] = ()
    terms: tuple[AgreementTerm, ...]
    kept_in: Place
    first_record_clause: Clause
    """The clause that has the agreement opened before anything else of the two is recorded (LDS-22)."""

    def term(self, name: str) -> AgreementTerm | None:
        """A field of the form."""
        return next((term for term in self.terms if term.name == name), None)

    def event(self, name: str) -> ReviewEvent | None:
        """The rule for an event, where it calls for a review."""
        return next((rule for rule in self.review_on if rule.event == name), None)


class ConcernPolicy(Part):
    """Where a supervisee takes it that supervision is not as it should be."""

    first_clause: Clause
    """The clause that has it raised with the supervisor first."""
    skip: Literal["with_reason", "after_attempt", "while_absent", "while_long_absent"]
    """When the supervisee may pass over the supervisor: always with a reason, once an attempt is logged, or only while
    the supervisor is away (for long).
    """
    skip_clause: Clause
    """The clause that says so."""
    chain_clause: Clause
    """The clause that says who hears of it after the supervisor."""
    third_party_about: frozenset[str] = frozenset()
    """What the third party whom the agreement names is asked about before the line is (HAR-07)."""
    third_party_clause: Clause | None = None
    """The clause that names that third party."""
    named_person_about: frozenset[str] = frozenset()
    """What the person whom the agreement names for conflicts is asked about before the line is (LDS-46)."""
    named_person_clause: Clause | None = None
    """The clause that has them asked."""
    meeting_required: Clause | None = None
    """The clause under which nothing is settled above the supervisor without all three meeting (LDS-30, LDS-31)."""
    change_clause: Clause
    """The clause under which another supervisor may be the answer."""


class ReferralPolicy(Part):
    """How a concern about somebody's work becomes HR's."""

    discuss_first: Switch
    """Whether it is discussed with the supervisee before it is passed on (HAR-38); else a written notice is enough. Its
    clause is that of the report to the line manager.
    """
    route_clause: Clause
    """The clause that takes it to HR, outside supervision."""


class ActionPolicy(Part):
    """Agreed actions: why, whose, until when, and what follows when one is carried on and on."""

    clause: Clause
    """The clause that says what an action must state."""
    sign_off_clause: Clause
    """The clause that has it signed off."""
    challenge_after: Sessions
    """Sessions over which an action is carried until both are asked about it."""
    tell_manager_after: Sessions
    """Sessions over which it is carried until the line manager sees it."""
    carried_clause: Clause
    """The clause that has it looked at in every session."""
    sensitive: Clause | None = None
    """The clause under which an important or sensitive action needs the agreement of the worker's own line manager."""

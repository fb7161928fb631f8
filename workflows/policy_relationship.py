"""What a policy says of the two: their agreement, concerns, referrals, and the actions that they agree."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part, Period, Place, Switch


class AgreementTerm(Part):
    """One field of the agreement's form, in the order of the form."""

    name: Name
    title: str
    clause: Clause
    #: `person` names somebody on the list, `neither_party` somebody who is not one of the two; `accepted` must be true.
    kind: Literal["text", "person", "neither_party", "yes_or_no", "accepted"] = "text"
    required: bool = False


class ReviewEvent(Part):
    """A change that calls for a review: of post or team, of the policy, or what either says."""

    event: Literal["job_role", "team", "policy", "asked"]
    clause: Clause


class AgreementPolicy(Part):
    """How an agreement comes about, how long it holds, and what it must say."""

    #: Counted from `sign_from`; without a period the day of that event itself is the last.
    signed_within: Period | None = None
    sign_from: Literal["employment", "relationship", "first_session"]
    sign_clause: Clause
    #: The window of a relationship that is new in an employment that is not, or older than the service.
    otherwise_within: Period
    #: What becomes of an unsigned agreement when the supervisor changes.
    unsigned_at_change: Literal["superseded", "lapsed"]
    change_clause: Clause
    review_every: Period | None = None
    review_clause: Clause
    review_on: tuple[ReviewEvent, ...] = ()
    terms: tuple[AgreementTerm, ...]
    kept_in: Place
    #: The clause that has the agreement opened before anything else of the two is recorded (LDS-22).
    first_record_clause: Clause

    def term(self, name: str) -> AgreementTerm | None:
        """A field of the form."""
        return next((term for term in self.terms if term.name == name), None)

    def event(self, name: str) -> ReviewEvent | None:
        """The rule for an event, where it calls for a review."""
        return next((rule for rule in self.review_on if rule.event == name), None)


class ConcernPolicy(Part):
    """Where a supervisee takes it that supervision is not as it should be."""

    first_clause: Clause
    #: When the supervisee may pass over the supervisor: always with a reason, once an attempt is logged, or only while
    #: the supervisor is away (for long).
    skip: Literal["with_reason", "after_attempt", "while_absent", "while_long_absent"]
    skip_clause: Clause
    chain_clause: Clause
    #: What the third party whom the agreement names is asked about before the line is (HAR-07).
    third_party_about: frozenset[str] = frozenset()
    third_party_clause: Clause | None = None
    #: The clause under which nothing is settled above the supervisor without a meeting of the three (LDS-30, LDS-31).
    meeting_required: Clause | None = None
    change_clause: Clause


class ReferralPolicy(Part):
    """How a concern about somebody's work becomes HR's."""

    #: Whether it is discussed with the supervisee before it is passed on (HAR-38); else a written notice is enough.
    discuss_first: Switch
    route_clause: Clause


class ActionPolicy(Part):
    """Agreed actions: why, whose, until when, and what follows when one is carried on and on."""

    clause: Clause
    sign_off_clause: Clause
    #: Sessions over which an action is carried until both are asked about it, and until the line manager sees it.
    challenge_after: int
    tell_manager_after: int
    carried_clause: Clause
    #: The clause under which an important or sensitive action needs the line manager's agreement (HAR-16).
    sensitive: Clause | None = None

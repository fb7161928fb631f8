"""What comes before a session, and what people are told and asked, as sentences of a policy."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.guidance import Entry
from workflows.policy import Policy, SessionPolicy
from workflows.policy_guidance import Guidance
from workflows.policy_intervals import EntitlementPolicy
from workflows.policy_words import Line, every, line, listed, plain, within
from workflows.vocabulary import PRODUCT_DEFAULT, Moment, Role


def before_sessions(rules: SessionPolicy) -> Iterator[Line]:
    """How a session is prepared and booked."""
    if rules.preparation is None:
        yield Line("Both may put points on the agenda of a session; nobody is reminded to.", PRODUCT_DEFAULT)
    else:
        ahead = rules.preparation.remind_before
        yield Line("Both put on the agenda what they want to talk about.", rules.preparation.agenda_clause)
        yield line(f"Whoever has not is reminded {within(ahead)} before the session.", ahead)
        for section in rules.preparation.form:
            yield Line(f"Section of the preparation form: {section.title}.", section.clause)
    if rules.time_per_case:
        minutes = rules.time_per_case.minutes
        yield Line(f"The account of each case takes {minutes} minutes at most.", rules.time_per_case.clause)
    if rules.paid_hours:
        hours = rules.paid_hours
        yield Line("Whoever books outside paid hours, or on a day of leave, is warned.", hours.clause)
        yield Line(f"Paid hours count as {hours.opens:%H:%M} to {hours.closes:%H:%M}.", hours.hours_clause)
    if rules.joint:
        yield Line("The line manager and a manager of the worker’s profession may join sessions.", rules.joint)


def review(rules: EntitlementPolicy) -> Iterator[Line]:
    """Lengths that add up, and the yearly review."""
    if rules.lengths_add_up:
        yield Line("The sessions of a month may make up the length together.", rules.lengths_add_up)
    if rules.yearly_review:
        yearly = rules.yearly_review
        yield line(f"A session is made longer for a review {every(yearly.every)}.", yearly.every)
        after, again = yearly.remind_after, yearly.remind_again
        yield line(f"The supervisor is reminded of it {within(after)} after the last one.", after)
        yield line(f"Once it is late, the supervisor and their manager are reminded {every(again)}.", again)


def told_and_asked(policy: Policy) -> Iterator[Line]:
    """Every piece of guidance and every question, with its moments."""
    for entry in policy.guidance:
        yield Line(f"{_when(entry)}: {entry.says}", entry.clause)
    for asked in policy.prompt:
        field = f" The answer goes into {plain(asked.key)}." if asked.key else ""
        yield Line(f"{_when(asked)}: “{asked.asks}”{field or '.'}", asked.clause)
    if not policy.guidance and not policy.prompt:
        yield Line("People are told and asked nothing beside the rules.", PRODUCT_DEFAULT)


def _when(entry: Entry) -> str:
    moments = listed(moment for moment in Moment if moment in entry.at)
    whose = f", for the {listed(plain(role) for role in Role if role in entry.who)}" if entry.who else ""
    about = f", in {listed(sorted(entry.kinds))} supervision" if entry.kinds else ""
    what = "Guidance" if isinstance(entry, Guidance) else "Question"
    return f"{what} ({moments}{whose}{about})"

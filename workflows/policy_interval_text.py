"""How often cases and workers are supervised, told for people."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policy_intervals import EntitlementPolicy, FrequencyPolicy, FrequencyRow, NqswPhase
from workflows.policy_parts import Length
from workflows.policy_words import Line, every, kinds, line, listed, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT


def cases(policy: FrequencyPolicy) -> Iterator[Line]:
    """The table of case supervision, its ratings, and what runs where it has no row."""
    yield Line("Where several rows fit a case, the most frequent counts.", PRODUCT_DEFAULT)
    for row in policy.rows:
        yield from _row(row, policy)
    yield line(f"Any other case is supervised {every(policy.otherwise)}.", policy.otherwise)
    if policy.raised_to:
        yield Line(
            f"A case is supervised more often when it has any of: {_names(policy.raised_by)}.", policy.raised_by_clause
        )
        yield line(f"It is then supervised {every(policy.raised_to)}, whatever its row.", policy.raised_to)
    for note in policy.noted:
        sentence = f"Cases ({plain(note.category)}) may carry, without another interval: {_names(note.criteria)}."
        yield Line(sentence, note.clause)
    yield from _ratings(policy)


def _row(row: FrequencyRow, policy: FrequencyPolicy) -> Iterator[Line]:
    who = _who(row, policy)
    yield line(f"{who}: {every(row.every)}.", row.every)
    if row.or_every:
        yield line(f"{who}: or {every(row.or_every)}, whichever ends earlier.", row.or_every)
    if row.follows_plan_review:
        yield Line(f"{who}: as often as the plan is reviewed, where that is known.", row.every.clause)
    if row.first_within:
        yield line(f"{who}: for the first time within {within(row.first_within)} of allocation.", row.first_within)
    if row.then_target:
        yield line(f"{who}: after that, the aim is {every(row.then_target)}.", row.then_target)
    if row.then_limit:
        yield line(f"{who}: after that, at the latest {every(row.then_limit)}.", row.then_limit)
    if row.needs_approval:
        sentence = f"{who}: only once a head of service who did not propose it approves."
        yield Line(sentence, row.needs_approval)
    if row.reviewed_every:
        yield line(f"{who}: senior managers review it {every(row.reviewed_every)}.", row.reviewed_every)
    if row.exception:
        yield Line(f"{who}: on the exception list until the council sets an interval.", PRODUCT_DEFAULT)


def _who(row: FrequencyRow, policy: FrequencyPolicy) -> str:
    rated = next((f"rating {rating.title}" for rating in policy.ratings if rating.id == row.rating), None)
    criteria = _names(row.criteria) if row.criteria else None
    return ", ".join(filter(None, (plain(row.category).capitalize(), criteria, rated)))


def _ratings(policy: FrequencyPolicy) -> Iterator[Line]:
    for rating in policy.ratings:
        suggested = f"suggested for {_names(rating.suggested_by)}" if rating.suggested_by else "suggested for nothing"
        yield Line(f"The rating {rating.title} is {suggested}; the team manager decides.", rating.clause)
    if policy.unrated:
        yield line(f"A case that is still to be rated is supervised {every(policy.unrated)}.", policy.unrated)
    if policy.review_changed:
        sentence = (
            f"When the list changes a case, its rating is looked at again within {within(policy.review_changed)}."
        )
        yield line(sentence, policy.review_changed)


def workers(policy: EntitlementPolicy) -> Iterator[Line]:
    """The intervals by job role, those of a newly qualified worker's first year, and the professional ones."""
    for row in policy.rows:
        who = listed(plain(job_role) for job_role in sorted(row.job_roles))
        yield line(f"Job role {who}: supervised {every(row.every)}.", row.every)
        yield from _length(f"Job role {who}", row.length)
    rest = "Everyone else" if policy.rows else "Everyone"
    yield line(f"{rest} is supervised {every(policy.everyone_else)}.", policy.everyone_else)
    yield from _length(rest, policy.everyone_else_length)
    yield Line("An agreement may shorten these intervals and never lengthen them.", policy.shorten_clause)
    for phase in policy.nqsw:
        yield from _phase(phase)
    if policy.nqsw_clause:
        sentence = "More often for newly qualified workers, but no interval is given: that of their job role runs."
        yield Line(sentence, policy.nqsw_clause)
        sentence = "Until the two agree on an interval, the first year of such a worker is on the exception list."
        yield Line(sentence, PRODUCT_DEFAULT)
    yield from _professional(policy)


def _phase(phase: NqswPhase) -> Iterator[Line]:
    when = f"until {within(phase.until)} after the start" if phase.until else "from then on"
    yield line(f"Newly qualified workers, {when}: supervised {every(phase.every)}.", phase.every)
    if phase.until and (phase.until.clause, phase.until.note) != (phase.every.clause, ""):
        yield line(f"That phase ends {within(phase.until)} after the start.", phase.until)
    yield from _length(f"Newly qualified workers, {when}", phase.length)


def _length(who: str, length: Length | None) -> Iterator[Line]:
    if length:
        yield Line(with_note(f"{who}: a session lasts {length.minutes} minutes or more.", length.note), length.clause)


def _professional(policy: EntitlementPolicy) -> Iterator[Line]:
    if not policy.professional:
        return
    roles = [plain(job_role) for job_role in sorted(policy.professional_roles)]
    who = listed(roles or ["everybody with a professional registration"])
    sentence = f"Professional supervision besides, where the manager has another profession: {who}."
    yield Line(sentence, policy.professional)
    sentence = f"It is renewed by {kinds(policy.professional_kinds)} sessions with somebody of the same profession."
    yield Line(sentence, policy.professional)
    if policy.professional_every:
        yield line(
            f"Professional supervision takes place {every(policy.professional_every)}.", policy.professional_every
        )
    else:
        yield Line("Professional supervision is as frequent as that of everyone whom no row lists.", PRODUCT_DEFAULT)


def _names(identifiers: frozenset[str]) -> str:
    return listed(plain(identifier) for identifier in sorted(identifiers))

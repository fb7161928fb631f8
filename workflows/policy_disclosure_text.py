"""What a policy says about showing records to others, and about keeping them after somebody has left, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from workflows.policy_disclosure import DisclosurePolicy, ReleaseRule
from workflows.policy_retention import RetentionPolicy
from workflows.policy_words import Line, every, line, plain, with_note, within
from workflows.vocabulary import PRODUCT_DEFAULT

_KEEPERS = MappingProxyType({"supervisor": "the supervisor", "hr": "human resources"})
_ENDINGS = MappingProxyType({"archive": "it is archived", "dispose": "it may be disposed of"})


def disclosures(rules: DisclosurePolicy) -> Iterator[Line]:
    """Requests for records, what is withheld, and who looks into a record."""
    yield line(f"A request for records is decided within {within(rules.decide_by)}.", rules.decide_by)
    sentence = "The people whose records are asked for always know of it."
    yield Line(with_note(sentence, rules.told.note), rules.told.clause)
    sentence = f"Where an investigation requires it, they are told within {within(rules.tell_within)} and not at once."
    yield line(sentence, rules.tell_within)
    for rule in rules.requests:
        yield from _kind(rule)
    for ground in rules.grounds:
        goes = f" That part goes to {ground.goes_to}." if ground.goes_to else ""
        yield Line(f"Ground “{plain(ground.name)}”: {ground.title}.{goes}", ground.clause)
    for purpose in rules.purposes:
        yield Line(f"Purpose “{plain(purpose.name)}”: {purpose.title}.", purpose.clause)
    copy = rules.audit_copy
    sentence = f"In an audit copy, what is said about wellbeing is replaced by the words “{copy.words}”."
    yield Line(with_note(sentence, copy.note), copy.clause)


def _kind(rule: ReleaseRule) -> Iterator[Line]:
    what = f"Request of the kind “{plain(rule.kind)}”"
    handled = "it goes to information governance" if rule.refer else "records are looked through and may be given out"
    yield Line(f"{what}: {handled}.", rule.clause)
    may = "may be given out" if rule.personal.value else "is not given out"
    if rule.personal.clause != PRODUCT_DEFAULT or not rule.personal.value:
        yield Line(with_note(f"{what}: personal supervision {may}.", rule.personal.note), rule.personal.clause)
    told = (
        (rule.delay_clause, "a head of service may allow that people are told later"),
        (rule.freeze_clause, "nobody changes the records until it is over"),
        (rule.paper_clause, "notes on paper are looked through, whatever their folder is called"),
        (rule.anonymous_clause, "nobody may be recognised in what goes out"),
    )
    for clause, sentence in told:
        if clause:
            yield Line(f"{what}: {sentence}.", clause)


def retention(rules: RetentionPolicy) -> Iterator[Line]:
    """How long the file of somebody who left is kept, by whom, and what holds it up."""
    if rules.keep_for:
        yield line(f"The supervision file of somebody who left is kept for {within(rules.keep_for)}.", rules.keep_for)
    else:
        sentence = "The policy gives no time for the supervision file of somebody who left: it is never disposed of."
        yield Line(sentence, PRODUCT_DEFAULT)
    sentence = f"When its time is over, {_ENDINGS[rules.ending.then]}."
    yield Line(with_note(sentence, rules.ending.note), rules.ending.clause)
    yield Line(f"Until then it is with {_KEEPERS[rules.custody.by]}.", rules.custody.clause)
    for ground in rules.hold_grounds:
        yield Line(f"It is held beyond its time on the ground “{plain(ground.name)}”: {ground.title}.", ground.clause)
    sentence = f"Whether a hold is still needed is looked at {every(rules.hold_reviewed_every)}."
    yield line(sentence, rules.hold_reviewed_every)

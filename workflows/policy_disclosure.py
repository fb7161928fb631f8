"""Who may be shown supervision records, for what, and on which grounds parts of them are withheld, as policy data."""

from __future__ import annotations

from workflows.policy_parts import Clause, Name, Part, Period, Switch
from workflows.vocabulary import PRODUCT_DEFAULT, ReleaseKind, Unit


class Purpose(Part):
    """A purpose for which somebody who is no party opens a record."""

    name: Name
    """A short name, given with the request to open it."""
    title: str
    """The purpose, for people."""
    clause: Clause
    """The clause that names it."""


class Ground(Part):
    """A ground on which a part of a record is withheld, by its short name."""

    name: Name
    """A short name, given with what is withheld."""
    title: str
    """The ground, for people."""
    clause: Clause
    """The clause that names it."""
    goes_to: str = ""
    """Who handles that part under rules of their own, such as the adoption team; empty where nobody does."""


class ReleaseRule(Part):
    """What holds for one kind of request."""

    kind: ReleaseKind
    """The kind of request."""
    clause: Clause
    """The clause that rules it."""
    refer: bool = False
    """The policy has no rule for it: it goes to information governance, and nothing is disclosed here."""
    personal: Switch = Switch(value=True, clause=PRODUCT_DEFAULT)
    """Whether records of personal supervision are disclosed."""
    delay_clause: Clause | None = None
    """The clause under which telling the people concerned may be put off, where one allows it."""
    freeze_clause: Clause | None = None
    """The clause that makes the records evidence, which nobody edits (LDS-45)."""
    paper_clause: Clause | None = None
    """The clause about notes on paper, which are looked through with every request (CBC-91)."""
    anonymous_clause: Clause | None = None
    """The clause under which nobody may be recognised in what goes out (HAR-39)."""


class Told(Part):
    """That the people concerned are told, always, and which clause says so."""

    clause: Clause
    """The clause that has them told."""
    note: str = ""
    """A remark for people."""


class Words(Part):
    """The words that stand in an audit copy instead of what was said about wellbeing."""

    words: str
    """The words."""
    clause: Clause
    """The clause that gives them."""
    note: str = ""
    """A remark for people."""


def _default(kind: ReleaseKind) -> ReleaseRule:
    return ReleaseRule(kind=kind, clause=PRODUCT_DEFAULT, refer=True)


class DisclosurePolicy(Part):
    """What is shown to whom besides the two parties, and how it is decided."""

    decide_by: Period = Period(value=1, unit=Unit.months, clause=PRODUCT_DEFAULT)
    """How soon a request is decided."""
    tell_within: Period = Period(value=1, unit=Unit.months, clause=PRODUCT_DEFAULT)
    """How long telling the people concerned may be put off."""
    told: Told = Told(clause=PRODUCT_DEFAULT)
    requests: tuple[ReleaseRule, ...] = ()
    grounds: tuple[Ground, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    audit_copy: Words = Words(words="wellbeing discussion", clause=PRODUCT_DEFAULT)

    def of(self, kind: str | None) -> ReleaseRule:
        """The rule for one kind of request; one that the policy does not name goes to information governance."""
        found = (rule for rule in self.requests if rule.kind == kind)
        return next(found, None) or _default(ReleaseKind(kind or ReleaseKind.access_to_files))

    def ground(self, name: str) -> Ground | None:
        """The ground of this name."""
        return next((ground for ground in self.grounds if ground.name == name), None)

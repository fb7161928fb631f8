"""A council's audits of supervision as data: which run by themselves, what each looks at, and the form's questions."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part, Period, Slug
from workflows.vocabulary import PRODUCT_DEFAULT, AuditKind, Unit

#: For whom one round opens an audit each: once for all, for each team manager, or for everybody who supervises.
Per = Literal["organisation", "team_manager", "supervisor"]
_MONTHS_OF = {Unit.months: 1, Unit.years: 12}
#: The kinds that a form with questions belongs to; a survey keeps counts alone.
WITH_FORM = frozenset(AuditKind) - {AuditKind.survey}


class AuditProgramme(Part):
    """One kind of audit that the council carries out."""

    id: Slug
    title: str
    kind: AuditKind
    clause: Clause
    #: How often a round is opened by itself; None: only when an auditor opens one.
    every: Period | None = None
    per: Per = "organisation"
    #: The ratings whose cases an audit of rated cases lists.
    ratings: frozenset[Slug] = frozenset()
    note: str = ""

    @property
    def months(self) -> int:
        """The length of one slot in calendar months; 0 where rounds are opened by hand alone."""
        return self.every.value * _MONTHS_OF[self.every.unit] if self.every else 0


class AuditQuestion(Part):
    """One question of the form, in the order of the form."""

    name: Name
    title: str
    clause: Clause
    #: The kinds of audit that ask it; empty: every one that has a form.
    asked_in: frozenset[AuditKind] = frozenset()

    def is_asked_in(self, kind: str | None) -> bool:
        """Whether an audit of this kind has the question."""
        return kind in (self.asked_in or WITH_FORM)


class AuditPolicy(Part):
    """How supervision itself is looked at."""

    report_by: Period = Period(value=20, unit=Unit.working_days, clause=PRODUCT_DEFAULT)
    #: How long a case that was drawn is not drawn again while the team has others.
    no_repeat: Period = Period(value=12, unit=Unit.months, clause=PRODUCT_DEFAULT)
    #: How often the supervisor is reminded of learning that waits for the case's next session.
    remind_learning: Period = Period(value=1, unit=Unit.months, clause=PRODUCT_DEFAULT)
    #: The section of the case record that learning goes into, where the policy names one.
    learning_section: Name | None = None
    learning_clause: Clause = PRODUCT_DEFAULT
    programmes: tuple[AuditProgramme, ...] = (
        AuditProgramme(id="cases", title="Audit of a case", kind=AuditKind.case_sample, clause=PRODUCT_DEFAULT),
    )
    questions: tuple[AuditQuestion, ...] = ()

    def programme(self, programme_id: str) -> AuditProgramme | None:
        """The programme of this id, None where the policy has none."""
        return next((one for one in self.programmes if one.id == programme_id), None)

    def of_kind(self, kind: AuditKind) -> AuditProgramme | None:
        """The first programme of this kind: what is opened by hand goes by it unless it names another one."""
        return next((one for one in self.programmes if one.kind is kind), None)

    def form(self, kind: str | None) -> list[dict[str, str]]:
        """The questions of one kind of audit, as a matter keeps them."""
        asked = (question for question in self.questions if question.is_asked_in(kind))
        return [{"name": one.name, "title": one.title, "clause": one.clause} for one in asked]

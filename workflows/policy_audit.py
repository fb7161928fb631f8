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
    """A short name of the programme."""
    title: str
    """What the programme is called."""
    kind: AuditKind
    """What is audited."""
    clause: Clause
    """The clause that asks for it."""
    every: Period | None = None
    """How often a round is opened by itself; None: only when an auditor opens one."""
    per: Per = "organisation"
    """For whom one is drawn: organisation, team_manager or supervisor."""
    ratings: frozenset[Slug] = frozenset()
    """The ratings whose cases an audit of rated cases lists."""
    note: str = ""
    """A remark for people."""

    @property
    def months(self) -> int:
        """The length of one slot in calendar months; 0 where rounds are opened by hand alone."""
        return self.every.value * _MONTHS_OF[self.every.unit] if self.every else 0


class AuditQuestion(Part):
    """One question of the form, in the order of the form."""

    name: Name
    """The key under which the answer is sent."""
    title: str
    """The question."""
    clause: Clause
    """The clause that it comes from."""
    asked_in: frozenset[AuditKind] = frozenset()
    """The kinds of audit that ask it; empty: every one that has a form."""

    def is_asked_in(self, kind: str | None) -> bool:
        """Whether an audit of this kind has the question."""
        return kind in (self.asked_in or WITH_FORM)


class AuditActions(Part):
    """What an audit of a case teaches becomes actions, which the case's records show apart from others."""

    heading: str
    """The heading under which a record shows them."""
    done_by: Period
    """How soon after the report they are to be done."""
    clause: Clause
    """The clause that has them shown, with what is done and what is outstanding."""


class AuditPolicy(Part):
    """How supervision itself is looked at."""

    report_by: Period = Period(value=20, unit=Unit.working_days, clause=PRODUCT_DEFAULT)
    no_repeat: Period = Period(value=12, unit=Unit.months, clause=PRODUCT_DEFAULT)
    """How long a case that was drawn is not drawn again while the team has others."""
    remind_learning: Period = Period(value=1, unit=Unit.months, clause=PRODUCT_DEFAULT)
    """How often the supervisor is reminded of learning that waits for the case's next session."""
    learning_section: Name | None = None
    """The section of the case record that learning goes into, where the policy names one."""
    learning_clause: Clause = PRODUCT_DEFAULT
    """The clause that puts it there."""
    actions: AuditActions | None = None
    """The actions that come of it; left out where the policy has learning alone."""
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

"""What no office shows to those whom it is about: a request that is put off, an audit until its report, a proposal.

Whoever came to a matter by name is not asked about here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    String,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from service.storage.council_tables import cases, people
from service.storage.matter_tables import matters
from workflows.audit_sampling import PROGRAMME
from workflows.vocabulary import AuditKind, Workflow

_OWN = bindparam("own", type_=Uuid)
_VIEWER = bindparam("viewer", type_=String)


class _Names(FunctionElement[bool]):
    """Whether a list that a matter keeps in its data names somebody or something: the data, a ref, and the list."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, data: ColumnElement[Any], ref: ColumnElement[Any], name: str) -> None:
        super().__init__(data, ref, bindparam(None, name, type_=String, unique=True))


@compiles(_Names, "postgresql")
def _names_on_postgresql(element: _Names, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the library's
    data, ref, name = (compiler.process(part, **kw) for part in element.clauses)
    return f"coalesce(({data} -> CAST({name} AS text)) @> to_jsonb(CAST({ref} AS text)), false)"


@compiles(_Names, "sqlite")
def _names_on_sqlite(element: _Names, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the library's
    data, ref, name = (compiler.process(part, **kw) for part in element.clauses)
    each = f"json_each({data}, '$.' || {name}) AS named"
    return f"EXISTS (SELECT 1 FROM {each} WHERE named.value = {ref})"  # noqa: S608 - parts that are compiled already


def untold() -> ColumnElement[bool]:
    """Whether a row of `matters` is about the viewer, who is not to know of it by any office."""
    return or_(_put_off(), _not_reported(), _programme_of_such(), _not_begun())


def _put_off() -> ColumnElement[bool]:
    """A request for records of which its people are to hear later; whoever took it in knows of it."""
    about = or_(_kept(matters, "subject") == _VIEWER, _Names(matters.c.data, _VIEWER, "people"))
    return and_(
        matters.c.workflow == Workflow.disclosure.value, _kept(matters, "told_at").is_(None),
        func.coalesce(_kept(matters, "opened_by") != _VIEWER, true()), func.coalesce(about, False),
    )  # fmt: skip


def _not_begun() -> ColumnElement[bool]:
    """A grant to read what is theirs, which comes to them when it begins."""
    is_about = func.coalesce(matters.c.supervisee == _VIEWER, False)
    return and_(matters.c.workflow == Workflow.grant.value, is_about)


def _not_reported() -> ColumnElement[bool]:
    return and_(matters.c.workflow == Workflow.audit.value, _kept(matters, "reported_at").is_(None), _audits(matters))


def _programme_of_such() -> ColumnElement[bool]:
    """A programme says in its history what was drawn, and one of single cases also what was chosen by hand."""
    audit = matters.alias("audit")
    waiting = exists().where(
        audit.c.organisation_id == _OWN, audit.c.workflow == Workflow.audit.value, audit.c.closed_at.is_(None),
        _kept(audit, "reported_at").is_(None), _audits(audit),
        or_(audit.c.parent == matters.c.id, _kept(matters, "audits") == AuditKind.case_sample.value),
    )  # fmt: skip
    return and_(matters.c.workflow == Workflow.audit.value, matters.c.kind == PROGRAMME, waiting)


def _audits(audit: FromClause) -> ColumnElement[bool]:
    """Whether the viewer is among those whose work is audited, as the rules of audits have it."""
    observed = _kept(audit, "observed")
    of_observed = exists().where(
        people.c.organisation_id == _OWN,
        or_(
            and_(people.c.ref == observed, people.c.line_manager == _VIEWER),
            and_(people.c.ref == _VIEWER, or_(people.c.supervisor == observed, people.c.cover == observed)),
        ),
    )
    found = or_(_of_case(audit), _kept(audit, "team_manager") == _VIEWER, observed == _VIEWER, of_observed)
    return func.coalesce(found, False)


def _of_case(audit: FromClause) -> ColumnElement[bool]:
    """The worker of a case, whoever supervises them, and the manager just above."""
    managed = select(people.c.ref).where(people.c.organisation_id == _OWN, people.c.line_manager == _VIEWER)
    worker = people.alias("worker")
    above = (worker.c.supervisor, worker.c.cover)
    supervised = select(worker.c.ref).where(
        worker.c.organisation_id == _OWN, or_(*(ref == _VIEWER for ref in above), *(ref.in_(managed) for ref in above))
    )
    theirs = exists().where(
        cases.c.organisation_id == _OWN, or_(cases.c.worker == _VIEWER, cases.c.worker.in_(supervised))
    )
    is_rated = and_(audit.c.kind == AuditKind.rated.value, theirs.where(_Names(audit.c.data, cases.c.ref, "cases")))
    return or_(theirs.where(cases.c.ref == audit.c.case_ref), is_rated)


def _kept(matter: FromClause, name: str) -> ColumnElement[Any]:
    found: ColumnElement[Any] = matter.c.data[name].as_string()
    return found

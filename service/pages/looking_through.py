"""Looking records through before they go out: what each section says, and what is withheld of it on which ground."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, matter_id_of, save
from service.api.bodies import parsed
from service.api.disclosures import copying
from service.api.moves import move_on, moves_of
from service.api.replays import Answer, once
from service.engine.disclosed_copy import Said
from service.engine.disclosing import Copying
from service.pages.council_fields import sentences_of
from service.pages.fields import Field, Option, filled
from service.pages.languages import gettext as _
from service.pages.matter_words import kind_in_words, title_of
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.pages.withheld_parts import NotThereError, spans_of
from service.problems import Problem, not_here
from workflows.disclosure_payloads import Redact
from workflows.disclosure_redaction import COMMENTS
from workflows.refusals import Refused

router = APIRouter()
_RECORD = "/matters/{matter_id}/records/{record}"
_SECTION = f"{_RECORD}/{{section}}"
_WHOLE, _PARTS = "whole", "parts"


@router.get(_RECORD)
def look(visit: Visiting, matter_id: str, record: str, done: str = "") -> HTMLResponse:
    """One record as it would go out, section by section. Whoever looks is written down."""
    request, wanted = matter_id_of(matter_id), matter_id_of(record)

    def piece(asking: Asking) -> HTMLResponse:
        found = copying(asking, request, wanted)
        [shown], [row] = found.copy()["records"], found.rows()
        values = {
            **_about(asking, request, wanted, found), "sections": [*_sections(shown)], "says": shown["says"],
            "who": row.supervisee, "done": done, "may": found.request.state == "in_review",
        }  # fmt: skip
        return page(visit, asking, "record_looked_through.html", values)

    return visit.write(piece)


@router.get(_SECTION)
def ask(visit: Visiting, matter_id: str, record: str, section: str) -> HTMLResponse:
    """What of one section is to be withheld."""
    request, wanted = matter_id_of(matter_id), matter_id_of(record)
    return visit.write(lambda asking: _form(visit, asking, request, wanted, section, None))


@router.post(_SECTION)
def withhold(visit: Visiting, posted: Form, matter_id: str, record: str, section: str) -> Response:
    """Withhold the section or parts of it, or show it whole again."""
    request, wanted = matter_id_of(matter_id), matter_id_of(record)
    onward = f"/matters/{request}/records/{wanted}"

    def piece(asking: Asking) -> Response:
        if posted.text("do") == "show":
            data = {"record": str(wanted), "section": section}
            move_on(asking, request, posted.sent({"trigger": "lift_redaction", "data": data}))
            return see_other(f"{onward}?done=shown")
        found = copying(asking, request, wanted)
        typed, parts = _typed(asking, found, wanted, section, posted)
        if typed.errors:
            raise FormError(typed)
        once(asking, posted.sent(typed.data), moves_of(request), lambda: _withheld(asking, request, parts))
        return see_other(f"{onward}?done=withheld")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return visit.write(lambda asking: _form(visit, asking, request, wanted, section, posted, problem))


def _withheld(asking: Asking, request: UUID, parts: list[Redact]) -> Answer:
    for part in parts:
        asking.work.fire(request, "redact", part, asking.actor)
    save(asking)
    return Answer(200, {"id": str(request), "data": {}})


# -- what is typed
def _said(found: Copying, record: UUID, section: str) -> Said:
    """The text of a section. Raises Problem 404 where there is none."""
    said = found.said_in(record).get(section)
    if said is None:
        raise not_here()
    return said


def _questions(asking: Asking, found: Copying, said: Said) -> tuple[Field, ...]:
    policy = asking.work.picture.policies[found.request.policy, found.request.policy_version]
    grounds = tuple(
        Option(g.name, _capital(translated(g.title)), _beside(g.clause, g.goes_to)) for g in policy.disclosure.grounds
    )
    much = (Option(_WHOLE, _("The whole section")), Option(_PARTS, _("Only what is chosen below")))
    sentences = tuple(Option(one, one) for one in sentences_of(said.text))
    return (
        Field("ground", "choice", _("Why it is withheld"), required=True, options=grounds),
        Field("much", "choice", _("How much"), required=True, options=much, value=_PARTS),
        Field("sentences", "passages", _("Sentences"), _("Tick those that are withheld."), options=sentences),
        Field(
            "words", "lines", _("Words, such as a name"),
            _("One name or phrase on each line. Each is withheld wherever it stands in this section."),
        ),
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _beside(clause: str, goes_to: str) -> str:
    return _("%(clause)s. It is passed on to %(who)s.", clause=clause, who=goes_to) if goes_to else translated(clause)


def _typed(asking: Asking, found: Copying, record: UUID, section: str, posted: Posted) -> tuple[Typed, list[Redact]]:
    """What was typed, and the parts that are to be withheld."""
    said = _said(found, record, section)
    typed = Typed(_questions(asking, found, said), posted, asking.work.picture.directory)
    if typed.errors:
        return typed, []
    about = {"record": str(record), "section": section, "ground": typed.data["ground"]}
    try:
        whole = parsed(Redact, about)
    except Problem as problem:
        problems_of(problem, typed)
        return typed, []
    if typed.data["much"] == _WHOLE:
        return typed, [whole]
    try:
        spans = spans_of(said.text, typed.data.get("sentences", ()), typed.data.get("words", ()))
    except NotThereError as error:
        typed.errors["words"] = str(error)
        return typed, []
    if not spans:
        typed.errors["words"] = _("Tick a sentence, or enter words")
    return typed, [
        Redact(record=record, section=section, ground=whole.ground, step=said.step, start=start, end=end)
        for start, end in spans
    ]


# -- what is shown
def _about(asking: Asking, request: UUID, record: UUID, found: Copying) -> dict[str, Any]:
    shape = asking.reader.matter(request, asking.work)
    rows = found.rows()
    if shape is None or not rows:
        raise not_here()
    what = kind_in_words({"workflow": rows[0].workflow, "kind": rows[0].kind})
    return {
        "matter": shape, "title": title_of(asking, shape), "record": str(record), "what": what,
        "case": rows[0].case_ref, "opened_at": rows[0].opened_at, "next": _after(found, record),
    }  # fmt: skip


def _after(found: Copying, record: UUID) -> str | None:
    """The record of the request that comes next, oldest first."""
    ids = [str(one["id"]) for one in found.request.data["records"]]
    following = ids[ids.index(str(record)) + 1 :]
    return following[0] if following else None


def _sections(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections of a record in their order, the comments last; each with whether anything of it is withheld."""
    comments = (
        [{"name": COMMENTS, "title": _("The supervisee’s own comments"), **shown["comments"]}]
        if shown["comments"]
        else []
    )
    return [
        {**section, "is_withheld": any("withheld" in part for part in section["parts"])}
        for section in (*shown["sections"], *comments)
    ]


def _form(
    visit: Visit, asking: Asking, request: UUID, record: UUID, section: str, posted: Posted | None,
    problem: Problem | None = None,
) -> HTMLResponse:  # fmt: skip
    found = copying(asking, request, record)
    if found.request.state != "in_review":
        raise not_here()
    said = _said(found, record, section)
    [shown] = found.copy()["records"]
    fields: Any = _questions(asking, found, said)
    problems: tuple[str, ...] = ()
    if posted is not None:
        typed, _parts = _typed(asking, found, record, section, posted)
        problems = problems_of(problem, typed)
        fields = filled(fields, typed.values, typed.errors)
    heading = next(one["title"] for one in _sections(shown) if one["name"] == section)
    values = {
        **_about(asking, request, record, found), "section": section, "heading": heading, "text": said.text,
        "fields": fields, "problems": problems,
    }  # fmt: skip
    return page(visit, asking, "withhold.html", values, 200 if posted is None else 422)

"""A session's new date: cancelling it, booking another and naming that as its replacement, in one form and one go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from msgspec.structs import replace

from service.api.asking import Asking, matter_id_of
from service.api.bodies import parsed
from service.api.matters import Opening, opened
from service.api.moves import begun_by
from service.api.replays import Answer, once
from service.engine.rehearsal import conflicts_of
from service.pages.fields import Field, fields_of, filled
from service.pages.languages import gettext as _
from service.pages.matter_words import title_of, where_it_stands
from service.pages.mending import FormError, mendable, problems_of
from service.pages.my_people_list import as_options
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.schedule_words import two_calendars, whose_leave_is_untold
from service.pages.session_warnings import on_its_day, seen
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.payloads import CancelSession, OpenSession, Rebook
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Cause, Workflow

router = APIRouter()
_PATH = "/matters/{matter_id}/moves/rebook"


@router.get(_PATH)
def ask(visit: Visiting, matter_id: str) -> HTMLResponse:
    """The form, for a session that is booked or for the duty that a cancelled one has left."""
    wanted = matter_id_of(matter_id)
    return opened(
        visit.asks, visit.token, Opening(wanted, "matter", None),
        lambda asking: _form(visit, asking, _shape(asking, wanted)),
    )  # fmt: skip


@router.post(_PATH)
def rebook(visit: Visiting, posted: Form, matter_id: str) -> Response:
    """Do all of it, or nothing; what is wrong comes back with everything that was typed."""
    wanted = matter_id_of(matter_id)

    def piece(asking: Asking) -> Response:
        shape = _shape(asking, wanted)
        typed = _typed(asking, shape, posted)
        if typed.errors:
            raise FormError(typed)
        against = _against(asking, shape, typed.data, posted)
        if against:
            return _form(visit, asking, shape, typed, against=against)
        answer = once(
            asking, posted.sent(typed.data), f"pages/rebook/{wanted}", lambda: _rebooked(asking, shape, typed.data)
        )  # fmt: skip
        return see_other(f"/matters/{answer.body['id']}?done=open")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _mend(visit, asking, wanted, posted, problem))


def _mend(visit: Visit, asking: Asking, wanted: UUID, posted: Posted, problem: Problem | None) -> HTMLResponse:
    shape = _shape(asking, wanted)
    typed = _typed(asking, shape, posted)
    return _form(visit, asking, shape, typed, problems_of(problem, typed))


def _shape(asking: Asking, wanted: UUID) -> dict[str, Any]:
    """A session or a cancellation that the visitor supervises. Raises Problem 404 and NotYourMove."""
    shape = asking.reader.matter(wanted, asking.work)
    if shape is None or shape["workflow"] not in (Workflow.session, Workflow.cancellation):
        raise not_here()
    if shape["parties"].get("supervisor") != asking.ref:
        raise NotYourMove("not_your_move", "This move belongs to the supervisor.")
    return shape


# -- doing it
def _rebooked(asking: Asking, shape: dict[str, Any], data: dict[str, Any]) -> Answer:
    """Raises Refused, or Problem 422, with nothing of it kept."""
    work, own = asking.work, UUID(shape["id"])
    cancellation: UUID | None = own
    if shape["workflow"] == Workflow.session:
        cancel = {name: data[name] for name in ("cause", "whose", "reason") if name in data}
        work.fire(own, "cancel", parsed(CancelSession, cancel), asking.actor)
        cancellation = next((m.id for m in work.opened_below(own) if m.workflow is Workflow.cancellation), None)
    session = begun_by(asking, Workflow.session, _booking(shape, data)).open(work)
    if cancellation is not None:
        rebooked = parsed(Rebook, {"session": str(session.id), "reason": data["reason"]})
        work.fire(cancellation, "rebook", rebooked, asking.actor)
    return Answer(200, {"id": str(session.id), "data": {}})


def _booking(shape: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """The new session: the same people, kind and cases, at the new time."""
    before = shape["data"]
    booked: dict[str, Any] = {
        "kind": shape["kind"],
        **{name: before.get(name, []) for name in ("cases", "participants")},
    }
    if shape["parties"].get("supervisee"):
        booked["supervisee"] = shape["parties"]["supervisee"]
    return booked | {name: data[name] for name in ("starts_at", "minutes", "place") if name in data}


def _against(asking: Asking, shape: dict[str, Any], data: dict[str, Any], posted: Posted) -> list[dict[str, Any]]:
    begun = begun_by(asking, Workflow.session, _booking(shape, data))
    found = conflicts_of(asking.work, asking.rows, begun.open)
    found = [one for one in on_its_day(begun.opening.data["starts_at"], found) if one["because"] != "another session"]
    return [] if posted.text("seen") == seen(found) else found


# -- the form
def _fields(asking: Asking, shape: dict[str, Any]) -> list[Field]:
    everything = {f.name: f for f in (*fields_of(CancelSession, "session.cancel"), *fields_of(OpenSession, "session"))}
    reason = everything["reason"]
    new = [everything["starts_at"], everything["minutes"], everything["place"]]
    if shape["workflow"] == Workflow.session:
        cause = everything["cause"]
        causes = tuple(option for option in cause.options if option.value != Cause.missed)
        whose = as_options(asking, _members(shape))
        asked = [
            replace(cause, options=causes),
            replace(everything["whose"], kind="pick", hint="", options=whose),
            reason,
            *new,
        ]
    else:
        asked = [
            replace(reason, label=_("Reason, if the new date is after the one it is owed by"), required=True),
            *new,
        ]
    return filled(asked, {"minutes": shape["data"].get("minutes"), "place": shape["data"].get("place")}, {})


def _members(shape: dict[str, Any]) -> list[str]:
    return [ref for ref in (*shape["parties"].values(), *shape["data"].get("participants", ())) if ref]


def _typed(asking: Asking, shape: dict[str, Any], posted: Posted) -> Typed:
    return Typed(_fields(asking, shape), posted, asking.work.picture.directory)


def _form(
    visit: Visit, asking: Asking, shape: dict[str, Any], typed: Typed | None = None, problems: tuple[str, ...] = (),
    against: list[dict[str, Any]] | None = None,
) -> HTMLResponse:  # fmt: skip
    fields = _fields(asking, shape)
    people = [asking.ref, *_members(shape)][:3]
    is_open = shape["closed_at"] is None and any(m["trigger"] in ("cancel", "rebook") for m in shape["moves"])
    values = {
        "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "is_open": is_open,
        "fields": filled(fields, typed.values, typed.errors) if typed else fields, "problems": problems,
        "against": against, "seen": seen(against or []), "is_cancelling": shape["workflow"] == Workflow.session,
        "calendar": two_calendars(asking, people), "untold": whose_leave_is_untold(asking, people),
    }  # fmt: skip
    status = 422 if problems or (typed and typed.errors) else 200
    return page(visit, asking, "rebook.html", values, status)

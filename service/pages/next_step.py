"""The one thing to do next on a matter: the visitor's own move that its state asks for, as a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from service.pages.languages import gettext as _
from service.pages.sentences import translated
from service.pages.wording import plain
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from service.engine.reading import Listed


class Step(NamedTuple):
    """Where to go, and what to do there."""

    href: str
    text: str


#: Where a workflow offers several moves: those that bring it on, in the order in which they are asked for.
_ASKED: dict[str, tuple[str, ...]] = {
    Workflow.session: ("hold", "prepare"),
    Workflow.cancellation: ("rebook", "direct"),
    Workflow.record: ("sign", "write", "amend", "note_closure"),
    Workflow.dispute: ("decide", "agree"),
    Workflow.frequency: ("approve", "review"),
    Workflow.absence: ("assign_cover", "confirm_return", "return"),
    Workflow.agreement: ("confirm", "sign", "fill"),
    Workflow.concern: ("confirm", "resolve", "meet"),
    Workflow.action: ("complete", "sign_off", "agree"),
    Workflow.disclosure: ("review", "redact", "disclose", "refer", "tell_supervisee"),
}
#: What is read before it is done: the matter's own page has the button.
_READ_FIRST = {
    ("record", "sign"): "Read the record, then sign it or say what is wrong",
    ("disclosure", "redact"): "Look the records through, then give them out or not",
}
_WORDS = {("record", "write"): "Write the record", ("agreement", "sign"): "Read the agreement and sign it"}
_OWED = frozenset({"overdue", "with_line_manager", "with_senior_manager"})


def next_steps(asking: Asking, listed: Sequence[Listed]) -> list[Step | None]:
    """What the visitor can do about each of these matters."""
    asking.work.known.read_cases(ref for matter, _ in listed for ref in (matter.case, *matter.data.get("cases", ())))
    return [
        next_step(asking, shape, asking.reader.moves(matter, asking.work.facts(matter))) for matter, shape in listed
    ]


def next_step(asking: Asking, shape: Mapping[str, Any], moves: list[dict[str, Any]]) -> Step | None:
    """The one thing that the visitor is to do, if there is any."""
    if _is_owed_by(asking.ref, shape):
        return Step(f"/start/sessions?{urlencode(_booking(shape))}", _("Book a session"))
    offered = {move["trigger"]: move["label"] for move in moves}
    found = next((trigger for trigger in _preferred(asking, shape) if trigger in offered), next(iter(offered), None))
    if found is None:
        return None
    if (shape["workflow"], found) in _READ_FIRST:
        return Step(f"/matters/{shape['id']}", translated(_READ_FIRST[shape["workflow"], found]))
    label = translated(offered[found]) if offered[found] != found else plain(found)
    words = translated(_WORDS.get((shape["workflow"], found), ""))
    return Step(f"/matters/{shape['id']}/moves/{found}", words or label)


def in_order(asking: Asking, shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The visitor's moves on a matter, first those that bring it on."""
    preferred = _preferred(asking, shape)
    rank = {trigger: number for number, trigger in enumerate(preferred)}
    return sorted(shape["moves"], key=lambda move: rank.get(move["trigger"], len(rank)))


def _is_owed_by(ref: str, shape: Mapping[str, Any]) -> bool:
    """Whether supervision is overdue that the visitor owes."""
    is_duty = shape["workflow"] in (Workflow.entitlement, Workflow.frequency)
    return is_duty and shape["state"] in _OWED and shape["parties"].get("supervisor") == ref


def _booking(shape: Mapping[str, Any]) -> dict[str, str]:
    booked = {"supervisee": shape["parties"]["supervisee"], "kind": "case" if shape["case"] else "personal"}
    return {**booked, "cases": shape["case"]} if shape["case"] else booked


def _preferred(asking: Asking, shape: Mapping[str, Any]) -> tuple[str, ...]:
    if shape["workflow"] == Workflow.session and datetime.fromisoformat(_starts(shape)) > asking.work.now:
        return ("prepare", "move")
    if shape["workflow"] == Workflow.agreement and not (shape["data"].get("terms") or shape["data"].get("written")):
        return ("confirm", "fill")
    return _ASKED.get(shape["workflow"], ())


def _starts(shape: Mapping[str, Any]) -> str:
    starts: str = shape["data"].get("starts_at") or shape["opened_at"]
    return starts


def besides(asking: Asking, shape: Mapping[str, Any]) -> list[Step]:
    """What else the visitor may want to do from a matter's page, though it is no move of that matter."""
    if asking.ref != shape["parties"].get("supervisor"):
        return []
    offered = {move["trigger"] for move in shape["moves"]}
    if shape["workflow"] == Workflow.session and "cancel" in offered:
        return [Step(f"/matters/{shape['id']}/moves/rebook", _("Cancel it and book another"))]
    if shape["workflow"] == Workflow.session and shape["kind"] == "group" and shape["state"] == "held":
        return [Step(f"/start/group-sessions?follows={shape['id']}", _("Book the group’s next session"))]
    if shape["workflow"] in (Workflow.entitlement, Workflow.frequency) and not shape["closed_at"]:
        address = f"/start/frequencies?{urlencode({'case': shape['case'] or ''})}"
        rate = Step(address, _("Say how often it is supervised"))
        return [
            Step(f"/start/sessions?{urlencode(_booking(shape))}", _("Book a session")),
            *([rate] if shape["case"] else []),
        ]
    return []

"""What will follow from a move, as a page says it before it is taken: who is told, which dates begin, what else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.api.bodies import parsed
from service.engine.preview import Dated, Followed, Preview, what_would_follow
from service.pages.matter_words import kind_in_words, title_of
from service.pages.sentences import translated
from service.pages.wording import WORKFLOWS
from workflows.machine import check_role
from workflows.registry import DEFINITIONS

if TYPE_CHECKING:
    from service.api.asking import Asking
    from workflows.model import Matter

#: Timers that only remind: nobody has to know them before they press.
_REMINDERS = frozenset({"remind_by", "review_reminder"})
#: The most other matters that are told of one by one.
_MOST = 12


def follows(asking: Asking, matter_id: UUID, trigger: str, data: dict[str, Any]) -> dict[str, Any]:
    """What would follow from the visitor's move. Raises what the move would: Problem 422, Refused, NotYourMove."""
    matter = asking.rows.matters([matter_id], lock=False)[0].matter
    row = check_role(matter, trigger, asking.actor, asking.work.facts(matter))
    payload = parsed(row.payload, data, "/data")
    return _said(asking, what_would_follow(asking.reader, asking.work, asking.rows, matter_id, (trigger, payload)))


def _said(asking: Asking, preview: Preview) -> dict[str, Any]:
    own, *others = preview.matters
    noteworthy = [one for one in others if _is_noteworthy(one)]
    return {
        "stands": {**_shown(asking, own), "moves": own.source != own.matter.state},
        "told": list(_told(asking, preview)),
        "begins": [row for one in preview.matters for row in _begun(asking, one, own)],
        "ends": [_date(dated) for dated in own.ends if dated.name not in _REMINDERS],
        "changes": [_shown(asking, one) for one in noteworthy[:_MOST]],
        "besides": _counted(one for one in others if one not in noteworthy[:_MOST]),
        "people": [{"who": who, "what": what, "is": value} for who, what, value in preview.people if _is_role(what)],
        "incidents": list(dict.fromkeys(text for one in preview.matters for text in one.incidents)),
    }


def _is_noteworthy(followed: Followed) -> bool:
    """Whether a matter moves, or is given a date: otherwise it is only noted on it that something happened."""
    dates = (dated for dated in followed.begins if dated.name not in _REMINDERS)
    return followed.source != followed.matter.state or any(dates)


def _is_role(field: str) -> bool:
    return field in ("cover", "supervisor")


def _shown(asking: Asking, followed: Followed) -> dict[str, Any]:
    matter, shape = followed.matter, shell(followed.matter)
    return {
        "id": shape["id"], "is_new": followed.source is None, "title": title_of(asking, shape),
        "says": translated(DEFINITIONS[matter.workflow].states[matter.state].says), "holder": matter.holder,
        "holder_role": matter.holder_role, "waiting_for": matter.waiting_for,
    }  # fmt: skip


def shell(matter: Matter) -> dict[str, Any]:
    """What of a matter is needed to name it."""
    return {
        "id": str(matter.id), "workflow": matter.workflow.value, "kind": matter.kind, "state": matter.state,
        "parties": matter.parties(), "case": matter.case,
    }  # fmt: skip


def _told(asking: Asking, preview: Preview) -> Iterator[dict[str, Any]]:
    """Who is told what and when, those who are told the same together; nobody is told what they do themselves."""
    found: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for told in (told for one in preview.matters for told in one.told):
        found[told.subject, told.at].append(told.to)
    for (subject, at), to in found.items():
        others = [ref for ref in dict.fromkeys(to) if ref != asking.ref] or [asking.ref]
        yield {"to": others, "subject": subject, "at": None if at <= asking.work.now else at}


def _begun(asking: Asking, followed: Followed, own: Followed) -> Iterator[dict[str, Any]]:
    of = None if followed is own else kind_in_words(shell(followed.matter))
    whose = None if followed is own else title_of(asking, shell(followed.matter))
    for dated in followed.begins:
        if dated.name not in _REMINDERS and (followed is own or _is_noteworthy(followed)):
            yield {**_date(dated), "of": of, "title": whose}


def _date(dated: Dated) -> dict[str, Any]:
    return {"name": dated.name, "due": dated.due, "receipt": dated.receipt, "status": "running"}


def _counted(others: Iterable[Followed]) -> list[dict[str, Any]]:
    """The matters that only pass to other hands or are noted on, by kind."""
    return [
        {"what": translated(WORKFLOWS[workflow]), "number": number}
        for workflow, number in Counter(one.matter.workflow.value for one in others).items()
    ]

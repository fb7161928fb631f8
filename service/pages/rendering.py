"""Pages as HTML: one environment of templates, with the words that all of them need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from service.pages import dates, receipt_words, wording
from service.pages.choosing_language import choices
from service.pages.chrome import chrome_of
from service.pages.languages import counted, current, looked_up
from service.pages.lists_in_words import listed
from service.pages.main_deadline import is_reminder
from service.pages.people_words import names_of
from service.pages.proofs import proof_of
from service.pages.sentences import capitalised, translated
from workflows.calendar import local_day

if TYPE_CHECKING:
    from service.api.asking import Asking
    from service.pages.visiting import Visit


@cache
def environment() -> Environment:
    """The templates, with every text escaped and looked up in the catalogue of the answer's language."""
    found = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("service.pages"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=ChainableUndefined,  # the components ask for options that nobody gave
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    found.add_extension("jinja2.ext.loopcontrols")
    found.install_gettext_callables(looked_up, counted, newstyle=True)  # type: ignore[attr-defined]
    found.globals["_"] = _in_words
    found.globals |= {"wording": wording, "why": receipt_words.why, "source": receipt_words.source_in_words}
    found.globals |= {"is_reminder": is_reminder, "language": current, "languages": choices}
    found.filters |= _FILTERS
    return found


def _in_words(text: str, /, **values: object) -> Markup:
    """A text of ours with its values filled in, or one that somebody chose: either is text, and never markup."""
    said = escape(looked_up(text))
    return said % values if values else said


def _with_clauses(text: str) -> Markup:
    """A sentence in which no clause, such as (CBC-42), is broken at its hyphen."""
    return Markup(_CLAUSE.sub(r'<span class="app-clause">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped before


def _as_instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _as_day(value: date | datetime | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return local_day(value) if isinstance(value, datetime) else value


def _day(value: date | datetime | str) -> str:
    return dates.day_in_words(_as_day(value))


def _instant(value: datetime | str) -> str:
    return dates.instant_in_words(_as_instant(value))


#: The number of a clause, with the brackets that it stands in.
_CLAUSE = re.compile(r"\(?\b[A-Z]{2,5}-\d+\b\)?")
#: The colour of a tag that says how soon something is due.
_HURRY = {"late": "red", "today": "yellow", "later": "blue"}
_FILTERS: dict[str, Callable[[Any], str]] = {
    "day": _day,
    "short_day": lambda value: dates.short_day(_as_day(value)),
    "instant": _instant,
    "clock": lambda value: dates.clock_in_words(_as_instant(value)),
    "month": lambda value: dates.short_month(_as_day(value)),
    "whole_month": lambda value: dates.whole_month(_as_day(value)),
    "month_ref": lambda value: f"{_as_day(value):%Y-%m}",
    "weekday_and_day": lambda value: dates.weekday_and_day(_as_day(value)),
    "due": lambda value: dates.due_in_words(_as_instant(value)),
    "asks": wording.asks,
    "clauses": _with_clauses,
    "hurry_tag": lambda hurry: f"govuk-tag--{_HURRY[hurry]}",
    "plain": wording.plain,
    "listed": listed,
    "capitalised": capitalised,
    "translated": lambda value: translated(str(value)) if value else "",
}


def page(visit: Visit, asking: Asking, template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page for somebody who is signed in, made within the transaction that read what is on it."""
    closed = asking.work.picture.calendar.closed.keys()
    now = asking.work.now
    context = {
        **chrome_of(visit, asking), "name": names_of(asking), "now": now,
        "proof": proof_of(visit.settings, asking.organisation_id, asking.ref), "key": str(uuid4()),
        "left": lambda due: dates.left_in_words(_as_instant(due), now, closed),
        **values,
    }  # fmt: skip
    return HTMLResponse(environment().get_template(template).render(context), status)


def bare_page(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page for whoever it is: signing in, and what went wrong."""
    return HTMLResponse(environment().get_template(template).render(values), status)

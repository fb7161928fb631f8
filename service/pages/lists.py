"""The council's lists: a file of people, cases or absences is looked at change by change, and then taken in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking
from service.api.bodies import Sent
from service.api.council import import_list
from service.api.replays import once
from service.pages.languages import gettext as _
from service.pages.posted import Posted
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting
from service.problems import Problem
from workflows.vocabulary import Role

router = APIRouter()
List = Annotated[str, Path(pattern="^(people|cases|absences)$")]
#: Files up to this many characters come back with the page, to be taken in by one press.
_COMES_BACK = 200_000


@router.get("/lists")
def lists(visit: Visiting) -> HTMLResponse:
    """Choose a file."""

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        return page(visit, asking, "lists.html", {})

    return visit.read(read)


@router.post("/lists/{what}")
def send(visit: Visiting, posted: Form, what: List) -> Response:
    """Say what a file would change, or take it in; mistakes are shown beside their lines."""
    content = _content(posted)
    if not content:
        return _again(visit, what, "", [{"line": 0, "message": _("Choose a CSV file.")}])
    takes_in = posted.text("do") == "take in"

    def piece(asking: Asking) -> Response:
        asking.must_be(Role.administrator)
        body = Sent(content.encode(), "text/csv", posted.text("key") or None, None)
        route = f"{what}/import?dry_run={not takes_in}"
        found = once(asking, body, route, lambda: import_list(asking, what, body, not takes_in)).body
        values = {"what": what, "found": found, "taken_in": takes_in, "content": _kept(content)}
        return page(visit, asking, "list_checked.html", values)

    try:
        return visit.write(piece)
    except Problem as problem:
        if not problem.errors:
            raise
        return _again(visit, what, content, problem.errors)


def _content(posted: Posted) -> str:
    """The file that was chosen, or the one that came back with the page. Raises Problem 422 for what is no text."""
    chosen = posted.file("file")
    if chosen is None:
        return posted.text("content")
    try:
        return chosen.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(
            422, "invalid", "This file is not in UTF-8. Save it as “CSV UTF-8” and choose it again."
        ) from None


def _kept(content: str) -> str | None:
    return content if len(content) <= _COMES_BACK else None


def _again(visit: Visit, what: str, content: str, errors: Any) -> HTMLResponse:  # noqa: ANN401 - rows of problems
    """What is wrong, each beside the line that it is about."""
    lines = content.splitlines()
    rows = [{**row, "text": lines[row["line"] - 1] if 0 < row["line"] <= len(lines) else ""} for row in errors]

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        return page(visit, asking, "list_refused.html", {"what": what, "rows": rows}, 422)

    return visit.read(read)

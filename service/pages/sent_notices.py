"""What was sent to whom, for administrators: by which way, what became of it, what follows and what to do."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, save
from service.api.matters import Cursor
from service.engine.bounces import set_bouncing
from service.notices.outcomes import TROUBLE
from service.notices.sent import Show, Wanted, list_messages, unreached
from service.notices.set_up import channels_of
from service.pages.rendering import page
from service.pages.visiting import Form, Visiting, see_other
from service.problems import not_here
from workflows.vocabulary import Role

router = APIRouter()
ADDRESS = "/service/notices"
_A_PAGE = 50
SHOWS: dict[Show, str] = {
    "tried": "Sent, newest first", "undelivered": "Not delivered", "waiting": "Waiting to be sent",
}  # fmt: skip
WAYS = {"mail": "mail", "webhook": "webhook"}
#: What channels and mail servers say of why something did not arrive; other codes are shown as they are.
WHYS = {
    "bad_address": "The address is known to be bad", "no_address": "The list has no address for them",
    "no_such_channel": "That way is not set up any more", "error": "The program that sends failed",
    "left": "They have left",
}  # fmt: skip
Ref = Annotated[str, Query(max_length=200)]


@router.get(ADDRESS)
def sent_notices(
    visit: Visiting, show: Show = "tried", person: Ref = "", cursor: Cursor = None, again: Ref = ""
) -> HTMLResponse:
    """Whoever is not reached, and the messages."""

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        found = list_messages(asking.reader, Wanted(show, person.strip() or None), cursor, _A_PAGE)
        values = {
            **found, "show": show, "shows": SHOWS, "person": person.strip(), "ways": WAYS, "whys": WHYS,
            "trouble": TROUBLE, "unreached": unreached(asking.reader),
            "set_up": list(channels_of(visit.settings).by_name),
            "again": again if again in asking.work.picture.directory.people else "", "address": _address,
            "is_first": cursor is None,
        }  # fmt: skip
        return page(visit, asking, "sent_notices.html", values)

    return visit.read(read)


def _address(show: str, person: str, cursor: str = "") -> str:
    asked = {"show": show, "person": person, "cursor": cursor}
    return f"{ADDRESS}?{urlencode({name: value for name, value in asked.items() if value})}"


@router.post(f"{ADDRESS}/send-again")
def send_again(visit: Visiting, posted: Form) -> Response:
    """Somebody's address is right after all: what came back is sent again."""
    ref = posted.text("person")

    def piece(asking: Asking) -> Any:  # noqa: ANN401 - nothing
        asking.must_be(Role.administrator)
        if ref not in asking.work.picture.directory.people:
            raise not_here()
        set_bouncing(asking.work, ref, bounces=False)
        save(asking)

    visit.write(piece)
    return see_other(f"{ADDRESS}?{urlencode({'again': ref})}")

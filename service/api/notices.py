"""Notices beside the list of them: how people want to hear, what reached nobody, and what is reported from outside."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from service.api.asking import Asking, Asks, Requests, Token, address_of, save
from service.api.bodies import Body, Sent, parsed
from service.api.replays import Answer, once
from service.engine.bounces import set_bouncing
from service.notices.preferences import choose_pace, pace_of
from service.notices.reference import Reference
from service.notices.reports import Heard, hear
from service.notices.timing import Pace
from service.notices.undelivered import list_undelivered
from service.problems import Problem, not_here
from workflows.vocabulary import Role

router = APIRouter(tags=["notices"])
_DONE = 204
#: What GOV.UK Notify says of a mail that is no longer on its way.
_NOTIFY: dict[str, Heard] = {
    "delivered": Heard.delivered,
    "permanent-failure": Heard.bounced,
    "temporary-failure": Heard.given_up,
    "technical-failure": Heard.given_up,
}


class Preferences(BaseModel):
    """How somebody wants to hear of what is not urgent."""

    model_config = ConfigDict(extra="forbid")

    notices: Pace


class _Message(BaseModel):
    reference: str
    status: str = ""


class Report(BaseModel):
    """What a mail gateway knows of a message. `reference` is its Message-ID, or the part before the @."""

    type: Literal["notice.delivered", "notice.bounced", "notice.given_up"]
    data: _Message


class NotifyCallback(BaseModel):
    """What GOV.UK Notify calls back with; the rest of it is not looked at."""

    reference: str | None = None
    status: str


# -- people
@router.get("/me/preferences", summary="How you want to hear")
def preferences(token: Token, asks: Asks) -> dict[str, Any]:
    """`daily` or `at_once`; what is urgent comes at once whatever you chose."""
    with asks.reading(token) as asking:
        return {"notices": pace_of(asking.connection, asking.organisation_id, asking.ref)}


@router.put("/me/preferences", summary="Say how you want to hear")
def prefer(token: Token, body: Body, asks: Asks) -> dict[str, Any]:
    """It counts for notices from now on."""
    wanted = parsed(Preferences, body.json())

    def piece(asking: Asking) -> dict[str, Any]:
        choose_pace(asking.connection, asking.organisation_id, asking.ref, wanted.notices)
        return {"notices": wanted.notices}

    return asks.writing(token, piece)


# -- administrators
@router.get("/notices/undelivered", summary="What reached nobody")
def undelivered(
    token: Token,
    asks: Asks,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Messages that came back or were refused, newest first, without what they were about; for administrators."""
    with asks.reading(token) as asking:
        asking.must_be(Role.administrator)
        return list_undelivered(asking.reader, cursor, limit)


@router.post("/people/{ref}/notices/send-again", summary="Send somebody's notices again")
def send_again(ref: str, token: Token, body: Body, asks: Asks) -> dict[str, Any]:
    """For an address that is right after all: what came back is sent again, and windows that waited for it start."""

    def piece(asking: Asking) -> Answer:
        asking.must_be(Role.administrator)
        if ref not in asking.work.picture.directory.people:
            raise not_here()
        return once(asking, body, f"people/{ref}/notices/send-again", lambda: _sent_again(asking, ref))

    return asks.writing(token, piece).body


def _sent_again(asking: Asking, ref: str) -> Answer:
    set_bouncing(asking.work, ref, bounces=False)
    save(asking)
    return Answer(200, {"person": ref, "bounce": False})


# -- what is reported from outside
@router.post("/notices/bounces", status_code=_DONE, summary="Report what became of a message")
def bounces(request: Request, body: Body, asks: Asks) -> Response:
    """For a mail gateway, signed as Standard Webhooks has it with SUPERVISION_NOTICES_CALLBACK_SECRET."""
    with asks.rates.guessing(address_of(request)):
        _must_be_signed(request.app.state.settings.notices_callback_secret, request, body)
    report = parsed(Report, body.json())
    heard = Heard(report.type.removeprefix("notice."))
    return _heard(asks, report.data.reference, heard, f"reported_{report.data.status[:20] or heard.value}")


@router.post("/notices/bounces/notify", status_code=_DONE, summary="GOV.UK Notify's callback")
def notify(request: Request, body: Body, asks: Asks, authorization: Annotated[str | None, Header()] = None) -> Response:
    """What became of a mail, with the bearer token SUPERVISION_NOTIFY_CALLBACK_TOKEN."""
    with asks.rates.guessing(address_of(request)):
        _must_bear(request.app.state.settings.notify_callback_token, authorization)
    callback = parsed(NotifyCallback, body.json())
    heard = _NOTIFY.get(callback.status)
    if heard is None or callback.reference is None:
        return Response(status_code=_DONE)
    return _heard(asks, callback.reference, heard, f"notify_{callback.status}")


def _must_be_signed(secret: SecretStr | None, request: Request, body: Sent) -> None:
    """Raises Problem 404 where no secret is set, and 401 for what is not signed with it, or was some minutes ago."""
    if secret is None:
        raise not_here()
    try:
        Webhook(secret.get_secret_value()).verify(body.body, dict(request.headers))
    except WebhookVerificationError:
        raise Problem(401, "not_signed", "Sign the message with the secret that was agreed for reports.") from None
    except ValueError:
        raise Problem(400, "malformed", "The body is no JSON.") from None


def _must_bear(token: SecretStr | None, authorization: str | None) -> None:
    """Raises Problem 404 where no token is set, and 401 for another one."""
    if token is None:
        raise not_here()
    expected = f"Bearer {token.get_secret_value()}".encode()
    if not hmac.compare_digest(expected, (authorization or "").encode()):
        raise Problem(401, "no_token", "Send the bearer token that was agreed for callbacks.")


def _heard(asks: Requests, text: str, heard: Heard, why: str) -> Response:
    reference = Reference.found_in(text)
    if reference is None or not hear(asks.door, reference, heard, why):
        raise not_here()
    return Response(status_code=_DONE)

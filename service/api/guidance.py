"""What a policy tells and asks people, before there is a matter to show it with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.api.asking import Asks, Token
from service.engine.guiding import with_moments
from workflows.calendar import local_day
from workflows.guidance import at_moment
from workflows.vocabulary import Moment

router = APIRouter(tags=["council"])


@router.get("/guidance", summary="What the policy tells and asks people")
def guidance(token: Token, asks: Asks, at: Moment | None = None) -> dict[str, Any]:
    """The guidance and questions of the policy in force today: at one moment, such as `booking`, or at all of them.

    `policy` has what belongs to the policy as a whole.
    """
    with asks.reading(token) as asking:
        policy = asking.work.picture.policy_on(local_day(asking.work.now))
        return {"items": with_moments(at_moment(policy, at)), "next_cursor": None}

"""Notices posted to a system of the council's own, such as its intranet: signed, and as neutral as a mail."""

from __future__ import annotations

import json

from service.notices.channels import WEBHOOK, NeverTaken, NotNow
from service.notices.letters import Letter
from service.webhooks.signed_post import PostFailedError, SignedPost


class NoticeWebhook:
    """Posts to one URL. `private` lets it lead into the council's own network, and plain HTTP stay on this machine."""

    name = WEBHOOK

    def __init__(self, url: str, secret: str, *, private: bool = False) -> None:
        self._post = SignedPost(url, secret, private=private)

    def send(self, letter: Letter) -> None:
        """Post a message, under the same id each time. Raises NotNow and NeverTaken."""
        said = {
            "type": "notice",
            "data": {
                "organisation": str(letter.reference.organisation),
                "to": letter.person,
                "subject": letter.subject,
                "digest": letter.digest,
                "notices": [{"title": title, "url": url} for title, url in letter.lines],
            },
        }
        try:
            self._post.post(f"notice_{letter.reference}", json.dumps(said, ensure_ascii=False))
        except PostFailedError as failure:
            if failure.for_good:
                raise NeverTaken(failure.why) from failure
            raise NotNow(failure.why, closed=failure.closed) from failure

"""What Redis is told: that somebody should look, and how often somebody asked. Nothing that anybody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING

import redis
from pydantic import SecretStr
from sqlalchemy import update

from service.app import app_for
from service.settings import Settings
from service.storage.connection import owner_transaction
from service.storage.council_tables import organisations
from service.storage.heartbeats import alive
from service.storage.migrate import migrate
from tests.acceptance.beginnings import CASE
from tests.acceptance.test_no_plain_text import HR2, SAID, WORD, write_everything
from tests.fixtures.postgres import fresh_database
from tests.fixtures.served import SECRET, Sandbox, door_to, served
from tests.integration.workers.test_waking import ticking, wait_until, working
from workflows.calendar import LONDON

if TYPE_CHECKING:
    from sqlalchemy import URL

LATER = datetime(2025, 6, 2, 9, tzinfo=LONDON)
_THE_END = "nothing more is listened to"


@contextmanager
def told_to(url: str) -> Iterator[list[str]]:
    """Every command that anybody sends to this Redis meanwhile, with all that it carries."""
    heard: list[str] = []
    with redis.Redis.from_url(url, socket_timeout=None) as client, client.monitor() as monitor:

        def listen() -> None:
            for said in monitor.listen():
                heard.append(str(said["command"]))
                if _THE_END in heard[-1]:
                    return

        listening = Thread(target=listen)
        listening.start()
        try:
            yield heard
        finally:
            client.echo(_THE_END)
            listening.join()


def test_redis_is_told_nothing_that_anybody_wrote(postgres_server: URL, redis_url: str) -> None:
    with fresh_database(postgres_server) as url, door_to(url) as door, told_to(redis_url) as heard:
        settings = Settings(
            database_url=url, secret_key=SecretStr(SECRET), sandbox=True, redis_url=redis_url,
            requests_per_minute=250,
        )  # fmt: skip
        migrate(settings)
        with served(app_for(settings, door)) as client:
            story = Sandbox(client, door).story(people=[HR2], cases=[CASE])
            write_everything(story, SAID)
        with owner_transaction(url) as owner:
            owner.execute(update(organisations).values(sandbox_now=LATER))
        with working(settings, door, redis_url):
            wait_until(lambda: alive(door.database).workers > 0)
            with ticking(settings, door):
                wait_until(lambda: not door.database.due_now().organisations)

    messages = [said for said in heard if "actor_name" in said]
    assert {'"args":[]' in said and '"kwargs":{}' in said for said in messages} == {True}
    assert not [said for said in messages if story.organisation in said]
    assert [said for said in heard if "LIMITER/person" in said]
    assert not [said for said in heard if WORD in said]

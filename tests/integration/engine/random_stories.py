"""Councils whose people do whatever comes to their minds: seeded, so that each of them can be told again."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.acceptance.beginnings import CASE
from tests.fixtures.served import Sandbox, Story, id_of, ok

POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
_CATEGORY = {
    "central-bedfordshire": "family-support", "darlington": "rated", "haringey": "adult",
    "north-somerset": "child-in-need",
}  # fmt: skip
_ACTS = 40
_SUPERVISEES = ("wkr", "wkr2", "bs")


def begin(sandbox: Sandbox, seed: int) -> Story:
    """A council after some weeks in which people acted, and left much undone."""
    chance = Random(seed)  # noqa: S311 - nothing is kept secret by it
    policy = POLICIES[seed % len(POLICIES)]
    registered = [{"ref": ref, "professional_registration": "SWE"} for ref in ("sup", "wkr", "wkr2")]
    cases = [{**CASE, "category": _CATEGORY[policy]}] if policy in _CATEGORY else []
    story = sandbox.story(policy, "2025-04-03T09:00", registered, cases)
    telling = _Telling(story, chance)
    for _ in range(_ACTS):
        telling.go_on()
    return story


class _Telling:
    """One council as it goes on by chance; what the rules refuse is left."""

    def __init__(self, story: Story, chance: Random) -> None:
        self.story, self.chance = story, chance
        self.now = datetime.fromisoformat(story.get("admin", "/sandbox/clock")["now"])
        self.matters: list[dict[str, Any]] = []

    def go_on(self) -> None:
        """Somebody does something, or time goes by."""
        self.chance.choice((self._book, self._write, self._act, self._act, self._act, self._leave, self._wait))()

    def _book(self) -> None:
        at = self.now + timedelta(days=self.chance.randint(0, 12), hours=self.chance.randint(1, 6))
        body = {"supervisee": self.chance.choice(_SUPERVISEES), "kind": "personal", "starts_at": at.isoformat()}
        self._opened(self.story.try_open("sup", "sessions", {**body, "minutes": 60}))

    def _write(self) -> None:
        body = {"supervisee": self.chance.choice(_SUPERVISEES), "kind": "personal"}
        self._opened(self.story.try_open("sup", "records", body))

    def _leave(self) -> None:
        who = self.chance.choice((*_SUPERVISEES, "sup", "lm"))
        cause = self.chance.choice(("sickness", "unplanned", "planned"))
        body = {"person": who, "first_day": self.now.date().isoformat(), "cause": cause}
        self._opened(self.story.try_open("hr1", "absences", body))

    def _act(self) -> None:
        """Take one of the moves that somebody is offered on one of the matters."""
        if not self.matters:
            return
        matter = self.chance.choice(self.matters)
        who = self.chance.choice([*matter["parties"].values(), "sup", "lm", "hr1"])
        seen = self.story.send(who, "GET", f"/matters/{id_of(matter)}")
        moves = seen.json()["moves"] if seen.status_code == 200 else []
        if moves:
            trigger = self.chance.choice([move["trigger"] for move in moves])
            self._take(who, matter, trigger)

    def _take(self, who: str, matter: dict[str, Any], trigger: str) -> None:
        carried = {
            "move": {"starts_at": (self.now + timedelta(days=3)).isoformat(), "reason": "A hearing."},
            "hold": {"held_at": self.now.isoformat(), "minutes": 60},
            "cancel": {"cause": "diary", "reason": "A hearing."},
            "dispute": {"statement": "Not so."},
            "object_late": {"statement": "Not so."},
            "amend": {"discussed_on": self.now.date().isoformat(), "sections": {}},
            "return": {"last_day": (self.now - timedelta(days=1)).date().isoformat()},
            "decide": {"outcome": "attach_comments", "reasons": "Both are heard."},
            "excuse": {"reason": "Seen today."},
            "withdraw": {} if matter["workflow"] == "dispute" else {"reason": "Not needed."},
        }
        if matter["workflow"] == "absence" and trigger == "cancel":
            carried["cancel"] = {"reason": "A mistake."}
        answer = self.story.try_move(who, matter, trigger, carried.get(trigger, {}))
        if answer.status_code == 200:
            self.matters += [{**matter, **child} for child in answer.json()["children"]]

    def _wait(self) -> None:
        self.now += timedelta(hours=self.chance.choice((1, 5, 24, 24, 72)))
        self.story.at(self.now.strftime("%Y-%m-%dT%H:%M"))

    def _opened(self, answer: Any) -> None:
        if answer.status_code == 201:
            self.matters.append(ok(answer, 201))

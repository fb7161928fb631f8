"""Two councils side by side: whatever the people of one try, in any order, they see and move nothing of the other."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.acceptance.beginnings import booked, drafted, raised, sent
from tests.fixtures.served import Sandbox, problem
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

#: Part of everything that is written, by the council that writes it.
SAID = ("marmalade", "quince")
WHO = ("wkr", "sup", "lm", "hos", "hr1", "aud", "admin")
TRIGGERS = sorted({move.trigger for definition in DEFINITIONS.values() for move in definition.moves})
READING = ("/matters/{}", "/matters/{}/history", "/matters/{}/what-if-nothing", "/matters/{}/views",
           "/disclosures/{}/copy", "/records/{}/audit-copy")  # fmt: skip
councils, people = st.integers(0, 1), st.sampled_from(WHO)


class TwoCouncils(RuleBasedStateMachine):
    """Each council does its own work; now and then somebody of the other one tries to get at it."""

    sandbox: Sandbox

    def __init__(self) -> None:
        super().__init__()
        self.written: tuple[list[str], list[str]] = ([], [])

    @initialize()
    def two_councils(self) -> None:
        self.stories = (self.sandbox.story("north-somerset"), self.sandbox.story())
        self.begin(0, "referral")
        self.begin(1, "record")

    @rule(council=councils, what=st.sampled_from(["session", "record", "sent", "dispute", "referral", "concern"]))
    def begin(self, council: int, what: str) -> None:
        story, said = self.stories[council], SAID[council]
        begun: dict[str, Any] = {
            "session": lambda: booked(story, place=said),
            "record": lambda: drafted(story),
            "sent": lambda: sent(story) if council else drafted(story),
            "dispute": lambda: raised(story, said),
            "referral": lambda: story.open("sup", "referrals", supervisee="wkr", about=said, facts=said),
            "concern": lambda: story.open("wkr", "concerns", about="quality", statement=said),
        }[what]()
        self.written[council].append(begun["id"])

    @rule(council=councils, who=people, path=st.sampled_from(READING), at=st.integers(0, 9))
    def try_to_read(self, council: int, who: str, path: str, at: int) -> None:
        theirs = self._one_of(1 - council, at)

        problem(self.stories[council].send(who, "GET", path.format(theirs)), 404, "not_found")

    @rule(council=councils, who=people, trigger=st.sampled_from(TRIGGERS), at=st.integers(0, 9), data=st.booleans())
    def try_to_move(self, council: int, who: str, trigger: str, at: int, *, data: bool) -> None:
        theirs = self._one_of(1 - council, at)
        before = self._versions(1 - council)

        answer = self.stories[council].try_move(who, theirs, trigger, {"reason": "Mine."} if data else {})

        problem(answer, 404, "not_found")
        assert self._versions(1 - council) == before

    @rule(council=councils, who=people, at=st.integers(0, 9), where=st.sampled_from(["record", "follows", "records"]))
    def try_to_refer(self, council: int, who: str, at: int, where: str) -> None:
        """An opening that names a matter of the other council gets nowhere near it."""
        theirs, story = self._one_of(1 - council, at), self.stories[council]
        route, body = {
            "record": ("actions", {"what": "x", "why": "x", "owner": "wkr", "due": "2025-04-01", "record": theirs}),
            "follows": ("sessions", {"supervisee": "wkr", "kind": "personal", "minutes": 60,
                                     "starts_at": "2025-03-12T10:00:00+00:00", "follows": theirs}),
            "records": ("disclosures", {"kind": "legal", "requester": "x", "about": "person", "supervisee": "wkr",
                                        "records": [theirs]}),
        }[where]  # fmt: skip
        answer = story.try_open(who, route, body)

        assert answer.status_code in (403, 404, 409, 422), answer.text
        assert SAID[1 - council] not in answer.text

    @rule(council=councils, who=people, workflow=st.sampled_from([None, *Workflow]), at=st.integers(0, 9))
    def look_through_lists(self, council: int, who: str, workflow: Workflow | None, at: int) -> None:
        story, theirs = self.stories[council], self._one_of(1 - council, at)
        narrowed = {"workflow": workflow.value} if workflow else {"parent": theirs}
        found = [
            *story.items(who, "/matters", **narrowed), *story.items(who, "/inbox"), *story.items(who, "/notices"),
            *story.items(who, "/me/views"),
        ]  # fmt: skip

        assert SAID[1 - council] not in str(found)
        assert not [one for one in self.written[1 - council] if one in str(found)]

    @invariant()
    def each_has_what_it_began(self) -> None:
        for council, story in enumerate(getattr(self, "stories", ())):
            own = {matter["id"] for matter in story.items("sup", "/matters")}
            assert set(self.written[council]) <= own

    def _one_of(self, council: int, at: int) -> str:
        written = self.written[council]
        return written[at % len(written)]

    def _versions(self, council: int) -> dict[str, int]:
        return {matter["id"]: matter["version"] for matter in self.stories[council].items("sup", "/matters")}


def test_nobody_of_one_council_sees_or_moves_anything_of_the_other(sandbox: Sandbox) -> None:
    machine = type("OnThisSandbox", (TwoCouncils,), {"sandbox": sandbox})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

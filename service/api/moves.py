"""Opening a matter and moving it on: the routes that change something."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from msgspec import Struct

from service.api.asking import Asking, Asks, Token, matter_id_of, save
from service.api.bodies import Body, Sent, parsed
from service.api.direct_route import DirectRoute
from service.api.replays import Answer, kept_answer, once
from service.engine.ids import new_id
from service.engine.reading import Below
from service.engine.views import View, note_views
from service.engine.work import Work
from service.identity.access import standing_of
from service.problems import Problem, invalid, not_here
from service.watching.metrics import MOVES
from workflows.machine import check_role
from workflows.model import Actor, Deadline, Matter, Opening
from workflows.payloads import Payload
from workflows.refusals import NotYourMove
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Role, Workflow

router = APIRouter(tags=["matters"], route_class=DirectRoute)
#: What people may open, by the name of its route.
OPENED_BY_PEOPLE = {
    "sessions": Workflow.session,
    "records": Workflow.record,
    "disputes": Workflow.dispute,
    "frequencies": Workflow.frequency,
    "absences": Workflow.absence,
    "agreements": Workflow.agreement,
    "concerns": Workflow.concern,
    "referrals": Workflow.referral,
    "actions": Workflow.action,
    "audits": Workflow.audit,
    "disclosures": Workflow.disclosure,
    "grants": Workflow.grant,
}


class Begun(Struct, frozen=True):
    """A matter that somebody may open, before it is opened."""

    opening: Opening
    data: Payload
    actor: Actor
    role: Role

    def open(self, work: Work) -> Matter:
        """Open it. Raises Refused."""
        return work.open_for(self.opening.with_id(new_id(work.now)), self.data, self.actor, self.role)


def begun_by(asking: Asking, workflow: Workflow, sent: object) -> Begun:
    """What was sent as a matter to open. Raises Problem 403 and 422."""
    opening = DEFINITIONS[workflow].opening
    data = parsed(opening.payload, sent)
    cases = {*(getattr(data, "cases", None) or ()), getattr(data, "case", None)}
    facts = asking.work.opening_facts(cases)
    role = opening.who(asking.actor, data, facts) if opening.who else None
    if role is None or opening.begins is None:
        raise Problem(403, "not_your_move", f"You cannot open a {workflow} for this person.")
    return Begun(opening.begins(asking.actor, data, facts), data, asking.actor, role)


def open_matter(asking: Asking, body: Sent, route: str, workflow: Workflow) -> Answer:
    """Open a matter with what was sent. Raises Problem 403 and 422, and what the rules refuse."""
    begun = begun_by(asking, workflow, body.json())

    def do() -> Answer:
        matter = begun.open(asking.work)
        save(asking)
        standing = standing_of(asking.connection, asking.reader.viewer, matter.id)
        return _answer(asking, matter.id, standing, (), 201, has_children=False)

    return once(asking, body, route, do)


@router.post("/matters/{matter_id}/moves", summary="Move a matter on")
def move(matter_id: str, token: Token, body: Body, asks: Asks) -> JSONResponse:
    """Take a move: `{"trigger": "sign", "data": {}}`; answers the matter after it."""
    wanted = matter_id_of(matter_id)
    answer = asks.writing(token, lambda asking: move_on(asking, wanted, body))
    MOVES.inc()
    return answer.response()


def _opening_route(name: str, workflow: Workflow) -> None:
    def open_one(token: Token, body: Body, asks: Asks) -> JSONResponse:
        answer = asks.writing(token, lambda asking: open_matter(asking, body, name, workflow))
        MOVES.inc()
        return answer.response()

    router.add_api_route(
        f"/{name}", open_one, methods=["POST"], status_code=201, summary=f"Open a {workflow}",
        operation_id=f"open_{workflow}",
    )  # fmt: skip


for _name, _workflow in OPENED_BY_PEOPLE.items():
    _opening_route(_name, _workflow)


def move_on(asking: Asking, matter_id: UUID, body: Sent) -> Answer:
    """Take the move that was sent. Raises Problem 404, 403, 422 and 412, and what the rules refuse."""
    found = asking.rows.seen(matter_id, asking.reader.viewer)
    if found is None or not found.standing:
        raise not_here()
    asking.work.hold(found.kept)
    try:
        trigger, payload = _payload(asking, matter_id, body)
    except NotYourMove:
        # It was, when it was asked for first: whoever decides holds it no longer.
        kept = kept_answer(asking, body, moves_of(matter_id)) if body.key else None
        if kept is None:
            raise
        return kept

    def do() -> Answer:
        if body.version not in (None, asking.work.live[matter_id].matter.version):
            raise Problem(412, "stale", "The matter has changed since you read it: read it again.")
        moved = asking.work.fire(matter_id, trigger, payload, asking.actor)
        if asking.reader.opens(moved, found.standing):
            note_views(asking.reader, [View(matter_id, "move", found.standing)])
        return _answer(asking, matter_id, found.standing, found.deadlines, 200, has_children=found.has_children)

    return once(asking, body, moves_of(matter_id), do)


def moves_of(matter_id: UUID) -> str:
    """The route under which answers to the moves of one matter are kept."""
    return f"moves/{matter_id}"


def _payload(asking: Asking, matter_id: UUID, body: Sent) -> tuple[str, Payload]:
    """The move and what it carries; a move that is somebody else's is refused before its fields are looked at."""
    found = body.json()
    trigger, data = found.get("trigger"), found.get("data", {})
    if not isinstance(trigger, str):
        raise invalid([{"pointer": "/trigger", "message": "Name the move to take."}])
    matter = asking.work.live[matter_id].matter
    row = check_role(matter, trigger, asking.actor, asking.work.facts(matter))
    unknown = [{"pointer": f"/{name}", "message": "Unknown field."} for name in found.keys() - {"trigger", "data"}]
    if unknown:
        raise invalid(unknown)
    return trigger, parsed(row.payload, data, "/data")


def _answer(
    asking: Asking, matter_id: UUID, standing: int, before: tuple[Deadline, ...], status: int, *, has_children: bool
) -> Answer:
    """The matter as it stands after the step, to whoever took it, from what is at hand.

    Children and texts are read, where there are any. What this transaction did is written first where they would else
    be read as they were, or where it takes a statement to say whether a new child is the asker's to see.
    """
    work = asking.work
    matter = work.live[matter_id].matter
    own = {d.number: d for d in before} | work.writes.deadlines_of(matter_id)
    deadlines = [own[number] for number in sorted(own)]
    opened = work.opened_below(matter_id)
    are_theirs = all(work.writes.names(child.id, asking.ref) for child in opened)
    below = Below(has_children, work.has_texts(matter_id), opened=opened)
    if not are_theirs or not work.is_as_stored(matter_id):
        save(asking)
        below = Below(has_children or bool(opened), below.texts)
    body = asking.reading_now().shown(matter, standing, work, deadlines, below)
    return Answer(status, body, f"/api/v1/matters/{matter_id}", matter_id, matter.version)

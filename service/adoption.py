"""A new version of a council's policy: checked against all that is open, foreseen without effect, or applied.

Applying is one transaction through the one door. From its first day on, open entitlements and frequencies take the
version; everything else keeps the one that it was opened under.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import insert, select

from service.engine.ids import new_id
from service.engine.one_at_a_time import lock_council
from service.engine.prospect import Unlocked
from service.engine.rows import Rows
from service.engine.work import Work
from service.storage.council_tables import policies
from service.storage.matter_tables import matters
from workflows.adopting import ADOPT
from workflows.adoption import ADOPTERS
from workflows.calendar import day_start, local_day
from workflows.model import Actor, Matter, Opening, Selector
from workflows.policy import Policy
from workflows.policy_fit import unfit, unknown_states
from workflows.policy_mistake import PolicyMistake
from workflows.policy_reader import read_policy
from workflows.policy_version import version_order
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Carry, Role, Status, Workflow

Progress = Callable[[int, int], object]
#: The deadlines that a new version may move.
CARRIED = tuple(dict.fromkeys(name for workflow in ADOPTERS for name in DEFINITIONS[workflow].deadlines))


class NewVersion(Struct, frozen=True):
    """What somebody wants to apply: a policy's text under the name of its `file`, from a local date on.

    `carry` says what becomes of running deadlines, by name; what is not named is recomputed.
    """

    text: str
    file: str
    since: date
    carry: Mapping[str, Carry]


class Moved(Struct, frozen=True):
    """One deadline of an open matter under the new version; an instant is None where it begins or ends with it."""

    matter: Matter
    deadline: str
    before: datetime | None
    after: datetime | None
    clause_before: str | None
    clause_after: str | None


class Adopted(Struct, frozen=True):
    """What a version did or would do; `adoption` is the matter that keeps it, None where nothing was kept."""

    policy: Policy
    since: date
    moved: tuple[Moved, ...]
    adoption: UUID | None = None


def apply_policy(work: Work, version: NewVersion, actor: Actor, progress: Progress | None = None) -> Adopted:
    """Keep a new version; from today on, open matters go over to it now, else on its first day. The caller writes.

    Raises PolicyMistake for a file with mistakes or one that would leave an open matter without a way on, Refused
    where its id, version or day do not fit, and StaleError where the council was changed meanwhile.
    """
    lock_council(work)
    policy = _checked(work, version)
    row = {
        "organisation_id": work.organisation.id, "policy_id": policy.id, "version": policy.version,
        "in_force_from": version.since, "text": version.text,
    }  # fmt: skip
    work.connection.execute(insert(policies), row)
    adoption = _adopt(work, policy, version, actor, progress)
    return Adopted(policy, version.since, tuple(_moved(work)), adoption)


def foresee_policy(work: Work, version: NewVersion, actor: Actor, progress: Progress | None = None) -> Adopted:
    """What `apply_policy` would do to the dates that stand today, with nothing kept. Raises what it raises.

    For a day to come, what is due before that day is left out: it will have been done or missed by then.
    """
    first = day_start(version.since)
    organisation = replace(work.organisation, now=max(work.now, first))
    store = Unlocked(Rows(work.connection, work.organisation.id))
    policy = _checked(Work(store, work.organisation, work.picture, work.sealer), version)
    ahead = _Foreseen(store, organisation, work.picture, work.sealer)
    _adopt(ahead, policy, version, actor, progress)
    moved = (change for change in _moved(ahead) if change.before is None or change.before >= first)
    return Adopted(policy, version.since, tuple(moved))


class _Foreseen(Work):
    """Work that is never written, at a day to come: what would pass until then is left as it is."""

    def enforce_due(self, matter_id: UUID, before: datetime | None = None) -> int:
        """Let the version alone take effect."""
        is_adoption = self.live[matter_id].matter.workflow is Workflow.adoption
        return super().enforce_due(matter_id, before) if is_adoption else 0


def _adopt(work: Work, policy: Policy, version: NewVersion, actor: Actor, progress: Progress | None) -> UUID:
    """Let the version be seen, and open the matter that brings it into force."""
    work.see_policy(policy, version.since)
    if progress is not None:
        work.progress = progress
    data = {
        "policy_version": policy.version, "in_force_from": version.since.isoformat(), "opened_by": actor.ref,
        "deadlines": {name: carry.value for name, carry in version.carry.items()},
    }  # fmt: skip
    opening = Opening(Workflow.adoption, new_id(work.now), data=data)
    return work.open(opening, actor, Role.administrator).id


# -- checking
def _checked(work: Work, version: NewVersion) -> Policy:
    policy = read_policy(version.text, version.file)
    _check_place(work, policy, version.since)
    problems = [*unknown_states(_states(work)), *unfit(policy, _adopters(work), work.opening_facts(()))]
    if problems:
        raise PolicyMistake(version.file, tuple(problems))
    return policy


def _check_place(work: Work, policy: Policy, since: date) -> None:
    """Whether the version follows those that there are. Raises Refused."""
    own, in_force, today = work.organisation.policy_id, work.picture.in_force, local_day(work.now)
    if policy.id != own:
        raise Refused("policy_id", f"The file is a version of {policy.id!r}, and this council’s policy is {own!r}.")
    latest = max((known.version for _, known in in_force), key=version_order)
    if version_order(policy.version) <= version_order(latest):
        raise Refused("version", f"Version {policy.version} does not come after version {latest}: give it a later one.")
    if since < today:
        why = "what was decided under a policy stays decided under it"
        raise Refused("in_force_from", f"{since.isoformat()} is past, and {why}: give today or a later day.")
    last, known = in_force[-1]
    if since < last:
        why = f"version {known.version} comes into force on {last.isoformat()}"
        raise Refused("in_force_from", f"{why}, and a later version cannot come before it.")


def _states(work: Work) -> list[tuple[str, str]]:
    query = select(matters.c.workflow, matters.c.state).distinct()
    own = (matters.c.organisation_id == work.organisation.id, matters.c.closed_at.is_(None))
    return [(row.workflow, row.state) for row in work.connection.execute(query.where(*own))]


def _adopters(work: Work) -> list[Matter]:
    """Every open matter that would take the version."""
    return [matter for workflow in ADOPTERS for matter in work.find(Selector(workflow))]


# -- what has changed
def _moved(work: Work) -> Iterator[Moved]:
    """The deadlines that the adoption moved, in the order in which matters took it."""
    clauses = _clauses(work)
    for step in work.writes.steps:
        if step["trigger"] == ADOPT:
            matter = work.live[step["matter_id"]].matter
            for name, (before, after) in step["data"]["moved"].items():
                was, now = clauses[matter.id, name]
                yield Moved(matter, name, _instant(before), _instant(after), before and was, after and now)


def _clauses(work: Work) -> Mapping[tuple[UUID, str], tuple[str | None, str | None]]:
    """By matter and deadline the clauses of the one that was superseded last and of the one that runs."""
    found: dict[tuple[UUID, str], tuple[str | None, str | None]] = defaultdict(lambda: (None, None))
    for (matter_id, _), row in sorted(work.writes.deadlines.items(), key=lambda item: item[0]):
        was, now = found[matter_id, row["name"]]
        if row["status"] == Status.superseded:
            was = row["receipt"]["clause"]
        elif row["status"] == Status.running:
            now = row["receipt"]["clause"]
        found[matter_id, row["name"]] = was, now
    return found


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

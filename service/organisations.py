"""Setting up a council: its row and key, its policy's text, its calendar, and the person who lets everybody else in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import insert, select

from service.audit_programmes import begin_programmes
from service.engine.ids import new_id
from service.engine.picture import read_organisation, read_picture
from service.engine.rows import Rows
from service.engine.work import Work
from service.engine.writing import write
from service.holidays_of_england import YEARS_AFTER, YEARS_BEFORE, bank_holidays
from service.identity.tokens import keep_token
from service.storage.connection import owner_transaction
from service.storage.council_tables import calendar_days, organisations, people, policies
from workflows.model import SYSTEM, Opening
from workflows.policy import Policy
from workflows.policy_reader import read_policy, shipped, shipped_text
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.settings import Settings
    from service.storage.connection import Database
    from service.storage.sealing import Vault

#: What the first token may do: everything that its owner may.
_ALL = ("all",)


def every_organisation(settings: Settings) -> dict[UUID, str]:
    """The organisations of the database with their names, oldest first, as its owner sees them."""
    with owner_transaction(settings.migrate_database_url or settings.database_url) as connection:
        rows = connection.execute(select(organisations.c.id, organisations.c.name).order_by(organisations.c.id))
        return {row.id: row.name for row in rows}


class UnknownPolicyError(Exception):
    """No policy of this id comes with the product."""


class Created(Struct, frozen=True):
    """A new organisation, and the first token of its administrator, which is shown this once."""

    organisation_id: UUID
    token: str


def create_organisation(  # noqa: PLR0913 - all that a council begins with, each by its name
    database: Database,
    vault: Vault,
    *,
    name: str,
    policy_id: str,
    live_from: date,
    admin_ref: str,
    sandbox_now: datetime | None,
    now: datetime,
    policy_text: str | None = None,
) -> Created:
    """Make an organisation that lives under a policy, in a transaction of its own.

    `policy_id` is a shipped policy's, unless `policy_text` is the council's own file with that id. `live_from` is the
    local date before which no duty is counted; `sandbox_now` its own clock, None outside a sandbox.
    Raises UnknownPolicyError, and PolicyMistake where the text has mistakes.
    """
    if policy_text is None and policy_id not in shipped():
        raise UnknownPolicyError(f"There is no policy {policy_id!r}; there are: {', '.join(sorted(shipped()))}.")
    policy = shipped()[policy_id] if policy_text is None else read_policy(policy_text, policy_id)
    text = shipped_text(policy_id) if policy_text is None else policy_text
    if policy.id != policy_id:
        raise UnknownPolicyError(f"The policy's own id is {policy.id!r}, and not {policy_id!r}.")
    own = new_id(now)
    row = {
        "id": own, "name": name, "policy_id": policy_id, "live_from": live_from, "sandbox_now": sandbox_now,
        "directory_version": 1, "calendar_version": 1, "wrapped_key": vault.new_organisation_key(), "created_at": now,
    }  # fmt: skip
    with database.write(own) as connection:
        connection.execute(insert(organisations), row)
        connection.execute(insert(policies), _policy(own, policy, text, live_from))
        connection.execute(insert(calendar_days), _calendar(own, live_from.year))
        connection.execute(insert(people), _administrator(own, admin_ref))
        token = keep_token(connection, own, admin_ref, "first administrator", _ALL, now, expires_at=None)
        _begin(connection, own, vault, admin_ref)
    return Created(own, token)


def _policy(own: UUID, policy: Policy, text: str, live_from: date) -> dict[str, Any]:
    """The policy as it came, in force from its own first day where that is known and earlier."""
    since = min(live_from, policy.stated_from or live_from)
    return {
        "organisation_id": own, "policy_id": policy.id, "version": policy.version, "in_force_from": since, "text": text,
    }  # fmt: skip


def _calendar(own: UUID, live: int) -> list[dict[str, Any]]:
    found = bank_holidays(live - YEARS_BEFORE, live + YEARS_AFTER)
    return [{"organisation_id": own, "day": day, "kind": "bank_holiday", "reason": why} for day, why in found.items()]


def _administrator(own: UUID, ref: str) -> dict[str, Any]:
    return {
        "organisation_id": own, "ref": ref, "name": "Administrator", "email": "", "job_role": "administrator",
        "team": "", "app_roles": [Role.administrator.value], "registration": "", "setting": "", "bounces": False,
    }  # fmt: skip


def _begin(connection: Connection, own: UUID, vault: Vault, ref: str) -> None:
    """Watch the administrator's dates like everybody's, and begin the audits that run by themselves."""
    organisation = read_organisation(connection, own)
    picture = read_picture(connection, organisation)
    work = Work(Rows(connection, own), organisation, picture, vault.sealer(organisation.wrapped_key))
    work.open(Opening(Workflow.employment, new_id(work.now), person=ref), SYSTEM, Role.system)
    begin_programmes(work)
    write(work)

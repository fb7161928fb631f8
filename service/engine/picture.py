"""What the rules know of a council, read once for a version: people, calendar and policies."""

from __future__ import annotations

import threading
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, func, or_, select

from service.storage.column_types import Instant
from service.storage.council_tables import calendar_days, organisations, people, policies
from service.storage.matter_tables import matters
from workflows.calendar import Calendar
from workflows.directory import Away, Directory, Person
from workflows.policy import Policy
from workflows.policy_version import version_order
from workflows.vocabulary import AbsenceCause, Role, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The workflows that are judged by the policy in force at each step, instead of the version they were opened under.
RENEWED = frozenset(
    {
        Workflow.entitlement,
        Workflow.frequency,
        Workflow.employment,
        Workflow.session,
        Workflow.agreement,
        Workflow.audit,
    }
)


class Organisation(Struct, frozen=True):
    """One organisation at the instant of a transaction; `now` is its sandbox clock or the database's."""

    id: UUID
    policy_id: str
    live_from: date
    now: datetime
    directory_version: int
    calendar_version: int
    wrapped_key: bytes


class Picture(Struct, frozen=True):
    """People, calendar and policies at one version of each."""

    directory: Directory
    calendar: Calendar
    policies: Mapping[tuple[str, str], Policy]
    in_force: tuple[tuple[date, Policy], ...]

    def policy_on(self, day: date) -> Policy:
        """The policy version in force on a local date."""
        return next((policy for since, policy in reversed(self.in_force) if since <= day), self.in_force[0][1])

    def with_policy(self, policy: Policy, since: date) -> Picture:
        """The same picture with one more version, in force from a local date."""
        versions = {**self.policies, (policy.id, policy.version): policy}
        return replace(self, policies=versions, in_force=in_order((*self.in_force, (since, policy))))

    def with_directory(self, directory: Directory) -> Picture:
        """The same picture with other people in it."""
        return replace(self, directory=directory)


def in_order(versions: Iterable[tuple[date, Policy]]) -> tuple[tuple[date, Policy], ...]:
    """Versions by the days from which they are in force; of one day's, the later version counts."""
    return tuple(sorted(versions, key=lambda version: (version[0], version_order(version[1].version))))


def read_organisation(connection: Connection, organisation_id: UUID) -> Organisation:
    """The organisation now: by its sandbox clock, else by the database's."""
    query = select(organisations, func.current_timestamp(type_=Instant).label("database_now"))
    row = connection.execute(query.where(organisations.c.id == organisation_id)).one()
    return Organisation(
        row.id, row.policy_id, row.live_from, (row.sandbox_now or row.database_now).replace(microsecond=0),
        row.directory_version, row.calendar_version, row.wrapped_key,
    )  # fmt: skip


class Pictures:
    """The newest picture of each organisation that this process has seen; safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[UUID, tuple[tuple[int, int], Picture]] = {}

    def of(self, connection: Connection, organisation: Organisation) -> Picture:
        """The picture at the organisation's versions, read anew when they have changed."""
        versions = (organisation.directory_version, organisation.calendar_version)
        with self._lock:
            kept = self._kept.get(organisation.id)
        if kept is not None and kept[0] == versions:
            return kept[1]
        picture = read_picture(connection, organisation)
        self.keep(organisation, picture)
        return picture

    def keep(self, organisation: Organisation, picture: Picture) -> None:
        """Keep a picture that was read or committed."""
        with self._lock:
            self._kept[organisation.id] = ((organisation.directory_version, organisation.calendar_version), picture)

    def forget(self, organisation_id: UUID) -> None:
        """Forget a picture whose transaction did not commit."""
        with self._lock:
            self._kept.pop(organisation_id, None)


def read_picture(connection: Connection, organisation: Organisation) -> Picture:
    """Everything that rules know of an organisation besides its matters and cases."""
    own = organisation.id
    rows = connection.execute(select(policies).where(policies.c.organisation_id == own))
    versions = [(row.in_force_from, Policy.model_validate(tomllib.loads(row.text))) for row in rows]
    return Picture(
        read_directory(connection, own),
        read_calendar(connection, own, organisation.calendar_version),
        {(p.id, p.version): p for _, p in versions},
        in_order(versions),
    )


def read_calendar(connection: Connection, organisation_id: UUID, version: int) -> Calendar:
    """The days that this council does not work, weekends apart."""
    rows = connection.execute(select(calendar_days).where(calendar_days.c.organisation_id == organisation_id))
    return Calendar("england", str(version), {row.day: row.reason for row in rows})


def read_directory(connection: Connection, organisation_id: UUID) -> Directory:
    """People, and the absences that are open or ended in the year before the newest one."""
    found = connection.execute(select(people).where(people.c.organisation_id == organisation_id))
    away = connection.execute(
        select(matters.c.id, matters.c.person, matters.c.data, matters.c.state).where(
            matters.c.organisation_id == organisation_id,
            matters.c.workflow == Workflow.absence,
            matters.c.kind.is_(None),
            or_(matters.c.closed_at.is_(None), matters.c.state != "cancelled"),
        )
    )
    return Directory.of((person_of(row) for row in found), (away_of(row.id, row.person, row.data) for row in away))


def person_of(row: Row[Any]) -> Person:
    """A person's row as rules see it."""
    return Person(
        ref=row.ref, name=row.name, email=row.email, job_role=row.job_role, team=row.team,
        line_manager=row.line_manager, supervisor=row.supervisor, cover=row.cover, start_date=row.start_date,
        end_date=row.end_date, app_roles=frozenset(Role(role) for role in row.app_roles), nqsw_start=row.nqsw_start,
        nqsw_extended_to=row.nqsw_extended_to,
        registration=row.registration, setting=row.setting, supervised_since=row.supervised_since,
        last_supervised_on=row.last_supervised_on, agreement_signed_on=row.agreement_signed_on, bounces=row.bounces,
    )  # fmt: skip


def away_of(matter_id: UUID, person: str, data: Mapping[str, Any]) -> Away:
    """An absence as the directory knows it."""
    last_day = data.get("last_day")
    return Away(
        matter_id,
        person,
        date.fromisoformat(data["first_day"]),
        date.fromisoformat(last_day) if last_day else None,
        AbsenceCause(data["cause"]),
    )

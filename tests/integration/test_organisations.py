"""A new council: what it begins with, and that its first token opens it and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from service.engine.picture import read_organisation
from service.holidays_of_england import bank_holidays
from service.identity.scopes import hash_of
from service.identity.tokens import PREFIX, keep_token, revoke
from service.organisations import UnknownPolicyError, create_organisation
from service.storage.connection import UnknownTokenError
from service.storage.council_tables import calendar_days, people, policies, tokens
from tests.integration.council import Council, london
from workflows.policy_reader import shipped, shipped_text

if TYPE_CHECKING:
    from service.engine.door import Door

NewCouncil = Callable[[str, str], Council]


def holder_of(door: Door, token: str) -> tuple[object, str]:
    with door.database.read_for_token(hash_of(token)) as (_, owner):
        return owner.organisation_id, owner.person


# -- beginning
@pytest.mark.parametrize("policy", sorted(shipped()))
def test_a_council_lives_under_its_policy_from_the_day_it_goes_live(council: NewCouncil, policy: str) -> None:
    new = council(policy, "2025-03-03T09:00")

    assert new.run(lambda work: work.picture.policy_on(date(2025, 3, 3))) == shipped()[policy]
    [kept] = new.rows(policies)
    assert (kept.policy_id, kept.in_force_from <= date(2025, 3, 3)) == (policy, True)


def test_a_council_begins_with_an_administrator_and_their_token(council: NewCouncil, door: Door) -> None:
    new = council("leeds", "2025-03-03T09:00")

    [admin] = new.rows(people)
    assert (admin.ref, admin.job_role, admin.app_roles) == ("admin", "administrator", ["administrator"])
    assert holder_of(door, new.token) == (new.id, "admin")
    assert new.one("employment", person="admin").state == "in_post"


def test_a_council_of_the_sandbox_has_its_own_clock(council: NewCouncil) -> None:
    new = council("leeds", "2025-03-03T09:00")

    with new.door.database.read(new.id) as connection:
        assert read_organisation(connection, new.id).now == london("2025-03-03T09:00")


def test_two_councils_have_keys_of_their_own(council: NewCouncil) -> None:
    first, second = (council("leeds", "2025-03-03T09:00") for _ in range(2))
    keys = set()
    for one in (first, second):
        with one.door.database.read(one.id) as connection:
            keys.add(read_organisation(connection, one.id).wrapped_key)

    assert len(keys) == 2


def test_an_unknown_policy_is_answered_with_the_known_ones(council: NewCouncil) -> None:
    with pytest.raises(UnknownPolicyError, match="central-bedfordshire, darlington"):
        council("atlantis", "2025-03-03T09:00")


# -- the calendar
def test_the_bank_holidays_reach_from_five_years_before_to_ten_after(council: NewCouncil) -> None:
    days = council("leeds", "2025-03-03T09:00").rows(calendar_days, order=calendar_days.c.day)

    assert (days[0].day, days[-1].day) == (date(2020, 1, 1), date(2035, 12, 26))
    assert {row.kind for row in days} == {"bank_holiday"}
    assert all(row.day.weekday() < 5 for row in days)


def test_easter_and_substitute_days_are_not_worked() -> None:
    found = bank_holidays(2025, 2026)

    assert found[date(2025, 4, 18)] == "Good Friday"
    assert found[date(2026, 12, 28)] == "Boxing Day (substitute day)"
    assert date(2026, 12, 26) not in found


# -- tokens
def test_a_token_is_kept_only_as_its_hash(council: NewCouncil) -> None:
    new = council("leeds", "2025-03-03T09:00")

    [kept] = new.rows(tokens)
    assert new.token.startswith(PREFIX)
    assert kept.hash == hash_of(new.token)
    assert new.token.encode() not in kept.hash


def test_a_revoked_token_opens_nothing(council: NewCouncil, door: Door) -> None:
    new = council("leeds", "2025-03-03T09:00")
    now = london("2025-03-03T10:00")
    with door.database.write(new.id) as connection:
        text = keep_token(connection, new.id, "admin", "nightly import", ["all"], now, expires_at=None)
    assert holder_of(door, text) == (new.id, "admin")
    [token] = new.rows(tokens, tokens.c.name == "nightly import")

    with door.database.write(new.id) as connection:
        assert revoke(connection, new.id, token.id, now)
        assert not revoke(connection, new.id, token.id, now)

    with pytest.raises(UnknownTokenError):
        holder_of(door, text)
    assert holder_of(door, new.token) == (new.id, "admin")


def test_nobody_revokes_the_token_of_another_council(council: NewCouncil, door: Door) -> None:
    mine, theirs = (council("leeds", "2025-03-03T09:00") for _ in range(2))
    [token] = theirs.rows(tokens)

    with door.database.write(mine.id) as connection:
        assert not revoke(connection, mine.id, token.id, london("2025-03-03T10:00"))


def test_a_policy_of_its_own_has_the_id_that_the_organisation_is_made_under(door: Door) -> None:
    text = shipped_text("leeds").replace('id = "leeds"', 'id = "ours"')

    with pytest.raises(UnknownPolicyError, match="The policy's own id is 'ours', and not 'leeds'"):
        create_organisation(
            door.database, door.vault, name="Ours", policy_id="leeds", live_from=date(2025, 3, 3), admin_ref="admin",
            sandbox_now=None, now=london("2025-03-03T09:00"), policy_text=text,
        )  # fmt: skip

"""What is left of somebody who left: their file over HTTP, its end, the proof of that, and keys that stay destroyed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, func, insert, select

from service.storage.certificates import read_certificates
from service.storage.faults import Report
from service.storage.key_backup import NotABackupError, Restored, backup_keys, restore_keys
from service.storage.matter_tables import contents, matter_keys
from service.storage.verify import verify
from tests.acceptance.beginnings import CASE, sent
from tests.fixtures.served import Sandbox, Story, ok, problem

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
HR2 = {"ref": "hr2", "job_role": "hr_adviser", "line_manager_ref": "ad", "app_roles": "hr"}
LEAVER = {"ref": "wkr", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-31"}


def own(story: Story) -> UUID:
    return UUID(story.organisation)


def verified(story: Story) -> Report:
    with story.door.database.read(own(story)) as connection:
        return verify(connection, own(story), story.door.vault, KEY.public_key())


def backed_up(story: Story) -> list[str]:
    with story.door.database.read(own(story)) as connection:
        return list(backup_keys(connection, own(story)))


def restored(story: Story, lines: list[str]) -> Restored:
    with story.door.database.write(own(story)) as connection:
        return restore_keys(connection, own(story), lines)


def count_of(story: Story, table: Any, matter: dict[str, Any]) -> int:
    with story.door.database.read(own(story)) as connection:
        query = select(func.count()).select_from(table).where(table.c.matter_id == UUID(matter["id"]))
        found: int = connection.execute(query).scalar_one()
        return found


def left(story: Story) -> dict[str, Any]:
    """The file of the social worker, when its two years are over."""
    ok(story.list_people([LEAVER]))
    story.at("2027-04-01T09:00")
    return story.one("hr1", workflow="retention", party="wkr")


def disposed(story: Story, file: dict[str, Any]) -> dict[str, Any]:
    story.move("hr1", file, "dispose", reason="Its time is over.")
    return story.move("hr2", file, "dispose", reason="I have looked.")


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """North Somerset, on each database in turn."""
    return either_sandbox.story("north-somerset", people=[HR2], cases=[{**CASE, "category": "child-in-need"}])


@pytest.mark.clause("NS-46")
def test_a_disposed_file_is_gone_with_its_keys_and_the_history_still_verifies(story: Story) -> None:
    record = story.move("wkr", sent(story, support="She was tired."), "sign")
    disputed = story.move("wkr", sent(story, support="Other."), "dispute", statement="Not so.")
    of_case = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections={})
    dispute = story.one("wkr", workflow="dispute", parent=disputed["id"])
    file = left(story)
    assert file["state"] == "due"
    backup = backed_up(story)
    assert verified(story).texts_destroyed == 0

    disposed(story, file)

    for matter in (record, disputed, dispute):
        assert (count_of(story, contents, matter), count_of(story, matter_keys, matter)) == (0, 0)
    shown = story.matter("aud", record)
    assert shown["data"].get("sections") is None
    assert shown["data"]["disposed_on"] == "2027-04-01"
    [step] = [s for s in story.items("hr1", f"/matters/{file['id']}/history") if s["dest"] == "disposed"]
    named = {row["matter"] for row in step["data"]["certificate"]["matters"]}
    assert named == {record["id"], disputed["id"], dispute["id"]}
    assert of_case["id"] not in named
    report = verified(story)
    assert (report.faults, report.texts_destroyed > 0) == ([], True)
    assert restored(story, backup) == Restored(0, len(backup) - 3, 3, 0)
    assert verified(story).sound


@pytest.mark.clause("NS-46")
def test_a_key_that_is_gone_without_a_certificate_is_a_fault_and_comes_back_from_the_backup(story: Story) -> None:
    record = sent(story, support="She was tired.")
    backup = backed_up(story)
    with story.door.database.write(own(story)) as connection:
        connection.execute(delete(matter_keys).where(matter_keys.c.matter_id == UUID(record["id"])))
    said = [fault.what for fault in verified(story).faults]
    assert said[0] == "the matter's key is gone, and no certificate of disposal says so"
    assert said[1].endswith("is left without its key")

    assert restored(story, backup) == Restored(1, len(backup) - 1, 0, 0)
    assert verified(story).sound


def test_a_destroyed_key_that_was_put_back_by_hand_is_found(story: Story) -> None:
    record = story.move("wkr", sent(story, support="She was tired."), "sign")
    with story.door.database.read(own(story)) as connection:
        key = (
            connection.execute(select(matter_keys).where(matter_keys.c.matter_id == UUID(record["id"])))
            .mappings()
            .one()
        )
    disposed(story, left(story))
    with story.door.database.write(own(story)) as connection:
        connection.execute(insert(matter_keys).values(**key))
    assert [fault.what for fault in verified(story).faults] == [
        "a certificate of disposal says that the key was destroyed, and it is there"
    ]


def test_a_certificate_is_of_its_own_organisation(story: Story, either_sandbox: Sandbox) -> None:
    story.move("wkr", sent(story, support="She was tired."), "sign")
    disposed(story, left(story))
    other = either_sandbox.story("north-somerset")
    with other.door.database.read(own(other)) as connection:
        assert read_certificates(connection, own(other)) == {}
        assert read_certificates(connection, own(story)) == {} or connection.dialect.name == "sqlite"


@pytest.mark.parametrize("lines", [["{}"], ["no json"], ['{"organisation": 1, "matter": 2, "wrapped": 3}'], ["[]"]])
def test_what_is_no_backup_brings_nothing_back(story: Story, lines: list[str]) -> None:
    with pytest.raises(NotABackupError, match="no backup of keys"):
        restored(story, lines)


def test_a_backup_of_another_council_brings_nothing_back(story: Story, either_sandbox: Sandbox) -> None:
    other = either_sandbox.story("north-somerset")
    sent(other, support="Theirs.")
    with pytest.raises(NotABackupError, match="another council"):
        restored(story, backed_up(other))


def test_keys_of_matters_that_are_not_here_are_left_alone(story: Story) -> None:
    sent(story, support="Ours.")
    line = backed_up(story)[0]
    gone = line.replace(line.split('"matter": "')[1][:36], str(UUID(int=1)))
    assert restored(story, [gone, ""]) == Restored(0, 0, 0, 1)


@pytest.mark.clause("NS-46")
def test_human_resources_have_it_and_the_leaver_has_nothing(story: Story) -> None:
    sent(story)
    file = left(story)
    assert file["id"] in story.inbox("hr1")
    problem(story.send("wkr", "GET", f"/matters/{file['id']}"), 401, "left")
    problem(story.try_move("sup", file, "archive"), 403, "not_your_move")


# -- E9: the supervisee leaves in the middle of a dispute
def disputed_and_left(story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    record = story.move("wkr", sent(story), "dispute", statement="I do not agree.")
    dispute = story.one("wkr", workflow="dispute", parent=record["id"])
    story.move("wkr", dispute, "escalate")
    ok(story.list_people([LEAVER]))
    story.at("2025-04-01T09:00")
    return story.matter("sup", record), story.matter("sup", dispute)


@pytest.mark.clause("NS-17", "NS-46", "HAR-31", "HAR-45", "LDS-25", "DAR-26", "DAR-31", "CBC-43", "CBC-58")
@pytest.mark.parametrize(
    ("policy", "until"),
    [
        ("north-somerset", "2027-03-31"), ("haringey", "2032-03-31"), ("leeds", None), ("darlington", None),
        ("central-bedfordshire", None),
    ],
)  # fmt: skip
def test_e9_whoever_leaves_in_the_middle_of_a_dispute_is_never_taken_to_have_agreed(
    sandbox: Sandbox, policy: str, until: str | None
) -> None:
    story = sandbox.story(policy, people=[HR2])
    record, dispute = disputed_and_left(story)
    assert (record["state"], record["data"]["reason"]) == ("settled", "left")
    assert record["data"]["statement"] == "I do not agree."
    assert "deem" not in story.triggers("sup", record)
    assert dispute["state"] == "withdrawn"
    assert not [d for d in record["deadlines"] if d["status"] in ("running", "paused")]
    problem(story.send("wkr", "GET", f"/matters/{record['id']}"), 401, "left")
    file = story.one("hr1", workflow="retention", party="wkr")
    assert file["state"] == "kept"
    assert [d["due"][:10] for d in file["deadlines"]] == ([until] if until else [])
    assert file["data"]["no_disposal"] == (until is None)


@pytest.mark.clause("NS-46")
def test_e9_litigation_holds_what_is_left_of_the_dispute(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset", people=[HR2])
    disputed_and_left(story)
    file = story.one("hr1", workflow="retention", party="wkr")
    story.move("hr1", file, "hold", ground="litigation", reason="A claim may come.")
    story.at("2027-04-02T09:00")
    assert story.matter("hr1", file)["state"] == "on_hold"


@pytest.mark.clause("CBC-42", "CBC-43")
def test_e9_a_window_to_sign_stops_on_the_leaving_date(sandbox: Sandbox) -> None:
    story = sandbox.story(cases=[CASE])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")
    story.at("2025-03-27T09:00")
    story.move("sup", record, "circulate")
    ok(story.list_people([LEAVER]))
    story.at("2025-04-04T09:00")
    assert story.matter("sup", record)["state"] == "settled"
    assert "deem" not in story.triggers("sup", record)
    story.move("sup", record, "note_closure", note="She left before she could sign.")
    assert "note_closure" not in {move["trigger"] for move in story.matter("sup", record)["moves"]}

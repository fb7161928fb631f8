"""Settings are safe by default: a sandbox only where nobody named a database, and no start without a secret."""

from __future__ import annotations

import os
import threading
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr, ValidationError

from service.filing.folder import FolderOutlet
from service.filing.outlets import outlet_of
from service.filing.webhook import WebhookOutlet
from service.notices.set_up import channels_of
from service.settings import KEPT_SECRET, Settings
from tests.fixtures.notify_server import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "postgresql+psycopg://service:a-password@db.invalid/supervision"
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of tests
#: 32 bytes in base64.
SIGNING_KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="


@pytest.fixture(autouse=True)
def _somewhere_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("SUPERVISION_")]:
        monkeypatch.delenv(name)
    with chdir(tmp_path):
        yield


def test_where_nothing_is_said_it_is_an_embedded_sandbox_with_examples() -> None:
    settings = Settings()

    assert settings.sandbox
    assert settings.database_url == "sqlite:///var/supervision.sqlite3"
    assert settings.redis_url is None
    assert settings.examples


def test_links_lead_to_the_port_that_is_served_unless_an_address_is_named() -> None:
    assert Settings().served_on(8106).base_url == "http://127.0.0.1:8106"

    named = Settings(base_url="https://supervision.council.example")
    assert named.served_on(8106).base_url == "https://supervision.council.example"


def test_a_sandbox_makes_a_secret_once_and_keeps_it_to_itself() -> None:
    made = Settings().secret_key

    assert len(made.get_secret_value()) == 43
    assert Settings().secret_key == made
    assert KEPT_SECRET.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in KEPT_SECRET.parent.iterdir()] == ["secret-key"]


def test_processes_that_start_together_agree_on_the_secret() -> None:
    secrets: list[str] = []
    threads = [
        threading.Thread(target=lambda: secrets.append(Settings().secret_key.get_secret_value())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(secrets), len(set(secrets))) == (8, 1)


def test_a_database_that_was_named_is_no_sandbox_unless_it_is_said() -> None:
    named = Settings(database_url=DATABASE, secret_key=SecretStr(SECRET))
    said = Settings(database_url=DATABASE, secret_key=SecretStr(SECRET), sandbox=True)

    assert not named.sandbox
    assert said.sandbox


def test_naming_the_embedded_database_is_naming_one() -> None:
    assert not Settings(database_url="sqlite:///var/supervision.sqlite3", secret_key=SecretStr(SECRET)).sandbox


@pytest.mark.parametrize("secret", ["", "short"])
def test_outside_a_sandbox_there_is_no_start_without_a_secret(secret: str) -> None:
    with pytest.raises(ValidationError, match=r"SUPERVISION_SECRET_KEY needs at least 32 characters\. Make one"):
        Settings(database_url=DATABASE, secret_key=SecretStr(secret))

    assert not KEPT_SECRET.exists()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": DATABASE, "SECRET_KEY": SECRET, "EXAMPLES": "0", "PORT": "9000"}.items():
        monkeypatch.setenv(f"SUPERVISION_{name}", value)
    monkeypatch.setenv("SUPERVISION_REDIS_URL", "")

    settings = Settings()

    assert (settings.database_url, settings.examples, settings.port) == (DATABASE, False, 9000)
    assert settings.redis_url is None
    assert not settings.sandbox


def test_no_secret_is_shown() -> None:
    settings = Settings(
        database_url=DATABASE,
        migrate_database_url=DATABASE,
        redis_url="redis://:a-password@queue.invalid/0",
        secret_key=SecretStr(SECRET),
        signing_key=SecretStr(SIGNING_KEY),
    )

    assert "a-password" not in repr(settings)
    assert SECRET not in repr(settings)
    assert SIGNING_KEY not in repr(settings)


def test_a_refusal_shows_no_secret_either() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(database_url=DATABASE, secret_key=SecretStr("short-secret"), port=-1)

    assert "short-secret" not in str(refused.value)
    assert "a-password" not in str(refused.value)


@pytest.mark.parametrize("url", ["ftp://council.invalid", "council.invalid", "https://council.invalid/"])
def test_a_base_url_is_http_and_has_no_slash_at_its_end(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(base_url=url)


# -- where final records leave to
WEBHOOK = {
    "filing_webhook_url": "https://hub.council.example/supervision",
    "filing_webhook_secret": SecretStr("whsec_" + "QUJD" * 10),
}


def of_a_council(**more: object) -> Settings:
    return Settings.model_validate({"database_url": DATABASE, "secret_key": SECRET, "sandbox": False, **more})


@pytest.mark.parametrize("url", ["http://supervision.example", "http://10.0.0.7:8000"])
def test_outside_a_sandbox_nobody_is_reached_in_the_open(url: str) -> None:
    with pytest.raises(ValidationError, match="starts with https://"):
        Settings(database_url=DATABASE, secret_key=SecretStr(SECRET), base_url=url)

    assert Settings(database_url=DATABASE, secret_key=SecretStr(SECRET), base_url=url, sandbox=True).base_url == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "https://supervision.example"])
def test_this_machine_is_and_every_name_is_over_https(url: str) -> None:
    assert Settings(database_url=DATABASE, secret_key=SecretStr(SECRET), base_url=url).base_url == url


def test_where_nothing_is_said_people_file_by_hand() -> None:
    assert outlet_of(of_a_council()) is None


def test_records_leave_by_the_folder_or_by_the_webhook(tmp_path: Path) -> None:
    assert isinstance(outlet_of(of_a_council(filing_folder=tmp_path)), FolderOutlet)
    assert isinstance(outlet_of(of_a_council(**WEBHOOK)), WebhookOutlet)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({**WEBHOOK, "filing_folder": "/srv/drop"}, "one way"),
        ({**WEBHOOK, "filing_webhook_secret": None}, "FILING_WEBHOOK_SECRET"),
        ({**WEBHOOK, "filing_webhook_secret": "whsec_c2hvcnQ="}, "24 to 64 bytes"),
        ({**WEBHOOK, "filing_webhook_secret": "whsec_no base64"}, "24 to 64 bytes"),
        ({**WEBHOOK, "filing_webhook_secret": "QUJD" * 10}, "whsec_"),
        ({**WEBHOOK, "filing_webhook_url": "http://hub.council.example/"}, "https://"),
        ({**WEBHOOK, "filing_webhook_url": "ftp://hub.council.example/"}, "pattern"),
        ({**WEBHOOK, "sandbox": True}, "Nothing leaves a sandbox"),
        ({"filing_folder": "/srv/drop", "sandbox": True}, "Nothing leaves a sandbox"),
        ({"filing_folder": "var/../../drop", "sandbox": True}, "Nothing leaves a sandbox"),
    ],
)
def test_a_way_out_that_is_not_safe_stops_the_start(more: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        of_a_council(**more)


def test_a_sandbox_may_put_records_below_its_own_folder() -> None:
    assert isinstance(outlet_of(of_a_council(filing_folder="var/filed", sandbox=True)), FolderOutlet)


# -- how notices leave
SMTP = {"smtp_url": "smtps://name:a-password@mail.council.example", "mail_from": "supervision@council.example"}
FAILURES = "imaps://failures:a-password@mail.council.example/INBOX"
NOTIFY = {"notify_api_key": SecretStr(KEY), "notify_template": "t1"}
NOTICES = {
    "notices_webhook_url": "https://hub.council.example/notices",
    "notices_webhook_secret": SecretStr("whsec_" + "QUJD" * 10),
}


def test_where_nothing_is_said_notices_stay_in_the_lists() -> None:
    assert channels_of(of_a_council()).by_name == {}


def test_notices_leave_by_mail_one_way_and_by_a_webhook_beside_it() -> None:
    assert set(channels_of(of_a_council(**SMTP, **NOTICES)).by_name) == {"mail", "webhook"}
    assert set(channels_of(of_a_council(**NOTIFY)).by_name) == {"mail"}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({**SMTP, **NOTIFY}, "one way"),
        ({**SMTP, "mail_from": None}, "SUPERVISION_MAIL_FROM"),
        ({**SMTP, "mail_from": "Supervision <supervision@council.example>"}, "pattern"),
        ({**SMTP, "smtp_url": "mail.council.example"}, "pattern"),
        ({**NOTIFY, "notify_template": None}, "SUPERVISION_NOTIFY_TEMPLATE"),
        ({**NOTIFY, "notify_api_key": "half-a-key"}, "whole key"),
        ({**NOTICES, "notices_webhook_secret": None}, "NOTICES_WEBHOOK_SECRET"),
        ({**NOTICES, "notices_webhook_url": "http://hub.council.example/"}, "https://"),
        ({"notices_callback_secret": "whsec_c2hvcnQ="}, "CALLBACK_SECRET"),
        ({"failures_url": "mail.council.example"}, "pattern"),
        ({"failures_url": "imaps://mail.council.example/INBOX"}, "pattern"),
        ({"failures_url": FAILURES, "sandbox": True}, "Nothing leaves a sandbox"),
        ({**SMTP, "sandbox": True}, "Nothing leaves a sandbox"),
        ({**NOTIFY, "sandbox": True}, "Nothing leaves a sandbox"),
        ({**NOTICES, "sandbox": True}, "Nothing leaves a sandbox"),
    ],
)
def test_a_way_for_notices_that_is_not_safe_stops_the_start(more: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        of_a_council(**more)


def test_no_password_of_a_mail_server_is_shown() -> None:
    assert "a-password" not in repr(of_a_council(**SMTP, failures_url=FAILURES))


# -- where the secret comes from
def test_the_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret out of a file, long enough\n")

    settings = Settings(database_url="sqlite:///x", secret_key_file=file)

    assert settings.secret_key.get_secret_value() == "a secret out of a file, long enough"


@pytest.mark.parametrize("file", ["/nowhere/secret", "/"])
def test_a_file_that_cannot_be_read_is_named(file: str) -> None:
    with pytest.raises(ValidationError, match=r"SUPERVISION_SECRET_KEY_FILE: /.* cannot be read"):
        Settings(database_url="sqlite:///x", secret_key_file=Path(file))


def test_the_secret_comes_one_way(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="one way"):
        Settings(
            database_url="sqlite:///x", secret_key=SecretStr("x" * 40), secret_key_file=tmp_path / "secret",
        )  # fmt: skip


def test_pages_are_in_english_until_other_languages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Settings().languages
    monkeypatch.setenv("SUPERVISION_LANGUAGES", "cy, EN")

    assert (alone, Settings().languages) == (("en",), ("cy", "en"))


@pytest.mark.parametrize("named", ["tlh", "en,en", ","])
def test_a_language_is_named_once_and_has_a_catalogue(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("SUPERVISION_LANGUAGES", named)

    with pytest.raises(ValidationError, match="name one or more of these, each once: en, cy"):
        Settings()

"""What the environment says (SUPERVISION_*), as one typed value that is read once at the edge and passed in."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shlex
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.pages.languages import known
from service.storage.checkpoints import seed_of
from service.storage.connection import check_url
from service.storage.sealing import Vault
from service.storage.wrapping import ByCommand

#: Where a sandbox keeps the secret it made for itself, below the folder that it was started in.
KEPT_SECRET = Path("var/secret-key")
#: Names that never leave this machine.
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
#: The only folder that a sandbox writes in.
SANDBOX_FOLDER = Path("var")
#: `secrets.token_urlsafe()` gives 43 characters; fewer than this can be guessed.
_SECRET_LENGTH = 32
#: A key of GOV.UK Notify ends with the service's id and the secret, both UUIDs.
_NOTIFY_KEY = re.compile(r"[0-9a-f-]{36}-[0-9a-f-]{36}$")


class Settings(BaseSettings):
    """The settings of one process. Constructing it reads the environment; raises ValidationError with what to do."""

    model_config = SettingsConfigDict(
        env_prefix="SUPERVISION_", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    #: An SQLAlchemy URL. The default is the embedded trial: one SQLite file below the folder it was started in.
    database_url: str = Field(default="sqlite:///var/supervision.sqlite3", repr=False)
    #: The owner's URL, for migrations, backups and commands over all councils; none means that `database_url` is the
    #: owner's as well.
    migrate_database_url: str | None = Field(default=None, repr=False)
    #: Where clocks and requests wake workers; none means that whoever serves does all that happens by itself, too.
    redis_url: str | None = Field(default=None, repr=False)
    #: Whether people move the clock; by default only where no database was named.
    sandbox: bool
    #: Wraps every organisation's key: without it no sealed text can be read again.
    secret_key: SecretStr = Field(default=SecretStr(""), validate_default=True)
    #: A file with that secret instead, as orchestrators mount them.
    secret_key_file: Path | None = None
    #: Further secrets, with blanks between them, that open organisations' keys while one is replaced by another.
    secret_keys_also: SecretStr = SecretStr("")
    #: A program that has a key service wrap organisations' keys, instead of the secret: see docs/security.md.
    key_command: str | None = None
    #: 32 bytes in base64 that sign checkpoints; none means that they follow from `secret_key`.
    signing_key: SecretStr | None = None
    #: What people type to get here; links in notices start with it.
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://\S*[^\s/]$")] = "http://127.0.0.1:8000"
    #: Whoever sends it may read `/metrics`; none means that there is no such page.
    metrics_token: SecretStr | None = None
    #: Where `work` and `clock` answer `/metrics` and `/health/live`, on `host`, to whoever reaches it; none: nowhere.
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    #: Where traces go: an OTLP receiver's address for HTTP, such as http://127.0.0.1:4318/v1/traces.
    otlp_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$")] | None = None
    #: From which level on is logged, as JSON where standard error is no terminal: debug, info, warning or error.
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    #: Where to listen.
    host: str = "127.0.0.1"
    #: The port of `serve`.
    port: int = Field(default=8000, ge=0, le=65535)
    #: Whether a sandbox starts with the example councils.
    examples: bool = True
    #: The languages of the pages, separated by commas: the first is spoken until somebody chooses another one. What
    #: there is besides "en" says docs/languages.md.
    languages: Annotated[tuple[str, ...], NoDecode] = ("en",)

    #: Where final records are put for the councils' own systems; in a sandbox below ./var alone.
    filing_folder: Path | None = None
    #: Where final records are posted to instead, and the secret ("whsec_…") that the messages are signed with.
    filing_webhook_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$")] | None = None
    filing_webhook_secret: SecretStr | None = None
    #: Whether that URL may lead into a private network, or by plain HTTP to this machine.
    filing_webhook_private: bool = False

    #: The mail server that notices leave by: `smtp://` speaks TLS from STARTTLS on (this machine's own is spoken to
    #: plainly), `smtps://` from the start. A login is `smtps://name:password@host:465`, percent-encoded.
    smtp_url: Annotated[str, StringConstraints(pattern=r"^smtps?://[^\s/?#]+/?$")] | None = Field(
        default=None, repr=False
    )
    #: The address that mail comes from, and that mail servers report failures to; needed with `smtp_url`.
    mail_from: Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$")] | None = None
    #: The mailbox that mail servers report failures to, read each minute: `imaps://name:password@host/folder`,
    #: percent-encoded; `imap://` speaks TLS from STARTTLS on (this machine's own is spoken to plainly). Without a
    #: folder it is INBOX. Nobody else reads in it: what was taken in is marked as seen.
    failures_url: Annotated[str, StringConstraints(pattern=r"^imaps?://[!-~]+@[^\s/?#@]+(/[!-~]*)?$")] | None = Field(
        default=None, repr=False
    )
    #: GOV.UK Notify sends the mail instead: an API key, and a template with ((subject)) and ((body)).
    notify_api_key: SecretStr | None = None
    notify_template: str | None = None
    notify_url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] = (
        "https://api.notifications.service.gov.uk"
    )
    #: The bearer token that GOV.UK Notify shows when it calls back; none refuses all such calls.
    notify_callback_token: SecretStr | None = None
    #: Where notices are posted to as well, and the secret ("whsec_…") that the messages are signed with.
    notices_webhook_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$")] | None = None
    notices_webhook_secret: SecretStr | None = None
    #: Whether that URL may lead into a private network, or by plain HTTP to this machine.
    notices_webhook_private: bool = False
    #: The secret ("whsec_…") with which a mail gateway signs what it reports as undelivered; none refuses all reports.
    notices_callback_secret: SecretStr | None = None

    #: Minutes after which a browser that is not used is signed out, and hours after which it is in any case.
    sign_in_idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    sign_in_hours: int = Field(default=12, ge=1, le=7 * 24)
    #: Whether sign-in providers may be in a private network, or on this machine by plain HTTP.
    sign_in_private: bool = False
    #: Client secrets that are not kept in the database, by the organisation's id, as JSON: {"<id>": "<secret>"}.
    sign_in_secrets: dict[UUID, SecretStr] = Field(default={}, repr=False)
    #: Requests that one token may make in a minute, 0 for any number; its owner, with all of theirs, twice as many.
    #: None means 1,200, and any number in a sandbox.
    requests_per_minute: int | None = Field(default=None, ge=0)
    #: Attempts to sign in, and requests with tokens that nobody has, from one address in a minute; 0 for any number.
    #: None means 300, which many people behind one address stay below, and any number in a sandbox.
    attempts_per_minute: int | None = Field(default=None, ge=0)
    #: The names under which the service answers, besides that in `base_url` and this machine's own; "*" for any.
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    #: The addresses of proxies in front of the service, separated by commas: who asks is whom they say. "*" for all.
    proxies: str = "127.0.0.1,::1"

    def served_on(self, port: int) -> Settings:
        """The same for a process on another port, which people type where nobody has named an address."""
        if "base_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})

    @model_validator(mode="before")
    @classmethod
    def _sandbox_where_no_database_is_named(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"sandbox": "database_url" not in given, **given}

    @model_validator(mode="before")
    @classmethod
    def _secret_in_a_file(cls, given: dict[str, Any]) -> dict[str, Any]:
        file = given.get("secret_key_file")
        if not file:
            return given
        if given.get("secret_key"):
            raise ValueError("The secret comes one way: SUPERVISION_SECRET_KEY or SUPERVISION_SECRET_KEY_FILE.")
        try:
            return {**given, "secret_key": Path(file).read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"SUPERVISION_SECRET_KEY_FILE: {file} cannot be read. Is it mounted, and ours?") from None

    @field_validator("hosts", "languages", mode="before")
    @classmethod
    def _by_commas(cls, given: object) -> object:
        return [name.strip().lower() for name in given.split(",") if name.strip()] if isinstance(given, str) else given

    @model_validator(mode="after")
    def _not_in_the_open(self) -> Self:
        own = urlsplit(self.base_url)
        if own.scheme != "https" and own.hostname not in _THIS_MACHINE and not self.sandbox:
            raise ValueError(
                "SUPERVISION_BASE_URL starts with https:// outside a sandbox, or what signs people in would travel in "
                "the open. Only this machine's own names may do without."
            )
        return self

    @model_validator(mode="after")
    def _safe_ways_out(self) -> Self:
        check_filing(self)
        check_notices(self)
        return self

    @field_validator("database_url", "migrate_database_url")
    @classmethod
    def _a_database(cls, url: str | None) -> str | None:
        if url is not None:
            check_url(url)
        return url

    @field_validator("signing_key")
    @classmethod
    def _signs(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            seed_of(key.get_secret_value())
        return key

    @field_validator("languages")
    @classmethod
    def _spoken_here(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        there = known()
        if not given or not set(given) <= set(there) or len(given) > len(set(given)):
            raise ValueError(f"SUPERVISION_LANGUAGES: name one or more of these, each once: {', '.join(there)}.")
        return given

    @field_validator("secret_key")
    @classmethod
    def _secret_enough(cls, secret: SecretStr, others: ValidationInfo) -> SecretStr:
        if not secret.get_secret_value() and others.data.get("sandbox"):
            return SecretStr(_kept_secret(KEPT_SECRET))
        if len(secret.get_secret_value()) < _SECRET_LENGTH:
            raise ValueError(
                f"SUPERVISION_SECRET_KEY needs at least {_SECRET_LENGTH} characters. Make one with "
                "`python -c 'import secrets; print(secrets.token_urlsafe())'`, and keep it as safe as the database."
            )
        return secret


def vault_of(settings: Settings) -> Vault:
    """What opens the organisations' keys of these settings."""
    secret = settings.secret_key.get_secret_value()
    also = settings.secret_keys_also.get_secret_value().split()
    if settings.key_command:
        return Vault(ByCommand(shlex.split(settings.key_command)), secret, *also)
    return Vault(secret, *also)


def check_filing(settings: Settings) -> None:
    """Raises ValueError where final records would leave two ways, unsigned, in the open, or out of a sandbox."""
    folder, url, secret = settings.filing_folder, settings.filing_webhook_url, settings.filing_webhook_secret
    if folder and url:
        raise ValueError("Records leave one way: set SUPERVISION_FILING_FOLDER or SUPERVISION_FILING_WEBHOOK_URL.")
    if url and not _is_webhook_secret(secret):
        raise ValueError(
            "SUPERVISION_FILING_WEBHOOK_URL needs SUPERVISION_FILING_WEBHOOK_SECRET: whsec_ and 24 to 64 bytes, base64."
        )
    if url and not url.startswith("https://") and not settings.filing_webhook_private:
        raise ValueError("SUPERVISION_FILING_WEBHOOK_URL starts with https://: records are confidential.")
    if settings.sandbox and url:
        raise ValueError("Nothing leaves a sandbox: leave SUPERVISION_FILING_WEBHOOK_URL out.")
    if settings.sandbox and folder and not folder.resolve().is_relative_to(SANDBOX_FOLDER.resolve()):
        raise ValueError("Nothing leaves a sandbox: SUPERVISION_FILING_FOLDER is below ./var there.")


def check_notices(settings: Settings) -> None:
    """Raises ValueError where notices would leave two ways by mail, unsigned, in the open, or out of a sandbox."""
    smtp, notify, url = settings.smtp_url, settings.notify_api_key, settings.notices_webhook_url
    secret = settings.notices_callback_secret
    if settings.sandbox and (smtp or notify or url or settings.failures_url):
        raise ValueError(
            "Nothing leaves a sandbox: leave SUPERVISION_SMTP_URL, SUPERVISION_NOTIFY_API_KEY, "
            "SUPERVISION_NOTICES_WEBHOOK_URL and SUPERVISION_FAILURES_URL out."
        )
    if smtp and notify:
        raise ValueError("Mail leaves one way: set SUPERVISION_SMTP_URL or SUPERVISION_NOTIFY_API_KEY.")
    if smtp and not settings.mail_from:
        raise ValueError("SUPERVISION_SMTP_URL needs SUPERVISION_MAIL_FROM, the address that notices come from.")
    if notify and not (settings.notify_template and _NOTIFY_KEY.search(notify.get_secret_value())):
        raise ValueError(
            "SUPERVISION_NOTIFY_API_KEY is a whole key of GOV.UK Notify, and needs SUPERVISION_NOTIFY_TEMPLATE, the id "
            "of a template with ((subject)) and ((body))."
        )
    if url and not _is_webhook_secret(settings.notices_webhook_secret):
        raise ValueError(
            "SUPERVISION_NOTICES_WEBHOOK_URL needs SUPERVISION_NOTICES_WEBHOOK_SECRET: whsec_ and 24 to 64 bytes, "
            "base64."
        )
    if url and not url.startswith("https://") and not settings.notices_webhook_private:
        raise ValueError("SUPERVISION_NOTICES_WEBHOOK_URL starts with https://.")
    if secret and not _is_webhook_secret(secret):
        raise ValueError("SUPERVISION_NOTICES_CALLBACK_SECRET is whsec_ and 24 to 64 bytes in base64.")


def _is_webhook_secret(secret: SecretStr | None) -> bool:
    if secret is None:
        return False
    prefix, _, key = secret.get_secret_value().partition("_")
    try:
        return prefix == "whsec" and len(base64.b64decode(key, validate=True)) in range(24, 65)
    except ValueError:
        return False


def _kept_secret(place: Path) -> str:
    """The secret that this sandbox made at its first start; the first of several starting at once decides it."""
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe())
        try:
            place.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return place.read_text(encoding="ascii")

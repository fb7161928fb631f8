"""What the environment says (SUPERVISION_*), as one typed value that is read once at the edge and passed in."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: Where a sandbox keeps the secret it made for itself, below the folder that it was started in.
KEPT_SECRET = Path("var/secret-key")
#: The only folder that a sandbox writes in.
SANDBOX_FOLDER = Path("var")
#: `secrets.token_urlsafe()` gives 43 characters; fewer than this can be guessed.
_SECRET_LENGTH = 32


class Settings(BaseSettings):
    """The settings of one process. Constructing it reads the environment; raises ValidationError with what to do."""

    model_config = SettingsConfigDict(
        env_prefix="SUPERVISION_", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    #: An SQLAlchemy URL. The default is the embedded trial: one SQLite file below the folder it was started in.
    database_url: str = Field(default="sqlite:///var/supervision.sqlite3", repr=False)
    #: The owner's URL, for migrations alone; none means that `database_url` is the owner's as well.
    migrate_database_url: str | None = Field(default=None, repr=False)
    #: None means the broker inside the process.
    redis_url: str | None = Field(default=None, repr=False)
    #: Whether people move the clock; by default only where no database was named.
    sandbox: bool
    #: Wraps every organisation's key: without it no sealed text can be read again.
    secret_key: SecretStr = Field(default=SecretStr(""), validate_default=True)
    #: 32 bytes in base64 that sign checkpoints; none means that they follow from `secret_key`.
    signing_key: SecretStr | None = None
    #: What people type to get here; links in notices start with it.
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://\S*[^\s/]$")] = "http://127.0.0.1:8000"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    #: Whether a sandbox starts with the example councils.
    examples: bool = True

    #: Where final records are put for the councils' own systems; in a sandbox below ./var alone.
    filing_folder: Path | None = None
    #: Where final records are posted to instead, and the secret ("whsec_…") that the messages are signed with.
    filing_webhook_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+\S*$")] | None = None
    filing_webhook_secret: SecretStr | None = None
    #: Whether that URL may lead into a private network, or by plain HTTP to this machine.
    filing_webhook_private: bool = False

    @model_validator(mode="before")
    @classmethod
    def _sandbox_where_no_database_is_named(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {"sandbox": "database_url" not in given, **given}

    @model_validator(mode="after")
    def _one_way_out(self) -> Self:
        check_filing(self)
        return self

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

"""Which way records leave by: the folder, the webhook, or none, as the settings say."""

from __future__ import annotations

from service.filing.folder import FolderOutlet
from service.filing.parcel import Outlet
from service.filing.webhook import WebhookOutlet
from service.settings import Settings


def outlet_of(settings: Settings) -> Outlet | None:
    """The one way out; None where people file by hand."""
    if settings.filing_folder is not None:
        return FolderOutlet(settings.filing_folder)
    if settings.filing_webhook_url is None or settings.filing_webhook_secret is None:
        return None
    secret = settings.filing_webhook_secret.get_secret_value()
    return WebhookOutlet(settings.filing_webhook_url, secret, private=settings.filing_webhook_private)

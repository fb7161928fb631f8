"""Which ways out the settings set up: none in a sandbox, where people have their own lists alone."""

from __future__ import annotations

from service.notices.channels import Channel, Channels
from service.notices.smtp import SmtpMail
from service.notices.webhook import NoticeWebhook
from service.settings import Settings


def channels_of(settings: Settings) -> Channels:
    """The channels of a deployment, for every organisation in it."""
    ways: list[Channel] = []
    if settings.smtp_url and settings.mail_from:
        ways.append(SmtpMail(settings.smtp_url, settings.mail_from))
    if settings.notify_api_key and settings.notify_template:
        # What speaks with GOV.UK Notify is slow to import, and few use it.
        from service.notices.notify import NotifyMail  # noqa: PLC0415

        key = settings.notify_api_key.get_secret_value()
        ways.append(NotifyMail(key, settings.notify_template, settings.notify_url))
    if settings.notices_webhook_url and settings.notices_webhook_secret:
        secret = settings.notices_webhook_secret.get_secret_value()
        ways.append(NoticeWebhook(settings.notices_webhook_url, secret, private=settings.notices_webhook_private))
    return Channels.of(() if settings.sandbox else tuple(ways), settings.base_url)

"""Why something is due when it is: a receipt as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from service.pages.dates import day_in_words, due_in_words, instant_in_words
from service.pages.languages import gettext as _
from service.pages.lists_in_words import listed
from service.pages.sentences import capitalised, translated
from service.pages.wording import not_worked
from workflows.vocabulary import PRODUCT_DEFAULT


def why(receipt: Mapping[str, Any]) -> list[str]:
    """The sentences that let somebody count the date again by hand."""
    return list(_sentences(receipt))


def source_in_words(clause: str) -> str:
    """Where a period comes from: a clause of the policy, or the product where the policy is silent."""
    if clause == PRODUCT_DEFAULT:
        return _("The policy says nothing here, so this is the product’s default.")
    return _("The policy says so in %(clause)s.", clause=clause)


def _sentences(receipt: Mapping[str, Any]) -> Iterator[str]:
    if receipt.get("candidates") and receipt["chosen"] in ("later", "earlier"):
        yield from _candidates(receipt)
    else:
        yield _counted(receipt)
    yield source_in_words(receipt["clause"])
    if receipt.get("skipped"):
        days = (
            f"{day_in_words(date.fromisoformat(s['date']))} ({not_worked(s['because'])})" for s in receipt["skipped"]
        )
        yield _("Not counted besides weekends: %(days)s.", days=listed(list(days)))
    for pause in receipt.get("pauses", ()):
        yield _paused(pause)
    if receipt.get("left"):
        yield _("It stands still now, with %(period)s left.", period=translated(receipt["left"]))
    if receipt.get("note"):
        yield translated(str(receipt["note"]))


def _counted(receipt: Mapping[str, Any]) -> str:
    anchor, counted = receipt["anchors"][0], translated(receipt["counted"])
    event, when = translated(anchor["event"]), _when(anchor["at"])
    if receipt["rule"] == "on_day":
        return _("It ends with the day that was named: %(event)s, %(when)s.", event=event, when=when)
    if receipt["rule"] == "absence_day":
        return _(
            "It is %(counted)s, counted from the %(event)s, %(when)s, which is day 1.",
            counted=counted, event=event, when=when,
        )  # fmt: skip
    return _("%(counted)s from “%(event)s”, %(when)s.", counted=capitalised(counted), event=event, when=when)


def _candidates(receipt: Mapping[str, Any]) -> Iterator[str]:
    if receipt["chosen"] == "later":
        yield _("Two dates were compared, and the later one counts.")
    else:
        yield _("Two dates were compared, and the earlier one counts.")
    for candidate in receipt["candidates"]:
        because = translated(candidate["because"])
        due = due_in_words(datetime.fromisoformat(candidate["due"]))
        counted = f" ({_counted(candidate['receipt']).rstrip('.')})" if "receipt" in candidate else ""
        yield f"{because}: {due}{counted}."


def _paused(pause: Mapping[str, Any]) -> str:
    start, because = day_in_words(date.fromisoformat(pause["from"])), translated(pause["because"])
    if pause["to"] is None:
        return _("The count has stood still since %(start)s: %(because)s.", start=start, because=because)
    end = day_in_words(date.fromisoformat(pause["to"]))
    return _("The count stood still from %(start)s to %(end)s: %(because)s.", start=start, end=end, because=because)


def _when(text: str) -> str:
    if len(text) == len("2025-01-01"):
        return day_in_words(date.fromisoformat(text))
    return instant_in_words(datetime.fromisoformat(text))

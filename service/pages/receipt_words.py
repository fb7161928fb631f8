"""Why something is due when it is: a receipt as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from service.pages.dates import day_in_words, due_in_words, instant_in_words
from workflows.vocabulary import PRODUCT_DEFAULT


def why(receipt: Mapping[str, Any]) -> list[str]:
    """The sentences that let somebody count the date again by hand."""
    return list(_sentences(receipt))


def source_in_words(clause: str) -> str:
    """Where a period comes from: a clause of the policy, or the product where the policy is silent."""
    if clause == PRODUCT_DEFAULT:
        return "The policy says nothing here, so this is the product's default"
    return f"The policy says so in {clause}"


def _sentences(receipt: Mapping[str, Any]) -> Iterator[str]:
    if receipt.get("candidates") and receipt["chosen"] in ("later", "earlier"):
        yield from _candidates(receipt)
    else:
        yield _counted(receipt)
    yield f"{source_in_words(receipt['clause'])}."
    if receipt.get("skipped"):
        days = (f"{day_in_words(date.fromisoformat(s['date']))} ({s['because']})" for s in receipt["skipped"])
        yield f"Not counted besides weekends: {listed(list(days))}."
    for pause in receipt.get("pauses", ()):
        yield _paused(pause)
    if receipt.get("left"):
        yield f"It stands still now, with {receipt['left']} left."
    if receipt.get("note"):
        yield str(receipt["note"])


def _counted(receipt: Mapping[str, Any]) -> str:
    anchor = receipt["anchors"][0]
    if receipt["rule"] == "on_day":
        return f"It ends with the day that was named: {anchor['event']}, {_when(anchor['at'])}."
    if receipt["rule"] == "absence_day":
        return f"It is {receipt['counted']}, counted from the {anchor['event']}, {_when(anchor['at'])}, which is day 1."
    return f"{receipt['counted'][:1].upper()}{receipt['counted'][1:]} from “{anchor['event']}”, {_when(anchor['at'])}."


def _candidates(receipt: Mapping[str, Any]) -> Iterator[str]:
    yield f"Two dates were compared, and the {receipt['chosen']} one counts."
    for candidate in receipt["candidates"]:
        counted = f" ({_counted(candidate['receipt'])[:-1]})" if "receipt" in candidate else ""
        yield f"{candidate['because']}: {due_in_words(datetime.fromisoformat(candidate['due']))}{counted}."


def _paused(pause: Mapping[str, Any]) -> str:
    start = day_in_words(date.fromisoformat(pause["from"]))
    if pause["to"] is None:
        return f"The count has stood still since {start}: {pause['because']}."
    return f"The count stood still from {start} to {day_in_words(date.fromisoformat(pause['to']))}: {pause['because']}."


def _when(text: str) -> str:
    if len(text) == len("2025-01-01"):
        return day_in_words(date.fromisoformat(text))
    return instant_in_words(datetime.fromisoformat(text))


def listed(words: Sequence[str]) -> str:
    """Several words as people say them: "one, two and three"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))

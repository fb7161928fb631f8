"""What a request for records gives out: every section, with what is withheld marked by its ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workflows.policy_disclosure import DisclosurePolicy
from workflows.record_form import SECTION


class Said(NamedTuple):
    """The newest text of a section, and the step in which it was written."""

    text: str
    step: int


def newest(by_step: Mapping[int, Mapping[str, str]]) -> dict[str, Said]:
    """A record's texts as they now read, by their stored names."""
    found: dict[str, Said] = {}
    for step in sorted(by_step):
        found |= {name: Said(text, step) for name, text in by_step[step].items()}
    return found


def sections_of(texts: Mapping[str, Said]) -> dict[str, Said]:
    """The sections among a record's texts, by the names of the form."""
    return {name.removeprefix(SECTION): said for name, said in texts.items() if name.startswith(SECTION)}


def parts(said: Said, redactions: Sequence[Mapping[str, Any]], rules: DisclosurePolicy) -> list[dict[str, Any]]:
    """A text in parts, some of them shown and some withheld.

    A redaction names characters of the text of one step; where the text was changed after that, all of it is withheld.
    """
    whole = [row for row in redactions if row.get("start") is None or row["step"] != said.step]
    if whole:
        return [_withheld(whole[0]["ground"], rules)]
    shown: list[dict[str, Any]] = []
    at = 0
    for row in sorted(redactions, key=lambda row: (row["start"], row["end"])):
        if row["start"] > at:
            shown.append({"text": said.text[at : row["start"]]})
        if row["end"] > at:
            shown.append(_withheld(row["ground"], rules))
            at = row["end"]
    rest = said.text[at:]
    return [*shown, {"text": rest}] if rest or not shown else shown


def _withheld(name: str, rules: DisclosurePolicy) -> dict[str, Any]:
    """The mark that stands where something is withheld, and says why."""
    ground = rules.ground(name)
    said = {"title": ground.title, "clause": ground.clause, "goes_to": ground.goes_to or None} if ground else {}
    return {"withheld": name, **said}

"""The note of a cancelled session as it is to be filed: what was cancelled, why, and by when it is owed again.

Why somebody was ill or on leave, in the words that were written, goes on nobody's file but their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from service.engine.texts import read_texts
from service.engine.work import Work
from service.filing.final_record import FinalRecord, LostTextError, council, final_step, named
from workflows.calendar import LONDON
from workflows.model import Matter
from workflows.vocabulary import Cause

_CAUSES = {
    Cause.sickness: "Sickness",
    Cause.leave: "Leave",
    Cause.diary: "The diary of one of the two",
    Cause.emergency: "An emergency",
    Cause.other: "Another reason",
    Cause.missed: "Nobody reported that it was held: it counts as missed",
}
_PERSONS_OWN = frozenset({Cause.sickness, Cause.leave})
_OWED = {
    "awaiting_return": "As soon as everybody is back at work",
    "with_line_manager": "It is late already, and a manager was asked",
    "with_senior_manager": "It is late already, and a manager was asked",
}


def read_note(work: Work, filing: Matter) -> FinalRecord:
    """The note that a filing is about, read in the transaction of `work`. Raises LostTextError."""
    assert filing.parent is not None  # noqa: S101  only a cancellation opens the filing of a note
    own, cancellation = work.organisation.id, work.look(filing.parent)
    step = filing.data["record_step"]
    texts = read_texts(work.connection, work.sealer, own, [cancellation.id], step).get(cancellation.id, {})
    at, head = final_step(work, filing)
    return FinalRecord(
        filing=filing.id, organisation=own, council=council(work), record=cancellation.id,
        revision=filing.data["revision"], kind=filing.kind or "", state=filing.data["record_state"], case=filing.case,
        supervisee=named(work, filing.supervisee), supervisor=named(work, cancellation.supervisor),
        opened_at=cancellation.opened_at, held_at=None, sent_at=None, signed={}, deemed_at=None, final_at=at,
        policy=filing.policy, policy_version=filing.policy_version, place=filing.data["place"],
        system=filing.data["system"], clause=filing.data["clause"], head=head,
        sections=tuple(_sections(filing, cancellation, texts.get(step, {}).get("reason"))), attached=(), duties=(),
    )  # fmt: skip


def _sections(filing: Matter, cancellation: Matter, reason: str | None) -> Iterator[tuple[str, str]]:
    said, cause = cancellation.data, Cause(cancellation.data["cause"])
    starts = datetime.fromisoformat(said["starts_at"])
    ends = starts + timedelta(minutes=said["minutes"])
    yield (
        "The session that was cancelled",
        f"{(cancellation.kind or '').capitalize()} supervision, {_span(starts, ends)}",
    )
    yield "Why", _CAUSES[cause]
    if cause is not Cause.missed and reason is None:
        raise LostTextError("the reason of the cancellation has no text any more")
    if reason and (cause not in _PERSONS_OWN or _is_their_own(filing, said["whose"])):
        yield "In the words of whoever cancelled it", reason
    yield "To be held again", _owed(filing)


def _is_their_own(filing: Matter, whose: str | None) -> bool:
    """Whether it is the file of the person whose illness or leave it was."""
    return filing.case is None and filing.supervisee == whose


def _owed(filing: Matter) -> str:
    by = filing.data["owed_by"]
    return f"By {_day(datetime.fromisoformat(by))}" if by else _OWED[filing.data["owed"]]


def _span(starts: datetime, ends: datetime) -> str:
    return f"{_day(starts)}, {_clock(starts)} to {_clock(ends)}"


def _day(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"

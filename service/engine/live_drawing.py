"""What is told of now in the drawing of a workflow: how many stand where, how many too long, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from statistics import median

from diagrams.graph import Graph, Kind
from diagrams.svg import Overlay
from service.engine.small_numbers import SMALLEST, Count, total, total_overdue, withheld
from service.engine.state_counts import Standing
from workflows.calendar import local_day

_FEW = f"fewer than {SMALLEST}"
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
#: Of how many out of ten the second view says how long they stay at most.
_MOST = 0.9


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a workflow by state, as one asker may know them; `at` is the instant that they are of."""

    counts: Mapping[str, Count]
    standing: Mapping[str, Standing]
    at: datetime
    is_exact: bool

    @staticmethod
    def of(graph: Graph, standing: Mapping[str, Standing], at: datetime, *, exact: bool) -> Figures:
        """Figures for every open state of a drawing and for states that it lacks; small numbers are withheld."""
        names = dict.fromkeys((*graph.open_states, *standing))
        found = {name: standing.get(name, Standing(0)) for name in names}
        counts = {name: Count(one.open, one.overdue) for name, one in found.items()}
        return Figures(counts if exact else withheld(counts), found, at, exact)

    @property
    def escalated(self) -> int | None:
        """How many are with somebody above; None where that is withheld."""
        return total({name: count for name, count in self.counts.items() if name in _RUNGS})


_RUNGS = frozenset({"with_line_manager", "with_senior_manager"})


def with_counts(graph: Graph, figures: Figures, links: Mapping[str, str] | None = None) -> Overlay:
    """The overlay of a drawing with its counts; whoever may not list the matters is told no date of a single one."""
    notes = {name: _notes(figures, name) for name in graph.open_states}
    return Overlay(notes=notes, links=links or {}, subtitle=_subtitle(graph, figures))


def uncounted(graph: Graph) -> Overlay:
    """The overlay of what is sealed."""
    return Overlay(subtitle=f"{graph.council}, version {graph.version}: sealed, and counted for nobody")


def _notes(figures: Figures, name: str) -> tuple[str, ...]:
    count, one = figures.counts[name], figures.standing[name]
    lines = [f"{_number(count.open)} here now"]
    if count.open != 0:
        lines.append(_overdue(count.overdue))
    if figures.is_exact and one.oldest is not None:
        due = f", next due {_day(one.next_due)}" if one.next_due else ""
        lines.append(f"oldest {_day(one.oldest)}{due}")
    return tuple(lines)


def _subtitle(graph: Graph, figures: Figures) -> str:
    whole = (
        f"{_number(total(figures.counts))} open, {_overdue(total_overdue(figures.counts))}"
        if total(figures.counts) is not None
        else f"numbers under {SMALLEST} are withheld, and totals with them"
    )
    above = figures.escalated
    has_rungs = any(node.kind is Kind.rung for node in graph.nodes)
    escalated = f", {_number(above)} with managers above" if has_rungs and above is not None else ""
    moved = [name for name in figures.counts if name not in graph.open_states and figures.counts[name].open]
    elsewhere = "; more are open under another policy" if moved else ""
    return f"{graph.council}, version {graph.version}: {whole}{escalated}{elsewhere}; as at {_day(figures.at)}"


def _number(number: int | None) -> str:
    return _FEW if number is None else f"{number:,}"


def _overdue(number: int | None) -> str:
    """A part that is withheld may be large itself, and leave few beside it."""
    return "overdue: not shown" if number is None else f"{number:,} overdue"


def _day(at: datetime) -> str:
    day = local_day(at)
    return f"{day.day} {day:%b %Y}"


# -- how long
def with_times(
    graph: Graph, seconds: Mapping[str, Sequence[float]], since: datetime, links: Mapping[str, str] | None = None
) -> Overlay:
    """The overlay with how long matters stay in each state; of fewer than five nothing is told."""
    notes = {name: _times(seconds.get(name, ())) for name in graph.open_states}
    subtitle = (
        f"{graph.council}, version {graph.version}: how long matters stayed, of those that left since {_day(since)}"
    )
    return Overlay(notes=notes, links=links or {}, subtitle=subtitle)


def _times(seconds: Sequence[float]) -> tuple[str, ...]:
    if len(seconds) < SMALLEST:
        return (f"{_FEW} have left it",)
    ordered = sorted(seconds)
    most = ordered[min(len(ordered) - 1, int(len(ordered) * _MOST))]
    return (
        f"half stay up to {length(median(ordered))}", f"nine in ten up to {length(most)}",
        f"{len(ordered):,} have left it",
    )  # fmt: skip


def length(seconds: float) -> str:
    """A length of time in the largest unit that says enough: "3 days", "40 minutes"."""
    for unit, size in (("day", _DAY), ("hour", _HOUR)):
        if seconds >= size:
            number = round(seconds / size)
            return f"{number:,} {unit}{'' if number == 1 else 's'}"
    number = round(seconds / _MINUTE)
    return f"{number} minute{'' if number == 1 else 's'}"


# -- for exports
def figures_as_values(figures: Figures) -> dict[str, object]:
    """The counts for programs: null is a number that is withheld."""
    states = dict(starmap(_values, figures.counts.items()))
    return {
        "as_at": figures.at.isoformat(), "exact": figures.is_exact, "states": states, "open": total(figures.counts),
        "overdue": total_overdue(figures.counts),
    }  # fmt: skip


def _values(name: str, count: Count) -> tuple[str, dict[str, int | None]]:
    return name, {"open": count.open, "overdue": count.overdue}


def in_words(graph: Graph, figures: Figures) -> dict[str, str]:
    """The counts as a sentence for each open state, for renderers of text."""
    return {name: ", ".join(_notes(figures, name)) for name in graph.open_states}

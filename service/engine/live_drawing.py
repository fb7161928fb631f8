"""What is told of now in the drawing of a workflow: how many stand where, how many too long, and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from itertools import starmap

from msgspec import Struct

from diagrams.graph import Graph, Kind
from diagrams.svg import Overlay
from service.engine.counting import Counting, Standing
from service.engine.small_numbers import SMALLEST, Count, total, total_overdue, withheld
from service.engine.stays import length, up_to
from workflows.calendar import local_day

_FEW = f"fewer than {SMALLEST}"
#: Of which share of them the second view says how long they stay at most.
_HALF, _MOST = 0.5, 0.9


class Figures(Struct, frozen=True):
    """The counts of a workflow by state, as one asker may know them; `at` is the instant that they are of."""

    counts: Mapping[str, Count]
    standing: Mapping[str, Standing]
    at: datetime
    #: Of an earlier day nobody knows any more what was overdue.
    is_past: bool
    is_exact: bool

    @staticmethod
    def of(graph: Graph, standing: Mapping[str, Standing], counting: Counting) -> Figures:
        """Figures for every open state of a drawing and for states that it lacks; small numbers are withheld."""
        none, is_past = Standing(0), counting.day is not None
        names = dict.fromkeys((*graph.open_states, *standing))
        found = {name: standing.get(name, none) for name in names}
        counts = {name: Count(one.open, None if is_past else one.overdue) for name, one in found.items()}
        return Figures(counts if counting.exact else withheld(counts), found, counting.at, is_past, counting.exact)

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
    lines = [f"{_number(count.open)} here {'then' if figures.is_past else 'now'}"]
    if count.open != 0 and not figures.is_past:
        lines.append(_overdue(count.overdue))
    if figures.is_exact and one.oldest is not None:
        due = f", next due {_of(one.next_due)}" if one.next_due else ""
        lines.append(f"oldest {_of(one.oldest)}{due}")
    return tuple(lines)


def _subtitle(graph: Graph, figures: Figures) -> str:
    whole = f"numbers under {SMALLEST} are withheld, and totals with them"
    if total(figures.counts) is not None:
        overdue = "" if figures.is_past else f", {_overdue(total_overdue(figures.counts))}"
        whole = f"{_number(total(figures.counts))} open{overdue}"
    above = figures.escalated
    has_rungs = any(node.kind is Kind.rung for node in graph.nodes)
    escalated = f", {_number(above)} with managers above" if has_rungs and above is not None else ""
    moved = [name for name in figures.counts if name not in graph.open_states and figures.counts[name].open]
    elsewhere = "; more are open under another policy" if moved else ""
    return f"{graph.council}, version {graph.version}: {whole}{escalated}{elsewhere}; as at {_of(figures.at)}"


def _number(number: int | None) -> str:
    return _FEW if number is None else f"{number:,}"


def _overdue(number: int | None) -> str:
    """A part that is withheld may be large itself, and leave few beside it."""
    return "overdue: not shown" if number is None else f"{number:,} overdue"


def _of(at: datetime) -> str:
    return _day(local_day(at))


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


# -- how long
def with_times(
    graph: Graph, stays: Mapping[str, Counter[int]], counting: Counting, links: Mapping[str, str] | None = None
) -> Overlay:
    """The overlay with how long matters stay in each state; of fewer than five nothing is told."""
    notes = {name: _times(stays.get(name, Counter())) for name in graph.open_states}
    until = f" and until {_day(counting.day)}" if counting.day else ""
    subtitle = (
        f"{graph.council}, version {graph.version}: how long matters stayed, of those that left since "
        f"{_day(counting.first_day)}{until}"
    )
    return Overlay(notes=notes, links=links or {}, subtitle=subtitle)


def _times(stays: Counter[int]) -> tuple[str, ...]:
    if stays.total() < SMALLEST:
        return (f"{_FEW} have left it",)
    return (
        f"half stay up to {length(up_to(stays, _HALF))}", f"nine in ten up to {length(up_to(stays, _MOST))}",
        f"{stays.total():,} have left it",
    )  # fmt: skip


# -- for exports
def figures_as_values(figures: Figures) -> dict[str, object]:
    """The counts for programs: null is a number that is withheld, or that nobody knows any more."""
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

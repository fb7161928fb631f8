"""A figure with its floor, and how the two are printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `floor` is the same work by plain means in the same run, None where there is none.

    `at_least` and `at_most` are what the project holds itself to: a ratio where there is a floor, else the value.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def held(self) -> bool | None:
        """Whether it is as good as it is held to be; None where nothing was promised or nothing can be compared."""
        if self.at_least is not None and self.floor is None:
            return None
        measured = self.value / self.floor if self.floor else self.value
        if self.at_least is not None:
            return measured >= self.at_least
        return None if self.at_most is None else measured <= self.at_most

    def line(self) -> str:
        """The figure as a line of the table."""
        beside = f"floor {self.floor:,.0f}  ratio {self.value / self.floor:.2f}" if self.floor else ""
        promise = {None: "", True: "held", False: "MISSED"}[self.held]
        aim = f"(≥ {self.at_least})" if self.at_least is not None else f"(≤ {self.at_most})" if self.at_most else ""
        return f"{self.what:58} {self.value:>10,.1f} {self.unit:10} {beside:34} {aim} {promise}".rstrip()

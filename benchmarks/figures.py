"""A figure with its floor, and how the two are printed."""

from __future__ import annotations

from msgspec import Struct


class Figure(Struct, frozen=True):
    """What was measured; `floor` is the same work by plain means in the same run, None where there is none.

    `pace` says of processor time how many times slower the machine was than that of the design. `at_least` and
    `at_most` are what the project holds itself to: a ratio where there is a floor, else the value at the design's pace.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    pace: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def held(self) -> bool | None:
        """Whether it is as good as it is held to be; None where nothing was promised or nothing can be compared."""
        if self.at_least is not None and self.floor is None:
            return None
        measured = self.value / (self.floor or self.pace or 1)
        if self.at_least is not None:
            return measured >= self.at_least
        return None if self.at_most is None else measured <= self.at_most

    def line(self) -> str:
        """The figure as a line of the table."""
        beside = ""
        if self.floor:
            beside = f"floor {self.floor:,.0f}  ratio {self.value / self.floor:.2f}"
        elif self.pace:
            beside = f"pace {self.pace:.2f}  at that of 1 {self.value / self.pace:,.1f}"
        promise = {None: "", True: "held", False: "MISSED"}[self.held]
        aim = f"(≥ {self.at_least})" if self.at_least is not None else f"(≤ {self.at_most})" if self.at_most else ""
        return f"{self.what:58} {self.value:>10,.1f} {self.unit:10} {beside:34} {aim} {promise}".rstrip()

"""How long the supervision file of somebody who left is kept, as policy data; without a period it is always kept."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part, Period
from workflows.vocabulary import PRODUCT_DEFAULT, Unit


class HoldGround(Part):
    """A ground on which a file is kept beyond its period, by its short name."""

    name: Name
    """A short name, given with the hold."""
    title: str
    """The ground, for people."""
    clause: Clause
    """The clause that names it."""


class Custody(Part):
    """Who keeps the file once its owner has left."""

    by: Literal["supervisor", "hr"]
    """Who keeps it: supervisor or hr."""
    clause: Clause
    """The clause that says so."""


class Ending(Part):
    """What becomes of the file when its period is over."""

    then: Literal["archive", "dispose"]
    """What becomes of it: archive or dispose."""
    clause: Clause
    """The clause that says so."""
    note: str = ""
    """A remark for people."""


class RetentionPolicy(Part):
    """The period after leaving, and what ends it or holds it up."""

    keep_for: Period | None = None
    """From the last day of employment; None where the policy is silent: the file is kept."""
    ending: Ending = Ending(then="dispose", clause=PRODUCT_DEFAULT)
    custody: Custody = Custody(by="supervisor", clause=PRODUCT_DEFAULT)
    hold_grounds: tuple[HoldGround, ...] = (
        HoldGround(name="litigation", title="litigation is possible", clause=PRODUCT_DEFAULT),
    )
    hold_reviewed_every: Period = Period(value=6, unit=Unit.months, clause=PRODUCT_DEFAULT)
    """How often somebody looks whether a hold is still needed."""

    def hold_ground(self, name: str) -> HoldGround | None:
        """The ground of this name."""
        return next((ground for ground in self.hold_grounds if ground.name == name), None)

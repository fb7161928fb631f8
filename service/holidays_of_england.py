"""The bank holidays of England, as rows of a council's calendar."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

#: Years before and after the day an organisation goes live whose bank holidays it is given.
YEARS_BEFORE, YEARS_AFTER = 5, 10
_SATURDAY = 5
_SUBSTITUTE = " (observed)"


def bank_holidays(first_year: int, last_year: int) -> dict[date, str]:
    """Every bank holiday of these years that falls on a weekday, with its name; both years included."""
    found: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        found |= _of_year(year)
    return found


@cache
def _of_year(year: int) -> dict[date, str]:
    """A holiday on a weekend is no lost working day; its substitute is, and says so."""
    known = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: _named(name) for day, name in sorted(known.items()) if day.year == year and day.weekday() < _SATURDAY}


def _named(name: str) -> str:
    return f"{name.removesuffix(_SUBSTITUTE)} (substitute day)" if name.endswith(_SUBSTITUTE) else name

"""The visitor's sessions of a month, beside those of one of their people, with absences and days not worked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.pages.my_people_list import supervised
from service.pages.rendering import page
from service.pages.schedule_words import Day, days_of, whose_leave_is_untold
from service.pages.visiting import Visiting
from service.problems import Problem
from workflows.calendar import add_months, local_day, month_end

router = APIRouter()
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@router.get("/schedule")
def schedule(visit: Visiting, month: str = "", person: str = "") -> HTMLResponse:
    """A month, week by week."""

    def read(asking: Asking) -> HTMLResponse:
        first, people = _first(asking, month), supervised(asking)
        other = person if person in people else None
        columns = [asking.ref, *([other] if other else [])]
        days = days_of(asking, columns, first, month_end(first))
        values = {
            "first": first, "weeks": _weeks(days), "columns": columns, "people": people, "person": other or "",
            "before": add_months(first, -1), "after": add_months(first, 1), "today": local_day(asking.work.now),
            "untold": whose_leave_is_untold(asking, columns),
        }  # fmt: skip
        return page(visit, asking, "schedule.html", values)

    return visit.read(read)


def _first(asking: Asking, month: str) -> date:
    """The first day of the month that the address names, else of this one."""
    if not month:
        return local_day(asking.work.now).replace(day=1)
    named = _MONTH.fullmatch(month)
    if named is None:
        raise Problem(
            422, "invalid", "The month in this address is not written like 2025-04. Go back and follow the link again."
        )
    return date(int(named[1]), int(named[2]), 1)


def _weeks(days: list[Day]) -> list[tuple[date, list[Day]]]:
    """Days by the Monday of their week."""
    return [(monday, list(of_it)) for monday, of_it in groupby(days, key=_monday)]


def _monday(one: Day) -> date:
    return one.day - timedelta(days=one.day.weekday())

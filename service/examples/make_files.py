"""Makes the CSV files of the example councils anew: `python -m service.examples.make_files`.

They are what a council would export on the day it goes live, so that opening positions are in them. The seed is fixed:
the same code always makes the same files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from service.examples.caseload import CaseStatus, statuses
from service.examples.chance import Chance
from service.examples.councils import COUNCILS, EXPORTS, LIVE_FROM, Council
from service.examples.names import address, invented_names
from service.examples.staffing import Post, person_ref
from workflows.directory import Case, Person
from workflows.intervals import case_interval, length, person_interval
from workflows.policy_reader import shipped

#: How many cases a council has.
CASES = 200
_DAY = timedelta(days=1)
_SATURDAY = 5
#: The share of cases that were allocated so lately that nobody has supervised them yet.
_NEW_CASES = 0.08
#: Days before going live on which the newly qualified workers of a council started, one after the other.
_NEWLY_QUALIFIED = (14, 49, 126, 245)
#: Days that an extended first year lasts.
_EXTENDED = 546
#: The most days since the last supervision, as a share of the interval.
_MOST_OF_INTERVAL = 0.8


def make_files(council: Council) -> dict[str, str]:
    """The texts of a council's files by what they hold."""
    maker = _Maker(council)
    tables = {"people": maker.people(), "cases": maker.cases(), "absences": maker.absences()}
    return {what: as_csv(list(tables[what])) for what in EXPORTS}


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows with the same columns as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _Maker:
    def __init__(self, council: Council) -> None:
        self.council, self.chance = council, Chance(f"files of {council.id}")
        self.policy = shipped()[council.id]
        self.posts = council.posts()
        self.teams = list(dict.fromkeys(post.team for post in self.posts if post.caseload))

    # -- people
    def people(self) -> Iterable[dict[str, str]]:
        """Everybody in post, with the day of their last supervision."""
        names = invented_names(self.chance, len(self.posts))
        new = iter(_NEWLY_QUALIFIED)
        for number, (post, name) in enumerate(zip(self.posts, names, strict=True), start=1):
            ref = person_ref(number)
            started = LIVE_FROM - next(new) * _DAY if post.newly_qualified else self._started(ref)
            yield {
                "ref": ref, "name": name, "email": address(name), "job_role": post.job_role, "team": post.team,
                "line_manager_ref": person_ref(post.manager), "supervisor_ref": person_ref(post.supervisor),
                "start_date": started.isoformat(), "end_date": "", "app_roles": post.app_roles,
                "nqsw_start": started.isoformat() if post.newly_qualified else "",
                "professional_registration": post.registration, "setting": post.setting,
                "last_supervised_on": self._last_supervised(ref, post, started),
                "agreement_signed_on": _agreement_signed(post, started),
                **self._extended(post, started),
            }  # fmt: skip

    def _extended(self, post: Post, started: date) -> dict[str, str]:
        """The longest first year goes on for half a year more, where the policy has it end at all."""
        phases = self.policy.entitlement.nqsw
        if not phases or phases[-1].until is None:
            return {}
        is_longest = post.newly_qualified and started == LIVE_FROM - _NEWLY_QUALIFIED[-1] * _DAY
        return {"nqsw_extended_to": (started + _EXTENDED * _DAY).isoformat() if is_longest else ""}

    def _started(self, ref: str) -> date:
        return _weekday(LIVE_FROM - self.chance.whole(200, 5000, ref, "started") * _DAY)

    def _last_supervised(self, ref: str, post: Post, started: date) -> str:
        if post.supervisor is None:
            return ""
        nqsw = started if post.newly_qualified else None
        person = Person(ref, job_role=post.job_role, registration=post.registration, nqsw_start=nqsw)
        every = length(person_interval(self.policy, person, None))
        phases = self.policy.entitlement.nqsw
        days = min(every, length(phases[0].every.term)) if nqsw and phases else every
        return max(self._lately(days, ref), started + _DAY).isoformat()

    def _lately(self, days: float, ref: str) -> date:
        """A weekday in the last interval before going live."""
        ago = self.chance.whole(1, max(1, int(days * _MOST_OF_INTERVAL)), ref, "last supervised")
        return _weekday(LIVE_FROM - ago * _DAY)

    # -- cases
    def cases(self) -> Iterable[dict[str, str]]:
        """Two hundred cases, shared out by what each post usually has."""
        shares = [number for number, post in enumerate(self.posts, start=1) for _ in range(post.caseload)]
        for index, number in enumerate(self.chance.shuffled(shares, "shares")[:CASES], start=1):
            yield self._case(f"c{index:03}", number)

    def _case(self, ref: str, number: int) -> dict[str, str]:
        post = self.posts[number - 1]
        team = self.teams.index(post.team)
        status = self.chance.pick(statuses(self.council.id, team), ref, "status")
        new = self.chance.happens(_NEW_CASES, ref, "new")
        days = self.chance.whole(1, 7, ref, "allocated") if new else self.chance.whole(60, 700, ref, "allocated")
        weeks = str(self.chance.whole(6, 13, ref, "weeks")) if status.criteria == "plan-reviewed" else ""
        approved = status.rating.startswith("green")
        return {
            "ref": ref, "worker_ref": person_ref(number), "team": post.team, "category": status.category,
            "criteria": status.criteria, "allocated_on": _weekday(LIVE_FROM - days * _DAY).isoformat(), "closed_on": "",
            "plan_review_weeks": weeks, "rating": status.rating,
            "rating_approved_by": person_ref(2) if approved else "",
            "rating_approved_on": _weekday(LIVE_FROM - min(days, 50) * _DAY).isoformat() if approved else "",
            "last_supervised_on": "" if new else self._lately(self._interval(status), ref).isoformat(),
        }  # fmt: skip

    def _interval(self, status: CaseStatus) -> float:
        criteria = frozenset(filter(None, status.criteria.split(";")))
        case = Case("", "", status.category, criteria)
        return length(case_interval(self.policy, case, status.category, criteria, status.rating or None).every)

    # -- absences
    def absences(self) -> Iterable[dict[str, str]]:
        """Who is away on the day of going live: two are ill, two are on leave."""
        workers = [number for number, post in enumerate(self.posts, start=1) if post.caseload]
        for index, number in enumerate(self.chance.shuffled(workers, "away")[:4]):
            ill = index < 2  # noqa: PLR2004 - two of the four
            back = _weekday(LIVE_FROM + (5 + 3 * index) * _DAY)
            yield {
                "person_ref": person_ref(number),
                "first_day": _weekday(LIVE_FROM - (3 + index) * _DAY).isoformat(),
                "expected_return": "" if index == 0 else back.isoformat(),
                "last_day": "",
                "cause": "sickness" if ill else "planned",
            }


def _agreement_signed(post: Post, started: date) -> str:
    """Three weeks after the start, where there is somebody to sign it with and the three weeks are over."""
    signed = _weekday(started + 21 * _DAY)
    return signed.isoformat() if post.supervisor and signed < LIVE_FROM else ""


def _weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - max(0, day.weekday() - _SATURDAY + 1) * _DAY


def write_files(made: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the texts, by council and what they hold, where the examples are read from."""
    for council in COUNCILS:
        for what, text in made[council.id].items():
            council.file(what).parent.mkdir(parents=True, exist_ok=True)
            council.file(what).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_files({council.id: make_files(council) for council in COUNCILS})

"""The five example councils: what they are called, when they go live, and the files that they begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from service.examples import staffing
from service.examples.staffing import Post, person_ref

#: The folder with a folder of CSV files for each council.
FILES = Path(__file__).parent / "files"
#: The first local date on which an example council's duties count, and the instant at which its year is over.
LIVE_FROM = date(2025, 11, 3)
TODAY = datetime(2026, 11, 3, 9, tzinfo=UTC)
#: What each council exports, in the order in which it is imported.
EXPORTS = ("people", "cases", "absences")


class Council(Struct, frozen=True):
    """One example council; its id is that of its policy."""

    id: str
    named_after: str
    posts: Callable[[], list[Post]]

    @property
    def name(self) -> str:
        """What the organisation is called, so that nobody takes it for the council itself."""
        return f"Example council under the {self.named_after} policy"

    @property
    def administrator(self) -> str:
        """The ref of the person who runs the service for it."""
        return person_ref(1 + [post.job_role for post in self.posts()].index("administrator"))

    def file(self, what: str) -> Path:
        """One of its CSV files."""
        return FILES / self.id / f"{what}.csv"


_CHILDREN = ("Assessment", "Family support north", "Family support south", "Looked after", "Leaving care", "Disability")
_ADULTS = (
    "First contact",
    "Locality east",
    "Locality west",
    "Hospital discharge",
    "Learning disability",
    "Mental health",
)
_SCHOOLS = (
    "Acorn Primary", "Bracken Primary", "Clover Primary", "Dandelion Primary", "Elder Academy", "Fern Academy",
    "Gorse High School", "Heather High School",
)  # fmt: skip
_for_children = partial(staffing.children, _CHILDREN)

#: In the order in which they are made ready; the first one is there for people to begin with.
COUNCILS = (
    Council("central-bedfordshire", "Central Bedfordshire", _for_children),
    Council("darlington", "Darlington", _for_children),
    Council("north-somerset", "North Somerset", _for_children),
    Council("haringey", "Haringey", partial(staffing.adults, _ADULTS)),
    Council("leeds", "Leeds", partial(staffing.schools, _SCHOOLS)),
)

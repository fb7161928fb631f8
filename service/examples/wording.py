"""What an example council's people write: sentences that would fit anywhere and are about nobody."""

from __future__ import annotations

from service.examples.chance import Chance

_NOTES = (
    "We went through what was agreed last time; two of three points are done.",
    "The next visit is planned, and who else should be there is clear.",
    "Things have settled since the summer; the plan stays as it is.",
    "The report is late because one answer is missing; it will be asked for again.",
    "What went well was talked about first, and what was hard after it.",
    "A meeting of everybody involved is set up for next week.",
    "The workload is high this month; one task was given to somebody else.",
    "There is a course in spring that would help; the application goes out this week.",
    "The school and the health visitor see it in the same way.",
    "Nothing new; it is looked at again in the next session.",
)


def note(chance: Chance, *keys: object) -> str:
    """One or two sentences."""
    first = chance.pick(_NOTES, *keys, "first")
    second = chance.pick(_NOTES, *keys, "second")
    return first if first == second else f"{first} {second}"

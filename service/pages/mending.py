"""What is wrong with a form that was sent, told beside the field that it is about, with everything that was typed."""

from __future__ import annotations

from collections.abc import Iterable

from service.pages.languages import gettext as _
from service.pages.reading_forms import Typed
from service.problems import Problem, as_problem

#: What can be mended in the form itself; all else is an answer of its own.
_MENDED_HERE = frozenset({409, 412, 422})
#: What is wrong with a field by its own rules, as Pydantic says it; a rule of ours stands behind these first words.
_BY_TYPE = (
    "Field required",
    "String should have at least %(number)s character", "String should have at least %(number)s characters",
    "String should have at most %(number)s character", "String should have at most %(number)s characters",
    "List should have at least %(number)s item after validation, not %(actual)s",
    "List should have at most %(number)s items after validation, not %(actual)s",
    "Input should be greater than or equal to %(number)s", "Input should be less than or equal to %(number)s",
    "Input should be %(values)s",
)  # fmt: skip
#: What is said where every part of an answer was left empty.
_NOTHING_CHOSEN = {"/data/cover": "Choose who covers, for at least one person."}


class FormError(Exception):
    """Something in a form is to be mended: what was typed, and what is wrong with which field."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed


def mendable(error: Exception) -> Problem | None:
    """The problem that the form is to show; None where its fields say it all. Raises what no form can mend."""
    if isinstance(error, FormError):
        return None
    problem = as_problem(error)
    if problem.status not in _MENDED_HERE:
        raise error
    return problem


def problems_of(problem: Problem | None, typed: Typed) -> tuple[str, ...]:
    """What is wrong with the whole; what is wrong with one field goes to that field."""
    if problem is None:
        return ()
    if problem.status == 412:  # noqa: PLR2004 - the status itself
        return (
            _("Somebody else has changed this since you opened it. Look at it again; what you wrote is still here."),
        )
    elsewhere = []
    for row in problem.errors:
        message = row["message"].removeprefix("Value error, ")
        name = _field(row["pointer"].removeprefix("/data").strip("/").replace("/", "."), typed.values)
        if name is None:
            elsewhere.append(_NOTHING_CHOSEN.get(row["pointer"], message))
        else:
            typed.errors[name] = message
    return tuple(elsewhere) if problem.errors else (problem.detail,)


def _field(pointed: str, fields: Iterable[str]) -> str | None:
    """The field that a pointer leads to or into."""
    into = (name for name in fields if pointed == name or pointed.startswith(f"{name}."))
    return max(into, key=len, default=None)

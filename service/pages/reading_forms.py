"""What people typed, as what a move carries: days, times, names and lists out of a browser's texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from msgspec.structs import replace

from service.api.bodies import near
from service.pages.fields import Field, filled
from service.pages.languages import gettext as _
from service.pages.meanwhile import WAS, mark_of, standing
from service.pages.posted import Posted
from service.pages.sentences import translated
from workflows.calendar import LONDON
from workflows.directory import Directory, Person

#: The parts of a day and of an instant, in the order in which they are asked for.
DAY_PARTS = ("day", "month", "year")
#: The parts of an interval.
EVERY_PARTS = ("value", "unit")
#: Texts of which an empty one says that nothing is to stand there any more.
_MAY_BE_EMPTIED = ("sections.", "preparation.")
_CENTURY = 100
#: No number that is asked for has more digits.
_MOST_DIGITS = 9
_THIS_CENTURY = 2000


class Typed:
    """A form that was read: what it carries, what stood in it, and what is wrong with which field."""

    def __init__(self, fields: Sequence[Field], posted: Posted, directory: Directory) -> None:
        self.data: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        #: What somebody else wrote meanwhile where the visitor wrote as well.
        self.theirs: dict[str, Any] = {}
        self._posted, self._directory = posted, directory
        for field in fields:
            self._read(field)

    def _read(self, field: Field) -> None:
        self.values[field.name] = self._taken_up(field, self._as_typed(field))
        try:
            found = self._carried(field)
        except ValueError as error:
            self.errors[field.name] = str(error)
            return
        if found is None and field.required:
            self.errors[field.name] = _missing(field)
        elif found is not None:
            self._put(field.name, found)

    def _put(self, name: str, found: Any) -> None:  # noqa: ANN401 - what a payload carries
        group, dot, part = name.partition(".")
        if dot:
            self.data.setdefault(group, {})[part] = found
        else:
            self.data[name] = found

    def _taken_up(self, field: Field, typed: Any) -> Any:  # noqa: ANN401 - what the browser sent
        """What was typed, or what stands there now where the visitor left the question as it was shown to them."""
        was = self._posted.text(f"{WAS}{field.name}")
        if not field.was or was in ("", field.was):
            return typed
        if mark_of(typed) == was:
            return standing(field)
        if mark_of(typed) != field.was:
            self.theirs[field.name] = standing(field)
        return typed

    def shown(self, fields: Sequence[Field]) -> list[Field]:
        """The fields with what was typed, what is wrong with it, and what somebody else wrote in them meanwhile."""
        said = _("Somebody else has written here too. Their text stands below yours: make one of the two")
        found = filled(fields, self.values, {**dict.fromkeys(self.theirs, said), **self.errors})
        return [replace(field, theirs=self.theirs.get(field.name)) for field in found]

    def _as_typed(self, field: Field) -> Any:  # noqa: ANN401 - what the browser sent
        match field.kind:
            case "day":
                return {part: self._posted.text(f"{field.name}-{part}") for part in DAY_PARTS}
            case "instant":
                return {part: self._posted.text(f"{field.name}-{part}") for part in (*DAY_PARTS, "time")}
            case "several" | "cases" | "passages":
                return self._posted.texts(field.name)
            case "every":
                return {part: self._posted.text(f"{field.name}-{part}") for part in EVERY_PARTS}
            case _:
                return self._posted.text(field.name)

    def _carried(self, field: Field) -> Any:  # noqa: ANN401, PLR0911 - a value for each kind of field
        typed = self.values[field.name]
        match field.kind:
            case "day":
                return _iso_day(typed)
            case "instant":
                return _iso_instant(typed)
            case "number":
                return _number(typed)
            case "every":
                return _every(typed)
            case "yes_no":
                return {"yes": True, "no": False}.get(typed)
            case "person":
                return self._person(typed) if typed else None
            case "people" | "lines" | "several" | "cases" | "passages":
                return self._listed(field, typed) or ([] if _may_be_none(field) else None)
            case _ if field.name.startswith(_MAY_BE_EMPTIED):
                return typed
            case _:
                return typed or None

    def _listed(self, field: Field, typed: Any) -> list[str]:  # noqa: ANN401 - what the browser sent
        """Several answers: ticked boxes, or one on each line."""
        lines = [line.strip() for line in typed.split("\n") if line.strip()] if isinstance(typed, str) else typed
        return [self._person(line) for line in lines] if field.kind == "people" else lines

    def _person(self, typed: str) -> str:
        """The ref of somebody whom a name or a ref stands for. Raises ValueError."""
        found = people_named(self._directory, typed)
        if len(found) == 1:
            return found[0].ref
        if not found:
            raise ValueError(
                _("Nobody here is called “%(typed)s”: enter a full name, or a reference such as p012", typed=typed)
            )
        some = ", ".join(f"{person.name} ({person.ref})" for person in found[:5])
        several = _(
            "Several people are called “%(typed)s”: enter one of their references: %(people)s", typed=typed, people=some
        )
        raise ValueError(several)


def _missing(field: Field) -> str:
    label = _lower(translated(field.label))
    match field.kind:
        case "choice" | "several" | "cases":
            return _("Choose %(label)s", label=label)
        case "yes_no":
            return _("Choose yes or no: %(label)s", label=label)
        case "day":
            return _("Enter the day: %(label)s", label=label)
        case "instant":
            return _("Enter the day and the time: %(label)s", label=label)
        case _:
            return _("Enter %(label)s", label=label)


def _may_be_none(field: Field) -> bool:
    """Whether an empty answer says that there is none, instead of leaving the question open."""
    return (field.kind == "lines" and not field.required) or (field.kind == "cases" and bool(field.options))


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def people_named(directory: Directory, typed: str) -> list[Person]:
    """Whoever has this ref, else everybody of this name, else everybody whose name or ref begins with it."""
    by_ref = directory.get(typed.partition(" ")[0]) or directory.get(typed)
    if by_ref is not None:
        return [by_ref]
    folded = typed.casefold()
    named = [person for person in directory.people.values() if person.name.casefold() == folded]
    if named:
        return named
    return [p for p in directory.people.values() if any(w.startswith(folded) for w in _words(p))]


def _words(person: Person) -> list[str]:
    name = person.name.casefold()
    return [name, *name.split()[1:]]


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > _MOST_DIGITS:
        raise ValueError(_("Enter a whole number, such as 60"))
    return int(typed)


def _every(typed: dict[str, str]) -> dict[str, Any] | None:
    if not typed["value"]:
        return None
    return {"value": _number(typed["value"]), "unit": typed["unit"] or "weeks"}


def _iso_day(typed: dict[str, str]) -> str | None:
    if not any(typed[part] for part in DAY_PARTS):
        return None
    return _day(typed).isoformat()


def _day(typed: dict[str, str]) -> date:
    try:
        day, month, year = (int(typed[part]) for part in DAY_PARTS)
        found = date(year + _THIS_CENTURY if year < _CENTURY else year, month, day)
    except (ValueError, OverflowError):
        raise ValueError(_("Enter a real day, such as 28 4 2025")) from None
    return near(found)


def _iso_instant(typed: dict[str, str]) -> str | None:
    if not any(typed.values()):
        return None
    return datetime.combine(_day(typed), _time(typed["time"]), LONDON).isoformat()


def _time(typed: str) -> time:
    """A time of day as people write it: "14:30", "2.30pm", "2pm". Raises ValueError."""
    plain = typed.lower().replace(".", ":").replace(" ", "")
    half = plain[-2:] if plain.endswith(("am", "pm")) else ""
    hours, minutes = (plain.removesuffix(half).partition(":"))[::2]
    try:
        hour = int(hours)
        if half:
            hour = _hour_of_half(hour, half)
        return time(hour, int(minutes or 0))
    except (ValueError, OverflowError):
        raise ValueError(_("Enter a time, such as 2:30pm or 14:30")) from None


def _hour_of_half(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)

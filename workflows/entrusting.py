"""What the people's list lets somebody do, or as whom, or above whom it puts them: never without others knowing.

Whoever loads the list could otherwise make themselves somebody who reads. All of it is product default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.payloads import Payload
from workflows.vocabulary import PRODUCT_DEFAULT, Role

if TYPE_CHECKING:
    from workflows.turn import Turn

#: The offices that are told, besides the person.
TOLD = (Role.hr, Role.administrator)
#: How many people a notice names before it counts the rest.
_NAMED = 5


class Entrusted(Payload):
    """The app roles that came and went, whether another identity signs in as them, and who loaded the list.

    `above` are the people whose line of management they are in from now on, `supervises` the others whose supervisor
    the list makes them.
    """

    gained: tuple[Role, ...]
    lost: tuple[Role, ...]
    other_sign_in: bool
    by: str | None
    above: tuple[str, ...] = ()
    supervises: tuple[str, ...] = ()


def entrust(turn: Turn, data: Entrusted) -> None:
    """Keep it in the history, and tell those whom it is about and the two offices, but for whoever did it."""
    turn.clause = PRODUCT_DEFAULT
    turn.note(
        gained=[role.value for role in data.gained], lost=[role.value for role in data.lost],
        other_sign_in=data.other_sign_in, by=data.by, above=list(data.above),
        supervises=list(data.supervises),
    )  # fmt: skip
    offices = (ref for office in TOLD for ref in turn.facts.directory.with_app_role(office, turn.on))
    about = turn.matter.person
    turn.tell(
        (ref for ref in (about, *data.above, *data.supervises, *offices) if ref != data.by), "access_changed",
        f"What {turn.name(about)} may do here has changed", _in_words(turn, data), urgent=True,
    )  # fmt: skip


def _in_words(turn: Turn, data: Entrusted) -> str:
    loaded = f"{turn.name(data.by)} loaded a list of people." if data.by else "A list of people was loaded."
    said = [
        f"It gives the role {_listed(data.gained)}." if data.gained else "",
        f"It takes away the role {_listed(data.lost)}." if data.lost else "",
        "Another account signs in as this person from now on." if data.other_sign_in else "",
        f"It puts {turn.name(turn.matter.person)} above {_named(turn, data.above)} and those below them."
        if data.above
        else "",
        f"It makes {turn.name(turn.matter.person)} the supervisor of {_named(turn, data.supervises)}."
        if data.supervises
        else "",
    ]
    return " ".join([loaded, *filter(None, said)])


def _listed(roles: tuple[Role, ...]) -> str:
    return ", ".join(role.value.replace("_", " ") for role in roles)


def _named(turn: Turn, refs: tuple[str, ...]) -> str:
    first, more = [turn.name(ref) for ref in refs[:_NAMED]], len(refs) - _NAMED
    return ", ".join([*first, f"{more} more"] if more > 0 else first)

"""Names that nobody has: the people of the example councils are invented, and are meant to sound so."""

from __future__ import annotations

from service.examples.chance import Chance

_GIVEN = (
    "Abelyn", "Brannic", "Cerrable", "Dovrin", "Elsabeth", "Fennimore", "Grindle", "Hespera", "Ivobel", "Jorrick",
    "Kestrana", "Lombert", "Mirravel", "Nollister", "Orrinda", "Pellamy", "Quennith", "Rowantha", "Sillabel",
    "Tavrick", "Ullora", "Verrimund", "Wistabel", "Xandrine", "Yarrowin", "Zephrick", "Amberlot", "Bristabel",
    "Cobrinth", "Dellawyn",
)  # fmt: skip
_FAMILY = (
    "Applewhistle", "Bramblethorn", "Cloudberry", "Dapplewick", "Emberlatch", "Featherstoop", "Gooseglint",
    "Hazelbucket", "Inkpebble", "Jamblewick", "Kettlebloom", "Lanternmoss", "Mugglestone", "Nettlecombe",
    "Oatwhistle", "Puddifern", "Quillbramble", "Rainthimble", "Saddleplum", "Thistlebarrow", "Umberfold",
    "Velvetmarsh", "Wobblestone", "Yarnwhistle", "Zinnypool", "Buttonmere", "Crumblewood", "Drizzleby",
    "Foxglimmer", "Gumdropley",
)  # fmt: skip


def invented_names(chance: Chance, how_many: int) -> list[str]:
    """So many different names. Raises ValueError where there are fewer."""
    every = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
    if how_many > len(every):
        raise ValueError(f"There are only {len(every)} invented names.")
    return chance.shuffled(every, "names")[:how_many]


def address(name: str) -> str:
    """The mail address that goes with a name, under a domain that leads nowhere by convention."""
    return f"{name.lower().replace(' ', '.')}@council.example"

"""What people are told while the example councils are made ready."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from service.examples.acts import Tally
from service.examples.councils import COUNCILS
from service.examples.start import Played, SignIn
from workers.commands.telling import ConsoleTelling

COUNCIL = COUNCILS[0]
SOMEBODY = SignIn("p001", "Abelyn Applewhistle", "social_worker", "sup_a-token")


def told(*, terminal: bool) -> tuple[ConsoleTelling, StringIO]:
    said = StringIO()
    return ConsoleTelling(Console(file=said, force_terminal=terminal, width=200)), said


def test_everybody_who_can_sign_in_is_named_with_the_token_in_one_line() -> None:
    telling, said = told(terminal=False)

    telling.there(COUNCIL, [SOMEBODY])

    assert said.getvalue().splitlines()[1] == f"{COUNCIL.name}: sign in as"
    assert said.getvalue().split()[-5:] == ["Abelyn", "Applewhistle", "social", "worker", "sup_a-token"]


def test_where_there_is_no_terminal_a_year_is_told_in_two_sentences() -> None:
    telling, said = told(terminal=False)

    for day in range(1, 366):
        telling.played(COUNCIL, Played(day, 365, Tally(day)))
    telling.ready(COUNCIL)

    first, last = said.getvalue().splitlines()
    assert "is being played" in first
    assert last.startswith(f"{COUNCIL.name} is ready")


def test_a_terminal_shows_how_far_a_year_is() -> None:
    telling, said = told(terminal=True)

    telling.played(COUNCIL, Played(10, 365, Tally(moves=321)))

    assert "321 moves" in said.getvalue()
    telling.left_off()


def test_a_council_whose_year_is_over_already_is_not_announced_again() -> None:
    telling, said = told(terminal=False)

    telling.ready(COUNCIL)
    telling.left_off()

    assert said.getvalue() == ""

"""What of a module becomes a message of the catalogue, without being marked there."""

from __future__ import annotations

from io import BytesIO

import pytest

from service.pages.extracting import of_pages, of_problems, of_rules


def rules(text: str) -> set[str]:
    """The messages of a module of the rules."""
    return {message for _, _, message, _ in of_rules(BytesIO(text.encode()), (), (), {})}


def pages(text: str) -> set[str]:
    """The messages of a module of the pages."""
    return {message for _, _, message, _ in of_pages(BytesIO(text.encode()), ("_",), (), {})}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('return "Nobody is their own line manager."', "Nobody is their own line manager."),
        ('f"Case {turn.matter.case} is closed."', "Case %(case)s is closed."),
        ('f"{turn.name(data.ref)} is away"', "%(ref)s is away"),
        ("f\"{', '.join(sorted(known))} are known\"", "%(known)s are known"),
        ('f"It was put into {_place(turn)}"', "It was put into %(place)s"),
        ('f"From {first.day} {first:%B} on"', "From %(day)s on"),
        ('f"{name} and {name} are one"', "%(name)s and %(name2)s are one"),
        ("f\"{x}: {y if z else f'{y} of them'}\"", "%(y)s of them"),
    ],
)
def test_a_sentence_of_the_rules_is_a_message_with_its_values_named(text: str, message: str) -> None:
    assert message in rules(text.replace("return ", "said = "))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('State("held", "Held.")', "Held."),
        ('Move("sign_off", _DONE, "done", label="Sign")', "Sign"),
        ('Move("sign_off", _DONE, "done", label="Sign")', "Sign off"),
        ('turn.count(term, "decided", at)', "decided"),
        ('{"event": "transferred", "since": "2025"}', "transferred"),
        ('class Cause(StrEnum):\n    not_met = "not_met"', "Not met"),
        ('kind: Literal["peer_review"]', "Peer review"),
        ('{"sign_by": DeadlineRule("expire")}', "Sign by"),
    ],
)
def test_short_words_are_messages_where_words_are_wanted(text: str, message: str) -> None:
    assert message in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        '"""What this module is for."""',
        'turn.tell(who, "record_sent")',
        'raise TableMistake("no way on from it")',
        'pattern = r"[a-z]+ and [a-z]+"',
        'f"{a} and {b}"',
        'turn.then("then", "now")',
    ],
)
def test_what_is_not_for_people_is_none(text: str) -> None:
    assert rules(text) == set()


def test_pages_have_what_they_look_up_and_the_words_of_their_tables() -> None:
    text = (
        'WORDS: dict[str, str] = {"due": "due"}\n_LINKS = (Link("/", "Your work"),)\n_PATH = "/matters"\n'
        'def said():\n    yield _("Said"), "Unsaid words"\n    raise Problem(404, "missing", "It is not here.")'
    )

    assert pages(text) == {"due", "Your work", "Said", "It is not here."}


def test_the_service_has_what_it_says_is_wrong_and_nothing_that_it_logs() -> None:
    text = '_log.warning("it is late")\nraise Refused("late", f"It is {age} late.")\nraise RuntimeError("far too late")'

    assert {found[2] for found in of_problems(BytesIO(text.encode()), (), (), {})} == {"It is %(age)s late."}

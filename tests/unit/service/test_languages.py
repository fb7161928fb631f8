"""Days, numbers and words in another language, and what stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import hatch_build
from service.pages.dates import clock_in_words, day_in_words, due_in_words, left_in_words, short_day
from service.pages.languages import ENGLISH, FOLDER, Language, known, language, speak
from service.pages.languages import gettext as _
from service.pages.lists_in_words import listed
from service.pages.sentences import translated
from service.pages.wording import not_worked, plain

#: The Monday of the example in the design of the pages.
MONDAY = date(2025, 4, 28)
END_OF_MONDAY = datetime(2025, 4, 28, 22, 59, 59, tzinfo=UTC)
WELSH = language("cy")


def said(spoken: Language, piece: Callable[[], str]) -> str:
    """What somebody is told in a language."""

    def told() -> str:
        speak(spoken)
        return piece()

    return copy_context().run(told)


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        (ENGLISH, "the end of Monday 28 April 2025; 3 working days left"),
        (WELSH, "diwedd dydd Llun 28 Ebrill 2025; 3 diwrnod gwaith ar ôl"),
    ],
    ids=["English", "Welsh"],
)
def test_a_deadline_is_said_in_the_language(spoken: Language, words: str) -> None:
    now = datetime(2025, 4, 23, 9, tzinfo=UTC)

    assert (
        said(spoken, lambda: f"{due_in_words(END_OF_MONDAY)}; {left_in_words(END_OF_MONDAY, now, set()).words}")
        == words
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 o flynyddoedd"),
        (1, "1 flwyddyn"),
        (2, "2 flynedd"),
        (3, "3 blynedd"),
        (6, "6 blynedd"),
        (7, "7 o flynyddoedd"),
    ],
)
def test_welsh_has_six_forms_for_what_is_counted(number: int, words: str) -> None:
    assert said(WELSH, lambda: translated(f"{number} {'year' if number == 1 else 'years'}")) == words


def test_days_have_the_languages_own_names() -> None:
    assert said(ENGLISH, lambda: f"{day_in_words(MONDAY)}, {short_day(MONDAY)}") == "Monday 28 April 2025, 28 Apr 2025"
    assert (
        said(WELSH, lambda: f"{day_in_words(MONDAY)}, {short_day(MONDAY)}") == "dydd Llun 28 Ebrill 2025, 28 Ebr 2025"
    )
    assert said(WELSH, lambda: clock_in_words(datetime(2025, 4, 28, 11, tzinfo=UTC))) == "hanner dydd"
    assert said(ENGLISH, lambda: listed(["one", "two", "three"])) == "one, two and three"


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("The record is disputed.", "Mae anghytundeb ynghylch y cofnod."),
        ("Ann Example is away", "Mae Ann Example i ffwrdd"),
        ("Reminder: a supervision record waits", "Nodyn atgoffa: mae cofnod goruchwyliaeth yn aros"),
        ("Supervision is overdue. The person is back.", "Mae’r oruchwyliaeth yn hwyr. Mae’r person yn ôl."),
    ],
)
def test_a_sentence_of_the_rules_is_recognised_with_the_values_in_it(english: str, welsh: str) -> None:
    assert said(WELSH, lambda: translated(english)) == welsh


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Snow on the roads",
        "Health, wellbeing, sickness and leave",
        "Ann Example",
        "100 % of it",
        f"{'It is ' * 500}late.",
    ],
)
def test_what_the_rules_do_not_say_stays_as_it_is(text: str) -> None:
    assert said(WELSH, lambda: translated(text)) == text


def test_bank_holidays_are_translated_and_a_councils_own_reasons_are_not() -> None:
    assert said(WELSH, lambda: not_worked("Good Friday")) == "Dydd Gwener y Groglith"
    assert said(WELSH, lambda: not_worked("Review")) == "Review"


def test_stored_names_are_words_where_the_catalogue_has_them() -> None:
    assert said(WELSH, lambda: plain("line_manager")) == "Rheolwr llinell"
    assert said(WELSH, lambda: plain("family-support")) == "Family support"


def test_a_message_without_a_translation_stays_english() -> None:
    with (FOLDER / "cy/LC_MESSAGES/messages.po").open("rb") as file:
        untranslated = next(str(m.id) for m in read_po(file) if m.id and not m.string and "%" not in m.id)

    assert said(WELSH, lambda: _(untranslated)) == untranslated


def test_there_is_english_without_a_catalogue_and_every_catalogue_beside_it() -> None:
    assert known() == ["en", "cy"]
    assert (ENGLISH.name, WELSH.name) == ("English", "Cymraeg")


def test_what_counts_is_left_out_until_each_of_its_forms_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "xx/LC_MESSAGES"
    folder.mkdir(parents=True)
    half = 'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\nmsgstr[0] "%(num)s x"\nmsgstr[1] ""\n'
    (folder / "messages.po").write_text(f'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n{half}')

    hatch_build.compile_catalogues(tmp_path)

    assert b"%(num)s x" not in (folder / "messages.mo").read_bytes()

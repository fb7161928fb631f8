"""Files from spreadsheets: what is read from them, and how each mistake of form is named by its line."""

from __future__ import annotations

from datetime import date

import pytest

from service.imports.cells import Cells
from service.imports.circles import circles, in_words
from service.imports.csv_files import LONGEST_CELL, MOST_ROWS, Columns, Row, Sheet, read_sheet
from service.imports.problems import ImportRefused, Problem

COLUMNS = Columns(required=("ref", "name"), optional=("team", "start_date"))


def read(content: str | bytes) -> Sheet:
    return read_sheet(content if isinstance(content, bytes) else content.encode(), COLUMNS)


def places(content: str | bytes) -> list[tuple[int, str | None]]:
    return [(problem.line, problem.column) for problem in read(content).problems]


def only_message(content: str | bytes) -> str:
    [problem] = read(content).problems
    return problem.message


# -- what is read
def test_a_row_has_its_cells_by_column_and_the_number_of_its_line() -> None:
    sheet = read("ref,name,team\np1,Ada Example,North\np2,Ben Example,\n")

    assert sheet.problems == ()
    assert sheet.rows == (
        Row(2, {"ref": "p1", "name": "Ada Example", "team": "North"}),
        Row(3, {"ref": "p2", "name": "Ben Example", "team": ""}),
    )


def test_a_missing_optional_column_can_be_told_from_an_empty_cell() -> None:
    sheet = read("ref,name\np1,Ada\n")

    assert sheet.columns == {"ref", "name"}
    assert "team" not in sheet.rows[0].cells
    assert sheet.rows[0]["team"] == ""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(line_end: str) -> None:
    sheet = read(line_end.join(("ref,name", "p1,Ada", "p2,Ben")))

    assert [(row.line, row["name"]) for row in sheet.rows] == [(2, "Ada"), (3, "Ben")]


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert read(b"\xef\xbb\xbfref,name\np1,Zo\xc3\xab\n") == read("ref,name\np1,Zoë\n")


def test_cells_and_names_of_columns_are_trimmed() -> None:
    assert read(" ref , name \n p1 ,\tAda \n").rows == (Row(2, {"ref": "p1", "name": "Ada"}),)


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert [row.line for row in read("ref,name\n\n,\np1,Ada\n\n").rows] == [4]


def test_a_quoted_cell_may_have_commas_and_quotation_marks() -> None:
    assert read('ref,name\np1,"Example, ""Ada"""\n').rows[0]["name"] == 'Example, "Ada"'


def test_a_header_alone_changes_nothing_and_is_no_mistake() -> None:
    assert read("ref,name\n") == Sheet(frozenset({"ref", "name"}), (), ())


# -- mistakes of form
def test_a_file_with_nothing_in_it_says_how_one_begins() -> None:
    assert "names the columns" in only_message("")


def test_a_missing_column_is_named() -> None:
    assert read("ref,team\np1,North\n").problems == (Problem(1, "name", "This column is missing."),)


def test_an_unknown_column_is_named_with_the_ones_that_there_are() -> None:
    assert only_message("ref,name,manager\np1,Ada,p2\n").endswith("The columns are: ref, name, team, start_date.")


def test_a_column_that_is_there_twice_or_has_no_name_is_named() -> None:
    assert places("ref,name,name\np1,Ada,Ada\n") == [(1, "name")]
    assert only_message("ref,name,\np1,Ada,\n") == "A column has no name. Name it, or take it out."


def test_semicolons_between_the_cells_are_an_unknown_column() -> None:
    assert places("ref;name\np1;Ada\n") == [(1, "ref;name"), (1, "ref"), (1, "name")]


def test_latin_1_is_named_line_by_line_and_byte_by_byte() -> None:
    content = "ref,name\np1,Zoë\np2,Ben\np3,René\n".encode("latin-1")

    assert places(content) == [(2, None), (4, None)]
    assert read(content).problems[0].message == ("Byte 6 (0xEB) is not UTF-8. Save the file as “CSV UTF-8”.")


def test_a_line_that_is_not_utf_8_is_still_checked_for_the_rest() -> None:
    assert places("ref,name\np1,Zoë\np2,=1+1\n".encode("latin-1")) == [(2, None), (3, "name")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_without_a_mistake_for_every_letter(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    assert only_message(mark + "ref,name\np1,Ada\n".encode(encoding)).startswith("The file is UTF-16.")


@pytest.mark.parametrize("cell", ["=1+1", "+44 20", "-3", "@SUM(A1)", "  =HYPERLINK(1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    assert places(f"ref,name\np1,{cell}\n") == [(2, "name")]
    assert "formula" in only_message(f"ref,name\np1,{cell}\n")


@pytest.mark.parametrize("cell", ["A\0da", '"A\nda"', "A\x07da", "A\x7fda"])
def test_a_cell_with_signs_that_nobody_sees_is_refused(cell: str) -> None:
    assert places(f"ref,name\np1,{cell}\n") == [(2, "name")]


def test_letters_of_any_script_are_welcome() -> None:
    assert read("ref,name\np1,Siân Ní Example-Ó'Dé 李\n").problems == ()


def test_a_cell_that_is_too_long_is_named_and_the_longest_one_is_not() -> None:
    assert read(f"ref,name\np1,{'a' * LONGEST_CELL}\n").problems == ()
    assert places(f"ref,name\np1,{'a' * (LONGEST_CELL + 1)}\n") == [(2, "name")]


def test_too_many_and_too_few_cells_are_named() -> None:
    assert places("ref,name\np1,Ada,North\np2\np3,Cy\n") == [(2, None), (3, None)]


def test_a_cell_over_two_lines_does_not_shift_the_numbers_of_the_next_ones() -> None:
    assert places('ref,name\np1,"A\nda"\np2,=1\n') == [(2, "name"), (4, "name")]


def test_a_missing_quotation_mark_is_named_and_the_lines_that_can_be_read_are_checked() -> None:
    assert places('ref,name\np1,"Ada"x\np2,=1\n') == [(2, None), (3, "name")]
    assert places('ref,name\np1,=1\np2,"Ben\np3,Cy\n') == [(2, "name"), (3, None)]


def test_a_file_has_at_most_so_many_rows() -> None:
    most = "ref,name\n" + "p1,Ada\n" * MOST_ROWS

    assert places(most) == []
    assert places(most + "p1,Ada\np1,Ada\n") == [(MOST_ROWS + 2, None)]


def test_a_refusal_lists_its_problems_by_line() -> None:
    refused = ImportRefused([Problem(9, None, "b"), Problem(2, "ref", "a")])

    assert [problem.line for problem in refused.problems] == [2, 9]


# -- cells
def cells(**found: str) -> tuple[Cells, list[Problem]]:
    problems: list[Problem] = []
    return Cells(Row(7, found), problems), problems


@pytest.mark.parametrize(
    "text",
    ["31/01/2025", "2025-1-31", "20250131", "2025-W05-5", "2025-02-30", "1899-12-31", "9999-12-31", "\u0662025-01-31"],
)
def test_only_a_day_that_was_or_may_come_is_a_date(text: str) -> None:
    row, problems = cells(start_date=text)

    assert row.day("start_date") is None
    assert [(p.line, p.column) for p in problems] == [(7, "start_date")]


def test_a_date_is_written_year_first() -> None:
    row, problems = cells(start_date="2024-02-29")

    assert row.day("start_date") == date(2024, 2, 29)
    assert problems == []


@pytest.mark.parametrize("text", ["p 1", "-p1", "p/1", "p" * 101, "pé"])
def test_a_ref_can_stand_in_an_address(text: str) -> None:
    row, problems = cells(ref=text)

    row.ref("ref")

    assert [p.column for p in problems] == ["ref"]


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("104", 104), ("0", None), ("105", None), ("4.5", None), ("²", None)]
)
def test_a_number_is_whole_and_within_its_limits(text: str, value: int | None) -> None:
    row, problems = cells(weeks=text)

    assert row.number("weeks", 1, 104) == value
    assert (problems == []) is (value is not None)


def test_words_between_semicolons_are_taken_once_each_and_in_order() -> None:
    row, problems = cells(roles="hr; auditor;;hr ;boss")

    assert row.several_of("roles", {"hr", "auditor"}) == ["auditor", "boss", "hr"]
    assert [p.message for p in problems] == ["'boss' is not known here: it must be one of auditor, hr."]


# -- circles
def test_everybody_on_a_circle_is_found_and_nobody_who_only_leads_into_it() -> None:
    found = circles({"a": "b", "b": "c", "c": "b", "d": "d", "e": "gone", "f": None})

    assert found == {"b": ("b", "c"), "c": ("c", "b"), "d": ("d",)}
    assert in_words(found["b"]) == "b → c → b"


def test_a_long_circle_is_told_in_a_short_sentence() -> None:
    ring = {f"p{i}": f"p{(i + 1) % 20}" for i in range(20)}

    assert len(circles(ring)) == 20
    assert in_words(circles(ring)["p5"]) == "p0 → p1 → p2 → p3 → p4 → p5 → p6 → p7 → … → p0"

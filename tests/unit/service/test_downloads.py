"""Files for spreadsheets: nothing in them is ever calculated, and names stay as they are."""

from __future__ import annotations

import csv
import io

from service.pages.downloads import csv_file


def test_a_file_is_read_back_as_it_was_written() -> None:
    answer = csv_file("people.csv", ["Who", "Said"], [["Siân", 'a "word", and\nanother'], ["=x", ""]])

    written = bytes(answer.body).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written))) == [["Who", "Said"], ["Siân", 'a "word", and\nanother'], ["'=x", ""]]
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'

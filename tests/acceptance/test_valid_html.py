"""The HTML of every page is what the standard allows, as html-validate knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.acceptance.route_matrix import PAGES, PEOPLE, Row
from tests.acceptance.test_page_matrix import Browsers, browsers, told, visit

if TYPE_CHECKING:
    from tests.acceptance.test_route_matrix import Told
    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Story

__all__ = ["browsers", "told"]
_PAGES = [
    pytest.param(route, row, id=f"{route} {row.path}")
    for route, rows in PAGES.items()
    for row in rows
    if not route.endswith((".csv", ".{form}"))
]


@pytest.mark.parametrize(("route", "row"), _PAGES)
def test_a_page_is_valid_for_whoever_may_have_it_and_for_whoever_may_not(
    browsers: Browsers, told: Told, html_validator: HtmlValidator, route: str, row: Row
) -> None:
    for who in dict(zip(row.cells, PEOPLE, strict=True)).values():
        answer = visit(told, browsers(told.story, who), route, row, told.ids)
        if answer.status_code != 303:
            assert html_validator.mistakes(answer.text) == []


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in?organisation={}", "/nothing-of-this-name", "/sign-in?organisation=x"]
)
def test_a_page_for_nobody_in_particular_is_valid(story: Story, html_validator: HtmlValidator, path: str) -> None:
    address = story.client.base_url.join(path.format(story.organisation))

    assert html_validator.mistakes(httpx.get(address).text) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [("<p><div>x</div></p>", "Stray end tag"), ('<p id="a"></p><p id="a"></p>', "Duplicate ID"),
     ("<ul><div></div></ul>", "not permitted"), ("<img>", "src")],
)  # fmt: skip
def test_what_is_not_allowed_is_found_with_its_line(html_validator: HtmlValidator, body: str, says: str) -> None:
    head = '<!DOCTYPE html>\n<html lang="en"><head><title>A page</title></head>\n'

    assert html_validator.mistakes(f"{head}<body></body></html>") == []
    [found, *_] = html_validator.mistakes(f"{head}<body>{body}</body></html>")
    assert found.startswith("line 3: ")
    assert says in found

"""An administrator sees how the service is, what was sent to whom, and makes and ends tokens, on any device."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from service.identity.tokens import PREFIX
from service.notices.channels import NeverTaken
from tests.acceptance.beginnings import sent
from tests.acceptance.test_pages_of_administrators import deliver
from tests.fakes.channel import FakeChannel

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


def test_an_administrator_sees_what_came_back_and_has_it_sent_again(story: Story, visit: Visit) -> None:
    sent(story)
    deliver(story, FakeChannel(refuses=NeverTaken("5.1.1", bad_address=True)))
    administrator = visit(story, "admin")

    administrator.follow("Service")
    assert administrator.sees("Something needs to be looked into.")
    administrator.follow("Who they are, and what to do")
    administrator.page.get_by_label("Show", exact=True).select_option("undelivered")
    administrator.press("Show")
    assert administrator.sees("came back")
    administrator.press("Send it again : Person wkr")

    assert administrator.sees("is sent again")
    mail = FakeChannel()
    deliver(story, mail)
    assert mail.to("wkr")


def test_a_token_is_made_shown_once_and_ended(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.follow("Service")
    administrator.follow("Tokens of programs")
    administrator.follow("Make a token")
    administrator.press("Make the token")
    assert administrator.sees("Enter what it is for")
    administrator.fill("What it is for", "Nightly list")
    administrator.choose("Import: load the lists of people, cases and absences")
    administrator.press("Make the token")
    text = administrator.page.get_by_label("Its text").input_value()
    assert text.startswith(PREFIX)

    administrator.follow("Back to all tokens")
    assert text not in administrator.page.content()
    administrator.follow("End it : Nightly list")
    administrator.press("End it")

    assert administrator.sees("The token is ended")
    assert not administrator.sees("Nightly list")


def test_a_token_is_made_with_the_keyboard_alone(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.go("/service/tokens/new")

    administrator.tab_to("What it is for")
    administrator.page.keyboard.type("Nightly list")
    administrator.tab_to("Import:")
    administrator.page.keyboard.press("Space")
    administrator.press_by_key("Make the token")

    assert administrator.sees("The token is made")


def test_pages_of_the_service_fit_a_narrow_phone(story: Story, visit: Visit) -> None:
    sent(story)
    deliver(story, FakeChannel(refuses=NeverTaken("5.1.1", bad_address=True)))
    administrator = visit(story, "admin")

    for path in ("/service", "/service/notices?show=undelivered", "/service/tokens", "/service/tokens/new"):
        administrator.go(path)
        assert administrator.is_as_wide_as(320)

"""A supervisee sees what they are owed, says when it does not happen, prepares, agrees, and knows who has looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import booked, sent

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


def test_a_worker_reads_what_they_are_owed_and_what_happens_otherwise(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")

    worker.follow("Your supervision")

    assert worker.sees("It is owed by the end of Monday 31 March 2025, by Person sup.")
    assert worker.sees("If it does not happen:")
    assert worker.sees("“Supervision is overdue”")


def test_a_worker_who_is_not_supervised_takes_it_past_their_supervisor(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")
    worker.follow("I have not been supervised")
    worker.fill("In your own words", "Nobody has met me since January.")
    worker.choose("Person lm, past Person sup")

    worker.press("Raise the concern")
    assert worker.sees("First raise it with the supervisor")
    assert worker.page.get_by_label("In your own words").input_value() == "Nobody has met me since January."

    worker.enter("tried_on", "2025-02-24")
    worker.fill("What you tried", "I asked for a date.")
    worker.press("Raise the concern")
    assert worker.sees("A manager is to settle it.")
    assert story.one("wkr", workflow="concern")["holder"] == "lm"


def test_a_worker_prepares_for_a_session_and_the_supervisor_reads_it(story: Story, visit: Visit) -> None:
    session = booked(story)
    worker = visit(story, "wkr")
    worker.follow("Your supervision")
    worker.follow("Wednesday 5 March 2025, 10am")
    worker.follow("Prepare the session")

    worker.fill("What you want to talk about", "My leave\nThe new team")
    worker.press("Prepare the session")
    supervisor = visit(story, "sup")
    supervisor.go(f"/matters/{session['id']}")

    assert supervisor.sees("What Person wkr wants to talk about")
    assert supervisor.sees("• The new team")


def test_the_two_fill_in_the_councils_agreement_and_sign_it(story: Story, visit: Visit) -> None:
    agreement = story.one("wkr", workflow="agreement")
    worker = visit(story, "wkr")
    worker.go(f"/matters/{agreement['id']}")
    worker.follow("Fill it in")
    for label in ("How often you meet", "Where you meet", "How long a session lasts"):
        worker.page.get_by_label(label, exact=True).fill("As we said")
    for name in ("supervisee_has_read_policy", "supervisor_has_read_policy", "handwriting"):
        worker.page.locator(f'[name="terms.{name}"][value="yes"]').check()
    worker.page.locator('[name="terms.every-value"]').fill("3")

    worker.press("Fill it in")
    assert worker.sees("every 3 weeks")
    worker.follow("Sign the agreement")
    worker.press("Sign the agreement")
    supervisor = visit(story, "sup")
    supervisor.go(f"/matters/{agreement['id']}/moves/sign")
    supervisor.press("Sign the agreement")

    assert supervisor.sees("The agreement is in force.")


def test_terms_that_undercut_the_policy_come_back_with_the_clause(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")
    worker.go(f"/matters/{story.one('wkr', workflow='agreement')['id']}/moves/fill")
    worker.page.locator('[name="terms.every-value"]').fill("9")

    worker.press("Fill it in")

    assert worker.sees("an agreement may shorten that, never lengthen it")
    assert worker.page.locator('[name="terms.every-value"]').input_value() == "9"


def test_a_worker_sees_who_has_looked_at_their_records(story: Story, visit: Visit) -> None:
    record = sent(story, personal_discussion="We talked.")
    story.matter("lm", record)

    worker = visit(story, "wkr")
    worker.follow("Your supervision")
    worker.follow("Who has looked at them")

    assert worker.sees("Person lm")
    assert worker.sees("Monday 3 March 2025 at 9am")

"""What a matter is about, as short answers: when a session is, whose an action is, what an agreement says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from service.pages.dates import clock_in_words, day_in_words, instant_in_words
from service.pages.matter_content import Passage
from service.pages.people_words import names_of
from service.pages.receipt_words import listed
from service.pages.wording import option_label, plain
from workflows.agreement_terms import EVERY
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking

Answers = Iterator[tuple[str, Any]]


def facts_of(asking: Asking, shape: Mapping[str, Any]) -> list[Passage]:
    """The answers that are known, in the order in which people ask; none to whoever reads only the shell."""
    answers = _ANSWERS.get(shape["workflow"])
    if answers is None or not shape["data"]:
        return []
    return [Passage(title, str(text)) for title, text in answers(asking, shape) if text]


def _session(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data, name = shape["data"], names_of(asking)
    if data.get("held_at"):
        yield "It ended", _instant(data["held_at"])
    yield "When", _span(data["starts_at"], data["minutes"])
    yield "Where", data.get("place") or ("By video or telephone" if data.get("remote") else "")
    yield "Cases", ", ".join(data.get("discussed") or data.get("cases") or ())
    yield "Takes part", _people(name, (*data.get("participants", ()), *data.get("joined_by", ())))
    yield "Cancelled because of", option_label("session.cancel", "cause", data["cause"]) if data.get("cause") else ""


def _span(starts_at: str, minutes: int) -> str:
    starts = datetime.fromisoformat(starts_at)
    return f"{instant_in_words(starts)}, until {clock_in_words(starts + timedelta(minutes=minutes))}"


def _action(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "What is to be done", data.get("what")
    yield "Why", data.get("why")
    yield "Who does it", names_of(asking)(data["owner"])
    yield "Until", day_in_words(date.fromisoformat(data["due"]))
    yield "Carried over", f"{data['carried']} times" if data.get("carried") else ""


def _absence(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    for title, named in (
        ("First day away", "first_day"),
        ("Expected back", "expected_return"),
        ("Last day away", "last_day"),
    ):
        yield title, day_in_words(date.fromisoformat(data[named])) if data.get(named) else ""
    if data.get("cause") and not _is_kept_from(asking, shape):
        yield "Cause", option_label("absence", "cause", data["cause"])


def _is_kept_from(asking: Asking, shape: Mapping[str, Any]) -> bool:
    """Why somebody is away is for themselves, for those above them and for HR; not for those whom they supervise."""
    person = shape["parties"].get("person")
    above = asking.work.picture.directory.line(person)
    return not (asking.ref == person or asking.ref in above or asking.has(Role.hr))


def _agreement(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data, name = shape["data"], names_of(asking)
    terms, people = data.get("terms") or {}, asking.work.picture.directory.people
    for term in asking.policy.agreement.terms:
        value = terms.get(term.name)
        if value is not None:
            yield term.title, {True: "Yes", False: "No"}[value] if isinstance(value, bool) else _named(people, value)
    every = terms.get(EVERY)
    yield "How often you meet", f"every {every['value']} {plain(every['unit']).lower()}" if every else ""
    yield (
        "Signed by",
        listed([_signer(shape, name, role) for role in data.get("signed") or ()]) if data.get("signed") else "",
    )
    missing = {one["name"] for one in data.get("missing_terms", ())}
    titles = [term.title for term in asking.policy.agreement.terms if term.name in missing]
    yield "Still to be filled in", "; ".join(titles)


def _signer(shape: Mapping[str, Any], name: Callable[[str | None], str], role: str) -> str:
    return name(shape["parties"][role]) if role in shape["parties"] else plain(role).lower()


def _frequency(_asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "Supervised at least every", f"{data['every']} ({data['clause']})" if data.get("every") else ""
    yield "Kind of case", plain(data["category"])
    yield "What applies", ", ".join(plain(name) for name in data.get("criteria") or ())
    yield "Rating", plain(data["rating"]) if data.get("rating") else ""
    yield "Rating that the policy suggests", plain(data["suggested"]) if data.get("suggested") else ""
    yield "To be looked into", data.get("exception")
    yield "Last supervised on", _day(data.get("last_supervised_on"))
    yield "Times that it was late", data.get("breaches")


def _entitlement(_asking: Asking, shape: Mapping[str, Any]) -> Answers:
    yield "Supervised at least every", shape["data"].get("every")
    yield "Last supervised on", _day(shape["data"].get("last_supervised_on"))


def _cancellation(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "It was to be", _span(data["starts_at"], data["minutes"]) if data.get("starts_at") else ""
    yield "Cause", option_label("session.cancel", "cause", data["cause"])
    yield "Whose illness or leave", names_of(asking)(data["whose"]) if data.get("whose") else ""
    yield "How often it was cancelled by now", data.get("times")
    yield "First cancelled", _instant(data["first_cancelled_at"]) if data.get("first_cancelled_at") else ""


def _dispute(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "What it is about", option_label("dispute", "about", data["about"])
    yield "Decided", option_label("dispute", "outcome", data["outcome"]) if data.get("outcome") else ""
    yield "Decided by", names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _concern(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "What it is about", option_label("concern", "about", data["about"])
    yield "Attempts that were noted", data.get("attempts")
    yield "Decided by", names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _referral(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield "Talked over on", _day(data.get("discussed_on"))
    yield "Procedure", option_label("referral", "procedure", data["procedure"]) if data.get("procedure") else ""
    yield "Reference", data.get("reference")
    yield "The plan is reviewed on", _day(data.get("review_on"))
    yield "Decided by", names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _disclosure(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data, name = shape["data"], names_of(asking)
    colleague, authority = data.get("requested_by"), data.get("authorised_by")
    yield "Wanted for", option_label("disclosure", "kind", shape["kind"])
    yield "Asked by", data.get("requester")
    yield "Who works here as", name(colleague) if colleague else ""
    yield "About", name(data["subject"]) if data.get("subject") else f"Case {shape['case']}"
    yield "Who let telling people wait", name(authority) if authority else ""


def _day(text: str | None) -> str:
    return day_in_words(date.fromisoformat(text)) if text else ""


def _instant(text: str) -> str:
    return instant_in_words(datetime.fromisoformat(text))


def _people(name: Callable[[str | None], str], refs: tuple[str, ...]) -> str:
    return listed([name(ref) for ref in dict.fromkeys(refs)]) if refs else ""


def _named(people: Mapping[str, Any], value: str) -> str:
    return people[value].name if value in people else value


_ANSWERS: Mapping[str, Callable[[Any, Mapping[str, Any]], Answers]] = {
    Workflow.session: _session, Workflow.action: _action, Workflow.absence: _absence,
    Workflow.agreement: _agreement, Workflow.frequency: _frequency, Workflow.entitlement: _entitlement,
    Workflow.cancellation: _cancellation, Workflow.dispute: _dispute, Workflow.concern: _concern,
    Workflow.referral: _referral, Workflow.disclosure: _disclosure,
}  # fmt: skip

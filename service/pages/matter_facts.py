"""What a matter is about, as short answers: when a session is, whose an action is, what an agreement says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from service.pages.dates import clock_in_words, day_in_words, instant_in_words
from service.pages.languages import gettext as _
from service.pages.languages import ngettext
from service.pages.lists_in_words import listed
from service.pages.matter_content import Passage
from service.pages.people_words import names_of
from service.pages.sentences import translated
from service.pages.wording import option_label, plain
from workflows.agreement_terms import EVERY
from workflows.receipts import Term
from workflows.vocabulary import Unit, Workflow

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
        yield _("It ended"), _instant(data["held_at"])
    yield _("When"), _span(data["starts_at"], data["minutes"])
    yield _("Where"), data.get("place") or (_("By video or telephone") if data.get("remote") else "")
    yield _("Cases"), ", ".join(data.get("discussed") or data.get("cases") or ())
    yield _("Takes part"), _people(name, (*data.get("participants", ()), *data.get("joined_by", ())))
    yield _("Cancelled because of"), option_label("session.cancel", "cause", data["cause"]) if data.get("cause") else ""


def _span(starts_at: str, minutes: int) -> str:
    starts = datetime.fromisoformat(starts_at)
    ends = clock_in_words(starts + timedelta(minutes=minutes))
    return _("%(start)s, until %(end)s", start=instant_in_words(starts), end=ends)


def _action(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield _("What is to be done"), data.get("what")
    yield _("Why"), data.get("why")
    yield _("Who does it"), names_of(asking)(data["owner"])
    yield _("Until"), day_in_words(date.fromisoformat(data["due"]))
    yield _("Carried over"), ngettext("%(num)s time", "%(num)s times", data["carried"]) if data.get("carried") else ""


def _absence(_asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    for title, named in (
        (_("First day away"), "first_day"),
        (_("Expected back"), "expected_return"),
        (_("Last day away"), "last_day"),
    ):
        yield title, day_in_words(date.fromisoformat(data[named])) if data.get(named) else ""
    if data.get("cause"):
        yield _("Cause"), option_label("absence", "cause", data["cause"])


def _agreement(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data, name = shape["data"], names_of(asking)
    terms, people = data.get("terms") or {}, asking.work.picture.directory.people
    for term in asking.policy.agreement.terms:
        value = terms.get(term.name)
        if value is not None:
            yield term.title, _yes_or_no(value) if isinstance(value, bool) else _named(people, value)
    every = terms.get(EVERY)
    yield _("How often you meet"), _agreed_interval(every) if every else ""
    yield (
        _("Signed by"),
        listed([_signer(shape, name, role) for role in data.get("signed") or ()]) if data.get("signed") else "",
    )
    missing = {one["name"] for one in data.get("missing_terms", ())}
    titles = [term.title for term in asking.policy.agreement.terms if term.name in missing]
    yield _("Still to be filled in"), "; ".join(titles)


def _agreed_interval(every: Mapping[str, Any]) -> str:
    return _("every %(period)s", period=translated(Term(every["value"], Unit(every["unit"]), "").words()))


def _signer(shape: Mapping[str, Any], name: Callable[[str | None], str], role: str) -> str:
    return name(shape["parties"][role]) if role in shape["parties"] else translated(role)


def _frequency(_asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    every = f"{translated(data['every'])} ({translated(data['clause'])})" if data.get("every") else ""
    yield _("Supervised at least every"), every
    yield _("Kind of case"), plain(data["category"])
    yield _("What applies"), ", ".join(plain(name) for name in data.get("criteria") or ())
    yield _("Rating"), plain(data["rating"]) if data.get("rating") else ""
    yield _("Rating that the policy suggests"), plain(data["suggested"]) if data.get("suggested") else ""
    yield _("To be looked into"), translated(data.get("exception") or "")
    yield _("Last supervised on"), _day(data.get("last_supervised_on"))
    yield _("Times that it was late"), data.get("breaches")


def _entitlement(_asking: Asking, shape: Mapping[str, Any]) -> Answers:
    yield _("Supervised at least every"), translated(shape["data"].get("every") or "")
    yield _("Last supervised on"), _day(shape["data"].get("last_supervised_on"))


def _cancellation(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield _("It was to be"), _span(data["starts_at"], data["minutes"]) if data.get("starts_at") else ""
    yield _("Cause"), option_label("session.cancel", "cause", data["cause"]) if data.get("cause") else ""
    yield _("Whose illness or leave"), names_of(asking)(data["whose"]) if data.get("whose") else ""
    yield _("How often it was cancelled by now"), data.get("times")
    yield _("First cancelled"), _instant(data["first_cancelled_at"]) if data.get("first_cancelled_at") else ""
    yield _("Note that explains the gap"), _gap_note(asking, data) if data.get("gap_note") else ""


def _gap_note(asking: Asking, data: Mapping[str, Any]) -> str:
    """For whose file it is and under which clause, and whether it is there."""
    note, name = data["gap_note"], names_of(asking)
    for_whom = _("For the file of the case") if note["file"] == "case" else _("For the file of the individual")
    said = [f"{for_whom} ({note['clause']})"]
    for row in data.get("gap_filings", ()):
        whose = _("case %(case)s", case=row["case"]) if row["case"] else name(row["supervisee"])
        there = row["reference"]
        where = _("on file as %(reference)s", reference=there) if there else _("still to be filed")
        said.append(f"{whose}: {where}")
    return "; ".join(said)


def _dispute(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield _("What it is about"), option_label("dispute", "about", data["about"])
    yield _("Decided"), option_label("dispute", "outcome", data["outcome"]) if data.get("outcome") else ""
    yield _("Decided by"), names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _concern(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield _("What it is about"), option_label("concern", "about", data["about"])
    yield _("Attempts that were noted"), data.get("attempts")
    yield _("Decided by"), names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _referral(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data = shape["data"]
    yield _("Talked over on"), _day(data.get("discussed_on"))
    yield _("Procedure"), option_label("referral", "procedure", data["procedure"]) if data.get("procedure") else ""
    yield _("Reference"), data.get("reference")
    yield _("The plan is reviewed on"), _day(data.get("review_on"))
    yield _("Decided by"), names_of(asking)(data["decided_by"]) if data.get("decided_by") else ""


def _disclosure(asking: Asking, shape: Mapping[str, Any]) -> Answers:
    data, name = shape["data"], names_of(asking)
    colleague, authority = data.get("requested_by"), data.get("authorised_by")
    yield _("Wanted for"), option_label("disclosure", "kind", shape["kind"])
    yield _("Asked by"), data.get("requester")
    yield _("Who works here as"), name(colleague) if colleague else ""
    yield _("About"), name(data["subject"]) if data.get("subject") else _("Case %(case)s", case=shape["case"])
    yield _("Who let telling people wait"), name(authority) if authority else ""


def _day(text: str | None) -> str:
    return day_in_words(date.fromisoformat(text)) if text else ""


def _instant(text: str) -> str:
    return instant_in_words(datetime.fromisoformat(text))


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 - the answer itself
    return _("Yes") if value else _("No")


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

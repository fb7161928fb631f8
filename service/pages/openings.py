"""What people may begin here: which matters, in whose place, and with which questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from service.api.moves import OPENED_BY_PEOPLE
from service.engine.caseload import CaseStanding, caseload_of
from service.pages.council_fields import term_fields
from service.pages.fields import Field, Option, fields_of
from service.pages.languages import gettext as _
from service.pages.my_people_list import as_options, own_people, supervised
from service.pages.questions import open_cases
from service.pages.wording import plain
from workflows.calendar import local_day
from workflows.intervals import known_categories, known_criteria
from workflows.registry import DEFINITIONS
from workflows.vocabulary import AbsenceCause, Role, SessionKind, Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking


class Beginning(Struct, frozen=True):
    """Something that people begin: how it is called, and who is offered it."""

    route: str
    title: str
    hint: str
    offered_to: Callable[[Asking], bool]
    #: Whose it is has to be chosen first: one of these people.
    whose: Callable[[Asking], list[str]] | None = None
    #: What is not asked, since it is the same each time.
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def workflow(self) -> Workflow:
        """The workflow that it opens."""
        return OPENED_BY_PEOPLE.get(self.route, Workflow.session)


# -- who is offered it
def _supervises(asking: Asking) -> bool:
    return bool(supervised(asking))


def _leads_several(asking: Asking) -> bool:
    return len(supervised(asking)) > 1


def _is_supervised(asking: Asking) -> bool:
    return asking.work.picture.directory.supervisor_of(asking.ref) is not None


def _either(asking: Asking) -> bool:
    return _supervises(asking) or _is_supervised(asking)


def _everybody(_asking: Asking) -> bool:
    return True


def _is_of_hr(asking: Asking) -> bool:
    return asking.has(Role.hr)


def _refers(asking: Asking) -> bool:
    return bool(_referable(asking))


# -- whose it may be
def _theirs_and_own(asking: Asking) -> list[str]:
    return [*supervised(asking), *([asking.ref] if _is_supervised(asking) else [])]


def _referable(asking: Asking) -> list[str]:
    """The visitor's people, and those whom the visitor's managers supervise."""
    directory, today = asking.work.picture.directory, local_day(asking.work.now)
    below = [p.ref for p in directory.people.values() if p.line_manager == asking.ref and p.in_post(today)]
    theirs = (ref for manager in below for ref in directory.supervised_by(manager))
    return list(dict.fromkeys([*supervised(asking), *(ref for ref in theirs if directory.in_post(ref, today))]))


BEGINNINGS: Mapping[str, Beginning] = {
    one.route: one
    for one in (
        Beginning("sessions", "Book a session", "With one of your people.", _supervises, supervised),
        Beginning(
            "group-sessions", "Book a session of a group", "With several of your people together.", _leads_several,
            fixed={"kind": SessionKind.group.value},
        ),
        Beginning(
            "records", "Write a record", "Of supervision that was not planned, or of a decision between sessions. "
            "Reporting a session as held begins its records by itself.", _supervises, supervised,
        ),
        Beginning(
            "frequencies", "Say how often a case is supervised", "By what the policy says of cases like it.",
            _supervises,
        ),
        Beginning(
            "actions", "Agree an action", "What is to be done, why, by whom and until when.", _either, _theirs_and_own
        ),
        Beginning(
            "agreements", "Fill in a supervision agreement", "On the council’s form; both of you sign it.", _either,
            _theirs_and_own,
        ),
        Beginning(
            "disputes", "Raise a disagreement", "About casework, or about working together. To contest a record, open "
            "the record itself.", _either, _theirs_and_own,
        ),
        Beginning(
            "concerns", "Raise a concern about your own supervision", "It does not take place, or is not as it should "
            "be.", _is_supervised,
        ),
        Beginning("absences", "Record an absence", "Your own, or that of somebody you work with.", _everybody),
        Beginning(
            "disclosures", "Take in a request for records", "Somebody asks for supervision records of a worker or of "
            "a case.", _is_of_hr,
        ),
        Beginning(
            "referrals", "Refer a concern about somebody’s work to HR", "Serious concerns only. It is sealed.", _refers,
            _referable,
        ),
    )
}  # fmt: skip


def offered(asking: Asking) -> list[Beginning]:
    """What the visitor may begin."""
    return [one for one in BEGINNINGS.values() if one.offered_to(asking)]


# -- what is asked
Given = Mapping[str, Any]


def questions_of(asking: Asking, beginning: Beginning, given: Given) -> list[Field]:
    """The questions that are left when what the address gives is known."""
    leave_out = _LEFT_OUT.get(beginning.route, frozenset()) | beginning.fixed.keys()
    if beginning.whose:
        leave_out |= {"supervisee"}
    fields = fields_of(DEFINITIONS[beginning.workflow].opening.payload, str(beginning.workflow), leave_out)
    adapt = _ADAPTED.get(beginning.route)
    asked = [question for field in fields for question in (adapt(asking, field, given) if adapt else [field])]
    return [replace(f, value=given[f.name]) if f.value is None and f.name in given else f for f in asked]


_LEFT_OUT = {
    "sessions": frozenset({"participants", "purpose", "ground_rules", "joined_by"}),
    "group-sessions": frozenset({"supervisee", "cases", "joined_by", "includes_review", "case_recorder"}),
    "records": frozenset({"sections"}),
    "frequencies": frozenset({"case"}),
}


def _session(asking: Asking, field: Field, given: Given) -> list[Field]:
    match field.name:
        case "kind":
            kinds = tuple(option for option in field.options if option.value != "group")
            return [replace(field, options=kinds)]
        case "cases":
            found = open_cases(asking, given["supervisee"])
            return [replace(field, options=found)] if found else []
        case "case_recorder" if not _chooses_recorder(asking):
            return []
        case "includes_review" if not asking.policy.entitlement.yearly_review:
            return []
        case _:
            return [_as_usual(field, minutes=60)]


def _chooses_recorder(asking: Asking) -> bool:
    """Whether the policy lets the two say for a session who writes what is said of cases (NS-78)."""
    rule = asking.policy.record.case.recorder
    return rule is not None and rule.named_in == "session"


def _as_usual(field: Field, minutes: int) -> Field:
    """A question about a session with the answer that it usually has."""
    usual = {"minutes": minutes, "remote": "no", "includes_review": "no"}
    return replace(field, value=usual.get(field.name))


def _group(asking: Asking, field: Field, _given: Given) -> list[Field]:
    if field.name == "participants":
        return [replace(field, kind="several", hint="", options=as_options(asking, supervised(asking)))]
    return [_as_usual(field, minutes=90)]


def _record(asking: Asking, field: Field, given: Given) -> list[Field]:
    if field.name == "kind":
        return [replace(field, options=tuple(o for o in field.options if o.value != "group"))]
    if field.name == "case":
        found = open_cases(asking, given["supervisee"])
        return [replace(field, kind="pick", options=found)] if found else []
    return [field]


def _absence(asking: Asking, field: Field, _given: Given) -> list[Field]:
    if field.name == "cause":
        return [replace(field, options=tuple(o for o in field.options if o.value != AbsenceCause.left))]
    if field.name != "person" or asking.has(Role.hr):
        return [field]
    own = asking.work.picture.directory.people[asking.ref]
    about = (asking.ref, own.supervisor, *supervised(asking))
    return [replace(field, kind="pick", hint="", options=as_options(asking, (ref for ref in about if ref)))]


def _action(asking: Asking, field: Field, given: Given) -> list[Field]:
    directory = asking.work.picture.directory
    match field.name:
        case "owner":
            supervisor = directory.supervisor_of(given["supervisee"])
            able = (given["supervisee"], supervisor, directory.manager_of(supervisor))
            return [replace(field, kind="choice", hint="", options=as_options(asking, (ref for ref in able if ref)))]
        case "sensitive" if asking.policy.action.sensitive is None:
            return []
        case "sensitive" | "protective":
            return [replace(field, value="no")]
        case _:
            return [field]


def _agreement(asking: Asking, field: Field, _given: Given) -> list[Field]:
    return list(term_fields(asking.policy, {})) if field.kind == "terms" else [field]


def _frequency(asking: Asking, field: Field, given: Given) -> list[Field]:
    policy, case = asking.policy, asking.work.known.cases[given["case"]]
    match field.name:
        case "category":
            known = sorted(known_categories(policy) | {case.category})
            options = tuple(Option(name, plain(name)) for name in known)
            return [replace(field, kind="choice", options=options, value=case.category)]
        case "criteria":
            options = tuple(Option(name, plain(name)) for name in sorted(known_criteria(policy)))
            return [replace(field, kind="several", options=options, value=sorted(case.criteria))] if options else []
        case "rating":
            options = tuple(Option(r.id, r.title, _suggested_by(r.suggested_by)) for r in policy.frequency.ratings)
            return [replace(field, kind="choice", options=options, value=case.rating)] if options else []
        case _:
            return [field]


def _suggested_by(criteria: frozenset[str]) -> str:
    words = ", ".join(plain(name).lower() for name in sorted(criteria))
    return _("The policy suggests it for: %(criteria)s", criteria=words) if words else ""


_ADAPTED: Mapping[str, Callable[[Asking, Field, Given], list[Field]]] = {
    "sessions": _session, "group-sessions": _group, "records": _record, "absences": _absence, "actions": _action,
    "agreements": _agreement, "frequencies": _frequency,
}  # fmt: skip


def cases_to_rate(asking: Asking) -> list[CaseStanding]:
    """The cases of the visitor's people, to choose one from."""
    return caseload_of(asking.reader, own_people(asking), local_day(asking.work.now))

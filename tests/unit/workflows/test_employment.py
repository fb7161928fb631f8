"""People start, change, leave and come again, on the dates of their council's own list."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.new_versions import version
from tests.unit.workflows.stories import away, deadline, held, incidents, statuses, step
from workflows.directory import Person
from workflows.vocabulary import PRODUCT_DEFAULT as DEFAULT
from workflows.vocabulary import Role, SessionKind, Status, Workflow

MONDAY = date(2025, 3, 3)


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil()


def hired(council: FakeCouncil, **listed: object) -> str:
    """A new social worker under the team manager, as the list has them."""
    known = {"job_role": "social_worker", "line_manager": "sup", "supervisor": "sup", "start_date": MONDAY}
    council.relist("new", name="Person new", **{**known, **listed})
    return "new"


def employment(council: FakeCouncil, ref: str = "new") -> str:
    """Where somebody's employment stands."""
    return council.only(Workflow.employment, person=ref).state


# -- starting
def test_whoever_is_in_post_is_owed_supervision_from_the_day_the_council_is_live(council: FakeCouncil) -> None:
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    assert (entitlement.supervisor, entitlement.kind) == ("sup", "line_management")
    assert deadline(council, entitlement, "supervise_by").receipt["anchors"] == [
        {"event": "organisation live", "at": "2025-03-03"}
    ]
    assert council.find(Workflow.entitlement, supervisee="ad") == []


def test_a_start_that_is_still_to_come_acts_by_itself_on_its_day(council: FakeCouncil) -> None:
    hired(council, start_date=date(2025, 3, 17))
    assert (employment(council), council.find(Workflow.entitlement, supervisee="new")) == ("expected", [])
    assert council.due(council.only(Workflow.employment, person="new"), "starts_on") == date(2025, 3, 16)
    council.until("2025-03-17T00:00")
    assert employment(council) == "in_post"
    entitlement = council.only(Workflow.entitlement, supervisee="new")
    assert deadline(council, entitlement, "supervise_by").receipt["anchors"] == [
        {"event": "supervision began", "at": "2025-03-17"}
    ]
    council.verify()


def test_a_start_is_put_off_or_brought_forward(council: FakeCouncil) -> None:
    hired(council, start_date=date(2025, 3, 17))
    hired(council, start_date=date(2025, 3, 24))
    matter = council.only(Workflow.employment, person="new")
    assert (matter.state, council.due(matter, "starts_on")) == ("expected", date(2025, 3, 23))
    hired(council, start_date=MONDAY)
    assert employment(council) == "in_post"
    assert statuses(council, matter, "starts_on") == [Status.superseded, Status.superseded]
    council.until("2025-04-01T00:00")
    assert len(council.find(Workflow.entitlement, supervisee="new")) == 1
    council.verify()


def test_a_start_that_was_called_off_is_no_employment(council: FakeCouncil) -> None:
    hired(council, start_date=date(2025, 3, 17))
    hired(council, start_date=date(2025, 2, 3), end_date=date(2025, 2, 28))
    assert employment(council) == "left"
    council.until("2025-04-01T00:00")
    council.verify()


def test_who_had_left_before_they_were_listed_has_nothing_open() -> None:
    gone = Person("old", "Person old", supervisor="sup", start_date=date(2020, 1, 6), end_date=date(2024, 12, 31))
    council = FakeCouncil(people={**standard_team(), "old": gone})
    assert employment(council, "old") == "left"
    assert council.find(Workflow.entitlement, supervisee="old") == []
    council.verify()


def test_an_opening_position_counts_unless_it_is_older_than_the_employment() -> None:
    people = standard_team()
    people["wkr"] = Person(
        "wkr", job_role="social_worker", line_manager="sup", supervisor="sup", start_date=date(2020, 1, 6),
        last_supervised_on=date(2025, 2, 10),
    )  # fmt: skip
    people["wkr2"] = Person(
        "wkr2", job_role="social_worker", line_manager="sup", supervisor="sup", start_date=date(2025, 3, 1),
        last_supervised_on=date(2025, 2, 10),
    )  # fmt: skip
    council = FakeCouncil(people=people)
    assert council.only(Workflow.entitlement, supervisee="wkr").data["last_supervised_on"] == "2025-02-10"
    assert council.only(Workflow.entitlement, supervisee="wkr2").data["last_supervised_on"] is None


def test_a_person_without_dates_is_in_post(council: FakeCouncil) -> None:
    hired(council, start_date=None)
    assert employment(council) == "in_post"
    assert council.only(Workflow.entitlement, supervisee="new").data["since"] == "2025-03-03"
    council.verify()


# -- changing
def test_a_first_supervisor_on_the_list_begins_the_duty_that_day(council: FakeCouncil) -> None:
    hired(council, supervisor=None)
    council.until("2025-03-20T09:00")
    hired(council)
    assert council.only(Workflow.entitlement, supervisee="new").data["since"] == "2025-03-20"
    hired(council, supervisor=None)
    ended = council.only(Workflow.entitlement, supervisee="new")
    assert (ended.state, step(council, ended, "end")["data"]["why"]) == ("ended", "no supervisor on the list")
    council.verify()


def test_a_new_supervisor_takes_the_duty_over_and_both_are_told(council: FakeCouncil) -> None:
    council.relist("wkr", supervisor="sup2")
    assert council.only(Workflow.entitlement, supervisee="wkr").supervisor == "sup2"
    for who in ("wkr", "sup2"):
        assert "new_supervisor" in council.told(who)
    council.verify()


@pytest.mark.parametrize("supervisor", ["nobody", "sup2"])
def test_a_list_that_names_somebody_who_is_not_in_post_is_seen_by_administrators(
    council: FakeCouncil, supervisor: str
) -> None:
    council.relist("sup2", end_date=date(2025, 2, 28))
    hired(council, supervisor=supervisor)
    council.relist("wkr", supervisor=supervisor)
    for ref in ("new", "wkr"):
        matter = council.only(Workflow.employment, person=ref)
        assert incidents(council, matter) == ["supervisor_not_in_post"]
    council.verify()


@pytest.mark.clause("CBC-03", "CBC-07")
def test_a_start_that_is_corrected_moves_what_is_counted_from_it(council: FakeCouncil) -> None:
    hired(council)
    agreement = council.only(Workflow.agreement, supervisee="new")
    assert council.due(agreement, "sign_by") == date(2025, 3, 31)
    council.until("2025-03-10T09:00")
    hired(council, start_date=date(2025, 3, 10))
    receipt = deadline(council, agreement, "sign_by").receipt
    assert (council.due(agreement, "sign_by"), receipt["anchors"]) == (
        date(2025, 4, 7),
        [{"event": "start of employment", "at": "2025-03-10"}],
    )
    entitlement = council.only(Workflow.entitlement, supervisee="new")
    anchors = deadline(council, entitlement, "supervise_by").receipt["anchors"]
    assert anchors == [{"event": "supervision began", "at": "2025-03-10"}]
    council.verify()


def test_a_start_that_is_corrected_to_an_earlier_day_makes_nothing_late_before_today() -> None:
    council = FakeCouncil("haringey")
    hired(council)
    council.until("2025-03-31T09:00")
    hired(council, start_date=date(2025, 3, 28))
    entitlement = council.only(Workflow.entitlement, supervisee="new")
    assert council.due(entitlement, "supervise_by") == date(2025, 4, 28)
    council.until("2025-04-20T09:00")
    hired(council, start_date=date(2025, 3, 10))
    assert council.due(entitlement, "supervise_by") == date(2025, 4, 20)
    assert council.due(council.only(Workflow.agreement, supervisee="new"), "sign_by") == date(2025, 5, 10)
    council.verify()


def test_a_start_that_is_corrected_moves_nothing_that_began_later_or_has_a_session(council: FakeCouncil) -> None:
    hired(council, supervisor=None)
    council.until("2025-03-10T09:00")
    hired(council)
    before = council.only(Workflow.entitlement, supervisee="new").deadlines
    hired(council, start_date=date(2025, 3, 5))
    assert council.only(Workflow.entitlement, supervisee="new").deadlines == before
    held(council, SessionKind.personal, "2025-03-10T11:00")
    due = council.due(council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by")
    council.relist("wkr", start_date=date(2025, 3, 4))
    assert council.due(council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by") == due
    council.verify()


def test_a_start_that_is_corrected_leaves_what_is_late_and_what_counts_from_another_day(council: FakeCouncil) -> None:
    before = council.only(Workflow.entitlement, supervisee="wkr").deadlines
    council.relist("wkr", start_date=date(2019, 1, 7))
    assert council.only(Workflow.entitlement, supervisee="wkr").deadlines == before
    hired(council)
    council.until("2025-05-20T09:00")
    late = council.only(Workflow.entitlement, supervisee="new")
    hired(council, start_date=date(2025, 3, 10))
    after = council.matter(late)
    assert (after.state, after.missed("supervise_by")) == (late.state, late.missed("supervise_by"))
    council.verify()


def test_a_start_that_is_corrected_moves_the_yearly_review() -> None:
    council = FakeCouncil("north-somerset")
    hired(council)
    council.until("2025-03-10T09:00")
    hired(council, start_date=date(2025, 3, 10))
    assert council.due(council.only(Workflow.entitlement, supervisee="new"), "review_by") == date(2026, 3, 10)


def test_a_new_role_moves_the_running_date(council: FakeCouncil) -> None:
    held(council, SessionKind.personal, "2025-03-03T11:00")
    council.relist("wkr", job_role="student")
    assert council.due(council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by") == date(2025, 3, 10)
    council.relist("wkr", job_role="social_worker", nqsw_start=MONDAY)
    assert council.only(Workflow.entitlement, supervisee="wkr").live("supervise_by") is not None
    council.verify()


@pytest.mark.clause("HAR-08", "HAR-13")
def test_a_supervisor_of_another_profession_adds_professional_supervision_and_one_of_the_same_ends_it() -> None:
    council = FakeCouncil("haringey")
    council.relist("sup2", registration="SWE")
    hired(council, registration="SWE", supervisor="sup2")
    assert [e.kind for e in council.find(Workflow.entitlement, supervisee="new")] == ["line_management"]
    council.until("2025-03-10T09:00")
    hired(council, registration="SWE", supervisor="sup")
    professional = council.only(Workflow.entitlement, supervisee="new", kind="professional")
    assert (professional.supervisor, professional.data["since"]) == ("sup", "2025-03-10")
    hired(council, registration="SWE", supervisor="sup2")
    assert council.matter(professional).state == "ended"
    assert council.only(Workflow.entitlement, supervisee="new", kind="line_management").state == "on_track"
    council.verify()


@pytest.mark.clause("HAR-05", "HAR-13", "HAR-14")
@pytest.mark.parametrize(
    ("listed", "kinds"),
    [
        ({"registration": "SWE"}, {"line_management", "professional"}),
        ({"registration": ""}, {"line_management"}),
        ({"registration": "SWE", "job_role": "administrator"}, {"line_management", "professional"}),
        ({"registration": "NMC", "job_role": "nurse"}, {"line_management", "professional"}),
        ({"registration": "SWE", "supervisor": "nobody"}, {"line_management", "professional"}),
    ],
)
def test_registered_staff_have_it_from_the_start(listed: dict[str, str], kinds: set[str]) -> None:
    council = FakeCouncil("haringey")
    hired(council, **listed)
    assert {e.kind for e in council.find(Workflow.entitlement, supervisee="new")} == kinds
    council.verify()


@pytest.mark.parametrize(("job_role", "has_it"), [("social_worker", True), ("administrator", False)])
def test_where_a_council_names_job_roles_it_is_for_them_alone(job_role: str, has_it: bool) -> None:  # noqa: FBT001
    named = version("haringey", entitlement={"professional_roles": frozenset({"social_worker"})})
    council = FakeCouncil(named)
    hired(council, registration="SWE", job_role=job_role)
    assert bool(council.find(Workflow.entitlement, supervisee="new", kind="professional")) is has_it


# -- leaving
def test_an_end_date_acts_by_itself_after_the_last_day(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-03-05T23:59:59")
    assert employment(council, "wkr") == "in_post"
    council.until("2025-03-06T00:00")
    assert (employment(council, "wkr"), council.only(Workflow.entitlement, supervisee="wkr").state) == ("left", "ended")
    council.verify()


def test_an_end_date_moves_or_goes(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.relist("wkr", end_date=date(2025, 3, 12))
    matter = council.only(Workflow.employment, person="wkr")
    assert council.due(matter, "ends_on") == date(2025, 3, 12)
    council.relist("wkr", end_date=None)
    council.until("2025-04-01T00:00")
    assert employment(council, "wkr") == "in_post"
    council.verify()


def test_an_end_date_that_is_learned_late_acts_at_once(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 2, 28))
    assert (employment(council, "wkr"), council.only(Workflow.entitlement, supervisee="wkr").state) == ("left", "ended")
    council.verify()


def test_whoever_never_started_leaves_on_the_end_date(council: FakeCouncil) -> None:
    hired(council, start_date=date(2025, 3, 17), end_date=date(2025, 3, 10))
    council.until("2025-03-11T00:00")
    assert employment(council) == "left"
    council.until("2025-04-01T00:00")
    council.verify()


# -- coming again
def test_whoever_comes_again_is_owed_supervision_from_that_day(council: FakeCouncil) -> None:
    held(council, SessionKind.personal, "2025-03-03T11:00")
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-09-01T09:00")
    council.relist("wkr", email="someone@example.org")
    assert employment(council, "wkr") == "left"
    council.relist("wkr", start_date=date(2025, 9, 1), end_date=None)
    assert employment(council, "wkr") == "in_post"
    entitlement = council.only(Workflow.entitlement, supervisee="wkr", state="on_track")
    assert entitlement.data["last_supervised_on"] is None
    assert council.due(entitlement, "supervise_by") == date(2025, 9, 30)
    council.verify()


def test_whoever_comes_again_later_is_expected_until_then(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-04-01T09:00")
    council.relist("wkr", start_date=date(2025, 4, 14), end_date=None)
    assert (employment(council, "wkr"), council.only(Workflow.employment, person="wkr").closed_at) == ("expected", None)
    council.until("2025-04-14T00:00")
    assert employment(council, "wkr") == "in_post"
    assert council.only(Workflow.entitlement, supervisee="wkr", state="on_track").data["since"] == "2025-04-14"
    council.verify()


def test_an_employment_that_was_over_by_mistake_goes_on(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-06T09:00")
    left = council.only(Workflow.absence, state="awaiting_cover")
    council.move("lm", left, "assign_cover", cover={"wkr": "sup2"})
    council.relist("sup", end_date=None)
    assert (employment(council, "sup"), council.matter(left).state) == ("in_post", "returned")
    assert council.picture.directory.supervisor_of("wkr") == "sup"
    assert council.picture.directory.away("sup", date(2025, 3, 6)) is None
    assert council.matter(absence).state == "permanent"
    council.verify()


@pytest.mark.clause("CBC-46")
def test_what_waited_for_a_supervisor_who_left_ill_runs_from_the_day_they_come_again(council: FakeCouncil) -> None:
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=at("2025-03-04T10:00"), minutes=60
    )
    council.move("sup", session, "cancel", cause="sickness", whose="sup", reason="Ill.")
    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-10T09:00")
    owed = council.only(Workflow.cancellation)
    assert owed.state == "awaiting_return"
    council.relist("sup", end_date=None)
    assert council.matter(owed).state == "awaiting_rebooking"
    assert council.due(owed, "rebook_by") == date(2025, 3, 17)
    council.verify()


def test_whoever_comes_again_after_their_work_was_given_away_has_none_of_it(council: FakeCouncil) -> None:
    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-06T09:00")
    left = council.only(Workflow.absence)
    council.move("lm", left, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    council.move("lm", left, "make_permanent", reason="The post was filled.")
    council.until("2025-03-20T09:00")
    council.relist("sup", start_date=date(2025, 3, 20), end_date=None)
    assert council.picture.directory.supervised_by("sup") == ()
    assert council.picture.directory.away("sup", date(2025, 3, 20)) is None
    council.open("hr1", Workflow.absence, person="sup", first_day=date(2025, 3, 20), cause="sickness")
    assert "return" not in council.offered("hr1", left)
    council.verify()


def test_time_of_day_does_not_matter_to_an_end(council: FakeCouncil) -> None:
    council.until(at("2025-03-05T17:00"))
    council.relist("wkr", end_date=date(2025, 3, 5))
    assert employment(council, "wkr") == "in_post"


# -- notices that come back
def test_the_manager_of_somebody_whom_notices_do_not_reach_is_told_and_administrators_see_it(
    council: FakeCouncil,
) -> None:
    matter = council.only(Workflow.employment, person="wkr")

    council.tell(matter, "unreachable")

    assert council.told("sup", matter) == ["undelivered"]
    assert incidents(council, matter) == ["unreachable"]
    assert council.matter(matter).state == "in_post"
    council.tell(matter, "reachable")
    assert council.history(matter)[-2:] == ["unreachable", "reachable"]
    council.verify()


# -- what the list lets somebody do
def entrusted(council: FakeCouncil, **said: object) -> dict[str, object]:
    """The notice to human resources of what the list has changed for the social worker."""
    given = {"gained": (), "lost": (), "other_sign_in": False, "by": "adm", **said}
    council.tell(council.only(Workflow.employment, person="wkr"), "entrust", **given)
    [notice] = [n for n in council.notices if n["to"] == "hr1" and n["kind"] == "access_changed"]
    return notice


def test_a_role_that_the_list_gives_is_told_to_its_owner_and_to_others_than_whoever_gave_it(
    council: FakeCouncil,
) -> None:
    council.relist("adm", name="Ada Example", app_roles=frozenset({Role.administrator}))
    council.relist("adm2", name="Abe Example", app_roles=frozenset({Role.administrator}))

    notice = entrusted(council, gained=(Role.hr, Role.head_of_service), lost=(Role.auditor,))

    assert notice["urgent"]
    assert notice["subject"] == "What Person wkr may do here has changed"
    assert notice["body"] == (
        "Ada Example loaded a list of people. It gives the role hr, head of service. It takes away the role auditor."
    )
    matter = council.only(Workflow.employment, person="wkr")
    assert [who for who in ("wkr", "hr1", "adm2", "adm") if "access_changed" in council.told(who, matter)] == [
        "wkr", "hr1", "adm2"
    ]  # fmt: skip
    kept = step(council, matter, "entrust")
    assert (kept["data"]["gained"], kept["data"]["by"], kept["clause"]) == (["hr", "head_of_service"], "adm", DEFAULT)
    council.verify()


def test_whom_the_list_puts_somebody_above_is_told_by_name_as_far_as_there_is_room(council: FakeCouncil) -> None:
    notice = entrusted(council, above=("wkr2", "bs", "lm", "hos", "ad", "hr1", "sup2"))

    assert str(notice["body"]).endswith(
        "above Person wkr2, Person bs, Person lm, Person hos, Person ad, 2 more and those below them."
    )
    assert "access_changed" in council.told("wkr2", council.only(Workflow.employment, person="wkr"))


def test_another_account_that_signs_in_as_somebody_is_told(council: FakeCouncil) -> None:
    notice = entrusted(council, other_sign_in=True, by=None)

    assert notice["body"] == "A list of people was loaded. Another account signs in as this person from now on."

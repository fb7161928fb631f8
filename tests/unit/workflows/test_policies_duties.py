"""Cancellations, absences, disagreements and who may read: as the councils' clauses say."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import COUNCILS, by, of, term
from workflows.policy_parts import Sessions
from workflows.policy_reader import shipped
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout, SessionKind

EVERY_CAUSE = frozenset(AbsenceCause) - {AbsenceCause.left}


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(("CBC-45", SessionKind.case), ("CBC-45", SessionKind.combined), ("CBC-59", SessionKind.personal)),
)
def test_a_replacement_is_held_within_five_working_days(clause: str, kind: SessionKind) -> None:
    assert of(clause).cancellation.window(kind).term == term("5 working_days", clause)


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(("CBC-46", SessionKind.case), ("CBC-46", SessionKind.combined), ("CBC-59", SessionKind.personal)),
)
def test_after_sickness_the_window_runs_from_the_return(clause: str, kind: SessionKind) -> None:
    window = of(clause).cancellation.window_after_sickness(kind)
    assert window is not None
    assert window.term == term("5 working_days", clause)


@pytest.mark.clause("NS-66", "HAR-49")
@pytest.mark.parametrize("council", [council for council in COUNCILS if council != "central-bedfordshire"])
@pytest.mark.parametrize("kind", SessionKind)
def test_without_a_window_of_its_own_a_policy_has_the_product_default_and_no_rule_for_sickness(
    council: str, kind: SessionKind
) -> None:
    rules = shipped()[council].cancellation
    assert rules.window(kind).term == term("5 working_days", PRODUCT_DEFAULT)
    assert rules.window_after_sickness(kind) is None


@pytest.mark.clause("CBC-45", "CBC-59")
@pytest.mark.parametrize("kind", [SessionKind.group, SessionKind.unplanned])
def test_sessions_that_the_policy_does_not_speak_of_are_labelled(kind: SessionKind) -> None:
    rules = shipped()["central-bedfordshire"].cancellation
    after = rules.window_after_sickness(kind)
    assert after is not None
    assert {rules.window(kind).clause, after.clause} == {PRODUCT_DEFAULT}


@pytest.mark.parametrize(
    ("clause", "file", "kinds"),
    by(
        ("NS-37", "individual", frozenset(SessionKind)),
        ("CBC-48", "case", frozenset({SessionKind.case, SessionKind.combined})),
    ),
)
def test_a_gap_is_explained_on_the_file_that_the_policy_names(
    clause: str, file: str, kinds: frozenset[SessionKind]
) -> None:
    note = of(clause).cancellation.gap_note
    assert note is not None
    assert (note.clause, note.file, note.kinds) == (clause, file, kinds)


@pytest.mark.parametrize("council", ["leeds", "darlington", "haringey"])
def test_no_other_policy_asks_for_a_note(council: str) -> None:
    assert shipped()[council].cancellation.gap_note is None


@pytest.mark.parametrize(
    ("clause", "day", "causes", "at_once"),
    [
        pytest.param("NS-67", 28, EVERY_CAUSE, True, marks=pytest.mark.clause("NS-67")),
        pytest.param(
            "CBC-47, CBC-60",
            15,
            frozenset({AbsenceCause.sickness, AbsenceCause.unplanned}),
            False,
            marks=pytest.mark.clause("CBC-47", "CBC-60"),
        ),
    ],
)
def test_an_absence_is_long_from_the_policys_day(
    clause: str,
    day: int,
    causes: frozenset[AbsenceCause],
    at_once: bool,  # noqa: FBT001 - the table's own column
) -> None:
    rules = of(clause).absence
    assert rules.long is not None
    assert (rules.long.day, rules.long.causes, rules.long.at_once) == (day, causes, at_once)
    assert rules.long.clause == rules.long_clause == clause


@pytest.mark.parametrize("council", ["leeds", "darlington", "haringey"])
def test_where_the_policy_is_silent_the_first_breach_makes_an_absence_long(council: str) -> None:
    rules = shipped()[council].absence
    assert (rules.long, rules.long_clause) == (None, PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "about", "route"),
    by(
        ("NS-52, NS-53", DisputeAbout.casework, "team_manager"),
        ("NS-17, NS-80", DisputeAbout.record, "line"),
        ("NS-50", DisputeAbout.relationship, "line"),
        ("NS-50, NS-53", DisputeAbout.other, "line"),
        *(("LDS-46", about, "named_person") for about in DisputeAbout),
        ("DAR-31, DAR-34", DisputeAbout.record, "line"),
        ("DAR-30, DAR-31", DisputeAbout.casework, "line"),
        ("DAR-30, DAR-31", DisputeAbout.relationship, "line"),
        ("DAR-30, DAR-31", DisputeAbout.other, "line"),
        ("HAR-31", DisputeAbout.record, "line"),
        ("HAR-24", DisputeAbout.casework, "mediator"),
        ("HAR-24", DisputeAbout.relationship, "mediator"),
        ("HAR-24", DisputeAbout.other, "mediator"),
        ("CBC-44, CBC-79", DisputeAbout.record, "line"),
        ("CBC-79", DisputeAbout.casework, "line"),
        ("CBC-79", DisputeAbout.relationship, "line"),
        ("CBC-79", DisputeAbout.other, "line"),
    ),
)
def test_a_disagreement_goes_where_the_policy_sends_it(clause: str, about: DisputeAbout, route: str) -> None:
    found = of(clause).dispute.route(about)
    assert (found.route, found.clause) == (route, clause)


@pytest.mark.clause("LDS-46")
@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("about", DisputeAbout)
def test_both_are_told_beforehand_of_a_meeting_in_leeds(council: str, about: DisputeAbout) -> None:
    assert shipped()[council].dispute.route(about).meeting_needs_notice is (council == "leeds")


@pytest.mark.clause("LDS-30", "LDS-31")
def test_leeds_asks_a_governor_in_a_school_and_the_chair_and_the_leader_in_a_cluster() -> None:
    asked = [(each.job_role, each.setting, each.clause) for each in shipped()["leeds"].escalation.fallbacks]
    assert asked == [
        ("governor", "school", "LDS-30"),
        ("cluster_chair", "cluster", "LDS-31"),
        ("targeted_services_leader", "cluster", "LDS-31"),
    ]


@pytest.mark.parametrize("council", COUNCILS)
def test_no_policy_limits_a_rung_so_reminders_and_climbs_are_product_defaults(council: str) -> None:
    rules = shipped()[council].escalation
    assert rules.remind_after.term == term("5 working_days", PRODUCT_DEFAULT)
    assert rules.climb_after.term == term("10 working_days", PRODUCT_DEFAULT)
    assert (council == "leeds") is bool(rules.fallbacks)


@pytest.mark.parametrize(
    ("clause", "reader", "may"),
    by(
        ("NS-48", "line_above", True),
        ("NS-21", "hr", True),
        ("NS-44", "auditor", True),
        ("LDS-25", "line_above", False),
        ("LDS-25", "hr", False),
        ("LDS-28", "auditor", True),
        ("DAR-25", "line_above", True),
        ("DAR-25", "hr", False),
        ("DAR-25", "auditor", True),
        ("HAR-37", "line_above", True),
        ("HAR-37", "hr", False),
        ("HAR-34", "auditor", True),
        ("CBC-63", "line_above", True),
        ("CBC-63", "hr", True),
        ("CBC-64", "auditor", True),
    ),
)
def test_a_role_reads_only_where_the_policy_names_it(
    clause: str,
    reader: str,
    may: bool,  # noqa: FBT001 - the table's own column
) -> None:
    switch = getattr(of(clause).access, reader)
    assert switch.value is may
    assert clause in switch.clause.split(", ")


def test_a_version_that_gives_a_number_of_sessions_alone_is_still_read_as_a_product_default() -> None:
    assert Sessions.model_validate(2) == Sessions(value=2, clause=PRODUCT_DEFAULT)

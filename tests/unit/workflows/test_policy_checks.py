"""What would leave a live matter without a way on is refused when the policy is read."""

from __future__ import annotations

import re

import pytest

from tests.unit.workflows.policy_texts import CBC, DAR, HAR, LDS, NS, changed, keys, mistakes, only, text_of
from workflows.policy_reader import read_policy


@pytest.mark.parametrize(
    ("council", "clause", "old", "new", "key"),
    [
        (CBC, "CBC-42", "working_days", "hours", "record.case.sign_by"),
        (CBC, "CBC-42", "working_days", "weeks", "record.case.sign_by"),
        (CBC, "CBC-40", "working_days", "calendar_months", "record.case.circulate_by"),
        (CBC, "CBC-46", "working_days", "hours", "cancellation.after_sickness[0]"),
        (NS, "NS-29", "weeks", "calendar_months", "frequency.rows[0].every"),
        (NS, "NS-25", "weeks", "working_days", "entitlement.rows[0].every"),
        (NS, "NS-24", "months", "calendar_months", "entitlement.nqsw[1].until"),
        (NS, "product default", "working_days", "hours", "session.hold_or_cancel"),
    ],
)
def test_a_period_in_a_unit_that_its_rule_cannot_count_is_refused(
    council: str, clause: str, old: str, new: str, key: str
) -> None:
    given = f', clause = "{clause}"'
    text = changed(council, (f'unit = "{old}"{given}', f'unit = "{new}"{given}'))
    where, found, expected = only(mistakes(text))
    assert (where, found) == (f"{key}.unit", new)
    assert expected.startswith("one of ")


def test_a_slot_is_one_calendar_month() -> None:
    text = changed(
        CBC,
        (
            'value = 1, unit = "calendar_months", clause = "CBC-09"',
            'value = 2, unit = "calendar_months", clause = "CBC-09"',
        ),
    )
    assert only(mistakes(text)) == ("entitlement.rows[1].every.value", "2", "1, for one session in each calendar month")


def test_silence_is_deemed_only_after_a_window() -> None:
    line = 'sign_by = { value = 5, unit = "working_days", clause = "CBC-42" }\n'
    assert only(mistakes(changed(CBC, (line, ""))))[:2] == ("record.case.sign_by", "")


def test_silence_is_deemed_only_by_a_clause() -> None:
    text = changed(CBC, ('silence_clause = "CBC-43"', 'silence_clause = "product default"'))
    assert only(mistakes(text))[:2] == ("record.case.silence_clause", "product default")


def test_a_window_must_end_in_something() -> None:
    text = changed(CBC, ('silence = "deemed"\n', ""), ('closure_note = "CBC-43"\n', ""))
    assert only(mistakes(text))[:2] == ("record.case.silence", "never")


def test_only_a_deemed_record_is_closed_with_a_note() -> None:
    text = changed(NS, ("[record.case]\n", '[record.case]\nclosure_note = "NS-43"\n'))
    assert only(mistakes(text))[:2] == ("record.case.closure_note", "NS-43")


def test_a_form_has_sections_and_each_has_its_own_name() -> None:
    twice = changed(CBC, ('name = "key_dates"', 'name = "previous_actions"'))
    assert only(mistakes(twice)) == (
        "record.case.forms[0].sections[1].name",
        "previous_actions",
        "a name that no section before has",
    )
    empty = re.sub(r"(?s)(\[\[record\.case\.forms\]\].*?sections = )\[.*?\n\]", r"\1[]", text_of(CBC), count=1)
    assert keys(empty) == ["record.case.forms[0].sections"]


@pytest.mark.parametrize("kind", ["personal", "group"])
def test_every_kind_of_session_has_one_window_for_its_replacement(kind: str) -> None:
    mine = f'kinds = ["{kind}"' if kind == "personal" else 'kinds = ["group", "unplanned"'
    none = changed(CBC, (mine, 'kinds = ["unplanned"' if kind == "group" else "kinds = ["))
    assert only(mistakes(none)) == ("cancellation.rebook_by", "", f"a window for {kind} sessions")
    twice = changed(CBC, ('kinds = ["case", "combined"]', f'kinds = ["case", "combined", "{kind}"]'))
    assert only(mistakes(twice)) == ("cancellation.rebook_by", "2", f"one window for {kind} sessions")


def test_no_kind_of_session_has_two_windows_after_sickness() -> None:
    after = '"combined"], value = 5, unit = "working_days", clause = "CBC-46"'
    text = changed(CBC, (after, after.replace('"combined"', '"combined", "personal"')))
    assert only(mistakes(text)) == ("cancellation.after_sickness", "2", "one window for personal sessions")


def test_a_note_about_gaps_is_for_some_kind_of_session() -> None:
    text = changed(CBC, ('file = "case", kinds = ["case", "combined"]', 'file = "case", kinds = []'))
    assert keys(text) == ["cancellation.gap_note.kinds"]


@pytest.mark.parametrize("key", ["renews_worker", "renews_case"])
def test_something_must_renew_what_runs(key: str) -> None:
    text = re.sub(rf"{key} = \[.*\]", f"{key} = []", text_of(NS))
    assert only(mistakes(text))[:2] == (f"session.{key}", "an empty list")


@pytest.mark.parametrize(
    ("climb", "unit"), [(5, "working_days"), (7, "calendar_days"), (1, "weeks"), (4, "working_days")]
)
def test_a_matter_climbs_only_after_its_holder_was_reminded(climb: int, unit: str) -> None:
    text = changed(
        NS, ('climb_after = { value = 10, unit = "working_days"', f'climb_after = {{ value = {climb}, unit = "{unit}"')
    )
    assert keys(text) == ["escalation.climb_after"]


def test_a_climb_in_another_unit_may_be_the_longer_one() -> None:
    text = changed(
        NS, ('climb_after = { value = 10, unit = "working_days"', 'climb_after = { value = 1, unit = "months"')
    )
    assert read_policy(text, "our.toml").escalation.climb_after.value == 1


def test_a_reminder_in_hours_is_refused_as_hours_are_counted_from_no_date() -> None:
    text = changed(
        NS, ('remind_after = { value = 5, unit = "working_days"', 'remind_after = { value = 5, unit = "hours"')
    )
    assert "escalation.remind_after.unit" in keys(text)


def test_a_fallback_is_asked_once_and_in_a_setting_that_people_have() -> None:
    elsewhere = changed(LDS, ('setting = "school"', 'setting = "nursery"'))
    assert only(mistakes(elsewhere)) == (
        "escalation.fallbacks[0].setting",
        "nursery",
        "'school', 'cluster', or no such key",
    )
    again = changed(LDS, ('job_role = "targeted_services_leader", setting', 'job_role = "cluster_chair", setting'))
    assert only(mistakes(again))[:2] == ("escalation.fallbacks[2].job_role", "cluster_chair cluster")


def test_no_two_rows_of_the_table_say_the_same() -> None:
    text = changed(CBC, ('criteria = ["six-weekly-visits"]', 'criteria = ["matched"]'))
    assert only(mistakes(text))[:2] == ("frequency.rows[5]", "looked-after matched")


def test_a_row_that_could_never_count_is_refused() -> None:
    text = changed(CBC, ('criteria = ["matched"]\nevery = { value = 3', "criteria = []\nevery = { value = 1"))
    assert keys(text) == ["frequency.rows[5].every", "frequency.rows[6].every"]


def test_an_exception_is_a_product_default() -> None:
    text = changed(NS, ('clause = "NS-29" }', 'clause = "NS-29" }\nexception = true'))
    assert only(mistakes(text))[:2] == ("frequency.rows[0].every.clause", "NS-29")


@pytest.mark.parametrize("key", ["first_within", "then_target", "then_limit"])
def test_a_first_window_and_what_follows_belong_together(key: str) -> None:
    text = re.sub(rf"{key} = .*\n", "", text_of(CBC), count=1)
    where, found, _ = only(mistakes(text))
    assert where == "frequency.rows[1]"
    assert key not in found


def test_a_first_window_may_stand_alone() -> None:
    text = re.sub(r"then_(target|limit) = .*\n", "", text_of(CBC))
    assert read_policy(text, "our.toml").frequency.rows[1].first_within


def test_a_limit_is_later_than_its_target() -> None:
    text = changed(CBC, ("then_limit = { value = 4", "then_limit = { value = 3"))
    assert only(mistakes(text))[:2] == ("frequency.rows[1].then_limit", "3 weeks")


@pytest.mark.parametrize("line", ["raised_by = ", "raised_to = "])
def test_what_raises_a_case_and_how_far_belong_together(line: str) -> None:
    text = re.sub(rf"{line}.*\n", "", text_of(CBC))
    assert keys(text) == ["frequency.raised_to"]


def test_a_rated_row_names_a_rating_that_there_is() -> None:
    text = changed(DAR, ('rating = "amber"', 'rating = "yellow"'))
    assert sorted(mistakes(text)) == [
        ("frequency.ratings[1]", "", "a row of frequency.rows with this rating"),
        ("frequency.rows[2].rating", "yellow", "the id of one of frequency.ratings"),
    ]


def test_a_category_is_rated_in_all_its_rows_or_in_none() -> None:
    text = changed(DAR, ('category = "assessment"', 'category = "rated"'))
    assert only(mistakes(text))[0] == "frequency.rows[0].rating"


def test_a_case_that_must_be_rated_has_an_interval_until_it_is() -> None:
    text = re.sub(r"unrated = .*\n", "", text_of(DAR))
    assert keys(text) == ["frequency.unrated"]
    text = changed(NS, ("[frequency]\n", '[frequency]\nunrated = { value = 1, unit = "months", clause = "NS-64" }\n'))
    assert keys(text) == ["frequency.unrated"]


def test_a_rating_has_one_id_and_a_criterion_suggests_one_rating() -> None:
    again = changed(DAR, ('id = "amber", title', 'id = "red", title'), ('rating = "amber"', 'rating = "green"'))
    assert "frequency.ratings[1].id" in keys(again)
    both = changed(DAR, ('["long-term-matched", "in-need"]', '["long-term-matched", "supervision-order"]'))
    assert only(mistakes(both))[:2] == ("frequency.ratings[2].suggested_by", "supervision-order")


def test_a_job_role_has_one_interval_and_a_row_has_a_job_role() -> None:
    twice = changed(CBC, ('job_roles = ["team_manager"]', 'job_roles = ["social_worker"]'))
    assert only(mistakes(twice))[:2] == ("entitlement.rows[1].job_roles", "social_worker")
    nobody = changed(CBC, ('job_roles = ["team_manager"]', "job_roles = []"))
    assert only(mistakes(nobody))[:2] == ("entitlement.rows[1].job_roles", "an empty list")


def test_the_phases_of_a_first_year_follow_each_other() -> None:
    back = changed(CBC, ('until = { value = 6, unit = "months"', 'until = { value = 6, unit = "weeks"'))
    assert only(mistakes(back)) == ("entitlement.nqsw[1].until", "6 weeks", "a later end than the phase before")
    close = changed(CBC, ('until = { value = 6, unit = "weeks"', 'until = { value = 4, unit = "weeks"'))
    close = close.replace('until = { value = 6, unit = "months"', 'until = { value = 1, unit = "months"')
    assert keys(close) == ["entitlement.nqsw[1].until"], "from 1 February both end on the same day"


def test_only_the_last_phase_of_a_first_year_is_without_an_end() -> None:
    text = re.sub(r'until = { value = 6, unit = "months".*\n', "", text_of(CBC))
    assert keys(text) == ["entitlement.nqsw[1].until"]


def test_phases_have_their_own_clauses() -> None:
    text = changed(NS, ("[entitlement]\n", '[entitlement]\nnqsw_clause = "NS-24"\n'))
    assert keys(text) == ["entitlement.nqsw_clause"]


@pytest.mark.parametrize(
    ("instead", "wrong"),
    [
        ("", ["entitlement.professional_every"]),
        (
            'professional_roles = ["social_worker"]\n',
            ["entitlement.professional_roles", "entitlement.professional_every"],
        ),
    ],
)
def test_a_professional_entitlement_is_whole(instead: str, wrong: list[str]) -> None:
    assert keys(re.sub(r"professional = .*\n", instead, text_of(HAR))) == wrong


def test_a_professional_entitlement_is_renewed_by_some_kind_of_session() -> None:
    text = re.sub(r"professional_kinds = .*", "professional_kinds = []", text_of(HAR))
    assert keys(text) == ["entitlement.professional_kinds"]


def test_a_long_absence_has_causes_and_leaving_is_none_of_them() -> None:
    none = changed(CBC, ('causes = ["sickness", "unplanned"]', "causes = []"))
    assert only(mistakes(none))[:2] == ("absence.long.causes", "an empty list")
    left = changed(CBC, ('causes = ["sickness", "unplanned"]', 'causes = ["sickness", "left"]'))
    assert only(mistakes(left))[:2] == ("absence.long.causes", "left")


@pytest.mark.parametrize("key", ["stated_to", "review_due"])
def test_a_policys_dates_are_in_order(key: str) -> None:
    text = changed(LDS, ('version = "1"', f'version = "1"\nstated_from = 2024-02-01\n{key} = 2024-01-31'))
    assert only(mistakes(text))[:2] == (key, "2024-01-31")


# -- agreements, concerns, actions
@pytest.mark.parametrize(
    ("council", "old", "new", "key"),
    [
        (CBC, 'signed_within = { value = 4, unit = "weeks", clause = "CBC-03" }\n', "", "agreement.signed_within"),
        (HAR, 'sign_from = "relationship"', 'sign_from = "first_session"', "agreement.signed_within"),
        (LDS, 'name = "location"', 'name = "frequency"', "agreement.terms[1].name"),
        (NS, 'event = "team"', 'event = "job_role"', "agreement.review_on[1].event"),
        (HAR, 'third_party_about = ["quality"', 'third_party_about = ["weather"', "concern.third_party_about"),
        (HAR, 'third_party_clause = "HAR-07"\n', "", "concern.third_party_clause"),
        (LDS, 'named_person_about = ["quality"', 'named_person_about = ["weather"', "concern.named_person_about"),
        (LDS, 'named_person_clause = "LDS-46"\n', "", "concern.named_person_clause"),
        (HAR, 'name = "third_party"', 'name = "somebody"', "agreement.terms"),
        (LDS, 'name = "dispute_person"', 'name = "somebody"', "agreement.terms"),
        (NS, "challenge_after = { value = 2", "challenge_after = { value = 0", "action.challenge_after.value"),
        (NS, "tell_manager_after = { value = 3", "tell_manager_after = { value = 2", "action.tell_manager_after.value"),
    ],
)
def test_what_would_wait_for_what_cannot_come_is_refused(council: str, old: str, new: str, key: str) -> None:
    assert only(mistakes(changed(council, (old, new))))[0] == key

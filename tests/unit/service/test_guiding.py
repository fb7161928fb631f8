"""What a session's texts offer to the records that are written of it."""

from __future__ import annotations

from service.engine.guiding import offered
from service.engine.texts import as_data

DATA = {
    "agenda": {"wkr": ["Workload"]},
    "preparation": {"c1.worries": "School.", "c.2.worries": "Home.", "help_wanted": "Time."},
}


def test_a_record_of_a_case_is_offered_the_agenda_and_what_was_prepared_about_that_case() -> None:
    assert offered(DATA, "c1") == {"agenda": {"wkr": ["Workload"]}, "preparation": {"worries": "School."}}
    assert offered(DATA, "c.2")["preparation"] == {"worries": "Home."}


def test_a_personal_record_is_offered_what_was_prepared_about_no_case() -> None:
    assert offered(DATA, None)["preparation"] == {"help_wanted": "Time."}


def test_what_nobody_wrote_is_not_offered() -> None:
    assert offered({}, "c1") == {}
    assert offered({"preparation": {"c1.worries": "School."}}, "c3") == {}


def test_an_agenda_is_a_list_of_points_for_each_person_and_an_empty_text_empties_it() -> None:
    texts = {2: {"agenda.wkr": "Workload\nLeave"}, 3: {"agenda.s.up": "Training"}}
    assert as_data(texts) == {"agenda": {"wkr": ["Workload", "Leave"], "s.up": ["Training"]}}
    assert as_data({**texts, 4: {"agenda.wkr": ""}})["agenda"]["wkr"] == []
